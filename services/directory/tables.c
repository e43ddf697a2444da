/* The directory's tables. */
#include "services/directory/rows.h"

const struct table_def directory_tables[DIRECTORY_TABLES] = {
    [DIRECTORY_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [DIRECTORY_USER] = {"user", &baton__user__descriptor},
    [DIRECTORY_TEAM] = {"team", &baton__team__descriptor},
    [DIRECTORY_TERRITORY] = {"territory", &baton__territory__descriptor},
    [DIRECTORY_TERRITORY_MODEL] = {"territory_model", &baton__territory_model__descriptor},
    [DIRECTORY_TERRITORY_MODEL_TIMER] = {"territory_model_timer", &baton__territory_model_timer__descriptor},
    [DIRECTORY_PASSWORD] = {"password", &baton__password__descriptor},
    [DIRECTORY_CREDENTIAL] = {"credential", &baton__credential__descriptor},
    [DIRECTORY_GONE] = {"gone", &baton__gone_record__descriptor},
};
