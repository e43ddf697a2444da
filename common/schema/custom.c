/* The values of fields that a deployment adds to records, held against their definitions. */
#include "schema/custom.h"

#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"

#define KIND(NAME) BATON__CUSTOM_KIND__CUSTOM_KIND_##NAME

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

static bool is_known(const struct custom_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n_known; i++)
        if (strcmp(f->known[i], id) == 0)
            return true;
    return false;
}

/* What is wrong with a value that is of the right kind; NULL: nothing. */
static const char *fault(const struct custom_facts *f, const Baton__CustomField *d,
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

static size_t field_named(const struct custom_facts *f, const char *name)
{
    size_t i = 0;
    while (i < f->n && strcmp(f->fields[i]->name, name) != 0)
        i++;
    return i;
}

const Baton__CustomField *custom_field(const struct custom_facts *f, const char *name)
{
    const size_t i = field_named(f, name);
    return i < f->n ? f->fields[i] : NULL;
}

/* A value that was not there before as it is now. */
static bool check_new(const struct custom_facts *f, const Baton__CustomValue *v, struct stamp *s,
                      struct outcome *out)
{
    const Baton__CustomField *d = custom_field(f, v->name);
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

void custom_used(const struct custom_facts *f, const char *name, struct stamp *s, struct outcome *out)
{
    const size_t i = field_named(f, name);
    /* 5: with its first value a field cannot be deleted any more; who keeps it writes that down */
    if (!f->seqs || i == f->n || f->fields[i]->first_used_at)
        return;
    Baton__CustomField *used = arena_copy(s->arena, f->fields[i], sizeof *used);
    used->first_used_at = timestamp_of(s->arena, s->now_us);
    record_updated(&f->fields[i]->base, f->seqs[i], &used->base, s, out);
}

bool custom_check(const struct custom_facts *f, const struct custom_change *c, struct stamp *s,
                  struct outcome *out)
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
        custom_used(f, v->name, s, out);
    }
    /* 4: what is required is there */
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i]->required && !f->fields[i]->retired &&
            !value_named(c->is, c->n_is, f->fields[i]->name))
            return refuse_value(f->fields[i]->name, REFUSAL_INVALID_ARGUMENT, "is missing", s, out);
    return true;
}
