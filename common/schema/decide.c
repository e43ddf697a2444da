/* Stamps and outcomes: the two ends of every decide function. */
#include "schema/decide.h"

#include <assert.h>
#include <string.h>

enum { SECRET_BYTES = 32 };

char *stamp_id(struct stamp *s)
{
    char *text = arena_alloc(s->arena, IDENT_TEXT_SIZE);
    ident_next_text(s->ids, text);
    return text;
}

char *stamp_secret(struct stamp *s)
{
    assert(s->random_used + SECRET_BYTES <= STAMP_RANDOM_SIZE);
    char *text = arena_alloc(s->arena, 2 * SECRET_BYTES + 1);
    hex_encode(text, s->random + s->random_used, SECRET_BYTES);
    s->random_used += SECRET_BYTES;
    return text;
}

Google__Protobuf__Timestamp *timestamp_of(struct arena *a, int64_t us)
{
    Google__Protobuf__Timestamp *t = ARENA_NEW(a, Google__Protobuf__Timestamp);
    google__protobuf__timestamp__init(t);
    int64_t rest = us % 1000000;
    if (rest < 0)
        rest += 1000000;
    t->seconds = (us - rest) / 1000000;
    t->nanos = (int32_t)rest * 1000;
    return t;
}

int64_t timestamp_us(const Google__Protobuf__Timestamp *t)
{
    return t ? t->seconds * 1000000 + t->nanos / 1000 : 0;
}

static void make_room(struct outcome *out)
{
    enum { FIRST = 4 };
    if (out->n_events < out->events_room)
        return;
    size_t room = out->events_room ? out->events_room * 2 : FIRST;
    Baton__Event **events = ARENA_ARRAY(out->arena, Baton__Event *, room);
    if (out->n_events)
        memcpy(events, out->events, out->n_events * sizeof *events);
    out->events = events;
    out->events_room = room;
}

void outcome_event(struct outcome *out, void *payload)
{
    const ProtobufCMessage *p = payload;
    const struct schema_message *event = schema_message(&baton__event__descriptor);
    assert(out->n_events < OUTCOME_EVENTS_MAX);
    for (unsigned i = 0; i < event->pb->n_fields; i++)
        if (event->fields[i].pb->descriptor == p->descriptor) {
            Baton__Event *e = ARENA_NEW(out->arena, Baton__Event);
            baton__event__init(e);
            schema_set_oneof(&e->base, &event->fields[i], payload);
            make_room(out);
            out->events[out->n_events++] = e;
            return;
        }
    assert(!"the payload's type is not a member of Event");
}

bool actor_is(const Baton__Actor *actor, Baton__Role role)
{
    return actor->has_role && actor->role == role;
}

/* Who has a record, only who reaches it as its owner does gives away. */
bool record_may_hand_on(enum record_reach reach, const ProtobufCMessage *before,
                        const ProtobufCMessage *after, struct refusal *no)
{
    const struct schema_field *owner = schema_field(schema_message(after->descriptor), "owner_id");
    if (reach == RECORD_BY_ROLE || reach == RECORD_OWN || !owner || schema_field_equal(before, after, owner))
        return true;
    return refuse(no, REFUSAL_PERMISSION_DENIED, "owner_id",
                  "only the owner, their managers and administrators give it to somebody else");
}
