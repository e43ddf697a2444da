/* Rows of territories, made ready for looking leads up. */
#include "base/log.h"
#include <assert.h>
#include <string.h>

#include "services/leads/rows.h"

/* Leads looked at in one step; rows passed over; territories, and their bytes, beyond what a head office has:
   what is beyond is left aside, and said. */
enum {
    LOOK_MAX = 500,
    PREVIEW_BYTES_MAX = 1 << 30,
    SCRATCH = 16 << 20,
    ROWS_MAX = 20000,
    ROWS_BYTES_MAX = 128 << 20
};

static Baton__TerritoryModel *active_model(struct txn *t, struct arena *a)
{
    struct table_scan scan;
    Baton__TerritoryModel *m = NULL, *active = NULL;
    if (!table_scan_open(&scan, t, LEADS_TERRITORY_MODEL, NULL, NULL, NULL, false))
        return NULL;
    while (!active && (m = table_scan_next(&scan, a)))
        if (m->status == BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE)
            active = m;
    table_scan_close(&scan);
    return active;
}

/* Without a model: those that belong to none. */
static size_t rows_load(struct txn *t, const char *model_id, Baton__Territory **rows, struct arena *a)
{
    struct table_scan scan;
    size_t n = 0;
    if (!table_scan_open(&scan, t, LEADS_TERRITORY, model_id ? "model_id" : NULL, model_id, NULL, false))
        return 0;
    while (n < ROWS_MAX && arena_used(a) < ROWS_BYTES_MAX && (rows[n] = table_scan_next(&scan, a)))
        n += model_id || !rows[n]->model_id;
    if (n == ROWS_MAX || arena_used(a) >= ROWS_BYTES_MAX)
        log_warning("leads", "there are too many territories; only the first %zu are looked at", n);
    table_scan_close(&scan);
    return n;
}

static struct leads_territories *compiled(struct txn *t, const Baton__TerritoryModel *model, struct arena *a)
{
    Baton__Territory **rows = ARENA_ARRAY(a, Baton__Territory *, ROWS_MAX);
    return leads_territories_compile(rows, rows_load(t, model ? model->id : NULL, rows, a), a);
}

struct leads_territories *leads_territories_load(struct txn *t, struct arena *a,
                                                 const Baton__TerritoryModel **model)
{
    *model = active_model(t, a);
    struct leads_territories *now = compiled(t, *model, a);
    leads_territories_make_calendars(now);
    return now;
}

/* Open leads behind the token, in the order in which they came, up to LEADS_MOVE_STEP; `end` is where it
   stopped, NULL at the end of all. False: the token is not one. */
static bool open_leads(struct load *l, const char *token, Baton__Lead **leads, size_t *n, char **end)
{
    struct table_scan scan;
    const Baton__Lead *lead = NULL;
    *n = 0;
    if (!table_scan_open(&scan, l->txn, LEADS_LEAD, NULL, NULL, token, false))
        return false;
    struct arena *scratch = arena_new(SCRATCH);
    for (int looked = 0;
         *n < LEADS_MOVE_STEP && looked < LOOK_MAX && (lead = table_scan_next(&scan, scratch)); looked++) {
        /* what was there a moment ago is not where a read fails; the command does not go on then */
        if (lead->has_open && lead->open &&
            (leads[*n] = table_get_id(l->txn, LEADS_LEAD, lead->id, l->arena)) != NULL)
            (*n)++;
        arena_reset(scratch);
    }
    *end = lead ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    arena_free(scratch);
    return true;
}

const char *leads_place_name(struct load *l, const Baton__Lead *lead)
{
    const char *text = NULL;
    for (size_t i = 0; i < lead->n_territory_ids; i++) {
        const Baton__Territory *t = table_get_id(l->txn, LEADS_TERRITORY, lead->territory_ids[i], l->arena);
        text = arena_printf(l->arena, "%s%s%s", text ? text : "", text ? ", " : "",
                            t && t->name ? t->name : "a territory that is gone");
    }
    return text ? text : "nowhere";
}

void *leads_load_active_model(struct load *l, const struct command *c)
{
    return active_model(l->txn, l->arena);
}

void *leads_load_placed(struct load *l, const struct command *c)
{
    struct leads_lead_facts *f = leads_load_lead(l, c);
    if (f->lead)
        f->from = leads_place_name(l, f->lead);
    return f;
}

void *leads_load_move(struct load *l, const struct command *c)
{
    const Baton__TerritoryMove *m = (const Baton__TerritoryMove *)c->request;
    struct leads_move_facts *f = ARENA_NEW(l->arena, struct leads_move_facts);
    f->leads = ARENA_ARRAY(l->arena, Baton__Lead *, LEADS_MOVE_STEP);
    f->from = ARENA_ARRAY(l->arena, const char *, LEADS_MOVE_STEP);
    bool known = open_leads(l, m->token, f->leads, &f->n_leads, &f->token);
    assert(known); /* the token is our own */
    for (size_t i = 0; i < f->n_leads; i++) {
        f->from[i] = leads_place_name(l, f->leads[i]);
        (void)leads_state_person(l, f->leads[i]->owner_id); /* so that it is known where the holder works */
    }
    f->routing = leads_routing_copy(leads_state_routing(l), l->arena);
    return f;
}

/* The model as it is here; NULL: `no` says why it cannot be looked at. */
static const Baton__TerritoryModel *previewed(struct load *l, const char *id, struct refusal *no)
{
    const Baton__TerritoryModel *m = table_get_id(l->txn, LEADS_TERRITORY_MODEL, id, l->arena);
    if (!m)
        (void)refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such territory model");
    else if (m->copying)
        (void)refuse(no, REFUSAL_FAILED_PRECONDITION, "id",
                     "the model's territories are still being copied; try again in a moment");
    return m && !m->copying ? m : NULL;
}

bool leads_query_preview(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    const Baton__PreviewTerritoryModelRequest *q = (const Baton__PreviewTerritoryModelRequest *)c->request;
    Baton__PreviewTerritoryModelResponse *out = ARENA_NEW(l->arena, Baton__PreviewTerritoryModelResponse);
    baton__preview_territory_model_response__init(out);
    Baton__Lead **leads = ARENA_ARRAY(l->arena, Baton__Lead *, LEADS_MOVE_STEP);
    const Baton__TerritoryModel *model = previewed(l, q->id, no);
    struct leads_moving m;
    size_t n;
    if (!model)
        return false;
    if (!open_leads(l, q->page_token, leads, &n, &out->next_page_token))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    struct arena *memory = arena_new(PREVIEW_BYTES_MAX);
    const struct leads_territories *t = compiled(l->txn, model, memory);
    out->model_id = model->id;
    out->has_looked_at = true;
    out->looked_at = (uint32_t)n;
    out->moves = ARENA_ARRAY(l->arena, Baton__LeadTerritoryMoved *, n);
    for (size_t i = 0; i < n; i++)
        if (leads_territory_moves(t, model, leads[i], leads_place_name(l, leads[i]), l->arena, &m))
            out->moves[out->n_moves++] = m.event;
    arena_free(memory);
    *reply = &out->base;
    return true;
}
