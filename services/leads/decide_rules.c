/* Routing rules against a lead: reading fields, checking and compiling values. */
#include "services/leads/filter.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "schema/levels.h"

static bool kind_of(const struct schema_field *f, enum leads_kind *kind)
{
    switch (f->pb->label == PROTOBUF_C_LABEL_REPEATED ? PROTOBUF_C_TYPE_MESSAGE : f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        *kind = LEADS_KIND_TEXT;
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        *kind = LEADS_KIND_FLAG;
        return true;
    case PROTOBUF_C_TYPE_ENUM:
        *kind = LEADS_KIND_NAME;
        return true;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
        *kind = LEADS_KIND_NUMBER;
        return true;
    default:
        return false;
    }
}

bool leads_path_find(const char *text, struct leads_path *out)
{
    char outer[64];
    const struct schema_message *m = schema_message(&baton__lead__descriptor);
    const char *dot = strchr(text, '.');
    *out = (struct leads_path){0};
    if (strcmp(text, LEADS_TERRITORY_FIELD) == 0) {
        *out = (struct leads_path){.field = schema_field(m, "territory_ids"), .kind = LEADS_KIND_AREA};
        return true;
    }
    if (dot) {
        if ((size_t)(dot - text) >= sizeof outer)
            return false;
        memcpy(outer, text, (size_t)(dot - text));
        outer[dot - text] = '\0';
        out->outer = schema_field(m, outer);
        if (!out->outer || !out->outer->message || out->outer->pb->label == PROTOBUF_C_LABEL_REPEATED)
            return false;
        m = out->outer->message;
        if (m->pb == &google__protobuf__timestamp__descriptor)
            return false;
        text = dot + 1;
    }
    out->field = schema_field(m, text);
    return out->field && kind_of(out->field, &out->kind);
}

/* FNV-1a: only to tell unequal texts apart without looking at them. */
static uint64_t hash_of(const char *s, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)s[i]) * UINT64_C(1099511628211);
    return h;
}

static void set_text(struct leads_value *v, const char *text, struct arena *a)
{
    v->text = text_fold(a, text);
    if (!v->text)
        v->text = "";
    v->size = strlen(v->text);
    v->hash = hash_of(v->text, v->size);
}

/* LEAD_STATUS_NEW of LeadStatus is "new": the name of the type, in capitals, stands before every name. */
static const char *plain_name(const ProtobufCEnumDescriptor *e, const char *name)
{
    const char *rest = name;
    for (const char *p = e->short_name; *p; p++) {
        if (p > e->short_name && *p >= 'A' && *p <= 'Z' && *rest++ != '_')
            return name;
        if ((*p & ~0x20) != *rest++)
            return name;
    }
    return *rest == '_' ? rest + 1 : name;
}

static const ProtobufCMessage *holder_of(const struct leads_path *path, const Baton__Lead *lead)
{
    return path->outer ? *(ProtobufCMessage *const *)((const char *)lead + path->outer->pb->offset)
                       : &lead->base;
}

const char *leads_path_text(const struct leads_path *path, const Baton__Lead *lead)
{
    const ProtobufCMessage *m = holder_of(path, lead);
    return m && path->kind == LEADS_KIND_TEXT ? schema_text_of(m, path->field) : NULL;
}

void leads_path_read(const struct leads_path *path, const Baton__Lead *lead, struct leads_value *v,
                     struct arena *a)
{
    const ProtobufCMessage *m = holder_of(path, lead);
    *v = (struct leads_value){.text = ""};
    v->present = m && schema_present(m, path->field);
    if (!v->present || path->kind == LEADS_KIND_AREA)
        return;
    const char *name = path->field->pb->name;
    if (path->kind == LEADS_KIND_TEXT) {
        set_text(v, schema_get_text(m, name), a);
    } else if (path->kind == LEADS_KIND_NAME) {
        const ProtobufCEnumDescriptor *e = path->field->pb->descriptor;
        const ProtobufCEnumValue *one = protobuf_c_enum_descriptor_get_value(e, (int)schema_get_int(m, name));
        set_text(v, one ? plain_name(e, one->name) : "", a);
    } else {
        v->number = schema_get_int(m, name);
    }
}

static bool parse_number(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

/* A condition's value as its field's kind wants it. False: it cannot be one. */
static bool compile_value(const struct leads_path *path, const char *text, struct leads_value *v,
                          struct arena *a)
{
    *v = (struct leads_value){.present = true};
    set_text(v, text, a);
    switch (path->kind) {
    case LEADS_KIND_TEXT:
    case LEADS_KIND_AREA:
        return v->size > 0;
    case LEADS_KIND_NUMBER:
        return parse_number(v->text, &v->number);
    case LEADS_KIND_FLAG:
        v->number = strcmp(v->text, "true") == 0;
        return v->number || strcmp(v->text, "false") == 0;
    case LEADS_KIND_NAME: {
        const ProtobufCEnumDescriptor *e = path->field->pb->descriptor;
        for (unsigned i = 0; i < e->n_values; i++)
            if (strcasecmp(plain_name(e, e->values[i].name), v->text) == 0)
                return true;
        return false;
    }
    }
    return false;
}

/* What an operator asks of its values and its field. */
struct operator_row {
    Baton__Operator operator;
    size_t least, most; /* values */
    unsigned kinds;     /* bit n: leads_kind n */
};
enum { TEXT = 1 << LEADS_KIND_TEXT, NUMBER = 1 << LEADS_KIND_NUMBER, ANY = 31, MANY = 256 };
static const struct operator_row operators[] = {
    {BATON__OPERATOR__OPERATOR_IS, 1, MANY, ANY},
    {BATON__OPERATOR__OPERATOR_IS_NOT, 1, MANY, ANY},
    {BATON__OPERATOR__OPERATOR_STARTS_WITH, 1, MANY, TEXT},
    {BATON__OPERATOR__OPERATOR_CONTAINS, 1, MANY, TEXT},
    {BATON__OPERATOR__OPERATOR_AT_LEAST, 1, 1, NUMBER},
    {BATON__OPERATOR__OPERATOR_AT_MOST, 1, 1, NUMBER},
    {BATON__OPERATOR__OPERATOR_PRESENT, 0, 0, ANY},
    {BATON__OPERATOR__OPERATOR_ABSENT, 0, 0, ANY},
};

static const struct operator_row *operator_row(Baton__Operator operator)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].operator== operator)
            return &operators[i];
    return NULL;
}

static bool check_condition(const Baton__Condition *c, const char *at, struct arena *a, struct refusal *no)
{
    struct leads_path path;
    struct leads_value value;
    const struct operator_row *row = operator_row(c->operator_);
    /* 1: the field exists and can be compared */
    if (!c->field || !leads_path_find(c->field, &path))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.field", at),
                      "a lead has no field '%s' that could be compared", c->field ? c->field : "");
    /* 2: the operator suits the field */
    if (!row || !(row->kinds >> path.kind & 1))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.operator", at),
                      "'%s' cannot be compared that way", c->field);
    /* 3: as many values as it takes */
    if (c->n_values < row->least || c->n_values > row->most)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.values", at),
                      row->most == 0   ? "takes no values"
                      : row->most == 1 ? "takes exactly one value"
                                       : "needs a value");
    /* 4: each can be a value of the field */
    for (size_t i = 0; i < c->n_values; i++)
        if (!compile_value(&path, c->values[i], &value, a))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.values[%zu]", at, i),
                          "'%s' cannot be a value of '%s'", c->values[i], c->field);
    return true;
}

static bool check_rules(const Baton__Policy *policy, const bool *pool_known, const char *const *unknown_user,
                        const char *const *unknown_territory, struct arena *a, struct refusal *no)
{
    for (size_t i = 0; i < policy->n_rules; i++) {
        const Baton__Rule *rule = policy->rules[i];
        for (size_t k = 0; k < rule->n_conditions; k++) {
            const char *at = arena_printf(a, "policy.rules[%zu].conditions[%zu]", i, k);
            if (!check_condition(rule->conditions[k], at, a, no))
                return false;
        }
        /* 6: levels of its deadline come one after the other */
        if (!deadline_levels_check(rule->levels, rule->n_levels,
                                   arena_printf(a, "policy.rules[%zu].levels", i), no))
            return false;
        /* 5: the pool exists */
        if (!rule->pool_id || !pool_known[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "policy.rules[%zu].pool_id", i),
                          "there is no such pool");
        /* 6: filters and ranks exist and are told what they need; 7: who is preferred exists */
        const char *rule_at = arena_printf(a, "policy.rules[%zu]", i);
        if (!leads_filter_check(rule, rule_at, a, no) || !leads_rank_check(rule, rule_at, a, no))
            return false;
        if (unknown_user[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.preferred_user_ids", rule_at),
                          "there is no user %s", unknown_user[i]);
        /* 8: so do the territories named */
        if (unknown_territory[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.conditions", rule_at),
                          "there is no territory %s", unknown_territory[i]);
    }
    return true;
}

bool leads_policy_check(const Baton__Policy *policy, const bool *pool_known, const char *const *unknown_user,
                        const char *const *unknown_territory, struct refusal *no)
{
    enum { SCRATCH = 256 << 20 }; /* a request has at most 1 MiB; folding multiplies it */
    struct arena *a = arena_new(SCRATCH);
    bool ok = check_rules(policy, pool_known, unknown_user, unknown_territory, a, no);
    arena_free(a);
    return ok;
}

static uint32_t slot_of(struct leads_policy *p, struct leads_path *paths, const struct leads_path *path)
{
    for (size_t i = 0; i < p->n_paths; i++)
        if (paths[i].field == path->field && paths[i].outer == path->outer)
            return (uint32_t)i;
    paths[p->n_paths] = *path;
    return (uint32_t)p->n_paths++;
}

static void compile_condition(const Baton__Condition *c, struct leads_condition *out, struct leads_policy *p,
                              struct leads_path *paths, struct arena *a)
{
    struct leads_path path;
    out->operator= BATON__OPERATOR__OPERATOR_UNSPECIFIED;
    const struct operator_row *row = operator_row(c->operator_);
    if (!c->field || !leads_path_find(c->field, &path) || !row || !(row->kinds >> path.kind & 1))
        return;
    struct leads_value *values = ARENA_ARRAY(a, struct leads_value, c->n_values);
    for (size_t i = 0; i < c->n_values; i++)
        if (compile_value(&path, c->values[i], &values[out->n_values], a))
            out->n_values++;
    if (out->n_values < c->n_values)
        return;
    out->values = values;
    out->operator= c->operator_;
    out->slot = slot_of(p, paths, &path);
}

static struct leads_gate gate_of(const struct leads_rule *rule, const struct leads_path *paths)
{
    const struct leads_condition *c = rule->conditions;
    if (!rule->n_conditions || c->operator!= BATON__OPERATOR__OPERATOR_IS || c->n_values != 1)
        return (struct leads_gate){0};
    enum leads_kind kind = paths[c->slot].kind;
    return (struct leads_gate){.hash = c->values[0].hash,
                               .slot = c->slot,
                               .shut = kind == LEADS_KIND_TEXT || kind == LEADS_KIND_NAME};
}

static size_t paths_most(void)
{
    const struct schema_message *m = schema_message(&baton__lead__descriptor);
    size_t n = m->pb->n_fields;
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        n += m->fields[i].message ? m->fields[i].message->pb->n_fields : 0;
    return n;
}

struct leads_policy *leads_policy_compile(const Baton__Policy *policy, struct arena *a)
{
    struct leads_policy *p = ARENA_NEW(a, struct leads_policy);
    struct leads_path *paths = ARENA_ARRAY(a, struct leads_path, paths_most());
    struct leads_gate *gates = ARENA_ARRAY(a, struct leads_gate, policy->n_rules);
    p->version = policy->version;
    p->n_rules = policy->n_rules;
    p->gates = gates;
    p->rules = ARENA_ARRAY(a, struct leads_rule, p->n_rules);
    for (size_t i = 0; i < p->n_rules; i++) {
        const Baton__Rule *source = policy->rules[i];
        struct leads_condition *conditions = ARENA_ARRAY(a, struct leads_condition, source->n_conditions);
        for (size_t k = 0; k < source->n_conditions; k++)
            compile_condition(source->conditions[k], &conditions[k], p, paths, a);
        p->rules[i] = (struct leads_rule){.conditions = conditions,
                                          .n_conditions = source->n_conditions,
                                          .source = source,
                                          .pool = LEADS_NO_POOL};
        leads_filter_compile(source, &p->rules[i], a);
        leads_rank_compile(source, &p->rules[i], a);
        gates[i] = gate_of(&p->rules[i], paths);
    }
    p->paths = paths;
    return p;
}
