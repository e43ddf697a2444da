/* `baton document search`: documents by what they say. */
#include <stdio.h>
#include <string.h>

#include "tool/document.h"
#include "tool/options.h"
#include "tool/output.h"

enum { MEMORY = 256 << 20, PAGE = 200 };

struct search {
    const char *words;
    struct document_filters of;

    bool is_complete;
};

/* The words that were looked for in bold, where there are such letters. */
static void print_snippet(const Baton__DocumentSnippet *s, struct tool *t, struct arena *a)
{
    size_t at = 0, size = strlen(s->text);
    if (s->has_page)
        fprintf(t->out, "  %u: ", s->page);
    else
        fputs("  ", t->out);
    for (size_t i = 0; t->colour && i < s->n_marks; i++) {
        const size_t from = s->marks[i]->at, to = from + s->marks[i]->size;
        if (from < at || to > size)
            break;
        fprintf(t->out, "%s\033[1m%s\033[0m", output_text(a, arena_strndup(a, s->text + at, from - at)),
                output_text(a, arena_strndup(a, s->text + from, to - from)));
        at = to;
    }
    fprintf(t->out, "%s\n", output_text(a, s->text + at));
}

static void print_found(const Baton__DocumentFound *f, struct tool *t, struct arena *a)
{
    fprintf(t->out, "%s (%s)\n", output_text(a, f->document->title), f->document->id);
    for (size_t i = 0; i < f->n_snippets; i++)
        print_snippet(f->snippets[i], t, a);
}

static bool search(struct session *s)
{
    struct search *w = s->arg;
    Baton__SearchDocumentsRequest q = BATON__SEARCH_DOCUMENTS_REQUEST__INIT;
    w->is_complete = true;
    if (!document_filters_read(&w->of, s))
        return false;
    q.query = (char *)(uintptr_t)w->words;
    q.filters = w->of.rows;
    q.n_filters = w->of.n;
    q.has_page_size = true;
    q.page_size = PAGE;
    do {
        const Baton__SearchDocumentsResponse *r = session_call(s, "DocumentService/SearchDocuments", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_found; i++)
            if (s->tool->json)
                tool_print_json(s->tool, r->found[i]);
            else
                print_found(r->found[i], s->tool, s->arena);
        w->is_complete = w->is_complete && r->complete;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!w->is_complete)
        fputs("documents are still being read: something may be missing\n", stderr);
    return true;
}

int tool_document_search(struct tool *t, int argc, char **argv)
{
    struct search w = {0};
    int first;
    const struct option_row rows[] = {
        {"type", OPTION_TEXT, &w.of.type},   {"status", OPTION_TEXT, &w.of.status},
        {"owner", OPTION_TEXT, &w.of.owner}, {"account", OPTION_TEXT, &w.of.account},
        {"tag", OPTION_TEXT, &w.of.tag},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first) ||
        !document_filters_known(&w.of))
        return TOOL_USAGE;
    w.words = argv[first];
    return session_run(t, MEMORY, search, &w);
}
