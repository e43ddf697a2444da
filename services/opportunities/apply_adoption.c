/* What users did, by weeks where they were; what was done before that was told apart, by weeks of UTC: the
   log says again what it said. */
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/rows.h"

static const int64_t DAY_US = INT64_C(86400000000);

static char zone_rule[] = "zone";

bool opportunities_weeks_are_zoned(struct load *l)
{
    return table_get_id(l->txn, OPPORTUNITIES_ADOPTION_RULE, zone_rule, l->arena) != NULL;
}

void opportunities_apply_zoned(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__AdoptionRule row = BATON__ADOPTION_RULE__INIT;
    (void)payload; /* that it was said is all */
    row.name = zone_rule;
    table_put(ap->txn, OPPORTUNITIES_ADOPTION_RULE, &row, ap->seq, ap->arena);
}

static void note(struct apply *ap, const Baton__ActionNoted *e)
{
    struct load l = {.txn = ap->txn, .arena = ap->arena};
    struct civil_zone *zone =
        opportunities_weeks_are_zoned(&l) ? opportunities_user_zone(&l, e->user_id) : NULL;
    const uint64_t number = adoption_week(zone, e->at_us);
    struct key key = key_of(e->user_id);
    key_u64(&key, number);
    civil_zone_free(zone);
    const Baton__AdoptionWeek *before = table_get(ap->txn, OPPORTUNITIES_WEEK, &key, ap->arena);
    Baton__AdoptionWeek *week = before ? (Baton__AdoptionWeek *)schema_copy(&before->base, ap->arena)
                                       : ARENA_NEW(ap->arena, Baton__AdoptionWeek);
    if (!before) {
        baton__adoption_week__init(week);
        week->user_id = e->user_id;
        week->has_week = true;
        week->week = number;
    }
    adoption_count(week, e, ap->arena);
    table_replace(ap->txn, OPPORTUNITIES_WEEK, before, week, ap->seq, ap->arena);
}

void opportunities_apply_noted(struct apply *ap, const ProtobufCMessage *payload)
{
    note(ap, (const Baton__ActionNoted *)payload);
}

/* Of a deal that closes with this change: how long after the day it was to. */
static void say_late(const struct apply *ap, const ProtobufCMessage *payload, Baton__ActionNoted *e)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)payload;
    struct civil day;
    bool is_date;
    if (payload->descriptor != &baton__opportunity__descriptor || !o->closed_at ||
        timestamp_us(o->closed_at) != ap->time_us || !o->close_date ||
        !civil_parse(o->close_date, &day, &is_date))
        return;
    e->has_late_hours = true;
    e->late_hours = analysis_hours(ap->time_us - civil_seconds(&day) * 1000000 - DAY_US);
}

void opportunities_apply_action(struct apply *ap, const ProtobufCMessage *payload)
{
    const bool deal = payload->descriptor == &baton__opportunity__descriptor;
    const unsigned table = deal ? OPPORTUNITIES_OPPORTUNITY : OPPORTUNITIES_QUOTE;
    const Baton__Actor *by = ap->actor;
    Baton__ActionNoted e = BATON__ACTION_NOTED__INIT;
    if (!by || !by->user_id || !*by->user_id || by->role == BATON__ROLE__ROLE_SYSTEM ||
        !table_get_id(ap->txn, table, schema_get_text(payload, "id"), ap->arena))
        return;
    e.user_id = by->user_id;
    e.type = deal ? "opportunity" : "quote";
    e.created = schema_get_int(payload, "revision") == 1;
    e.at_us = ap->time_us;
    adoption_complete(payload, &e.asked, &e.filled);
    say_late(ap, payload, &e);
    note(ap, &e);
}
