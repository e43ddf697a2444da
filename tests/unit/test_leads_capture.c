/* Taking leads in: numbers are those of decide_capture.c and decide_form.c. */
#include "unit/leads_facts.h"

#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

/* --- taking in --- */

static bool capture(struct leads_test *t, const struct leads_capture_facts *f, Baton__Lead *l)
{
    Baton__CaptureLeadRequest *q = ARENA_NEW(t->arena, Baton__CaptureLeadRequest);
    baton__capture_lead_request__init(q);
    q->lead = l;
    struct command c = command_of(t, q);
    fresh(t);
    return leads_decide_capture(f, &c, &t->stamp, &t->out);
}

static Baton__Lead *blank(struct leads_test *t)
{
    Baton__Lead *l = ARENA_NEW(t->arena, Baton__Lead);
    baton__lead__init(l);
    return l;
}

static const Baton__CaptureLeadResponse *captured(struct leads_test *t, Baton__Lead *l)
{
    struct leads_capture_facts f = {.routing = &t->routing};
    assert_true(capture(t, &f, l));
    return (const Baton__CaptureLeadResponse *)t->out.reply;
}

static void test_capture_refusals(void **state)
{
    struct leads_test *t = *state;
    struct leads_capture_facts f = {.routing = &t->routing};
    /* 1 */
    t->routing.ready = false;
    assert_false(capture(t, &f, blank(t)));
    assert_int_equal(t->out.no.code, REFUSAL_UNAVAILABLE);
    /* 2 */
    t->routing.ready = true;
    assert_false(capture(t, &f, NULL));
    assert_string_equal(t->out.no.field, "lead");
}

/* 3 */
static void test_same_key(void **state)
{
    struct leads_test *t = *state;
    struct leads_capture_facts f = {.routing = &t->routing, .same_key = lead_from(t, "DE", ANNA)};
    Baton__Lead *l = blank(t);
    assert_true(capture(t, &f, l));
    const Baton__CaptureLeadResponse *r = (const Baton__CaptureLeadResponse *)t->out.reply;
    assert_int_equal(t->out.n_events, 0);
    assert_true(r->repeated_lead);
    assert_string_equal(r->lead->email, "a@b.example");
    /* who may not see it learns only that it is there */
    act_as(t, BATON__ROLE__ROLE_PARTNER, BOB);
    assert_true(capture(t, &f, l));
    r = (const Baton__CaptureLeadResponse *)t->out.reply;
    assert_string_equal(r->lead->id, f.same_key->id);
    assert_null(r->lead->email);
    assert_null(r->lead->owner_id);
    /* the key itself */
    l->external_id = " 17 ";
    assert_string_equal(leads_external_key(l, t->arena), "|17");
    l->lead_source = "fair ";
    assert_string_equal(leads_external_key(l, t->arena), "fair|17");
    l->external_id = "  ";
    assert_null(leads_external_key(l, t->arena));
}

static bool flagged(const Baton__Lead *l, const char *text)
{
    for (size_t i = 0; i < l->n_flags; i++)
        if (strstr(l->flags[i], text))
            return true;
    return false;
}

/* 4 */
static void test_tidy(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *l = blank(t);
    char *longer = arena_alloc(t->arena, 302);
    memset(longer, 'x', 301);
    l->first_name = "  Ada\t";
    l->last_name = longer;
    l->company = "   ";
    l->email = "not an address";
    l->phone = "12";
    l->mobile_phone = "none";
    l->website = "somewhere";
    l->has_annual_revenue = l->has_number_of_employees = true;
    l->annual_revenue = l->number_of_employees = -1;
    l->owner_id = user_id(BOB);
    l->has_status = true;
    l->status = STATUS(CONVERTED);
    l->address = ARENA_NEW(t->arena, Baton__Address);
    baton__address__init(l->address);
    l->address->city = " Ulm ";
    const Baton__Lead *got = captured(t, l)->lead;
    assert_string_equal(got->first_name, "Ada");
    assert_int_equal(strlen(got->last_name), 200);
    assert_null(got->company);
    assert_string_equal(got->address->city, "Ulm");
    assert_string_equal(l->address->city, " Ulm "); /* the request stays as it came */
    assert_string_equal(got->owner_id, user_id(RESORT));
    assert_int_equal(got->status, STATUS(ASSIGNED));
    static const char *const flags[] = {"last_name was longer than 200 bytes",
                                        "e-mail",
                                        "the telephone",
                                        "mobile",
                                        "website",
                                        "revenue",
                                        "employees"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        assert_true(flagged(got, flags[i]));
    assert_int_equal(got->n_flags, 7);
}

/* 5: any one way is enough; a name alone is none */
static void test_ways_to_reach(void **state)
{
    static const struct {
        const char *field, *value;
        bool held;
    } rows[] = {
        {"email", "x", true},          {"phone", "1", true},        {"mobile_phone", "1", true},
        {"website", "w", true},        {"company", "c", true},      {"last_name", "n", false},
        {"message", "call me", false}, {"external_id", "7", false}, {"email", "  ", false},
    };
    struct leads_test *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = blank(t);
        schema_set_text(&l->base, rows[i].field, arena_strdup(t->arena, rows[i].value));
        const Baton__Lead *got = captured(t, l)->lead;
        assert_int_equal(got->status, rows[i].held ? STATUS(ASSIGNED) : STATUS(REJECTED));
        assert_int_equal(t->out.n_events, rows[i].held ? 2 : 1);
        assert_int_equal(got->owner_id != NULL, rows[i].held);
        assert_int_equal(got->status_reason != NULL, !rows[i].held);
    }
    Baton__Lead *l = blank(t);
    l->address = ARENA_NEW(t->arena, Baton__Address);
    baton__address__init(l->address);
    l->address->street = "1 High Street";
    assert_int_equal(captured(t, l)->lead->status, STATUS(REJECTED));
    l->address->city = "York";
    assert_int_equal(captured(t, l)->lead->status, STATUS(ASSIGNED));
}

/* 6: captured and assigned in one breath, and the reply shows the lead as it then is */
static void test_captured_and_assigned(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    const Baton__Lead *got = captured(t, lead_from(t, "DE", PERSONS))->lead;
    const Baton__LeadCaptured *first = event_at(t, 0, &baton__lead_captured__descriptor);
    const Baton__LeadAssigned *second = event_at(t, 1, &baton__lead_assigned__descriptor);
    assert_string_equal(first->lead->captured_by, user_id(RESORT));
    assert_int_equal(first->lead->revision, 1);
    assert_int_equal(first->lead->status, STATUS(NEW));
    assert_string_equal(first->original->content_type, "application/proto");
    assert_int_equal(first->original->body.len, 4);
    assert_string_equal(second->lead_id, first->lead->id);
    assert_int_equal(second->decision->number, 1);
    assert_int_equal(got->revision, 2);
    assert_string_equal(got->owner_id, user_id(ANNA));
    assert_string_equal(got->pool_id, t->pools[0].id);
    assert_int_equal(got->next_due_us, NOW + 45 * MINUTE);
    assert_true(got->open);
    assert_int_equal(got->decision_count, 1);
}

/* --- forms --- */

static bool submit_again(struct leads_test *t, const Baton__LeadForm *form, const Baton__Lead *before,
                         const char *const *fields, size_t n)
{
    Baton__SubmitFormRequest *q = ARENA_NEW(t->arena, Baton__SubmitFormRequest);
    baton__submit_form_request__init(q);
    struct leads_capture_facts f = {.routing = &t->routing, .form = form, .same_key = before};
    q->fields = ARENA_ARRAY(t->arena, Baton__FormField *, n);
    for (; q->n_fields < n; q->n_fields++) {
        Baton__FormField *one = q->fields[q->n_fields] = ARENA_NEW(t->arena, Baton__FormField);
        baton__form_field__init(one);
        one->name = arena_strdup(t->arena, fields[2 * q->n_fields]);
        one->value = arena_strdup(t->arena, fields[2 * q->n_fields + 1]);
    }
    Baton__Actor nobody = BATON__ACTOR__INIT;
    t->actor = nobody;
    if (form && !before)
        f.read = leads_read_form(q, form, t->arena);
    struct command c = command_of(t, q);
    fresh(t);
    return leads_decide_form(&f, &c, &t->stamp, &t->out);
}

static bool submit(struct leads_test *t, const Baton__LeadForm *form, const char *const *fields, size_t n)
{
    return submit_again(t, form, NULL, fields, n);
}

static void test_form(void **state)
{
    static const char *const fields[] = {
        "Full-Name",    "Ada King Lovelace",
        "E-Mail",       " ada@b.example ",
        "tel",          "+49 89 123456",
        "Zip Code",     "80331",
        "Country",      "DE",
        "comments",     "Hello",
        "Colour",       "red",
        "phone",        "030 654321",
        "employees",    "250",
        "Revenue",      "a lot",
        "do_not_call",  "on",
        "utm_source",   "news",
        "utm_campaign", "spring",
        "empty",        "  ",
    };
    struct leads_test *t = *state;
    Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    form.lead_source = "web";
    form.redirect_url = "https://b.example/thanks";
    /* 7 */
    assert_false(submit(t, NULL, fields, 1));
    assert_int_equal(t->out.no.code, REFUSAL_NOT_FOUND);
    /* 8 */
    assert_true(submit(t, &form, fields, sizeof fields / sizeof *fields / 2));
    const Baton__Lead *l =
        ((const Baton__LeadCaptured *)event_at(t, 0, &baton__lead_captured__descriptor))->lead;
    assert_string_equal(l->first_name, "Ada King");
    assert_string_equal(l->last_name, "Lovelace");
    assert_string_equal(l->email, "ada@b.example");
    assert_string_equal(l->phone, "+49 89 123456");
    assert_string_equal(l->address->postal_code, "80331");
    assert_int_equal(l->number_of_employees, 250);
    assert_true(l->do_not_call);
    assert_string_equal(l->lead_source, "web");
    assert_string_equal(l->campaign_id, "spring");
    assert_null(l->captured_by);
    /* 9 */
    assert_string_equal(l->message, "Hello\nColour: red\nphone: 030 654321\nRevenue: a lot");
    const Baton__SubmitFormResponse *r = (const Baton__SubmitFormResponse *)t->out.reply;
    assert_string_equal(r->lead_id, l->id);
    assert_string_equal(r->redirect_url, form.redirect_url);
}

/* 10 */
static void test_trap(void **state)
{
    static const char *const fields[] = {"email", "a@b.example", "website2", "x", "bait", ""};
    struct leads_test *t = *state;
    Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    assert_true(submit(t, &form, fields, 2));
    const Baton__LeadRejected *e = event_at(t, 0, &baton__lead_rejected__descriptor);
    assert_string_equal(e->lead->status_reason, "the trap field was filled in");
    assert_non_null(((const Baton__SubmitFormResponse *)t->out.reply)->lead_id);
    form.trap_field = "bait"; /* an empty trap is nothing, and another's trap is a field */
    assert_true(submit(t, &form, fields, 3));
    (void)event_at(t, 0, &baton__lead_captured__descriptor);
}

/* 11 */
static void test_form_again(void **state)
{
    static const char *const fields[] = {"email", "a@b.example"};
    struct leads_test *t = *state;
    Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    form.redirect_url = "https://b.example/thanks";
    const Baton__Lead *before = lead_from(t, "DE", ANNA);
    assert_true(submit_again(t, &form, before, fields, 1));
    const Baton__SubmitFormResponse *r = (const Baton__SubmitFormResponse *)t->out.reply;
    assert_int_equal(t->out.n_events, 0);
    assert_string_equal(r->lead_id, before->id);
    assert_string_equal(r->redirect_url, form.redirect_url);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_capture_refusals),      TEST(test_same_key), TEST(test_tidy), TEST(test_ways_to_reach),
        TEST(test_captured_and_assigned), TEST(test_form),     TEST(test_trap), TEST(test_form_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
