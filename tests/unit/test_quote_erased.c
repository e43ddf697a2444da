/* Quotes to whoever was erased, while all are still looked through for them. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "service/internal.h"
#include "services/opportunities/rows.h"
#include "tests/unit/decide_bench.h"

/* Whose name such a quote has as decisions see it, by its id and when it has expired; NULL: nobody's, and its
   link leads nowhere. */
static void assert_named(struct bench *b, struct txn *t, Baton__Quote *q, const char *name)
{
    struct service service = {.def = &opportunities_service};
    struct load l = {.txn = t, .arena = b->arena, .now_us = NOW, .service = &service};
    Baton__RejectQuoteRequest by_id = BATON__REJECT_QUOTE_REQUEST__INIT;
    Baton__Actor admin = BATON__ACTOR__INIT;
    admin.has_role = true;
    admin.role = BATON__ROLE__ROLE_ADMIN;
    by_id.quote_id = q->id;
    const struct {
        load_fn *load;
        const void *request;
    } rows[] = {{opportunities_load_quote, &by_id}, {opportunities_load_quote_due, q}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct command c = {.request = rows[i].request, .actor = &admin};
        const struct quote_facts *f = rows[i].load(&l, &c);
        assert_non_null(f->quote);
        assert_string_equal(f->quote->head->language, "en");
        if (name)
            assert_string_equal(f->quote->head->customer_name, name);
        else
            assert_null(f->quote->head->customer_name);
    }
    assert_int_equal(opportunities_quote_by_link(&l, "00ff") != NULL, name != NULL);
}

/* Until all quotes to whoever was erased have been looked through, nothing decided says again who it was. */
static void test_erasing(void **state)
{
    struct bench *b = *state;
    char dir[] = "/tmp/baton-quotes-XXXXXX", command[64], hash[HASH_TEXT_SIZE];
    char *others[] = {ID(2)}, *theirs[] = {ID(3), ID(1)};
    Baton__Quote q = BATON__QUOTE__INIT;
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    Baton__QuoteLink link = BATON__QUOTE_LINK__INIT;
    Baton__QuoteErasure row = BATON__QUOTE_ERASURE__INIT;
    assert_non_null(mkdtemp(dir));
    struct store *store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = opportunities_tables, .n_tables = OPPORTUNITIES_TABLES});
    struct txn *t = store_begin(store, true);
    hash_text(hash, "00ff");
    q.id = link.quote_id = ID(5);
    q.contact_id = ID(1);
    q.head = &head;
    head.customer_name = "Zelda";
    head.language = "en";
    link.hash = hash;
    row.id = "7";
    row.contact_ids = others;
    row.n_contact_ids = 1;
    table_put(t, OPPORTUNITIES_QUOTE, &q, 1, b->arena);
    table_put(t, OPPORTUNITIES_QUOTE_LINK, &link, 1, b->arena);
    assert_named(b, t, &q, "Zelda");
    table_put(t, OPPORTUNITIES_QUOTE_ERASURE, &row, 2, b->arena);
    assert_named(b, t, &q, "Zelda");
    row.id = "8";
    row.contact_ids = theirs;
    row.n_contact_ids = 2;
    table_put(t, OPPORTUNITIES_QUOTE_ERASURE, &row, 3, b->arena);
    assert_named(b, t, &q, NULL);
    store_abort(t);
    store_close(store);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir); /* fits */
    assert_int_equal(system(command), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_erasing)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
