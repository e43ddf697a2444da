/* Text and page images of files, off the loop and in the sandbox. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "services/documents/rows.h"

enum { SIDE_USUAL = 1200, TRIES_MAX = 3 };

static const struct sandbox sandbox; /* as it is installed */

static struct documents_preview *begin(struct load *l, const struct command *c, const char *hash)
{
    const Baton__StoredFile *file = files_is_hash(hash) && documents_may_read_file(l, hash, c->actor)
                                        ? documents_file(l->txn, hash, l->arena)
                                        : NULL;
    if (!file)
        return NULL;
    struct documents_preview *p = calloc(1, sizeof *p);
    assert(p);
    const char *name = documents_file_name(l, file, c->actor);
    p->files = l->files;
    memcpy(p->hash, hash, sizeof p->hash);
    if (name)
        memcpy(p->name, name, strnlen(name, DOCUMENTS_NAME_MAX));
    return p;
}

static void *load_text(struct load *l, const struct command *c)
{
    return begin(l, c, ((const Baton__GetTextRequest *)c->request)->hash);
}

static void *load_page(struct load *l, const struct command *c)
{
    const Baton__GetPageRequest *r = (const Baton__GetPageRequest *)c->request;
    struct documents_preview *p = begin(l, c, r->hash);
    if (p) {
        p->page = r->has_page ? r->page : 1;
        p->side = r->has_side ? r->side : SIDE_USUAL;
    }
    return p;
}

static void keep_text(struct documents_preview *p, const struct buffer *text)
{
    p->size = text_clip((const char *)text->data,
                        text->size < DOCUMENTS_TEXT_MAX ? text->size : DOCUMENTS_TEXT_MAX);
    p->is_cut = p->end == PREVIEW_CUT || p->size < text->size;
    if (p->size)
        memcpy(p->data, text->data, p->size);
    p->n_hints = contract_read((const char *)p->data, p->hints);
}

static void work_text(void *memory)
{
    struct documents_preview *p = memory;
    struct buffer text;
    int file = files_descriptor(p->files, p->hash);
    if (file < 0) {
        p->is_lost = true;
        return;
    }
    buffer_init(&text, PREVIEW_TEXT_MAX + 1);
    p->end = preview_text(&sandbox, file, p->name, &p->found, &text);
    if (p->end == PREVIEW_DONE || p->end == PREVIEW_CUT) {
        (void)buffer_cstr(&text); /* there is room */
        keep_text(p, &text);
    }
    buffer_release(&text);
    close(file);
}

/* An image that is too large for an answer is made smaller. */
static void work_page(void *memory)
{
    struct documents_preview *p = memory;
    struct buffer png;
    int file = files_descriptor(p->files, p->hash);
    if (file < 0) {
        p->is_lost = true;
        return;
    }
    buffer_init(&png, PREVIEW_IMAGE_MAX);
    for (int i = 0; i < TRIES_MAX && p->size == 0; i++, p->side = p->side / 2 + 1) {
        buffer_clear(&png);
        p->end = preview_page(&sandbox, file, p->name, p->page, p->side, &p->found, &png);
        if (p->end != PREVIEW_DONE)
            break;
        if (png.size <= DOCUMENTS_PNG_MAX) {
            memcpy(p->data, png.data, png.size);
            p->size = png.size;
        }
    }
    if (p->end == PREVIEW_DONE && p->size == 0)
        p->end = PREVIEW_TOO_MUCH;
    buffer_release(&png);
    close(file);
}

static bool always(const void *memory)
{
    (void)memory;
    return true;
}

const struct slow_part documents_slow_text = {.load = load_text, .work = work_text, .is_long = always};
const struct slow_part documents_slow_page = {.load = load_page, .work = work_page, .is_long = always};
