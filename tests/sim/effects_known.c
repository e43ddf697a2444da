/* What follows from records of others: copies, hand-overs, mentions. */
#include <assert.h>
#include <string.h>

#include "sim/effects.h"
#include "sim/sim.h"

void effects_add(struct effect_list *l, const char *what, const char *id)
{
    assert(l->n < EXPECTED_MAX);
    if (id)
        l->items[l->n++] = (struct effect){what, id};
}

const char *effects_changed_id(const Baton__RecordChanged *e, const char **type)
{
    const struct schema_field *member;
    ProtobufCMessage *row = schema_oneof(&e->record->base, &member);
    *type = row ? member->pb->name : NULL;
    return row ? schema_get_text(row, "id") : NULL;
}

/* --- directory, contacts -> leads, notifications: copies --- */

/* `types`: ends with NULL. */
static void copies_of(const Baton__Event *e, const char *const *types, struct effect_list *l)
{
    const char *type, *id;
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || e->record_changed->copy)
        return;
    id = effects_changed_id(e->record_changed, &type);
    for (; type && *types; types++)
        if (strcmp(type, *types) == 0)
            effects_add(l, type, id);
}

void effects_leads_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"user", "team", "organisation", "territory", "territory_model", NULL};
    copies_of(e, types, l);
}

void effects_accounts_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"account", "contact", NULL};
    copies_of(e, types, l);
}

/* To opportunities. */
void effects_fields_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"custom_field", "account", "contact", "record_share", NULL};
    copies_of(e, types, l);
}

/* --- documents -> opportunities: what is linked to deals or accounts, or was until now --- */

void effects_documents_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"document", NULL};
    const Baton__RecordChanged *r =
        e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED ? e->record_changed : NULL;
    if (!r || r->record->record_case != BATON__RECORD__RECORD_DOCUMENT)
        return;
    const Baton__Document *d = r->record->document;
    bool is_linked = d->n_opportunity_ids > 0 || d->n_account_ids > 0;
    for (size_t i = 0; i < r->n_fields; i++)
        is_linked |= strcmp(r->fields[i], "opportunity_ids") == 0 || strcmp(r->fields[i], "account_ids") == 0;
    if (is_linked)
        copies_of(e, types, l);
}

void effects_notifications_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"user", "team", "organisation", "territory", NULL};
    copies_of(e, types, l);
}

void effects_copies_found(const Baton__Event *e, struct effect_list *l)
{
    const char *type, *id;
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || !e->record_changed->copy)
        return;
    id = effects_changed_id(e->record_changed, &type);
    effects_add(l, type, id);
}

/* --- leads -> contacts: places, for what is nearby --- */

void effects_places_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"place", NULL};
    copies_of(e, types, l);
}

/* --- directory -> contacts, opportunities: somebody leaves --- */

void effects_left_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_USER_LEFT)
        effects_add(l, "handover", e->user_left->user_id);
}

void effects_left_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_HANDOVER_ADVANCED)
        effects_add(l, "handover", e->handover_advanced->user_id);
}

/* --- directory -> contacts, opportunities: the same, by whose names and clocks, and where the organisation
 * is --- */

void effects_people_expected(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"user", "team", "organisation", NULL};
    copies_of(e, types, l);
    effects_left_expected(e, l);
}

/* To opportunities: and where they work. */
void effects_sellers_expected(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"user", "team", "organisation", "territory", NULL};
    copies_of(e, types, l);
    effects_left_expected(e, l);
}

void effects_people_found(const Baton__Event *e, struct effect_list *l)
{
    effects_copies_found(e, l);
    effects_left_found(e, l);
}

/* --- contacts -> notifications: who is mentioned --- */

void effects_mentioned_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTE_MENTIONED)
        effects_add(l, e->note_mentioned->user_id, e->note_mentioned->note_id);
}

void effects_mentioned_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        effects_add(l, e->notification_created->notification->user_id,
                    e->notification_created->notification->note_id);
}

/* --- opportunities -> notifications: who hears of a deal --- */

void effects_deal_news_expected(const Baton__Event *e, struct effect_list *l)
{
    for (size_t i = 0;
         e->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS && i < e->opportunity_news->n_user_ids; i++)
        effects_add(l, e->opportunity_news->user_ids[i], e->opportunity_news->opportunity_id);
}

void effects_deal_news_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        effects_add(l, e->notification_created->notification->user_id,
                    e->notification_created->notification->opportunity_id);
}

/* --- documents -> notifications: who hears of a document --- */

void effects_document_news_expected(const Baton__Event *e, struct effect_list *l)
{
    for (size_t i = 0; e->event_case == BATON__EVENT__EVENT_DOCUMENT_NEWS && i < e->document_news->n_user_ids;
         i++)
        effects_add(l, e->document_news->user_ids[i], e->document_news->document_id);
}

void effects_document_news_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        effects_add(l, e->notification_created->notification->user_id,
                    e->notification_created->notification->document_id);
}

/* --- documents -> notifications: who hears of printed material --- */

static void add_collateral(struct effect_list *l, const char *user_id, const char *item_id,
                           const char *order_id)
{
    effects_add(l, user_id, item_id);
    effects_add(l, user_id, order_id);
}

void effects_collateral_expected(const Baton__Event *e, struct effect_list *l)
{
    const Baton__CollateralNews *n =
        e->event_case == BATON__EVENT__EVENT_COLLATERAL_NEWS ? e->collateral_news : NULL;
    for (size_t i = 0; n && i < n->n_user_ids; i++)
        add_collateral(l, n->user_ids[i], n->item_id, n->order_id);
}

void effects_collateral_found(const Baton__Event *e, struct effect_list *l)
{
    const Baton__Notification *n = e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED
                                       ? e->notification_created->notification
                                       : NULL;
    if (n)
        add_collateral(l, n->user_id, n->collateral_item_id, n->collateral_order_id);
}

/* --- contacts -> notifications: who is reminded --- */

void effects_reminded_expected(const Baton__Event *e, struct effect_list *l)
{
    for (size_t i = 0; e->event_case == BATON__EVENT__EVENT_ACTIVITY_REMINDER_DUE &&
                       i < e->activity_reminder_due->n_user_ids;
         i++)
        effects_add(l, e->activity_reminder_due->user_ids[i], e->activity_reminder_due->activity_id);
}

void effects_reminded_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        effects_add(l, e->notification_created->notification->user_id,
                    e->notification_created->notification->activity_id);
}

/* --- contacts, leads -> opportunities: what is counted there --- */

void effects_activities_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || e->record_changed->copy ||
        e->record_changed->record->record_case != BATON__RECORD__RECORD_ACTIVITY)
        return;
    const Baton__RecordChanged *c = e->record_changed;
    const bool done = c->record->activity->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    const bool gone = c->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    bool moved = false;
    for (size_t i = 0; c->kind == BATON__CHANGE_KIND__CHANGE_KIND_UPDATED && i < c->n_fields; i++)
        moved |= strcmp(c->fields[i], "status") == 0;
    if (done || gone || moved)
        effects_add(l, done && !gone ? "counts" : "does not count", c->record->activity->id);
}

void effects_activities_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_ACTIVITY_COUNTED)
        effects_add(l, e->activity_counted->has_at_us ? "counts" : "does not count",
                    e->activity_counted->activity_id);
}

void effects_leads_counted_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED && e->lead_assigned->owner_id)
        effects_add(l, e->lead_assigned->owner_id, e->lead_assigned->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_ACCEPTED && e->lead_accepted->owner_id)
        effects_add(l, e->lead_accepted->owner_id, e->lead_accepted->lead_id);
    if (e->event_case == BATON__EVENT__EVENT_LEAD_CONVERTED && e->lead_converted->lead->owner_id)
        effects_add(l, e->lead_converted->lead->owner_id, e->lead_converted->lead_id);
}

void effects_leads_counted_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_LEAD_COUNTED)
        effects_add(l, e->lead_counted->owner_id, e->lead_counted->lead_id);
}
