/* Rules that could not be asked are told of: once for each rule, version and reason. */
#include <string.h>

#include "services/leads/leads.h"

enum { NAME_SHOWN_MAX = 120 };

/* Several leads may be decided on in one command. */
static bool is_told_now(const struct outcome *out, uint64_t version, size_t rule, Baton__RuleSkip skip)
{
    for (size_t i = 0; i < out->n_events; i++) {
        const Baton__RuleSkipped *e = out->events[i]->event_case == BATON__EVENT__EVENT_RULE_SKIPPED
                                          ? out->events[i]->rule_skipped
                                          : NULL;
        if (e && e->policy_version == version && e->rule_index == rule && e->skip == skip)
            return true;
    }
    return false;
}

static void add_admins(Baton__RuleSkipped *e, const struct leads_routing *r, struct arena *a)
{
    e->admin_ids = ARENA_ARRAY(a, char *, r->n_admins + 1);
    for (size_t i = 0; i < r->n_admins; i++)
        e->admin_ids[e->n_admin_ids++] = arena_strdup(a, r->admins[i]);
    /* 3: somebody always hears of it */
    if (!e->n_admin_ids)
        e->admin_ids[e->n_admin_ids++] = arena_strdup(a, r->persons[r->last_resort].id);
}

static void tell(const struct leads_routing *r, const char *lead_id, size_t rule, Baton__RuleSkip skip,
                 struct stamp *s, struct outcome *out)
{
    struct arena *a = s->arena;
    const Baton__Rule *source = r->policy->rules[rule].source;
    Baton__RuleSkipped *e = ARENA_NEW(a, Baton__RuleSkipped);
    baton__rule_skipped__init(e);
    e->has_policy_version = e->has_rule_index = e->has_skip = true;
    e->policy_version = r->policy->version;
    e->rule_index = (uint32_t)rule;
    e->rule_name = arena_strdup(a, source->name);
    e->skip = skip;
    e->lead_id = arena_strdup(a, lead_id);
    e->text = arena_printf(a, "Rule '%.*s' of version %llu %s. Leads go on to the next rule.", NAME_SHOWN_MAX,
                           source->name ? source->name : "", (unsigned long long)r->policy->version,
                           leads_skip_text(skip));
    add_admins(e, r, a);
    outcome_event(out, e);
}

void leads_tell_skipped(const struct leads_routing *r, const Baton__LeadAssigned *e, struct stamp *s,
                        struct outcome *out)
{
    const ProtobufCBinaryData *failed = &e->decision->failed_conditions;
    for (size_t i = 0; i < failed->len; i++) {
        unsigned skip =
            failed->data[i] < LEADS_RULE_SKIPPED ? 0U : (unsigned)failed->data[i] - LEADS_RULE_SKIPPED;
        /* 1: not what was told before; 2: nor twice in one command */
        if (skip && !(r->policy->rules[i].told >> skip & 1) &&
            !is_told_now(out, r->policy->version, i, (Baton__RuleSkip)skip))
            tell(r, e->lead_id, i, (Baton__RuleSkip)skip, s, out);
    }
}
