/* Levels of a deadline, as they are taken in (schema/levels.c). The numbers are the rules'. */
#include "leads_facts.h"
#include "schema/levels.h"

#define ACTION(a) BATON__DEADLINE_ACTION__DEADLINE_ACTION_##a

static void test_levels_check(void **state)
{
    static const struct {
        int rule;
        uint32_t minutes[2];
        Baton__DeadlineAction actions[2];
        const char *refused; /* NULL: fine */
    } rows[] = {
        {0, {5, 6}, {ACTION(REMIND), ACTION(PASS_ON)}, NULL},
        {0, {5, 6}, {ACTION(ESCALATE), ACTION(ESCALATE)}, NULL},
        {1, {5, 6}, {ACTION(REMIND), ACTION(UNSPECIFIED)}, "levels[1]"},
        {2, {5, 5}, {ACTION(REMIND), ACTION(PASS_ON)}, "levels[1]"},
        {2, {5, 4}, {ACTION(REMIND), ACTION(PASS_ON)}, "levels[1]"},
        {3, {5, 6}, {ACTION(PASS_ON), ACTION(REMIND)}, "levels[0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no;
        Baton__DeadlineLevel levels[2], *list[] = {&levels[0], &levels[1]};
        for (int k = 0; k < 2; k++) {
            baton__deadline_level__init(&levels[k]);
            levels[k].after_minutes = rows[i].minutes[k];
            levels[k].action = rows[i].actions[k];
        }
        assert_int_equal(deadline_levels_check(list, 2, "levels", &no), !rows[i].refused);
        if (rows[i].refused)
            assert_string_equal(no.field, rows[i].refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
