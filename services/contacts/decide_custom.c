/* Fields that a deployment adds to its records: their definitions, their values; and tags. */
#include "services/contacts/custom.h"

#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"

#define KIND(NAME) BATON__CUSTOM_KIND__CUSTOM_KIND_##NAME

static const char *const record_types[] = {"account", "contact", NULL};
static const char *const reference_types[] = {"account", "contact", "user", NULL};

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (name && strcmp(*names, name) == 0)
            return true;
    return false;
}

bool contacts_custom_has_type(const char *record_type)
{
    return is_among(record_types, record_type);
}

bool contacts_custom_can_refer_to(const char *type)
{
    return is_among(reference_types, type);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- definitions --- */

static bool is_name(const char *name)
{
    const size_t letters = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    return letters && !name[letters + strspn(name + letters, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* What a choice can be: each once, without white space around. */
static bool check_choices(Baton__CustomField *d, struct stamp *s, struct refusal *no)
{
    if ((d->kind == KIND(CHOICE)) != (d->n_choices > 0))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "choices",
                      "a choice has something to choose from, and nothing else has");
    char **choices = ARENA_ARRAY(s->arena, char *, d->n_choices);
    for (size_t i = 0; i < d->n_choices; i++) {
        choices[i] = text_trim(s->arena, d->choices[i]);
        if (!choices[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "choices", "one of them is empty");
        for (size_t k = 0; k < i; k++)
            if (strcmp(choices[k], choices[i]) == 0)
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "choices", "\"%s\" is there twice", choices[i]);
    }
    d->choices = choices;
    return true;
}

static bool check_lasting(const Baton__CustomField *was, const Baton__CustomField *d, struct refusal *no)
{
    if (was->kind != d->kind)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "kind", "a field's kind never changes");
    if (!was->first_used_at)
        return true;
    if (!same(was->record_type, d->record_type))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "record_type", "there are values of it already");
    if (!same(was->reference_type, d->reference_type))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "reference_type", "there are values of it already");
    return same(was->name, d->name) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "name", "there are values of it already");
}

static bool check_definition(Baton__CustomField *d, struct stamp *s, struct refusal *no)
{
    /* 2: it belongs to a type that has such fields, and has a name that programs can use */
    if (!contacts_custom_has_type(d->record_type))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "record_type",
                      "fields can be added to \"account\" and \"contact\"");
    if (!is_name(d->name))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name",
                      "a name has small letters, digits and _, and begins with a letter");
    d->label = text_trim(s->arena, d->label);
    /* 3: a reference leads to something, a choice has something to choose from */
    if ((d->kind == KIND(REFERENCE)) != (d->reference_type != NULL) ||
        (d->reference_type && !contacts_custom_can_refer_to(d->reference_type)))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "reference_type",
                      "a reference leads to \"account\", \"contact\" or \"user\", and nothing else does");
    return check_choices(d, s, no);
}

bool contacts_check_custom_field(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                 struct stamp *s, struct outcome *out)
{
    const struct contacts_custom_field_facts *f = extra;
    const Baton__CustomField *was = (const Baton__CustomField *)before;
    Baton__CustomField *d = (Baton__CustomField *)after;
    /* 1: what has had a value can be retired, not deleted: old values are read by it */
    if (!d)
        return !was->first_used_at || refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                                             "there have been values of this field; retire it");
    if (!check_definition(d, s, &out->no))
        return false;
    /* 4: what values depend on stays */
    if (was && !check_lasting(was, d, &out->no))
        return false;
    /* 5: a name is one field's, and of a type there are only so many */
    if (f->is_taken)
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "name", "another field has this name already");
    return was || f->n_fields < CUSTOM_FIELDS_MAX ||
           refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "record_type", "at most %d fields of a type",
                  CUSTOM_FIELDS_MAX);
}

/* --- values --- */

/* In which member a value of the kind stands. */
static const struct {
    Baton__CustomKind kind;
    const char *member;
} members[] = {
    {KIND(TEXT), "text"},     {KIND(NUMBER), "number_e6"}, {KIND(DATE), "date"},
    {KIND(CHOICE), "choice"}, {KIND(MONEY), "money"},      {KIND(REFERENCE), "reference_id"},
};

/* It stands in the member of its kind, and in no other. */
static bool is_of_kind(const Baton__CustomValue *v, Baton__CustomKind kind)
{
    const struct schema_message *m = schema_message(v->base.descriptor);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (schema_present(&v->base, schema_field(m, members[i].member)) != (members[i].kind == kind))
            return false;
    return true;
}

static bool is_money(const Baton__Money *m)
{
    return m->has_minor_units && m->currency_code && strlen(m->currency_code) == 3 &&
           strspn(m->currency_code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static bool is_known(const struct contacts_custom_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n_known; i++)
        if (strcmp(f->known[i], id) == 0)
            return true;
    return false;
}

/* What is wrong with a value that is of the right kind; NULL: nothing. */
static const char *fault(const struct contacts_custom_facts *f, const Baton__CustomField *d,
                         const Baton__CustomValue *v, struct arena *a)
{
    switch ((int)d->kind) {
    case KIND(TEXT):
        return text_trim(a, v->text) ? NULL : "is empty";
    case KIND(NUMBER):
        return NULL; /* any is */
    case KIND(DATE):
        return rfc3339_is_date(v->date) ? NULL : "is not a date (they are written like 1980-12-24)";
    case KIND(CHOICE):
        for (size_t i = 0; i < d->n_choices; i++)
            if (strcmp(d->choices[i], v->choice) == 0)
                return NULL;
        return "is none of the choices";
    case KIND(MONEY):
        return is_money(v->money) ? NULL : "is not an amount with a currency of three capital letters";
    case KIND(REFERENCE):
        return is_known(f, v->reference_id) ? NULL : "leads to no record";
    }
    return "is of a kind that is not known here";
}

static bool refuse_value(const char *name, enum refusal_code code, const char *what, struct stamp *s,
                         struct outcome *out)
{
    return refuse(&out->no, code, arena_printf(s->arena, "custom.%s", name), "%s %s", name, what);
}

static const Baton__CustomValue *value_named(Baton__CustomValue *const *values, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(values[i]->name, name) == 0)
            return values[i];
    return NULL;
}

static size_t field_named(const struct contacts_custom_facts *f, const char *name)
{
    size_t i = 0;
    while (i < f->n && strcmp(f->fields[i]->name, name) != 0)
        i++;
    return i;
}

const Baton__CustomField *contacts_custom_field(const struct contacts_custom_facts *f, const char *name)
{
    const size_t i = field_named(f, name);
    return i < f->n ? f->fields[i] : NULL;
}

/* A value that was not there before as it is now. */
static bool check_new(const struct contacts_custom_facts *f, const Baton__CustomValue *v, struct stamp *s,
                      struct outcome *out)
{
    const Baton__CustomField *d = contacts_custom_field(f, v->name);
    /* 2: of a field there is */
    if (!d)
        return refuse_value(v->name, REFUSAL_INVALID_ARGUMENT, "is no field of this type", s, out);
    if (d->retired)
        return refuse_value(v->name, REFUSAL_FAILED_PRECONDITION, "is retired; its values stay as they are",
                            s, out);
    /* 3: of the field's kind, and right for it */
    const char *wrong = is_of_kind(v, d->kind) ? fault(f, d, v, s->arena) : "is of another kind";
    return !wrong || refuse_value(v->name, REFUSAL_INVALID_ARGUMENT, wrong, s, out);
}

/* 5: with its first value a field cannot be deleted any more */
static void mark_used(const struct contacts_custom_facts *f, const char *name, struct stamp *s,
                      struct outcome *out)
{
    const size_t i = field_named(f, name);
    if (f->fields[i]->first_used_at)
        return;
    Baton__CustomField *used = arena_copy(s->arena, f->fields[i], sizeof *used);
    used->first_used_at = timestamp_of(s->arena, s->now_us);
    record_updated(&f->fields[i]->base, f->seqs[i], &used->base, s, out);
}

bool contacts_check_custom(const struct contacts_custom_facts *f, const struct contacts_custom_change *c,
                           struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < c->n_is; i++) {
        const Baton__CustomValue *v = c->is[i], *was = value_named(c->was, c->n_was, v->name);
        /* 1: a field has one value */
        if (value_named(c->is, i, v->name))
            return refuse_value(v->name, REFUSAL_INVALID_ARGUMENT, "is there twice", s, out);
        if (was && schema_equal(&was->base, &v->base))
            continue;
        if (!check_new(f, v, s, out))
            return false;
        mark_used(f, v->name, s, out);
    }
    /* 4: what is required is there */
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i]->required && !f->fields[i]->retired &&
            !value_named(c->is, c->n_is, f->fields[i]->name))
            return refuse_value(f->fields[i]->name, REFUSAL_INVALID_ARGUMENT, "is missing", s, out);
    return true;
}

/* --- tags --- */

char **contacts_tidy_tags(char *const *tags, size_t *n, struct arena *a)
{
    char **kept = ARENA_ARRAY(a, char *, *n), **folded = ARENA_ARRAY(a, char *, *n);
    size_t n_kept = 0;
    for (size_t i = 0; i < *n; i++) {
        char *tag = text_trim(a, tags[i]), *key = text_fold(a, tags[i]);
        bool is_there = !key;
        for (size_t k = 0; k < n_kept && !is_there; k++)
            is_there = strcmp(folded[k], key) == 0;
        if (is_there)
            continue;
        folded[n_kept] = key;
        kept[n_kept++] = tag;
    }
    *n = n_kept;
    return kept;
}
