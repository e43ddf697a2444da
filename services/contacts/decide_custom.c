/* Fields that a deployment adds to its records: their definitions; and tags. */
#include "services/contacts/custom.h"

#include <string.h>

#include "base/text.h"
#include "baton/v1/opportunities.pb-c.h"

#define KIND(NAME) BATON__CUSTOM_KIND__CUSTOM_KIND_##NAME

static const char *const record_types[] = {"account", "contact", "opportunity", NULL};
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

/* What is not here is found by no words: a day, an amount, what is a record of its own. */
bool contacts_custom_is_searched(const Baton__CustomField *d)
{
    return d->searchable && (d->kind == KIND(TEXT) || d->kind == KIND(NUMBER) || d->kind == KIND(CHOICE)) &&
           strcmp(d->record_type, "opportunity") != 0;
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

/* 7: who switches it on gets what it says */
static bool check_searched(const Baton__CustomField *was, const Baton__CustomField *d, struct refusal *no)
{
    return !d->searchable || (was && was->searchable) || contacts_custom_is_searched(d) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "searchable",
                  "accounts and contacts are found by texts, numbers and choices; nothing else is searched");
}

static bool check_definition(Baton__CustomField *d, struct stamp *s, struct refusal *no)
{
    /* 2: it belongs to a type that has such fields, and has a name that programs can use */
    if (!contacts_custom_has_type(d->record_type))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "record_type",
                      "fields can be added to \"account\", \"contact\" and \"opportunity\"");
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
    if (!check_searched(was, d, &out->no))
        return false;
    /* 5: a name is one field's, and of a type there are only so many */
    if (f->is_taken)
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "name", "another field has this name already");
    return was || f->n_fields < CUSTOM_FIELDS_MAX ||
           refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "record_type", "at most %d fields of a type",
                  CUSTOM_FIELDS_MAX);
}

bool contacts_decide_custom_used(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)c->request;
    /* 6: a value is one wherever it stands */
    for (size_t i = 0; i < o->n_custom; i++)
        custom_used(facts, o->custom[i]->name, s, out);
    return true;
}

/* 8: records that were there before are found by what is searched now, some at a time */
bool contacts_decide_searched(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct contacts_searched_facts *f = facts;
    Baton__SearchSweepAdvanced *e = ARENA_NEW(s->arena, Baton__SearchSweepAdvanced);
    baton__search_sweep_advanced__init(e);
    e->type = ((const Baton__SearchedFields *)c->request)->type;
    e->token = f->token;
    outcome_event(out, e);
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
