/* quote: a quote of 75 lines on paper, drawn again and again; the median, of a processor. The same as a web
   page, for a peer to make a PDF of. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "schema/schema.h"
#include "services/opportunities/quote_pdf.h"

enum { LINES = 75, ROUNDS = 100, MEMORY = 16 << 20, MINOR_DIGITS = 2, AMOUNT_SIZE = 48 };

static const struct quote_paper paper = {"Relay House Ltd.", "1 Long Road\nTaipei 110"};

static void make_line(Baton__QuoteLine *l, int i, struct arena *a)
{
    baton__quote_line__init(l);
    l->product_code = arena_printf(a, "RELAY-%03d", i);
    l->name = "Relay control module with mounting frame and three years of service on site";
    l->quantity_e4 = (int64_t)(1 + i % 9) * 10000;
    l->unit_price = 123456 + i;
    l->gross = l->net = l->unit_price * (1 + i % 9);
    l->tax_name = "VAT";
    l->tax_percent_e4 = 190000;
    l->tax = l->net * 19 / 100;
}

static Baton__Quote *quote_made(struct arena *a)
{
    Baton__Quote *q = ARENA_NEW(a, Baton__Quote);
    Baton__QuoteTax *tax = ARENA_NEW(a, Baton__QuoteTax);
    baton__quote__init(q);
    baton__quote_tax__init(tax);
    q->head = ARENA_NEW(a, Baton__QuoteHead);
    baton__quote_head__init(q->head);
    q->head->customer_name = "Harbour Works";
    q->head->valid_until = "2026-12-31";
    q->priced_on = "2026-12-01";
    q->currency_code = "EUR";
    q->number = 4711;
    q->version = 1;
    q->lines = ARENA_ARRAY(a, Baton__QuoteLine *, LINES);
    for (q->n_lines = 0; q->n_lines < LINES; q->n_lines++) {
        Baton__QuoteLine *l = q->lines[q->n_lines] = ARENA_NEW(a, Baton__QuoteLine);
        make_line(l, (int)q->n_lines, a);
        q->gross += l->gross;
        q->net += l->net;
        q->tax += l->tax;
    }
    q->total = q->net + q->tax;
    tax->name = "VAT";
    tax->percent_e4 = 190000;
    tax->net = q->net;
    tax->tax = q->tax;
    q->taxes = ARENA_ARRAY(a, Baton__QuoteTax *, 1);
    q->taxes[q->n_taxes++] = tax;
    return q;
}

/* --- the same as a page --- */

static const char *amount(int64_t minor, struct arena *a)
{
    char text[AMOUNT_SIZE];
    quote_amount(text, sizeof text, minor, MINOR_DIGITS);
    return arena_strdup(a, text);
}

static const char style[] =
    "@page{size:A4;margin:2cm;@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages)}}"
    "body{font:9pt sans-serif}h1{font-size:16pt}table{width:100%;border-collapse:collapse}"
    "thead{display:table-header-group}th{text-align:left;border-bottom:1px solid}td{padding:3pt "
    "2pt;vertical-align:top}"
    "tr{break-inside:avoid}.n{text-align:right}";

static void write_page(const Baton__Quote *q, FILE *f, struct arena *a)
{
    fprintf(f, "<!doctype html><meta charset=\"utf-8\"><title>Quote</title><style>%s</style>", style);
    fprintf(f, "<p>%s<br>1 Long Road<br>Taipei 110<h1>Quote Q-04711</h1><p>To %s<p>Date %s, valid until %s",
            paper.name, q->head->customer_name, q->priced_on, q->head->valid_until);
    fputs("<table><thead><tr><th>#<th>Code<th>Product<th class=n>Quantity<th class=n>Unit price<th "
          "class=n>Tax<th class=n>"
          "Amount<tbody>",
          f);
    for (size_t i = 0; i < q->n_lines; i++) {
        const Baton__QuoteLine *l = q->lines[i];
        fprintf(f, "<tr><td>%zu<td>%s<td>%s<td class=n>%lld<td class=n>%s<td class=n>19 %%<td class=n>%s",
                i + 1, l->product_code, l->name, (long long)(l->quantity_e4 / 10000),
                amount(l->unit_price, a), amount(l->net, a));
    }
    fprintf(f, "</table><p class=n>Net %s<br>VAT 19 %% %s<br><b>Total (EUR) %s</b>\n", amount(q->net, a),
            amount(q->tax, a), amount(q->total, a));
}

static bool write_html(const Baton__Quote *q, const char *path, struct arena *a)
{
    FILE *f = fopen(path, "we");
    if (f == NULL)
        return false;
    write_page(q, f, a);
    bool good = !ferror(f);
    return fclose(f) == 0 && good;
}

/* --- the measuring --- */

/* What else the machine does counts in no measure. */
static int64_t processor_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void draw(const Baton__Quote *q, struct buffer *out)
{
    buffer_clear(out);
    bool good = quote_pdf_draw(q, &paper, out);
    assert(good);
}

static void measure(const Baton__Quote *q, double peer_ms)
{
    struct samples s = {0};
    struct buffer out;
    buffer_init(&out, QUOTE_PDF_MAX);
    draw(q, &out); /* loads the library and the fonts */
    for (int i = 0; i < ROUNDS; i++) {
        int64_t begin = processor_us();
        draw(q, &out);
        samples_add(&s, processor_us() - begin);
    }
    bench_remark("quote: %d lines, %zu KiB; fonts and library loaded before, as the peer's are", LINES,
                 out.size >> 10);
    bench_row("quote", samples_ms(&s, 0.5), "ms", peer_ms);
    samples_release(&s);
    buffer_release(&out);
}

int main(int argc, char **argv)
{
    const char *html = drive_option(argc, argv, "html", ""), *peer = drive_option(argc, argv, "peer", "0");
    struct arena *a = arena_new(MEMORY);
    bool good = true;
    schema_load();
    const Baton__Quote *q = quote_made(a);
    if (*html != '\0')
        good = write_html(q, html, a);
    else
        measure(q, strtod(peer, NULL));
    arena_free(a);
    return good ? 0 : 1;
}
