/* The directory as a table: method -> load and decide, or query. */
#include <stdlib.h>

#include "services/directory/rows.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct method_row methods[] = {
    {.name = "DirectoryService/GetMe", .query = directory_query_me},
    {.name = "DirectoryService/CompleteSetup",
     .load = directory_load_setup,
     .decide = directory_decide_setup,
     .slow = &directory_slow_setup},
    {.name = "DirectoryService/SignIn",
     .load = directory_load_by_email,
     .decide = directory_decide_sign_in,
     .slow = &directory_slow_sign_in},
    {.name = "DirectoryService/SignOut", .load = directory_load_session, .decide = directory_decide_sign_out},
    {.name = "DirectoryService/SetPassword",
     .load = directory_load_target,
     .decide = directory_decide_set_password,
     .slow = &directory_slow_set_password},
    {.name = "DirectoryService/UpdateProfile",
     .load = directory_load_own,
     .decide = directory_decide_update_profile},
    {.name = "DirectoryService/DeactivateUser",
     .load = directory_load_target,
     .decide = directory_decide_deactivate},
    {.name = "DirectoryService/CreateToken",
     .load = directory_load_target,
     .decide = directory_decide_create_token},
    {.name = "DirectoryService/RevokeToken",
     .load = directory_load_token,
     .decide = directory_decide_revoke_token},
    {.name = "DirectoryService/ListTokens", .query = directory_query_tokens},
    {.name = "DirectoryService/ListSessions", .query = directory_query_sessions},
    {.name = "DirectoryService/EndSession",
     .load = directory_load_sessions,
     .decide = directory_decide_end_session},
    {.name = "DirectoryService/CopyTerritoryModel",
     .load = directory_load_model,
     .decide = directory_decide_copy_model},
    {.name = "DirectoryService/SwitchTerritoryModel",
     .load = directory_load_model,
     .decide = directory_decide_switch_model},
    {.name = "DirectoryService/Authenticate", .query = directory_query_authenticate},
};

static const struct timer_row timers[] = {
    {DIRECTORY_CREDENTIAL, NULL, directory_decide_expired},
    {DIRECTORY_TERRITORY_MODEL_TIMER, directory_load_model_due, directory_decide_model_due},
};

static const struct apply_row applies[] = {
    {&baton__credential_issued__descriptor, directory_apply_issued},
    {&baton__credential_revoked__descriptor, directory_apply_revoked},
    {&baton__credentials_used__descriptor, directory_apply_used},
    {&baton__password_set__descriptor, directory_apply_password},
    {&baton__territory_model__descriptor, directory_apply_model},
};

static const struct gathered_row gathered = {directory_uses_due, directory_load_uses, directory_decide_uses};

static const struct record_row records[] = {
    {DIRECTORY_ORGANISATION, directory_check_organisation, directory_load_organisation},
    {DIRECTORY_USER, directory_check_user, directory_load_user},
    {DIRECTORY_TEAM, directory_check_team, directory_load_team},
    {DIRECTORY_TERRITORY, directory_check_territory, directory_load_territory},
    {DIRECTORY_TERRITORY_MODEL, directory_check_model, directory_load_model_use},
};

const struct service_def directory_service = {
    .name = "directory",
    .tables = directory_tables,
    .n_tables = DIRECTORY_TABLES,
    .form = 1,
    .methods = methods,
    .n_methods = COUNT(methods),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .gathered = &gathered,
    .state_new = directory_uses_new,
    .state_free = free,
    .boot_load = directory_load_boot,
    .boot = directory_decide_boot,
};
