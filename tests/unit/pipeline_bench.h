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

#endif
