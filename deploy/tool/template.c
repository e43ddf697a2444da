/* What customers are written on arrival: templates listed, set, tried out, taken away. */
#include <errno.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "tool/ask.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"
#include "tool/written.h"

enum { ARENA_LIMIT = 64 << 20, BODY_MAX = 64 << 10 };

static void print_templates(struct tool *t, const struct record_list *list, const struct record_list *beside,
                            struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "name|product|language|subject|id");
    for (size_t i = 0; i < list->n; i++) {
        const Baton__ResponseTemplate *r = (const Baton__ResponseTemplate *)list->rows[i];
        grid_add(&g, (const char *[]){r->name, r->product != NULL ? r->product : "(any)",
                                      r->language != NULL ? r->language : "(any)", r->subject, r->id});
    }
    grid_print(&g, t);
}

int tool_template_list(struct tool *t, int argc, char **argv)
{
    return records_list(t, argc, argv, "response_template", NULL, print_templates);
}

/* "-" is standard input. False: said on standard error. */
static bool read_body(const char *path, char text[BODY_MAX + 1])
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "baton: %s: %s\n", path, strerror(errno));
        return false;
    }
    size_t n = fread(text, 1, BODY_MAX, f);
    bool good = !ferror(f) && feof(f) && memchr(text, '\0', n) == NULL;
    if (f != stdin)
        (void)fclose(f); /* only read */
    if (!good)
        fprintf(stderr, "baton: %s: cannot be read, or is longer than %d bytes\n", path, BODY_MAX);
    text[n] = '\0';
    return good;
}

/* The one of that name; NULL without a refusal: there is none. False: not known. */
static bool find(struct session *s, const char *name, Baton__ResponseTemplate **found)
{
    struct record_list list;
    if (!records_load(s->api, "response_template", s->arena, &list, &s->no))
        return false;
    *found = (Baton__ResponseTemplate *)records_find(&list, "name", name);
    return true;
}

static bool find_one(struct session *s, const char *name, Baton__ResponseTemplate **found)
{
    return find(s, name, found) &&
           (*found != NULL || refuse(&s->no, REFUSAL_NOT_FOUND, NULL,
                                     "there is no template \"%s\"; `baton template list`", name));
}

static bool set(struct session *s)
{
    Baton__ResponseTemplate *wanted = s->arg, *there;
    ProtobufCMessage *made;
    if (!find(s, wanted->name, &there))
        return false;
    if (there != NULL)
        wanted->id = there->id;
    if (there != NULL ? !records_update(s->api, &wanted->base, s->arena, &s->no)
                      : !records_create(s->api, &wanted->base, s->arena, &made, &s->no))
        return false;
    if (!s->tool->json)
        fprintf(s->tool->out, "%s\n", there != NULL ? "changed" : "created");
    return true;
}

int tool_template_set(struct tool *t, int argc, char **argv)
{
    Baton__ResponseTemplate wanted = BATON__RESPONSE_TEMPLATE__INIT;
    char text[BODY_MAX + 1];
    const char *body = NULL;
    const struct option_row rows[] = {
        {"product", OPTION_TEXT, &wanted.product},
        {"language", OPTION_TEXT, &wanted.language},
        {"written-in", OPTION_TEXT, &wanted.written_in},
        {"subject", OPTION_TEXT, &wanted.subject},
        {"body", OPTION_TEXT, &body},
    };
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    wanted.name = argv[first];
    if (body != NULL && !read_body(body, text))
        return TOOL_FAILED;
    wanted.body = body != NULL ? text : NULL;
    return session_run(t, ARENA_LIMIT, set, &wanted);
}

static bool take_away(struct session *s)
{
    Baton__DeleteRecordRequest request = BATON__DELETE_RECORD_REQUEST__INIT;
    Baton__ResponseTemplate *there;
    if (!find_one(s, s->words[0], &there))
        return false;
    request.request_id = request_id_new(s->arena);
    request.type = (char *)"response_template";
    request.id = there->id;
    if (session_call(s, "RecordService/DeleteRecord", &request) == NULL)
        return false;
    if (!s->tool->json)
        fprintf(s->tool->out, "deleted\n");
    return true;
}

int tool_template_delete(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, take_away);
}

/* --- trying out --- */

static void print_preview(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__PreviewResponseResponse *p = answer;
    if (p->acknowledgement != NULL) {
        fprintf(t->out, "By template \"%s\"\n", output_text(a, p->template_name));
        written_print(t, p->acknowledgement, a);
    }
    if (p->obstacle != NULL)
        fprintf(t->out, "%sIt is not sent: %s.\n", p->acknowledgement != NULL ? "\n" : "",
                output_text(a, p->obstacle));
}

/* `wanted->id` is the lead's. */
static bool preview(struct session *s)
{
    Baton__PreviewResponseRequest request = BATON__PREVIEW_RESPONSE_REQUEST__INIT;
    Baton__ResponseTemplate *wanted = s->arg, *there = NULL;
    if (wanted->name != NULL && !find_one(s, wanted->name, &there))
        return false;
    request.id = wanted->id;
    request.template_id = there != NULL ? there->id : NULL;
    return session_ask(s, "LeadService/PreviewResponse", &request, print_preview);
}

int tool_template_preview(struct tool *t, int argc, char **argv)
{
    Baton__ResponseTemplate wanted = BATON__RESPONSE_TEMPLATE__INIT;
    const struct option_row rows[] = {
        {"lead", OPTION_TEXT, &wanted.id}}; /* refused as missing where there is none */
    int first;
    if (!options_read(rows, 1, argc, argv, 0, 1, &first))
        return TOOL_USAGE;
    wanted.name = first < argc ? argv[first] : NULL;
    return session_run(t, ARENA_LIMIT, preview, &wanted);
}
