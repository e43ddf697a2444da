/* What a form may look like. */
#include <string.h>

#include "services/leads/form.h"

#define TRAP_FIELD "website2"

static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

const char *leads_form_trap(const Baton__LeadForm *form)
{
    return form->trap_field && *form->trap_field ? form->trap_field : TRAP_FIELD;
}

static bool is_web_address(const char *url)
{
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

/* Scheme, host and port, as a browser says where it is; the host may begin with "*." */
static bool is_origin(const char *origin)
{
    if (!is_web_address(origin))
        return false;
    const char *host = strstr(origin, "://") + 3;
    host += strncmp(host, "*.", 2) == 0 ? 2 : 0;
    size_t name = 0, port = 0;
    while (host[name] && (strchr(LOWER, host[name]) || host[name] == '.'))
        name++;
    if (name == 0 || !host[name])
        return name != 0;
    port = strspn(host + name + 1, "0123456789");
    return host[name] == ':' && port > 0 && !host[name + 1 + port];
}

static bool is_colour(const char *text)
{
    return text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static bool check_page(const Baton__LeadForm *f, struct refusal *no)
{
    /* 16: who may frame it is said as a browser says it: it goes into a header */
    for (size_t i = 0; i < f->n_allowed_origins; i++)
        if (!is_origin(f->allowed_origins[i]))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "lead_form.allowed_origins",
                          "\"%.100s\" is not like https://www.example or https://*.example:8443",
                          f->allowed_origins[i]);
    /* 17: a colour is a colour: it goes into a style */
    if (f->theme_colour && *f->theme_colour && !is_colour(f->theme_colour))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "lead_form.theme_colour",
                      "must be # and six hexadecimal digits, like #1d4ed8");
    return true;
}

static bool check_fields(const Baton__LeadForm *f, struct refusal *no)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        const Baton__FormFieldDefinition *d = f->fields[i];
        if (!d->name)
            continue; /* refused by the schema, which looks at it after this */
        /* 14: every field has a name of its own, which is not the trap's */
        if (leads_form_field(f, d->name) != d)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "lead_form.fields", "\"%.64s\" is there twice",
                          d->name);
        if (strcmp(d->name, leads_form_trap(f)) == 0)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "lead_form.fields",
                          "\"%.64s\" is the trap, which people do not see", d->name);
        /* 15: who is to choose has something to choose from */
        if (d->has_kind && d->kind == BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_CHOICE && d->n_choices == 0)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "lead_form.fields", "\"%.64s\" has no choices",
                          d->name);
    }
    return true;
}

bool leads_check_form(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                      struct stamp *s, struct outcome *out)
{
    const Baton__LeadForm *f = (const Baton__LeadForm *)after;
    if (!f)
        return true;
    /* 12: its name is part of an address; that it has one is the schema's to say */
    if (f->name && strspn(f->name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(f->name))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lead_form.name",
                      "may have small letters, digits, - and _ only: it is part of an address");
    /* 13: browsers are sent to web pages only */
    if (f->redirect_url && !is_web_address(f->redirect_url))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lead_form.redirect_url",
                      "must begin with https:// or http://");
    return check_fields(f, &out->no) && check_page(f, &out->no);
}
