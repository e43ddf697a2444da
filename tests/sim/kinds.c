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

/* --- the tables: one an area, with all that its requests need to be about something --- */

static const struct ask_kind leads[] = {
    {"capture", 30, fill_capture},
    {"capture the same again", 4, fill_capture_same_key},
    {"capture one of a customer who is there", 6, fill_capture_duplicate},
    {"capture one that is large", 2, fill_capture_big},
    {"capture one that nobody can be reached by", 2, fill_capture_unreachable},
    {"capture one whose customer waits", 12, fill_capture_waiting},
    {"submit a form", 3, fill_form},
    {"submit a mail", 3, fill_mail},
    {"accept", 8, fill_accept},
    {"decline", 6, fill_decline},
    {"take the next", 8, fill_take},
    {"assign", 4, fill_assign},
    {"pause", 6, fill_pause},
    {"resume", 3, fill_resume},
    {"recycle", 5, fill_recycle},
    {"convert", 8, fill_convert},
    {"update a lead", 4, fill_update},
    {"close", 6, fill_close},
    {"reopen", 6, fill_reopen},
    {"teach outcomes", 2, fill_teach},
    {"forget outcomes", 1, fill_forget},
    {"explain a score", 1, fill_explain_score},
    {"merge", 6, fill_merge},
    {"unmerge", 8, fill_unmerge},
    {"try what one may not", 3, fill_forbidden},
    {"get a lead", 6, fill_get_lead},
    {"get custody", 2, fill_custody},
};

static const struct ask_kind house[] = {
    {"create a user", 2, fill_create_user},
    {"update a user", 3, fill_update_user},
    {"say of oneself", 2, fill_profile},
    {"a user leaves", 2, fill_user_leaves},
    {"create a pool", 2, fill_create_pool},
    {"delete a pool", 1, fill_delete_pool},
    {"create a template", 1, fill_template},
    {"publish a policy", 3, fill_policy},
    {"draft a policy", 1, fill_draft},
    {"publish a draft", 1, fill_publish_draft},
    {"roll back the policy", 1, fill_roll_back},
    {"dry-run the policy", 2, fill_dry_run},
    {"shadow a policy", 3, fill_shadow},
    {"end the shadow", 1, fill_end_shadow},
    {"update the organisation", 1, fill_organisation},
};

static const struct ask_kind territories[] = {
    {"capture", 12, fill_capture},
    {"create a territory", 2, fill_create_territory},
    {"change a territory", 2, fill_change_territory},
    {"create a place", 1, fill_create_place},
    {"copy territories", 1, fill_copy_territories},
    {"switch territory models", 1, fill_switch_model},
};

static const struct ask_kind customers[] = {
    {"create an account", 3, fill_create_account},
    {"update an account", 3, fill_update_account},
    {"delete an account", 1, fill_delete_account},
    {"create a contact", 2, fill_create_contact},
    {"create a note", 6, fill_create_note},
    {"update a note", 6, fill_update_note},
    {"create a relationship", 3, fill_create_relationship},
    {"write down a consent", 3, fill_consent},
    {"tag an account", 3, fill_tag_account},
    {"define a field", 2, fill_custom_field},
    {"fill in a field", 3, fill_custom_value},
    {"search by a field, or not any more", 3, fill_search_field},
    {"import a list", 6, fill_import},
    {"undo an import", 2, fill_undo_import},
    {"export records", 1, fill_export},
    {"plan an activity", 6, fill_activity},
    {"change an activity", 3, fill_change_activity},
    {"delete an activity", 1, fill_delete_activity},
    {"log a call", 3, fill_call},
};

static const struct ask_kind deals[] = {
    {"create an opportunity", 3, fill_create_opportunity},
    {"create a pipeline", 1, fill_pipeline},
    {"change the conditions of a pipeline", 4, fill_conditions},
    {"define a field of deals", 4, fill_deal_field},
    {"fill in a field of a deal", 4, fill_deal_value},
    {"retire a field", 3, fill_retire_field},
    {"delete a field", 1, fill_delete_field},
    {"delete a pipeline", 1, fill_delete_pipeline},
    {"retire a stage", 2, fill_retire_stage},
    {"move an opportunity", 8, fill_move},
    {"ask for the approval of a move", 5, fill_ask_stage},
    {"approve or reject a move", 6, fill_judge_stage},
    {"make a move that needs approval", 5, fill_move_approved},
    {"think otherwise of an opportunity", 8, fill_estimate},
    {"win or lose an opportunity", 5, fill_close_deal},
    {"open an opportunity again", 2, fill_reopen_deal},
    {"follow an opportunity", 5, fill_follow_deal},
    {"write a note about an opportunity", 3, fill_deal_note},
    {"look at the board", 3, fill_board},
    {"set a quota", 3, fill_quota},
    {"change a quota", 2, fill_change_quota},
    {"delete a quota", 1, fill_delete_quota},
    {"say what a period will come to", 3, fill_adjustment},
    {"ask for a forecast", 2, fill_ask_forecast},
    {"ask what changed of a forecast", 2, fill_ask_changes},
    {"ask for chances", 1, fill_ask_chances},
    {"ask for measures", 2, fill_ask_measures},
    {"ask who enters what", 1, fill_ask_adoption},
    {"ask for advice", 2, fill_ask_advice},
    {"make a dashboard", 1, fill_dashboard},
    {"delete an opportunity", 1, fill_delete_opportunity},
    {"restore an opportunity", 2, fill_restore_opportunity},
    {"make a template of plans", 2, fill_plan_template},
    {"start a plan", 6, fill_start_plan},
    {"complete a step", 8, fill_complete_step},
    {"skip a step", 2, fill_skip_step},
    {"open a step again", 2, fill_reopen_step},
    {"abandon a plan", 1, fill_abandon_plan},
    {"list plans", 2, fill_list_plans},
    {"meet about an opportunity", 5, fill_deal_meeting},
    {"a meeting was held, or was not", 3, fill_turn_meeting},
};

static const struct ask_kind quotes[] = {
    {"create an opportunity", 3, fill_create_opportunity},
    {"create a product", 3, fill_product},
    {"create a price book", 1, fill_price_book},
    {"put a price in a book", 4, fill_price},
    {"change a price", 2, fill_change_price},
    {"make an offer", 1, fill_offer},
    {"write down a rate", 1, fill_rate},
    {"limit discounts", 1, fill_limit},
    {"write down a tax", 1, fill_tax},
    {"ask for a price", 3, fill_ask_price},
    {"link a catalogue", 2, fill_catalogue_link},
    {"revoke the link of a catalogue", 1, fill_revoke_catalogue_link},
    {"get a catalogue", 2, fill_catalogue},
    {"begin a quote", 4, fill_quote},
    {"put lines in a quote", 8, fill_quote_lines},
    {"ask for approval", 2, fill_ask_approval},
    {"approve a quote", 2, fill_approve},
    {"reject a quote", 1, fill_reject},
    {"send a quote", 5, fill_send_quote},
    {"revise a quote", 2, fill_revise},
    {"accept a quote", 3, fill_accept_quote},
    {"decline a quote", 1, fill_decline_quote},
    {"read a quote", 2, fill_read_quote},
    {"create a warehouse", 1, fill_warehouse},
    {"make a demand plan", 2, fill_make_plan},
    {"read a demand plan", 1, fill_read_plan},
    {"compare demand plans", 1, fill_compare_plans},
};

static const struct ask_kind files[] = {
    {"begin an upload", 4, fill_begin_upload},
    {"put a piece of a file", 16, fill_put_piece},
    {"cancel an upload", 1, fill_cancel_upload},
    {"create a document", 2, fill_document},
    {"link a document", 3, fill_link_document},
    {"change the days of a document", 3, fill_change_days},
    {"acknowledge a document", 4, fill_acknowledge_document},
    {"send a document", 1, fill_send_document},
    {"share a document", 3, fill_share_document},
    {"revoke a link", 1, fill_revoke_share},
    {"open a link", 5, fill_open_share},
    {"add a revision", 4, fill_add_revision},
    {"make a revision current", 2, fill_make_current},
};

static const struct ask_kind collateral[] = {
    {"make something that is printed", 2, fill_collateral_item},
    {"change when it is low", 1, fill_change_item},
    {"make a place of stock", 1, fill_stock_place},
    {"stock is received", 12, fill_receive_stock},
    {"stock is counted", 2, fill_count_stock},
    {"stock is scrapped", 2, fill_scrap_stock},
    {"stock is moved", 3, fill_move_stock},
    {"order what is printed", 12, fill_order},
    {"approve or reject an order", 6, fill_judge_order},
    {"pick an order", 16, fill_pick_order},
    {"ship an order", 6, fill_ship_order},
    {"an order has come", 4, fill_receive_order},
    {"cancel an order", 2, fill_cancel_order},
    {"look at what there is", 2, fill_list_collateral},
    {"create a contact", 1, fill_create_contact},
    {"erase a person", 1, fill_erase},
};

static const struct ask_kind news[] = {
    {"capture", 12, fill_capture},
    {"register a device", 3, fill_device},
    {"change a push subscription", 3, fill_push},
    {"mark delivered", 4, fill_delivered},
    {"mark seen", 4, fill_seen},
    {"acknowledge", 4, fill_acknowledged},
    {"change a chain", 2, fill_change_chain},
    {"switch mail on or off", 1, fill_switch_mail},
    {"set a mail password", 1, fill_mail_password},
    {"replay deliveries", 2, fill_replay},
    {"create an endpoint", 1, fill_webhook},
    {"switch an endpoint on or off", 4, fill_switch_webhook},
    {"test deliveries", 3, fill_test_delivery},
    {"create a broker", 1, fill_broker},
    {"switch a broker on or off", 1, fill_switch_broker},
    {"create an HTTP template", 1, fill_http_template},
    {"switch an HTTP template on or off", 2, fill_switch_http_template},
    {"set a secret", 1, fill_channel_secret},
    {"read events", 4, fill_read_events},
    {"read who did what", 4, fill_read_audit},
    {"set preferences", 6, fill_preferences},
    {"follow a lead", 6, fill_follow},
    {"unfollow a lead", 3, fill_unfollow},
    {"announce", 1, fill_announce},
};

static const struct ask_kind quality[] = {
    {"create an account", 3, fill_create_account},
    {"create a contact", 2, fill_create_contact},
    {"create a quality rule", 1, fill_quality_rule},
    {"pause a quality rule", 1, fill_pause_rule},
    {"create a place of a customer", 2, fill_place},
    {"type in what is known", 6, fill_type_in},
    {"confirm fields", 2, fill_confirm},
    {"look at quality", 3, fill_look_at_quality},
    {"look for who is nearby", 1, fill_nearby},
};

static const struct ask_kind reach[] = {
    {"create an account", 3, fill_create_account},
    {"create a contact", 2, fill_create_contact},
    {"open or close the house", 2, fill_customer_access},
    {"share an account", 6, fill_share},
    {"end a share", 2, fill_end_share},
    {"look at an account", 10, fill_look},
    {"update an account as a representative", 5, fill_update_as_rep},
    {"restore an account", 4, fill_restore},
};

static const struct ask_kind merges[] = {
    {"create an account", 3, fill_create_account},
    {"create a contact", 2, fill_create_contact},
    {"create a contact once more", 8, fill_twin},
    {"write a note", 4, fill_note},
    {"merge contacts", 5, fill_merge_contacts},
    {"merge accounts", 3, fill_merge_accounts},
    {"take contacts apart", 5, fill_unmerge_contacts},
    {"take accounts apart", 3, fill_unmerge_accounts},
    {"dismiss a duplicate", 3, fill_dismiss},
    {"sweep duplicates", 3, fill_sweep},
    {"erase a person", 3, fill_erase},
    {"write down how somebody is reached", 5, fill_note_address},
};

static const struct ask_kind letters[] = {
    {"create a contact", 4, fill_create_contact},
    {"create a contact once more", 2, fill_twin},
    {"say where somebody lives", 10, fill_contact_address},
    {"say whether letters are wanted", 10, fill_post_consent},
    {"write a template of letters", 2, fill_letter_template},
    {"write to customers", 16, fill_letters},
    {"draw letters", 1, fill_draw_letters},
    {"merge contacts", 3, fill_merge_contacts},
    {"erase a person", 2, fill_erase},
};

#define AREA(of)                                                                                             \
    {                                                                                                        \
#of, of, sizeof of / sizeof *of                                                                      \
    }
static const struct ask_area areas[] = {
    AREA(leads),  AREA(house),  AREA(territories), AREA(customers), AREA(deals),
    AREA(quotes), AREA(files),  AREA(collateral),  AREA(news),      AREA(quality),
    AREA(reach),  AREA(merges), AREA(letters),
};

const struct ask_area *ask_areas(size_t *n)
{
    *n = sizeof areas / sizeof *areas;
    return areas;
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
    ask_wait(sim, fill_template);
    ask_wait(sim, fill_mail_account);
    ask_wait(sim, fill_webhook);
    ask_wait(sim, fill_broker);
    ask_wait(sim, fill_http_template);
    ask_wait(sim, fill_chain);
    ask_wait(sim, fill_chain);
}
