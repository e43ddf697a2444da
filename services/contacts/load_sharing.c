/* Facts about who reaches whose records. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"

Baton__CustomerAccess contacts_access(struct load *l)
{
    struct table_scan scan;
    const Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, l->txn, CONTACTS_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return o && o->has_customer_access ? o->customer_access : BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
}

static void teams_load(struct load *l, const Baton__User *user, struct contacts_teams *teams)
{
    const char *id = user ? user->team_id : NULL;
    while (id && teams->n < CONTACTS_TEAMS_MAX) {
        const Baton__Team *team = table_get_id(l->txn, CONTACTS_TEAM, id, l->arena);
        if (!team)
            return;
        teams->rows[teams->n++] = team;
        id = team->parent_id;
    }
}

void contacts_shares_load(struct load *l, const char *record_id, struct contacts_shares *shares)
{
    struct table_scan scan;
    const Baton__RecordShare *row;
    if (!table_scan_open(&scan, l->txn, CONTACTS_SHARE, "record_id", record_id, NULL, false))
        return;
    while (shares->n < CONTACTS_SHARES_MAX && (row = table_scan_next(&scan, l->arena))) {
        struct key key = key_of(row->id);
        shares->seqs[shares->n] = table_seq(l->txn, CONTACTS_SHARE, &key);
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

/* Where the house reaches everything, nothing more is to be known about whoever belongs to it. */
static void reach_load(struct load *l, const ProtobufCMessage *record, const Baton__Actor *actor,
                       bool is_charge, struct contacts_reach_facts *f)
{
    *f = (struct contacts_reach_facts){.access = contacts_access(l),
                                       .owner_id = text_or_none(record, "owner_id"),
                                       .brought_by_id = text_or_none(record, "brought_by_id")};
    bool is_open = f->access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
    if (is_open && !is_charge && !actor_is(actor, BATON__ROLE__ROLE_PARTNER))
        return;
    f->actor = table_get_id(l->txn, CONTACTS_USER, actor->user_id, l->arena);
    teams_load(l, f->actor, &f->actors);
    teams_load(l, table_get_id(l->txn, CONTACTS_USER, f->owner_id, l->arena), &f->owners);
    contacts_shares_load(l, schema_get_text(record, "id"), &f->shares);
}

enum record_reach contacts_row_reach(struct load *l, const ProtobufCMessage *record,
                                     const Baton__Actor *actor)
{
    struct contacts_reach_facts f;
    reach_load(l, record, actor, false, &f);
    return contacts_reach(&f, actor);
}

bool contacts_reaches_all(struct load *l, const Baton__Actor *actor)
{
    const struct contacts_reach_facts nobodys = {.access = contacts_access(l)};
    return contacts_reach(&nobodys, actor) >= RECORD_READ;
}

bool contacts_sees(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    const ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    return row && record_reached(schema_message(row->descriptor), row, contacts_row_reach(l, row, actor),
                                 actor, false);
}

/* Of several records, the one that is reached least counts. */
enum record_reach contacts_row_about_reach(struct load *l, const ProtobufCMessage *row,
                                           const Baton__Actor *actor)
{
    static const struct {
        const char *field;
        unsigned table;
    } about[] = {
        {"account_id", CONTACTS_ACCOUNT},      {"contact_id", CONTACTS_CONTACT},
        {"from_contact_id", CONTACTS_CONTACT}, {"to_contact_id", CONTACTS_CONTACT},
        {"to_account_id", CONTACTS_ACCOUNT},
    };
    enum record_reach least = RECORD_OWN;
    bool is_about_any = false;
    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        const ProtobufCMessage *record =
            table_get_id(l->txn, about[i].table, text_or_none(row, about[i].field), l->arena);
        enum record_reach reach = record ? contacts_row_reach(l, record, actor) : RECORD_OWN;
        is_about_any |= record != NULL;
        least = reach < least ? reach : least;
    }
    return is_about_any ? contacts_about_reach(least, text_or_none(row, "owner_id"), actor)
                        : contacts_row_reach(l, row, actor);
}

/* --- shares --- */

static const ProtobufCMessage *shared_record(struct load *l, const Baton__RecordShare *share)
{
    static const struct {
        const char *type;
        unsigned table;
    } types[] = {{"account", CONTACTS_ACCOUNT}, {"contact", CONTACTS_CONTACT}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (share->type && strcmp(types[i].type, share->type) == 0)
            return table_get_id(l->txn, types[i].table, share->record_id, l->arena);
    return NULL;
}

enum record_reach contacts_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                           const Baton__Actor *actor)
{
    struct contacts_reach_facts f;
    const ProtobufCMessage *record = shared_record(l, (const Baton__RecordShare *)row);
    if (!record)
        return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ? RECORD_OWN : RECORD_HIDDEN;
    reach_load(l, record, actor, true, &f);
    if (contacts_is_in_charge(&f, actor))
        return RECORD_OWN;
    return contacts_reach(&f, actor) >= RECORD_READ ? RECORD_READ : RECORD_HIDDEN;
}

/* The share as it stands, for a request that names one. */
static const Baton__RecordShare *share_now(struct load *l, const struct command *c,
                                           const Baton__RecordShare *wanted)
{
    if (c->request->descriptor == &baton__delete_record_request__descriptor)
        return table_get_id(l->txn, CONTACTS_SHARE, ((const Baton__DeleteRecordRequest *)c->request)->id,
                            l->arena);
    return c->request->descriptor == &baton__update_record_request__descriptor
               ? table_get_id(l->txn, CONTACTS_SHARE, wanted->id, l->arena)
               : NULL;
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static const Baton__RecordShare *twin(const struct contacts_shares *shares, const Baton__RecordShare *of)
{
    for (size_t i = 0; i < shares->n; i++) {
        const Baton__RecordShare *s = shares->rows[i];
        if (is_same(s->user_id, of->user_id) || is_same(s->team_id, of->team_id) ||
            is_same(s->territory_id, of->territory_id))
            return s;
    }
    return NULL;
}

void *contacts_load_share(struct load *l, const struct command *c)
{
    struct contacts_share_facts *f = ARENA_NEW(l->arena, struct contacts_share_facts);
    struct contacts_reach_facts *reach = ARENA_NEW(l->arena, struct contacts_reach_facts);
    const Baton__RecordShare *wanted = (const Baton__RecordShare *)record_wanted(c);
    const Baton__RecordShare *now = share_now(l, c, wanted), *of = now ? now : wanted;
    if (!of)
        return f;
    f->is_shareable = is_same(of->type, "account") || is_same(of->type, "contact");
    const ProtobufCMessage *record = shared_record(l, of);
    if (!record)
        return f;
    reach_load(l, record, c->actor, true, reach);
    f->reach = contacts_reach(reach, c->actor);
    f->is_in_charge = contacts_is_in_charge(reach, c->actor);
    f->has_target = of->user_id   ? table_get_id(l->txn, CONTACTS_USER, of->user_id, l->arena) != NULL
                    : of->team_id ? table_get_id(l->txn, CONTACTS_TEAM, of->team_id, l->arena) != NULL
                                  : true;
    f->same = twin(&reach->shares, of);
    f->n_shares = reach->shares.n;
    return f;
}
