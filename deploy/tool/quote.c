/* `baton quote`: made, given lines, approved, sent, revised, fetched as a PDF. */
#include <errno.h>
#include <string.h>

#include "base/money.h"
#include "tool/catalogue.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/quote.h"

enum { MEMORY = 256 << 20, LINES_MAX = 200, DISCOUNTS_MAX = 5, WORD_PARTS = 3 };

struct asked {
    Baton__CreateQuoteRequest create;
    Baton__QuoteHead head;
    const char *book, *from, *discount, *reason, *path;
    char **words;
    size_t n_words;
};

/* --- which one --- */

const Baton__Quote *quote_named(struct session *s, const char *name)
{
    struct record_list list;
    const Baton__Quote *found = NULL;
    int64_t number = 0;
    const char *digits = strncmp(name, "Q-", 2) == 0 || strncmp(name, "q-", 2) == 0 ? name + 2 : name;
    bool is_number = decimal_parse(digits, 0, &number) && number > 0;
    if (!records_load(s->api, "quote", s->arena, &list, &s->no))
        return NULL;
    for (size_t i = 0; i < list.n; i++) {
        const Baton__Quote *q = (const Baton__Quote *)list.rows[i];
        bool is_it = is_number ? q->number == (uint64_t)number : strcmp(q->id, name) == 0;
        if (is_it && (found == NULL || q->version > found->version))
            found = q;
    }
    if (found == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no quote \"%s\"; `baton quote list` has them",
                     name);
    return found;
}

/* --- its lines, as words or as a file --- */

static bool read_discounts(Baton__QuoteLineWish *w, const char *text, char mark, struct arena *a,
                           struct refusal *no)
{
    const char *rest = text;
    w->discounts_e4 = ARENA_ARRAY(a, int64_t, DISCOUNTS_MAX);
    for (char *word; (word = catalogue_list_next(&rest, a)) != NULL;) {
        bool rounded = false;
        char *sign = strchr(word, '%');
        if (sign != NULL)
            *sign = '\0';
        if (w->n_discounts_e4 == DISCOUNTS_MAX ||
            !catalogue_decimal(word, mark, PERCENT_DIGITS, &w->discounts_e4[w->n_discounts_e4++], &rounded) ||
            rounded)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "discount",
                          "\"%.60s\" is not at most %d per cents, with \";\" between them", text,
                          DISCOUNTS_MAX);
    }
    return true;
}

static bool read_quantity(Baton__QuoteLineWish *w, const char *text, struct refusal *no)
{
    bool rounded = false;
    w->has_quantity_e4 = true;
    return (catalogue_decimal(text, '.', QUANTITY_DIGITS, &w->quantity_e4, &rounded) && !rounded) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "quantity",
                  "\"%.60s\" is no quantity (at most %d digits behind the point)", text, QUANTITY_DIGITS);
}

/* "RELAY", "RELAY:10", "RELAY:10:5;2.5": what is empty is left out. */
static Baton__QuoteLineWish *wish_of(const char *word, struct arena *a, struct refusal *no)
{
    Baton__QuoteLineWish *w = ARENA_NEW(a, Baton__QuoteLineWish);
    char *parts[WORD_PARTS] = {arena_strdup(a, word)};
    baton__quote_line_wish__init(w);
    for (size_t i = 1; i < WORD_PARTS && parts[i - 1] != NULL; i++)
        if ((parts[i] = strchr(parts[i - 1], ':')) != NULL)
            *parts[i]++ = '\0';
    w->product_code = parts[0];
    if (parts[1] != NULL && *parts[1] != '\0' && !read_quantity(w, parts[1], no))
        return NULL;
    if (parts[2] != NULL && !read_discounts(w, parts[2], '.', a, no))
        return NULL;
    return w;
}

enum line_column { LINE_PRODUCT, LINE_QUANTITY, LINE_DISCOUNT, LINE_NOTE, LINE_COLUMNS };
static const struct csv_synonym line_columns[] = {
    {"product", LINE_PRODUCT},   {"productcode", LINE_PRODUCT}, {"sku", LINE_PRODUCT},
    {"code", LINE_PRODUCT},      {"productid", LINE_PRODUCT},   {"artikelnummer", LINE_PRODUCT},
    {"quantity", LINE_QUANTITY}, {"qty", LINE_QUANTITY},        {"menge", LINE_QUANTITY},
    {"數量", LINE_QUANTITY},     {"discount", LINE_DISCOUNT},   {"discounts", LINE_DISCOUNT},
    {"rabatt", LINE_DISCOUNT},   {"note", LINE_NOTE},           {"remark", LINE_NOTE},
};

static const char *line_cell(const struct csv_row *row, const int *columns, enum line_column c)
{
    return columns[c] >= 0 && row->cells[columns[c]][0] != '\0' ? row->cells[columns[c]] : NULL;
}

static Baton__QuoteLineWish *wish_of_row(const struct csv_row *row, const int *columns, struct arena *a,
                                         struct refusal *no)
{
    Baton__QuoteLineWish *w = ARENA_NEW(a, Baton__QuoteLineWish);
    const char *product = line_cell(row, columns, LINE_PRODUCT),
               *quantity = line_cell(row, columns, LINE_QUANTITY);
    const char *discount = line_cell(row, columns, LINE_DISCOUNT), *note = line_cell(row, columns, LINE_NOTE);
    baton__quote_line_wish__init(w);
    if (row->problem != NULL || product == NULL) {
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "%s",
                     row->problem != NULL ? row->problem : "no product");
        return NULL;
    }
    w->product_code = arena_strdup(a, product);
    w->note = note != NULL ? arena_strdup(a, note) : NULL;
    if (quantity != NULL && !read_quantity(w, quantity, no))
        return NULL;
    return discount == NULL || read_discounts(w, discount, '.', a, no) ? w : NULL;
}

static bool read_file(struct csv_file *f, Baton__SetQuoteLinesRequest *q, struct session *s)
{
    int columns[LINE_COLUMNS];
    csv_file_columns(f, line_columns, sizeof line_columns / sizeof *line_columns, columns, LINE_COLUMNS);
    if (columns[LINE_PRODUCT] < 0)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "the file has no column product; it may have quantity, discount and note besides");
    if (f->n_rows > LINES_MAX)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "a quote has at most %d lines", LINES_MAX);
    for (size_t i = 0; i < f->n_rows; i++) {
        struct refusal why = {0};
        q->lines[i] = wish_of_row(&f->rows[i], columns, s->arena, &why);
        if (q->lines[i] == NULL)
            return refuse(&s->no, why.code, NULL, "line %zu of the file: %s", f->rows[i].line, why.message);
    }
    q->n_lines = f->n_rows;
    return true;
}

static bool read_lines(struct session *s, const struct asked *o, Baton__SetQuoteLinesRequest *q)
{
    q->lines = ARENA_ARRAY(s->arena, Baton__QuoteLineWish *, LINES_MAX);
    if (o->from != NULL) {
        struct csv_file f;
        if (!csv_file_read(&f, o->from, &(struct csv_options){0}, &s->no))
            return false;
        bool good = read_file(&f, q, s);
        csv_file_release(&f);
        return good;
    }
    for (size_t i = 0; i < o->n_words; i++)
        if ((q->lines[q->n_lines++] = wish_of(o->words[i], s->arena, &s->no)) == NULL)
            return false;
    return true;
}

/* --- what is done with it --- */

static bool create(struct session *s)
{
    struct asked *o = s->arg;
    struct record_list books;
    o->create.request_id = request_id_new(s->arena);
    o->create.head = &o->head;
    if (o->book != NULL) {
        if (!records_load(s->api, "price_book", s->arena, &books, &s->no))
            return false;
        const Baton__PriceBook *b = (const Baton__PriceBook *)records_find(&books, "code", o->book);
        if (b == NULL)
            return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no price book \"%s\"", o->book);
        o->create.price_book_id = b->id;
    }
    return session_ask(s, "QuoteService/CreateQuote", &o->create, quote_print);
}

static bool set_lines(struct session *s)
{
    struct asked *o = s->arg;
    Baton__SetQuoteLinesRequest q = BATON__SET_QUOTE_LINES_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, o->path);
    bool rounded;
    if (quote == NULL || !read_lines(s, o, &q))
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    q.has_revision = true;
    q.revision = quote->revision;
    q.has_discount = true;
    q.discount = quote->discount;
    if (o->discount != NULL &&
        !catalogue_decimal(o->discount, '.', money_digits(quote->currency_code), &q.discount, &rounded))
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s\" is no amount", o->discount);
    return session_ask(s, "QuoteService/SetQuoteLines", &q, quote_print);
}

static void print_sent(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__SendQuoteResponse *r = answer;
    if (!r->refused)
        fprintf(t->out, "sent; the customer's link ends in /quotes/%s\n", r->token);
    else
        fprintf(t->out, "not sent: line %u: %s\n`baton quote revise` prices it anew\n", r->line,
                output_text(a, r->reason));
}

static bool send(struct session *s)
{
    Baton__SendQuoteRequest q = BATON__SEND_QUOTE_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, s->words[0]);
    if (quote == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    const Baton__SendQuoteResponse *r = session_call(s, "QuoteService/SendQuote", &q);
    if (r == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, r);
    else
        print_sent(s->tool, r, s->arena);
    return session_end(s, r->refused ? TOOL_REFUSED : TOOL_OK);
}

static bool reject(struct session *s)
{
    const struct asked *o = s->arg;
    Baton__RejectQuoteRequest q = BATON__REJECT_QUOTE_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, o->path);
    if (quote == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    q.reason = (char *)(uintptr_t)o->reason;
    return session_ask(s, "QuoteService/RejectQuote", &q, quote_print);
}

static bool request(struct session *s)
{
    Baton__RequestApprovalRequest q = BATON__REQUEST_APPROVAL_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, s->words[0]);
    if (quote == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    return session_ask(s, "QuoteService/RequestApproval", &q, quote_print);
}

/* What was looked at is what is approved. */
static bool approve(struct session *s)
{
    Baton__ApproveQuoteRequest q = BATON__APPROVE_QUOTE_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, s->words[0]);
    if (quote == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    q.has_revision = true;
    q.revision = quote->revision;
    return session_ask(s, "QuoteService/ApproveQuote", &q, quote_print);
}

static bool revise(struct session *s)
{
    Baton__ReviseQuoteRequest q = BATON__REVISE_QUOTE_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, s->words[0]);
    if (quote == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.quote_id = quote->id;
    return session_ask(s, "QuoteService/ReviseQuote", &q, quote_print);
}

static bool write_pdf(struct session *s, const ProtobufCBinaryData *pdf, const char *path)
{
    FILE *f = path != NULL ? fopen(path, "we") : s->tool->out;
    if (f == NULL) {
        fprintf(stderr, "error: %s: %s\n", path, strerror(errno));
        return session_end(s, TOOL_FAILED);
    }
    bool good = fwrite(pdf->data, 1, pdf->len, f) == pdf->len;
    if (path != NULL)
        good = fclose(f) == 0 && good;
    if (!good)
        fprintf(stderr, "error: %s could not be written whole\n", path != NULL ? path : "standard output");
    return session_end(s, good ? TOOL_OK : TOOL_FAILED);
}

static bool pdf(struct session *s)
{
    const struct asked *o = s->arg;
    Baton__GetQuotePdfRequest q = BATON__GET_QUOTE_PDF_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, o->path);
    if (quote == NULL)
        return false;
    q.quote_id = quote->id;
    const Baton__GetQuotePdfResponse *r = session_call(s, "QuoteService/GetQuotePdf", &q);
    return r != NULL && write_pdf(s, &r->pdf, o->reason);
}

/* --- commands --- */

int tool_quote_create(struct tool *t, int argc, char **argv)
{
    struct asked o = {.create = BATON__CREATE_QUOTE_REQUEST__INIT, .head = BATON__QUOTE_HEAD__INIT};
    int first;
    const struct option_row rows[] = {
        {"book", OPTION_TEXT, &o.book},
        {"market", OPTION_TEXT, &o.create.market},
        {"currency", OPTION_TEXT, &o.create.currency_code},
        {"at", OPTION_TEXT, &o.create.priced_on},
        {"customer", OPTION_TEXT, &o.head.customer_name},
        {"recipient", OPTION_TEXT, &o.head.recipient},
        {"email", OPTION_TEXT, &o.head.email},
        {"language", OPTION_TEXT, &o.head.language},
        {"country", OPTION_TEXT, &o.head.country},
        {"region", OPTION_TEXT, &o.head.region},
        {"until", OPTION_TEXT, &o.head.valid_until},
        {"note", OPTION_TEXT, &o.head.note},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.create.opportunity_id = argv[first];
    return session_run(t, MEMORY, create, &o);
}

int tool_quote_lines(struct tool *t, int argc, char **argv)
{
    struct asked o = {0};
    int first;
    const struct option_row rows[] = {{"from", OPTION_TEXT, &o.from}, {"discount", OPTION_TEXT, &o.discount}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1 + LINES_MAX, &first))
        return TOOL_USAGE;
    o.path = argv[first];
    o.words = argv + first + 1;
    o.n_words = (size_t)(argc - first - 1);
    if ((o.n_words == 0) == (o.from == NULL)) {
        fprintf(stderr, "error: the lines are words (RELAY:10:5) or --from FILE.csv\n");
        return TOOL_USAGE;
    }
    return session_run(t, MEMORY, set_lines, &o);
}

int tool_quote_reject(struct tool *t, int argc, char **argv)
{
    struct asked o = {0};
    int first;
    const struct option_row rows[] = {{"reason", OPTION_TEXT, &o.reason}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.path = argv[first];
    return session_run(t, MEMORY, reject, &o);
}

int tool_quote_pdf(struct tool *t, int argc, char **argv)
{
    struct asked o = {0};
    int first;
    const struct option_row rows[] = {{"out", OPTION_TEXT, &o.reason}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.path = argv[first];
    return session_run(t, MEMORY, pdf, &o);
}

int tool_quote_send(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, send);
}

int tool_quote_request(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, request);
}

int tool_quote_approve(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, approve);
}

int tool_quote_revise(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, revise);
}
