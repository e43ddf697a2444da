/* What was read of a file, as an answer. */
#include <string.h>

#include "services/documents/rows.h"

/* Whatever a file is, that it cannot be read is an answer. */
static const struct documents_preview *preview_of(const struct command *c, struct refusal *no)
{
    const struct documents_preview *p = c->prepared;
    if (!p)
        refuse(no, REFUSAL_NOT_FOUND, "hash", "there is no such file");
    else if (p->is_lost)
        refuse(no, REFUSAL_DATA_LOSS, NULL, "the file cannot be read");
    return p && !p->is_lost ? p : NULL;
}

static char *kind_name(struct load *l, const struct documents_preview *p)
{
    return p->found.kind ? arena_strdup(l->arena, p->found.kind->name) : NULL;
}

static char *reason(struct load *l, const struct documents_preview *p)
{
    bool is_there = p->end == PREVIEW_DONE || p->end == PREVIEW_CUT;
    return is_there ? NULL : arena_strdup(l->arena, preview_end_text(p->end));
}

static Baton__ContractHint *hint_of(struct arena *a, const struct contract_hint *from)
{
    static const Baton__ContractSort sorts[] = {
        [CONTRACT_PARTY] = BATON__CONTRACT_SORT__CONTRACT_SORT_PARTY,
        [CONTRACT_AGREED] = BATON__CONTRACT_SORT__CONTRACT_SORT_AGREED,
        [CONTRACT_EFFECTIVE] = BATON__CONTRACT_SORT__CONTRACT_SORT_EFFECTIVE,
        [CONTRACT_ENDS] = BATON__CONTRACT_SORT__CONTRACT_SORT_ENDS,
        [CONTRACT_TERM] = BATON__CONTRACT_SORT__CONTRACT_SORT_TERM,
        [CONTRACT_RENEWAL] = BATON__CONTRACT_SORT__CONTRACT_SORT_RENEWAL,
        [CONTRACT_NOTICE] = BATON__CONTRACT_SORT__CONTRACT_SORT_NOTICE,
    };
    Baton__ContractHint *h = ARENA_NEW(a, Baton__ContractHint);
    baton__contract_hint__init(h);
    h->has_sort = h->has_at = h->has_size = h->has_sure = true;
    h->sort = sorts[from->sort];
    h->value = arena_strdup(a, from->value);
    h->at = (uint32_t)from->at;
    h->size = (uint32_t)from->size;
    h->sure = from->sure;
    return h;
}

static char *day_of(struct arena *a, const char *day)
{
    return *day ? arena_strdup(a, day) : NULL;
}

static void add_hints(struct load *l, const struct documents_preview *p, Baton__GetTextResponse *r)
{
    struct contract_days days;
    r->hints = ARENA_ARRAY(l->arena, Baton__ContractHint *, p->n_hints);
    for (size_t i = 0; i < p->n_hints; i++)
        r->hints[r->n_hints++] = hint_of(l->arena, &p->hints[i]);
    contract_days_of(p->hints, p->n_hints, &days);
    r->effective_on = day_of(l->arena, days.effective);
    r->expires_on = day_of(l->arena, days.ends);
    r->renewal_on = day_of(l->arena, days.renewal);
    r->notice_on = day_of(l->arena, days.notice);
}

bool documents_query_text(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const struct documents_preview *p = preview_of(c, no);
    if (!p)
        return false;
    Baton__GetTextResponse *r = ARENA_NEW(l->arena, Baton__GetTextResponse);
    baton__get_text_response__init(r);
    r->kind = kind_name(l, p);
    r->reason = reason(l, p);
    r->text = r->reason ? NULL : arena_strndup(l->arena, (const char *)p->data, p->size);
    r->has_cut = r->cut = p->is_cut;
    add_hints(l, p, r);
    *reply = &r->base;
    return true;
}

bool documents_query_page(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const struct documents_preview *p = preview_of(c, no);
    if (!p)
        return false;
    Baton__GetPageResponse *r = ARENA_NEW(l->arena, Baton__GetPageResponse);
    baton__get_page_response__init(r);
    r->kind = kind_name(l, p);
    r->reason = reason(l, p);
    r->has_png = p->size > 0;
    r->png.data = (uint8_t *)(uintptr_t)p->data;
    r->png.len = p->size;
    *reply = &r->base;
    return true;
}
