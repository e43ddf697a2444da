/* Facts for territory models. */
#include <string.h>

#include "services/directory/rows.h"

/* Territories copied in one step stay far below what a log record may be. */
enum { STEP_BYTES = 256 << 10, LOOK_MAX = 2000, SCRATCH = 4 << 20 };

static uint64_t seq_of(struct load *l, const char *id)
{
    struct key key = key_of(id);
    return table_seq(l->txn, DIRECTORY_TERRITORY_MODEL, &key);
}

static void active_load(struct load *l, struct directory_model_facts *f)
{
    struct table_scan scan;
    const Baton__TerritoryModel *m;
    if (!table_scan_open(&scan, l->txn, DIRECTORY_TERRITORY_MODEL, NULL, NULL, NULL, false))
        return;
    while (!f->active && (m = table_scan_next(&scan, l->arena)))
        if (m->status == BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE)
            f->active = m;
    table_scan_close(&scan);
    if (f->active)
        f->active_seq = seq_of(l, f->active->id);
}

static struct directory_model_facts *model_load(struct load *l, const char *id)
{
    struct directory_model_facts *f = ARENA_NEW(l->arena, struct directory_model_facts);
    f->model = table_get_id(l->txn, DIRECTORY_TERRITORY_MODEL, id, l->arena);
    if (f->model)
        f->model_seq = seq_of(l, id);
    active_load(l, f);
    return f;
}

void *directory_load_model(struct load *l, const struct command *c)
{
    struct directory_model_facts *f = model_load(l, schema_get_text(c->request, "id"));
    if (c->request->descriptor == &baton__copy_territory_model_request__descriptor)
        f->name_taken = table_find(l->txn, DIRECTORY_TERRITORY_MODEL, "name",
                                   schema_get_text(c->request, "name"), l->arena) != NULL;
    return f;
}

static bool is_of(const Baton__Territory *t, const char *model_id)
{
    return t->model_id && model_id ? strcmp(t->model_id, model_id) == 0 : t->model_id == model_id;
}

/* By key, so that a walk may rest between two steps; what is copied meanwhile is of another model. */
static void step_load(struct load *l, struct directory_model_facts *f)
{
    struct table_scan scan;
    const Baton__Territory *t = NULL;
    struct arena *scratch = arena_new(SCRATCH);
    size_t begin = arena_used(l->arena), looked = 0;
    f->step = ARENA_ARRAY(l->arena, Baton__Territory *, DIRECTORY_COPY_STEP);
    bool open = table_scan_open(&scan, l->txn, DIRECTORY_TERRITORY, NULL, NULL, f->model->copy_token, false);
    while (open && f->n_step < DIRECTORY_COPY_STEP && looked++ < LOOK_MAX &&
           arena_used(l->arena) - begin < STEP_BYTES && (t = table_scan_next(&scan, scratch)) != NULL) {
        if (is_of(t, f->model->copied_from_id))
            f->step[f->n_step++] = table_get_id(l->txn, DIRECTORY_TERRITORY, t->id, l->arena);
        arena_reset(scratch);
    }
    if (open && t)
        f->token = table_scan_token(&scan, l->arena);
    if (open)
        table_scan_close(&scan);
    arena_free(scratch);
}

void *directory_load_model_due(struct load *l, const struct command *c)
{
    struct directory_model_facts *f =
        model_load(l, ((const Baton__TerritoryModelTimer *)c->request)->model_id);
    if (f->model->copying)
        step_load(l, f);
    return f;
}

/* Whether there is a territory of the model that is to be deleted. */
void *directory_load_model_use(struct load *l, const struct command *c)
{
    struct table_scan scan;
    bool *used = ARENA_NEW(l->arena, bool);
    if (c->request->descriptor != &baton__delete_record_request__descriptor)
        return used;
    const char *id = ((const Baton__DeleteRecordRequest *)c->request)->id;
    if (table_scan_open(&scan, l->txn, DIRECTORY_TERRITORY, "model_id", id, NULL, false)) {
        *used = table_scan_next(&scan, l->arena) != NULL;
        table_scan_close(&scan);
    }
    return used;
}
