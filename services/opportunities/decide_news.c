/* Who hears of an opportunity: its owner and whoever follows it, but for who did it. */
#include <string.h>

#include "services/opportunities/pipeline.h"

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static Baton__OpportunityNews *news(Baton__OpportunityNewsKind kind, const Baton__Opportunity *o,
                                    const Baton__PipelineStage *stage, const char *who, struct arena *a)
{
    Baton__OpportunityNews *e = ARENA_NEW(a, Baton__OpportunityNews);
    baton__opportunity_news__init(e);
    e->opportunity_id = o->id;
    e->has_kind = true;
    e->kind = kind;
    e->name = o->name;
    e->stage_name = stage ? stage->name : NULL;
    e->reason = kind == BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_REJECTED ? o->approval->reason
                                                                                     : o->outcome_reason;
    e->who = arena_strdup(a, who);
    return e;
}

void opportunities_ask_them(const char *const *user_ids, size_t n, const char *who,
                            const Baton__Opportunity *o, const Baton__PipelineStage *stage,
                            struct outcome *out)
{
    Baton__OpportunityNews *e =
        news(BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_APPROVAL_ASKED, o, stage, who, out->arena);
    e->user_ids = ARENA_ARRAY(out->arena, char *, n);
    for (size_t i = 0; i < n; i++)
        e->user_ids[e->n_user_ids++] = arena_strdup(out->arena, user_ids[i]);
    if (e->n_user_ids)
        outcome_event(out, e);
}

Baton__OpportunityNews *opportunities_tell(const struct opportunities_people *p,
                                           Baton__OpportunityNewsKind kind, const Baton__Opportunity *o,
                                           const Baton__PipelineStage *stage, struct outcome *out)
{
    struct arena *a = out->arena;
    Baton__OpportunityNews *e = news(kind, o, stage, p->who, a);
    e->user_ids = ARENA_ARRAY(a, char *, p->n + 1);
    if (o->owner_id && !same(o->owner_id, p->user_id))
        e->user_ids[e->n_user_ids++] = o->owner_id;
    for (size_t i = 0; i < p->n; i++)
        if (!same(p->followers[i], p->user_id) && !same(p->followers[i], o->owner_id))
            e->user_ids[e->n_user_ids++] = arena_strdup(a, p->followers[i]);
    if (!e->n_user_ids)
        return NULL;
    outcome_event(out, e);
    return e;
}
