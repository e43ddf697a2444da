/* Facts for notifications. */
#include <string.h>

#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "services/notifications/rows.h"

enum { ADMINS_TOLD_MAX = 8 };

void notifications_devices_of(struct load *l, const char *user_id, struct notifications_devices *f)
{
    struct table_scan scan;
    Baton__Device *d;
    f->devices = ARENA_ARRAY(l->arena, Baton__Device *, NOTIFICATIONS_DEVICES_MAX);
    if (!user_id || !table_scan_open(&scan, l->txn, NOTIFICATIONS_DEVICE, "user_id", user_id, NULL, false))
        return;
    while (f->n < NOTIFICATIONS_DEVICES_MAX && (d = table_scan_next(&scan, l->arena)))
        f->devices[f->n++] = d;
    table_scan_close(&scan);
}

const Baton__Organisation *notifications_organisation(struct load *l)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_ORGANISATION, NULL, NULL, NULL, false))
        return NULL;
    const Baton__Organisation *o = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    return o;
}

void notifications_recipient(struct load *l, const char *user_id, struct recipient *r)
{
    notifications_devices_of(l, user_id, &r->devices);
    notifications_ways_of(l, user_id, &r->devices, &r->ways);
    notifications_wishes_of(l, user_id, r);
    r->chains = notifications_chains(l);
}

static struct recipients *recipients_of(struct load *l, char *const *user_ids, size_t n)
{
    struct recipients *f = ARENA_NEW(l->arena, struct recipients);
    f->all = ARENA_ARRAY(l->arena, struct recipient, n);
    for (; f->n < n; f->n++)
        notifications_recipient(l, user_ids[f->n], &f->all[f->n]);
    return f;
}

static struct notifications_devices *devices_of(struct load *l, const char *user_id)
{
    struct notifications_devices *f = ARENA_NEW(l->arena, struct notifications_devices);
    notifications_devices_of(l, user_id, f);
    return f;
}

/* Lead events name their owner. */
void *notifications_load_owner(struct load *l, const struct command *c)
{
    struct recipient *r = ARENA_NEW(l->arena, struct recipient);
    notifications_recipient(l, schema_get_text(c->request, "owner_id"), r);
    return r;
}

/* An event that names whom it is for. */
void *notifications_load_mentioned(struct load *l, const struct command *c)
{
    struct recipient *r = ARENA_NEW(l->arena, struct recipient);
    notifications_recipient(l, schema_get_text(c->request, "user_id"), r);
    return r;
}

void *notifications_load_managers(struct load *l, const struct command *c)
{
    const Baton__LeadEscalated *e = (const Baton__LeadEscalated *)c->request;
    return recipients_of(l, e->manager_ids, e->n_manager_ids);
}

void *notifications_load_above(struct load *l, const struct command *c)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    return recipients_of(l, e->manager_ids, e->n_manager_ids);
}

void *notifications_load_admins(struct load *l, const struct command *c)
{
    const Baton__RuleSkipped *e = (const Baton__RuleSkipped *)c->request;
    return recipients_of(l, e->admin_ids, e->n_admin_ids);
}

void *notifications_load_reminded(struct load *l, const struct command *c)
{
    const Baton__ActivityReminderDue *e = (const Baton__ActivityReminderDue *)c->request;
    return recipients_of(l, e->user_ids, e->n_user_ids);
}

void *notifications_load_deal_news(struct load *l, const struct command *c)
{
    const Baton__OpportunityNews *e = (const Baton__OpportunityNews *)c->request;
    return recipients_of(l, e->user_ids, e->n_user_ids);
}

void *notifications_load_document_news(struct load *l, const struct command *c)
{
    const Baton__DocumentNews *e = (const Baton__DocumentNews *)c->request;
    return recipients_of(l, e->user_ids, e->n_user_ids);
}

void *notifications_load_collateral_news(struct load *l, const struct command *c)
{
    const Baton__CollateralNews *e = (const Baton__CollateralNews *)c->request;
    return recipients_of(l, e->user_ids, e->n_user_ids);
}

void notifications_admins_of(struct load *l, struct recipients *f)
{
    struct table_scan scan;
    const Baton__User *u;
    f->all = ARENA_ARRAY(l->arena, struct recipient, ADMINS_TOLD_MAX);
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_USER, NULL, NULL, NULL, false))
        return;
    while (f->n < ADMINS_TOLD_MAX && (u = table_scan_next(&scan, l->arena)))
        if (u->role == BATON__ROLE__ROLE_ADMIN && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE)
            notifications_recipient(l, u->id, &f->all[f->n++]);
    table_scan_close(&scan);
}

void *notifications_load_users_devices(struct load *l, const struct command *c)
{
    return devices_of(l, ((const Baton__User *)c->request)->id);
}

void *notifications_load_device(struct load *l, const struct command *c)
{
    return table_get_id(l->txn, NOTIFICATIONS_DEVICE, schema_get_text(c->request, "device_id"), l->arena);
}

static bool is_among(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void rows_load(struct load *l, char *const *ids, size_t n, struct notifications_marks *f)
{
    f->rows = ARENA_ARRAY(l->arena, Baton__Notification *, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Notification *row = is_among(ids, i, ids[i])
                                       ? NULL
                                       : table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, ids[i], l->arena);
        if (row)
            f->rows[f->n++] = row;
    }
}

bool notification_is_pushed(const Baton__Notification *n)
{
    for (size_t i = 0; i < n->n_deliveries; i++)
        if (n->deliveries[i]->pushed_at)
            return true;
    return false;
}

static bool was_pushed(const struct notifications_marks *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (notification_is_pushed(f->rows[i]))
            return true;
    return false;
}

void *notifications_load_marks(struct load *l, const struct command *c)
{
    struct notifications_marks *f = ARENA_NEW(l->arena, struct notifications_marks);
    f->device = notifications_load_device(l, c);
    if (c->request->descriptor == &baton__mark_delivered_request__descriptor) {
        const Baton__MarkDeliveredRequest *r = (const Baton__MarkDeliveredRequest *)c->request;
        rows_load(l, r->notification_ids, r->n_notification_ids, f);
    } else if (c->request->descriptor == &baton__mark_acknowledged_request__descriptor) {
        const Baton__MarkAcknowledgedRequest *r = (const Baton__MarkAcknowledgedRequest *)c->request;
        rows_load(l, r->notification_ids, r->n_notification_ids, f);
    } else {
        const Baton__MarkSeenRequest *r = (const Baton__MarkSeenRequest *)c->request;
        rows_load(l, r->notification_ids, r->n_notification_ids, f);
    }
    if (was_pushed(f))
        notifications_devices_of(l, c->actor->user_id, &f->own);
    return f;
}
