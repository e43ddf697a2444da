/* Whose customers' records are whose, and what they were: representatives read and write what is theirs, what
   is shared with them and what the organisation lets them, and nothing else; what is restored is as it was.
   Who is a team's is left to the tests of the decision: there are no teams here. */
#include <assert.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "contacts/contacts.h"
#include "sim/fill.h"

enum { SCRATCH = 4 << 20 };

static char *text(const char *s)
{
    return (char *)(uintptr_t)s;
}

/* --- what is asked --- */

bool fill_customer_access(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    o.has_customer_access = true;
    o.customer_access = (Baton__CustomerAccess)(1 + sim_below(random, 3));
    q.request_id = a->id;
    q.record = record_wrap(&o.base, arena);
    fill_command(a, "directory", "RecordService/UpdateRecord", &q, arena);
    return true;
}

bool fill_share(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RecordShare s = BATON__RECORD_SHARE__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    s.type = "account";
    s.record_id = text(known_draw(sim, KNOWN_ACCOUNT, random, NULL));
    s.user_id = text(known_draw(sim, KNOWN_USER, random, NULL));
    s.has_level = true;
    s.level = (Baton__ShareLevel)(1 + sim_below(random, 2));
    q.request_id = a->id;
    q.record = record_wrap(&s.base, arena);
    fill_command(a, "contacts", "RecordService/CreateRecord", &q, arena);
    return s.record_id != NULL;
}

bool fill_end_share(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeleteRecordRequest q = BATON__DELETE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.type = "record_share";
    q.id = text(known_draw(sim, KNOWN_SHARE, random, NULL));
    fill_command(a, "contacts", "RecordService/DeleteRecord", &q, arena);
    return q.id != NULL;
}

/* As one of the representatives: more often than not about a record that is shared, mostly with them. */
static const char *be_a_rep(struct sim *sim, struct ask *a, uint64_t *random)
{
    const char *both, *id = known_draw(sim, KNOWN_ACCOUNT, random, NULL);
    a->actor.role = BATON__ROLE__ROLE_REP;
    a->actor.user_id = text(known_draw(sim, KNOWN_USER, random, NULL));
    if (sim_below(random, 3) && known_draw(sim, KNOWN_SHARE, random, &both)) {
        id = arena_strndup(sim->memory, both, IDENT_TEXT_SIZE - 1);
        if (sim_below(random, 3))
            a->actor.user_id = text(both + IDENT_TEXT_SIZE);
    }
    a->reach_id = id;
    return id;
}

/* At the record, or at how good it is. */
bool fill_look(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    Baton__GetQualityRequest quality = BATON__GET_QUALITY_REQUEST__INIT;
    q.type = quality.type = "account";
    q.id = quality.id = text(be_a_rep(sim, a, random));
    if (q.id && sim_below(random, 2))
        fill_query(a, "contacts", "RecordService/GetRecord", &q, arena);
    else if (q.id)
        fill_query(a, "contacts", "ContactService/GetQuality", &quality, arena);
    return q.id != NULL;
}

bool fill_update_as_rep(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    r.id = text(be_a_rep(sim, a, random));
    r.name = fill_name(arena, "By a rep", sim_random(random));
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    a->reach_writes = true;
    if (r.id)
        fill_command(a, "contacts", "RecordService/UpdateRecord", &q, arena);
    return r.id != NULL;
}

/* As it was at some time since the beginning; where it was not there yet, that is refused. */
bool fill_restore(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RestoreRecordRequest q = BATON__RESTORE_RECORD_REQUEST__INIT;
    int64_t passed_us = world_now(sim->world) - sim->start_us;
    q.request_id = a->id;
    q.type = "account";
    q.id = text(known_draw(sim, KNOWN_ACCOUNT, random, NULL));
    q.changed_at = timestamp_of(arena, sim->start_us + (int64_t)sim_below(random, (uint64_t)passed_us + 1));
    fill_command(a, "contacts", "RecordService/RestoreRecord", &q, arena);
    return q.id != NULL;
}

/* --- what must be so --- */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static Baton__CustomerAccess access_of(const struct ledger *l, struct arena *a)
{
    struct table_scan scan;
    bool opened = table_scan_open(&scan, l->made, CONTACTS_ORGANISATION, NULL, NULL, NULL, false);
    assert(opened);
    const Baton__Organisation *o = table_scan_next(&scan, a);
    table_scan_close(&scan);
    return o ? o->customer_access : BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_UNSPECIFIED;
}

static bool shared(const struct ledger *l, const char *id, const char *user_id, bool writes, struct arena *a)
{
    struct table_scan scan;
    const Baton__RecordShare *s;
    bool found = false, opened = table_scan_open(&scan, l->made, CONTACTS_SHARE, NULL, NULL, NULL, false);
    assert(opened);
    while (!found && (s = table_scan_next(&scan, a)))
        found = same(s->record_id, id) && same(s->user_id, user_id) &&
                (!writes || s->level == BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE);
    table_scan_close(&scan);
    return found;
}

/* Whether a representative may, by the rows as they are. */
static bool may(const struct ledger *l, const Baton__Account *account, const char *user_id, bool writes,
                struct arena *a)
{
    Baton__CustomerAccess access = access_of(l, a);
    if (same(account->owner_id, user_id) || shared(l, account->id, user_id, writes, a))
        return true;
    return access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_READ
               ? !writes
               : access != BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE;
}

/* What a command was answered once it is answered each time it is sent again, and may have been decided when
   it was sent first. */
void reach_asked(struct ask *a)
{
    if (a->sent == 1 || !a->reach_writes)
        a->reach_n = a->sim->ledgers[CONTACTS].n;
}

/* Where nothing has happened since it was asked, the answer is the one that the rows give. */
void reach_answer(const struct ask *a, const struct refusal *no)
{
    const struct ledger *l = &a->sim->ledgers[CONTACTS];
    if (!a->reach_id || l->n != a->reach_n || (no && no->code == REFUSAL_ALREADY_EXISTS))
        return;
    struct arena *memory = arena_new(SCRATCH);
    const Baton__Account *account = table_get_id(l->made, CONTACTS_ACCOUNT, a->reach_id, memory);
    /* what has been merged into another nobody changes */
    bool allowed = account && !(a->reach_writes && account->merged_into_id) &&
                   may(l, account, a->actor.user_id, a->reach_writes, memory);
    if (allowed != !no)
        sim_wrong(a->sim, "reach: %s of account %s was %s somebody who may%s", a->method, a->reach_id,
                  no ? "refused to" : "done for", allowed ? "" : " not");
    arena_free(memory);
}

static const Baton__RecordChanged *change_of(const struct ledger *l, uint64_t seq, const char *id)
{
    const struct schema_field *member;
    const Baton__LogRecord *r = seq && seq <= l->n ? l->records[seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__RecordChanged *e = r->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                            ? r->events[i]->record_changed
                                            : NULL;
        ProtobufCMessage *row = e ? schema_oneof(&e->record->base, &member) : NULL;
        if (row && same(schema_get_text(row, "id"), id))
            return e;
    }
    return NULL;
}

/* Merging changes whatever names the one merged, whoever may change that. */
static bool is_merging(const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_RECORDS_MERGED ||
            r->events[i]->event_case == BATON__EVENT__EVENT_RECORDS_UNMERGED)
            return true;
    return false;
}

static void restored(struct ledger *l, const Baton__RecordChanged *e)
{
    const Baton__Account *now = e->record->account;
    const struct schema_message *m = schema_message(&baton__account__descriptor);
    const Baton__RecordChanged *then = change_of(l, e->restored_seq, now->id),
                               *before = change_of(l, e->previous_seq, now->id);
    if (!then || !before)
        sim_wrong(l->process->sim, "restored: account %s to what it never was", now->id);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!m->fields[i].rules->output_only &&
            !merges_renamed(l, &then->record->account->base, &m->fields[i]) &&
            !schema_field_equal(&now->base, &then->record->account->base, &m->fields[i]))
            sim_wrong(l->process->sim, "restored: %s of account %s is not as it was", m->pb->fields[i].name,
                      now->id);
    bool was_gone = before->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    if (was_gone != (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_CREATED) ||
        now->revision != before->record->account->revision + 1)
        sim_wrong(l->process->sim, "restored: account %s after revision %zu as %zu", now->id,
                  (size_t)before->record->account->revision, (size_t)now->revision);
}

void reach_record(struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = arena_new(SCRATCH);
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *e = r->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                            ? r->events[i]->record_changed
                                            : NULL;
        if (!e || !e->record->account)
            continue;
        if (e->has_restored_seq)
            restored(l, e);
        const Baton__RecordChanged *before = change_of(l, e->previous_seq, e->record->account->id);
        if (before && !is_merging(r) && r->actor && r->actor->role == BATON__ROLE__ROLE_REP &&
            !may(l, before->record->account, r->actor->user_id, true, a))
            sim_wrong(l->process->sim, "reach: account %s was changed by somebody who may not",
                      e->record->account->id);
    }
    arena_free(a);
}
