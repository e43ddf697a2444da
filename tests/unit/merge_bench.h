/* A store with accounts, contacts and all that can name them, drawn from a seed, and commands on it as the
   runtime runs them. */
#ifndef BATON_UNIT_MERGE_BENCH_H
#define BATON_UNIT_MERGE_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "contacts/rows.h"
#include "service/apply.h"
#include "service/internal.h"
#include "store/log.h"
#include "unit/decide_bench.h"

enum { CONTACTS = 8, ACCOUNTS = 6, OTHERS = 16, MEMORY = 256 << 20 };

struct shop {
    char dir[64];
    struct store *store;
    void *state;
    struct arena *arena; /* of one command */
    struct ident_source ids;
    Baton__Actor admin;
    int64_t now_us;
    uint64_t random;
    char contacts[CONTACTS][IDENT_TEXT_SIZE], accounts[ACCOUNTS][IDENT_TEXT_SIZE],
        others[OTHERS][IDENT_TEXT_SIZE];
    struct refusal no;
};

static uint64_t draw(struct shop *s, uint64_t below)
{
    s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (s->random >> 33) % below;
}

/* --- commands, as the runtime runs them --- */

static void keep(struct shop *s, struct txn *t, struct outcome *out)
{
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    record.has_time_us = true;
    record.time_us = (uint64_t)s->now_us;
    record.actor = &s->admin;
    record.events = out->events;
    record.n_events = out->n_events;
    if (out->n_events) {
        (void)log_append(t, &record, NULL, s->arena); /* its number is not needed */
        service_apply_live(&contacts_service, t, &record, s->arena, s->state);
    }
}

static bool command(struct shop *s, load_fn *load, decide_fn *decide, const void *request)
{
    struct txn *t = store_begin(s->store, true);
    struct service service = {.def = &contacts_service};
    struct load l = {
        .txn = t, .arena = s->arena, .state = s->state, .now_us = ++s->now_us, .service = &service};
    struct command c = {.request = request, .actor = &s->admin};
    struct stamp stamp = {.now_us = s->now_us, .actor = &s->admin, .ids = &s->ids, .arena = s->arena};
    struct outcome out = {.arena = s->arena};
    bool ok = decide(load(&l, &c), &c, &stamp, &out);
    s->no = out.no;
    if (ok)
        keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
    return ok;
}

static void put(struct shop *s, ProtobufCMessage *row, char id[IDENT_TEXT_SIZE])
{
    struct txn *t = store_begin(s->store, true);
    struct stamp stamp = {.now_us = ++s->now_us, .actor = &s->admin, .ids = &s->ids, .arena = s->arena};
    struct outcome out = {.arena = s->arena};
    (void)record_created(row, &stamp, &out);
    memcpy(id, schema_get_text(row, "id"), IDENT_TEXT_SIZE);
    keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
}

static void change(struct shop *s, unsigned table, const char *id, const char *field, const char *value)
{
    struct txn *t = store_begin(s->store, true);
    struct key key = key_of(id);
    struct stamp stamp = {.now_us = ++s->now_us, .actor = &s->admin, .ids = &s->ids, .arena = s->arena};
    struct outcome out = {.arena = s->arena};
    ProtobufCMessage *row = table_get_id(t, table, id, s->arena),
                     *after = table_get_id(t, table, id, s->arena);
    schema_set_text(after, field, (char *)(uintptr_t)value);
    record_updated(row, table_seq(t, table, &key), after, &stamp, &out);
    keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
}

static bool merge(struct shop *s, bool contacts, char *keep_id, char *lose_id, char **take, size_t n)
{
    Baton__MergeContactsRequest c = BATON__MERGE_CONTACTS_REQUEST__INIT;
    Baton__MergeAccountsRequest a = BATON__MERGE_ACCOUNTS_REQUEST__INIT;
    c.keep_id = a.keep_id = keep_id;
    c.lose_id = a.lose_id = lose_id;
    c.take = a.take = take;
    c.n_take = a.n_take = n;
    return contacts ? command(s, contacts_load_merge_contacts, contacts_decide_merge, &c)
                    : command(s, contacts_load_merge_accounts, contacts_decide_merge, &a);
}

static bool unmerge(struct shop *s, bool contacts, char *id)
{
    Baton__UnmergeContactsRequest c = BATON__UNMERGE_CONTACTS_REQUEST__INIT;
    Baton__UnmergeAccountsRequest a = BATON__UNMERGE_ACCOUNTS_REQUEST__INIT;
    c.id = a.id = id;
    return contacts ? command(s, contacts_load_unmerge_contacts, contacts_decide_unmerge, &c)
                    : command(s, contacts_load_unmerge_accounts, contacts_decide_unmerge, &a);
}

/* --- what there is --- */

static char *one_of(struct shop *s, char ids[][IDENT_TEXT_SIZE], size_t n)
{
    return n && draw(s, 3) ? ids[draw(s, n)] : NULL;
}

static char *word(struct shop *s, const char *what)
{
    return draw(s, 3) ? arena_printf(s->arena, "%s%u", what, (unsigned)draw(s, 5)) : NULL;
}

/* A value of a field that leads to a record. */
static Baton__CustomValue **custom(struct shop *s, char *id, size_t *n)
{
    Baton__CustomValue **all = ARENA_NEW(s->arena, Baton__CustomValue *);
    all[0] = ARENA_NEW(s->arena, Baton__CustomValue);
    baton__custom_value__init(all[0]);
    all[0]->name = "next_to";
    all[0]->reference_id = id;
    *n = id != NULL;
    return all;
}

static void define_custom(struct shop *s, char *record_type)
{
    Baton__CustomField f = BATON__CUSTOM_FIELD__INIT;
    char id[IDENT_TEXT_SIZE];
    f.record_type = f.reference_type = record_type;
    f.name = "next_to";
    f.label = "Next to";
    f.has_kind = true;
    f.kind = BATON__CUSTOM_KIND__CUSTOM_KIND_REFERENCE;
    f.first_used_at = timestamp_of(s->arena, NOW);
    put(s, &f.base, id);
}

static void fill_activity(struct shop *s, char id[IDENT_TEXT_SIZE])
{
    Baton__Activity a = BATON__ACTIVITY__INIT;
    Baton__Attendee attendees[3], *all[3];
    a.subject = "about";
    a.contact_id = one_of(s, s->contacts, CONTACTS);
    a.account_id = one_of(s, s->accounts, ACCOUNTS);
    a.attendees = all;
    a.n_attendees = 3;
    for (size_t i = 0; i < 3; i++) {
        all[i] = &attendees[i];
        baton__attendee__init(all[i]);
        all[i]->contact_id = one_of(s, s->contacts, CONTACTS);
        all[i]->email = all[i]->contact_id ? NULL : "a@b.example";
    }
    put(s, &a.base, id);
}

static void fill_relationship(struct shop *s)
{
    Baton__Relationship r = BATON__RELATIONSHIP__INIT;
    char id[IDENT_TEXT_SIZE];
    size_t from = draw(s, CONTACTS);
    bool is_above = from > 0 && draw(s, 2);
    r.from_contact_id = s->contacts[from];
    r.has_kind = true;
    r.kind = is_above ? BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_REPORTS_TO
                      : BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_ROLE_AT;
    if (is_above)
        r.to_contact_id = s->contacts[draw(s, from)];
    else
        r.to_account_id = s->accounts[draw(s, ACCOUNTS)];
    put(s, &r.base, id);
}

static void fill_plan(struct shop *s, size_t account)
{
    Baton__AccountPlan p = BATON__ACCOUNT_PLAN__INIT;
    Baton__Buyer buyer = BATON__BUYER__INIT, other = BATON__BUYER__INIT, *buyers[] = {&buyer, &other};
    char id[IDENT_TEXT_SIZE];
    p.account_id = s->accounts[account];
    buyer.contact_id = s->contacts[draw(s, CONTACTS)];
    other.contact_id = s->contacts[draw(s, CONTACTS)];
    buyer.has_role = other.has_role = true;
    buyer.role = BATON__BUYING_ROLE__BUYING_ROLE_USER;
    other.role = BATON__BUYING_ROLE__BUYING_ROLE_BLOCKER;
    p.buyers = buyers;
    p.n_buyers = 2;
    put(s, &p.base, id);
}

static void fill_consent(struct shop *s)
{
    Baton__Consent c = BATON__CONSENT__INIT;
    char id[IDENT_TEXT_SIZE];
    c.contact_id = s->contacts[draw(s, CONTACTS)];
    c.has_channel = c.has_state = true;
    c.channel = BATON__CONSENT_CHANNEL__CONSENT_CHANNEL_EMAIL;
    c.state = draw(s, 2) ? BATON__CONSENT_STATE__CONSENT_STATE_GIVEN
                         : BATON__CONSENT_STATE__CONSENT_STATE_WITHDRAWN;
    c.purpose = c.purpose_key = draw(s, 2) ? "letters" : "calls";
    c.source = c.proof = "form";
    c.said_at = timestamp_of(s->arena, NOW - (int64_t)draw(s, 5));
    put(s, &c.base, id);
}

static void fill_view(struct shop *s)
{
    Baton__SavedView v = BATON__SAVED_VIEW__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    Baton__SearchFilter filter = BATON__SEARCH_FILTER__INIT, *filters[] = {&filter};
    char *values[] = {s->accounts[draw(s, ACCOUNTS)], s->accounts[draw(s, ACCOUNTS)]}, id[IDENT_TEXT_SIZE];
    v.name = "theirs";
    v.type = "contact";
    v.search = &search;
    search.filters = filters;
    search.n_filters = 1;
    filter.field = "account_id";
    filter.values = values;
    filter.n_values = 2;
    put(s, &v.base, id);
}

static void fill(struct shop *s)
{
    define_custom(s, "account");
    define_custom(s, "contact");
    for (size_t i = 0; i < ACCOUNTS; i++) {
        Baton__Account a = BATON__ACCOUNT__INIT;
        a.name = arena_printf(s->arena, "Account %zu", i);
        a.website = word(s, "site");
        a.industry = word(s, "industry");
        a.has_is_key_account = a.is_key_account = true;
        a.parent_id = draw(s, 2) ? one_of(s, s->accounts, i) : NULL;
        a.custom = custom(s, one_of(s, s->accounts, i), &a.n_custom);
        contacts_normalize_account(&(struct contacts_normal_facts){0}, &a, s->arena);
        put(s, &a.base, s->accounts[i]);
    }
    for (size_t i = 0; i < CONTACTS; i++) {
        Baton__Contact c = BATON__CONTACT__INIT;
        c.last_name = arena_printf(s->arena, "Name %zu", i);
        c.title = word(s, "title");
        c.department = word(s, "department");
        c.phone = arena_printf(s->arena, "+88622345678%zu", i);
        c.reports_to_id = draw(s, 3) ? NULL : one_of(s, s->contacts, i);
        c.account_id = one_of(s, s->accounts, ACCOUNTS);
        c.custom = custom(s, one_of(s, s->contacts, i), &c.n_custom);
        contacts_normalize_contact(&(struct contacts_normal_facts){0}, &c, s->arena);
        put(s, &c.base, s->contacts[i]);
    }
    for (size_t i = 0; i < OTHERS; i++) {
        Baton__Note n = BATON__NOTE__INIT;
        n.text = "about";
        n.contact_id = one_of(s, s->contacts, CONTACTS);
        n.account_id = one_of(s, s->accounts, ACCOUNTS);
        if (i % 2)
            fill_activity(s, s->others[i]);
        else
            put(s, &n.base, s->others[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        fill_relationship(s);
        fill_consent(s);
        fill_view(s);
    }
    fill_plan(s, 0);
    fill_plan(s, 3);
}

static struct shop *shop_new(uint64_t seed)
{
    struct shop *s = calloc(1, sizeof *s);
    assert_non_null(s);
    schema_load();
    snprintf(s->dir, sizeof s->dir, "%s", "/tmp/baton-merge-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    s->store = store_open(&(struct store_options){
        .dir = s->dir, .no_sync = true, .tables = contacts_tables, .n_tables = CONTACTS_TABLES});
    assert_non_null(s->store);
    log_prepare(s->store, (const uint8_t *)"0123456789abcdef");
    s->arena = arena_new(MEMORY);
    s->state = contacts_state_new();
    s->now_us = NOW;
    s->random = seed;
    ident_source_advance(&s->ids, NOW, (const uint8_t *)"0123456789");
    baton__actor__init(&s->admin);
    s->admin.has_role = true;
    s->admin.role = BATON__ROLE__ROLE_ADMIN;
    fill(s);
    return s;
}

static void shop_free(struct shop *s)
{
    char remove[128];
    store_close(s->store);
    contacts_state_free(s->state);
    arena_free(s->arena);
    snprintf(remove, sizeof remove, "rm -rf '%s'", s->dir);
    assert_int_equal(system(remove), 0);
    free(s);
}

#endif
