/* Uploads whose end is applied, and whose files go once that is committed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/documents/rows.h"

struct ended {
    char id[IDENT_TEXT_SIZE];
    bool is_kept;
};

static const char *const document_tags[] = {
    "type",      "status",      "owner_id",     "account_ids", "opportunity_ids",
    "quote_ids", "product_ids", "campaign_ids", "tags",        NULL};
static const char *const document_names[] = {"title", NULL};
const struct finder_def documents_finder_def = {DOCUMENTS_DOCUMENT, "created_at", "updated_at", document_tags,
                                                document_names,     NULL,         NULL};

struct documents_state {
    struct finder finder;
    struct documents_texts *texts;
    struct ended *ended;
    size_t n, room;
};

void *documents_state_new(void)
{
    struct documents_state *s = calloc(1, sizeof *s);
    assert(s);
    finder_init(&s->finder, &documents_finder_def);
    s->texts = documents_texts_new();
    return s;
}

struct finder *documents_finder(void *state)
{
    struct documents_state *s = state;
    return s ? &s->finder : NULL;
}

struct documents_texts *documents_texts(void *state)
{
    struct documents_state *s = state;
    return s ? s->texts : NULL;
}

void documents_state_free(void *state)
{
    struct documents_state *s = state;
    finder_release(&s->finder);
    documents_texts_free(s->texts);
    free(s->ended);
    free(s);
}

void documents_ended(void *state, const char *id, bool is_kept)
{
    struct documents_state *s = state;
    if (!s || strlen(id) >= IDENT_TEXT_SIZE)
        return;
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 16;
        s->ended = realloc(s->ended, s->room * sizeof *s->ended);
        assert(s->ended);
    }
    struct ended *e = &s->ended[s->n++];
    memcpy(e->id, id, strlen(id) + 1);
    e->is_kept = is_kept;
}

void documents_committed(void *state, struct files *files)
{
    struct documents_state *s = state;
    for (size_t i = 0; i < s->n; i++)
        files_drop(files, s->ended[i].id, s->ended[i].is_kept);
    s->n = 0;
}

/* --- what a crash has left --- */

/* One that is complete is committed as what it became. */
static bool is_upload(void *arg, const char *id)
{
    const struct load *l = arg;
    const Baton__Upload *u = table_get_id(l->txn, DOCUMENTS_UPLOAD, id, l->arena);
    return u && !u->hash;
}

static bool is_file(void *arg, const char *hash)
{
    const struct load *l = arg;
    return documents_file(l->txn, hash, l->arena) != NULL;
}

void documents_state_load(struct load *l)
{
    const struct files_known known = {is_upload, is_file, l};
    files_sweep(l->files, &known);
    finder_load(documents_finder(l->state), l);
    documents_texts_load(documents_texts(l->state), l);
}
