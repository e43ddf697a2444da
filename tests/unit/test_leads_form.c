/* What a form takes: numbers are those of decide_form.c and decide_form_record.c. */
#include "unit/leads_facts.h"

#include "services/leads/form.h"

#define KIND(x)    BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_##x
#define PROBLEM(x) BATON__FORM_PROBLEM__FORM_PROBLEM_##x

/* One field of a form and one value of it. */
struct one {
    Baton__FormFieldKind kind;
    const char *value;
    Baton__FormProblem problem;
};

static Baton__FormProblem problem_with(struct leads_test *t, Baton__FormFieldDefinition *d, const char *value)
{
    Baton__FormField field = BATON__FORM_FIELD__INIT, *fields[] = {&field};
    Baton__SubmitFormRequest q = BATON__SUBMIT_FORM_REQUEST__INIT;
    Baton__SubmitFormResponse reply = BATON__SUBMIT_FORM_RESPONSE__INIT;
    Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    form.fields = &d;
    form.n_fields = 1;
    field.name = d->name;
    field.value = (char *)(uintptr_t)value;
    q.fields = fields;
    q.n_fields = 1;
    leads_form_violations(&form, &q, &reply, t->arena);
    assert_true(reply.n_violations <= 1);
    return reply.n_violations ? reply.violations[0]->problem : PROBLEM(UNSPECIFIED);
}

/* 12 */
static void test_values(void **state)
{
    struct leads_test *t = *state;
    static const struct one rows[] = {
        {KIND(TEXT), "anything", PROBLEM(UNSPECIFIED)},
        {KIND(EMAIL), "a@b.example", PROBLEM(UNSPECIFIED)},
        {KIND(EMAIL), "a at b", PROBLEM(NOT_AN_EMAIL)},
        {KIND(PHONE), "+49 30 123456", PROBLEM(UNSPECIFIED)},
        {KIND(PHONE), "none", PROBLEM(NOT_A_PHONE)},
        {KIND(CHOICE), "two", PROBLEM(UNSPECIFIED)},
        {KIND(CHOICE), " two ", PROBLEM(UNSPECIFIED)},
        {KIND(CHOICE), "Two", PROBLEM(NOT_A_CHOICE)},
        {KIND(COUNTRY), "three", PROBLEM(NOT_A_CHOICE)},
        {KIND(NUMBER), "-1,250.50", PROBLEM(UNSPECIFIED)},
        {KIND(NUMBER), "1e5", PROBLEM(NOT_A_NUMBER)},
        {KIND(NUMBER), "-", PROBLEM(NOT_A_NUMBER)},
        {KIND(NUMBER), ".", PROBLEM(NOT_A_NUMBER)},
        {KIND(DATE), "2028-02-29", PROBLEM(UNSPECIFIED)},
        {KIND(DATE), "2000-02-29", PROBLEM(UNSPECIFIED)},
        {KIND(DATE), "2100-02-29", PROBLEM(NOT_A_DATE)},
        {KIND(DATE), "2027-04-31", PROBLEM(NOT_A_DATE)},
        {KIND(DATE), "2027-00-01", PROBLEM(NOT_A_DATE)},
        {KIND(DATE), "2027-13-01", PROBLEM(NOT_A_DATE)},
        {KIND(DATE), "2027-1-01", PROBLEM(NOT_A_DATE)},
        {KIND(DATE), "2027-01-0x", PROBLEM(NOT_A_DATE)},
        {KIND(CONSENT), "", PROBLEM(NOT_AGREED)},
        {KIND(TEXT), " \t", PROBLEM(MISSING)},
        {KIND(FILE), NULL, PROBLEM(MISSING)},
        {KIND(TEXT), "十二三四五六七八九十", PROBLEM(UNSPECIFIED)},
        {KIND(TEXT), "十二三四五六七八九十十二三四五六七八九十一", PROBLEM(TOO_LONG)},
    };
    char *choices[] = {"one", "two"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__FormFieldDefinition d = BATON__FORM_FIELD_DEFINITION__INIT;
        d.name = "field";
        d.has_kind = d.has_required = d.required = d.has_max_length = true;
        d.kind = rows[i].kind;
        d.max_length = 20;
        d.choices = choices;
        d.n_choices = 2;
        assert_int_equal(problem_with(t, &d, rows[i].value), rows[i].problem);
    }
}

static Baton__Lead *captured(struct leads_test *t)
{
    for (size_t i = 0; i < t->out.n_events; i++)
        if (t->out.events[i]->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED)
            return t->out.events[i]->lead_captured->lead;
    return NULL;
}

/* A form with an address, hidden values and a partner; `names` and values alternate. */
static const Baton__SubmitFormResponse *submit(struct leads_test *t, const char *const *said, size_t n)
{
    static Baton__FormHiddenValue source = BATON__FORM_HIDDEN_VALUE__INIT,
                                  own = BATON__FORM_HIDDEN_VALUE__INIT;
    static Baton__FormHiddenValue *hidden[] = {&source, &own};
    static Baton__FormFieldDefinition mail = BATON__FORM_FIELD_DEFINITION__INIT, *fields[] = {&mail};
    static Baton__LeadForm form = BATON__LEAD_FORM__INIT;
    Baton__SubmitFormRequest *q = ARENA_NEW(t->arena, Baton__SubmitFormRequest);
    baton__submit_form_request__init(q);
    source.name = "utm_source";
    source.value = "fair";
    own.name = "stand";
    own.value = "B7";
    mail.name = "answer_to";
    mail.label = "Where to answer";
    mail.has_kind = mail.has_required = mail.required = true;
    mail.kind = KIND(EMAIL);
    form.fields = fields;
    form.n_fields = 1;
    form.hidden = hidden;
    form.n_hidden = 2;
    form.product = "Relay";
    form.partner_id = user_id(BOB);
    q->fields = ARENA_ARRAY(t->arena, Baton__FormField *, n / 2);
    for (size_t i = 0; i + 1 < n; i += 2) {
        Baton__FormField *one = q->fields[q->n_fields++] = ARENA_NEW(t->arena, Baton__FormField);
        baton__form_field__init(one);
        one->name = (char *)(uintptr_t)said[i];
        one->value = (char *)(uintptr_t)said[i + 1];
    }
    struct command c = {.request = &q->base, .actor = &t->actor};
    struct leads_capture_facts f = {
        .routing = &t->routing, .form = &form, .read = leads_read_form(q, &form, t->arena)};
    fresh(t);
    assert_true(leads_decide_form(&f, &c, &t->stamp, &t->out));
    return (const Baton__SubmitFormResponse *)t->out.reply;
}
#define SUBMIT(t, ...)                                                                                       \
    submit(t, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* 13, 14, 16 */
static void test_what_the_form_says(void **state)
{
    struct leads_test *t = *state;
    const Baton__SubmitFormResponse *r =
        SUBMIT(t, "answer_to", "a@b.example", "product", "Other", "utm_source", "mail", "stand", "C1");
    const Baton__Lead *l = captured(t);
    assert_non_null(l);
    assert_string_equal(r->lead_id, l->id);
    assert_string_equal(l->email, "a@b.example");
    assert_string_equal(l->lead_source, "fair");
    assert_string_equal(l->product_interest, "Relay");
    assert_string_equal(l->captured_by, user_id(BOB));
    assert_int_equal(l->n_attributes, 2);
    assert_string_equal(l->attributes[0]->value, "B7");
    assert_string_equal(l->attributes[1]->value, "mail");
    assert_string_equal(l->message, "product: Other\nstand: C1");
}

/* 12 */
static void test_violations_are_no_lead(void **state)
{
    struct leads_test *t = *state;
    const Baton__SubmitFormResponse *r = SUBMIT(t, "answer_to", "nowhere");
    assert_int_equal(t->out.n_events, 0);
    assert_null(r->lead_id);
    assert_int_equal(r->n_violations, 1);
    assert_string_equal(r->violations[0]->field, "answer_to");
    assert_non_null(r->form);
    /* 10: the trap comes first */
    r = SUBMIT(t, "answer_to", "nowhere", "website2", "x");
    assert_int_equal(r->n_violations, 0);
    assert_int_equal(t->out.events[0]->event_case, BATON__EVENT__EVENT_LEAD_REJECTED);
}

/* 10 */
static void test_too_quick(void **state)
{
    struct leads_test *t = *state;
    static const struct {
        bool is_asked, is_known, is_rejected;
        uint32_t shown_ms;
    } rows[] = {{true, true, true, 2999},
                {true, true, false, 3000},
                {true, false, false, 0},
                {false, true, false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__SubmitFormRequest q = BATON__SUBMIT_FORM_REQUEST__INIT;
        Baton__LeadForm form = BATON__LEAD_FORM__INIT;
        struct command c = {.request = &q.base, .actor = &t->actor};
        Baton__FormField company = BATON__FORM_FIELD__INIT, *fields[] = {&company};
        company.name = "company";
        company.value = "B";
        q.fields = fields;
        q.n_fields = 1;
        q.has_shown_ms = rows[i].is_known;
        q.shown_ms = rows[i].shown_ms;
        form.has_least_seconds = rows[i].is_asked;
        form.least_seconds = 3;
        struct leads_capture_facts f = {
            .routing = &t->routing, .form = &form, .read = leads_read_form(&q, &form, t->arena)};
        fresh(t);
        assert_true(leads_decide_form(&f, &c, &t->stamp, &t->out));
        assert_int_equal(t->out.events[0]->event_case == BATON__EVENT__EVENT_LEAD_REJECTED,
                         rows[i].is_rejected);
    }
}

/* 16, 17 of the record */
static void test_page_checks(void **state)
{
    struct leads_test *t = *state;
    static const struct {
        const char *origin, *colour;
        bool is_good;
    } rows[] = {
        {"https://www.example", NULL, true},
        {"http://localhost:3000", "#A0b1C2", true},
        {"https://*.shop.example", "", true},
        {"https://", NULL, false},
        {"www.example", NULL, false},
        {"https://a.example/", NULL, false},
        {"https://a.example:", NULL, false},
        {"https://a.example:80/x", NULL, false},
        {"https://*", NULL, false},
        {"https://a.example 'self'", NULL, false},
        {"https://www.example", "#12345", false},
        {"https://www.example", "#12345g", false},
        {"https://www.example", "1234567", false},
        {"https://a.example;x", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__LeadForm f = BATON__LEAD_FORM__INIT;
        char *origins[] = {(char *)(uintptr_t)rows[i].origin};
        f.name = "contact";
        f.allowed_origins = origins;
        f.n_allowed_origins = 1;
        f.theme_colour = (char *)(uintptr_t)rows[i].colour;
        fresh(t);
        assert_int_equal(leads_check_form(NULL, NULL, &f.base, &t->stamp, &t->out), rows[i].is_good);
    }
}

/* 12, 14: what is not given is the schema's to refuse. */
static void test_without_names(void **state)
{
    struct leads_test *t = *state;
    Baton__LeadForm f = BATON__LEAD_FORM__INIT;
    Baton__FormFieldDefinition without = BATON__FORM_FIELD_DEFINITION__INIT, with = without;
    Baton__FormFieldDefinition *fields[] = {&without, &with};
    with.name = "email";
    f.fields = fields;
    f.n_fields = 2;
    fresh(t);
    assert_true(leads_check_form(NULL, NULL, &f.base, &t->stamp, &t->out));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_values),    TEST(test_what_the_form_says), TEST(test_violations_are_no_lead),
        TEST(test_too_quick), TEST(test_page_checks),        TEST(test_without_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
