/* What other services' records are to the timelines of accounts and contacts. */
#include "base/text.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "services/contacts/activity.h"
#include "services/contacts/erase.h"

enum { ABOUT_MAX = 2 };

struct noted {
    Baton__TimelineKind kind;
    char *record_id;
    const char *title;
    char *stage_name;
    char *about[ABOUT_MAX]; /* NULL: not */
};

/* Of this moment; without anybody whom it is about, it leaves the timelines where it was. */
static void note(const struct noted *n, int64_t at_us, struct outcome *out)
{
    Baton__TimelineNoted *e = ARENA_NEW(out->arena, Baton__TimelineNoted);
    baton__timeline_noted__init(e);
    e->record_id = n->record_id;
    e->entries = ARENA_ARRAY(out->arena, Baton__TimelineEntry *, ABOUT_MAX);
    for (size_t i = 0; i < ABOUT_MAX; i++) {
        if (!n->about[i])
            continue;
        Baton__TimelineEntry *x = e->entries[e->n_entries++] = ARENA_NEW(out->arena, Baton__TimelineEntry);
        baton__timeline_entry__init(x);
        x->about_id = n->about[i];
        x->has_at_us = x->has_kind = true;
        x->at_us = at_us > 0 ? (uint64_t)at_us : 0;
        x->kind = n->kind;
        x->record_id = n->record_id;
        x->title = text_trim(out->arena, n->title);
        x->stage_name = n->stage_name;
    }
    outcome_event(out, e);
}

static const char *name_of(const Baton__Lead *lead, struct arena *a)
{
    const char *first = text_trim(a, lead->first_name), *last = text_trim(a, lead->last_name);
    if (first && last)
        return arena_printf(a, "%s %s", first, last);
    return first ? first : last ? last : lead->company ? lead->company : lead->email;
}

bool contacts_decide_lead_noted(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const Baton__Lead *lead = ((const Baton__LeadCaptured *)c->request)->lead;
    /* 4: of somebody who has been erased nothing is written down */
    if (((const struct contacts_lead_facts *)facts)->is_erased)
        return contacts_lead_erased(lead->id, out);
    /* 1: a lead of somebody we know belongs to them from the moment it came */
    if (lead && (lead->matched_account_id || lead->matched_contact_id))
        note(&(struct noted){.kind = BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD,
                             .record_id = lead->id,
                             .title = name_of(lead, s->arena),
                             .about = {lead->matched_account_id, lead->matched_contact_id}},
             lead->received_at ? timestamp_us(lead->received_at) : s->now_us, out);
    return true;
}

bool contacts_decide_converted_noted(const void *facts, const struct command *c, struct stamp *s,
                                     struct outcome *out)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    /* 4 again */
    if (((const struct contacts_lead_facts *)facts)->is_erased)
        return contacts_lead_erased(e->lead_id, out);
    /* 2: a converted one to what it became */
    if (e->lead)
        note(&(struct noted){.kind = BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD,
                             .record_id = e->lead_id,
                             .title = name_of(e->lead, s->arena),
                             .about = {e->account_id, e->contact_id}},
             e->lead->received_at ? timestamp_us(e->lead->received_at) : s->now_us, out);
    return true;
}

bool contacts_decide_opportunity_noted(const void *facts, const struct command *c, struct stamp *s,
                                       struct outcome *out)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)c->request;
    /* 3: an opportunity to its account and contact, since when it is there, and in which stage it is by name;
       a deleted one to nobody */
    const bool is_gone = c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    note(&(struct noted){.kind = BATON__TIMELINE_KIND__TIMELINE_KIND_OPPORTUNITY,
                         .record_id = o->id,
                         .title = o->name,
                         .stage_name = o->stage_name,
                         .about = {is_gone ? NULL : o->account_id, is_gone ? NULL : o->contact_id}},
         o->created_at ? timestamp_us(o->created_at) : s->now_us, out);
    return true;
}
