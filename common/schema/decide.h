/* What a decide function is given and gives back. Pure: the stamp brings who, when and everything fresh. */
#ifndef BATON_SCHEMA_DECIDE_H
#define BATON_SCHEMA_DECIDE_H

#include "base/arena.h"
#include "base/ident.h"
#include "base/refusal.h"
#include "baton/v1/common.pb-c.h"
#include "baton/v1/event.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "schema/schema.h"

enum { STAMP_RANDOM_SIZE = 64 };

/* A request, a followed event, or a row whose timer came due. */
struct command {
    const ProtobufCMessage *request;    /* of the method's input, the event's payload, or the table's row */
    const Baton__Actor *actor;          /* never NULL */
    const Baton__Original *original;    /* what came over HTTP; NULL if nothing else than the request did */
    struct bytes wire;                  /* the request as bytes */
    const void *prepared;               /* what the method's slow part found; NULL without one */
    const Baton__RecordChanged *change; /* with a followed record: what happened to it */
    const ProtobufCMessage *gone;       /* with a create by which a deleted record returns: as it was then */
    uint64_t source_seq;                /* of what is followed: where it stands in that log */
    const Baton__Actor *by;             /* of what is followed: who did it there; else NULL */
    int64_t by_us;                      /* and when */
};

struct stamp {
    int64_t now_us; /* never runs backwards within a service */
    const Baton__Actor *actor;
    struct ident_source *ids;
    uint8_t random[STAMP_RANDOM_SIZE];
    size_t random_used;
    struct arena *arena;
};

/* A fresh id, as text in the arena. */
char *stamp_id(struct stamp *s);
/* 32 fresh random bytes as 64 hexadecimal digits. At most two for one command. */
char *stamp_secret(struct stamp *s);

Google__Protobuf__Timestamp *timestamp_of(struct arena *a, int64_t us);
int64_t timestamp_us(const Google__Protobuf__Timestamp *t); /* 0 for NULL */

enum { OUTCOME_EVENTS_MAX = 1000 };

struct outcome {
    struct arena *arena;
    Baton__Event **events;
    size_t n_events, events_room;
    ProtobufCMessage *reply; /* of the method's output; NULL: an empty one */
    struct refusal no;
};

/* Adds an event with this payload; the payload's type tells which. It must live as long as the arena. */
void outcome_event(struct outcome *out, void *payload);

/* Facts and command to events and reply (true), or a refusal in out->no (false; events are dropped). */
typedef bool decide_fn(const void *facts, const struct command *c, struct stamp *s, struct outcome *out);

bool actor_is(const Baton__Actor *actor, Baton__Role role);

/* --- plain records (record_decide.c) --- */

/* How far somebody reaches one record, within what their role may do with its type. */
enum record_reach {
    RECORD_BY_ROLE, /* as record_may says: the service has no say of its own about records of this type */
    RECORD_HIDDEN,
    RECORD_READ,
    RECORD_WRITE,
    RECORD_OWN, /* and may give it to another owner */
};

/* What a create, update, delete or restore of a plain record is decided on. */
struct record_facts {
    enum record_reach reach;  /* of `before`, or of `gone` */
    ProtobufCMessage *before; /* the live row; NULL if there is none */
    uint64_t before_seq;      /* log position of its last change */
    const char *taken_field;  /* a unique field whose value another row has, NULL if none */
    const void *extra;        /* what the service's own load for this type brought */
    /* restore only */
    ProtobufCMessage *gone;    /* as it was when it was deleted; NULL if it is there, or never was */
    ProtobufCMessage *version; /* as it is to be again; NULL: it never was like that */
    uint64_t version_seq;      /* log position of that change */
    bool version_erased;       /* what was personal in it is gone for good */
};

/* A service's own say about one of its record types: may refuse, change `after`, and add events. `after` is
   NULL on deletion, `before` on creation. */
typedef bool record_check_fn(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                             struct stamp *s, struct outcome *out);

bool record_decide_create(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out);
bool record_decide_update(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out);
bool record_decide_delete(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out);
bool record_decide_restore(const struct record_facts *f, record_check_fn *check, const struct command *c,
                           struct stamp *s, struct outcome *out);

/* A new record of `after`'s type as an event: sets id (if it has none), revision and times. For services that
   make records themselves. Returns the event's record. */
ProtobufCMessage *record_created(ProtobufCMessage *after, struct stamp *s, struct outcome *out);
/* A changed record as an event, with the fields that differ; counts the revision up. */
void record_updated(const ProtobufCMessage *before, uint64_t before_seq, ProtobufCMessage *after,
                    struct stamp *s, struct outcome *out);
/* The same even where nothing differs: for what the log says of the record so far is about to be unreadable.
 */
void record_said_again(const ProtobufCMessage *before, uint64_t before_seq, ProtobufCMessage *after,
                       struct stamp *s, struct outcome *out);

/* A record that is gone from now on, as an event. For services that end records themselves. */
void record_deleted(const ProtobufCMessage *before, uint64_t before_seq, struct stamp *s,
                    struct outcome *out);

/* Whether the role may read or write records of this type, and, for a partner, this record (theirs only). */
bool record_may(const struct schema_message *type, const ProtobufCMessage *row, const Baton__Actor *actor,
                bool write);

/* The same by how far the actor reaches the record. */
bool record_reached(const struct schema_message *type, const ProtobufCMessage *row, enum record_reach reach,
                    const Baton__Actor *actor, bool write);

/* Whether whoever reaches it so far may give it to the owner it has `after`. */
bool record_may_hand_on(enum record_reach reach, const ProtobufCMessage *before,
                        const ProtobufCMessage *after, struct refusal *no);

/* Whether the actor may change what there is (or was, and is deleted), and it is still at that revision
   (NULL: whatever it is at). Refuses with `id_field` where there is none for them. For methods of a service's
   own. */
bool record_may_change(const struct record_facts *f, const char *id_field, const uint64_t *revision,
                       const struct command *c, struct stamp *s, struct outcome *out);

/* The record that a create or update names; NULL on deletion and where none is given. */
const ProtobufCMessage *record_wanted(const struct command *c);

/* What a create or update makes of `before` (NULL on creation) if no service has anything to say against it,
   for those who load; in the arena. NULL: the schema refuses it, or nothing is wanted. */
ProtobufCMessage *record_would_be(const ProtobufCMessage *before, const struct command *c, struct arena *a);

/* `record` in a new Record's member of its type; shares memory. */
Baton__Record *record_wrap(ProtobufCMessage *record, struct arena *a);

#endif
