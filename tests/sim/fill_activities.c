/* Requests about what is planned with customers, and calls. */
#include "base/civil.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { DATES = 3, REMINDERS = 2, AHEAD_S = 100 };

static char *moment(struct arena *a, int64_t at_s)
{
    char text[CIVIL_SIZE];
    const struct civil c = civil_of_seconds(at_s);
    civil_format(text, &c, false);
    return arena_printf(a, "%sZ", text);
}

/* Soon, up to three more times after that, with up to two reminders. */
static void draw_times(struct sim *sim, Baton__Activity *r, uint64_t *random, struct arena *arena)
{
    static const uint32_t minutes[REMINDERS] = {0, 1};
    const int64_t start_s = world_now(sim->world) / SIM_SECOND + 5 + (int64_t)sim_below(random, AHEAD_S);
    r->start_at = timestamp_of(arena, start_s * SIM_SECOND);
    r->end_at = timestamp_of(arena, (start_s + 5) * SIM_SECOND);
    r->recurrence_dates = ARENA_ARRAY(arena, char *, DATES);
    for (size_t n = sim_below(random, DATES + 1); r->n_recurrence_dates < n;) {
        r->recurrence_dates[r->n_recurrence_dates] =
            moment(arena, start_s + 30 * (int64_t)(r->n_recurrence_dates + 1));
        r->n_recurrence_dates++;
    }
    r->reminder_minutes = arena_copy(arena, minutes, sizeof minutes);
    r->n_reminder_minutes = sim_below(random, REMINDERS + 1);
}

/* Users and contacts. */
static void draw_attendees(struct sim *sim, Baton__Activity *r, uint64_t *random, struct arena *arena)
{
    enum { MOST = 2 };
    r->attendees = ARENA_ARRAY(arena, Baton__Attendee *, MOST);
    while (r->n_attendees < MOST && sim_below(random, 2)) {
        Baton__Attendee *x = r->attendees[r->n_attendees++] = ARENA_NEW(arena, Baton__Attendee);
        baton__attendee__init(x);
        x->contact_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CONTACT, random) : NULL;
        x->user_id = x->contact_id ? NULL : fill_drawn(sim, KNOWN_USER, random);
    }
}

bool fill_activity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Activity r = BATON__ACTIVITY__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    r.has_kind = true;
    r.kind = 1 + (Baton__ActivityKind)sim_below(random, 4);
    r.subject = fill_name(arena, "Activity", sim_below(random, FILL_NAMES));
    r.owner_id = fill_drawn(sim, KNOWN_USER, random);
    r.account_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_ACCOUNT, random) : NULL;
    r.contact_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CONTACT, random) : NULL;
    draw_times(sim, &r, random, arena);
    draw_attendees(sim, &r, random, arena);
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    fill_command(a, "contacts", "RecordService/CreateRecord", &q, arena);
    return true;
}

/* It is done, open again, or at another time. */
bool fill_change_activity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Activity r = BATON__ACTIVITY__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    r.id = fill_drawn(sim, KNOWN_ACTIVITY, random);
    if (!r.id)
        return false;
    if (sim_below(random, 2)) {
        r.has_status = true;
        r.status = 1 + (Baton__ActivityStatus)sim_below(random, 3);
    } else {
        draw_times(sim, &r, random, arena);
    }
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    fill_command(a, "contacts", "RecordService/UpdateRecord", &q, arena);
    return true;
}

bool fill_delete_activity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "contacts", "activity", fill_drawn(sim, KNOWN_ACTIVITY, random), arena);
}

bool fill_call(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__LogCallRequest q = BATON__LOG_CALL_REQUEST__INIT;
    q.request_id = a->id;
    q.number = arena_printf(arena, "+49 30 90182%llu", (unsigned long long)sim_below(random, FILL_NAMES));
    q.has_direction = true;
    q.direction = 1 + (Baton__CallDirection)sim_below(random, 2);
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    fill_command(a, "contacts", "ContactService/LogCall", &q, arena);
    return true;
}
