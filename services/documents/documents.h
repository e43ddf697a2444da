/* Documents: files that are stored for good, and what people keep them as. This header is what decisions see;
   rows.h is what reads rows. */
#ifndef BATON_DOCUMENTS_H
#define BATON_DOCUMENTS_H

#include "base/civil.h"
#include "base/hash.h"
#include "base/password.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/preview.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "baton/v1/shares.pb-c.h"
#include "schema/decide.h"

struct service_def;
extern const struct service_def documents_service;

enum documents_table {
    DOCUMENTS_SETTINGS,
    DOCUMENTS_UPLOAD,
    DOCUMENTS_FILE,
    DOCUMENTS_FILE_HOLDER,
    DOCUMENTS_FILE_USAGE,
    DOCUMENTS_GONE,
    DOCUMENTS_DOCUMENT,
    DOCUMENTS_REVISION,
    DOCUMENTS_HANDOVER,
    DOCUMENTS_USER,
    DOCUMENTS_TEAM,
    DOCUMENTS_ORGANISATION,
    DOCUMENTS_CALENDAR,
    DOCUMENTS_READING,
    DOCUMENTS_ASKING,
    DOCUMENTS_PIN,
    DOCUMENTS_SHARE,
    DOCUMENTS_SHARE_VIEW,
    DOCUMENTS_SHARE_PASSWORD,
    DOCUMENTS_COLLATERAL_ITEM,
    DOCUMENTS_STOCK_PLACE,
    DOCUMENTS_COLLATERAL_ORDER,
    DOCUMENTS_STOCK_BALANCE,
    DOCUMENTS_STOCK_MOVE,
    DOCUMENTS_BACK_ORDER,
    DOCUMENTS_COLLATERAL_COST,
    DOCUMENTS_TABLES
};

enum {
    DOCUMENTS_NAME_MAX = 255,
    DOCUMENTS_UPLOADS_MAX = 64, /* of one user, under way at the same time */
    DOCUMENTS_MEDIA_SIZE = 101,
    DOCUMENTS_WHY_SIZE = 300,
};

/* --- what a name and the first bytes say (decide_kind.c) --- */

/* Whether files of that name may come at all; false: `no` says why not. */
bool documents_name_allowed(const char *name, struct refusal *no);
/* Whether what is in it, as its first bytes say, is what its name says. */
bool documents_kind_fits(const char *name, const char *media_type);

/* --- uploads (decide_upload.c) --- */

struct documents_begin_facts {
    const Baton__DocumentSettings *settings;
    const Baton__FileUsage *user, *total; /* NULL: nothing yet */
    uint64_t room;                        /* free bytes of the disk */
};

struct documents_upload_facts {
    const Baton__Upload *upload;   /* NULL: there is none */
    const Baton__StoredFile *file; /* what it became, or what has the same bytes already */
};

/* What became of a piece off the loop. */
enum documents_end {
    DOCUMENTS_WRITTEN,   /* there is more to come */
    DOCUMENTS_KEPT,      /* all of it is there, and a file */
    DOCUMENTS_REJECTED,  /* all of it is there, and it is no file */
    DOCUMENTS_BUSY,      /* another piece is being written */
    DOCUMENTS_CROWDED,   /* too many uploads are */
    DOCUMENTS_ELSEWHERE, /* the piece is not the next one */
    DOCUMENTS_FULL,      /* the disk is */
    DOCUMENTS_FAILED,    /* the disk fails */
};

struct documents_piece {
    enum documents_end end;
    uint64_t offset; /* where it goes on */
    uint64_t safe;   /* so much survives a crash */
    char hash[HASH_TEXT_SIZE];
    char media_type[DOCUMENTS_MEDIA_SIZE];
    char rejected[DOCUMENTS_WHY_SIZE]; /* why */
};

struct documents_boot_facts {
    const Baton__DocumentSettings *settings; /* NULL: it is the first start */
    uint64_t settings_seq;
    const Baton__DocumentCalendar *calendar; /* NULL: programs of before had none */
};
decide_fn documents_decide_boot;
decide_fn documents_decide_begin, documents_decide_piece, documents_decide_cancel;
/* An upload's timer. */
decide_fn documents_decide_upload_due;

/* --- documents (decide_document.c, decide_revision.c) --- */

struct documents_document_facts {
    const Baton__Document *document; /* NULL: none that the actor sees */
    uint64_t document_seq;
    bool may_write, is_in_charge;
    const Baton__DocumentRevision *revision; /* that the request names; NULL: there is none */
    uint64_t revision_seq;
    const Baton__DocumentRevision *current; /* NULL: none yet */
    uint64_t current_seq;
    const Baton__DocumentReading *reading; /* of AcknowledgeDocument: the actor's; NULL: none */
    /* of AddRevision */
    const Baton__StoredFile *file; /* NULL: none that the actor may read */
    const char *file_name;         /* as it is called; NULL: nothing is known */
};

/* `extra`: struct documents_calendar_facts. */
record_check_fn documents_check_document;
/* Needs no facts. */
record_check_fn documents_check_revision;
/* Status and timer, as they follow from the rest. */
void documents_refresh(Baton__Document *d, const struct stamp *s);
decide_fn documents_decide_add, documents_decide_current, documents_decide_check_out,
    documents_decide_check_in, documents_decide_request_review, documents_decide_review;
/* Its last day is over. */
decide_fn documents_decide_document_due;

/* --- their days (decide_days.c) --- */

enum { DOCUMENTS_DAYS = 4, DOCUMENTS_REMINDED_MAX = 100 };
/* The fields of a document whose days its owner is reminded of. */
extern const struct documents_day {
    const char *field;
    Baton__DocumentNewsKind kind;
} documents_days[DOCUMENTS_DAYS];

/* Somebody is to be reminded of this day of it. */
struct documents_reminder {
    const Baton__Document *document;
    const struct documents_day *day;
};
struct documents_calendar_facts {
    const Baton__DocumentSettings *settings;
    const Baton__DocumentCalendar *calendar;
    /* Of its timer: what rings in this step, and where the next one goes on (`is_over`: with another day). */
    struct documents_reminder reminders[DOCUMENTS_REMINDED_MAX];
    size_t n;
    uint32_t position;
    const char *token;
    bool is_over;
    bool is_sent; /* of a deletion: somebody outside has a revision of it */
};
/* So many days after `day`, as it is written. */
void documents_days_after(const char *day, uint32_t days, char out[CIVIL_SIZE]);
/* The calendar begins with the day that is `ahead` days from now. */
void documents_begin_calendar(uint32_t ahead, struct stamp *s, struct outcome *out);
/* What a change of a document makes ring at once. `before` may be NULL. */
void documents_ring_changed(const struct documents_calendar_facts *f, const Baton__Document *before,
                            const Baton__Document *after, struct stamp *s, struct outcome *out);
decide_fn documents_decide_calendar;

/* --- who reads them (decide_reading.c) --- */

enum { DOCUMENTS_ASKED_MAX = 100 };

/* Of a document's asking: its next step. */
struct documents_asking_facts {
    const Baton__DocumentSettings *settings;
    const Baton__Document *document;     /* NULL: it is gone */
    char *user_ids[DOCUMENTS_ASKED_MAX]; /* who has not read it */
    size_t n;
    char *token; /* NULL: everybody was looked at */
};
/* Whether the user, whoever may read it, is one of those who are to. */
bool documents_is_reader(const Baton__DocumentReaders *readers, const Baton__User *u);
/* Whether anybody is asked to read the document, as it stands. */
bool documents_asks(const Baton__Document *d);
/* Of a quote that was sent: what the documents that go with it are. */
enum { DOCUMENTS_OF_QUOTE_MAX = 100 };
struct documents_quote_facts {
    const Baton__DocumentRevision *revisions[DOCUMENTS_OF_QUOTE_MAX];
    size_t n;
};
decide_fn documents_decide_read, documents_decide_asking, documents_decide_sent, documents_decide_quote;

/* --- links for people outside (decide_share.c) --- */

enum {
    DOCUMENTS_PASSWORD_MAX = 1024,
    DOCUMENTS_WATERMARK_MAX = 120,  /* characters */
    DOCUMENTS_WATERMARK_SIZE = 513, /* with the day */
};

/* A link, and what it leads to. */
struct documents_share_facts {
    const Baton__DocumentShare *share;            /* NULL: there is none */
    const Baton__DocumentSharePassword *password; /* by a link; NULL: it has none */
    const Baton__Document *document; /* that the actor reads; by a link, that whoever made it reads */
    const Baton__DocumentRevision *revision;
    bool may_write; /* the document */
    bool is_own;    /* the actor made the link */
    bool is_pdf;    /* the revision's file; of a link that is made */
};

/* What the slow part does with a password. */
struct documents_password {
    char stored[PASSWORD_HASH_SIZE]; /* what it is held against; "": none, and one is made */
    char made[PASSWORD_HASH_SIZE];   /* "" if it could not be */
    char text[DOCUMENTS_PASSWORD_MAX + 1];
    bool is_right;
};

/* What was drawn for somebody who opens a link with a watermark. */
struct documents_drawn {
    bool is_there, is_later; /* else: whether it may be there when it is tried again */
    uint32_t number;         /* of the revision it is drawn from */
    char hash[HASH_TEXT_SIZE];
    uint64_t size;
    char watermark[DOCUMENTS_WATERMARK_SIZE];
    char why[DOCUMENTS_WHY_SIZE]; /* it is not */
};

/* What the slow part does when a link is opened. */
struct documents_opening {
    struct documents_password password;
    struct documents_drawn drawn;
};

/* Whether anything is read by it at this moment, and whether it can be opened once more. */
bool documents_share_lives(const struct documents_share_facts *f, int64_t now_us);
bool documents_share_opens(const struct documents_share_facts *f, int64_t now_us);
/* What strangers are told of what they cannot see, whatever the reason; false. */
bool documents_no_share(struct refusal *no);
decide_fn documents_decide_share, documents_decide_revoke, documents_decide_open;

#endif
