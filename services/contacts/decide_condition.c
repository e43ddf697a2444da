/* Rules of a company about the quality of its records: checked when they are written, asked of each record.
   The rules of the rules are numbered; tests/unit/test_contacts_rules.c has the same numbers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "services/contacts/contacts.h"

enum { NUMBER_MAX = 1000000, PLACE_MAX = 128 };
static const int64_t DAY_US = INT64_C(86400000000);

/* A field of the record or of a message in it. */
struct path {
    const struct schema_field *outer; /* NULL: `field` is the record's own */
    const struct schema_field *field;
};

static bool path_find(const ProtobufCMessageDescriptor *type, const char *text, struct path *out)
{
    const struct schema_message *m = schema_message(type);
    char outer[64];
    const char *dot = strchr(text, '.');
    *out = (struct path){0};
    if (dot && (size_t)(dot - text) < sizeof outer) {
        memcpy(outer, text, (size_t)(dot - text));
        outer[dot - text] = '\0';
        out->outer = schema_field(m, outer);
        if (!out->outer || !out->outer->message || out->outer->pb->label == PROTOBUF_C_LABEL_REPEATED ||
            out->outer->message->pb == &google__protobuf__timestamp__descriptor)
            return false;
        m = out->outer->message;
        text = dot + 1;
    }
    out->field = schema_field(m, text);
    return out->field && out->field->pb->label != PROTOBUF_C_LABEL_REPEATED;
}

/* What the field is in; NULL: nothing. */
static const ProtobufCMessage *holder(const struct path *p, const ProtobufCMessage *record)
{
    return p->outer ? *(ProtobufCMessage *const *)((const char *)record + p->outer->pb->offset) : record;
}

static bool is_time(const struct path *p)
{
    return p->field->message && p->field->message->pb == &google__protobuf__timestamp__descriptor;
}

static bool is_text(const struct path *p)
{
    return p->field->pb->type == PROTOBUF_C_TYPE_STRING;
}

static bool number_of(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long n = text && *text ? strtoll(text, &end, 10) : -1;
    *out = n;
    return n >= 0 && n <= NUMBER_MAX && errno == 0 && *end == '\0';
}

/* --- what is compared --- */

/* How the record's own normal form has this field; NULL: it has none. */
static const char *normal_of(const ProtobufCMessage *record, const char *field, bool *known)
{
    bool is_account = record->descriptor == &baton__account__descriptor;
    const Baton__Normalized *n = is_account ? ((const Baton__Account *)record)->normalized
                                            : ((const Baton__Contact *)record)->normalized;
    const Baton__NormalizedAddress *at = n ? n->address : NULL, *ship = n ? n->shipping_address : NULL;
    const struct {
        const char *field, *text;
    } rows[] = {
        {"phone", n ? n->phone_e164 : NULL},
        {"mobile_phone", n ? n->mobile_phone_e164 : NULL},
        {"email", n ? n->email : NULL},
        {"billing_address.postal_code", at ? at->postal_code : NULL},
        {"mailing_address.postal_code", at ? at->postal_code : NULL},
        {"shipping_address.postal_code", ship ? ship->postal_code : NULL},
        {"billing_address.country", at ? at->country_code : NULL},
        {"mailing_address.country", at ? at->country_code : NULL},
        {"shipping_address.country", ship ? ship->country_code : NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].field, field) == 0) {
            *known = true;
            return rows[i].text;
        }
    *known = false;
    return NULL;
}

static char *folded(const ProtobufCMessage *m, const struct schema_field *f, struct arena *a)
{
    if (f->pb->type == PROTOBUF_C_TYPE_STRING)
        return text_fold(a, schema_text_of(m, f));
    int64_t n = schema_int_of(m, f);
    if (f->pb->type == PROTOBUF_C_TYPE_BOOL)
        return arena_strdup(a, n ? "true" : "false");
    const ProtobufCEnumValue *v = f->pb->type == PROTOBUF_C_TYPE_ENUM
                                      ? protobuf_c_enum_descriptor_get_value(f->pb->descriptor, (int)n)
                                      : NULL;
    return v ? text_fold(a, v->name) : arena_printf(a, "%lld", (long long)n);
}

static bool equals(const ProtobufCMessage *m, const struct path *p, const char *value, struct arena *a)
{
    const char *have = folded(m, p->field, a), *want = text_fold(a, value);
    return have && want && strcmp(have, want) == 0;
}

/* In characters. */
static size_t length_of(const char *s)
{
    size_t n = 0;
    for (; s && *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

/* 7: of a time its age, of a field that counts the age of its confirmation */
static bool is_older(const struct path *p, const ProtobufCMessage *m, const Baton__Quality *q,
                     const char *field, int64_t days, int64_t now_us, int64_t *due_us)
{
    int64_t since_us = 0;
    if (is_time(p))
        since_us =
            timestamp_us(*(Google__Protobuf__Timestamp *const *)((const char *)m + p->field->pb->offset));
    else if (!contacts_confirmed_us(q, field, &since_us))
        return false;
    int64_t then_us = since_us + days * DAY_US + 1;
    if (then_us > now_us && then_us < *due_us)
        *due_us = then_us;
    return then_us <= now_us;
}

static bool condition_holds(const Baton__QualityCondition *c, const ProtobufCMessage *record,
                            const Baton__Quality *q, int64_t now_us, int64_t *due_us, struct arena *a)
{
    struct path p;
    int64_t number = 0;
    bool known;
    /* 5: one on a field that this program does not know holds for nothing */
    if (!path_find(record->descriptor, c->field, &p))
        return false;
    const ProtobufCMessage *m = holder(&p, record);
    bool present = m && schema_present(m, p.field);
    if (c->operator_ == BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_ABSENT)
        return !present;
    /* 6: of what is absent nothing else holds */
    if (!present)
        return false;
    switch ((int)c->operator_) {
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_PRESENT:
        return true;
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_MATCHES_FORMAT:
        return normal_of(record, c->field, &known) != NULL;
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_BREAKS_FORMAT:
        return !normal_of(record, c->field, &known) && known;
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_OLDER_THAN_DAYS:
        return number_of(c->value, &number) && is_older(&p, m, q, c->field, number, now_us, due_us);
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_EQUALS:
        return !p.field->message && equals(m, &p, c->value, a);
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_LONGER_THAN:
        return number_of(c->value, &number) && is_text(&p) &&
               length_of(schema_text_of(m, p.field)) > (size_t)number;
    }
    return false;
}

bool contacts_rule_holds(const Baton__QualityRule *rule, const ProtobufCMessage *record,
                         const Baton__Quality *q, int64_t now_us, int64_t *due_us, struct arena *a)
{
    bool any = rule->any, holds = !any;
    for (size_t i = 0; i < rule->n_conditions; i++) {
        bool one = condition_holds(rule->conditions[i], record, q, now_us, due_us, a);
        holds = any ? holds || one : holds && one;
    }
    return holds;
}

/* --- writing rules --- */

static bool suits(const Baton__QualityCondition *c, const struct path *p, const char *type, const char **why)
{
    const struct contacts_weight *weights;
    size_t n;
    int64_t number;
    bool counts = is_time(p);
    switch ((int)c->operator_) {
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_MATCHES_FORMAT:
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_BREAKS_FORMAT: {
        Baton__Account account = BATON__ACCOUNT__INIT;
        (void)normal_of(&account.base, c->field, &counts);
        *why = "only telephone numbers, e-mail addresses, postal codes and countries have a format";
        return counts;
    }
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_OLDER_THAN_DAYS:
        weights = contacts_weights(type, &n);
        for (size_t i = 0; i < n; i++)
            counts = counts || strcmp(weights[i].field, c->field) == 0;
        *why =
            "older than is asked of a time, or of a field whose confirmation is kept, with a number of days";
        return counts && number_of(c->value, &number);
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_EQUALS:
        *why = "equals is asked of a text, a number or a choice, with a value";
        return !p->field->message && c->value && *c->value;
    case BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_LONGER_THAN:
        *why = "longer than is asked of a text, with a number of characters";
        return is_text(p) && number_of(c->value, &number);
    }
    return true;
}

static const ProtobufCMessageDescriptor *type_of(const char *type)
{
    return strcmp(type, "account") == 0   ? &baton__account__descriptor
           : strcmp(type, "contact") == 0 ? &baton__contact__descriptor
                                          : NULL;
}

static bool refuse_at(struct refusal *no, size_t i, const char *field, const char *why)
{
    char place[PLACE_MAX];
    snprintf(place, sizeof place, "quality_rule.conditions[%zu].%s", i, field);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, place, "%s", why);
}

bool contacts_check_quality_rule(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                 struct stamp *s, struct outcome *out)
{
    const struct contacts_rules *f = extra;
    const Baton__QualityRule *rule = (const Baton__QualityRule *)after;
    if (!rule)
        return true;
    /* 1: it is of accounts or of contacts */
    const ProtobufCMessageDescriptor *type = type_of(rule->record_type);
    if (!type)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "record_type",
                      "rules are of \"account\" or \"contact\"");
    /* 2: each record is asked by all rules: there are not too many */
    if (!before && f->n >= CONTACTS_RULES_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there are %d rules already; delete one first", CONTACTS_RULES_MAX);
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const Baton__QualityCondition *c = rule->conditions[i];
        struct path p;
        const char *why;
        /* 3: its fields are there, and 4: what is asked of them makes sense */
        if (!path_find(type, c->field, &p))
            return refuse_at(&out->no, i, "field",
                             arena_printf(s->arena, "there is no field \"%s\"", c->field));
        if (!suits(c, &p, rule->record_type, &why))
            return refuse_at(&out->no, i, "operator", why);
    }
    return true;
}
