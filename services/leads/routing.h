/* What a routing decision is made on: persons, pools and the policy in force, as arrays, ready to be looked
   at once per lead. state.c keeps it in step with the rows; decisions only read it. */
#ifndef BATON_LEADS_ROUTING_H
#define BATON_LEADS_ROUTING_H

#include "base/ident.h"
#include "base/worktime.h"
#include "schema/decide.h"
#include "services/leads/place.h"
#include "services/leads/rules.h"
#include "services/leads/score.h"
#include "services/leads/share.h"
#include "services/leads/territory.h"
#include "services/leads/traits.h"

struct leads_responses;

enum {
    LEADS_NOBODY = UINT32_MAX,
    LEADS_RESPONSE_MINUTES = 60, /* where the organisation says nothing */
    LEADS_HOLDERS_MAX = 200,     /* a lead that so many have passed on goes round no longer */
    LEADS_LEVELS_MAX = 8,        /* of a deadline */
};

/* Leads somebody may receive in a day, a week and a month; 0: no limit. */
struct leads_limits {
    uint32_t day, week, month;
};

/* What somebody received on a day (since 1970, in their calendar), in its week and its month. */
struct leads_received {
    int32_t on_day;
    uint32_t day, week, month;
};

struct leads_person {
    char id[IDENT_TEXT_SIZE]; /* first: see leads_index */
    bool known, active, stale;
    enum worktime_state state; /* until until_us */
    int64_t until_us;
    uint64_t open;             /* leads held and not finished */
    uint32_t capacity;         /* 0: no limit */
    const char *name;          /* never NULL */
    const char *email, *phone; /* NULL: not known */
    struct worktime *hours;    /* NULL: around the clock */
    bool own_hours, own_zone;  /* they have them of their own */
    bool is_partner;
    struct earth_point at;
    struct leads_words skills, languages, products, territories;
    struct leads_limits most;
    struct leads_received received; /* kept while there is a limit */
    int32_t today;                  /* until tomorrow_us */
    int64_t tomorrow_us;
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
    bool pull;       /* a queue: */
    uint32_t keeper; /* holds what waits in it; LEADS_NOBODY: the last resort */
};

/* What happens when a holder has been silent for that long. */
struct leads_level {
    uint32_t after_minutes;
    Baton__DeadlineAction action;
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
    const struct leads_policy *policy;           /* NULL: none published */
    const struct leads_territories *territories; /* NULL: none */
    const Baton__TerritoryModel *model;          /* whose territories these are; NULL: nobody's */
    const struct leads_places *places;           /* NULL: nothing is known of any */
    const struct score_model *score;             /* NULL: leads get none */
    const struct leads_responses *responses;     /* NULL: there are no templates */
    const char *organisation_name;               /* NULL only while not ready */
    uint32_t response_minutes;
    struct leads_level levels[LEADS_LEVELS_MAX]; /* the organisation's; none: response_minutes */
    size_t n_levels;
    uint32_t last_resort;      /* a person; LEADS_NOBODY only while not ready */
    const char *const *admins; /* active ones, some; known where a rule is skipped that nobody was told of */
    size_t n_admins;
    struct leads_routing *shadow; /* with the shares and the policy in the shadow; NULL: there is none */
};

/* The place of the struct that begins with `id`; UINT32_MAX if there is none (or id is NULL). */
uint32_t leads_index_find(const struct leads_index *x, const void *items, size_t item_size, const char *id);
/* Enters the last of `n` items; the caller keeps n below half of x->size. */
void leads_index_enter(struct leads_index *x, const void *items, size_t item_size, size_t n);

uint32_t leads_person_find(const struct leads_routing *r, const char *user_id);
/* NULL: nobody who is known. */
char *leads_person_name(const struct leads_routing *r, const char *user_id, struct arena *a);
uint32_t leads_pool_find(const struct leads_routing *r, const char *pool_id);

/* A copy whose numbers may be changed by leads_routing_note, the shadow's too; texts, hours and policy are
   shared. */
struct leads_routing *leads_routing_copy(const struct leads_routing *r, struct arena *a);
/* Makes the pools what the event says they became, those of the shadow too. */
void leads_routing_note_shares(struct leads_routing *r, const Baton__LeadAssigned *e);
/* Counts a lead that the person received, where there is a limit. */
void leads_routing_note_received(struct leads_routing *r, const Baton__LeadAssigned *e);
/* The person's count of open leads moves; nobody: nothing. */
void leads_routing_note_open(struct leads_routing *r, const char *user_id, int delta);

/* Who gets the lead, why, until when, and what the pools become. Never NULL: at the end stands the last
   resort. The lead's owner, if any, counts as having had it. */
Baton__LeadAssigned *leads_route(const struct leads_routing *r, const Baton__Lead *lead,
                                 Baton__RouteTrigger trigger, struct stamp *s);
/* What the policy in the shadow says of the lead; `r` is the shadow's routing. */
Baton__ShadowDecision *leads_shadow(const struct leads_routing *r, const Baton__Lead *lead, struct arena *a);
/* The same for a person named by hand. */
Baton__LeadAssigned *leads_give(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                struct stamp *s);
/* The same for the person who had it before it was put to rest. */
Baton__LeadAssigned *leads_give_back(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                     struct stamp *s);
/* The same for a person who takes it from the queue it waits in. */
Baton__LeadAssigned *leads_take(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                struct stamp *s);
/* The rule by which the lead comes to the queue now; NULL: none does. */
const struct leads_rule *leads_queue_rule(const struct leads_routing *r, const Baton__Lead *lead,
                                          const char *queue_id, struct arena *a);

/* Tells the administrators of rules that the decision had to skip, of each once. After `e` is among the
 * events.
 */
void leads_tell_skipped(const struct leads_routing *r, const Baton__LeadAssigned *e, struct stamp *s,
                        struct outcome *out);

/* When the holder is reminded, the manager told, the lead passed on. rule NULL: as the organisation has it.
 */
void leads_add_deadline(Baton__LeadAssigned *e, const struct leads_routing *r,
                        const struct leads_person *owner, const Baton__Lead *lead, const Baton__Rule *rule,
                        struct stamp *s);
size_t leads_levels_read(Baton__DeadlineLevel *const *rows, size_t n,
                         struct leads_level out[LEADS_LEVELS_MAX]);

/* The working time in which a deadline of the lead is counted while that person holds it: the person's own
   hours, time zone and absences; holidays and make-up days of the territory that the lead lies in, or of the
   nearest above it that has some; hours and zone of that one for whoever has none of their own; and for what
   no such territory says, what the person works by anyway: the territory they work in, else the organisation.
   NULL: around the clock. In the arena; lives as long as person and territories. */
const struct worktime *leads_clock(const struct leads_routing *r, const struct leads_person *p,
                                   const Baton__Lead *lead, struct arena *a);
/* `minutes` of that from now. */
int64_t leads_due(const struct worktime *clock, const struct leads_person *p, int64_t now_us,
                  int64_t minutes);

#endif
