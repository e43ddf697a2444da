/* What people say of suspected pairs, and looking through what is there. */
#include <string.h>

#include "services/contacts/contacts.h"

static bool refuse_type(struct outcome *out)
{
    return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type", "duplicates are of contacts or accounts");
}

static bool may_say(const struct contacts_row *r, const char *field, const Baton__Actor *actor,
                    struct outcome *out)
{
    /* 31: both are there, and who may not see one learns nothing; who may change both may say so */
    if (!r->row || !record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, false))
        return refuse(&out->no, REFUSAL_NOT_FOUND, field, "there is no such record");
    return record_reached(schema_message(r->row->descriptor), r->row, r->reach, actor, true) ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, field,
                  "only who may change both records can say this");
}

bool contacts_decide_dismiss(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_dismiss_facts *f = facts;
    const Baton__DismissDuplicateRequest *q = (const Baton__DismissDuplicateRequest *)c->request;
    if (!f->type)
        return refuse_type(out);
    if (!may_say(&f->first, "first_id", c->actor, out) || !may_say(&f->second, "second_id", c->actor, out))
        return false;
    /* 32: of two */
    int order = strcmp(q->first_id, q->second_id);
    if (order == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "second_id", "these are one and the same");
    Baton__DismissDuplicateResponse *r = ARENA_NEW(s->arena, Baton__DismissDuplicateResponse);
    Baton__DuplicateDismissed *e = ARENA_NEW(s->arena, Baton__DuplicateDismissed);
    Baton__DuplicatePair *p = ARENA_NEW(s->arena, Baton__DuplicatePair);
    baton__dismiss_duplicate_response__init(r);
    baton__duplicate_dismissed__init(e);
    baton__duplicate_pair__init(p);
    if (f->pair)
        *p = *f->pair;
    /* 33: for good, suspected or not */
    p->id = contacts_pair_id(q->first_id, q->second_id, s->arena);
    p->type = q->type;
    p->first_id = order < 0 ? q->first_id : q->second_id;
    p->second_id = order < 0 ? q->second_id : q->first_id;
    p->has_state = true;
    p->state = BATON__DUPLICATE_STATE__DUPLICATE_STATE_DISMISSED;
    p->dismissed_by_id = arena_strdup(s->arena, c->actor->user_id);
    e->pair = r->pair = p;
    outcome_event(out, e);
    out->reply = &r->base;
    return true;
}

bool contacts_decide_look(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    enum { ROOM = OUTCOME_EVENTS_MAX - CONTACTS_FOUND_MAX };
    const struct contacts_look_facts *f = facts;
    size_t i = 0;
    if (!f->type)
        return refuse_type(out);
    Baton__SweepDuplicatesResponse *r = ARENA_NEW(s->arena, Baton__SweepDuplicatesResponse);
    baton__sweep_duplicates_response__init(r);
    r->has_looked_at = r->has_found = r->has_in_all = true;
    r->in_all = f->in_all;
    /* 34: some at a time, and what comes of them fits into one command; the next begins where it ended */
    for (; i < f->n && out->n_events <= ROOM; i++) {
        ProtobufCMessage *row = f->of[i].row;
        if (!schema_get_text(row, "merged_into_id"))
            r->found += (uint32_t)contacts_suspect(f->of[i].known, row, row, s, out);
        r->next_after_id = (char *)(uintptr_t)schema_get_text(row, "id");
    }
    r->looked_at = (uint32_t)i;
    if (i == f->n && !f->more)
        r->next_after_id = NULL;
    out->reply = &r->base;
    return true;
}
