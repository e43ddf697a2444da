/* Walking a message for what is personal in it, and whose that is. */
#include "schema/personal.h"

#include <assert.h>
#include <string.h>

#include "schema/internal.h"

struct walk {
    struct arena *arena;
    const char *only;           /* whose fields are taken; NULL: everybody's */
    struct personal_part **end; /* NULL: they are of no use */
    uint16_t way[PERSONAL_STEPS_MAX];
    uint8_t steps;
};

/* Whom the message is about by its own word; NULL: it does not say. */
static const char *subject_of(const ProtobufCMessage *m, const struct schema_message *type)
{
    for (size_t i = 0; i < SCHEMA_SUBJECTS_MAX; i++) {
        const struct schema_field *f = type->subjects[i];
        if (!f || !schema_present(m, f))
            continue;
        if (f->message)
            return subject_of(*(ProtobufCMessage **)schema_value(m, f, 0), f->message);
        const char *id = schema_text_of(m, f);
        if (*id)
            return id;
    }
    return NULL;
}

static ProtobufCMessage *own_copy(ProtobufCMessage *copy, const ProtobufCMessage *m, struct arena *a)
{
    return copy ? copy : arena_copy(a, m, m->descriptor->sizeof_message);
}

static struct personal_part *part_new(struct walk *w, const ProtobufCMessage *m, const char *subject)
{
    struct personal_part *p = ARENA_NEW(w->arena, struct personal_part);
    p->subject = subject;
    p->steps = w->steps;
    memcpy(p->way, w->way, w->steps * sizeof *w->way);
    p->fields = arena_alloc(w->arena, m->descriptor->sizeof_message);
    protobuf_c_message_init(m->descriptor, p->fields);
    *w->end = p;
    w->end = &p->next;
    return p;
}

static const ProtobufCMessage *take(struct walk *w, const ProtobufCMessage *m, const char *subject);

/* The messages in a field; `copy` is the message's own, made when one of them becomes another. */
static ProtobufCMessage *take_below(struct walk *w, const ProtobufCMessage *m, ProtobufCMessage *copy,
                                    const struct schema_field *f, const char *subject)
{
    size_t n = schema_count(m, f);
    ProtobufCMessage **values = NULL;
    assert(w->steps + 2 <= PERSONAL_STEPS_MAX && f->pb->id <= UINT16_MAX && n <= UINT16_MAX);
    for (size_t i = 0; i < n; i++) {
        ProtobufCMessage *value = *(ProtobufCMessage **)schema_value(m, f, i);
        w->way[w->steps++] = (uint16_t)f->pb->id;
        w->way[w->steps++] = (uint16_t)i;
        const ProtobufCMessage *without = take(w, value, subject);
        w->steps -= 2;
        if (without == value)
            continue;
        copy = own_copy(copy, m, w->arena);
        if (schema_is_repeated(f) && !values) {
            values = arena_copy(w->arena, schema_value(m, f, 0), n * sizeof *values);
            schema_set_values(copy, f, values, n);
        }
        *(const ProtobufCMessage **)schema_value(copy, f, i) = without;
    }
    return copy;
}

static const ProtobufCMessage *take(struct walk *w, const ProtobufCMessage *m, const char *subject)
{
    const struct schema_message *type = schema_message(m->descriptor);
    const char *own = subject_of(m, type);
    ProtobufCMessage *copy = NULL;
    struct personal_part *part = NULL;
    subject = own ? own : subject;
    const bool is_wanted = subject && (!w->only || strcmp(subject, w->only) == 0);
    for (unsigned i = 0; i < type->pb->n_fields; i++) {
        const struct schema_field *f = &type->fields[i];
        bool personal = f->rules->personal && subject;
        if (personal ? !is_wanted : !(f->message && f->message->has_personal))
            continue;
        if (!schema_present(m, f))
            continue;
        if (!personal) {
            copy = take_below(w, m, copy, f, subject);
            continue;
        }
        copy = own_copy(copy, m, w->arena);
        schema_clear(copy, f);
        if (!w->end)
            continue;
        part = part ? part : part_new(w, m, subject);
        schema_field_share(part->fields, m, f);
    }
    return copy ? copy : m;
}

const char *personal_subject(const ProtobufCMessage *m)
{
    return subject_of(m, schema_message(m->descriptor));
}

const ProtobufCMessage *personal_take(const ProtobufCMessage *m, struct arena *a,
                                      struct personal_part **parts)
{
    struct walk w = {.arena = a, .end = parts};
    *parts = NULL;
    return take(&w, m, NULL);
}

const ProtobufCMessage *personal_without(const ProtobufCMessage *m, const char *subject, struct arena *a)
{
    struct walk w = {.arena = a, .only = subject};
    return take(&w, m, NULL);
}

static size_t head_size(const struct personal_part *p)
{
    return 1 + p->steps * sizeof *p->way + 4;
}

size_t personal_packed_size(const struct personal_part *p)
{
    return head_size(p) + protobuf_c_message_get_packed_size(p->fields);
}

size_t personal_pack(const struct personal_part *p, uint8_t *out)
{
    size_t n = protobuf_c_message_pack(p->fields, out + head_size(p));
    *out++ = p->steps;
    for (uint8_t i = 0; i < p->steps; i++, out += 2)
        put_be16(out, p->way[i]);
    put_be32(out, (uint32_t)n);
    return head_size(p) + n;
}

/* --- back --- */

/* NULL: there is none. */
static ProtobufCMessage *find(ProtobufCMessage *m, const uint8_t *way, uint8_t steps)
{
    for (uint8_t i = 0; m && i < steps; i += 2, way += 4) {
        const struct schema_field *f = schema_numbered(schema_message(m->descriptor), get_be16(way));
        if (!f || !f->message || !schema_present(m, f) || get_be16(way + 2) >= schema_count(m, f))
            return NULL;
        m = *(ProtobufCMessage **)schema_value(m, f, get_be16(way + 2));
    }
    return m;
}

static bool put(ProtobufCMessage *m, struct bytes packed, struct arena *a)
{
    const struct schema_message *type = schema_message(m->descriptor);
    ProtobufCMessage *fields = schema_unpack(type, packed, a);
    for (unsigned i = 0; fields && i < type->pb->n_fields; i++)
        if (schema_present(fields, &type->fields[i]))
            schema_field_share(m, fields, &type->fields[i]);
    return fields != NULL;
}

bool personal_put(ProtobufCMessage *m, struct bytes parts, struct arena *a)
{
    const uint8_t *at = parts.data, *end = parts.data + parts.size;
    while (at < end) {
        uint8_t steps = *at++;
        const size_t head = steps * 2u + 4;
        if (steps % 2 || steps > PERSONAL_STEPS_MAX || (size_t)(end - at) < head)
            return false;
        ProtobufCMessage *into = find(m, at, steps);
        size_t n = get_be32(at + steps * 2u);
        at += head;
        if (!into || n > (size_t)(end - at) || !put(into, bytes_of(at, n), a))
            return false;
        at += n;
    }
    return true;
}
