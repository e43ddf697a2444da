/* What is slow about links: their passwords, the pages that are drawn with a watermark, and the pieces of
   files that are read by them. */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/documents/rows.h"

static const struct sandbox sandbox = {.name = "baton-watermark"}; /* as it is installed */

/* --- passwords --- */

static void take(struct documents_password *p, const char *text)
{
    memccpy(p->text, text, '\0', sizeof p->text - 1);
}

static void *load_made(struct load *l, const struct command *c)
{
    const Baton__CreateShareRequest *r = (const Baton__CreateShareRequest *)c->request;
    const struct documents_share_facts *f = documents_load_share(l, c);
    if (!f->document || !r->password)
        return NULL;
    struct documents_password *p = calloc(1, sizeof *p);
    assert(p);
    take(p, r->password);
    return p;
}

static void work_password(void *memory)
{
    struct documents_password *p = memory;
    if (*p->stored)
        p->is_right = password_is(p->stored, p->text);
    else
        (void)password_hash(p->made, p->text); /* a failure leaves "" */
    sodium_memzero(p->text, sizeof p->text);
}

/* --- pages --- */

static void draw(const struct documents_draw *draw, int file, struct documents_drawn *drawn)
{
    struct buffer pdf;
    enum files_end kept = FILES_FAILED;
    buffer_init(&pdf, PREVIEW_PDF_MAX);
    const char *day = draw->text + strlen(draw->text) - (sizeof "2026-03-02" - 1);
    enum preview_end end = preview_watermark(&sandbox, file, draw->text, day, &pdf);
    if (end == PREVIEW_DONE)
        kept = files_made_keep(draw->files, bytes_of(pdf.data, pdf.size), drawn->hash);
    drawn->size = pdf.size;
    drawn->is_there = kept == FILES_COMPLETE;
    drawn->is_later = end == PREVIEW_DONE || end == PREVIEW_LATE;
    (void)snprintf(drawn->why, sizeof drawn->why, "%s",
                   end == PREVIEW_DONE ? "there is no room for them" : preview_end_text(end)); /* fits */
    buffer_release(&pdf);
}

static void draw_of(const struct documents_draw *d, struct documents_drawn *drawn)
{
    int file = files_descriptor(d->files, d->source);
    if (file < 0) {
        (void)snprintf(drawn->why, sizeof drawn->why, "the file cannot be read"); /* fits */
        return;
    }
    draw(d, file, drawn);
    close(file);
}

/* --- opening --- */

struct opening {
    struct documents_opening opening; /* first: decide sees it */
    struct documents_draw draw;
};

/* 1: what was drawn with the same words for whoever opened it last is given again */
static void plan_drawing(struct load *l, const struct documents_share_facts *f, struct opening *o)
{
    struct documents_drawn *drawn = &o->opening.drawn;
    const Baton__DocumentShareView *last = documents_newest_view(l, f->share->id);
    struct civil today = civil_of_seconds(l->now_us / 1000000);
    char day[CIVIL_SIZE];
    drawn->number = f->revision->number;
    civil_format(day, &today, true);
    (void)snprintf(drawn->watermark, sizeof drawn->watermark, "%s \u00b7 %s", f->share->watermark,
                   day); /* fits */
    memcpy(o->draw.text, drawn->watermark, sizeof o->draw.text);
    o->draw.files = l->files;
    if (documents_is_pdf(l, f->revision->file_hash))
        memcpy(o->draw.source, f->revision->file_hash, sizeof o->draw.source);
    else
        (void)snprintf(drawn->why, sizeof drawn->why, "it is no PDF any more"); /* fits */
    if (!last || !last->watermark || strcmp(last->watermark, drawn->watermark) != 0 ||
        last->number != f->revision->number)
        return;
    memcpy(drawn->hash, last->file_hash, sizeof drawn->hash);
    drawn->size = last->size;
}

/* Only where the answer hangs on it: a password costs as much as signing in. */
static void *load_given(struct load *l, const struct command *c)
{
    const Baton__OpenShareRequest *r = (const Baton__OpenShareRequest *)c->request;
    const struct documents_share_facts *f = documents_load_link(l, c);
    if (!documents_share_opens(f, l->now_us) || timestamp_us(f->share->closed_until) > l->now_us ||
        (f->password ? !r->password : !f->share->watermark))
        return NULL;
    struct opening *o = calloc(1, sizeof *o);
    assert(o);
    if (f->password) {
        take(&o->opening.password, r->password);
        memccpy(o->opening.password.stored, f->password->hash, '\0', sizeof o->opening.password.stored - 1);
    }
    if (f->share->watermark)
        plan_drawing(l, f, o);
    return o;
}

static void work_given(void *memory)
{
    struct opening *o = memory;
    struct documents_drawn *drawn = &o->opening.drawn;
    bool is_asked = *o->opening.password.stored;
    if (is_asked)
        work_password(&o->opening.password);
    if (!*o->draw.source || (is_asked && !o->opening.password.is_right))
        return;
    drawn->is_there = *drawn->hash && files_made_is(o->draw.files, drawn->hash);
    if (!drawn->is_there)
        draw_of(&o->draw, drawn);
}

static bool draws(const void *memory)
{
    return *((const struct opening *)memory)->draw.source;
}

const struct slow_part documents_slow_made = {.load = load_made, .work = work_password};
const struct slow_part documents_slow_given = {.load = load_given, .work = work_given, .is_long = draws};

/* --- files --- */

static void *load_shared(struct load *l, const struct command *c)
{
    const Baton__ReadSharedFileRequest *r = (const Baton__ReadSharedFileRequest *)c->request;
    struct documents_share_facts f;
    const Baton__DocumentShareView *view = documents_ticket(l, r->ticket, &f);
    if (!view)
        return NULL;
    struct documents_read *read = documents_read_new(l->files, view->file_hash, r->offset, r->size);
    if (view->watermark) {
        read->draw.files = l->files;
        memcpy(read->draw.source, f.revision->file_hash, sizeof read->draw.source);
        (void)snprintf(read->draw.text, sizeof read->draw.text, "%s", view->watermark); /* fits */
    }
    return read;
}

/* 2: what had to go for others is drawn once more, and is the same or nothing */
static void work_shared(void *memory)
{
    struct documents_read *p = memory;
    struct documents_drawn again = {0};
    if (!*p->draw.source) {
        documents_read_work(memory);
        return;
    }
    p->n = files_made_read(p->files, p->hash, p->offset, p->data, p->size);
    if (p->n >= 0)
        return;
    draw_of(&p->draw, &again);
    if (again.is_there && strcmp(again.hash, p->hash) == 0)
        p->n = files_made_read(p->files, p->hash, p->offset, p->data, p->size);
}

static bool draws_again(const void *memory)
{
    const struct documents_read *p = memory;
    return *p->draw.source && !files_made_is(p->files, p->hash);
}

const struct slow_part documents_slow_shared = {
    .load = load_shared, .work = work_shared, .is_long = draws_again};
