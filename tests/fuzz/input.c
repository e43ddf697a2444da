/* Taking inputs apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "fuzz/fuzz.h"
#include "google/protobuf/descriptor.pb-c.h"

enum { TYPES_MAX = 1024, ARENAS_MAX = 8 };

static struct {
    const struct schema_message *all[TYPES_MAX];
    size_t n;
} types;

static int by_name(const void *a, const void *b)
{
    const struct schema_message *const *x = a, *const *y = b;
    return strcmp((*x)->pb->name, (*y)->pb->name);
}

static void types_load(void)
{
    struct bytes wire = schema_descriptor_set();
    Google__Protobuf__FileDescriptorSet *set =
        google__protobuf__file_descriptor_set__unpack(NULL, wire.size, wire.data);
    assert(set != NULL);
    for (size_t i = 0; i < set->n_file; i++)
        for (size_t k = 0; k < set->file[i]->n_message_type; k++) {
            char name[256];
            snprintf(name, sizeof name, "%s.%s", set->file[i]->package, set->file[i]->message_type[k]->name);
            const struct schema_message *m = schema_message_named(name);
            if (m != NULL && types.n < TYPES_MAX)
                types.all[types.n++] = m;
        }
    google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    assert(types.n > 0 && types.n < TYPES_MAX);
    qsort(types.all, types.n, sizeof *types.all, by_name);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    schema_load();
    types_load();
    return 0;
}

struct arena *fuzz_arena(size_t limit)
{
    static struct arena *arenas[ARENAS_MAX];
    size_t i = 0;
    while (i < ARENAS_MAX && arenas[i] != NULL && arena_limit(arenas[i]) != limit)
        i++;
    assert(i < ARENAS_MAX);
    if (arenas[i] == NULL)
        arenas[i] = arena_new(limit);
    arena_reset(arenas[i]);
    return arenas[i];
}

struct bytes input_take(struct input *in, size_t n)
{
    n = n < in->left ? n : in->left;
    struct bytes taken = bytes_of(in->at, n);
    in->at += n;
    in->left -= n;
    return taken;
}

struct bytes input_rest(struct input *in)
{
    return input_take(in, in->left);
}

static uint64_t input_number(struct input *in, size_t size)
{
    uint64_t number = 0;
    struct bytes b = input_take(in, size);
    for (size_t i = 0; i < b.size; i++)
        number = number << 8 | b.data[i];
    return number;
}

uint8_t input_u8(struct input *in)
{
    return (uint8_t)input_number(in, 1);
}

uint16_t input_u16(struct input *in)
{
    return (uint16_t)input_number(in, 2);
}

uint64_t input_u64(struct input *in)
{
    return input_number(in, 8);
}

char *input_text(struct input *in, struct arena *a)
{
    const uint8_t *end = in->left ? memchr(in->at, 0, in->left) : NULL;
    size_t n = end != NULL ? (size_t)(end - in->at) : in->left;
    char *text = arena_strndup(a, n ? (const char *)in->at : "", n);
    (void)input_take(in, n + 1); /* with the NUL */
    return text;
}

uint16_t type_tag(const struct schema_message *m)
{
    return (uint16_t)crc32c(0, m->pb->name, strlen(m->pb->name));
}

const struct schema_message *input_type(struct input *in)
{
    uint16_t tag = input_u16(in);
    for (size_t i = 0; i < types.n; i++)
        if (type_tag(types.all[i]) == tag)
            return types.all[i];
    return types.all[tag % types.n];
}

const struct schema_message *const *types_all(size_t *n)
{
    *n = types.n;
    return types.all;
}

struct bytes sealed(struct bytes packed, struct bytes body, struct arena *a)
{
    uint8_t *wire = arena_alloc(a, 4 + packed.size);
    if (packed.size > 0)
        memcpy(wire + 4, packed.data, packed.size);
    put_be32(wire, crc32c(crc32c(0, packed.data, packed.size), body.data, body.size));
    return bytes_of(wire, 4 + packed.size);
}

bool message_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const struct schema_message *m = schema_message(a->descriptor);
    if (a->descriptor != b->descriptor || a->n_unknown_fields != b->n_unknown_fields)
        return false;
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!schema_field_equal(a, b, &m->fields[i]))
            return false;
    return true;
}
