/* The leads service as tables: what it answers, follows, times, applies and keeps. */
#include "services/leads/erase.h"
#include "services/leads/rows.h"

static const struct method_row methods[] = {
    {.name = "LeadService/CaptureLead", .load = leads_load_capture, .decide = leads_decide_capture},
    {.name = "LeadService/SubmitForm", .load = leads_load_form, .decide = leads_decide_form},
    {.name = "LeadService/GetForm", .query = leads_query_form},
    {.name = "LeadService/SubmitMail",
     .load = leads_load_mail,
     .decide = leads_decide_mail,
     .slow = &leads_slow_mail},
    {.name = "LeadService/GetLead", .query = leads_query_get},
    {.name = "LeadService/ListLeads", .query = leads_query_list},
    {.name = "LeadService/ListPersonLeads", .query = leads_query_person},
    {.name = "LeadService/SearchLeads", .query = leads_query_find},
    {.name = "LeadService/ExplainLead", .query = leads_query_explain},
    {.name = "LeadService/AcceptLead", .load = leads_load_lead, .decide = leads_decide_accept},
    {.name = "LeadService/DeclineLead", .load = leads_load_lead, .decide = leads_decide_decline},
    {.name = "LeadService/TakeNextLead", .load = leads_load_take, .decide = leads_decide_take},
    {.name = "LeadService/AssignLead", .load = leads_load_assign, .decide = leads_decide_assign},
    {.name = "LeadService/PauseLead", .load = leads_load_lead, .decide = leads_decide_pause},
    {.name = "LeadService/ResumeLead", .load = leads_load_lead, .decide = leads_decide_resume},
    {.name = "LeadService/RecycleLead", .load = leads_load_lead, .decide = leads_decide_recycle},
    {.name = "LeadService/ConvertLead", .load = leads_load_convert, .decide = leads_decide_convert},
    {.name = "LeadService/CloseLead", .load = leads_load_lead, .decide = leads_decide_close},
    {.name = "LeadService/UpdateLead", .load = leads_load_placed, .decide = leads_decide_update},
    {.name = "LeadService/ReopenLead", .load = leads_load_placed, .decide = leads_decide_reopen},
    {.name = "LeadService/MergeLeads", .load = leads_load_merge, .decide = leads_decide_merge},
    {.name = "LeadService/UnmergeLead", .load = leads_load_unmerge, .decide = leads_decide_unmerge},
    {.name = "LeadService/ExplainScore", .query = leads_query_score},
    {.name = "LeadService/TeachOutcomes", .load = leads_load_teach, .decide = leads_decide_teach},
    {.name = "LeadService/ForgetOutcomes", .load = leads_load_forget, .decide = leads_decide_forget},
    {.name = "LeadService/FollowLead", .load = leads_load_lead, .decide = leads_decide_follow},
    {.name = "LeadService/UnfollowLead", .load = leads_load_lead, .decide = leads_decide_unfollow},
    {.name = "LeadService/PublishPolicy", .load = leads_load_publish, .decide = leads_decide_publish},
    {.name = "LeadService/DraftPolicy", .load = leads_load_draft, .decide = leads_decide_draft},
    {.name = "LeadService/CheckPolicy", .query = leads_query_policy_check},
    {.name = "LeadService/DryRunPolicy", .query = leads_query_dry_run},
    {.name = "LeadService/RollBackPolicy", .load = leads_load_roll_back, .decide = leads_decide_roll_back},
    {.name = "LeadService/ShadowPolicy", .load = leads_load_shadow, .decide = leads_decide_shadow},
    {.name = "LeadService/EndShadow", .load = leads_load_end_shadow, .decide = leads_decide_end_shadow},
    {.name = "LeadService/GetShadow", .query = leads_query_shadow},
    {.name = "LeadService/GetPolicy", .query = leads_query_policy},
    {.name = "LeadService/PreviewTerritoryModel", .query = leads_query_preview},
    {.name = "LeadService/PreviewResponse", .query = leads_query_response},
    {.name = "LeadService/GetCustody", .query = leads_query_custody},
};

/* What whoever comes again is known by, and who has them; no birthdays, no addresses of people. */
static const char *const account_fields[] = {
    "id",       "name",         "type",           "billing_address", "phone",          "website",
    "owner_id", "territory_id", "is_key_account", "lead_id",         "merged_into_id", NULL,
};
static const char *const contact_fields[] = {
    "id",           "account_id", "first_name", "last_name",      "email", "phone",
    "mobile_phone", "owner_id",   "lead_id",    "merged_into_id", NULL,
};

static const struct copy_row copies[] = {
    {"directory", LEADS_USER, NULL, NULL},
    {"directory", LEADS_TEAM, NULL, NULL},
    {"directory", LEADS_ORGANISATION, NULL, NULL},
    {"directory", LEADS_TERRITORY, NULL, NULL},
    {"directory", LEADS_TERRITORY_MODEL, NULL, NULL},
    {"contacts", LEADS_ACCOUNT, account_fields, NULL},
    {"contacts", LEADS_CONTACT, contact_fields, NULL},
};

static const struct follow_row follows[] = {
    {"directory", &baton__user__descriptor, leads_load_leaver, leads_decide_leaver},
    {"directory", &baton__territory_model__descriptor, NULL, leads_decide_model},
    {"directory", &baton__territory__descriptor, leads_load_active_model, leads_decide_territory},
    {"contacts", &baton__person_erased__descriptor, leads_load_erased, leads_decide_erased},
    {"notifications", &baton__notification_unseen__descriptor, leads_load_unseen, leads_decide_unseen},
};

static const struct mend_row mends[] = {
    {LEADS_TERRITORY, leads_load_active_model, leads_decide_mended},
    {LEADS_TERRITORY_MODEL, leads_load_active_model, leads_decide_mended},
};

static const struct timer_row timers[] = {
    {LEADS_LEAD, leads_load_due, leads_decide_due},
    {LEADS_HANDOVER, leads_load_handover, leads_decide_handover},
    {LEADS_TERRITORY_MOVE, leads_load_move, leads_decide_move},
};

static const struct apply_row applies[] = {
    {&baton__lead_captured__descriptor, leads_apply_captured},
    {&baton__lead_rejected__descriptor, leads_apply_rejected},
    {&baton__lead_assigned__descriptor, leads_apply_assigned},
    {&baton__lead_acknowledged__descriptor, leads_apply_acknowledged},
    {&baton__lead_accepted__descriptor, leads_apply_lead},
    {&baton__lead_deadline_near__descriptor, leads_apply_lead},
    {&baton__lead_deadline_passed__descriptor, leads_apply_lead},
    {&baton__lead_followed__descriptor, leads_apply_lead},
    {&baton__lead_escalated__descriptor, leads_apply_lead},
    {&baton__lead_paused__descriptor, leads_apply_lead},
    {&baton__lead_resumed__descriptor, leads_apply_lead},
    {&baton__lead_updated__descriptor, leads_apply_updated},
    {&baton__lead_recycled__descriptor, leads_apply_lead},
    {&baton__lead_converted__descriptor, leads_apply_converted},
    {&baton__lead_closed__descriptor, leads_apply_closed},
    {&baton__lead_reopened__descriptor, leads_apply_reopened},
    {&baton__outcomes_taught__descriptor, leads_apply_taught},
    {&baton__outcomes_forgotten__descriptor, leads_apply_forgotten},
    {&baton__leads_merged__descriptor, leads_apply_merged},
    {&baton__lead_unmerged__descriptor, leads_apply_unmerged},
    {&baton__policy_published__descriptor, leads_apply_policy},
    {&baton__policy_drafted__descriptor, leads_apply_draft},
    {&baton__policy_activated__descriptor, leads_apply_activated},
    {&baton__policy_shadowed__descriptor, leads_apply_shadowed},
    {&baton__policy_shadow_ended__descriptor, leads_apply_shadow_ended},
    {&baton__rule_skipped__descriptor, leads_apply_skipped},
    {&baton__handover_advanced__descriptor, leads_apply_handover},
    {&baton__user__descriptor, leads_apply_user},
    {&baton__account__descriptor, leads_apply_account},
    {&baton__contact__descriptor, leads_apply_contact},
    {&baton__organisation__descriptor, leads_apply_organisation},
    {&baton__pool__descriptor, leads_apply_pool},
    {&baton__response_template__descriptor, leads_apply_template},
    {&baton__place__descriptor, leads_apply_place},
    {&baton__territory__descriptor, leads_apply_territory},
    {&baton__territory_model__descriptor, leads_apply_territory},
    {&baton__lead_territory_moved__descriptor, leads_apply_lead},
    {&baton__territory_move_advanced__descriptor, leads_apply_move},
    {&baton__person_erased__descriptor, leads_apply_erased},
};

static const struct record_row records[] = {
    {.table = LEADS_POOL, .check = leads_check_pool, .extra = leads_load_policy},
    {.table = LEADS_LEAD_FORM, .check = leads_check_form},
    {.table = LEADS_RESPONSE_TEMPLATE, .check = leads_check_template, .extra = leads_load_template},
    {.table = LEADS_PLACE, .check = leads_check_place},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct service_def leads_service = {
    .name = "leads",
    .tables = leads_tables,
    .n_tables = LEADS_TABLES,
    .form = 1,
    .methods = methods,
    .n_methods = COUNT(methods),
    .follows = follows,
    .n_follows = COUNT(follows),
    .copies = copies,
    .n_copies = COUNT(copies),
    .mends = mends,
    .n_mends = COUNT(mends),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .state_new = leads_state_new,
    .state_load = leads_match_load,
    .state_free = leads_state_free,
    .state_put = leads_find_put,
};
