/* Whoever was erased: in the end nothing of them is anywhere, and the logs, which they cannot be read from
   any more, make the same rows. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "contacts/contacts.h"
#include "leads/leads.h"
#include "service/apply.h"
#include "sim/fill.h"
#include "sim/sim.h"

enum { SCRATCH = 64 << 20, ADDRESSES_MAX = 4096 };

/* --- what is asked --- */

bool fill_erase(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ErasePersonRequest q = BATON__ERASE_PERSON_REQUEST__INIT;
    q.request_id = a->id;
    q.contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    q.reason = "they asked for it";
    q.has_confirmed = q.confirmed = true;
    q.has_preview = q.preview = sim_below(random, 8) == 0;
    if (q.contact_id)
        fill_command(a, "contacts", "ContactService/ErasePerson", &q, arena);
    return q.contact_id != NULL;
}

/* A note that says how they can be reached. */
bool fill_note_address(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Note r = BATON__NOTE__INIT;
    const struct ledger *l = &sim->ledgers[CONTACTS];
    r.contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    const Baton__Contact *c = table_get_id(l->made, CONTACTS_CONTACT, r.contact_id, arena);
    if (!c || !c->email)
        return false;
    r.text = arena_printf(arena, "write to %s", c->email);
    r.account_id = c->account_id;
    return fill_create(a, "contacts", &r.base, arena);
}

/* --- whose addresses are nobody's any more --- */

struct address {
    const char *text;
    bool kept; /* somebody has it who was not erased */
};

struct erased {
    struct sim *sim;
    struct arena *arena;
    char **ids; /* of contacts and leads */
    size_t n_ids, room;
    struct address addresses[ADDRESSES_MAX];
    size_t n;
};

static void add_ids(struct erased *e, char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (e->n_ids == e->room) {
            e->room = e->room ? 2 * e->room : 64;
            e->ids = realloc(e->ids, e->room * sizeof *e->ids);
            assert(e->ids);
        }
        e->ids[e->n_ids++] = ids[i];
    }
}

static bool is_erased(const struct erased *e, const char *id)
{
    for (size_t i = 0; i < e->n_ids; i++)
        if (strcmp(e->ids[i], id) == 0)
            return true;
    return false;
}

static void has_address(struct erased *e, const char *id, const char *email)
{
    struct address *a = e->addresses, *end = a + e->n;
    if (!id || !email || strlen(email) < 8)
        return;
    const char *text = text_fold(e->arena, email);
    while (a < end && strcmp(a->text, text) != 0)
        a++;
    if (a == end && e->n == ADDRESSES_MAX)
        return;
    if (a == end) {
        *a = (struct address){.text = text};
        e->n++;
    }
    a->kept |= !is_erased(e, id);
}

static const Baton__Lead *lead_in(const Baton__Event *e)
{
    switch (e->event_case) {
    case BATON__EVENT__EVENT_LEAD_CAPTURED:
        return e->lead_captured->lead;
    case BATON__EVENT__EVENT_LEAD_REJECTED:
        return e->lead_rejected->lead;
    case BATON__EVENT__EVENT_LEAD_UPDATED:
        return e->lead_updated->lead;
    default:
        return NULL;
    }
}

static void take(struct erased *e, const Baton__Event *event, bool ids)
{
    const bool is_erasure = event->event_case == BATON__EVENT__EVENT_PERSON_ERASED;
    const Baton__Lead *lead = lead_in(event);
    if (ids && is_erasure) {
        add_ids(e, event->person_erased->contact_ids, event->person_erased->n_contact_ids);
        add_ids(e, event->person_erased->lead_ids, event->person_erased->n_lead_ids);
    }
    if (ids)
        return;
    if (lead)
        has_address(e, lead->id, lead->email);
    if (event->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
        event->record_changed->record->record_case == BATON__RECORD__RECORD_CONTACT) {
        const Baton__Contact *c = event->record_changed->record->contact;
        has_address(e, c->id, c->email);
    }
}

/* As the logs were when they were committed. */
static void look_through(struct erased *e, bool ids)
{
    for (int i = 0; i < SERVICES; i++) {
        const struct ledger *l = &e->sim->ledgers[i];
        for (size_t r = 0; r < l->n; r++)
            for (size_t k = 0; k < l->records[r]->n_events; k++)
                take(e, l->records[r]->events[k], ids);
    }
}

/* --- nothing of them is anywhere --- */

static bool contains(struct bytes in, const char *text)
{
    return memmem(in.data, in.size, text, strlen(text)) != NULL;
}

static void search(const struct erased *e, const struct process *p, const char *bucket)
{
    struct scan scan;
    struct bytes key, value;
    unsigned number = store_bucket(p->store, bucket); /* before any transaction */
    struct txn *t = store_begin(p->store, false);
    assert(t);
    scan_open(&scan, t, number, bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &key, &value))
        for (size_t i = 0; i < e->n; i++)
            if (!e->addresses[i].kept &&
                (contains(value, e->addresses[i].text) || contains(key, e->addresses[i].text)))
                sim_wrong(e->sim, "erased: %s of somebody who was erased is still in %s of %s",
                          e->addresses[i].text, bucket, p->def->name);
    scan_close(&scan);
    store_abort(t);
}

static void search_service(const struct erased *e, const struct process *p)
{
    static const char *const own[] = {"log", "inbox.0", "inbox.1", "meta", "cursor", "due"};
    char name[128];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        search(e, p, own[i]);
    for (size_t i = 0; i < p->def->n_tables; i++) {
        snprintf(name, sizeof name, "t.%s", p->def->tables[i].name);
        search(e, p, name);
    }
}

/* Whoever reads the log as it can be read now reads nothing of them either. */
static void search_record(const struct erased *e, const struct process *p, const Baton__LogRecord *r,
                          struct arena *a)
{
    const struct bytes said = schema_pack(&r->base, a);
    for (size_t i = 0; i < e->n; i++)
        if (!e->addresses[i].kept && contains(said, e->addresses[i].text))
            sim_wrong(e->sim, "erased: %s of somebody who was erased can be read in record %zu of %s",
                      e->addresses[i].text, (size_t)r->seq, p->def->name);
}

/* --- nor have they a lead that says anything --- */

static bool is_theirs(const struct erased *e, const Baton__Lead *lead, const Baton__Lead *is)
{
    return (lead->matched_contact_id && is_erased(e, lead->matched_contact_id)) ||
           (lead->converted_contact_id && is_erased(e, lead->converted_contact_id)) || (is && is->erased_at);
}

static void search_leads(const struct erased *e, const struct process *p)
{
    struct txn *t = store_begin(p->store, false);
    struct arena *a = arena_new(SCRATCH);
    struct table_scan scan;
    const Baton__Lead *lead;
    bool opened = table_scan_open(&scan, t, LEADS_LEAD, NULL, NULL, NULL, false);
    assert(opened);
    for (; (lead = table_scan_next(&scan, a)); arena_reset(a)) {
        const Baton__Lead *is =
            lead->merged_into_id ? table_get_id(t, LEADS_LEAD, lead->merged_into_id, a) : NULL;
        if (!lead->erased_at && is_theirs(e, lead, is))
            sim_wrong(e->sim, "erased: lead %s is of somebody who was erased", lead->id);
    }
    table_scan_close(&scan);
    arena_free(a);
    store_abort(t);
}

/* --- and the log makes the same rows --- */

static void compare(struct sim *sim, const struct process *p, struct store *made, struct txn *live,
                    struct txn *again)
{
    for (unsigned table = 0; table < p->def->n_tables; table++) {
        struct scan left, right;
        struct bytes k1, v1, k2, v2;
        scan_open(&left, live, table_bucket(p->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
        scan_open(&right, again, table_bucket(made, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
        for (;;) {
            bool a = scan_next(&left, &k1, &v1), b = scan_next(&right, &k2, &v2);
            if (a != b || (a && !(bytes_equal(k1, k2) && bytes_equal(v1, v2))))
                sim_wrong(sim, "erased: table %s of %s is not what is left of its log says",
                          p->def->tables[table].name, p->def->name);
            if (!a)
                break;
        }
        scan_close(&left);
        scan_close(&right);
    }
}

static void replay(const struct erased *e, const struct process *p, bool is_searched)
{
    char dir[360];
    struct arena *a = arena_new(SCRATCH);
    snprintf(dir, sizeof dir, "%s.again", p->dir);
    struct store *made = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = p->def->tables, .n_tables = p->def->n_tables});
    assert(made);
    struct txn *again = store_begin(made, true), *live = store_begin(p->store, false);
    for (uint64_t seq = 1; seq <= log_head(p->store).seq; seq++, arena_reset(a)) {
        const Baton__LogRecord *r = log_get(live, seq, a);
        if (is_searched)
            search_record(e, p, r, a);
        service_apply(p->def, again, r, a);
    }
    compare(e->sim, p, made, live, again);
    store_abort(live);
    store_abort(again);
    store_close(made);
    arena_free(a);
}

static bool was_restored(const struct sim *sim)
{
    for (int i = 0; i < SERVICES; i++)
        if (sim->ledgers[i].kept != SIZE_MAX)
            return true;
    return false;
}

void erased_settled(struct sim *sim)
{
    struct erased *e = calloc(1, sizeof *e);
    assert(e);
    e->sim = sim;
    e->arena = arena_new(SCRATCH);
    bool before = sim->looking;
    sim->looking = true;
    look_through(e, true);
    look_through(e, false);
    for (int i = 0; e->n_ids && i < SERVICES; i++) {
        /* An older backup has people again who were erased since: whoever restored it erases them again. */
        bool is_searched = !was_restored(sim);
        if (is_searched)
            search_service(e, &sim->processes[i]);
        replay(e, &sim->processes[i], is_searched);
    }
    if (e->n_ids && !was_restored(sim))
        search_leads(e, &sim->processes[LEADS]);
    sim->looking = before;
    arena_free(e->arena);
    free(e->ids);
    free(e);
}
