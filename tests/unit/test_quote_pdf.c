/* A quote on paper says what the quote says: drawn, and read back by pdftotext (poppler). Lines' amounts add
   up to the total that is printed, in either language, over pages that each have the table's head. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/opportunities/quote_pdf.h"
#include "tests/unit/quote_desk.h"

enum { TEXT_MAX = 1 << 20 };

/* What the PDF says, laid out as it is printed. */
static char *read_back(struct bench *b, const struct buffer *pdf)
{
    char path[] = "/tmp/baton-quote-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, pdf->data, pdf->size), pdf->size);
    close(file);
    char *command = arena_printf(b->arena, "pdftotext -layout '%s' -", path),
         *text = arena_alloc(b->arena, TEXT_MAX);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    text[fread(text, 1, TEXT_MAX - 1, p)] = '\0';
    assert_int_equal(pclose(p), 0);
    assert_int_equal(unlink(path), 0);
    return text;
}

static char *drawn(struct bench *b, const Baton__Quote *q)
{
    const struct quote_paper paper = {"Relay House Ltd.", "1 Long Road\nTaipei 110"};
    struct buffer pdf;
    buffer_init(&pdf, QUOTE_PDF_MAX);
    assert_true(quote_pdf_draw(q, &paper, &pdf));
    char *text = read_back(b, &pdf);
    buffer_release(&pdf);
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

/* The last number of the printed line that begins at `at`, without its commas and its point. */
static int64_t last_number(const char *at)
{
    size_t n = strcspn(at, "\n");
    int64_t value = 0, power = 1;
    while (n && strchr("0123456789,.", at[n - 1])) {
        const char c = at[--n];
        value += c >= '0' && c <= '9' ? power * (c - '0') : 0;
        power *= c >= '0' && c <= '9' ? 10 : 1;
    }
    return value;
}

/* Of all printed lines that begin with a number of a line, "  12  RELAY". */
static int64_t sum_of_lines(const char *text, size_t *n)
{
    int64_t sum = 0;
    *n = 0;
    for (const char *at = text; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
        char *end;
        const unsigned long number = strtoul(at, &end, 10);
        if (*at != '\n' && number == *n + 1 && strncmp(end + strspn(end, " "), "RELAY", 5) == 0) {
            sum += last_number(at);
            ++*n;
        }
    }
    return sum;
}

static void assert_prints(struct bench *b, struct desk *d, const char *language, const char *total,
                          const char *head)
{
    size_t n;
    d->head.language = (char *)language;
    const char *text = drawn(b, &d->quote);
    assert_int_equal(sum_of_lines(text, &n), d->quote.net);
    assert_int_equal(n, d->quote.n_lines);
    const char *said = strstr(text, total);
    assert_non_null(said);
    assert_int_equal(last_number(said), d->quote.total);
    /* one head a page; a page ends with a form feed. The last may have sums alone. */
    const size_t pages = count(text, "\f"), heads = count(text, head);
    assert_true(pages >= 1 && heads >= 1 && heads + 1 >= pages && heads <= pages);
}

static void test_says_the_same(void **state)
{
    struct bench *b = *state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        arena_reset(b->arena);
        struct desk *d = arena_alloc(b->arena, sizeof *d);
        desk_open(d);
        d->facts.n_lines = (size_t)(seed * 10);
        d->facts.has_taxes = seed % 2;
        d->head.country = "DE";
        for (size_t i = 0; i < d->facts.n_lines; i++) {
            d->entries[i].unit_price = (int64_t)(seed * 7919 * (i + 1) % 10000000);
            d->wishes[i].quantity_e4 = (int64_t)(1 + (seed * i) % 50) * 5000;
            d->facts.lines[i].tax = d->facts.has_taxes ? &d->taxes[i % 2] : NULL;
            d->discounts[i][0] = 5 * PERCENT_ONE;
            d->wishes[i].n_discounts_e4 = i % 3 == 0;
        }
        assert_int_equal(priced(b, d, (int64_t)seed).code, REFUSAL_NONE);
        assert_prints(b, d, NULL, "Total (EUR)", "Unit price");
        assert_prints(b, d, "zh-Hant-TW", "總計（EUR）", "單價");
    }
}

/* Two hundred lines with long names, half of them Chinese, fit into one answer. */
static void test_two_hundred(void **state)
{
    struct bench *b = *state;
    struct buffer pdf;
    Baton__Quote q = BATON__QUOTE__INIT;
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    Baton__QuoteLine lines[QUOTE_LINES_MAX], *list[QUOTE_LINES_MAX];
    arena_reset(b->arena);
    for (int i = 0; i < QUOTE_LINES_MAX; i++) {
        baton__quote_line__init(&lines[i]);
        lines[i].product_code = arena_printf(b->arena, "RELAY-%03d", i);
        lines[i].name = i % 2 ? "繼電器控制模組，附安裝支架與三年到府保固服務，含教育訓練"
                              : "Relay control module with mounting frame and three years of service on site";
        lines[i].note = i % 5 ? NULL : "Delivered in the first quarter";
        lines[i].quantity_e4 = 10000;
        lines[i].unit_price = lines[i].gross = lines[i].net = 123456 + i;
        q.net += lines[i].net;
        list[i] = &lines[i];
    }
    q.lines = list;
    q.n_lines = QUOTE_LINES_MAX;
    q.gross = q.total = q.net;
    q.currency_code = "TWD";
    q.head = &head;
    head.language = "zh-Hant";
    buffer_init(&pdf, QUOTE_PDF_MAX);
    const struct quote_paper paper = {"接力棒股份有限公司", "台北市信義區信義路五段七號"};
    assert_true(quote_pdf_draw(&q, &paper, &pdf));
    const char *keep = getenv("BATON_TEST_KEEP_PDF");
    FILE *f = keep ? fopen(keep, "wbe") : NULL;
    if (f)
        assert_true(fwrite(pdf.data, 1, pdf.size, f) == pdf.size && fclose(f) == 0);
    const char *text = read_back(b, &pdf);
    assert_non_null(strstr(text, "RELAY-199"));
    assert_non_null(strstr(text, "接力棒股份有限公司"));
    assert_true(count(text, "\f") > 5);
    buffer_release(&pdf);
    /* what is too small for it is no PDF */
    buffer_init(&pdf, 1000);
    assert_false(quote_pdf_draw(&q, &paper, &pdf));
    buffer_release(&pdf);
}

static void test_amounts(void **state)
{
    static const struct {
        int64_t amount;
        int digits;
        const char *text;
    } rows[] = {{0, 2, "0.00"},
                {5, 2, "0.05"},
                {99999, 2, "999.99"},
                {100000, 2, "1,000.00"},
                {1234567, 0, "1,234,567"},
                {-123456789, 2, "−1,234,567.89"},
                {INT64_C(1000000000000000), 2, "10,000,000,000,000.00"}};
    char text[DECIMAL_SIZE * 2];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        quote_amount(text, sizeof text, rows[i].amount, rows[i].digits);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_says_the_same),
                                              cmocka_unit_test(test_two_hundred),
                                              cmocka_unit_test(test_amounts)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
