/* Models of territories: listed, made, copied, switched to at once or at a date. */
#include <string.h>
#include <time.h>

#include "base/rfc3339.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"
#include "tool/territory.h"

enum { ARENA_LIMIT = 1 << 30, COPY_SECONDS_MAX = 600, POLL_MS = 100 };

static const char *status_text(const Baton__TerritoryModel *m)
{
    static const char *const texts[] = {"", "planned", "active", "archived"};
    if (m->copying)
        return "being copied";
    return (size_t)m->status < sizeof texts / sizeof *texts ? texts[m->status] : "";
}

static void print_models(struct tool *t, const struct record_list *models,
                         const struct record_list *territories, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "model|status|>territories|active since|active at|hands on|id");
    for (size_t i = 0; i < models->n; i++) {
        const Baton__TerritoryModel *m = (const Baton__TerritoryModel *)models->rows[i];
        size_t n = 0;
        for (size_t k = 0; k < territories->n; k++)
            n += territory_is_of((const Baton__Territory *)territories->rows[k], m->id);
        grid_add(&g, (const char *[]){m->name, status_text(m), output_number(a, n),
                                      output_time(a, m->activated_at), output_time(a, m->activates_at),
                                      m->hand_on ? "yes" : "no", m->id});
    }
    grid_print(&g, t);
}

/* False: there is none, it was refused. */
static bool show(struct session *s, const Baton__TerritoryModel *m, const char *what)
{
    if (m != NULL && s->tool->json)
        tool_print_json(s->tool, m);
    else if (m != NULL)
        fprintf(s->tool->out, "Model %s %s.\n", output_text(s->arena, m->name), what);
    return m != NULL;
}

/* --- made and changed --- */

struct wanted {
    const char *name, *hand_on, *at;
    Google__Protobuf__Timestamp when;
};

static bool read_wanted(struct wanted *w)
{
    if (w->hand_on != NULL && strcmp(w->hand_on, "yes") != 0 && strcmp(w->hand_on, "no") != 0) {
        fprintf(stderr, "error: --hand-on wants yes or no, not \"%s\"\n", w->hand_on);
        return false;
    }
    google__protobuf__timestamp__init(&w->when);
    return w->at == NULL || option_time("at", w->at, &w->when.seconds, &w->when.nanos);
}

static void set_wanted(struct wanted *w, Baton__TerritoryModel *m)
{
    m->has_hand_on = w->hand_on != NULL;
    m->hand_on = m->has_hand_on && strcmp(w->hand_on, "yes") == 0;
    m->activates_at = w->at != NULL ? &w->when : NULL;
}

static const Baton__TerritoryModel *make_or_change(struct session *s, struct wanted *w)
{
    struct record_list models;
    ProtobufCMessage *made;
    Baton__TerritoryModel to;
    if (!records_load(s->api, "territory_model", s->arena, &models, &s->no))
        return NULL;
    baton__territory_model__init(&to);
    set_wanted(w, &to);
    Baton__TerritoryModel *there = territory_model_named(&models, w->name, &s->no);
    if (there == NULL) {
        to.name = (char *)w->name;
        return records_create(s->api, &to.base, s->arena, &made, &s->no) ? (Baton__TerritoryModel *)made
                                                                         : NULL;
    }
    to.id = there->id;
    return records_update(s->api, &to.base, s->arena, &s->no)
               ? territory_model_find(s->api, there->id, s->arena, &s->no)
               : NULL;
}

static bool plan(struct session *s)
{
    return show(s, make_or_change(s, s->arg), "is planned so");
}

int tool_territory_model(struct tool *t, int argc, char **argv)
{
    struct wanted w = {0};
    int first;
    const struct option_row rows[] = {{"hand-on", OPTION_TEXT, &w.hand_on}, {"at", OPTION_TEXT, &w.at}};
    if (argc == 1)
        return records_list(t, argc, argv, "territory_model", "territory", print_models);
    if (!options_read(rows, 2, argc, argv, 1, 1, &first) || !read_wanted(&w))
        return TOOL_USAGE;
    w.name = argv[first];
    return session_run(t, ARENA_LIMIT, plan, &w);
}

/* --- copied --- */

/* Copying goes on by itself; what comes next wants it to be over. */
static const Baton__TerritoryModel *wait_for_copy(struct session *s, const char *id)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    const Baton__TerritoryModel *m = NULL;
    for (int i = 0; i < COPY_SECONDS_MAX * 1000 / POLL_MS; i++) {
        m = territory_model_find(s->api, id, s->arena, &s->no);
        if (m == NULL || !m->copying)
            return m;
        (void)nanosleep(&pause, NULL); /* woken early, it asks early */
    }
    return m;
}

struct copied {
    const char *name, *from; /* from: NULL: of those without a model */
};

static const Baton__TerritoryModel *make_copy(struct session *s)
{
    const struct copied *c = s->arg;
    Baton__CopyTerritoryModelRequest q;
    const Baton__TerritoryModel *source = NULL;
    if (c->from != NULL && (source = territory_model_find(s->api, c->from, s->arena, &s->no)) == NULL)
        return NULL;
    baton__copy_territory_model_request__init(&q);
    q.request_id = request_id_new(s->arena);
    q.id = source != NULL ? source->id : NULL;
    q.name = (char *)c->name;
    const Baton__CopyTerritoryModelResponse *answer =
        session_call(s, "DirectoryService/CopyTerritoryModel", &q);
    return answer != NULL ? wait_for_copy(s, answer->territory_model->id) : NULL;
}

static bool copy(struct session *s)
{
    const Baton__TerritoryModel *m = make_copy(s);
    return show(s, m,
                m != NULL && m->copying ? "is still being copied" : "has been copied and is for planning");
}

int tool_territory_copy(struct tool *t, int argc, char **argv)
{
    struct copied c = {0};
    int first;
    const struct option_row rows[] = {{"from", OPTION_TEXT, &c.from}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    c.name = argv[first];
    return session_run(t, ARENA_LIMIT, copy, &c);
}

/* --- switched to --- */

static const Baton__TerritoryModel *switch_now(struct session *s, const char *id)
{
    Baton__SwitchTerritoryModelRequest q;
    baton__switch_territory_model_request__init(&q);
    q.request_id = request_id_new(s->arena);
    q.id = (char *)(uintptr_t)id;
    const Baton__SwitchTerritoryModelResponse *answer =
        session_call(s, "DirectoryService/SwitchTerritoryModel", &q);
    return answer != NULL ? answer->territory_model : NULL;
}

static bool switch_to(struct session *s)
{
    struct wanted *w = s->arg;
    const Baton__TerritoryModel *m = territory_model_find(s->api, w->name, s->arena, &s->no);
    if (m != NULL && w->at == NULL)
        return show(s, switch_now(s, m->id), "is active; open leads are placed anew now");
    if (m != NULL)
        m = make_or_change(s, w);
    return show(s, m,
                arena_printf(s->arena, "becomes active at %s",
                             m != NULL ? output_time(s->arena, m->activates_at) : ""));
}

int tool_territory_switch(struct tool *t, int argc, char **argv)
{
    struct wanted w = {0};
    int first;
    const struct option_row rows[] = {{"at", OPTION_TEXT, &w.at}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first) || !read_wanted(&w))
        return TOOL_USAGE;
    w.name = argv[first];
    return session_run(t, ARENA_LIMIT, switch_to, &w);
}
