/* What reads the rows of documents: the functions behind the tables in service.c. */
#ifndef BATON_DOCUMENTS_ROWS_H
#define BATON_DOCUMENTS_ROWS_H

#include "preview/contract.h"
#include "preview/preview.h"
#include "service/finder.h"
#include "service/service.h"
#include "services/documents/collateral.h"
#include "services/documents/documents.h"
#include "texts/texts.h"

extern const struct table_def documents_tables[DOCUMENTS_TABLES];

/* load.c */
load_fn documents_load_boot, documents_load_begin, documents_load_upload;
const Baton__DocumentSettings *documents_settings(struct load *l);
const Baton__FileUsage *documents_usage(struct load *l, const char *user_id);
Baton__StoredFile *documents_file(struct txn *t, const char *hash, struct arena *a);
const Baton__FileHolder *documents_holder(struct load *l, const char *hash, const char *user_id);
/* NULL: there is none, or it is somebody else's, which is the same. */
Baton__Upload *documents_upload(struct load *l, const char *id, const Baton__Actor *actor);
/* Whether the actor may read the bytes. */
bool documents_may_read_file(struct load *l, const char *hash, const Baton__Actor *actor);

/* What the file is called by who asks, or else by who brought it or uses it; NULL: nothing is known. */
const char *documents_file_name(struct load *l, const Baton__StoredFile *file, const Baton__Actor *actor);

/* load_days.c */
load_fn documents_load_calendar, documents_load_days;
const Baton__DocumentCalendar *documents_calendar(struct load *l);

/* load_document.c */
load_fn documents_load_document, documents_load_document_due;
enum record_reach documents_row_reach(struct load *l, const ProtobufCMessage *record,
                                      const Baton__Actor *actor);
enum record_reach documents_row_revision_reach(struct load *l, const ProtobufCMessage *record,
                                               const Baton__Actor *actor);
/* Of this document; NULL: there is none, as for 0. */
const Baton__DocumentRevision *documents_revision(struct load *l, const Baton__Document *d, uint32_t number,
                                                  uint64_t *seq);
/* A revision with these bytes of a document that the actor reads; NULL: there is none. */
const Baton__DocumentRevision *documents_use(struct load *l, const char *hash, const Baton__Actor *actor);

/* load_state.c: uploads whose end is not committed yet */
void *documents_state_new(void);
void documents_state_load(struct load *l);
void documents_state_free(void *state);
/* Documents by what is typed; NULL on replay. */
struct finder *documents_finder(void *state);
extern const struct finder_def documents_finder_def;
void documents_ended(void *state, const char *id, bool is_kept);
void documents_committed(void *state, struct files *files);

/* query_list.c */
query_fn documents_query_list;

/* query_search.c */
query_fn documents_query_search;
aside_fn documents_search_aside;

/* load_text.c: what documents say is kept in step with them */
struct documents_texts;
struct documents_texts *documents_texts_new(void);
void documents_texts_free(struct documents_texts *t);
/* At the start. */
void documents_texts_load(struct documents_texts *t, struct load *l);
/* The document is so from now on, or is gone; NULL: nobody searches here (a replay). */
void documents_texts_note(struct documents_texts *t, const char *id);
struct documents_texts *documents_texts(void *state);
extern const struct upkeep_row documents_upkeep;

/* Some documents whose text should be there, and is to be read where it is not. */
enum { DOCUMENTS_TEXTS_MAX = 50, DOCUMENTS_WALK_TOKEN = 256 };
struct documents_text {
    char id[IDENT_TEXT_SIZE];
    uint32_t number; /* of the revision; 0: there is none to be found */
    char hash[HASH_TEXT_SIZE], name[DOCUMENTS_NAME_MAX + 1];
};
struct documents_texts_job {
    struct texts *texts;
    struct files *files;
    struct documents_text rows[DOCUMENTS_TEXTS_MAX];
    size_t n, at;    /* at: what is done of them */
    unsigned walks;  /* that had begun when it was made */
    unsigned read;   /* texts, since this was looked at last */
    bool is_walk;    /* these are all whose ids are behind `after` and not behind `to` */
    bool is_stopped; /* it cannot go on now */
    char after[IDENT_TEXT_SIZE], to[IDENT_TEXT_SIZE];
    char token[DOCUMENTS_WALK_TOKEN]; /* "": there are none behind them */
};
/* slow_text.c: the next of them, one text at most. */
void documents_texts_work(void *memory);

/* load_reading.c */
load_fn documents_load_asking, documents_load_quote;
query_fn documents_query_reading, documents_query_readers, documents_query_sent;
const Baton__DocumentReading *documents_reading(struct load *l, const char *document_id, const char *user_id);
bool documents_is_sent(struct load *l, const char *document_id);

/* Whether the user reads the document, as long as they are here. */
bool documents_user_reads(struct load *l, const Baton__Document *d, const Baton__User *u);

/* load_share.c */
load_fn documents_load_share, documents_load_revoke, documents_load_link;
/* Whether the file of this hash is one, as its first bytes say. */
bool documents_is_pdf(struct load *l, const char *hash);
query_fn documents_query_shares, documents_query_link, documents_query_shared;
/* What was opened with this ticket, as long as it holds, and what that is of; else NULL. */
const Baton__DocumentShareView *documents_ticket(struct load *l, const char *ticket,
                                                 struct documents_share_facts *f);
/* How it was opened last; NULL: never. */
const Baton__DocumentShareView *documents_newest_view(struct load *l, const char *share_id);

/* slow_share.c */
extern const struct slow_part documents_slow_made, documents_slow_given, documents_slow_shared;

/* load_collateral.c */
load_fn documents_load_item, documents_load_place, documents_load_stock, documents_load_stock_due,
    documents_load_new_order, documents_load_order;
enum record_reach documents_row_order_reach(struct load *l, const ProtobufCMessage *record,
                                            const Baton__Actor *actor);
/* Of this item there; place "": of all together. NULL: there never was any. */
const Baton__StockBalance *documents_balance(struct load *l, const char *item_id, const char *place_id);

/* query_collateral.c */
query_fn documents_query_collateral, documents_query_ledger, documents_query_orders, documents_query_cost;

/* apply_collateral.c */
apply_fn documents_apply_stock, documents_apply_erased;

/* apply_reading.c */
apply_fn documents_apply_read, documents_apply_asking, documents_apply_sent, documents_apply_share;
/* The document is so from now on, or is gone. */
void documents_apply_readers(struct apply *ap, const Baton__Document *d);

/* query_preview.c */
query_fn documents_query_text, documents_query_page;

/* query.c */
query_fn documents_query_upload, documents_query_file, documents_query_read, documents_query_read_shared,
    documents_query_usage;

/* apply.c */
apply_fn documents_apply_calendar, documents_apply_document;
apply_fn documents_apply_begun, documents_apply_advanced, documents_apply_ended, documents_apply_stored;

/* slow_share.c: pages with a watermark */
struct documents_draw {
    struct files *files;
    char source[HASH_TEXT_SIZE];         /* of the PDF; "": nothing is drawn */
    char text[DOCUMENTS_WATERMARK_SIZE]; /* ends with the day */
};

/* slow_piece.c */
struct documents_read {
    struct files *files;
    struct documents_draw draw; /* what it is drawn from, where it is */
    char hash[HASH_TEXT_SIZE];
    uint64_t offset;
    size_t size;
    ssize_t n; /* -1: it cannot be read */
    uint8_t data[];
};

/* For such a slow part: what is to be read of a file that there is. */
struct documents_read *documents_read_new(struct files *files, const char *hash, uint64_t offset,
                                          size_t size);
void documents_read_work(void *memory);

/* What is read of a file. */
enum { DOCUMENTS_TEXT_MAX = 256 << 10, DOCUMENTS_PNG_MAX = 512 << 10 };
struct documents_preview {
    struct files *files;
    char hash[HASH_TEXT_SIZE], name[DOCUMENTS_NAME_MAX + 1];
    unsigned page, side;
    bool is_lost, is_cut; /* the file cannot be read; there is more text */
    enum preview_end end;
    struct preview_found found;
    struct contract_hint hints[CONTRACT_HINTS_MAX];
    size_t n_hints, size;
    uint8_t data[DOCUMENTS_PNG_MAX + 1];
};
extern const struct slow_part documents_slow_text, documents_slow_page;

extern const struct slow_part documents_slow_piece, documents_slow_read;

#endif
