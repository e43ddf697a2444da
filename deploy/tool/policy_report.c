/* Counting what the time machine sees. */
#include "tool/policy_report.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "services/leads/rows.h"

enum { TABLE_LEAST = 64, MATRIX_MAX = 4096, LEADS_MEMORY = 64 << 20, DAY_SECONDS = 86400 };

static void grow(struct report_table *t)
{
    t->room = t->room ? t->room * 2 : TABLE_LEAST;
    t->lines = reallocarray(t->lines, t->room, sizeof *t->lines);
    free(t->index.slots);
    t->index.size = t->room * 2;
    t->index.slots = calloc(t->index.size, sizeof *t->index.slots);
    assert(t->lines && t->index.slots);
    for (size_t i = 0; i < t->n; i++)
        leads_index_enter(&t->index, t->lines, sizeof *t->lines, i + 1);
}

static struct report_line *line_of(struct report_table *t, const char *id)
{
    uint32_t found = leads_index_find(&t->index, t->lines, sizeof *t->lines, id);
    if (found != UINT32_MAX)
        return &t->lines[found];
    if (t->n == t->room)
        grow(t);
    struct report_line *line = &t->lines[t->n++];
    *line = (struct report_line){.name = NULL};
    snprintf(line->id, sizeof line->id, "%s", id);
    leads_index_enter(&t->index, t->lines, sizeof *t->lines, t->n);
    return line;
}

void report_init(struct report *r, struct arena *a, bool compares, int64_t from_us)
{
    *r = (struct report){.arena = a, .compares = compares, .from_us = from_us};
}

void report_release(struct report *r)
{
    struct report_table *tables[] = {&r->persons, &r->pools, &r->months};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        free(tables[i]->lines);
        free(tables[i]->index.slots);
    }
    free(r->matrix);
}

/* --- what happens --- */

/* What happens comes in order, so that the day is mostly that of the last. */
static const char *month_of(struct report *r, int64_t time_us)
{
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm utc;
    if (r->month[0] && r->month_day == seconds / DAY_SECONDS)
        return r->month;
    r->month_day = seconds / DAY_SECONDS;
    if (!gmtime_r(&seconds, &utc) || strftime(r->month, sizeof r->month, "%Y-%m", &utc) == 0)
        snprintf(r->month, sizeof r->month, "-");
    return r->month;
}

/* The same number in the sum and in the lines of person, pool and month; a lead may be of no pool. */
static void count(struct report *r, const struct leads_replay_event *e, const char *user_id, size_t offset,
                  uint64_t n)
{
    struct report_count *counts[] = {&r->sum, &line_of(&r->persons, user_id)->count,
                                     &line_of(&r->months, month_of(r, e->time_us))->count,
                                     e->pool_id ? &line_of(&r->pools, e->pool_id)->count : NULL};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i])
            *(uint64_t *)((char *)counts[i] + offset) += n;
}

#define COUNT(r, e, user_id, field, n) count(r, e, user_id, offsetof(struct report_count, field), n)

void report_as_it_went(void *arg, const struct leads_replay_event *e)
{
    struct report *r = arg;
    const char *user_id = schema_get_text(e->payload, "owner_id");
    bool counts = e->time_us >= r->from_us;
    if (e->payload->descriptor == &baton__lead_accepted__descriptor)
        line_of(&r->persons, user_id)->answered++;
    else if (e->payload->descriptor == &baton__lead_deadline_passed__descriptor) {
        line_of(&r->persons, user_id)->passed++;
        if (counts)
            COUNT(r, e, user_id, missed_before, 1);
    } else if (counts)
        COUNT(r, e, user_id, before, 1);
}

/* By the person's own record until then: of what they answered or let pass, the part they let pass. */
static uint64_t would_miss(struct report *r, const char *user_id)
{
    const struct report_line *line = line_of(&r->persons, user_id);
    uint64_t all = line->answered + line->passed;
    return all ? line->passed * 1000000 / all : 0;
}

void report_as_it_would_go(void *arg, const struct leads_replay_event *e)
{
    struct report *r = arg;
    const char *user_id = schema_get_text(e->payload, "owner_id");
    if (e->time_us < r->from_us)
        return;
    if (e->payload->descriptor == &baton__lead_deadline_passed__descriptor)
        COUNT(r, e, user_id, missed_after, 1);
    if (e->payload->descriptor != &baton__lead_assigned__descriptor)
        return;
    const Baton__LeadAssigned *given = (const Baton__LeadAssigned *)e->payload;
    bool same = e->logged && strcmp(e->logged->owner_id, user_id) == 0;
    COUNT(r, e, user_id, after, 1);
    if (!same && given->response_due_at)
        COUNT(r, e, user_id, estimated, would_miss(r, user_id));
}

void report_differs(void *arg, uint64_t seq, const Baton__LeadAssigned *logged,
                    const Baton__LeadAssigned *now)
{
    struct report *r = arg;
    if (r->differences++ == 0)
        r->difference = arena_printf(
            r->arena, "record %" PRIu64 ", lead %s: the log says \"%s\" (%s), made again it says \"%s\" (%s)",
            seq, logged->lead_id, logged->reason, logged->owner_id, now ? now->reason : "nothing",
            now ? now->owner_id : "nobody");
}

/* --- at the end --- */

static const char *name_of(struct report *r, struct txn *rows, unsigned table, const char *id)
{
    const ProtobufCMessage *row = table_get_id(rows, table, id, r->arena);
    const char *name = row ? schema_get_text(row, "name") : NULL;
    return name && *name ? name : id;
}

static int by_name(const void *a, const void *b)
{
    const struct report_line *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->id, y->id);
}

static void sort(struct report_table *t)
{
    qsort(t->lines, t->n, sizeof *t->lines, by_name);
    memset(t->index.slots, 0, t->index.size * sizeof *t->index.slots);
    for (size_t i = 0; i < t->n; i++)
        leads_index_enter(&t->index, t->lines, sizeof *t->lines, i + 1);
}

void report_names(struct report *r, struct txn *rows)
{
    struct report_table *tables[] = {&r->persons, &r->pools, &r->months};
    for (size_t i = 0; i < r->persons.n; i++)
        r->persons.lines[i].name = name_of(r, rows, LEADS_USER, r->persons.lines[i].id);
    for (size_t i = 0; i < r->pools.n; i++)
        r->pools.lines[i].name = name_of(r, rows, LEADS_POOL, r->pools.lines[i].id);
    for (size_t i = 0; i < r->months.n; i++)
        r->months.lines[i].name = r->months.lines[i].id;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (tables[i]->n)
            sort(tables[i]);
}

const char *report_name(const struct report_table *table, const char *id)
{
    uint32_t found = leads_index_find(&table->index, table->lines, sizeof *table->lines, id);
    return found == UINT32_MAX ? id : table->lines[found].name;
}

static void move(struct report *r, const Baton__Lead *went, const Baton__Lead *would, struct arena *scratch)
{
    size_t n = r->persons.n;
    uint32_t from =
        leads_index_find(&r->persons.index, r->persons.lines, sizeof *r->persons.lines, went->owner_id);
    uint32_t to =
        leads_index_find(&r->persons.index, r->persons.lines, sizeof *r->persons.lines, would->owner_id);
    if (r->matrix && from < n && to < n)
        r->matrix[from * n + to]++;
    if (strcmp(went->owner_id, would->owner_id) == 0)
        return;
    if (r->moved++ < r->skip || r->n_moves == r->most)
        return;
    const char *name = leads_display_name(went, scratch);
    r->moves[r->n_moves++] = (struct report_move){.lead_id = arena_strdup(r->arena, went->id),
                                                  .name = arena_strdup(r->arena, name ? name : went->id),
                                                  .from = arena_strdup(r->arena, went->owner_id),
                                                  .to = arena_strdup(r->arena, would->owner_id)};
}

void report_moves(struct report *r, struct txn *went, struct txn *would)
{
    struct table_scan scan;
    struct arena *a = arena_new(LEADS_MEMORY);
    const Baton__Lead *lead;
    size_t n = r->persons.n;
    if (n <= MATRIX_MAX)
        r->matrix = calloc(n * n + 1, sizeof *r->matrix);
    r->moves = ARENA_ARRAY(r->arena, struct report_move, r->most);
    if (table_scan_open(&scan, went, LEADS_LEAD, NULL, NULL, NULL, false)) {
        while ((lead = table_scan_next(&scan, a))) {
            const Baton__Lead *other = table_get_id(would, LEADS_LEAD, lead->id, a);
            bool counts =
                lead->owner_id && other && other->owner_id && timestamp_us(lead->received_at) >= r->from_us;
            r->leads += counts;
            if (counts)
                move(r, lead, other, a);
            arena_reset(a);
        }
        table_scan_close(&scan);
    }
    arena_free(a);
}
