/* What the .proto files say, at run time: messages, fields and methods with their rules.
   protobuf-c's descriptors carry no options, so the FileDescriptorSet made at build time is read at start and
   joined with them. Immutable once loaded; any number of threads may read it. */
#ifndef BATON_SCHEMA_SCHEMA_H
#define BATON_SCHEMA_SCHEMA_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/refusal.h"
#include "baton/v1/options.pb-c.h"

enum {
    SCHEMA_TEXT_MAX = 1024,       /* longest text or bytes where the field says nothing */
    SCHEMA_TEXT_LENIENT = 65536,  /* the same inside a message marked lenient */
    SCHEMA_ITEMS_MAX = 256,       /* most elements where the field says nothing */
    SCHEMA_DEPTH_MAX = 16,        /* deepest message */
    SCHEMA_MESSAGE_MAX = 1 << 20, /* largest message from outside */
    SCHEMA_SUBJECTS_MAX = 4,      /* most fields of a message that say whose its personal fields are */
};

/* A field: protobuf-c's descriptor and what its options say. */
struct schema_field {
    const ProtobufCFieldDescriptor *pb;
    const char *json_name;                /* lowerCamelCase */
    const Baton__FieldRules *rules;       /* absent options are protobuf-c's defaults, has_x false */
    const struct schema_message *message; /* of a message field, else NULL */
};

struct schema_message {
    const ProtobufCMessageDescriptor *pb;
    const struct schema_field *fields;         /* in pb->fields order, pb->n_fields of them */
    const struct schema_field *const *by_json; /* the same, by json_name */
    Baton__RecordRules *record;                /* NULL if it is not a plain record */
    bool has_secret;                           /* it or a message in it has a secret field */
    bool has_personal;                         /* it or a message in it has a personal field */
    /* Whose these are: the first that is there and present. */
    const struct schema_field *subjects[SCHEMA_SUBJECTS_MAX];
};

struct schema_method {
    const char *name;    /* "LeadService/CaptureLead" */
    const char *service; /* "LeadService" */
    const struct schema_message *input, *output;
    bool no_side_effects; /* a query: may be called with GET */
    bool open, internal;
    uint32_t roles; /* bit n: Role n may call it */
};

/* Every message, by protobuf-c descriptor; asserts that it is one of ours. */
const struct schema_message *schema_message(const ProtobufCMessageDescriptor *pb);
/* By full name, "baton.v1.Lead"; NULL if there is none. */
const struct schema_message *schema_message_named(const char *full_name);
/* By the name in the .proto file (not JSON's); NULL if there is none. */
const struct schema_field *schema_field(const struct schema_message *m, const char *name);

/* "LeadService/CaptureLead"; NULL if there is none. */
const struct schema_method *schema_method(const char *name);
/* All methods: n of them. */
const struct schema_method *schema_methods(size_t *n);

/* The FileDescriptorSet, as it is served at /schema.binpb. */
struct bytes schema_descriptor_set(void);

/* Reads the descriptor set. Every main calls it once before anything else here; a second call does nothing.
   Asserts on a schema that breaks its own rules (a method without permission, a record without `id`). */
void schema_load(void);

/* --- wire to struct (scan.c) --- */

/* Reads an untrusted message: size, depth, counts, UTF-8, NUL, enum values, wire types are checked over the
   bytes before protobuf-c sees them, and the result lives in `a`. Unknown fields are skipped.
   False: `no` says what is wrong and in which field. Never costs more memory than `a` allows. */
bool schema_decode(const struct schema_message *m, struct bytes wire, struct arena *a, ProtobufCMessage **out,
                   struct refusal *no);

/* Reads what we wrote ourselves (rows, log): only what memory safety needs is checked. NULL if it is damaged.
 */
ProtobufCMessage *schema_unpack(const struct schema_message *m, struct bytes wire, struct arena *a);

/* Packs into the arena. */
struct bytes schema_pack(const ProtobufCMessage *message, struct arena *a);

/* The same once more, with all that is in it. */
ProtobufCMessage *schema_copy(const ProtobufCMessage *message, struct arena *a);

/* --- rules (rules.c) --- */

/* Checks required, max_length, min, max, max_items, reference (a UUID) and the messages inside, except plain
   records: they may be partial in a request, and the record functions check the record that comes of it.
   `prefix` stands before field names in refusals ("lead"), NULL for none. */
bool schema_check(const ProtobufCMessage *message, const char *prefix, struct refusal *no);

/* Sets every field marked output_only to absent. */
void schema_drop_output_only(ProtobufCMessage *message);

/* --- generic access (access.c) --- */

/* Text of a string field, NULL if absent. Asserts that the field exists and is a string. */
const char *schema_get_text(const ProtobufCMessage *m, const char *field);
void schema_set_text(ProtobufCMessage *m, const char *field, char *value); /* keeps the pointer */
/* The same where the field is in hand. */
const char *schema_text_of(const ProtobufCMessage *m, const struct schema_field *f);
/* All values of a string field that may be repeated; returns how many. */
size_t schema_texts_of(const ProtobufCMessage *m, const struct schema_field *f, char *const **texts);
int64_t schema_int_of(const ProtobufCMessage *m, const struct schema_field *f);
/* Any integer or enum field; 0 if absent. */
int64_t schema_get_int(const ProtobufCMessage *m, const char *field);
void schema_set_int(ProtobufCMessage *m, const char *field, int64_t value); /* present from now on */
/* Present: has_x, non-NULL, set oneof member, or at least one element. */
bool schema_present(const ProtobufCMessage *m, const struct schema_field *f);
void schema_clear(ProtobufCMessage *m, const struct schema_field *f);
/* Both absent, or both present and equal. */
bool schema_field_equal(const ProtobufCMessage *a, const ProtobufCMessage *b, const struct schema_field *f);
/* The same of all fields; what has fields that are newer than this program is like nothing. */
bool schema_equal(const ProtobufCMessage *a, const ProtobufCMessage *b);
/* dst.f = src.f; shares memory with src. */
void schema_field_share(ProtobufCMessage *dst, const ProtobufCMessage *src, const struct schema_field *f);
/* The message in the set member of the only oneof of `m` (Event, Record); NULL if none is set.
 *field tells which. */
ProtobufCMessage *schema_oneof(const ProtobufCMessage *m, const struct schema_field **field);
/* Sets that member; `value` must be of its type. */
void schema_set_oneof(ProtobufCMessage *m, const struct schema_field *field, ProtobufCMessage *value);

/* --- JSON (json_read.c, json_write.c): protobuf's JSON mapping, RFC 8259 --- */

/* Unknown fields are ignored. The result has not been checked against the rules, but passes what
   schema_decode checks. Fails as invalid_argument with the field's path. */
bool schema_from_json(const struct schema_message *m, struct bytes json, struct arena *a,
                      ProtobufCMessage **out, struct refusal *no);

enum { SCHEMA_JSON_SECRETS = 1 }; /* also write fields marked secret */

/* False only if the buffer's limit is reached. */
bool schema_to_json(const ProtobufCMessage *message, unsigned flags, struct buffer *out);

/* `s` as a JSON string, with the quotes. False as above. */
bool schema_json_string(struct buffer *out, const char *s);

#endif
