/* A pipeline for tests: three stages, won and lost. */
#ifndef BATON_TESTS_PIPELINE_BENCH_H
#define BATON_TESTS_PIPELINE_BENCH_H

#include "services/opportunities/opportunities.h"
#include "tests/unit/decide_bench.h"

enum { BENCH_STAGES = 5 };

struct pipeline_bench {
    Baton__Pipeline pipeline;
    Baton__PipelineStage stages[BENCH_STAGES], *list[BENCH_STAGES];
};

/* Its id is ID(9). */
static inline Baton__Pipeline *pipeline_bench(struct pipeline_bench *p)
{
    static const struct {
        char *key;
        uint32_t probability;
        Baton__StageKind kind;
    } rows[BENCH_STAGES] = {
        {"prospecting", 10, BATON__STAGE_KIND__STAGE_KIND_UNSPECIFIED},
        {"proposal", 65, BATON__STAGE_KIND__STAGE_KIND_OPEN},
        {"haggling", 80, BATON__STAGE_KIND__STAGE_KIND_OPEN},
        {"closed_won", 100, BATON__STAGE_KIND__STAGE_KIND_WON},
        {"gone", 0, BATON__STAGE_KIND__STAGE_KIND_LOST},
    };
    baton__pipeline__init(&p->pipeline);
    p->pipeline.id = ID(9);
    p->pipeline.name = "Sales";
    p->pipeline.has_revision = true;
    p->pipeline.revision = 1;
    p->pipeline.has_is_default = p->pipeline.is_default = true;
    p->pipeline.stages = p->list;
    p->pipeline.n_stages = BENCH_STAGES;
    for (size_t i = 0; i < BENCH_STAGES; i++) {
        Baton__PipelineStage *stage = p->list[i] = &p->stages[i];
        baton__pipeline_stage__init(stage);
        stage->key = stage->name = rows[i].key;
        stage->has_probability = true;
        stage->probability = rows[i].probability;
        stage->has_kind = rows[i].kind != BATON__STAGE_KIND__STAGE_KIND_UNSPECIFIED;
        stage->kind = rows[i].kind;
    }
    return &p->pipeline;
}

static inline bool enter(struct bench *b, const struct opportunities_facts *f,
                         const Baton__Opportunity *before, Baton__Opportunity *o)
{
    begin(b);
    return opportunities_enter(f, before, o, &b->stamp, &b->out);
}

/* One that stands in the stage, as it was made there. */
static inline Baton__Opportunity standing(struct bench *b, Baton__Pipeline *p, const char *key)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    const struct opportunities_facts f = {.pipeline = p, .is_forced = true};
    o.id = ID(5);
    o.name = "Big deal";
    o.has_revision = true;
    o.revision = 3;
    o.stage_key = (char *)(uintptr_t)key;
    assert_true(enter(b, &f, NULL, &o));
    return o;
}

#endif
