/* The time machine's report for people, as JSON and as CSV. */
#include "tool/policy_report.h"

#include <inttypes.h>
#include <string.h>

#include "tool/output.h"

enum { JSON_MAX = 256 << 20 };

/* Deadlines missed in thousandths: those seen, and those estimated. */
static double missed(const struct report_count *c)
{
    return (double)c->missed_after + (double)c->estimated / 1e6;
}

static const struct {
    const char *title, *key;
    size_t offset;
} tables[] = {
    {"person", "persons", offsetof(struct report, persons)},
    {"pool", "pools", offsetof(struct report, pools)},
    {"month", "months", offsetof(struct report, months)},
};
enum { N_TABLES = sizeof tables / sizeof *tables };

static const struct report_table *table_of(const struct report *r, size_t i)
{
    return (const struct report_table *)((const char *)r + tables[i].offset);
}

/* --- for people --- */

static void add_line(const struct report *r, struct grid *g, const char *name, const struct report_count *c)
{
    struct arena *a = r->arena;
    const char *before = output_number(a, c->before), *late = output_number(a, c->missed_before);
    if (r->compares)
        grid_add(g, (const char *[]){name, before, output_number(a, c->after),
                                     arena_printf(a, "%+" PRId64, (int64_t)(c->after - c->before)), late,
                                     arena_printf(a, "%.1f", missed(c))});
    else
        grid_add(g, (const char *[]){name, before, late});
}

static void print_table(const struct report *r, struct tool *t, const char *title,
                        const struct report_table *table)
{
    struct grid g;
    grid_init(
        &g, r->arena,
        arena_printf(r->arena,
                     r->compares ? "%s|>leads|>would be|>change|>missed|>would be" : "%s|>leads|>missed",
                     title));
    for (size_t i = 0; i < table->n; i++)
        add_line(r, &g, table->lines[i].name, &table->lines[i].count);
    grid_print(&g, t);
    fputc('\n', t->out);
}

static void print_moves(const struct report *r, struct tool *t)
{
    struct grid g;
    fprintf(t->out, "%s of %s leads would be held by another now.\n", output_number(r->arena, r->moved),
            output_number(r->arena, r->leads));
    if (r->n_moves == 0)
        return;
    grid_init(&g, r->arena, "lead|name|held by|would be held by");
    for (size_t i = 0; i < r->n_moves; i++)
        grid_add(&g, (const char *[]){r->moves[i].lead_id, r->moves[i].name,
                                      report_name(&r->persons, r->moves[i].from),
                                      report_name(&r->persons, r->moves[i].to)});
    grid_print(&g, t);
    if (r->skip + r->n_moves < r->moved)
        fprintf(t->out, "and %s more: --skip %s\n", output_number(r->arena, r->moved - r->skip - r->n_moves),
                arena_printf(r->arena, "%" PRIu64, r->skip + r->n_moves));
}

static void print_text(const struct report *r, struct tool *t)
{
    for (size_t i = 0; i < N_TABLES; i++)
        print_table(r, t, tables[i].title, table_of(r, i));
    if (r->compares)
        print_moves(r, t);
    if (r->compares && r->sum.estimated > 0)
        fprintf(t->out, "Deadlines of leads that go to another are estimated by what that person let pass "
                        "until then.\n");
    fprintf(t->out, "%s decisions in %s records were made again: ", output_number(r->arena, r->decisions),
            output_number(r->arena, r->records));
    if (r->differences == 0)
        fprintf(t->out, "each came out the same, bit for bit.\n");
    else
        fprintf(t->out, "%s came out otherwise, the first at %s.\n", output_number(r->arena, r->differences),
                r->difference);
}

/* --- JSON --- */

static void json_text(struct buffer *b, const char *key, const char *value)
{
    buffer_printf(b, ",\"%s\":", key);
    (void)schema_json_string(b, value); /* the buffer remembers what did not fit */
}

static void json_count(const struct report *r, struct buffer *b, const struct report_count *c)
{
    buffer_printf(b, ",\"leads\":%" PRIu64 ",\"missed\":%" PRIu64, c->before, c->missed_before);
    if (r->compares)
        buffer_printf(b, ",\"leadsAfter\":%" PRIu64 ",\"missedAfter\":%.3f", c->after, missed(c));
}

static void json_table(const struct report *r, struct buffer *b, const char *key,
                       const struct report_table *table)
{
    buffer_printf(b, ",\n\"%s\":[", key);
    for (size_t i = 0; i < table->n; i++) {
        buffer_printf(b, "%s\n{\"id\":\"%s\"", i > 0 ? "," : "", table->lines[i].id);
        json_text(b, "name", table->lines[i].name);
        json_count(r, b, &table->lines[i].count);
        buffer_char(b, '}');
    }
    buffer_char(b, ']');
}

static void json_moves(const struct report *r, struct buffer *b)
{
    buffer_printf(b, ",\n\"leads\":%" PRIu64 ",\"moved\":%" PRIu64 ",\"moves\":[", r->leads, r->moved);
    for (size_t i = 0; i < r->n_moves; i++) {
        const struct report_move *m = &r->moves[i];
        buffer_printf(b, "%s\n{\"leadId\":\"%s\"", i > 0 ? "," : "", m->lead_id);
        json_text(b, "name", m->name);
        json_text(b, "from", m->from);
        json_text(b, "to", m->to);
        buffer_char(b, '}');
    }
    buffer_char(b, ']');
}

void report_json(const struct report *r, struct buffer *b)
{
    buffer_printf(b, "{\"records\":%" PRIu64 ",\"decisions\":%" PRIu64 ",\"differences\":%" PRIu64,
                  r->records, r->decisions, r->differences);
    if (r->difference != NULL)
        json_text(b, "firstDifference", r->difference);
    for (size_t i = 0; i < N_TABLES; i++)
        json_table(r, b, tables[i].key, table_of(r, i));
    if (r->compares)
        json_moves(r, b);
    buffer_text(b, "}");
}

/* --- CSV --- */

/* Quoted always: names have commas and quotes. */
static void csv_text(FILE *out, const char *s)
{
    fputc('"', out);
    for (; *s != '\0'; s++) {
        if (*s == '"')
            fputc('"', out);
        fputc(*s, out);
    }
    fputc('"', out);
}

void report_csv(const struct report *r, FILE *out)
{
    fprintf(out, "table,id,name,leads,leads_after,missed,missed_after\n");
    for (size_t i = 0; i < N_TABLES; i++)
        for (size_t k = 0; k < table_of(r, i)->n; k++) {
            const struct report_line *l = &table_of(r, i)->lines[k];
            fprintf(out, "%s,%s,", tables[i].title, l->id);
            csv_text(out, l->name);
            if (r->compares)
                fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.3f\n", l->count.before, l->count.after,
                        l->count.missed_before, missed(&l->count));
            else
                fprintf(out, ",%" PRIu64 ",,%" PRIu64 ",\n", l->count.before, l->count.missed_before);
        }
}

void report_print(const struct report *r, struct tool *t)
{
    struct buffer b;
    if (!t->json) {
        print_text(r, t);
        return;
    }
    buffer_init(&b, JSON_MAX);
    report_json(r, &b);
    if (b.overflow)
        fprintf(stderr, "error: the report is too large to be printed; a smaller --list helps\n");
    else
        fprintf(t->out, "%s\n", buffer_cstr(&b));
    buffer_release(&b);
}
