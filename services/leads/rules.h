/* Routing rules: checked when published, compiled once, matched against every lead, told in words. */
#ifndef BATON_LEADS_RULES_H
#define BATON_LEADS_RULES_H

#include "base/arena.h"
#include "base/refusal.h"
#include "baton/v1/leads.pb-c.h"
#include "schema/schema.h"
#include "services/leads/territory.h"
#include "services/leads/traits.h"

enum { LEADS_NO_POOL = UINT32_MAX };

/* What can be compared. */
enum leads_kind { LEADS_KIND_TEXT, LEADS_KIND_NUMBER, LEADS_KIND_FLAG, LEADS_KIND_NAME, LEADS_KIND_AREA };
/* The field of a condition that is none of Lead's: the territories it lies in and all above them. */
#define LEADS_TERRITORY_FIELD "territory"

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
    bool gone; /* what it wants the lead to have is not there any more */
};

struct leads_rule {
    struct leads_condition *conditions;
    size_t n_conditions;
    const Baton__Rule *source;
    uint32_t pool;        /* which of the routing's pools; LEADS_NO_POOL until said */
    uint32_t filters;     /* bit n: row n of decide_filter.c */
    const uint8_t *ranks; /* rows of decide_rank.c, in the rule's order */
    size_t n_ranks;
    struct leads_words skills;
    const uint32_t *preferred; /* which of the routing's persons; none until said */
    size_t n_preferred;
    uint32_t high_score;
    uint32_t told; /* bit n: the administrators know that it is skipped for RuleSkip n */
};

/* What most rules fail by, side by side so that a thousand of them fit into the cache: a rule whose first
   condition wants one text can only match where the field's text has the same hash. */
struct leads_gate {
    uint64_t hash;
    uint32_t slot;
    bool shut; /* false: nothing is known beforehand */
};

struct leads_policy {
    uint64_t version;
    struct leads_rule *rules;
    struct leads_gate *gates; /* one a rule */
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
   read, every pool exists (pool_known, one a rule), and so do who is preferred and the territories named
   (unknown_user, unknown_territory, one a rule: an id that nobody has, or NULL); filters and ranks make
   sense. Refusals name the field, `policy.rules[3].conditions[0].field`. */
bool leads_policy_check(const Baton__Policy *policy, const bool *pool_known, const char *const *unknown_user,
                        const char *const *unknown_territory, struct refusal *no);

/* For matching; total: a condition that makes no sense makes its rule one that is skipped. Keeps pointers
 * into `policy`. */
struct leads_policy *leads_policy_compile(const Baton__Policy *policy, struct arena *a);

/* The condition wants what is not there any more: its rule is one that is skipped. */
void leads_condition_gone(struct leads_policy *policy, size_t rule, size_t condition);

/* A lead being matched: each field asked about is read and folded at most once. */
struct leads_match {
    const struct leads_policy *policy;
    const struct leads_territories *territories; /* NULL: none */
    const Baton__Lead *lead;
    struct leads_value *seen;
    bool *is_seen;
    struct leads_words areas; /* what it lies in, and all above; once has_areas */
    bool has_areas;
    struct arena *arena;
};
void leads_match_init(struct leads_match *m, const struct leads_policy *policy,
                      const struct leads_territories *territories, const Baton__Lead *lead, struct arena *a);
enum { LEADS_RULE_SKIPPED = 224 };
/* 0: all conditions of the rule hold; else the first that does not, counted from 1; LEADS_RULE_SKIPPED +
   RuleSkip: one cannot be asked before any has failed. */
unsigned leads_match_rule(struct leads_match *m, size_t rule);
/* The first rule from there on that is worth matching; all before it fail by their first condition. */
size_t leads_match_next(struct leads_match *m, size_t from);

/* A condition on territories, as leads_match_rule has it. (decide_territory_condition.c) */
unsigned leads_area_failed(struct leads_match *m, const struct leads_condition *c);
/* Whether it names a territory that is not there. */
bool leads_area_gone(const struct leads_territories *t, const struct leads_condition *c);
/* The same with the names of territories in place of their ids, to be put into words; what is not known stays
   as it is. */
const Baton__Condition *leads_condition_named(const struct leads_territories *t, const Baton__Condition *c,
                                              struct arena *a);
const Baton__Rule *leads_rule_named(const struct leads_territories *t, const Baton__Rule *rule,
                                    struct arena *a);

/* "address.country is DE or AT and annual_revenue is at least 1000"; "it has no conditions". In the arena. */
char *leads_rule_text(const Baton__Rule *rule, struct arena *a);
/* Why a rule was skipped. */
const char *leads_skip_text(Baton__RuleSkip skip);
/* Why a condition did not hold for this lead: "address.country is 'FR', not DE or AT". */
char *leads_failed_text(const Baton__Condition *condition, const Baton__Lead *lead, struct arena *a);

#endif
