/* Requests about who is told, how and when: preferences, followers, announcements. */
#include "baton/v1/notifications.pb-c.h"
#include "sim/fill.h"

enum { DAY_MINUTES = 1440, SOON_MINUTES = 4, QUIET_MINUTES = 3 };

/* They begin or end about now. */
static Baton__QuietHours *quiet_hours(struct sim *sim, uint64_t *random, struct arena *arena)
{
    const int64_t minute = world_now(sim->world) / 60 / SIM_SECOND % DAY_MINUTES;
    Baton__QuietHours *q = ARENA_NEW(arena, Baton__QuietHours);
    baton__quiet_hours__init(q);
    q->has_start_minute = q->has_end_minute = true;
    q->start_minute =
        (uint32_t)(minute + DAY_MINUTES - 1 + (int64_t)sim_below(random, SOON_MINUTES)) % DAY_MINUTES;
    q->end_minute = (q->start_minute + 1 + (uint32_t)sim_below(random, QUIET_MINUTES)) % DAY_MINUTES;
    return q;
}

static Baton__NotificationChoice *choice(uint64_t *random, struct arena *arena)
{
    Baton__NotificationChoice *c = ARENA_NEW(arena, Baton__NotificationChoice);
    baton__notification_choice__init(c);
    c->has_class_ = c->has_channel = c->has_on = true;
    c->class_ = sim_below(random, 2) ? BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_HEADS_UP
                                     : BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED;
    c->channel = BATON__CHANNEL__CHANNEL_MAIL;
    c->on = sim_below(random, 3) != 0;
    return c;
}

bool fill_preferences(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static Baton__NotificationClass classes[] = {BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_MERGED,
                                                 BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR,
                                                 BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED};
    Baton__SetPreferencesRequest q = BATON__SET_PREFERENCES_REQUEST__INIT;
    Baton__NotificationPreferences *p = ARENA_NEW(arena, Baton__NotificationPreferences);
    const char *lead_id = known_draw(sim, KNOWN_LEAD, random, NULL);
    baton__notification_preferences__init(p);
    q.request_id = a->id;
    q.preferences = p;
    p->quiet_hours = ARENA_ARRAY(arena, Baton__QuietHours *, 1);
    p->n_quiet_hours = sim_below(random, 3) != 0;
    p->quiet_hours[0] = quiet_hours(sim, random, arena);
    p->choices = ARENA_ARRAY(arena, Baton__NotificationChoice *, 1);
    p->n_choices = sim_below(random, 2);
    p->choices[0] = choice(random, arena);
    p->muted_ids = arena_copy(arena, &lead_id, sizeof lead_id);
    p->n_muted_ids = lead_id && sim_below(random, 2);
    p->digest_classes = classes;
    p->n_digest_classes = sim_below(random, 2) ? sim_below(random, sizeof classes / sizeof *classes + 1) : 0;
    p->has_digest_minute = true;
    p->digest_minute = (uint32_t)(world_now(sim->world) / 60 / SIM_SECOND + 2) % DAY_MINUTES;
    if (sim_below(random, 4) == 0)
        p->snooze_until =
            timestamp_of(arena, world_now(sim->world) + (int64_t)sim_below(random, 200) * SIM_SECOND);
    a->actor.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    fill_command(a, "notifications", "NotificationService/SetPreferences", &q, arena);
    return a->actor.user_id != NULL;
}

bool fill_follow(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__FollowLeadRequest q = BATON__FOLLOW_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    a->actor.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/FollowLead", &q, arena);
    return q.id && a->actor.user_id;
}

bool fill_unfollow(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UnfollowLeadRequest q = BATON__UNFOLLOW_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    a->actor.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/UnfollowLead", &q, arena);
    return q.id && a->actor.user_id;
}

bool fill_announce(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AnnounceRequest q = BATON__ANNOUNCE_REQUEST__INIT;
    q.request_id = a->id;
    q.title = fill_name(arena, "Meeting", sim_below(random, FILL_NAMES));
    q.text = (char *)"In the large room.";
    q.has_importance = true;
    q.importance = sim_below(random, 2) ? BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL
                                        : BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_NORMAL;
    fill_command(a, "notifications", "NotificationService/Announce", &q, arena);
    return true;
}
