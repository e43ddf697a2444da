/* `baton quote import`: what was quoted or ordered elsewhere, line by line, as quotes of their day. */
#include <stdlib.h>
#include <string.h>

#include "schema/decide.h"
#include "tool/file.h"
#include "tool/output.h"
#include "tool/quote_import.h"

enum { MEMORY = 1 << 30, CALL_MEMORY = 4 << 20, CALLS_MAX = 16, NAME_BYTES_MAX = 200 };

/* --- what is there already --- */

static int by_name(const void *a, const void *b)
{
    const Baton__Opportunity *x = *(Baton__Opportunity *const *)a, *y = *(Baton__Opportunity *const *)b;
    return strcmp(x->name, y->name);
}

static int by_opportunity(const void *a, const void *b)
{
    const Baton__Quote *x = *(Baton__Quote *const *)a, *y = *(Baton__Quote *const *)b;
    return strcmp(x->opportunity_id, y->opportunity_id);
}

static char *name_of(const struct quote_one *q)
{
    return arena_printf(q->run->session->arena, "%s %.*s", q->run->options->name, NAME_BYTES_MAX,
                        q->lines->number);
}

/* 2: an opportunity of that name is the same one; its quote is there, or was begun */
static bool look_there(struct quote_run *r)
{
    struct session *s = r->session;
    struct record_list opportunities, quotes;
    if (!records_load(s->api, "opportunity", s->arena, &opportunities, &s->no) ||
        !records_load(s->api, "quote", s->arena, &quotes, &s->no))
        return false;
    if (opportunities.n > 0)
        qsort(opportunities.rows, opportunities.n, sizeof *opportunities.rows, by_name);
    if (quotes.n > 0)
        qsort(quotes.rows, quotes.n, sizeof *quotes.rows, by_opportunity);
    for (size_t i = 0; i < r->n && opportunities.n > 0; i++) {
        struct quote_one *q = &r->all[i];
        Baton__Opportunity o = BATON__OPPORTUNITY__INIT, *key = &o;
        Baton__Quote wanted = BATON__QUOTE__INIT, *wanted_key = &wanted;
        o.name = name_of(q);
        Baton__Opportunity **found =
            bsearch(&key, opportunities.rows, opportunities.n, sizeof *opportunities.rows, by_name);
        if (found == NULL || q->is_over)
            continue;
        q->opportunity_id = wanted.opportunity_id = (*found)->id;
        Baton__Quote **quote =
            quotes.n > 0 ? bsearch(&wanted_key, quotes.rows, quotes.n, sizeof *quotes.rows, by_opportunity)
                         : NULL;
        q->quote_id = quote != NULL ? (*quote)->id : NULL;
        q->is_over = quote != NULL && (*quote)->n_lines > 0;
        r->there += q->is_over;
    }
    return true;
}

/* --- three steps, each with many calls under way --- */

static void refused(struct quote_one *q, const struct refusal *no)
{
    quote_put_aside(q, api_may_ask_again(no->code) ? &q->run->failed : &q->run->rejected, no->message);
}

typedef void step_fn(struct quote_one *q);

static void each(struct quote_run *r, step_fn *step)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->all[i].is_over)
            continue;
        api_wait(r->session->api, CALLS_MAX);
        if (r->all[i].is_over)
            continue;
        arena_reset(r->call);
        step(&r->all[i]);
    }
    api_wait(r->session->api, 0);
}

static void on_opportunity(void *arg, const struct refusal *no, const void *response)
{
    struct quote_one *q = arg;
    const Baton__CreateRecordResponse *r = response;
    const struct schema_field *member;
    if (no != NULL) {
        refused(q, no);
        return;
    }
    const ProtobufCMessage *made = r->record != NULL ? schema_oneof(&r->record->base, &member) : NULL;
    q->opportunity_id =
        made != NULL ? arena_strdup(q->run->session->arena, schema_get_text(made, "id")) : NULL;
}

static void make_opportunity(struct quote_one *q)
{
    Baton__CreateRecordRequest request = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    if (q->opportunity_id != NULL)
        return;
    o.name = name_of(q);
    o.account_id = (char *)(uintptr_t)q->account_id;
    request.request_id = request_id_new(q->run->call);
    request.record = record_wrap(&o.base, q->run->call);
    if (!api_start(q->run->session->api, "RecordService/CreateRecord", &request, on_opportunity, q))
        quote_put_aside(q, &q->run->rejected, "it is too large");
}

static void on_quote(void *arg, const struct refusal *no, const void *response)
{
    struct quote_one *q = arg;
    const Baton__CreateQuoteResponse *r = response;
    if (no != NULL)
        refused(q, no);
    else
        q->quote_id = arena_strdup(q->run->session->arena, r->quote->id);
}

static void make_quote(struct quote_one *q)
{
    Baton__CreateQuoteRequest request = BATON__CREATE_QUOTE_REQUEST__INIT;
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    const struct quote_import_options *o = q->run->options;
    if (q->quote_id != NULL)
        return;
    request.request_id = request_id_new(q->run->call);
    request.opportunity_id = (char *)(uintptr_t)q->opportunity_id;
    request.price_book_id = (char *)(uintptr_t)q->run->book_id;
    request.market = (char *)(uintptr_t)o->market;
    request.currency_code = (char *)(uintptr_t)o->currency;
    request.priced_on = (char *)(uintptr_t)q->day;
    head.country = (char *)(uintptr_t)o->country;
    head.region = (char *)(uintptr_t)o->region;
    head.customer_name = (char *)(uintptr_t)q->customer;
    request.head = &head;
    if (!api_start(q->run->session->api, "QuoteService/CreateQuote", &request, on_quote, q))
        quote_put_aside(q, &q->run->rejected, "it is too large");
}

static void on_lines(void *arg, const struct refusal *no, const void *response)
{
    struct quote_one *q = arg;
    struct quote_run *r = q->run;
    const Baton__SetQuoteLinesResponse *answer = response;
    progress_show(&r->progress, ++r->done);
    if (no != NULL) {
        refused(q, no);
        return;
    }
    const char *other = quote_difference(q, answer->quote);
    size_t rows = 0;
    r->made++;
    if (other == NULL)
        return;
    r->differ++;
    quote_put_aside(q, &rows, other);
}

static void set_lines(struct quote_one *q)
{
    Baton__SetQuoteLinesRequest request = BATON__SET_QUOTE_LINES_REQUEST__INIT;
    request.request_id = request_id_new(q->run->call);
    request.quote_id = (char *)(uintptr_t)q->quote_id;
    request.lines = ARENA_ARRAY(q->run->call, Baton__QuoteLineWish *, q->n);
    for (struct quote_line *l = q->lines; l != NULL; l = l->next)
        request.lines[request.n_lines++] = &l->wish;
    if (!api_start(q->run->session->api, "QuoteService/SetQuoteLines", &request, on_lines, q))
        quote_put_aside(q, &q->run->rejected, "it is too large");
}

/* --- the command --- */

static void show_sum(struct tool *t, const struct quote_run *r)
{
    const struct sum_row rows[] = {
        {"quotes", "quotes new", NULL, r->made},
        {"differ", "of them not what the file says", NULL, r->differ},
        {"there", "quotes there already", NULL, r->there},
        {"rejected", "rows not taken", NULL, r->rejected},
        {"failed", "rows without an answer", NULL, r->failed},
    };
    fprintf(t->out, t->json ? "{\"rows\":%zu" : "%zu rows:\n", r->map.file->n_rows);
    output_sum(t, false, rows, sizeof rows / sizeof *rows);
    if (t->json)
        fputs("}\n", t->out);
    else if (r->rejected + r->failed + r->differ > 0)
        fprintf(t->out, "rows with the reason: %s\n", r->rejects.path);
}

static bool find_book(struct quote_run *r)
{
    struct session *s = r->session;
    struct record_list books;
    if (r->options->book == NULL)
        return true;
    if (!records_load(s->api, "price_book", s->arena, &books, &s->no))
        return false;
    const ProtobufCMessage *book = records_find(&books, "code", r->options->book);
    if (book == NULL)
        return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no price book \"%s\"", r->options->book);
    r->book_id = schema_get_text(book, "id");
    return true;
}

static bool run(struct session *s)
{
    struct quote_run *r = s->arg;
    const char *path = strcmp(r->options->path, "-") == 0 ? "standard-input" : r->options->path;
    r->session = s;
    r->names = catalogue_names_load(s, &quote_import_kind, &r->map);
    if (r->names == NULL || !find_book(r))
        return false;
    csv_rejects_begin(&r->rejects,
                      r->options->rejects != NULL ? r->options->rejects
                                                  : arena_printf(s->arena, "%s.rejects.csv", path),
                      r->map.file);
    r->call = arena_new(CALL_MEMORY);
    quote_rows_gather(r);
    bool good = look_there(r);
    progress_start(&r->progress, "quotes", r->n, s->tool->json);
    if (good) {
        each(r, make_opportunity);
        each(r, make_quote);
        each(r, set_lines);
    }
    progress_end(&r->progress);
    arena_free(r->call);
    bool written = csv_rejects_end(&r->rejects);
    if (good)
        show_sum(s->tool, r);
    return good && session_end(s, r->failed > 0 ? TOOL_UNREACHABLE : written ? TOOL_OK : TOOL_FAILED);
}

static bool understand(const struct quote_import_options *o, struct catalogue_map *m,
                       const struct csv_file *file, struct refusal *no)
{
    catalogue_map_guess(m, &quote_import_kind, file);
    m->mark = o->decimal_comma ? ',' : '.';
    if (o->days != NULL)
        m->order = strcmp(o->days, "dmy") == 0 ? DAY_ORDER_DMY : DAY_ORDER_MDY;
    for (size_t i = 0; i < o->map.n; i++)
        if (!catalogue_map_set(m, o->map.values[i], no))
            return false;
    return catalogue_map_finish(m, no);
}

static int import_file(struct tool *t, const struct quote_import_options *o, struct csv_file *file,
                       struct csv_file *others)
{
    struct quote_run r = {.options = o};
    struct refusal no;
    bool good = true;
    for (size_t i = 0; i < o->with.n && good; i++)
        good = file_join(file, &others[i], o->with.values[i], t, &no);
    if (!good || !understand(o, &r.map, file, &no)) {
        (void)tool_refused(&no); /* the file or the command line, not Baton */
        return TOOL_USAGE;
    }
    if (!t->json)
        catalogue_map_show(t, &r.map, o->path);
    return session_run(t, MEMORY, run, &r);
}

int tool_quote_import(struct tool *t, int argc, char **argv)
{
    struct quote_import_options o = {.name = "Order"};
    struct csv_file file, others[OPTION_LIST_MAX] = {0};
    int first;
    const struct option_row rows[] = {
        {"map", OPTION_LIST, &o.map},           {"with", OPTION_LIST, &o.with},
        {"book", OPTION_TEXT, &o.book},         {"market", OPTION_TEXT, &o.market},
        {"currency", OPTION_TEXT, &o.currency}, {"name", OPTION_TEXT, &o.name},
        {"country", OPTION_TEXT, &o.country},   {"region", OPTION_TEXT, &o.region},
        {"days", OPTION_TEXT, &o.days},         {"decimal-comma", OPTION_FLAG, &o.decimal_comma},
        {"encoding", OPTION_TEXT, &o.charset},  {"delimiter", OPTION_TEXT, &o.delimiter},
        {"rejects", OPTION_TEXT, &o.rejects},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.path = argv[first];
    char delimiter = o.delimiter == NULL ? '\0' : strcmp(o.delimiter, "tab") == 0 ? '\t' : o.delimiter[0];
    if (!file_read_csv(o.path, &(struct csv_options){o.charset, delimiter}, &file))
        return TOOL_FAILED;
    int status = import_file(t, &o, &file, others);
    for (size_t i = 0; i < o.with.n; i++)
        if (others[i].arena != NULL)
            csv_file_release(&others[i]);
    csv_file_release(&file);
    return status;
}

const char tool_quote_import_help[] =
    "Orders or quotes of another program, a line of one in each row; rows of the same number are one quote. "
    "Each is\n"
    "priced by the price book as of its own day, and becomes a draft of an opportunity of its name and "
    "number. Where\n"
    "the file has unit prices, what it comes to is compared to the smallest coin: lines are rounded once, to "
    "the\n"
    "nearest, half away from zero, and sums are not. Rows of quotes that are not taken, or come to something "
    "else, go\n"
    "to FILE.rejects.csv with the reason; what could not be priced stays as a draft without lines, and the "
    "same file\n"
    "again goes on with it. Nothing is made twice.\n\n"
    "  --map FIELD=COLUMN          number, day, account, product, quantity, discount, unit_price\n"
    "  --with FILE.csv:COLUMN      adds another file's columns: what stands once for an order\n"
    "  --book CODE, --market M     what they are priced by; --currency C: in which they are\n"
    "  --country CC, --region R    where taxes are\n"
    "  --name TEXT                 what their opportunities are called in front of the number (Order)\n"
    "  --days dmy|mdy, --decimal-comma, --encoding S, --delimiter C, --rejects FILE   as `catalogue import` "
    "has them\n";
