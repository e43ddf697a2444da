/* What is done outside of Baton: noted with the event that says so, begun once that is committed, and its end
   a command. */
#include <assert.h>

#include "service/internal.h"

enum { EFFECT_ARENA_MAX = 1 << 20 };

struct effect {
    struct outbound_request request; /* first */
    struct service *service;         /* NULL: it was closed meanwhile */
    const struct effect_row *row;
    struct arena *arena; /* of all this */
    ProtobufCMessage *event;
    struct outbound_result result;
    bool ended, waits;             /* for room to write its end down */
    struct effect *next, **before; /* among those under way */
};

static void effect_free(struct effect *e)
{
    *e->before = e->next;
    if (e->next)
        e->next->before = e->before;
    arena_free(e->arena);
}

static void stage(struct effect *e)
{
    e->ended = true;
    service_stage(e->service, &(struct item){.kind = ITEM_EFFECT, .effect = e});
}

static void done(struct outbound_request *r, const struct outbound_result *result)
{
    struct effect *e = (struct effect *)r;
    e->result = *result;
    if (e->service)
        stage(e);
    else
        arena_free(e->arena);
}

static void note(struct service *s, const struct effect_row *row, const ProtobufCMessage *event)
{
    struct arena *a = arena_new(EFFECT_ARENA_MAX);
    struct effect *e = ARENA_NEW(a, struct effect);
    struct load l = batch_load(s);
    l.arena = a;
    *e = (struct effect){.service = s, .row = row, .arena = a};
    e->event = schema_copy(event, a);
    if (!row->ask(&l, e->event, &e->request)) {
        arena_free(a);
        return;
    }
    e->request.done = done;
    *s->noted_end = e;
    s->noted_end = &e->next;
}

void effects_note(struct service *s, const Baton__Event *event)
{
    const struct schema_field *member;
    if (!s->def->n_effects)
        return;
    const ProtobufCMessage *payload = schema_oneof(&event->base, &member);
    for (size_t i = 0; i < s->def->n_effects; i++)
        if (s->def->effects[i].event == payload->descriptor)
            note(s, &s->def->effects[i], payload);
}

static struct effect *take_noted(struct service *s)
{
    struct effect *e = s->noted;
    if (!e)
        return NULL;
    s->noted = e->next;
    if (!s->noted)
        s->noted_end = &s->noted;
    e->next = s->effects;
    e->before = &s->effects;
    if (e->next)
        e->next->before = &e->next;
    s->effects = e;
    return e;
}

/* Staging may run a turn, and that come here again. */
void effects_begin(struct service *s)
{
    for (struct effect *e; (e = take_noted(s));) {
        if (s->world->ops->outbound(s->world, &e->request))
            continue;
        e->result = (struct outbound_result){.end = OUTBOUND_BUSY, .reason = "too much is under way"};
        stage(e);
    }
}

void effect_run(struct service *s, const struct item *i)
{
    struct effect *e = i->effect;
    e->waits = s->pressure != NULL;
    if (e->waits)
        return;
    Baton__Actor actor = followed_actor(s);
    struct command c = {.request = e->event, .actor = &actor, .prepared = &e->result};
    followed_decide(s, e->row->load, e->row->decide, &c, &(struct origin){0});
    s->status.commands++;
    effect_free(e);
}

/* Staging may run a turn, in which others of them end: begun anew each time. */
void effects_room(struct service *s)
{
    for (struct effect *e = s->effects; e;) {
        bool waited = e->waits;
        e->waits = false;
        if (waited)
            stage(e);
        e = waited ? s->effects : e->next;
    }
}

void effects_leave(struct service *s)
{
    while (s->noted) {
        struct effect *e = s->noted;
        s->noted = e->next;
        arena_free(e->arena);
    }
    for (struct effect *e = s->effects, *next; e; e = next) {
        next = e->next;
        e->service = NULL;
        if (e->ended)
            arena_free(e->arena);
    }
}
