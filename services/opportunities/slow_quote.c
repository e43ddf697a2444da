/* The slow part of a quote on paper: it is drawn away from the loop, from a copy. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "services/opportunities/rows.h"

enum { NAME_SIZE = 256, LETTERHEAD_SIZE = 1200, SCRATCH = 16 << 20 };

struct drawing {
    struct quote_drawn drawn; /* first: what decide sees */
    char name[NAME_SIZE], letterhead[LETTERHEAD_SIZE];
    size_t size;
    uint8_t quote[]; /* packed */
};

static void *drawing_new(struct load *l, const Baton__Quote *q)
{
    const struct bytes packed = q ? schema_pack(&q->base, l->arena) : bytes_of(NULL, 0);
    struct drawing *d = q ? calloc(1, sizeof *d + packed.size) : NULL;
    const Baton__Organisation *o = opportunities_organisation(l);
    if (!d)
        return NULL;
    memcpy(d->quote, packed.data, packed.size);
    d->size = packed.size;
    if (o && o->name)
        memcpy(d->name, o->name, text_clip(o->name, NAME_SIZE - 1));
    if (o && o->letterhead)
        memcpy(d->letterhead, o->letterhead, text_clip(o->letterhead, LETTERHEAD_SIZE - 1));
    return d;
}

/* NULL where there is no such quote; then nothing is drawn, and decide says so. */
static void *load_quote(struct load *l, const struct command *c)
{
    const Baton__GetQuotePdfRequest *r = (const Baton__GetQuotePdfRequest *)c->request;
    const Baton__Quote *q = table_get_id(l->txn, OPPORTUNITIES_QUOTE, r->quote_id, l->arena);
    return drawing_new(l, q && records_may_read(l, OPPORTUNITIES_QUOTE, &q->base, c->actor) ? q : NULL);
}

static void *load_link(struct load *l, const struct command *c)
{
    const Baton__GetQuotePdfByLinkRequest *r = (const Baton__GetQuotePdfByLinkRequest *)c->request;
    return drawing_new(l, opportunities_quote_by_link(l, r->token));
}

static void work(void *memory)
{
    struct drawing *d = memory;
    struct arena *a = arena_new(SCRATCH);
    struct buffer out;
    const struct quote_paper paper = {d->name, d->letterhead};
    const Baton__Quote *q = (const Baton__Quote *)schema_unpack(schema_message(&baton__quote__descriptor),
                                                                bytes_of(d->quote, d->size), a);
    buffer_init(&out, QUOTE_PDF_MAX);
    if (q && quote_pdf_draw(q, &paper, &out)) {
        memcpy(d->drawn.pdf, out.data, out.size);
        d->drawn.size = out.size;
    }
    buffer_release(&out);
    arena_free(a);
}

const struct slow_part opportunities_slow_quote = {.load = load_quote, .work = work};
const struct slow_part opportunities_slow_link = {.load = load_link, .work = work};
