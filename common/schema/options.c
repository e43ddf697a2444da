/* What the descriptor set says beyond protobuf-c's descriptors: rules of fields, methods and records, JSON
 * names. */
#include "schema/load.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "google/protobuf/descriptor.pb-c.h"

enum {
    FIELD_RULES = 50001,
    METHOD_RULES = 50002,
    RECORD_RULES = 50003,
    EXTENSION_MAX = 1024,
    RULES_MAX = 512,
};

/* A user has any role but the one of services and the console. */
static const uint32_t signed_in_roles = 1u << BATON__ROLE__ROLE_ADMIN | 1u << BATON__ROLE__ROLE_MANAGER |
                                        1u << BATON__ROLE__ROLE_REP | 1u << BATON__ROLE__ROLE_INSIDE |
                                        1u << BATON__ROLE__ROLE_SERVICE | 1u << BATON__ROLE__ROLE_PARTNER;

/* An extension's bytes; false if the options do not have it. protoc writes each `(field).x = y` as a message
   of its own; by the rules of the wire format, put one behind the other they are one message. */
static bool extension_bytes(const ProtobufCMessage *options, uint32_t tag, uint8_t joined[EXTENSION_MAX],
                            size_t *joined_size)
{
    size_t size = 0;
    bool found = false;
    for (unsigned i = 0; options != NULL && i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &options->unknown_fields[i];
        if (field->tag != tag)
            continue;
        size_t prefix = 0; /* the length stands in front */
        while (field->data[prefix++] & 0x80)
            ;
        assert(size + field->len - prefix <= EXTENSION_MAX);
        memcpy(joined + size, field->data + prefix, field->len - prefix);
        size += field->len - prefix;
        found = true;
    }
    *joined_size = size;
    return found;
}

/* Unpacked into `a`; NULL: the options do not have it. */
static void *extension(const ProtobufCMessage *options, uint32_t tag, const ProtobufCMessageDescriptor *pb,
                       struct arena *a)
{
    uint8_t joined[EXTENSION_MAX];
    size_t size;
    if (!extension_bytes(options, tag, joined, &size))
        return NULL;
    ProtobufCAllocator allocator = schema_allocator(a);
    ProtobufCMessage *rules = protobuf_c_message_unpack(pb, &allocator, size, joined);
    assert(rules != NULL);
    return rules;
}

/* Most fields say one of a few things: each stands in memory once. */
struct shared_rules {
    struct bytes said;
    const Baton__FieldRules *rules;
};

struct rules_seen {
    struct shared_rules all[RULES_MAX];
    size_t n;
};

static const Baton__FieldRules *field_rules(const ProtobufCMessage *options, struct rules_seen *seen,
                                            struct arena *a)
{
    uint8_t said[EXTENSION_MAX];
    size_t size;
    if (!extension_bytes(options, FIELD_RULES, said, &size))
        return NULL;
    for (size_t i = 0; i < seen->n; i++)
        if (bytes_equal(seen->all[i].said, bytes_of(said, size)))
            return seen->all[i].rules;
    assert(seen->n < RULES_MAX);
    struct shared_rules *r = &seen->all[seen->n++];
    r->said = bytes_of(arena_copy(a, said, size), size);
    r->rules = extension(options, FIELD_RULES, &baton__field_rules__descriptor, a);
    return r->rules;
}

static int by_json_name(const void *a, const void *b)
{
    const struct schema_field *const *x = a, *const *y = b;
    return strcmp((*x)->json_name, (*y)->json_name);
}

static void load_message(struct schema_message *m, const Google__Protobuf__DescriptorProto *proto,
                         struct rules_seen *seen, struct arena *a)
{
    const struct schema_field **by_json = ARENA_ARRAY(a, const struct schema_field *, m->pb->n_fields);
    if (proto->n_field != m->pb->n_fields)
        schema_broken(m->pb->name, "the generated code and the descriptor set differ");
    for (size_t i = 0; i < proto->n_field; i++) {
        const Google__Protobuf__FieldDescriptorProto *field = proto->field[i];
        struct schema_field *f = (struct schema_field *)schema_field(m, field->name);
        if (f == NULL || f->pb->id != (uint32_t)field->number)
            schema_broken(m->pb->name, "the generated code and the descriptor set differ");
        f->json_name =
            strcmp(f->pb->name, field->json_name) == 0 ? f->pb->name : arena_strdup(a, field->json_name);
        by_json[i] = f;
        const Baton__FieldRules *rules = field_rules((const ProtobufCMessage *)field->options, seen, a);
        if (rules != NULL)
            f->rules = rules;
    }
    qsort(by_json, proto->n_field, sizeof *by_json, by_json_name);
    m->by_json = by_json;
    m->record = extension((const ProtobufCMessage *)proto->options, RECORD_RULES,
                          &baton__record_rules__descriptor, a);
}

/* Options' own messages are read here and nowhere else. */
static bool is_ours(const Google__Protobuf__FileDescriptorProto *file)
{
    return strcmp(file->package, "baton.v1") == 0 && strcmp(file->name, "baton/v1/options.proto") != 0;
}

static void load_messages(const Google__Protobuf__FileDescriptorProto *file, struct rules_seen *seen,
                          struct arena *a)
{
    for (size_t i = 0; i < file->n_message_type; i++) {
        const char *name = arena_printf(a, "%s.%s", file->package, file->message_type[i]->name);
        struct schema_message *m = (struct schema_message *)schema_message_named(name);
        if (m != NULL)
            load_message(m, file->message_type[i], seen, a);
        else if (is_ours(file))
            schema_broken(name, "no method leads to it and it is not in the list of others in schema.c");
    }
}

static void load_method(struct schema_method *method, const Google__Protobuf__MethodOptions *options,
                        struct arena *a)
{
    const Baton__MethodRules *rules =
        extension((const ProtobufCMessage *)options, METHOD_RULES, &baton__method_rules__descriptor, a);
    if (rules == NULL || (rules->n_allow == 0 && !rules->open && !rules->signed_in)) {
        schema_broken(method->name, "says neither `allow`, `open` nor `signed_in`");
        return;
    }
    method->no_side_effects =
        options->idempotency_level == GOOGLE__PROTOBUF__METHOD_OPTIONS__IDEMPOTENCY_LEVEL__NO_SIDE_EFFECTS;
    method->open = rules->open;
    method->internal = rules->internal;
    method->roles = rules->signed_in ? signed_in_roles : 0;
    for (size_t i = 0; i < rules->n_allow; i++)
        method->roles |= 1u << rules->allow[i];
}

static size_t load_methods(const Google__Protobuf__FileDescriptorProto *file, struct arena *a)
{
    size_t n = 0;
    for (size_t s = 0; s < file->n_service; s++)
        for (size_t i = 0; i < file->service[s]->n_method; i++, n++) {
            const Google__Protobuf__MethodDescriptorProto *proto = file->service[s]->method[i];
            const char *name = arena_printf(a, "%s/%s", file->service[s]->name, proto->name);
            struct schema_method *method = (struct schema_method *)schema_method(name);
            if (method == NULL)
                schema_broken(name, "its service is not in the list of services in schema.c");
            else
                load_method(method, proto->options, a);
        }
    return n;
}

/* It is read once, and seldom served: what was mapped of it need not stay. The pages are the program's own
   and come back when they are read. */
static void let_go(struct bytes set)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)set.data + page - 1) & ~(page - 1);
    uintptr_t to = (uintptr_t)(set.data + set.size) & ~(page - 1);
    if (from < to)
        (void)madvise((void *)from, to - from, MADV_DONTNEED); /* if not, they are used for nothing */
}

void schema_load_options(struct schema_loaded *loaded, struct bytes descriptor_set)
{
    Google__Protobuf__FileDescriptorSet *set =
        google__protobuf__file_descriptor_set__unpack(NULL, descriptor_set.size, descriptor_set.data);
    struct arena *memory = arena_new(sizeof(struct rules_seen) + 4096);
    assert(set != NULL && memory != NULL);
    size_t n_methods = 0;
    struct rules_seen *seen = ARENA_NEW(memory, struct rules_seen);
    for (size_t i = 0; i < set->n_file; i++) {
        load_messages(set->file[i], seen, loaded->memory);
        n_methods += load_methods(set->file[i], loaded->memory);
    }
    assert(n_methods == loaded->n_methods);
    for (size_t i = 0; i < loaded->n_messages; i++)
        if (loaded->messages[i].by_json == NULL)
            schema_broken(loaded->messages[i].pb->name, "is not in the descriptor set");
    arena_free(memory);
    google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    let_go(descriptor_set);
    (void)malloc_trim(0); /* a quarter of a MiB in each process; if not, it is used for something else */
}
