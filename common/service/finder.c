/* Rows into the index. */
#include "service/finder.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/decide.h"

enum {
    FIELDS_MAX = 64 + 2 * CUSTOM_VALUES_MAX, /* texts; of further ones nothing is found */
    TAGS_MAX = 256,
    JOINED_MAX = 512,
    NUMBER_MAX = 32,
    SCRATCH = 16 << 20
};

/* The texts of a record, and room for those that do not stand in it. */
struct texts {
    struct search_field of[FIELDS_MAX];
    size_t n;
    char joined[JOINED_MAX], numbers[CUSTOM_VALUES_MAX][NUMBER_MAX];
};

void finder_init(struct finder *f, const struct finder_def *def)
{
    *f = (struct finder){.def = def, .index = search_new()};
}

void finder_custom(struct finder *f, char *const *names, size_t n)
{
    assert(n <= CUSTOM_FIELDS_MAX);
    for (size_t i = 0; i < f->n_custom; i++)
        free(f->custom[i]);
    for (size_t i = 0; i < n; i++) {
        f->custom[i] = strdup(names[i]);
        assert(f->custom[i]);
    }
    f->n_custom = n;
}

void finder_release(struct finder *f)
{
    search_free(f->index);
    f->index = NULL;
    finder_custom(f, NULL, 0);
}

static bool is_phone(const struct schema_field *f)
{
    return strcmp(f->pb->name, "phone") == 0 || strcmp(f->pb->name, "mobile_phone") == 0;
}

/* A Chinese name is typed without a space, the family's first. */
static const char *joined(const ProtobufCMessage *row, const struct schema_message *m, char out[JOINED_MAX])
{
    if (!schema_field(m, "last_name"))
        return NULL;
    const char *last = schema_get_text(row, "last_name"), *first = schema_get_text(row, "first_name");
    if (!search_runs_on(last, first) || strlen(last) + strlen(first) >= JOINED_MAX)
        return NULL;
    memcpy(out, last, strlen(last));
    memcpy(out + strlen(last), first, strlen(first) + 1);
    return out;
}

static void add(struct texts *t, const char *text, bool is_phone, bool is_closed)
{
    if (text && t->n < FIELDS_MAX)
        t->of[t->n++] = (struct search_field){text, is_phone, is_closed};
}

/* As it is written: millionths, without those at the end that are nothing. */
static const char *number_of(int64_t e6, char out[NUMBER_MAX])
{
    enum { MILLION = 1000000 };
    const uint64_t size = e6 < 0 ? 0 - (uint64_t)e6 : (uint64_t)e6;
    int n = snprintf(out, NUMBER_MAX, "%" PRIu64 ".%06" PRIu64, size / MILLION, size % MILLION);
    while (out[n - 1] == '0')
        out[--n] = '\0';
    if (out[n - 1] == '.')
        out[n - 1] = '\0';
    return out;
}

static bool is_found_by(const struct finder *f, const Baton__CustomValue *v)
{
    for (size_t i = 0; i < f->n_custom; i++)
        if (strcmp(f->custom[i], v->name) == 0)
            return true;
    return false;
}

static void add_custom(const struct finder *f, const ProtobufCMessage *row, const struct schema_message *m,
                       struct texts *t)
{
    const struct schema_field *field = f->n_custom ? schema_field(m, "custom") : NULL;
    if (!field)
        return;
    const bool is_closed = f->def->is_open && !f->def->is_open(field);
    const size_t n = *(const size_t *)((const char *)row + field->pb->quantifier_offset);
    Baton__CustomValue *const *values =
        *(Baton__CustomValue * *const *)((const char *)row + field->pb->offset);
    for (size_t i = 0; i < n && i < CUSTOM_VALUES_MAX; i++) {
        const Baton__CustomValue *v = values[i];
        if (!is_found_by(f, v))
            continue;
        add(t, v->text, false, is_closed);
        add(t, v->choice, false, is_closed);
        if (!v->has_number_e6)
            continue;
        /* as it is written, and as what is typed is taken for a telephone number */
        add(t, number_of(v->number_e6, t->numbers[i]), false, is_closed);
        add(t, t->numbers[i], true, is_closed);
    }
}

static void texts_of(const struct finder *f, const ProtobufCMessage *row, const struct schema_message *m,
                     struct texts *t)
{
    t->n = 0;
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *field = &m->fields[i];
        char *const *texts;
        if (!field->rules->searchable && !is_phone(field))
            continue;
        const size_t n = schema_texts_of(row, field, &texts);
        for (size_t k = 0; k < n; k++)
            add(t, texts[k], is_phone(field), f->def->is_open && !f->def->is_open(field));
    }
    add(t, joined(row, m, t->joined), false, false);
    add_custom(f, row, m, t);
}

static const char *tag_of(const ProtobufCMessage *row, const struct schema_field *f)
{
    if (f->pb->type == PROTOBUF_C_TYPE_STRING)
        return schema_text_of(row, f);
    if (!schema_present(row, f))
        return NULL;
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(f->pb->descriptor, (int)schema_int_of(row, f));
    return value ? value->name : NULL;
}

/* Of a repeated field each; how many. */
static size_t tags_of(const ProtobufCMessage *row, const char *field, unsigned number, size_t room,
                      struct search_tag *tags)
{
    const struct schema_field *f = schema_field(schema_message(row->descriptor), field);
    if (f->pb->label != PROTOBUF_C_LABEL_REPEATED) {
        tags[0] = (struct search_tag){number, tag_of(row, f)};
        return 1;
    }
    const size_t all = *(const size_t *)((const char *)row + f->pb->quantifier_offset);
    char *const *values = *(char **const *)((const char *)row + f->pb->offset);
    size_t n = 0;
    for (; n < all && n < room; n++)
        tags[n] = (struct search_tag){number, values[n]};
    return n;
}

static int64_t time_of(const ProtobufCMessage *row, const char *field)
{
    const struct schema_field *f = schema_field(schema_message(row->descriptor), field);
    return schema_present(row, f)
               ? timestamp_us(*(Google__Protobuf__Timestamp *const *)((const char *)row + f->pb->offset))
               : 0;
}

void finder_note(struct finder *f, const ProtobufCMessage *row)
{
    struct texts texts;
    struct search_tag tags[TAGS_MAX];
    struct search_doc d = {.fields = texts.of, .tags = tags};
    if (!f || !ident_parse(d.id, schema_get_text(row, "id")))
        return;
    const struct schema_message *m = schema_message(row->descriptor);
    texts_of(f, row, m, &texts);
    d.n_fields = texts.n;
    for (unsigned i = 0; f->def->tags[i]; i++) {
        assert(i < SEARCH_TAGS && d.n_tags < TAGS_MAX);
        d.n_tags += tags_of(row, f->def->tags[i], i, TAGS_MAX - d.n_tags, tags + d.n_tags);
    }
    d.created_us = time_of(row, f->def->created);
    d.updated_us = time_of(row, f->def->updated);
    search_put(f->index, &d);
}

static bool has_one(const ProtobufCMessage *row, const Baton__SearchFilter *filter)
{
    struct search_tag tags[TAGS_MAX];
    size_t n = tags_of(row, filter->field, 0, TAGS_MAX, tags);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; tags[i].value && k < filter->n_values; k++)
            if (strcmp(tags[i].value, filter->values[k]) == 0)
                return true;
    return false;
}

static bool is_within(const ProtobufCMessage *row, const char *field, const Google__Protobuf__Timestamp *from,
                      const Google__Protobuf__Timestamp *to)
{
    int64_t us = time_of(row, field);
    return (!from || us >= timestamp_us(from)) && (!to || us <= timestamp_us(to));
}

bool finder_fits(const struct finder_def *def, const ProtobufCMessage *row, const Baton__Search *s)
{
    bool fits = !s || (is_within(row, def->created, s->created_from, s->created_to) &&
                       is_within(row, def->updated, s->updated_from, s->updated_to));
    for (size_t i = 0; s && fits && i < s->n_filters; i++)
        fits = has_one(row, s->filters[i]);
    return fits;
}

void finder_forget(struct finder *f, const char *id)
{
    uint8_t bytes[IDENT_SIZE];
    if (f && ident_parse(bytes, id))
        search_drop(f->index, bytes);
}

static bool is_hidden(const struct finder *f, const ProtobufCMessage *row)
{
    return f->def->hidden && schema_get_text(row, f->def->hidden);
}

void finder_apply(struct finder *f, struct apply *ap, const ProtobufCMessage *record)
{
    const char *id = schema_get_text(record, "id");
    struct key key = key_of(id);
    if (!f)
        return;
    if (table_seq(ap->txn, f->def->table, &key) && !is_hidden(f, record))
        finder_note(f, record);
    else
        finder_forget(f, id);
}

/* Rows as they lie there, in the order of their ids, which is that of time. */
char *finder_note_some(struct finder *f, struct txn *t, unsigned table, const char *token, size_t most,
                       struct arena *a)
{
    struct table_scan scan;
    const ProtobufCMessage *row = NULL;
    char *next = NULL;
    if (!table_scan_open(&scan, t, table, NULL, NULL, token, false))
        return NULL;
    struct arena *scratch = arena_new(SCRATCH);
    for (size_t n = 0; n < most && (row = table_scan_next(&scan, scratch)); n++, arena_reset(scratch))
        if (f && !is_hidden(f, row))
            finder_note(f, row);
    if (row)
        next = table_scan_token(&scan, a);
    table_scan_close(&scan);
    arena_free(scratch);
    return next;
}

void finder_load(struct finder *f, struct load *l)
{
    (void)finder_note_some(f, l->txn, f->def->table, NULL, SIZE_MAX, l->arena); /* to the end */
}
