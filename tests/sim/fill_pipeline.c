/* Requests about pipelines and what moves through them. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

static char *const keys[] = {"prospecting", "qualification", "proposal",
                             "negotiation", "closed_won",    "closed_lost"};
enum { KEYS = sizeof keys / sizeof *keys };

static char *key(uint64_t *random)
{
    return keys[sim_below(random, KEYS)];
}

/* Some of the stages there are from the beginning; to be at the last open one, one says how much it is, and
   perhaps something that the deployment wants to know. */
static void stages(Baton__Pipeline *p, uint64_t *random, struct arena *arena)
{
    static char *entry[] = {"amount", "custom.field_0", "custom.field_1"};
    static Baton__Role roles[] = {BATON__ROLE__ROLE_ADMIN}, approvers[] = {BATON__ROLE__ROLE_MANAGER};
    static Baton__DocumentType papers[] = {BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT};
    p->stages = ARENA_ARRAY(arena, Baton__PipelineStage *, KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        Baton__PipelineStage *stage = p->stages[p->n_stages++] = ARENA_NEW(arena, Baton__PipelineStage);
        baton__pipeline_stage__init(stage);
        stage->key = stage->name = keys[i];
        stage->has_kind = true;
        stage->kind = (Baton__StageKind)(i < 4 ? 1 : i - 2);
        stage->has_probability = i < 4;
        stage->probability = (uint32_t)sim_below(random, 100);
        stage->entry_fields = entry + sim_below(random, 2);
        stage->n_entry_fields = i == 3 ? 1 + sim_below(random, 2) : 0;
        stage->override_roles = roles;
        stage->n_override_roles = i == 3;
        stage->entry_documents = papers;
        stage->n_entry_documents = i == 1 && sim_below(random, 2);
        stage->approval_roles = approvers;
        stage->n_approval_roles = i == 2 && sim_below(random, 2);
    }
}

bool fill_pipeline(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Pipeline p = BATON__PIPELINE__INIT;
    p.name = fill_name(arena, "Pipeline", sim_random(random));
    stages(&p, random, arena);
    p.has_is_default = true;
    p.is_default = sim_below(random, 3) == 0;
    return fill_create(a, "opportunities", &p.base, arena);
}

/* Of one that has those stages, other conditions. */
bool fill_conditions(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Pipeline p = BATON__PIPELINE__INIT;
    p.id = fill_drawn(sim, KNOWN_PIPELINE, random);
    stages(&p, random, arena);
    return p.id && fill_change(a, "opportunities", &p.base, arena);
}

bool fill_delete_pipeline(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "opportunities", "pipeline", fill_drawn(sim, KNOWN_PIPELINE, random), arena);
}

bool fill_retire_stage(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RetireStageRequest q = BATON__RETIRE_STAGE_REQUEST__INIT;
    q.request_id = a->id;
    q.pipeline_id = fill_drawn(sim, KNOWN_PIPELINE, random);
    q.stage_key = key(random);
    q.to_pipeline_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_PIPELINE, random) : NULL;
    q.to_stage_key = key(random);
    if (q.pipeline_id)
        fill_command(a, "opportunities", "OpportunityService/RetireStage", &q, arena);
    return q.pipeline_id != NULL;
}

bool fill_move(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MoveOpportunityRequest q = BATON__MOVE_OPPORTUNITY_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.stage_key = key(random);
    q.pipeline_id = sim_below(random, 3) ? NULL : fill_drawn(sim, KNOWN_PIPELINE, random);
    q.override_reason = sim_below(random, 2) ? "Urgent" : NULL;
    q.has_revision = sim_below(random, 4) == 0;
    q.revision = 1 + sim_below(random, 4);
    if (q.id)
        fill_command(a, "opportunities", "OpportunityService/MoveOpportunity", &q, arena);
    return q.id != NULL;
}

/* What somebody thinks of it; now and then what cannot be. */
bool fill_estimate(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const currencies[] = {"EUR", "TWD"};
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Money money = BATON__MONEY__INIT;
    o.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    money.currency_code = currencies[sim_below(random, 2)];
    money.has_minor_units = true;
    money.minor_units = (int64_t)sim_below(random, 1000000) - 10000;
    o.amount = sim_below(random, 2) ? &money : NULL;
    o.has_probability = sim_below(random, 2);
    o.probability = (uint32_t)sim_below(random, 103);
    o.close_date =
        sim_below(random, 2) ? arena_printf(arena, "2026-%02d-01", 1 + (int)sim_below(random, 13)) : NULL;
    o.has_stage = sim_below(random, 4) == 0;
    o.stage = (Baton__Stage)(1 + sim_below(random, 10));
    o.owner_id = sim_below(random, 4) ? NULL : fill_drawn(sim, KNOWN_USER, random);
    o.product_id = sim_below(random, 4) ? NULL : fill_drawn(sim, KNOWN_PRODUCT, random);
    return o.id && fill_change(a, "opportunities", &o.base, arena);
}

bool fill_delete_opportunity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "opportunities", "opportunity", fill_drawn(sim, KNOWN_OPPORTUNITY, random), arena);
}

bool fill_restore_opportunity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RestoreRecordRequest q = BATON__RESTORE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.type = "opportunity";
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.has_seq = true;
    q.seq = 1 + sim_below(random, sim->ledgers[OPPORTUNITIES].n + 1);
    if (q.id)
        fill_command(a, "opportunities", "RecordService/RestoreRecord", &q, arena);
    return q.id != NULL;
}

bool fill_close_deal(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const reasons[] = {"price", "time", NULL};
    Baton__CloseOpportunityRequest q = BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.has_outcome = true;
    q.outcome = (Baton__StageKind)(2 + sim_below(random, 2));
    q.reason = reasons[sim_below(random, 3)];
    q.lost_to = sim_below(random, 4) ? NULL : "Acme";
    if (q.id)
        fill_command(a, "opportunities", "OpportunityService/CloseOpportunity", &q, arena);
    return q.id != NULL;
}

bool fill_reopen_deal(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReopenOpportunityRequest q = BATON__REOPEN_OPPORTUNITY_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    if (q.id)
        fill_command(a, "opportunities", "OpportunityService/ReopenOpportunity", &q, arena);
    return q.id != NULL;
}

bool fill_follow_deal(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__FollowOpportunityRequest q = BATON__FOLLOW_OPPORTUNITY_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.has_end = true;
    q.end = sim_below(random, 4) == 0;
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (q.id)
        fill_command(a, "opportunities", "OpportunityService/FollowOpportunity", &q, arena);
    return q.id != NULL;
}

bool fill_deal_note(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Note n = BATON__NOTE__INIT;
    n.text = "They have called.";
    n.opportunity_id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    n.owner_id = fill_drawn(sim, KNOWN_USER, random);
    return n.opportunity_id && fill_create(a, "contacts", &n.base, arena);
}

bool fill_board(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetBoardRequest q = BATON__GET_BOARD_REQUEST__INIT;
    q.pipeline_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_PIPELINE, random) : NULL;
    q.owner_id = sim_below(random, 3) ? NULL : fill_drawn(sim, KNOWN_USER, random);
    fill_query(a, "opportunities", "OpportunityService/GetBoard", &q, arena);
    return true;
}

/* Of a stage that needs it in half of the pipelines that are made. */
bool fill_ask_stage(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RequestStageApprovalRequest q = BATON__REQUEST_STAGE_APPROVAL_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.stage_key = sim_below(random, 4) ? keys[2] : key(random);
    q.pipeline_id = sim_below(random, 3) ? fill_drawn(sim, KNOWN_PIPELINE, random) : NULL;
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (q.id)
        fill_command(a, "opportunities", "OpportunityService/RequestStageApproval", &q, arena);
    return q.id != NULL;
}

/* Mostly a yes; now and then by whoever asked. */
bool fill_judge_stage(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ApproveStageRequest yes = BATON__APPROVE_STAGE_REQUEST__INIT;
    Baton__RejectStageRequest no = BATON__REJECT_STAGE_REQUEST__INIT;
    yes.request_id = no.request_id = a->id;
    yes.id = no.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    no.reason = (char *)"not yet";
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    a->actor.role = sim_below(random, 4) ? BATON__ROLE__ROLE_MANAGER : BATON__ROLE__ROLE_ADMIN;
    if (yes.id && sim_below(random, 4))
        fill_command(a, "opportunities", "OpportunityService/ApproveStage", &yes, arena);
    else if (yes.id)
        fill_command(a, "opportunities", "OpportunityService/RejectStage", &no, arena);
    return yes.id != NULL;
}

/* To where it is approved, if it is. */
bool fill_move_approved(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MoveOpportunityRequest q = BATON__MOVE_OPPORTUNITY_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.stage_key = keys[2];
    q.pipeline_id = fill_drawn(sim, KNOWN_PIPELINE, random);
    if (q.id && q.pipeline_id)
        fill_command(a, "opportunities", "OpportunityService/MoveOpportunity", &q, arena);
    return q.id && q.pipeline_id;
}
