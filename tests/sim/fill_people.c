/* Requests about what is known of customers: notes that mention users, relationships, consent, tags, fields.
 */
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { MENTIONS = 3, PURPOSES = 3, TAGS = 4, FIELDS = 6 };

/* It mentions some users, now and then one twice, and somebody who is none. */
static char *note_text(struct sim *sim, uint64_t *random, struct arena *arena)
{
    char *text = arena_printf(arena, "Remark %llu", (unsigned long long)sim_below(random, FILL_NAMES));
    for (uint64_t n = sim_below(random, MENTIONS + 1); n > 0; n--)
        text = arena_printf(arena, "%s, @[Colleague](%s)", text, fill_drawn(sim, KNOWN_USER, random));
    return sim_below(random, 3) ? text : arena_printf(arena, "%s, @nobody@b.example", text);
}

bool fill_create_note(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Note r = BATON__NOTE__INIT;
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    r.text = note_text(sim, random, arena);
    r.owner_id = a->actor.user_id;
    r.account_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_ACCOUNT, random) : NULL;
    r.contact_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CONTACT, random) : NULL;
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_update_note(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Note r = BATON__NOTE__INIT;
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    r.id = fill_drawn(sim, KNOWN_NOTE, random);
    r.text = note_text(sim, random, arena);
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

bool fill_create_relationship(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Relationship r = BATON__RELATIONSHIP__INIT;
    r.from_contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    r.to_contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    r.has_kind = true;
    r.kind = sim_below(random, 2) ? BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_REPORTS_TO
                                  : BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_KNOWS;
    return r.from_contact_id && fill_create(a, "contacts", &r.base, arena);
}

bool fill_consent(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Consent r = BATON__CONSENT__INIT;
    r.contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    r.has_channel = r.has_state = true;
    r.channel = BATON__CONSENT_CHANNEL__CONSENT_CHANNEL_EMAIL;
    r.state = sim_below(random, 2) ? BATON__CONSENT_STATE__CONSENT_STATE_GIVEN
                                   : BATON__CONSENT_STATE__CONSENT_STATE_WITHDRAWN;
    r.purpose = fill_name(arena, "Purpose", sim_below(random, PURPOSES));
    r.source = (char *)"call";
    r.proof = (char *)"said so";
    if (sim_below(random, 2))
        r.said_at = timestamp_of(arena, world_now(sim->world) - (int64_t)sim_below(random, 600) * SIM_SECOND);
    return r.contact_id && fill_create(a, "contacts", &r.base, arena);
}

bool fill_tag_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    r.n_tags = 1 + sim_below(random, TAGS);
    r.tags = ARENA_ARRAY(arena, char *, r.n_tags);
    for (size_t i = 0; i < r.n_tags; i++)
        r.tags[i] = fill_name(arena, "tag", sim_below(random, TAGS));
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

static char *field_name(uint64_t *random, struct arena *arena)
{
    return arena_printf(arena, "field_%llu", (unsigned long long)sim_below(random, FIELDS));
}

bool fill_custom_field(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CustomField r = BATON__CUSTOM_FIELD__INIT;
    r.record_type = (char *)"account";
    r.name = field_name(random, arena);
    r.label = r.name;
    r.has_kind = true;
    r.kind = BATON__CUSTOM_KIND__CUSTOM_KIND_TEXT;
    r.has_searchable = true;
    r.searchable = sim_below(random, 2);
    return fill_create(a, "contacts", &r.base, arena);
}

/* Accounts are found by it, or not any more. */
bool fill_search_field(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CustomField r = BATON__CUSTOM_FIELD__INIT;
    r.id = fill_drawn(sim, KNOWN_CUSTOM_FIELD, random);
    r.has_searchable = true;
    r.searchable = sim_below(random, 2);
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

/* Of a field that may not be there. */
bool fill_custom_value(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    Baton__CustomValue v = BATON__CUSTOM_VALUE__INIT, *values[] = {&v};
    r.id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    v.name = field_name(random, arena);
    v.text = fill_name(arena, "Value", sim_below(random, FILL_NAMES));
    r.custom = values;
    r.n_custom = 1;
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

static char *deal_field_name(uint64_t *random, struct arena *arena)
{
    return arena_printf(arena, "field_%llu", (unsigned long long)sim_below(random, FILL_DEAL_FIELDS));
}

bool fill_deal_field(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CustomField r = BATON__CUSTOM_FIELD__INIT;
    r.record_type = (char *)"opportunity";
    r.name = r.label = deal_field_name(random, arena);
    r.has_kind = true;
    r.kind = BATON__CUSTOM_KIND__CUSTOM_KIND_TEXT;
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_deal_value(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__CustomValue v = BATON__CUSTOM_VALUE__INIT, *values[] = {&v};
    o.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    v.name = deal_field_name(random, arena);
    v.text = fill_name(arena, "Value", sim_below(random, FILL_NAMES));
    o.custom = values;
    o.n_custom = 1;
    return o.id && fill_change(a, "opportunities", &o.base, arena);
}

/* Retired, or not any more. */
bool fill_retire_field(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CustomField r = BATON__CUSTOM_FIELD__INIT;
    r.id = fill_drawn(sim, KNOWN_CUSTOM_FIELD, random);
    r.has_retired = true;
    r.retired = sim_below(random, 2);
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

bool fill_delete_field(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "contacts", "custom_field", fill_drawn(sim, KNOWN_CUSTOM_FIELD, random), arena);
}
