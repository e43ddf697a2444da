/* The fields of a lead that somebody may fill in. */
#include "tool/lead_fields.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_TEXT_MAX = 60 };
static const double NUMBER_LARGEST = 9e15; /* every whole number up to here is exact */

static bool can_be_filled_in(const struct schema_field *f, bool enums)
{
    bool type = f->pb->type == PROTOBUF_C_TYPE_STRING || f->pb->type == PROTOBUF_C_TYPE_INT64 ||
                f->pb->type == PROTOBUF_C_TYPE_BOOL || (enums && f->pb->type == PROTOBUF_C_TYPE_ENUM);
    return type && f->pb->label == PROTOBUF_C_LABEL_OPTIONAL && !f->rules->output_only;
}

static void add(struct lead_fields *l, const struct schema_field *outer, const struct schema_field *f)
{
    assert(l->n < LEAD_FIELDS_MAX);
    struct lead_field *row = &l->all[l->n++];
    row->outer = outer;
    row->field = f;
    snprintf(row->name, sizeof row->name, "%s%s%s", outer != NULL ? outer->pb->name : "",
             outer != NULL ? "." : "", f->pb->name);
    memcpy(row->option, row->name, sizeof row->option);
    for (char *p = row->option; *p != '\0'; p++)
        if (*p == '_' || *p == '.')
            *p = '-';
}

static void load(struct lead_fields *l, const struct schema_message *record, bool enums)
{
    l->n = 0;
    for (unsigned i = 0; i < record->pb->n_fields; i++) {
        const struct schema_field *f = &record->fields[i];
        if (f->message == schema_message(&baton__address__descriptor)) {
            for (unsigned j = 0; j < f->message->pb->n_fields; j++)
                if (can_be_filled_in(&f->message->fields[j], enums))
                    add(l, f, &f->message->fields[j]);
        } else if (can_be_filled_in(f, enums))
            add(l, NULL, f);
    }
}

void lead_fields_load(struct lead_fields *l)
{
    load(l, schema_message(&baton__lead__descriptor), false);
}

void record_fields_load(struct lead_fields *l, const ProtobufCMessageDescriptor *record)
{
    load(l, schema_message(record), true);
}

const struct lead_field *lead_field_named(const struct lead_fields *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->all[i].name, name) == 0)
            return &l->all[i];
    return NULL;
}

/* Takes separators out of "1,234,567.8" or "1 234 567": each must stand before exactly three digits. */
static bool strip_groups(const char *text, char out[NUMBER_TEXT_MAX])
{
    size_t n = 0;
    for (const char *p = text; *p != '\0'; p++) {
        bool separator = (*p == ',' || *p == ' ' || *p == '\'') && p > text && isdigit((unsigned char)p[-1]);
        if (separator) {
            size_t digits = strspn(p + 1, "0123456789");
            if (digits != 3)
                return false;
        } else if (n + 1 < NUMBER_TEXT_MAX)
            out[n++] = *p;
        else
            return false;
    }
    out[n] = '\0';
    return n > 0;
}

bool lead_number(const char *text, double *out)
{
    char plain[NUMBER_TEXT_MAX];
    char *end;
    if (!strip_groups(text, plain) || strspn(plain, "0123456789+-.eE") != strlen(plain))
        return false;
    *out = strtod(plain, &end);
    return *end == '\0' && isfinite(*out);
}

static bool yes_or_no(const char *text, int64_t *out)
{
    static const struct {
        const char *text;
        int64_t value;
    } words[] = {{"yes", 1}, {"true", 1}, {"1", 1}, {"y", 1}, {"no", 0}, {"false", 0}, {"0", 0}, {"n", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i].text) == 0) {
            *out = words[i].value;
            return true;
        }
    return false;
}

/* The message the field is in: the record, or a part of it that is made here if need be. */
static ProtobufCMessage *holder_of(ProtobufCMessage *record, const struct lead_field *f, struct arena *a)
{
    if (f->outer == NULL)
        return record;
    ProtobufCMessage **part = (ProtobufCMessage **)((uint8_t *)record + f->outer->pb->offset);
    if (*part == NULL) {
        *part = arena_alloc(a, f->outer->message->pb->sizeof_message);
        protobuf_c_message_init(f->outer->message->pb, *part);
    }
    return *part;
}

/* "customer", "Customer" or "ACCOUNT_TYPE_CUSTOMER". */
static bool enum_value(const ProtobufCEnumDescriptor *e, const char *text, int64_t *out)
{
    size_t n = strlen(text);
    for (unsigned i = 0; i < e->n_values; i++) {
        const char *name = e->values[i].name;
        size_t size = strlen(name);
        bool ends = size > n && name[size - n - 1] == '_' && strcasecmp(name + size - n, text) == 0;
        if (e->values[i].value != 0 && n > 0 && (ends || strcasecmp(name, text) == 0)) {
            *out = e->values[i].value;
            return true;
        }
    }
    return false;
}

bool lead_field_set(Baton__Lead *lead, const struct lead_field *f, const char *text, int64_t factor,
                    struct arena *a, struct refusal *no)
{
    return record_field_set(&lead->base, f, text, factor, a, no);
}

bool record_field_set(ProtobufCMessage *record, const struct lead_field *f, const char *text, int64_t factor,
                      struct arena *a, struct refusal *no)
{
    const Baton__FieldRules *rules = f->field->rules;
    size_t longest = rules->has_max_length ? rules->max_length : SCHEMA_TEXT_MAX;
    double number = 0;
    int64_t value = 0;
    switch (f->field->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        if (strlen(text) > longest)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "longer than %zu bytes", longest);
        schema_set_text(holder_of(record, f, a), f->field->pb->name, (char *)text);
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        if (!yes_or_no(text, &value))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "neither yes nor no");
        break;
    case PROTOBUF_C_TYPE_ENUM:
        if (!enum_value(f->field->pb->descriptor, text, &value))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "not one of its values");
        break;
    default:
        if (!lead_number(text, &number) || fabs(number * (double)factor) > NUMBER_LARGEST)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "not a number");
        value = llround(number * (double)factor);
    }
    schema_set_int(holder_of(record, f, a), f->field->pb->name, value);
    return true;
}
