/* The documents service as a table. */
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
};

static const struct timer_row timers[] = {
    {DOCUMENTS_UPLOAD, NULL, documents_decide_upload_due},
};

static const struct apply_row applies[] = {
    {&baton__upload_begun__descriptor, documents_apply_begun},
    {&baton__upload_advanced__descriptor, documents_apply_advanced},
    {&baton__upload_ended__descriptor, documents_apply_ended},
    {&baton__file_stored__descriptor, documents_apply_stored},
};

static const struct record_row records[] = {
    {DOCUMENTS_SETTINGS, NULL, NULL},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct service_def documents_service = {
    .name = "documents",
    .tables = documents_tables,
    .n_tables = DOCUMENTS_TABLES,
    .methods = methods,
    .n_methods = COUNT(methods),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .state_new = documents_state_new,
    .state_load = documents_state_load,
    .state_free = documents_state_free,
    .committed = documents_committed,
    .keeps_files = true,
    .boot_load = documents_load_boot,
    .boot = documents_decide_boot,
};
