/* What is slow about links: their passwords, and the pieces of files that are read by them. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "services/documents/rows.h"

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

/* Only where the answer hangs on it: it costs as much as signing in. */
static void *load_given(struct load *l, const struct command *c)
{
    const Baton__OpenShareRequest *r = (const Baton__OpenShareRequest *)c->request;
    const struct documents_share_facts *f = documents_load_link(l, c);
    if (!documents_share_opens(f, l->now_us) || !f->password || !r->password ||
        timestamp_us(f->share->closed_until) > l->now_us)
        return NULL;
    struct documents_opening *o = calloc(1, sizeof *o);
    assert(o);
    take(&o->password, r->password);
    memccpy(o->password.stored, f->password->hash, '\0', sizeof o->password.stored - 1);
    return o;
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

const struct slow_part documents_slow_made = {load_made, work_password};
const struct slow_part documents_slow_given = {load_given, work_password};

/* --- files --- */

static void *load_shared(struct load *l, const struct command *c)
{
    const Baton__ReadSharedFileRequest *r = (const Baton__ReadSharedFileRequest *)c->request;
    const Baton__DocumentShareView *view = documents_ticket(l, r->ticket);
    return view ? documents_read_new(l->files, view->file_hash, r->offset, r->size) : NULL;
}

const struct slow_part documents_slow_shared = {load_shared, documents_read_work};
