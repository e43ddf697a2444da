/* Who did what, as a log record says it. */
#include "schema/audit.h"

#include <string.h>

#include "schema/decide.h"
#include "schema/internal.h"
#include "schema/public.h"

struct subject {
    const char *type, *id;
};

struct gathering {
    const Baton__LogRecord *record;
    const Baton__AuditFilter *filter;
    struct arena *a;
    Baton__AuditEntry **entries;
    size_t n, room;
};

/* NULL: there is no such field, it is no text, or it is absent. */
static const char *text_of(const ProtobufCMessage *m, const char *name)
{
    const struct schema_field *f = schema_field(schema_message(m->descriptor), name);
    bool is_text = f && f->pb->type == PROTOBUF_C_TYPE_STRING && !schema_is_repeated(f);
    const char *text = is_text && schema_present(m, f) ? schema_text_of(m, f) : NULL;
    return text && *text ? text : NULL;
}

/* An id under its own name, with its type beside it or, for a message within an event, `name`. */
static bool has_id(const ProtobufCMessage *m, const char *name, struct subject *s)
{
    const char *type = text_of(m, "type");
    s->id = text_of(m, "id");
    s->type = type ? type : name;
    return s->id && s->type;
}

/* "lead_id" is a lead's. */
static bool is_id(const ProtobufCMessage *m, const struct schema_field *f, struct subject *s, struct arena *a)
{
    static const char END[] = "_id";
    const size_t n = strlen(f->pb->name), end = sizeof END - 1;
    if (n <= end || strcmp(f->pb->name + n - end, END) != 0)
        return false;
    s->id = text_of(m, f->pb->name);
    s->type = arena_strndup(a, f->pb->name, n - end);
    return s->id != NULL;
}

/* What an event was done with: itself says it, or its first field that does. */
static struct subject subject_of(const ProtobufCMessage *event, struct arena *a)
{
    const struct schema_message *m = schema_message(event->descriptor);
    struct subject s;
    if (has_id(event, NULL, &s))
        return s;
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (schema_is_repeated(f) || !schema_present(event, f))
            continue;
        if (f->message ? has_id(*(ProtobufCMessage **)schema_value(event, f, 0), f->pb->name, &s)
                       : is_id(event, f, &s, a))
            return s;
    }
    return (struct subject){text_of(event, "type"), NULL};
}

/* --- what is wanted --- */

static bool is_same(const char *wanted, const char *is)
{
    return !wanted || (is && strcmp(wanted, is) == 0);
}

static bool is_wanted(const struct gathering *g, const Baton__AuditEntry *e)
{
    const Baton__AuditFilter *f = g->filter;
    return (e->user_id || (f && f->by_services)) &&
           (!f || (is_same(f->user_id, e->user_id) && is_same(f->record_id, e->record_id) &&
                   is_same(f->record_type, e->record_type)));
}

static void add(struct gathering *g, const Baton__AuditEntry *e)
{
    if (!is_wanted(g, e))
        return;
    if (g->n == g->room) {
        size_t room = g->room ? 2 * g->room : 8;
        Baton__AuditEntry **more = ARENA_ARRAY(g->a, Baton__AuditEntry *, room);
        if (g->n)
            memcpy(more, g->entries, g->n * sizeof *more);
        g->entries = more;
        g->room = room;
    }
    Baton__AuditEntry *own = g->entries[g->n++] = arena_copy(g->a, e, sizeof *e);
    own->at = timestamp_of(g->a, (int64_t)g->record->time_us);
}

/* --- what is said --- */

static Baton__AuditEntry entry_of(const struct gathering *g)
{
    const Baton__Actor *actor = g->record->actor;
    Baton__AuditEntry e = BATON__AUDIT_ENTRY__INIT;
    e.has_seq = true;
    e.seq = g->record->seq;
    if (actor && actor->user_id && *actor->user_id && !g->record->source) {
        e.user_id = actor->user_id;
        e.session_id = actor->session_id;
    }
    return e;
}

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static void add_change(struct gathering *g, const Baton__RecordChanged *changed)
{
    Baton__AuditEntry e = entry_of(g);
    const struct schema_field *member;
    const ProtobufCMessage *record =
        changed->record && !changed->copy ? schema_oneof(&changed->record->base, &member) : NULL;
    if (!record)
        return;
    e.event = text(public_type(&changed->base, g->a));
    e.record_type = text(member->pb->name);
    e.record_id = text(schema_get_text(record, "id"));
    e.fields = changed->fields;
    e.n_fields = changed->n_fields;
    add(g, &e);
}

/* Gathered by the service, in the names of those who looked. */
static void add_looks(struct gathering *g, const Baton__AccessNoted *noted, const char *name)
{
    for (size_t i = 0; i < noted->n_counts; i++) {
        const Baton__AccessCount *c = noted->counts[i];
        Baton__AuditEntry e = entry_of(g);
        const bool is_list = c->listed > 0;
        e.event = text(name);
        e.user_id = c->user_id;
        e.record_type = c->type;
        e.record_id = is_list ? NULL : c->record_id;
        e.has_times = true;
        e.times = is_list ? c->listed : c->reads + c->histories;
        add(g, &e);
    }
}

static void add_event(struct gathering *g, const ProtobufCMessage *event, const char *name)
{
    Baton__AuditEntry e = entry_of(g);
    const struct subject s = subject_of(event, g->a);
    const char *public = public_type(event, g->a);
    e.event = text(public ? public : name);
    e.record_type = text(s.type);
    e.record_id = text(s.id);
    /* Whoever signs in is nobody until then. */
    if (event->descriptor == &baton__credential_issued__descriptor && !e.user_id) {
        const Baton__Credential *issued = ((const Baton__CredentialIssued *)event)->credential;
        e.user_id = issued ? issued->user_id : NULL;
        e.session_id = issued ? issued->id : NULL;
    }
    add(g, &e);
}

Baton__AuditEntry **audit_entries(const Baton__LogRecord *record, const Baton__AuditFilter *filter,
                                  struct arena *a, size_t *n)
{
    struct gathering g = {.record = record, .filter = filter, .a = a};
    for (size_t i = 0; i < record->n_events; i++) {
        const struct schema_field *member;
        const ProtobufCMessage *event = schema_oneof(&record->events[i]->base, &member);
        if (!event)
            continue; /* of a newer program */
        if (event->descriptor == &baton__record_changed__descriptor)
            add_change(&g, (const Baton__RecordChanged *)event);
        else if (event->descriptor == &baton__access_noted__descriptor)
            add_looks(&g, (const Baton__AccessNoted *)event, member->pb->name);
        else
            add_event(&g, event, member->pb->name);
    }
    *n = g.n;
    return g.entries;
}
