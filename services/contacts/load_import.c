/* Facts for imports: whom a row may be, and for undoing them: what stands now and what stood before. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/keys.h"
#include "services/contacts/rows.h"
#include "store/log.h"

/* What the keys of a type are compared by. */
struct look {
    enum known_by by;
    const char *field;
    const char *value;
};

/* Whose rows are looked through, for whom. */
struct looking {
    struct load *l;
    const Baton__Actor *actor;
    unsigned table, keys;
};

enum { LOOK_MAX = 64 /* records that share a key, for one row */ };

static bool has_candidate(const struct import_row_facts *r, const char *id)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(schema_get_text(r->candidates[i].record, "id"), id) == 0)
            return true;
    return false;
}

/* Of what the caller may not read nothing is told: it is as if it were not there. */
static void add_candidate(const struct looking *k, struct import_row_facts *r, enum known_by by,
                          const char *id)
{
    struct load *l = k->l;
    ProtobufCMessage *record = has_candidate(r, id) ? NULL : table_get_id(l->txn, k->table, id, l->arena);
    struct key key = key_of(id);
    if (record && !schema_get_text(record, "merged_into_id") && r->n < IMPORT_CANDIDATES_MAX &&
        records_may_read(l, k->table, record, k->actor))
        r->candidates[r->n++] = (struct import_candidate){by, record, table_seq(l->txn, k->table, &key),
                                                          table_get(l->txn, CONTACTS_QUALITY, &key, l->arena),
                                                          records_reach(l, k->table, record, k->actor)};
}

static void look_up(const struct looking *k, struct import_row_facts *r, const struct look *look)
{
    struct table_scan scan;
    const Baton__ContactKey *row;
    if (!look->value || !table_scan_open(&scan, k->l->txn, k->keys, look->field, look->value, NULL, false))
        return;
    for (size_t i = 0;
         i < LOOK_MAX && r->n < IMPORT_CANDIDATES_MAX && (row = table_scan_next(&scan, k->l->arena)); i++)
        add_candidate(k, r, look->by, row->id);
    table_scan_close(&scan);
}

static const char *account_named(struct load *l, const char *folded, const Baton__Actor *actor)
{
    struct table_scan scan;
    const Baton__ContactKey *row = NULL;
    const char *found = NULL;
    if (!folded || !table_scan_open(&scan, l->txn, CONTACTS_ACCOUNT_KEY, "name", folded, NULL, false))
        return NULL;
    for (size_t i = 0; i < LOOK_MAX && !found && (row = table_scan_next(&scan, l->arena)); i++)
        found = contacts_sees(l, CONTACTS_ACCOUNT, row->id, actor) ? row->id : NULL;
    table_scan_close(&scan);
    return found;
}

static void load_contact(struct load *l, const struct command *command, const Baton__ImportRow *row,
                         struct import_row_facts *r)
{
    const Baton__Contact *c = row->contact;
    const char *country = ((const Baton__ImportContactsRequest *)command->request)->country;
    const struct looking looking = {l, command->actor, CONTACTS_CONTACT, CONTACTS_CONTACT_KEY};
    r->references.access = sharing_access(l, &contacts_sharing);
    contacts_keys_of_contact(c, country, &r->keys, l->arena);
    const Baton__ContactKey *k = &r->keys;
    const struct look looks[] = {
        {KNOWN_BY_EXTERNAL_ID, "external_id", k->external_id},
        {KNOWN_BY_EMAIL, "email", k->email},
        {KNOWN_BY_PHONE, "phone", k->phone},
        {KNOWN_BY_PHONE, "mobile_phone", k->phone},
        {KNOWN_BY_PHONE, "phone", k->mobile_phone},
        {KNOWN_BY_PHONE, "mobile_phone", k->mobile_phone},
    };
    const char *own = contacts_own_uid(k->external_id);
    if (own)
        add_candidate(&looking, r, KNOWN_BY_EXTERNAL_ID, own);
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        look_up(&looking, r, &looks[i]);
    contacts_load_references(l, c, command->actor, &r->references);
    r->account_folded = row->account_name ? text_fold(l->arena, row->account_name) : NULL;
    r->account_id = account_named(l, r->account_folded, command->actor);
}

static void load_account(struct load *l, const struct command *c, const Baton__Account *account,
                         struct import_row_facts *r)
{
    const char *country = ((const Baton__ImportContactsRequest *)c->request)->country;
    const struct looking looking = {l, c->actor, CONTACTS_ACCOUNT, CONTACTS_ACCOUNT_KEY};
    r->account.access = sharing_access(l, &contacts_sharing);
    contacts_keys_of_account(account, country, &r->keys, l->arena);
    const Baton__ContactKey *k = &r->keys;
    const struct look looks[] = {
        {KNOWN_BY_EXTERNAL_ID, "external_id", k->external_id},
        {KNOWN_BY_PHONE, "phone", k->phone},
        {KNOWN_BY_NAME, "name", k->external_id || k->phone ? NULL : k->name},
    };
    const char *own = contacts_own_uid(k->external_id);
    if (own)
        add_candidate(&looking, r, KNOWN_BY_EXTERNAL_ID, own);
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        look_up(&looking, r, &looks[i]);
    contacts_custom_load(l, "account", account->custom, account->n_custom, c->actor, &r->account.custom);
    contacts_redirects_load(l, CONTACTS_ACCOUNT, &account->base, &r->account.now);
}

/* What a row makes has addresses of its own or of whom it may be. */
static void load_places(struct load *l, const Baton__ImportRow *row, const struct import_row_facts *r,
                        struct contacts_normal_facts *f)
{
    contacts_record_places_load(l, row->contact ? &row->contact->base : NULL, f);
    contacts_record_places_load(l, row->account ? &row->account->base : NULL, f);
    for (size_t i = 0; i < r->n; i++)
        contacts_record_places_load(l, r->candidates[i].record, f);
}

void *contacts_load_import(struct load *l, const struct command *c)
{
    const Baton__ImportContactsRequest *q = (const Baton__ImportContactsRequest *)c->request;
    struct import_facts *f = ARENA_NEW(l->arena, struct import_facts);
    f->import = table_get_id(l->txn, CONTACTS_IMPORT, q->import_id, l->arena);
    f->rows = ARENA_ARRAY(l->arena, struct import_row_facts, q->n_rows);
    f->rules = contacts_load_rules(l, c);
    contacts_normal_begin(l, &f->normal);
    size_t begin = arena_used(l->arena);
    for (size_t i = 0; i < q->n_rows; i++) {
        f->rows[i].is_deferred = arena_used(l->arena) - begin > IMPORT_MEMORY_MAX;
        if (f->rows[i].is_deferred)
            continue;
        if (q->rows[i]->contact)
            load_contact(l, c, q->rows[i], &f->rows[i]);
        else if (q->rows[i]->account)
            load_account(l, c, q->rows[i]->account, &f->rows[i]);
        load_places(l, q->rows[i], &f->rows[i], &f->normal);
    }
    for (size_t i = 0; i < q->n_rows; i++)
        f->rows[i].references.normal = f->rows[i].account.normal = f->normal;
    return f;
}

/* --- undoing --- */

/* Many records of a page stood in the same record of the log before: it is read once. */
struct past {
    uint64_t seq;
    const Baton__LogRecord *record;
};

static ProtobufCMessage *record_before(struct load *l, struct past *past, uint64_t seq, const char *id)
{
    const struct schema_field *member;
    if (past->seq != seq) {
        past->seq = seq;
        past->record = log_get(l->txn, seq, l->arena);
    }
    for (size_t i = 0; past->record && i < past->record->n_events; i++) {
        const Baton__Event *e = past->record->events[i];
        if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
            continue;
        ProtobufCMessage *row = schema_oneof(&e->record_changed->record->base, &member);
        if (row && strcmp(schema_get_text(row, "id"), id) == 0)
            return row;
    }
    return NULL;
}

static const char *contact_in_use(struct load *l, const char *id)
{
    if (contacts_indexed_row_exists(l, CONTACTS_NOTE, "contact_id", id))
        return "somebody has written a note about them";
    return contacts_indexed_row_exists(l, CONTACTS_ACTIVITY, "contact_id", id)
               ? "there are activities with them"
               : NULL;
}

static const char *account_in_use(struct load *l, const char *id)
{
    static const struct {
        unsigned table;
        const char *field, *reason;
    } users[] = {
        {CONTACTS_CONTACT, "account_id", "contacts belong to it"},
        {CONTACTS_ACCOUNT, "parent_id", "other accounts belong to it"},
        {CONTACTS_NOTE, "account_id", "somebody has written a note about it"},
        {CONTACTS_ACTIVITY, "account_id", "there are activities with it"},
        {CONTACTS_PLAN, "account_id", "there is a plan for it"},
        {CONTACTS_RELATIONSHIP, "to_account_id", "relationships name it"},
    };
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        if (contacts_indexed_row_exists(l, users[i].table, users[i].field, id))
            return users[i].reason;
    return NULL;
}

static bool names_a_gone_one(struct load *l, const ProtobufCMessage *before)
{
    struct contacts_contact_facts f = {0};
    if (before->descriptor != &baton__contact__descriptor)
        return false;
    contacts_load_references(l, (const Baton__Contact *)before, NULL, &f);
    return f.missing_account_id || f.missing_reports_to_id;
}

static void load_undo_row(struct load *l, const Baton__Actor *actor, struct past *past,
                          const struct contacts_rules *rules, struct undo_row *r)
{
    const Baton__ContactImportChange *change = r->change;
    unsigned table = change->is_account ? CONTACTS_ACCOUNT : CONTACTS_CONTACT;
    struct key key = key_of(change->record_id);
    r->now = table_get(l->txn, table, &key, l->arena);
    r->now_seq = table_seq(l->txn, table, &key);
    if (r->now)
        r->reach = records_reach(l, table, r->now, actor);
    if (!r->now || r->now_seq != change->seq)
        return;
    if (!change->before_seq) {
        contacts_shares_load(l, change->record_id, &r->ending);
        r->in_use =
            change->is_account ? account_in_use(l, change->record_id) : contact_in_use(l, change->record_id);
        if (!r->in_use && contacts_has_merged(l, change->record_id))
            r->in_use = "others have been merged into it";
        return;
    }
    r->before = record_before(l, past, change->before_seq, change->record_id);
    if (!r->before)
        return;
    r->before_names_a_gone_one = names_a_gone_one(l, r->before);
    contacts_redirects_load(l, table, r->before, &r->names);
    contacts_normal_load(l, r->before, &r->normal);
    r->written = (struct contacts_written_facts){rules, table_get(l->txn, CONTACTS_QUALITY, &key, l->arena)};
}

/* What has been loaded for a page. */
struct undo_size {
    size_t bytes, begin, events;
};

static void add_size(struct undo_size *s, const struct undo_row *r)
{
    s->bytes += r->now ? protobuf_c_message_get_packed_size(r->now) : 0;
    s->bytes += r->before ? protobuf_c_message_get_packed_size(r->before) : 0;
    s->events += r->ending.n + 2;
}

/* The last event is the page's own. */
static bool has_room(const struct undo_facts *f, const struct undo_size *s, const struct arena *a)
{
    return f->n < UNDO_ROWS_MAX && s->bytes <= UNDO_BYTES_MAX &&
           arena_used(a) - s->begin <= UNDO_MEMORY_MAX &&
           s->events + UNDO_EVENTS_A_ROW + 1 <= OUTCOME_EVENTS_MAX;
}

/* A page has records of one type: accounts come when their contacts are gone. */
void *contacts_load_undo(struct load *l, const struct command *c)
{
    const Baton__UndoImportRequest *q = (const Baton__UndoImportRequest *)c->request;
    struct undo_facts *f = ARENA_NEW(l->arena, struct undo_facts);
    const Baton__ContactImportChange *change = NULL;
    const struct contacts_rules *rules = contacts_load_rules(l, c);
    struct table_scan scan;
    struct past past = {0};
    struct key prefix = key_of(q->import_id);
    f->import = table_get_id(l->txn, CONTACTS_IMPORT, q->import_id, l->arena);
    f->bad_token =
        !table_scan_under(&scan, l->txn, CONTACTS_IMPORT_CHANGE, &prefix, NULL, q->page_token, false);
    if (f->bad_token)
        return f;
    struct undo_size size = {.begin = arena_used(l->arena)};
    char *token = NULL;
    while ((change = table_scan_next(&scan, l->arena))) {
        if (!has_room(f, &size, l->arena) || (f->n && change->is_account != f->rows[0].change->is_account)) {
            f->next_page_token = token;
            break;
        }
        struct undo_row *r = &f->rows[f->n++];
        r->change = change;
        load_undo_row(l, c->actor, &past, rules, r);
        add_size(&size, r);
        token = table_scan_token(&scan, l->arena);
    }
    table_scan_close(&scan);
    return f;
}
