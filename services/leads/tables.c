/* The tables of the leads service. */
#include "services/leads/rows.h"

const struct table_def leads_tables[LEADS_TABLES] = {
    [LEADS_LEAD] = {"lead", &baton__lead__descriptor},
    [LEADS_DECISION] = {"decision", &baton__decision_place__descriptor},
    [LEADS_POLICY] = {"policy", &baton__policy__descriptor},
    [LEADS_POOL] = {"pool", &baton__pool__descriptor},
    [LEADS_POOL_VERSION] = {"pool_version", &baton__pool_version__descriptor},
    [LEADS_SHARE] = {"share", &baton__share__descriptor},
    [LEADS_POOL_CLOCK] = {"pool_clock", &baton__pool_clock__descriptor},
    [LEADS_HOLDING] = {"holding", &baton__holding__descriptor},
    [LEADS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [LEADS_CUSTODY] = {"custody", &baton__custody__descriptor},
    [LEADS_LEAD_FORM] = {"lead_form", &baton__lead_form__descriptor},
    [LEADS_USER] = {"user", &baton__user__descriptor},
    [LEADS_TEAM] = {"team", &baton__team__descriptor},
    [LEADS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
};
