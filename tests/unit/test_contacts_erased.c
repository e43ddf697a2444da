/* Whoever was erased is known as that, whatever became of their contact before. */
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/erase.h"
#include "unit/merge_bench.h"

static void remove_contact(struct shop *s, const char *id)
{
    struct txn *t = store_begin(s->store, true);
    struct key key = key_of(id);
    struct stamp stamp = {.now_us = ++s->now_us, .actor = &s->admin, .ids = &s->ids, .arena = s->arena};
    struct outcome out = {.arena = s->arena};
    record_deleted(table_get_id(t, CONTACTS_CONTACT, id, s->arena), table_seq(t, CONTACTS_CONTACT, &key),
                   &stamp, &out);
    keep(s, t, &out);
    assert_true(store_commit(t));
    arena_reset(s->arena);
}

static bool erase(struct shop *s, char *id)
{
    Baton__ErasePersonRequest q = BATON__ERASE_PERSON_REQUEST__INIT;
    q.contact_id = id;
    q.reason = "they asked for it";
    q.has_confirmed = q.confirmed = true;
    return command(s, contacts_load_erase, contacts_decide_erase, &q);
}

/* What a lead that comes now, and was matched to the contact before, is known to be. */
static bool is_late(struct shop *s, char *contact_id)
{
    struct txn *t = store_begin(s->store, false);
    struct load l = {.txn = t, .arena = s->arena, .now_us = s->now_us};
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__LeadCaptured captured = BATON__LEAD_CAPTURED__INIT;
    lead.matched_contact_id = contact_id;
    captured.lead = &lead;
    const struct command c = {.request = &captured.base, .actor = &s->admin};
    const bool is = ((const struct contacts_lead_facts *)contacts_load_lead_about(&l, &c))->is_erased;
    store_abort(t);
    arena_reset(s->arena);
    return is;
}

static void test_there(void **state)
{
    struct shop *s = shop_new(1);
    assert_false(is_late(s, s->contacts[0]));
    assert_true(erase(s, s->contacts[0]));
    assert_true(is_late(s, s->contacts[0]));
    assert_false(is_late(s, s->contacts[1]));
    assert_false(erase(s, s->contacts[0]));
    shop_free(s);
}

static void test_merged(void **state)
{
    struct shop *s = shop_new(2);
    char *kept = s->contacts[3], *lost = s->contacts[4];
    for (size_t i = 0; i < CONTACTS; i++)
        change(s, CONTACTS_CONTACT, s->contacts[i], "reports_to_id", NULL);
    assert_true(merge(s, true, kept, lost, NULL, 0));
    assert_false(erase(s, lost));
    assert_true(erase(s, kept));
    assert_true(is_late(s, kept));
    assert_true(is_late(s, lost));
    assert_false(unmerge(s, true, lost));
    shop_free(s);
}

static void test_deleted(void **state)
{
    struct shop *s = shop_new(3);
    remove_contact(s, s->contacts[0]);
    remove_contact(s, s->contacts[1]);
    assert_false(is_late(s, s->contacts[0]));
    assert_true(erase(s, s->contacts[0]));
    assert_true(is_late(s, s->contacts[0]));
    assert_false(is_late(s, s->contacts[1]));
    shop_free(s);
}

/* Whether any account or merging says this. */
static bool is_said(struct shop *s, const char *text)
{
    static const unsigned tables[] = {CONTACTS_ACCOUNT, CONTACTS_MERGE};
    struct txn *t = store_begin(s->store, false);
    bool is = false;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct table_scan scan;
        const ProtobufCMessage *row;
        assert_true(table_scan_open(&scan, t, tables[i], NULL, NULL, NULL, false));
        while ((row = table_scan_next(&scan, s->arena))) {
            const struct bytes packed = schema_pack(row, s->arena);
            is |= memmem(packed.data, packed.size, text, strlen(text)) != NULL;
        }
        table_scan_close(&scan);
    }
    store_abort(t);
    arena_reset(s->arena);
    return is;
}

/* An account of the person's own name that another is merged into, or that is merged into another; 20: what
   was taken is not there to be given back. */
static void test_named_account(void **state)
{
    static const struct {
        bool is_kept, takes_name;
    } rows[] = {{true, true}, {true, false}, {false, true}, {false, false}};
    static char address[] = "ann.lee@home.example";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shop *s = shop_new(4 + i);
        char *name = "name", *theirs = s->accounts[0], *other = s->accounts[1];
        for (size_t k = 0; k < ACCOUNTS; k++)
            change(s, CONTACTS_ACCOUNT, s->accounts[k], "parent_id", NULL);
        change(s, CONTACTS_CONTACT, s->contacts[0], "email", address);
        change(s, CONTACTS_CONTACT, s->contacts[0], "account_id", theirs);
        change(s, CONTACTS_ACCOUNT, theirs, "lead_id", s->others[0]);
        change(s, CONTACTS_ACCOUNT, theirs, "name", address);
        char *keep = rows[i].is_kept ? theirs : other, *lose = rows[i].is_kept ? other : theirs;
        assert_true(merge(s, false, keep, lose, &name, rows[i].takes_name));
        assert_true(is_said(s, address));
        assert_true(erase(s, s->contacts[0]));
        assert_false(is_said(s, address));
        assert_int_equal(unmerge(s, false, lose), !rows[i].takes_name);
        if (rows[i].takes_name)
            assert_string_equal(s->no.field, "id");
        assert_false(is_said(s, address));
        shop_free(s);
    }
}

static bool is_written_to(struct shop *s, const char *contact_id)
{
    const struct key prefix = key_of(contact_id);
    struct txn *t = store_begin(s->store, false);
    struct table_scan scan;
    const Baton__TimelineEntry *e;
    bool is = false;
    assert_true(table_scan_under(&scan, t, CONTACTS_TIMELINE, &prefix, NULL, NULL, false));
    while ((e = table_scan_next(&scan, s->arena)))
        is |= e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER;
    table_scan_close(&scan);
    store_abort(t);
    arena_reset(s->arena);
    return is;
}

/* Many who were written to at once, each with as much as a contact may have, are looked at one by one. */
static void test_large(void **state)
{
    enum { MANY = 100, LARGE = 60 << 10 };
    struct shop *s = shop_new(20);
    static char ids[MANY][IDENT_TEXT_SIZE], rest[LARGE + 1], *named[MANY], run_id[IDENT_TEXT_SIZE];
    Baton__LetterRun run = BATON__LETTER_RUN__INIT;
    memset(rest, 'x', LARGE);
    for (size_t i = 0; i < MANY; i++) {
        Baton__Contact c = BATON__CONTACT__INIT;
        c.last_name = arena_printf(s->arena, "Large %zu", i);
        c.vcard_rest = rest;
        contacts_normalize_contact(&(struct contacts_normal_facts){0}, &c, s->arena);
        put(s, &c.base, ids[i]);
        named[i] = ids[i];
    }
    run.contact_ids = named;
    run.n_contact_ids = MANY;
    run.has_in_timelines = run.in_timelines = true;
    put(s, &run.base, run_id);
    assert_true(is_written_to(s, ids[0]));
    assert_true(merge(s, true, ids[0], ids[1], NULL, 0));
    assert_true(is_written_to(s, ids[0]));
    assert_false(is_written_to(s, ids[1]));
    assert_true(unmerge(s, true, ids[1]));
    assert_true(is_written_to(s, ids[0]));
    assert_true(is_written_to(s, ids[1]));
    shop_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_there), cmocka_unit_test(test_merged),
                                       cmocka_unit_test(test_deleted), cmocka_unit_test(test_named_account),
                                       cmocka_unit_test(test_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
