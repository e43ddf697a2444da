/* Conditions, rules and reasons in words that anyone can read. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/leads/leads.h"

enum { WORDS_MAX = 400, VALUES_SHOWN = 4, CONDITIONS_SHOWN = 3, VALUE_SHOWN = 60 };

/* How an operator reads: where the condition holds, and behind the field's value where it does not. */
struct operator_words {
    Baton__Operator operator;
    const char *holds, *fails;
};
static const struct operator_words operators[] = {
    {BATON__OPERATOR__OPERATOR_IS, "is", "not"},
    {BATON__OPERATOR__OPERATOR_IS_NOT, "is not", "which is left out by 'is not'"},
    {BATON__OPERATOR__OPERATOR_STARTS_WITH, "starts with", "which does not start with"},
    {BATON__OPERATOR__OPERATOR_CONTAINS, "contains", "which does not contain"},
    {BATON__OPERATOR__OPERATOR_AT_LEAST, "is at least", "less than"},
    {BATON__OPERATOR__OPERATOR_AT_MOST, "is at most", "more than"},
    {BATON__OPERATOR__OPERATOR_PRESENT, "is given", ""},
    {BATON__OPERATOR__OPERATOR_ABSENT, "is not given", "although it should be absent"},
};

static const struct operator_words *words_of(Baton__Operator operator)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].operator== operator)
            return &operators[i];
    return &operators[0];
}

static void add_clipped(struct buffer *b, const char *text)
{
    size_t n = text_clip(text, VALUE_SHOWN);
    buffer_add(b, text, n);
    if (text[n])
        buffer_text(b, "...");
}

static void add_values(struct buffer *b, const Baton__Condition *c)
{
    for (size_t i = 0; i < c->n_values && i < VALUES_SHOWN; i++) {
        buffer_text(b, i ? " or " : " ");
        add_clipped(b, c->values[i]);
    }
    if (c->n_values > VALUES_SHOWN)
        buffer_printf(b, " or %zu more", c->n_values - VALUES_SHOWN);
}

static void add_condition(struct buffer *b, const Baton__Condition *c)
{
    buffer_printf(b, "%s %s", c->field ? c->field : "", words_of(c->operator_)->holds);
    add_values(b, c);
}

/* What did not fit is left out: the policy itself is kept whole. */
static char *finish(struct buffer *b, struct arena *a)
{
    char *text = arena_strdup(a, buffer_cstr(b));
    buffer_release(b);
    return text;
}

char *leads_rule_text(const Baton__Rule *rule, struct arena *a)
{
    struct buffer b;
    buffer_init(&b, 4 * WORDS_MAX);
    for (size_t i = 0; i < rule->n_conditions && i < CONDITIONS_SHOWN; i++) {
        buffer_text(&b, i ? " and " : "");
        add_condition(&b, rule->conditions[i]);
    }
    if (rule->n_conditions > CONDITIONS_SHOWN)
        buffer_printf(&b, " and %zu more", rule->n_conditions - CONDITIONS_SHOWN);
    if (!rule->n_conditions)
        buffer_text(&b, "it has no conditions");
    return finish(&b, a);
}

/* What the lead says in that field; NULL: nothing. */
static const char *value_text(const struct leads_path *path, const Baton__Lead *lead, struct arena *a)
{
    struct leads_value v;
    leads_path_read(path, lead, &v, a);
    if (!v.present)
        return path->kind == LEADS_KIND_FLAG ? "false" : NULL;
    if (path->kind == LEADS_KIND_NUMBER)
        return arena_printf(a, "%lld", (long long)v.number);
    if (path->kind == LEADS_KIND_FLAG)
        return v.number ? "true" : "false";
    return path->kind == LEADS_KIND_NAME ? v.text : leads_path_text(path, lead);
}

/* Fields that Baton sets itself may have changed since, so what they say now explains nothing. */
static bool is_as_it_was(const struct leads_path *path)
{
    return !path->field->rules->output_only || strcmp(path->field->pb->name, "captured_by") == 0;
}

char *leads_failed_text(const Baton__Condition *c, const Baton__Lead *lead, struct arena *a)
{
    struct leads_path path;
    struct buffer b;
    buffer_init(&b, WORDS_MAX + VALUES_SHOWN * 2 * VALUE_SHOWN);
    if (!c->field || !leads_path_find(c->field, &path) || !is_as_it_was(&path)) {
        buffer_text(&b, "it did not hold that ");
        add_condition(&b, c);
        return finish(&b, a);
    }
    const char *value = value_text(&path, lead, a);
    if (!value) {
        buffer_printf(&b, "%s is not given", c->field);
        if (c->operator_ == BATON__OPERATOR__OPERATOR_PRESENT)
            return finish(&b, a);
        buffer_text(&b, "; wanted: ");
        add_condition(&b, c);
        return finish(&b, a);
    }
    buffer_printf(&b, "%s is '", c->field);
    add_clipped(&b, value);
    buffer_printf(&b, "', %s", words_of(c->operator_)->fails);
    if (c->operator_ != BATON__OPERATOR__OPERATOR_IS_NOT)
        add_values(&b, c);
    return finish(&b, a);
}

static const char *const skips[] = {
    [BATON__RULE_SKIP__RULE_SKIP_UNSPECIFIED] = "was skipped",
    [BATON__RULE_SKIP__RULE_SKIP_CONDITION] =
        "was skipped: one of its conditions looks at what is not there any more",
    [BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED] = "was skipped: its pool has been deleted",
    [BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE] =
        "was skipped: a territory it names has been deleted, or is not of the active model",
};

const char *leads_skip_text(Baton__RuleSkip skip)
{
    return (unsigned)skip < sizeof skips / sizeof *skips ? skips[skip] : skips[0];
}

/* Why a candidate did not get a lead. */
static const char *const reasons[] = {
    [BATON__REASON__REASON_UNSPECIFIED] = "got it",
    [BATON__REASON__REASON_NOT_ACTIVE] = "is not an active user",
    [BATON__REASON__REASON_HAD_IT_BEFORE] = "had it before",
    [BATON__REASON__REASON_ABSENT] = "is absent",
    [BATON__REASON__REASON_AT_CAPACITY] = "holds as many open leads as they may",
    [BATON__REASON__REASON_OUTSIDE_HOURS] = "is outside working hours",
    [BATON__REASON__REASON_OUTRANKED] = "could have had it, but it was somebody else's turn",
    [BATON__REASON__REASON_NOT_OWN_STAFF] = "is not one of our own staff",
    [BATON__REASON__REASON_NOT_PARTNER] = "is not a partner",
    [BATON__REASON__REASON_LACKS_SKILL] = "does not have the skills the rule asks for",
    [BATON__REASON__REASON_OTHER_LANGUAGE] = "does not speak the lead's language",
    [BATON__REASON__REASON_OTHER_TERRITORY] = "does not work in the lead's territory",
    [BATON__REASON__REASON_OTHER_PRODUCT] = "does not sell what the lead is interested in",
    [BATON__REASON__REASON_AT_DAILY_LIMIT] = "has received as many leads this day as they may",
    [BATON__REASON__REASON_AT_WEEKLY_LIMIT] = "has received as many leads this week as they may",
    [BATON__REASON__REASON_AT_MONTHLY_LIMIT] = "has received as many leads this month as they may",
    [BATON__REASON__REASON_FITS_LESS] = "could have had it, but somebody else fits better",
    [BATON__REASON__REASON_NOT_FOR_HIGH_SCORE] =
        "could have had it, but a lead with such a score goes to others first",
    [BATON__REASON__REASON_MORE_LOADED] = "could have had it, but somebody else holds fewer open leads",
    [BATON__REASON__REASON_NOT_SAME_CUSTOMER] = "could have had it, but the customer is known to another",
    [BATON__REASON__REASON_FARTHER] = "could have had it, but somebody else is nearer",
    [BATON__REASON__REASON_NOT_PREFERRED] = "could have had it, but others are preferred",
};

const char *leads_reason_text(Baton__Reason reason)
{
    const char *text = (unsigned)reason < sizeof reasons / sizeof *reasons ? reasons[reason] : NULL;
    return text ? text : "could not have it";
}

/* Two parts of a name, either of which may be missing. */
static char *joined(const char *first, const char *last, struct arena *a)
{
    if (!first || !last)
        return arena_strdup(a, first ? first : last);
    return arena_printf(a, "%s %s", first, last);
}

char *leads_display_name(const Baton__Lead *l, struct arena *a)
{
    char *name = joined(l->first_name, l->last_name, a);
    if (name)
        return name;
    const char *rest[] = {l->company, l->email, l->phone, l->mobile_phone, l->website};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (rest[i])
            return arena_strdup(a, rest[i]);
    return NULL;
}
