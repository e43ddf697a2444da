/* `baton person erase`: says what would go, asks, and erases until nothing is left. */
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/person.h"
#include "tool/records.h"

enum { ARENA_LIMIT = 64 << 20, CALLS_MAX = 10000, ANSWER_MAX = 16 };

struct erasing {
    const char *word, *reason;
    bool yes;
};

static void show(struct tool *t, const char *id, const Baton__ErasePersonResponse *r, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "record|>how many");
    for (size_t i = 0; i < r->n_counts; i++)
        grid_add(&g, (const char *[]){r->counts[i]->type, output_number(a, r->counts[i]->count)});
    fprintf(t->out, "Of contact %s this says something of the person:\n", output_text(a, id));
    grid_print(&g, t);
    if (r->more)
        fprintf(t->out, "and more: it is erased in several steps\n");
}

static bool is_meant(void)
{
    char line[ANSWER_MAX];
    fputs("This cannot be undone. Type yes to erase them for good: ", stderr);
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return strcmp(line, "yes") == 0;
}

/* Each call is a command of its own: what is cut off goes on with the next. */
static bool erase(struct session *s, Baton__ErasePersonRequest *q)
{
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        arena_reset(s->arena);
        q->request_id = request_id_new(s->arena);
        const Baton__ErasePersonResponse *r = session_call(s, "ContactService/ErasePerson", q);
        if (r == NULL)
            return false;
        if (!r->more) {
            fprintf(s->tool->out,
                    s->tool->json ? "{\"contactId\":\"%s\",\"erased\":true}\n"
                                  : "Contact %s is erased; leads and notifications follow by themselves.\n",
                    q->contact_id);
            return true;
        }
    }
    fprintf(stderr, "error: there is more still; the same command goes on with it\n");
    return session_end(s, TOOL_FAILED);
}

static bool run(struct session *s)
{
    const struct erasing *e = s->arg;
    Baton__ErasePersonRequest q = BATON__ERASE_PERSON_REQUEST__INIT;
    char id[64];
    const char *found = person_id(s, e->word);
    if (found == NULL)
        return false;
    (void)snprintf(id, sizeof id, "%s", found); /* what is longer is no id, and refused as it is cut */
    q.request_id = request_id_new(s->arena);
    q.contact_id = id;
    q.reason = (char *)(uintptr_t)e->reason;
    q.has_preview = q.preview = true;
    const Baton__ErasePersonResponse *r = session_call(s, "ContactService/ErasePerson", &q);
    if (r == NULL)
        return false;
    if (!s->tool->json)
        show(s->tool, id, r, s->arena);
    (void)fflush(s->tool->out); /* before the question; errors are found at the end */
    if (!e->yes && !is_meant()) {
        fprintf(stderr, "error: nothing was erased\n");
        return session_end(s, TOOL_REFUSED);
    }
    q.preview = false;
    q.has_confirmed = q.confirmed = true;
    return erase(s, &q);
}

int tool_person_erase(struct tool *t, int argc, char **argv)
{
    struct erasing e = {0};
    const struct option_row rows[] = {{"reason", OPTION_TEXT, &e.reason}, {"yes", OPTION_FLAG, &e.yes}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (e.reason == NULL || *e.reason == '\0') {
        fprintf(stderr, "error: --reason says why; it stays in the log, so it should name nobody\n");
        return TOOL_USAGE;
    }
    e.word = argv[first];
    return session_run(t, ARENA_LIMIT, run, &e);
}
