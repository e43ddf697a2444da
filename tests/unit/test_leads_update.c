/* Changing what is known of a lead; numbers are those of decide_update.c. And how complete it is. */
#include "unit/leads_facts.h"

#define ROLE(x)   BATON__ROLE__ROLE_##x
#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

static Baton__Lead *blank(struct leads_test *t)
{
    Baton__Lead *l = ARENA_NEW(t->arena, Baton__Lead);
    baton__lead__init(l);
    return l;
}

static Baton__UpdateLeadRequest request_of(Baton__Lead *lead)
{
    Baton__UpdateLeadRequest q = BATON__UPDATE_LEAD_REQUEST__INIT;
    q.lead = lead;
    return q;
}

/* Anna holds it, Carl is her manager. */
static bool update(struct leads_test *t, const Baton__UpdateLeadRequest *q, Baton__LeadStatus status)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .target = LEADS_NOBODY};
    struct command c = command_of(t, q);
    l->has_status = l->has_open = l->open = true;
    l->status = status;
    l->has_revision = true;
    l->revision = 3;
    l->lead_source = "web";
    f.scope.managers[f.scope.n_managers++] = user_id(CARL);
    fresh(t);
    return leads_decide_update(&f, &c, &t->stamp, &t->out);
}

static const Baton__Lead *updated(struct leads_test *t, const Baton__UpdateLeadRequest *q)
{
    act_as(t, ROLE(REP), ANNA);
    assert_true(update(t, q, STATUS(WORKING)));
    return ((const Baton__UpdateLeadResponse *)t->out.reply)->lead;
}

static void test_who_and_when(void **state)
{
    static const struct {
        int rule;
        Baton__Role role;
        int person;
        Baton__LeadStatus status;
        enum refusal_code code; /* 0: it is done */
    } rows[] = {
        {1, ROLE(REP), BOB, STATUS(WORKING), REFUSAL_NOT_FOUND},
        {1, ROLE(INSIDE), BOB, STATUS(WORKING), REFUSAL_PERMISSION_DENIED},
        {1, ROLE(MANAGER), CARL, STATUS(WORKING), 0},
        {1, ROLE(ADMIN), RESORT, STATUS(REJECTED), 0},
        {1, ROLE(REP), ANNA, STATUS(ASSIGNED), 0},
        {2, ROLE(REP), ANNA, STATUS(CONVERTED), REFUSAL_FAILED_PRECONDITION},
        {2, ROLE(REP), ANNA, STATUS(MERGED), REFUSAL_FAILED_PRECONDITION},
    };
    struct leads_test *t = *state;
    Baton__Lead *l = blank(t);
    l->title = "Buyer";
    Baton__UpdateLeadRequest q = request_of(l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        act_as(t, rows[i].role, rows[i].person);
        assert_int_equal(update(t, &q, rows[i].status), rows[i].code == 0);
        if (rows[i].code)
            assert_int_equal(t->out.no.code, rows[i].code);
    }
    /* 3 */
    act_as(t, ROLE(REP), ANNA);
    q.has_revision = true;
    q.revision = 2;
    assert_false(update(t, &q, STATUS(WORKING)));
    assert_int_equal(t->out.no.code, REFUSAL_ABORTED);
    q.revision = 3;
    assert_true(update(t, &q, STATUS(WORKING)));
}

/* 4, 7 */
static void test_set(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *l = blank(t);
    Baton__Address address = BATON__ADDRESS__INIT;
    Baton__UpdateLeadRequest q = request_of(l);
    l->title = "  Buyer ";
    l->address = &address;
    l->owner_id = user_id(BOB);
    l->lead_source = "web";
    address.city = "Munich";
    const Baton__Lead *now = updated(t, &q);
    const Baton__LeadUpdated *e = event_at(t, 0, &baton__lead_updated__descriptor);
    assert_string_equal(now->title, "Buyer");
    assert_string_equal(now->owner_id, user_id(ANNA));
    assert_string_equal(now->address->city, "Munich");
    assert_string_equal(now->address->country, "DE");
    assert_int_equal(now->revision, 4);
    assert_int_equal(now->status, STATUS(WORKING));
    assert_int_equal(timestamp_us(now->updated_at), NOW);
    assert_int_equal(e->n_fields, 2);
    assert_string_equal(e->fields[0], "title");
    assert_string_equal(e->fields[1], "address");
    assert_int_equal(e->lead->n_missing, 0);
    l->lead_source = "elsewhere";
    assert_false(update(t, &q, STATUS(WORKING)));
    assert_string_equal(t->out.no.field, "lead_source");
    /* 7 */
    l = blank(t);
    l->email = "a@b.example";
    q = request_of(l);
    assert_int_equal(updated(t, &q)->revision, 3);
    assert_int_equal(t->out.n_events, 0);
}

/* 5, 6 */
static void test_clear(void **state)
{
    static const struct {
        char *clear;
        const char *field;
    } rows[] = {{"company", NULL}, {"owner_id", "clear"}, {"external_id", "clear"}, {"nonsense", "clear"}};
    struct leads_test *t = *state;
    Baton__Lead *l = blank(t);
    Baton__UpdateLeadRequest q = request_of(l);
    q.n_clear = 1;
    act_as(t, ROLE(REP), ANNA);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *clear = rows[i].clear;
        q.clear = &clear;
        assert_int_equal(update(t, &q, STATUS(WORKING)), rows[i].field == NULL);
        if (rows[i].field)
            assert_string_equal(t->out.no.field, rows[i].field);
    }
    char *all[] = {"email", "phone", "mobile_phone", "website", "company", "address"};
    q.clear = all;
    q.n_clear = sizeof all / sizeof *all;
    assert_false(update(t, &q, STATUS(WORKING)));
    assert_string_equal(t->out.no.message, "a lead needs some way to reach somebody");
    q.n_clear = 0;
    l->email = "not one";
    assert_false(update(t, &q, STATUS(WORKING)));
    assert_string_equal(t->out.no.field, "email");
}

static void test_complete(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *l = blank(t);
    Baton__Address address = BATON__ADDRESS__INIT;
    leads_complete(l);
    leads_say_missing(l, t->arena);
    assert_int_equal(l->completeness, 0);
    assert_int_equal(l->n_missing, 11);
    assert_string_equal(l->missing[0], "email");
    l->mobile_phone = "+49 89 123456";
    l->address = &address;
    address.country = "DE";
    leads_complete(l);
    leads_say_missing(l, t->arena);
    assert_int_equal(l->completeness, 28);
    assert_int_equal(l->n_missing, 9);
    l->email = l->last_name = l->company = l->product_interest = l->message = l->title = l->industry = "x";
    address.city = "x";
    l->has_number_of_employees = true;
    leads_complete(l);
    leads_say_missing(l, t->arena);
    assert_int_equal(l->completeness, 100);
    assert_int_equal(l->n_missing, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_who_and_when), TEST(test_set), TEST(test_clear),
                                       TEST(test_complete)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
