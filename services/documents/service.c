/* The documents service as a table. */
#include "baton/v1/contacts.pb-c.h"
#include "service/handover.h"
#include "services/documents/rows.h"

static const struct method_row methods[] = {
    {.name = "DocumentService/BeginUpload", .load = documents_load_begin, .decide = documents_decide_begin},
    {.name = "DocumentService/GetUpload", .query = documents_query_upload},
    {.name = "DocumentService/PutPiece",
     .load = documents_load_upload,
     .decide = documents_decide_piece,
     .slow = &documents_slow_piece},
    {.name = "DocumentService/CancelUpload",
     .load = documents_load_upload,
     .decide = documents_decide_cancel},
    {.name = "DocumentService/GetFile", .query = documents_query_file},
    {.name = "DocumentService/ReadFile", .query = documents_query_read, .slow = &documents_slow_read},
    {.name = "PreviewService/GetText", .query = documents_query_text, .slow = &documents_slow_text},
    {.name = "PreviewService/GetPage", .query = documents_query_page, .slow = &documents_slow_page},
    {.name = "DocumentService/GetUsage", .query = documents_query_usage},
    {.name = "DocumentService/ListDocuments", .query = documents_query_list},
    {.name = "DocumentService/SearchDocuments",
     .query = documents_query_search,
     .aside = documents_search_aside},
    {.name = "DocumentService/AcknowledgeDocument",
     .load = documents_load_document,
     .decide = documents_decide_read},
    {.name = "DocumentService/ListReading", .query = documents_query_reading},
    {.name = "DocumentService/GetReaders", .query = documents_query_readers},
    {.name = "DocumentService/PinSent", .load = documents_load_document, .decide = documents_decide_sent},
    {.name = "DocumentService/GetSent", .query = documents_query_sent},
    {.name = "ShareService/CreateShare",
     .load = documents_load_share,
     .decide = documents_decide_share,
     .slow = &documents_slow_made},
    {.name = "ShareService/RevokeShare", .load = documents_load_revoke, .decide = documents_decide_revoke},
    {.name = "ShareService/ListShares", .query = documents_query_shares},
    {.name = "ShareService/GetShareByLink", .query = documents_query_link},
    {.name = "ShareService/OpenShare",
     .load = documents_load_link,
     .decide = documents_decide_open,
     .slow = &documents_slow_given},
    {.name = "ShareService/GetSharedFile", .query = documents_query_shared},
    {.name = "ShareService/ReadSharedFile",
     .query = documents_query_read_shared,
     .slow = &documents_slow_shared},
    {.name = "DocumentService/AddRevision", .load = documents_load_document, .decide = documents_decide_add},
    {.name = "DocumentService/MakeCurrent",
     .load = documents_load_document,
     .decide = documents_decide_current},
    {.name = "DocumentService/CheckOut",
     .load = documents_load_document,
     .decide = documents_decide_check_out},
    {.name = "DocumentService/CheckIn", .load = documents_load_document, .decide = documents_decide_check_in},
    {.name = "DocumentService/RequestReview",
     .load = documents_load_document,
     .decide = documents_decide_request_review},
    {.name = "DocumentService/ReviewRevision",
     .load = documents_load_document,
     .decide = documents_decide_review},
    {.name = "CollateralService/OrderCollateral",
     .load = documents_load_new_order,
     .decide = collateral_decide_order},
    {.name = "CollateralService/ApproveOrder",
     .load = documents_load_order,
     .decide = collateral_decide_approve},
    {.name = "CollateralService/RejectOrder",
     .load = documents_load_order,
     .decide = collateral_decide_reject},
    {.name = "CollateralService/PickOrder", .load = documents_load_order, .decide = collateral_decide_pick},
    {.name = "CollateralService/ShipOrder", .load = documents_load_order, .decide = collateral_decide_ship},
    {.name = "CollateralService/ReceiveOrder",
     .load = documents_load_order,
     .decide = collateral_decide_come},
    {.name = "CollateralService/CancelOrder",
     .load = documents_load_order,
     .decide = collateral_decide_cancel},
    {.name = "CollateralService/ReceiveStock",
     .load = documents_load_stock,
     .decide = collateral_decide_receive},
    {.name = "CollateralService/CountStock", .load = documents_load_stock, .decide = collateral_decide_count},
    {.name = "CollateralService/ScrapStock", .load = documents_load_stock, .decide = collateral_decide_scrap},
    {.name = "CollateralService/MoveStock", .load = documents_load_stock, .decide = collateral_decide_move},
    {.name = "CollateralService/ListCollateral", .query = documents_query_collateral},
    {.name = "CollateralService/ListOrders", .query = documents_query_orders},
    {.name = "CollateralService/GetStockLedger", .query = documents_query_ledger},
    {.name = "CollateralService/GetCollateralCost", .query = documents_query_cost},
};

static const struct follow_row follows[] = {
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
    {"opportunities", &baton__quote_sent__descriptor, documents_load_quote, documents_decide_quote},
    {"contacts", &baton__person_erased__descriptor, NULL, collateral_decide_erased},
};

/* Who works with whom, and what the organisation lets them see. */
static const char *const user_fields[] = {"id", "role", "status", "team_id", "territory_ids", NULL};
static const char *const team_fields[] = {"id", "manager_id", "parent_id", NULL};
static const char *const organisation_fields[] = {"id", "customer_access", NULL};

static const struct copy_row copies[] = {
    {"directory", DOCUMENTS_USER, user_fields, NULL},
    {"directory", DOCUMENTS_TEAM, team_fields, NULL},
    {"directory", DOCUMENTS_ORGANISATION, organisation_fields, NULL},
};

static const struct timer_row timers[] = {
    {DOCUMENTS_UPLOAD, NULL, documents_decide_upload_due},
    {DOCUMENTS_DOCUMENT, documents_load_document_due, documents_decide_document_due},
    {DOCUMENTS_CALENDAR, documents_load_calendar, documents_decide_calendar},
    {DOCUMENTS_ASKING, documents_load_asking, documents_decide_asking},
    {DOCUMENTS_STOCK_BALANCE, documents_load_stock_due, collateral_decide_due},
    {DOCUMENTS_HANDOVER, handover_load, handover_decide_step},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
    {&baton__upload_begun__descriptor, documents_apply_begun},
    {&baton__upload_advanced__descriptor, documents_apply_advanced},
    {&baton__upload_ended__descriptor, documents_apply_ended},
    {&baton__file_stored__descriptor, documents_apply_stored},
    {&baton__document_calendar_moved__descriptor, documents_apply_calendar},
    {&baton__document__descriptor, documents_apply_document},
    {&baton__document_read__descriptor, documents_apply_read},
    {&baton__document_asking_moved__descriptor, documents_apply_asking},
    {&baton__document_sent__descriptor, documents_apply_sent},
    {&baton__document_share_changed__descriptor, documents_apply_share},
    {&baton__stock_changed__descriptor, documents_apply_stock},
    {&baton__person_erased__descriptor, documents_apply_erased},
};

static const struct record_row records[] = {
    {DOCUMENTS_SETTINGS, NULL, NULL},
    {DOCUMENTS_DOCUMENT, documents_check_document, documents_load_days},
    {DOCUMENTS_REVISION, documents_check_revision, NULL},
    {DOCUMENTS_COLLATERAL_ITEM, collateral_check_item, documents_load_item},
    {DOCUMENTS_STOCK_PLACE, collateral_check_place, documents_load_place},
    {DOCUMENTS_COLLATERAL_ORDER, collateral_check_order, NULL},
};

static const struct access_row accesses[] = {
    {.table = DOCUMENTS_DOCUMENT, .reach = documents_row_reach},
    {.table = DOCUMENTS_REVISION, .reach = documents_row_revision_reach},
    {.table = DOCUMENTS_COLLATERAL_ORDER,
     .reach = documents_row_order_reach,
     .stays = collateral_order_stays},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct service_def documents_service = {
    .name = "documents",
    .tables = documents_tables,
    .n_tables = DOCUMENTS_TABLES,
    .form = 1,
    .methods = methods,
    .n_methods = COUNT(methods),
    .follows = follows,
    .n_follows = COUNT(follows),
    .copies = copies,
    .n_copies = COUNT(copies),
    .accesses = accesses,
    .n_accesses = COUNT(accesses),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .state_new = documents_state_new,
    .state_load = documents_state_load,
    .state_free = documents_state_free,
    .upkeep = &documents_upkeep,
    .committed = documents_committed,
    .keeps_files = true,
    .boot_load = documents_load_boot,
    .boot = documents_decide_boot,
};
