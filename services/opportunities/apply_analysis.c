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

static void count_both(struct apply *ap, const struct analysis_delta *d)
{
    count(ap, d, d->of.owner_id);
    count(ap, d, ANALYSIS_ALL);
}

/* With a zone that the caller frees. */
static struct analysis_place place_of(struct apply *ap, const char *owner_id)
{
    struct load l = {.txn = ap->txn, .arena = ap->arena};
    const Baton__User *u = table_get_id(ap->txn, OPPORTUNITIES_USER, owner_id, ap->arena);
    return (struct analysis_place){
        u ? u->team_id : NULL, u && u->n_territory_ids ? u->territory_ids[0] : NULL, opportunities_zone(&l)};
}

void opportunities_apply_analysis(struct apply *ap, const ProtobufCMessage *payload)
{
    const char *id = ((const Baton__Opportunity *)payload)->id;
    const Baton__Opportunity *o = table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, id, ap->arena);
    const struct key key = key_of(id);
    const Baton__AnalysisItem *before = table_get(ap->txn, OPPORTUNITIES_MEASURED, &key, ap->arena);
    const struct analysis_place place = place_of(ap, o ? o->owner_id : NULL);
    const Baton__AnalysisItem *after = analysis_item(o, before, &place, ap->time_us, ap->arena);
    civil_zone_free(place.zone);
    if ((!before && !after) || (before && after && schema_equal(&before->base, &after->base)))
        return;
    struct analysis_delta deltas[ANALYSIS_DELTAS];
    const size_t n = analysis_deltas(before, after, deltas, ap->arena);
    for (size_t i = 0; i < n; i++)
        count_both(ap, &deltas[i]);
    if (after)
        table_replace(ap->txn, OPPORTUNITIES_MEASURED, before, after, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_MEASURED, &key, ap->arena); /* it is there */
}

/* --- of other services --- */

static const char *text(const char *s)
{
    return s ? s : "";
}

static struct analysis_delta one(enum measure m, const char *owner_id, const struct analysis_place *place,
                                 const char *detail, uint32_t month, int64_t way)
{
    return (struct analysis_delta){.of = {.measure = m,
                                          .owner_id = text(owner_id),
                                          .team_id = text(place->team_id),
                                          .territory_id = text(place->territory_id),
                                          .pipeline_id = "",
                                          .detail = text(detail),
                                          .currency_code = "",
                                          .month = month},
                                   .count = way};
}

static void count_activity(struct apply *ap, const Baton__AnalysisActivity *row, int64_t way)
{
    const struct analysis_place place = {row->team_id, row->territory_id, NULL};
    const struct analysis_delta d =
        one(MEASURE_ACTIVITIES, row->owner_id, &place, row->kind, row->month, way);
    count_both(ap, &d);
}

void opportunities_apply_activity(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ActivityCounted *e = (const Baton__ActivityCounted *)payload;
    const struct analysis_place place = place_of(ap, e->owner_id);
    const uint32_t month = analysis_month(place.zone, e->at_us);
    const struct key key = key_of(e->activity_id);
    const Baton__AnalysisActivity *before = table_get(ap->txn, OPPORTUNITIES_ACTIVITY, &key, ap->arena);
    Baton__AnalysisActivity row = BATON__ANALYSIS_ACTIVITY__INIT;
    civil_zone_free(place.zone);
    if (before)
        count_activity(ap, before, -1);
    if (!e->has_at_us) {
        (void)table_delete(ap->txn, OPPORTUNITIES_ACTIVITY, &key, ap->arena); /* gone is what is wanted */
        return;
    }
    row.activity_id = e->activity_id;
    row.owner_id = e->owner_id;
    row.team_id = (char *)(uintptr_t)place.team_id;
    row.territory_id = (char *)(uintptr_t)place.territory_id;
    row.kind = e->kind;
    row.has_month = true;
    row.month = month;
    count_activity(ap, &row, 1);
    table_replace(ap->txn, OPPORTUNITIES_ACTIVITY, before, &row, ap->seq, ap->arena);
}

static void receive(struct apply *ap, const Baton__LeadCounted *e)
{
    Baton__AnalysisLead row = BATON__ANALYSIS_LEAD__INIT;
    row.lead_id = e->lead_id;
    row.owner_id = e->owner_id;
    row.has_received_us = true;
    row.received_us = e->at_us;
    row.source = e->source;
    table_put(ap->txn, OPPORTUNITIES_LEAD, &row, ap->seq, ap->arena);
}

/* How long it took is known of whoever was given it last. */
void opportunities_apply_lead(struct apply *ap, const ProtobufCMessage *payload)
{
    static const enum measure measures[] = {[BATON__LEAD_STEP__LEAD_STEP_RECEIVED] = MEASURE_LEADS,
                                            [BATON__LEAD_STEP__LEAD_STEP_ACCEPTED] = MEASURE_ACCEPTED,
                                            [BATON__LEAD_STEP__LEAD_STEP_CONVERTED] =
                                                MEASURE_LEADS_CONVERTED};
    const Baton__LeadCounted *e = (const Baton__LeadCounted *)payload;
    const struct analysis_place place = place_of(ap, e->owner_id);
    const struct key key = key_of(e->lead_id);
    const Baton__AnalysisLead *held = table_get(ap->txn, OPPORTUNITIES_LEAD, &key, ap->arena);
    const uint32_t month = analysis_month(place.zone, e->at_us);
    civil_zone_free(place.zone);
    if (!e->step || e->step >= sizeof measures / sizeof *measures)
        return; /* a step of a later program */
    const bool accepts = e->step == BATON__LEAD_STEP__LEAD_STEP_ACCEPTED;
    const char *source = accepts && held ? held->source : e->source;
    struct analysis_delta d = one(measures[e->step], e->owner_id, &place, source, month, 1);
    if (accepts && held) {
        d.hours = analysis_hours(e->at_us - held->received_us);
        d.bins[analysis_bin(d.hours)] = 1;
    }
    count_both(ap, &d);
    if (e->step == BATON__LEAD_STEP__LEAD_STEP_RECEIVED)
        receive(ap, e);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_LEAD, &key, ap->arena); /* gone is what is wanted */
}
