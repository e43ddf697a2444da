/* Decisions about who is to read documents, who has, and what was sent of them. */
#include <string.h>

#include "base/text.h"
#include "services/documents/documents.h"

enum { AGAIN_DAYS = 7 };
static const int64_t DAY_US = INT64_C(86400) * 1000000;

bool documents_is_reader(const Baton__DocumentReaders *readers, const Baton__User *u)
{
    bool is = readers->all;
    for (size_t i = 0; !is && i < readers->n_roles; i++)
        is = readers->roles[i] == u->role;
    for (size_t i = 0; !is && u->team_id && i < readers->n_team_ids; i++)
        is = strcmp(readers->team_ids[i], u->team_id) == 0;
    return is && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE;
}

bool documents_asks(const Baton__Document *d)
{
    return d->must_read && d->current_number && d->status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE;
}

bool documents_decide_read(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    const Baton__AcknowledgeDocumentRequest *r = (const Baton__AcknowledgeDocumentRequest *)c->request;
    /* 1: whoever may read it, where somebody is asked to */
    if (!f->document)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    if (!documents_asks(f->document))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "nobody is asked to read this document");
    /* 2: what is current now, not what was when it was opened */
    if (r->number != f->document->current_number)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "number", "revision %u is the current one",
                      f->document->current_number);
    if (f->reading && f->reading->number == r->number)
        return true;
    Baton__DocumentRead *e = ARENA_NEW(s->arena, Baton__DocumentRead);
    Baton__DocumentReading *reading = ARENA_NEW(s->arena, Baton__DocumentReading);
    baton__document_read__init(e);
    baton__document_reading__init(reading);
    e->reading = reading;
    reading->document_id = f->document->id;
    reading->user_id = s->actor->user_id;
    reading->has_number = true;
    reading->number = r->number;
    reading->read_at = timestamp_of(s->arena, s->now_us);
    outcome_event(out, e);
    return true;
}

static void tell(const struct documents_asking_facts *f, struct outcome *out)
{
    Baton__DocumentNews *e = ARENA_NEW(out->arena, Baton__DocumentNews);
    baton__document_news__init(e);
    e->document_id = f->document->id;
    e->has_kind = true;
    e->kind = BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_TO_READ;
    e->title = f->document->title;
    e->user_ids = (char **)(uintptr_t)f->user_ids;
    e->n_user_ids = f->n;
    outcome_event(out, e);
}

bool documents_decide_asking(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_asking_facts *f = facts;
    const Baton__DocumentAsking *row = (const Baton__DocumentAsking *)c->request;
    uint32_t again =
        f->settings && f->settings->has_read_reminder_days ? f->settings->read_reminder_days : AGAIN_DAYS;
    /* 3: whoever has not read it is asked, some at a time; those who still have not, after some days again */
    if (f->document && f->n)
        tell(f, out);
    Baton__DocumentAskingMoved *e = ARENA_NEW(s->arena, Baton__DocumentAskingMoved);
    baton__document_asking_moved__init(e);
    e->document_id = arena_strdup(s->arena, row->document_id);
    e->token = f->token;
    e->has_due_us = f->document && (f->token || again);
    if (e->has_due_us)
        e->due_us = f->token ? row->due_us + 1 : s->now_us + again * DAY_US;
    outcome_event(out, e);
    return true;
}

static Baton__DocumentPin *pin(const Baton__DocumentRevision *v, const char *about_id, struct stamp *s,
                               struct outcome *out)
{
    Baton__DocumentSent *e = ARENA_NEW(s->arena, Baton__DocumentSent);
    Baton__DocumentPin *p = ARENA_NEW(s->arena, Baton__DocumentPin);
    baton__document_sent__init(e);
    baton__document_pin__init(p);
    e->pin = p;
    p->id = stamp_id(s);
    p->document_id = v->document_id;
    p->has_number = true;
    p->number = v->number;
    p->file_hash = v->file_hash;
    p->about_id = arena_strdup(s->arena, about_id);
    p->sent_at = timestamp_of(s->arena, s->now_us);
    outcome_event(out, e);
    return p;
}

bool documents_decide_sent(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    const Baton__PinSentRequest *r = (const Baton__PinSentRequest *)c->request;
    const Baton__DocumentRevision *v = r->number ? f->revision : f->current;
    /* 4: whoever reads it may send it, as it is or was */
    if (!f->document)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    if (!v)
        return r->number ? refuse(&out->no, REFUSAL_NOT_FOUND, "number", "the document has no such revision")
                         : refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "number",
                                  "no revision is the current one");
    Baton__PinSentResponse *reply = ARENA_NEW(out->arena, Baton__PinSentResponse);
    baton__pin_sent_response__init(reply);
    reply->pin = pin(v, r->about_id, s, out);
    reply->pin->sent_to = text_trim(s->arena, r->sent_to);
    reply->pin->sent_by_id = s->actor->user_id;
    out->reply = &reply->base;
    return true;
}

bool documents_decide_quote(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_quote_facts *f = facts;
    const Baton__QuoteSent *e = (const Baton__QuoteSent *)c->request;
    /* 5: what was current when the quote went; what has become so since is not what they have */
    for (size_t i = 0; i < f->n; i++) {
        if (timestamp_us(f->revisions[i]->updated_at) > c->by_us)
            continue;
        Baton__DocumentPin *sent = pin(f->revisions[i], e->quote_id, s, out);
        sent->sent_at = timestamp_of(s->arena, c->by_us);
        sent->sent_by_id = c->by ? c->by->user_id : NULL;
    }
    return true;
}
