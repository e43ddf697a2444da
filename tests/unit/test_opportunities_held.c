/* What forecasts are told from memory is what the rows say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "service/apply.h"
#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"
#include "store/log.h"

enum { MEMORY = 256 << 20, PATH = 96, PEOPLE = 12, TEAMS = 5, DEALS = 40, QUOTAS = 10, CHANGES = 1500 };
enum { LOOK_EVERY = 25 };

static const int64_t BEGIN_US = INT64_C(1790000000000000); /* in 2026-Q3 */
static const int64_t STEP_US = INT64_C(3600000000);

struct fixture {
    struct store *store;
    struct arena *a;
    void *state;
    Baton__Actor actor;
    int64_t now_us;
    uint64_t random;
    char dir[PATH];
};

static int set_up(void **state)
{
    static const uint8_t log_id[LOG_ID_SIZE] = {1};
    static struct fixture f;
    f = (struct fixture){.a = arena_new(MEMORY), .actor = BATON__ACTOR__INIT, .now_us = BEGIN_US};
    f.actor.has_role = true;
    f.actor.role = BATON__ROLE__ROLE_ADMIN;
    f.state = opportunities_state_new();
    snprintf(f.dir, sizeof f.dir, "%s", "/tmp/baton-held-XXXXXX");
    assert_non_null(mkdtemp(f.dir));
    f.store = store_open(&(struct store_options){
        .dir = f.dir, .no_sync = true, .tables = opportunities_tables, .n_tables = OPPORTUNITIES_TABLES});
    assert_non_null(f.store);
    log_prepare(f.store, log_id);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[PATH + 16];
    opportunities_state_free(f->state);
    store_close(f->store);
    arena_free(f->a);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    return system(command);
}

static uint32_t below(struct fixture *f, uint32_t n)
{
    f->random = f->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(f->random >> 33) % n;
}

/* --- what happens --- */

static char *id_of(struct fixture *f, const char *kind, uint32_t n)
{
    return arena_printf(f->a, "0190a8e2-%s-7000-8000-%012x", kind, n);
}

static void say(struct fixture *f, ProtobufCMessage *row, bool gone)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    Baton__Event event = BATON__EVENT__INIT, *events[] = {&event};
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    struct txn *t = store_begin(f->store, true);
    assert_non_null(t);
    change.has_kind = true;
    change.kind = gone ? BATON__CHANGE_KIND__CHANGE_KIND_DELETED : BATON__CHANGE_KIND__CHANGE_KIND_UPDATED;
    change.record = record_wrap(row, f->a);
    event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    event.record_changed = &change;
    r.actor = &f->actor;
    r.has_time_us = true;
    r.time_us = (uint64_t)(f->now_us += STEP_US);
    r.events = events;
    r.n_events = 1;
    (void)log_append(t, &r, NULL, f->a); /* its number is in the record */
    service_apply_live(&opportunities_service, t, &r, f->a, f->state);
    assert_true(store_commit(t));
}

static void say_user(struct fixture *f)
{
    Baton__User u = BATON__USER__INIT;
    u.id = id_of(f, "1111", below(f, PEOPLE));
    u.name = "Somebody";
    u.team_id = below(f, 5) ? id_of(f, "2222", below(f, TEAMS)) : NULL;
    say(f, &u.base, false);
}

static void say_team(struct fixture *f)
{
    Baton__Team t = BATON__TEAM__INIT;
    t.id = id_of(f, "2222", below(f, TEAMS));
    t.manager_id = id_of(f, "1111", below(f, PEOPLE));
    t.parent_id = below(f, 3) ? id_of(f, "2222", below(f, TEAMS)) : NULL;
    say(f, &t.base, below(f, 8) == 0);
}

static void say_deal(struct fixture *f)
{
    static const char *const days[] = {NULL,         "2026-06-30", "2026-07-01", "2026-09-30",
                                       "2026-10-15", "2026-12-31", "2031-01-01"};
    static char *const currencies[] = {"EUR", "USD", "TWD"};
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    o.id = id_of(f, "4444", below(f, DEALS));
    o.name = "Deal";
    o.owner_id = below(f, 10) ? id_of(f, "1111", below(f, PEOPLE + 1)) : NULL; /* one is known to nobody */
    o.pipeline_id = id_of(f, "3333", below(f, 2));
    o.product_id = below(f, 2) ? id_of(f, "5555", below(f, 2)) : NULL;
    o.stage_key = "some";
    o.has_stage_kind = o.has_probability = o.has_forecast_category = amount.has_minor_units = true;
    o.stage_kind = (Baton__StageKind)(BATON__STAGE_KIND__STAGE_KIND_OPEN + below(f, 3));
    o.forecast_category = (Baton__ForecastCategory)below(f, 5);
    o.probability = below(f, 101);
    o.close_date = (char *)(uintptr_t)days[below(f, sizeof days / sizeof *days)];
    amount.currency_code = currencies[below(f, 3)];
    amount.minor_units = below(f, 100000);
    o.amount = below(f, 10) ? &amount : NULL;
    say(f, &o.base, below(f, 10) == 0);
}

static void say_quota(struct fixture *f)
{
    static const struct forecast_months months[] = {
        {2026 * 12 + 6, 3}, {2026 * 12 + 8, 1}, {2026 * 12 + 9, 3}, {2026 * 12, 12}};
    Baton__Quota q = BATON__QUOTA__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    const struct forecast_months m = months[below(f, 4)];
    q.id = id_of(f, "6666", below(f, QUOTAS));
    q.owner_id = below(f, 4) ? id_of(f, "1111", below(f, PEOPLE)) : NULL;
    q.team_id = q.owner_id || below(f, 2) ? NULL : id_of(f, "2222", below(f, TEAMS));
    q.product_id = below(f, 3) ? NULL : id_of(f, "5555", below(f, 2));
    q.has_first_month = q.has_months = amount.has_minor_units = true;
    q.first_month = m.first;
    q.months = m.n;
    q.whom = quota_whom(q.owner_id, q.team_id, NULL, q.product_id, f->a);
    amount.currency_code = below(f, 3) ? "EUR" : "CHF";
    amount.minor_units = below(f, 1000000);
    q.amount = &amount;
    say(f, &q.base, below(f, 6) == 0);
}

static void something(struct fixture *f)
{
    switch (below(f, 8)) {
    case 0:
        say_user(f);
        break;
    case 1:
        say_team(f);
        break;
    case 2:
        say_quota(f);
        break;
    default:
        say_deal(f);
        break;
    }
}

/* --- what is told --- */

struct told {
    bool ok;
    struct refusal no;
    struct bytes reply;
};

static struct told told(struct fixture *f, const Baton__GetForecastRequest *q, void *state)
{
    struct told t = {0};
    ProtobufCMessage *reply = NULL;
    const struct command c = {.request = &q->base, .actor = &f->actor};
    struct load l = {.txn = store_begin(f->store, false), .arena = f->a, .state = state, .now_us = f->now_us};
    assert_non_null(l.txn);
    t.ok = opportunities_query_forecast(&l, &c, &reply, &t.no);
    if (t.ok)
        t.reply = schema_pack(reply, f->a);
    store_abort(l.txn);
    return t;
}

static Baton__GetForecastRequest some_question(struct fixture *f)
{
    static char *const periods[] = {"2026-Q3", "2026-Q4", "2026", "2026-09", NULL};
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    const uint32_t whom = below(f, 4);
    q.period = periods[below(f, 5)];
    q.user_id = whom == 1 || whom == 2 ? id_of(f, "1111", below(f, PEOPLE)) : NULL;
    q.team_id = whom == 3 ? id_of(f, "2222", below(f, TEAMS)) : NULL;
    q.product_id = below(f, 3) ? NULL : id_of(f, "5555", below(f, 3)); /* of one nobody sells */
    q.pipeline_id = below(f, 3) ? NULL : id_of(f, "3333", below(f, 2));
    return q;
}

static void assert_same(const struct told *a, const struct told *b)
{
    assert_int_equal(a->ok, b->ok);
    assert_string_equal(a->no.message, b->no.message);
    assert_true(bytes_equal(a->reply, b->reply));
}

/* Returns whether there was something in it. */
static bool look(struct fixture *f, void *anew)
{
    const Baton__GetForecastRequest q = some_question(f);
    const struct told rows = told(f, &q, NULL), memory = told(f, &q, f->state), start = told(f, &q, anew);
    assert_same(&rows, &memory); /* 1: as apply has kept it */
    assert_same(&rows, &start);  /* 2: as it is made at a start */
    return rows.ok;
}

/* 1, 2: whoever moves, and whatever becomes of deals and quotas. */
static void test_same(void **state)
{
    struct fixture *f = *state;
    uint32_t answered = 0;
    for (uint32_t i = 1; i <= CHANGES; i++) {
        something(f);
        if (i % LOOK_EVERY)
            continue;
        void *anew = opportunities_state_new();
        struct load l = {.txn = store_begin(f->store, false), .arena = f->a, .state = anew};
        opportunities_state_load(&l);
        store_abort(l.txn);
        for (int k = 0; k < LOOK_EVERY; k++)
            answered += look(f, anew);
        opportunities_state_free(anew);
        arena_reset(f->a);
    }
    assert_in_range(answered, CHANGES / 2, CHANGES);
}

/* 3: as of a day that is over, memory, which knows of today, is not asked. */
static void test_then(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < CHANGES / 10; i++)
        something(f);
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    q.period = "2026-Q4";
    q.as_of = "2026-09-23"; /* some two days into six */
    const struct told rows = told(f, &q, NULL), memory = told(f, &q, f->state);
    q.as_of = NULL;
    const struct told now = told(f, &q, NULL);
    assert_same(&rows, &memory);
    assert_true(now.ok && !bytes_equal(now.reply, rows.reply));
}

/* 4: texts have a number each, the empty one among them, and what never came has none. */
static void test_texts(void **state)
{
    struct fixture *f = *state;
    struct opportunities_state *s = f->state;
    enum { MANY = 1000 };
    assert_int_equal(held_find(&s->texts, "a"), HELD_NONE);
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(held_number(&s->texts, arena_printf(f->a, "text %u", i)), i);
    assert_int_equal(held_number(&s->texts, NULL), MANY);
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(held_number(&s->texts, arena_printf(f->a, "text %u", i)), i);
    assert_int_equal(held_find(&s->texts, ""), MANY);
    assert_int_equal(held_find(&s->texts, "a"), HELD_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_then, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
