/* What a form takes, field by field. */
#include <string.h>
#include <unicode/utf8.h>

#include "base/text.h"
#include "services/leads/form.h"

#define KIND(x)    BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_##x
#define PROBLEM(x) BATON__FORM_PROBLEM__FORM_PROBLEM_##x

const Baton__FormFieldDefinition *leads_form_field(const Baton__LeadForm *form, const char *name)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i]->name && strcmp(form->fields[i]->name, name) == 0)
            return form->fields[i];
    return NULL;
}

/* --- values of each kind --- */

static bool is_among(const Baton__FormFieldDefinition *d, const char *value)
{
    for (size_t i = 0; i < d->n_choices; i++)
        if (strcmp(d->choices[i], value) == 0)
            return true;
    return d->n_choices == 0;
}

static bool is_email(const Baton__FormFieldDefinition *d, const char *value)
{
    return text_is_email(value);
}

static bool is_phone(const Baton__FormFieldDefinition *d, const char *value)
{
    return text_is_phone(value);
}

/* "1,250.50", "1 250,50", "-3". */
static bool is_number(const Baton__FormFieldDefinition *d, const char *value)
{
    value += *value == '-' || *value == '+';
    return *value >= '0' && *value <= '9' && strspn(value, "0123456789.,' ") == strlen(value);
}

static unsigned two_digits(const char *at)
{
    return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* The way browsers send one. */
static bool is_date(const Baton__FormFieldDefinition *d, const char *value)
{
    static const char form[] = "dddd-dd-dd";
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(value) != strlen(form))
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? value[i] < '0' || value[i] > '9' : value[i] != form[i])
            return false;
    unsigned year = two_digits(value) * 100 + two_digits(value + 2), month = two_digits(value + 5);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12)
        return false;
    unsigned day = two_digits(value + 8);
    return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}

static const struct kind_check {
    Baton__FormFieldKind kind;
    bool (*is_good)(const Baton__FormFieldDefinition *d, const char *value);
    Baton__FormProblem problem;
} checks[] = {
    {KIND(EMAIL), is_email, PROBLEM(NOT_AN_EMAIL)},   {KIND(PHONE), is_phone, PROBLEM(NOT_A_PHONE)},
    {KIND(CHOICE), is_among, PROBLEM(NOT_A_CHOICE)},  {KIND(COUNTRY), is_among, PROBLEM(NOT_A_CHOICE)},
    {KIND(NUMBER), is_number, PROBLEM(NOT_A_NUMBER)}, {KIND(DATE), is_date, PROBLEM(NOT_A_DATE)},
};

static bool is_too_long(const Baton__FormFieldDefinition *d, const char *value)
{
    size_t characters = 0;
    for (; *value; value++)
        characters += !U8_IS_TRAIL((uint8_t)*value);
    return d->has_max_length && characters > d->max_length;
}

static Baton__FormProblem problem_of(const Baton__FormFieldDefinition *d, const char *value)
{
    if (is_too_long(d, value))
        return PROBLEM(TOO_LONG);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (d->has_kind && d->kind == checks[i].kind && !checks[i].is_good(d, value))
            return checks[i].problem;
    return PROBLEM(UNSPECIFIED);
}

/* --- a field --- */

static bool has_file(const Baton__FormFieldDefinition *d, const Baton__SubmitFormRequest *q)
{
    for (size_t i = 0; i < q->n_attachments; i++)
        if (q->attachments[i]->field && strcmp(q->attachments[i]->field, d->name) == 0)
            return true;
    return false;
}

/* A name may come more than once. */
static Baton__FormProblem field_problem(const Baton__FormFieldDefinition *d,
                                        const Baton__SubmitFormRequest *q, struct arena *a)
{
    bool is_given = has_file(d, q);
    for (size_t i = 0; i < q->n_fields; i++) {
        const Baton__FormField *f = q->fields[i];
        const char *value = f->name && strcmp(f->name, d->name) == 0 ? text_trim(a, f->value) : NULL;
        Baton__FormProblem problem = value ? problem_of(d, value) : PROBLEM(UNSPECIFIED);
        if (problem)
            return problem;
        is_given = is_given || value;
    }
    if (is_given || !d->has_required || !d->required)
        return PROBLEM(UNSPECIFIED);
    return d->has_kind && d->kind == KIND(CONSENT) ? PROBLEM(NOT_AGREED) : PROBLEM(MISSING);
}

void leads_form_violations(const Baton__LeadForm *form, const Baton__SubmitFormRequest *q,
                           Baton__SubmitFormResponse *out, struct arena *a)
{
    out->violations = ARENA_ARRAY(a, Baton__FormViolation *, form->n_fields);
    for (size_t i = 0; i < form->n_fields; i++) {
        Baton__FormProblem problem = field_problem(form->fields[i], q, a);
        if (!problem)
            continue;
        Baton__FormViolation *v = out->violations[out->n_violations++] = ARENA_NEW(a, Baton__FormViolation);
        baton__form_violation__init(v);
        v->field = form->fields[i]->name;
        v->has_problem = true;
        v->problem = problem;
    }
}
