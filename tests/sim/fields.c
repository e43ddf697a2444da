/* Fields that the deployment adds to opportunities: in the end pipelines say of just those conditions that
   nobody can fill in any more that they are void, and a field that has a value knows it. Made from rows,
   without what `decide` is made of. */
#include <string.h>

#include "contacts/contacts.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"

enum { MOMENT_US = 1000000 };

/* NULL: there is none. */
static const Baton__CustomField *field_of(struct sim *sim, const char *name, struct arena *a)
{
    struct table_scan scan;
    const Baton__CustomField *d = NULL;
    if (!table_scan_open(&scan, sim->ledgers[CONTACTS].made, CONTACTS_CUSTOM_FIELD, NULL, NULL, NULL, false))
        return NULL;
    while ((d = table_scan_next(&scan, a)))
        if (strcmp(d->record_type, "opportunity") == 0 && strcmp(d->name, name) == 0)
            break;
    table_scan_close(&scan);
    return d;
}

static bool is_among(const char *name, char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void stage_says(struct sim *sim, const Baton__PipelineStage *stage, const char *condition,
                       struct arena *a)
{
    const bool is_custom = strncmp(condition, "custom.", 7) == 0;
    const Baton__CustomField *d = is_custom ? field_of(sim, condition + 7, a) : NULL;
    const bool is_void = is_custom && (!d || d->retired);
    if (is_void != is_among(condition, stage->void_fields, stage->n_void_fields))
        sim_wrong(sim, "fields: the stage %s has %s as %s", stage->key, condition,
                  is_void ? "a condition" : "void");
}

static void value_known(struct sim *sim, const Baton__Opportunity *o, const Baton__CustomValue *v,
                        struct arena *a)
{
    const Baton__CustomField *d = field_of(sim, v->name, a);
    if (d && !d->first_used_at && timestamp_us(d->created_at) + MOMENT_US < timestamp_us(o->updated_at))
        sim_wrong(sim, "fields: %s has a value of opportunity %s, and does not know it", v->name, o->id);
}

void fields_settled(struct sim *sim)
{
    struct table_scan scan;
    struct txn *made = sim->ledgers[OPPORTUNITIES].made;
    struct arena *a = arena_new(64 << 20);
    const Baton__Pipeline *p;
    const Baton__Opportunity *o;
    if (table_scan_open(&scan, made, OPPORTUNITIES_PIPELINE, NULL, NULL, NULL, false)) {
        while ((p = table_scan_next(&scan, a)))
            for (size_t i = 0; i < p->n_stages; i++)
                for (size_t k = 0; k < p->stages[i]->n_entry_fields; k++)
                    stage_says(sim, p->stages[i], p->stages[i]->entry_fields[k], a);
        table_scan_close(&scan);
    }
    if (table_scan_open(&scan, made, OPPORTUNITIES_OPPORTUNITY, NULL, NULL, NULL, false)) {
        while ((o = table_scan_next(&scan, a)))
            for (size_t i = 0; i < o->n_custom; i++)
                value_known(sim, o, o->custom[i], a);
        table_scan_close(&scan);
    }
    arena_free(a);
}
