/* The journal of who looked: what is gathered, what is written at once, what is lost, what is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/apply.h"
#include "services/contacts/rows.h"
#include "tests/unit/decide_bench.h"

enum { GATHERED_MAX = 512 };
static const int64_t SECOND = 1000000, HOUR = INT64_C(3600) * 1000000;

struct looking {
    struct arena *arena;
    void *state;
    struct load load;
    Baton__Actor actor;
};

static int begin_looking(void **state)
{
    schema_load();
    struct arena *a = arena_new(32 << 20);
    struct looking *x = ARENA_NEW(a, struct looking);
    x->arena = a;
    x->state = contacts_state_new();
    x->load = (struct load){.arena = a, .state = x->state, .now_us = NOW};
    baton__actor__init(&x->actor);
    x->actor.user_id = ID(1);
    x->actor.has_role = true;
    x->actor.role = BATON__ROLE__ROLE_REP;
    *state = x;
    return 0;
}

static int end_looking(void **state)
{
    struct looking *x = *state;
    contacts_state_free(x->state);
    arena_free(x->arena);
    return 0;
}

static void look(struct looking *x, enum record_look how, unsigned record, size_t n)
{
    Baton__Account account = BATON__ACCOUNT__INIT;
    account.id = arena_printf(x->arena, "0190a8e2-1111-7000-8000-%012u", record);
    contacts_account_looked(&x->load, &x->actor, how, how == RECORD_LOOK_LIST ? NULL : &account.base, n);
}

static const Baton__AccessNoted *gathered(struct looking *x)
{
    return contacts_load_looked(&x->load, NULL);
}

static void the_same_hour_is_one_count(void **state)
{
    struct looking *x = *state;
    assert_int_equal(contacts_access_due(x->state), 0);
    look(x, RECORD_LOOK_GET, 1, 1);
    x->load.now_us += SECOND;
    look(x, RECORD_LOOK_GET, 1, 1);
    look(x, RECORD_LOOK_HISTORY, 1, 1);
    look(x, RECORD_LOOK_LIST, 0, 50);
    look(x, RECORD_LOOK_LIST, 0, 7);
    assert_int_equal(contacts_access_due(x->state), NOW + 5 * SECOND);
    x->load.now_us += HOUR;
    look(x, RECORD_LOOK_GET, 1, 1);
    const Baton__AccessNoted *e = gathered(x);
    assert_int_equal(e->n_counts, 3);
    assert_int_equal(e->counts[0]->reads, 2);
    assert_int_equal(e->counts[0]->histories, 1);
    assert_int_equal(e->counts[0]->listed, 0);
    assert_int_equal(timestamp_us(e->counts[0]->last_at), NOW + SECOND);
    assert_string_equal(e->counts[1]->record_id, "account");
    assert_int_equal(e->counts[1]->listed, 57);
    assert_int_equal(e->counts[2]->hour, e->counts[0]->hour + 1);
    contacts_access_written(x->state, e->n_counts);
    assert_int_equal(contacts_access_due(x->state), 0);
}

static void programs_are_nobody(void **state)
{
    struct looking *x = *state;
    x->actor.role = BATON__ROLE__ROLE_SERVICE;
    look(x, RECORD_LOOK_GET, 1, 1);
    x->actor.role = BATON__ROLE__ROLE_SYSTEM;
    x->actor.user_id = NULL;
    look(x, RECORD_LOOK_GET, 1, 1);
    assert_int_equal(contacts_access_due(x->state), 0);
}

static void much_is_written_at_once_and_too_much_is_counted(void **state)
{
    struct looking *x = *state;
    for (unsigned i = 0; i < CONTACTS_ACCESS_STEP - 1; i++)
        look(x, RECORD_LOOK_GET, i, 1);
    assert_true(contacts_access_due(x->state) > NOW);
    for (unsigned i = CONTACTS_ACCESS_STEP - 1; i < GATHERED_MAX + 3; i++)
        look(x, RECORD_LOOK_GET, i, 1);
    assert_int_equal(contacts_access_due(x->state), NOW);
    const Baton__AccessNoted *e = gathered(x);
    assert_int_equal(e->n_counts, CONTACTS_ACCESS_STEP);
    assert_int_equal(e->lost, 3);
    contacts_access_written(x->state, e->n_counts);
    e = gathered(x);
    assert_int_equal(e->n_counts, GATHERED_MAX - CONTACTS_ACCESS_STEP);
    assert_false(e->has_lost);
    assert_string_equal(e->counts[0]->record_id, "0190a8e2-1111-7000-8000-000000000256");
    contacts_access_written(x->state, e->n_counts);
    assert_int_equal(contacts_access_due(x->state), 0);
}

/* --- rows --- */

static size_t rows_of(struct txn *t, struct arena *a)
{
    struct table_scan scan;
    size_t n = 0;
    assert_true(table_scan_open(&scan, t, CONTACTS_ACCESS, NULL, NULL, NULL, false));
    while (table_scan_next(&scan, a))
        n++;
    table_scan_close(&scan);
    return n;
}

/* `n` records were looked at by one in the hour of this time, and so it was written then. */
static void noted(struct looking *x, struct txn *t, int64_t time_us, unsigned n)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    struct outcome out = {.arena = x->arena};
    struct stamp s = {.now_us = time_us, .actor = &x->actor, .arena = x->arena};
    x->load.now_us = time_us;
    for (unsigned i = 0; i < n; i++)
        look(x, RECORD_LOOK_GET, i, 1);
    assert_true(contacts_decide_looked(gathered(x), NULL, &s, &out));
    contacts_access_written(x->state, n);
    r.time_us = (uint64_t)time_us;
    r.events = out.events;
    r.n_events = out.n_events;
    service_apply(&contacts_service, t, &r, x->arena);
}

static void counts_add_up_and_are_kept_for_400_days(void **state)
{
    struct looking *x = *state;
    char dir[] = "/tmp/test-access-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct store *store =
        service_store_open(&contacts_service, &(struct service_options){.dir = dir, .no_sync = true});
    assert_non_null(store);
    struct txn *t = store_begin(store, true);
    noted(x, t, NOW, 3);
    noted(x, t, NOW + SECOND, 2);
    assert_int_equal(rows_of(t, x->arena), 3);
    struct table_scan scan;
    assert_true(table_scan_open(&scan, t, CONTACTS_ACCESS, "user_id", ID(1), NULL, false));
    const Baton__AccessCount *first = table_scan_next(&scan, x->arena);
    assert_int_equal(first->reads, 2);
    table_scan_close(&scan);
    noted(x, t, NOW + 400 * 24 * HOUR, 1);
    assert_int_equal(rows_of(t, x->arena), 4);
    noted(x, t, NOW + 400 * 24 * HOUR + HOUR, 1);
    assert_int_equal(rows_of(t, x->arena), 2);
    store_abort(t);
    store_close(store);
    assert_int_equal(system(arena_printf(x->arena, "rm -rf %s", dir)), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin_looking, end_looking)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_same_hour_is_one_count),
        T(programs_are_nobody),
        T(much_is_written_at_once_and_too_much_is_counted),
        T(counts_add_up_and_are_kept_for_400_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
