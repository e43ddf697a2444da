/* A form, for its page. */
#include "services/leads/rows.h"

bool leads_query_form(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__GetFormRequest *q = (const Baton__GetFormRequest *)c->request;
    Baton__GetFormResponse *out = ARENA_NEW(l->arena, Baton__GetFormResponse);
    baton__get_form_response__init(out);
    out->form = table_find(l->txn, LEADS_LEAD_FORM, "name", q->form, l->arena);
    *reply = &out->base;
    return out->form || refuse(no, REFUSAL_NOT_FOUND, "form", "there is no such form");
}
