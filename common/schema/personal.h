/* The personal fields of a message: taken out of it, and put back (common/store/seal.h keeps them). */
#ifndef BATON_SCHEMA_PERSONAL_H
#define BATON_SCHEMA_PERSONAL_H

#include "schema/schema.h"

/* The way from a message to one inside of it: for each step down the field's number and which of its values.
 */
enum { PERSONAL_STEPS_MAX = SCHEMA_DEPTH_MAX * 2 };

/* What of one message inside is personal. */
struct personal_part {
    const char *subject; /* id of the record that it is about */
    uint16_t way[PERSONAL_STEPS_MAX];
    uint8_t steps;
    ProtobufCMessage *fields; /* these alone; shares memory with the message */
    struct personal_part *next;
};

/* Id of the record that the message is about, by its own word; NULL: it does not say. */
const char *personal_subject(const ProtobufCMessage *m);

/* The message without what is personal and has a subject; that is listed in `*parts`, in the order of the
   message. Both in the arena; what is not changed is shared. */
const ProtobufCMessage *personal_take(const ProtobufCMessage *m, struct arena *a,
                                      struct personal_part **parts);

/* The message without what is personal of this subject; itself if nothing is. */
const ProtobufCMessage *personal_without(const ProtobufCMessage *m, const char *subject, struct arena *a);

/* Parts as bytes:  steps(1) way(2 each) size(4) packed fields. */
size_t personal_packed_size(const struct personal_part *p);
size_t personal_pack(const struct personal_part *p, uint8_t *out);

/* Puts packed parts, one behind the other, back into the message they were taken from. False: they are not
   of it. */
bool personal_put(ProtobufCMessage *m, struct bytes parts, struct arena *a);

#endif
