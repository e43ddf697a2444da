/* A call that has been. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/activity.h"

/* 3: whom the request names, or the only one whose number it is; several of one account are that account */
static void set_about(const struct contacts_call_facts *f, const Baton__LogCallRequest *r, Baton__Activity *a)
{
    a->account_id = r->account_id;
    a->contact_id = r->contact_id;
    if (!a->account_id && f->contact)
        a->account_id = f->contact->account_id;
    if (a->account_id || a->contact_id || f->n_callers == 0)
        return;
    const Baton__Caller *first = f->callers[0];
    bool is_one = true, is_one_account = first->account_id != NULL;
    for (size_t i = 1; i < f->n_callers; i++) {
        const Baton__Caller *x = f->callers[i];
        is_one &= x->contact_id == NULL && first->account_id && strcmp(x->account_id, first->account_id) == 0;
        is_one_account &= x->account_id && first->account_id && strcmp(x->account_id, first->account_id) == 0;
    }
    if (is_one)
        a->contact_id = first->contact_id;
    if (is_one || is_one_account)
        a->account_id = first->account_id;
}

static char *subject_of(const struct contacts_call_facts *f, const Baton__LogCallRequest *r, struct arena *a)
{
    char *said = text_trim(a, r->subject);
    const bool is_in = r->direction == BATON__CALL_DIRECTION__CALL_DIRECTION_IN;
    const char *who = f->n_callers && f->callers[0]->name ? f->callers[0]->name : text_trim(a, r->number);
    enum { SUBJECT_MAX = 400 };
    if (said)
        return said;
    char *text = who ? arena_printf(a, is_in ? "Call from %s" : "Call to %s", who) : arena_strdup(a, "Call");
    return arena_strndup(a, text, text_clip(text, SUBJECT_MAX));
}

static void set_times(const Baton__LogCallRequest *r, Baton__Activity *a, struct stamp *s)
{
    const int64_t took_us = (int64_t)r->seconds * 1000000;
    a->start_at = r->started_at ? r->started_at : timestamp_of(s->arena, s->now_us - took_us);
    a->end_at = timestamp_of(s->arena, timestamp_us(a->start_at) + took_us);
    a->done_at = timestamp_of(s->arena, s->now_us);
}

bool contacts_decide_call(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_call_facts *f = facts;
    const Baton__LogCallRequest *r = (const Baton__LogCallRequest *)c->request;
    /* 1: what it is about exists */
    if (f->about.missing_account_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->about.missing_contact_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    /* 2: a call is with a number or with somebody */
    if (!text_trim(s->arena, r->number) && !r->account_id && !r->contact_id)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "number", "say the number, or whom it was with");
    Baton__Activity *a = ARENA_NEW(s->arena, Baton__Activity);
    baton__activity__init(a);
    a->has_kind = a->has_status = a->has_call_direction = true;
    a->kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL;
    a->status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    a->call_direction = r->direction;
    a->has_call_outcome = r->has_outcome;
    a->call_outcome = r->outcome;
    a->has_call_seconds = r->has_seconds;
    a->call_seconds = r->seconds;
    a->call_number = text_trim(s->arena, r->number);
    a->subject = subject_of(f, r, s->arena);
    a->description = r->description;
    a->owner_id = arena_strdup(s->arena, f->owner_id);
    set_about(f, r, a);
    contacts_redirect(&f->about.now, &a->base);
    set_times(r, a, s);
    a->uid = a->id = stamp_id(s);
    Baton__LogCallResponse *reply = ARENA_NEW(s->arena, Baton__LogCallResponse);
    baton__log_call_response__init(reply);
    reply->activity = (Baton__Activity *)record_created(&a->base, s, out);
    /* 4: where that leaves it open, all who it may be are told */
    if (f->n_callers > 1 && !a->contact_id) {
        reply->callers = ARENA_ARRAY(s->arena, Baton__Caller *, f->n_callers);
        for (; reply->n_callers < f->n_callers; reply->n_callers++)
            reply->callers[reply->n_callers] = f->callers[reply->n_callers];
    }
    out->reply = &reply->base;
    return true;
}
