/* Facts for chains: the records, whom they are about, and what is open about a lead. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "schema/calendar.h"
#include "services/notifications/rows.h"

const struct notification_chains *notifications_chains(struct load *l)
{
    struct notification_chains *c = ARENA_NEW(l->arena, struct notification_chains);
    struct table_scan scan;
    const Baton__NotificationChain *row;
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_CHAIN, NULL, NULL, NULL, false))
        return c;
    while (c->n < CHAINS_MAX && (row = table_scan_next(&scan, l->arena)))
        c->all[c->n++] = row;
    table_scan_close(&scan);
    return c;
}

/* Making a calendar costs more than all else here: only where one is asked for. */
static int64_t working_due(struct load *l, const Baton__Notification *n, const struct chain_facts *f)
{
    const struct chain chain = chain_of(n, &f->to);
    const struct chain_step *step = n->chain_step < chain.n ? &chain.steps[n->chain_step] : NULL;
    if (!step || !step->in_working_hours || !f->to.ways.user)
        return 0;
    struct worktime *clock = calendar_of_user(f->to.ways.user, notifications_organisation(l));
    int64_t due_us = clock ? worktime_add_us(clock, timestamp_us(n->created_at), step->after_us) : 0;
    worktime_free(clock);
    return due_us;
}

void *notifications_load_chain_due(struct load *l, const struct command *c)
{
    const Baton__Notification *n = (const Baton__Notification *)c->request;
    struct chain_facts *f = ARENA_NEW(l->arena, struct chain_facts);
    notifications_recipient(l, n->user_id, &f->to);
    f->working_due_us = working_due(l, n, f);
    return f;
}

static void open_about(struct load *l, const char *lead_id, struct notifications_open *f)
{
    struct table_scan scan;
    Baton__Notification *n;
    if (!lead_id ||
        !table_scan_open(&scan, l->txn, NOTIFICATIONS_NOTIFICATION, "open_lead_id", lead_id, NULL, false))
        return;
    while (f->n < OPEN_MAX && (n = table_scan_next(&scan, l->arena)))
        f->rows[f->n++] = n;
    table_scan_close(&scan);
}

static bool are_there(const struct notifications_devices *f, const char *user_id)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->devices[i]->user_id, user_id) == 0)
            return true;
    return false;
}

/* Few have any. */
static void add_devices(struct load *l, struct notifications_open *f)
{
    struct notifications_devices *all = &f->devices;
    for (size_t i = 0; i < f->n; i++) {
        struct notifications_devices own = {0};
        if (!notification_is_pushed(f->rows[i]) || are_there(all, f->rows[i]->user_id))
            continue;
        if (!all->devices)
            all->devices = ARENA_ARRAY(l->arena, Baton__Device *, OPEN_DEVICES_MAX);
        notifications_devices_of(l, f->rows[i]->user_id, &own);
        for (size_t k = 0; k < own.n && all->n < OPEN_DEVICES_MAX; k++)
            all->devices[all->n++] = own.devices[k];
    }
}

/* Every event about one lead calls its field `lead_id`. */
void *notifications_load_open(struct load *l, const struct command *c)
{
    struct notifications_open *f = ARENA_NEW(l->arena, struct notifications_open);
    open_about(l, schema_get_text(c->request, "lead_id"), f);
    add_devices(l, f);
    return f;
}

void *notifications_load_merged_away(struct load *l, const struct command *c)
{
    const Baton__LeadsMerged *e = (const Baton__LeadsMerged *)c->request;
    struct notifications_open *f = ARENA_NEW(l->arena, struct notifications_open);
    for (size_t i = 0; i < e->n_loser_ids; i++)
        open_about(l, e->loser_ids[i], f);
    add_devices(l, f);
    return f;
}
