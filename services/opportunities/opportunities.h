/* Opportunities: the pipeline and the catalogue. This header is what decisions see; rows.h is what reads
 * rows. */
#ifndef BATON_OPPORTUNITIES_H
#define BATON_OPPORTUNITIES_H

#include "baton/v1/opportunities.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/pipeline.h"

struct service_def;
extern const struct service_def opportunities_service;

enum opportunities_table {
    OPPORTUNITIES_OPPORTUNITY,
    OPPORTUNITIES_PRODUCT,
    OPPORTUNITIES_HANDOVER,
    OPPORTUNITIES_GONE,
    OPPORTUNITIES_PRICE_BOOK,
    OPPORTUNITIES_ENTRY,
    OPPORTUNITIES_OFFER,
    OPPORTUNITIES_RATE,
    OPPORTUNITIES_LIMIT,
    OPPORTUNITIES_TAX,
    OPPORTUNITIES_PIPELINE,
    OPPORTUNITIES_ESTIMATE,
    OPPORTUNITIES_CARD,
    OPPORTUNITIES_SUM,
    OPPORTUNITIES_RETIREMENT,
    OPPORTUNITIES_USER,
    OPPORTUNITIES_TEAM,
    OPPORTUNITIES_ORGANISATION,
    OPPORTUNITIES_CUSTOM_FIELD,
    OPPORTUNITIES_SHARE,
    OPPORTUNITIES_QUOTE,
    OPPORTUNITIES_QUOTE_LINK,
    OPPORTUNITIES_CLOCK,
    OPPORTUNITIES_CLOCK_SWEEP,
    OPPORTUNITIES_STALLED,
    OPPORTUNITIES_FOLLOWER,
    OPPORTUNITIES_TERRITORY,
    OPPORTUNITIES_QUOTA,
    OPPORTUNITIES_LEVEL,
    OPPORTUNITIES_ITEM,
    OPPORTUNITIES_SPELL,
    OPPORTUNITIES_OUTCOME,
    OPPORTUNITIES_AMOUNT,
    OPPORTUNITIES_PLACE,
    OPPORTUNITIES_ADJUSTMENT,
    OPPORTUNITIES_QUOTA_VERSION,
    OPPORTUNITIES_MEASURED,
    OPPORTUNITIES_MEASURE,
    OPPORTUNITIES_PLAN_TEMPLATE,
    OPPORTUNITIES_PLAN,
    OPPORTUNITIES_WAREHOUSE,
    OPPORTUNITIES_DEMAND_PLAN,
    OPPORTUNITIES_DEMAND_ROW,
    OPPORTUNITIES_PLAN_LOOK,
    OPPORTUNITIES_ACTIVITY,
    OPPORTUNITIES_LEAD,
    OPPORTUNITIES_WEEK,
    OPPORTUNITIES_DASHBOARD,
    OPPORTUNITIES_ACCOUNT,
    OPPORTUNITIES_CONTACT,
    OPPORTUNITIES_DOCUMENT,
    OPPORTUNITIES_CATALOGUE_LINK,
    OPPORTUNITIES_RECORD_SHARE,
    OPPORTUNITIES_ADOPTION_RULE,
    OPPORTUNITIES_QUOTE_ERASURE,
    OPPORTUNITIES_TABLES
};

struct opportunities_converted_facts {
    bool exists;
    const char *owner_id;            /* of what is made: the lead's, or the successor of one who has left */
    const Baton__Pipeline *pipeline; /* the default one */
};

/* On struct opportunities_facts. */
record_check_fn opportunities_check_opportunity;
/* Who works on it, whom they talk to, who else sells (decide_deal.c). */
bool opportunities_check_deal(Baton__Opportunity *o, struct stamp *s, struct refusal *no);
/* Of what partners may read, the fields that are theirs to see; everybody else sees all. */
bool opportunities_shows(const Baton__Actor *actor, const struct schema_field *f);
/* The answer: a message of this type whose first field is the record. */
void opportunities_answer(void *record, const ProtobufCMessageDescriptor *answer, struct outcome *out);
/* A lead became an opportunity. */
decide_fn opportunities_decide_converted;

#endif
