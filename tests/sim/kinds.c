/* What clients ask for: one row a kind; and what there is before anything goes wrong. */
#include <stdio.h>

#include "sim/fill.h"

enum { REPS = 5 };

void fill_command(struct ask *a, const char *service, const char *method, const void *request,
                  struct arena *arena)
{
    a->service = service;
    a->method = method;
    a->body = schema_pack(request, arena);
}

void fill_query(struct ask *a, const char *service, const char *method, const void *request,
                struct arena *arena)
{
    a->id[0] = 0;
    fill_command(a, service, method, request, arena);
}

char *fill_name(struct arena *a, const char *what, uint64_t n)
{
    return arena_printf(a, "%s %llu", what, (unsigned long long)n);
}

char *fill_email(struct arena *a, const char *what, uint64_t n)
{
    return arena_printf(a, "%s%016llx@b.example", what, (unsigned long long)n);
}

/* --- the table --- */

static const struct ask_kind kinds[] = {
    {"capture", 30, fill_capture},
    {"capture the same again", 4, fill_capture_same_key},
    {"capture one that is large", 2, fill_capture_big},
    {"capture one that nobody can be reached by", 2, fill_capture_unreachable},
    {"submit a form", 3, fill_form},
    {"accept", 8, fill_accept},
    {"decline", 6, fill_decline},
    {"assign", 4, fill_assign},
    {"convert", 8, fill_convert},
    {"try what one may not", 3, fill_forbidden},
    {"get a lead", 6, fill_get_lead},
    {"get custody", 2, fill_custody},
    {"create a user", 2, fill_create_user},
    {"update a user", 3, fill_update_user},
    {"a user leaves", 2, fill_user_leaves},
    {"create a pool", 1, fill_create_pool},
    {"publish a policy", 1, fill_policy},
    {"update the organisation", 1, fill_organisation},
    {"create an account", 3, fill_create_account},
    {"update an account", 3, fill_update_account},
    {"delete an account", 1, fill_delete_account},
    {"create a contact", 2, fill_create_contact},
    {"create an opportunity", 3, fill_create_opportunity},
    {"register a device", 3, fill_device},
    {"mark delivered", 4, fill_delivered},
    {"mark seen", 4, fill_seen},
};

const struct ask_kind *ask_kinds(size_t *n)
{
    *n = sizeof kinds / sizeof *kinds;
    return kinds;
}

void company_set_up(struct sim *sim)
{
    sim->admin_id = sim->known[KNOWN_USER].ids[0];
    ask_wait(sim, fill_organisation);
    for (int i = 0; i < REPS; i++)
        ask_wait(sim, fill_create_user);
    /* leads hears of the users by following; only then it can know them */
    sim_until(sim, world_now(sim->world) + 3 * SIM_SECOND);
    ask_wait(sim, fill_create_pool);
    ask_wait(sim, fill_policy);
    ask_wait(sim, fill_lead_form);
}
