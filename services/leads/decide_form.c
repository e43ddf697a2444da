/* A web form comes in: its fields find their places in a lead by their usual labels. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/leads/form.h"

enum { MESSAGE_MAX = 1 << 20, ATTRIBUTES_MAX = 32, ATTRIBUTE_MAX = 200, MS_PER_SECOND = 1000 };

/* What make up a campaign in the address of a page; kept beside the campaign, whatever the form says. */
static const char *const campaign_names[] = {"utm_source", "utm_medium",  "utm_campaign",
                                             "utm_term",   "utm_content", "referrer"};

/* Where values belong whose names are not known. */
static const struct {
    Baton__FormFieldKind kind;
    const char *field;
} kind_fields[] = {
    {BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_EMAIL, "email"},
    {BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_PHONE, "phone"},
    {BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_COUNTRY, "address.country"},
};

/* What makes up a lead from a form, while it is being read. */
struct reading {
    Baton__Lead *lead;
    struct buffer message;
    const Baton__LeadForm *form;
    struct arena *arena;
};

static void add_line(struct reading *r, const char *name, const char *value)
{
    if (r->message.size)
        buffer_char(&r->message, '\n');
    if (name)
        buffer_printf(&r->message, "%s: ", name);
    buffer_text(&r->message, value);
}

static void add_attribute(struct reading *r, const char *name, const char *value)
{
    Baton__Lead *l = r->lead;
    if (l->n_attributes == ATTRIBUTES_MAX)
        return add_line(r, name, value);
    Baton__LeadAttribute *attribute = l->attributes[l->n_attributes++] =
        ARENA_NEW(r->arena, Baton__LeadAttribute);
    baton__lead_attribute__init(attribute);
    attribute->name = arena_strdup(r->arena, name);
    attribute->value = arena_strndup(r->arena, value, text_clip(value, ATTRIBUTE_MAX));
}

static bool is_campaign_name(const char *name)
{
    for (size_t i = 0; i < sizeof campaign_names / sizeof *campaign_names; i++)
        if (strcmp(campaign_names[i], name) == 0)
            return true;
    return false;
}

/* The form itself says where its leads come from; what its page says comes second. */
static bool is_said_by_form(const struct reading *r, const char *field)
{
    return (strcmp(field, "lead_source") == 0 && r->form->lead_source) ||
           (strcmp(field, "campaign_id") == 0 && r->form->campaign_id);
}

static bool is_trap(const Baton__LeadForm *form, const Baton__FormField *f)
{
    return f->name && strcmp(f->name, leads_form_trap(form)) == 0;
}

static bool is_trapped(const Baton__LeadForm *form, const Baton__SubmitFormRequest *q)
{
    for (size_t i = 0; i < q->n_fields; i++)
        if (is_trap(form, q->fields[i]) && q->fields[i]->value && *q->fields[i]->value)
            return true;
    return false;
}

/* 10: why no person filled it in; NULL: nothing says so */
static const char *machine(const Baton__LeadForm *form, const Baton__SubmitFormRequest *q, bool trapped,
                           struct arena *a)
{
    if (trapped)
        return "the trap field was filled in";
    bool is_quick =
        form->has_least_seconds && q->has_shown_ms && q->shown_ms < form->least_seconds * MS_PER_SECOND;
    return is_quick ? arena_printf(a, "it was sent less than %u seconds after its page was shown",
                                   form->least_seconds)
                    : NULL;
}

static const char *field_of(const char *name, const Baton__FormFieldDefinition *d)
{
    const char *field = leads_label_field(name);
    for (size_t i = 0; !field && d && d->has_kind && i < sizeof kind_fields / sizeof *kind_fields; i++)
        if (d->kind == kind_fields[i].kind)
            field = kind_fields[i].field;
    return field;
}

static void read_field(struct reading *r, const Baton__FormField *f)
{
    char *value = text_trim(r->arena, f->value);
    const char *name = f->name ? f->name : "";
    const Baton__FormFieldDefinition *d = leads_form_field(r->form, name);
    const char *field = field_of(name, d);
    if (!value)
        return;
    /* 13: what the page's address says of a campaign is kept for itself */
    if (is_campaign_name(name))
        add_attribute(r, name, value);
    if (field && is_said_by_form(r, field))
        return;
    if (field && strcmp(field, "message") == 0)
        add_line(r, NULL, value);
    else if ((!field || !leads_place(r->lead, field, arena_strdup(r->arena, value), r->arena)) &&
             !is_campaign_name(name))
        add_line(r, d ? d->label : name, value); /* 9 */
}

/* 14: what the form says is there before the visitor says anything */
static void read_hidden(struct reading *r)
{
    const Baton__LeadForm *form = r->form;
    r->lead->lead_source = arena_strdup(r->arena, form->lead_source);
    r->lead->campaign_id = arena_strdup(r->arena, form->campaign_id);
    r->lead->product_interest = arena_strdup(r->arena, form->product);
    for (size_t i = 0; i < form->n_hidden; i++) {
        const Baton__FormHiddenValue *h = form->hidden[i];
        const char *field = leads_label_field(h->name);
        if (!field || strcmp(field, "message") == 0 ||
            !leads_place(r->lead, field, arena_strdup(r->arena, h->value), r->arena))
            add_attribute(r, h->name, h->value);
    }
}

struct leads_read leads_read_form(const Baton__SubmitFormRequest *q, const Baton__LeadForm *form,
                                  struct arena *a)
{
    struct reading r = {.lead = ARENA_NEW(a, Baton__Lead), .form = form, .arena = a};
    baton__lead__init(r.lead);
    buffer_init(&r.message, MESSAGE_MAX);
    r.lead->attributes = ARENA_ARRAY(a, Baton__LeadAttribute *, ATTRIBUTES_MAX);
    read_hidden(&r);
    for (size_t i = 0; i < q->n_fields; i++)
        if (!is_trap(form, q->fields[i]))
            read_field(&r, q->fields[i]);
    if (r.message.size)
        r.lead->message = arena_strdup(a, buffer_cstr(&r.message));
    buffer_release(&r.message);
    return (struct leads_read){.lead = r.lead, .is_trapped = is_trapped(form, q)};
}

static Baton__SubmitFormResponse *reply_new(const Baton__LeadForm *form, struct arena *a)
{
    Baton__SubmitFormResponse *reply = ARENA_NEW(a, Baton__SubmitFormResponse);
    baton__submit_form_response__init(reply);
    reply->form = (Baton__LeadForm *)(uintptr_t)form; /* only read from now on */
    return reply;
}

static void accept(Baton__SubmitFormResponse *reply, char *lead_id, struct arena *a)
{
    reply->lead_id = lead_id;
    reply->redirect_url = arena_strdup(a, reply->form->redirect_url);
}

/* 15: files are named on the lead and stay in the original; 16: a partner's form brings what is theirs */
static Baton__Lead *tidy(const Baton__SubmitFormRequest *q, const struct leads_capture_facts *f,
                         struct arena *a)
{
    Baton__Lead *l = leads_tidy(f->read.lead, a);
    l->external_key = f->form_key;
    l->n_attachments = q->n_attachments;
    l->attachments = q->attachments;
    l->captured_by = arena_strdup(a, f->form->partner_id);
    if (l->captured_by && !l->lead_source)
        l->lead_source = arena_strdup(a, LEADS_PARTNER_SOURCE);
    return l;
}

bool leads_decide_form(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_capture_facts *f = facts;
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)c->request;
    if (!f->routing->ready)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "Baton is still starting; try again");
    /* 7: the form is known */
    if (!f->form)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "form", "there is no such form");
    Baton__SubmitFormResponse *reply = reply_new(f->form, s->arena);
    out->reply = &reply->base;
    /* 11: posted again on the same day, word for word, it is the same lead */
    if (f->same_key) {
        accept(reply, f->same_key->id, s->arena);
        return true;
    }
    /* 12: what is not as the form asks is no lead yet; whoever filled it in is told, field by field */
    bool trapped = f->read.is_trapped;
    if (!trapped)
        leads_form_violations(f->form, q, reply, s->arena);
    if (reply->n_violations)
        return true;
    /* 8: fields go where their names say; 9: the others into the message; 10: who fills in what people do not
       see is told nothing, and kept as rejected */
    Baton__Lead *l = leads_take_in(tidy(q, f, s->arena), leads_original(q->original, c, s->arena),
                                   machine(f->form, q, trapped, s->arena), f, s, out);
    leads_acknowledge(f->routing, l, s, out);
    accept(reply, l->id, s->arena);
    return true;
}
