/* A quote as a page that needs no script, in English or Traditional Chinese. */
#include <string.h>

#include "base/money.h"
#include "form_html.h"
#include "quote.h"

enum { PAGE_MAX = 2 << 20 };

static const char POLICY[] = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
                             "frame-ancestors 'none'";

enum word {
    QUOTE,
    PRODUCT,
    QUANTITY,
    PRICE,
    AMOUNT,
    NET,
    TAX,
    TOTAL,
    VALID,
    PAPER,
    NAME,
    ACCEPT,
    REASON,
    DECLINE,
    ACCEPTED,
    DECLINED,
    EXPIRED,
    WORDS
};
static const char *const words[2][WORDS] = {
    {"Quote", "Product", "Quantity", "Unit price", "Amount", "Net", "Tax", "Total", "Valid until", "As PDF",
     "Your name", "Accept", "Why not (if you like)", "Decline", "You have accepted this quote. Thank you.",
     "You have declined this quote.", "This quote has expired."},
    {"報價單", "品名", "數量", "單價", "金額", "未稅金額", "稅額", "總計", "有效期限", "PDF 檔", "您的姓名",
     "接受報價", "婉拒原因（可不填）", "婉拒報價", "您已接受此報價，謝謝。", "您已婉拒此報價。",
     "此報價已逾有效期限。"},
};

struct page {
    struct buffer out;
    const Baton__Quote *q;
    const char *const *words;
    int digits;
};

static void raw(struct page *p, const char *html)
{
    (void)buffer_text(&p->out, html); /* whether all of it fitted is seen in the end */
}

static void text(struct page *p, const char *s)
{
    form_html_text(&p->out, s ? s : "");
}

static void cell(struct page *p, const char *tag, const char *s)
{
    (void)buffer_printf(&p->out, "<%s>", tag);
    text(p, s);
    (void)buffer_printf(&p->out, "</%s>", tag);
}

static void amount(struct page *p, int64_t minor_units)
{
    char s[DECIMAL_SIZE];
    decimal_format(s, minor_units, p->digits < 0 ? 0 : p->digits);
    cell(p, "td", s);
}

static void head(struct page *p)
{
    const Baton__QuoteHead *h = p->q->head;
    const char *title = p->words[QUOTE];
    (void)buffer_printf(&p->out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                        p->words == words[1] ? "zh-Hant" : "en");
    raw(p, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<link rel=\"stylesheet\" href=\"/form.css\">\n<title>");
    text(p, title);
    (void)buffer_printf(&p->out, " Q-%05llu</title>\n</head>\n<body>\n<main>\n<h1>",
                        (unsigned long long)p->q->number);
    text(p, title);
    (void)buffer_printf(&p->out, " Q-%05llu</h1>\n", (unsigned long long)p->q->number);
    if (h && h->customer_name)
        cell(p, "p", h->customer_name);
    if (h && h->valid_until) {
        raw(p, "<p>");
        text(p, p->words[VALID]);
        raw(p, ": ");
        text(p, h->valid_until);
        raw(p, "</p>\n");
    }
}

static void table(struct page *p)
{
    static const enum word columns[] = {PRODUCT, QUANTITY, PRICE, AMOUNT};
    raw(p, "<table>\n<thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        cell(p, "th", p->words[columns[i]]);
    raw(p, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < p->q->n_lines; i++) {
        const Baton__QuoteLine *line = p->q->lines[i];
        char quantity[DECIMAL_SIZE];
        decimal_format_short(quantity, line->quantity_e4, QUANTITY_DIGITS);
        raw(p, "<tr>");
        cell(p, "td", line->name);
        cell(p, "td", quantity);
        amount(p, line->unit_price);
        amount(p, line->net);
        raw(p, "</tr>\n");
    }
    raw(p, "</tbody>\n<tfoot>\n");
}

static void sums(struct page *p)
{
    const struct {
        enum word word;
        int64_t amount;
    } rows[] = {{NET, p->q->net}, {TAX, p->q->tax}, {TOTAL, p->q->total}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        raw(p, "<tr><th colspan=\"3\">");
        text(p, p->words[rows[i].word]);
        raw(p, rows[i].word == TOTAL ? " " : "");
        text(p, rows[i].word == TOTAL ? p->q->currency_code : "");
        raw(p, "</th>");
        amount(p, rows[i].amount);
        raw(p, "</tr>\n");
    }
    raw(p, "</tfoot>\n</table>\n");
}

static void form(struct page *p, const char *token, const char *answer, enum word field, enum word button)
{
    (void)buffer_printf(&p->out,
                        "<form method=\"post\" action=\"/quotes/%s\">\n"
                        "<input type=\"hidden\" name=\"answer\" value=\"%s\">\n<label>",
                        token, answer);
    text(p, p->words[field]);
    (void)buffer_printf(&p->out, " <input name=\"%s\" maxlength=\"60\"%s></label>\n<button>",
                        field == NAME ? "name" : "reason", field == NAME ? " required" : "");
    text(p, p->words[button]);
    raw(p, "</button>\n</form>\n");
}

static void answers(struct page *p, const char *token)
{
    switch ((int)p->q->status) {
    case BATON__QUOTE_STATUS__QUOTE_STATUS_SENT:
        form(p, token, "accept", NAME, ACCEPT);
        form(p, token, "decline", REASON, DECLINE);
        break;
    case BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED:
        cell(p, "p", p->words[ACCEPTED]);
        break;
    case BATON__QUOTE_STATUS__QUOTE_STATUS_DECLINED:
        cell(p, "p", p->words[DECLINED]);
        break;
    default:
        cell(p, "p", p->words[EXPIRED]);
    }
}

void quote_page(struct request *r, const Baton__Quote *q, const char *token)
{
    const char *language = q->head ? q->head->language : NULL;
    struct page p = {.q = q,
                     .words = words[language && strncmp(language, "zh", 2) == 0],
                     .digits = money_digits(q->currency_code)};
    struct refusal no;
    buffer_init(&p.out, PAGE_MAX);
    head(&p);
    table(&p);
    sums(&p);
    (void)buffer_printf(&p.out, "<p><a href=\"/quotes/%s.pdf\">", token);
    text(&p, p.words[PAPER]);
    raw(&p, "</a></p>\n");
    answers(&p, token);
    raw(&p, "</main>\n</body>\n</html>\n");
    if (p.out.overflow) {
        buffer_release(&p.out);
        (void)refuse(&no, REFUSAL_INTERNAL, NULL, "the quote is too large for a page");
        return answer_refusal(r, &no);
    }
    struct MHD_Response *response = answer_new(r, "text/html; charset=utf-8", &p.out);
    MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    answer_headers(r, response);
    request_send(r, MHD_HTTP_OK, response);
}
