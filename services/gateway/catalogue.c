/* The catalogue of a price book as files: GET /v1/catalogue/BOOK.pdf, .html and .csv for who works here (BOOK
   is an id or a code), /c/TOKEN, .pdf, .html and .csv for whoever has the link, whose address stays. With
   ?version=... it is that version or none: what is superseded says so and leads to the current one. */
#include "baton/v1/catalogue.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/cell.h"
#include "base/ident.h"
#include "base/money.h"
#include "form.h"
#include "form_page.h"
#include "head_file.h"
#include "http.h"

enum { PAGE_MAX = 16 << 20, CSV_MAX = 8 << 20, ADDRESS_SIZE = 160, TAG_SIZE = 128, NAME_SIZE = 65 };
enum { HAVE_MAX = 400 }; /* as the schema has it */

static const char OWN[] = "CatalogueService/GetCatalogue", BY_LINK[] = "CatalogueService/GetCatalogueByLink";

enum word {
    CATALOGUE,
    AS_OF,
    VERSION,
    PRODUCT,
    UNIT,
    PRICE,
    OFFER,
    OTHERS,
    THIS_VERSION,
    SUPERSEDED,
    CURRENT,
    GONE,
    FROM,
    THEN,
    WORDS
};
static const char *const words[2][WORDS] = {
    {"Catalogue", "Valid as of", "Version", "Product", "Unit", "Price", "Offer", "Others",
     "The address of this version", "This version of the catalogue is superseded.", "The current catalogue",
     "There is nothing here, or not any more.", "from ", ": "},
    {"產品型錄", "價格基準日", "版次", "品名", "單位", "單價", "優惠", "其他", "此版本的網址",
     "此版本的型錄已被新版取代。", "現行型錄", "此連結不存在或已失效。", "", " 起："},
};

static void answer_pdf(struct request *r, const Baton__Catalogue *c);
static void answer_html(struct request *r, const Baton__Catalogue *c);
static void answer_csv(struct request *r, const Baton__Catalogue *c);

static const struct format {
    const char *suffix;
    void (*answer)(struct request *r, const Baton__Catalogue *c);
    bool is_pdf;
} formats[] = {
    {".pdf", answer_pdf, true},
    {".html", answer_html, false},
    {".csv", answer_csv, false},
};
enum { FORMATS = sizeof formats / sizeof *formats, HTML = 1 };

/* --- what is asked for --- */

static bool is_link(const struct request *r)
{
    return strcmp(r->route->pattern, "/c/*") == 0;
}

/* What the path ends with, and what stands in front of it; NULL: it is no such path. A link alone is a page.
 */
static const struct format *format_of(const struct request *r, char name[NAME_SIZE])
{
    const char *end = strrchr(r->rest, '.');
    const size_t n = end ? (size_t)(end - r->rest) : strlen(r->rest);
    if (!n || n >= NAME_SIZE)
        return NULL;
    memcpy(name, r->rest, n);
    name[n] = '\0';
    if (is_link(r) && (n != HASH_TEXT_SIZE - 1 || strspn(name, "0123456789abcdef") != n))
        return NULL;
    for (size_t i = 0; end && i < FORMATS; i++)
        if (strcmp(end, formats[i].suffix) == 0)
            return &formats[i];
    return is_link(r) && !end ? &formats[HTML] : NULL;
}

static const char *language_of(const struct request *r)
{
    char room[FORM_LANGUAGE_SIZE];
    const char *language = form_language(r, room);
    return language && strncmp(language, "zh", 2) == 0 ? "zh-Hant" : "en";
}

static const char *const *words_for(const struct request *r)
{
    return words[strcmp(language_of(r), "en") != 0];
}

/* --- answers --- */

static void refuse_as_page(struct request *r, const struct refusal *no)
{
    request_drop_body(r);
    if (is_link(r) && no->code == REFUSAL_NOT_FOUND)
        form_page_plain(r, MHD_HTTP_NOT_FOUND, language_of(r), words_for(r)[CATALOGUE], words_for(r)[GONE]);
    else
        answer_refusal(r, no);
}

/* Without a suffix. */
static void address(const struct request *r, const Baton__Catalogue *c, char out[ADDRESS_SIZE])
{
    char name[NAME_SIZE];
    (void)format_of(r, name); /* it is one */
    (void)snprintf(out, ADDRESS_SIZE, "%s%s", is_link(r) ? "/c/" : "/v1/catalogue/",
                   is_link(r) ? name : c->price_book_id); /* fits */
}

static void answer_superseded(struct request *r, const Baton__Catalogue *c, const struct format *f)
{
    const char *const *w = words_for(r);
    char at[ADDRESS_SIZE];
    struct buffer html;
    buffer_init(&html, PAGE_MAX);
    address(r, c, at);
    (void)buffer_printf(&html, "<p class=\"text\">%s</p>\n<p><a href=\"", w[SUPERSEDED]);
    form_html_text(&html, at);
    (void)buffer_printf(&html, "%s\">%s</a></p>\n", f->suffix, w[CURRENT]);
    form_page_with(r, MHD_HTTP_GONE, language_of(r), w[CATALOGUE], &html);
}

static void send_file(struct request *r, const char *type, const char *name, struct buffer *out,
                      const Baton__Catalogue *c)
{
    char tag[TAG_SIZE];
    (void)snprintf(tag, sizeof tag, "\"%s.%s.%s.%s\"", c->version, c->as_of, language_of(r),
                   strrchr(name, '.') + 1); /* fits */
    const bool is_same = head_tag_listed(request_header(r, "If-None-Match"), tag);
    if (is_same)
        buffer_clear(out);
    struct MHD_Response *response = answer_new(r, type, out);
    char disposition[TAG_SIZE];
    (void)snprintf(disposition, sizeof disposition, "inline; filename=\"%s\"", name); /* fits */
    MHD_add_response_header(response, "Content-Disposition", disposition);
    MHD_add_response_header(response, "ETag", tag);
    MHD_add_response_header(response, "Cache-Control", "private, no-cache");
    answer_headers(r, response);
    request_send(r, is_same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

static void answer_pdf(struct request *r, const Baton__Catalogue *c)
{
    struct buffer out;
    buffer_init(&out, c->pdf.len ? c->pdf.len : 1);
    (void)buffer_add(&out, c->pdf.data, c->pdf.len); /* it fits; nothing where the caller has it */
    send_file(r, "application/pdf", "catalogue.pdf", &out, c);
}

/* --- as a table of cells --- */

static void amount_text(char text[DECIMAL_SIZE], const Baton__Catalogue *c, int64_t minor_units)
{
    const int digits = money_digits(c->currency_code);
    decimal_format(text, minor_units, digits < 0 ? 0 : digits);
}

/* "10=9.50;100=8.00" */
static char *tiers_text(const Baton__Catalogue *c, const Baton__CatalogueLine *line, struct arena *a)
{
    char quantity[DECIMAL_SIZE], price[DECIMAL_SIZE], *all = "";
    for (size_t i = 0; i < line->n_tiers; i++) {
        decimal_format_short(quantity, line->tiers[i]->from_quantity_e4, QUANTITY_DIGITS);
        amount_text(price, c, line->tiers[i]->unit_price);
        all = arena_printf(a, "%s%s%s=%s", all, i ? ";" : "", quantity, price);
    }
    return all;
}

/* "2=A-1;1=B-7" */
static char *parts_text(const Baton__CatalogueLine *line, struct arena *a)
{
    char quantity[DECIMAL_SIZE], *all = "";
    for (size_t i = 0; i < line->n_parts; i++) {
        decimal_format_short(quantity, line->parts[i]->quantity_e4, QUANTITY_DIGITS);
        all = arena_printf(a, "%s%s%s=%s", all, i ? ";" : "", quantity, line->parts[i]->code);
    }
    return all;
}

static void answer_csv(struct request *r, const Baton__Catalogue *c)
{
    static const char *const columns[] = {"family", "code",    "name",        "unit",  "currency",
                                          "price",  "offer",   "offer_price", "tiers", "parts",
                                          "as_of",  "version", NULL};
    struct arena *a = r->gateway->arena; /* the catalogue is in it, too */
    struct buffer out;
    buffer_init(&out, CSV_MAX);
    for (size_t i = 0; columns[i]; i++)
        cell_add(&out, columns[i], i == 0, a);
    (void)buffer_text(&out, "\r\n"); /* all of it fits: the service's answer is bounded */
    for (size_t i = 0; i < c->n_lines; i++) {
        const Baton__CatalogueLine *line = c->lines[i];
        char price[DECIMAL_SIZE], left[DECIMAL_SIZE] = "";
        amount_text(price, c, line->price);
        if (line->has_offer_price)
            amount_text(left, c, line->offer_price);
        const char *const cells[] = {line->family,
                                     line->code,
                                     line->name,
                                     line->unit,
                                     c->currency_code,
                                     price,
                                     line->offer_code,
                                     left,
                                     tiers_text(c, line, a),
                                     parts_text(line, a),
                                     c->as_of,
                                     c->version};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            cell_add(&out, cells[k] ? cells[k] : "", k == 0, a);
        (void)buffer_text(&out, "\r\n"); /* as above */
    }
    send_file(r, "text/csv; charset=utf-8; header=present", "catalogue.csv", &out, c);
}

/* --- as a page --- */

static void add_cell(struct buffer *out, const char *tag, const char *text)
{
    (void)buffer_printf(out, "<%s>", tag);
    form_html_text(out, text ? text : "");
    (void)buffer_printf(out, "</%.2s>", tag);
}

static void add_amount(struct buffer *out, const Baton__Catalogue *c, int64_t minor_units)
{
    char text[DECIMAL_SIZE];
    amount_text(text, c, minor_units);
    add_cell(out, "td class=\"amount\"", text);
}

/* What is in it, and what it costs where more are bought. */
static void add_name(struct buffer *out, const Baton__Catalogue *c, const Baton__CatalogueLine *line,
                     const char *const *w)
{
    char quantity[DECIMAL_SIZE], price[DECIMAL_SIZE];
    (void)buffer_text(out, "<td>");
    form_html_text(out, line->name ? line->name : "");
    for (size_t i = 0; i < line->n_parts; i++) {
        decimal_format_short(quantity, line->parts[i]->quantity_e4, QUANTITY_DIGITS);
        (void)buffer_printf(out, "<br>%s × ", quantity);
        form_html_text(out, line->parts[i]->code);
        (void)buffer_text(out, " ");
        form_html_text(out, line->parts[i]->name ? line->parts[i]->name : "");
    }
    for (size_t i = 0; i < line->n_tiers; i++) {
        decimal_format_short(quantity, line->tiers[i]->from_quantity_e4, QUANTITY_DIGITS);
        amount_text(price, c, line->tiers[i]->unit_price);
        (void)buffer_printf(out, "%s%s%s%s%s", i ? " · " : "<br>", w[FROM], quantity, w[THEN], price);
    }
    (void)buffer_text(out, "</td>");
}

static void add_line(struct buffer *out, const Baton__Catalogue *c, const Baton__CatalogueLine *line,
                     const char *const *w)
{
    (void)buffer_text(out, "<tr>");
    add_cell(out, "td", line->code);
    add_name(out, c, line, w);
    add_cell(out, "td", line->unit);
    add_amount(out, c, line->price);
    add_cell(out, "td", line->offer_name);
    if (line->has_offer_price)
        add_amount(out, c, line->offer_price);
    else
        add_cell(out, "td", "");
    (void)buffer_text(out, "</tr>\n");
}

static void add_table(struct buffer *out, const Baton__Catalogue *c, const char *const *w)
{
    const char *before = NULL;
    (void)buffer_printf(out,
                        "<table>\n<thead><tr><th colspan=\"2\">%s</th><th>%s</th><th class=\"amount\">%s</th>"
                        "<th colspan=\"2\">%s</th></tr></thead>\n<tbody>\n",
                        w[PRODUCT], w[UNIT], w[PRICE], w[OFFER]);
    for (size_t i = 0; i < c->n_lines; i++) {
        const char *family = c->lines[i]->family && *c->lines[i]->family ? c->lines[i]->family : "";
        if (before ? strcmp(before, family) != 0 : *family != '\0') {
            (void)buffer_text(out, "<tr><th colspan=\"6\">");
            form_html_text(out, *family ? family : w[OTHERS]);
            (void)buffer_text(out, "</th></tr>\n");
        }
        before = family;
        add_line(out, c, c->lines[i], w);
    }
    (void)buffer_text(out, "</tbody>\n</table>\n");
}

static void add_addresses(struct request *r, struct buffer *out, const Baton__Catalogue *c,
                          const char *const *w)
{
    char at[ADDRESS_SIZE];
    address(r, c, at);
    (void)buffer_printf(out,
                        "<p><a href=\"%s.pdf\">PDF</a> · <a href=\"%s.csv\">CSV</a> · "
                        "<a href=\"%s.html?version=%s\">%s</a></p>\n",
                        at, at, at, c->version, w[THIS_VERSION]); /* ids and digits alone */
}

static void answer_html(struct request *r, const Baton__Catalogue *c)
{
    const char *const *w = words_for(r);
    struct buffer html;
    buffer_init(&html, PAGE_MAX);
    (void)buffer_printf(&html, "<p class=\"text\">%s · %s: %s · %s: %s · %s</p>\n", w[CATALOGUE], w[AS_OF],
                        c->as_of, w[VERSION], c->version, c->currency_code);
    add_table(&html, c, w);
    add_addresses(r, &html, c, w);
    form_page_with(r, MHD_HTTP_OK, language_of(r), c->name ? c->name : w[CATALOGUE], &html);
}

/* --- asking --- */

/* Both methods answer with one field, the catalogue. */
static void on_catalogue(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal unreadable;
    char name[NAME_SIZE];
    if (no)
        return refuse_as_page(r, no);
    request_drop_body(r);
    arena_reset(r->gateway->arena);
    const ProtobufCMessage *m = schema_unpack(r->method->output, body, r->gateway->arena);
    const Baton__Catalogue *c = NULL;
    const struct format *f = format_of(r, name);
    if (m)
        memcpy(&c, (const uint8_t *)m + r->method->output->pb->fields[0].offset, sizeof c);
    if (c && c->superseded)
        return answer_superseded(r, c, f);
    if (c)
        return f->answer(r, c);
    (void)refuse(&unreadable, REFUSAL_INTERNAL, NULL, "the service's answer cannot be read");
    answer_refusal(r, &unreadable);
}

static bool ask(struct request *r, const struct format *f, char *name, struct refusal *no)
{
    Baton__CatalogueWish wish = BATON__CATALOGUE_WISH__INIT;
    Baton__GetCatalogueRequest own = BATON__GET_CATALOGUE_REQUEST__INIT;
    Baton__GetCatalogueByLinkRequest link = BATON__GET_CATALOGUE_BY_LINK_REQUEST__INIT;
    const Baton__Actor actor = gateway_actor(&r->who);
    uint8_t id[IDENT_SIZE];
    const char *have = request_header(r, "If-None-Match");
    wish.version = (char *)(uintptr_t)request_query(r, "version");
    wish.has_as_pdf = true;
    wish.as_pdf = f->is_pdf;
    wish.language = (char *)(uintptr_t)language_of(r);
    wish.have = have && strlen(have) <= HAVE_MAX ? (char *)(uintptr_t)have : NULL;
    own.wish = link.wish = &wish;
    link.token = name;
    *(ident_parse(id, name) ? &own.price_book_id : &own.price_book_code) = name;
    arena_reset(r->gateway->arena);
    r->method = schema_method(is_link(r) ? BY_LINK : OWN);
    const struct call c = {.service = "opportunities",
                           .method = r->method->name,
                           .actor = is_link(r) ? NULL : &actor,
                           .body = schema_pack(is_link(r) ? &link.base : &own.base, r->gateway->arena)};
    return client_call(r->gateway->client, &c, on_catalogue, r, no);
}

static void serve(struct request *r)
{
    struct refusal no = {0};
    char name[NAME_SIZE];
    const struct format *f = format_of(r, name);
    if (!f)
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such catalogue");
    else if (ask(r, f, name, &no))
        return;
    refuse_as_page(r, &no);
}

void catalogue_start(struct request *r)
{
    r->method = schema_method(OWN);
    r->json = true;
    auth_request(r, serve);
}

void catalogue_link_start(struct request *r)
{
    serve(r);
}
