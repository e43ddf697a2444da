/* A web form comes in: its fields find their places in a lead by their usual names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/leads/leads.h"

enum { NAME_MAX_BYTES = 64, MESSAGE_MAX = 1 << 20 };
#define TRAP_FIELD "website2"

/* What people call the fields of their forms, without capitals, spaces, dashes, underscores and dots, and the
   field of Lead that is meant. "name" is split, "address.x" lies one deeper. */
struct form_name {
    const char *name, *field;
};
static const struct form_name names[] = {
    {"salutation", "salutation"},
    {"name", "name"},
    {"fullname", "name"},
    {"yourname", "name"},
    {"contactname", "name"},
    {"firstname", "first_name"},
    {"givenname", "first_name"},
    {"fname", "first_name"},
    {"forename", "first_name"},
    {"lastname", "last_name"},
    {"surname", "last_name"},
    {"familyname", "last_name"},
    {"lname", "last_name"},
    {"company", "company"},
    {"companyname", "company"},
    {"organisation", "company"},
    {"organization", "company"},
    {"firm", "company"},
    {"title", "title"},
    {"jobtitle", "title"},
    {"position", "title"},
    {"email", "email"},
    {"mail", "email"},
    {"emailaddress", "email"},
    {"youremail", "email"},
    {"phone", "phone"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"phonenumber", "phone"},
    {"mobile", "mobile_phone"},
    {"mobilephone", "mobile_phone"},
    {"cell", "mobile_phone"},
    {"cellphone", "mobile_phone"},
    {"website", "website"},
    {"url", "website"},
    {"homepage", "website"},
    {"web", "website"},
    {"street", "address.street"},
    {"address", "address.street"},
    {"city", "address.city"},
    {"town", "address.city"},
    {"state", "address.state"},
    {"province", "address.state"},
    {"region", "address.state"},
    {"zip", "address.postal_code"},
    {"zipcode", "address.postal_code"},
    {"postcode", "address.postal_code"},
    {"postalcode", "address.postal_code"},
    {"country", "address.country"},
    {"industry", "industry"},
    {"product", "product_interest"},
    {"productinterest", "product_interest"},
    {"interest", "product_interest"},
    {"interestedin", "product_interest"},
    {"language", "language"},
    {"lang", "language"},
    {"message", "message"},
    {"comment", "message"},
    {"comments", "message"},
    {"enquiry", "message"},
    {"inquiry", "message"},
    {"question", "message"},
    {"notes", "message"},
    {"annualrevenue", "annual_revenue"},
    {"revenue", "annual_revenue"},
    {"employees", "number_of_employees"},
    {"numberofemployees", "number_of_employees"},
    {"donotcall", "do_not_call"},
    {"hasoptedoutofemail", "has_opted_out_of_email"},
    {"optout", "has_opted_out_of_email"},
    {"leadsource", "lead_source"},
    {"utmsource", "lead_source"},
    {"campaignid", "campaign_id"},
    {"utmcampaign", "campaign_id"},
};

/* What makes up a lead from a form, while it is being read. */
struct reading {
    Baton__Lead *lead;
    struct buffer message;
    const Baton__LeadForm *form;
    struct arena *arena;
};

static const char *field_for(const char *name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = 0;
    for (; *name; name++) {
        if (strchr(" -_.", *name))
            continue;
        if (n + 1 == sizeof plain)
            return NULL;
        plain[n++] = (char)(*name >= 'A' && *name <= 'Z' ? *name | 0x20 : *name);
    }
    plain[n] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, plain) == 0)
            return names[i].field;
    return NULL;
}

static bool set_name(Baton__Lead *l, char *value)
{
    if (l->first_name || l->last_name)
        return false;
    char *space = strrchr(value, ' ');
    l->last_name = space ? space + 1 : value;
    if (space) {
        *space = '\0';
        l->first_name = value;
    }
    return true;
}

static bool parse_flag(const char *value, bool *on)
{
    static const char *const yes[] = {"on", "yes", "true", "1"}, *const no[] = {"off", "no", "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcasecmp(value, yes[i]) == 0)
            return *on = true;
        if (strcasecmp(value, no[i]) == 0)
            return !(*on = false);
    }
    return false;
}

static bool set_field(ProtobufCMessage *m, const char *name, char *value)
{
    char *end;
    bool on;
    const struct schema_field *f = schema_field(schema_message(m->descriptor), name);
    if (schema_present(m, f))
        return false;
    if (f->pb->type == PROTOBUF_C_TYPE_STRING) {
        schema_set_text(m, name, value);
        return true;
    }
    if (f->pb->type == PROTOBUF_C_TYPE_BOOL) {
        if (!parse_flag(value, &on))
            return false;
        schema_set_int(m, name, on);
        return true;
    }
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end)
        return false;
    schema_set_int(m, name, number);
    return true;
}

/* False: there is no place for it, or somebody has it already. */
static bool place(struct reading *r, const char *field, char *value)
{
    Baton__Lead *l = r->lead;
    if (strcmp(field, "name") == 0)
        return set_name(l, value);
    if (strncmp(field, "address.", 8) != 0)
        return set_field(&l->base, field, value);
    if (!l->address) {
        l->address = ARENA_NEW(r->arena, Baton__Address);
        baton__address__init(l->address);
    }
    return set_field(&l->address->base, field + 8, value);
}

static void add_line(struct reading *r, const char *name, const char *value)
{
    if (r->message.size)
        buffer_char(&r->message, '\n');
    if (name)
        buffer_printf(&r->message, "%s: ", name);
    buffer_text(&r->message, value);
}

/* The form itself says where its leads come from; what its page says comes second. */
static bool is_said_by_form(const struct reading *r, const char *field)
{
    return (strcmp(field, "lead_source") == 0 && r->form->lead_source) ||
           (strcmp(field, "campaign_id") == 0 && r->form->campaign_id);
}

static void read_field(struct reading *r, const Baton__FormField *f)
{
    char *value = text_trim(r->arena, f->value);
    const char *field = f->name ? field_for(f->name) : NULL;
    if (!value || (field && is_said_by_form(r, field)))
        return;
    if (field && strcmp(field, "message") == 0)
        add_line(r, NULL, value);
    else if (!field || !place(r, field, arena_strdup(r->arena, value)))
        add_line(r, f->name ? f->name : "", value); /* 9 */
}

static bool is_trap(const Baton__LeadForm *form, const Baton__FormField *f)
{
    return f->name && strcmp(f->name, form->trap_field ? form->trap_field : TRAP_FIELD) == 0;
}

static Baton__Lead *read_form(const Baton__SubmitFormRequest *q, const Baton__LeadForm *form, struct arena *a,
                              bool *trapped)
{
    struct reading r = {.lead = ARENA_NEW(a, Baton__Lead), .form = form, .arena = a};
    baton__lead__init(r.lead);
    buffer_init(&r.message, MESSAGE_MAX);
    r.lead->lead_source = arena_strdup(a, form->lead_source);
    r.lead->campaign_id = arena_strdup(a, form->campaign_id);
    *trapped = false;
    for (size_t i = 0; i < q->n_fields; i++) {
        if (!is_trap(form, q->fields[i]))
            read_field(&r, q->fields[i]);
        else if (q->fields[i]->value && *q->fields[i]->value)
            *trapped = true;
    }
    if (r.message.size)
        r.lead->message = arena_strdup(a, buffer_cstr(&r.message));
    buffer_release(&r.message);
    return r.lead;
}

bool leads_decide_form(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_capture_facts *f = facts;
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)c->request;
    bool trapped;
    if (!f->routing->ready)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "Baton is still starting; try again");
    /* 7: the form is known */
    if (!f->form)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "form", "there is no such form");
    /* 8: fields go where their names say; 9: the others into the message */
    Baton__Lead *l = leads_tidy(read_form(q, f->form, s->arena, &trapped), s->arena);
    /* 10: who fills in what people do not see is told nothing, and kept as rejected */
    l = leads_take_in(l, leads_original(q->original, c, s->arena),
                      trapped ? "the trap field was filled in" : NULL, f->routing, s, out);
    Baton__SubmitFormResponse *reply = ARENA_NEW(s->arena, Baton__SubmitFormResponse);
    baton__submit_form_response__init(reply);
    reply->lead_id = l->id;
    reply->redirect_url = arena_strdup(s->arena, f->form->redirect_url);
    out->reply = &reply->base;
    return true;
}
