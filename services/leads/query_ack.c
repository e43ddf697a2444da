/* What the customer of a lead was written, and what they would be. */
#include <string.h>

#include "services/leads/ack.h"
#include "services/leads/rows.h"
#include "store/log.h"

Baton__LeadAcknowledged *leads_acknowledgement(struct load *l, const Baton__Lead *lead)
{
    const Baton__LogRecord *record =
        lead->has_acknowledged_seq ? log_get(l->txn, lead->acknowledged_seq, l->arena) : NULL;
    for (size_t i = 0; record && i < record->n_events; i++) {
        const Baton__Event *e = record->events[i];
        if (e->event_case == BATON__EVENT__EVENT_LEAD_ACKNOWLEDGED &&
            strcmp(e->lead_acknowledged->lead_id, lead->id) == 0)
            return e->lead_acknowledged;
    }
    return NULL;
}

/* One that is not in force: not saved, or for other leads. */
static const struct leads_template *compiled(Baton__ResponseTemplate *t, struct arena *a, struct refusal *no)
{
    struct leads_template *out = ARENA_NEW(a, struct leads_template);
    if (!t)
        (void)refuse(no, REFUSAL_NOT_FOUND, "template_id", "there is no such template");
    else if (!t->subject || !t->body)
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, "template", "needs a subject and a body");
    else if (leads_template_check(t, a, out, no))
        return out;
    return NULL;
}

/* NULL without a refusal: there is none for this lead. */
static const struct leads_template *wanted(struct load *l, const Baton__PreviewResponseRequest *q,
                                           const Baton__Lead *lead, struct refusal *no)
{
    const struct leads_responses *responses = leads_state_routing(l)->responses;
    if (q->template_)
        return compiled(q->template_, l->arena, no);
    if (!q->template_id)
        return responses ? leads_template_choose(responses, lead, l->arena) : NULL;
    return compiled(table_get_id(l->txn, LEADS_RESPONSE_TEMPLATE, q->template_id, l->arena), l->arena, no);
}

static void fill(Baton__PreviewResponseResponse *out, const struct leads_routing *r, const Baton__Lead *lead,
                 struct leads_template t, struct arena *a)
{
    struct locale_date *own = NULL;
    if (!t.date)
        t.date = own = locale_date_new(t.source->written_in ? t.source->written_in : t.source->language);
    out->template_name = arena_strdup(a, t.source->name);
    out->acknowledgement = leads_ack_compose(r, lead, &t, a);
    locale_date_free(own);
}

bool leads_query_response(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__PreviewResponseRequest *q = (const Baton__PreviewResponseRequest *)c->request;
    const Baton__Lead *lead = leads_query_lead(l, c, q->id, no);
    if (!lead)
        return false;
    (void)leads_state_person(l, lead->owner_id); /* so that the holder has a name */
    const struct leads_routing *r = leads_state_routing(l);
    const struct leads_template *t = wanted(l, q, lead, no);
    Baton__PreviewResponseResponse *out = ARENA_NEW(l->arena, Baton__PreviewResponseResponse);
    baton__preview_response_response__init(out);
    if (t)
        fill(out, r, lead, *t, l->arena);
    const char *obstacle = lead->acknowledged_at ? "the customer has been written to already"
                           : t                   ? leads_ack_obstacle(r, lead, l->now_us, l->arena)
                                                 : "there is no template for this lead";
    out->obstacle = arena_strdup(l->arena, obstacle);
    *reply = &out->base;
    return no->code == REFUSAL_NONE;
}
