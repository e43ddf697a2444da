/* Who enters what, by weeks: rows of weeks, of whom the asker may see. */
#include "base/civil.h"
#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"

enum { USERS_MAX = 1000, WEEKS_USUAL = 4, DAYS = 7, WHOLE = 1000 };
static const int64_t DAY_US = INT64_C(86400000000);

struct span {
    struct load *l;
    uint64_t first, last; /* weeks */
};

static Baton__AdoptionSpan *say_week(const struct span *s, uint64_t week)
{
    Baton__AdoptionSpan *out = ARENA_NEW(s->l->arena, Baton__AdoptionSpan);
    baton__adoption_span__init(out);
    out->first_day = forecast_day_text(adoption_first_day(week), s->l->arena);
    out->has_created = out->has_changed = true;
    return out;
}

static void count(const Baton__AdoptionWeek *w, uint64_t *created, uint64_t *changed)
{
    for (size_t i = 0; i < w->n_counts; i++) {
        *created += w->counts[i]->created;
        *changed += w->counts[i]->changed;
    }
}

/* Of the weeks asked for; and the last sign of life within a year. */
static void add_weeks(const struct span *s, Baton__AdoptionUser *u, Baton__AdoptionWeek *sum)
{
    const uint64_t year = s->last >= ADOPTION_WEEKS ? s->last - ADOPTION_WEEKS + 1 : 0;
    struct table_scan scan;
    struct key prefix = key_of(u->user_id), from = prefix;
    const Baton__AdoptionWeek *w;
    key_u64(&from, year);
    if (!table_scan_under(&scan, s->l->txn, OPPORTUNITIES_WEEK, &prefix, &from, NULL, false))
        return;
    /* where it is Monday already, there is one more than the asker has */
    while ((w = table_scan_next(&scan, s->l->arena))) {
        sum->last_us = w->last_us > sum->last_us ? w->last_us : sum->last_us;
        if (w->week < s->first || w->week > s->last)
            continue;
        Baton__AdoptionSpan *span = u->weeks[w->week - s->first];
        adoption_add(sum, w, s->l->arena);
        count(w, &span->created, &span->changed);
    }
    table_scan_close(&scan);
}

static void say_sums(const struct span *s, Baton__AdoptionUser *u, const Baton__AdoptionWeek *sum)
{
    int64_t n;
    u->has_created = u->has_changed = u->has_entered_after = true;
    count(sum, &u->created, &u->changed);
    u->counts = sum->counts;
    u->n_counts = sum->n_counts;
    u->median_late_hours = analysis_median(sum->late_bins, sum->n_late_bins, &n);
    u->entered_after = (uint64_t)n;
    u->has_median_late_hours = u->has_mean_late_hours = n > 0;
    u->mean_late_hours = n > 0 ? sum->late_hours / (uint64_t)n : 0;
    u->has_complete_permille = sum->asked > 0;
    u->complete_permille = sum->asked ? (uint32_t)(sum->filled * WHOLE / sum->asked) : 0;
    u->has_idle_days = sum->last_us > 0;
    if (!u->has_idle_days)
        return;
    u->last_at = timestamp_of(s->l->arena, sum->last_us);
    u->idle_days = s->l->now_us > sum->last_us ? (uint32_t)((s->l->now_us - sum->last_us) / DAY_US) : 0;
}

static Baton__AdoptionUser *say_user(const struct span *s, const char *id)
{
    const Baton__User *user = table_get_id(s->l->txn, OPPORTUNITIES_USER, id, s->l->arena);
    const size_t n = (size_t)(s->last - s->first + 1);
    Baton__AdoptionWeek sum = BATON__ADOPTION_WEEK__INIT;
    if (!user || user->status == BATON__USER_STATUS__USER_STATUS_INACTIVE)
        return NULL;
    Baton__AdoptionUser *u = ARENA_NEW(s->l->arena, Baton__AdoptionUser);
    baton__adoption_user__init(u);
    u->user_id = user->id;
    u->name = user->name;
    u->weeks = ARENA_ARRAY(s->l->arena, Baton__AdoptionSpan *, n);
    for (; u->n_weeks < n; u->n_weeks++)
        u->weeks[u->n_weeks] = say_week(s, s->first + u->n_weeks);
    add_weeks(s, u, &sum);
    say_sums(s, u, &sum);
    return u;
}

bool opportunities_query_adoption(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    const Baton__GetAdoptionRequest *q = (const Baton__GetAdoptionRequest *)c->request;
    const struct forecast_words words = {NULL, q->user_id, NULL, NULL, NULL};
    const uint64_t weeks = q->weeks ? q->weeks : WEEKS_USUAL;
    struct civil_zone *zone = opportunities_user_zone(l, c->actor->user_id);
    struct span s = {.l = l, .last = adoption_week(zone, l->now_us)};
    struct forecast_ask ask;
    Baton__GetAdoptionResponse *out = ARENA_NEW(l->arena, Baton__GetAdoptionResponse);
    baton__get_adoption_response__init(out);
    civil_zone_free(zone);
    if (!opportunities_ask(l, c->actor, &words, &ask, no))
        return false;
    s.first = s.last >= weeks ? s.last - weeks + 1 : 0;
    out->first_day = forecast_day_text(adoption_first_day(s.first), l->arena);
    out->last_day = forecast_day_text(adoption_first_day(s.last) + DAYS - 1, l->arena);
    out->users = ARENA_ARRAY(l->arena, Baton__AdoptionUser *, USERS_MAX);
    out->has_users_left_out = true;
    for (size_t i = 0; i < ask.tree->n_people; i++) {
        if (ask.top != FORECAST_NOBODY && forecast_tree_part(ask.tree, (int32_t)i, ask.top) < 0)
            continue;
        Baton__AdoptionUser *u = out->n_users < USERS_MAX ? say_user(&s, ask.tree->people[i].id) : NULL;
        if (u)
            out->users[out->n_users++] = u;
        else
            out->users_left_out += out->n_users == USERS_MAX;
    }
    *reply = &out->base;
    return true;
}
