/* Facts about what is done about opportunities, and who hears of it. */
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "services/opportunities/rows.h"

bool opportunities_user_sees(struct load *l, const Baton__Opportunity *o, const Baton__User *u)
{
    Baton__Actor actor = BATON__ACTOR__INIT;
    if (!u || u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE)
        return false;
    actor.user_id = u->id;
    actor.has_role = true;
    actor.role = u->role;
    return records_may_read(l, OPPORTUNITIES_OPPORTUNITY, &o->base, &actor);
}

void opportunities_people_load(struct load *l, const Baton__Opportunity *o, const char *by_id,
                               struct opportunities_people *p)
{
    struct table_scan scan;
    const Baton__DealFollower *row;
    const Baton__User *by = table_get_id(l->txn, OPPORTUNITIES_USER, by_id, l->arena);
    struct key under = key_of(o->id);
    p->who = by ? by->name : NULL;
    p->user_id = by_id;
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_FOLLOWER, &under, NULL, NULL, false))
        return;
    while (p->n < DEAL_FOLLOWERS_MAX && (row = table_scan_next(&scan, l->arena)))
        if (opportunities_user_sees(l, o, table_get_id(l->txn, OPPORTUNITIES_USER, row->user_id, l->arena)))
            p->followers[p->n++] = row->user_id;
    table_scan_close(&scan);
}

static struct opportunities_clock_facts *clock_load(struct load *l, const char *id, const char *by_id,
                                                    const Baton__Actor *actor)
{
    struct opportunities_clock_facts *f = ARENA_NEW(l->arena, struct opportunities_clock_facts);
    f->record = records_facts(l, OPPORTUNITIES_OPPORTUNITY, id, actor);
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->record.before;
    if (!o)
        return f;
    f->stage = opportunities_stage(table_get_id(l->txn, OPPORTUNITIES_PIPELINE, o->pipeline_id, l->arena),
                                   o->stage_key);
    f->idle_days = f->stage ? f->stage->idle_days : 0;
    opportunities_people_load(l, o, by_id, &f->people);
    return f;
}

void *opportunities_load_due(struct load *l, const struct command *c)
{
    return clock_load(l, ((const Baton__DealClock *)c->request)->opportunity_id, NULL, c->actor);
}

/* Of a note or an activity. */
void *opportunities_load_noted(struct load *l, const struct command *c)
{
    return clock_load(l, schema_get_text(c->request, "opportunity_id"),
                      schema_get_text(c->request, "owner_id"), c->actor);
}

void *opportunities_load_clock_sweep(struct load *l, const struct command *c)
{
    const Baton__ClockSweep *sweep = (const Baton__ClockSweep *)c->request;
    struct opportunities_sweep_facts *f = ARENA_NEW(l->arena, struct opportunities_sweep_facts);
    struct table_scan scan;
    Baton__BoardCard *card = NULL;
    struct key under = key_of(sweep->pipeline_id);
    int looked = 0;
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_CARD, &under, NULL, sweep->token, false))
        return f;
    /* each has a card for all, and one more for its owner */
    for (; f->n < CLOCK_STEP && looked < 2 * CLOCK_STEP && (card = table_scan_next(&scan, l->arena));
         looked++)
        if (!card->owner_id || !*card->owner_id)
            f->ids[f->n++] = card->opportunity_id;
    f->token = card ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    return f;
}

void *opportunities_load_follow(struct load *l, const struct command *c)
{
    const Baton__FollowOpportunityRequest *q = (const Baton__FollowOpportunityRequest *)c->request;
    struct opportunities_follow_facts *f = ARENA_NEW(l->arena, struct opportunities_follow_facts);
    struct table_scan scan;
    const Baton__DealFollower *row;
    struct key under = key_of(q->id);
    f->record = records_facts(l, OPPORTUNITIES_OPPORTUNITY, q->id, c->actor);
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_FOLLOWER, &under, NULL, NULL, false))
        return f;
    for (; (row = table_scan_next(&scan, l->arena)); f->n++)
        f->is_following |= c->actor->user_id && strcmp(row->user_id, c->actor->user_id) == 0;
    table_scan_close(&scan);
    return f;
}
