/* What is known of an account or a contact: what was, what comes, whose number it is. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"
#include "store/log.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000, ROW_SCRATCH = 1 << 20 };

static size_t page_size(uint32_t wanted)
{
    return !wanted ? PAGE_DEFAULT : wanted < PAGE_MAX ? wanted : PAGE_MAX;
}

/* NULL: nothing is planned. */
static const Baton__AgendaEntry *planned(struct load *l, const char *about_id, struct arena *a)
{
    struct table_scan scan;
    struct key prefix;
    key_init(&prefix);
    key_text(&prefix, about_id);
    key_u64(&prefix, BATON__AGENDA_CLASS__AGENDA_CLASS_PLANNED);
    if (!table_scan_under(&scan, l->txn, CONTACTS_AGENDA, &prefix, NULL, NULL, false))
        return NULL;
    const Baton__AgendaEntry *e = table_scan_next(&scan, a);
    table_scan_close(&scan);
    return e;
}

/* --- nothing planned --- */

static Baton__WithoutNextActivity *without_of(const ProtobufCMessage *row, struct arena *a)
{
    Baton__WithoutNextActivity *x = ARENA_NEW(a, Baton__WithoutNextActivity);
    baton__without_next_activity__init(x);
    x->id = arena_strdup(a, schema_get_text(row, "id"));
    x->owner_id = arena_strdup(a, schema_get_text(row, "owner_id"));
    x->name = arena_strdup(a, row->descriptor == &baton__account__descriptor
                                  ? ((const Baton__Account *)row)->name
                                  : contacts_name((const Baton__Contact *)row, a));
    return x;
}

static bool is_erased(const ProtobufCMessage *row)
{
    return row->descriptor == &baton__contact__descriptor && ((const Baton__Contact *)row)->erased_at;
}

/* True: there is more. What is passed over costs no memory beyond its own turn. */
static bool without_fill(struct load *l, const Baton__Actor *actor, unsigned table, struct table_scan *scan,
                         size_t most, Baton__ListWithoutNextActivityResponse *out)
{
    struct arena *scratch = arena_new(ROW_SCRATCH);
    struct load rows = *l;
    rows.arena = scratch;
    const ProtobufCMessage *row = NULL;
    size_t looked = 0;
    while (out->n_records < most && looked++ < LOOK_MAX && (row = table_scan_next(scan, scratch))) {
        if (!schema_get_text(row, "merged_into_id") && !is_erased(row) &&
            !planned(l, schema_get_text(row, "id"), scratch) && records_may_read(&rows, table, row, actor))
            out->records[out->n_records++] = without_of(row, l->arena);
        arena_reset(scratch);
    }
    const bool more = row != NULL;
    arena_free(scratch);
    return more;
}

bool contacts_query_without(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__ListWithoutNextActivityRequest *q =
        (const Baton__ListWithoutNextActivityRequest *)c->request;
    const bool is_account = strcmp(q->type, "account") == 0;
    const unsigned table = is_account ? CONTACTS_ACCOUNT : CONTACTS_CONTACT;
    const size_t most = page_size(q->page_size);
    struct table_scan scan;
    if (!is_account && strcmp(q->type, "contact") != 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "type", "\"account\" or \"contact\"");
    if (!table_scan_open(&scan, l->txn, table, q->owner_id ? "owner_id" : NULL, q->owner_id, q->page_token,
                         false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListWithoutNextActivityResponse *out = ARENA_NEW(l->arena, Baton__ListWithoutNextActivityResponse);
    baton__list_without_next_activity_response__init(out);
    out->records = ARENA_ARRAY(l->arena, Baton__WithoutNextActivity *, most);
    if (without_fill(l, c->actor, table, &scan, most, out))
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}

/* --- timelines --- */

/* Who changed what: the log has it where the entry says. */
static void add_change(struct load *l, const Baton__TimelineEntry *e, Baton__TimelineItem *x)
{
    const Baton__LogRecord *r = log_get(l->txn, e->seq, l->arena);
    if (!r)
        return;
    x->actor = r->actor;
    for (size_t i = 0; i < r->n_events; i++) {
        const struct schema_field *member;
        const Baton__RecordChanged *change = r->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                                 ? r->events[i]->record_changed
                                                 : NULL;
        const ProtobufCMessage *row = change ? schema_oneof(&change->record->base, &member) : NULL;
        if (!row || strcmp(schema_get_text(row, "id"), e->record_id) != 0)
            continue;
        x->fields = change->fields;
        x->n_fields = change->n_fields;
        return;
    }
}

/* What the caller does not reach, an activity of a calendar that shows only busy times too, has no title. */
static bool has_title(struct load *l, const Baton__TimelineEntry *e, const Baton__Actor *actor)
{
    const bool is_activity = e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_ACTIVITY;
    const unsigned table = is_activity ? CONTACTS_ACTIVITY : CONTACTS_NOTE;
    if (!is_activity && e->kind != BATON__TIMELINE_KIND__TIMELINE_KIND_NOTE)
        return true;
    const ProtobufCMessage *row = table_get_id(l->txn, table, e->record_id, l->arena);
    return !row || records_may_read(l, table, row, actor);
}

/* What a run is called is told to whoever sees it. */
static char *letter_title(struct load *l, const Baton__TimelineEntry *e, const Baton__Actor *actor)
{
    enum { SCRATCH = 1 << 20 };
    struct arena *scratch = arena_new(SCRATCH);
    struct load rows = *l;
    rows.arena = scratch;
    const Baton__LetterRun *r = table_get_id(l->txn, CONTACTS_LETTER_RUN, e->record_id, scratch);
    const bool is_seen = r && contacts_row_letter_reach(&rows, &r->base, actor) >= RECORD_READ;
    char *title = is_seen ? arena_strdup(l->arena, r->template_->name) : NULL;
    arena_free(scratch);
    return title;
}

static Baton__TimelineItem *item_of(struct load *l, const Baton__TimelineEntry *e, const Baton__Actor *actor)
{
    Baton__TimelineItem *x = ARENA_NEW(l->arena, Baton__TimelineItem);
    baton__timeline_item__init(x);
    x->has_kind = true;
    x->kind = e->kind;
    x->at = timestamp_of(l->arena, (int64_t)e->at_us);
    x->record_id = e->record_id;
    x->title = e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER ? letter_title(l, e, actor)
               : has_title(l, e, actor)                              ? e->title
                                                                     : NULL;
    x->stage_name = e->stage_name;
    if (e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_CHANGE)
        add_change(l, e, x);
    return x;
}

static bool timeline_fill(struct load *l, const char *id, const Baton__GetTimelineRequest *q,
                          const Baton__Actor *actor, Baton__GetTimelineResponse *out, struct refusal *no)
{
    const size_t most = page_size(q->page_size);
    const struct key prefix = key_of(id);
    struct table_scan scan;
    const Baton__TimelineEntry *e = NULL;
    if (!table_scan_under(&scan, l->txn, CONTACTS_TIMELINE, &prefix, NULL, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    out->items = ARENA_ARRAY(l->arena, Baton__TimelineItem *, most);
    while (out->n_items < most && (e = table_scan_next(&scan, l->arena)))
        out->items[out->n_items++] = item_of(l, e, actor);
    if (e)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return true;
}

bool contacts_query_timeline(struct load *l, const struct command *c, ProtobufCMessage **reply,
                             struct refusal *no)
{
    const Baton__GetTimelineRequest *q = (const Baton__GetTimelineRequest *)c->request;
    const char *id = q->account_id ? q->account_id : q->contact_id;
    const unsigned table = q->account_id ? CONTACTS_ACCOUNT : CONTACTS_CONTACT;
    if (!id || (q->account_id && q->contact_id))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "account_id", "an account or a contact");
    if (!contacts_sees(l, table, id, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, q->account_id ? "account_id" : "contact_id",
                      "there is no such record");
    Baton__GetTimelineResponse *out = ARENA_NEW(l->arena, Baton__GetTimelineResponse);
    baton__get_timeline_response__init(out);
    if (!timeline_fill(l, id, q, c->actor, out, no))
        return false;
    const Baton__AgendaEntry *next = q->page_token && *q->page_token ? NULL : planned(l, id, l->arena);
    if (next) {
        out->next_activity_id = next->activity_id;
        out->next_activity_at = timestamp_of(l->arena, (int64_t)next->at_us);
    }
    *reply = &out->base;
    return true;
}

/* --- who is calling --- */

bool contacts_query_caller(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__LookUpCallerRequest *q = (const Baton__LookUpCallerRequest *)c->request;
    Baton__LookUpCallerResponse *out = ARENA_NEW(l->arena, Baton__LookUpCallerResponse);
    baton__look_up_caller_response__init(out);
    out->callers = ARENA_ARRAY(l->arena, Baton__Caller *, CALLERS_MAX);
    out->n_callers = contacts_callers(l, c->actor, q->number, out->callers);
    *reply = &out->base;
    return true;
}
