/* Reads forms as browsers send them. */
#include "form_read.h"

#include <string.h>
#include <unicode/utf8.h>

#include "base/hash.h"
#include "base/text.h"

enum {
    PROCESSOR_SIZE = 4096,
    NAME_MAX_BYTES = 200,
    FILE_NAME_MAX = 255,
    TYPE_MAX = 127,
    SUM_SIZE = 16,
    REPLACEMENT = 0xfffd
};

/* A form being read. */
struct reading {
    struct arena *arena;
    struct form_fields *out;
    struct buffer values[FORM_FIELDS_MAX];
    struct hash_stream *sum; /* of the last file, so far; NULL: there is none */
    struct refusal *no;
};

char *form_readable(struct arena *a, struct bytes raw, size_t most)
{
    /* A damaged byte becomes three. */
    char *out = arena_alloc(a, raw.size * U8_LENGTH(REPLACEMENT) + 1);
    int32_t at = 0, to = 0;
    while ((size_t)at < raw.size) {
        UChar32 c;
        U8_NEXT(raw.data, at, (int32_t)raw.size, c);
        if (c <= 0)
            c = REPLACEMENT;
        U8_APPEND_UNSAFE((uint8_t *)out, to, c);
    }
    out[to] = '\0';
    out[text_clip(out, most)] = '\0';
    return out;
}

/* --- files --- */

static char *clipped(struct reading *f, const char *text, size_t most)
{
    return text && *text ? form_readable(f->arena, bytes_text(text), most) : NULL;
}

/* Its checksum, of all that came of it. */
static void file_end(struct reading *f)
{
    uint8_t hash[HASH_SIZE];
    if (!f->sum)
        return;
    hash_end(f->sum, hash);
    f->sum = NULL;
    char *text = f->out->files[f->out->n_files - 1]->checksum = arena_alloc(f->arena, 2 * SUM_SIZE + 1);
    hex_encode(text, hash, SUM_SIZE);
}

static void file_more(struct reading *f, const char *data, size_t size)
{
    f->out->files[f->out->n_files - 1]->size += size;
    hash_add(f->sum, bytes_of(data, size));
}

/* A field for a file that nobody chose comes without a name and empty. */
static bool file_part(struct reading *f, const char *field, const char *name, const char *type,
                      const char *data, uint64_t offset, size_t size)
{
    struct form_fields *out = f->out;
    if (offset > 0)
        return file_more(f, data, size), true;
    if (!*name && size == 0)
        return true;
    file_end(f);
    if (out->n_files == FORM_FILES_MAX)
        return refuse(f->no, REFUSAL_INVALID_ARGUMENT, NULL, "the form has more than %d files",
                      FORM_FILES_MAX);
    Baton__MailAttachment *file = out->files[out->n_files++] = ARENA_NEW(f->arena, Baton__MailAttachment);
    baton__mail_attachment__init(file);
    file->field = clipped(f, field, NAME_MAX_BYTES);
    file->name = clipped(f, name, FILE_NAME_MAX);
    file->type = clipped(f, type, TYPE_MAX);
    file->has_size = true;
    f->sum = hash_new();
    file_more(f, data, size);
    return true;
}

/* --- fields --- */

static bool field_begin(struct reading *f, const char *name)
{
    struct form_fields *out = f->out;
    if (out->n_values == FORM_FIELDS_MAX)
        return refuse(f->no, REFUSAL_INVALID_ARGUMENT, NULL, "the form has more than %d fields",
                      FORM_FIELDS_MAX);
    Baton__FormField *field = ARENA_NEW(f->arena, Baton__FormField);
    baton__form_field__init(field);
    field->name = form_readable(f->arena, bytes_text(name), SIZE_MAX);
    if (strlen(field->name) > NAME_MAX_BYTES)
        return refuse(f->no, REFUSAL_INVALID_ARGUMENT, NULL, "a field's name is longer than %d bytes",
                      NAME_MAX_BYTES);
    buffer_init(&f->values[out->n_values], FORM_VALUE_MAX);
    out->values[out->n_values++] = field;
    return true;
}

static bool field_part(struct reading *f, const char *name, const char *data, uint64_t offset, size_t size)
{
    if (offset == 0 && !field_begin(f, name))
        return false;
    size_t last = f->out->n_values - 1;
    return buffer_add(&f->values[last], data, size) ||
           refuse(f->no, REFUSAL_INVALID_ARGUMENT, f->out->values[last]->name,
                  "the field \"%.100s\" is longer than %d bytes", f->out->values[last]->name, FORM_VALUE_MAX);
}

/* Called with pieces of values; `offset` 0 begins one. */
static enum MHD_Result on_field(void *arg, enum MHD_ValueKind kind, const char *name, const char *filename,
                                const char *type, const char *coding, const char *data, uint64_t offset,
                                size_t size)
{
    struct reading *f = arg;
    bool is_taken = filename ? file_part(f, name, filename, type, data, offset, size)
                             : field_part(f, name ? name : "", data, offset, size);
    return is_taken ? MHD_YES : MHD_NO;
}

static bool process(struct request *r, struct reading *f)
{
    struct MHD_PostProcessor *p = MHD_create_post_processor(r->connection, PROCESSOR_SIZE, on_field, f);
    if (!p)
        return refuse(f->no, REFUSAL_INVALID_ARGUMENT, NULL, "this is not a form");
    bool is_read = MHD_post_process(p, (const char *)r->body.data, r->body.size) == MHD_YES;
    is_read = MHD_destroy_post_processor(p) == MHD_YES && is_read;
    if (f->no->code)
        return false;
    return is_read || refuse(f->no, REFUSAL_INVALID_ARGUMENT, NULL, "the form is damaged");
}

bool form_read(struct request *r, struct arena *a, struct form_fields *out, struct refusal *no)
{
    struct reading f = {.arena = a, .out = out, .no = no};
    no->code = REFUSAL_NONE;
    out->n_values = out->n_files = 0;
    bool is_read = process(r, &f);
    file_end(&f);
    for (size_t i = 0; i < out->n_values; i++) {
        out->values[i]->value = form_readable(a, buffer_bytes(&f.values[i]), SIZE_MAX);
        buffer_release(&f.values[i]);
    }
    return is_read;
}

char *form_value(const struct form_fields *f, const char *name, size_t most, struct arena *a)
{
    for (size_t i = 0; i < f->n_values; i++)
        if (f->values[i]->name && strcmp(f->values[i]->name, name) == 0)
            return form_readable(a, bytes_text(f->values[i]->value ? f->values[i]->value : ""), most);
    return NULL;
}
