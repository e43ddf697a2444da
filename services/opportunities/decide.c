/* Decisions about opportunities: their own rules, and what a converted lead becomes. */
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/opportunities/opportunities.h"

enum { OPPORTUNITY_NAME_MAX = 400 };

/* How likely an opportunity is won, per cent, where nobody says otherwise. */
static const struct {
    Baton__Stage stage;
    uint32_t probability;
} stages[] = {
    {BATON__STAGE__STAGE_PROSPECTING, 10},     {BATON__STAGE__STAGE_QUALIFICATION, 20},
    {BATON__STAGE__STAGE_NEEDS_ANALYSIS, 25},  {BATON__STAGE__STAGE_VALUE_PROPOSITION, 30},
    {BATON__STAGE__STAGE_DECISION_MAKERS, 40}, {BATON__STAGE__STAGE_PERCEPTION_ANALYSIS, 50},
    {BATON__STAGE__STAGE_PROPOSAL, 65},        {BATON__STAGE__STAGE_NEGOTIATION, 80},
    {BATON__STAGE__STAGE_CLOSED_WON, 100},     {BATON__STAGE__STAGE_CLOSED_LOST, 0},
};

uint32_t opportunities_probability(Baton__Stage stage)
{
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (stages[i].stage == stage)
            return stages[i].probability;
    return 0;
}

static bool check_money(const Baton__Money *money, const char *field, struct refusal *no)
{
    if (!money)
        return true;
    const char *code = money->currency_code ? money->currency_code : "";
    if (strlen(code) != 3 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                      "an amount has a currency of three capital letters (like EUR)");
    return true;
}

/* What follows from the stage where the record does not say it itself. */
static void set_defaults(const Baton__Opportunity *before, Baton__Opportunity *o)
{
    /* 2: a new one begins at the beginning */
    if (!o->has_stage || o->stage == BATON__STAGE__STAGE_UNSPECIFIED) {
        o->has_stage = true;
        o->stage = BATON__STAGE__STAGE_PROSPECTING;
    }
    /* 3: the probability is the stage's, until somebody says another; a new stage brings its own again */
    bool moved = before && before->stage != o->stage && before->has_probability == o->has_probability &&
                 before->probability == o->probability;
    if (!o->has_probability || moved) {
        o->has_probability = true;
        o->probability = opportunities_probability(o->stage);
    }
}

bool opportunities_check_opportunity(const void *extra, const ProtobufCMessage *before,
                                     ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    Baton__Opportunity *o = (Baton__Opportunity *)after;
    if (!o)
        return true;
    /* 1: it has a name, without white space around */
    o->name = text_trim(s->arena, o->name);
    if (!o->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "an opportunity has a name");
    set_defaults((const Baton__Opportunity *)before, o);
    /* 4: the day it closes is a day */
    if (o->close_date && *o->close_date && !rfc3339_is_date(o->close_date))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "close_date",
                      "\"%s\" is not a date (they are written like 2026-12-31)", o->close_date);
    /* 5: money has a currency */
    return check_money(o->amount, "amount", &out->no);
}

static char *name_of(const Baton__LeadConverted *e, struct arena *a)
{
    const char *const names[] = {e->opportunity_name,  e->lead->company, e->lead->last_name,
                                 e->lead->first_name,  e->lead->email,   e->lead->phone,
                                 e->lead->mobile_phone};
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
    set_defaults(NULL, o);
    (void)record_created(&o->base, s, out);
    return true;
}
