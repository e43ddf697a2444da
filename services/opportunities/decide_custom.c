/* Fields that a deployment adds to opportunities, as conditions of stages. */
#include <string.h>

#include "services/opportunities/opportunities.h"

static const char prefix[] = "custom.";

const char *opportunities_custom_name(const char *condition)
{
    const size_t n = sizeof prefix - 1;
    return strncmp(condition, prefix, n) == 0 ? condition + n : NULL;
}

const Baton__CustomField *opportunities_custom_asked(const struct custom_facts *f, const char *condition)
{
    const char *name = opportunities_custom_name(condition);
    const Baton__CustomField *d = name ? custom_field(f, name) : NULL;
    return d && !d->retired ? d : NULL;
}

static void add_void(const struct custom_facts *f, char *const *names, size_t n, Baton__PipelineStage *stage)
{
    for (size_t i = 0; i < n; i++) {
        bool is_known =
            !opportunities_custom_name(names[i]) || opportunities_custom_asked(f, names[i]) != NULL;
        for (size_t k = 0; k < stage->n_void_fields && !is_known; k++)
            is_known = strcmp(stage->void_fields[k], names[i]) == 0;
        if (!is_known)
            stage->void_fields[stage->n_void_fields++] = names[i];
    }
}

/* 1: what cannot be filled in any more holds nobody up, and the pipeline says so */
void opportunities_set_void(const struct custom_facts *f, Baton__Pipeline *p, struct arena *a)
{
    for (size_t i = 0; i < p->n_stages; i++) {
        Baton__PipelineStage *stage = p->stages[i];
        stage->void_fields = ARENA_ARRAY(a, char *, stage->n_entry_fields + stage->n_exit_fields);
        stage->n_void_fields = 0;
        add_void(f, stage->entry_fields, stage->n_entry_fields, stage);
        add_void(f, stage->exit_fields, stage->n_exit_fields, stage);
    }
}

bool opportunities_decide_fields(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_fields_facts *f = facts;
    /* 2: as soon as a field is retired, is gone, or is there again */
    for (size_t i = 0; i < f->n; i++) {
        Baton__Pipeline *p = (Baton__Pipeline *)schema_copy(&f->pipelines[i]->base, s->arena);
        opportunities_set_void(&f->custom, p, s->arena);
        if (!schema_equal(&f->pipelines[i]->base, &p->base))
            record_updated(&f->pipelines[i]->base, f->seqs[i], &p->base, s, out);
    }
    return true;
}
