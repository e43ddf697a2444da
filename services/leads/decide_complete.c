/* How much is known of a lead of what a sales call needs. */
#include <string.h>

#include "services/leads/leads.h"

enum { NAMES_MAX = 2 };

/* Any of the names will do; the first is the one to ask for. The weights make 100 together. */
static const struct need {
    const char *names[NAMES_MAX];
    unsigned weight;
} needs[] = {
    {{"email"}, 20},
    {{"phone", "mobile_phone"}, 20},
    {{"last_name"}, 12},
    {{"company"}, 10},
    {{"product_interest"}, 10},
    {{"address.country"}, 8},
    {{"message"}, 6},
    {{"title"}, 5},
    {{"industry"}, 3},
    {{"address.city"}, 3},
    {{"number_of_employees"}, 3},
};
enum { NEEDS = sizeof needs / sizeof *needs };

static bool is_known(const Baton__Lead *l, const char *name)
{
    const char *dot = strchr(name, '.');
    const ProtobufCMessage *m = dot ? (l->address ? &l->address->base : NULL) : &l->base;
    return m && schema_present(m, schema_field(schema_message(m->descriptor), dot ? dot + 1 : name));
}

static bool is_met(const Baton__Lead *l, const struct need *n)
{
    for (size_t i = 0; i < NAMES_MAX && n->names[i]; i++)
        if (is_known(l, n->names[i]))
            return true;
    return false;
}

void leads_complete(Baton__Lead *l)
{
    l->has_completeness = true;
    l->completeness = 0;
    for (size_t i = 0; i < NEEDS; i++)
        if (is_met(l, &needs[i]))
            l->completeness += needs[i].weight;
}

void leads_say_missing(Baton__Lead *l, struct arena *a)
{
    l->missing = ARENA_ARRAY(a, char *, NEEDS);
    l->n_missing = 0;
    for (size_t i = 0; i < NEEDS; i++)
        if (!is_met(l, &needs[i]))
            l->missing[l->n_missing++] = (char *)(uintptr_t)needs[i].names[0];
}
