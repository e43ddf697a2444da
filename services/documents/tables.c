/* The tables of documents. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/documents/rows.h"

const struct table_def documents_tables[DOCUMENTS_TABLES] = {
    [DOCUMENTS_SETTINGS] = {"document_settings", &baton__document_settings__descriptor},
    [DOCUMENTS_UPLOAD] = {"upload", &baton__upload__descriptor},
    [DOCUMENTS_FILE] = {"stored_file", &baton__stored_file__descriptor},
    [DOCUMENTS_FILE_HOLDER] = {"file_holder", &baton__file_holder__descriptor},
    [DOCUMENTS_FILE_USAGE] = {"file_usage", &baton__file_usage__descriptor},
    [DOCUMENTS_GONE] = {"gone", &baton__gone_record__descriptor},
    [DOCUMENTS_DOCUMENT] = {"document", &baton__document__descriptor},
    [DOCUMENTS_REVISION] = {"document_revision", &baton__document_revision__descriptor},
    [DOCUMENTS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [DOCUMENTS_USER] = {"user", &baton__user__descriptor},
    [DOCUMENTS_TEAM] = {"team", &baton__team__descriptor},
    [DOCUMENTS_CALENDAR] = {"document_calendar", &baton__document_calendar__descriptor},
    [DOCUMENTS_READING] = {"document_reading", &baton__document_reading__descriptor},
    [DOCUMENTS_ASKING] = {"document_asking", &baton__document_asking__descriptor},
    [DOCUMENTS_SHARE] = {"document_share", &baton__document_share__descriptor},
    [DOCUMENTS_SHARE_VIEW] = {"document_share_view", &baton__document_share_view__descriptor},
    [DOCUMENTS_SHARE_PASSWORD] = {"document_share_password", &baton__document_share_password__descriptor},
    [DOCUMENTS_COLLATERAL_ITEM] = {"collateral_item", &baton__collateral_item__descriptor},
    [DOCUMENTS_STOCK_PLACE] = {"stock_place", &baton__stock_place__descriptor},
    [DOCUMENTS_COLLATERAL_ORDER] = {"collateral_order", &baton__collateral_order__descriptor},
    [DOCUMENTS_STOCK_BALANCE] = {"stock_balance", &baton__stock_balance__descriptor},
    [DOCUMENTS_STOCK_MOVE] = {"stock_move", &baton__stock_move__descriptor},
    [DOCUMENTS_BACK_ORDER] = {"back_order", &baton__back_order__descriptor},
    [DOCUMENTS_COLLATERAL_COST] = {"collateral_cost", &baton__collateral_cost__descriptor},
    [DOCUMENTS_PIN] = {"document_pin", &baton__document_pin__descriptor},
    [DOCUMENTS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
};
