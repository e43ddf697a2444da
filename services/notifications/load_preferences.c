/* How people want to be told, from their rows, and the calendars of their languages and time zones. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/notifications/preferences.h"
#include "services/notifications/rows.h"
#include "services/notifications/words.h"

enum { ZONES_MAX = 700 }; /* more than there are */

/* Made when they are first needed. */
struct calendars {
    struct locale_date *dates[LANGUAGES];
    struct zone {
        char *name;
        struct worktime *clocks;
    } zones[ZONES_MAX];
    size_t n_zones;
};

void *notifications_state_new(void)
{
    struct calendars *c = calloc(1, sizeof *c);
    assert(c);
    return c;
}

void notifications_state_free(void *state)
{
    struct calendars *c = state;
    for (size_t i = 0; i < LANGUAGES; i++)
        locale_date_free(c->dates[i]);
    for (size_t i = 0; i < c->n_zones; i++) {
        free(c->zones[i].name);
        worktime_free(c->zones[i].clocks);
    }
    free(c);
}

/* NULL: there is no such zone. */
static const struct worktime *clocks_of(struct calendars *c, const char *zone)
{
    for (size_t i = 0; i < c->n_zones; i++)
        if (strcmp(c->zones[i].name, zone) == 0)
            return c->zones[i].clocks;
    struct worktime *w = c->n_zones < ZONES_MAX ? worktime_new(zone, NULL, 0, NULL, 0, NULL, 0) : NULL;
    if (w) {
        c->zones[c->n_zones] = (struct zone){.name = strdup(zone), .clocks = w};
        assert(c->zones[c->n_zones].name);
        c->n_zones++;
    }
    return w;
}

static const char *zone_of(const Baton__User *u, const Baton__Organisation *o)
{
    const char *zone = u && u->time_zone ? u->time_zone : o ? o->time_zone : NULL;
    return zone ? zone : "UTC";
}

static void voice_load(struct load *l, const Baton__User *u, const Baton__Organisation *o,
                       struct recipient *r)
{
    struct calendars *c = l->state;
    struct notifications_voice *v = &r->voice;
    v->language = words_language(u && u->locale ? u->locale : o ? o->locale : NULL);
    if (!c->dates[v->language])
        c->dates[v->language] = locale_date_new(words_tag(v->language));
    v->date = c->dates[v->language];
    v->zone = clocks_of(c, r->zone);
}

void notifications_wishes_of(struct load *l, const char *user_id, struct recipient *r)
{
    const Baton__User *u = r->ways.user;
    const Baton__Organisation *o = u ? notifications_organisation(l) : NULL;
    r->zone = zone_of(u, o);
    if (!u)
        return;
    voice_load(l, u, o, r);
    r->preferences = table_get_id(l->txn, NOTIFICATIONS_PREFERENCES, user_id, l->arena);
}

int64_t notifications_held_until(struct load *l, const Baton__ChannelDelivery *d)
{
    if (d->kind != BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION)
        return 0;
    const Baton__NotificationPreferences *p =
        table_get_id(l->txn, NOTIFICATIONS_PREFERENCES, d->user_id, l->arena);
    const Baton__Notification *n =
        p ? table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, d->notification_id, l->arena) : NULL;
    if (!n || n->importance == BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL)
        return 0;
    const Baton__User *u = table_get_id(l->txn, NOTIFICATIONS_USER, d->user_id, l->arena);
    const int64_t until_us = preferences_quiet_until(p, zone_of(u, notifications_organisation(l)), l->now_us);
    return until_us > l->now_us ? until_us : 0;
}

void *notifications_load_digest(struct load *l, const struct command *c)
{
    struct recipient *r = ARENA_NEW(l->arena, struct recipient);
    notifications_recipient(l, ((const Baton__Digest *)c->request)->user_id, r);
    return r;
}

/* Of whoever has none they say nothing. */
static Baton__NotificationPreferences *own_or_none(struct load *l, const char *user_id)
{
    Baton__NotificationPreferences *p = table_get_id(l->txn, NOTIFICATIONS_PREFERENCES, user_id, l->arena);
    if (p)
        return p;
    p = ARENA_NEW(l->arena, Baton__NotificationPreferences);
    baton__notification_preferences__init(p);
    p->user_id = arena_strdup(l->arena, user_id);
    return p;
}

/* Others' preferences are an administrator's to see. */
bool notifications_query_preferences(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                     struct refusal *no)
{
    const Baton__GetPreferencesRequest *q = (const Baton__GetPreferencesRequest *)c->request;
    const char *own = c->actor->user_id, *user_id = q->user_id ? q->user_id : own;
    if (!user_id)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "only a user has preferences");
    if (!actor_is(c->actor, BATON__ROLE__ROLE_ADMIN) && (!own || strcmp(user_id, own) != 0))
        return refuse(no, REFUSAL_PERMISSION_DENIED, "user_id", "these are not your preferences");
    struct recipient to = {0};
    Baton__GetPreferencesResponse *r = ARENA_NEW(l->arena, Baton__GetPreferencesResponse);
    baton__get_preferences_response__init(r);
    notifications_recipient(l, user_id, &to);
    if (!to.ways.user)
        return refuse(no, REFUSAL_NOT_FOUND, "user_id", "there is no such user, or they have left");
    preferences_routes(&(struct preferences_facts){to.preferences, to.ways.user}, r, l->arena);
    r->preferences = own_or_none(l, user_id);
    const int64_t until_us = preferences_quiet_until(to.preferences, to.zone, l->now_us);
    r->quiet_until = until_us > l->now_us ? timestamp_of(l->arena, until_us) : NULL;
    *reply = &r->base;
    return true;
}
