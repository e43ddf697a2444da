/* What a routing decision is made on: persons, pools and the policy in force, as arrays, ready to be looked
   at once per lead. state.c keeps it in step with the rows; decisions only read it. */
#ifndef BATON_LEADS_ROUTING_H
#define BATON_LEADS_ROUTING_H

#include "base/ident.h"
#include "base/worktime.h"
#include "schema/decide.h"
#include "services/leads/rules.h"
#include "services/leads/share.h"

enum {
    LEADS_NOBODY = UINT32_MAX,
    LEADS_RESPONSE_MINUTES = 60, /* where the organisation says nothing */
    LEADS_HOLDERS_MAX = 200,     /* a lead that so many have passed on goes round no longer */
};

struct leads_person {
    char id[IDENT_TEXT_SIZE]; /* first: see leads_index */
    bool known, active, stale;
    enum worktime_state state; /* until until_us */
    int64_t until_us;
    uint64_t open;          /* leads held and not finished */
    uint32_t capacity;      /* 0: no limit */
    const char *name;       /* never NULL */
    struct worktime *hours; /* NULL: around the clock */
};

struct leads_pool {
    char id[IDENT_TEXT_SIZE]; /* first */
    bool stale;
    const char *name; /* never NULL */
    uint64_t revision;
    struct leads_member *members; /* in the order in which bitmaps count them */
    size_t n_members;
    int64_t virtual_time;
    uint64_t assigned;
};

/* From ids to places (from 1) in an array of structs that begin with their id: open addressing. */
struct leads_index {
    uint32_t *slots;
    size_t size; /* a power of two, or 0 */
};

struct leads_routing {
    bool ready; /* the organisation is known */
    struct leads_person *persons;
    size_t n_persons;
    struct leads_index person_index;
    struct leads_pool *pools;
    size_t n_pools;
    struct leads_index pool_index;
    const struct leads_policy *policy; /* NULL: none published */
    uint32_t response_minutes;
    uint32_t last_resort; /* a person; LEADS_NOBODY only while not ready */
};

/* The place of the struct that begins with `id`; UINT32_MAX if there is none (or id is NULL). */
uint32_t leads_index_find(const struct leads_index *x, const void *items, size_t item_size, const char *id);
/* Enters the last of `n` items; the caller keeps n below half of x->size. */
void leads_index_enter(struct leads_index *x, const void *items, size_t item_size, size_t n);

uint32_t leads_person_find(const struct leads_routing *r, const char *user_id);
uint32_t leads_pool_find(const struct leads_routing *r, const char *pool_id);

/* A copy whose numbers may be changed by leads_routing_note; texts, hours and policy are shared. */
struct leads_routing *leads_routing_copy(const struct leads_routing *r, struct arena *a);
/* Makes the pools what the event says they became. */
void leads_routing_note_shares(struct leads_routing *r, const Baton__LeadAssigned *e);
/* The person's count of open leads moves; nobody: nothing. */
void leads_routing_note_open(struct leads_routing *r, const char *user_id, int delta);

/* Who gets the lead, why, until when, and what the pools become. Never NULL: at the end stands the last
   resort. The lead's owner, if any, counts as having had it. */
Baton__LeadAssigned *leads_route(const struct leads_routing *r, const Baton__Lead *lead,
                                 Baton__RouteTrigger trigger, struct stamp *s);
/* The same for a person named by hand. */
Baton__LeadAssigned *leads_give(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                struct stamp *s);

/* `minutes` of the person's working time from now. */
int64_t leads_due(const struct leads_person *p, int64_t now_us, int64_t minutes);

#endif
