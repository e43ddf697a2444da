/* `baton quote list` and `baton quote show`. */
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/quote.h"

enum { MEMORY = 256 << 20 };

struct listing {
    const char *opportunity, *status;
};

static const char *status_of(Baton__QuoteStatus status, struct arena *a)
{
    return output_word(a, &baton__quote_status__descriptor, (int)status, "QUOTE_STATUS_");
}

static const char *number_of(const Baton__Quote *q, struct arena *a)
{
    return arena_printf(a, "Q-%05llu", (unsigned long long)q->number);
}

static const char *money_of(const Baton__Quote *q, int64_t minor, struct arena *a)
{
    return output_amount(a, minor, q->currency_code);
}

static const char *percents(const int64_t *e4, size_t n, struct arena *a)
{
    const char *all = "";
    for (size_t i = 0; i < n; i++) {
        char text[DECIMAL_SIZE];
        decimal_format_short(text, e4[i], PERCENT_DIGITS);
        all = arena_printf(a, "%s%s%s%%", all, i > 0 ? " " : "", text);
    }
    return all;
}

/* --- list --- */

static bool is_meant(const struct listing *l, const Baton__Quote *q)
{
    int status =
        l->status != NULL ? option_word(&baton__quote_status__descriptor, "QUOTE_STATUS_", l->status) : 0;
    return (l->opportunity == NULL || strcmp(q->opportunity_id, l->opportunity) == 0) &&
           (l->status == NULL || (int)q->status == status);
}

static void print_list(struct tool *t, const struct record_list *list, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "number|>version|status|customer|>total||valid until|id");
    for (size_t i = 0; i < list->n; i++) {
        const Baton__Quote *q = (const Baton__Quote *)list->rows[i];
        const Baton__QuoteHead *h = q->head;
        grid_add(&g,
                 (const char *[]){number_of(q, a), arena_printf(a, "%llu", (unsigned long long)q->version),
                                  status_of(q->status, a), h != NULL ? h->customer_name : NULL,
                                  money_of(q, q->total, a), q->currency_code,
                                  h != NULL ? h->valid_until : NULL, q->id});
    }
    grid_print(&g, t);
}

static bool list(struct session *s)
{
    const struct listing *l = s->arg;
    struct record_list all, some = {0};
    if (!records_load(s->api, "quote", s->arena, &all, &s->no))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (is_meant(l, (const Baton__Quote *)all.rows[i]))
            records_add(&some, all.rows[i], s->arena);
    if (s->tool->json)
        records_print_json(s->tool, &some);
    else
        print_list(s->tool, &some, s->arena);
    return true;
}

int tool_quote_list(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {{"opportunity", OPTION_TEXT, &l.opportunity},
                                      {"status", OPTION_TEXT, &l.status}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (l.status != NULL && option_word(&baton__quote_status__descriptor, "QUOTE_STATUS_", l.status) == 0) {
        fprintf(stderr, "error: there is no status \"%s\" of quotes\n", l.status);
        return TOOL_USAGE;
    }
    return session_run(t, MEMORY, list, &l);
}

/* --- one --- */

static void print_head(struct tool *t, const Baton__Quote *q, struct arena *a)
{
    const Baton__QuoteHead *h = q->head;
    fprintf(t->out, "%s version %llu: %s, priced on %s\n", number_of(q, a), (unsigned long long)q->version,
            status_of(q->status, a), output_text(a, q->priced_on));
    if (h != NULL && h->customer_name != NULL)
        fprintf(t->out, "for %s%s%s\n", output_text(a, h->customer_name), h->email != NULL ? ", " : "",
                output_text(a, h->email));
    if (h != NULL && h->valid_until != NULL)
        fprintf(t->out, "valid until %s\n", output_text(a, h->valid_until));
    if (q->problem != NULL && *q->problem != '\0')
        fprintf(t->out, "problem: %s\n", output_text(a, q->problem));
    for (size_t i = 0; i < q->n_approvers; i++) {
        const char *role = output_word(a, &baton__role__descriptor, (int)q->approvers[i], "ROLE_");
        fprintf(t->out, "%s by %s\n", i < q->n_approvals ? "approved" : "to be approved", role);
    }
    if (q->decided_by != NULL)
        fprintf(t->out, "decided by %s\n", output_text(a, q->decided_by));
}

static void print_lines(struct tool *t, const Baton__Quote *q, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, ">line|product|name|>quantity|>unit price|>offer|discounts|>net|tax");
    for (size_t i = 0; i < q->n_lines; i++) {
        const Baton__QuoteLine *l = q->lines[i];
        char quantity[DECIMAL_SIZE];
        decimal_format_short(quantity, l->quantity_e4, QUANTITY_DIGITS);
        grid_add(&g, (const char *[]){arena_printf(a, "%zu", i + 1), l->product_code, l->name, quantity,
                                      money_of(q, l->unit_price, a),
                                      l->offer != 0 ? money_of(q, -l->offer, a) : "",
                                      percents(l->discounts_e4, l->n_discounts_e4, a), money_of(q, l->net, a),
                                      l->tax_name != NULL ? percents(&l->tax_percent_e4, 1, a) : ""});
    }
    grid_print(&g, t);
}

static void print_sums(struct tool *t, const Baton__Quote *q, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "|>amount");
    grid_add(&g, (const char *[]){"gross", money_of(q, q->gross, a)});
    if (q->reduction != 0)
        grid_add(&g, (const char *[]){"offers and discounts", money_of(q, -q->reduction, a)});
    grid_add(&g, (const char *[]){"net", money_of(q, q->net, a)});
    for (size_t i = 0; i < q->n_taxes; i++)
        grid_add(&g, (const char *[]){arena_printf(a, "%s %s", output_text(a, q->taxes[i]->name),
                                                   percents(&q->taxes[i]->percent_e4, 1, a)),
                                      money_of(q, q->taxes[i]->tax, a)});
    grid_add(&g, (const char *[]){arena_printf(a, "total (%s)", output_text(a, q->currency_code)),
                                  money_of(q, q->total, a)});
    grid_print(&g, t);
}

void quote_print(struct tool *t, const void *answer, struct arena *a)
{
    const ProtobufCMessage *m = answer;
    const Baton__Quote *q =
        *(Baton__Quote *const *)((const uint8_t *)answer + m->descriptor->fields[0].offset);
    if (q == NULL)
        return;
    print_head(t, q, a);
    if (q->n_lines > 0) {
        print_lines(t, q, a);
        print_sums(t, q, a);
    }
    fprintf(t->out, "id %s\n", q->id);
}

static void print_versions(struct tool *t, const Baton__GetQuoteResponse *r, struct arena *a)
{
    for (size_t i = 0; i < r->n_versions && r->n_versions > 1; i++) {
        const Baton__QuoteVersion *v = r->versions[i];
        fprintf(t->out, "version %llu: %s, %s (%s)\n", (unsigned long long)v->version,
                status_of(v->status, a), money_of(r->quote, v->total, a), v->id);
    }
}

static void print_why(struct tool *t, const Baton__Quote *q, struct arena *a)
{
    for (size_t i = 0; i < q->n_lines; i++)
        for (size_t k = 0; k < q->lines[i]->n_why; k++)
            fprintf(t->out, "line %zu: %s\n", i + 1, output_text(a, q->lines[i]->why[k]));
}

struct showing {
    const char *name;
    bool why;
};

static bool show(struct session *s)
{
    const struct showing *o = s->arg;
    Baton__GetQuoteRequest q = BATON__GET_QUOTE_REQUEST__INIT;
    const Baton__Quote *quote = quote_named(s, o->name);
    if (quote == NULL)
        return false;
    q.quote_id = quote->id;
    const Baton__GetQuoteResponse *r = session_call(s, "QuoteService/GetQuote", &q);
    if (r == NULL)
        return false;
    if (s->tool->json) {
        tool_print_json(s->tool, r);
        return true;
    }
    quote_print(s->tool, r, s->arena);
    if (o->why)
        print_why(s->tool, r->quote, s->arena);
    print_versions(s->tool, r, s->arena);
    return true;
}

int tool_quote_show(struct tool *t, int argc, char **argv)
{
    struct showing o = {0};
    int first;
    const struct option_row rows[] = {{"why", OPTION_FLAG, &o.why}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.name = argv[first];
    return session_run(t, MEMORY, show, &o);
}
