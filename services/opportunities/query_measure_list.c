/* Which measures there are. */
#include "services/opportunities/rows.h"

static Baton__Measure *say(const struct measure_row *m, struct arena *a)
{
    Baton__Measure *out = ARENA_NEW(a, Baton__Measure);
    baton__measure__init(out);
    out->name = (char *)(uintptr_t)m->name;
    out->unit = (char *)(uintptr_t)m->unit;
    out->counts = (char *)(uintptr_t)m->counts;
    out->detail = (char *)(uintptr_t)m->detail;
    out->has_is_now = true;
    out->is_now = m->is_now;
    out->dimensions =
        ARENA_ARRAY(a, Baton__MeasureDimension, BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_DETAIL);
    for (unsigned d = BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER;
         d <= BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_DETAIL; d++)
        if (measure_can(m, (Baton__MeasureDimension)d))
            out->dimensions[out->n_dimensions++] = (Baton__MeasureDimension)d;
    return out;
}

bool opportunities_query_measure_list(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                      struct refusal *no)
{
    Baton__ListMeasuresResponse *out = ARENA_NEW(l->arena, Baton__ListMeasuresResponse);
    (void)c;  /* the same for all */
    (void)no; /* nobody is refused */
    baton__list_measures_response__init(out);
    out->measures = ARENA_ARRAY(l->arena, Baton__Measure *, MEASURES);
    for (unsigned m = 0; m < MEASURES; m++)
        out->measures[out->n_measures++] = say(&measure_rows[m], l->arena);
    *reply = &out->base;
    return true;
}
