/* How this service is, by its own account. */
#include "bus/status.h"
#include "service/internal.h"

static Baton__FollowStatus *follow_status(const struct service *s, const struct follow *f, struct arena *a)
{
    Baton__FollowStatus *st = status_follow(f, a);
    st->rejoin_to_seq = rejoin_target(s, f);
    st->has_rejoin_to_seq = st->rejoin_to_seq != 0;
    return st;
}

/* Still to be waited for. One that stands still until somebody mends it is not, nor is one that is being
   mended: all else goes on meanwhile. */
static bool is_behind(const struct service *s, const struct follow *f)
{
    return !follow_caught_up(f) && !follow_lost(f) && !rejoin_target(s, f);
}

static char *state_text(const struct service *s, struct arena *a)
{
    if (s->pressure)
        return arena_printf(a, "read-only: %s", s->pressure);
    for (size_t i = 0; i < s->n_follows; i++)
        if (is_behind(s, s->follows[i]))
            return arena_strdup(a, "starting");
    return arena_strdup(a, "ready");
}

bool status_query(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    struct service *s = l->service;
    Baton__GetStatusResponse *out = ARENA_NEW(l->arena, Baton__GetStatusResponse);
    Baton__ServiceStatus *st = ARENA_NEW(l->arena, Baton__ServiceStatus);
    baton__get_status_response__init(out);
    *st = s->status; /* the counters */
    st->name = arena_strdup(l->arena, s->def->name);
    st->version = arena_strdup(l->arena, BATON_VERSION);
    st->state = state_text(s, l->arena);
    st->has_head_seq = st->has_resident_bytes = st->has_store_bytes = st->has_commands = st->has_queries =
        st->has_refusals = st->has_commits = st->has_commit_us = st->has_followers = st->has_started_us =
            true;
    st->head_seq = log_head(s->store).seq;
    st->resident_bytes = status_resident_bytes();
    st->store_bytes = store_bytes(s->store);
    st->followers = s->n_followers;
    st->started_us = s->started_us;
    st->follows = ARENA_ARRAY(l->arena, Baton__FollowStatus *, s->n_follows);
    for (size_t i = 0; i < s->n_follows; i++)
        st->follows[st->n_follows++] = follow_status(s, s->follows[i], l->arena);
    out->status = st;
    *reply = &out->base;
    return true;
}
