/* `baton import list` and `baton import undo`. */
#include <inttypes.h>
#include <string.h>

#include "baton/v1/contact_lists.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 64 << 20, IMPORTS_SHOWN = 50 };

static void print_imports(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListImportsResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "import|begun|from|>made|>changed|state");
    for (size_t i = 0; i < r->n_imports; i++) {
        const Baton__ContactImport *im = r->imports[i];
        grid_add(&g, (const char *[]){im->id, output_time(a, im->begun_at), im->source,
                                      output_number(a, im->created), output_number(a, im->updated),
                                      im->is_undone ? arena_printf(a, "undone (%" PRIu64 ")", im->taken_back)
                                                    : ""});
    }
    grid_print(&g, t);
}

static bool list(struct session *s)
{
    Baton__ListImportsRequest q = BATON__LIST_IMPORTS_REQUEST__INIT;
    q.has_page_size = true;
    q.page_size = IMPORTS_SHOWN;
    return session_ask(s, "ContactListService/ListImports", &q, print_imports);
}

int tool_import_list(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 0, MEMORY, list);
}

struct undo_counts {
    uint64_t deleted, restored, gone, kept;
};

/* What is left as it is is told as it is found. */
static void take_page(struct tool *t, const Baton__UndoImportResponse *r, struct undo_counts *c,
                      struct arena *a)
{
    c->deleted += r->deleted;
    c->restored += r->restored;
    c->gone += r->gone;
    for (size_t i = 0; i < r->n_kept; i++) {
        const Baton__KeptRecord *k = r->kept[i];
        if (!t->json && c->kept == 0)
            fprintf(t->out, "left as they are:\n");
        if (!t->json)
            fprintf(t->out, "  %s %s %s: %s\n", k->type, k->id, output_text(a, k->name),
                    output_text(a, k->reason));
        else
            tool_print_json(t, k);
        c->kept++;
    }
}

static bool undo(struct session *s)
{
    Baton__UndoImportRequest q = BATON__UNDO_IMPORT_REQUEST__INIT;
    Baton__UndoImportResponse *r;
    struct undo_counts c = {0};
    struct arena *page = arena_new(MEMORY);
    bool good = true;
    q.import_id = s->words[0];
    do {
        void *answer = NULL;
        char *token = arena_strdup(s->arena, q.page_token);
        arena_reset(page);
        q.page_token = token;
        q.request_id = request_id_new(page);
        good = api_call(s->api, "ContactListService/UndoImport", &q, page, &answer, &s->no);
        r = answer;
        if (!good)
            break;
        take_page(s->tool, r, &c, page);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    arena_free(page);
    fprintf(s->tool->out,
            s->tool->json ? "{\"deleted\":%" PRIu64 ",\"restored\":%" PRIu64 ",\"gone\":%" PRIu64
                            ",\"kept\":%" PRIu64 "}\n"
                          : "%" PRIu64 " deleted, %" PRIu64 " put back, %" PRIu64
                            " were deleted already, %" PRIu64 " left as they are\n",
            c.deleted, c.restored, c.gone, c.kept);
    return good;
}

int tool_import_undo(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, undo);
}
