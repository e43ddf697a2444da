/* `baton quota list`: what everybody is to sell. `set` is an import of the catalogue's (catalogue_import.c).
 */
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 1 << 30 };

/* What quotas name, by what people call it. */
static const struct named {
    const char *type, *by, *field;
} names[] = {
    {"user", "email", "owner_id"},
    {"team", "name", "team_id"},
    {"territory", "name", "territory_id"},
    {"product", "code", "product_id"},
};
enum { NAMES = sizeof names / sizeof *names };

struct quotas {
    struct record_list all, named[NAMES];
};

static bool load_all(struct session *s, struct quotas *q)
{
    for (size_t i = 0; i < NAMES; i++)
        if (!records_load(s->api, names[i].type, s->arena, &q->named[i], &s->no))
            return false;
    return records_load(s->api, "quota", s->arena, &q->all, &s->no);
}

static const char *called(const struct quotas *q, size_t i, const ProtobufCMessage *quota)
{
    const char *id = schema_get_text(quota, names[i].field);
    const ProtobufCMessage *row = records_find(&q->named[i], "id", id);
    return row != NULL ? schema_get_text(row, names[i].by) : id != NULL ? id : "";
}

static bool list(struct session *s)
{
    struct quotas *q = s->arg;
    struct grid g;
    if (!load_all(s, q))
        return false;
    if (s->tool->json) {
        records_print_json(s->tool, &q->all);
        return true;
    }
    grid_init(&g, s->arena, "person|team|territory|product|period|>amount|currency");
    for (size_t i = 0; i < q->all.n; i++) {
        const Baton__Quota *quota = (const Baton__Quota *)q->all.rows[i];
        const ProtobufCMessage *row = &quota->base;
        grid_add(&g, (const char *[]){
                         called(q, 0, row), called(q, 1, row), called(q, 2, row), called(q, 3, row),
                         quota->period,
                         output_amount(s->arena, quota->amount->minor_units, quota->amount->currency_code),
                         quota->amount->currency_code});
    }
    grid_print(&g, s->tool);
    return true;
}

int tool_quota_list(struct tool *t, int argc, char **argv)
{
    struct quotas q = {0};
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, list, &q);
}
