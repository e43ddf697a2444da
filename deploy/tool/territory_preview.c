/* `baton territory preview`: which open leads a model would move, from where to where and why. */
#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"
#include "tool/territory.h"

enum { ARENA_LIMIT = 2000 << 20, LISTED = 20, WAYS_MAX = 10000 };

/* Leads that go the same way. */
struct way {
    const char *from, *to;
    uint64_t n;
};

struct wanted {
    const char *model, *csv;
    long list;
};

struct preview {
    struct tool *tool;
    struct api *api;
    struct arena *arena;
    const Baton__TerritoryModel *model;
    struct record_list territories, users;
    const Baton__LeadTerritoryMoved **moves;
    size_t n_moves, room;
    uint64_t looked_at;
    struct way ways[WAYS_MAX];
    size_t n_ways;
    long list;
};

static void keep(struct preview *p, const Baton__LeadTerritoryMoved *m)
{
    if (p->n_moves == p->room) {
        p->room = p->room ? p->room * 2 : 256;
        const Baton__LeadTerritoryMoved **more =
            ARENA_ARRAY(p->arena, const Baton__LeadTerritoryMoved *, p->room);
        if (p->n_moves)
            memcpy(more, p->moves, p->n_moves * sizeof *more);
        p->moves = more;
    }
    p->moves[p->n_moves++] = m;
}

static bool ask_all(struct preview *p, struct refusal *no)
{
    Baton__PreviewTerritoryModelRequest q;
    void *answer;
    baton__preview_territory_model_request__init(&q);
    q.id = p->model->id;
    do {
        if (!api_call(p->api, "LeadService/PreviewTerritoryModel", &q, p->arena, &answer, no))
            return false;
        const Baton__PreviewTerritoryModelResponse *page = answer;
        for (size_t i = 0; i < page->n_moves; i++)
            keep(p, page->moves[i]);
        p->looked_at += page->looked_at;
        q.page_token = page->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    return true;
}

/* --- in words --- */

static const char *names(const struct preview *p, char *const *ids, size_t n)
{
    const char *text = NULL;
    for (size_t i = 0; i < n; i++) {
        const Baton__Territory *t = (const Baton__Territory *)records_find(&p->territories, "id", ids[i]);
        const char *name = t != NULL ? t->name : "a territory that is gone";
        text = text != NULL ? arena_printf(p->arena, "%s, %s", text, name) : name;
    }
    return text != NULL ? text : "nowhere";
}

static const char *from_of(const struct preview *p, const Baton__LeadTerritoryMoved *m)
{
    return names(p, m->from_territory_ids, m->n_from_territory_ids);
}

static const char *to_of(const struct preview *p, const Baton__LeadTerritoryMoved *m)
{
    return names(p, m->to_territory_ids, m->n_to_territory_ids);
}

static void count_way(struct preview *p, const char *from, const char *to)
{
    size_t i = 0;
    while (i < p->n_ways && (strcmp(p->ways[i].from, from) != 0 || strcmp(p->ways[i].to, to) != 0))
        i++;
    if (i == p->n_ways && i < WAYS_MAX)
        p->ways[p->n_ways++] = (struct way){from, to, 0};
    if (i < WAYS_MAX)
        p->ways[i].n++;
}

static bool print_ways(struct preview *p)
{
    struct grid g;
    for (size_t i = 0; i < p->n_moves; i++)
        count_way(p, from_of(p, p->moves[i]), to_of(p, p->moves[i]));
    fprintf(p->tool->out, "By model %s %s of %s open leads would move.\n",
            output_text(p->arena, p->model->name), output_number(p->arena, p->n_moves),
            output_number(p->arena, p->looked_at));
    grid_init(&g, p->arena, "from|to|>leads");
    for (size_t i = 0; i < p->n_ways; i++)
        grid_add(&g, (const char *[]){p->ways[i].from, p->ways[i].to, output_number(p->arena, p->ways[i].n)});
    if (p->n_ways > 0)
        grid_print(&g, p->tool);
    return p->n_ways > 0;
}

/* Whose lead it is now; the switch may hand it on. */
static bool add_lead(struct preview *p, struct grid *g, const Baton__LeadTerritoryMoved *m,
                     struct refusal *no)
{
    Baton__GetLeadRequest q;
    void *answer;
    baton__get_lead_request__init(&q);
    q.id = m->lead_id;
    if (!api_call(p->api, "LeadService/GetLead", &q, p->arena, &answer, no))
        return false;
    const Baton__Lead *l = ((Baton__GetLeadResponse *)answer)->lead;
    const Baton__User *holder = (const Baton__User *)records_find(&p->users, "id", l->owner_id);
    grid_add(g,
             (const char *[]){l->company != NULL ? l->company : l->email, holder != NULL ? holder->name : "",
                              from_of(p, m), to_of(p, m), m->reason, m->lead_id});
    return true;
}

static bool print_leads(struct preview *p, struct refusal *no)
{
    struct grid g;
    size_t listed = (uint64_t)p->list < p->n_moves ? (size_t)p->list : p->n_moves;
    grid_init(&g, p->arena, "lead|held by|from|to|why|id");
    for (size_t i = 0; i < listed; i++)
        if (!add_lead(p, &g, p->moves[i], no))
            return false;
    if (listed > 0) {
        fputc('\n', p->tool->out);
        grid_print(&g, p->tool);
    }
    if (listed < p->n_moves)
        fprintf(p->tool->out, "and %s more; --csv FILE has all of them\n",
                output_number(p->arena, p->n_moves - listed));
    return true;
}

/* --- as data --- */

static void print_json(const struct preview *p)
{
    struct buffer b;
    buffer_init(&b, SCHEMA_MESSAGE_MAX * 4);
    fprintf(p->tool->out, "{\"modelId\":\"%s\",\"lookedAt\":%" PRIu64 ",\"moved\":%zu,\"moves\":[",
            p->model->id, p->looked_at, p->n_moves);
    for (size_t i = 0; i < p->n_moves; i++) {
        buffer_clear(&b);
        if (schema_to_json(&p->moves[i]->base, 0, &b))
            fprintf(p->tool->out, "%s%s", i > 0 ? ",\n" : "\n", buffer_cstr(&b));
    }
    fputs("]}\n", p->tool->out);
    buffer_release(&b);
}

static bool write_csv(const struct preview *p, const char *path)
{
    FILE *out = fopen(path, "we");
    if (out == NULL) {
        fprintf(stderr, "error: %s: %s\n", path, strerror(errno));
        return false;
    }
    fputs("lead_id,from,to,reason\n", out);
    for (size_t i = 0; i < p->n_moves; i++) {
        const Baton__LeadTerritoryMoved *m = p->moves[i];
        const char *cells[] = {m->lead_id, from_of(p, m), to_of(p, m), m->reason};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
            csv_fwrite(out, cells[k], strlen(cells[k]));
            fputc(k + 1 < sizeof cells / sizeof *cells ? ',' : '\n', out);
        }
    }
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    if (!good)
        fprintf(stderr, "error: %s could not be written whole\n", path);
    return good;
}

static bool preview(struct session *s)
{
    const struct wanted *w = s->arg;
    struct preview *p = ARENA_NEW(s->arena, struct preview);
    p->tool = s->tool;
    p->api = s->api;
    p->arena = s->arena;
    p->list = w->list;
    p->model = territory_model_find(p->api, w->model, p->arena, &s->no);
    if (p->model == NULL || !records_load(p->api, "territory", p->arena, &p->territories, &s->no) ||
        !records_load(p->api, "user", p->arena, &p->users, &s->no) || !ask_all(p, &s->no))
        return false;
    if (w->csv != NULL && !write_csv(p, w->csv))
        return session_end(s, TOOL_FAILED);
    if (s->tool->json)
        print_json(p);
    return s->tool->json || !print_ways(p) || print_leads(p, &s->no);
}

int tool_territory_preview(struct tool *t, int argc, char **argv)
{
    struct wanted w = {.list = LISTED};
    int first;
    const struct option_row rows[] = {{"csv", OPTION_TEXT, &w.csv}, {"list", OPTION_NUMBER, &w.list}};
    if (!options_read(rows, 2, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.model = argv[first];
    return session_run(t, ARENA_LIMIT, preview, &w);
}
