/* Pieces of files, off the loop: written and looked at, or read. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "services/documents/rows.h"

enum { HEAD_SIZE = 256 << 10 };

/* --- writing --- */

struct job {
    struct documents_piece result; /* first: decide sees it */
    struct files *files;
    struct files_piece piece;
    char name[DOCUMENTS_NAME_MAX + 1];
    uint8_t data[];
};

/* NULL: decide says why there is nothing to write. */
static void *load_piece(struct load *l, const struct command *c)
{
    const Baton__PutPieceRequest *r = (const Baton__PutPieceRequest *)c->request;
    const Baton__Upload *u = documents_upload(l, r->id, c->actor);
    if (!u || u->hash)
        return NULL;
    struct job *j = malloc(sizeof *j + r->data.len); /* written over at once: not worth zeroing */
    assert(j);
    memset(j, 0, sizeof *j);
    j->files = l->files;
    memcpy(j->piece.id, u->id, strlen(u->id) + 1);
    j->piece.size = u->size;
    j->piece.safe = u->safe_bytes;
    j->piece.offset = r->offset;
    if (r->data.len)
        memcpy(j->data, r->data.data, r->data.len);
    j->piece.data = bytes_of(j->data, r->data.len);
    (void)snprintf(j->name, sizeof j->name, "%s", u->name); /* fits */
    return j;
}

static enum documents_end end_of(enum files_end end)
{
    static const enum documents_end ends[] = {
        [FILES_WRITTEN] = DOCUMENTS_WRITTEN,     [FILES_COMPLETE] = DOCUMENTS_KEPT,
        [FILES_BUSY] = DOCUMENTS_BUSY,           [FILES_CROWDED] = DOCUMENTS_CROWDED,
        [FILES_ELSEWHERE] = DOCUMENTS_ELSEWHERE, [FILES_FULL] = DOCUMENTS_FULL,
        [FILES_FAILED] = DOCUMENTS_FAILED,
    };
    return ends[end];
}

/* What a complete upload becomes. */
static enum documents_end look(struct job *j)
{
    struct documents_piece *p = &j->result;
    uint8_t *head = malloc(HEAD_SIZE);
    assert(head);
    ssize_t n = files_head(j->files, j->piece.id, head, HEAD_SIZE);
    char media[KIND_MEDIA_SIZE];
    bool is_known = n >= 0 && kind_media(head, (size_t)n, media);
    free(head);
    if (!is_known)
        return DOCUMENTS_FAILED;
    const int longest = (int)sizeof p->media_type - 1; /* a longer one is none that is known */
    (void)snprintf(p->media_type, sizeof p->media_type, "%.*s", longest, media);
    if (documents_kind_fits(j->name, p->media_type))
        return end_of(files_keep(j->files, j->piece.id, p->hash, j->piece.size));
    (void)snprintf(p->rejected, sizeof p->rejected, "what is in the file (%s) is not what its name says",
                   p->media_type); /* fits */
    return DOCUMENTS_REJECTED;
}

static void work_piece(void *memory)
{
    struct job *j = memory;
    struct files_written w;
    files_write(j->files, &j->piece, &w);
    j->result.offset = w.offset;
    j->result.safe = w.safe;
    memcpy(j->result.hash, w.hash, sizeof w.hash);
    j->result.end = w.end == FILES_COMPLETE ? look(j) : end_of(w.end);
}

const struct slow_part documents_slow_piece = {.load = load_piece, .work = work_piece};

/* --- reading --- */

struct documents_read *documents_read_new(struct files *files, const char *hash, uint64_t offset, size_t size)
{
    struct documents_read *p = calloc(1, sizeof *p + size);
    assert(p);
    p->files = files;
    memcpy(p->hash, hash, sizeof p->hash);
    p->offset = offset;
    p->size = size;
    return p;
}

static void *load_read(struct load *l, const struct command *c)
{
    const Baton__ReadFileRequest *r = (const Baton__ReadFileRequest *)c->request;
    if (!files_is_hash(r->hash) || !documents_may_read_file(l, r->hash, c->actor) ||
        !documents_file(l->txn, r->hash, l->arena))
        return NULL;
    return documents_read_new(l->files, r->hash, r->offset, r->size);
}

void documents_read_work(void *memory)
{
    struct documents_read *p = memory;
    p->n = files_read(p->files, p->hash, p->offset, p->data, p->size);
}

const struct slow_part documents_slow_read = {.load = load_read, .work = documents_read_work};
