/* Which events the world outside is told of, under which names, and what is said then: the one list for
   webhooks and for whoever reads the logs as an API. An event that is not here is internal. */
#ifndef BATON_SCHEMA_PUBLIC_H
#define BATON_SCHEMA_PUBLIC_H

#include "baton/v1/common.pb-c.h"
#include "schema/schema.h"

struct public_row {
    const ProtobufCMessageDescriptor *event; /* a payload of Event, but no RecordChanged */
    const char *type;                        /* "lead.assigned" */
    const char *whole;                       /* the message in it that is told, too; NULL: none */
    bool is_for_webhooks;
};
/* n of them. Beside these, "TYPE.created", "TYPE.updated" and "TYPE.deleted" for each plain record's type. */
const struct public_row *public_rows(size_t *n);

/* NULL: it has none there. */
const struct public_row *public_row_of(const ProtobufCMessageDescriptor *event);
/* Whether there are events under this name, of rows and of records. */
bool public_is_type(const char *type);

/* The name of a payload of Event, in the arena or lasting; NULL: it is internal, a copy of another service's
   record among them. */
const char *public_type(const ProtobufCMessage *event, struct arena *a);
/* Of a public event: records by their own rules; all else by administrators, since nobody else sees every
   lead. */
bool public_may_see(const ProtobufCMessage *event, const Baton__Actor *actor);

/* {"id","type","timestamp","data"}: the event's texts, numbers and times, and the message that its row names.
   Nothing secret. `id` NULL: it is not said. False: the buffer's limit is reached. */
bool public_write(const char *id, const char *type, const ProtobufCMessage *event, int64_t time_us,
                  struct arena *a, struct buffer *out);

#endif
