/* Fields that a deployment adds, their values, and tags, rule by rule; the numbers are those of the comments
   in decide_custom.c and, of values, common/schema/custom.c. */
#include "baton/v1/opportunities.pb-c.h"
#include "services/contacts/custom.h"
#include "tests/unit/decide_bench.h"

#define KIND(NAME) BATON__CUSTOM_KIND__CUSTOM_KIND_##NAME

static Baton__CustomField field(char *name, Baton__CustomKind kind)
{
    Baton__CustomField d = BATON__CUSTOM_FIELD__INIT;
    d.id = ID(1);
    d.record_type = "account";
    d.name = name;
    d.label = " Label ";
    d.has_kind = true;
    d.kind = kind;
    return d;
}

/* --- definitions --- */

struct definition {
    int rule;
    char *type, *name;
    Baton__CustomKind kind;
    char **choices;
    size_t n_choices;
    char *refers_to;
    struct contacts_custom_field_facts f;
    enum refusal_code code;
    const char *field;
};

static void try_definition(struct bench *b, const struct definition *row)
{
    Baton__CustomField d = field(row->name, row->kind);
    d.record_type = row->type;
    d.choices = row->choices;
    d.n_choices = row->n_choices;
    d.reference_type = row->refers_to;
    bool ok = check(b, contacts_check_custom_field, &row->f, NULL, &d);
    assert_int_equal(ok, row->code == REFUSAL_NONE);
    assert_int_equal(b->out.no.code, row->code);
    assert_string_equal(b->out.no.field, row->field);
    if (ok)
        assert_string_equal(d.label, "Label");
    if (ok && d.n_choices)
        assert_string_equal(d.choices[1], "silver");
}

static void test_definition(void **state)
{
    const struct definition rows[] = {
        {2, "account", "budget_2", KIND(MONEY), NULL, 0, NULL, {0}, REFUSAL_NONE, ""},
        {2, "opportunity", "budget_2", KIND(MONEY), NULL, 0, NULL, {0}, REFUSAL_NONE, ""},
        {2, "lead", "budget", KIND(MONEY), NULL, 0, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "record_type"},
        {2, "contact", "2nd", KIND(TEXT), NULL, 0, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "name"},
        {2, "contact", "Budget", KIND(TEXT), NULL, 0, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "name"},
        {2, "contact", "a-b", KIND(TEXT), NULL, 0, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "name"},
        {5,
         "contact",
         "level",
         KIND(TEXT),
         NULL,
         0,
         NULL,
         {.is_taken = true},
         REFUSAL_ALREADY_EXISTS,
         "name"},
        {5,
         "contact",
         "level",
         KIND(TEXT),
         NULL,
         0,
         NULL,
         {.n_fields = CUSTOM_FIELDS_MAX},
         REFUSAL_RESOURCE_EXHAUSTED,
         "record_type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_definition(*state, &rows[i]);
}

/* 3 */
static void test_what_it_leads_to(void **state)
{
    char *two[] = {"gold", " silver "}, *same[] = {"gold", "gold "}, *empty[] = {"gold", " "};
    const enum refusal_code bad = REFUSAL_INVALID_ARGUMENT, good = REFUSAL_NONE;
    const struct definition rows[] = {
        {3, "contact", "boss", KIND(REFERENCE), NULL, 0, "user", {0}, good, ""},
        {3, "contact", "boss", KIND(REFERENCE), NULL, 0, NULL, {0}, bad, "reference_type"},
        {3, "contact", "boss", KIND(REFERENCE), NULL, 0, "lead", {0}, bad, "reference_type"},
        {3, "contact", "boss", KIND(TEXT), NULL, 0, "user", {0}, bad, "reference_type"},
        {3, "contact", "level", KIND(CHOICE), two, 2, NULL, {0}, good, ""},
        {3, "contact", "level", KIND(CHOICE), NULL, 0, NULL, {0}, bad, "choices"},
        {3, "contact", "level", KIND(CHOICE), same, 2, NULL, {0}, bad, "choices"},
        {3, "contact", "level", KIND(CHOICE), empty, 2, NULL, {0}, bad, "choices"},
        {3, "contact", "level", KIND(TEXT), two, 2, NULL, {0}, bad, "choices"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_definition(*state, &rows[i]);
}

/* 1, 4: what has been used stays. */
static void test_definition_stays(void **state)
{
    struct bench *b = *state;
    const struct contacts_custom_field_facts f = {.n_fields = CUSTOM_FIELDS_MAX};
    Baton__CustomField was = field("level", KIND(TEXT)), is = field("rank", KIND(TEXT));
    assert_true(check(b, contacts_check_custom_field, &f, &was, &is));
    assert_true(check(b, contacts_check_custom_field, &f, &was, NULL));
    is = field("level", KIND(NUMBER));
    assert_refused(check(b, contacts_check_custom_field, &f, &was, &is), b, REFUSAL_FAILED_PRECONDITION,
                   "kind");
    was.first_used_at = timestamp_of(b->arena, NOW);
    assert_refused(check(b, contacts_check_custom_field, &f, &was, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    is = field("rank", KIND(TEXT));
    assert_refused(check(b, contacts_check_custom_field, &f, &was, &is), b, REFUSAL_FAILED_PRECONDITION,
                   "name");
    is = field("level", KIND(TEXT));
    is.record_type = "contact";
    assert_refused(check(b, contacts_check_custom_field, &f, &was, &is), b, REFUSAL_FAILED_PRECONDITION,
                   "record_type");
    is.record_type = "account";
    is.has_retired = is.retired = true;
    assert_true(check(b, contacts_check_custom_field, &f, &was, &is));
    was = is = field("boss", KIND(REFERENCE));
    was.reference_type = "user";
    is.reference_type = "contact";
    assert_true(check(b, contacts_check_custom_field, &f, &was, &is));
    was.first_used_at = timestamp_of(b->arena, NOW);
    assert_refused(check(b, contacts_check_custom_field, &f, &was, &is), b, REFUSAL_FAILED_PRECONDITION,
                   "reference_type");
}

/* 7 */
static void test_searched(void **state)
{
    static const struct {
        char *type;
        Baton__CustomKind kind;
        bool ok;
    } rows[] = {
        {"account", KIND(TEXT), true},      {"contact", KIND(NUMBER), true},
        {"contact", KIND(CHOICE), true},    {"account", KIND(DATE), false},
        {"account", KIND(MONEY), false},    {"contact", KIND(REFERENCE), false},
        {"opportunity", KIND(TEXT), false},
    };
    struct bench *b = *state;
    const struct contacts_custom_field_facts f = {.n_fields = 1};
    char *choices[] = {"gold"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__CustomField was, is;
        was = field("level", rows[i].kind);
        was.record_type = rows[i].type;
        was.choices = choices;
        was.n_choices = rows[i].kind == KIND(CHOICE);
        was.reference_type = rows[i].kind == KIND(REFERENCE) ? "user" : NULL;
        is = was;
        is.has_searchable = is.searchable = true;
        assert_int_equal(contacts_custom_is_searched(&is), rows[i].ok);
        assert_false(contacts_custom_is_searched(&was));
        assert_int_equal(check(b, contacts_check_custom_field, &f, &was, &is), rows[i].ok);
        if (!rows[i].ok)
            assert_string_equal(b->out.no.field, "searchable");
        /* of before there was this rule: the rest of it can be changed */
        was.has_searchable = was.searchable = true;
        assert_true(check(b, contacts_check_custom_field, &f, &was, &is));
    }
}

/* 8 */
static void test_searched_step(void **state)
{
    struct bench *b = *state;
    Baton__SearchedFields row = BATON__SEARCHED_FIELDS__INIT;
    row.type = "contact";
    assert_true(run(b, contacts_decide_searched, &(struct contacts_searched_facts){"next"}, &row));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->search_sweep_advanced->type, "contact");
    assert_string_equal(b->out.events[0]->search_sweep_advanced->token, "next");
    assert_true(run(b, contacts_decide_searched, &(struct contacts_searched_facts){NULL}, &row));
    assert_null(b->out.events[0]->search_sweep_advanced->token);
}

/* --- values --- */

/* One field of each kind, and one that is retired. */
struct fields {
    Baton__CustomField all[7], *each[7];
    uint64_t seqs[7];
    struct custom_facts f;
};

static void fields_init(struct fields *x)
{
    static char *choices[] = {"gold", "silver"};
    static char *const names[] = {"words", "count", "day", "level", "budget", "boss", "old"};
    static const Baton__CustomKind kinds[] = {KIND(TEXT),  KIND(NUMBER),    KIND(DATE), KIND(CHOICE),
                                              KIND(MONEY), KIND(REFERENCE), KIND(TEXT)};
    *x = (struct fields){.f = {.n = 7, .known = {ID(2)}, .n_known = 1}};
    for (size_t i = 0; i < 7; i++) {
        x->all[i] = field(names[i], kinds[i]);
        x->each[i] = &x->all[i];
        x->seqs[i] = i + 1;
    }
    x->all[3].choices = choices;
    x->all[3].n_choices = 2;
    x->all[6].retired = true;
    x->f.fields = x->each;
    x->f.seqs = x->seqs;
}

static Baton__CustomValue value(char *name)
{
    Baton__CustomValue v = BATON__CUSTOM_VALUE__INIT;
    v.name = name;
    return v;
}

static bool holds(struct bench *b, const struct fields *x, Baton__CustomValue *was, Baton__CustomValue *is)
{
    const struct custom_change c = {&was, &is, was != NULL, is != NULL};
    begin(b);
    return custom_check(&x->f, &c, &b->stamp, &b->out);
}

static Baton__Money money(char *currency, bool has_amount)
{
    Baton__Money m = BATON__MONEY__INIT;
    m.currency_code = currency;
    m.has_minor_units = has_amount;
    m.minor_units = 1250;
    return m;
}

static void test_values(void **state)
{
    struct bench *b = *state;
    struct fields x;
    Baton__Money good = money("EUR", true), bad = money("euro", true), nothing = money("EUR", false);
    const struct {
        int rule;
        char *name, *text, *date, *choice, *refers_to;
        bool number;
        Baton__Money *money;
        enum refusal_code code;
    } rows[] = {
        {2, "none", "x", NULL, NULL, NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {2, "old", "x", NULL, NULL, NULL, false, NULL, REFUSAL_FAILED_PRECONDITION},
        {3, "words", "x", NULL, NULL, NULL, false, NULL, REFUSAL_NONE},
        {3, "words", " ", NULL, NULL, NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "words", NULL, NULL, NULL, NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "words", "x", NULL, NULL, NULL, true, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "count", NULL, NULL, NULL, NULL, true, NULL, REFUSAL_NONE},
        {3, "count", "1", NULL, NULL, NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "day", NULL, "2026-02-28", NULL, NULL, false, NULL, REFUSAL_NONE},
        {3, "day", NULL, "2026-02-30", NULL, NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "level", NULL, NULL, "gold", NULL, false, NULL, REFUSAL_NONE},
        {3, "level", NULL, NULL, "Gold", NULL, false, NULL, REFUSAL_INVALID_ARGUMENT},
        {3, "budget", NULL, NULL, NULL, NULL, false, &good, REFUSAL_NONE},
        {3, "budget", NULL, NULL, NULL, NULL, false, &bad, REFUSAL_INVALID_ARGUMENT},
        {3, "budget", NULL, NULL, NULL, NULL, false, &nothing, REFUSAL_INVALID_ARGUMENT},
        {3, "boss", NULL, NULL, NULL, ID(2), false, NULL, REFUSAL_NONE},
        {3, "boss", NULL, NULL, NULL, ID(3), false, NULL, REFUSAL_INVALID_ARGUMENT},
    };
    fields_init(&x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__CustomValue v = value(rows[i].name);
        v.text = rows[i].text;
        v.date = rows[i].date;
        v.choice = rows[i].choice;
        v.reference_id = rows[i].refers_to;
        v.has_number_e6 = rows[i].number;
        v.money = rows[i].money;
        assert_int_equal(holds(b, &x, NULL, &v), rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        /* a refusal says which field */
        if (rows[i].code != REFUSAL_NONE)
            assert_string_equal(b->out.no.field, arena_printf(b->arena, "custom.%s", rows[i].name));
        /* what has stood there before stands on, whatever became of its field */
        assert_true(holds(b, &x, &v, &v));
        assert_int_equal(b->out.n_events, 0);
    }
}

/* 1, 4, 5 */
static void test_values_together(void **state)
{
    struct bench *b = *state;
    struct fields x;
    Baton__CustomValue v = value("words"), *twice[] = {&v, &v};
    const struct custom_change c = {NULL, twice, 0, 2};
    fields_init(&x);
    v.text = "x";
    begin(b);
    assert_refused(custom_check(&x.f, &c, &b->stamp, &b->out), b, REFUSAL_INVALID_ARGUMENT,
                   "custom.words"); /* 1 */
    x.all[0].required = true;
    assert_true(holds(b, &x, NULL, &v));
    assert_refused(holds(b, &x, &v, NULL), b, REFUSAL_INVALID_ARGUMENT, "custom.words"); /* 4 */
    x.all[0].retired = true;
    assert_true(holds(b, &x, &v, NULL));
    x.all[0].retired = false;
    /* 5: with the first value, once */
    assert_true(holds(b, &x, NULL, &v));
    assert_int_equal(b->out.n_events, 1);
    const Baton__RecordChanged *e = b->out.events[0]->record_changed;
    assert_int_equal(timestamp_us(e->record->custom_field->first_used_at), NOW);
    assert_int_equal(e->previous_seq, 1);
    assert_string_equal(e->fields[0], "first_used_at");
    assert_null(x.all[0].first_used_at);
    x.all[0].first_used_at = timestamp_of(b->arena, NOW);
    assert_true(holds(b, &x, NULL, &v));
    assert_int_equal(b->out.n_events, 0);
}

/* 6 of decide_custom.c: a value of an opportunity is one, too; and a field that is gone has none. */
static void test_values_elsewhere(void **state)
{
    struct bench *b = *state;
    struct fields x;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__CustomValue known = value("words"), unknown = value("nothing"), *values[] = {&unknown, &known};
    fields_init(&x);
    o.custom = values;
    o.n_custom = 2;
    assert_true(run(b, contacts_decide_custom_used, &x.f, &o));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->record_changed->record->custom_field->name, "words");
    x.all[0].first_used_at = timestamp_of(b->arena, NOW);
    assert_true(run(b, contacts_decide_custom_used, &x.f, &o));
    assert_int_equal(b->out.n_events, 0);
    /* 5: who keeps copies alone writes nothing down */
    x.all[0].first_used_at = NULL;
    x.f.seqs = NULL;
    known.text = "x";
    assert_true(holds(b, &x, NULL, &known));
    assert_int_equal(b->out.n_events, 0);
}

static void test_tags(void **state)
{
    struct bench *b = *state;
    char *tags[] = {" VIP ", "vip", "", "  ", "Straße", "STRASSE", "new"};
    size_t n = sizeof tags / sizeof *tags;
    char **tidy = contacts_tidy_tags(tags, &n, b->arena);
    assert_int_equal(n, 3);
    assert_string_equal(tidy[0], "VIP");
    assert_string_equal(tidy[1], "Straße");
    assert_string_equal(tidy[2], "new");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),       cmocka_unit_test(test_what_it_leads_to),
        cmocka_unit_test(test_definition_stays), cmocka_unit_test(test_values),
        cmocka_unit_test(test_values_together),  cmocka_unit_test(test_tags),
        cmocka_unit_test(test_values_elsewhere), cmocka_unit_test(test_searched),
        cmocka_unit_test(test_searched_step),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
