/* `baton form`: web forms listed, shown, set from a file, and what to paste into other sites. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "services/gateway/form_html.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20, HTML_MAX = 32 << 20, KIND_PREFIX = sizeof "FORM_FIELD_KIND_" - 1 };

/* What a snippet is to be. */
struct wanted {
    const char *name;
    const char *url; /* of Baton, as browsers reach it; NULL: not said */
    bool html;
};

static Baton__LeadForm *find(struct session *s, const char *name)
{
    struct record_list forms;
    if (!records_load(s->api, "lead_form", s->arena, &forms, &s->no))
        return NULL;
    Baton__LeadForm *form = (Baton__LeadForm *)records_find(&forms, "name", name);
    if (form == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no form with the name \"%s\"", name);
    return form;
}

/* --- list and show --- */

static void print_list(struct tool *t, const struct record_list *list, const struct record_list *beside,
                       struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "NAME|TITLE|>FIELDS|SOURCE|CAMPAIGN|ADDRESS");
    for (size_t i = 0; i < list->n; i++) {
        const Baton__LeadForm *f = (const Baton__LeadForm *)list->rows[i];
        const char *cells[] = {f->name,        f->title,       output_number(a, f->n_fields),
                               f->lead_source, f->campaign_id, arena_printf(a, "/forms/%s", f->name)};
        grid_add(&g, cells);
    }
    grid_print(&g, t);
}

static const char *kind_text(const Baton__FormFieldDefinition *d)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(
        &baton__form_field_kind__descriptor,
        d->has_kind ? (int)d->kind : BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_TEXT);
    return v != NULL ? v->name + KIND_PREFIX : "";
}

static void print_form(struct session *s, const Baton__LeadForm *f)
{
    struct grid g;
    FILE *out = s->tool->out;
    fprintf(out, "%s/forms/%s%s%s\n", api_address(s->api), f->name, f->title != NULL ? "  " : "",
            output_text(s->arena, f->title));
    grid_init(&g, s->arena, "NAME|LABEL|KIND|REQUIRED");
    for (size_t i = 0; i < f->n_fields; i++) {
        const Baton__FormFieldDefinition *d = f->fields[i];
        const char *cells[] = {d->name, d->label, kind_text(d), d->has_required && d->required ? "yes" : ""};
        grid_add(&g, cells);
    }
    if (f->n_fields > 0)
        grid_print(&g, s->tool);
    else
        fprintf(out,
                "It asks for the usual (name, e-mail, company, telephone, message) and takes everything.\n");
    for (size_t i = 0; i < f->n_allowed_origins; i++)
        fprintf(out, "may be shown inside %s\n", output_text(s->arena, f->allowed_origins[i]));
}

static bool show(struct session *s)
{
    const Baton__LeadForm *form = find(s, s->words[0]);
    if (form == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, form);
    else
        print_form(s, form);
    return true;
}

/* --- set --- */

static bool set(struct session *s)
{
    struct record_list forms;
    ProtobufCMessage *made;
    Baton__LeadForm *form = (Baton__LeadForm *)records_read(
        s->words[0], schema_message(&baton__lead_form__descriptor), s->arena, &s->no);
    if (form == NULL || !records_load(s->api, "lead_form", s->arena, &forms, &s->no))
        return false;
    const Baton__LeadForm *there = (const Baton__LeadForm *)records_find(&forms, "name", form->name);
    schema_drop_output_only(&form->base);
    if (there != NULL)
        form->id = there->id;
    if (there != NULL ? !records_replace(s->api, &form->base, s->arena, &s->no)
                      : !records_create(s->api, &form->base, s->arena, &made, &s->no))
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, form);
    else
        fprintf(s->tool->out, "%s: %s/forms/%s\n", there != NULL ? "changed" : "made", api_address(s->api),
                form->name);
    return true;
}

/* --- snippet --- */

static void write_html(struct session *s, struct buffer *out, const Baton__LeadForm *form,
                       const char *address)
{
    const struct form_view v = {.form = form, .action = address};
    form_html_write(out, &v);
}

static void write_frame(struct session *s, struct buffer *out, const Baton__LeadForm *form,
                        const char *address)
{
    const char *title = form->title != NULL && *form->title ? form->title : form->name;
    (void)buffer_text(out, "<script src=\"");
    form_html_text(out, address);
    (void)buffer_text(out, "/embed.js\" data-title=\"");
    form_html_text(out, title);
    (void)buffer_text(out, "\" async></script>\n<noscript><iframe src=\"");
    form_html_text(out, address);
    (void)buffer_text(out, "\" title=\"");
    form_html_text(out, title);
    (void)buffer_text(out, "\" style=\"width: 100%; height: 60rem; border: 0\"></iframe></noscript>\n");
    if (form->n_allowed_origins == 0)
        fprintf(stderr, "note: no other site may show it yet; name them in allowedOrigins\n");
}

static bool snippet(struct session *s)
{
    struct buffer out;
    const struct wanted *w = s->arg;
    const Baton__LeadForm *form = find(s, w->name);
    if (form == NULL)
        return false;
    const char *base = w->url != NULL ? w->url : api_address(s->api);
    size_t n = strlen(base);
    const char *address =
        arena_printf(s->arena, "%s%sforms/%s", base, n > 0 && base[n - 1] == '/' ? "" : "/", form->name);
    buffer_init(&out, HTML_MAX);
    (w->html ? write_html : write_frame)(s, &out, form, address);
    (void)fputs(buffer_cstr(&out), s->tool->out); /* seen when it is closed */
    bool fits = !out.overflow;
    buffer_release(&out);
    return fits || refuse(&s->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the form is too large to be shown");
}

/* --- the commands --- */

int tool_form_list(struct tool *t, int argc, char **argv)
{
    return records_list(t, argc, argv, "lead_form", "lead_form", print_list);
}

int tool_form_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, show);
}

int tool_form_set(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, set);
}

int tool_form_snippet(struct tool *t, int argc, char **argv)
{
    struct wanted w = {0};
    const struct option_row rows[] = {{"html", OPTION_FLAG, &w.html}, {"url", OPTION_TEXT, &w.url}};
    int first;
    if (!options_read(rows, 2, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.name = argv[first];
    return session_run(t, ARENA_LIMIT, snippet, &w);
}
