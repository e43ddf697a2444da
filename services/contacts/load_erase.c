/* Facts for erasing a person: everything that says something of them. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "schema/personal.h"
#include "services/contacts/erase.h"
#include "services/contacts/rows.h"

/* --- who they are --- */

size_t contacts_merged_load(struct load *l, const char *id, struct contacts_row *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0;; i++) {
        struct table_scan scan;
        const Baton__RecordMerge *m;
        if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", id, NULL, false))
            return n;
        while (n < room && (m = table_scan_next(&scan, l->arena))) {
            struct contacts_row r = contacts_row_of(l, CONTACTS_CONTACT, m->id, NULL);
            if (r.row)
                out[n++] = r;
        }
        table_scan_close(&scan);
        if (i == n || n == room)
            return n;
        id = schema_get_text(out[i].row, "id");
    }
}

/* One more than can be erased at once is enough. */
static void merged_load(struct load *l, const char *id, struct contacts_erase_facts *f)
{
    f->merged = ARENA_ARRAY(l->arena, struct contacts_row, CONTACTS_MERGED_ERASED + 1);
    f->n_merged = contacts_merged_load(l, id, f->merged, CONTACTS_MERGED_ERASED + 1);
    f->too_many = f->n_merged > CONTACTS_MERGED_ERASED;
}

static void held_by(const void *row, const char *type, struct contacts_erase_facts *f)
{
    if (f->held || !row || !schema_get_int(row, "legal_hold"))
        return;
    f->held = type;
    f->held_reason = schema_get_text(row, "legal_hold_reason");
}

static bool is_called(const char *name, const char *of, struct arena *a)
{
    const char *x = name ? text_fold(a, name) : NULL, *y = of ? text_fold(a, of) : NULL;
    return x && y && strcmp(x, y) == 0;
}

/* What a record is called and was, as its changes in the timeline say. */
static size_t names_load(struct load *l, const char *id, const char **names)
{
    enum { SCRATCH = 1 << 20 };
    struct table_scan scan;
    const struct key under = key_of(id);
    const Baton__TimelineEntry *e;
    size_t n = 0;
    if (!table_scan_under(&scan, l->txn, CONTACTS_TIMELINE, &under, NULL, NULL, false))
        return 0;
    struct arena *scratch = arena_new(SCRATCH);
    for (; n < CONTACTS_ERASED_NAMES && (e = table_scan_next(&scan, scratch)); arena_reset(scratch))
        if (e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_CHANGE && e->title)
            names[n++] = arena_strdup(l->arena, e->title);
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

static bool is_among(const char *name, const char *const *names, size_t n, struct arena *a)
{
    for (size_t i = 0; i < n; i++)
        if (is_called(name, names[i], a))
            return true;
    return false;
}

struct names {
    const char *of[CONTACTS_ERASED_NAMES + 4];
    size_t n;
};

/* An account has its name from a lead, or from another that was merged into it. */
static bool took_name(struct load *l, const char *id)
{
    struct table_scan scan;
    const Baton__RecordMerge *m;
    bool took = false;
    if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", id, NULL, false))
        return false;
    while (!took && (m = table_scan_next(&scan, l->arena)))
        for (size_t i = 0; i < m->n_fields; i++)
            took |= strcmp(m->fields[i], "name") == 0;
    table_scan_close(&scan);
    return took;
}

/* A lead without a company became an account of the person's own name. */
static void account_load(struct load *l, const char *id, const struct names *theirs,
                         struct contacts_erase_facts *f)
{
    struct names its;
    const struct contacts_row r = contacts_row_of(l, CONTACTS_ACCOUNT, id, NULL);
    const Baton__Account *account = (const Baton__Account *)r.row;
    for (size_t i = 0; i < f->n_accounts; i++)
        if (strcmp(schema_get_text(f->accounts[i].at.row, "id"), id) == 0)
            return;
    if (!account || f->n_accounts == CONTACTS_ERASED_ACCOUNTS || (!account->lead_id && !took_name(l, id)))
        return;
    const bool is_called = is_among(account->name, theirs->of, theirs->n, l->arena);
    bool was = is_called;
    its.n = names_load(l, id, its.of);
    for (size_t i = 0; i < its.n && !was; i++)
        was = is_among(its.of[i], theirs->of, theirs->n, l->arena);
    if (was)
        f->accounts[f->n_accounts++] = (struct contacts_named_account){r, is_called};
}

/* With those that were merged into it. */
static void account_tree(struct load *l, const char *id, const struct names *theirs,
                         struct contacts_erase_facts *f)
{
    const char *ids[CONTACTS_ERASED_ACCOUNTS] = {id};
    size_t n = 1;
    for (size_t i = 0; i < n; i++) {
        struct table_scan scan;
        const Baton__RecordMerge *m;
        account_load(l, ids[i], theirs, f);
        if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", ids[i], NULL, false))
            continue;
        while (n < CONTACTS_ERASED_ACCOUNTS && (m = table_scan_next(&scan, l->arena)))
            ids[n++] = m->id;
        table_scan_close(&scan);
    }
}

/* The account they are with, and those that their leads are about. */
static void accounts_load(struct load *l, const Baton__Contact *c, struct contacts_erase_facts *f)
{
    struct names theirs = {{contacts_name(c, l->arena), c->email, c->phone, c->mobile_phone}, 4};
    theirs.n += names_load(l, c->id, theirs.of + theirs.n);
    if (c->account_id)
        account_tree(l, c->account_id, &theirs, f);
    for (size_t i = 0; i < f->n_lead_ids; i++) {
        const Baton__Placing *p = table_get_id(l->txn, CONTACTS_PLACING, f->lead_ids[i], l->arena);
        for (size_t k = 0; p && k < p->n_timeline; k++)
            account_tree(l, p->timeline[k]->about_id, &theirs, f);
    }
}

/* --- what says something of them --- */

struct saying {
    struct load *l;
    struct contacts_erase_facts *f;
    const char *id;
};

static bool is_there(const struct contacts_erase_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n_said; i++)
        if (strcmp(schema_get_text(f->said[i].at.row, "id"), id) == 0)
            return true;
    return false;
}

static void add_said(const struct saying *s, unsigned table, ProtobufCMessage *row)
{
    struct contacts_erase_facts *f = s->f;
    const char *id = schema_get_text(row, "id");
    const ProtobufCMessage *blank = personal_without(row, s->id, s->l->arena);
    if (blank == row || is_there(f, id))
        return;
    struct key key = key_of(id);
    f->said[f->n_said++] = (struct contacts_said){{row, table_seq(s->l->txn, table, &key), RECORD_HIDDEN},
                                                  table_name(txn_store(s->l->txn), table),
                                                  (ProtobufCMessage *)(uintptr_t)blank};
}

static bool is_full(const struct contacts_erase_facts *f)
{
    return f->n_said > CONTACTS_ERASED_AT_ONCE;
}

static void said_with(const struct saying *s, const struct contacts_naming *n)
{
    struct table_scan scan;
    ProtobufCMessage *row;
    if (!table_scan_open(&scan, s->l->txn, n->table, n->field, s->id, NULL, false))
        return;
    while (!is_full(s->f) && (row = table_scan_next(&scan, s->l->arena)))
        add_said(s, n->table, row);
    table_scan_close(&scan);
}

static void said_inside(const struct saying *s)
{
    struct table_scan scan;
    const Baton__NamedInside *in;
    struct key under = key_of(s->id);
    if (!table_scan_under(&scan, s->l->txn, CONTACTS_NAMED_INSIDE, &under, NULL, NULL, false))
        return;
    while (!is_full(s->f) && (in = table_scan_next(&scan, s->l->arena))) {
        unsigned table = (unsigned)table_number(txn_store(s->l->txn), in->type);
        ProtobufCMessage *row = table_get_id(s->l->txn, table, in->record_id, s->l->arena);
        if (row && table != CONTACTS_CONTACT)
            add_said(s, table, row);
    }
    table_scan_close(&scan);
}

static void said_load(struct load *l, const char *id, struct contacts_erase_facts *f)
{
    const struct saying s = {l, f, id};
    for (size_t i = 0; i < contacts_naming_n; i++) {
        const struct contacts_naming *n = &contacts_naming[i];
        if (n->type && strcmp(n->type, "contact") == 0 && !contacts_is_inside(n->field))
            said_with(&s, n);
    }
    said_inside(&s);
}

/* --- what else goes --- */

static void pairs_load(struct load *l, const char *id, struct contacts_erase_facts *f)
{
    static const char *const ends[] = {"first_id", "second_id"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct table_scan scan;
        const Baton__DuplicatePair *p;
        if (!table_scan_open(&scan, l->txn, CONTACTS_PAIR, ends[i], id, NULL, false))
            continue;
        while (f->n_pairs < CONTACTS_ERASED_PAIRS && (p = table_scan_next(&scan, l->arena)))
            f->pairs[f->n_pairs++] = p;
        table_scan_close(&scan);
    }
}

static void add_lead(const char *id, struct contacts_erase_facts *f, struct arena *a)
{
    if (!id || f->n_lead_ids == CONTACTS_ERASED_LEADS)
        return;
    for (size_t i = f->n_lead_ids > 8 ? f->n_lead_ids - 8 : 0; i < f->n_lead_ids; i++)
        if (strcmp(f->lead_ids[i], id) == 0)
            return;
    f->lead_ids[f->n_lead_ids++] = arena_strdup(a, id);
}

/* Leads of a known contact stand in its timeline from the moment they came. */
static void leads_load(struct load *l, const char *id, struct contacts_erase_facts *f)
{
    enum { SCRATCH = 1 << 20 };
    struct table_scan scan;
    const struct key under = key_of(id);
    const Baton__TimelineEntry *e;
    const Baton__Contact *c = table_get_id(l->txn, CONTACTS_CONTACT, id, l->arena);
    add_lead(c ? c->lead_id : NULL, f, l->arena);
    if (!table_scan_under(&scan, l->txn, CONTACTS_TIMELINE, &under, NULL, NULL, false))
        return;
    struct arena *scratch = arena_new(SCRATCH);
    for (; (e = table_scan_next(&scan, scratch)); arena_reset(scratch))
        if (e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD)
            add_lead(e->record_id, f, l->arena);
    table_scan_close(&scan);
    arena_free(scratch);
}

bool contacts_was_deleted(struct load *l, const char *id)
{
    const Baton__GoneRecord *g = table_get_id(l->txn, CONTACTS_GONE, id, l->arena);
    return g && strcmp(g->type, "contact") == 0;
}

static void person_load(struct load *l, const char *id, struct contacts_erase_facts *f)
{
    said_load(l, id, f);
    pairs_load(l, id, f);
    leads_load(l, id, f);
}

void *contacts_load_erase(struct load *l, const struct command *c)
{
    const Baton__ErasePersonRequest *q = (const Baton__ErasePersonRequest *)c->request;
    struct contacts_erase_facts *f = ARENA_NEW(l->arena, struct contacts_erase_facts);
    f->contact = contacts_row_of(l, CONTACTS_CONTACT, q->contact_id, c->actor);
    f->was_deleted = !f->contact.row && contacts_was_deleted(l, q->contact_id);
    if (!f->contact.row && !f->was_deleted)
        return f;
    f->said = ARENA_ARRAY(l->arena, struct contacts_said, CONTACTS_ERASED_AT_ONCE + 1);
    f->lead_ids = ARENA_ARRAY(l->arena, char *, CONTACTS_ERASED_LEADS);
    merged_load(l, q->contact_id, f);
    person_load(l, q->contact_id, f);
    contacts_shares_load(l, q->contact_id, &f->shares);
    for (size_t i = 0; i < f->n_merged; i++) {
        held_by(f->merged[i].row, "contact", f);
        person_load(l, schema_get_text(f->merged[i].row, "id"), f);
    }
    f->more_said = is_full(f);
    if (!f->contact.row)
        return f;
    const Baton__Contact *contact = (const Baton__Contact *)f->contact.row;
    f->name = contacts_name(contact, l->arena);
    held_by(contact, "contact", f);
    if (contact->account_id)
        held_by(table_get_id(l->txn, CONTACTS_ACCOUNT, contact->account_id, l->arena), "account", f);
    accounts_load(l, contact, f);
    return f;
}

void *contacts_load_lead_about(struct load *l, const struct command *c)
{
    const bool is_captured = c->request->descriptor == &baton__lead_captured__descriptor;
    const Baton__Lead *lead = is_captured ? ((const Baton__LeadCaptured *)c->request)->lead : NULL;
    const char *id = !is_captured ? ((const Baton__LeadConverted *)c->request)->contact_id
                     : lead       ? lead->matched_contact_id
                                  : NULL;
    struct contacts_lead_facts *f = ARENA_NEW(l->arena, struct contacts_lead_facts);
    f->is_erased = id && contacts_is_erased(l, contacts_now(l, id));
    return f;
}
