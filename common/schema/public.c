/* Public events: their names, who may see them, and their JSON. */
#include "schema/public.h"

#include <string.h>

#include "base/rfc3339.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/duplicates.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "schema/decide.h"

/* clang-format off */
static const struct public_row rows[] = {
    /* event,                                type,                   whole,    is_for_webhooks */
    {&baton__lead_captured__descriptor,        "lead.captured",        "lead",   false},
    {&baton__lead_rejected__descriptor,        "lead.rejected",        "lead",   false},
    {&baton__lead_assigned__descriptor,        "lead.assigned",        NULL,     true},
    {&baton__lead_acknowledged__descriptor,    "lead.acknowledged",    NULL,     false},
    {&baton__lead_accepted__descriptor,        "lead.accepted",        NULL,     true},
    {&baton__lead_declined__descriptor,        "lead.declined",        NULL,     true},
    {&baton__lead_deadline_near__descriptor,   "lead.deadline_near",   NULL,     false},
    {&baton__lead_deadline_passed__descriptor, "lead.deadline_passed", NULL,     false},
    {&baton__lead_escalated__descriptor,       "lead.escalated",       NULL,     true},
    {&baton__lead_paused__descriptor,          "lead.paused",          NULL,     false},
    {&baton__lead_resumed__descriptor,         "lead.resumed",         NULL,     false},
    {&baton__lead_recycled__descriptor,        "lead.recycled",        NULL,     false},
    {&baton__lead_updated__descriptor,         "lead.updated",         "lead",   false},
    {&baton__lead_converted__descriptor,       "lead.converted",       NULL,     true},
    {&baton__lead_closed__descriptor,          "lead.closed",          NULL,     true},
    {&baton__lead_reopened__descriptor,        "lead.reopened",        NULL,     true},
    {&baton__leads_merged__descriptor,         "lead.merged",          NULL,     true},
    {&baton__lead_unmerged__descriptor,        "lead.unmerged",        NULL,     false},
    {&baton__lead_territory_moved__descriptor, "lead.territory_moved", NULL,     false},
    {&baton__policy_drafted__descriptor,       "policy.drafted",       "policy", false},
    {&baton__policy_published__descriptor,     "policy.published",     "policy", false},
    {&baton__policy_activated__descriptor,     "policy.activated",     NULL,     false},
    {&baton__rule_skipped__descriptor,         "rule.skipped",         NULL,     false},
    {&baton__user_left__descriptor,            "user.left",            NULL,     false},
    {&baton__duplicate_suspected__descriptor,  "duplicate.suspected",  "pair",   false},
    {&baton__duplicate_dismissed__descriptor,  "duplicate.dismissed",  "pair",   false},
    {&baton__records_merged__descriptor,       "record.merged",        "merge",  false},
    {&baton__records_unmerged__descriptor,     "record.unmerged",      NULL,     false},
    {&baton__quote_sent__descriptor,           "quote.sent",           NULL,     false},
    {&baton__quote_refused__descriptor,        "quote.refused",        NULL,     false},
    {&baton__quote_decided__descriptor,        "quote.decided",        NULL,     false},
};
/* clang-format on */
enum { ROWS = sizeof rows / sizeof *rows };

static const char *const changes[] = {
    [BATON__CHANGE_KIND__CHANGE_KIND_CREATED] = "created",
    [BATON__CHANGE_KIND__CHANGE_KIND_UPDATED] = "updated",
    [BATON__CHANGE_KIND__CHANGE_KIND_DELETED] = "deleted",
};
enum { CHANGES = sizeof changes / sizeof *changes };

const struct public_row *public_rows(size_t *n)
{
    *n = ROWS;
    return rows;
}

const struct public_row *public_row_of(const ProtobufCMessageDescriptor *event)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].event == event)
            return &rows[i];
    return NULL;
}

/* --- names --- */

static bool is_change(const char *name)
{
    for (size_t i = 0; i < CHANGES; i++)
        if (changes[i] && strcmp(changes[i], name) == 0)
            return true;
    return false;
}

bool public_is_type(const char *type)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].type, type) == 0)
            return true;
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    size_t length = strcspn(type, ".");
    for (unsigned i = 0; type[length] && i < record->pb->n_fields; i++) {
        const char *name = record->fields[i].pb->name;
        if (strlen(name) == length && strncmp(name, type, length) == 0)
            return is_change(type + length + 1);
    }
    return false;
}

/* NULL: it is no RecordChanged, or says nothing. */
static const ProtobufCMessage *changed_record(const ProtobufCMessage *event, const char **name)
{
    const struct schema_field *member = NULL;
    const Baton__RecordChanged *e = (const Baton__RecordChanged *)event;
    if (event->descriptor != &baton__record_changed__descriptor || !e->record)
        return NULL;
    const ProtobufCMessage *record = schema_oneof(&e->record->base, &member);
    if (record)
        *name = member->pb->name;
    return record;
}

const char *public_type(const ProtobufCMessage *event, struct arena *a)
{
    const struct public_row *row = public_row_of(event->descriptor);
    const char *name;
    if (row)
        return row->type;
    if (!changed_record(event, &name))
        return NULL;
    const Baton__RecordChanged *e = (const Baton__RecordChanged *)event;
    bool is_known = !e->copy && (size_t)e->kind < CHANGES && changes[e->kind];
    return is_known ? arena_printf(a, "%s.%s", name, changes[e->kind]) : NULL;
}

bool public_may_see(const ProtobufCMessage *event, const Baton__Actor *actor)
{
    const char *name;
    const ProtobufCMessage *record = changed_record(event, &name);
    if (record)
        return record_may(schema_message(record->descriptor), record, actor, false);
    return actor->has_role && actor->role == BATON__ROLE__ROLE_ADMIN;
}

/* --- what is said --- */

/* Messages inside are ours alone, but for times and the one that the row names. */
static bool is_told(const struct schema_field *f, const char *whole)
{
    if (f->rules->secret)
        return false;
    return !f->message || f->message->pb == &google__protobuf__timestamp__descriptor ||
           (whole && strcmp(f->pb->name, whole) == 0);
}

static ProtobufCMessage *plain(const ProtobufCMessage *event, const char *whole, struct arena *a)
{
    const struct schema_message *m = schema_message(event->descriptor);
    ProtobufCMessage *copy = arena_copy(a, event, event->descriptor->sizeof_message);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!is_told(&m->fields[i], whole))
            schema_clear(copy, &m->fields[i]);
    return copy;
}

/* Where the log has other changes is nothing to anybody else. */
static ProtobufCMessage *plain_change(const ProtobufCMessage *event, struct arena *a)
{
    ProtobufCMessage *copy = plain(event, "record", a);
    schema_clear(copy, schema_field(schema_message(event->descriptor), "previous_seq"));
    schema_clear(copy, schema_field(schema_message(event->descriptor), "restored_seq"));
    schema_clear(copy, schema_field(schema_message(event->descriptor), "findable"));
    return copy;
}

bool public_write(const char *id, const char *type, const ProtobufCMessage *event, int64_t time_us,
                  struct arena *a, struct buffer *out)
{
    char time[RFC3339_SIZE];
    const struct public_row *row = public_row_of(event->descriptor);
    const ProtobufCMessage *data = row ? plain(event, row->whole, a) : plain_change(event, a);
    return rfc3339_format(time, time_us / 1000000, (int32_t)(time_us % 1000000) * 1000) &&
           buffer_printf(out, id ? "{\"id\":\"%s\"," : "{", id) &&
           buffer_printf(out, "\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":", type, time) &&
           schema_to_json(data, 0, out) && buffer_char(out, '}');
}
