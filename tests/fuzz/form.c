/* What the leads service would say of a form, made from what was filled in; and whether a page is sound. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "fuzz/gateway.h"

enum { DEFINITIONS_MAX = 50, KINDS = BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_FILE + 1 };

bool gate_form_is_wrong(const char *value)
{
    return value[0] == '!';
}

static Baton__FormFieldDefinition *definition(const Baton__FormField *f, size_t i, struct arena *a)
{
    Baton__FormFieldDefinition *d = ARENA_NEW(a, Baton__FormFieldDefinition);
    char **choices = ARENA_ARRAY(a, char *, 1);
    baton__form_field_definition__init(d);
    choices[0] = f->value;
    d->name = d->label = d->help = f->name;
    d->placeholder = f->value;
    d->choices = choices;
    d->n_choices = i % 3 != 0;
    d->has_kind = d->has_required = true;
    d->kind = (Baton__FormFieldKind)(i % KINDS);
    d->required = i % 2;
    return d;
}

/* The form asks for what came, and says itself what was said last. */
static Baton__LeadForm *form_of(Baton__FormField *const *fields, size_t n, struct arena *a)
{
    static char *origins[] = {"https://www.example"};
    static const char *const languages[] = {NULL, "de-AT", "zh-Hant", "x"};
    Baton__LeadForm *form = ARENA_NEW(a, Baton__LeadForm);
    baton__lead_form__init(form);
    form->name = "contact";
    form->allowed_origins = origins;
    form->n_allowed_origins = n % 2;
    form->language = (char *)(uintptr_t)languages[n % 4];
    form->theme_colour = n % 3 ? "#ffCC00" : NULL;
    form->fields = ARENA_ARRAY(a, Baton__FormFieldDefinition *, DEFINITIONS_MAX);
    for (size_t i = 0; i < n && i < DEFINITIONS_MAX; i++)
        form->fields[form->n_fields++] = definition(fields[i], i, a);
    if (n)
        form->title = form->introduction = form->thank_you = form->submit_label = fields[n - 1]->value;
    return form;
}

struct bytes gate_form_shown(struct arena *a)
{
    Baton__FormField field = BATON__FORM_FIELD__INIT, *fields[KINDS];
    Baton__GetFormResponse r = BATON__GET_FORM_RESPONSE__INIT;
    field.name = field.value = "<\"&'>";
    for (size_t i = 0; i < KINDS; i++)
        fields[i] = &field;
    r.form = form_of(fields, KINDS, a);
    return schema_pack(&r.base, a);
}

struct bytes gate_form_taken(const ProtobufCMessage *request, struct arena *a)
{
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)request;
    Baton__SubmitFormResponse r = BATON__SUBMIT_FORM_RESPONSE__INIT;
    r.form = form_of(q->fields, q->n_fields, a);
    r.violations = ARENA_ARRAY(a, Baton__FormViolation *, q->n_fields);
    for (size_t i = 0; i < q->n_fields; i++) {
        if (!gate_form_is_wrong(q->fields[i]->value))
            continue;
        Baton__FormViolation *v = r.violations[r.n_violations++] = ARENA_NEW(a, Baton__FormViolation);
        baton__form_violation__init(v);
        v->field = q->fields[i]->name;
        v->has_problem = true;
        v->problem = (Baton__FormProblem)(i % 12);
    }
    return schema_pack(&r.base, a);
}

void gate_page_check(struct bytes answer)
{
    const char *page = answer.size ? memmem(answer.data, answer.size, "\r\n\r\n", 4) : NULL;
    const char *end = (const char *)answer.data + answer.size;
    bool in_tag = false, in_value = false;
    assert(page != NULL);
    for (page += 4; page < end; page++) {
        if (*page == '"') {
            assert(in_tag); /* text has none as it is */
            in_value = !in_value;
        } else if (*page == '<') {
            assert(!in_tag);
            in_tag = true;
        } else if (*page == '>') {
            assert(in_tag && !in_value);
            in_tag = false;
        } else {
            assert(*page != '\0' && (*page != '\'' || in_tag));
        }
    }
    assert(!in_tag && !in_value);
}
