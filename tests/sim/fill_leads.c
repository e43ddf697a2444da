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
    l.address = ARENA_NEW(arena, Baton__Address);
    baton__address__init(l.address);
    l.address->country = "DE";
    l.address->postal_code = fill_name(arena, "Code", n % FILL_NAMES);
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

/* Few customers, so that one of them comes again; some want no mail. */
bool fill_capture_waiting(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = lead_drawn(random, arena);
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    static char *const languages[] = {NULL, "de-AT", "zh-TW", "fr"};
    l.email = fill_email(arena, sim_below(random, 2) ? "customer" : "Customer", sim_below(random, 4));
    l.language = languages[sim_below(random, sizeof languages / sizeof *languages)];
    l.first_name = "Eva";
    l.has_has_opted_out_of_email = l.has_opted_out_of_email = sim_below(random, 4) == 0;
    q.request_id = a->id;
    q.lead = &l;
    q.has_acknowledge = q.acknowledge = true;
    fill_command(a, "leads", "LeadService/CaptureLead", &q, arena);
    return true;
}

bool fill_capture_same_key(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Lead l = lead_drawn(random, arena);
    l.external_id = fill_name(arena, "key", sim_below(random, 5));
    return capture(a, &l, arena);
}

/* Of five addresses, at each of which two people and some without a name are. */
bool fill_capture_duplicate(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const names[] = {"Nakamura", "Olufsen", NULL};
    Baton__Lead l = lead_drawn(random, arena);
    l.email = fill_email(arena, "again", sim_below(random, 5));
    l.last_name = names[sim_below(random, sizeof names / sizeof *names)];
    l.company = NULL;
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

/* Now and then one that is not as the form asks. */
bool fill_form(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SubmitFormRequest q = BATON__SUBMIT_FORM_REQUEST__INIT;
    Baton__FormField email = BATON__FORM_FIELD__INIT, *fields[] = {&email};
    email.name = "email";
    email.value = sim_below(random, 5) ? fill_email(arena, "form", sim_random(random)) : "nowhere";
    q.request_id = a->id;
    q.form = "contact";
    q.fields = fields;
    q.n_fields = 1;
    fill_command(a, "leads", "LeadService/SubmitForm", &q, arena);
    return true;
}

/* Now and then one that came before, and one that a machine wrote. */
bool fill_mail(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SubmitMailRequest q = BATON__SUBMIT_MAIL_REQUEST__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    unsigned of_ten = (unsigned)sim_below(random, 10);
    uint64_t id = of_ten < 3 ? sim_below(random, 5) : sim_random(random);
    char *text = arena_printf(arena, "From: %s\nMessage-ID: <%llx@b.example>\n%s\nPlease call.\n",
                              fill_email(arena, "mail", id), (unsigned long long)id,
                              of_ten == 9 ? "Auto-Submitted: auto-replied\n" : "");
    original.has_body = true;
    original.body = (ProtobufCBinaryData){strlen(text), (uint8_t *)text};
    q.request_id = a->id;
    q.original = &original;
    fill_command(a, "leads", "LeadService/SubmitMail", &q, arena);
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

bool fill_pause(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PauseLeadRequest q = BATON__PAUSE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.reason = "the customer is on holiday";
    q.until = timestamp_of(arena, world_now(sim->world) + (int64_t)(1 + sim_below(random, 300)) * SIM_SECOND);
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/PauseLead", &q, arena);
    return q.id != NULL;
}

bool fill_recycle(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RecycleLeadRequest q = BATON__RECYCLE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.reason = "not before next year";
    q.until = timestamp_of(arena, world_now(sim->world) + (int64_t)(1 + sim_below(random, 300)) * SIM_SECOND);
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/RecycleLead", &q, arena);
    return q.id != NULL;
}

bool fill_resume(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ResumeLeadRequest q = BATON__RESUME_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/ResumeLead", &q, arena);
    return q.id != NULL;
}

/* As somebody who may be a member of a pool that may be a queue. */
bool fill_take(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__TakeNextLeadRequest q = BATON__TAKE_NEXT_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.pool_id = (char *)(uintptr_t)known_draw(sim, KNOWN_POOL, random, NULL);
    a->actor.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    a->actor.role = BATON__ROLE__ROLE_REP;
    if (q.pool_id && a->actor.user_id)
        fill_command(a, "leads", "LeadService/TakeNextLead", &q, arena);
    return q.pool_id && a->actor.user_id;
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

bool fill_update(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UpdateLeadRequest q = BATON__UPDATE_LEAD_REQUEST__INIT;
    Baton__Lead l = BATON__LEAD__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    q.lead = &l;
    l.phone = arena_printf(arena, "+49 30 %u", (unsigned)sim_below(random, 1000000));
    l.company = sim_below(random, 2) ? fill_name(arena, "Company", sim_below(random, FILL_NAMES)) : NULL;
    q.has_revision = sim_below(random, 4) == 0;
    q.revision = 2;
    if (q.id)
        fill_command(a, "leads", "LeadService/UpdateLead", &q, arena);
    return q.id != NULL;
}

bool fill_close(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CloseLeadRequest q = BATON__CLOSE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    q.has_reason = true;
    q.reason = (Baton__CloseReason)(1 + sim_below(random, 5));
    if (q.id)
        fill_command(a, "leads", "LeadService/CloseLead", &q, arena);
    return q.id != NULL;
}

bool fill_reopen(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReopenLeadRequest q = BATON__REOPEN_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/ReopenLead", &q, arena);
    return q.id != NULL;
}

bool fill_teach(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__TeachOutcomesRequest q = BATON__TEACH_OUTCOMES_REQUEST__INIT;
    Baton__Lead lead = lead_drawn(random, arena);
    Baton__Outcome won = BATON__OUTCOME__INIT, lost = BATON__OUTCOME__INIT, *outcomes[] = {&won, &lost, &won};
    won.lead = lost.lead = &lead;
    won.has_converted = lost.has_converted = won.converted = true;
    q.request_id = a->id;
    q.teaching = "history";
    q.has_batch = true;
    q.batch = (uint32_t)(1 + sim_below(random, 9));
    q.outcomes = outcomes;
    q.n_outcomes = 3;
    fill_command(a, "leads", "LeadService/TeachOutcomes", &q, arena);
    return true;
}

bool fill_forget(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ForgetOutcomesRequest q = BATON__FORGET_OUTCOMES_REQUEST__INIT;
    q.request_id = a->id;
    q.teaching = "history";
    fill_command(a, "leads", "LeadService/ForgetOutcomes", &q, arena);
    return true;
}

bool fill_explain_score(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ExplainScoreRequest q = BATON__EXPLAIN_SCORE_REQUEST__INIT;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_query(a, "leads", "LeadService/ExplainScore", &q, arena);
    return q.id != NULL;
}

bool fill_merge(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MergeLeadsRequest q = BATON__MERGE_LEADS_REQUEST__INIT;
    char *losers[2];
    q.request_id = a->id;
    q.survivor_id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    q.loser_ids = losers;
    q.n_loser_ids = 1 + sim_below(random, 2);
    for (size_t i = 0; i < q.n_loser_ids; i++)
        losers[i] = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.survivor_id)
        fill_command(a, "leads", "LeadService/MergeLeads", &q, arena);
    return q.survivor_id != NULL;
}

bool fill_unmerge(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UnmergeLeadRequest q = BATON__UNMERGE_LEAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL);
    if (q.id)
        fill_command(a, "leads", "LeadService/UnmergeLead", &q, arena);
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

/* One that is there, or one that might come. */
bool fill_dry_run(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DryRunPolicyRequest q = BATON__DRY_RUN_POLICY_REQUEST__INIT;
    Baton__Lead l = lead_drawn(random, arena);
    q.lead_id = sim_below(random, 2) ? (char *)(uintptr_t)known_draw(sim, KNOWN_LEAD, random, NULL) : NULL;
    q.lead = q.lead_id ? NULL : &l;
    fill_query(a, "leads", "LeadService/DryRunPolicy", &q, arena);
    return true;
}

bool fill_custody(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetCustodyRequest q = BATON__GET_CUSTODY_REQUEST__INIT;
    fill_query(a, "leads", "LeadService/GetCustody", &q, arena);
    return true;
}
