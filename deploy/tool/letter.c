/* `baton letter`: templates of letters and labels, and letters by them as one PDF. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baton/v1/letters.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 256 << 20, RUN_MAX = 200, CONTACTS_MAX = 5000, PIECES_MAX = 1000, FILE_MAX = 1 << 20 };

/* --- template --- */

struct writing {
    const char *name, *body, *subject, *sender, *country, *language, *labels, *purpose;
    bool despite_opt_out;
    long margin;
};

static void print_template(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__LetterTemplate *l = ((const Baton__CreateRecordResponse *)answer)->record->letter_template;
    fprintf(t->out, "%s %s\n", l->id, output_text(a, l->name));
}

static void fill_in(Baton__LetterTemplate *t, const struct writing *w)
{
    t->name = (char *)(uintptr_t)w->name;
    t->subject = (char *)(uintptr_t)w->subject;
    t->sender = (char *)(uintptr_t)w->sender;
    t->sender_country = (char *)(uintptr_t)w->country;
    t->language = (char *)(uintptr_t)w->language;
    t->purpose = (char *)(uintptr_t)w->purpose;
    t->has_kind = true;
    t->kind =
        w->labels != NULL ? BATON__LETTER_KIND__LETTER_KIND_LABELS : BATON__LETTER_KIND__LETTER_KIND_LETTER;
    t->has_sheet = w->labels != NULL;
    t->sheet = t->has_sheet ? option_word(&baton__label_sheet__descriptor, "LABEL_SHEET_", w->labels) : 0;
    t->has_despite_opt_out = t->despite_opt_out = w->despite_opt_out;
    t->has_margin_mm = w->margin > 0;
    t->margin_mm = (uint32_t)w->margin;
}

static bool write_template(struct session *s)
{
    const struct writing *w = s->arg;
    Baton__LetterTemplate t = BATON__LETTER_TEMPLATE__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    struct buffer body;
    buffer_init(&body, FILE_MAX);
    fill_in(&t, w);
    if (w->body != NULL && !file_read(w->body, &body))
        return session_end(s, TOOL_FAILED);
    t.body = w->body != NULL ? arena_strdup(s->arena, buffer_cstr(&body)) : NULL;
    buffer_release(&body);
    record.record_case = BATON__RECORD__RECORD_LETTER_TEMPLATE;
    record.letter_template = &t;
    q.request_id = request_id_new(s->arena);
    q.record = &record;
    return session_ask(s, "RecordService/CreateRecord", &q, print_template);
}

int tool_letter_template(struct tool *t, int argc, char **argv)
{
    struct writing w = {0};
    int first;
    const struct option_row rows[] = {
        {"body", OPTION_TEXT, &w.body},         {"subject", OPTION_TEXT, &w.subject},
        {"sender", OPTION_TEXT, &w.sender},     {"from", OPTION_TEXT, &w.country},
        {"language", OPTION_TEXT, &w.language}, {"labels", OPTION_TEXT, &w.labels},
        {"purpose", OPTION_TEXT, &w.purpose},   {"despite-opt-out", OPTION_FLAG, &w.despite_opt_out},
        {"margin", OPTION_NUMBER, &w.margin},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.name = argv[first];
    return session_run(t, MEMORY, write_template, &w);
}

/* --- on paper --- */

struct making {
    struct session *s;
    const char *template, *run, *account, *opportunity, *campaign, *contacts, *out;
    struct option_list wanted;
    Baton__LetterOpportunity deal;
    char *ids[CONTACTS_MAX];
    size_t n_ids;
    char *pieces[PIECES_MAX + 3]; /* for pdfunite: its name before, the whole and NULL behind */
    size_t n_pieces, letters, pages, left_out;
    bool (*all)(struct making *m);
};

static void tell_left_out(struct making *m, Baton__LetterLeftOut *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "left out: %s: %s\n", all[i]->contact_id,
                output_word(m->s->arena, &baton__letter_obstacle__descriptor, (int)all[i]->why,
                            "LETTER_OBSTACLE_"));
    m->left_out += n;
}

static bool failed(struct making *m, const char *what, const char *path)
{
    fprintf(stderr, "error: cannot %s %s: %s\n", what, path, strerror(errno));
    m->s->status = TOOL_FAILED;
    return false;
}

static bool keep_piece(struct making *m, const ProtobufCBinaryData *pdf)
{
    if (m->n_pieces == PIECES_MAX)
        return refuse(&m->s->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "these are too many letters at once");
    char *path = arena_printf(m->s->arena, "%s.%zu", m->out, m->n_pieces + 1);
    FILE *f = fopen(path, "we");
    if (f == NULL)
        return failed(m, "write", path);
    m->pieces[1 + m->n_pieces++] = path;
    const bool is_written = fwrite(pdf->data, 1, pdf->len, f) == pdf->len;
    return (fclose(f) == 0 && is_written) || failed(m, "write", path);
}

static bool draw(struct making *m, const char *run_id)
{
    Baton__DrawLettersRequest q = BATON__DRAW_LETTERS_REQUEST__INIT;
    q.run_id = (char *)(uintptr_t)run_id;
    q.opportunity = m->opportunity != NULL ? &m->deal : NULL;
    do {
        const Baton__DrawLettersResponse *r = session_call(m->s, "LetterService/DrawLetters", &q);
        if (r == NULL)
            return false;
        tell_left_out(m, r->left_out, r->n_left_out);
        m->letters += r->letters;
        m->pages += r->pages;
        if (r->has_pdf && !keep_piece(m, &r->pdf))
            return false;
        q.has_from = r->has_next;
        q.from = r->next;
    } while (q.has_from);
    return true;
}

/* Of those ids, or of the account, page by page. */
static bool make_run(struct making *m, char **ids, size_t n)
{
    Baton__MakeLettersRequest q = BATON__MAKE_LETTERS_REQUEST__INIT;
    q.template_id = (char *)(uintptr_t)m->template;
    q.contact_ids = ids;
    q.n_contact_ids = n;
    q.account_id = (char *)(uintptr_t)(n > 0 ? NULL : m->account);
    q.opportunity_id = (char *)(uintptr_t)m->opportunity;
    q.campaign = (char *)(uintptr_t)m->campaign;
    do {
        q.request_id = request_id_new(m->s->arena);
        const Baton__MakeLettersResponse *r = session_call(m->s, "LetterService/MakeLetters", &q);
        if (r == NULL)
            return false;
        tell_left_out(m, r->left_out, r->n_left_out);
        if (r->run != NULL && !draw(m, r->run->id))
            return false;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    return true;
}

/* They have names and addresses. */
static void drop_pieces(struct making *m)
{
    for (size_t i = 1; i <= m->n_pieces; i++)
        (void)unlink(m->pieces[i]); /* one that cannot be is seen beside the file */
}

/* The pieces as one file, by poppler's own program. */
static bool unite(struct making *m)
{
    extern char **environ;
    pid_t pid;
    int status = 0;
    if (m->n_pieces == 1)
        return rename(m->pieces[1], m->out) == 0 || failed(m, "write", m->out);
    m->pieces[0] = (char *)(uintptr_t) "pdfunite";
    m->pieces[m->n_pieces + 1] = (char *)(uintptr_t)m->out;
    m->pieces[m->n_pieces + 2] = NULL;
    errno = posix_spawnp(&pid, "pdfunite", NULL, NULL, m->pieces, environ);
    if (errno != 0)
        return failed(m, "run", "pdfunite");
    if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failed(m, "unite the pieces into", m->out);
    drop_pieces(m);
    return true;
}

static bool add_id(struct making *m, const char *id, size_t n)
{
    if (n == 0)
        return true;
    if (m->n_ids == CONTACTS_MAX)
        return refuse(&m->s->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "at most %d contacts at once",
                      CONTACTS_MAX);
    m->ids[m->n_ids++] = arena_strndup(m->s->arena, id, n);
    return true;
}

/* One a line. */
static bool read_ids(struct making *m)
{
    struct buffer text;
    bool good = true;
    buffer_init(&text, FILE_MAX);
    for (size_t i = 0; good && i < m->wanted.n; i++)
        good = add_id(m, m->wanted.values[i], strlen(m->wanted.values[i]));
    if (good && m->contacts != NULL && !file_read(m->contacts, &text)) {
        m->s->status = TOOL_FAILED;
        good = false;
    }
    for (const char *at = buffer_cstr(&text); good && *at != '\0';) {
        const size_t n = strcspn(at, "\r\n");
        good = add_id(m, at, n);
        at += n + (at[n] != '\0');
    }
    buffer_release(&text);
    return good;
}

/* What fields of an opportunity stand for. */
static bool read_deal(struct making *m)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    if (m->opportunity == NULL)
        return true;
    q.type = (char *)(uintptr_t) "opportunity";
    q.id = (char *)(uintptr_t)m->opportunity;
    const Baton__GetRecordResponse *r = session_call(m->s, "RecordService/GetRecord", &q);
    if (r == NULL)
        return false;
    const Baton__Opportunity *o = r->record->opportunity;
    m->deal.name = o->name;
    m->deal.close_date = o->close_date;
    if (o->amount != NULL && o->amount->currency_code != NULL)
        m->deal.amount =
            arena_printf(m->s->arena, "%s %s", o->amount->currency_code,
                         output_amount(m->s->arena, o->amount->minor_units, o->amount->currency_code));
    return true;
}

static bool make_all(struct making *m)
{
    if (!read_ids(m) || !read_deal(m))
        return false;
    bool good = m->account == NULL || make_run(m, NULL, 0);
    for (size_t at = 0; good && at < m->n_ids; at += RUN_MAX)
        good = make_run(m, m->ids + at, m->n_ids - at < RUN_MAX ? m->n_ids - at : RUN_MAX);
    return good;
}

/* Of an opportunity that is not there any more its fields are missing, as of none. */
static bool draw_again(struct making *m)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = (char *)(uintptr_t) "letter_run";
    q.id = (char *)(uintptr_t)m->run;
    const Baton__GetRecordResponse *r = session_call(m->s, "RecordService/GetRecord", &q);
    if (r == NULL)
        return false;
    m->opportunity = r->record->letter_run->opportunity_id;
    if (!read_deal(m)) {
        if (m->s->no.code != REFUSAL_NOT_FOUND)
            return false;
        m->opportunity = NULL;
    }
    return draw(m, m->run);
}

static bool write_all(struct making *m)
{
    if (!m->all(m)) {
        drop_pieces(m);
        return false;
    }
    if (m->n_pieces == 0)
        return refuse(&m->s->no, REFUSAL_FAILED_PRECONDITION, NULL, "nobody of them gets one");
    return unite(m);
}

static bool on_paper(struct session *s)
{
    struct making *m = s->arg;
    m->s = s;
    baton__letter_opportunity__init(&m->deal);
    if (!write_all(m))
        return s->status == TOOL_FAILED;
    if (s->tool->json)
        fprintf(s->tool->out, "{\"file\":\"%s\",\"letters\":%zu,\"pages\":%zu,\"leftOut\":%zu}\n",
                output_text(s->arena, m->out), m->letters, m->pages, m->left_out);
    else
        fprintf(s->tool->out, "%zu letters on %zu pages in %s, %zu left out\n", m->letters, m->pages,
                output_text(s->arena, m->out), m->left_out);
    return true;
}

int tool_letter_make(struct tool *t, int argc, char **argv)
{
    struct making m = {.all = make_all};
    int first;
    const struct option_row rows[] = {
        {"contact", OPTION_LIST, &m.wanted},    {"contacts", OPTION_TEXT, &m.contacts},
        {"account", OPTION_TEXT, &m.account},   {"opportunity", OPTION_TEXT, &m.opportunity},
        {"campaign", OPTION_TEXT, &m.campaign}, {"out", OPTION_TEXT, &m.out},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (m.out == NULL || (m.wanted.n == 0 && m.contacts == NULL) == (m.account == NULL)) {
        fprintf(stderr, "error: say to whom, --contact and --contacts or --account, and --out FILE.pdf\n");
        return TOOL_USAGE;
    }
    m.template = argv[first];
    return session_run(t, MEMORY, on_paper, &m);
}

int tool_letter_draw(struct tool *t, int argc, char **argv)
{
    struct making m = {.all = draw_again};
    int first;
    const struct option_row rows[] = {{"out", OPTION_TEXT, &m.out}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (m.out == NULL) {
        fprintf(stderr, "error: say where it goes, --out FILE.pdf\n");
        return TOOL_USAGE;
    }
    m.run = argv[first];
    return session_run(t, MEMORY, on_paper, &m);
}
