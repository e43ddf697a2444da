/* Who hears of an opportunity: its owner and whoever follows it, but for who did it. */
#include <string.h>

#include "services/opportunities/pipeline.h"

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

void opportunities_tell(const struct opportunities_people *p, Baton__OpportunityNewsKind kind,
                        const Baton__Opportunity *o, const Baton__PipelineStage *stage, struct outcome *out)
{
    struct arena *a = out->arena;
    Baton__OpportunityNews *e = ARENA_NEW(a, Baton__OpportunityNews);
    baton__opportunity_news__init(e);
    e->user_ids = ARENA_ARRAY(a, char *, p->n + 1);
    if (o->owner_id && !same(o->owner_id, p->user_id))
        e->user_ids[e->n_user_ids++] = o->owner_id;
    for (size_t i = 0; i < p->n; i++)
        if (!same(p->followers[i], p->user_id) && !same(p->followers[i], o->owner_id))
            e->user_ids[e->n_user_ids++] = arena_strdup(a, p->followers[i]);
    if (!e->n_user_ids)
        return;
    e->opportunity_id = o->id;
    e->has_kind = true;
    e->kind = kind;
    e->name = o->name;
    e->stage_name = stage ? stage->name : NULL;
    e->reason = o->outcome_reason;
    e->who = arena_strdup(a, p->who);
    outcome_event(out, e);
}
