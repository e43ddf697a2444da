/* Merging and taking apart over a real store: what was merged and taken apart again is as it was, in any
   order in which it can be; numbers are those of decide_merge.c and decide_unmerge.c. */
#include "unit/merge_bench.h"

enum { ROUNDS = 100, MERGES = 9 };
/* Records, and what is made of them. */
static const unsigned tables[] = {
    CONTACTS_ACCOUNT,      CONTACTS_CONTACT,     CONTACTS_ACTIVITY, CONTACTS_NOTE,
    CONTACTS_RELATIONSHIP, CONTACTS_PLAN,        CONTACTS_CONSENT,  CONTACTS_CONSENT_IN_FORCE,
    CONTACTS_SAVED_VIEW,   CONTACTS_CONTACT_KEY, CONTACTS_AGENDA,   CONTACTS_PHONE,
    CONTACTS_NAMED_INSIDE, CONTACTS_ACCOUNT_KEY, CONTACTS_MERGE,
};
enum { TYPES = sizeof tables / sizeof *tables };

static void forget_changes(ProtobufCMessage *row)
{
    static const char *const fields[] = {"revision", "updated_at"};
    const struct schema_message *m = schema_message(row->descriptor);
    for (size_t i = 0; i < 2; i++)
        if (schema_field(m, fields[i]))
            schema_clear(row, schema_field(m, fields[i]));
    if (m->pb == &baton__consent_in_force__descriptor)
        forget_changes(&((Baton__ConsentInForce *)row)->consent->base);
}

/* Every row, but for how often and when it was changed. */
static struct buffer picture(struct shop *s)
{
    struct buffer b;
    struct txn *t = store_begin(s->store, false);
    buffer_init(&b, MEMORY);
    for (size_t i = 0; i < TYPES; i++) {
        struct table_scan scan;
        ProtobufCMessage *row;
        assert_true(table_scan_open(&scan, t, tables[i], NULL, NULL, NULL, false));
        while ((row = table_scan_next(&scan, s->arena))) {
            forget_changes(row);
            struct bytes packed = schema_pack(row, s->arena);
            (void)buffer_add(&b, packed.data, packed.size); /* overflow is asserted below */
        }
        table_scan_close(&scan);
    }
    store_abort(t);
    arena_reset(s->arena);
    assert_false(b.overflow);
    return b;
}

static bool is_merged(struct txn *t, const char *id, struct arena *a)
{
    const Baton__Contact *c = id ? table_get_id(t, CONTACTS_CONTACT, id, a) : NULL;
    const Baton__Account *account = id ? table_get_id(t, CONTACTS_ACCOUNT, id, a) : NULL;
    return (c && c->merged_into_id) || (account && account->merged_into_id);
}

/* Nothing names what is merged, but itself. */
static void references_hold(struct shop *s)
{
    struct txn *t = store_begin(s->store, false);
    for (size_t i = 0; i < contacts_naming_n; i++) {
        struct table_scan scan;
        ProtobufCMessage *row;
        char **values[CONTACTS_VALUES_MAX];
        assert_true(table_scan_open(&scan, t, contacts_naming[i].table, NULL, NULL, NULL, false));
        while ((row = table_scan_next(&scan, s->arena))) {
            size_t n = contacts_values(row, contacts_naming[i].field, values);
            for (size_t k = 0; k < n; k++)
                assert_false(is_merged(t, *values[k], s->arena) &&
                             strcmp(*values[k], schema_get_text(row, "id")) != 0);
        }
        table_scan_close(&scan);
    }
    store_abort(t);
    arena_reset(s->arena);
}

/* --- any mergings, taken apart in any order --- */

struct merging {
    bool contacts;
    char *id;
};

static bool merge_some(struct shop *s, struct merging *m)
{
    static char *const of_contact[] = {"title",         "department", "account_id",
                                       "reports_to_id", "last_name",  "custom"},
                       *const of_account[] = {"website", "industry", "parent_id", "name", "custom"};
    m->contacts = draw(s, 2);
    size_t n = m->contacts ? CONTACTS : ACCOUNTS, fields = m->contacts ? 6 : 5, n_take = 0;
    char *take[6], *keep_id = m->contacts ? s->contacts[draw(s, n)] : s->accounts[draw(s, n)];
    m->id = m->contacts ? s->contacts[draw(s, n)] : s->accounts[draw(s, n)];
    for (size_t i = 0; i < fields; i++)
        if (draw(s, 3) == 0)
            take[n_take++] = m->contacts ? of_contact[i] : of_account[i];
    return merge(s, m->contacts, keep_id, m->id, take, n_take);
}

static void take_all_apart(struct shop *s, struct merging *all, size_t n)
{
    for (size_t tries = 0; n; tries++) {
        size_t i = draw(s, n);
        if (unmerge(s, all[i].contacts, all[i].id))
            all[i] = all[--n];
        references_hold(s);
        if (tries > 2000)
            fail_msg("seed cannot be taken apart: %s %s", s->no.field, s->no.message);
    }
}

static void test_any_order(void **state)
{
    size_t merged = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct shop *s = shop_new(seed);
        struct buffer before = picture(s), after;
        struct merging all[MERGES];
        size_t n = 0;
        for (int i = 0; i < 3 * MERGES && n < MERGES; i++) {
            n += merge_some(s, &all[n]);
            references_hold(s);
        }
        merged += n;
        take_all_apart(s, all, n);
        after = picture(s);
        assert_int_equal(before.size, after.size);
        assert_memory_equal(before.data, after.data, before.size);
        buffer_release(&before);
        buffer_release(&after);
        shop_free(s);
    }
    print_message("%zu mergings\n", merged);
    assert_true(merged > ROUNDS * MERGES / 2);
}

/* --- what has been done since --- */

static void test_since(void **state)
{
    struct shop *s = shop_new(1);
    char *title[] = {"title"}, *kept = s->contacts[0], *lost = s->contacts[7];
    change(s, CONTACTS_CONTACT, kept, "reports_to_id", NULL);
    change(s, CONTACTS_CONTACT, lost, "reports_to_id", NULL);
    change(s, CONTACTS_CONTACT, lost, "title", "Head");
    change(s, CONTACTS_CONTACT, kept, "title", NULL);
    assert_true(merge(s, true, kept, lost, title, 1));
    /* 3: neither can be merged once more */
    assert_false(merge(s, true, s->contacts[3], lost, NULL, 0));
    assert_string_equal(s->no.field, "lose_id");
    assert_false(merge(s, true, lost, s->contacts[3], NULL, 0));
    assert_string_equal(s->no.field, "keep_id");
    /* 12: what was taken has been changed */
    change(s, CONTACTS_CONTACT, kept, "title", "Boss");
    assert_false(unmerge(s, true, lost));
    assert_int_equal(s->no.code, REFUSAL_FAILED_PRECONDITION);
    assert_string_equal(s->no.field, "title");
    change(s, CONTACTS_CONTACT, kept, "title", "Head");
    /* 14: what it did not take stays */
    change(s, CONTACTS_CONTACT, kept, "department", "Sales");
    assert_true(unmerge(s, true, lost));
    struct txn *t = store_begin(s->store, false);
    const Baton__Contact *c = table_get_id(t, CONTACTS_CONTACT, kept, s->arena);
    assert_null(c->title);
    assert_string_equal(c->department, "Sales");
    store_abort(t);
    /* 15 */
    assert_false(unmerge(s, true, lost));
    assert_int_equal(s->no.code, REFUSAL_FAILED_PRECONDITION);
    shop_free(s);
}

static void test_refused(void **state)
{
    struct shop *s = shop_new(2);
    char *nothing[] = {"nothing"}, *id[] = {"id"}, *twice[] = {"title", "title"}, *empty[] = {"birthday"};
    char *a = s->contacts[0], *b = s->contacts[1];
    change(s, CONTACTS_CONTACT, a, "reports_to_id", NULL);
    change(s, CONTACTS_CONTACT, b, "reports_to_id", NULL);
    change(s, CONTACTS_CONTACT, b, "title", "Head");
    const struct {
        int rule;
        char *keep, *lose, **take;
        size_t n;
        const char *field;
    } rows[] = {
        {1, ID(1), b, NULL, 0, "keep_id"}, {1, a, ID(1), NULL, 0, "lose_id"}, {4, a, a, NULL, 0, "lose_id"},
        {5, a, b, nothing, 1, "take"},     {5, a, b, id, 1, "take"},          {5, a, b, twice, 2, "take"},
        {5, a, b, empty, 1, "take"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_false(merge(s, true, rows[i].keep, rows[i].lose, rows[i].take, rows[i].n));
        assert_string_equal(s->no.field, rows[i].field);
    }
    /* 4: neither is above the other, however far */
    change(s, CONTACTS_ACCOUNT, s->accounts[0], "parent_id", NULL);
    change(s, CONTACTS_ACCOUNT, s->accounts[1], "parent_id", s->accounts[0]);
    change(s, CONTACTS_ACCOUNT, s->accounts[2], "parent_id", s->accounts[1]);
    assert_false(merge(s, false, s->accounts[2], s->accounts[0], NULL, 0));
    assert_string_equal(s->no.field, "lose_id");
    assert_true(merge(s, false, s->accounts[0], s->accounts[2], NULL, 0));
    /* 2 */
    s->admin.role = BATON__ROLE__ROLE_SERVICE;
    assert_true(!merge(s, true, a, b, NULL, 0) && s->no.code == REFUSAL_PERMISSION_DENIED);
    shop_free(s);
}

/* 13: what was below it is above it now */
static void test_circle(void **state)
{
    struct shop *s = shop_new(3);
    char *lost = s->accounts[1], *kept = s->accounts[0], *above = s->accounts[2], *below = s->accounts[3];
    change(s, CONTACTS_ACCOUNT, kept, "parent_id", NULL);
    change(s, CONTACTS_ACCOUNT, above, "parent_id", NULL);
    change(s, CONTACTS_ACCOUNT, lost, "parent_id", above);
    change(s, CONTACTS_ACCOUNT, below, "parent_id", lost);
    assert_true(merge(s, false, kept, lost, NULL, 0));
    change(s, CONTACTS_ACCOUNT, above, "parent_id", below);
    assert_false(unmerge(s, false, lost));
    assert_string_equal(s->no.field, "parent_id");
    change(s, CONTACTS_ACCOUNT, above, "parent_id", NULL);
    assert_true(unmerge(s, false, lost));
    shop_free(s);
}

static void note_lead(struct shop *s, const char *lead_id, const char *contact_id)
{
    struct txn *t = store_begin(s->store, true);
    struct outcome out = {.arena = s->arena};
    Baton__TimelineNoted *e = ARENA_NEW(s->arena, Baton__TimelineNoted);
    Baton__TimelineEntry *x = ARENA_NEW(s->arena, Baton__TimelineEntry);
    baton__timeline_noted__init(e);
    baton__timeline_entry__init(x);
    x->about_id = (char *)(uintptr_t)contact_id;
    x->has_kind = x->has_at_us = true;
    x->kind = BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD;
    x->at_us = 1;
    e->record_id = x->record_id = (char *)(uintptr_t)lead_id;
    e->entries = &x;
    e->n_entries = 1;
    outcome_event(&out, e);
    keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
}

/* Whose timeline has the lead. */
static void assert_noted(struct shop *s, const char *lead_id, const char *contact_id)
{
    struct txn *t = store_begin(s->store, false);
    struct table_scan scan;
    const Baton__TimelineEntry *e;
    size_t n = 0;
    assert_true(table_scan_open(&scan, t, CONTACTS_TIMELINE, NULL, NULL, NULL, false));
    while ((e = table_scan_next(&scan, s->arena)))
        if (strcmp(e->record_id, lead_id) == 0) {
            assert_string_equal(e->about_id, contact_id);
            n++;
        }
    table_scan_close(&scan);
    store_abort(t);
    arena_reset(s->arena);
    assert_int_equal(n, 1);
}

/* 7, 14: what other services' records were about is in the timeline of what that has become, whatever they
   say later. */
static void test_noted(void **state)
{
    struct shop *s = shop_new(6);
    char *kept = s->contacts[0], *lost = s->contacts[1], *last = s->contacts[2];
    for (size_t i = 0; i < 3; i++)
        change(s, CONTACTS_CONTACT, s->contacts[i], "reports_to_id", NULL);
    note_lead(s, ID(1), lost);
    note_lead(s, ID(2), kept);
    assert_true(merge(s, true, kept, lost, NULL, 0));
    assert_noted(s, ID(1), kept);
    note_lead(s, ID(1), lost);
    note_lead(s, ID(3), lost);
    assert_noted(s, ID(1), kept);
    assert_noted(s, ID(3), kept);
    assert_true(merge(s, true, last, kept, NULL, 0));
    assert_noted(s, ID(1), last);
    assert_noted(s, ID(2), last);
    assert_true(unmerge(s, true, lost));
    assert_noted(s, ID(1), lost);
    assert_noted(s, ID(3), lost);
    assert_noted(s, ID(2), last);
    assert_true(unmerge(s, true, kept));
    assert_noted(s, ID(2), kept);
    shop_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order), cmocka_unit_test(test_since), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_circle),    cmocka_unit_test(test_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
