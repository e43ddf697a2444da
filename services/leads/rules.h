/* Routing rules: checked when published, compiled once, matched against every lead, told in words. */
#ifndef BATON_LEADS_RULES_H
#define BATON_LEADS_RULES_H

#include "base/arena.h"
#include "base/refusal.h"
#include "baton/v1/leads.pb-c.h"
#include "schema/schema.h"

enum { LEADS_NO_POOL = UINT32_MAX };

/* What can be compared. */
enum leads_kind { LEADS_KIND_TEXT, LEADS_KIND_NUMBER, LEADS_KIND_FLAG, LEADS_KIND_NAME };

/* A field of Lead or of a message in it. */
struct leads_path {
    const struct schema_field *outer; /* the message field; NULL: `field` is Lead's own */
    const struct schema_field *field;
    enum leads_kind kind;
};

/* One side of a comparison: folded text and its hash, or a number. */
struct leads_value {
    const char *text;
    size_t size;
    uint64_t hash;
    int64_t number;
    bool present;
};

struct leads_condition {
    uint32_t slot; /* which of the policy's paths */
    Baton__Operator operator;
    const struct leads_value *values;
    size_t n_values;
};

struct leads_rule {
    const struct leads_condition *conditions;
    size_t n_conditions;
    const Baton__Rule *source;
    uint32_t pool; /* which of the routing's pools; LEADS_NO_POOL until said */
};

struct leads_policy {
    uint64_t version;
    struct leads_rule *rules;
    size_t n_rules;
    const struct leads_path *paths; /* every field that is asked about, once */
    size_t n_paths;
};

/* False: there is no such field, or it holds what cannot be compared. */
bool leads_path_find(const char *text, struct leads_path *out);
/* What the lead has there, folded; `v->present` false: nothing. */
void leads_path_read(const struct leads_path *path, const Baton__Lead *lead, struct leads_value *v,
                     struct arena *a);
/* A text as it stands; NULL: absent or no text. */
const char *leads_path_text(const struct leads_path *path, const Baton__Lead *lead);

/* Whether the policy can be published: every field exists, every operator suits its field, every value can be
   read, every pool exists (pool_known, one a rule). Refusals name the field,
   `policy.rules[3].conditions[0].field`. */
bool leads_policy_check(const Baton__Policy *policy, const bool *pool_known, struct refusal *no);

/* For matching; total: a condition that makes no sense never holds. Keeps pointers into `policy`. */
struct leads_policy *leads_policy_compile(const Baton__Policy *policy, struct arena *a);

/* A lead being matched: each field asked about is read and folded at most once. */
struct leads_match {
    const struct leads_policy *policy;
    const Baton__Lead *lead;
    struct leads_value *seen;
    bool *is_seen;
    struct arena *arena;
};
void leads_match_init(struct leads_match *m, const struct leads_policy *policy, const Baton__Lead *lead,
                      struct arena *a);
/* 0: all conditions of the rule hold; else the first that does not, counted from 1. */
unsigned leads_match_rule(struct leads_match *m, size_t rule);

/* "address.country is DE or AT and annual_revenue is at least 1000"; "it has no conditions". In the arena. */
char *leads_rule_text(const Baton__Rule *rule, struct arena *a);
/* Why a condition did not hold for this lead: "address.country is 'FR', not DE or AT". */
char *leads_failed_text(const Baton__Condition *condition, const Baton__Lead *lead, struct arena *a);

#endif
