/* The leads service as tables: what it answers, follows, times, applies and keeps. */
#include "services/leads/rows.h"

static const struct method_row methods[] = {
    {.name = "LeadService/CaptureLead", .load = leads_load_capture, .decide = leads_decide_capture},
    {.name = "LeadService/SubmitForm", .load = leads_load_form, .decide = leads_decide_form},
    {.name = "LeadService/GetLead", .query = leads_query_get},
    {.name = "LeadService/ListLeads", .query = leads_query_list},
    {.name = "LeadService/ExplainLead", .query = leads_query_explain},
    {.name = "LeadService/AcceptLead", .load = leads_load_lead, .decide = leads_decide_accept},
    {.name = "LeadService/DeclineLead", .load = leads_load_lead, .decide = leads_decide_decline},
    {.name = "LeadService/AssignLead", .load = leads_load_assign, .decide = leads_decide_assign},
    {.name = "LeadService/ConvertLead", .load = leads_load_lead, .decide = leads_decide_convert},
    {.name = "LeadService/PublishPolicy", .load = leads_load_publish, .decide = leads_decide_publish},
    {.name = "LeadService/GetPolicy", .query = leads_query_policy},
    {.name = "LeadService/GetCustody", .query = leads_query_custody},
};

static const struct copy_row copies[] = {
    {"directory", LEADS_USER},
    {"directory", LEADS_TEAM},
    {"directory", LEADS_ORGANISATION},
};

static const struct follow_row follows[] = {
    {"directory", &baton__user__descriptor, leads_load_leaver, leads_decide_leaver},
};

static const struct timer_row timers[] = {
    {LEADS_LEAD, leads_load_routing, leads_decide_due},
    {LEADS_HANDOVER, leads_load_handover, leads_decide_handover},
};

static const struct apply_row applies[] = {
    {&baton__lead_captured__descriptor, leads_apply_captured},
    {&baton__lead_rejected__descriptor, leads_apply_rejected},
    {&baton__lead_assigned__descriptor, leads_apply_assigned},
    {&baton__lead_accepted__descriptor, leads_apply_lead},
    {&baton__lead_deadline_near__descriptor, leads_apply_lead},
    {&baton__lead_deadline_passed__descriptor, leads_apply_lead},
    {&baton__lead_converted__descriptor, leads_apply_lead},
    {&baton__policy_published__descriptor, leads_apply_policy},
    {&baton__handover_advanced__descriptor, leads_apply_handover},
    {&baton__user__descriptor, leads_apply_user},
    {&baton__organisation__descriptor, leads_apply_organisation},
    {&baton__pool__descriptor, leads_apply_pool},
};

static const struct record_row records[] = {
    {.table = LEADS_POOL, .check = leads_check_pool, .extra = leads_load_policy},
    {.table = LEADS_LEAD_FORM, .check = leads_check_form},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct service_def leads_service = {
    .name = "leads",
    .tables = leads_tables,
    .n_tables = LEADS_TABLES,
    .methods = methods,
    .n_methods = COUNT(methods),
    .follows = follows,
    .n_follows = COUNT(follows),
    .copies = copies,
    .n_copies = COUNT(copies),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .state_new = leads_state_new,
    .state_free = leads_state_free,
};
