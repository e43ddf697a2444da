/* What became of leads of the past: a CSV file taught in batches, and taken back. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "tool/csv_map.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20, BATCH = 100, ATTRIBUTES_MAX = 32, NAME_BYTES_MAX = 64, VALUE_BYTES_MAX = 200 };

struct learning {
    const char *path, *outcome, *won, *name;
    struct option_list map, leave;
    int outcome_column;
    uint64_t learned, repeated, problems;
};

static bool is_left_out(const struct learning *o, const char *column)
{
    bool left = strcasecmp(column, o->outcome) == 0;
    for (size_t i = 0; i < o->leave.n; i++)
        left |= strcasecmp(column, o->leave.values[i]) == 0;
    return left;
}

/* A name that no column has is a slip that would let the outcome into the score. */
static bool columns_known(const struct learning *o, const struct csv_file *f, struct refusal *no)
{
    if (csv_file_column(f, o->outcome) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "--outcome", "there is no column \"%s\"", o->outcome);
    for (size_t i = 0; i < o->leave.n; i++)
        if (csv_file_column(f, o->leave.values[i]) < 0)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "--leave", "there is no column \"%s\"",
                          o->leave.values[i]);
    return true;
}

static bool is_won(const struct learning *o, const char *text)
{
    static const char *const words[] = {"yes", "true", "1", "won", "converted"};
    if (o->won != NULL)
        return strcasecmp(text, o->won) == 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static char *clipped(struct arena *a, const char *text, size_t most)
{
    return arena_strndup(a, text, text_clip(text, most));
}

static void add_attribute(Baton__Lead *lead, const char *name, const char *value, struct arena *a)
{
    if (*value == '\0' || lead->n_attributes == ATTRIBUTES_MAX)
        return;
    Baton__LeadAttribute *attribute = ARENA_NEW(a, Baton__LeadAttribute);
    baton__lead_attribute__init(attribute);
    attribute->name = clipped(a, name, NAME_BYTES_MAX);
    attribute->value = clipped(a, value, VALUE_BYTES_MAX);
    lead->attributes[lead->n_attributes++] = attribute;
}

static Baton__Outcome *outcome_of(const struct learning *o, const struct csv_map *map,
                                  const struct csv_row *row, struct arena *a)
{
    Baton__Outcome *out = ARENA_NEW(a, Baton__Outcome);
    Baton__Lead *lead = ARENA_NEW(a, Baton__Lead);
    baton__outcome__init(out);
    baton__lead__init(lead);
    lead->attributes = ARENA_ARRAY(a, Baton__LeadAttribute *, ATTRIBUTES_MAX);
    for (size_t i = 0; i < map->file->n_columns; i++) {
        const struct csv_target *t = &map->targets[i];
        struct refusal no;
        if (is_left_out(o, map->file->columns[i]))
            continue;
        if (t->use != CSV_USE_FIELD || !lead_field_set(lead, t->field, row->cells[i], t->factor, a, &no))
            add_attribute(lead, map->file->columns[i], row->cells[i], a);
    }
    out->lead = lead;
    out->has_converted = true;
    out->converted = is_won(o, row->cells[o->outcome_column]);
    return out;
}

static bool teach(struct session *s, struct learning *o, Baton__TeachOutcomesRequest *q)
{
    const Baton__TeachOutcomesResponse *r = session_call(s, "LeadService/TeachOutcomes", q);
    if (r == NULL)
        return false;
    *(r->repeated_batch ? &o->repeated : &o->learned) += q->n_outcomes;
    return true;
}

static void show(struct tool *t, const struct learning *o)
{
    if (t->json)
        fprintf(t->out, "{\"learned\":%" PRIu64 ",\"repeated\":%" PRIu64 ",\"problems\":%" PRIu64 "}\n",
                o->learned, o->repeated, o->problems);
    else
        fprintf(t->out,
                "%" PRIu64 " outcomes learned, %" PRIu64 " known already, %" PRIu64
                " rows that cannot be read.\n",
                o->learned, o->repeated, o->problems);
}

struct teaching {
    struct learning *learning;
    const struct csv_map *map;
};

static bool learn(struct session *s)
{
    const struct teaching *x = s->arg;
    struct learning *o = x->learning;
    const struct csv_file *file = x->map->file;
    Baton__TeachOutcomesRequest q = BATON__TEACH_OUTCOMES_REQUEST__INIT;
    Baton__Outcome *outcomes[BATCH];
    bool good = true;
    q.teaching = (char *)(uintptr_t)o->name;
    q.has_batch = true;
    q.outcomes = outcomes;
    for (size_t i = 0; good && i < file->n_rows; i++) {
        const struct csv_row *row = &file->rows[i];
        o->problems += row->problem != NULL;
        if (row->problem == NULL)
            outcomes[q.n_outcomes++] = outcome_of(o, x->map, row, s->arena);
        if (q.n_outcomes < BATCH && i + 1 < file->n_rows)
            continue;
        q.batch++;
        good = q.n_outcomes == 0 || teach(s, o, &q);
        q.n_outcomes = 0;
        arena_reset(s->arena);
    }
    if (good)
        show(s->tool, o);
    return good;
}

static bool map_columns(struct learning *o, struct csv_map *map, const struct csv_file *f, struct refusal *no)
{
    csv_map_guess(map, f);
    for (size_t i = 0; i < o->map.n; i++)
        if (!csv_map_set(map, o->map.values[i], no))
            return false;
    o->outcome_column = csv_file_column(f, o->outcome);
    return columns_known(o, f, no);
}

static int learn_file(struct tool *t, struct learning *o, const struct csv_file *f)
{
    struct csv_map map;
    struct refusal no;
    if (!map_columns(o, &map, f, &no))
        return tool_refused(&no);
    struct teaching x = {o, &map};
    return session_run(t, ARENA_LIMIT, learn, &x);
}

int tool_score_learn(struct tool *t, int argc, char **argv)
{
    struct learning o = {0};
    const struct option_row rows[] = {{"outcome", OPTION_TEXT, &o.outcome},
                                      {"won", OPTION_TEXT, &o.won},
                                      {"name", OPTION_TEXT, &o.name},
                                      {"map", OPTION_LIST, &o.map},
                                      {"leave", OPTION_LIST, &o.leave}};
    struct csv_file f;
    struct refusal no;
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (o.outcome == NULL) {
        fprintf(stderr, "error: --outcome is missing: the column that says whether a lead converted\n");
        return TOOL_USAGE;
    }
    const char *slash = strrchr(argv[first], '/');
    if (o.name == NULL)
        o.name = slash != NULL ? slash + 1 : argv[first];
    if (!csv_file_read(&f, argv[first], &(struct csv_options){0}, &no))
        return tool_refused(&no);
    int status = learn_file(t, &o, &f);
    csv_file_release(&f);
    return status;
}

static bool forget(struct session *s)
{
    Baton__ForgetOutcomesRequest q = BATON__FORGET_OUTCOMES_REQUEST__INIT;
    uint64_t forgotten = 0;
    bool more = true;
    q.teaching = s->words[0];
    while (more) {
        arena_reset(s->arena);
        const Baton__ForgetOutcomesResponse *r = session_call(s, "LeadService/ForgetOutcomes", &q);
        if (r == NULL)
            return false;
        more = r->more;
        forgotten += r->forgotten;
    }
    fprintf(s->tool->out,
            s->tool->json ? "{\"forgotten\":%" PRIu64 "}\n" : "%" PRIu64 " outcomes forgotten.\n", forgotten);
    return true;
}

int tool_score_forget(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, forget);
}
