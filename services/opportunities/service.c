/* The opportunities service as a table. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

static const struct method_row methods[] = {
    {.name = "CatalogueService/PriceProduct", .query = opportunities_query_price},
    {.name = "OpportunityService/MoveOpportunity",
     .load = opportunities_load_move,
     .decide = opportunities_decide_move},
    {.name = "OpportunityService/CloseOpportunity",
     .load = opportunities_load_move,
     .decide = opportunities_decide_close},
    {.name = "OpportunityService/ReopenOpportunity",
     .load = opportunities_load_move,
     .decide = opportunities_decide_reopen},
    {.name = "OpportunityService/FollowOpportunity",
     .load = opportunities_load_follow,
     .decide = opportunities_decide_follow},
    {.name = "OpportunityService/RequestStageApproval",
     .load = opportunities_load_approval,
     .decide = opportunities_decide_request_approval},
    {.name = "OpportunityService/ApproveStage",
     .load = opportunities_load_approval,
     .decide = opportunities_decide_approve},
    {.name = "OpportunityService/RejectStage",
     .load = opportunities_load_approval,
     .decide = opportunities_decide_reject},
    {.name = "OpportunityService/ListStalled", .query = opportunities_query_stalled},
    {.name = "OpportunityService/RetireStage",
     .load = opportunities_load_retire,
     .decide = opportunities_decide_retire},
    {.name = "OpportunityService/GetBoard", .query = opportunities_query_board},
    {.name = "OpportunityService/ListEstimates", .query = opportunities_query_estimates},
    {.name = "QuoteService/CreateQuote",
     .load = opportunities_load_quote_create,
     .decide = quote_decide_create},
    {.name = "QuoteService/SetQuoteLines",
     .load = opportunities_load_quote_lines,
     .decide = quote_decide_lines},
    {.name = "QuoteService/RequestApproval",
     .load = opportunities_load_quote,
     .decide = quote_decide_request},
    {.name = "QuoteService/ApproveQuote", .load = opportunities_load_quote, .decide = quote_decide_approve},
    {.name = "QuoteService/RejectQuote", .load = opportunities_load_quote, .decide = quote_decide_reject},
    {.name = "QuoteService/SendQuote", .load = opportunities_load_quote_send, .decide = quote_decide_send},
    {.name = "QuoteService/ReviseQuote",
     .load = opportunities_load_quote_revise,
     .decide = quote_decide_revise},
    {.name = "QuoteService/GetQuotePdf", .decide = quote_decide_pdf, .slow = &opportunities_slow_quote},
    {.name = "QuoteService/GetQuotePdfByLink",
     .decide = quote_decide_pdf_link,
     .slow = &opportunities_slow_link},
    {.name = "QuoteService/GetQuote", .query = opportunities_query_quote},
    {.name = "QuoteService/GetQuoteByLink", .query = opportunities_query_quote_link},
    {.name = "QuoteService/AcceptQuote",
     .load = opportunities_load_quote_link,
     .decide = quote_decide_accept},
    {.name = "QuoteService/DeclineQuote",
     .load = opportunities_load_quote_link,
     .decide = quote_decide_decline},
    {.name = "PlanService/StartPlan", .load = opportunities_load_plan_start, .decide = plan_decide_start},
    {.name = "PlanService/CompleteStep", .load = opportunities_load_plan, .decide = plan_decide_complete},
    {.name = "PlanService/SkipStep", .load = opportunities_load_plan, .decide = plan_decide_skip},
    {.name = "PlanService/ReopenStep", .load = opportunities_load_plan, .decide = plan_decide_reopen},
    {.name = "PlanService/AbandonPlan", .load = opportunities_load_plan, .decide = plan_decide_abandon},
    {.name = "PlanService/GetPlan", .query = opportunities_query_plan},
    {.name = "PlanService/ListPlans", .query = opportunities_query_plans},
    {.name = "ForecastService/GetForecast",
     .query = opportunities_query_forecast,
     .aside = opportunities_aside_forecast},
    {.name = "ForecastService/GetForecastChanges",
     .query = opportunities_query_forecast_changes,
     .aside = opportunities_aside_always},
    {.name = "ForecastService/GetCalibratedForecast",
     .query = opportunities_query_chances,
     .aside = opportunities_aside_always},
    {.name = "ForecastService/SetForecastAdjustment",
     .load = opportunities_load_adjust,
     .decide = opportunities_decide_adjust},
    {.name = "AnalysisService/ListMeasures", .query = opportunities_query_measure_list},
    {.name = "AnalysisService/QueryMeasures", .query = opportunities_query_measures},
    {.name = "DemandService/MakeDemandPlan",
     .load = opportunities_load_demand,
     .decide = demand_decide_make,
     .slow = &opportunities_slow_demand},
    {.name = "DemandService/ListDemandPlans", .query = opportunities_query_demand_plans},
    {.name = "DemandService/GetDemandPlan", .query = opportunities_query_demand_plan},
    {.name = "DemandService/CompareDemandPlans", .query = opportunities_query_demand_changes},
    {.name = "AnalysisService/GetAdoption", .query = opportunities_query_adoption},
    {.name = "AnalysisService/GetAdvice", .query = opportunities_query_advice},
};

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, opportunities_load_converted,
     opportunities_decide_converted},
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
    {"contacts", &baton__note__descriptor, opportunities_load_noted, opportunities_decide_noted},
    {"contacts", &baton__activity__descriptor, opportunities_load_noted, opportunities_decide_active},
    {"contacts", &baton__activity__descriptor, opportunities_load_plan_activity, plan_decide_activity},
    {"contacts", &baton__custom_field__descriptor, opportunities_load_fields, opportunities_decide_fields},
    {"contacts", &baton__activity__descriptor, NULL, adoption_decide_activity},
    {"contacts", &baton__activity__descriptor, NULL, adoption_decide_action},
    {"contacts", &baton__note__descriptor, NULL, adoption_decide_action},
    {"contacts", &baton__account__descriptor, NULL, adoption_decide_action},
    {"contacts", &baton__contact__descriptor, NULL, adoption_decide_action},
    {"leads", &baton__lead_assigned__descriptor, NULL, adoption_decide_received},
    {"leads", &baton__lead_accepted__descriptor, NULL, adoption_decide_accepted},
    {"leads", &baton__lead_converted__descriptor, NULL, adoption_decide_lead_converted},
};

/* Who reaches whose opportunities and is below whom, by whose clocks and calendar, and who works here. */
static const char *const user_fields[] = {"id",        "name",          "role",          "status", "team_id",
                                          "time_zone", "territory_ids", "working_hours", NULL};
static const char *const team_fields[] = {"id", "manager_id", "parent_id", NULL};
static const char *const territory_fields[] = {"id", "parent_id", NULL};
static const char *const organisation_fields[] = {
    "id",       "name", "time_zone", "customer_access", "letterhead", "fiscal_year_month", "working_hours",
    "holidays", NULL};

/* Where references of custom fields lead, and which plans start; which documents stages and plans ask for. */
static const char *const account_fields[] = {"id", "industry", NULL};
static const char *const contact_fields[] = {"id", "erased_at", NULL};
static const char *const document_fields[] = {"id", "type", "status", "opportunity_ids", NULL};

static const struct copy_row copies[] = {
    {"directory", OPPORTUNITIES_USER, user_fields, NULL},
    {"directory", OPPORTUNITIES_TEAM, team_fields, NULL},
    {"directory", OPPORTUNITIES_TERRITORY, territory_fields, NULL},
    {"directory", OPPORTUNITIES_ORGANISATION, organisation_fields, NULL},
    {"contacts", OPPORTUNITIES_CUSTOM_FIELD, NULL, NULL},
    {"contacts", OPPORTUNITIES_ACCOUNT, account_fields, NULL},
    {"contacts", OPPORTUNITIES_CONTACT, contact_fields, NULL},
    {"documents", OPPORTUNITIES_DOCUMENT, document_fields, "opportunity_ids"},
};

static const struct mend_row mends[] = {
    {OPPORTUNITIES_CUSTOM_FIELD, opportunities_load_fields, opportunities_decide_fields},
};

static const struct timer_row timers[] = {
    {OPPORTUNITIES_HANDOVER, handover_load, handover_decide_step},
    {OPPORTUNITIES_RETIREMENT, opportunities_load_retiring, opportunities_decide_retiring},
    {OPPORTUNITIES_QUOTE, opportunities_load_quote_due, quote_decide_expired},
    {OPPORTUNITIES_CLOCK, opportunities_load_due, opportunities_decide_due},
    {OPPORTUNITIES_PLAN, opportunities_load_plan_late, plan_decide_late},
    {OPPORTUNITIES_PLAN_LOOK, opportunities_load_plan_look, plan_decide_look},
    {OPPORTUNITIES_CLOCK_SWEEP, opportunities_load_clock_sweep, opportunities_decide_clock_sweep},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
    {&baton__opportunity__descriptor, opportunities_apply_estimate},
    {&baton__opportunity__descriptor, opportunities_apply_forecast},
    {&baton__opportunity__descriptor, opportunities_apply_analysis},
    {&baton__opportunity__descriptor, opportunities_apply_action},
    {&baton__quote__descriptor, opportunities_apply_action},
    {&baton__action_noted__descriptor, opportunities_apply_noted},
    {&baton__activity_counted__descriptor, opportunities_apply_activity},
    {&baton__lead_counted__descriptor, opportunities_apply_lead},
    {&baton__forecast_adjusted__descriptor, opportunities_apply_adjusted},
    {&baton__quota__descriptor, opportunities_apply_quota},
    {&baton__demand_plan_made__descriptor, opportunities_apply_demand},
    {&baton__user__descriptor, opportunities_apply_user},
    {&baton__team__descriptor, opportunities_apply_team},
    {&baton__territory__descriptor, opportunities_apply_territory},
    {&baton__stage_retirement_advanced__descriptor, opportunities_apply_retirement},
    {&baton__quote_sent__descriptor, opportunities_apply_quote_sent},
    {&baton__opportunity__descriptor, opportunities_apply_clock},
    {&baton__opportunity_touched__descriptor, opportunities_apply_touched},
    {&baton__deal_clock_set__descriptor, opportunities_apply_clock_set},
    {&baton__pipeline__descriptor, opportunities_apply_pipeline},
    {&baton__clock_sweep_advanced__descriptor, opportunities_apply_clock_sweep},
    {&baton__opportunity_followed__descriptor, opportunities_apply_followed},
    {&baton__opportunity__descriptor, opportunities_apply_plan_deal},
    {&baton__quote__descriptor, opportunities_apply_plan_quote},
    {&baton__document__descriptor, opportunities_apply_plan_document},
    {&baton__plan_looked__descriptor, opportunities_apply_plan_looked},
};

static const struct record_row records[] = {
    {OPPORTUNITIES_PRODUCT, catalogue_check_product, opportunities_load_product},
    {OPPORTUNITIES_PRICE_BOOK, catalogue_check_book, opportunities_load_price_book},
    {OPPORTUNITIES_ENTRY, catalogue_check_entry, opportunities_load_entry},
    {OPPORTUNITIES_OFFER, catalogue_check_offer, opportunities_load_offer},
    {OPPORTUNITIES_RATE, catalogue_check_rate, opportunities_load_rate},
    {OPPORTUNITIES_LIMIT, catalogue_check_limit, opportunities_load_limit},
    {OPPORTUNITIES_TAX, catalogue_check_tax, opportunities_load_tax},
    {OPPORTUNITIES_OPPORTUNITY, opportunities_check_opportunity, opportunities_load_opportunity},
    {OPPORTUNITIES_PIPELINE, opportunities_check_pipeline, opportunities_load_pipeline},
    {OPPORTUNITIES_SHARE, sharing_check, opportunities_load_share},
    {OPPORTUNITIES_QUOTE, quote_check, NULL},
    {OPPORTUNITIES_QUOTA, opportunities_check_quota, opportunities_load_quota},
    {OPPORTUNITIES_PLAN_TEMPLATE, plan_check_template, opportunities_load_plan_template},
    {OPPORTUNITIES_PLAN, plan_check, NULL},
    {OPPORTUNITIES_WAREHOUSE, demand_check_warehouse, opportunities_load_warehouse},
    {OPPORTUNITIES_DASHBOARD, dashboard_check, NULL},
};

static const struct access_row accesses[] = {
    {.table = OPPORTUNITIES_OPPORTUNITY, .reach = opportunities_row_reach, .shows = opportunities_shows},
    {.table = OPPORTUNITIES_SHARE, .reach = opportunities_row_share_reach, .ends_with = "user_id"},
    {.table = OPPORTUNITIES_QUOTE, .reach = opportunities_row_about_reach, .stays = quote_stays},
    {.table = OPPORTUNITIES_PLAN, .reach = opportunities_row_about_reach, .stays = plan_stays},
    {.table = OPPORTUNITIES_DASHBOARD, .reach = opportunities_row_dashboard_reach},
};

const struct service_def opportunities_service = {
    .name = "opportunities",
    .tables = opportunities_tables,
    .n_tables = OPPORTUNITIES_TABLES,
    .methods = methods,
    .n_methods = sizeof methods / sizeof *methods,
    .boot_load = opportunities_load_boot,
    .boot = opportunities_decide_boot,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .copies = copies,
    .n_copies = sizeof copies / sizeof *copies,
    .mends = mends,
    .n_mends = sizeof mends / sizeof *mends,
    .accesses = accesses,
    .n_accesses = sizeof accesses / sizeof *accesses,
    .timers = timers,
    .n_timers = sizeof timers / sizeof *timers,
    .applies = applies,
    .n_applies = sizeof applies / sizeof *applies,
    .records = records,
    .n_records = sizeof records / sizeof *records,
    .state_new = opportunities_state_new,
    .state_load = opportunities_state_load,
    .state_free = opportunities_state_free,
};
