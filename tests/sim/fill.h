/* One function a kind of request: fills it in from the seed and from what is known to exist. False: there is
   nothing yet that it could be about. */
#ifndef BATON_SIM_FILL_H
#define BATON_SIM_FILL_H

#include "baton/v1/leads.pb-c.h"
#include "sim/sim.h"

enum { FILL_NAMES = 12, FILL_DEAL_FIELDS = 2 };

/* fill_leads.c */
ask_fill_fn fill_capture, fill_capture_waiting, fill_capture_same_key, fill_capture_duplicate,
    fill_capture_big, fill_capture_unreachable, fill_form, fill_mail, fill_accept, fill_decline, fill_take,
    fill_assign, fill_convert, fill_update, fill_close, fill_reopen, fill_pause, fill_resume, fill_recycle,
    fill_teach, fill_forget, fill_explain_score, fill_merge, fill_unmerge, fill_dry_run, fill_forbidden,
    fill_get_lead, fill_custody;
/* fill_records.c */
ask_fill_fn fill_create_user, fill_update_user, fill_profile, fill_user_leaves, fill_create_pool,
    fill_template, fill_policy, fill_draft, fill_publish_draft, fill_roll_back, fill_shadow, fill_end_shadow,
    fill_organisation, fill_lead_form, fill_create_account, fill_update_account, fill_delete_account,
    fill_delete_pool, fill_create_contact, fill_create_opportunity, fill_device, fill_delivered, fill_seen;

/* fill_merges.c */
ask_fill_fn fill_twin, fill_note, fill_merge_contacts, fill_merge_accounts, fill_unmerge_contacts,
    fill_unmerge_accounts, fill_dismiss, fill_sweep;

/* erased.c */
ask_fill_fn fill_erase, fill_note_address;

/* fill_territories.c */
ask_fill_fn fill_create_territory, fill_create_place, fill_change_territory, fill_copy_territories,
    fill_switch_model;

/* The rule is for leads of a territory, where there is any. */
void fill_territory_condition(struct sim *sim, Baton__Rule *rule, uint64_t *random, struct arena *arena);
/* fill_deliveries.c */
ask_fill_fn fill_mail_account, fill_switch_mail, fill_mail_password, fill_replay, fill_test_delivery,
    fill_webhook, fill_switch_webhook, fill_broker, fill_switch_broker, fill_http_template,
    fill_switch_http_template, fill_channel_secret, fill_push, fill_chain, fill_change_chain,
    fill_acknowledged;
Baton__PushSubscription *fill_subscription(uint64_t *random, struct arena *arena);

/* fill_documents.c */
ask_fill_fn fill_begin_upload, fill_put_piece, fill_cancel_upload, fill_document, fill_link_document,
    fill_change_days, fill_acknowledge_document, fill_send_document, fill_share_document, fill_revoke_share,
    fill_open_share, fill_add_revision, fill_make_current;

/* reads.c */
ask_fill_fn fill_read_events;

/* audit.c */
ask_fill_fn fill_read_audit;
/* Holds what a service told against its ledger. */
void audit_answer(const struct ledger *l, const struct ask *a, const ProtobufCMessage *reply,
                  struct arena *arena);

/* fill_quality.c */
ask_fill_fn fill_quality_rule, fill_pause_rule, fill_place, fill_type_in, fill_confirm, fill_look_at_quality,
    fill_nearby;
/* reach.c */
ask_fill_fn fill_customer_access, fill_share, fill_end_share, fill_look, fill_update_as_rep, fill_restore;

/* fill_wishes.c */
ask_fill_fn fill_preferences, fill_follow, fill_unfollow, fill_announce;

/* fill_people.c */
ask_fill_fn fill_create_note, fill_update_note, fill_create_relationship, fill_consent, fill_tag_account,
    fill_custom_field, fill_search_field, fill_custom_value, fill_deal_field, fill_deal_value,
    fill_retire_field, fill_delete_field;
/* fill_imports.c */
ask_fill_fn fill_import, fill_undo_import, fill_export;

/* fill_catalogue.c */
ask_fill_fn fill_product, fill_price_book, fill_price, fill_change_price, fill_offer, fill_rate, fill_limit,
    fill_tax, fill_ask_price, fill_catalogue_link, fill_revoke_catalogue_link, fill_catalogue;
/* fill_forecast.c */
ask_fill_fn fill_quota, fill_change_quota, fill_delete_quota, fill_adjustment, fill_ask_forecast,
    fill_ask_changes, fill_ask_chances;
/* fill_demand.c */
ask_fill_fn fill_warehouse, fill_make_plan, fill_read_plan, fill_compare_plans;

/* fill_analysis.c */
ask_fill_fn fill_ask_measures, fill_ask_adoption, fill_ask_advice, fill_dashboard;

/* fill_pipeline.c */
ask_fill_fn fill_pipeline, fill_conditions, fill_ask_stage, fill_judge_stage, fill_move_approved,
    fill_delete_pipeline, fill_retire_stage, fill_move, fill_estimate, fill_delete_opportunity,
    fill_restore_opportunity, fill_close_deal, fill_reopen_deal, fill_follow_deal, fill_deal_note, fill_board;
/* fill_plans.c */
ask_fill_fn fill_plan_template, fill_start_plan, fill_complete_step, fill_skip_step, fill_reopen_step,
    fill_abandon_plan, fill_list_plans, fill_deal_meeting, fill_turn_meeting;
/* fill_collateral.c */
ask_fill_fn fill_collateral_item, fill_change_item, fill_stock_place, fill_receive_stock, fill_count_stock,
    fill_scrap_stock, fill_move_stock, fill_order, fill_judge_order, fill_pick_order, fill_ship_order,
    fill_receive_order, fill_cancel_order, fill_list_collateral;
/* fill_letters.c */
ask_fill_fn fill_letter_template, fill_contact_address, fill_post_consent, fill_letters, fill_draw_letters;
/* fill_quotes.c */
ask_fill_fn fill_quote, fill_quote_lines, fill_ask_approval, fill_approve, fill_reject, fill_send_quote,
    fill_revise, fill_accept_quote, fill_decline_quote, fill_read_quote;

/* What they share. */
/* Any of those known, for a field of a request; NULL: there is none yet. */
char *fill_drawn(struct sim *sim, enum known kind, uint64_t *random);
/* Plain records: one more, another one in its place, none any more. The last is false where `id` is NULL. */
bool fill_create(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena);
bool fill_change(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena);
bool fill_delete(struct ask *a, const char *service, const char *type, const char *id, struct arena *arena);
void fill_command(struct ask *a, const char *service, const char *method, const void *request,
                  struct arena *arena);
void fill_query(struct ask *a, const char *service, const char *method, const void *request,
                struct arena *arena);
/* "Company 7" */
char *fill_name(struct arena *a, const char *what, uint64_t n);
/* "lead0123456789abcdef@b.example" */
char *fill_email(struct arena *a, const char *what, uint64_t n);

/* fill_activities.c */
ask_fill_fn fill_activity, fill_change_activity, fill_delete_activity, fill_call;

#endif
