/* Facts about pipelines, and where opportunities are in them. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/opportunities/rows.h"

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

const Baton__Pipeline *opportunities_default_pipeline(struct load *l)
{
    struct table_scan scan;
    const Baton__Pipeline *p = NULL;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PIPELINE, NULL, NULL, NULL, false))
        return NULL;
    do
        p = table_scan_next(&scan, l->arena);
    while (p && !p->is_default);
    table_scan_close(&scan);
    return p;
}

static bool has_rows(struct load *l, unsigned table)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return false;
    const bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void *opportunities_load_boot(struct load *l, const struct command *c)
{
    struct opportunities_boot_facts *f = ARENA_NEW(l->arena, struct opportunities_boot_facts);
    f->has_pipelines = has_rows(l, OPPORTUNITIES_PIPELINE);
    f->has_opportunities = !f->has_pipelines && has_rows(l, OPPORTUNITIES_OPPORTUNITY);
    f->has_dashboards = has_rows(l, OPPORTUNITIES_DASHBOARD);
    f->has_zoned_weeks = opportunities_weeks_are_zoned(l);
    return f;
}

/* --- where an opportunity is --- */

/* Of as many documents as are looked at. */
static uint32_t documents_of(struct load *l, const char *opportunity_id)
{
    enum { LOOK_MAX = 1000, BITS = 32 };
    struct table_scan scan;
    const Baton__Document *d;
    uint32_t types = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_DOCUMENT, "opportunity_ids", opportunity_id, NULL,
                         true))
        return 0;
    for (int i = 0; i < LOOK_MAX && (d = table_scan_next(&scan, l->arena)); i++)
        if (d->status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE && (unsigned)d->type < BITS)
            types |= UINT32_C(1) << d->type;
    table_scan_close(&scan);
    return types;
}

static void where_load(struct load *l, const Baton__Opportunity *before, const char *pipeline_id,
                       struct opportunities_facts *f)
{
    f->left = table_get_id(l->txn, OPPORTUNITIES_PIPELINE, before ? before->pipeline_id : NULL, l->arena);
    if (!pipeline_id)
        f->pipeline = f->left ? f->left : opportunities_default_pipeline(l);
    else
        f->pipeline = f->left && same(f->left->id, pipeline_id)
                          ? f->left
                          : table_get_id(l->txn, OPPORTUNITIES_PIPELINE, pipeline_id, l->arena);
    f->documents = before ? documents_of(l, before->id) : 0;
}

static bool has_left(struct load *l, const char *user_id)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, user_id, l->arena);
    return u && u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE;
}

void *opportunities_load_opportunity(struct load *l, const struct command *c)
{
    struct opportunities_facts *f = ARENA_NEW(l->arena, struct opportunities_facts);
    const Baton__Opportunity *wanted = (const Baton__Opportunity *)record_wanted(c);
    const bool is_update = c->request->descriptor == &baton__update_record_request__descriptor;
    if (!wanted) {
        if (c->request->descriptor == &baton__delete_record_request__descriptor)
            sharing_shares_load(l, &opportunities_sharing,
                                ((const Baton__DeleteRecordRequest *)c->request)->id, &f->ending);
        return f;
    }
    const Baton__Opportunity *before =
        is_update ? table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, wanted->id, l->arena) : NULL;
    f->gone = (const Baton__Opportunity *)c->gone;
    where_load(l, before ? before : f->gone, wanted->pipeline_id, f);
    if (before)
        opportunities_people_load(l, before, c->actor->user_id, &f->people);
    f->access = sharing_access(l, &opportunities_sharing);
    custom_load(l, &opportunities_custom, "opportunity", wanted->custom, wanted->n_custom, c->actor,
                &f->custom);
    if (wanted->owner_id && !(before && same(before->owner_id, wanted->owner_id)) &&
        has_left(l, wanted->owner_id))
        f->left_owner_id = wanted->owner_id;
    return f;
}

/* Where it was while it was open: of as many estimates as are looked at. */
static const char *open_key(struct load *l, const Baton__Opportunity *o)
{
    enum { LOOK_MAX = 200 };
    struct table_scan scan;
    const Baton__Estimate *e = NULL;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_ESTIMATE, "opportunity_id", o->id, NULL, true))
        return NULL;
    for (int i = 0; i < LOOK_MAX && (e = table_scan_next(&scan, l->arena)); i++)
        if (e->stage_kind == BATON__STAGE_KIND__STAGE_KIND_OPEN && same(e->pipeline_id, o->pipeline_id))
            break;
    table_scan_close(&scan);
    return e ? e->stage_key : NULL;
}

/* For whatever moves one: its id, and why although something is missing, have the same names everywhere. */
void *opportunities_load_move(struct load *l, const struct command *c)
{
    struct opportunities_move_facts *f = ARENA_NEW(l->arena, struct opportunities_move_facts);
    const bool is_move = c->request->descriptor == &baton__move_opportunity_request__descriptor;
    const char *pipeline_id = is_move ? schema_get_text(c->request, "pipeline_id") : NULL;
    f->record = records_facts(l, OPPORTUNITIES_OPPORTUNITY, schema_get_text(c->request, "id"), c->actor);
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->record.before;
    where_load(l, o, pipeline_id, &f->where);
    f->where.override_reason = schema_get_text(c->request, "override_reason");
    if (!o)
        return f;
    opportunities_people_load(l, o, c->actor->user_id, &f->where.people);
    custom_fields_load(l, &opportunities_custom, "opportunity", &f->where.custom);
    if (c->request->descriptor == &baton__reopen_opportunity_request__descriptor)
        f->open_key = open_key(l, o);
    return f;
}

/* --- pipelines --- */

/* In the stage, whatever their currency. */
static uint64_t count(struct load *l, const char *pipeline_id, const char *stage_key)
{
    struct table_scan scan;
    const Baton__BoardSum *sum;
    uint64_t n = 0;
    struct key under = key_of(pipeline_id);
    key_text(&under, stage_key);
    key_text(&under, "");
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_SUM, &under, NULL, NULL, false))
        return 0;
    while ((sum = table_scan_next(&scan, l->arena)))
        n += sum->count;
    table_scan_close(&scan);
    return n;
}

/* On their way to the stage of the pipeline: those whom a retirement sends there. */
static uint64_t coming(struct load *l, const char *pipeline_id, const char *stage_key)
{
    struct table_scan scan;
    const Baton__StageRetirement *r;
    uint64_t n = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_RETIREMENT, NULL, NULL, NULL, false))
        return 0;
    while ((r = table_scan_next(&scan, l->arena)))
        if (same(r->to_pipeline_id, pipeline_id) && (!stage_key || same(r->to_stage_key, stage_key)))
            n += 1 + count(l, r->pipeline_id, r->stage_key);
    table_scan_close(&scan);
    return n;
}

void *opportunities_load_pipeline(struct load *l, const struct command *c)
{
    struct opportunities_pipeline_facts *f = ARENA_NEW(l->arena, struct opportunities_pipeline_facts);
    const Baton__Pipeline *wanted = (const Baton__Pipeline *)record_wanted(c);
    const bool is_deletion = c->request->descriptor == &baton__delete_record_request__descriptor;
    const char *id = is_deletion ? ((const Baton__DeleteRecordRequest *)c->request)->id
                     : wanted    ? wanted->id
                                 : NULL;
    const Baton__Pipeline *was = table_get_id(l->txn, OPPORTUNITIES_PIPELINE, id, l->arena);
    f->default_pipeline = opportunities_default_pipeline(l);
    if (f->default_pipeline) {
        struct key key = key_of(f->default_pipeline->id);
        f->default_seq = table_seq(l->txn, OPPORTUNITIES_PIPELINE, &key);
    }
    for (size_t i = 0; was && i < was->n_stages && i < PIPELINE_STAGES_MAX; i++) {
        const char *key = was->stages[i]->key;
        f->held[f->n_held++] =
            (struct opportunities_held){key, count(l, was->id, key) + coming(l, was->id, key)};
    }
    f->is_target = was && coming(l, was->id, NULL);
    custom_fields_load(l, &opportunities_custom, "opportunity", &f->custom);
    return f;
}

/* --- stages that end --- */

void *opportunities_load_retire(struct load *l, const struct command *c)
{
    const Baton__RetireStageRequest *q = (const Baton__RetireStageRequest *)c->request;
    struct opportunities_retire_facts *f = ARENA_NEW(l->arena, struct opportunities_retire_facts);
    f->pipeline = records_facts(l, OPPORTUNITIES_PIPELINE, q->pipeline_id, c->actor);
    f->to = !q->to_pipeline_id || same(q->to_pipeline_id, q->pipeline_id)
                ? (const Baton__Pipeline *)f->pipeline.before
                : table_get_id(l->txn, OPPORTUNITIES_PIPELINE, q->to_pipeline_id, l->arena);
    f->n = count(l, q->pipeline_id, q->stage_key);
    return f;
}

static void take(struct load *l, const Baton__Opportunity *o, struct opportunities_retiring_facts *f)
{
    struct key key = key_of(o->id);
    f->rows[f->n] = o;
    f->seqs[f->n++] = table_seq(l->txn, OPPORTUNITIES_OPPORTUNITY, &key);
}

static void from_stage(struct load *l, const Baton__StageRetirement *r,
                       struct opportunities_retiring_facts *f)
{
    struct table_scan scan;
    const Baton__BoardCard *card = NULL;
    struct key under = key_of(r->pipeline_id);
    key_text(&under, r->stage_key);
    key_text(&under, "");
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_CARD, &under, NULL, NULL, false))
        return;
    while (f->n < RETIRE_STEP && (card = table_scan_next(&scan, l->arena))) {
        const Baton__Opportunity *o =
            table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, card->opportunity_id, l->arena);
        if (o)
            take(l, o, f);
    }
    f->at_end = !card || !table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
}

/* Those of before there were pipelines have no cards. */
static void from_before(struct load *l, const Baton__StageRetirement *r,
                        struct opportunities_retiring_facts *f)
{
    enum { LOOK_MAX = 500 };
    struct table_scan scan;
    const Baton__Opportunity *o = NULL;
    int looked = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_OPPORTUNITY, NULL, NULL, r->token, false))
        return;
    for (; looked < LOOK_MAX && f->n < RETIRE_STEP && (o = table_scan_next(&scan, l->arena)); looked++)
        if (!o->pipeline_id)
            take(l, o, f);
    f->token = o ? table_scan_token(&scan, l->arena) : NULL;
    f->at_end = !o;
    table_scan_close(&scan);
}

void *opportunities_load_retiring(struct load *l, const struct command *c)
{
    const Baton__StageRetirement *r = (const Baton__StageRetirement *)c->request;
    struct opportunities_retiring_facts *f = ARENA_NEW(l->arena, struct opportunities_retiring_facts);
    f->pipeline = records_facts(l, OPPORTUNITIES_PIPELINE, r->pipeline_id, c->actor);
    f->to = table_get_id(l->txn, OPPORTUNITIES_PIPELINE, r->to_pipeline_id, l->arena);
    if (!f->to)
        f->to = opportunities_default_pipeline(l);
    if (r->stage_key && *r->stage_key)
        from_stage(l, r, f);
    else
        from_before(l, r, f);
    return f;
}
