/* Rows into the index. */
#include "service/finder.h"

#include <assert.h>
#include <string.h>

#include "schema/decide.h"

enum { FIELDS_MAX = 16, TAGS_MAX = 256, JOINED_MAX = 512, SCRATCH = 16 << 20 };

void finder_init(struct finder *f, const struct finder_def *def)
{
    f->def = def;
    f->index = search_new();
}

void finder_release(struct finder *f)
{
    search_free(f->index);
    f->index = NULL;
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

static size_t fields_of(const ProtobufCMessage *row, const struct schema_message *m, char text[JOINED_MAX],
                        struct search_field out[FIELDS_MAX])
{
    size_t n = 0;
    for (unsigned i = 0; i < m->pb->n_fields && n + 1 < FIELDS_MAX; i++) {
        const struct schema_field *f = &m->fields[i];
        if (f->rules->searchable || is_phone(f))
            out[n++] = (struct search_field){schema_text_of(row, f), is_phone(f)};
    }
    out[n++] = (struct search_field){joined(row, m, text), false};
    return n;
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
    struct search_field fields[FIELDS_MAX];
    struct search_tag tags[TAGS_MAX];
    char text[JOINED_MAX];
    struct search_doc d = {.fields = fields, .tags = tags};
    if (!f || !ident_parse(d.id, schema_get_text(row, "id")))
        return;
    const struct schema_message *m = schema_message(row->descriptor);
    d.n_fields = fields_of(row, m, text, fields);
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
void finder_load(struct finder *f, struct load *l)
{
    struct table_scan scan;
    const ProtobufCMessage *row;
    struct arena *scratch = arena_new(SCRATCH);
    if (table_scan_open(&scan, l->txn, f->def->table, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, scratch)); arena_reset(scratch))
            if (!is_hidden(f, row))
                finder_note(f, row);
        table_scan_close(&scan);
    }
    arena_free(scratch);
}
