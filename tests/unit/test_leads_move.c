/* A switch of territory models: what open leads it moves, why, and who gets them. */
#include "leads_facts.h"
#include "services/leads/filter.h"

static const ProtobufCMessageDescriptor *const moved = &baton__lead_territory_moved__descriptor,
                                               *const assigned = &baton__lead_assigned__descriptor,
                                               *const advanced = &baton__territory_move_advanced__descriptor;

static Baton__Territory *country(struct leads_test *t, char *id, char *name, char *country_name)
{
    Baton__Territory *row = ARENA_NEW(t->arena, Baton__Territory);
    Baton__TerritoryRule *r = ARENA_NEW(t->arena, Baton__TerritoryRule);
    baton__territory__init(row);
    baton__territory_rule__init(r);
    row->id = id;
    row->name = name;
    row->kind = BATON__TERRITORY_KIND__TERRITORY_KIND_GEOGRAPHY;
    row->rules = ARENA_ARRAY(t->arena, Baton__TerritoryRule *, 1);
    row->rules[row->n_rules++] = r;
    r->countries = ARENA_ARRAY(t->arena, char *, 1);
    r->countries[r->n_countries++] = country_name;
    return row;
}

static void test_begins(void **state)
{
    struct leads_test *t = *state;
    Baton__TerritoryModel m = BATON__TERRITORY_MODEL__INIT;
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    struct command c = command_of(t, &m);
    char *fields[] = {"status"};
    m.id = user_id(ANNA);
    c.change = &change;
    fresh(t);
    /* 1 */
    m.status = BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE;
    assert_true(leads_decide_model(NULL, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 0);
    change.fields = fields;
    change.n_fields = 1;
    assert_true(leads_decide_model(NULL, &c, &t->stamp, &t->out));
    const Baton__TerritoryMoveAdvanced *e = event_at(t, 0, advanced);
    assert_null(e->token);
    assert_false(e->finished);
    fresh(t);
    m.status = BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ARCHIVED;
    assert_true(leads_decide_model(NULL, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 0);
}

/* 7: copies that were mended move leads from the first on, at once */
static void test_mended(void **state)
{
    struct leads_test *t = *state;
    Baton__TerritoryModel active = BATON__TERRITORY_MODEL__INIT;
    const struct command c = {0};
    active.id = user_id(ANNA);
    for (int i = 0; i < 2; i++) {
        fresh(t);
        assert_true(leads_decide_mended(i ? &active : NULL, &c, &t->stamp, &t->out));
        const Baton__TerritoryMoveAdvanced *e = event_at(t, 0, advanced);
        assert_int_equal(!!e->model_id, i);
        assert_null(e->token);
        assert_false(e->finished);
        assert_false(e->has_after_seconds);
    }
}

/* 6: which changes of which territories have leads looked at again, and that it waits */
static void test_a_territory_changes(void **state)
{
    struct leads_test *t = *state;
    static char de[] = "00000000-0000-7000-8000-0000000000d1";
    Baton__Territory *row = country(t, de, "Germany", "DE");
    Baton__TerritoryModel active = BATON__TERRITORY_MODEL__INIT;
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    struct command c = command_of(t, row);
    static const struct {
        Baton__ChangeKind kind;
        char *field, *model_id;
        bool has_model, looks;
    } cases[] = {
        {BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "name", NULL, false, true},
        {BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "name", "m", true, true},
        {BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "name", NULL, true, false},
        {BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "name", "planned", true, false},
        {BATON__CHANGE_KIND__CHANGE_KIND_DELETED, "name", "m", true, true},
        {BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "name", "m", true, false},
        {BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "holidays", "m", true, false},
        {BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "rules", "m", true, true},
        {BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "parent_id", "m", true, true},
    };
    active.id = "m";
    c.change = &change;
    change.n_fields = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *field = cases[i].field;
        row->model_id = cases[i].model_id;
        change.kind = cases[i].kind;
        change.fields = &field;
        fresh(t);
        assert_true(leads_decide_territory(cases[i].has_model ? &active : NULL, &c, &t->stamp, &t->out));
        assert_int_equal(t->out.n_events, cases[i].looks);
    }
    const Baton__TerritoryMoveAdvanced *e = event_at(t, 0, advanced);
    assert_null(e->token);
    assert_int_equal(e->after_seconds, LEADS_MOVE_WAIT_S);
}

static void test_moves(void **state)
{
    struct leads_test *t = *state;
    static char de[] = "00000000-0000-7000-8000-0000000000d1", fr[] = "00000000-0000-7000-8000-0000000000d2";
    Baton__Territory *rows[] = {country(t, de, "Germany", "DE"), country(t, fr, "France", "FR")};
    char *theirs[] = {"00000000-0000-7000-8000-0000000000d0"};
    Baton__TerritoryModel m = BATON__TERRITORY_MODEL__INIT;
    Baton__TerritoryMove row = BATON__TERRITORY_MOVE__INIT;
    Baton__Lead *leads[] = {lead_from(t, "DE", ANNA), lead_from(t, "IT", ANNA), lead_from(t, "FR", ANNA)};
    const char *from[] = {"Old", "nowhere", "France"};
    struct leads_move_facts f = {.from = from, .routing = &t->routing, .leads = leads, .n_leads = 3};
    struct command c = command_of(t, &row);
    usual_policy(t);
    m.name = "Next";
    m.has_hand_on = true;
    t->routing.model = &m;
    t->routing.territories = leads_territories_compile(rows, 2, t->arena);
    leads_territories_place(t->routing.territories, leads[2], t->arena);
    fresh(t);
    /* 2 and 3: Italy lay nowhere and does, France lies where it lay, Germany moves, and Anna keeps it */
    f.token = "here";
    assert_true(leads_decide_move(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 2);
    const Baton__LeadTerritoryMoved *e = event_at(t, 0, moved);
    assert_string_equal(e->to_territory_ids[0], de);
    assert_string_equal(e->territory_id, de);
    assert_string_equal(e->reason, "By model Next it moves from Old to rule 1 of Germany.");
    const Baton__TerritoryMoveAdvanced *a = event_at(t, 1, advanced);
    assert_int_equal(a->moved, 1);
    assert_false(a->finished);
    /* 5: handed on, unless the holder works there, or in what it is a copy of */
    m.hand_on = true;
    fresh(t);
    assert_true(leads_decide_move(&f, &c, &t->stamp, &t->out));
    const Baton__LeadAssigned *next = event_at(t, 1, assigned);
    assert_string_equal(next->owner_id, user_id(BOB));
    rows[0]->origin_id = theirs[0];
    t->persons[ANNA].territories = leads_words_fold(theirs, 1, t->arena);
    fresh(t);
    assert_true(leads_decide_move(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 2);
    /* 4 */
    f.token = NULL;
    f.n_leads = 0;
    fresh(t);
    assert_true(leads_decide_move(&f, &c, &t->stamp, &t->out));
    a = event_at(t, 0, advanced);
    assert_true(a->finished);
}

/* A lead of Anna's says that it is of another country; the model hands on what Anna does not work in. */
static void test_update_moves(void **state)
{
    struct leads_test *t = *state;
    static char de[] = "00000000-0000-7000-8000-0000000000d1", fr[] = "00000000-0000-7000-8000-0000000000d2";
    Baton__Territory *rows[] = {country(t, de, "Germany", "DE"), country(t, fr, "France", "FR")};
    Baton__TerritoryModel m = BATON__TERRITORY_MODEL__INIT;
    Baton__UpdateLeadRequest q = BATON__UPDATE_LEAD_REQUEST__INIT;
    Baton__Lead says = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    struct leads_lead_facts f = {.routing = &t->routing, .from = "France"};
    struct command c = command_of(t, &q);
    usual_policy(t);
    m.name = "Now";
    t->routing.model = &m;
    t->routing.territories = leads_territories_compile(rows, 2, t->arena);
    f.lead = lead_from(t, "FR", ANNA);
    leads_territories_place(t->routing.territories, (Baton__Lead *)(uintptr_t)f.lead, t->arena);
    q.lead = &says;
    says.address = &address;
    address.city = "Paris";
    fresh(t);
    /* 2: it lies where it lay */
    assert_true(leads_decide_update(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 1);
    /* 3: it moves, and Anna keeps it */
    address.country = "DE";
    fresh(t);
    assert_true(leads_decide_update(&f, &c, &t->stamp, &t->out));
    const Baton__LeadTerritoryMoved *e = event_at(t, 1, moved);
    assert_string_equal(e->reason, "By model Now it moves from France to rule 1 of Germany.");
    const Baton__Lead *now = ((const Baton__UpdateLeadResponse *)t->out.reply)->lead;
    assert_string_equal(now->territory_id, de);
    assert_string_equal(now->territory_ids[0], de);
    assert_string_equal(now->owner_id, user_id(ANNA));
    assert_int_equal(t->out.n_events, 2);
    /* 5 */
    m.has_hand_on = m.hand_on = true;
    fresh(t);
    assert_true(leads_decide_update(&f, &c, &t->stamp, &t->out));
    const Baton__LeadAssigned *next = event_at(t, 2, assigned);
    assert_string_equal(next->owner_id, user_id(BOB));
    now = ((const Baton__UpdateLeadResponse *)t->out.reply)->lead;
    assert_string_equal(now->owner_id, user_id(BOB));
}

/* What was at rest while another model became active lies by that one when it goes on. */
static void test_reopening_moves(void **state)
{
    struct leads_test *t = *state;
    static char de[] = "00000000-0000-7000-8000-0000000000d1";
    Baton__Territory *rows[] = {country(t, de, "Germany", "DE")};
    Baton__ReopenLeadRequest q = BATON__REOPEN_LEAD_REQUEST__INIT;
    Baton__UnmergeLeadRequest apart = BATON__UNMERGE_LEAD_REQUEST__INIT;
    Baton__Lead *l = lead_from(t, "DE", ANNA), *survivor = lead_from(t, "DE", BOB);
    struct leads_lead_facts f = {.routing = &t->routing, .from = "Old", .lead = l};
    struct leads_unmerge_facts u = {.routing = &t->routing, .from = "Old", .lead.lead = l};
    struct command c = command_of(t, &q);
    usual_policy(t);
    t->routing.territories = leads_territories_compile(rows, 1, t->arena);
    l->open = false;
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_DEAD;
    fresh(t);
    assert_true(leads_decide_reopen(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 2);
    assert_string_equal(((const Baton__ReopenLeadResponse *)t->out.reply)->lead->territory_id, de);
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_MERGED;
    l->status_before_merge = BATON__LEAD_STATUS__LEAD_STATUS_WORKING;
    l->merged_into_id = survivor->id = "00000000-0000-7000-8000-000000000002";
    u.survivor.lead = survivor;
    c = command_of(t, &apart);
    fresh(t);
    assert_true(leads_decide_unmerge(&u, &c, &t->stamp, &t->out));
    const Baton__LeadTerritoryMoved *e = event_at(t, 1, moved);
    assert_string_equal(e->territory_id, de);
    assert_int_equal(t->out.n_events, 2);
}

static void test_filter(void **state)
{
    struct leads_test *t = *state;
    static char de[] = "00000000-0000-7000-8000-0000000000d1",
                south[] = "00000000-0000-7000-8000-0000000000d2";
    static char old[] = "00000000-0000-7000-8000-0000000000d3";
    Baton__Territory *rows[] = {country(t, de, "Germany", "AT"), country(t, south, "South", "DE")};
    static const struct {
        char *works_in, *lead_from;
        Baton__Reason reason;
    } cases[] = {
        {south, "DE", BATON__REASON__REASON_UNSPECIFIED},
        {de, "DE", BATON__REASON__REASON_UNSPECIFIED},
        {old, "DE", BATON__REASON__REASON_UNSPECIFIED},
        {old, "AT", BATON__REASON__REASON_UNSPECIFIED},
        {south, "AT", BATON__REASON__REASON_OTHER_TERRITORY},
        {NULL, "DE", BATON__REASON__REASON_OTHER_TERRITORY},
        {NULL, "FR", BATON__REASON__REASON_UNSPECIFIED},
    };
    Baton__Filter filter = BATON__FILTER__FILTER_TERRITORY;
    Baton__Rule rule = BATON__RULE__INIT;
    struct leads_rule compiled = {0};
    rule.filters = &filter;
    rule.n_filters = 1;
    leads_filter_compile(&rule, &compiled, t->arena);
    rows[1]->parent_id = de;
    rows[0]->origin_id = old;
    t->routing.territories = leads_territories_compile(rows, 2, t->arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct leads_asked q;
        char *works_in = cases[i].works_in;
        Baton__Lead *l = lead_from(t, cases[i].lead_from, PERSONS);
        t->persons[ANNA].territories = leads_words_fold(&works_in, works_in != NULL, t->arena);
        leads_territories_place(t->routing.territories, l, t->arena);
        leads_asked_init(&q, &t->routing, l, t->arena);
        assert_int_equal(leads_filter_first(&q, &compiled, ANNA), cases[i].reason);
    }
}

enum { GONE = LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE };
static char top[] = "00000000-0000-7000-8000-0000000000d1", de[] = "00000000-0000-7000-8000-0000000000d2",
            old[] = "00000000-0000-7000-8000-0000000000d3", fr[] = "00000000-0000-7000-8000-0000000000d4",
            gone[] = "00000000-0000-7000-8000-0000000000d5";

/* Germany, a copy of the old one, lies in Europe; France does not. */
static const struct leads_territories *europe(struct leads_test *t)
{
    Baton__Territory **rows = ARENA_ARRAY(t->arena, Baton__Territory *, 3);
    rows[0] = country(t, top, "Europe", "EU");
    rows[1] = country(t, de, "Germany", "DE");
    rows[2] = country(t, fr, "France", "FR");
    rows[1]->parent_id = top;
    rows[1]->origin_id = old;
    return leads_territories_compile(rows, 3, t->arena);
}

/* The first rule of the usual policy, alone. */
static Baton__Policy *policy_for(struct leads_test *t)
{
    Baton__Policy *p = ARENA_NEW(t->arena, Baton__Policy);
    baton__policy__init(p);
    p->rules = ARENA_ARRAY(t->arena, Baton__Rule *, 1);
    p->rules[p->n_rules++] = (Baton__Rule *)(uintptr_t)t->routing.policy->rules[0].source;
    return p;
}

/* Its condition, which becomes one on territories. */
static Baton__Condition *territory_condition(struct leads_test *t)
{
    usual_policy(t);
    Baton__Condition *c = policy_for(t)->rules[0]->conditions[0];
    c->field = "territory";
    return c;
}

/* Numbers are those of decide_territory_condition.c. */
static void test_condition(void **state)
{
    struct leads_test *t = *state;
    static const struct {
        const char *from;
        Baton__Operator operator;
        char *values[2];
        unsigned failed;
    } cases[] = {
        {"DE", BATON__OPERATOR__OPERATOR_IS, {de}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {top}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {old}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {fr, de}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {fr}, 1},
        {"DE", BATON__OPERATOR__OPERATOR_IS_NOT, {top}, 1},
        {"DE", BATON__OPERATOR__OPERATOR_IS_NOT, {fr}, 0},
        {"IT", BATON__OPERATOR__OPERATOR_IS, {top}, 1},
        {"IT", BATON__OPERATOR__OPERATOR_IS_NOT, {top}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_PRESENT, {NULL}, 0},
        {"IT", BATON__OPERATOR__OPERATOR_PRESENT, {NULL}, 1},
        {"IT", BATON__OPERATOR__OPERATOR_ABSENT, {NULL}, 0},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {gone}, GONE},
        {"DE", BATON__OPERATOR__OPERATOR_IS, {de, gone}, GONE},
        {"IT", BATON__OPERATOR__OPERATOR_IS_NOT, {gone}, GONE},
    };
    const struct leads_territories *all = europe(t);
    Baton__Condition *c = territory_condition(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct leads_match m;
        Baton__Lead *l = lead_from(t, cases[i].from, PERSONS);
        leads_territories_place(all, l, t->arena);
        c->operator_ = cases[i].operator;
        c->values = (char **)(uintptr_t)cases[i].values;
        c->n_values = cases[i].values[1] ? 2 : cases[i].values[0] ? 1 : 0;
        leads_match_init(&m, leads_policy_compile(policy_for(t), t->arena), all, l, t->arena);
        assert_int_equal(leads_match_rule(&m, 0), cases[i].failed);
    }
}

static void test_condition_in_words(void **state)
{
    struct leads_test *t = *state;
    Baton__Condition *c = territory_condition(t);
    Baton__Policy *policy = policy_for(t);
    /* 1: without territories there is none that could be named */
    struct leads_match m;
    c->operator_ = BATON__OPERATOR__OPERATOR_IS;
    c->values = (char *[]){de};
    c->n_values = 1;
    leads_match_init(&m, leads_policy_compile(policy, t->arena), NULL, lead_from(t, "DE", PERSONS), t->arena);
    assert_int_equal(leads_match_rule(&m, 0), GONE);
    /* in words by their names */
    assert_string_equal(leads_rule_text(leads_rule_named(europe(t), policy->rules[0], t->arena), t->arena),
                        "territory is Germany");
    c->operator_ = BATON__OPERATOR__OPERATOR_AT_LEAST;
    struct refusal no;
    assert_false(
        leads_policy_check(policy, &(bool){true}, &(const char *){NULL}, &(const char *){NULL}, &no));
    assert_string_equal(no.field, "policy.rules[0].conditions[0].operator");
    c->operator_ = BATON__OPERATOR__OPERATOR_IS;
    assert_false(
        leads_policy_check(policy, &(bool){true}, &(const char *){NULL}, &(const char *){gone}, &no));
    assert_string_equal(no.field, "policy.rules[0].conditions");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_begins, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_mended, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_filter, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_update_moves, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_reopening_moves, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_a_territory_changes, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_condition, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_condition_in_words, leads_test_setup, leads_test_teardown),
        cmocka_unit_test_setup_teardown(test_moves, leads_test_setup, leads_test_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
