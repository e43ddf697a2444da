/* Documents are found by what is typed, what they are about and their days; the numbers are those of the
   comments in query_list.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "calm/drill.h"
#include "services/documents/rows.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"
#define OTHER "0190a8e2-1111-7000-8000-000000000002"
#define FIRM  "0190a8e2-1111-7000-8000-000000000003"

/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000);

static int set_up(void **state)
{
    *state = drill_new(&documents_service, START, OWNER);
    return 0;
}

static int tear_down(void **state)
{
    drill_free(*state);
    return 0;
}

static Baton__Document *document(struct drill *d, const char *title, char *account_id, char *tag,
                                 const char *notice_on)
{
    Baton__Document row = BATON__DOCUMENT__INIT;
    row.title = (char *)(uintptr_t)title;
    row.notice_on = (char *)(uintptr_t)notice_on;
    row.account_ids = &account_id;
    row.n_account_ids = account_id != NULL;
    row.tags = &tag;
    row.n_tags = tag != NULL;
    return drill_record(d, true, &row);
}

/* Their titles, with commas between. */
static const char *titles(struct drill *d, const Baton__ListDocumentsRequest *q)
{
    const Baton__ListDocumentsResponse *p = drill_ask(d, "DocumentService/ListDocuments", q);
    char *all = arena_strdup(d->arena, "");
    for (size_t i = 0; i < p->n_documents; i++)
        all = arena_printf(d->arena, "%s%s%s", all, i ? "," : "", p->documents[i]->title);
    return all;
}

static void fill(struct drill *d)
{
    (void)document(d, "lease north", FIRM, "rent", "2026-09-30"); /* found below */
    (void)document(d, "lease south", OTHER, "rent", "2026-06-30");
    (void)document(d, "price list", FIRM, NULL, NULL);
    (void)document(d, "supply", NULL, "buy", "2026-06-29");
}

static void test_filters(void **state)
{
    struct drill *d = *state;
    static const struct {
        const char *query, *field, *value, *found;
    } rows[] = {
        {NULL, NULL, NULL, "supply,price list,lease south,lease north"},
        {"lease", NULL, NULL, "lease south,lease north"},
        {NULL, "account_ids", FIRM, "price list,lease north"},
        {"lea", "account_ids", FIRM, "lease north"},
        {NULL, "tags", "rent", "lease south,lease north"},
        {NULL, "type", "DOCUMENT_TYPE_OTHER", "supply,price list,lease south,lease north"},
        {NULL, "type", "DOCUMENT_TYPE_NDA", ""},
        {NULL, "status", "DOCUMENT_STATUS_DRAFT", "supply,price list,lease south,lease north"},
        {NULL, "owner_id", OTHER, ""},
    };
    fill(d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__ListDocumentsRequest q = BATON__LIST_DOCUMENTS_REQUEST__INIT;
        Baton__Search search = BATON__SEARCH__INIT;
        Baton__SearchFilter filter = BATON__SEARCH_FILTER__INIT, *filters[] = {&filter};
        char *value = (char *)(uintptr_t)rows[i].value;
        q.search = &search;
        search.query = (char *)(uintptr_t)rows[i].query;
        search.has_order = true;
        search.order = BATON__SEARCH_ORDER__SEARCH_ORDER_NEWEST;
        filter.field = (char *)(uintptr_t)rows[i].field;
        filter.values = &value;
        filter.n_values = 1;
        search.filters = filters;
        search.n_filters = rows[i].field != NULL;
        assert_string_equal(titles(d, &q), rows[i].found);
    }
    Baton__ListDocumentsRequest q = BATON__LIST_DOCUMENTS_REQUEST__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    q.search = &search;
    search.has_order = true;
    search.order = BATON__SEARCH_ORDER__SEARCH_ORDER_NAME;
    assert_string_equal(titles(d, &q), "lease north,lease south,price list,supply");
}

/* 3 */
static void test_days(void **state)
{
    struct drill *d = *state;
    Baton__ListDocumentsRequest q = BATON__LIST_DOCUMENTS_REQUEST__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    Baton__SearchFilter filter = BATON__SEARCH_FILTER__INIT, *filters[] = {&filter};
    char *value = "rent";
    fill(d);
    q.day_field = "notice_on";
    assert_string_equal(titles(d, &q), "supply,lease south,lease north");
    q.day_before = "2026-09-30";
    assert_string_equal(titles(d, &q), "supply,lease south");
    q.day_from = "2026-06-30";
    assert_string_equal(titles(d, &q), "lease south");
    q.day_from = q.day_before = NULL;
    q.search = &search;
    filter.field = "tags";
    filter.values = &value;
    filter.n_values = 1;
    search.filters = filters;
    search.n_filters = 1;
    assert_string_equal(titles(d, &q), "lease south,lease north");
    search.n_filters = 0;
    search.query = "lease";
    q.day_before = "2026-09-01";
    assert_string_equal(titles(d, &q), "lease south");
    q.day_field = "renewal_on";
    q.day_before = search.query = NULL;
    assert_string_equal(titles(d, &q), "");
    q.day_field = "notice_on";
    q.has_page_size = true;
    q.page_size = 2;
    const Baton__ListDocumentsResponse *p = drill_ask(d, "DocumentService/ListDocuments", &q);
    assert_int_equal(p->n_documents, 2);
    q.page_token = p->next_page_token;
    assert_string_equal(titles(d, &q), "lease north");
}

/* What is found is what there is now. */
static void test_changes(void **state)
{
    struct drill *d = *state;
    Baton__ListDocumentsRequest q = BATON__LIST_DOCUMENTS_REQUEST__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    Baton__Document row = BATON__DOCUMENT__INIT;
    Baton__DeleteRecordRequest delete = BATON__DELETE_RECORD_REQUEST__INIT;
    delete.id = row.id = document(d, "lease", NULL, NULL, NULL)->id;
    q.search = &search;
    search.query = "lease";
    assert_string_equal(titles(d, &q), "lease");
    row.title = "licence";
    (void)drill_record(d, false, &row); /* it is not refused */
    assert_string_equal(titles(d, &q), "");
    search.query = "licence";
    assert_string_equal(titles(d, &q), "licence");
    delete.type = "document";
    (void)drill_ask(d, "RecordService/DeleteRecord", &delete); /* it is not refused */
    assert_string_equal(titles(d, &q), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
