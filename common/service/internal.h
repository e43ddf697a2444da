/* What the files of the runtime share: the service, its batch and its followers. */
#ifndef BATON_SERVICE_INTERNAL_H
#define BATON_SERVICE_INTERNAL_H

#include <pthread.h>

#include "baton/v1/bus.pb-c.h"
#include "baton/v1/system.pb-c.h"
#include "bus/follow.h"
#include "service/apply.h"
#include "service/service.h"
#include "store/copy.h"
#include "store/inbox.h"

enum {
    FOLLOWERS_MAX = 64,
    FOLLOWER_SILENT_US = 30000000,
    BATCH_ARENA_MAX = 512 << 20,
    BATCH_ARENA_FULL = 64 << 20 /* commits early from here on */
};

/* Something waiting for the next turn. */
struct effect;
enum item_kind { ITEM_REQUEST, ITEM_RECORD, ITEM_PREPARED, ITEM_EFFECT };
struct item {
    enum item_kind kind;
    struct peer peer;          /* REQUEST, PREPARED */
    Baton__Envelope *envelope; /* REQUEST, PREPARED */
    struct bytes body;         /* the request, or the stored record */
    struct bytes keys;         /* RECORD: what it is opened with */
    struct follow *follow;     /* RECORD */
    struct cursor at;          /* RECORD */
    unsigned rewinds;          /* RECORD: of the follow, when it came */
    struct slow_request *slow; /* PREPARED */
    struct effect *effect;     /* EFFECT: it has ended */
    struct item *next;
};

struct answer {
    struct peer peer;
    struct bytes envelope, body;
    struct answer *next;
};

/* Somebody who follows our log. */
struct follower {
    struct peer peer;
    uint64_t number; /* of its asking, given back */
    uint64_t next_seq;
    uint64_t credit;
    int64_t heard_us;
    bool owes_hello; /* an answer is due even if there is nothing new */
};

struct method_state {
    const struct method_row *row; /* NULL: the runtime's own */
    const struct schema_method *schema;
    bool single_use_reply; /* holds a secret: never kept in the inbox */
};

struct service {
    const struct service_def *def;
    struct world *world;
    struct store *store;
    struct files *files;   /* not ours; NULL: it keeps none */
    void *view;            /* the same */
    struct upkeep *upkeep; /* under way, or NULL */
    void *state;
    struct port *port;
    struct method_state *methods; /* in schema order; row and schema NULL where another service answers */
    size_t n_methods;
    struct follow **follows;
    size_t n_follows;
    struct follower followers[FOLLOWERS_MAX];
    size_t n_followers;
    struct ident_source ids;
    int64_t last_us;
    const char *pressure;

    /* the batch at hand */
    struct arena *staged; /* what waits: items and their bytes */
    struct arena *arena;  /* what working on them needs; given back with each commit */
    struct item *first, **last;
    size_t n_items, item_bytes;
    struct txn *txn;
    struct answer *answers, **answers_end;
    struct effect *noted, **noted_end; /* begun after the commit */
    struct effect *effects;            /* under way */
    bool timers_wait;
    bool due_is_stale;
    int64_t due_us; /* of the first timer, unless that is stale */

    struct rejoin {
        struct follow *follow; /* NULL: none */
        bool waits;            /* for the commit; then the follow goes on from `from` */
        bool reads;            /* copies, from the beginning to `to` */
        struct cursor from, to;
        unsigned bucket; /* "meta": the copies read so far: "copy" table(1) key -> packed record */
    } rejoin;
    bool erased_wait;     /* kept replies are to be looked through */
    bool copies_wait;     /* to be read once more */
    int64_t lost_said_us; /* when a follower that is ahead was last spoken of */
    bool is_restored;
    struct restored restored;

    Baton__ServiceStatus status;
    int64_t started_us;

    struct asides { /* queries that other threads answer, or will */
        pthread_mutex_t lock;
        pthread_cond_t none;
        unsigned n;
        bool end; /* none begins any more */
    } asides;
};

/* service.c */
int64_t service_now(struct service *s);
/* Reading outside of a batch. What cannot be read is not taken for what is not there: the process ends. */
struct txn *service_read_begin(struct service *s);
void service_read_end(struct txn *t);
/* Where we stand in another service's log. False: nowhere yet. */
bool service_cursor(struct service *s, const char *followed, struct cursor *c);
/* Puts it on the batch at hand. `item` and all it points to live in the batch's arena or are copied there. */
void service_stage(struct service *s, const struct item *item);

/* batch.c */
int64_t service_turn(void *arg);
void batch_answer(struct service *s, const struct item *i, uint64_t call, const struct refusal *no,
                  struct bytes body);
struct load batch_load(struct service *s);

/* command.c: one command, decided, logged and applied. The reply is packed in the arena. */
struct decided {
    bool ok;
    struct bytes reply;
    struct refusal no;
};
struct origin { /* for the log record */
    const char *request_id, *trace_id, *source;
    uint64_t source_seq;
};
void command_run(struct service *s, load_fn *load, decide_fn *decide, const struct command *c,
                 const struct origin *from, struct decided *d);

/* request.c */
/* What was asked as a command, in the arena. */
bool request_read(const struct method_state *m, const Baton__Envelope *e, struct bytes body, struct arena *a,
                  struct command *c, struct refusal *no);
void request_run(struct service *s, const struct item *i);
bool request_is_command(const struct service *s, const struct item *i);

/* followed.c: what other services' records do here */
void followed_run(struct service *s, const struct item *i);
/* How records of this kind are copied; NULL: they are not. */
const struct copy_row *followed_copy(const struct service *s, const char *service,
                                     const struct schema_field *member);
/* Whether this one is. */
bool followed_is_copied(const struct copy_row *row, const ProtobufCMessage *record);
/* What of a record is kept in its copy; shares memory with it. */
ProtobufCMessage *followed_kept(const struct copy_row *row, ProtobufCMessage *record, struct arena *a);
/* A copy is its own event here, so that replaying our log alone rebuilds it. */
decide_fn followed_decide_copy;
/* What has happened cannot be refused. */
void followed_decide(struct service *s, load_fn *load, decide_fn *decide, const struct command *c,
                     const struct origin *from);
Baton__Actor followed_actor(const struct service *s);

/* timer.c: false if no timer is due (any more) */
bool timers_run(struct service *s);
int64_t timers_next(struct service *s);
/* What is gathered in the state: when it is to be written, 0 for never; writes it if that is now. */
int64_t gathered_due(const struct service *s);
void gathered_run(struct service *s);

/* slow.c */
struct slow_request;
bool slow_begin(struct service *s, const struct item *i, const struct slow_part *part,
                const struct command *c, struct refusal *no);
const void *slow_memory(const struct slow_request *r);
/* A query, in another thread: under way, or refused. */
bool aside_begin(struct service *s, const struct item *i, const struct method_state *m, struct refusal *no);
/* Its answer, as long as the request; NULL: it was no such query. */
const struct decided *aside_answer(const struct slow_request *r);
/* The service stops: those that wait are not begun, and the store is not read any more. */
void asides_end(struct service *s);
void slow_request_free(struct slow_request *r);

/* upkeep.c: begins what there is to be done, if nothing is under way; nothing of it comes back any more */
void upkeep_turn(struct service *s);
void upkeep_leave(struct service *s);

/* effect.c: with the event, within its transaction; after the commit; its end; those whose end had to wait
   for room; before the service is no more */
void effects_note(struct service *s, const Baton__Event *event);
void effects_begin(struct service *s);
void effect_run(struct service *s, const struct item *i);
void effects_room(struct service *s);
void effects_leave(struct service *s);

/* erased.c: before the event is logged, within its transaction; at the start; some at a time, until kept
   replies say nothing of whoever was erased */
void erased_note(struct service *s, const Baton__Event *event);
void erased_start(struct service *s);
bool erased_waits(const struct service *s);
void erased_turn(struct service *s);

/* outside.c: exchanges with the outside for this world (zloop.h). `private_allowed` as in
   outbound/outbound.h. */
void outside_open(struct world *zloop, bool private_allowed);

/* publish.c */
void publish_follow(struct service *s, const struct peer *from, uint64_t call, struct bytes body);
void publish_credit(struct service *s, const struct peer *from, uint64_t call, struct bytes body);
void publish_send(struct service *s);

/* lost.c: true if the follower's position is not in this log; `m` then says what has happened and what mends
   it. Its texts live as long as the service and the arena. */
bool lost_look(struct service *s, const Baton__Follow *asked, struct arena *a, Baton__FollowRefused *m);
/* A position in this log as somebody else remembers it. */
struct remembered {
    const uint8_t *log_id; /* NULL: that is not remembered */
    uint64_t seq;
    struct bytes hash; /* of that record, or how it begins */
};
/* What has happened to the log, in words that follow a name, in the arena; NULL: the position is in it. */
const char *lost_what(struct service *s, struct txn *t, const struct remembered *p, struct arena *a);

/* rejoin.c: a follower whose position is not in the log it follows goes on from where that log is now. */
load_fn rejoin_load;
decide_fn rejoin_decide;
/* In the batch that decided it; what follows from it begins with rejoin_committed. */
void rejoin_begin(struct service *s, const struct command *c);
void rejoin_committed(struct service *s);
/* True: the record was read for the copies alone. */
bool rejoin_takes(struct service *s, const struct item *i, const Baton__LogRecord *record);
/* False: this follow does not rejoin. Otherwise it reads from the beginning again. */
bool rejoin_restart(struct service *s, const struct follow *f);
/* Up to where a follow that rejoins reads; 0: it does not. */
uint64_t rejoin_target(const struct service *s, const struct follow *f);
/* Where nothing is wrong with the position: the log is read from its beginning up to there, for the copies.
 */
void rejoin_reads(struct service *s, struct follow *f);

/* copies.c: at the start (false: logged); in each turn; in a batch, once the copies are as the tables say */
bool copies_start(struct service *s);
void copies_turn(struct service *s);
void copies_made(struct service *s, const char *service);
bool copies_are_kept(const struct service *s, const char *service);

/* rejoin_copies.c: nothing has been read; one more event has; the copies become what was read, by events.
   Returns how many had to. */
void rejoin_copies_forget(struct service *s);
void rejoin_copies_take(struct service *s, const Baton__Event *event);
uint64_t rejoin_copies_mend(struct service *s);

/* remake.c: at the start, before anything is read: the rows are what this program makes of the log. False:
   the store failed; logged. */
bool remake_rows(struct service *s, const struct service_options *o);

/* records.c: RecordService */
const struct method_row *records_methods(size_t *n);

/* status.c */
query_fn status_query;

/* events.c */
query_fn events_query;
/* audit.c: SystemService/ReadAudit */
query_fn audit_query;
aside_fn audit_aside;

/* handover.c */
query_fn handover_query;

#endif
