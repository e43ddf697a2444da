/* Reading quality: of one record with its reasons, what somebody has to mend, and the counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "services/contacts/rows.h"

enum {
    PAGE_DEFAULT = 50,
    PAGE_MAX = 200,
    LOOK_MAX = 2000, /* records asked for whether the caller sees them, for one page */
    DAY_SIZE = 10    /* of yyyy-mm-dd */
};
static const int64_t DAY_S = 86400;

static size_t page_size(uint32_t size)
{
    return !size ? PAGE_DEFAULT : size < PAGE_MAX ? size : PAGE_MAX;
}

static bool type_known(const char *type, const char *field, struct refusal *no)
{
    return contacts_type_table(type) >= 0 ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field, "quality is kept of \"account\" and \"contact\"");
}

/* --- of one record --- */

static Baton__FieldQuality *field_of(const struct contacts_weight *w, const Baton__Quality *q,
                                     struct arena *a)
{
    Baton__FieldQuality *f = ARENA_NEW(a, Baton__FieldQuality);
    baton__field_quality__init(f);
    f->field = (char *)(uintptr_t)w->field;
    f->has_weight = f->has_present = true;
    f->weight = w->weight;
    f->has_half_life_days = w->half_life_days > 0;
    f->half_life_days = w->half_life_days;
    for (size_t i = 0; i < q->n_fields; i++)
        if (strcmp(q->fields[i]->field, w->field) == 0) {
            f->present = f->has_freshness_percent = true;
            f->freshness_percent = q->fields[i]->freshness_percent;
            f->confirmed_at = timestamp_of(a, q->fields[i]->confirmed_us);
        }
    return f;
}

/* Whether the caller is shown the field, or what it is a part of. */
static bool is_shown(const Baton__Actor *actor, const ProtobufCMessage *record, const char *field,
                     struct arena *a)
{
    const char *name = arena_strndup(a, field, strcspn(field, "."));
    const struct schema_field *f = schema_field(schema_message(record->descriptor), name);
    return f && contacts_shows(actor, f);
}

/* Of what somebody is not shown they are not told either: not by the figures of the whole, nor by rules. */
static void tell(const Baton__Actor *actor, const ProtobufCMessage *record, const Baton__Quality *q,
                 Baton__GetQualityResponse *out, struct arena *a)
{
    size_t n;
    const struct contacts_weight *weights = contacts_weights(q->type, &n);
    out->fields = ARENA_ARRAY(a, Baton__FieldQuality *, n);
    out->problems = ARENA_ARRAY(a, Baton__Problem *, q->n_problems);
    for (size_t i = 0; i < n; i++)
        if (is_shown(actor, record, weights[i].field, a))
            out->fields[out->n_fields++] = field_of(&weights[i], q, a);
    const bool whole = out->n_fields == n;
    for (size_t i = 0; i < q->n_problems; i++)
        if (whole || (!q->problems[i]->rule_id && is_shown(actor, record, q->problems[i]->field, a)))
            out->problems[out->n_problems++] = q->problems[i];
    out->has_completeness_percent = out->has_freshness_percent = whole;
    out->completeness_percent = whole ? q->completeness_percent : 0;
    out->freshness_percent = whole ? q->freshness_percent : 0;
}

bool contacts_query_quality(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__GetQualityRequest *r = (const Baton__GetQualityRequest *)c->request;
    if (!type_known(r->type, "type", no))
        return false;
    const unsigned table = (unsigned)contacts_type_table(r->type);
    ProtobufCMessage *record = table_get_id(l->txn, table, r->id, l->arena);
    if (!records_may_read(l, table, record, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    const struct contacts_judge_facts f = contacts_judge_load(l, r->type, record, contacts_load_rules(l, c));
    const Baton__Quality *q = contacts_judge(&f, record, l->now_us, l->arena);
    Baton__GetQualityResponse *out = ARENA_NEW(l->arena, Baton__GetQualityResponse);
    baton__get_quality_response__init(out);
    out->type = r->type;
    out->id = r->id;
    tell(c->actor, record, q, out, l->arena);
    *reply = &out->base;
    return true;
}

/* --- what is to be mended --- */

static const char *name_of(const ProtobufCMessage *record, struct arena *a)
{
    if (record->descriptor == &baton__account__descriptor)
        return ((const Baton__Account *)record)->name;
    const Baton__Contact *p = (const Baton__Contact *)record;
    if (p->first_name && p->last_name)
        return arena_printf(a, "%s %s", p->first_name, p->last_name);
    return p->last_name ? p->last_name : p->first_name ? p->first_name : p->email;
}

/* NULL: the caller may not read it, or the record or its row is gone, which is seen in the next moment. */
static Baton__ToMend *to_mend(struct load *l, const Baton__Actor *actor, const Baton__MendPlace *place)
{
    const Baton__Quality *q = table_get_id(l->txn, CONTACTS_QUALITY, place->record_id, l->arena);
    const unsigned table = (unsigned)contacts_type_table(place->type);
    const ProtobufCMessage *record = table_get_id(l->txn, table, place->record_id, l->arena);
    if (!q || !records_may_read(l, table, record, actor))
        return NULL;
    Baton__ToMend *m = ARENA_NEW(l->arena, Baton__ToMend);
    baton__to_mend__init(m);
    m->type = place->type;
    m->id = place->record_id;
    m->name = (char *)(uintptr_t)name_of(record, l->arena);
    m->has_rank = m->has_completeness_percent = m->has_freshness_percent = true;
    m->rank = q->rank;
    m->completeness_percent = q->completeness_percent;
    m->freshness_percent = q->freshness_percent;
    m->problems = q->problems;
    m->n_problems = q->n_problems;
    return m;
}

/* Everybody sees their own list; administrators and managers see others', and what nobody holds. Of a list
   one sees what one may read. */
static bool may_see_list(const Baton__Actor *actor, const Baton__ListToMendRequest *r, struct refusal *no)
{
    if (actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_MANAGER))
        return true;
    if (r->nobodys)
        return refuse(no, REFUSAL_PERMISSION_DENIED, "nobodys", "your role may not see this list");
    return !r->user_id || (actor->user_id && strcmp(r->user_id, actor->user_id) == 0) ||
           refuse(no, REFUSAL_PERMISSION_DENIED, "user_id", "this is somebody else's list");
}

bool contacts_query_mend(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    const Baton__ListToMendRequest *r = (const Baton__ListToMendRequest *)c->request;
    if (!may_see_list(c->actor, r, no))
        return false;
    Baton__ListToMendResponse *out = ARENA_NEW(l->arena, Baton__ListToMendResponse);
    baton__list_to_mend_response__init(out);
    out->user_id = r->nobodys ? NULL : r->user_id ? r->user_id : c->actor->user_id;
    struct key prefix = key_of(out->user_id);
    struct table_scan scan;
    if (!table_scan_under(&scan, l->txn, CONTACTS_MEND_PLACE, &prefix, NULL, r->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    size_t most = page_size(r->page_size);
    out->records = ARENA_ARRAY(l->arena, Baton__ToMend *, most);
    const Baton__MendPlace *place = NULL;
    size_t accounts = 0;
    for (size_t looked = 0; out->n_records < most && looked < LOOK_MAX; looked++) {
        if (!(place = table_scan_next(&scan, l->arena)))
            break;
        Baton__ToMend *m = to_mend(l, c->actor, place);
        if (!m)
            continue;
        out->records[out->n_records++] = m;
        accounts += contacts_type_table(m->type) == CONTACTS_ACCOUNT;
    }
    if (place)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    records_looked(l, CONTACTS_ACCOUNT, c->actor, RECORD_LOOK_LIST, NULL, accounts);
    records_looked(l, CONTACTS_CONTACT, c->actor, RECORD_LOOK_LIST, NULL, out->n_records - accounts);
    *reply = &out->base;
    return true;
}

/* --- counts --- */

struct report {
    struct load *l;
    const Baton__GetQualityReportRequest *r;
    Baton__GetQualityReportResponse *out;
    size_t most;
};

static struct key under(const char *type, const char *owner_id)
{
    struct key key;
    key_init(&key);
    key_text(&key, type);
    if (owner_id)
        key_text(&key, owner_id);
    return key;
}

/* The newest row under the prefix, at or before `from`; NULL: there is none. */
static const Baton__QualityDay *newest(struct report *p, const struct key *prefix, const struct key *from)
{
    struct table_scan scan;
    if (!table_scan_under(&scan, p->l->txn, CONTACTS_QUALITY_DAY, prefix, from, NULL, true))
        return NULL;
    const Baton__QualityDay *row = table_scan_next(&scan, p->l->arena);
    table_scan_close(&scan);
    return row;
}

static bool is_everybody(const char *owner_id)
{
    return strcmp(owner_id, CONTACTS_EVERYBODY) == 0;
}

static void add_row(struct report *p, const Baton__QualityDay *row, bool fields)
{
    char day[RFC3339_SIZE];
    Baton__QualityCounts *q = p->out->rows[p->out->n_rows++] = ARENA_NEW(p->l->arena, Baton__QualityCounts);
    baton__quality_counts__init(q);
    q->owner_id = *row->owner_id && !is_everybody(row->owner_id) ? row->owner_id : NULL;
    if (rfc3339_format(day, row->day * DAY_S, 0))
        q->day = arena_strndup(p->l->arena, day, DAY_SIZE);
    q->has_records = q->has_completeness_percent = q->has_freshness_percent = q->has_to_mend = true;
    q->records = row->records;
    q->completeness_percent = row->records ? (uint32_t)(row->completeness_sum / row->records) : 0;
    q->freshness_percent = row->records ? (uint32_t)(row->freshness_sum / row->records) : 0;
    q->to_mend = row->to_mend;
    q->fields = fields ? row->fields : NULL;
    q->n_fields = fields ? row->n_fields : 0;
}

/* From the last owner to the first, one look-up each. */
static bool by_owner(struct report *p)
{
    const struct key prefix = under(p->r->record_type, NULL);
    struct key from = under(p->r->record_type, p->r->page_token);
    key_u64(&from, 0);
    const Baton__QualityDay *row = newest(p, &prefix, p->r->page_token ? &from : NULL);
    while (row && p->out->n_rows < p->most) {
        if (!is_everybody(row->owner_id))
            add_row(p, row, false);
        p->out->next_page_token = row->owner_id;
        from = under(p->r->record_type, row->owner_id);
        key_u64(&from, 0);
        row = newest(p, &prefix, &from);
    }
    if (!row)
        p->out->next_page_token = NULL;
    return true;
}

static const char *whose(const struct report *p)
{
    return p->r->owner_id ? p->r->owner_id : CONTACTS_EVERYBODY;
}

static bool by_field(struct report *p)
{
    const struct key prefix = under(p->r->record_type, whose(p));
    const Baton__QualityDay *row = newest(p, &prefix, NULL);
    if (row)
        add_row(p, row, true);
    return true;
}

static bool by_day(struct report *p)
{
    const struct key prefix = under(p->r->record_type, whose(p));
    struct key from = prefix;
    char *end = NULL;
    unsigned long before = p->r->page_token ? strtoul(p->r->page_token, &end, 10) : 1;
    if (before == 0 || (end && *end))
        return false;
    key_u64(&from, before - 1);
    const Baton__QualityDay *row = newest(p, &prefix, p->r->page_token ? &from : NULL);
    while (row && p->out->n_rows < p->most) {
        add_row(p, row, false);
        p->out->next_page_token = arena_printf(p->l->arena, "%u", row->day);
        from = prefix;
        key_u64(&from, row->day - 1);
        row = row->day ? newest(p, &prefix, &from) : NULL;
    }
    if (!row)
        p->out->next_page_token = NULL;
    return true;
}

static const struct {
    Baton__QualityGrouping by;
    bool (*fill)(struct report *p);
} groupings[] = {
    {BATON__QUALITY_GROUPING__QUALITY_GROUPING_OWNER, by_owner},
    {BATON__QUALITY_GROUPING__QUALITY_GROUPING_FIELD, by_field},
    {BATON__QUALITY_GROUPING__QUALITY_GROUPING_DAY, by_day},
};

bool contacts_query_report(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__GetQualityReportRequest *r = (const Baton__GetQualityReportRequest *)c->request;
    if (!type_known(r->record_type, "record_type", no))
        return false;
    Baton__GetQualityReportResponse *out = ARENA_NEW(l->arena, Baton__GetQualityReportResponse);
    baton__get_quality_report_response__init(out);
    struct report p = {.l = l, .r = r, .out = out, .most = page_size(r->page_size)};
    out->rows = ARENA_ARRAY(l->arena, Baton__QualityCounts *, p.most);
    for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++)
        if (groupings[i].by == r->by && !groupings[i].fill(&p))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this report");
    *reply = &out->base;
    return true;
}
