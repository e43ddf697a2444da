/* Handing on what a leaver held: common/schema/handover_decide.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "baton/v1/directory.pb-c.h"
#include "schema/handover.h"

static const char LEAVER[] = "0191a3b4-0000-7000-8000-000000000001";
static const char NEXT[] = "0191a3b4-0000-7000-8000-000000000002";

static bool step(const struct handover_facts *f, struct arena *a, struct outcome *out)
{
    static struct ident_source ids;
    Baton__Actor actor = BATON__ACTOR__INIT;
    Baton__Handover h = BATON__HANDOVER__INIT;
    h.user_id = (char *)(uintptr_t)LEAVER;
    h.successor_id = (char *)(uintptr_t)NEXT;
    struct stamp s = {.now_us = 1, .actor = &actor, .ids = &ids, .arena = a};
    struct command c = {.actor = &actor, .request = &h.base};
    out->arena = a;
    return handover_decide_step(f, &c, &s, out);
}

static void rows_change_hands_and_it_goes_on(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct outcome *out = ARENA_NEW(a, struct outcome);
    Baton__Account account = BATON__ACCOUNT__INIT;
    account.id = (char *)(uintptr_t) "0191a3b4-0000-7000-8000-000000000003";
    account.owner_id = (char *)(uintptr_t)LEAVER;
    struct handover_facts f = {.rows = {&account.base}, .types = {"account"}, .seqs = {9}, .n = 1};
    assert_true(step(&f, a, out));
    assert_int_equal(out->n_events, 2);
    assert_string_equal(out->events[0]->record_changed->record->account->owner_id, NEXT);
    assert_int_equal(out->events[0]->record_changed->previous_seq, 9);
    assert_int_equal(out->events[1]->handover_advanced->handed_on, 1);
    assert_false(out->events[1]->handover_advanced->finished);
    assert_int_equal(out->events[1]->handover_advanced->n_counts, 1);
    assert_string_equal(out->events[1]->handover_advanced->counts[0]->type, "account");
    assert_int_equal(out->events[1]->handover_advanced->counts[0]->handed_on, 1);
    assert_string_equal(account.owner_id, LEAVER);
    arena_free(a);
}

static void some_end_with_who_left(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct outcome *out = ARENA_NEW(a, struct outcome);
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__RecordShare one = BATON__RECORD_SHARE__INIT, other = BATON__RECORD_SHARE__INIT;
    account.owner_id = (char *)(uintptr_t)LEAVER;
    one.user_id = other.user_id = (char *)(uintptr_t)LEAVER;
    struct handover_facts f = {.rows = {&account.base, &one.base, &other.base},
                               .types = {"account", "record_share", "record_share"},
                               .ends = {false, true, true},
                               .seqs = {7, 8, 9},
                               .n = 3,
                               .place = 4,
                               .token = "0a"};
    assert_true(step(&f, a, out));
    assert_int_equal(out->n_events, 4);
    assert_int_equal(out->events[2]->record_changed->kind, BATON__CHANGE_KIND__CHANGE_KIND_DELETED);
    assert_int_equal(out->events[2]->record_changed->previous_seq, 9);
    const Baton__HandoverAdvanced *e = out->events[3]->handover_advanced;
    assert_int_equal(e->n_counts, 2);
    assert_int_equal(e->counts[1]->ended, 2);
    assert_int_equal(e->counts[1]->handed_on, 0);
    assert_int_equal(e->place, 4);
    assert_string_equal(e->token, "0a");
    assert_false(e->finished);
    arena_free(a);
}

static void nothing_left_is_the_end(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct outcome *out = ARENA_NEW(a, struct outcome);
    struct handover_facts f = {.at_end = true};
    assert_true(step(&f, a, out));
    assert_int_equal(out->n_events, 1);
    assert_true(out->events[0]->handover_advanced->finished);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_change_hands_and_it_goes_on),
        cmocka_unit_test(some_end_with_who_left),
        cmocka_unit_test(nothing_left_is_the_end),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
