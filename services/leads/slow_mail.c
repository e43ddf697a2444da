/* The slow part of a mail: it is read away from the loop. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/mail.h"
#include "services/leads/rows.h"

static const Baton__Original *letter(const struct command *c)
{
    const Baton__SubmitMailRequest *q = (const Baton__SubmitMailRequest *)c->request;
    return q->original ? q->original : c->original;
}

static void *load_letter(struct load *l, const struct command *c)
{
    const Baton__Original *o = letter(c);
    struct leads_mail *mail = o && o->body.len ? calloc(1, sizeof *mail + o->body.len) : NULL;
    if (!mail)
        return NULL;
    mail->size = o->body.len;
    memcpy(mail->raw, o->body.data, o->body.len);
    return mail;
}

static void work(void *memory)
{
    leads_mail_read(memory);
}

const struct slow_part leads_slow_mail = {.load = load_letter, .work = work};

void *leads_load_mail(struct load *l, const struct command *c)
{
    struct leads_capture_facts *f = ARENA_NEW(l->arena, struct leads_capture_facts);
    const struct leads_mail *mail = c->prepared;
    Baton__Lead like = BATON__LEAD__INIT;
    f->routing = leads_state_routing(l);
    if (!mail)
        return f;
    like.lead_source = (char *)LEADS_MAIL_SOURCE;
    like.external_id = (char *)(uintptr_t)mail->key;
    f->same_key =
        table_find(l->txn, LEADS_LEAD, "external_key", leads_external_key(&like, l->arena), l->arena);
    if (f->same_key) {
        leads_scope_load(l, f->same_key->owner_id, &f->scope);
        return f;
    }
    f->read = leads_read_mail(mail, l->arena);
    leads_known_load(l, f->read.lead, &f->known);
    return f;
}
