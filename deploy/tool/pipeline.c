/* `baton pipeline`: pipelines listed, shown, and set from a file. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 64 << 20 };

static void print_list(struct tool *t, const struct record_list *list, const struct record_list *beside,
                       struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "name|default|>stages|id");
    for (size_t i = 0; i < list->n; i++) {
        const Baton__Pipeline *p = (const Baton__Pipeline *)list->rows[i];
        grid_add(&g,
                 (const char *[]){p->name, p->is_default ? "yes" : "", output_number(a, p->n_stages), p->id});
    }
    grid_print(&g, t);
}

int tool_pipeline_list(struct tool *t, int argc, char **argv)
{
    return records_list(t, argc, argv, "pipeline", NULL, print_list);
}

static const char *joined(struct arena *a, char *const *texts, size_t n)
{
    const char *all = "";
    for (size_t i = 0; i < n; i++)
        all = arena_printf(a, "%s%s%s", all, i > 0 ? ", " : "", texts[i]);
    return all;
}

static const char *approval(const Baton__PipelineStage *stage, struct arena *a)
{
    const char *all = stage->approval_by_managers ? "managers above" : "";
    for (size_t i = 0; i < stage->n_approval_roles; i++)
        all = arena_printf(a, "%s%s%s", all, *all != '\0' ? ", " : "",
                           output_word(a, &baton__role__descriptor, (int)stage->approval_roles[i], "ROLE_"));
    return all;
}

static void print_one(struct session *s, const Baton__Pipeline *p)
{
    struct grid g;
    struct arena *a = s->arena;
    fprintf(s->tool->out, "%s%s, %s\n", output_text(a, p->name), p->is_default ? " (default)" : "",
            output_text(a, p->id));
    grid_init(&g, a, "key|name|kind|>chance|>patience|to enter|to go on|approval");
    for (size_t i = 0; i < p->n_stages; i++) {
        const Baton__PipelineStage *stage = p->stages[i];
        const char *kind =
            stage->retired ? "ends"
                           : output_word(a, &baton__stage_kind__descriptor, (int)stage->kind, "STAGE_KIND_");
        grid_add(&g,
                 (const char *[]){stage->key, stage->name, kind, arena_printf(a, "%u %%", stage->probability),
                                  stage->idle_days > 0 ? arena_printf(a, "%u days", stage->idle_days) : "",
                                  joined(a, stage->entry_fields, stage->n_entry_fields),
                                  joined(a, stage->exit_fields, stage->n_exit_fields), approval(stage, a)});
    }
    grid_print(&g, s->tool);
    for (size_t i = 0; i < p->n_stages; i++)
        if (p->stages[i]->n_void_fields > 0)
            fprintf(s->tool->out, "%s: nobody can fill in %s any more, so it holds nobody up\n",
                    output_text(a, p->stages[i]->name),
                    output_text(a, joined(a, p->stages[i]->void_fields, p->stages[i]->n_void_fields)));
}

static bool show(struct session *s)
{
    struct record_list all;
    if (!records_load(s->api, "pipeline", s->arena, &all, &s->no))
        return false;
    const Baton__Pipeline *p = (const Baton__Pipeline *)records_find(&all, "name", s->words[0]);
    if (p == NULL)
        return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no pipeline \"%s\"", s->words[0]);
    if (s->tool->json)
        tool_print_json(s->tool, p);
    else
        print_one(s, p);
    return true;
}

int tool_pipeline_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, show);
}

static bool set(struct session *s)
{
    return records_set(s, "pipeline", &baton__pipeline__descriptor, s->words[0]);
}

int tool_pipeline_set(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, set);
}
