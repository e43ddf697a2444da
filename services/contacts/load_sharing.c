/* Facts about who reaches whose records. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"

const struct sharing_tables contacts_sharing = {CONTACTS_USER, CONTACTS_TEAM, CONTACTS_ORGANISATION,
                                                CONTACTS_SHARE};

void contacts_shares_load(struct load *l, const char *record_id, struct sharing_shares *shares)
{
    sharing_shares_load(l, &contacts_sharing, record_id, shares);
}

/* NULL: it has no such field, or nothing in it. */
static const char *text_or_none(const ProtobufCMessage *record, const char *field)
{
    const struct schema_field *f = schema_field(schema_message(record->descriptor), field);
    return f ? schema_text_of(record, f) : NULL;
}

enum record_reach contacts_row_reach(struct load *l, const ProtobufCMessage *record,
                                     const Baton__Actor *actor)
{
    struct sharing_facts f = {.owner_id = NULL};
    sharing_load(l, &contacts_sharing, record, actor, false, &f);
    return sharing_reach(&f, actor);
}

bool contacts_reaches_all(struct load *l, const Baton__Actor *actor)
{
    const struct sharing_facts nobodys = {.access = sharing_access(l, &contacts_sharing)};
    return sharing_reach(&nobodys, actor) >= RECORD_READ;
}

bool contacts_sees(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    const ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    return row && !(table == CONTACTS_CONTACT && ((const Baton__Contact *)row)->erased_at) &&
           record_reached(schema_message(row->descriptor), row, contacts_row_reach(l, row, actor), actor,
                          false);
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

static const ProtobufCMessage *shared_record(struct load *l, const ProtobufCMessage *share, unsigned *table)
{
    static const struct {
        const char *type;
        unsigned table;
    } types[] = {{"account", CONTACTS_ACCOUNT}, {"contact", CONTACTS_CONTACT}};
    const Baton__RecordShare *s = (const Baton__RecordShare *)share;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (s->type && strcmp(types[i].type, s->type) == 0) {
            *table = types[i].table;
            return table_get_id(l->txn, types[i].table, s->record_id, l->arena);
        }
    return NULL;
}

enum record_reach contacts_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                           const Baton__Actor *actor)
{
    return sharing_share_reach(l, &contacts_sharing, row, actor, shared_record);
}

void *contacts_load_share(struct load *l, const struct command *c)
{
    return sharing_share_load(l, &contacts_sharing, c, shared_record);
}
