/* What was merged is taken out again, exactly as it was; what has been done with the one kept since stays. */
#include <string.h>

#include "services/contacts/contacts.h"

static bool may_write(const struct contacts_row *r, const Baton__Actor *actor, struct outcome *out)
{
    /* 11: as for merging */
    if (!r->row || !record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, false))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    return record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, true) ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id",
                  "only who may change both records can take them apart");
}

static bool is_among(char **fields, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(fields[i], field) == 0)
            return true;
    return false;
}

/* 12: the one kept still has what it took, and gave it to nobody */
static bool can_give_back_field(const struct contacts_unmerge_facts *f, const char *name, struct outcome *out)
{
    const struct schema_message *m = schema_message(f->keep.row->descriptor);
    if (!schema_field_equal(f->keep.row, f->taken, schema_field(m, name)))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, name,
                      "%s was taken from the record and has been changed since", name);
    if (f->next && is_among(f->next->fields, f->next->n_fields, name))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, name,
                      "%s has been taken on into another record; take that apart first", name);
    for (size_t i = 0; i < f->n_later; i++)
        if (is_among(f->later[i]->fields, f->later[i]->n_fields, name))
            return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, name,
                          "%s was taken from another record since; take that apart first", name);
    return true;
}

static bool can_give_back(const struct contacts_unmerge_facts *f, struct outcome *out)
{
    /* 20: what it took, and had before, is known */
    if (f->merge->forgotten)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                      "what was taken from the record was forgotten with a person who has been erased");
    for (size_t i = 0; i < f->merge->n_fields; i++)
        if (!can_give_back_field(f, f->merge->fields[i], out))
            return false;
    return true;
}

/* 13: none comes to be above itself */
static bool has_no_circle(const struct contacts_unmerge_facts *f, struct outcome *out)
{
    bool is_account = f->lose.row->descriptor == &baton__account__descriptor;
    return !f->is_circle ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, is_account ? "parent_id" : "reports_to_id",
                  "what was below it is above it now; move that first");
}

/* 18: nothing that it names again has been merged into it meanwhile */
static bool names_others(const struct contacts_unmerge_facts *f, struct outcome *out)
{
    for (size_t i = 0; i < f->n_joins; i++)
        if (strcmp(f->joins[i].merge->keep_id, f->merge->keep_id) == 0)
            return refuse(
                &out->no, REFUSAL_FAILED_PRECONDITION, f->joins[i].field,
                "what stood there as %s has been merged into the record since; take that apart first",
                f->joins[i].field);
    return true;
}

/* 19: what is written at once is bounded */
static bool has_room(const struct contacts_unmerge_facts *f, struct outcome *out)
{
    for (size_t i = 0; i < f->n_joins; i++)
        if (f->joins[i].merge->n_moved >= CONTACTS_JOINED_MAX)
            return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, f->joins[i].field,
                          "what stood there as %s has been merged with all that can be moved at once",
                          f->joins[i].field);
    return true;
}

static bool fits(struct outcome *out)
{
    size_t bytes = 0;
    for (size_t i = 0; i < out->n_events; i++)
        bytes += baton__event__get_packed_size(out->events[i]);
    return bytes <= CONTACTS_APART_BYTES_MAX ||
           refuse(
               &out->no, REFUSAL_FAILED_PRECONDITION, "id",
               "what names it, and what has been merged since, is more than can be written at once (%d MiB)",
               CONTACTS_APART_BYTES_MAX >> 20);
}

/* A copy of the other merging, among those that the event changes; once. */
static Baton__RecordMerge *joined(Baton__RecordsUnmerged *e, const Baton__RecordMerge *other, struct arena *a)
{
    for (size_t i = 0; i < e->n_joined; i++)
        if (strcmp(e->joined[i]->id, other->id) == 0)
            return e->joined[i];
    return e->joined[e->n_joined++] = (Baton__RecordMerge *)schema_copy(&other->base, a);
}

static void name_again(ProtobufCMessage *row, const struct contacts_named *n, char *id)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t count = contacts_values(row, n->is.field, values);
    for (size_t i = 0; i < n->n_places; i++)
        if (n->places[i] < count)
            *values[n->places[i]] = id;
}

/* 14: what named it before names it again, unless it has been told to name something else; 17: what has the
   field from another for now will do so when that other is taken out */
static void move_back(const struct contacts_unmerge_facts *f, Baton__RecordsUnmerged *e,
                      struct contacts_changing *all, size_t *n_all, struct arena *a)
{
    const struct schema_field *member;
    e->moved = ARENA_ARRAY(a, Baton__MovedReference *, f->merge->n_moved);
    for (size_t i = 0; i < f->merge->n_moved; i++) {
        const struct contacts_named *n = &f->named[i];
        if (!n->n_places)
            continue;
        if (n->under) {
            name_again(schema_oneof(&joined(e, n->under, a)->before->base, &member), n, f->merge->id);
            continue;
        }
        name_again(contacts_changing_of(all, n_all, &n->is.at, a), n, f->merge->id);
        e->moved[e->n_moved++] = f->merge->moved[i];
    }
}

static bool is_field(const Baton__MovedReference *r, const Baton__RecordMerge *of, const char *field)
{
    return strcmp(r->id, of->keep_id) == 0 && strcmp(r->field_name, field) == 0;
}

static Baton__MovedReference *moved_of(Baton__RecordMerge *m, const struct contacts_unmerge_facts *f,
                                       const char *field, struct arena *a)
{
    for (size_t i = 0; i < m->n_moved; i++)
        if (is_field(m->moved[i], f->merge, field))
            return m->moved[i];
    Baton__MovedReference **moved = ARENA_ARRAY(a, Baton__MovedReference *, m->n_moved + 1);
    Baton__MovedReference *r = moved[m->n_moved] = ARENA_NEW(a, Baton__MovedReference);
    baton__moved_reference__init(r);
    r->type = f->merge->type;
    r->id = f->merge->keep_id;
    r->field_name = arena_strdup(a, field);
    if (m->n_moved)
        memcpy(moved, m->moved, m->n_moved * sizeof *moved);
    m->moved = moved;
    m->n_moved++;
    return r;
}

static void add_place(Baton__MovedReference *r, uint32_t place, struct arena *a)
{
    uint32_t *places = ARENA_ARRAY(a, uint32_t, r->n_places + 1);
    if (r->n_places)
        memcpy(places, r->places, r->n_places * sizeof *places);
    places[r->n_places++] = place;
    r->places = places;
}

/* 16: what it had from the other is moved no more with that, and what it has again is moved with what that
   has been merged into since */
static void rejoin(const struct contacts_unmerge_facts *f, Baton__RecordsUnmerged *e, struct arena *a)
{
    for (size_t i = 0; i < f->n_drops; i++) {
        Baton__RecordMerge *m = joined(e, f->drops[i].merge, a);
        size_t n = 0;
        for (size_t k = 0; k < m->n_moved; k++)
            if (!is_field(m->moved[k], f->merge, f->drops[i].field))
                m->moved[n++] = m->moved[k];
        m->n_moved = n;
    }
    for (size_t i = 0; i < f->n_joins; i++) {
        const struct contacts_join *j = &f->joins[i];
        Baton__MovedReference *r = moved_of(joined(e, j->merge, a), f, j->field, a);
        if (contacts_is_inside(j->field))
            add_place(r, j->place, a);
    }
}

static void *reply_of(ProtobufCMessage *lose, struct arena *a)
{
    if (lose->descriptor == &baton__contact__descriptor) {
        Baton__UnmergeContactsResponse *r = ARENA_NEW(a, Baton__UnmergeContactsResponse);
        baton__unmerge_contacts_response__init(r);
        r->record = record_wrap(lose, a);
        return r;
    }
    Baton__UnmergeAccountsResponse *r = ARENA_NEW(a, Baton__UnmergeAccountsResponse);
    baton__unmerge_accounts_response__init(r);
    r->record = record_wrap(lose, a);
    return r;
}

bool contacts_decide_unmerge(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_unmerge_facts *f = facts;
    if (!may_write(&f->lose, c->actor, out))
        return false;
    /* 15: only what is merged */
    if (!f->merge)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "it is not merged into another");
    if (!may_write(&f->keep, c->actor, out) || !can_give_back(f, out) || !has_no_circle(f, out) ||
        !names_others(f, out) || !has_room(f, out))
        return false;
    /* 8 again */
    ProtobufCMessage *keep = contacts_given_back(f->keep.row, f->merge, s->arena);
    if (!schema_check(keep, f->type, &out->no) ||
        (f->merge->n_fields && !f->check(f->extra, f->keep.row, keep, s, out)))
        return false;
    Baton__RecordsUnmerged *e = ARENA_NEW(s->arena, Baton__RecordsUnmerged);
    baton__records_unmerged__init(e);
    e->type = f->merge->type;
    e->id = f->merge->id;
    e->keep_id = f->merge->keep_id;
    if (strcmp(f->keep_now_id, e->keep_id) != 0)
        e->keep_now_id = arena_strdup(s->arena, f->keep_now_id);
    e->joined = ARENA_ARRAY(s->arena, Baton__RecordMerge *, f->merge->n_moved + f->n_drops + f->n_joins);
    rejoin(f, e, s->arena);
    struct contacts_changing *all = ARENA_ARRAY(s->arena, struct contacts_changing, f->merge->n_moved + 2);
    size_t n = 1;
    all[0] = (struct contacts_changing){&f->keep, keep};
    move_back(f, e, all, &n, s->arena);
    ProtobufCMessage *lose = contacts_changing_of(all, &n, &f->lose, s->arena);
    schema_set_text(lose, "merged_into_id", NULL);
    for (size_t i = 0; i < n; i++)
        record_updated(all[i].at->row, all[i].at->seq, all[i].after, s, out);
    outcome_event(out, e);
    out->reply = reply_of(lose, s->arena);
    return fits(out);
}
