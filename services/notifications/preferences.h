/* How users want to be told, as decisions see it. Everything here is a pure function of its arguments; a user
   without preferences is NULL, and told as the program has it. */
#ifndef BATON_NOTIFICATIONS_PREFERENCES_H
#define BATON_NOTIFICATIONS_PREFERENCES_H

#include "base/worktime.h"
#include "services/notifications/notifications.h"

enum { PREFERENCES_DIGEST_MINUTE = 480, PREFERENCES_SNOOZE_DAYS = 366 };

/* The channels, 1 << Channel each, by which such a notification goes to them. */
unsigned preferences_channels(const Baton__NotificationPreferences *p, const Baton__User *u,
                              Baton__NotificationClass class);
/* Those that they have switched off. */
unsigned preferences_unwanted(const Baton__NotificationPreferences *p, Baton__NotificationClass class);
/* Whether a choice of theirs says so. */
bool preferences_choose(const Baton__NotificationPreferences *p, Baton__NotificationClass class);
bool preferences_mute(const Baton__NotificationPreferences *p, const char *record_id);
bool preferences_gather(const Baton__NotificationPreferences *p, Baton__NotificationClass class);
/* When they can be disturbed: `at_us` itself, or later. `zone` is an IANA name. */
int64_t preferences_quiet_until(const Baton__NotificationPreferences *p, const char *zone, int64_t at_us);
/* Their first digest after `at_us`. `zone` NULL: UTC. */
int64_t preferences_digest_us(const Baton__NotificationPreferences *p, const struct worktime *zone,
                              int64_t at_us);

/* What somebody is shown of theirs. */
struct preferences_facts {
    const Baton__NotificationPreferences *preferences;
    const Baton__User *user; /* NULL: unknown, or not active */
};
void preferences_routes(const struct preferences_facts *f, Baton__GetPreferencesResponse *r, struct arena *a);

decide_fn notifications_decide_preferences, notifications_decide_digest;

#endif
