/* Facts about who reaches whose records. */
#include "service/sharing.h"

#include <limits.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"

Baton__CustomerAccess sharing_access(struct load *l, const struct sharing_tables *t)
{
    struct table_scan scan;
    const Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, l->txn, t->organisation, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return o && o->has_customer_access ? o->customer_access : BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
}

static void teams_load(struct load *l, const struct sharing_tables *t, const Baton__User *user,
                       struct sharing_teams *teams)
{
    const char *id = user ? user->team_id : NULL;
    while (id && teams->n < SHARING_TEAMS_MAX) {
        const Baton__Team *team = table_get_id(l->txn, t->team, id, l->arena);
        if (!team)
            return;
        teams->rows[teams->n++] = team;
        id = team->parent_id;
    }
}

void sharing_shares_load(struct load *l, const struct sharing_tables *t, const char *record_id,
                         struct sharing_shares *shares)
{
    struct table_scan scan;
    const ProtobufCMessage *row;
    if (!table_scan_open(&scan, l->txn, t->share, "record_id", record_id, NULL, false))
        return;
    while (shares->n < SHARING_SHARES_MAX && (row = table_scan_next(&scan, l->arena))) {
        struct key key = key_of(schema_get_text(row, "id"));
        shares->seqs[shares->n] = table_seq(l->txn, t->share, &key);
        shares->rows[shares->n++] = row;
    }
    table_scan_close(&scan);
}

/* NULL: it has no such field, or nothing in it. */
static const char *text_or_none(const ProtobufCMessage *record, const char *field)
{
    const struct schema_field *f = schema_field(schema_message(record->descriptor), field);
    return f ? schema_text_of(record, f) : NULL;
}

void sharing_load(struct load *l, const struct sharing_tables *t, const ProtobufCMessage *record,
                  const Baton__Actor *actor, bool is_charge, struct sharing_facts *f)
{
    f->access = sharing_access(l, t);
    f->owner_id = text_or_none(record, "owner_id");
    f->brought_by_id = text_or_none(record, "brought_by_id");
    bool is_open = f->access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
    if (is_open && !is_charge && !actor_is(actor, BATON__ROLE__ROLE_PARTNER))
        return;
    f->actor = table_get_id(l->txn, t->user, actor->user_id, l->arena);
    teams_load(l, t, f->actor, &f->actors);
    teams_load(l, t, table_get_id(l->txn, t->user, f->owner_id, l->arena), &f->owners);
    sharing_shares_load(l, t, schema_get_text(record, "id"), &f->shares);
}

enum record_reach sharing_share_reach(struct load *l, const struct sharing_tables *t,
                                      const ProtobufCMessage *share, const Baton__Actor *actor,
                                      sharing_record_fn *record_of)
{
    struct sharing_facts f = {.owner_id = NULL};
    unsigned table = UINT_MAX;
    const ProtobufCMessage *record = record_of(l, share, &table);
    if (!record)
        return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ? RECORD_OWN : RECORD_HIDDEN;
    sharing_load(l, t, record, actor, true, &f);
    if (sharing_is_in_charge(&f, actor))
        return RECORD_OWN;
    return records_reach(l, table, record, actor) >= RECORD_READ ? RECORD_READ : RECORD_HIDDEN;
}

/* The share as it stands, for a request that names one. */
static const ProtobufCMessage *share_now(struct load *l, const struct sharing_tables *t,
                                         const struct command *c, const ProtobufCMessage *wanted)
{
    if (c->request->descriptor == &baton__delete_record_request__descriptor)
        return table_get_id(l->txn, t->share, ((const Baton__DeleteRecordRequest *)c->request)->id, l->arena);
    return c->request->descriptor == &baton__update_record_request__descriptor
               ? table_get_id(l->txn, t->share, schema_get_text(wanted, "id"), l->arena)
               : NULL;
}

static bool has_same(const ProtobufCMessage *a, const ProtobufCMessage *b, const char *field)
{
    const char *x = schema_get_text(a, field), *y = schema_get_text(b, field);
    return x && y && strcmp(x, y) == 0;
}

static const ProtobufCMessage *twin(const struct sharing_shares *shares, const ProtobufCMessage *of)
{
    for (size_t i = 0; i < shares->n; i++) {
        const ProtobufCMessage *s = shares->rows[i];
        if (has_same(s, of, "user_id") || has_same(s, of, "team_id") || has_same(s, of, "territory_id"))
            return s;
    }
    return NULL;
}

static bool has_target(struct load *l, const struct sharing_tables *t, const ProtobufCMessage *share)
{
    const char *user_id = schema_get_text(share, "user_id"), *team_id = schema_get_text(share, "team_id");
    if (user_id)
        return table_get_id(l->txn, t->user, user_id, l->arena) != NULL;
    return !team_id || table_get_id(l->txn, t->team, team_id, l->arena);
}

struct sharing_share_facts *sharing_share_load(struct load *l, const struct sharing_tables *t,
                                               const struct command *c, sharing_record_fn *record_of)
{
    struct sharing_share_facts *f = ARENA_NEW(l->arena, struct sharing_share_facts);
    struct sharing_facts *reach = ARENA_NEW(l->arena, struct sharing_facts);
    const ProtobufCMessage *wanted = record_wanted(c);
    const ProtobufCMessage *now = share_now(l, t, c, wanted), *of = now ? now : wanted;
    unsigned table = UINT_MAX;
    const ProtobufCMessage *record = of ? record_of(l, of, &table) : NULL;
    f->is_shareable = table != UINT_MAX;
    if (!record)
        return f;
    sharing_load(l, t, record, c->actor, true, reach);
    f->reach = records_reach(l, table, record, c->actor);
    f->is_in_charge = sharing_is_in_charge(reach, c->actor);
    f->has_target = has_target(l, t, of);
    f->same = twin(&reach->shares, of);
    f->n_shares = reach->shares.n;
    return f;
}
