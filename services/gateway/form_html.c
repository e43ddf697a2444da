/* Writes a form as HTML. Whether it fits is seen by the buffer's owner: out->overflow. */
#include "form_html.h"

#include <string.h>

#include "form_words.h"

#define KIND(x)    BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_##x
#define PROBLEM(x) BATON__FORM_PROBLEM__FORM_PROBLEM_##x
#define TRAP_FIELD "website2"

const char *const form_campaign_names[FORM_CAMPAIGN_NAMES] = {"utm_source", "utm_medium",  "utm_campaign",
                                                              "utm_term",   "utm_content", "referrer"};

/* How each kind is asked for. */
static const struct input {
    Baton__FormFieldKind kind;
    const char *type, *inputmode, *autocomplete;
} inputs[] = {
    {KIND(TEXT), "text", NULL, NULL},        {KIND(EMAIL), "email", "email", "email"},
    {KIND(PHONE), "tel", "tel", "tel"},      {KIND(NUMBER), "text", "decimal", NULL},
    {KIND(DATE), "date", NULL, NULL},        {KIND(COUNTRY), NULL, NULL, "country-name"},
    {KIND(CONSENT), "checkbox", NULL, NULL}, {KIND(FILE), "file", NULL, NULL},
};

/* What browsers may fill in by themselves, by the usual names. */
static const struct {
    const char *name, *autocomplete;
} known[] = {
    {"name", "name"},
    {"first_name", "given-name"},
    {"last_name", "family-name"},
    {"company", "organization"},
    {"title", "organization-title"},
    {"website", "url"},
    {"street", "street-address"},
    {"city", "address-level2"},
    {"state", "address-level1"},
    {"postal_code", "postal-code"},
};

/* What is asked for where the form does not say. */
static const struct {
    const char *name;
    enum form_word label;
    Baton__FormFieldKind kind;
} usual[] = {
    {"name", FORM_NAME, KIND(TEXT)},
    {"email", FORM_EMAIL, KIND(EMAIL)},
    {"company", FORM_COMPANY, KIND(TEXT)},
    {"phone", FORM_PHONE, KIND(PHONE)},
    {"message", FORM_MESSAGE, KIND(LONG_TEXT)},
};

static const enum form_word problems[] = {
    [PROBLEM(UNSPECIFIED)] = FORM_MISSING,       [PROBLEM(MISSING)] = FORM_MISSING,
    [PROBLEM(NOT_AGREED)] = FORM_NOT_AGREED,     [PROBLEM(NOT_AN_EMAIL)] = FORM_NOT_AN_EMAIL,
    [PROBLEM(NOT_A_PHONE)] = FORM_NOT_A_PHONE,   [PROBLEM(NOT_A_CHOICE)] = FORM_NOT_A_CHOICE,
    [PROBLEM(NOT_A_NUMBER)] = FORM_NOT_A_NUMBER, [PROBLEM(NOT_A_DATE)] = FORM_NOT_A_DATE,
    [PROBLEM(TOO_LONG)] = FORM_TOO_LONG,
};

/* One field being written. */
struct field {
    const struct form_view *view;
    const Baton__FormFieldDefinition *d;
    Baton__FormFieldKind kind;
    size_t number;
    const char *value;                   /* NULL: nothing was filled in */
    const Baton__FormViolation *problem; /* NULL: nothing is wrong */
    bool lost_file;
};

void form_html_text(struct buffer *out, const char *text)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (; *text; text++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (*text == entities[i].c)
                entity = entities[i].entity;
        (void)(entity ? buffer_text(out, entity) : buffer_char(out, *text));
    }
}

static void attribute(struct buffer *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    (void)buffer_printf(out, " %s=\"", name);
    form_html_text(out, value);
    (void)buffer_char(out, '"');
}

static const char *word(const struct form_view *v, enum form_word w)
{
    return form_word(v->form->language, w);
}

static const char *problem_text(const struct form_view *v, const Baton__FormViolation *problem)
{
    size_t n = problem->has_problem ? (size_t)problem->problem : 0;
    return word(v, problems[n < sizeof problems / sizeof *problems ? n : 0]);
}

static const char *value_of(const struct form_view *v, const char *name)
{
    for (size_t i = 0; i < v->n_values; i++)
        if (v->values[i]->name && strcmp(v->values[i]->name, name) == 0 && v->values[i]->value &&
            *v->values[i]->value)
            return v->values[i]->value;
    return NULL;
}

/* --- a field --- */

static const struct input *input_of(Baton__FormFieldKind kind)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i].kind == kind)
            return &inputs[i];
    return &inputs[0];
}

static const char *autocomplete_of(const struct field *f)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, f->d->name) == 0)
            return known[i].autocomplete;
    return input_of(f->kind)->autocomplete;
}

static bool is_wrong(const struct field *f)
{
    return f->problem || f->lost_file;
}

/* What all kinds have in common. */
static void write_attributes(struct buffer *out, const struct field *f)
{
    bool has_help = f->d->help && *f->d->help;
    (void)buffer_printf(out, " id=\"f%zu\"", f->number);
    attribute(out, "name", f->d->name);
    attribute(out, "autocomplete", autocomplete_of(f));
    if (f->d->has_required && f->d->required)
        (void)buffer_text(out, " required");
    if (f->problem)
        (void)buffer_text(out, " aria-invalid=\"true\"");
    if (has_help || is_wrong(f)) {
        (void)buffer_text(out, " aria-describedby=\"");
        if (is_wrong(f))
            (void)buffer_printf(out, "f%zu-problem%s", f->number, has_help ? " " : "");
        (void)(has_help && buffer_printf(out, "f%zu-help", f->number));
        (void)buffer_char(out, '"');
    }
}

static void write_input(struct buffer *out, const struct field *f)
{
    const struct input *input = input_of(f->kind);
    (void)buffer_printf(out, "<input type=\"%s\"", input->type);
    write_attributes(out, f);
    attribute(out, "inputmode", input->inputmode);
    attribute(out, "placeholder", f->d->placeholder);
    if (f->kind != KIND(FILE))
        attribute(out, "value", f->value);
    if (f->d->has_max_length)
        (void)buffer_printf(out, " maxlength=\"%u\"", f->d->max_length);
    (void)buffer_text(out, ">\n");
}

static void write_long_text(struct buffer *out, const struct field *f)
{
    (void)buffer_text(out, "<textarea rows=\"5\"");
    write_attributes(out, f);
    attribute(out, "placeholder", f->d->placeholder);
    if (f->d->has_max_length)
        (void)buffer_printf(out, " maxlength=\"%u\"", f->d->max_length);
    (void)buffer_text(out, ">\n"); /* the first line break is the markup's, not the text's */
    form_html_text(out, f->value ? f->value : "");
    (void)buffer_text(out, "</textarea>\n");
}

static void write_select(struct buffer *out, const struct field *f)
{
    (void)buffer_text(out, "<select");
    write_attributes(out, f);
    (void)buffer_text(out, ">\n<option value=\"\">");
    form_html_text(out, word(f->view, FORM_CHOOSE));
    (void)buffer_text(out, "</option>\n");
    for (size_t i = 0; i < f->d->n_choices; i++) {
        (void)buffer_text(out, "<option");
        attribute(out, "value", f->d->choices[i]);
        (void)buffer_text(out, f->value && strcmp(f->value, f->d->choices[i]) == 0 ? " selected>" : ">");
        form_html_text(out, f->d->choices[i]);
        (void)buffer_text(out, "</option>\n");
    }
    if (f->d->n_choices == 0)
        form_html_countries(out, f->view->form->language, f->value);
    (void)buffer_text(out, "</select>\n");
}

static void write_consent(struct buffer *out, const struct field *f)
{
    (void)buffer_text(out, "<input type=\"checkbox\" value=\"yes\"");
    write_attributes(out, f);
    (void)buffer_text(out, f->value ? " checked>\n" : ">\n");
}

/* Where everything is optional nobody needs to be told. */
static bool asks_for_something(const Baton__LeadForm *form)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i]->has_required && form->fields[i]->required)
            return true;
    return false;
}

static void write_label(struct buffer *out, const struct field *f)
{
    (void)buffer_printf(out, "<label for=\"f%zu\">", f->number);
    form_html_text(out, f->d->label);
    if (asks_for_something(f->view->form) && !(f->d->has_required && f->d->required)) {
        (void)buffer_text(out, " <span class=\"optional\">(");
        form_html_text(out, word(f->view, FORM_OPTIONAL));
        (void)buffer_text(out, ")</span>");
    }
    (void)buffer_text(out, "</label>\n");
}

static void write_note(struct buffer *out, const struct field *f, const char *kind, const char *text)
{
    if (!text || !*text)
        return;
    (void)buffer_printf(out, "<p class=\"%s\" id=\"f%zu-%s\">", kind, f->number, kind);
    form_html_text(out, text);
    (void)buffer_text(out, "</p>\n");
}

static void write_control(struct buffer *out, const struct field *f)
{
    if (f->kind == KIND(LONG_TEXT))
        write_long_text(out, f);
    else if (f->kind == KIND(CHOICE) || f->kind == KIND(COUNTRY))
        write_select(out, f);
    else
        write_input(out, f);
}

static void write_field(struct buffer *out, const struct field *f)
{
    bool is_consent = f->kind == KIND(CONSENT);
    (void)buffer_printf(out, "<div class=\"field%s%s\">\n", is_consent ? " consent" : "",
                        is_wrong(f) ? " wrong" : "");
    if (is_consent)
        write_consent(out, f);
    write_label(out, f);
    write_note(out, f, "help", f->d->help);
    if (f->problem)
        write_note(out, f, "problem", problem_text(f->view, f->problem));
    else if (f->lost_file)
        write_note(out, f, "problem", word(f->view, FORM_FILE_AGAIN));
    if (!is_consent)
        write_control(out, f);
    (void)buffer_text(out, "</div>\n");
}

/* --- the form --- */

static struct field field_of(const struct form_view *v, const Baton__FormFieldDefinition *d, size_t number)
{
    struct field f = {.view = v,
                      .d = d,
                      .kind = d->has_kind ? d->kind : KIND(TEXT),
                      .number = number,
                      .value = value_of(v, d->name)};
    for (size_t i = 0; i < v->n_violations && !f.problem; i++)
        if (v->violations[i]->field && strcmp(v->violations[i]->field, d->name) == 0)
            f.problem = v->violations[i];
    for (size_t i = 0; i < v->n_files; i++)
        f.lost_file |= v->files[i]->field && strcmp(v->files[i]->field, d->name) == 0;
    return f;
}

static void write_usual(struct buffer *out, const struct form_view *v)
{
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        Baton__FormFieldDefinition d = BATON__FORM_FIELD_DEFINITION__INIT;
        d.name = (char *)(uintptr_t)usual[i].name;
        d.label = (char *)(uintptr_t)word(v, usual[i].label);
        d.has_kind = true;
        d.kind = usual[i].kind;
        struct field f = field_of(v, &d, i + 1);
        write_field(out, &f);
    }
}

static void write_summary(struct buffer *out, const struct form_view *v)
{
    (void)buffer_text(out, "<div class=\"summary\" role=\"alert\">\n<p>");
    form_html_text(out, word(v, FORM_NOT_SENT));
    (void)buffer_text(out, "</p>\n<ul>\n");
    for (size_t i = 0; i < v->form->n_fields; i++) {
        struct field f = field_of(v, v->form->fields[i], i + 1);
        if (!f.problem)
            continue;
        (void)buffer_printf(out, "<li><a href=\"#f%zu\">", f.number);
        form_html_text(out, f.d->label);
        (void)buffer_text(out, "</a></li>\n");
    }
    (void)buffer_text(out, "</ul>\n</div>\n");
}

/* Neither seen nor read aloud nor reached by a key: only a machine fills it in. */
static void write_trap(struct buffer *out, const struct form_view *v)
{
    const char *name = v->form->trap_field;
    (void)buffer_text(out, "<div hidden aria-hidden=\"true\"><label for=\"f0\">");
    form_html_text(out, word(v, FORM_LEAVE_EMPTY));
    (void)buffer_text(out, "</label><input type=\"text\" id=\"f0\"");
    attribute(out, "name", name && *name ? name : TRAP_FIELD);
    (void)buffer_text(out, " tabindex=\"-1\" autocomplete=\"off\"></div>\n");
}

static void write_carried(struct buffer *out, const struct form_view *v)
{
    for (size_t i = 0; i < FORM_CAMPAIGN_NAMES; i++) {
        const char *value = value_of(v, form_campaign_names[i]);
        if (!value)
            continue;
        (void)buffer_printf(out, "<input type=\"hidden\" name=\"%s\"", form_campaign_names[i]);
        attribute(out, "value", value);
        (void)buffer_text(out, ">\n");
    }
}

static void write_stamp(struct buffer *out, const struct form_view *v)
{
    if (!v->stamp)
        return;
    (void)buffer_text(out, "<input type=\"hidden\" name=\"" FORM_STAMP_FIELD "\"");
    attribute(out, "value", v->stamp);
    (void)buffer_text(out, ">\n");
}

static bool takes_files(const Baton__LeadForm *form)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i]->has_kind && form->fields[i]->kind == KIND(FILE))
            return true;
    return false;
}

void form_html_write(struct buffer *out, const struct form_view *v)
{
    const Baton__LeadForm *form = v->form;
    if (v->n_violations)
        write_summary(out, v);
    /* the page's own words say what is missing, in its language; the browser's would be in another */
    (void)buffer_text(out, "<form method=\"post\" novalidate accept-charset=\"utf-8\"");
    attribute(out, "action", v->action);
    (void)buffer_text(out, takes_files(form) ? " enctype=\"multipart/form-data\">\n" : ">\n");
    for (size_t i = 0; i < form->n_fields; i++) {
        struct field f = field_of(v, form->fields[i], i + 1);
        write_field(out, &f);
    }
    if (form->n_fields == 0)
        write_usual(out, v);
    write_carried(out, v);
    write_stamp(out, v);
    write_trap(out, v);
    (void)buffer_text(out, "<button type=\"submit\">");
    form_html_text(out, form->submit_label && *form->submit_label ? form->submit_label : word(v, FORM_SEND));
    (void)buffer_text(out, "</button>\n</form>\n");
}
