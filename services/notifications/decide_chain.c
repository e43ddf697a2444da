/* Chains: what is done while somebody does not look, what ends that, and how administrators set it. */
#include "services/notifications/chain.h"

#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "services/notifications/preferences.h"

#define SECONDS(n)  ((int64_t)(n)*1000000)
#define BY(channel) (1U << (channel))

/* --- what a chain is --- */

static struct chain_step step_of(const Baton__ChainStep *row)
{
    struct chain_step step = {
        .after_us = SECONDS(row->after_s), .in_working_hours = row->in_working_hours, .unseen = row->unseen};
    for (size_t i = 0; i < row->n_channels; i++)
        step.by |= BY(row->channels[i]);
    return step;
}

static struct chain said(const Baton__NotificationChain *row, unsigned unwanted)
{
    struct chain c = {.repeat_us = SECONDS(row->repeat_after_s), .repeats = row->repeats};
    for (; c.n < row->n_steps && c.n < CHAIN_STEPS_MAX; c.n++) {
        c.steps[c.n] = step_of(row->steps[c.n]);
        c.steps[c.n].by &= ~unwanted;
    }
    return c;
}

/* 11: what is critical repeats until it is acknowledged */
static struct chain usual(const Baton__Notification *n, const struct recipient *r)
{
    unsigned by = r->ways.user ? preferences_channels(r->preferences, r->ways.user, n->class_) : 0;
    struct chain c = chain_usual(n->class_, by);
    if (n->importance == BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL) {
        c.repeat_us = SECONDS(CRITICAL_REPEAT_S);
        c.repeats = CRITICAL_REPEATS;
    }
    return c;
}

struct chain chain_of(const Baton__Notification *n, const struct recipient *r)
{
    for (size_t i = 0; r->chains && i < r->chains->n; i++)
        if (r->chains->all[i]->class_ == n->class_)
            return said(r->chains->all[i], preferences_unwanted(r->preferences, n->class_));
    return usual(n, r);
}

static unsigned by_all(const struct chain *c)
{
    unsigned by = 0;
    for (size_t i = 0; i < c->n; i++)
        by |= c->steps[i].by;
    return by;
}

/* When step `k` comes at the earliest, where the one before it comes now; 0: there is none. */
static int64_t step_due(const struct chain *c, size_t k, int64_t created_us, int64_t now_us)
{
    if (k < c->n)
        return created_us + c->steps[k].after_us;
    return k < c->n + c->repeats ? now_us + c->repeat_us : 0;
}

unsigned chain_begin(const struct recipient *r, Baton__Notification *n, int64_t now_us)
{
    const struct chain c = chain_of(n, r);
    unsigned by = 0;
    size_t k = 0;
    for (; k < c.n && !c.steps[k].after_us && !c.steps[k].unseen; k++)
        by |= c.steps[k].by;
    n->has_chain_step = true;
    n->chain_step = (uint32_t)k;
    n->chain_due_us = step_due(&c, k, now_us, now_us);
    n->has_chain_due_us = n->chain_due_us != 0;
    n->has_must_acknowledge = n->must_acknowledge = c.repeats != 0;
    return by;
}

/* --- its time has come --- */

/* The caller adds what else there is to be said. */
static Baton__NotificationChainMoved *moved(const Baton__Notification *n, size_t step, int64_t due_us,
                                            struct outcome *out)
{
    Baton__NotificationChainMoved *e = ARENA_NEW(out->arena, Baton__NotificationChainMoved);
    baton__notification_chain_moved__init(e);
    e->notification_id = n->id;
    e->user_id = n->user_id;
    e->has_step = true;
    e->step = (uint32_t)step;
    e->has_due_us = due_us != 0;
    e->due_us = due_us;
    outcome_event(out, &e->base);
    return e;
}

static void unseen(const Baton__Notification *n, struct outcome *out)
{
    Baton__NotificationUnseen *e = ARENA_NEW(out->arena, Baton__NotificationUnseen);
    baton__notification_unseen__init(e);
    e->notification_id = n->id;
    e->user_id = n->user_id;
    e->has_class_ = true;
    e->class_ = n->class_;
    e->lead_id = n->lead_id;
    e->has_lead_decision = n->has_lead_decision;
    e->lead_decision = n->lead_decision;
    outcome_event(out, &e->base);
}

/* Why nothing is done any more; NULL: it goes on. */
static const char *why_over(const Baton__Notification *n, const struct chain *c, const struct chain_facts *f,
                            int64_t now_us)
{
    /* 1: who left looks at nothing */
    if (!f->to.ways.user)
        return "whoever was told does not work here any more";
    /* 2: what it reminds of has its own end */
    if (n->response_due_at && timestamp_us(n->response_due_at) <= now_us)
        return "its time is over";
    /* 3: the chain has become shorter */
    return n->chain_step >= c->n + c->repeats ? "its chain ends before that" : NULL;
}

bool notifications_decide_chain_due(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const struct chain_facts *f = facts;
    const Baton__Notification *n = (const Baton__Notification *)c->request;
    const struct chain chain = chain_of(n, &f->to);
    const char *over = why_over(n, &chain, f, s->now_us);
    size_t k = n->chain_step;
    if (over) {
        moved(n, k, 0, out)->reason = arena_strdup(s->arena, over);
        return true;
    }
    /* 4: not before its time, which may be that of working hours */
    const struct chain_step *step = k < chain.n ? &chain.steps[k] : NULL;
    if (f->working_due_us > s->now_us) {
        (void)moved(n, k, f->working_due_us, out); /* nothing else is to be said of it */
        return true;
    }
    /* 5: the next one is later than now: a timer has to move on */
    int64_t next_us = step_due(&chain, k + 1, timestamp_us(n->created_at), s->now_us);
    if (next_us && next_us <= s->now_us)
        next_us = s->now_us + 1;
    Baton__NotificationChainMoved *e = moved(n, k + 1, next_us, out);
    /* 6: who has seen it and is to acknowledge it has not missed it */
    if (step && step->unseen && !n->seen_at)
        unseen(n, out);
    /* 7: the step's channels; of a repetition all there are, and the devices */
    notifications_send(n, step ? step->by : by_all(&chain), &f->to, s, out);
    e->rings = step ? NULL : (Baton__Notification *)(uintptr_t)n;
    return true;
}

/* --- who acts has looked --- */

static const struct act {
    const ProtobufCMessageDescriptor *event;
    const char *reason;
} acts[] = {
    {&baton__lead_assigned__descriptor, "the lead was handed on"},
    {&baton__lead_accepted__descriptor, "the lead was accepted"},
    {&baton__lead_declined__descriptor, "the lead was declined"},
    {&baton__lead_paused__descriptor, "the lead was paused"},
    {&baton__lead_recycled__descriptor, "the lead was put to rest"},
    {&baton__lead_converted__descriptor, "the lead was converted"},
    {&baton__lead_closed__descriptor, "the lead was closed"},
    {&baton__leads_merged__descriptor, "the lead was merged into another"},
};

static char *reason_of(const ProtobufCMessageDescriptor *event, struct arena *a)
{
    size_t i = 0;
    while (acts[i].event != event)
        i++;
    return arena_strdup(a, acts[i].reason);
}

static bool is_first_of_user(const struct notifications_open *f, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(f->rows[i]->user_id, f->rows[at]->user_id) == 0)
            return false;
    return true;
}

static void all_seen(const struct notifications_open *f, char *user_id, char *reason, struct stamp *s,
                     struct outcome *out)
{
    Baton__NotificationsSeen *e = ARENA_NEW(out->arena, Baton__NotificationsSeen);
    baton__notifications_seen__init(e);
    e->user_id = user_id;
    e->reason = reason;
    e->notification_ids = ARENA_ARRAY(out->arena, char *, f->n);
    for (size_t i = 0; i < f->n; i++)
        if (!f->rows[i]->seen_at && strcmp(f->rows[i]->user_id, user_id) == 0)
            e->notification_ids[e->n_notification_ids++] = f->rows[i]->id;
    if (e->n_notification_ids)
        outcome_event(out, &e->base);
    delivery_clear_seen(&f->devices, f->rows, f->n, e, s, out);
}

static void all_acknowledged(const struct notifications_open *f, char *user_id, char *reason,
                             struct outcome *out)
{
    Baton__NotificationsAcknowledged *e = ARENA_NEW(out->arena, Baton__NotificationsAcknowledged);
    baton__notifications_acknowledged__init(e);
    e->user_id = user_id;
    e->reason = reason;
    e->notification_ids = ARENA_ARRAY(out->arena, char *, f->n);
    for (size_t i = 0; i < f->n; i++)
        if (f->rows[i]->must_acknowledge && strcmp(f->rows[i]->user_id, user_id) == 0)
            e->notification_ids[e->n_notification_ids++] = f->rows[i]->id;
    if (e->n_notification_ids)
        outcome_event(out, &e->base);
}

bool notifications_decide_acted(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const struct notifications_open *f = facts;
    char *reason = reason_of(c->request->descriptor, s->arena);
    /* 8: whoever was asked to look at the lead need not any more; to have acted is to have acknowledged */
    for (size_t i = 0; i < f->n; i++)
        if (is_first_of_user(f, i)) {
            all_seen(f, f->rows[i]->user_id, reason, s, out);
            all_acknowledged(f, f->rows[i]->user_id, reason, out);
        }
    return true;
}

/* --- the record --- */

static bool refuse_steps(struct outcome *out, const char *why)
{
    return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "steps", "%s", why);
}

static bool goes_to_users(const Baton__ChainStep *step)
{
    for (size_t i = 0; i < step->n_channels; i++)
        if (step->channels[i] == BATON__CHANNEL__CHANNEL_UNSPECIFIED ||
            step->channels[i] == BATON__CHANNEL__CHANNEL_WEBHOOK)
            return false;
    return true;
}

static bool check_steps(const Baton__NotificationChain *r, struct outcome *out)
{
    for (size_t i = 0; i < r->n_steps; i++) {
        const Baton__ChainStep *step = r->steps[i];
        if (i && step->after_s <= r->steps[i - 1]->after_s)
            return refuse_steps(out, "each step comes later than the one before: after_s has to grow");
        if (!goes_to_users(step))
            return refuse_steps(out, "a step's channels are ways to a user; endpoints are told of events");
        if (step->unseen && (i + 1 < r->n_steps || !step->after_s))
            return refuse_steps(out, "what counts as unseen is the last step, and leaves time to look");
    }
    return true;
}

bool notifications_check_chain(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                               struct stamp *s, struct outcome *out)
{
    const Baton__NotificationChain *r = (const Baton__NotificationChain *)after;
    if (!r)
        return true;
    /* 9: repeating has a number and a time */
    if (r->has_repeats != r->has_repeat_after_s)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, r->has_repeats ? "repeat_after_s" : "repeats",
                      "what repeats says after how many seconds, and how often at most");
    /* 10: in the order of their times */
    return check_steps(r, out);
}
