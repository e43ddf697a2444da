/* Decisions about opportunities: their own rules, and what a converted lead becomes. */
#include <string.h>

#include "base/money.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "services/opportunities/catalogue_rules.h"
#include "services/opportunities/opportunities.h"

enum { OPPORTUNITY_NAME_MAX = 400 };

static bool check_amount(const Baton__Money *amount, struct refusal *no)
{
    /* 5: money has a currency */
    if (!amount || !catalogue_currency(amount->currency_code, "amount", no))
        return !amount;
    /* 6: and is what somebody may pay one day */
    if (amount->minor_units < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "amount", "an amount is not negative");
    if (amount->minor_units > MONEY_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "amount", "an amount has at most %lld minor units",
                      (long long)MONEY_MAX);
    return true;
}

static bool check_settled(const Baton__Opportunity *before, const Baton__Opportunity *o, struct refusal *no)
{
    /* 9: once a quote was accepted, its total is the amount */
    const struct schema_field *amount = schema_field(schema_message(o->base.descriptor), "amount");
    return !before || !before->quote_id || schema_field_equal(&before->base, &o->base, amount) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "amount",
                  "the amount is that of the quote which was accepted");
}

void opportunities_answer(void *record, const ProtobufCMessageDescriptor *answer, struct outcome *out)
{
    ProtobufCMessage *reply = arena_alloc(out->arena, answer->sizeof_message);
    protobuf_c_message_init(answer, reply);
    memcpy((uint8_t *)reply + answer->fields[0].offset, &record, sizeof record);
    out->reply = reply;
}

static Baton__OpportunityNewsKind news_of(const Baton__Opportunity *was, const Baton__Opportunity *o)
{
    if (o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON)
        return BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_WON;
    if (o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST)
        return BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_LOST;
    return opportunities_is_closed(was) ? BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_REOPENED
                                        : BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_MOVED;
}

bool opportunities_check_opportunity(const void *extra, const ProtobufCMessage *before,
                                     ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    Baton__Opportunity *o = (Baton__Opportunity *)after;
    const struct opportunities_facts *f = extra;
    /* 8: shares end with it */
    if (!o) {
        sharing_end(&f->ending, s, out);
        return true;
    }
    /* 1: it has a name, without white space around */
    o->name = text_trim(s->arena, o->name);
    if (!o->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "an opportunity has a name");
    /* 4: the day it closes is a day */
    if (o->close_date && *o->close_date && !rfc3339_is_date(o->close_date))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "close_date",
                      "\"%s\" is not a date (they are written like 2026-12-31)", o->close_date);
    /* 7: it is somebody's who works here, and whoever's makes it where the house does not reach all */
    if (f->left_owner_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "owner_id", "its owner works here no more");
    if (!before)
        sharing_give_owner(f->access, o->created_at, &o->owner_id, s);
    /* 2: it is somewhere (decide_stage.c); 13: one that was deleted returns from where it was, as if it had
       stayed there, or as if it went elsewhere now */
    const Baton__Opportunity *was = (const Baton__Opportunity *)before, *from = was ? was : f->gone;
    if (!check_settled(was, o, &out->no) || !check_amount(o->amount, &out->no) ||
        !opportunities_check_deal(o, s, &out->no) || !opportunities_enter(f, from, o, s, out) ||
        !opportunities_check_outcome(f, from, o, s, &out->no))
        return false;
    /* 12: what the deployment added is what its definitions say */
    if (!custom_check(&f->custom,
                      &(struct custom_change){was ? was->custom : NULL, o->custom, was ? was->n_custom : 0,
                                              o->n_custom},
                      s, out))
        return false;
    /* 10: what is changed has not stalled */
    if (was && was->stalled_at && !schema_equal(before, after))
        o->stalled_at = NULL;
    /* 11: whoever follows it hears of a move */
    if (was && was->stage_key && strcmp(was->stage_key, o->stage_key) != 0)
        (void)opportunities_tell(&f->people, news_of(was, o), o,
                                 opportunities_stage(f->pipeline, o->stage_key), out);
    return true;
}

static char *name_of(const Baton__LeadConverted *e, struct arena *a)
{
    const char *const names[] = {e->opportunity_name, e->lead->company, e->lead->product_interest};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *name = text_trim(a, names[i]);
        if (name)
            return arena_strndup(a, name, text_clip(name, OPPORTUNITY_NAME_MAX));
    }
    return "Unnamed";
}

bool opportunities_decide_converted(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const struct opportunities_converted_facts *f = facts;
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    /* 1: only if one was asked for, and once */
    if (!e->lead || !e->opportunity_id || f->exists)
        return true;
    Baton__Opportunity *o = ARENA_NEW(s->arena, Baton__Opportunity);
    baton__opportunity__init(o);
    o->id = e->opportunity_id;
    o->name = name_of(e, s->arena);
    o->account_id = e->account_id;
    o->contact_id = e->contact_id;
    o->amount = e->amount;
    o->lead_source = e->lead->lead_source;
    o->campaign_id = e->lead->campaign_id;
    o->owner_id = arena_strdup(s->arena, f->owner_id);
    o->lead_id = e->lead_id;
    o->brought_by_id = e->lead->captured_by;
    /* 2: where new ones begin, whatever is asked for there */
    const struct opportunities_facts where = {.pipeline = f->pipeline, .is_forced = true};
    if (!opportunities_enter(&where, NULL, o, s, out))
        return true; /* there is always a default pipeline, and it begins somewhere */
    (void)record_created(&o->base, s, out);
    return true;
}
