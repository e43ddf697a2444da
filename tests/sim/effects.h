/* What rows of effects.c are made of. */
#ifndef BATON_SIM_EFFECTS_H
#define BATON_SIM_EFFECTS_H

#include "baton/v1/event.pb-c.h"

enum { EXPECTED_MAX = 4096 };

/* Something that is expected, or was found: what, and about whom. */
struct effect {
    const char *what, *id;
};
struct effect_list {
    struct effect items[EXPECTED_MAX];
    size_t n;
};

/* Nothing where `id` is NULL. */
void effects_add(struct effect_list *l, const char *what, const char *id);
/* Of the record, with its type; both NULL: none. */
const char *effects_changed_id(const Baton__RecordChanged *e, const char **type);

/* What is expected of an event, or found in one. effects_known.c. */
typedef void effects_fn(const Baton__Event *e, struct effect_list *l);
effects_fn effects_leads_copies, effects_accounts_copies, effects_notifications_copies, effects_places_copies,
    effects_fields_copies, effects_documents_copies, effects_copies_found, effects_left_expected,
    effects_left_found, effects_people_expected, effects_sellers_expected, effects_people_found,
    effects_mentioned_expected, effects_mentioned_found, effects_reminded_expected, effects_reminded_found;

effects_fn effects_activities_expected, effects_activities_found, effects_leads_counted_expected,
    effects_leads_counted_found;

void effects_deal_news_expected(const Baton__Event *e, struct effect_list *l);
void effects_deal_news_found(const Baton__Event *e, struct effect_list *l);
void effects_document_news_expected(const Baton__Event *e, struct effect_list *l);
void effects_document_news_found(const Baton__Event *e, struct effect_list *l);
effects_fn effects_collateral_expected, effects_collateral_found;

#endif
