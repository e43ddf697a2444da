/* Pipelines and what moves through them: what decisions see. */
#ifndef BATON_OPPORTUNITIES_PIPELINE_H
#define BATON_OPPORTUNITIES_PIPELINE_H

#include "baton/v1/opportunities.pb-c.h"
#include "schema/custom.h"
#include "schema/decide.h"
#include "schema/sharing.h"

enum {
    PIPELINE_STAGES_MAX = 30,
    PIPELINES_MAX = 200, /* that say which of their conditions are void */
    RETIRE_STEP = 50,    /* opportunities that leave a stage in one go */
    CLOCK_STEP = 200,    /* whose clocks are set anew in one go */
    DEAL_FOLLOWERS_MAX = 64
};

/* --- stages (decide_stage.c) --- */

/* NULL: the pipeline has none with this key. */
const Baton__PipelineStage *opportunities_stage(const Baton__Pipeline *p, const char *key);
/* Open where it says nothing. */
Baton__StageKind opportunities_kind(const Baton__PipelineStage *stage);
/* The key of one of the ten stages of before; NULL: it is none. */
const char *opportunities_stage_key(Baton__Stage stage);

/* The opportunity has the field; `custom` may be NULL where it is none that a deployment added. */
bool opportunities_is_filled(const struct custom_facts *custom, const Baton__Opportunity *o, const char *name,
                             struct arena *a);
/* A type of documents that a stage can ask for. */
bool opportunities_is_document(Baton__DocumentType type);
/* A field of opportunities of the schema that people fill in. */
bool opportunities_can_ask(const char *name);

/* Who hears of an opportunity besides its owner, and who does something about it. */
struct opportunities_people {
    const char *who;     /* their name; NULL: nobody's, or not known */
    const char *user_id; /* theirs, who need not be told */
    const char *followers[DEAL_FOLLOWERS_MAX];
    size_t n;
};
/* Tells them; NULL: there is nobody to tell (decide_news.c). */
Baton__OpportunityNews *opportunities_tell(const struct opportunities_people *p,
                                           Baton__OpportunityNewsKind kind, const Baton__Opportunity *o,
                                           const Baton__PipelineStage *stage, struct outcome *out);
/* That somebody of this name waits for their approval. */
void opportunities_ask_them(const char *const *user_ids, size_t n, const char *who,
                            const Baton__Opportunity *o, const Baton__PipelineStage *stage,
                            struct outcome *out);

struct opportunities_facts {
    const Baton__Pipeline *pipeline; /* where it is to be; NULL: there is none such */
    const Baton__Pipeline *left;     /* where it was; NULL: nowhere */
    const char *override_reason;     /* why although something is missing; NULL: nothing may be */
    bool is_forced;                  /* whatever is missing */
    const char *left_owner_id;       /* the wanted owner, where they have left; NULL: fine */
    Baton__CustomerAccess access;
    struct sharing_shares ending;   /* on deletion */
    const Baton__Opportunity *gone; /* it was deleted, and returns: as it was then; else NULL */
    struct custom_facts custom;
    uint32_t documents; /* a bit for each DocumentType: an active one is linked to it */
    struct opportunities_people people;
};

/* The opportunity is where it wants to be, with what follows from that; refuses a move that its stages do not
   let. */
bool opportunities_enter(const struct opportunities_facts *f, const Baton__Opportunity *before,
                         Baton__Opportunity *o, struct stamp *s, struct outcome *out);

/* --- moves (decide_move.c) --- */

struct opportunities_move_facts {
    struct record_facts record;
    struct opportunities_facts where;
    const char *open_key; /* of the stage it was in last while it was open; NULL: none */
};
decide_fn opportunities_decide_move;
/* decide_close.c */
decide_fn opportunities_decide_close, opportunities_decide_reopen;
/* What is said of how it ended: nothing while it is open, and what the pipeline asks for. */
bool opportunities_check_outcome(const struct opportunities_facts *f, const Baton__Opportunity *before,
                                 Baton__Opportunity *o, struct stamp *s, struct refusal *no);
bool opportunities_is_closed(const Baton__Opportunity *o);

/* --- approvals (decide_approval.c) --- */

/* Whether somebody has to approve what comes to the stage. */
bool opportunities_needs_approval(const Baton__PipelineStage *stage);
/* Whether `o`, which was `before`, has an approval for the stage of the pipeline. */
bool opportunities_has_approval(const Baton__Opportunity *before, const Baton__Opportunity *o,
                                const Baton__Pipeline *p, const Baton__PipelineStage *stage);
/* Whether both are worth the same. */
bool opportunities_same_amount(const Baton__Opportunity *a, const Baton__Opportunity *b);

struct opportunities_approval_facts {
    struct record_facts record;
    const Baton__Pipeline *pipeline;            /* of the stage; NULL: there is none such */
    const char *manager_ids[SHARING_TEAMS_MAX]; /* above the owner, each once */
    size_t n_managers;
    const char *approver_ids[DEAL_FOLLOWERS_MAX]; /* who is rung: may approve, and sees it */
    size_t n_approvers;
    struct opportunities_people people;
};
decide_fn opportunities_decide_request_approval, opportunities_decide_approve, opportunities_decide_reject;

struct opportunities_follow_facts {
    struct record_facts record;
    bool is_following;
    size_t n; /* how many do */
};
decide_fn opportunities_decide_follow;

/* --- what nobody touches (decide_clock.c) --- */

struct opportunities_clock_facts {
    struct record_facts record;
    uint32_t idle_days; /* of its stage; 0: it never stalls */
    const Baton__PipelineStage *stage;
    struct opportunities_people people;
};
/* On the timer of a DealClock; on a note or an activity about an opportunity. */
decide_fn opportunities_decide_due, opportunities_decide_noted, opportunities_decide_active;
int64_t opportunities_idle_us(uint32_t days);

struct opportunities_sweep_facts {
    char *ids[CLOCK_STEP];
    size_t n;
    const char *token; /* NULL: at the end */
};
decide_fn opportunities_decide_clock_sweep;

/* --- pipelines (decide_pipeline.c) --- */

/* How many opportunities are in a stage of the pipeline, or on their way to it. */
struct opportunities_held {
    const char *stage_key;
    uint64_t n;
};

struct opportunities_pipeline_facts {
    struct opportunities_held held[PIPELINE_STAGES_MAX];
    size_t n_held;
    bool is_target; /* of a stage elsewhere that is being emptied */
    const Baton__Pipeline *default_pipeline;
    uint64_t default_seq;
    struct custom_facts custom; /* of opportunities */
};
record_check_fn opportunities_check_pipeline;
/* Small letters, digits and _, a letter first. */
bool opportunities_is_key(const char *key);

struct opportunities_boot_facts {
    bool has_pipelines, has_opportunities, has_dashboards, has_zoned_weeks;
};
decide_fn opportunities_decide_boot;

/* --- fields that a deployment adds (decide_custom.c) --- */

/* What a condition asks for by "custom.NAME" as NAME; NULL: it is one of the schema's fields. */
const char *opportunities_custom_name(const char *condition);
/* The field that is asked for; NULL: there is none, or nobody fills it in any more. */
const Baton__CustomField *opportunities_custom_asked(const struct custom_facts *f, const char *condition);
/* Says at the pipeline's stages which of their conditions hold nobody up. */
void opportunities_set_void(const struct custom_facts *f, Baton__Pipeline *p, struct arena *a);

struct opportunities_fields_facts {
    struct custom_facts custom;
    const Baton__Pipeline *pipelines[PIPELINES_MAX];
    uint64_t seqs[PIPELINES_MAX];
    size_t n;
};
/* The fields are others. */
decide_fn opportunities_decide_fields;

/* --- stages that end (decide_retire.c) --- */

struct opportunities_retire_facts {
    struct record_facts pipeline;
    const Baton__Pipeline *to; /* NULL: there is none such */
    uint64_t n;                /* opportunities in the stage */
};
decide_fn opportunities_decide_retire;

struct opportunities_retiring_facts {
    struct record_facts pipeline; /* whose stage it is; of those of before: none */
    const Baton__Pipeline *to;
    const Baton__Opportunity *rows[RETIRE_STEP];
    uint64_t seqs[RETIRE_STEP];
    size_t n;
    bool at_end;       /* nothing is left behind these */
    const char *token; /* of those of before: how far the walk has come */
};
/* On the timer of a StageRetirement. */
decide_fn opportunities_decide_retiring;

#endif
