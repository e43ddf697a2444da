/* Which policy stands in the shadow, and who would have had how many by it. */
#include <stdlib.h>

#include "services/leads/rows.h"

enum { COUNTS_MAX = 2000, SCRATCH = 16 << 20 };

static int by_would(const void *a, const void *b)
{
    const Baton__ShadowCount *x = *(Baton__ShadowCount *const *)a, *y = *(Baton__ShadowCount *const *)b;
    return x->would == y->would ? (x->had < y->had) - (x->had > y->had)
                                : (x->would < y->would) - (x->would > y->would);
}

static void add_counts(struct load *l, Baton__ShadowReport *out)
{
    struct table_scan scan;
    Baton__ShadowCount *c;
    if (!table_scan_open(&scan, l->txn, LEADS_SHADOW_COUNT, NULL, NULL, NULL, false))
        return;
    out->counts = ARENA_ARRAY(l->arena, Baton__ShadowCount *, COUNTS_MAX);
    while (out->n_counts < COUNTS_MAX && (c = table_scan_next(&scan, l->arena)))
        out->counts[out->n_counts++] = c;
    table_scan_close(&scan);
    for (size_t i = 0; i < out->n_counts; i++) {
        const Baton__User *u = table_get_id(l->txn, LEADS_USER, out->counts[i]->user_id, l->arena);
        out->counts[i]->name = u && u->name ? u->name : arena_strdup(l->arena, "somebody unknown");
        out->decisions += out->counts[i]->would;
        out->same += out->counts[i]->same;
    }
    qsort(out->counts, out->n_counts, sizeof *out->counts, by_would);
}

static Baton__ShadowReport *report(struct load *l)
{
    struct key key = key_of(LEADS_SHADOW_ID);
    const Baton__PolicyShadow *row = table_get(l->txn, LEADS_SHADOW, &key, l->arena);
    Baton__ShadowReport *out = ARENA_NEW(l->arena, Baton__ShadowReport);
    baton__shadow_report__init(out);
    if (!row)
        return out;
    out->has_policy_version = out->has_decisions = out->has_same = true;
    out->policy_version = row->policy_version;
    out->started_at = row->started_at;
    add_counts(l, out);
    return out;
}

void *leads_load_end_shadow(struct load *l, const struct command *c)
{
    return report(l);
}

bool leads_query_shadow(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    Baton__GetShadowResponse *out = ARENA_NEW(l->arena, Baton__GetShadowResponse);
    baton__get_shadow_response__init(out);
    out->report = report(l);
    *reply = &out->base;
    return true;
}
