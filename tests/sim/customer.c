/* The same customer goes to the same person: whose account it is, or who holds what came before of them, is
   found when a lead comes in, and gets it by every rule whose filters let them. Held against the rows that
   the log alone makes. */
#include <string.h>
#include <strings.h>

#include "leads/leads.h"
#include "sim/sim.h"

enum { SCRATCH = 256 << 20, SURELY_FOUND = 8, MERGES_MAX = 64 };

struct customer {
    const struct ledger *l;
    const Baton__Lead *lead;
    struct arena *a;
};

static void wrong(const struct customer *c, const char *what, const char *who)
{
    sim_wrong(c->l->process->sim, "customer: lead %s: %s (%s)", c->lead->id, what, who ? who : "nobody");
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcasecmp(a, b) == 0 : a == b;
}

static bool is_active(const struct customer *c, const char *user_id)
{
    const Baton__User *u = table_get_id(c->l->made, LEADS_USER, user_id, c->a);
    return u && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
}

/* --- whose account it is --- */

/* What it was merged into stands for it. */
static const Baton__Account *account_now(const struct customer *c, const Baton__Account *a)
{
    for (int i = 0; a && a->merged_into_id && i < MERGES_MAX; i++)
        a = table_get_id(c->l->made, LEADS_ACCOUNT, a->merged_into_id, c->a);
    return a;
}

/* The only one of the lead's company; NULL: none is, or several are. */
static const Baton__Account *account_of(const struct customer *c)
{
    struct table_scan scan;
    const Baton__Account *row, *found = NULL;
    size_t n = 0;
    if (!c->lead->company || !table_scan_open(&scan, c->l->made, LEADS_ACCOUNT, NULL, NULL, NULL, false))
        return NULL;
    while ((row = table_scan_next(&scan, c->a)))
        if (same(row->name, c->lead->company)) {
            const Baton__Account *now = account_now(c, row);
            n += !found || !same(found->id, now->id);
            found = now;
        }
    table_scan_close(&scan);
    return n == 1 ? found : NULL;
}

/* A contact says which account it is of, whatever the company is called. */
static bool by_account(const struct customer *c)
{
    const Baton__Account *a = c->lead->matched_contact_id
                                  ? table_get_id(c->l->made, LEADS_ACCOUNT, c->lead->matched_account_id, c->a)
                                  : account_of(c);
    if (!a)
        return false;
    if (!same(c->lead->matched_account_id, a->id))
        wrong(c, "is of an account and does not say so", a->id);
    if (!is_active(c, a->owner_id))
        return false;
    if (!same(c->lead->customer_owner_id, a->owner_id))
        wrong(c, "is not for whose account it is", a->owner_id);
    return true;
}

/* --- who holds what came before --- */

static const Baton__Lead *now_of(const struct customer *c, const Baton__Lead *l)
{
    for (int i = 0; l && l->merged_into_id && i < MERGES_MAX; i++)
        l = table_get_id(c->l->made, LEADS_LEAD, l->merged_into_id, c->a);
    return l;
}

/* Without a doubt of the same: not only the address, which two may share. */
static bool is_alike(const Baton__Lead *a, const Baton__Lead *b)
{
    return same(a->first_name, b->first_name) && same(a->last_name, b->last_name) &&
           same(a->company, b->company);
}

static void by_leads(const struct customer *c)
{
    struct table_scan scan;
    const Baton__Lead *row, *holds = NULL;
    size_t n = 0;
    bool is_one_of_them = false;
    if (!c->lead->email || !table_scan_open(&scan, c->l->made, LEADS_LEAD, NULL, NULL, NULL, false))
        return;
    while ((row = table_scan_next(&scan, c->a))) {
        if (!same(row->email, c->lead->email) || strcmp(row->id, c->lead->id) == 0 ||
            row->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED)
            continue;
        const Baton__Lead *now = now_of(c, row);
        n++;
        if (!now || !is_active(c, now->owner_id))
            continue;
        is_one_of_them = is_one_of_them || same(now->owner_id, c->lead->customer_owner_id);
        holds = is_alike(row, c->lead) ? now : holds;
    }
    table_scan_close(&scan);
    if (holds && n <= SURELY_FOUND && !c->lead->customer_owner_id)
        wrong(c, "nobody is said to know the customer", holds->owner_id);
    if (holds && n <= SURELY_FOUND && !c->lead->matched_contact_id && !c->lead->matched_account_id &&
        !is_one_of_them)
        wrong(c, "who is said to know the customer holds nothing of them", c->lead->customer_owner_id);
}

/* --- who gets it --- */

static bool is_filtered(const Baton__PoolTrial *t, size_t member)
{
    for (size_t i = 0; i < t->n_reasons; i++) {
        const Baton__ReasonBitmap *b = t->reasons[i];
        bool by_filter =
            (b->reason < BATON__REASON__REASON_FITS_LESS && b->reason != BATON__REASON__REASON_OUTRANKED) ||
            b->reason == BATON__REASON__REASON_OTHER_TERRITORY;
        bool waived = t->hours_waived && b->reason == BATON__REASON__REASON_OUTSIDE_HOURS;
        if (by_filter && !waived && member / 8 < b->members.len &&
            (b->members.data[member / 8] >> member % 8 & 1))
            return true;
    }
    return false;
}

static void goes_to_them(const struct customer *c, const Baton__Decision *d)
{
    const Baton__PoolTrial *t = d->n_trials ? d->trials[d->n_trials - 1] : NULL;
    struct key key;
    if (!t || !c->lead->customer_owner_id || same(d->owner_id, c->lead->customer_owner_id))
        return;
    key_init(&key);
    key_text(&key, t->pool_id);
    key_u64(&key, t->pool_revision);
    const Baton__PoolVersion *v = table_get(c->l->made, LEADS_POOL_VERSION, &key, c->a);
    for (size_t i = 0; v && i < v->n_members; i++)
        if (same(v->members[i]->user_id, c->lead->customer_owner_id) && !is_filtered(t, i))
            wrong(c, "could have gone to who knows the customer", c->lead->customer_owner_id);
}

static void look(struct customer *c, const Baton__Event *e)
{
    if (e->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED) {
        c->lead = e->lead_captured->lead;
        if (!by_account(c))
            by_leads(c);
        return;
    }
    const Baton__Decision *d =
        e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED ? e->lead_assigned->decision : NULL;
    if (!d || d->cause != BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE)
        return;
    c->lead = table_get_id(c->l->made, LEADS_LEAD, e->lead_assigned->lead_id, c->a);
    if (c->lead)
        goes_to_them(c, d);
}

void customer_record(const struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = NULL;
    for (size_t i = 0; i < r->n_events; i++) {
        int kind = (int)r->events[i]->event_case;
        if (kind != BATON__EVENT__EVENT_LEAD_CAPTURED && kind != BATON__EVENT__EVENT_LEAD_ASSIGNED)
            continue;
        a = a ? a : arena_new(SCRATCH);
        look(&(struct customer){.l = l, .a = a}, r->events[i]);
    }
    arena_free(a);
}
