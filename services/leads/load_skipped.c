/* Rules that are skipped: which ask for what has been deleted, of which the administrators know, and who
   these are. */
#include <string.h>

#include "services/leads/rows.h"

enum { SCRATCH = 16 << 20 };

static struct key told_key(uint64_t version, uint32_t rule, uint32_t skip)
{
    struct key key;
    key_init(&key);
    key_u64(&key, version);
    key_u64(&key, rule);
    key_u64(&key, skip);
    return key;
}

static bool is_territory(const struct leads_path *path)
{
    return !path->outer && strcmp(path->field->pb->name, "territory_id") == 0;
}

/* Whoever keeps no territories here may name them as they like; so may who does, in words of their own. */
static bool is_gone(struct txn *t, const struct leads_condition *c)
{
    uint8_t id[IDENT_SIZE];
    for (size_t i = 0; i < c->n_values; i++) {
        struct key key = key_of(c->values[i].text);
        if (!ident_parse(id, c->values[i].text) || table_seq(t, LEADS_TERRITORY, &key))
            return false;
    }
    return c->n_values > 0;
}

static void look_for_gone(struct load *l, struct leads_policy *p, size_t rule)
{
    const struct leads_rule *r = &p->rules[rule];
    for (size_t i = 0; i < r->n_conditions; i++) {
        struct leads_condition *c = &r->conditions[i];
        c->gone = false;
        if (c->operator== BATON__OPERATOR__OPERATOR_IS && is_territory(&p->paths[c->slot]) &&
            is_gone(l->txn, c))
            leads_condition_gone(p, rule, i);
    }
}

static uint32_t skips_of(const struct leads_routing *r, const struct leads_policy *p,
                         const struct leads_rule *rule)
{
    uint32_t skips = 0;
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const struct leads_condition *c = &rule->conditions[i];
        if (c->operator== BATON__OPERATOR__OPERATOR_UNSPECIFIED)
            skips |= UINT32_C(1) << BATON__RULE_SKIP__RULE_SKIP_CONDITION;
        else if (c->gone || (p->paths[c->slot].kind == LEADS_KIND_AREA && leads_area_gone(r->territories, c)))
            skips |= UINT32_C(1) << BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE;
    }
    if (rule->pool == LEADS_NO_POOL || !r->pools[rule->pool].revision)
        skips |= UINT32_C(1) << BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED;
    return skips;
}

static uint32_t told(struct load *l, uint64_t version, size_t rule, uint32_t skips)
{
    uint32_t known = 0;
    for (uint32_t skip = 1; skips >> skip; skip++) {
        struct key key = told_key(version, (uint32_t)rule, skip);
        if ((skips >> skip & 1) && table_seq(l->txn, LEADS_SKIPPED_RULE, &key))
            known |= UINT32_C(1) << skip;
    }
    return known;
}

bool leads_skipped_load(struct load *l, const struct leads_routing *r, struct leads_policy *p)
{
    bool is_new = false;
    for (size_t i = 0; i < p->n_rules; i++) {
        look_for_gone(l, p, i);
        uint32_t skips = skips_of(r, p, &p->rules[i]);
        p->rules[i].told = skips ? told(l, p->version, i, skips) : 0;
        is_new = is_new || (skips & ~p->rules[i].told);
    }
    return is_new;
}

size_t leads_admins_load(struct load *l, char ids[LEADS_ADMINS_MAX][IDENT_TEXT_SIZE])
{
    struct table_scan scan;
    const Baton__User *u;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, LEADS_USER, NULL, NULL, NULL, false))
        return 0;
    struct arena *scratch = arena_new(SCRATCH);
    for (; n < LEADS_ADMINS_MAX && (u = table_scan_next(&scan, scratch)); arena_reset(scratch))
        if (u->role == BATON__ROLE__ROLE_ADMIN && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE &&
            strlen(u->id) < IDENT_TEXT_SIZE)
            memcpy(ids[n++], u->id, strlen(u->id) + 1);
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

void leads_apply_skipped(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__RuleSkipped *e = (const Baton__RuleSkipped *)payload;
    Baton__SkippedRule row = BATON__SKIPPED_RULE__INIT;
    row.has_policy_version = row.has_rule_index = row.has_skip = true;
    row.policy_version = e->policy_version;
    row.rule_index = e->rule_index;
    row.skip = e->skip;
    row.lead_id = e->lead_id;
    row.has_count = true;
    row.count = 1; /* the decision that it is told after */
    table_put(ap->txn, LEADS_SKIPPED_RULE, &row, ap->seq, ap->arena);
    leads_state_note_skipped(ap->state, e);
}

void leads_apply_skips(struct apply *ap, const Baton__Decision *d)
{
    const ProtobufCBinaryData *failed = &d->failed_conditions;
    for (size_t i = 0; d->has_policy_version && i < failed->len; i++) {
        if (failed->data[i] <= LEADS_RULE_SKIPPED)
            continue;
        struct key key =
            told_key(d->policy_version, (uint32_t)i, (uint32_t)failed->data[i] - LEADS_RULE_SKIPPED);
        Baton__SkippedRule *row = table_get(ap->txn, LEADS_SKIPPED_RULE, &key, ap->arena);
        if (!row)
            continue;
        row->has_count = true;
        row->count++;
        table_put(ap->txn, LEADS_SKIPPED_RULE, row, ap->seq, ap->arena);
    }
}

void leads_skipped_list(struct load *l, const Baton__Policy *p, Baton__GetPolicyResponse *out)
{
    const unsigned n_skips = baton__rule_skip__descriptor.n_values;
    out->skipped = ARENA_ARRAY(l->arena, Baton__SkippedRule *, p->n_rules * n_skips + 1);
    for (size_t i = 0; i < p->n_rules; i++)
        for (uint32_t skip = 1; skip < n_skips; skip++) {
            struct key key = told_key(p->version, (uint32_t)i, skip);
            Baton__SkippedRule *row = table_get(l->txn, LEADS_SKIPPED_RULE, &key, l->arena);
            if (row)
                out->skipped[out->n_skipped++] = row;
        }
}
