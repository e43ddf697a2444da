/* The tables of opportunities. */
#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/demand.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/forecast.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/opportunities/rows.h"

const struct table_def opportunities_tables[OPPORTUNITIES_TABLES] = {
    [OPPORTUNITIES_OPPORTUNITY] = {"opportunity", &baton__opportunity__descriptor},
    [OPPORTUNITIES_PRODUCT] = {"product", &baton__product__descriptor},
    [OPPORTUNITIES_HANDOVER] = {"handover", &baton__handover__descriptor},
    [OPPORTUNITIES_GONE] = {"gone", &baton__gone_record__descriptor},
    [OPPORTUNITIES_PRICE_BOOK] = {"price_book", &baton__price_book__descriptor},
    [OPPORTUNITIES_ENTRY] = {"price_book_entry", &baton__price_book_entry__descriptor},
    [OPPORTUNITIES_OFFER] = {"offer", &baton__offer__descriptor},
    [OPPORTUNITIES_RATE] = {"currency_rate", &baton__currency_rate__descriptor},
    [OPPORTUNITIES_LIMIT] = {"discount_limit", &baton__discount_limit__descriptor},
    [OPPORTUNITIES_TAX] = {"tax_rate", &baton__tax_rate__descriptor},
    [OPPORTUNITIES_PIPELINE] = {"pipeline", &baton__pipeline__descriptor},
    [OPPORTUNITIES_ESTIMATE] = {"estimate", &baton__estimate__descriptor},
    [OPPORTUNITIES_CARD] = {"board_card", &baton__board_card__descriptor},
    [OPPORTUNITIES_SUM] = {"board_sum", &baton__board_sum__descriptor},
    [OPPORTUNITIES_USER] = {"user", &baton__user__descriptor},
    [OPPORTUNITIES_TEAM] = {"team", &baton__team__descriptor},
    [OPPORTUNITIES_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [OPPORTUNITIES_CUSTOM_FIELD] = {"custom_field", &baton__custom_field__descriptor},
    [OPPORTUNITIES_CLOCK] = {"deal_clock", &baton__deal_clock__descriptor},
    [OPPORTUNITIES_CLOCK_SWEEP] = {"clock_sweep", &baton__clock_sweep__descriptor},
    [OPPORTUNITIES_STALLED] = {"stalled_deal", &baton__stalled_deal__descriptor},
    [OPPORTUNITIES_FOLLOWER] = {"deal_follower", &baton__deal_follower__descriptor},
    [OPPORTUNITIES_SHARE] = {"opportunity_share", &baton__opportunity_share__descriptor},
    [OPPORTUNITIES_RETIREMENT] = {"stage_retirement", &baton__stage_retirement__descriptor},
    [OPPORTUNITIES_QUOTE] = {"quote", &baton__quote__descriptor},
    [OPPORTUNITIES_QUOTE_LINK] = {"quote_link", &baton__quote_link__descriptor},
    [OPPORTUNITIES_TERRITORY] = {"territory", &baton__territory__descriptor},
    [OPPORTUNITIES_QUOTA] = {"quota", &baton__quota__descriptor},
    [OPPORTUNITIES_LEVEL] = {"forecast_level", &baton__forecast_level__descriptor},
    [OPPORTUNITIES_ITEM] = {"forecast_item", &baton__forecast_item__descriptor},
    [OPPORTUNITIES_SPELL] = {"forecast_spell", &baton__forecast_spell__descriptor},
    [OPPORTUNITIES_OUTCOME] = {"forecast_outcome", &baton__forecast_outcome__descriptor},
    [OPPORTUNITIES_AMOUNT] = {"forecast_amount", &baton__forecast_amount__descriptor},
    [OPPORTUNITIES_PLACE] = {"forecast_place", &baton__forecast_place__descriptor},
    [OPPORTUNITIES_ADJUSTMENT] = {"forecast_adjustment", &baton__forecast_adjustment__descriptor},
    [OPPORTUNITIES_QUOTA_VERSION] = {"quota_version", &baton__quota_version__descriptor},
    [OPPORTUNITIES_MEASURED] = {"analysis_item", &baton__analysis_item__descriptor},
    [OPPORTUNITIES_MEASURE] = {"analysis_sum", &baton__analysis_sum__descriptor},
    [OPPORTUNITIES_PLAN_TEMPLATE] = {"plan_template", &baton__plan_template__descriptor},
    [OPPORTUNITIES_PLAN] = {"plan", &baton__plan__descriptor},
    [OPPORTUNITIES_WAREHOUSE] = {"warehouse", &baton__warehouse__descriptor},
    [OPPORTUNITIES_DEMAND_PLAN] = {"demand_plan", &baton__demand_plan__descriptor},
    [OPPORTUNITIES_DEMAND_ROW] = {"demand_row", &baton__demand_row__descriptor},
    [OPPORTUNITIES_PLAN_LOOK] = {"plan_look", &baton__plan_look__descriptor},
    [OPPORTUNITIES_ACTIVITY] = {"analysis_activity", &baton__analysis_activity__descriptor},
    [OPPORTUNITIES_LEAD] = {"analysis_lead", &baton__analysis_lead__descriptor},
    [OPPORTUNITIES_WEEK] = {"adoption_week", &baton__adoption_week__descriptor},
    [OPPORTUNITIES_DASHBOARD] = {"dashboard", &baton__dashboard__descriptor},
    [OPPORTUNITIES_ACCOUNT] = {"account", &baton__account__descriptor},
    [OPPORTUNITIES_CONTACT] = {"contact", &baton__contact__descriptor},
    [OPPORTUNITIES_DOCUMENT] = {"document", &baton__document__descriptor},
    [OPPORTUNITIES_CATALOGUE_LINK] = {"catalogue_link", &baton__catalogue_link__descriptor},
};
