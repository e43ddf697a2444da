/* Facts about moves that somebody has to approve: who may, and who is asked. */
#include <string.h>

#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

enum { LOOK_MAX = 1000 /* people with a role who are looked at */ };

static bool is_among(const char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void managers_load(struct load *l, const Baton__Opportunity *o, const Baton__Actor *actor,
                          struct opportunities_approval_facts *f)
{
    struct sharing_facts above = {0};
    sharing_load(l, &opportunities_sharing, &o->base, actor, true, &above);
    for (size_t i = 0; i < above.owners.n; i++) {
        const char *id = above.owners.rows[i]->manager_id;
        if (id && (!o->owner_id || strcmp(id, o->owner_id) != 0) &&
            !is_among(f->manager_ids, f->n_managers, id))
            f->manager_ids[f->n_managers++] = id;
    }
}

/* Who works here, sees it, and neither owns it nor asks. */
static void add(struct load *l, const Baton__Opportunity *o, const Baton__User *u, const Baton__Actor *actor,
                struct opportunities_approval_facts *f)
{
    if (f->n_approvers < DEAL_FOLLOWERS_MAX && opportunities_user_sees(l, o, u) &&
        !(o->owner_id && strcmp(u->id, o->owner_id) == 0) &&
        !(actor->user_id && strcmp(u->id, actor->user_id) == 0) &&
        !is_among(f->approver_ids, f->n_approvers, u->id))
        f->approver_ids[f->n_approvers++] = u->id;
}

static bool asks(const Baton__PipelineStage *stage, Baton__Role role)
{
    for (size_t i = 0; role && i < stage->n_approval_roles; i++)
        if (role == stage->approval_roles[i])
            return true;
    return false;
}

/* Whose role it is says the memory, so that nobody else's row is read. */
static void roles_load(struct load *l, const Baton__Opportunity *o, const Baton__PipelineStage *stage,
                       const Baton__Actor *actor, struct opportunities_approval_facts *f)
{
    const struct opportunities_state *s = l->state;
    int looked = 0;
    for (size_t i = 0; i < s->n_roles && looked < LOOK_MAX && f->n_approvers < DEAL_FOLLOWERS_MAX; i++)
        if (asks(stage, s->roles[i])) {
            add(l, o, table_get_id(l->txn, OPPORTUNITIES_USER, s->texts.texts[i], l->arena), actor, f);
            looked++;
        }
}

/* Managers first, then whoever has a role: as many as are rung for one opportunity. */
static void approvers_load(struct load *l, const Baton__Opportunity *o, const Baton__PipelineStage *stage,
                           const Baton__Actor *actor, struct opportunities_approval_facts *f)
{
    for (size_t i = 0; stage->approval_by_managers && i < f->n_managers; i++)
        add(l, o, table_get_id(l->txn, OPPORTUNITIES_USER, f->manager_ids[i], l->arena), actor, f);
    if (stage->n_approval_roles)
        roles_load(l, o, stage, actor, f);
}

void *opportunities_load_approval(struct load *l, const struct command *c)
{
    struct opportunities_approval_facts *f = ARENA_NEW(l->arena, struct opportunities_approval_facts);
    const bool is_request = c->request->descriptor == &baton__request_stage_approval_request__descriptor;
    f->record = records_facts(l, OPPORTUNITIES_OPPORTUNITY, schema_get_text(c->request, "id"), c->actor);
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->record.before;
    if (!o)
        return f;
    const char *named = is_request ? schema_get_text(c->request, "pipeline_id") : NULL;
    const char *asked = !is_request && o->approval ? o->approval->pipeline_id : o->pipeline_id;
    f->pipeline = table_get_id(l->txn, OPPORTUNITIES_PIPELINE, named ? named : asked, l->arena);
    managers_load(l, o, c->actor, f);
    opportunities_people_load(l, o, c->actor->user_id, &f->people);
    const Baton__PipelineStage *stage =
        is_request ? opportunities_stage(f->pipeline, schema_get_text(c->request, "stage_key")) : NULL;
    if (stage)
        approvers_load(l, o, stage, c->actor, f);
    return f;
}
