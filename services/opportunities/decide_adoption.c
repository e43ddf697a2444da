/* What users did, as it is counted: by whom, of what, how late after the fact, how complete. */
#include "services/opportunities/adoption.h"

#include <string.h>

#include "base/civil.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "services/opportunities/analysis.h"

enum { WEEK = 7, THURSDAY = 3 /* was the first day of 1970 */, DAY_S = 86400 };

uint64_t adoption_week(const struct civil_zone *zone, int64_t us)
{
    const struct civil c = zone ? civil_from_us(zone, us) : civil_of_seconds(us / 1000000);
    const int64_t seconds = civil_seconds(&c);
    return (uint64_t)((seconds > 0 ? seconds / DAY_S : 0) + THURSDAY) / WEEK;
}

int32_t adoption_first_day(uint64_t week)
{
    return (int32_t)week * WEEK - THURSDAY;
}

void adoption_zoned(struct stamp *s, struct outcome *out)
{
    Baton__AdoptionZoned *e = ARENA_NEW(s->arena, Baton__AdoptionZoned);
    baton__adoption_zoned__init(e);
    outcome_event(out, e);
}

/* What the house asks for, beyond what nothing is made without. */
static const struct {
    const char *type;
    const char *fields[8];
} asked_for[] = {
    {"Opportunity", {"amount", "close_date", "account_id", "next_step", "lead_source", "contact_roles"}},
    {"Account", {"industry", "billing_address", "phone", "website"}},
    {"Contact", {"account_id", "title", "email", "phone"}},
    {"Activity", {"account_id", "contact_id", "description"}},
};

/* 1: of what the house asks nothing of, nothing is complete or not */
void adoption_complete(const ProtobufCMessage *record, uint32_t *asked, uint32_t *filled)
{
    const struct schema_message *type = schema_message(record->descriptor);
    *asked = *filled = 0;
    for (size_t i = 0; i < sizeof asked_for / sizeof *asked_for; i++)
        for (size_t k = 0;
             strcmp(asked_for[i].type, record->descriptor->short_name) == 0 &&
             k < sizeof asked_for[i].fields / sizeof *asked_for[i].fields && asked_for[i].fields[k];
             k++) {
            ++*asked;
            *filled += schema_present(record, schema_field(type, asked_for[i].fields[k]));
        }
}

/* --- a week --- */

static Baton__AdoptionCount *count_of(Baton__AdoptionWeek *w, const char *type, struct arena *a)
{
    for (size_t i = 0; i < w->n_counts; i++)
        if (strcmp(w->counts[i]->type, type) == 0)
            return w->counts[i];
    Baton__AdoptionCount **counts = ARENA_ARRAY(a, Baton__AdoptionCount *, w->n_counts + 1);
    for (size_t i = 0; i < w->n_counts; i++)
        counts[i] = w->counts[i];
    Baton__AdoptionCount *c = counts[w->n_counts++] = ARENA_NEW(a, Baton__AdoptionCount);
    baton__adoption_count__init(c);
    c->type = arena_strdup(a, type);
    c->has_created = c->has_changed = true;
    w->counts = counts;
    return c;
}

static void add_late(Baton__AdoptionWeek *w, const int64_t *more, size_t n, uint64_t hours, struct arena *a)
{
    int64_t *bins = ARENA_ARRAY(a, int64_t, ANALYSIS_BINS);
    for (size_t i = 0; i < ANALYSIS_BINS; i++)
        bins[i] = (i < w->n_late_bins ? w->late_bins[i] : 0) + (i < n ? more[i] : 0);
    w->late_bins = bins;
    w->n_late_bins = n > w->n_late_bins ? n : w->n_late_bins;
    w->has_late_hours = true;
    w->late_hours += hours;
}

void adoption_count(Baton__AdoptionWeek *w, const Baton__ActionNoted *e, struct arena *a)
{
    Baton__AdoptionCount *c = count_of(w, e->type, a);
    c->created += e->created;
    c->changed += !e->created;
    w->has_asked = w->has_filled = w->has_last_us = true;
    w->asked += e->asked;
    w->filled += e->filled;
    w->last_us = e->at_us > w->last_us ? e->at_us : w->last_us;
    if (e->has_late_hours) {
        int64_t one[ANALYSIS_BINS] = {0};
        const unsigned bin = analysis_bin(e->late_hours);
        one[bin] = 1;
        add_late(w, one, bin + 1, e->late_hours, a);
    }
}

void adoption_add(Baton__AdoptionWeek *sum, const Baton__AdoptionWeek *w, struct arena *a)
{
    for (size_t i = 0; i < w->n_counts; i++) {
        Baton__AdoptionCount *c = count_of(sum, w->counts[i]->type, a);
        c->created += w->counts[i]->created;
        c->changed += w->counts[i]->changed;
    }
    sum->asked += w->asked;
    sum->filled += w->filled;
    sum->last_us = w->last_us > sum->last_us ? w->last_us : sum->last_us;
    if (w->n_late_bins <= ANALYSIS_BINS)
        add_late(sum, w->late_bins, w->n_late_bins, w->late_hours, a);
}

/* --- what is done elsewhere --- */

static bool has(const Baton__RecordChanged *change, const char *field)
{
    for (size_t i = 0; i < change->n_fields; i++)
        if (strcmp(change->fields[i], field) == 0)
            return true;
    return false;
}

static bool is_new(const Baton__RecordChanged *change)
{
    return change->kind == BATON__CHANGE_KIND__CHANGE_KIND_CREATED;
}

static int64_t when(const Baton__Activity *act, int64_t otherwise_us)
{
    const Google__Protobuf__Timestamp *t = act->end_at ? act->end_at : act->start_at;
    return t ? timestamp_us(t) : act->done_at ? timestamp_us(act->done_at) : otherwise_us;
}

static bool is_done(const Baton__Activity *act)
{
    return act->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
}

static Baton__ActionNoted *action(const struct command *c, const char *type, bool created, struct stamp *s)
{
    Baton__ActionNoted *e = ARENA_NEW(s->arena, Baton__ActionNoted);
    baton__action_noted__init(e);
    e->user_id = c->by->user_id;
    e->type = (char *)(uintptr_t)type;
    e->has_created = e->has_at_us = true;
    e->created = created;
    e->at_us = c->by_us;
    return e;
}

static bool by_user(const struct command *c)
{
    return c->by && c->by->user_id && *c->by->user_id && !actor_is(c->by, BATON__ROLE__ROLE_SYSTEM);
}

/* 2: what was done says how late it was entered, once */
static void say_late(Baton__ActionNoted *e, const struct command *c)
{
    const Baton__Activity *act = (const Baton__Activity *)c->request;
    if (c->request->descriptor != &baton__activity__descriptor || !is_done(act) ||
        !(is_new(c->change) || has(c->change, "status")))
        return;
    e->has_late_hours = true;
    e->late_hours = analysis_hours(c->by_us - when(act, c->by_us));
}

bool adoption_decide_action(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct schema_field *member;
    (void)facts; /* none */
    /* 3: what nobody did, what is gone and what came from a list is no action */
    if (!by_user(c) || c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED ||
        has(c->change, "import_id"))
        return true;
    (void)schema_oneof(&c->change->record->base, &member);
    Baton__ActionNoted *e = action(c, member->pb->name, is_new(c->change), s);
    e->has_asked = e->has_filled = true;
    adoption_complete(c->request, &e->asked, &e->filled);
    say_late(e, c);
    outcome_event(out, e);
    return true;
}

static const char *kind_of(const Baton__Activity *act)
{
    static const char *const kinds[] = {[BATON__ACTIVITY_KIND__ACTIVITY_KIND_TASK] = "task",
                                        [BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL] = "call",
                                        [BATON__ACTIVITY_KIND__ACTIVITY_KIND_EMAIL] = "email",
                                        [BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING] = "meeting"};
    const char *kind = act->kind < sizeof kinds / sizeof *kinds ? kinds[act->kind] : NULL;
    return kind ? kind : "";
}

bool adoption_decide_activity(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const Baton__Activity *act = (const Baton__Activity *)c->request;
    const bool gone = c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    (void)facts; /* none */
    /* 4: an activity counts while it is done, wherever it is moved to */
    if (!is_done(act) && (is_new(c->change) || (!gone && !has(c->change, "status"))))
        return true;
    Baton__ActivityCounted *e = ARENA_NEW(s->arena, Baton__ActivityCounted);
    baton__activity_counted__init(e);
    e->activity_id = act->id;
    e->owner_id = act->owner_id;
    e->kind = (char *)(uintptr_t)kind_of(act);
    e->has_at_us = is_done(act) && !gone;
    e->at_us = e->has_at_us ? when(act, c->by_us) : 0;
    outcome_event(out, e);
    return true;
}

/* --- leads --- */

/* 5: of a lead counts who was given it, who accepted it, and of whom it became an opportunity */
static void count_lead(const struct command *c, Baton__LeadStep step, const char *lead_id,
                       const char *owner_id, const char *source, struct stamp *s, struct outcome *out)
{
    if (!owner_id || !*owner_id)
        return;
    Baton__LeadCounted *e = ARENA_NEW(s->arena, Baton__LeadCounted);
    baton__lead_counted__init(e);
    e->lead_id = (char *)(uintptr_t)lead_id;
    e->owner_id = (char *)(uintptr_t)owner_id;
    e->has_step = e->has_at_us = true;
    e->step = step;
    e->source = (char *)(uintptr_t)source;
    e->at_us = c->by_us;
    outcome_event(out, e);
}

static void note_lead(const struct command *c, struct stamp *s, struct outcome *out)
{
    if (by_user(c))
        outcome_event(out, action(c, "lead", false, s));
}

bool adoption_decide_received(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const Baton__LeadAssigned *e = (const Baton__LeadAssigned *)c->request;
    (void)facts; /* none */
    count_lead(c, BATON__LEAD_STEP__LEAD_STEP_RECEIVED, e->lead_id, e->owner_id, e->lead_source, s, out);
    return true;
}

bool adoption_decide_accepted(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const Baton__LeadAccepted *e = (const Baton__LeadAccepted *)c->request;
    (void)facts; /* none */
    count_lead(c, BATON__LEAD_STEP__LEAD_STEP_ACCEPTED, e->lead_id, e->owner_id, NULL, s, out);
    note_lead(c, s, out);
    return true;
}

bool adoption_decide_lead_converted(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    (void)facts; /* none */
    count_lead(c, BATON__LEAD_STEP__LEAD_STEP_CONVERTED, e->lead_id, e->lead ? e->lead->owner_id : NULL,
               e->lead ? e->lead->lead_source : NULL, s, out);
    note_lead(c, s, out);
    return true;
}
