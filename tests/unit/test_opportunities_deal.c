/* Who works on opportunities and who sees what of them; the numbers are those of decide_deal.c, and of
   decide.c where it says so. */
#include "tests/unit/pipeline_bench.h"

static bool take(struct bench *b, Baton__Opportunity *o)
{
    begin(b);
    return opportunities_check_deal(o, &b->stamp, &b->out.no);
}

static void rule_1_team(void **state)
{
    struct bench *b = *state;
    const int NONE = -1;
    const struct {
        char *users[3];
        int splits[3];
        bool ok;
    } rows[] = {
        {{ID(1), ID(2), ID(3)}, {NONE, NONE, NONE}, true}, {{ID(1), ID(2), ID(3)}, {50, 30, 20}, true},
        {{ID(1), ID(2), ID(3)}, {50, 50, NONE}, true},     {{ID(1), ID(2), ID(3)}, {100, 0, 0}, true},
        {{ID(1), ID(2), ID(3)}, {50, 30, 19}, false},      {{ID(1), ID(2), ID(3)}, {50, 50, 1}, false},
        {{ID(1), ID(2), ID(3)}, {0, NONE, NONE}, false},   {{ID(1), ID(2), ID(1)}, {NONE, NONE, NONE}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
        Baton__DealMember members[3], *team[3];
        for (size_t k = 0; k < 3; k++) {
            baton__deal_member__init(team[k] = &members[k]);
            members[k].user_id = rows[i].users[k];
            members[k].has_split_percent = rows[i].splits[k] != NONE;
            members[k].split_percent = rows[i].splits[k] == NONE ? 0 : (uint32_t)rows[i].splits[k];
        }
        o.team = team;
        o.n_team = 3;
        assert_int_equal(take(b, &o), rows[i].ok);
        assert_string_equal(b->out.no.field, rows[i].ok ? "" : "team");
    }
}

static void rules_2_to_4(void **state)
{
    struct bench *b = *state;
    Baton__ContactRole first = BATON__CONTACT_ROLE__INIT, second, *roles[] = {&first, &second};
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    first.contact_id = ID(1);
    first.role = " influencer ";
    second = first;
    o.contact_roles = roles;
    o.n_contact_roles = 2;
    /* 2 */
    assert_refused(take(b, &o), b, REFUSAL_INVALID_ARGUMENT, "contact_roles");
    second.role = "decision maker";
    assert_true(take(b, &o));
    assert_string_equal(first.role, "influencer");
    second.role = " ";
    assert_refused(take(b, &o), b, REFUSAL_INVALID_ARGUMENT, "contact_roles");
    /* 3 */
    char *competitors[] = {" Acme", "", "Acme ", "Other"};
    o.n_contact_roles = 0;
    o.competitors = competitors;
    o.n_competitors = 4;
    assert_true(take(b, &o));
    assert_int_equal(o.n_competitors, 2);
    assert_string_equal(o.competitors[0], "Acme");
    /* 4 */
    o.next_step_due_date = "2026-02-29";
    assert_refused(take(b, &o), b, REFUSAL_INVALID_ARGUMENT, "next_step_due_date");
    o.next_step_due_date = "2028-02-29";
    assert_true(take(b, &o));
}

static void rule_5_partners(void **state)
{
    const struct schema_message *m = schema_message(&baton__opportunity__descriptor);
    Baton__Actor partner = BATON__ACTOR__INIT, rep = BATON__ACTOR__INIT;
    const char *const hidden[] = {"probability", "forecast_category", "competitors", "team",
                                  "override_reason"};
    partner.has_role = rep.has_role = true;
    partner.role = BATON__ROLE__ROLE_PARTNER;
    rep.role = BATON__ROLE__ROLE_REP;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        assert_false(opportunities_shows(&partner, schema_field(m, hidden[i])));
        assert_true(opportunities_shows(&rep, schema_field(m, hidden[i])));
    }
    assert_true(opportunities_shows(&partner, schema_field(m, "stage_key")));
}

/* common/schema/sharing.c, 3: whoever works on it writes it, and does not give it away. */
static void members(void **state)
{
    const char *const team[] = {ID(4), ID(5)};
    const struct sharing_facts f = {.access = BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE,
                                    .owner_id = ID(1),
                                    .members = team,
                                    .n_members = 2};
    Baton__Actor rep = BATON__ACTOR__INIT;
    rep.has_role = true;
    rep.role = BATON__ROLE__ROLE_REP;
    rep.user_id = ID(5);
    assert_int_equal(sharing_reach(&f, &rep), RECORD_WRITE);
    assert_false(sharing_is_in_charge(&f, &rep));
    rep.user_id = ID(6);
    assert_int_equal(sharing_reach(&f, &rep), RECORD_HIDDEN);
}

/* decide.c, 7 and 8 */
static void owner(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__OpportunityShare share = BATON__OPPORTUNITY_SHARE__INIT;
    struct opportunities_facts f = {.pipeline = pipeline_bench(&p), .left_owner_id = ID(2)};
    o.name = "Big deal";
    o.owner_id = ID(2);
    assert_refused(check(b, opportunities_check_opportunity, &f, NULL, &o), b, REFUSAL_FAILED_PRECONDITION,
                   "owner_id");
    f.left_owner_id = NULL;
    f.access = BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE;
    b->actor.user_id = ID(3);
    o.owner_id = NULL;
    assert_true(check(b, opportunities_check_opportunity, &f, NULL, &o));
    assert_string_equal(o.owner_id, ID(3));
    f.access = BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
    o.owner_id = NULL;
    assert_true(check(b, opportunities_check_opportunity, &f, NULL, &o));
    assert_null(o.owner_id);
    baton__actor__init(&b->actor);
    share.id = ID(7);
    f.ending = (struct sharing_shares){.rows = {&share.base}, .seqs = {2}, .n = 1};
    assert_true(check(b, opportunities_check_opportunity, &f, &o, NULL));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->record_changed->record->opportunity_share->id, ID(7));
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(rule_1_team), T(rules_2_to_4), T(rule_5_partners), T(members), T(owner),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
