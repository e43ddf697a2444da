/* What is known about a customer in one answer: a key account's page, and what a contact agrees to. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"
#include "store/log.h"

/* Shown of one account, and looked at for it. */
enum {
    CONTACTS_SHOWN_MAX = 100,
    RELATIONSHIPS_SHOWN_MAX = 400,
    HISTORY_SHOWN_MAX = 50,
    NOTES_SHOWN_MAX = 20,
    ACTIVITIES_SHOWN_MAX = 50,
    ABOUT_LOOKED_MAX = 500, /* notes or activities, of the account and of each contact the newest */
    PAGE_BYTES_MAX = 768 << 10
};

/* The answer while it is put together. */
struct page {
    struct load *l;
    const Baton__Actor *actor;
    Baton__GetKeyAccountResponse *out;
    size_t bytes;
};

static void cut(struct page *p)
{
    p->out->is_cut = p->out->has_is_cut = true;
}

/* False: it does not fit any more. */
static bool fits(struct page *p, const void *message)
{
    const size_t n = protobuf_c_message_get_packed_size(message);
    if (p->bytes + n > PAGE_BYTES_MAX) {
        cut(p);
        return false;
    }
    p->bytes += n;
    return true;
}

static void add_contacts(struct page *p)
{
    struct table_scan scan;
    Baton__Contact *c = NULL;
    Baton__GetKeyAccountResponse *out = p->out;
    out->contacts = ARENA_ARRAY(p->l->arena, Baton__Contact *, CONTACTS_SHOWN_MAX);
    if (!table_scan_open(&scan, p->l->txn, CONTACTS_CONTACT, "account_id", out->account->id, NULL, false))
        return;
    while ((c = table_scan_next(&scan, p->l->arena))) {
        if (c->merged_into_id || !records_may_read(p->l, CONTACTS_CONTACT, &c->base, p->actor))
            continue; /* what one that was merged has become stands for it */
        if (out->n_contacts == CONTACTS_SHOWN_MAX) {
            cut(p);
            break;
        }
        if (!fits(p, c))
            break;
        out->contacts[out->n_contacts++] = c;
    }
    table_scan_close(&scan);
}

/* Buyers need not belong to the account itself. */
static void add_plan(struct page *p)
{
    Baton__GetKeyAccountResponse *out = p->out;
    Baton__AccountPlan *plan =
        table_find(p->l->txn, CONTACTS_PLAN, "account_id", out->account->id, p->l->arena);
    if (!plan || !fits(p, plan))
        return;
    out->plan = plan;
    out->buyers = ARENA_ARRAY(p->l->arena, Baton__BuyerShown *, plan->n_buyers);
    for (size_t i = 0; i < plan->n_buyers; i++) {
        Baton__BuyerShown *b = ARENA_NEW(p->l->arena, Baton__BuyerShown);
        baton__buyer_shown__init(b);
        b->buyer = plan->buyers[i];
        Baton__Contact *who = table_get_id(p->l->txn, CONTACTS_CONTACT, b->buyer->contact_id, p->l->arena);
        b->contact = who && records_may_read(p->l, CONTACTS_CONTACT, &who->base, p->actor) ? who : NULL;
        if (!fits(p, b))
            return;
        out->buyers[out->n_buyers++] = b;
    }
}

/* --- relationships --- */

static bool is_shown(const struct page *p, const char *contact_id)
{
    for (size_t i = 0; contact_id && i < p->out->n_contacts; i++)
        if (strcmp(p->out->contacts[i]->id, contact_id) == 0)
            return true;
    return false;
}

static void add_relationships_from(struct page *p, const char *contact_id)
{
    struct table_scan scan;
    Baton__Relationship *r;
    Baton__GetKeyAccountResponse *out = p->out;
    if (!table_scan_open(&scan, p->l->txn, CONTACTS_RELATIONSHIP, "from_contact_id", contact_id, NULL, false))
        return;
    while ((r = table_scan_next(&scan, p->l->arena))) {
        const bool is_to_account = r->to_account_id && strcmp(r->to_account_id, out->account->id) == 0;
        if (!is_to_account && !is_shown(p, r->to_contact_id))
            continue;
        if (out->n_relationships == RELATIONSHIPS_SHOWN_MAX) {
            cut(p);
            break;
        }
        if (!fits(p, r))
            break;
        out->relationships[out->n_relationships++] = r;
    }
    table_scan_close(&scan);
}

static void add_relationships(struct page *p)
{
    p->out->relationships = ARENA_ARRAY(p->l->arena, Baton__Relationship *, RELATIONSHIPS_SHOWN_MAX);
    for (size_t i = 0; i < p->out->n_contacts; i++)
        add_relationships_from(p, p->out->contacts[i]->id);
}

/* --- history: of several records, each a way back through the log --- */

struct way {
    const char *type, *id;
    uint64_t seq; /* its next change; 0: there is none */
};

static Baton__RecordChanged *change_in(const Baton__LogRecord *record, const struct way *w)
{
    for (size_t i = 0; i < record->n_events; i++) {
        const struct schema_field *member;
        const Baton__Event *e = record->events[i];
        if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
            continue;
        const ProtobufCMessage *row = schema_oneof(&e->record_changed->record->base, &member);
        if (row && strcmp(member->pb->name, w->type) == 0 && strcmp(schema_get_text(row, "id"), w->id) == 0)
            return e->record_changed;
    }
    return NULL;
}

static Baton__RecentChange *change_of(const Baton__LogRecord *record, const Baton__RecordChanged *e,
                                      const struct way *w, struct arena *a)
{
    const struct schema_field *member;
    Baton__RecentChange *c = ARENA_NEW(a, Baton__RecentChange);
    baton__recent_change__init(c);
    c->type = arena_strdup(a, w->type);
    c->id = arena_strdup(a, w->id);
    c->has_revision = true;
    c->revision = (uint64_t)schema_get_int(schema_oneof(&e->record->base, &member), "revision");
    c->actor = record->actor;
    c->changed_at = timestamp_of(a, (int64_t)record->time_us);
    c->fields = e->fields;
    c->n_fields = e->n_fields;
    return c;
}

static struct way way_of(struct page *p, unsigned table, const char *type, const char *id)
{
    struct key key = key_of(id);
    return (struct way){type, id, table_seq(p->l->txn, table, &key)};
}

/* The way whose next change is the newest; NULL: none has one. */
static struct way *newest(struct way *ways, size_t n)
{
    struct way *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (ways[i].seq && (!found || ways[i].seq > found->seq))
            found = &ways[i];
    return found;
}

static void add_history(struct page *p)
{
    Baton__GetKeyAccountResponse *out = p->out;
    struct way ways[CONTACTS_SHOWN_MAX + 1], *w;
    size_t n = 0;
    ways[n++] = way_of(p, CONTACTS_ACCOUNT, "account", out->account->id);
    for (size_t i = 0; i < out->n_contacts; i++)
        ways[n++] = way_of(p, CONTACTS_CONTACT, "contact", out->contacts[i]->id);
    out->history = ARENA_ARRAY(p->l->arena, Baton__RecentChange *, HISTORY_SHOWN_MAX);
    while (out->n_history < HISTORY_SHOWN_MAX && (w = newest(ways, n))) {
        const Baton__LogRecord *record = log_get(p->l->txn, w->seq, p->l->arena);
        const Baton__RecordChanged *e = record ? change_in(record, w) : NULL;
        w->seq = e ? e->previous_seq : 0;
        Baton__RecentChange *c = e ? change_of(record, e, w, p->l->arena) : NULL;
        if (c && !fits(p, c))
            return;
        if (c)
            out->history[out->n_history++] = c;
    }
    if (newest(ways, n))
        cut(p);
}

/* --- the newest of what is about the account or one of its contacts --- */

/* Ids are in the order of time. */
struct newest_list {
    ProtobufCMessage **rows;
    size_t n, most;
    bool is_cut; /* there was one more */
};

/* False: it is older than all there is room for. */
static bool list_add(struct newest_list *list, ProtobufCMessage *row)
{
    const char *id = schema_get_text(row, "id");
    size_t at = list->n;
    while (at > 0 && strcmp(schema_get_text(list->rows[at - 1], "id"), id) < 0)
        at--;
    if (at > 0 && strcmp(schema_get_text(list->rows[at - 1], "id"), id) == 0)
        return true; /* it is about both */
    list->is_cut |= list->n == list->most;
    if (at == list->most)
        return false;
    list->n += list->n < list->most;
    memmove(list->rows + at + 1, list->rows + at, (list->n - at - 1) * sizeof *list->rows);
    list->rows[at] = row;
    return true;
}

static bool is_wanted(const ProtobufCMessage *row)
{
    return row->descriptor != &baton__activity__descriptor ||
           ((const Baton__Activity *)row)->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
}

static void list_about(struct page *p, unsigned table, const char *field, const char *id,
                       struct newest_list *list)
{
    struct table_scan scan;
    ProtobufCMessage *row = NULL;
    bool is_full = false;
    size_t looked_at = 0;
    if (!table_scan_open(&scan, p->l->txn, table, field, id, NULL, true))
        return;
    for (; !is_full && looked_at < ABOUT_LOOKED_MAX && (row = table_scan_next(&scan, p->l->arena));
         looked_at++)
        is_full = is_wanted(row) && records_may_read(p->l, table, row, p->actor) && !list_add(list, row);
    list->is_cut |= row != NULL;
    table_scan_close(&scan);
}

/* What fits of the newest; returns how many. */
static size_t list_newest(struct page *p, unsigned table, ProtobufCMessage **rows, size_t most)
{
    struct newest_list list = {.rows = rows, .most = most};
    size_t n = 0;
    list_about(p, table, "account_id", p->out->account->id, &list);
    for (size_t i = 0; i < p->out->n_contacts; i++)
        list_about(p, table, "contact_id", p->out->contacts[i]->id, &list);
    while (n < list.n && fits(p, rows[n]))
        n++;
    if (list.is_cut)
        cut(p);
    return n;
}

static void add_notes_and_activities(struct page *p)
{
    struct arena *a = p->l->arena;
    ProtobufCMessage **notes = ARENA_ARRAY(a, ProtobufCMessage *, NOTES_SHOWN_MAX);
    ProtobufCMessage **activities = ARENA_ARRAY(a, ProtobufCMessage *, ACTIVITIES_SHOWN_MAX);
    p->out->n_notes = list_newest(p, CONTACTS_NOTE, notes, NOTES_SHOWN_MAX);
    p->out->notes = (Baton__Note **)notes;
    p->out->n_open_activities = list_newest(p, CONTACTS_ACTIVITY, activities, ACTIVITIES_SHOWN_MAX);
    p->out->open_activities = (Baton__Activity **)activities;
}

bool contacts_query_key_account(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    const Baton__GetKeyAccountRequest *q = (const Baton__GetKeyAccountRequest *)c->request;
    Baton__Account *account = table_get_id(l->txn, CONTACTS_ACCOUNT, q->account_id, l->arena);
    if (!account || !records_may_read(l, CONTACTS_ACCOUNT, &account->base, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    struct page p = {.l = l, .actor = c->actor, .out = ARENA_NEW(l->arena, Baton__GetKeyAccountResponse)};
    baton__get_key_account_response__init(p.out);
    p.out->account = account;
    add_plan(&p);
    add_contacts(&p);
    add_relationships(&p);
    add_history(&p);
    add_notes_and_activities(&p);
    records_looked(l, CONTACTS_ACCOUNT, c->actor, RECORD_LOOK_GET, &account->base, 1);
    records_looked(l, CONTACTS_CONTACT, c->actor, RECORD_LOOK_LIST, NULL, p.out->n_contacts);
    *reply = &p.out->base;
    return true;
}

/* --- consent --- */

bool contacts_query_consent(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__GetConsentRequest *q = (const Baton__GetConsentRequest *)c->request;
    /* what somebody agreed to who has been merged is what they agree to as whom they are now */
    const char *now_id = contacts_now(l, q->contact_id);
    struct key under = key_of(now_id);
    struct table_scan scan;
    const Baton__ConsentInForce *row;
    if (!contacts_sees(l, CONTACTS_CONTACT, q->contact_id, c->actor) ||
        !contacts_sees(l, CONTACTS_CONTACT, now_id, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    Baton__GetConsentResponse *out = ARENA_NEW(l->arena, Baton__GetConsentResponse);
    baton__get_consent_response__init(out);
    out->contact_id = arena_strdup(l->arena, now_id);
    out->consents = ARENA_ARRAY(l->arena, Baton__Consent *, CONSENTS_IN_FORCE_MAX);
    if (table_scan_under(&scan, l->txn, CONTACTS_CONSENT_IN_FORCE, &under, NULL, NULL, false)) {
        while (out->n_consents < CONSENTS_IN_FORCE_MAX && (row = table_scan_next(&scan, l->arena)))
            out->consents[out->n_consents++] = row->consent;
        table_scan_close(&scan);
    }
    *reply = &out->base;
    return true;
}
