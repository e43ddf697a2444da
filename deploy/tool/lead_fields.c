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

static bool can_be_filled_in(const struct schema_field *f)
{
    bool type = f->pb->type == PROTOBUF_C_TYPE_STRING || f->pb->type == PROTOBUF_C_TYPE_INT64 ||
                f->pb->type == PROTOBUF_C_TYPE_BOOL;
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

void lead_fields_load(struct lead_fields *l)
{
    const struct schema_message *lead = schema_message(&baton__lead__descriptor);
    l->n = 0;
    for (unsigned i = 0; i < lead->pb->n_fields; i++) {
        const struct schema_field *f = &lead->fields[i];
        if (f->message == schema_message(&baton__address__descriptor)) {
            for (unsigned j = 0; j < f->message->pb->n_fields; j++)
                if (can_be_filled_in(&f->message->fields[j]))
                    add(l, f, &f->message->fields[j]);
        } else if (can_be_filled_in(f))
            add(l, NULL, f);
    }
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

/* The message the field is in: the lead, or a part of it that is made here if need be. */
static ProtobufCMessage *holder_of(Baton__Lead *lead, const struct lead_field *f, struct arena *a)
{
    if (f->outer == NULL)
        return &lead->base;
    if (lead->address == NULL) {
        lead->address = ARENA_NEW(a, Baton__Address);
        baton__address__init(lead->address);
    }
    return &lead->address->base;
}

bool lead_field_set(Baton__Lead *lead, const struct lead_field *f, const char *text, int64_t factor,
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
        schema_set_text(holder_of(lead, f, a), f->field->pb->name, (char *)text);
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        if (!yes_or_no(text, &value))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "neither yes nor no");
        break;
    default:
        if (!lead_number(text, &number) || fabs(number * (double)factor) > NUMBER_LARGEST)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, f->name, "not a number");
        value = llround(number * (double)factor);
    }
    schema_set_int(holder_of(lead, f, a), f->field->pb->name, value);
    return true;
}
