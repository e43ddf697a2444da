/* When quality is worked out: at the timer of its row, which every change of a record sets to at once; by a
   sweep over all records where rules, places or the organisation change; and what people confirm. Rules are
   numbered; tests/unit/test_contacts_quality.c has the same numbers. */
#include <string.h>

#include "services/contacts/contacts.h"

static void judged(struct outcome *out, Baton__Quality *q)
{
    Baton__QualityJudged *e = ARENA_NEW(out->arena, Baton__QualityJudged);
    baton__quality_judged__init(e);
    e->quality = q;
    outcome_event(out, e);
}

void contacts_judge_written(const struct contacts_written_facts *w, const char *type,
                            const ProtobufCMessage *before, ProtobufCMessage *after, struct stamp *s,
                            struct outcome *out)
{
    const struct contacts_judge_facts f = {
        .type = type, .record = after, .kept = w->kept, .rules = w->rules, .changed_us = s->now_us};
    /* 15: a record is judged with every change of it; what changes nothing changes no judgement */
    if (before && schema_equal(before, after))
        return;
    bool is_account = after->descriptor == &baton__account__descriptor;
    Baton__Account *account = (Baton__Account *)after;
    Baton__Contact *contact = (Baton__Contact *)after;
    Google__Protobuf__Timestamp **created = is_account ? &account->created_at : &contact->created_at;
    *(is_account ? &account->updated_at : &contact->updated_at) = timestamp_of(s->arena, s->now_us);
    if (!before && !*created) /* what comes back was made when it was made */
        *created = timestamp_of(s->arena, s->now_us);
    if (!schema_get_text(after, "id"))
        schema_set_text(after, "id", stamp_id(s));
    judged(out, contacts_judge(&f, after, s->now_us, s->arena));
}

static void judge(const struct contacts_judge_facts *f, struct stamp *s, struct outcome *out)
{
    /* 9: what places and the organisation say of it now becomes part of the record */
    ProtobufCMessage *now = schema_copy(f->record, s->arena);
    if (now->descriptor == &baton__account__descriptor)
        contacts_normalize_account(&f->normal, (Baton__Account *)now, s->arena);
    else
        contacts_normalize_contact(&f->normal, (Baton__Contact *)now, s->arena);
    record_updated(f->record, f->seq, now, s, out);
    judged(out, contacts_judge(f, now, s->now_us, s->arena));
}

bool contacts_decide_judge(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_judge_facts *f = facts;
    if (f->record) {
        judge(f, s, out);
        return true;
    }
    /* 10: of a record that is gone nothing is kept */
    Baton__Quality *q = ARENA_NEW(s->arena, Baton__Quality);
    baton__quality__init(q);
    q->record_id = ((const Baton__Quality *)c->request)->record_id;
    judged(out, q);
    return true;
}

static void advance(struct outcome *out, const char *type, const char *token, size_t n, bool finished)
{
    Baton__QualitySweepAdvanced *e = ARENA_NEW(out->arena, Baton__QualitySweepAdvanced);
    baton__quality_sweep_advanced__init(e);
    e->type = arena_strdup(out->arena, type);
    e->token = arena_strdup(out->arena, token);
    e->has_judged = e->has_finished = e->has_version = true;
    e->judged = (uint32_t)n;
    e->finished = finished;
    e->version = CONTACTS_QUALITY_VERSION;
    outcome_event(out, e);
}

/* 11: all accounts, then all contacts, some at a time */
bool contacts_decide_sweep(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_sweep_facts *f = facts;
    for (size_t i = 0; i < f->n; i++)
        judge(&f->records[i], s, out);
    advance(out, f->type, f->token, f->n, f->finished);
    return true;
}

/* 12: records that were looked at by other weights, or never, are looked at after a start */
bool contacts_decide_boot(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_boot_facts *f = facts;
    if (f->wanted)
        advance(out, "account", NULL, 0, false);
    return true;
}

static bool takes(const struct contacts_confirm_facts *f, const Baton__ConfirmFieldsRequest *q,
                  const char *field)
{
    for (size_t i = 0; i < q->n_fields; i++)
        if (strcmp(q->fields[i], field) == 0)
            return true;
    return q->n_fields == 0 &&
           schema_present(f->record, schema_field(schema_message(f->record->descriptor), field));
}

static bool can_confirm(const struct contacts_confirm_facts *f, const char *type, const char *field,
                        struct refusal *no)
{
    size_t n;
    const struct contacts_weight *weights = contacts_weights(type, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(weights[i].field, field) == 0)
            return schema_present(f->record, schema_field(schema_message(f->record->descriptor), field)) ||
                   refuse(no, REFUSAL_FAILED_PRECONDITION, "fields", "%s is empty", field);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "fields", "\"%s\" is no field of which it is kept", field);
}

static bool reaches(const struct contacts_confirm_facts *f, const Baton__Actor *actor, bool write)
{
    return record_reached(schema_message(f->record->descriptor), f->record, f->reach, actor, write);
}

bool contacts_decide_confirm(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_confirm_facts *f = facts;
    const Baton__ConfirmFieldsRequest *q = (const Baton__ConfirmFieldsRequest *)c->request;
    size_t n;
    const struct contacts_weight *weights = contacts_weights(q->type, &n);
    /* 13: it is there, for whoever may see it */
    if (n == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type",
                      "quality is kept of \"account\" and \"contact\"");
    if (!f->record || !reaches(f, c->actor, false))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    /* 16: and who may change it */
    if (!reaches(f, c->actor, true))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "you may read this record, but not say that it is right");
    if (schema_get_text(f->record, "merged_into_id"))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "it has been merged into another");
    /* 14: what is confirmed counts and is not empty; whoever names nothing means all that is there */
    for (size_t i = 0; i < q->n_fields; i++)
        if (!can_confirm(f, q->type, q->fields[i], &out->no))
            return false;
    Baton__FieldsConfirmed *e = ARENA_NEW(s->arena, Baton__FieldsConfirmed);
    Baton__ConfirmFieldsResponse *reply = ARENA_NEW(s->arena, Baton__ConfirmFieldsResponse);
    baton__fields_confirmed__init(e);
    baton__confirm_fields_response__init(reply);
    e->type = q->type;
    e->id = q->id;
    e->fields = ARENA_ARRAY(s->arena, char *, n);
    for (size_t i = 0; i < n; i++)
        if (takes(f, q, weights[i].field))
            e->fields[e->n_fields++] = (char *)(uintptr_t)weights[i].field;
    outcome_event(out, e);
    reply->fields = e->fields;
    reply->n_fields = e->n_fields;
    out->reply = &reply->base;
    return true;
}
