/* What follows in one service from the log of another: exactly once, in order, up to the cursor and no
   further (promise 6). One row a consequence that must not be missing. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/effects.h"
#include "sim/sim.h"

enum { MOMENT_US = 5 * 1000000 };

static void add(struct effect_list *l, const char *what, const char *id)
{
    effects_add(l, what, id);
}

/* --- leads -> notifications: who is told --- */

static void told_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
        add(l, e->lead_assigned->owner_id, e->lead_assigned->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_DEADLINE_NEAR)
        add(l, e->lead_deadline_near->owner_id, e->lead_deadline_near->lead_id);
    for (size_t i = 0;
         e->event_case == BATON__EVENT__EVENT_LEAD_ESCALATED && i < e->lead_escalated->n_manager_ids; i++)
        add(l, e->lead_escalated->manager_ids[i], e->lead_escalated->lead_id);
    for (size_t i = 0; e->event_case == BATON__EVENT__EVENT_RULE_SKIPPED && i < e->rule_skipped->n_admin_ids;
         i++)
        add(l, e->rule_skipped->admin_ids[i], e->rule_skipped->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_DEADLINE_PASSED)
        add(l, e->lead_deadline_passed->owner_id, e->lead_deadline_passed->lead_id);
    for (size_t i = 0;
         e->event_case == BATON__EVENT__EVENT_LEAD_CONVERTED && i < e->lead_converted->n_manager_ids; i++)
        add(l, e->lead_converted->manager_ids[i], e->lead_converted->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_FOLLOWED)
        add(l, e->lead_followed->user_id, e->lead_followed->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEADS_MERGED)
        add(l, e->leads_merged->owner_id, e->leads_merged->survivor_id);
}

static void told_found(const Baton__Event *e, struct effect_list *l)
{
    const Baton__NotificationClass news = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_HEADS_UP;
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED &&
        e->notification_created->notification->class_ != news)
        add(l, e->notification_created->notification->user_id,
            e->notification_created->notification->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_FOLLOWER_CHANGED)
        add(l, e->lead_follower_changed->follower->user_id, e->lead_follower_changed->follower->lead_id);
}

/* --- leads -> contacts, opportunities: what a converted lead becomes --- */

static void contacts_expected(const Baton__Event *e, struct effect_list *l)
{
    effects_places_copies(e, l);
    if (e->event_case != BATON__EVENT__EVENT_LEAD_CONVERTED)
        return;
    if (e->lead_converted->account_is_new)
        add(l, "account", e->lead_converted->account_id);
    add(l, "contact", e->lead_converted->contact_id);
}

static void opportunities_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_LEAD_CONVERTED)
        add(l, "opportunity", e->lead_converted->opportunity_id);
}

static void made_found(const Baton__Event *e, struct effect_list *l)
{
    const char *type, *id;
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED ||
        e->record_changed->kind != BATON__CHANGE_KIND__CHANGE_KIND_CREATED || e->record_changed->copy)
        return;
    id = effects_changed_id(e->record_changed, &type);
    add(l, type, id);
}

static void contacts_found(const Baton__Event *e, struct effect_list *l)
{
    effects_copies_found(e, l);
    made_found(e, l);
}

/* --- notifications -> leads: whether anything follows depends on the lead; unseen.c knows --- */

static void nothing(const Baton__Event *e, struct effect_list *l)
{
}

static const struct row {
    enum service_number follower, followed;
    void (*expected)(const Baton__Event *e, struct effect_list *l);
    void (*found)(const Baton__Event *e, struct effect_list *l);
} rows[] = {
    {LEADS, DIRECTORY, effects_leads_copies, effects_copies_found},
    {LEADS, CONTACTS, effects_accounts_copies, effects_copies_found},
    {LEADS, NOTIFICATIONS, nothing, nothing},
    {NOTIFICATIONS, DIRECTORY, effects_notifications_copies, effects_copies_found},
    {NOTIFICATIONS, LEADS, told_expected, told_found},
    {NOTIFICATIONS, CONTACTS, effects_mentioned_expected, effects_mentioned_found},
    {NOTIFICATIONS, CONTACTS, effects_reminded_expected, effects_reminded_found},
    {CONTACTS, OPPORTUNITIES, nothing, nothing},
    {OPPORTUNITIES, CONTACTS, effects_fields_copies, effects_copies_found},
    {OPPORTUNITIES, DOCUMENTS, effects_documents_copies, effects_copies_found},
    {OPPORTUNITIES, CONTACTS, effects_activities_expected, effects_activities_found},
    {NOTIFICATIONS, OPPORTUNITIES, effects_deal_news_expected, effects_deal_news_found},
    {NOTIFICATIONS, DOCUMENTS, effects_document_news_expected, effects_document_news_found},
    {NOTIFICATIONS, DOCUMENTS, effects_collateral_expected, effects_collateral_found},
    {CONTACTS, LEADS, contacts_expected, contacts_found},
    {OPPORTUNITIES, LEADS, opportunities_expected, made_found},
    {OPPORTUNITIES, LEADS, effects_leads_counted_expected, effects_leads_counted_found},
    {CONTACTS, DIRECTORY, effects_people_expected, effects_people_found},
    {OPPORTUNITIES, DIRECTORY, effects_sellers_expected, effects_people_found},
    {DOCUMENTS, OPPORTUNITIES, nothing, nothing},
    {DOCUMENTS, CONTACTS, nothing, nothing}, /* erased.c */
    {DOCUMENTS, DIRECTORY, effects_people_expected, effects_people_found},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Up to where the followed log has been accounted for, a row. */
struct effects {
    size_t done[ROWS];
    bool lost[ROWS]; /* it has read what that log no longer has */
};

static bool equal(const struct effect_list *a, const struct effect_list *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->items[i].what, b->items[i].what) != 0 || strcmp(a->items[i].id, b->items[i].id) != 0)
            return false;
    return true;
}

static void expect(const struct row *row, const struct ledger *followed, size_t seq, struct effect_list *l)
{
    const Baton__LogRecord *r = followed->records[seq - 1];
    for (size_t i = 0; i < r->n_events; i++)
        row->expected(r->events[i], l);
}

/* Nothing that had to follow was left out on the way to `seq` (which is not looked at). */
static void nothing_skipped(struct sim *sim, size_t which, size_t seq)
{
    const struct row *row = &rows[which];
    const struct ledger *followed = &sim->ledgers[row->followed];
    static struct effect_list wanted;
    for (size_t s = sim->effects->done[which] + 1; s < seq && s <= followed->n; s++) {
        wanted.n = 0;
        expect(row, followed, s, &wanted);
        if (wanted.n)
            sim_wrong(sim, "effects: %s has passed over record %zu of %s",
                      sim->processes[row->follower].def->name, s, sim->processes[row->followed].def->name);
    }
    if (seq > sim->effects->done[which] + 1)
        sim->effects->done[which] = seq - 1;
}

static bool stems_from(const Baton__LogRecord *r, const char *service)
{
    return r->source && r->source->service && strcmp(r->source->service, service) == 0;
}

/* All records of one commit that stem from the same record of the other log, from `at` on; returns how many.
 */
static size_t group_check(struct sim *sim, size_t which, size_t at)
{
    const struct row *row = &rows[which];
    const struct ledger *l = &sim->ledgers[row->follower], *followed = &sim->ledgers[row->followed];
    const char *name = sim->processes[row->followed].def->name;
    size_t seq = l->records[at]->source->seq, n = 0;
    static struct effect_list wanted, found;
    wanted.n = found.n = 0;
    if (sim->effects->lost[which])
        sim_wrong(sim, "effects: %s goes on with %s, which was restored, without having rejoined",
                  sim->processes[row->follower].def->name, name);
    if (seq <= sim->effects->done[which])
        sim_wrong(sim, "effects: %s has effects of record %zu of %s twice",
                  sim->processes[row->follower].def->name, seq, name);
    if (seq > followed->n)
        sim_wrong(sim, "effects: %s follows what %s has not committed",
                  sim->processes[row->follower].def->name, name);
    nothing_skipped(sim, which, seq);
    expect(row, followed, seq, &wanted);
    while (at + n < l->n && stems_from(l->records[at + n], name) && l->records[at + n]->source->seq == seq) {
        for (size_t i = 0; i < l->records[at + n]->n_events; i++)
            row->found(l->records[at + n]->events[i], &found);
        n++;
    }
    if (!equal(&wanted, &found))
        sim_wrong(sim, "effects: record %zu of %s has other effects in %s than it should", seq, name,
                  sim->processes[row->follower].def->name);
    sim->effects->done[which] = seq;
    return n;
}

/* The cursor was committed together with the effects, and stands at a record that is there. */
static void cursor_check(struct sim *sim, size_t which)
{
    const struct row *row = &rows[which];
    struct process *p = &sim->processes[row->follower];
    const struct ledger *followed = &sim->ledgers[row->followed];
    struct cursor c;
    struct txn *t = store_begin(p->store, false);
    bool known = t && cursor_get(t, sim->processes[row->followed].def->name, &c);
    if (t)
        store_abort(t);
    size_t at = known ? c.at.seq : 0;
    if (sim->effects->lost[which])
        return;
    if (at < sim->effects->done[which])
        sim_wrong(sim, "cursor: %s has effects of %s up to %zu and a cursor at %zu", p->def->name,
                  sim->processes[row->followed].def->name, sim->effects->done[which], at);
    if (at > followed->n)
        sim_wrong(sim, "cursor: %s stands at %zu of %s, which ends at %zu", p->def->name, at,
                  sim->processes[row->followed].def->name, followed->n);
    if (at && memcmp(followed->hashes[at - 1], c.at.hash, HASH_SIZE) != 0)
        sim_wrong(sim, "cursor: %s stands at another record %zu of %s", p->def->name, at,
                  sim->processes[row->followed].def->name);
    nothing_skipped(sim, which, at + 1);
}

/* Where the follower was set by hand, in this record; the beginning is 0. */
static bool rejoined_at(const struct sim *sim, size_t which, const Baton__LogRecord *r, size_t *seq)
{
    const char *followed = sim->processes[rows[which].followed].def->name;
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_FOLLOW_REJOINED &&
            strcmp(r->events[i]->follow_rejoined->service, followed) == 0) {
            *seq = r->events[i]->follow_rejoined->new_seq;
            return true;
        }
    return false;
}

/* The records of one look that concern one row. Behind a rejoining stand the copies that it mended; they are
   compared as a whole in the end. */
static void row_look(struct sim *sim, size_t which, size_t from)
{
    const struct ledger *l = &sim->ledgers[rows[which].follower];
    const char *followed = sim->processes[rows[which].followed].def->name;
    size_t mended = 0;
    bool rejoined = false;
    for (size_t at = from; at < l->n;) {
        const Baton__LogRecord *r = l->records[at];
        if (rejoined_at(sim, which, r, &mended)) {
            rejoined = true;
            sim->effects->done[which] = mended;
            sim->effects->lost[which] = false;
        }
        bool ours = stems_from(r, followed) && !(rejoined && r->source->seq == mended);
        at += ours ? group_check(sim, which, at) : 1;
    }
}

static void effects_make(struct sim *sim)
{
    if (sim->effects)
        return;
    sim->effects = calloc(1, sizeof *sim->effects);
    assert(sim->effects);
}

void effects_look(struct sim *sim, enum service_number follower, size_t from)
{
    effects_make(sim);
    for (size_t which = 0; which < ROWS; which++) {
        if (rows[which].follower != follower)
            continue;
        /* `done` moves for the cursor, too, so what follows is checked before the cursor is. */
        row_look(sim, which, from);
        cursor_check(sim, which);
    }
}

/* How far a service with a cut log has come in another one. */
static size_t come_to(const struct sim *sim, size_t which)
{
    const struct ledger *l = &sim->ledgers[rows[which].follower];
    for (size_t n = l->n; n-- > 0;) {
        size_t seq;
        if (rejoined_at(sim, which, l->records[n], &seq))
            return seq;
        if (stems_from(l->records[n], sim->processes[rows[which].followed].def->name))
            return l->records[n]->source->seq;
    }
    return 0;
}

/* Its position is one in the log it follows. */
static bool stands(struct sim *sim, size_t which)
{
    const struct ledger *followed = &sim->ledgers[rows[which].followed];
    struct cursor c;
    struct txn *t = store_begin(sim->processes[rows[which].follower].store, false);
    assert(t);
    bool known = cursor_get(t, sim->processes[rows[which].followed].def->name, &c) && c.at.seq;
    store_abort(t);
    return !known ||
           (c.at.seq <= followed->n && memcmp(followed->hashes[c.at.seq - 1], c.at.hash, HASH_SIZE) == 0);
}

void effects_restored(struct sim *sim, enum service_number service)
{
    effects_make(sim);
    for (size_t which = 0; which < ROWS; which++) {
        const struct row *row = &rows[which];
        if (row->follower == service) {
            sim->effects->done[which] = come_to(sim, which);
            sim->effects->lost[which] = !stands(sim, which);
        } else if (row->followed == service && sim->effects->done[which] > sim->ledgers[service].n) {
            sim->effects->lost[which] = true;
        }
    }
}

bool effects_lost(const struct sim *sim)
{
    for (size_t which = 0; which < ROWS; which++)
        if (sim->effects->lost[which])
            return true;
    return false;
}

/* The newest record that everybody has had time to hear of. */
static size_t older_than_a_moment(struct sim *sim, enum service_number followed)
{
    const struct ledger *l = &sim->ledgers[followed];
    struct world *w = host_world(sim->processes[followed].host);
    size_t n = l->n;
    while (n && (int64_t)l->records[n - 1]->time_us > w->ops->wall_us(w) - MOMENT_US)
        n--;
    return n;
}

void effects_settled(struct sim *sim)
{
    for (size_t which = 0; which < ROWS; which++) {
        if (sim->effects->lost[which])
            sim_wrong(sim, "settled: %s still stands still", sim->processes[rows[which].follower].def->name);
        nothing_skipped(sim, which, older_than_a_moment(sim, rows[which].followed) + 1);
    }
}
