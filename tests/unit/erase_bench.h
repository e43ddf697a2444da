/* A person who is to be erased, and what says something of them. */
#ifndef BATON_UNIT_ERASE_BENCH_H
#define BATON_UNIT_ERASE_BENCH_H

#include "services/contacts/erase.h"
#include "tests/unit/decide_bench.h"

#define PERSON  ID(1)
#define OLDER   ID(2) /* merged into the person */
#define ACCOUNT ID(3)
#define LEAD    ID(4)
#define SEQ     7

#define CHANGED BATON__EVENT__EVENT_RECORD_CHANGED
#define JUDGED  BATON__EVENT__EVENT_QUALITY_JUDGED
#define ERASED  BATON__EVENT__EVENT_PERSON_ERASED
#define NO      REFUSAL_FAILED_PRECONDITION

/* Ann Lee, of whom nothing else is said yet; sure that it is meant. */
struct person {
    Baton__Contact contact;
    struct contacts_erase_facts facts;
    Baton__ErasePersonRequest request;
};

static Baton__Contact contact_of(char *id, struct arena *a)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    c.id = id;
    c.has_revision = true;
    c.revision = 4;
    c.created_at = c.updated_at = timestamp_of(a, NOW - 1);
    c.first_name = "Ann";
    c.last_name = "Lee";
    c.email = "ann@lee.example";
    c.account_id = ACCOUNT;
    c.owner_id = ID(9);
    c.lead_id = LEAD;
    return c;
}

static struct contacts_row row_of(void *row)
{
    return (struct contacts_row){row, SEQ, RECORD_HIDDEN};
}

static struct person *ann(struct bench *b)
{
    struct person *p = ARENA_NEW(b->arena, struct person);
    p->contact = contact_of(PERSON, b->arena);
    p->facts.contact = row_of(&p->contact);
    p->facts.name = "Ann Lee";
    baton__erase_person_request__init(&p->request);
    p->request.contact_id = PERSON;
    p->request.reason = " they asked for it ";
    p->request.has_confirmed = p->request.confirmed = true;
    return p;
}

static bool erase(struct bench *b, const struct person *p)
{
    return run(b, contacts_decide_erase, &p->facts, &p->request);
}

static void assert_erased(struct bench *b, const struct person *p)
{
    assert_true(erase(b, p));
    assert_true(b->out.n_events > 0);
    assert_int_equal(b->out.events[b->out.n_events - 1]->event_case, ERASED);
}

static const Baton__RecordChanged *change_at(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, CHANGED);
    return b->out.events[i]->record_changed;
}

static const Baton__PersonErased *erased_at(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, ERASED);
    return b->out.events[i]->person_erased;
}

/* So many notes of them, and what is left of each. */
static void said(struct bench *b, struct person *p, size_t n)
{
    p->facts.said = ARENA_ARRAY(b->arena, struct contacts_said, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Note *note = ARENA_NEW(b->arena, Baton__Note);
        baton__note__init(note);
        note->id = arena_printf(b->arena, "0190a8e2-2222-7000-8000-%012u", (unsigned)i);
        note->has_revision = true;
        note->revision = 2;
        note->contact_id = PERSON;
        note->account_id = ACCOUNT;
        Baton__Note *blank = arena_copy(b->arena, note, sizeof *note);
        note->text = "likes tea";
        p->facts.said[i] = (struct contacts_said){row_of(note), "note", &blank->base};
    }
    p->facts.n_said = n;
}

static void merged(struct bench *b, struct person *p, size_t n)
{
    p->facts.merged = ARENA_ARRAY(b->arena, struct contacts_row, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Contact *c = ARENA_NEW(b->arena, Baton__Contact);
        *c = contact_of(i ? arena_printf(b->arena, "0190a8e2-3333-7000-8000-%012u", (unsigned)i) : OLDER,
                        b->arena);
        c->merged_into_id = PERSON;
        p->facts.merged[i] = row_of(c);
    }
    p->facts.n_merged = n;
}

static void account(struct bench *b, struct person *p, char *id, bool is_called, char *merged_into_id)
{
    Baton__Account *a = ARENA_NEW(b->arena, Baton__Account);
    baton__account__init(a);
    a->id = id;
    a->has_revision = true;
    a->revision = 5;
    a->name = is_called ? "Ann Lee" : "Lee and Sons";
    a->merged_into_id = merged_into_id;
    p->facts.accounts[p->facts.n_accounts++] = (struct contacts_named_account){row_of(a), is_called};
}

#endif
