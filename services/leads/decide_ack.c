/* The customer is told at once that the lead has arrived, who will call and until when. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "services/leads/ack.h"
#include "services/leads/leads.h"

/* --- addresses that were written to of late --- */

uint64_t leads_address_hash(const char *email, struct arena *a)
{
    char *texts[] = {(char *)(uintptr_t)email};
    struct leads_words folded = leads_words_fold(texts, 1, a);
    return folded.n ? folded.items[0].hash : 0;
}

int64_t leads_recent_find(const struct leads_recent *recent, uint64_t hash)
{
    int64_t latest = INT64_MIN;
    if (!recent->loaded)
        return latest;
    for (uint32_t at = recent->chains[hash % LEADS_RECENT_MAX]; at; at = recent->slots[at - 1].next)
        if (recent->slots[at - 1].hash == hash && recent->slots[at - 1].at_us > latest)
            latest = recent->slots[at - 1].at_us;
    return latest;
}

/* Out of the chain it stands in; what was never put stands in none. */
static void take_out(struct leads_recent *recent, uint32_t slot)
{
    struct leads_recent_slot *old = &recent->slots[slot];
    uint32_t *at = &recent->chains[old->hash % LEADS_RECENT_MAX];
    while (*at && *at != slot + 1)
        at = &recent->slots[*at - 1].next;
    if (*at)
        *at = old->next;
}

void leads_recent_put(struct leads_recent *recent, uint32_t slot, uint64_t hash, int64_t at_us)
{
    if (!recent->loaded)
        return;
    take_out(recent, slot);
    uint32_t *chain = &recent->chains[hash % LEADS_RECENT_MAX];
    recent->slots[slot] = (struct leads_recent_slot){.hash = hash, .at_us = at_us, .next = *chain};
    *chain = slot + 1;
}

/* --- which template --- */

/* 0 is the nearest; SIZE_MAX: it is not for this language. */
static size_t language_distance(const struct leads_template *t, const char *const *chain, size_t n)
{
    if (!t->language)
        return LOCALE_CHAIN_MAX;
    for (size_t i = 0; i < n; i++)
        if (strcmp(t->language, chain[i]) == 0)
            return i;
    return SIZE_MAX;
}

/* What is asked of a lead only if it makes a difference: both cost some microseconds. */
static bool scripts_matter(const struct leads_responses *responses, const char *tag)
{
    const size_t n = tag ? strcspn(tag, "-") : 0;
    for (size_t i = 0; i < responses->n; i++) {
        const char *language = responses->templates[i].language;
        if (n && language && strncasecmp(language, tag, n) == 0 && language[n] == '-')
            return true;
    }
    return false;
}

static bool products_matter(const struct leads_responses *responses)
{
    for (size_t i = 0; i < responses->n; i++)
        if (responses->templates[i].product.n)
            return true;
    return false;
}

const struct leads_template *leads_template_choose(const struct leads_responses *responses,
                                                   const Baton__Lead *lead, struct arena *a)
{
    const char *chain[LOCALE_CHAIN_MAX];
    const size_t n = locale_chain(lead->language, scripts_matter(responses, lead->language), a, chain);
    const struct leads_words products =
        leads_words_products(products_matter(responses) ? lead->product_interest : NULL, a);
    const struct leads_template *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < responses->n; i++) {
        const struct leads_template *t = &responses->templates[i];
        size_t distance = language_distance(t, chain, n);
        if (distance == SIZE_MAX || (t->product.n && !leads_words_common(&t->product, &products)))
            continue;
        distance += t->product.n ? 0 : LOCALE_CHAIN_MAX + 1;
        if (distance >= least)
            continue;
        least = distance;
        best = t;
    }
    return best;
}

/* --- what is written --- */

/* Whoever keeps it for a queue is not who will call: then it is the organisation that writes. */
static const struct leads_person *caller_of(const struct leads_routing *r, const Baton__Lead *lead)
{
    uint32_t place = lead->queue_id ? LEADS_NOBODY : leads_person_find(r, lead->owner_id);
    return place == LEADS_NOBODY ? NULL : &r->persons[place];
}

static char *subject_of(const struct leads_template *t, const struct leads_ack_source *from, struct arena *a)
{
    char *subject = fill_write(t->subject, from, a);
    subject[text_clip(subject, LEADS_SUBJECT_MAX)] = '\0';
    return subject;
}

Baton__LeadAcknowledged *leads_ack_compose(const struct leads_routing *r, const Baton__Lead *lead,
                                           const struct leads_template *t, struct arena *a)
{
    const struct leads_ack_source from = {.r = r, .lead = lead, .owner = caller_of(r, lead), .date = t->date};
    Baton__LeadAcknowledged *e = ARENA_NEW(a, Baton__LeadAcknowledged);
    baton__lead_acknowledged__init(e);
    e->lead_id = lead->id;
    e->to_email = arena_strdup(a, lead->email);
    e->to_name = arena_strdup(a, leads_ack_person_name(lead, a));
    e->language = arena_strdup(a, t->source->written_in ? t->source->written_in : t->source->language);
    e->subject = subject_of(t, &from, a);
    e->body = fill_write(t->body, &from, a);
    e->body[text_clip(e->body, LEADS_BODY_MAX)] = '\0';
    e->from_name = from.owner ? arena_printf(a, "%s, %s", from.owner->name, r->organisation_name)
                              : arena_strdup(a, r->organisation_name);
    e->template_id = arena_strdup(a, t->source->id);
    e->has_template_revision = true;
    e->template_revision = t->source->revision;
    if (!from.owner)
        return e;
    e->reply_to = arena_strdup(a, from.owner->email);
    e->owner_id = arena_strdup(a, from.owner->id);
    e->response_due_at = lead->response_due_at;
    return e;
}

/* --- whether --- */

const char *leads_ack_obstacle(const struct leads_routing *r, const Baton__Lead *l, int64_t now_us,
                               struct arena *a)
{
    /* 1: only what somebody has now: nothing is answered that was rejected, or merged into another lead */
    if (!leads_is_open(l))
        return arena_printf(a, "the lead is %s", leads_status_text(l));
    /* 2: only where it can arrive */
    if (!l->email || !text_is_email(l->email))
        return "the lead has no e-mail address that could be written to";
    /* 3: only to who has not said that they want no mail */
    if (l->has_opted_out_of_email)
        return "the customer wants no e-mail";
    /* 4: to nobody twice within a day: two machines that answer each other would do so for ever */
    if (r->responses &&
        leads_recent_find(&r->responses->recent, leads_address_hash(l->email, a)) >= now_us - LEADS_RECENT_US)
        return "this address has been written to within the last 24 hours";
    return NULL;
}

void leads_acknowledge(const struct leads_routing *r, Baton__Lead *now, struct stamp *s, struct outcome *out)
{
    if (!r->responses || leads_ack_obstacle(r, now, s->now_us, s->arena))
        return;
    /* 5: only where there is something to write */
    const struct leads_template *t = leads_template_choose(r->responses, now, s->arena);
    if (!t)
        return;
    Baton__LeadAcknowledged *e = leads_ack_compose(r, now, t, s->arena);
    outcome_event(out, e);
    leads_evolve(now, &e->base, s->now_us, s->arena);
}
