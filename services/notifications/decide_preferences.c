/* What users want of notifications: by which channels, when not, about what not, and what together. */
#include "services/notifications/preferences.h"

#include <string.h>

#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

enum { ROUNDS_MAX = 8, DAY_MINUTES = 1440, WEEK = 7, INTERVALS_MAX = 2 * WEEK };
static const int64_t MINUTE_US = INT64_C(60) * 1000000;

bool preferences_choose(const Baton__NotificationPreferences *p, Baton__NotificationClass class)
{
    for (size_t i = 0; p && i < p->n_choices; i++)
        if (p->choices[i]->class_ == class)
            return true;
    return false;
}

unsigned preferences_unwanted(const Baton__NotificationPreferences *p, Baton__NotificationClass class)
{
    unsigned by = 0;
    for (size_t i = 0; p && i < p->n_choices; i++)
        if (p->choices[i]->class_ == class && !p->choices[i]->on)
            by |= 1U << p->choices[i]->channel;
    return by;
}

unsigned preferences_channels(const Baton__NotificationPreferences *p, const Baton__User *u,
                              Baton__NotificationClass class)
{
    unsigned by = notification_channels(class, u->role);
    for (size_t i = 0; p && i < p->n_choices; i++) {
        const Baton__NotificationChoice *c = p->choices[i];
        if (c->class_ == class)
            by = c->on ? by | 1U << c->channel : by & ~(1U << c->channel);
    }
    return by;
}

bool preferences_mute(const Baton__NotificationPreferences *p, const char *record_id)
{
    for (size_t i = 0; p && record_id && i < p->n_muted_ids; i++)
        if (strcmp(p->muted_ids[i], record_id) == 0)
            return true;
    return false;
}

bool preferences_gather(const Baton__NotificationPreferences *p, Baton__NotificationClass class)
{
    for (size_t i = 0; p && i < p->n_digest_classes; i++)
        if (p->digest_classes[i] == class)
            return true;
    return false;
}

/* --- when --- */

static bool begins_on(const Baton__QuietHours *q, uint32_t weekday)
{
    for (size_t i = 0; i < q->n_weekdays; i++)
        if (q->weekdays[i] == weekday)
            return true;
    return q->n_weekdays == 0;
}

/* Quiet hours as the intervals of a calendar; what goes over midnight is two. */
static size_t intervals_of(const Baton__QuietHours *q, struct worktime_interval *out)
{
    size_t n = 0;
    const int start = (int)q->start_minute, end = (int)q->end_minute;
    for (int day = 1; day <= WEEK; day++) {
        if (!begins_on(q, (uint32_t)day))
            continue;
        out[n++] = (struct worktime_interval){day, start, end > start ? end : DAY_MINUTES};
        if (end <= start && end > 0)
            out[n++] = (struct worktime_interval){day % WEEK + 1, 0, end};
    }
    return n;
}

/* The end of those quiet hours; `at_us`: it is none of them. */
static int64_t hours_until(const Baton__QuietHours *q, const char *zone, int64_t at_us)
{
    struct worktime_interval intervals[INTERVALS_MAX];
    size_t n = intervals_of(q, intervals);
    struct worktime *w = worktime_new(zone, intervals, n, NULL, 0, NULL, 0);
    int64_t until_us = at_us, next_us;
    for (int i = 0; w && i < ROUNDS_MAX && worktime_at(w, until_us, &next_us) == WORKTIME_WORKING; i++)
        until_us = next_us;
    worktime_free(w);
    return until_us;
}

int64_t preferences_quiet_until(const Baton__NotificationPreferences *p, const char *zone, int64_t at_us)
{
    int64_t until_us = at_us;
    if (!p)
        return at_us;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        const int64_t before_us = until_us, snooze_us = timestamp_us(p->snooze_until);
        until_us = snooze_us > until_us ? snooze_us : until_us;
        for (size_t i = 0; i < p->n_quiet_hours; i++)
            until_us = hours_until(p->quiet_hours[i], zone, until_us);
        if (until_us == before_us)
            break;
    }
    return until_us;
}

int64_t preferences_digest_us(const Baton__NotificationPreferences *p, const struct worktime *zone,
                              int64_t at_us)
{
    const int64_t minute = p->has_digest_minute ? p->digest_minute : PREFERENCES_DIGEST_MINUTE;
    const int64_t offset_us = (zone ? worktime_offset(zone, at_us) : 0) * MINUTE_US;
    const int64_t day_us = DAY_MINUTES * MINUTE_US, local_us = at_us + offset_us;
    int64_t next_us = local_us - local_us % day_us + minute * MINUTE_US;
    if (next_us <= local_us)
        next_us += day_us;
    /* clocks may be changed on the way */
    next_us -= offset_us;
    return next_us + offset_us - (zone ? worktime_offset(zone, next_us) : 0) * MINUTE_US;
}

/* --- setting and showing --- */

static bool check_choices(const Baton__NotificationPreferences *p, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < p->n_choices; i++) {
        const Baton__NotificationChoice *c = p->choices[i];
        if (!notification_importance(c->class_))
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT,
                          arena_printf(s->arena, "preferences.choices[%zu].class", i),
                          "there are no such notifications");
        if (!notification_is_way(c->channel))
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT,
                          arena_printf(s->arena, "preferences.choices[%zu].channel", i),
                          "nobody in person is told by it");
    }
    return true;
}

static bool check_digest(const Baton__NotificationPreferences *p, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < p->n_digest_classes; i++)
        if (!notification_importance(p->digest_classes[i]) ||
            p->digest_classes[i] == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DIGEST)
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT,
                          arena_printf(s->arena, "preferences.digest_classes[%zu]", i),
                          "this cannot wait for the digest");
    return true;
}

bool notifications_decide_preferences(const void *facts, const struct command *c, struct stamp *s,
                                      struct outcome *out)
{
    const Baton__SetPreferencesRequest *r = (const Baton__SetPreferencesRequest *)c->request;
    const int64_t most_us = s->now_us + PREFERENCES_SNOOZE_DAYS * DAY_MINUTES * MINUTE_US;
    /* 1: a user says how they themselves are told */
    if (!c->actor->user_id)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "only a user has preferences");
    /* 2: of what there is */
    if (!check_choices(r->preferences, s, out) || !check_digest(r->preferences, s, out))
        return false;
    /* 3: nobody is quiet for ever */
    if (timestamp_us(r->preferences->snooze_until) > most_us)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "preferences.snooze_until",
                      "at most %d days from now", PREFERENCES_SNOOZE_DAYS);
    Baton__PreferencesSet *e = ARENA_NEW(s->arena, Baton__PreferencesSet);
    baton__preferences_set__init(e);
    e->preferences = arena_copy(s->arena, r->preferences, sizeof *r->preferences);
    e->preferences->user_id = arena_strdup(s->arena, c->actor->user_id);
    outcome_event(out, &e->base);
    Baton__SetPreferencesResponse *reply = ARENA_NEW(s->arena, Baton__SetPreferencesResponse);
    baton__set_preferences_response__init(reply);
    reply->preferences = e->preferences;
    out->reply = &reply->base;
    return true;
}

bool notifications_decide_digest(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct recipient *r = facts;
    const Baton__Digest *d = (const Baton__Digest *)c->request;
    Baton__DigestSent *e = ARENA_NEW(s->arena, Baton__DigestSent);
    baton__digest_sent__init(e);
    e->user_id = d->user_id;
    outcome_event(out, &e->base);
    /* 4: what waited is told as one, to whoever works here */
    if (r->ways.user)
        notifications_tell(&(struct told){.class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DIGEST,
                                          .user_id = d->user_id,
                                          .text = words_digest(r->voice.language, d, s->arena)},
                           r, s, out);
    return true;
}

static Baton__NotificationRoute *route_of(const struct preferences_facts *f, Baton__NotificationClass class,
                                          struct arena *a)
{
    Baton__NotificationRoute *r = ARENA_NEW(a, Baton__NotificationRoute);
    const ProtobufCEnumDescriptor *channels = &baton__channel__descriptor;
    unsigned by = f->user ? preferences_channels(f->preferences, f->user, class) : 0;
    baton__notification_route__init(r);
    r->has_class_ = r->has_importance = r->has_in_digest = r->has_chosen = true;
    r->class_ = class;
    r->importance = notification_importance(class);
    r->in_digest = preferences_gather(f->preferences, class);
    r->chosen = preferences_choose(f->preferences, class);
    r->channels = ARENA_ARRAY(a, Baton__Channel, channels->n_values);
    for (unsigned i = 0; i < channels->n_values; i++)
        if (by & 1U << channels->values[i].value)
            r->channels[r->n_channels++] = (Baton__Channel)channels->values[i].value;
    return r;
}

void preferences_routes(const struct preferences_facts *f, Baton__GetPreferencesResponse *r, struct arena *a)
{
    const ProtobufCEnumDescriptor *classes = &baton__notification_class__descriptor;
    r->routes = ARENA_ARRAY(a, Baton__NotificationRoute *, classes->n_values);
    for (unsigned i = 0; i < classes->n_values; i++)
        if (notification_importance((Baton__NotificationClass)classes->values[i].value))
            r->routes[r->n_routes++] = route_of(f, (Baton__NotificationClass)classes->values[i].value, a);
}
