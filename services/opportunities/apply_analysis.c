/* Sums of measures. What an opportunity was counted as stands in its item, so each change takes out what is
   not so any more and puts in what is; each sum once for its owner and once for all. */
#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"

static struct key key_of_sum(const Baton__AnalysisSum *s)
{
    struct key k = key_of(s->measure);
    key_text(&k, s->owner_id);
    key_u64(&k, s->month);
    key_text(&k, s->team_id);
    key_text(&k, s->territory_id);
    key_text(&k, s->pipeline_id);
    key_text(&k, s->detail);
    key_text(&k, s->currency_code);
    return k;
}

static Baton__AnalysisSum row_of(const struct analysis_part *p, const char *owner_id)
{
    Baton__AnalysisSum s = BATON__ANALYSIS_SUM__INIT;
    s.measure = (char *)(uintptr_t)measure_rows[p->measure].name;
    s.owner_id = (char *)(uintptr_t)owner_id;
    s.has_month = true;
    s.month = p->month;
    s.team_id = (char *)(uintptr_t)p->team_id;
    s.territory_id = (char *)(uintptr_t)p->territory_id;
    s.pipeline_id = (char *)(uintptr_t)p->pipeline_id;
    s.detail = (char *)(uintptr_t)p->detail;
    s.currency_code = (char *)(uintptr_t)p->currency_code;
    return s;
}

/* Those that say how long something took: without the empty ones at the end. */
static void count_bins(Baton__AnalysisSum *s, const Baton__AnalysisSum *before,
                       const struct analysis_delta *d, struct arena *a)
{
    s->bins = ARENA_ARRAY(a, int64_t, ANALYSIS_BINS);
    for (size_t i = 0; i < ANALYSIS_BINS; i++) {
        s->bins[i] = (before && i < before->n_bins ? before->bins[i] : 0) + d->bins[i];
        if (s->bins[i])
            s->n_bins = i + 1;
    }
}

/* Sums wrap around and back, so that what was put in is taken out whole. */
static void count(struct apply *ap, const struct analysis_delta *d, const char *owner_id)
{
    Baton__AnalysisSum s = row_of(&d->of, owner_id);
    const struct key key = key_of_sum(&s);
    const Baton__AnalysisSum *before = table_get(ap->txn, OPPORTUNITIES_MEASURE, &key, ap->arena);
    s.has_count = s.has_amount = s.has_hours = true;
    s.count = (before ? before->count : 0) + d->count;
    s.amount = (before ? before->amount : 0) + d->amount;
    s.hours = (before ? before->hours : 0) + d->hours;
    count_bins(&s, before, d, ap->arena);
    if (s.count)
        table_replace(ap->txn, OPPORTUNITIES_MEASURE, before, &s, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_MEASURE, &key, ap->arena); /* it was there */
}

static struct analysis_place place_of(struct apply *ap, const Baton__Opportunity *o)
{
    const Baton__User *u = o ? table_get_id(ap->txn, OPPORTUNITIES_USER, o->owner_id, ap->arena) : NULL;
    return (struct analysis_place){u ? u->team_id : NULL,
                                   u && u->n_territory_ids ? u->territory_ids[0] : NULL};
}

void opportunities_apply_analysis(struct apply *ap, const ProtobufCMessage *payload)
{
    const char *id = ((const Baton__Opportunity *)payload)->id;
    const Baton__Opportunity *o = table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, id, ap->arena);
    const struct key key = key_of(id);
    const Baton__AnalysisItem *before = table_get(ap->txn, OPPORTUNITIES_MEASURED, &key, ap->arena);
    const struct analysis_place place = place_of(ap, o);
    const Baton__AnalysisItem *after = analysis_item(o, before, &place, ap->time_us, ap->arena);
    if ((!before && !after) || (before && after && schema_equal(&before->base, &after->base)))
        return;
    struct analysis_delta deltas[ANALYSIS_DELTAS];
    const size_t n = analysis_deltas(before, after, deltas, ap->arena);
    for (size_t i = 0; i < n; i++) {
        count(ap, &deltas[i], deltas[i].of.owner_id);
        count(ap, &deltas[i], ANALYSIS_ALL);
    }
    if (after)
        table_replace(ap->txn, OPPORTUNITIES_MEASURED, before, after, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_MEASURED, &key, ap->arena); /* it is there */
}
