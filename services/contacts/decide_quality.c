/* How complete and how fresh a record is, and what of it is to be mended. The rules are numbered;
   tests/unit/test_contacts_quality.c has the same numbers. */
#include "services/contacts/quality.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { HEAVY = 15 /* a field of this weight is missed */, MESSAGE_MAX = 400, ALL = 100 };
static const int64_t DAY_US = INT64_C(86400000000);

static const struct contacts_weight account_weights[] = {
    {"billing_address", 20, 540}, {"phone", 15, 365},    {"owner_id", 15, 0},
    {"website", 10, 540},         {"industry", 10, 730}, {"number_of_employees", 10, 365},
    {"annual_revenue", 10, 365},  {"type", 10, 730},
};
static const struct contacts_weight contact_weights[] = {
    {"email", 25, 365},           {"phone", 15, 365},     {"last_name", 15, 0},
    {"mobile_phone", 10, 365},    {"title", 10, 365},     {"department", 5, 365},
    {"mailing_address", 10, 540}, {"account_id", 5, 540}, {"owner_id", 5, 0},
};

const struct contacts_weight *contacts_weights(const char *type, size_t *n)
{
    bool is_account = strcmp(type, "account") == 0;
    *n = is_account ? COUNT(account_weights) : strcmp(type, "contact") == 0 ? COUNT(contact_weights) : 0;
    return is_account ? account_weights : contact_weights;
}

/* FNV-1a, so that a change is seen without keeping what there was. */
static uint32_t hash_of(struct bytes b)
{
    uint32_t h = UINT32_C(2166136261);
    for (size_t i = 0; i < b.size; i++)
        h = (h ^ b.data[i]) * UINT32_C(16777619);
    return h;
}

static uint32_t value_hash(const ProtobufCMessage *record, const struct schema_field *f, struct arena *a)
{
    if (f->message)
        return hash_of(schema_pack(*(ProtobufCMessage *const *)((const char *)record + f->pb->offset), a));
    if (f->pb->type == PROTOBUF_C_TYPE_STRING)
        return hash_of(bytes_text(schema_text_of(record, f)));
    int64_t number = schema_int_of(record, f);
    return hash_of(bytes_of(&number, sizeof number));
}

static const Baton__KeptField *kept_field(const Baton__Quality *q, const char *field)
{
    for (size_t i = 0; q && i < q->n_fields; i++)
        if (strcmp(q->fields[i]->field, field) == 0)
            return q->fields[i];
    return NULL;
}

bool contacts_confirmed_us(const Baton__Quality *q, const char *field, int64_t *us)
{
    const Baton__KeptField *k = kept_field(q, field);
    *us = k ? k->confirmed_us : 0;
    return k != NULL;
}

/* 2: freshness halves with each half-life since the last confirmation, in steps, so that it changes only then
 */
static uint32_t freshness(int64_t age_us, uint32_t half_life_days, int64_t *left_us)
{
    enum { STEPS = 4 };
    int64_t half_life_us = half_life_days * DAY_US;
    *left_us = INT64_MAX;
    if (!half_life_days)
        return ALL;
    int64_t steps = age_us > 0 ? age_us / half_life_us : 0;
    if (steps >= STEPS)
        return 0;
    *left_us = half_life_us - (age_us > 0 ? age_us % half_life_us : age_us);
    return (uint32_t)ALL >> steps;
}

struct judging {
    const struct contacts_judge_facts *f;
    const ProtobufCMessage *record;
    Baton__Quality *q;
    int64_t now_us;
    struct arena *a;
    uint32_t present_weight, fresh_sum;
};

static void due_by(struct judging *j, int64_t us)
{
    if (us < j->q->due_us || !j->q->due_us)
        j->q->due_us = us;
}

__attribute__((format(printf, 5, 6))) static Baton__Problem *
problem(struct judging *j, Baton__ProblemKind kind, Baton__Severity severity, const char *field,
        const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    if (j->q->n_problems == CONTACTS_PROBLEMS_MAX)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* field names and days: it fits */
    va_end(args);
    Baton__Problem *p = j->q->problems[j->q->n_problems++] = ARENA_NEW(j->a, Baton__Problem);
    baton__problem__init(p);
    p->has_kind = p->has_severity = true;
    p->kind = kind;
    p->severity = severity;
    p->field = arena_strdup(j->a, field);
    p->message = arena_strdup(j->a, text);
    return p;
}

/* 1: what a field holds now is confirmed by whoever typed it, or by who said so since; not by Baton, which
   only works out anew what it makes of it */
static int64_t confirmed(const struct judging *j, const Baton__KeptField *k, const Baton__KeptField *was)
{
    const Google__Protobuf__Timestamp *updated = j->record->descriptor == &baton__account__descriptor
                                                     ? ((const Baton__Account *)j->f->record)->updated_at
                                                     : ((const Baton__Contact *)j->f->record)->updated_at;
    int64_t changed_us = j->f->changed_us ? j->f->changed_us : timestamp_us(updated);
    return was && (!was->has_hash || was->hash == k->hash) ? was->confirmed_us : changed_us;
}

static void judge_field(struct judging *j, const struct contacts_weight *w)
{
    const struct schema_field *f = schema_field(schema_message(j->record->descriptor), w->field);
    bool present = schema_present(j->record, f);
    /* 4: an important field that is empty is to be filled in */
    if (!present) {
        if (w->weight >= HEAVY)
            (void)problem(j, BATON__PROBLEM_KIND__PROBLEM_KIND_MISSING, BATON__SEVERITY__SEVERITY_WARNING,
                          w->field, "%s is missing", w->field);
        return;
    }
    Baton__KeptField *k = j->q->fields[j->q->n_fields++] = ARENA_NEW(j->a, Baton__KeptField);
    baton__kept_field__init(k);
    k->field = (char *)(uintptr_t)w->field;
    k->has_hash = k->has_confirmed_us = k->has_freshness_percent = true;
    k->hash = value_hash(j->record, f, j->a);
    k->confirmed_us = confirmed(j, k, kept_field(j->f->kept, w->field));
    int64_t left_us;
    k->freshness_percent = freshness(j->now_us - k->confirmed_us, w->half_life_days, &left_us);
    if (left_us != INT64_MAX)
        due_by(j, j->now_us + left_us);
    j->present_weight += w->weight;
    j->fresh_sum += w->weight * k->freshness_percent;
    /* 5: one that was confirmed longer ago than its half-life is to be looked at */
    if (k->freshness_percent < ALL && w->weight >= HEAVY)
        (void)problem(j, BATON__PROBLEM_KIND__PROBLEM_KIND_STALE, BATON__SEVERITY__SEVERITY_HINT, w->field,
                      "%s was not confirmed for more than %u days", w->field, w->half_life_days);
}

/* 6: what seemed wrong with what was typed */
static void judge_hints(struct judging *j)
{
    bool is_account = j->record->descriptor == &baton__account__descriptor;
    const Baton__Account *account = (const Baton__Account *)j->record;
    const Baton__Contact *contact = (const Baton__Contact *)j->record;
    size_t n = is_account ? account->n_hints : contact->n_hints;
    for (size_t i = 0; i < n; i++) {
        const Baton__DataHint *h = is_account ? account->hints[i] : contact->hints[i];
        Baton__Problem *p = problem(j, BATON__PROBLEM_KIND__PROBLEM_KIND_HINT,
                                    BATON__SEVERITY__SEVERITY_WARNING, h->field, "%s", "");
        if (p)
            p->message = h->message;
    }
}

/* 7: what the rules of the company say */
static void judge_rules(struct judging *j)
{
    for (size_t i = 0; j->f->rules && i < j->f->rules->n; i++) {
        const Baton__QualityRule *rule = j->f->rules->rules[i];
        int64_t due_us = INT64_MAX;
        if (strcmp(rule->record_type, j->f->type) != 0 || rule->paused)
            continue;
        bool holds = contacts_rule_holds(rule, j->record, j->q, j->now_us, &due_us, j->a);
        if (due_us != INT64_MAX)
            due_by(j, due_us);
        Baton__Problem *p = !holds ? NULL
                                   : problem(j, BATON__PROBLEM_KIND__PROBLEM_KIND_RULE, rule->severity,
                                             rule->conditions[0]->field, "%s", "");
        if (p) {
            p->message = rule->message;
            p->rule_id = rule->id;
        }
    }
}

/* 8: errors before warnings before hints, then what is least complete; 0 where nothing is to be mended */
static uint32_t rank_of(const Baton__Quality *q)
{
    enum { ERROR = 10000, WARNING = 200, HINT = 5 };
    uint32_t rank = q->n_problems ? (ALL - q->completeness_percent) / HINT : 0;
    for (size_t i = 0; i < q->n_problems; i++)
        rank += q->problems[i]->severity == BATON__SEVERITY__SEVERITY_ERROR     ? ERROR
                : q->problems[i]->severity == BATON__SEVERITY__SEVERITY_WARNING ? WARNING
                                                                                : HINT;
    return q->n_problems && !rank ? 1 : rank;
}

Baton__Quality *contacts_judge(const struct contacts_judge_facts *f, const ProtobufCMessage *record,
                               int64_t now_us, struct arena *a)
{
    Baton__Quality *q = ARENA_NEW(a, Baton__Quality);
    baton__quality__init(q);
    struct judging j = {.f = f, .record = record, .q = q, .now_us = now_us, .a = a};
    size_t n;
    const struct contacts_weight *weights = contacts_weights(f->type, &n);
    q->record_id = arena_strdup(a, schema_get_text(record, "id"));
    q->type = (char *)(uintptr_t)f->type;
    q->owner_id = arena_strdup(a, schema_get_text(record, "owner_id"));
    q->problems = ARENA_ARRAY(a, Baton__Problem *, CONTACTS_PROBLEMS_MAX);
    q->fields = ARENA_ARRAY(a, Baton__KeptField *, CONTACTS_FIELDS_MAX);
    for (size_t i = 0; i < n; i++)
        judge_field(&j, &weights[i]);
    judge_hints(&j);
    judge_rules(&j);
    q->has_completeness_percent = q->has_freshness_percent = q->has_rank = q->has_counted = q->counted = true;
    /* 3: complete is the weight of what is there; fresh is the mean of its freshness by weight */
    q->completeness_percent = j.present_weight;
    q->freshness_percent = j.present_weight ? j.fresh_sum / j.present_weight : 0;
    q->rank = rank_of(q);
    q->has_due_us = q->due_us != 0;
    return q;
}
