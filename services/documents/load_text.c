/* Which documents' text is to be read: those that change, and after a start all that there are, one stretch
   after the other, held against what is known of them. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "services/documents/rows.h"

enum { NOTED_MAX = 4096, SAID_EVERY = 1000 };

struct documents_texts {
    struct texts *texts;                                      /* NULL: there are none */
    bool is_walked;                                           /* all there were have been looked at */
    bool is_stopped;                                          /* until something changes */
    unsigned walks;                                           /* that have begun */
    unsigned losses;                                          /* of the texts, when the walk began */
    uint64_t read;                                            /* texts, since then */
    char after[IDENT_TEXT_SIZE], token[DOCUMENTS_WALK_TOKEN]; /* where it stands */
    char noted[NOTED_MAX][IDENT_TEXT_SIZE];
    size_t n;
};

struct documents_texts *documents_texts_new(void)
{
    struct documents_texts *t = calloc(1, sizeof *t);
    assert(t);
    return t;
}

void documents_texts_free(struct documents_texts *t)
{
    free(t);
}

static void walk_begin(struct documents_texts *t)
{
    t->walks++;
    t->losses = texts_losses(t->texts);
    t->is_walked = t->is_stopped = false;
    t->after[0] = t->token[0] = '\0';
    t->read = 0;
    texts_complete(t->texts, false);
}

void documents_texts_load(struct documents_texts *t, struct load *l)
{
    t->texts = l->view;
    if (t->texts)
        walk_begin(t);
}

/* 1: what changes is looked at; where it is too much at once, everything */
void documents_texts_note(struct documents_texts *t, const char *id)
{
    if (!t || !t->texts || !id || strlen(id) >= IDENT_TEXT_SIZE)
        return;
    texts_complete(t->texts, false);
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->noted[i], id) == 0)
            return;
    if (t->is_stopped || t->n == NOTED_MAX) {
        walk_begin(t);
        t->n = 0;
        return;
    }
    memcpy(t->noted[t->n++], id, strlen(id) + 1);
}

static bool wants(void *state)
{
    const struct documents_texts *t = documents_texts(state);
    return t->texts && !t->is_stopped && (t->n || !t->is_walked);
}

static void add(struct load *l, struct documents_texts_job *job, const char *id, const Baton__Document *d)
{
    struct documents_text *row = &job->rows[job->n++];
    uint64_t seq;
    const Baton__DocumentRevision *v = d ? documents_revision(l, d, d->current_number, &seq) : NULL;
    (void)snprintf(row->id, sizeof row->id, "%s", id); /* what is longer is no id */
    if (!v || !files_is_hash(v->file_hash))
        return;
    row->number = v->number;
    memcpy(row->hash, v->file_hash, sizeof row->hash);
    if (v->name)
        memcpy(row->name, v->name, strnlen(v->name, DOCUMENTS_NAME_MAX));
}

static void add_noted(struct load *l, const struct documents_texts *t, struct documents_texts_job *job)
{
    while (job->n < t->n && job->n < DOCUMENTS_TEXTS_MAX) {
        const char *id = t->noted[job->n];
        add(l, job, id, table_get_id(l->txn, DOCUMENTS_DOCUMENT, id, l->arena));
    }
}

/* 2: behind the last of them nothing is known that is not there */
static void add_walked(struct load *l, const struct documents_texts *t, struct documents_texts_job *job)
{
    struct table_scan scan;
    const Baton__Document *d = NULL;
    const char *token = NULL;
    job->is_walk = true;
    memcpy(job->after, t->after, sizeof job->after);
    bool is_open =
        table_scan_open(&scan, l->txn, DOCUMENTS_DOCUMENT, NULL, NULL, *t->token ? t->token : NULL, false);
    assert(is_open); /* it is a token of such a walk */
    while (job->n < DOCUMENTS_TEXTS_MAX && (d = table_scan_next(&scan, l->arena)))
        add(l, job, d->id, d);
    if (d)
        token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    assert(!token || strlen(token) < sizeof job->token);
    (void)snprintf(job->token, sizeof job->token, "%s", token ? token : ""); /* fits */
    (void)snprintf(job->to, sizeof job->to, "%s", d ? d->id : "~");          /* "~" is behind all ids */
}

static void *load(struct load *l)
{
    const struct documents_texts *t = documents_texts(l->state);
    struct documents_texts_job *job = calloc(1, sizeof *job);
    assert(job);
    job->texts = t->texts;
    job->files = l->files;
    job->walks = t->walks;
    if (t->n)
        add_noted(l, t, job);
    else
        add_walked(l, t, job);
    return job;
}

/* 3: how far it is, is said */
static void count(struct documents_texts *t, struct documents_texts_job *job)
{
    uint64_t before = t->read;
    t->read += job->read;
    job->read = 0;
    if (t->read / SAID_EVERY != before / SAID_EVERY)
        log_info("search", "%" PRIu64 " texts of documents were read; going on", t->read);
}

static void go_on(struct documents_texts *t, const struct documents_texts_job *job)
{
    if (!job->is_walk) {
        t->n -= job->n;
        memmove(t->noted, t->noted + job->n, t->n * sizeof *t->noted);
        return;
    }
    memcpy(t->after, job->to, sizeof t->after);
    memcpy(t->token, job->token, sizeof t->token);
    t->is_walked = !*t->token;
    if (t->is_walked && t->read)
        log_info("search", "the texts of all documents are known; %" PRIu64 " of them were read", t->read);
}

/* 4: where it cannot go on it waits for the next change; what was lost is read again */
static bool done(void *state, void *memory)
{
    struct documents_texts *t = documents_texts(state);
    struct documents_texts_job *job = memory;
    count(t, job);
    if (job->is_stopped) {
        walk_begin(t);
        t->is_stopped = true;
        return true;
    }
    if (job->at < job->n)
        return false;
    if (texts_losses(t->texts) != t->losses)
        walk_begin(t);
    else if (job->walks == t->walks) /* else what there was is no more */
        go_on(t, job);
    texts_complete(t->texts, t->is_walked && !t->n);
    return true;
}

const struct upkeep_row documents_upkeep = {wants, load, documents_texts_work, done};
