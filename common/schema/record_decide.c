/* Plain records: create, update and delete, driven by what the schema says of each field. Rules are numbered;
   tests/unit/test_records.c carries the same numbers. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "schema/decide.h"

static const char *const bookkeeping[] = {"id", "revision", "created_at", "updated_at"};

static bool is_bookkeeping(const struct schema_field *f)
{
    for (size_t i = 0; i < sizeof bookkeeping / sizeof *bookkeeping; i++)
        if (strcmp(f->pb->name, bookkeeping[i]) == 0)
            return true;
    return false;
}

static bool role_in(const Baton__Role *roles, size_t n, const Baton__Actor *actor)
{
    for (size_t i = 0; i < n; i++)
        if (actor_is(actor, roles[i]))
            return true;
    return false;
}

bool record_may(const struct schema_message *type, const ProtobufCMessage *row, const Baton__Actor *actor,
                bool write)
{
    const Baton__RecordRules *r = type->record;
    if (actor_is(actor, BATON__ROLE__ROLE_SYSTEM))
        return true;
    if (!role_in(write ? r->write : r->read, write ? r->n_write : r->n_read, actor))
        return false;
    if (!row || !actor_is(actor, BATON__ROLE__ROLE_PARTNER) || !schema_field(type, "owner_id"))
        return true;
    const char *owner = schema_get_text(row, "owner_id");
    return owner && actor->user_id && strcmp(owner, actor->user_id) == 0;
}

bool record_reached(const struct schema_message *type, const ProtobufCMessage *row, enum record_reach reach,
                    const Baton__Actor *actor, bool write)
{
    if (reach == RECORD_BY_ROLE)
        return record_may(type, row, actor, write);
    return record_may(type, NULL, actor, write) && reach >= (write ? RECORD_WRITE : RECORD_READ);
}

const ProtobufCMessage *record_wanted(const struct command *c)
{
    const Baton__Record *record = NULL;
    const struct schema_field *member;
    if (c->request->descriptor == &baton__create_record_request__descriptor)
        record = ((const Baton__CreateRecordRequest *)c->request)->record;
    else if (c->request->descriptor == &baton__update_record_request__descriptor)
        record = ((const Baton__UpdateRecordRequest *)c->request)->record;
    return record ? schema_oneof(&record->base, &member) : NULL;
}

Baton__Record *record_wrap(ProtobufCMessage *record, struct arena *a)
{
    const struct schema_message *wrapper = schema_message(&baton__record__descriptor);
    for (unsigned i = 0; i < wrapper->pb->n_fields; i++)
        if (wrapper->fields[i].pb->descriptor == record->descriptor) {
            Baton__Record *w = ARENA_NEW(a, Baton__Record);
            baton__record__init(w);
            schema_set_oneof(&w->base, &wrapper->fields[i], record);
            return w;
        }
    assert(!"not a member of Record");
    return NULL;
}

static void set_time(ProtobufCMessage *row, const char *name, struct stamp *s)
{
    const struct schema_field *f = schema_field(schema_message(row->descriptor), name);
    assert(f && f->pb->type == PROTOBUF_C_TYPE_MESSAGE);
    *(void **)((uint8_t *)row + f->pb->offset) = timestamp_of(s->arena, s->now_us);
}

static Baton__RecordChanged *changed(ProtobufCMessage *row, Baton__ChangeKind kind, struct stamp *s,
                                     struct outcome *out)
{
    Baton__RecordChanged *e = ARENA_NEW(s->arena, Baton__RecordChanged);
    baton__record_changed__init(e);
    e->has_kind = true;
    e->kind = kind;
    e->record = record_wrap(row, s->arena);
    outcome_event(out, e);
    return e;
}

ProtobufCMessage *record_created(ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    if (!schema_get_text(after, "id"))
        schema_set_text(after, "id", stamp_id(s));
    schema_set_int(after, "revision", 1);
    set_time(after, "created_at", s);
    set_time(after, "updated_at", s);
    (void)changed(after, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, s, out);
    return after;
}

/* The names of the fields that differ; NULL if none does. */
static char **differences(const ProtobufCMessage *before, const ProtobufCMessage *after, size_t *n,
                          struct arena *a)
{
    const struct schema_message *m = schema_message(after->descriptor);
    char **names = ARENA_ARRAY(a, char *, m->pb->n_fields);
    *n = 0;
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!is_bookkeeping(&m->fields[i]) && !schema_field_equal(before, after, &m->fields[i]))
            names[(*n)++] = (char *)(uintptr_t)m->fields[i].pb->name;
    return *n ? names : NULL;
}

static void updated(const ProtobufCMessage *before, uint64_t before_seq, ProtobufCMessage *after,
                    struct stamp *s, struct outcome *out, bool is_said)
{
    size_t n;
    char **fields = differences(before, after, &n, s->arena);
    if (!fields && !is_said)
        return;
    schema_set_int(after, "revision", schema_get_int(before, "revision") + 1);
    set_time(after, "updated_at", s);
    Baton__RecordChanged *e = changed(after, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, s, out);
    e->fields = fields;
    e->n_fields = n;
    e->has_previous_seq = true;
    e->previous_seq = before_seq;
}

void record_updated(const ProtobufCMessage *before, uint64_t before_seq, ProtobufCMessage *after,
                    struct stamp *s, struct outcome *out)
{
    updated(before, before_seq, after, s, out, false);
}

void record_said_again(const ProtobufCMessage *before, uint64_t before_seq, ProtobufCMessage *after,
                       struct stamp *s, struct outcome *out)
{
    updated(before, before_seq, after, s, out, true);
}

void record_deleted(const ProtobufCMessage *before, uint64_t before_seq, struct stamp *s, struct outcome *out)
{
    Baton__RecordChanged *e =
        changed(schema_copy(before, s->arena), BATON__CHANGE_KIND__CHANGE_KIND_DELETED, s, out);
    e->has_findable = e->findable = true;
    e->has_previous_seq = true;
    e->previous_seq = before_seq;
}

static bool refuse_taken(const struct record_facts *f, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_ALREADY_EXISTS, f->taken_field, "another record has this %s already",
                  f->taken_field);
}

/* What the role may do with others of the type, it may not with this one. */
static bool refuse_may(const struct schema_message *type, const Baton__Actor *actor, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "%s",
                  record_may(type, NULL, actor, true) ? "you may read this record, but not change it"
                                                      : "your role may not change records of this type");
}

/* The schema's rules, the service's own, which may rely on them, and the schema's once more: what a check
   tidies up may turn out to be nothing. A field that a check names is a field of the record. */
static bool passes(const struct record_facts *f, record_check_fn *check, const char *type,
                   ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    if (!schema_check(after, type, &out->no))
        return false;
    if (check && !check(f->extra, f->before, after, s, out)) {
        if (out->no.field[0] && !strchr(out->no.field, '.'))
            snprintf(out->no.field, sizeof out->no.field, "%s.%s", type,
                     arena_strdup(s->arena, out->no.field));
        return false;
    }
    return schema_check(after, type, &out->no);
}

bool record_decide_create(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out)
{
    const Baton__CreateRecordRequest *request = (const Baton__CreateRecordRequest *)c->request;
    const struct schema_field *member;
    ProtobufCMessage *after = schema_copy(schema_oneof(&request->record->base, &member), s->arena);
    const struct schema_message *type = member->message;
    schema_drop_output_only(after);
    /* 1: the role may write this type; a partner makes records of their own */
    if (actor_is(c->actor, BATON__ROLE__ROLE_PARTNER) && schema_field(type, "owner_id"))
        schema_set_text(after, "owner_id", c->actor->user_id);
    if (!record_may(type, after, c->actor, true))
        return refuse_may(type, c->actor, out);
    /* 2: a single record is made by its service alone */
    if (type->record->single)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "record", "there is exactly one of these");
    /* 3: a unique value is taken by no other */
    if (f->taken_field)
        return refuse_taken(f, out);
    /* 4: the schema's rules, and the service's own */
    if (!passes(f, check, member->pb->name, after, s, out))
        return false;
    /* 5: it exists from now on */
    Baton__CreateRecordResponse *reply = ARENA_NEW(s->arena, Baton__CreateRecordResponse);
    baton__create_record_response__init(reply);
    reply->record = record_wrap(record_created(after, s, out), s->arena);
    out->reply = &reply->base;
    return true;
}

/* What the request sets and clears, on a copy of the row. False: a name in `clear` is not one. */
static bool merge(const ProtobufCMessage *from, const Baton__UpdateRecordRequest *request,
                  ProtobufCMessage *row, struct refusal *no)
{
    const struct schema_message *m = schema_message(row->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (!f->rules->output_only && schema_present(from, f))
            schema_field_share(row, from, f);
    }
    for (size_t i = 0; i < request->n_clear; i++) {
        const struct schema_field *f = schema_field(m, request->clear[i]);
        if (!f || f->rules->output_only)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "clear", "there is no field \"%s\" to clear",
                          request->clear[i]);
        schema_clear(row, f);
    }
    return true;
}

ProtobufCMessage *record_would_be(const ProtobufCMessage *before, const struct command *c, struct arena *a)
{
    struct refusal no;
    const ProtobufCMessage *wanted = record_wanted(c);
    const bool is_update = c->request->descriptor == &baton__update_record_request__descriptor;
    if (!wanted || (is_update && (!before || before->descriptor != wanted->descriptor)))
        return NULL;
    ProtobufCMessage *after = schema_copy(is_update ? before : wanted, a);
    if (!is_update)
        schema_drop_output_only(after);
    else if (!merge(wanted, (const Baton__UpdateRecordRequest *)c->request, after, &no))
        return NULL;
    return schema_check(after, NULL, &no) ? after : NULL;
}

static bool refuse_gone(struct outcome *out, const char *field)
{
    return refuse(&out->no, REFUSAL_NOT_FOUND, field, "there is no such record");
}

/* The newest version goes with the refusal, so that whoever asked can compare. */
static bool refuse_revision(const ProtobufCMessage *before, uint64_t now, struct stamp *s,
                            struct outcome *out)
{
    Baton__Record *newest = record_wrap(schema_copy(before, s->arena), s->arena);
    struct bytes wire = schema_pack(&newest->base, s->arena);
    (void)refuse(&out->no, REFUSAL_ABORTED, "revision",
                 "it was changed meanwhile and is at revision %llu now", (unsigned long long)now);
    if (wire.size <= REFUSAL_DETAIL_MAX)
        refuse_with(&out->no, newest->base.descriptor->name, wire);
    return false;
}

bool record_may_change(const struct record_facts *f, const char *id_field, const uint64_t *revision,
                       const struct command *c, struct stamp *s, struct outcome *out)
{
    const ProtobufCMessage *now = f->before ? f->before : f->gone;
    const struct schema_message *type = now ? schema_message(now->descriptor) : NULL;
    /* 6: it exists, and one who may not see it learns nothing */
    if (!type || !record_reached(type, now, f->reach, c->actor, false))
        return refuse_gone(out, id_field);
    /* 7: the role may write it */
    if (!record_reached(type, now, f->reach, c->actor, true))
        return refuse_may(type, c->actor, out);
    /* 8: nobody changed it since the caller looked */
    const uint64_t at = (uint64_t)schema_get_int(now, "revision");
    return !revision || *revision == at || refuse_revision(now, at, s, out);
}

bool record_decide_update(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out)
{
    const Baton__UpdateRecordRequest *request = (const Baton__UpdateRecordRequest *)c->request;
    const struct schema_field *member;
    ProtobufCMessage *from = schema_oneof(&request->record->base, &member);
    const uint64_t revision = (uint64_t)schema_get_int(from, "revision");
    if (!record_may_change(f, "record.id", revision ? &revision : NULL, c, s, out))
        return false;
    /* 3 again */
    if (f->taken_field)
        return refuse_taken(f, out);
    /* 9: what is present is set, what is named in `clear` becomes absent, the rest stays */
    ProtobufCMessage *after = schema_copy(f->before, s->arena);
    if (!merge(from, request, after, &out->no))
        return false;
    /* 11: who writes it without owning it leaves it with its owner */
    if (!record_may_hand_on(f->reach, f->before, after, &out->no))
        return false;
    /* 4 again */
    if (!passes(f, check, member->pb->name, after, s, out))
        return false;
    record_updated(f->before, f->before_seq, after, s, out);
    Baton__UpdateRecordResponse *reply = ARENA_NEW(s->arena, Baton__UpdateRecordResponse);
    baton__update_record_response__init(reply);
    reply->record = record_wrap(after, s->arena);
    out->reply = &reply->base;
    return true;
}

bool record_decide_delete(const struct record_facts *f, record_check_fn *check, const struct command *c,
                          struct stamp *s, struct outcome *out)
{
    const Baton__DeleteRecordRequest *request = (const Baton__DeleteRecordRequest *)c->request;
    /* 6, 7, 8, 2 again */
    if (!record_may_change(f, "id", request->has_revision ? &request->revision : NULL, c, s, out))
        return false;
    if (schema_message(f->before->descriptor)->record->single)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "type", "there is exactly one of these");
    /* 10: the service's own rules may keep it */
    if (check && !check(f->extra, f->before, NULL, s, out))
        return false;
    record_deleted(f->before, f->before_seq, s, out);
    return true;
}

/* What a client may set takes the version's values; what Baton sets stays. */
static ProtobufCMessage *as_it_was(const ProtobufCMessage *now, const ProtobufCMessage *version,
                                   struct arena *a)
{
    const struct schema_message *m = schema_message(now->descriptor);
    ProtobufCMessage *after = schema_copy(now, a);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!m->fields[i].rules->output_only)
            schema_field_share(after, version, &m->fields[i]);
    return after;
}

/* It is there again: new to everybody, and one revision older. */
static void returned(const struct record_facts *f, ProtobufCMessage *after, struct stamp *s,
                     struct outcome *out)
{
    schema_set_int(after, "revision", schema_get_int(f->gone, "revision") + 1);
    set_time(after, "updated_at", s);
    Baton__RecordChanged *e = changed(after, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, s, out);
    e->has_previous_seq = true;
    e->previous_seq = f->before_seq;
}

static void mark_restored(Baton__RecordChanged *e, uint64_t version_seq)
{
    e->has_restored_seq = true;
    e->restored_seq = version_seq;
}

bool record_decide_restore(const struct record_facts *f, record_check_fn *check, const struct command *c,
                           struct stamp *s, struct outcome *out)
{
    const Baton__RestoreRecordRequest *request = (const Baton__RestoreRecordRequest *)c->request;
    const ProtobufCMessage *now = f->before ? f->before : f->gone;
    /* 6, 7, 8 again, also of one that was deleted */
    if (!record_may_change(f, "id", request->has_revision ? &request->revision : NULL, c, s, out))
        return false;
    /* 12: it was like that once */
    if (!f->version)
        return refuse(&out->no, REFUSAL_NOT_FOUND, request->has_seq ? "seq" : "changed_at",
                      "the record has no such version");
    /* 15: what is left of an erased version is not how it was */
    if (f->version_erased)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                      "whom this version is about has been erased, and with them what it said");
    /* 3 again */
    if (f->taken_field)
        return refuse_taken(f, out);
    /* 13: what a client may set is as it was then; 11 and 4 again */
    ProtobufCMessage *after = as_it_was(now, f->version, s->arena);
    if (!record_may_hand_on(f->reach, now, after, &out->no) ||
        !passes(f, check, request->type, after, s, out))
        return false;
    /* 14: one that was deleted comes back with its id */
    size_t n = out->n_events;
    if (f->before)
        record_updated(f->before, f->before_seq, after, s, out);
    else
        returned(f, after, s, out);
    if (out->n_events > n)
        mark_restored(out->events[n]->record_changed, f->version_seq);
    Baton__RestoreRecordResponse *reply = ARENA_NEW(s->arena, Baton__RestoreRecordResponse);
    baton__restore_record_response__init(reply);
    reply->record = record_wrap(after, s->arena);
    out->reply = &reply->base;
    return true;
}
