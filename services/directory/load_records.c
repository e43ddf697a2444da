/* Facts for the directory's say about its plain records. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/directory/rows.h"

static const char *deleted_id(const struct command *c)
{
    return c->request->descriptor == &baton__delete_record_request__descriptor
               ? ((const Baton__DeleteRecordRequest *)c->request)->id
               : NULL;
}

static void chain_load(struct load *l, unsigned table, const char *parent_id, struct directory_chain *chain)
{
    chain->wanted = parent_id != NULL;
    while (parent_id && chain->n <= DIRECTORY_DEPTH_MAX) {
        const ProtobufCMessage *row = table_get_id(l->txn, table, parent_id, l->arena);
        if (!row)
            return;
        chain->ids[chain->n++] = parent_id;
        parent_id = schema_get_text(row, "parent_id");
    }
}

static bool indexed_row_exists(struct load *l, unsigned table, const char *field, const char *value)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, field, value, NULL, false))
        return false;
    bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void *directory_load_organisation(struct load *l, const struct command *c)
{
    struct directory_organisation_facts *f = ARENA_NEW(l->arena, struct directory_organisation_facts);
    const Baton__Organisation *o = (const Baton__Organisation *)record_wanted(c);
    f->wanted = o && o->last_resort_user_id;
    if (f->wanted)
        f->last_resort = table_get_id(l->txn, DIRECTORY_USER, o->last_resort_user_id, l->arena);
    return f;
}

/* Only whoever stops being an administrator can be the last one. */
static bool other_admin(struct load *l, const Baton__User *u)
{
    const Baton__User *now = table_get_id(l->txn, DIRECTORY_USER, u->id, l->arena);
    return now && now->role == BATON__ROLE__ROLE_ADMIN && u->has_role && u->role != now->role &&
           directory_active_admin(l, now->id);
}

void *directory_load_user(struct load *l, const struct command *c)
{
    struct directory_user_facts *f = ARENA_NEW(l->arena, struct directory_user_facts);
    const Baton__User *u = (const Baton__User *)record_wanted(c);
    if (!u)
        return f;
    const Baton__User *owner = u->email ? directory_user_by_email(l, u->email) : NULL;
    f->email_owner_id = owner ? owner->id : NULL;
    if (u->team_id && !table_get_id(l->txn, DIRECTORY_TEAM, u->team_id, l->arena))
        f->missing_team_id = u->team_id;
    for (size_t i = 0; i < u->n_territory_ids && !f->missing_territory_id; i++)
        if (!table_get_id(l->txn, DIRECTORY_TERRITORY, u->territory_ids[i], l->arena))
            f->missing_territory_id = u->territory_ids[i];
    f->other_admin = other_admin(l, u);
    return f;
}

static bool is_parent(struct load *l, unsigned table, const char *id)
{
    struct table_scan scan;
    const ProtobufCMessage *row;
    bool found = false;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return false;
    while (!found && (row = table_scan_next(&scan, l->arena))) {
        const char *parent_id = schema_get_text(row, "parent_id");
        found = parent_id && strcmp(parent_id, id) == 0;
    }
    table_scan_close(&scan);
    return found;
}

void *directory_load_team(struct load *l, const struct command *c)
{
    struct directory_team_facts *f = ARENA_NEW(l->arena, struct directory_team_facts);
    const Baton__Team *t = (const Baton__Team *)record_wanted(c);
    const char *deleted = deleted_id(c);
    if (deleted) {
        f->has_members = indexed_row_exists(l, DIRECTORY_USER, "team_id", deleted);
        f->has_children = is_parent(l, DIRECTORY_TEAM, deleted);
    }
    if (!t)
        return f;
    chain_load(l, DIRECTORY_TEAM, t->parent_id, &f->parents);
    const Baton__User *manager = table_get_id(l->txn, DIRECTORY_USER, t->manager_id, l->arena);
    if (t->manager_id && (!manager || manager->status != BATON__USER_STATUS__USER_STATUS_ACTIVE))
        f->missing_manager_id = t->manager_id;
    return f;
}

static bool has_users(struct load *l, const char *territory_id)
{
    struct table_scan scan;
    const Baton__User *u;
    bool found = false;
    if (!table_scan_open(&scan, l->txn, DIRECTORY_USER, NULL, NULL, NULL, false))
        return false;
    while (!found && (u = table_scan_next(&scan, l->arena)))
        for (size_t i = 0; i < u->n_territory_ids; i++)
            found = found || strcmp(u->territory_ids[i], territory_id) == 0;
    table_scan_close(&scan);
    return found;
}

void *directory_load_territory(struct load *l, const struct command *c)
{
    struct directory_territory_facts *f = ARENA_NEW(l->arena, struct directory_territory_facts);
    const Baton__Territory *t = (const Baton__Territory *)record_wanted(c);
    const char *deleted = deleted_id(c);
    if (deleted) {
        f->has_users = has_users(l, deleted);
        f->has_children = indexed_row_exists(l, DIRECTORY_TERRITORY, "parent_id", deleted);
    }
    if (!t)
        return f;
    const Baton__Territory *now = table_get_id(l->txn, DIRECTORY_TERRITORY, t->id, l->arena);
    const char *parent_id = t->parent_id ? t->parent_id : now ? now->parent_id : NULL;
    chain_load(l, DIRECTORY_TERRITORY, parent_id, &f->parents);
    const char *model_id = now ? now->model_id : t->model_id;
    f->model_wanted = model_id != NULL;
    f->model = table_get_id(l->txn, DIRECTORY_TERRITORY_MODEL, model_id, l->arena);
    f->parent = table_get_id(l->txn, DIRECTORY_TERRITORY, parent_id, l->arena);
    if (now)
        f->has_children = indexed_row_exists(l, DIRECTORY_TERRITORY, "parent_id", now->id);
    return f;
}
