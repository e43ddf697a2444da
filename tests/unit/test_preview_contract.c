/* What contracts seem to say. Numbers are those of contract.c. Against what lawyers have said of real ones:
   precision and recall are printed, and nothing is learned from them. */
#include "unit/preview.h"

#include <csv.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/text.h"
#include "preview/contract.h"

static const char *const sorts[] = {"party", "agreed", "effective", "ends", "term", "renewal", "notice"};

static bool has(const char *text, enum contract_sort sort, const char *value)
{
    struct contract_hint hints[CONTRACT_HINTS_MAX];
    size_t n = contract_read(text, hints);
    for (size_t i = 0; i < n; i++) {
        assert_true(hints[i].at + hints[i].size <= strlen(text) && hints[i].sure <= 100);
        assert_true(text_valid(hints[i].value, strlen(hints[i].value)));
        if (hints[i].sort == sort && strcmp(hints[i].value, value) == 0)
            return true;
    }
    for (size_t i = 0; i < n; i++)
        print_message("%s: %s\n", sorts[hints[i].sort], hints[i].value);
    return false;
}

static void test_says(void **state)
{
    static const struct {
        const char *text;
        enum contract_sort sort;
        const char *value;
    } rows[] = {
        /* 1 */
        {"This Agreement is made as of March 2nd, 2026 by", CONTRACT_AGREED, "2026-03-02"},
        {"entered into this 1s t day of March, 2018 by", CONTRACT_AGREED, "2018-03-01"},
        {"本合約於民國 115 年 3 月 2 日簽訂，自2026年4月1日起生效，至2027年3月31日止。", CONTRACT_EFFECTIVE,
         "2026-04-01"},
        {"雙方訂立本合約：民國 115 年 3 月 2 日", CONTRACT_AGREED, "2026-03-02"},
        {"至2027年3月31日止", CONTRACT_ENDS, "2027-03-31"},
        {"It shall commence on 2 March 2026 and shall expire on 01.02.2027.", CONTRACT_ENDS, "2027-02-01"},
        {"effective as of\n  May 1,\n2020 (the \"Effective Date\")", CONTRACT_EFFECTIVE, "2020-05-01"},
        {"The initial term shall be for a period of twelve (12) months.", CONTRACT_TERM, "12 months"},
        {"shall automatically renew for successive one-year periods", CONTRACT_RENEWAL, "1 year"},
        {"will renew for one (1) year unless either party gives ninety (90) days' written notice",
         CONTRACT_NOTICE, "90 days"},
        {"得於30日前以書面通知終止", CONTRACT_NOTICE, "30 days"},
        {"by and between Example Widgets, Inc., a Delaware corporation (\"Seller\")", CONTRACT_PARTY,
         "Example Widgets, Inc."},
        {"甲方：範例股份有限公司\n乙方：林小姐", CONTRACT_PARTY, "範例股份有限公司"},
        /* 5 */
        {"made on March 2, 2026. The term of it is two years.", CONTRACT_EFFECTIVE, "2026-03-02"},
        {"made on March 2, 2026. The term of it is two years.", CONTRACT_ENDS, "2028-03-02"},
        {"made on January 31, 2026. The term of it is 18 months.", CONTRACT_ENDS, "2027-07-31"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!has(rows[i].text, rows[i].sort, rows[i].value))
            fail_msg("%s: no %s", rows[i].text, rows[i].value);
}

static void test_says_nothing(void **state)
{
    struct contract_hint hints[CONTRACT_HINTS_MAX];
    assert_int_equal(contract_read("", hints), 0);
    assert_int_equal(contract_read("made on February 30, 2026", hints), 0);
    assert_int_equal(contract_read("made on 2026-13-01, expires on 99.99.2026", hints), 0);
    /* 2 */
    assert_int_equal(contract_read("between This Company (\"x\")", hints), 0);
}

static void test_days(void **state)
{
    static const struct {
        const char *text, *effective, *ends, *renewal, *notice;
    } rows[] = {
        {"hello", "", "", "", ""},
        {"made on March 2, 2026. The term of it is two years.", "2026-03-02", "2028-03-02", "", ""},
        {"made on March 2, 2026. It shall expire on 31 May 2027. It will renew for one (1) year unless "
         "either "
         "party gives three (3) months' written notice",
         "2026-03-02", "2027-05-31", "2027-06-01", "2027-02-28"},
        {"It shall expire on 2027-03-15. It will renew for one (1) year unless either party gives thirty "
         "(30) "
         "days' written notice",
         "", "2027-03-15", "2027-03-16", "2027-02-13"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct contract_hint hints[CONTRACT_HINTS_MAX];
        struct contract_days days;
        contract_days_of(hints, contract_read(rows[i].text, hints), &days);
        assert_string_equal(days.effective, rows[i].effective);
        assert_string_equal(days.ends, rows[i].ends);
        assert_string_equal(days.renewal, rows[i].renewal);
        assert_string_equal(days.notice, rows[i].notice);
    }
    char out[CIVIL_SIZE];
    assert_true(contract_move("2024-02-29", "1 year", 1, out));
    assert_string_equal(out, "2025-02-28");
    assert_true(contract_move("2026-01-10", "2 weeks", -1, out));
    assert_string_equal(out, "2025-12-27");
    assert_false(contract_move("9999-12-31", "1 day", 1, out));
    assert_false(contract_move("0001-01-01", "2 months", -1, out));
    assert_false(contract_move("2026-01-10", "99999999999 years", 1, out));
    assert_string_equal(out, "");
}

/* 3 and 4: many, and a text that patterns go back and forth in. */
static void test_bounds(void **state)
{
    enum { LINE = 23 };
    struct contract_hint hints[CONTRACT_HINTS_MAX];
    size_t size = 2 << 20;
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = "A b term renew 1 "[i % 17];
    text[size] = '\0';
    assert_true(contract_read(text, hints) <= CONTRACT_HINTS_MAX);
    for (size_t i = 0; i + LINE < size; i += LINE)
        (void)snprintf(text + i, LINE + 1, "expires on 0%zu.0%zu.20%zu%zu; ", i % 9 + 1, i / 9 % 9 + 1,
                       i % 10, i / 10 % 10);
    assert_int_equal(contract_read(text, hints), CONTRACT_EACH_MAX);
    free(text);
}

/* --- real ones --- */

enum { COLUMNS_MAX = 100, TABLE_MAX = 4 << 20, LIKELY = 45 };

struct labels {
    struct arena *arena;
    size_t column;
    char *head[COLUMNS_MAX], *row[COLUMNS_MAX];
    bool has_head;
    unsigned there[CONTRACT_SORTS], found[CONTRACT_SORTS], first[CONTRACT_SORTS], said[CONTRACT_SORTS],
        right[CONTRACT_SORTS];
    unsigned notices, offered, exact; /* days until which one gives notice: labelled, offered, the same */
};

static const struct {
    enum contract_sort sort;
    const char *column;
} labelled[] = {
    {CONTRACT_PARTY, "Parties-Answer"},
    {CONTRACT_AGREED, "Agreement Date-Answer"},
    {CONTRACT_EFFECTIVE, "Effective Date-Answer"},
    {CONTRACT_ENDS, "Expiration Date-Answer"},
    {CONTRACT_RENEWAL, "Renewal Term-Answer"},
    {CONTRACT_NOTICE, "Notice Period To Terminate Renewal- Answer"},
};

static void on_cell(void *data, size_t size, void *of)
{
    struct labels *l = of;
    if (l->column < COLUMNS_MAX)
        l->row[l->column] = arena_strndup(l->arena, data, size);
    l->column++;
}

static const char *label(const struct labels *l, const char *column)
{
    for (size_t i = 0; i < COLUMNS_MAX && l->head[i]; i++)
        if (strcmp(l->head[i], column) == 0)
            return l->row[i] ? l->row[i] : "";
    return "";
}

/* "3/1/18" as 2018-03-01; "" where it is none. */
static void date_of(const char *label, char date[CIVIL_SIZE])
{
    unsigned month, day, year;
    date[0] = '\0';
    if (sscanf(label, "%2u/%2u/%4u", &month, &day, &year) == 3)
        civil_format(date,
                     &(struct civil){(int)(year < 50    ? year + 2000
                                           : year < 100 ? year + 1900
                                                        : year),
                                     (int)month, (int)day, 0, 0, 0},
                     true);
}

static bool agrees(struct labels *l, enum contract_sort sort, const char *label, const char *value)
{
    char date[CIVIL_SIZE];
    date_of(label, date);
    if (sort == CONTRACT_PARTY) {
        const char *words = text_words(l->arena, value), *all = text_words(l->arena, label);
        return words && all && strstr(all, words);
    }
    if (sort == CONTRACT_RENEWAL || sort == CONTRACT_NOTICE)
        return strstr(label, value) != NULL;
    return strcmp(date, value) == 0;
}

static bool is_labelled(enum contract_sort sort, const char *label)
{
    char date[CIVIL_SIZE];
    date_of(label, date);
    return sort == CONTRACT_AGREED || sort == CONTRACT_EFFECTIVE || sort == CONTRACT_ENDS ? *date != '\0'
                                                                                          : *label != '\0';
}

/* The day until which notice is given, as it follows from the labels, and as it is offered. */
static void look_at_notice(struct labels *l, const struct contract_hint *hints, size_t n)
{
    char ends[CIVIL_SIZE], notice[CIVIL_SIZE];
    struct contract_days days;
    date_of(label(l, "Expiration Date-Answer"), ends);
    contract_days_of(hints, n, &days);
    if (!contract_move(ends, label(l, "Notice Period To Terminate Renewal- Answer"), -1, notice) ||
        strcmp(notice, ends) == 0)
        return;
    l->notices++;
    l->offered += *days.notice != '\0';
    l->exact += strcmp(days.notice, notice) == 0;
    print_message("notice until %s, offered: %s\n", notice, days.notice);
}

static void look_at(struct labels *l, const char *text)
{
    struct contract_hint hints[CONTRACT_HINTS_MAX];
    size_t n = contract_read(text, hints);
    look_at_notice(l, hints, n);
    for (size_t i = 0; i < sizeof labelled / sizeof *labelled; i++) {
        enum contract_sort sort = labelled[i].sort;
        const char *answer = label(l, labelled[i].column);
        bool found = false, is_first = true;
        for (size_t k = 0; k < n; k++) {
            if (hints[k].sort != sort || hints[k].sure < LIKELY)
                continue;
            bool right = agrees(l, sort, answer, hints[k].value);
            l->said[sort] += is_first || sort == CONTRACT_PARTY;
            l->right[sort] += right && (is_first || sort == CONTRACT_PARTY);
            l->first[sort] += right && is_first;
            found |= right;
            is_first = false;
        }
        l->there[sort] += is_labelled(sort, answer);
        l->found[sort] += found && is_labelled(sort, answer);
    }
}

static void on_row(int c, void *of)
{
    struct labels *l = of;
    char folder[PATH_MAX], path[2 * PATH_MAX];
    struct preview_found found;
    struct buffer text = text_room();
    if (!l->has_head) {
        memcpy(l->head, l->row, sizeof l->head);
        l->has_head = true;
    } else if (l->column > 1) {
        (void)snprintf(path, sizeof path, "%s/%s", needs_data("documents/contracts/pdf", folder), l->row[0]);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        assert_true(file >= 0);
        assert_int_equal(preview_text(&sandbox, file, path, &found, &text), PREVIEW_DONE);
        close(file);
        look_at(l, buffer_cstr(&text));
    }
    memset(l->row, 0, sizeof l->row);
    l->column = 0;
    buffer_release(&text);
}

static void test_lawyers(void **state)
{
    char path[PATH_MAX];
    FILE *f = fopen(needs_data("documents/contracts/master_clauses.csv", path), "rbe");
    struct csv_parser parser;
    struct labels l = {.arena = arena_new((size_t)64 << 20)};
    char *table = malloc(TABLE_MAX);
    assert_true(f && table && csv_init(&parser, CSV_APPEND_NULL) == 0);
    size_t n = fread(table, 1, TABLE_MAX, f);
    size_t bom = n > 3 && memcmp(table, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    assert_int_equal(csv_parse(&parser, table + bom, n - bom, on_cell, on_row, &l), n - bom);
    assert_int_equal(csv_fini(&parser, on_cell, on_row, &l), 0);
    csv_free(&parser);
    for (size_t i = 0; i < sizeof labelled / sizeof *labelled; i++) {
        enum contract_sort s = labelled[i].sort;
        print_message(
            "%-9s precision of the surest %u/%u, recall of the surest %u/%u, of all suggested %u/%u\n",
            sorts[s], l.right[s], l.said[s], l.first[s], l.there[s], l.found[s], l.there[s]);
    }
    print_message("notice until a day: %u labelled, %u offered, %u of them right\n", l.notices, l.offered,
                  l.exact);
    /* Less than this would be a defect. */
    assert_true(l.found[CONTRACT_AGREED] * 10 >= l.there[CONTRACT_AGREED] * 6);
    (void)fclose(f); /* only read */
    free(table);
    arena_free(l.arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says),   cmocka_unit_test(test_says_nothing), cmocka_unit_test(test_days),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_lawyers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
