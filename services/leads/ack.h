/* What a customer is written when their lead arrives: templates, which of them is taken, and what becomes of
   it.

   A template is text with fields in braces (base/fill.h); decide_ack_fields.c has them all. */
#ifndef BATON_LEADS_ACK_H
#define BATON_LEADS_ACK_H

#include "base/arena.h"
#include "base/fill.h"
#include "base/locale.h"
#include "base/refusal.h"
#include "baton/v1/leads.pb-c.h"
#include "services/leads/traits.h"

struct leads_routing;
struct leads_person;

enum {
    LEADS_TEMPLATES_MAX = 1000,
    LEADS_VALUE_MAX = 80,     /* bytes of a value that a stranger wrote */
    LEADS_RECENT_MAX = 16384, /* addresses that are remembered */
    LEADS_SUBJECT_MAX = 200,  /* bytes of a subject as it is sent */
    LEADS_BODY_MAX = 65536,   /* and of a body, as LeadAcknowledged has it */
};
#define LEADS_RECENT_US (INT64_C(24) * 3600 * 1000000) /* nobody is written to twice within */

/* What fields are filled from. */
struct leads_ack_source {
    const struct leads_routing *r;
    const Baton__Lead *lead;          /* NULL: nothing is known of it */
    const struct leads_person *owner; /* NULL: nobody in person */
    const struct locale_date *date;   /* NULL: no dates */
};

/* Filled from such a source. */
extern const struct fill_fields leads_ack_fields;
/* A person's name as a stranger gave it, fit to be shown; NULL: none. */
const char *leads_ack_person_name(const Baton__Lead *lead, struct arena *a);

struct leads_template {
    const Baton__ResponseTemplate *source;
    const struct fill_text *subject, *body;
    struct leads_words product; /* none: any */
    const char *language;       /* in lower case; NULL: any */
    struct locale_date *date;
};

/* Addresses that were written to of late, by their hash: a ring of the latest, and chains to find one. */
struct leads_recent {
    bool loaded;
    struct leads_recent_slot {
        uint64_t hash;
        int64_t at_us;
        uint32_t next; /* of its chain, counted from 1 */
    } * slots;         /* LEADS_RECENT_MAX */
    uint32_t *chains;  /* the same; where each begins, counted from 1 */
};
/* When that address was last written to; INT64_MIN: not of late. */
int64_t leads_recent_find(const struct leads_recent *recent, uint64_t hash);
void leads_recent_put(struct leads_recent *recent, uint32_t slot, uint64_t hash, int64_t at_us);
/* Of the address as it is compared. */
uint64_t leads_address_hash(const char *email, struct arena *a);

struct leads_responses {
    struct leads_template *templates; /* in the order of their ids */
    size_t n;
    struct leads_recent recent;
};

/* Whether what it says, taken alone, can be saved; `t` is changed to plain lines. */
bool leads_template_check(Baton__ResponseTemplate *t, struct arena *a, struct leads_template *out,
                          struct refusal *no);
/* For matching and filling in; false: one of its texts is refused. `date` is left for the caller to set. */
bool leads_template_compile(const Baton__ResponseTemplate *source, struct arena *a,
                            struct leads_template *out, struct refusal *no);
/* The one for the lead's product and language, else for its product, else for its language, else for any; the
   nearest language, and of equals the first. NULL: none. */
const struct leads_template *leads_template_choose(const struct leads_responses *responses,
                                                   const Baton__Lead *lead, struct arena *a);

/* Why nothing is written to the customer of a lead that has just been handed to somebody; NULL: nothing
   speaks against it. */
const char *leads_ack_obstacle(const struct leads_routing *r, const Baton__Lead *lead, int64_t now_us,
                               struct arena *a);
/* What they are written by that template. */
Baton__LeadAcknowledged *leads_ack_compose(const struct leads_routing *r, const Baton__Lead *lead,
                                           const struct leads_template *t, struct arena *a);

#endif
