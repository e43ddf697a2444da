/* Territory models: planned beside the active one, copied in steps, switched in one. */
#include <string.h>

#include "base/hash.h"
#include "services/directory/directory.h"

static const Baton__TerritoryModelStatus PLANNING =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_PLANNING,
                                         ACTIVE =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE,
                                         ARCHIVED =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ARCHIVED;

bool directory_check_model(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                           struct stamp *s, struct outcome *out)
{
    const bool *used = extra;
    Baton__TerritoryModel *m = (Baton__TerritoryModel *)after;
    const Baton__TerritoryModel *old = (const Baton__TerritoryModel *)before;
    /* 1: what leads live by, or what holds territories, is not deleted */
    if (!m && old->status == ACTIVE)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "this model is active; switch to another one first");
    if (!m && (*used || old->copying))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there are territories in this model; delete them first");
    if (!m)
        return true;
    /* 2: a new one is for planning; only a switch changes that */
    m->has_status = true;
    m->status = old ? old->status : PLANNING;
    return true;
}

static Baton__TerritoryModel *copy_of(const Baton__TerritoryModel *m, struct arena *a)
{
    return arena_copy(a, m, sizeof *m);
}

bool directory_decide_copy_model(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct directory_model_facts *f = facts;
    const Baton__CopyTerritoryModelRequest *q = (const Baton__CopyTerritoryModelRequest *)c->request;
    Baton__CopyTerritoryModelResponse *reply = ARENA_NEW(s->arena, Baton__CopyTerritoryModelResponse);
    baton__copy_territory_model_response__init(reply);
    /* 3: there is something to copy, whole */
    if (q->id && !f->model)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such territory model");
    if (f->model && f->model->copying)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                      "the model is still being copied itself; try again in a moment");
    if (f->name_taken)
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "name", "another model has this name already");
    Baton__TerritoryModel *m = ARENA_NEW(s->arena, Baton__TerritoryModel);
    baton__territory_model__init(m);
    m->name = q->name;
    m->has_status = m->has_copying = m->copying = true;
    m->status = PLANNING;
    m->copied_from_id = q->id;
    reply->territory_model = (Baton__TerritoryModel *)record_created(&m->base, s, out);
    out->reply = &reply->base;
    return true;
}

static Baton__TerritoryModel *switch_to(const struct directory_model_facts *f, struct stamp *s,
                                        struct outcome *out)
{
    Baton__TerritoryModel *now = copy_of(f->model, s->arena);
    /* 4: in one step, the one before first, so that there are never two */
    if (f->active) {
        Baton__TerritoryModel *past = copy_of(f->active, s->arena);
        past->status = ARCHIVED;
        record_updated(&f->active->base, f->active_seq, &past->base, s, out);
    }
    now->status = ACTIVE;
    now->activated_at = timestamp_of(s->arena, s->now_us);
    now->activates_at = NULL;
    record_updated(&f->model->base, f->model_seq, &now->base, s, out);
    return now;
}

bool directory_decide_switch_model(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct directory_model_facts *f = facts;
    Baton__SwitchTerritoryModelResponse *reply = ARENA_NEW(s->arena, Baton__SwitchTerritoryModelResponse);
    baton__switch_territory_model_response__init(reply);
    out->reply = &reply->base;
    /* 5: to one that is there, and whole */
    if (!f->model)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such territory model");
    if (f->model->copying)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                      "the model's territories are still being copied; try again in a moment");
    /* 6: the active one stays so */
    reply->territory_model = f->model->status == ACTIVE ? copy_of(f->model, s->arena) : switch_to(f, s, out);
    return true;
}

/* The same for the same, so that a copy knows its parent's copy before that is made. In order of the model's
 * time. */
static char *derived_id(const char *model_id, const char *id, struct arena *a)
{
    enum { TIME_BYTES = 6, VERSION = 6, VARIANT = 8 };
    uint8_t hash[HASH_SIZE], model[IDENT_SIZE];
    char *text = arena_alloc(a, IDENT_TEXT_SIZE);
    hash2(hash, bytes_text(model_id), bytes_text(id));
    if (ident_parse(model, model_id))
        memcpy(hash, model, TIME_BYTES);
    hash[VERSION] = (uint8_t)((hash[VERSION] & 0x0f) | 0x70);
    hash[VARIANT] = (uint8_t)((hash[VARIANT] & 0x3f) | 0x80);
    ident_format(text, hash);
    return text;
}

static void copy_territory(const Baton__TerritoryModel *m, const Baton__Territory *from, struct stamp *s,
                           struct outcome *out)
{
    Baton__Territory *t = arena_copy(s->arena, from, sizeof *from);
    t->id = derived_id(m->id, from->id, s->arena);
    t->model_id = m->id;
    t->parent_id = from->parent_id ? derived_id(m->id, from->parent_id, s->arena) : NULL;
    t->origin_id = from->origin_id ? from->origin_id : from->id;
    (void)record_created(&t->base, s, out);
}

bool directory_decide_model_due(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const struct directory_model_facts *f = facts;
    /* 7: its day has come */
    if (!f->model->copying) {
        (void)switch_to(f, s, out);
        return true;
    }
    /* 8: some more are copied, and then it can be switched to */
    Baton__TerritoryModel *m = copy_of(f->model, s->arena);
    for (size_t i = 0; i < f->n_step; i++)
        copy_territory(m, f->step[i], s, out);
    m->copying = f->token != NULL;
    m->copy_token = f->token;
    record_updated(&f->model->base, f->model_seq, &m->base, s, out);
    return true;
}
