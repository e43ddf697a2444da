/* One simulated deployment: six services, the people who ask things of them, what goes wrong, and the oracles
   that look on. Everything follows from the seed. */
#ifndef BATON_SIM_SIM_H
#define BATON_SIM_SIM_H

#include "base/arena.h"
#include "baton/v1/system.pb-c.h"
#include "bus/client.h"
#include "directory/directory.h"
#include "service/service.h"
#include "sim/world.h"
#include "store/log.h"

enum { SERVICES = 6, CLIENTS = 2, HEAL_SECONDS = 200, TOUCHED_MAX = 4096 };
enum service_number { DIRECTORY, CONTACTS, LEADS, OPPORTUNITIES, DOCUMENTS, NOTIFICATIONS };

struct sim;

/* --- process.c: a service as a process that can die --- */

/* An entry of the store that was written since the last look. */
struct touched {
    unsigned bucket;
    uint16_t size;
    uint8_t key[KEY_MAX];
};

struct process {
    struct sim *sim;
    enum service_number number;
    const struct service_def *def;
    struct host *host;
    struct service *service; /* NULL: it does not run */
    struct store *store;     /* its store, while one is open */
    struct store_probe probe;
    struct files *files;     /* of a service that keeps some, while it runs */
    bool writing;            /* a write transaction is open */
    bool down;               /* kept from starting */
    bool harmed;             /* something was done to it since it started: it may end by itself */
    int64_t die_in, fail_in; /* calls of store and bus until then; 0: never */
    int fail_with, starts;
    int fail_call;          /* only calls of this kind count; -1: all */
    bool fail_query;        /* the next row that a query reads cannot be read */
    bool fail_after_commit; /* the next commit happens and reports an error */
    bool disk_full;
    int64_t full_since_us;
    struct service_def other; /* what runs */
    char dir[300], last_line[300];
    struct touched touched[TOUCHED_MAX];
    size_t n_touched;
};

void process_init(struct process *p, struct sim *sim, enum service_number number);
/* Opens the store, boots, binds; again later if it dies on the way. */
void process_start(struct process *p);
/* As kill -9 does; it is started again `down_us` later. */
void process_kill(struct process *p, int64_t down_us);
/* As SIGTERM does. */
void process_stop(struct process *p, int64_t down_us);
/* What follows when the host has died in the middle of something. */
void process_died(struct process *p);
/* The store as it is now, kept. */
void process_backup(const struct process *p);
void process_backup_forget(const struct process *p);
/* The same, to that file. */
void process_copy(const struct process *p, const char *to);
/* While it does not run: that file in place of its store. */
void process_put_back(struct process *p, const char *from);
/* It is killed, what was kept is put in place of what it had, as `baton restore --only` does, and it starts
   again `down_us` later. False: it does not run, or nothing was kept. */
bool process_restore(struct process *p, int64_t down_us);

/* --- ledger.c: every log as it was committed, and whose word it breaks --- */

struct ledger {
    struct process *process;
    Baton__LogRecord **records; /* [seq - 1] */
    uint8_t (*hashes)[HASH_SIZE];
    size_t n, room;
    size_t kept; /* of what others have read, no restore has taken more than what is behind this */
    uint8_t log_id[LOG_ID_SIZE];
    struct arena *memory;
    struct store *shadow; /* the same rows once more, made from the log */
    struct txn *made;
    struct leads_replay *decisions; /* of leads: made again as the log is taken in; NULL: another service */
    unsigned looks;
    bool erased_at_once; /* of what was committed just now, some cannot be read any more */
};

void ledger_init(struct ledger *l, struct process *p);
/* Takes in what was committed since, and holds every oracle against it. The process runs. */
void ledger_look(struct ledger *l);
/* After a start: nothing that was committed is missing or different. */
void ledger_reopen(struct ledger *l);
/* All tables, all indexes, whole. */
void ledger_whole(struct ledger *l);
/* Records beyond `seq` are not part of it any more. */
void ledger_cut(struct ledger *l, size_t seq);

/* --- policies.c: which version decides, by the events of the log of leads alone --- */
/* imports.c: what undoing takes back, by the events of contacts alone. */
void policies_whole(const struct ledger *l), imports_whole(const struct ledger *l);
/* choice.c: after the record has been made rows. */
void choice_record(const struct ledger *l, const Baton__LogRecord *r);
void customer_record(const struct ledger *l, const Baton__LogRecord *r);

/* --- rows.c: what the rows must be by the events, whatever `apply` does --- */

void rows_record(struct ledger *l, const Baton__LogRecord *record);
void rows_settled(struct sim *sim);

/* --- found.c: what can be found is what the rows say --- */
/* Now and then, as a service's index has been kept in step since its start. */
void found_look(struct ledger *l);

/* --- quality.c: quality, lists, counts and positions are what a scan says --- */
void quality_settled(struct sim *sim);
/* erased.c: nothing of whoever was erased is anywhere, and the logs make the same rows without it. */
void erased_settled(struct sim *sim);
/* --- files.c: of documents; shares.c: what people outside open; collateral.c: stock and orders --- */
void files_settled(struct sim *sim), collateral_settled(struct sim *sim);
void shares_record(const struct ledger *l, const Baton__LogRecord *record);
void collateral_record(const struct ledger *l, const Baton__LogRecord *record),
    letters_record(const struct ledger *l, const Baton__LogRecord *record);

/* --- merges.c: of contacts --- */
void merges_record(struct ledger *l, const Baton__LogRecord *record);
void merges_settled(struct sim *sim);
/* The field names, in contacts, what has been merged since: written anew, it names what that has become. */
bool merges_renamed(const struct ledger *l, const ProtobufCMessage *row, const struct schema_field *f);

/* --- effects.c: what follows from other logs --- */
void effects_look(struct sim *sim, enum service_number follower, size_t from_record);
void effects_settled(struct sim *sim);
/* The log of this service was cut: who had read further stands still until it rejoins. */
void effects_restored(struct sim *sim, enum service_number service);
/* Somebody stands still. */
bool effects_lost(const struct sim *sim);

/* copies.c: of other services' records, once all is quiet. */
void copies_settled(struct sim *sim);

/* --- operator.c --- */

/* An older backup of one service is put in place; then every service that follows it is told to rejoin until
   all go on. Does nothing while an earlier one is being mended. */
void operator_restores(struct sim *sim, struct process *p, uint64_t random);

/* --- backup.c: all services at once --- */

/* Looks at one service after the other, as `baton backup` does, while all go on. Does nothing while somebody
   stands still. */
void backup_begin(struct sim *sim, uint64_t random);
/* All are killed, and what was kept last is put in their places: nobody stands still after that. */
void backup_put_back(struct sim *sim, uint64_t random);
/* One service alone is put back: what was kept of all, or is about to be, does not fit it any more. */
void backup_forget(struct sim *sim);

/* --- provider.c: everybody outside, and that nobody is spoken to without need, leave or end --- */

bool provider_call(void *arg, struct host *h, const struct outbound_request *r,
                   struct outbound_result *result, int64_t *after_us);
void provider_record(struct sim *sim, const Baton__LogRecord *record);
void provider_look(struct sim *sim);
void provider_settled(struct sim *sim);
void provider_rebuild(struct sim *sim);

/* --- quiet.c: nobody is disturbed who does not want to be; after the record has been made rows --- */

void quiet_record(struct ledger *l, const Baton__LogRecord *record);
void quiet_settled(struct sim *sim);

/* --- credit.c: nobody is sent more than they granted --- */
void credit_look(struct sim *sim, const struct process *from, const struct process *to, struct bytes envelope,
                 struct bytes body);

/* --- custody.c: leads, their holders and their timers --- */

void custody_record(struct sim *sim, const Baton__LogRecord *record);
void custody_look(struct sim *sim);
void custody_settled(struct sim *sim);
/* placement.c: every open lead lies where its territories put it. */
void placement_settled(struct sim *sim);
/* responses.c: what customers are written. */
void responses_record(const struct ledger *l, const Baton__LogRecord *record);
enum { UNSEEN_LEAST_S = 20 }; /* no chain counts as unseen before that, but for those of the program */
/* unseen.c: who looks and who does not, by the events of notifications and leads, once all is quiet. */
void unseen_settled(struct sim *sim);
/* plans.c, quotes.c; mentions.c: whom notes mention, and who is told. */
void plans_record(const struct ledger *l, const Baton__LogRecord *record);
void plans_settled(struct sim *sim);
void quotes_record(const struct ledger *l, const Baton__LogRecord *record);
void mentions_record(const struct ledger *l, const Baton__LogRecord *record);
/* agreed.c: what contacts agree to; reminders.c: each rings once a repetition; once all is quiet. */
void agreed_settled(struct sim *sim), reminders_settled(struct sim *sim), estimates_settled(struct sim *sim);
/* estimates.c, approvals.c, fields.c; rollups.c: what owners' months come to; what memory tells of them. */
void approvals_settled(struct sim *sim), fields_settled(struct sim *sim), rollups_settled(struct sim *sim);
void rollups_in_memory(struct sim *sim);
/* measures.c, adoption.c, outcomes.c: sums are what the log says; demand.c: plans are what a scan says. */
void measures_settled(struct sim *sim), adoption_settled(struct sim *sim), demand_settled(struct sim *sim),
    outcomes_settled(struct sim *sim);
/* After so long no timer is late any more. */
void custody_punctual_in(struct sim *sim, int64_t us);
void custody_rebuild(struct sim *sim);

/* --- reads.c: whoever reads the logs from outside --- */

struct reads {
    Baton__EventPosition *upto;  /* the furthest; NULL: none */
    Baton__EventPosition *stale; /* of a log that was put back since; NULL: none */
};
struct ask;
/* Holds what a service told against its ledger. */
void reads_answer(const struct ledger *l, const struct ask *a, const ProtobufCMessage *reply,
                  struct arena *arena);
/* Records of a log are gone. */
void reads_forget(struct sim *sim, enum service_number service, size_t beyond);

/* --- reach.c: who reaches whose records, and what was restored --- */

void reach_asked(struct ask *a);
void reach_answer(const struct ask *a, const struct refusal *no);
/* After the record has been made rows. */
void reach_record(struct ledger *l, const Baton__LogRecord *record);

/* --- asks.c: what clients want, and what they were told --- */

struct ask {
    struct sim *sim;
    unsigned client;
    const char *service, *method;
    char id[24]; /* request id; "" for queries */
    struct bytes body;
    Baton__Actor actor;
    uint64_t random;
    unsigned sent, most, again; /* tries so far; at most; further times after the answer */
    bool answered, refused;
    bool forbidden; /* a yes would be wrong */
    bool forgotten; /* its service was restored from an older backup since */
    enum refusal_code code;
    struct bytes reply;
    const char *reach_id; /* the account that a representative asks for; NULL: it is not about that */
    bool reach_writes;
    size_t reach_n; /* records of contacts when it could be decided first */
    size_t effect;  /* position in the log of the record with this id; 0: none */
    struct ask *next;
};

void asks_init(struct sim *sim);
/* Clients start asking for something of this kind, drawn from `random`. */
typedef bool ask_fill_fn(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena);
void ask_begin(struct sim *sim, ask_fill_fn *fill, uint64_t random);
/* The log has a record with this request id. */
void asks_record(struct sim *sim, enum service_number service, const Baton__LogRecord *record);
/* Records of a log are gone: what was told of them does not bind any more. */
void asks_forget(struct sim *sim, enum service_number service, size_t beyond);
void asks_settled(struct sim *sim);
/* The same while the world runs, until there is a good answer: for setting up. */
void ask_wait(struct sim *sim, ask_fill_fn *fill);

/* kinds.c */
struct ask_kind {
    const char *name;
    unsigned weight;
    ask_fill_fn *fill;
};
/* What belongs together: asked for one by one it would hardly ever meet. */
struct ask_area {
    const char *name;
    const struct ask_kind *kinds;
    size_t n;
};
const struct ask_area *ask_areas(size_t *n);
/* Before anything goes wrong: people, a pool, a policy. */
void company_set_up(struct sim *sim);

/* --- plan.c: what happens when, all from the seed --- */

void plan_make(struct sim *sim);
/* From now on nothing goes wrong any more. */
void plan_heal(struct sim *sim);
size_t plan_size(const struct sim *sim);

/* --- known.c --- */

/* Ids of things that exist, as the logs told. */
enum known {
    KNOWN_USER,
    KNOWN_POOL,
    KNOWN_TERRITORY_MODEL,
    KNOWN_TERRITORY,
    KNOWN_ACCOUNT,
    KNOWN_CONTACT,
    KNOWN_OPPORTUNITY,
    KNOWN_PIPELINE,
    KNOWN_CUSTOM_FIELD,
    KNOWN_LEAD,
    KNOWN_DEVICE,
    KNOWN_NOTIFICATION,
    KNOWN_MAIL_ACCOUNT,
    KNOWN_WEBHOOK,
    KNOWN_BROKER,
    KNOWN_HTTP_TEMPLATE,
    KNOWN_CHAIN,
    KNOWN_NOTE,
    KNOWN_ACTIVITY,
    KNOWN_QUALITY_RULE,
    KNOWN_SHARE,
    KNOWN_MERGED_CONTACT,
    KNOWN_MERGED_ACCOUNT,
    KNOWN_PRODUCT,
    KNOWN_PRICE_BOOK,
    KNOWN_ENTRY,
    KNOWN_QUOTE,
    KNOWN_QUOTA,
    KNOWN_QUOTE_LINK,
    KNOWN_PLAN_TEMPLATE,
    KNOWN_PLAN,
    KNOWN_UPLOAD,
    KNOWN_DOCUMENT,
    KNOWN_LINK, /* by which people outside see one; its owner made it */
    KNOWN_LINK_TOKEN,
    KNOWN_CATALOGUE_LINK,
    KNOWN_CATALOGUE_TOKEN,
    KNOWN_PAIR, /* its owner is the other */
    KNOWN_COLLATERAL,
    KNOWN_STOCK_PLACE,
    KNOWN_ORDER,
    KNOWN_LETTER_TEMPLATE,
    KNOWN_LETTER_RUN,
    KNOWN_KINDS
};
struct known_ids {
    char **ids, **owners; /* "" for none; they stay where they are */
    size_t n, room;
};
void known_record(struct sim *sim, const Baton__LogRecord *record);
/* After records of a log are gone. */
void known_rebuild(struct sim *sim);
/* Something that is known by an answer. */
void known_add(struct sim *sim, enum known kind, const char *id, const char *owner);
/* One of them; NULL: there are none. `owner` may be NULL. */
const char *known_draw(struct sim *sim, enum known kind, uint64_t *random, const char **owner);

/* --- sim.c --- */

struct sim_stats {
    uint64_t steps, records, commits, deaths, asks, replies, simulated_us, plan_size;
};

struct sim_options {
    uint64_t seed;
    unsigned minutes;
    const struct ask_area *favourite; /* half of what is asked is of this; NULL: the seed says */
    const bool *skipped;              /* one an entry of the plan; NULL: none is */
    size_t n_skipped;
    bool trace;
    const char *dir; /* empty; for the stores */
    int report_fd;   /* where failures go */
    struct sim_stats *stats;
};

struct sim {
    struct sim_options options;
    bool files_older; /* rows of documents were put back, and the files were not */
    struct sim_world *world;
    struct process processes[SERVICES];
    struct ledger ledgers[SERVICES];
    struct host *client_hosts[CLIENTS];
    struct client *clients[CLIENTS];
    struct ask *asks;
    struct reads reads[SERVICES];
    struct plan *plan;
    struct custody *custody;
    struct effects *effects;
    struct credit *credit;
    struct provider *provider;
    struct operator* operator; /* NULL: nothing is being mended */
    struct backup *backup;     /* of all services: under way, or the newest; NULL: none */
    struct known_ids known[KNOWN_KINDS];
    struct arena *memory;
    struct directory_boot boot;
    char *admin_id;      /* the first user there was */
    uint64_t waited;     /* asks of setting up */
    bool looking;        /* an oracle reads a store: nothing goes wrong meanwhile */
    bool calm;           /* the plan is over */
    int64_t punctual_us; /* what leads times from then on, by its own clock, is not late; 0: not yet */
    int64_t start_us, end_us;
};

/* Runs the whole seed. Returns if nothing is wrong; otherwise the process ends with status 1. */
void sim_run(const struct sim_options *o);
/* Something that must not be: tells and ends the process. The first word names the oracle. */
void sim_wrong(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
void sim_trace(const struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lets the world go on. */
void sim_until(struct sim *sim, int64_t until_us);
struct process *sim_process_of(struct sim *sim, const struct host *h); /* NULL: a client's */

#endif
