/* Erasing a person. Records that say something of them stay without it; they themselves, and whoever was
   merged into them, stay as an id. Rules are numbered; tests/unit/test_contacts_erase.c has the same
   numbers. */
#include "services/contacts/erase.h"

#include <string.h>

#include "base/text.h"
#include "schema/personal.h"

static const char ERASED[] = "Erased";

/* --- whether --- */

static bool is_name(const char *typed, const char *name, struct arena *a)
{
    const char *x = typed ? text_fold(a, typed) : NULL, *y = name ? text_fold(a, name) : NULL;
    return x && y && strcmp(x, y) == 0;
}

static bool may_erase(const struct contacts_erase_facts *f, struct outcome *out)
{
    const Baton__Contact *c = (const Baton__Contact *)f->contact.row;
    /* 1: there is somebody, here or in the log */
    if (!c && !f->was_deleted)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    if (c && c->erased_at && !f->n_said)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id", "they have been erased already");
    /* 2: whoever was merged goes with whom they are now */
    if (c && c->merged_into_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id",
                      "it has been merged into another; erase that one, or take it apart first");
    /* 3: not as long as it must be kept */
    if (f->held)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id",
                      "the %s is under legal hold%s%s; that has to end first", f->held,
                      f->held_reason ? ": " : "", f->held_reason ? f->held_reason : "");
    return !f->too_many ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id",
                  "more than %d contacts have been merged into this one; take some apart first",
                  CONTACTS_MERGED_ERASED);
}

static bool is_meant(const struct contacts_erase_facts *f, const Baton__ErasePersonRequest *q,
                     struct outcome *out)
{
    /* 4: it is said why */
    if (!text_trim(out->arena, q->reason))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "it has to be said why");
    /* 5: and that it is meant: by their name, or by yes */
    if (!q->confirmed && !is_name(q->confirm_name, f->name, out->arena))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "confirm_name",
                      "this cannot be undone: type the contact's name, or say yes");
    return true;
}

/* --- what is said of it --- */

static void count(Baton__ErasePersonResponse *r, const char *type, size_t n, struct arena *a)
{
    for (size_t i = 0; i < r->n_counts; i++)
        if (strcmp(r->counts[i]->type, type) == 0) {
            r->counts[i]->count += (uint32_t)n;
            return;
        }
    if (!n)
        return;
    Baton__ErasedCount *c = r->counts[r->n_counts++] = ARENA_NEW(a, Baton__ErasedCount);
    baton__erased_count__init(c);
    c->type = arena_strdup(a, type);
    c->has_count = true;
    c->count = (uint32_t)n;
}

/* 12: where there is more than is changed at once, the rest is another command's */
static bool is_more(const struct contacts_erase_facts *f)
{
    return f->more_said || f->n_said + 2 * f->n_merged > CONTACTS_ERASED_EVENTS;
}

static size_t said_at_once(const struct contacts_erase_facts *f)
{
    return f->n_said < CONTACTS_ERASED_AT_ONCE ? f->n_said : CONTACTS_ERASED_AT_ONCE;
}

static Baton__ErasePersonResponse *reply_of(const struct contacts_erase_facts *f, struct arena *a)
{
    enum { OTHERS = 8 };
    const bool more = is_more(f);
    Baton__ErasePersonResponse *r = ARENA_NEW(a, Baton__ErasePersonResponse);
    baton__erase_person_response__init(r);
    r->counts = ARENA_ARRAY(a, Baton__ErasedCount *, f->n_said + OTHERS);
    count(r, "contact", more ? 0 : 1 + f->n_merged, a);
    for (size_t i = 0; i < said_at_once(f); i++)
        count(r, f->said[i].type, 1, a);
    count(r, "lead", more ? 0 : f->n_lead_ids, a);
    count(r, "account", more ? 0 : f->n_accounts, a);
    r->has_more = true;
    r->more = more;
    return r;
}

/* --- what comes of it --- */

/* 6: what says something of them says it no more */
static void blank(const struct contacts_said *said, struct stamp *s, struct outcome *out)
{
    record_updated(said->at.row, said->at.seq, said->blank, s, out);
}

/* Nothing is kept of how good it was. */
static void forget_quality(const char *id, struct outcome *out)
{
    Baton__QualityJudged *e = ARENA_NEW(out->arena, Baton__QualityJudged);
    baton__quality_judged__init(e);
    e->quality = ARENA_NEW(out->arena, Baton__Quality);
    baton__quality__init(e->quality);
    e->quality->record_id = (char *)(uintptr_t)id;
    outcome_event(out, e);
}

/* 7: of the contact an id is left, and when it was erased */
static void erase(const struct contacts_row *r, struct stamp *s, struct outcome *out)
{
    const Baton__Contact *was = (const Baton__Contact *)r->row;
    Baton__Contact *c = ARENA_NEW(s->arena, Baton__Contact);
    baton__contact__init(c);
    c->id = was->id;
    c->has_revision = was->has_revision;
    c->revision = was->revision;
    c->created_at = was->created_at;
    c->erased_at = timestamp_of(s->arena, s->now_us);
    record_updated(r->row, r->seq, &c->base, s, out);
    forget_quality(c->id, out);
}

/* 8: an account that is called like them has another name, which is said with a new key; one that was called
   like them keeps the name it has now, and nobody reads what it was called before */
static void rename_account(const struct contacts_named_account *n, struct stamp *s, struct outcome *out)
{
    const struct contacts_row *r = &n->at;
    const Baton__Account *was = (const Baton__Account *)r->row;
    Baton__PersonErased *e = ARENA_NEW(out->arena, Baton__PersonErased);
    baton__person_erased__init(e);
    e->account_ids = ARENA_NEW(out->arena, char *);
    e->account_ids[e->n_account_ids++] = was->id;
    outcome_event(out, e);
    Baton__Account *a = arena_copy(s->arena, personal_without(r->row, was->id, s->arena), sizeof *a);
    a->name = n->is_called ? (char *)(uintptr_t)ERASED : was->name;
    record_said_again(r->row, r->seq, &a->base, s, out);
    if (was->merged_into_id) /* otherwise it is judged anew */
        forget_quality(was->id, out);
}

static void clear_pairs(const struct contacts_erase_facts *f, struct outcome *out)
{
    for (size_t i = 0; i < f->n_pairs; i++) {
        Baton__DuplicateCleared *e = ARENA_NEW(out->arena, Baton__DuplicateCleared);
        baton__duplicate_cleared__init(e);
        e->pair_id = f->pairs[i]->id;
        outcome_event(out, e);
    }
}

/* 9: behind all other events: what the log says of these so far is read by nobody from now on */
static void person_erased(const struct contacts_erase_facts *f, const Baton__ErasePersonRequest *q,
                          struct outcome *out)
{
    Baton__PersonErased *e = ARENA_NEW(out->arena, Baton__PersonErased);
    baton__person_erased__init(e);
    e->contact_ids = ARENA_ARRAY(out->arena, char *, f->n_merged + 1);
    e->contact_ids[e->n_contact_ids++] = q->contact_id;
    for (size_t i = 0; i < f->n_merged; i++)
        e->contact_ids[e->n_contact_ids++] = (char *)(uintptr_t)schema_get_text(f->merged[i].row, "id");
    e->lead_ids = f->lead_ids;
    e->n_lead_ids = f->n_lead_ids;
    e->reason = text_trim(out->arena, q->reason);
    outcome_event(out, e);
}

bool contacts_decide_erase(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_erase_facts *f = facts;
    const Baton__ErasePersonRequest *q = (const Baton__ErasePersonRequest *)c->request;
    if (!may_erase(f, out) || (!q->preview && !is_meant(f, q, out)))
        return false;
    out->reply = &reply_of(f, s->arena)->base;
    /* 11: whoever only asks changes nothing */
    if (q->preview)
        return true;
    for (size_t i = 0; i < said_at_once(f); i++)
        blank(&f->said[i], s, out);
    if (is_more(f))
        return true;
    for (size_t i = 0; i < f->n_merged; i++)
        erase(&f->merged[i], s, out);
    clear_pairs(f, out);
    sharing_end(&f->shares, s, out);
    for (size_t i = 0; i < f->n_accounts; i++)
        rename_account(&f->accounts[i], s, out);
    if (f->contact.row)
        erase(&f->contact, s, out);
    person_erased(f, q, out);
    return true;
}

bool contacts_lead_erased(const char *lead_id, struct outcome *out)
{
    /* 10: of somebody who has been erased already, the lead alone is left to be erased */
    Baton__PersonErased *e = ARENA_NEW(out->arena, Baton__PersonErased);
    baton__person_erased__init(e);
    e->lead_ids = ARENA_NEW(out->arena, char *);
    e->lead_ids[e->n_lead_ids++] = (char *)(uintptr_t)lead_id;
    outcome_event(out, e);
    return true;
}
