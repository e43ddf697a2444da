/* What is kept of quality as time passes: in a contacts service whose world is calm, where a year costs
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "bus/client.h"
#include "calm/world.h"
#include "services/contacts/rows.h"
#include "store/log.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"

enum { MEMORY = 256 << 20, PATH = 96, HALF_LIFE_OF_PHONE = 365 };
/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000), SECOND = 1000000, DAY = INT64_C(86400000000);

struct keeping {
    struct world *world;
    struct service *service;
    struct client *client;
    struct arena *arena;
    Baton__Actor actor;
    char dir[PATH];
    ProtobufCMessage *reply;
    const struct schema_method *method;
    bool done;
};

/* Follows nobody: whoever asks every second after those who are not there makes a year long. */
static struct service_def def;

static void start(struct keeping *k)
{
    char path[PATH + 16];
    snprintf(path, sizeof path, "%s/contacts", k->dir);
    def = contacts_service;
    def.n_follows = def.n_copies = 0;
    k->service =
        service_new(&def, &(struct service_options){.world = k->world, .dir = path, .no_sync = true});
    assert_non_null(k->service);
}

static int set_up(void **state)
{
    struct keeping *k = calloc(1, sizeof *k);
    assert_non_null(k);
    schema_load();
    snprintf(k->dir, sizeof k->dir, "%s", "/tmp/baton-keeping-XXXXXX");
    assert_non_null(mkdtemp(k->dir));
    k->world = calm_new(START);
    k->arena = arena_new(MEMORY);
    start(k);
    k->client = client_new(k->world);
    baton__actor__init(&k->actor);
    k->actor.has_role = true;
    k->actor.role = BATON__ROLE__ROLE_ADMIN;
    k->actor.user_id = (char *)OWNER;
    *state = k;
    return 0;
}

static int tear_down(void **state)
{
    struct keeping *k = *state;
    char command[PATH + 16];
    client_free(k->client);
    service_free(k->service);
    calm_free(k->world);
    arena_free(k->arena);
    snprintf(command, sizeof command, "rm -rf %s", k->dir);
    int rc = system(command);
    free(k);
    return rc;
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct keeping *k = arg;
    if (no)
        fail_msg("%s: %s", k->method->name, no->message);
    k->done = true;
    k->reply = schema_unpack(k->method->output, body, k->arena);
}

static void *ask(struct keeping *k, const char *method, const void *request)
{
    struct refusal no;
    k->method = schema_method(method);
    k->done = false;
    struct call call = {
        .service = "contacts", .method = method, .actor = &k->actor, .body = schema_pack(request, k->arena)};
    assert_true(client_call(k->client, &call, on_reply, k, &no));
    while (!k->done && calm_step(k->world, calm_now(k->world) + 10 * SECOND))
        ;
    assert_true(k->done);
    return k->reply;
}

static void pass(struct keeping *k, int64_t days)
{
    calm_run(k->world, calm_now(k->world) + days * DAY);
}

static const Baton__Account *create(struct keeping *k, char *phone)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__Account a = BATON__ACCOUNT__INIT;
    Baton__Address at = BATON__ADDRESS__INIT;
    a.name = "Acme";
    a.owner_id = (char *)OWNER;
    a.phone = phone;
    a.billing_address = &at;
    q.record = record_wrap(&a.base, k->arena);
    const Baton__CreateRecordResponse *p = ask(k, "RecordService/CreateRecord", &q);
    return p->record->account;
}

static const Baton__ListToMendResponse *list(struct keeping *k)
{
    Baton__ListToMendRequest q = BATON__LIST_TO_MEND_REQUEST__INIT;
    return ask(k, "ContactService/ListToMend", &q);
}

static const Baton__GetQualityReportResponse *report(struct keeping *k, Baton__QualityGrouping by,
                                                     char *token)
{
    Baton__GetQualityReportRequest q = BATON__GET_QUALITY_REPORT_REQUEST__INIT;
    q.record_type = "account";
    q.has_by = true;
    q.by = by;
    q.has_page_size = true;
    q.page_size = 200;
    q.page_token = token;
    return ask(k, "ContactService/GetQualityReport", &q);
}

/* Nobody touches it: at its half-life it comes into the list and out of what is counted as fresh, and a
   confirmation takes it out again. */
static void test_decay(void **state)
{
    struct keeping *k = *state;
    const Baton__Account *account = create(k, "+49 30 123456");
    assert_int_equal(list(k)->n_records, 0);
    pass(k, HALF_LIFE_OF_PHONE - 1);
    assert_int_equal(list(k)->n_records, 0);
    pass(k, 2);
    const Baton__ListToMendResponse *l = list(k);
    assert_int_equal(l->n_records, 1);
    assert_int_equal(l->records[0]->problems[0]->kind, BATON__PROBLEM_KIND__PROBLEM_KIND_STALE);
    const Baton__QualityCounts *c = report(k, BATON__QUALITY_GROUPING__QUALITY_GROUPING_FIELD, NULL)->rows[0];
    assert_int_equal(c->to_mend, 1);
    for (size_t i = 0; i < c->n_fields; i++)
        assert_int_equal(c->fields[i]->fresh, strcmp(c->fields[i]->field, "phone") != 0);
    Baton__ConfirmFieldsRequest q = BATON__CONFIRM_FIELDS_REQUEST__INIT;
    q.type = "account";
    q.id = account->id;
    (void)ask(k, "ContactService/ConfirmFields", &q); /* its answer is asked of elsewhere */
    calm_run(k->world, calm_now(k->world) + SECOND);
    assert_int_equal(list(k)->n_records, 0);
    /* with nothing to come any more it is never looked at again */
    pass(k, 12 * HALF_LIFE_OF_PHONE);
    uint64_t seq = log_head(service_store(k->service)).seq;
    pass(k, 12 * HALF_LIFE_OF_PHONE);
    assert_int_equal(log_head(service_store(k->service)).seq, seq);
}

/* A row for each day on which something changed, no more of them than are kept, and none of them wrong. */
static void test_days(void **state)
{
    struct keeping *k = *state;
    enum { DAYS = CONTACTS_DAYS_KEPT + 50 };
    for (int i = 0; i < DAYS; i++) {
        (void)create(k, i % 2 ? "+49 30 123456" : NULL); /* counted by number alone */
        pass(k, 1);
    }
    size_t rows = 0;
    uint64_t records = DAYS;
    char *token = NULL;
    do {
        const Baton__GetQualityReportResponse *r =
            report(k, BATON__QUALITY_GROUPING__QUALITY_GROUPING_DAY, token);
        for (size_t i = 0; i < r->n_rows; i++, rows++, records--)
            assert_true(r->rows[i]->records <= records + 1 && r->rows[i]->records + 1 >= records);
        token = r->next_page_token;
    } while (token);
    assert_in_range(rows, CONTACTS_DAYS_KEPT - 1, CONTACTS_DAYS_KEPT + 2);
    const Baton__GetQualityReportResponse *owners =
        report(k, BATON__QUALITY_GROUPING__QUALITY_GROUPING_OWNER, NULL);
    assert_int_equal(owners->n_rows, 1);
    assert_string_equal(owners->rows[0]->owner_id, OWNER);
    assert_int_equal(owners->rows[0]->records, DAYS);
}

/* The worst first, in pages, each record once. */
static void test_pages(void **state)
{
    struct keeping *k = *state;
    enum { RECORDS = 23, PAGE = 5 };
    for (int i = 0; i < RECORDS; i++)
        (void)create(k, i % 3 == 0 ? "no number" : NULL); /* found by the list */
    Baton__ListToMendRequest q = BATON__LIST_TO_MEND_REQUEST__INIT;
    uint32_t rank = CONTACTS_RANK_MAX;
    size_t n = 0;
    q.has_page_size = true;
    q.page_size = PAGE;
    do {
        const Baton__ListToMendResponse *p = ask(k, "ContactService/ListToMend", &q);
        for (size_t i = 0; i < p->n_records; i++, n++) {
            assert_true(p->records[i]->rank <= rank);
            rank = p->records[i]->rank;
        }
        q.page_token = p->next_page_token;
    } while (q.page_token);
    assert_int_equal(n, RECORDS);
}

static uint64_t head(const struct keeping *k)
{
    return log_head(service_store(k->service)).seq;
}

static void restart(struct keeping *k)
{
    service_free(k->service);
    start(k);
    calm_run(k->world, calm_now(k->world) + SECOND);
}

/* Records that were never looked at by these weights are looked at after a start, once. */
static void test_restart(void **state)
{
    struct keeping *k = *state;
    restart(k);
    assert_int_equal(head(k), 0); /* there are none */
    (void)create(k, NULL);        /* one is enough */
    uint64_t before = head(k);
    restart(k);
    uint64_t after = head(k);
    assert_int_equal(after, before + 3); /* it begins; accounts; contacts */
    restart(k);
    assert_int_equal(head(k), after);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_decay), TEST(test_days), TEST(test_pages),
                                       TEST(test_restart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
