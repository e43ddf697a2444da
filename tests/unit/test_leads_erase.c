/* Leads of whoever was erased: the numbers are those of decide_erase.c. And what can be done with them. */
#include "services/leads/erase.h"
#include "unit/leads_facts.h"

#define LEAD  "00000000-0000-7000-8000-000000000001"
#define OTHER "00000000-0000-7000-8000-000000000002"
#define THEM  "00000000-0000-7000-8000-0000000000c1"
#define THEIR "00000000-0000-7000-8000-0000000000d1"

static bool follow(struct leads_test *t, const struct leads_erase_facts *f, const Baton__PersonErased *was)
{
    const struct command c = command_of(t, was);
    fresh(t);
    return leads_decide_erased(f, &c, &t->stamp, &t->out);
}

static void rule_1_nothing_here(void **state)
{
    static const struct {
        size_t here, contacts, accounts, events;
    } rows[] = {{0, 0, 0, 0}, {1, 0, 0, 1}, {0, 1, 0, 1}, {0, 0, 1, 1}};
    struct leads_test *t = *state;
    char *ids[] = {LEAD};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct leads_erase_facts f = {ids, rows[i].here};
        Baton__PersonErased was = BATON__PERSON_ERASED__INIT;
        was.lead_ids = was.contact_ids = was.account_ids = ids;
        was.n_lead_ids = 1; /* which is not here, or has been erased before */
        was.n_contact_ids = rows[i].contacts;
        was.n_account_ids = rows[i].accounts;
        assert_true(follow(t, &f, &was));
        assert_int_equal(t->out.n_events, rows[i].events);
    }
}

static void rule_2_theirs(void **state)
{
    struct leads_test *t = *state;
    char *named[] = {LEAD}, *here[] = {LEAD, OTHER}, *contacts[] = {THEM}, *accounts[] = {THEIR};
    const struct leads_erase_facts f = {here, 2};
    Baton__PersonErased was = BATON__PERSON_ERASED__INIT;
    was.lead_ids = named;
    was.contact_ids = contacts;
    was.account_ids = accounts;
    was.n_lead_ids = was.n_contact_ids = was.n_account_ids = 1;
    was.reason = "they asked for it";
    assert_true(follow(t, &f, &was));
    assert_int_equal(t->out.n_events, 1);
    const Baton__PersonErased *e = event_at(t, 0, &baton__person_erased__descriptor);
    assert_int_equal(e->n_lead_ids, 2);
    assert_string_equal(e->lead_ids[0], LEAD);
    assert_string_equal(e->lead_ids[1], OTHER);
    assert_int_equal(e->n_contact_ids, 1);
    assert_string_equal(e->contact_ids[0], THEM);
    assert_int_equal(e->n_account_ids, 1);
    assert_string_equal(e->account_ids[0], THEIR);
    assert_string_equal(e->reason, "they asked for it");
    assert_int_equal(was.n_lead_ids, 1); /* what is followed is not ours */
}

/* Of two leads that differ only by what is personal the same is left: who held it and what became of it. */
static void test_what_is_left(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *bare = lead_from(t, "DE", ANNA), *lead = lead_from(t, "DE", ANNA);
    bare->email = NULL;
    bare->address = NULL;
    lead->first_name = lead->last_name = lead->title = lead->phone = lead->message = "Lee";
    lead->external_id = lead->external_key = lead->status_reason = "Lee";
    lead->has_latitude_e6 = lead->has_longitude_e6 = true;
    lead->latitude_e6 = lead->longitude_e6 = 1;
    const Baton__Lead *left = leads_without_person(lead, NOW + 1, t->arena);
    bare->erased_at = timestamp_of(t->arena, NOW + 1);
    assert_true(schema_equal(&left->base, &bare->base));
    assert_null(lead->erased_at);
    assert_string_equal(lead->last_name, "Lee");
}

static void refused(struct leads_test *t, decide_fn *decide, const void *facts, const void *request)
{
    const struct command c = command_of(t, request);
    fresh(t);
    assert_false(decide(facts, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, REFUSAL_FAILED_PRECONDITION);
    assert_string_equal(t->out.no.message, "the person has been erased");
}

/* 9 of decide_update.c and of decide_merge.c, 25 of decide_work.c */
static void test_nobodys(void **state)
{
    struct leads_test *t = *state;
    struct refusal no = {0};
    Baton__Lead *theirs = lead_from(t, "DE", ANNA), *other = lead_from(t, "DE", ANNA);
    const struct leads_lead_facts f = {.lead = theirs, .routing = &t->routing, .target = LEADS_NOBODY};
    Baton__UpdateLeadRequest update = BATON__UPDATE_LEAD_REQUEST__INIT;
    Baton__ConvertLeadRequest convert = BATON__CONVERT_LEAD_REQUEST__INIT;
    Baton__MergeLeadsRequest merge = BATON__MERGE_LEADS_REQUEST__INIT;
    other->id = OTHER;
    assert_true(leads_is_somebodys(NULL, &no));
    assert_true(leads_is_somebodys(theirs, &no));
    theirs->erased_at = timestamp_of(t->arena, NOW);
    assert_false(leads_is_somebodys(theirs, &no));
    assert_string_equal(no.field, "id");
    refused(t, leads_decide_update, &f, &update);
    refused(t, leads_decide_convert, &f, &convert);
    for (int survives = 0; survives < 2; survives++) {
        const struct leads_scoped loser = {.lead = survives ? other : theirs};
        const struct leads_merge_facts m = {.survivor = {.lead = survives ? theirs : other},
                                            .losers = &loser};
        char *id = loser.lead->id;
        merge.survivor_id = m.survivor.lead->id;
        merge.loser_ids = &id;
        merge.n_loser_ids = 1;
        refused(t, leads_decide_merge, &m, &merge);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(rule_1_nothing_here), TEST(rule_2_theirs),
                                       TEST(test_what_is_left), TEST(test_nobodys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
