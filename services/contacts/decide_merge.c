/* Two records become one. The one merged stays as it is and says into what; what named it names the one kept.
 */
#include <string.h>

#include "services/contacts/contacts.h"

static bool is_named_before(char **fields, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(fields[k], fields[i]) == 0)
            return true;
    return false;
}

bool contacts_taken(const ProtobufCMessage *keep, const ProtobufCMessage *lose, char **fields, size_t n,
                    struct arena *a, ProtobufCMessage **out, struct refusal *no)
{
    const struct schema_message *m = schema_message(keep->descriptor);
    *out = schema_copy(keep, a);
    for (size_t i = 0; i < n; i++) {
        const struct schema_field *f = schema_field(m, fields[i]);
        /* 5: fields that people fill in, each once, and of which the other says something */
        if (!f || f->rules->output_only || is_named_before(fields, i))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "take", "there is no field \"%s\" to take",
                          fields[i]);
        if (!schema_present(lose, f))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "take", "the record to be merged says nothing as %s",
                          fields[i]);
        schema_field_share(*out, lose, f);
    }
    /* what it says of the other it says of itself */
    *out = schema_copy(*out, a);
    for (size_t i = 0; i < contacts_naming_n; i++)
        if (contacts_naming_of(keep, &contacts_naming[i]) && contacts_is_inside(contacts_naming[i].field))
            contacts_rename(*out, contacts_naming[i].field, schema_get_text(lose, "id"),
                            (char *)(uintptr_t)schema_get_text(keep, "id"));
    return true;
}

ProtobufCMessage *contacts_given_back(const ProtobufCMessage *keep, const Baton__RecordMerge *merge,
                                      struct arena *a)
{
    const struct schema_field *member;
    const struct schema_message *m = schema_message(keep->descriptor);
    ProtobufCMessage *after = schema_copy(keep, a), *before = schema_oneof(&merge->before->base, &member);
    for (size_t i = 0; i < merge->n_fields; i++) {
        const struct schema_field *f = schema_field(m, merge->fields[i]);
        if (schema_present(before, f))
            schema_field_share(after, before, f);
        else
            schema_clear(after, f);
    }
    return after;
}

/* The record with nothing but its id and these fields. The id says whose the values are (seal.h). */
static Baton__Record *only(const ProtobufCMessage *row, char **fields, size_t n, struct arena *a)
{
    const struct schema_message *m = schema_message(row->descriptor);
    ProtobufCMessage *part = arena_alloc(a, row->descriptor->sizeof_message);
    row->descriptor->message_init(part);
    schema_field_share(part, row, schema_field(m, "id"));
    for (size_t i = 0; i < n; i++) {
        const struct schema_field *f = schema_field(m, fields[i]);
        if (schema_present(row, f))
            schema_field_share(part, row, f);
    }
    return record_wrap(part, a);
}

/* --- whether they can be --- */

static bool may_write(const struct contacts_row *r, const char *field, const Baton__Actor *actor,
                      struct outcome *out)
{
    /* 1: both are there, and who may not see one learns nothing; 2: both may be written */
    if (!r->row || !record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, false))
        return refuse(&out->no, REFUSAL_NOT_FOUND, field, "there is no such record");
    return record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, true) ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, field,
                  "only who may change both records can merge them");
}

/* 3: neither is merged into another; 10: nor erased */
static bool is_whole(const struct contacts_row *r, const char *field, struct outcome *out)
{
    const struct schema_field *erased = schema_field(schema_message(r->row->descriptor), "erased_at");
    if (erased && schema_present(r->row, erased))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, field, "this person has been erased");
    return !schema_get_text(r->row, "merged_into_id") ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, field, "it has been merged into another");
}

/* 4: they are two, and neither is above the other */
static bool are_apart(const struct contacts_merge_facts *f, struct outcome *out)
{
    const char *id = schema_get_text(f->keep.row, "id");
    if (strcmp(id, schema_get_text(f->lose.row, "id")) == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lose_id", "it cannot be merged into itself");
    if (f->keep_is_below)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "the record to be kept is below the other; merge it the other way round");
    if (f->lose_is_below)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "relationships put the record to be merged below the other; delete those first");
    return true;
}

/* What the other end of a relationship says. */
static bool is_between(const struct contacts_reference *r, const char *keep_id)
{
    static const char *const ends[] = {"from_contact_id", "to_contact_id"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *id = schema_get_text(r->at.row, ends[i]);
        if (id && strcmp(id, keep_id) == 0)
            return true;
    }
    return false;
}

/* Both have the same part in what the plan is for. */
static bool are_one_buyer(const Baton__AccountPlan *p, const char *keep_id, const char *lose_id)
{
    for (size_t i = 0; i < p->n_buyers; i++)
        for (size_t k = 0; k < p->n_buyers; k++)
            if (p->buyers[i]->role == p->buyers[k]->role && strcmp(p->buyers[i]->contact_id, keep_id) == 0 &&
                strcmp(p->buyers[k]->contact_id, lose_id) == 0)
                return true;
    return false;
}

/* 9: no record comes to say what it could not say if somebody typed it */
static bool can_be_said(const struct contacts_merge_facts *f, const struct contacts_reference *r,
                        const char *keep_id, const char *lose_id, struct outcome *out)
{
    const ProtobufCMessageDescriptor *type = r->at.row->descriptor;
    if (type == &baton__relationship__descriptor && is_between(r, keep_id))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "a relationship says what the two are to each other; delete that first");
    if (type == &baton__account_plan__descriptor && strcmp(r->field, "account_id") == 0 && f->keep_has_plan)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "there are plans for both accounts; delete one of them first");
    if (type == &baton__account_plan__descriptor &&
        are_one_buyer((const Baton__AccountPlan *)r->at.row, keep_id, lose_id))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "a plan names both in the same role; take one of them out of it first");
    return true;
}

static bool can_all_be_said(const struct contacts_merge_facts *f, struct outcome *out)
{
    const char *keep_id = schema_get_text(f->keep.row, "id"), *lose_id = schema_get_text(f->lose.row, "id");
    for (size_t i = 0; i < f->n_references; i++)
        if (!can_be_said(f, &f->references[i], keep_id, lose_id, out))
            return false;
    return true;
}

/* 6: what has to be written with it is bounded */
static bool has_room(const struct contacts_merge_facts *f, struct outcome *out)
{
    if (f->n_references > CONTACTS_MOVED_MAX || f->n_noted > CONTACTS_MOVED_MAX ||
        f->reference_bytes > CONTACTS_MOVED_BYTES_MAX)
        return refuse(
            &out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
            "more records name it than can be moved at once (%d, or %d MiB); merge it the other way round",
            CONTACTS_MOVED_MAX, CONTACTS_MOVED_BYTES_MAX >> 20);
    if (f->n_from > RELATIONSHIPS_MAX || f->n_in_force > CONSENTS_IN_FORCE_MAX)
        return refuse(
            &out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
            "the two have more relationships or words of consent than one contact can have (%d, %d)",
            RELATIONSHIPS_MAX, CONSENTS_IN_FORCE_MAX);
    if (f->n_merged >= CONTACTS_MERGED_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "keep_id",
                      "%d records have been merged into this one, and there can be no more",
                      CONTACTS_MERGED_MAX);
    if (f->lose_height >= CONTACTS_MERGE_HEIGHT_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "lose_id",
                      "at most %d mergings can lie one upon the other", CONTACTS_MERGE_HEIGHT_MAX);
    return true;
}

/* The two requests have the same fields. */
struct wish {
    char *keep_id, *lose_id, **take;
    size_t n_take;
};

static struct wish wish_of(const ProtobufCMessage *request)
{
    if (request->descriptor == &baton__merge_contacts_request__descriptor) {
        const Baton__MergeContactsRequest *q = (const Baton__MergeContactsRequest *)request;
        return (struct wish){q->keep_id, q->lose_id, q->take, q->n_take};
    }
    const Baton__MergeAccountsRequest *q = (const Baton__MergeAccountsRequest *)request;
    return (struct wish){q->keep_id, q->lose_id, q->take, q->n_take};
}

/* --- what comes of it --- */

static void *reply_of(const struct contacts_merge_facts *f, ProtobufCMessage *keep, Baton__RecordMerge *merge,
                      struct arena *a)
{
    if (keep->descriptor == &baton__contact__descriptor) {
        Baton__MergeContactsResponse *r = ARENA_NEW(a, Baton__MergeContactsResponse);
        baton__merge_contacts_response__init(r);
        r->record = record_wrap(keep, a);
        r->merge = merge;
        return r;
    }
    Baton__MergeAccountsResponse *r = ARENA_NEW(a, Baton__MergeAccountsResponse);
    baton__merge_accounts_response__init(r);
    r->record = record_wrap(keep, a);
    r->merge = merge;
    return r;
}

static Baton__RecordMerge *merging(const struct contacts_merge_facts *f, const struct wish *w,
                                   struct stamp *s)
{
    Baton__RecordMerge *m = ARENA_NEW(s->arena, Baton__RecordMerge);
    baton__record_merge__init(m);
    m->id = w->lose_id;
    m->type = arena_strdup(s->arena, f->type);
    m->keep_id = w->keep_id;
    m->fields = w->take;
    m->n_fields = w->n_take;
    m->before = only(f->keep.row, w->take, w->n_take, s->arena);
    m->taken = only(f->lose.row, w->take, w->n_take, s->arena);
    m->merged_at = timestamp_of(s->arena, s->now_us);
    m->has_height = true;
    m->height = f->lose_height + 1;
    m->moved = ARENA_ARRAY(s->arena, Baton__MovedReference *, f->n_references);
    return m;
}

ProtobufCMessage *contacts_changing_of(struct contacts_changing *all, size_t *n,
                                       const struct contacts_row *at, struct arena *a)
{
    const char *id = schema_get_text(at->row, "id");
    for (size_t i = 0; i < *n; i++)
        if (strcmp(schema_get_text(all[i].after, "id"), id) == 0)
            return all[i].after;
    all[*n] = (struct contacts_changing){at, schema_copy(at->row, a)};
    return all[(*n)++].after;
}

static void add_places(Baton__MovedReference *moved, const struct contacts_reference *r, const char *lose_id,
                       struct arena *a)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t n = contacts_values(r->at.row, r->field, values);
    moved->places = ARENA_ARRAY(a, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        if (*values[i] && strcmp(*values[i], lose_id) == 0)
            moved->places[moved->n_places++] = (uint32_t)i;
}

static bool is_taken(const struct wish *w, const struct contacts_reference *r)
{
    if (strcmp(schema_get_text(r->at.row, "id"), w->keep_id) != 0)
        return false;
    for (size_t i = 0; i < w->n_take; i++)
        if (contacts_is_of(r->field, w->take[i]))
            return true;
    return false;
}

/* 7: what named the one merged names the one kept; but not where the one kept says what the other said */
static void move(const struct contacts_reference *r, const struct wish *w, ProtobufCMessage *after,
                 Baton__RecordMerge *m, struct arena *a)
{
    if (is_taken(w, r))
        return;
    Baton__MovedReference *moved = m->moved[m->n_moved++] = ARENA_NEW(a, Baton__MovedReference);
    baton__moved_reference__init(moved);
    moved->type = arena_strdup(a, r->type);
    moved->id = arena_strdup(a, schema_get_text(r->at.row, "id"));
    moved->field_name = arena_strdup(a, r->field);
    if (contacts_is_inside(r->field))
        add_places(moved, r, w->lose_id, a);
    contacts_rename(after, r->field, w->lose_id, w->keep_id);
}

static void clear_pair(const Baton__DuplicatePair *pair, struct outcome *out)
{
    Baton__DuplicateCleared *e = ARENA_NEW(out->arena, Baton__DuplicateCleared);
    baton__duplicate_cleared__init(e);
    e->pair_id = pair->id;
    outcome_event(out, e);
}

bool contacts_decide_merge(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_merge_facts *f = facts;
    const struct wish w = wish_of(c->request);
    ProtobufCMessage *keep;
    if (!may_write(&f->keep, "keep_id", c->actor, out) || !may_write(&f->lose, "lose_id", c->actor, out) ||
        !is_whole(&f->keep, "keep_id", out) || !is_whole(&f->lose, "lose_id", out) || !are_apart(f, out) ||
        !has_room(f, out) || !can_all_be_said(f, out) ||
        !contacts_taken(f->keep.row, f->lose.row, w.take, w.n_take, s->arena, &keep, &out->no) ||
        !record_may_hand_on(f->keep.reach, f->keep.row, keep, &out->no))
        return false;
    /* 8: the one kept is as its type must be */
    if (!schema_check(keep, f->type, &out->no) || !f->check(f->extra, f->keep.row, keep, s, out))
        return false;
    Baton__RecordMerge *m = merging(f, &w, s);
    struct contacts_changing *all = ARENA_ARRAY(s->arena, struct contacts_changing, f->n_references + 2);
    size_t n = 1;
    all[0] = (struct contacts_changing){&f->keep, keep};
    for (size_t i = 0; i < f->n_references; i++)
        move(&f->references[i], &w, contacts_changing_of(all, &n, &f->references[i].at, s->arena), m,
             s->arena);
    schema_set_text(contacts_changing_of(all, &n, &f->lose, s->arena), "merged_into_id", w.keep_id);
    for (size_t i = 0; i < n; i++)
        record_updated(all[i].at->row, all[i].at->seq, all[i].after, s, out);
    Baton__RecordsMerged *e = ARENA_NEW(s->arena, Baton__RecordsMerged);
    baton__records_merged__init(e);
    e->merge = m;
    outcome_event(out, e);
    if (f->pair)
        clear_pair(f->pair, out);
    out->reply = reply_of(f, keep, m, s->arena);
    return true;
}
