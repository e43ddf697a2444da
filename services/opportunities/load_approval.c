/* Facts about moves that somebody has to approve: who may, and who is asked. */
#include <string.h>

#include "services/opportunities/rows.h"

enum { LOOK_MAX = 1000 /* people who are looked at for a role */ };

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

static bool has_role(const Baton__PipelineStage *stage, const Baton__User *u)
{
    for (size_t i = 0; i < stage->n_approval_roles; i++)
        if (u->role == stage->approval_roles[i])
            return true;
    return false;
}

/* Managers first, then whoever has a role: as many as are rung for one opportunity. */
static void approvers_load(struct load *l, const Baton__Opportunity *o, const Baton__PipelineStage *stage,
                           const Baton__Actor *actor, struct opportunities_approval_facts *f)
{
    struct table_scan scan;
    const Baton__User *u;
    for (size_t i = 0; stage->approval_by_managers && i < f->n_managers; i++)
        add(l, o, table_get_id(l->txn, OPPORTUNITIES_USER, f->manager_ids[i], l->arena), actor, f);
    if (!stage->n_approval_roles ||
        !table_scan_open(&scan, l->txn, OPPORTUNITIES_USER, NULL, NULL, NULL, false))
        return;
    for (int i = 0; i < LOOK_MAX && (u = table_scan_next(&scan, l->arena)); i++)
        if (has_role(stage, u))
            add(l, o, u, actor, f);
    table_scan_close(&scan);
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
