/* Requests about leads. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "sim/fill.h"

enum { BIG_BODY = 90000 };

static Baton__Lead lead_drawn(uint64_t *random, struct arena *arena)
{
    Baton__Lead l = BATON__LEAD__INIT;
    uint64_t n = sim_random(random);
    l.email = fill_email(arena, "lead", n);
    l.company = fill_name(arena, "Company", n % FILL_NAMES);
    l.lead_source = "simulator";
    return l;
}

static bool capture(struct ask *a, Baton__Lead *l, struct arena *arena)
{
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.lead = l;
    fill_command(a, "leads", "LeadService/CaptureLead", &q, arena);
    return true;
}

bool fill_capture(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = lead_drawn(random, arena);
    return capture(a, &l, arena);
}

bool fill_capture_same_key(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = lead_drawn(random, arena);
    l.external_id = fill_name(arena, "key", sim_below(random, 5));
    return capture(a, &l, arena);
}

bool fill_capture_big(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = lead_drawn(random, arena);
    Baton__Original original = BATON__ORIGINAL__INIT;
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    original.content_type = "text/plain";
    original.has_body = true;
    original.body.len = BIG_BODY;
    original.body.data = arena_alloc(arena, BIG_BODY);
    memset(original.body.data, 'a' + (int)sim_below(random, 26), BIG_BODY);
    q.request_id = a->id;
    q.lead = &l;
    q.original = &original;
    fill_command(a, "leads", "LeadService/CaptureLead", &q, arena);
    return true;
}

bool fill_capture_unreachable(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = BATON__LEAD__INIT;
    l.last_name = fill_name(arena, "Nobody", sim_below(random, FILL_NAMES));
    return capture(a, &l, arena);
}

bool fill_form(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SubmitFormRequest q = BATON__SUBMIT_FORM_REQUEST__INIT;
    Baton__FormField email = BATON__FORM_FIELD__INIT, *fields[] = {&email};
    email.name = "email";
    email.value = fill_email(arena, "form", sim_random(random));
    q.request_id = a->id;
    q.form = "contact";
    q.fields = fields;
    q.n_fields = 1;
    fill_command(a, "leads", "LeadService/SubmitForm", &q, arena);
    return true;
}

bool fill_accept(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AcceptLeadRequest q = BATON__ACCEPT_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/AcceptLead", &q, arena);
    return q.id != NULL;
}

bool fill_decline(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeclineLeadRequest q = BATON__DECLINE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.reason = "not mine";
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/DeclineLead", &q, arena);
    return q.id != NULL;
}

bool fill_assign(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AssignLeadRequest q = BATON__ASSIGN_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    q.owner_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/AssignLead", &q, arena);
    return q.id != NULL;
}

bool fill_convert(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ConvertLeadRequest q = BATON__CONVERT_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    q.has_without_opportunity = true;
    q.without_opportunity = sim_below(random, 3) == 0;
    if (sim_below(random, 3) == 0)
        q.account_id = (char *)(uintptr_t)known_draw(sim, KNOWN_ACCOUNT, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/ConvertLead", &q, arena);
    return q.id != NULL;
}

/* A stranger tries: refused, and nothing changes. */
bool fill_forbidden(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    a->forbidden = true;
    a->actor.role = BATON__ROLE__ROLE_REP;
    a->actor.user_id = "00000000-0000-4000-8000-000000000000";
    ask_fill_fn *const tries[] = {fill_accept, fill_assign, fill_create_user};
    return tries[sim_below(random, sizeof tries / sizeof *tries)](sim, a, random, arena);
}

bool fill_get_lead(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetLeadRequest q = BATON__GET_LEAD_REQUEST__INIT;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_query(a, "leads", "LeadService/GetLead", &q, arena);
    return q.id != NULL;
}

bool fill_custody(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetCustodyRequest q = BATON__GET_CUSTODY_REQUEST__INIT;
    fill_query(a, "leads", "LeadService/GetCustody", &q, arena);
    return true;
}
