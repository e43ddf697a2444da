/* replay: how long `baton policy replay` takes for the decisions of 10^4, 10^5 and 10^6 leads, and for
   another policy over the same leads. The log is written here, as the service would have written it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "bench.h"
#include "service/apply.h"
#include "services/leads/rows.h"
#include "store/log.h"

enum {
    PEOPLE = 200,
    POOLS = 10,
    COMMIT_EVERY = 10000,
    LEADS_A_SECOND = 5,
    MEMORY = 64 << 20,
    PEER_SECONDS = 10, /* for a million leads */
};
static const int64_t START_US = INT64_C(1767607200000000); /* 2026-01-05T10:00:00Z */

struct writer {
    struct store *store;
    struct load load;
    struct arena *record, *kept;
    struct ident_source ids;
    Baton__Actor actor;
    char *people[PEOPLE], *pools[POOLS];
};

static void put(struct writer *w, struct outcome *out)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    r.has_time_us = true;
    r.time_us = (uint64_t)w->load.now_us;
    r.actor = &w->actor;
    r.events = out->events;
    r.n_events = out->n_events;
    (void)log_append(w->load.txn, &r, NULL, w->record); /* its number stands in the record */
    service_apply_live(&leads_service, w->load.txn, &r, w->record, w->load.state);
    arena_reset(w->record);
}

static struct stamp stamp_now(struct writer *w)
{
    return (struct stamp){.now_us = w->load.now_us, .actor = &w->actor, .ids = &w->ids, .arena = w->record};
}

static char *create(struct writer *w, ProtobufCMessage *record)
{
    struct stamp s = stamp_now(w);
    struct outcome out = {.arena = w->record};
    const ProtobufCMessage *made = record_created(record, &s, &out);
    char *id = arena_strdup(w->kept, schema_get_text(made, "id"));
    put(w, &out);
    return id;
}

static void write_people(struct writer *w)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    for (int i = 0; i < PEOPLE; i++) {
        Baton__User u = BATON__USER__INIT;
        u.name = arena_printf(w->record, "Person %d", i);
        u.has_status = true;
        u.status = BATON__USER_STATUS__USER_STATUS_ACTIVE;
        w->people[i] = create(w, &u.base);
    }
    o.time_zone = "UTC";
    o.last_resort_user_id = w->people[0];
    (void)create(w, &o.base);
}

static void write_policy(struct writer *w)
{
    Baton__Rule rules[POOLS], *list[POOLS];
    Baton__Condition conditions[POOLS], *condition_lists[POOLS];
    char *values[POOLS];
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PolicyPublished e = BATON__POLICY_PUBLISHED__INIT;
    for (int i = 0; i < POOLS; i++) {
        list[i] = &rules[i];
        condition_lists[i] = &conditions[i];
        values[i] = arena_printf(w->record, "Country %d", i);
        baton__rule__init(&rules[i]);
        baton__condition__init(&conditions[i]);
        conditions[i].field = "address.country";
        conditions[i].has_operator_ = true;
        conditions[i].operator_ = BATON__OPERATOR__OPERATOR_IS;
        conditions[i].values = &values[i];
        conditions[i].n_values = 1;
        rules[i].name = values[i];
        rules[i].pool_id = w->pools[i];
        rules[i].conditions = &condition_lists[i];
        rules[i].n_conditions = i + 1 < POOLS;
    }
    policy.has_version = true;
    policy.version = 1;
    policy.rules = list;
    policy.n_rules = POOLS;
    e.policy = &policy;
    struct outcome out = {.arena = w->record};
    outcome_event(&out, &e);
    put(w, &out);
}

static void write_pools(struct writer *w)
{
    for (int i = 0; i < POOLS; i++) {
        Baton__Pool pool = BATON__POOL__INIT;
        Baton__PoolMember members[PEOPLE / POOLS], *list[PEOPLE / POOLS];
        pool.name = arena_printf(w->record, "Pool %d", i);
        pool.members = list;
        for (int k = 0; k < PEOPLE / POOLS; k++) {
            list[k] = &members[k];
            baton__pool_member__init(list[k]);
            list[k]->user_id = w->people[i * (PEOPLE / POOLS) + k];
        }
        pool.n_members = PEOPLE / POOLS;
        w->pools[i] = create(w, &pool.base);
    }
}

static void write_lead(struct writer *w, uint64_t n)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    struct stamp s = stamp_now(w);
    struct outcome out = {.arena = w->record};
    const struct leads_capture_facts facts = {.routing = leads_state_routing(&w->load)};
    lead.first_name = "Ada";
    lead.last_name = arena_printf(w->record, "Buyer %" PRIu64, n);
    lead.email = arena_printf(w->record, "buyer%" PRIu64 "@b.example", n);
    lead.company = arena_printf(w->record, "Company %" PRIu64, n % 5000);
    lead.lead_source = "web";
    address.country = arena_printf(w->record, "Country %" PRIu64, n * 7 % (POOLS + 2));
    lead.address = &address;
    (void)leads_take_in(leads_tidy(&lead, w->record), NULL, NULL, &facts, &s, &out);
    put(w, &out);
}

static void writer_open(struct writer *w, const char *dir)
{
    static const uint8_t random[LOG_ID_SIZE] = {1};
    static const uint8_t first[10] = {1};
    *w = (struct writer){.record = arena_new(MEMORY), .kept = arena_new(MEMORY)};
    baton__actor__init(&w->actor);
    w->store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = leads_tables, .n_tables = LEADS_TABLES});
    if (w->store == NULL)
        drive_die("no store in %s", dir);
    log_prepare(w->store, random);
    ident_source_advance(&w->ids, START_US, first);
    w->load.txn = store_begin(w->store, true);
    w->load.arena = w->record;
    w->load.state = leads_state_new();
    w->load.now_us = START_US;
}

static void write_log(const char *dir, uint64_t leads)
{
    struct writer w;
    writer_open(&w, dir);
    write_people(&w);
    write_pools(&w);
    write_policy(&w);
    for (uint64_t n = 0; n < leads; n++) {
        w.load.now_us += 1000000 / LEADS_A_SECOND;
        write_lead(&w, n);
        if (n % COMMIT_EVERY == 0) {
            if (!store_commit(w.load.txn) || (w.load.txn = store_begin(w.store, true)) == NULL)
                drive_die("the log cannot be written");
        }
    }
    if (!store_commit(w.load.txn))
        drive_die("the log cannot be written");
    store_close(w.store);
    leads_state_free(w.load.state);
    arena_free(w.record);
    arena_free(w.kept);
}

static double processor_seconds(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_CHILDREN, &u); /* cannot fail with these arguments */
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Seconds of one processor. */
static double replay(const char *programs, const char *data, const char *version)
{
    struct arena *a = arena_new(MEMORY);
    char *program = arena_printf(a, "%s/baton", programs), *log = arena_printf(a, "%s/replay.log", data);
    double begin = processor_seconds();
    pid_t pid = drive_spawn((const char *[]){program, "policy", "replay", "--json", "--data", data,
                                             version ? "--version" : NULL, version, NULL},
                            log);
    if (drive_wait(pid) != 0)
        drive_die("replay found something: see %s", log);
    arena_free(a);
    return processor_seconds() - begin;
}

int main(int argc, char **argv)
{
    static const struct {
        uint64_t leads;
        const char *name;
    } sizes[] = {{10000, "replay-10k"}, {100000, "replay-100k"}, {1000000, "replay"}};
    struct arena *a = arena_new(MEMORY);
    const char *programs = drive_option(argc, argv, "programs", NULL);
    const char *data = drive_option(argc, argv, "data", NULL);
    schema_load();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t leads = sizes[i].leads;
        char *folder = arena_printf(a, "%s-%" PRIu64, data, leads);
        if (mkdir(folder, 0700) != 0)
            drive_die("cannot make %s", folder);
        write_log(arena_printf(a, "%s/leads", folder), leads);
        bench_row(sizes[i].name, replay(programs, folder, NULL), "s", (double)leads * PEER_SECONDS / 1e6);
        bench_remark("another policy over %" PRIu64 " leads, and how they went: %.2f s", leads,
                     replay(programs, folder, "1"));
    }
    arena_free(a);
    return 0;
}
