/* A service: a state machine over a log. One turn of the loop is one batch is one transaction; then replies,
   then the followers. What a service does is said by its tables, below, and by nothing else. */
#ifndef BATON_SERVICE_SERVICE_H
#define BATON_SERVICE_SERVICE_H

#include "bus/world.h"
#include "files/files.h"
#include "schema/decide.h"
#include "store/table.h"

enum { BATCH_COMMANDS_MAX = 256, BATCH_BYTES_MAX = 1 << 20, BATCH_TIMERS_MAX = 64 };

struct service;

/* Where load and query functions read. */
struct load {
    struct txn *txn;
    struct arena *arena;
    void *state; /* what the service's state_new made: caches of rows, never truth */
    int64_t now_us;
    struct service *service; /* for the runtime's own functions */
    struct files *files;     /* of a service that keeps files; else NULL */
    void *view;              /* of a service that keeps one (struct view_def), in any thread; else NULL */
};
/* Rows -> facts, in the arena. */
typedef void *load_fn(struct load *l, const struct command *c);
/* Rows -> reply. Authorisation is decided here. */
typedef bool query_fn(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no);

/* The slow part of a command, before its load and decide. `load` reads rows and mallocs what `work` needs;
   NULL skips the work. `work` runs in another thread and keeps its result in the same memory, which decide
   sees as c->prepared and which is freed with free(). */
struct slow_part {
    void *(*load)(struct load *l, const struct command *c);
    void (*work)(void *memory);
    /* Whether this work may take seconds: as in struct slow_job. NULL: it never does. */
    bool (*is_long)(const void *memory);
};

/* Whether this query may take longer than the loop waits. */
typedef bool aside_fn(struct load *l, const struct command *c);

/* Either load and decide (load may be NULL: no facts), or query. A query may have a slow part, too. */
struct method_row {
    const char *name; /* "LeadService/CaptureLead" */
    load_fn *load;
    decide_fn *decide;
    query_fn *query;
    const struct slow_part *slow;
    /* Of a query: those that are answered in another thread, from what is committed by then: their load has a
       read transaction and an arena of its own, and the view, but no state, service or files. NULL: none is.
     */
    aside_fn *aside;
};

/* What happens here when another service says `event` (a payload of Event, or a record's message for
   RecordChanged of that type). */
struct follow_row {
    const char *service;
    const ProtobufCMessageDescriptor *event;
    load_fn *load;
    decide_fn *decide;
};

/* Records of another service that are kept here as well, because decisions need them. A row's follow_row for
   the same message, if any, runs after the copy is made. */
struct copy_row {
    const char *service;
    unsigned table;
    const char *const *fields; /* which of them, the id among them, up to a NULL; NULL: all */
    const char *const
        *only; /* text fields, up to a NULL: records where all are empty are not copied; or NULL */
};

/* What follows here where copies in a table were not what they are there and were made so, by rejoining or
   because another program keeps others: after them, in the same transaction. The command has no request. */
struct mend_row {
    unsigned table;
    load_fn *load;
    decide_fn *decide;
};

/* The timer of a table's rows; the command's request is the row. The decision must move or remove the timer.
 */
struct timer_row {
    unsigned table;
    load_fn *load;
    decide_fn *decide;
};

/* What is done outside of Baton when this service says `event` (a payload of Event): an attempt. It begins
   when the event is committed, never on replay; its end is a command whose request is the event and whose
   `prepared` is the struct outbound_result. A process that ends in between forgets it: the row that waits for
   the end has a timer, later than any exchange takes (30 s), whose decision says `event` again. So the
   attempt may reach the other side twice, and its end is told of once at most. */
struct effect_row {
    const ProtobufCMessageDescriptor *event;
    /* Rows, as the event left them, and event -> what is asked of whom, in the arena (`done` is set by the
       runtime). False: nothing is to be done; no command follows. */
    bool (*ask)(struct load *l, const ProtobufCMessage *event, struct outbound_request *r);
    load_fn *load;
    decide_fn *decide;
};

struct apply {
    struct txn *txn;
    struct arena *arena;
    uint64_t seq;
    int64_t time_us;
    const Baton__Actor *actor;
    void *state; /* the service's caches, to be kept in step with the rows; NULL on replay */
    const struct service_def *def;
    /* The row that apply_put wrote last. It reaches the table when another follows or the events are through,
       so that several events of one command about one row cost one write. */
    struct {
        unsigned table;
        const void *before, *row; /* as it stands in the table, NULL: not at all; as it will */
    } held;
};
/* A row of a table whose key is its id, as the events so far left it; NULL if there is none. Not to be
 * written to. */
const void *apply_get(struct apply *ap, unsigned table, const char *id);
/* Puts one; `before` is what apply_get gave. Rows put this way are read through apply_get alone until the
   events of the command are through. */
void apply_put(struct apply *ap, unsigned table, const void *before, const void *row);

/* Event -> rows. Total: cannot refuse. */
typedef void apply_fn(struct apply *ap, const ProtobufCMessage *payload);
struct apply_row {
    const ProtobufCMessageDescriptor
        *event; /* a payload of Event; a record's message: after its RecordChanged */
    apply_fn *apply;
};

/* A plain record type this service keeps. A service with any has a table of GoneRecord named "gone". */
struct record_row {
    unsigned table;
    record_check_fn *check; /* may be NULL */
    load_fn *extra;         /* facts for check; may be NULL */
};

/* What a service gathers in its state until it is written: a command of its own, without a request. */
struct gathered_row {
    /* When it is to be written; 0: nothing is gathered. */
    int64_t (*due_us)(void *state);
    load_fn *load;
    decide_fn *decide; /* its event's apply empties the state */
};

/* What keeps a view in step with the rows: one job at a time, off the loop. */
struct upkeep_row {
    /* Whether there is anything to be done; asked every turn. */
    bool (*wants)(void *state);
    /* Reads rows and mallocs what `work` needs; never NULL. */
    void *(*load)(struct load *l);
    void (*work)(void *memory); /* in another thread, and long */
    /* In the loop again. False: there is more of it, and `work` comes once more; true: it is freed with
     * free().
     */
    bool (*done)(void *state, void *memory);
};

enum record_look { RECORD_LOOK_GET, RECORD_LOOK_HISTORY, RECORD_LOOK_LIST };

/* Who sees what of the records of a table, beyond the roles of their type. What is hidden is as if it were
   not there. */
struct access_row {
    unsigned table;
    /* How far the actor reaches this record; NULL: by role alone. */
    enum record_reach (*reach)(struct load *l, const ProtobufCMessage *record, const Baton__Actor *actor);
    /* Whether the actor is shown this field of what they may read; NULL: all of them. */
    bool (*shows)(const Baton__Actor *actor, const struct schema_field *f);
    /* Of somebody who left: whether this record stays theirs; NULL: none does. */
    bool (*stays)(const ProtobufCMessage *record);
    const char *ends_with; /* the indexed field whose user's leaving ends it; NULL: it has no such end */
    /* The actor was shown `n` records: this one, or for a list NULL. May be NULL. */
    void (*looked)(struct load *l, const Baton__Actor *actor, enum record_look look,
                   const ProtobufCMessage *record, size_t n);
};

struct service_def {
    const char *name;
    const struct table_def *tables;
    size_t n_tables;
    /* Counts up where apply makes other rows of what stands in logs already. At its start a service whose
       rows are of another number, or of other tables or indexes, makes them once more (remake.c). */
    unsigned form;
    const struct method_row *methods;
    size_t n_methods;
    const struct follow_row *follows;
    size_t n_follows;
    const struct copy_row *copies;
    size_t n_copies;
    const struct mend_row *mends;
    size_t n_mends;
    const struct timer_row *timers;
    size_t n_timers;
    const struct apply_row *applies;
    size_t n_applies;
    const struct record_row *records;
    size_t n_records;
    const struct access_row *accesses;
    size_t n_accesses;
    const struct gathered_row *gathered; /* may be NULL */
    const struct upkeep_row *upkeep;     /* may be NULL */
    const struct effect_row *effects;
    size_t n_effects;
    void *(*state_new)(void); /* all of these may be NULL */
    /* Fills it with what is too much to be read when it is first needed: at every start, before boot. */
    void (*state_load)(struct load *l);
    void (*state_free)(void *state);
    /* Told of a row that apply_put has put, once for all events of a command; not on replay. May be NULL. */
    void (*state_put)(void *state, unsigned table, const ProtobufCMessage *row);
    /* What was applied is committed: for what must not happen before, like removing what no row knows of any
       more. May be NULL. */
    void (*committed)(void *state, struct files *files);
    bool keeps_files; /* in a folder beside its store */
    /* Decided once at every start, before anything else; may find nothing to do. May be NULL. */
    load_fn *boot_load;
    decide_fn *boot;
};

/* The rules of access_row, for methods of a service's own. */
enum record_reach records_reach(struct load *l, unsigned table, const ProtobufCMessage *record,
                                const Baton__Actor *actor);
/* What a change of the record with this id is decided on, as far as rows say it: the rest is zero. */
struct record_facts records_facts(struct load *l, unsigned table, const char *id, const Baton__Actor *actor);
/* By that and by role. False for NULL. */
bool records_may_read(struct load *l, unsigned table, const ProtobufCMessage *record,
                      const Baton__Actor *actor);
/* What of the record the actor is shown; shares memory with it. */
ProtobufCMessage *records_view(const struct load *l, unsigned table, const Baton__Actor *actor,
                               ProtobufCMessage *record);
/* RecordService/ListChanges. */
query_fn records_query_changes;
/* Tells the service; nothing for n 0. */
void records_looked(struct load *l, unsigned table, const Baton__Actor *actor, enum record_look look,
                    const ProtobufCMessage *record, size_t n);

/* Of a service that keeps a view: what only reading needs, derived from the rows into a second store in the
   service's folder, that may be deleted at any time. */
struct view_def {
    void *(*open)(const char *dir); /* NULL: logged; the service runs without */
    void (*close)(void *view);      /* NULL is fine */
};

struct service_options {
    struct world *world;
    const char *dir;                 /* of this service's store */
    uint64_t quota_bytes;            /* 0: default */
    bool no_sync;                    /* simulator only */
    const struct store_probe *probe; /* simulator only */
    const void *boot;                /* c->prepared of the boot command */
    struct files
        *files; /* of a service that keeps some: the folder beside its store; outlives what is slow */
    const struct view_def
        *view; /* of one that keeps a view; NULL: it has none, and answers as if it were empty */
};

/* Opens the store, checks every table against the schema (asserts), boots, binds and follows. NULL: logged.
 */
struct service *service_new(const struct service_def *def, const struct service_options *options);
/* Finishes the batch at hand. */
void service_free(struct service *s);

struct store *service_store(struct service *s);
/* To be closed when nothing is slow any more; NULL: it has none. */
void *service_view(struct service *s);
/* What its state_new made, as apply has kept it: for those who look whether it is what the rows say. */
void *service_state(struct service *s);
/* The store as service_new opens it; NULL: logged. */
struct store *service_store_open(const struct service_def *def, const struct service_options *options);

/* The folder of its files, beside its store, for service_options. NULL: logged. */
struct files *service_files_open(const char *dir, const struct files_probe *probe);

/* The whole main of a service: options --data DIR [--quota BYTES], signals, loop. Returns the exit status. */
int service_main(int argc, char **argv, const struct service_def *def);
int service_main_view(int argc, char **argv, const struct service_def *def, const struct view_def *view);
/* The same with a boot argument made from the data folder (may be NULL); freed with free(). */
int service_main_boot(int argc, char **argv, const struct service_def *def,
                      void *(*boot)(const char *data_dir));

#endif
