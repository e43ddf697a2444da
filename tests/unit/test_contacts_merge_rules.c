/* What stands against a merging, and what follows of it elsewhere; numbers are those of decide_merge.c and
   decide_unmerge.c. */
#include "unit/merge_bench.h"

static void set_key_account(struct shop *s, const char *id, bool is_one)
{
    struct txn *t = store_begin(s->store, true);
    struct key key = key_of(id);
    struct stamp stamp = {.now_us = ++s->now_us, .actor = &s->admin, .ids = &s->ids, .arena = s->arena};
    struct outcome out = {.arena = s->arena};
    Baton__Account *was = table_get_id(t, CONTACTS_ACCOUNT, id, s->arena),
                   *is = table_get_id(t, CONTACTS_ACCOUNT, id, s->arena);
    is->has_is_key_account = is->is_key_account = is_one;
    record_updated(&was->base, table_seq(t, CONTACTS_ACCOUNT, &key), &is->base, &stamp, &out);
    keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
}

static size_t rows_naming(struct shop *s, unsigned table, const char *field, const char *id)
{
    struct txn *t = store_begin(s->store, false);
    struct table_scan scan;
    ProtobufCMessage *row;
    size_t n = 0;
    assert_true(table_scan_open(&scan, t, table, NULL, NULL, NULL, false));
    while ((row = table_scan_next(&scan, s->arena)))
        n += strcmp(schema_get_text(row, field), id) == 0;
    table_scan_close(&scan);
    store_abort(t);
    arena_reset(s->arena);
    return n;
}

/* Two contacts that nothing stands between, and one more. */
static struct shop *three(uint64_t seed)
{
    struct shop *s = shop_new(seed);
    for (size_t i = 0; i < 3; i++) {
        Baton__Contact c = BATON__CONTACT__INIT;
        c.last_name = "Smith";
        put(s, &c.base, s->contacts[i]);
    }
    return s;
}

static void put_relationship(struct shop *s, char *from, char *to_contact, char *to_account,
                             char id[IDENT_TEXT_SIZE])
{
    Baton__Relationship r = BATON__RELATIONSHIP__INIT;
    r.from_contact_id = from;
    r.to_contact_id = to_contact;
    r.to_account_id = to_account;
    r.has_kind = true;
    r.kind = to_contact ? BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_REPORTS_TO
                        : BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_ROLE_AT;
    put(s, &r.base, id);
}

static void assert_not_merged(struct shop *s, bool contacts, char *keep_id, char *lose_id)
{
    assert_false(merge(s, contacts, keep_id, lose_id, NULL, 0));
    assert_int_equal(s->no.code, REFUSAL_FAILED_PRECONDITION);
    assert_string_equal(s->no.field, "lose_id");
}

/* 4: whichever way it is said that one is above the other; 9: nor what the two are to each other */
static void test_above(void **state)
{
    struct shop *s = three(1);
    char *a = s->contacts[0], *b = s->contacts[1], *c = s->contacts[2], id[IDENT_TEXT_SIZE];
    change(s, CONTACTS_CONTACT, b, "reports_to_id", a);
    put_relationship(s, c, b, NULL, id);
    assert_not_merged(s, true, c, a);           /* c is below b is below a */
    assert_true(merge(s, true, a, b, NULL, 0)); /* by its own word: c is below a then */
    assert_true(unmerge(s, true, b));
    change(s, CONTACTS_CONTACT, b, "reports_to_id", NULL);
    put_relationship(s, b, a, NULL, id);
    assert_not_merged(s, true, a, b);
    assert_not_merged(s, true, b, a);
    assert_not_merged(s, true, a, c);
    shop_free(s);
}

/* 13: of contacts, too, and by relationships */
static void test_circle(void **state)
{
    struct shop *s = three(2);
    char *kept = s->contacts[0], *lost = s->contacts[1], *other = s->contacts[2], id[IDENT_TEXT_SIZE];
    change(s, CONTACTS_CONTACT, lost, "reports_to_id", other);
    put_relationship(s, s->contacts[3], lost, NULL, id);
    change(s, CONTACTS_CONTACT, s->contacts[3], "reports_to_id", NULL);
    assert_true(merge(s, true, kept, lost, NULL, 0));
    change(s, CONTACTS_CONTACT, other, "reports_to_id", s->contacts[3]);
    assert_false(unmerge(s, true, lost));
    assert_string_equal(s->no.field, "reports_to_id");
    change(s, CONTACTS_CONTACT, other, "reports_to_id", NULL);
    assert_true(unmerge(s, true, lost));
    shop_free(s);
}

static void put_plan(struct shop *s, char *account_id, char *one, char *two, char id[IDENT_TEXT_SIZE])
{
    Baton__AccountPlan p = BATON__ACCOUNT_PLAN__INIT;
    Baton__Buyer first = BATON__BUYER__INIT, second = BATON__BUYER__INIT, *buyers[] = {&first, &second};
    p.account_id = account_id;
    first.contact_id = one;
    second.contact_id = two;
    first.has_role = second.has_role = true;
    first.role = second.role = BATON__BUYING_ROLE__BUYING_ROLE_USER;
    p.buyers = buyers;
    p.n_buyers = 2;
    put(s, &p.base, id);
}

/* 9: two plans, and one buyer twice in a role; 8: who gets a plan is a key account */
static void test_plans(void **state)
{
    struct shop *s = three(3);
    char *a = s->accounts[1], *b = s->accounts[2], *key[] = {"is_key_account"}, id[IDENT_TEXT_SIZE];
    for (size_t i = 0; i < ACCOUNTS; i++)
        change(s, CONTACTS_ACCOUNT, s->accounts[i], "parent_id", NULL);
    assert_not_merged(s, false, s->accounts[0], s->accounts[3]); /* both have one */
    put_plan(s, b, s->contacts[0], s->contacts[1], id);
    assert_not_merged(s, true, s->contacts[0], s->contacts[1]);
    set_key_account(s, a, false);
    assert_false(merge(s, false, a, b, NULL, 0));
    assert_string_equal(s->no.field, "is_key_account");
    assert_true(merge(s, false, a, b, key, 1));
    assert_int_equal(rows_naming(s, CONTACTS_PLAN, "account_id", a), 1);
    assert_true(unmerge(s, false, b));
    assert_int_equal(rows_naming(s, CONTACTS_PLAN, "account_id", b), 1);
    assert_int_equal(rows_naming(s, CONTACTS_PLAN, "account_id", a), 0);
    shop_free(s);
}

/* 6: of relationships and words of consent one contact has only so many */
static void test_bounds(void **state)
{
    struct shop *s = three(4);
    char *a = s->contacts[0], *b = s->contacts[1], id[IDENT_TEXT_SIZE];
    for (size_t i = 0; i < RELATIONSHIPS_MAX; i++)
        put_relationship(s, a, NULL, s->accounts[0], id);
    assert_true(merge(s, true, a, b, NULL, 0));
    assert_true(unmerge(s, true, b));
    put_relationship(s, b, NULL, s->accounts[0], id);
    assert_not_merged(s, true, a, b);
    shop_free(s);
}

/* A merged contact or account is known again by nothing, and what is to name it names what it has become. */
static void test_hidden(void **state)
{
    struct shop *s = three(5);
    char *kept = s->contacts[3], *lost = s->contacts[4];
    for (size_t i = 0; i < CONTACTS; i++)
        change(s, CONTACTS_CONTACT, s->contacts[i], "reports_to_id", NULL);
    assert_int_equal(rows_naming(s, CONTACTS_PHONE, "record_id", lost), 1);
    assert_int_equal(rows_naming(s, CONTACTS_CONTACT_KEY, "id", lost), 1);
    assert_true(merge(s, true, kept, lost, NULL, 0));
    assert_int_equal(rows_naming(s, CONTACTS_PHONE, "record_id", lost), 0);
    assert_int_equal(rows_naming(s, CONTACTS_CONTACT_KEY, "id", lost), 0);
    struct txn *t = store_begin(s->store, false);
    struct load l = {.txn = t, .arena = s->arena, .now_us = s->now_us};
    Baton__Relationship r = BATON__RELATIONSHIP__INIT;
    struct contacts_redirects now = {0};
    r.from_contact_id = lost;
    r.to_contact_id = s->contacts[0];
    contacts_redirects_load(&l, CONTACTS_RELATIONSHIP, &r.base, &now);
    const Baton__Relationship *is = (const Baton__Relationship *)contacts_redirected(&l, &now, &r.base);
    assert_string_equal(is->from_contact_id, kept);
    assert_string_equal(is->to_contact_id, s->contacts[0]);
    assert_string_equal(r.from_contact_id, lost);
    store_abort(t);
    arena_reset(s->arena);
    assert_true(unmerge(s, true, lost));
    assert_int_equal(rows_naming(s, CONTACTS_PHONE, "record_id", lost), 1);
    assert_int_equal(rows_naming(s, CONTACTS_CONTACT_KEY, "id", lost), 1);
    shop_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_above),  cmocka_unit_test(test_circle), cmocka_unit_test(test_plans),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
