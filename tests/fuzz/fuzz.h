/* What the fuzzers share: taking an input apart, the types of the schema, and comparing. A property that does
   not hold is an assert. */
#ifndef BATON_TESTS_FUZZ_H
#define BATON_TESTS_FUZZ_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "schema/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* An empty arena with this limit, the same one each time it is asked for with the same limit. */
struct arena *fuzz_arena(size_t limit);

/* What is left of an input. Taking more than that gives zeros. */
struct input {
    const uint8_t *at;
    size_t left;
};
uint8_t input_u8(struct input *in);
uint16_t input_u16(struct input *in);
uint64_t input_u64(struct input *in);
struct bytes input_take(struct input *in, size_t n);
struct bytes input_rest(struct input *in);
/* Up to the next NUL or the end, in the arena with room for nothing else. */
char *input_text(struct input *in, struct arena *a);

/* A type of the schema, chosen by two bytes: the hash of its name, so that kept inputs mean the same when
   types are added. */
const struct schema_message *input_type(struct input *in);
/* The two bytes that choose it. */
uint16_t type_tag(const struct schema_message *m);
/* All types of baton.v1, by full name. */
const struct schema_message *const *types_all(size_t *n);

/* A packed envelope with the checksum it would have on the bus in front of this body, in the arena. */
struct bytes sealed(struct bytes packed, struct bytes body, struct arena *a);

/* Every field of both is the same. */
bool message_same(const ProtobufCMessage *a, const ProtobufCMessage *b);

#endif
