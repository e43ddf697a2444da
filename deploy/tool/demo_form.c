/* The demo's web form. */
#include <stdbool.h>

#include "base/arena.h"
#include "tool/demo_names.h"

#define KIND(x) BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_##x

static const struct {
    const char *name, *label;
    Baton__FormFieldKind kind;
    bool required;
    const char *help;
} fields[] = {
    {"name", "Name", KIND(TEXT), true, NULL},
    {"email", "E-mail", KIND(EMAIL), true, "Our answer comes to this address."},
    {"company", "Company", KIND(TEXT), true, NULL},
    {"country", "Country", KIND(COUNTRY), true, NULL},
    {"phone", "Telephone", KIND(PHONE), false, NULL},
    {"product", "Which product?", KIND(CHOICE), false, NULL},
    {"employees", "People in your company", KIND(NUMBER), false, "Roughly is good enough."},
    {"message", "What is it about?", KIND(LONG_TEXT), false, NULL},
    {"plan", "A drawing or a list", KIND(FILE), false, NULL},
    {"agreed", "You may write to me about products like these. I can take this back at any time.",
     KIND(CONSENT), false, NULL},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static void add_products(Baton__FormFieldDefinition *d, struct arena *a)
{
    d->choices = ARENA_ARRAY(a, char *, demo_products_n);
    for (size_t i = 0; i < demo_products_n; i++)
        d->choices[d->n_choices++] = (char *)demo_products[i].name;
}

static Baton__FormFieldDefinition *field_of(size_t i, struct arena *a)
{
    Baton__FormFieldDefinition *d = ARENA_NEW(a, Baton__FormFieldDefinition);
    baton__form_field_definition__init(d);
    d->name = (char *)fields[i].name;
    d->label = (char *)fields[i].label;
    d->has_kind = d->has_required = true;
    d->kind = fields[i].kind;
    d->required = fields[i].required;
    d->help = (char *)fields[i].help;
    if (fields[i].kind == KIND(CHOICE))
        add_products(d, a);
    return d;
}

Baton__LeadForm *demo_form(struct arena *a)
{
    Baton__LeadForm *form = ARENA_NEW(a, Baton__LeadForm);
    baton__lead_form__init(form);
    form->name = (char *)"contact";
    form->lead_source = (char *)"Web form";
    form->title = (char *)"Ask for a quote";
    form->introduction =
        (char *)"Tell us what you need; somebody who knows your country answers within one working day.";
    form->thank_you = (char *)"It is with the right person already.";
    form->submit_label = (char *)"Ask for a quote";
    form->language = (char *)"en";
    form->fields = ARENA_ARRAY(a, Baton__FormFieldDefinition *, FIELDS);
    for (size_t i = 0; i < FIELDS; i++)
        form->fields[form->n_fields++] = field_of(i, a);
    return form;
}
