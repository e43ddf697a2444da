/* What partners may say of the leads they bring in, and what they see of them afterwards. */
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

enum { KEY_SOURCE_MAX = 80, KEY_ID_MAX = 200, ATTRIBUTES_MAX = 32, FLAGS_MAX = 64 };

/* Ours to judge, whoever brings a lead. */
static const char *const ours[] = {"rating", "campaign_id", "territory_id"};

/* What is shown of a lead to the partner who brought it and does not hold it: what they told, and how it
   stands; not with whom, nor what we make of it. */
static const char *const agreed[] = {
    "id",           "revision",
    "received_at",  "updated_at",
    "salutation",   "first_name",
    "last_name",    "company",
    "title",        "email",
    "phone",        "mobile_phone",
    "website",      "address",
    "lead_source",  "status",
    "industry",     "annual_revenue",
    "language",     "number_of_employees",
    "message",      "product_interest",
    "do_not_call",  "has_opted_out_of_email",
    "external_id",  "captured_by",
    "attributes",   "attachments",
    "completeness", "missing",
};

static bool is_agreed(const char *name)
{
    for (size_t i = 0; i < sizeof agreed / sizeof *agreed; i++)
        if (strcmp(agreed[i], name) == 0)
            return true;
    return false;
}

static bool is_partner(const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_PARTNER) && actor->user_id;
}

static bool is_actor(const Baton__Actor *actor, const char *id)
{
    return id && strcmp(actor->user_id, id) == 0;
}

char *leads_capture_key(const Baton__Lead *lead, const Baton__Actor *actor, struct arena *a)
{
    if (!is_partner(actor))
        return leads_external_key(lead, a);
    char *source = text_trim(a, lead->lead_source), *id = text_trim(a, lead->external_id);
    if (!id)
        return NULL;
    id[text_clip(id, KEY_ID_MAX)] = '\0';
    if (source)
        source[text_clip(source, KEY_SOURCE_MAX)] = '\0';
    return arena_printf(a, "%s %s|%s", actor->user_id, source ? source : "", id);
}

static void add_flag(Baton__Lead *l, char *text, struct arena *a)
{
    char **flags = ARENA_ARRAY(a, char *, l->n_flags + 1);
    if (l->n_flags >= FLAGS_MAX)
        return;
    if (l->n_flags)
        memcpy(flags, l->flags, l->n_flags * sizeof *flags);
    flags[l->n_flags++] = text;
    l->flags = flags;
}

/* Their own word for where it came from. */
static void keep_source(Baton__Lead *l, struct arena *a)
{
    Baton__LeadAttribute **attributes = ARENA_ARRAY(a, Baton__LeadAttribute *, l->n_attributes + 1);
    if (!l->lead_source || l->n_attributes >= ATTRIBUTES_MAX)
        return;
    Baton__LeadAttribute *source = ARENA_NEW(a, Baton__LeadAttribute);
    baton__lead_attribute__init(source);
    source->name = arena_strdup(a, "partner_source");
    source->value = l->lead_source;
    if (l->n_attributes)
        memcpy(attributes, l->attributes, l->n_attributes * sizeof *attributes);
    attributes[l->n_attributes++] = source;
    l->attributes = attributes;
}

void leads_mark_partner(Baton__Lead *l, const Baton__Actor *actor, struct arena *a)
{
    const struct schema_message *m = schema_message(l->base.descriptor);
    if (!is_partner(actor))
        return;
    l->external_key = leads_capture_key(l, actor, a);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        const struct schema_field *f = schema_field(m, ours[i]);
        if (!schema_present(&l->base, f))
            continue;
        schema_clear(&l->base, f);
        add_flag(l,
                 arena_printf(
                     a, "the partner said something of %s, which is not theirs to say; the original has it",
                     ours[i]),
                 a);
    }
    keep_source(l, a);
    l->lead_source = arena_strdup(a, LEADS_PARTNER_SOURCE);
}

Baton__Lead *leads_partner_view(const Baton__Actor *actor, Baton__Lead *lead, struct arena *a)
{
    const struct schema_message *m = schema_message(lead->base.descriptor);
    if (!is_partner(actor) || is_actor(actor, lead->owner_id) || !is_actor(actor, lead->captured_by))
        return lead;
    Baton__Lead *seen = leads_copy(lead, a);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!is_agreed(m->fields[i].pb->name))
            schema_clear(&seen->base, &m->fields[i]);
    if (lead->has_status && lead->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED)
        seen->status_reason = lead->status_reason;
    return seen;
}
