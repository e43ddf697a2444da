/* A small deployment in the seeded world, for drills: the directory, leads and notifications, and one client.
 */
#ifndef BATON_TESTS_DRILL_H
#define BATON_TESTS_DRILL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "bus/client.h"
#include "directory/directory.h"
#include "leads/leads.h"
#include "notifications/notifications.h"
#include "service/service.h"
#include "sim/world.h"
#include "store/copy.h"
#include "store/log.h"

enum { SERVICES = 3, DIRECTORY = 0, LEADS = 1, NOTIFICATIONS = 2, REPS = 5, MEMORY = 64 << 20 };
static const int64_t START_US = INT64_C(1772440200) * SIM_SECOND; /* Monday, 2026-03-02 08:30 UTC */

static const struct service_def *const defs[SERVICES] = {
    [DIRECTORY] = &directory_service, [LEADS] = &leads_service, [NOTIFICATIONS] = &notifications_service};

struct drill {
    uint64_t seed, random, asked;
    struct sim_world *world;
    struct host *hosts[SERVICES], *client_host;
    struct service *services[SERVICES];
    struct client *client;
    struct directory_boot boot;
    Baton__Actor admin;
    char dir[64], first_user[40];
    struct arena *memory;
    bool kept; /* there is an older store to be put back */
};

/* An assert here must end the child with a message. */
static void must(const struct drill *d, bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "seed %llu: %s\n", (unsigned long long)d->seed, what);
    abort();
}

/* --- the world --- */

static void on_host(void *arg, struct host *h)
{
}

static void on_send(void *arg, struct host *from, struct host *to, struct bytes envelope, struct bytes body)
{
}

static void on_round(void *arg, struct host *h, bool alive)
{
    must(arg, alive, "a host died");
}

static void on_wrong(void *arg, const char *what)
{
    must(arg, false, what);
}

static void until(struct drill *d, int64_t seconds_from_now)
{
    int64_t end = world_now(d->world) + seconds_from_now * SIM_SECOND;
    while (world_step(d->world, end))
        ;
}

static void path_of(const struct drill *d, int i, const char *file, char out[128])
{
    snprintf(out, 128, "%s/%s%s", d->dir, defs[i]->name, file);
}

struct starting {
    struct drill *drill;
    int i;
    const struct service_def *def;
};

static void begin(void *arg)
{
    struct drill *d = ((struct starting *)arg)->drill;
    int i = ((struct starting *)arg)->i;
    char dir[128];
    path_of(d, i, "", dir);
    struct service_options o = {
        .world = host_world(d->hosts[i]), .dir = dir, .no_sync = true, .boot = &d->boot};
    d->services[i] = service_new(((struct starting *)arg)->def, &o);
}

static void up_as(struct drill *d, int i, const struct service_def *def)
{
    must(d, host_run(d->hosts[i], begin, &(struct starting){d, i, def}) && d->services[i],
         "it does not start");
}

static void up(struct drill *d, int i)
{
    up_as(d, i, defs[i]);
}

static void end(void *arg)
{
    service_free(arg);
}

static void down(struct drill *d, int i)
{
    must(d, host_run(d->hosts[i], end, d->services[i]), "it does not end");
    d->services[i] = NULL;
    host_clear(d->hosts[i]);
}

/* --- an older store --- */

static bool take(void *arg, struct bytes piece)
{
    return fwrite(piece.data, 1, piece.size, arg) == piece.size;
}

static inline void back_up(struct drill *d, int i)
{
    char path[128];
    path_of(d, i, ".older", path);
    FILE *f = fopen(path, "we");
    struct snapshot *now = snapshot_new(service_store(d->services[i]));
    must(d, f && now && snapshot_copy(now, take, f) && fclose(f) == 0, "no backup");
    snapshot_free(now);
    d->kept = true;
}

/* The store of before in its place, or none. */
static inline void put_back(struct drill *d, int i)
{
    char from[128], to[128], dir[128];
    path_of(d, i, ".older", from);
    path_of(d, i, "/data.mdb", to);
    path_of(d, i, "", dir);
    must(d, unlink(to) == 0, "no store");
    if (!d->kept)
        return;
    must(d, rename(from, to) == 0, "no older store");
    struct store *s = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = defs[i]->tables, .n_tables = defs[i]->n_tables});
    struct txn *t = store_begin(s, true);
    struct restored mark = {.at = log_head(s), .time_us = world_now(d->world)};
    restored_put(t, &mark);
    must(d, store_commit(t), "not marked");
    store_close(s);
}

/* --- asking --- */

struct asking {
    struct drill *drill;
    struct call call;
    bool is_done;
    struct refusal no;
    ProtobufCMessage *reply;
};

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct asking *q = arg;
    q->is_done = true;
    if (no)
        q->no = *no;
    else
        q->reply = schema_unpack(schema_method(q->call.method)->output, body, q->drill->memory);
}

static void send(void *arg)
{
    struct asking *q = arg;
    if (!client_call(q->drill->client, &q->call, on_reply, q, &q->no))
        q->is_done = true;
}

/* One try. NULL: refused, `no` says why. */
static void *ask_once(struct drill *d, int i, const char *method, const void *request, struct refusal *no)
{
    struct asking q = {.drill = d,
                       .call = {.service = defs[i]->name,
                                .method = method,
                                .actor = &d->admin,
                                .timeout_ms = 2000,
                                .body = schema_pack(request, d->memory)}};
    must(d, host_run(d->client_host, send, &q), "the client died");
    host_wake(d->client_host);
    while (!q.is_done)
        must(d, world_step(d->world, world_now(d->world) + 10 * SIM_SECOND), "a call was never answered");
    *no = q.no;
    return q.reply;
}

static bool is_passing(const struct refusal *no)
{
    return no->code == REFUSAL_UNAVAILABLE || no->code == REFUSAL_DEADLINE_EXCEEDED;
}

/* Until there is a good answer. */
static void *ask(struct drill *d, int i, const char *method, const void *request)
{
    struct refusal no = {0};
    void *reply = NULL;
    for (int tries = 0; !reply && tries < 100; tries++) {
        reply = ask_once(d, i, method, request, &no);
        must(d, reply || is_passing(&no), no.message);
    }
    must(d, reply != NULL, "was asked in vain");
    return reply;
}

static char *request_id(struct drill *d)
{
    return arena_printf(d->memory, "ask-%llu", (unsigned long long)++d->asked);
}

static const char *create(struct drill *d, int i, ProtobufCMessage *record)
{
    const struct schema_field *member;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = request_id(d);
    q.record = record_wrap(record, d->memory);
    Baton__CreateRecordResponse *r = ask(d, i, "RecordService/CreateRecord", &q);
    return schema_get_text(schema_oneof(&r->record->base, &member), "id");
}

static const char *create_user(struct drill *d, const char *name)
{
    Baton__User u = BATON__USER__INIT;
    u.name = arena_strdup(d->memory, name);
    u.email = arena_printf(d->memory, "%s@b.example", name);
    u.has_role = true;
    u.role = BATON__ROLE__ROLE_REP;
    return create(d, DIRECTORY, &u.base);
}

static void capture(struct drill *d)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    q.request_id = request_id(d);
    lead.email = arena_printf(d->memory, "%s@c.example", q.request_id);
    q.lead = &lead;
    Baton__CaptureLeadResponse *r = ask(d, LEADS, "LeadService/CaptureLead", &q);
    must(d, r->lead && r->lead->owner_id, "a lead has no holder");
}

static void set_up_company(struct drill *d)
{
    Baton__PoolMember members[REPS], *list[REPS];
    Baton__Pool pool = BATON__POOL__INIT;
    for (int i = 0; i < REPS; i++) {
        baton__pool_member__init(&members[i]);
        members[i].user_id = (char *)(uintptr_t)create_user(d, arena_printf(d->memory, "rep%d", i));
        list[i] = &members[i];
    }
    snprintf(d->first_user, sizeof d->first_user, "%s", members[0].user_id);
    until(d, 5);
    pool.name = "everybody";
    pool.members = list;
    pool.n_members = REPS;
    Baton__Rule rule = BATON__RULE__INIT, *rules[] = {&rule};
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    rule.name = "all";
    rule.pool_id = (char *)(uintptr_t)create(d, LEADS, &pool.base);
    policy.rules = rules;
    policy.n_rules = 1;
    q.policy = &policy;
    q.request_id = request_id(d);
    (void)ask(d, LEADS, "LeadService/PublishPolicy", &q); /* asserts that it was done */
}

static struct drill *drill_new(uint64_t seed)
{
    struct drill *d = calloc(1, sizeof *d);
    struct sim_hooks hooks = {
        .call = on_host, .send = on_send, .round = on_round, .wrong = on_wrong, .arg = d};
    d->seed = seed;
    d->random = sim_mix(seed, 5);
    d->memory = arena_new(SIZE_MAX / 2);
    snprintf(d->dir, sizeof d->dir, "%s", "/tmp/baton-drill-XXXXXX");
    must(d, mkdtemp(d->dir) != NULL, "no folder");
    hash_text(d->boot.admin_hash, "admin");
    baton__actor__init(&d->admin);
    d->admin.has_role = true;
    d->admin.role = BATON__ROLE__ROLE_ADMIN;
    d->world = world_new(seed, START_US, &hooks);
    world_weather(d->world, &(struct weather){.delay_max_us = 2000});
    for (int i = 0; i < SERVICES; i++)
        d->hosts[i] = host_new(d->world, defs[i]->name);
    d->client_host = host_new(d->world, "client");
    schema_load();
    for (int i = 0; i < SERVICES; i++)
        up(d, i);
    d->client = client_new(host_world(d->client_host));
    until(d, 1);
    return d;
}

static void drill_end(struct drill *d)
{
    char command[128];
    for (int i = 0; i < SERVICES; i++)
        down(d, i);
    client_free(d->client);
    world_free(d->world);
    snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
    must(d, system(command) == 0, "its folder stays");
    arena_free(d->memory);
    free(d);
}

#endif
