/* Services, people and teams; records are in records.c. */
#include "matrix/company.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "contacts/contacts.h"
#include "directory/directory.h"
#include "documents/documents.h"
#include "leads/leads.h"
#include "matrix/internal.h"
#include "notifications/notifications.h"
#include "opportunities/opportunities.h"
#include "service/service.h"
#include "store/log.h"

enum { CELL_MEMORY = 64 << 20 };
static const int64_t SECOND = 1000000, SETTLED = 1000, HALT = 3 * 1000000;
/* Monday, 2026-03-02 06:00 UTC: no deadline passes before the working day begins, three hours later. */
static const int64_t START = 1772431200ll * 1000000;

static const struct service_def *const defs[COMPANY_SERVICES] = {
    &directory_service, &contacts_service,      &leads_service,
    &documents_service, &opportunities_service, &notifications_service,
};

static void services_up(struct company *c)
{
    struct directory_boot boot = {0};
    hash_text(boot.admin_hash, COMPANY_TOKEN);
    for (int i = 0; i < COMPANY_SERVICES; i++) {
        const char *dir = arena_printf(c->arena, "%s/%s", c->dir, defs[i]->name);
        if (defs[i]->keeps_files)
            c->files = service_files_open(dir, NULL);
        struct service_options o = {
            .world = c->world, .dir = dir, .no_sync = true, .boot = &boot, .files = c->files};
        c->services[i] = service_new(defs[i], &o);
        assert(c->services[i]);
    }
}

/* --- requests --- */

struct asking {
    struct company *company;
    const struct schema_method *method;
    struct answer answer;
    bool done;
};

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct asking *q = arg;
    q->done = true;
    if (no)
        q->answer.no = *no;
    else
        q->answer.reply = schema_unpack(q->method->output, body, q->company->arena);
}

/* Time passes only as far as consequences need it: what waits for seconds (a sweep, a deadline) comes due in
   no cell, however many there are. */
static void settle(struct company *c)
{
    int64_t until_us = calm_now(c->world) + SETTLED;
    while (calm_step(c->world, until_us))
        ;
    assert(calm_now(c->world) < START + HALT);
}

static struct answer ask(struct company *c, const char *service, const Baton__Actor *actor,
                         const struct schema_method *method, ProtobufCMessage *request)
{
    struct asking q = {.company = c, .method = method};
    struct call call = {
        .service = service, .method = method->name, .actor = actor, .body = schema_pack(request, c->arena)};
    bool taken = client_call(c->client, &call, on_reply, &q, &q.answer.no);
    assert(taken);
    while (!q.done && calm_step(c->world, calm_now(c->world) + 10 * SECOND))
        ;
    assert(q.done && (q.answer.reply || q.answer.no.code != REFUSAL_NONE));
    settle(c);
    return q.answer;
}

/* Every service answers about itself; one speaks for all. */
struct answer company_ask(struct company *c, const Baton__Actor *actor, const struct schema_method *method,
                          ProtobufCMessage *request)
{
    struct refusal no;
    bool is_any = strcmp(method->service, "SystemService") == 0;
    const char *service = is_any ? defs[0]->name : client_route(method, request, &no);
    assert(service);
    return ask(c, service, actor, method, request);
}

struct answer company_ask_at(struct company *c, size_t service, const Baton__Actor *actor,
                             const struct schema_method *method, ProtobufCMessage *request)
{
    return ask(c, defs[service]->name, actor, method, request);
}

bool company_keeps(size_t service, const struct schema_message *record)
{
    return strcmp(defs[service]->name, record->record->service) == 0;
}

void *company_must(struct company *c, const Baton__Actor *actor, const char *method, void *request)
{
    struct answer a = company_ask(c, actor, schema_method(method), request);
    if (!a.reply)
        fprintf(stderr, "%s: %s (%s)\n", method, a.no.message, a.no.field);
    assert(a.reply);
    return a.reply;
}

void company_create(struct company *c, void *record, char id[COMPANY_ID_SIZE])
{
    const struct schema_field *member;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.record = record_wrap(record, c->arena);
    Baton__CreateRecordResponse *p = company_must(c, &c->boss.actor, "RecordService/CreateRecord", &q);
    company_keep_id(id, schema_get_text(schema_oneof(&p->record->base, &member), "id"));
}

void company_keep_id(char id[COMPANY_ID_SIZE], const char *from)
{
    assert(from && strlen(from) < COMPANY_ID_SIZE);
    snprintf(id, COMPANY_ID_SIZE, "%s", from);
}

/* --- people --- */

static void be(struct person *p, Baton__Role role)
{
    baton__actor__init(&p->actor);
    p->actor.user_id = p->id;
    p->actor.has_role = true;
    p->actor.role = role;
}

static void hire(struct company *c, struct person *p, Baton__Role role, char *team_id)
{
    Baton__User u = BATON__USER__INIT;
    u.name = arena_printf(c->arena, "Person %u", company_number(c));
    u.email = arena_printf(c->arena, "person%u@hq.example", company_number(c));
    u.has_role = true;
    u.role = role;
    u.team_id = team_id;
    company_create(c, &u.base, p->id);
    be(p, role);
}

static void team_up(struct company *c, char *manager_id, char *parent_id, char id[COMPANY_ID_SIZE])
{
    Baton__Team t = BATON__TEAM__INIT;
    t.name = arena_printf(c->arena, "Team %u", company_number(c));
    t.manager_id = manager_id;
    t.parent_id = parent_id;
    company_create(c, &t.base, id);
}

static void join(struct company *c, struct person *p, char *team_id)
{
    Baton__User u = BATON__USER__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    u.id = p->id;
    u.team_id = team_id;
    q.record = record_wrap(&u.base, c->arena);
    (void)company_must(c, &c->boss.actor, "RecordService/UpdateRecord", &q); /* it was not refused */
}

/* Whoever calls is named manager of the team, whatever their role: only a manager's sees more by that, and
   sees what is in the teams below as well. */
static void people_make(struct company *c, size_t column)
{
    struct circle *k = &c->circles[column];
    char team[COMPANY_ID_SIZE], below[COMPANY_ID_SIZE], foreign[COMPANY_ID_SIZE];
    const struct table_column *who = &table_columns[column];
    if (who->is_person) {
        hire(c, &k->people[OWN], who->role, NULL);
        team_up(c, k->people[OWN].id, NULL, team);
        team_up(c, NULL, team, below);
        join(c, &k->people[OWN], team);
        hire(c, &k->people[TEAMS], BATON__ROLE__ROLE_REP,
             who->role == BATON__ROLE__ROLE_MANAGER ? below : team);
    }
    team_up(c, NULL, NULL, foreign);
    hire(c, &k->people[FOREIGN], BATON__ROLE__ROLE_REP, foreign);
    k->is_made = true;
}

const struct person *company_person(struct company *c, size_t column, enum whose whose)
{
    if (!c->circles[column].is_made)
        people_make(c, column);
    return &c->circles[column].people[whose];
}

const Baton__Actor *company_caller(struct company *c, size_t column)
{
    static const Baton__Actor system = {.base = PROTOBUF_C_MESSAGE_INIT(&baton__actor__descriptor),
                                        .service = (char *)"gateway",
                                        .has_role = true,
                                        .role = BATON__ROLE__ROLE_SYSTEM};
    if (table_columns[column].is_person)
        return &company_person(c, column, OWN)->actor;
    return table_columns[column].role == BATON__ROLE__ROLE_SYSTEM ? &system : NULL;
}

/* --- the company --- */

static void find_boss(struct company *c)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = "organisation";
    be(&c->boss, BATON__ROLE__ROLE_ADMIN);
    Baton__GetRecordResponse *p = company_must(c, &c->boss.actor, "RecordService/GetRecord", &q);
    company_keep_id(c->boss.id, p->record->organisation->last_resort_user_id);
}

static void let_boss_sign_in(struct company *c)
{
    Baton__User u = BATON__USER__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    Baton__SetPasswordRequest password = BATON__SET_PASSWORD_REQUEST__INIT;
    u.id = c->boss.id;
    u.email = COMPANY_MAIL;
    q.record = record_wrap(&u.base, c->arena);
    password.new_password = COMPANY_PASSWORD;
    (void)company_must(c, &c->boss.actor, "RecordService/UpdateRecord", &q);
    (void)company_must(c, &c->boss.actor, "DirectoryService/SetPassword", &password);
}

static void let_leads_in(struct company *c)
{
    Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    char id[COMPANY_ID_SIZE];
    form.name = COMPANY_FORM;
    company_create(c, &form.base, id);
    q.policy = &policy;
    for (int i = 0; i < 2; i++) /* one to roll back to */
        (void)company_must(c, &c->boss.actor, "LeadService/PublishPolicy", &q);
}

struct company *company_new(void)
{
    struct company *c = calloc(1, sizeof *c);
    assert(c);
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(c->dir, sizeof c->dir, "%s/baton-matrix-XXXXXX", base);
    char *made = mkdtemp(c->dir);
    assert(made);
    schema_load();
    c->arena = arena_new(CELL_MEMORY);
    c->world = calm_new(START);
    services_up(c);
    c->client = client_new(c->world);
    calm_run(c->world, START + SECOND);
    find_boss(c);
    let_boss_sign_in(c);
    let_leads_in(c);
    hire(c, &c->deputy, BATON__ROLE__ROLE_REP, NULL);
    return c;
}

void company_free(struct company *c)
{
    client_free(c->client);
    for (int i = 0; i < COMPANY_SERVICES; i++)
        service_free(c->services[i]);
    calm_free(c->world);
    files_close(c->files);
    char *command = arena_printf(c->arena, "rm -rf '%s'", c->dir);
    if (system(command) != 0)
        fprintf(stderr, "could not remove %s\n", c->dir);
    arena_free(c->arena);
    free(c);
}

void company_say_access(struct company *c, Baton__CustomerAccess access)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    o.has_customer_access = true;
    o.customer_access = access;
    q.record = record_wrap(&o.base, c->arena);
    (void)company_must(c, &c->boss.actor, "RecordService/UpdateRecord", &q); /* it was not refused */
    calm_run(c->world, calm_now(c->world) + SECOND);
}

struct arena *company_arena(struct company *c)
{
    return c->arena;
}

unsigned company_number(struct company *c)
{
    return ++c->number;
}

const char *company_boss(struct company *c)
{
    return c->boss.id;
}

const char *company_deputy(struct company *c)
{
    return c->deputy.id;
}

static uint32_t rows_of(struct store *store, struct txn *t, unsigned table, uint32_t crc)
{
    struct scan scan;
    struct bytes key, value;
    scan_open(&scan, t, table_bucket(store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &key, &value)) {
        crc = crc32c(crc, key.data, key.size);
        crc = crc32c(crc, value.data, value.size);
    }
    scan_close(&scan);
    return crc;
}

/* Who looked is written down after a while, whoever asks for what then: no cell's doing. */
static uint64_t asked_for(struct company *c, int service, struct txn *t, uint64_t head)
{
    for (uint64_t seq = c->looked_at[service] + 1; seq <= head; seq++) {
        const Baton__LogRecord *r = log_get(t, seq, c->arena);
        assert(r);
        c->asked_for[service] += r->events[0]->event_case != BATON__EVENT__EVENT_ACCESS_NOTED;
    }
    c->looked_at[service] = head;
    return c->asked_for[service];
}

struct digest company_digest(struct company *c)
{
    struct digest d = {0};
    for (int i = 0; i < COMPANY_SERVICES; i++) {
        struct store *store = service_store(c->services[i]);
        struct txn *t = store_begin(store, false);
        assert(t);
        d.seq[i] = asked_for(c, i, t, log_head(store).seq);
        for (unsigned table = 0; table < defs[i]->n_tables; table++)
            if (defs[i]->tables[table].pb != &baton__access_count__descriptor)
                d.rows = rows_of(store, t, table, d.rows);
        store_abort(t);
    }
    return d;
}
