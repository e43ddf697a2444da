/* All services in one seeded process: leads arrive while messages are lost and services stop and start again;
   in the end every lead is there once, is held, and was told once.

   test_sim [--seeds N | --seed S] */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "bus/client.h"
#include "contacts/contacts.h"
#include "directory/directory.h"
#include "documents/documents.h"
#include "leads/leads.h"
#include "notifications/notifications.h"
#include "opportunities/opportunities.h"
#include "service/apply.h"
#include "sim/world.h"
#include "store/log.h"

enum { SERVICES = 6, LEADS = 40, REPS = 5, LOST_PERMILLE = 20, DAY_EVERY = 10, DAY_HOURS = 7 };
static const int64_t SECOND = 1000000, START = 1772431200ll * 1000000; /* Monday, 2026-03-02 06:00 UTC */

static const struct service_def *const defs[SERVICES] = {
    &directory_service, &contacts_service,      &leads_service,
    &documents_service, &opportunities_service, &notifications_service,
};

struct run {
    struct world *world;
    struct service *services[SERVICES];
    struct client *client;
    char dir[256];
    struct directory_boot boot;
    Baton__Actor admin;
    char admin_id[40], team[40], pool[40], reps[REPS][40];
    uint64_t seed;
    unsigned restarts;
};

static void service_up(struct run *r, int i)
{
    char dir[512];
    snprintf(dir, sizeof dir, "%s/%s", r->dir, defs[i]->name);
    struct service_options o = {.world = r->world, .dir = dir, .no_sync = true, .boot = &r->boot};
    r->services[i] = service_new(defs[i], &o);
    assert(r->services[i]);
}

static void service_crash(struct run *r, int i)
{
    sim_cut(r->world, defs[i]->name);
    service_free(r->services[i]);
    r->services[i] = NULL;
    r->restarts++;
}

/* One request until it is answered for good; the same request id each time. */
struct asking {
    bool done;
    struct refusal no;
    struct arena *arena;
    const struct schema_message *output;
    ProtobufCMessage *response;
};

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct asking *a = arg;
    a->done = true;
    a->no = no ? *no : (struct refusal){0};
    if (!no)
        a->response = schema_unpack(a->output, body, a->arena);
}

static bool retry(const struct refusal *no)
{
    return no->code == REFUSAL_UNAVAILABLE || no->code == REFUSAL_DEADLINE_EXCEEDED;
}

static void *ask(struct run *r, const char *service, const char *method, void *request, struct arena *a,
                 struct refusal *no)
{
    struct asking q = {.arena = a, .output = schema_method(method)->output};
    struct call call = {.service = service,
                        .method = method,
                        .actor = &r->admin,
                        .timeout_ms = 2000,
                        .body = schema_pack(request, a)};
    for (int tries = 0; tries < 200; tries++) {
        q.done = false;
        if (client_call(r->client, &call, on_reply, &q, &q.no)) {
            while (!q.done)
                if (!sim_step(r->world, sim_now(r->world) + 10 * SECOND))
                    break;
            assert(q.done);
        }
        *no = q.no;
        if (q.response || !retry(&q.no))
            return q.response;
        sim_run_until(r->world, sim_now(r->world) + SECOND / 5);
    }
    return NULL;
}

static void must(const struct run *r, bool ok, const char *what, const struct refusal *no)
{
    if (ok)
        return;
    fprintf(stderr, "seed %llu: %s: %s (%s)\n", (unsigned long long)r->seed, what, no ? no->message : "",
            no ? no->field : "");
    abort();
}

static ProtobufCMessage *create(struct run *r, const char *service, ProtobufCMessage *record, struct arena *a)
{
    struct refusal no = {0};
    const struct schema_field *member;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = arena_printf(a, "setup-%llx-%llx", (unsigned long long)sim_draw(r->world, UINT64_MAX),
                                (unsigned long long)r->seed);
    q.record = record_wrap(record, a);
    Baton__CreateRecordResponse *p = ask(r, service, "RecordService/CreateRecord", &q, a, &no);
    must(r, p != NULL, "a record was refused", &no);
    return schema_oneof(&p->record->base, &member);
}

static void find_admin(struct run *r, struct arena *a)
{
    struct refusal no = {0};
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = "organisation";
    Baton__GetRecordResponse *p = ask(r, "directory", "RecordService/GetRecord", &q, a, &no);
    must(r, p != NULL, "there is no organisation", &no);
    snprintf(r->admin_id, sizeof r->admin_id, "%s", p->record->organisation->last_resort_user_id);
    r->admin.user_id = r->admin_id;
}

static void set_up_company(struct run *r)
{
    struct refusal no = {0};
    struct arena *a = arena_new(16 << 20);
    find_admin(r, a);
    Baton__Pool pool = BATON__POOL__INIT;
    Baton__PoolMember members[REPS], *list[REPS];
    for (int i = 0; i < REPS; i++) {
        Baton__User u = BATON__USER__INIT;
        u.name = arena_printf(a, "Rep %d", i);
        u.email = arena_printf(a, "rep%d@b.example", i);
        u.has_role = true;
        u.role = BATON__ROLE__ROLE_REP;
        ProtobufCMessage *made = create(r, "directory", &u.base, a);
        snprintf(r->reps[i], sizeof r->reps[i], "%s", schema_get_text(made, "id"));
        baton__pool_member__init(&members[i]);
        members[i].user_id = r->reps[i];
        list[i] = &members[i];
    }
    /* leads hears of the users by following; only then it can know them */
    sim_run_until(r->world, sim_now(r->world) + 20 * SECOND);
    pool.name = "everybody";
    pool.members = list;
    pool.n_members = REPS;
    ProtobufCMessage *made = create(r, "leads", &pool.base, a);
    snprintf(r->pool, sizeof r->pool, "%s", schema_get_text(made, "id"));
    Baton__Rule rule = BATON__RULE__INIT, *rules[] = {&rule};
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    rule.name = "all";
    rule.pool_id = r->pool;
    policy.rules = rules;
    policy.n_rules = 1;
    q.policy = &policy;
    q.request_id = "policy";
    must(r, ask(r, "leads", "LeadService/PublishPolicy", &q, a, &no) != NULL, "no policy", &no);
    arena_free(a);
}

/* Between leads anything may go down and come back. */
static void disturb(struct run *r)
{
    if (sim_draw(r->world, 4) != 0)
        return;
    int i = (int)sim_draw(r->world, SERVICES);
    service_crash(r, i);
    sim_run_until(r->world, sim_now(r->world) + (int64_t)sim_draw(r->world, 2 * (uint64_t)SECOND));
    service_up(r, i);
}

static void capture(struct run *r, int n)
{
    struct refusal no = {0};
    struct arena *a = arena_new(1 << 20);
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    lead.email = arena_printf(a, "lead%d@c.example", n);
    lead.company = arena_printf(a, "Company %d", n);
    q.lead = &lead;
    q.request_id = arena_printf(a, "lead-%d", n);
    Baton__CaptureLeadResponse *p = ask(r, "leads", "LeadService/CaptureLead", &q, a, &no);
    must(r, p != NULL, "a lead was refused", &no);
    must(r, p->lead && p->lead->owner_id, "a lead has no holder", NULL);
    arena_free(a);
}

static void check_custody(struct run *r)
{
    struct refusal no = {0};
    struct arena *a = arena_new(16 << 20);
    Baton__GetCustodyRequest q = BATON__GET_CUSTODY_REQUEST__INIT;
    Baton__GetCustodyResponse *p = ask(r, "leads", "LeadService/GetCustody", &q, a, &no);
    must(r, p != NULL, "no custody", &no);
    must(r, p->custody->received == LEADS, "leads were lost or doubled", NULL);
    must(r, p->custody->held + p->custody->merged + p->custody->rejected == LEADS, "the custody sum is wrong",
         NULL);
    arena_free(a);
}

/* Every decision about a lead told exactly one person once: as many notifications as assignments and
   reminders in the leads log. */
static uint64_t count_events(struct run *r, int service, Baton__Event__EventCase of,
                             Baton__Event__EventCase or)
{
    uint64_t n = 0;
    struct store *store = service_store(r->services[service]);
    struct arena *a = arena_new(16 << 20);
    struct txn *t = store_begin(store, false);
    for (uint64_t seq = 1; seq <= log_head(store).seq; seq++) {
        arena_reset(a);
        Baton__LogRecord *record = log_get(t, seq, a);
        for (size_t i = 0; i < record->n_events; i++)
            n += record->events[i]->event_case == of || record->events[i]->event_case == or ;
    }
    store_abort(t);
    arena_free(a);
    return n;
}

static void wrong_index(void *arg, const char *what)
{
    must(arg, false, what, NULL);
}

/* The log alone makes the same rows, byte for byte. */
static void check_replay(struct run *r, int i)
{
    char dir[512];
    struct arena *a = arena_new(256 << 20);
    struct store *live = service_store(r->services[i]);
    snprintf(dir, sizeof dir, "%s/replay-%s", r->dir, defs[i]->name);
    struct store_options o = {
        .dir = dir, .no_sync = true, .tables = defs[i]->tables, .n_tables = defs[i]->n_tables};
    struct store *scratch = store_open(&o);
    struct txn *from = store_begin(live, false), *to = store_begin(scratch, true);
    for (uint64_t seq = 1; seq <= log_head(live).seq; seq++) {
        arena_reset(a);
        service_apply(defs[i], to, log_get(from, seq, a), a);
    }
    for (unsigned t = 0; t < defs[i]->n_tables; t++) {
        struct scan left, right;
        struct bytes k1, v1, k2, v2;
        table_check(from, t, a, wrong_index, r);
        scan_open(&left, from, table_bucket(live, t), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
        scan_open(&right, to, table_bucket(scratch, t), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
        for (;;) {
            bool l = scan_next(&left, &k1, &v1), s = scan_next(&right, &k2, &v2);
            must(r, l == s, "replay has other rows", NULL);
            if (!l)
                break;
            must(r, bytes_equal(k1, k2) && bytes_equal(v1, v2), "a replayed row differs", NULL);
        }
        scan_close(&left);
        scan_close(&right);
    }
    store_abort(from);
    store_abort(to);
    store_close(scratch);
    arena_free(a);
}

static void run_seed(uint64_t seed)
{
    struct run *r = calloc(1, sizeof *r);
    char command[300];
    assert(r);
    r->seed = seed;
    snprintf(r->dir, sizeof r->dir, "%s/baton-sim-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert(mkdtemp(r->dir));
    hash_text(r->boot.admin_hash, "admin");
    hash_text(r->boot.setup_hash, "setup");
    baton__actor__init(&r->admin);
    r->admin.has_role = true;
    r->admin.role = BATON__ROLE__ROLE_ADMIN;
    struct sim_options o = {.seed = seed, .start_us = START, .delay_max_us = 20000};
    r->world = sim_new(&o);
    for (int i = 0; i < SERVICES; i++)
        service_up(r, i);
    r->client = client_new(r->world);
    sim_run_until(r->world, START + SECOND);
    set_up_company(r);
    sim_set_lost(r->world, LOST_PERMILLE);
    for (int n = 0; n < LEADS; n++) {
        disturb(r);
        capture(r, n);
    }
    sim_set_lost(r->world, 0);
    sim_run_until(r->world, sim_now(r->world) + 30 * SECOND);
    /* On some seeds the working day goes on: reminders, deadlines that pass, leads that move on to the next.
     */
    if (seed % DAY_EVERY == 1)
        sim_run_until(r->world, START + DAY_HOURS * 3600 * SECOND);
    check_custody(r);
    uint64_t told =
        count_events(r, 5, BATON__EVENT__EVENT_NOTIFICATION_CREATED, BATON__EVENT__EVENT__NOT_SET);
    uint64_t asked =
        count_events(r, 2, BATON__EVENT__EVENT_LEAD_ASSIGNED, BATON__EVENT__EVENT_LEAD_DEADLINE_NEAR);
    must(r, told == asked && asked >= LEADS, "not everybody was told exactly once", NULL);
    uint64_t passed =
        count_events(r, 2, BATON__EVENT__EVENT_LEAD_DEADLINE_PASSED, BATON__EVENT__EVENT__NOT_SET);
    must(r, (passed > 0) == (seed % DAY_EVERY == 1), "deadlines pass in working time, and then only", NULL);
    for (int i = 0; i < SERVICES; i++)
        check_replay(r, i);
    client_free(r->client);
    for (int i = 0; i < SERVICES; i++)
        service_free(r->services[i]);
    sim_free(r->world);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    if (system(command) != 0)
        fprintf(stderr, "could not remove %s\n", r->dir);
    free(r);
}

int main(int argc, char **argv)
{
    uint64_t from = 1, n = 20;
    if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
        n = strtoull(argv[2], NULL, 10);
    else if (argc == 3 && strcmp(argv[1], "--seed") == 0)
        from = strtoull(argv[2], NULL, 10), n = 1;
    for (uint64_t seed = from; seed < from + n; seed++)
        run_seed(seed);
    printf("%llu passed, 0 failed\n", (unsigned long long)n);
    return 0;
}
