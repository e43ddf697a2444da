/* What is known of a lead is put right or completed by whoever works on it. */
#include <string.h>

#include "base/text.h"
#include "services/leads/erase.h"
#include "services/leads/leads.h"

/* They say where a lead came from, or are somebody else's decision. */
static const char *const fixed[] = {"lead_source", "external_id", "campaign_id", "territory_id"};

static bool is_fixed(const struct schema_field *f)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i], f->pb->name) == 0)
            return true;
    return f->rules->output_only;
}

static void share_present(ProtobufCMessage *to, const ProtobufCMessage *from)
{
    const struct schema_message *m = schema_message(to->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (schema_present(from, &m->fields[i]))
            schema_field_share(to, from, &m->fields[i]);
}

/* An address is completed like the lead itself. */
static Baton__Address *address_of(const Baton__Address *before, const Baton__Address *given, struct arena *a)
{
    if (!before || !given)
        return (Baton__Address *)(uintptr_t)(given ? given : before);
    Baton__Address *after = arena_copy(a, before, sizeof *before);
    share_present(&after->base, &given->base);
    return after;
}

/* 4 */
static bool set(Baton__Lead *after, const Baton__Lead *given, struct arena *a, struct refusal *no)
{
    const struct schema_message *m = schema_message(given->base.descriptor);
    Baton__Lead *tidy = leads_tidy(given, a);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (is_fixed(&m->fields[i]) && !m->fields[i].rules->output_only &&
            schema_present(&tidy->base, &m->fields[i]) &&
            !schema_field_equal(&tidy->base, &after->base, &m->fields[i]))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, m->fields[i].pb->name, "cannot be changed");
    tidy->n_flags = 0;
    tidy->address = address_of(after->address, tidy->address, a);
    share_present(&after->base, &tidy->base);
    return true;
}

/* 5 */
static bool clear(Baton__Lead *after, const Baton__UpdateLeadRequest *q, struct refusal *no)
{
    for (size_t i = 0; i < q->n_clear; i++) {
        const struct schema_field *f = schema_field(schema_message(after->base.descriptor), q->clear[i]);
        if (!f || is_fixed(f))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "clear", "there is no field \"%.100s\" to clear",
                          q->clear[i]);
        schema_clear(&after->base, f);
    }
    return true;
}

/* 6: what comes in is taken as it is, but who types is told at once */
static bool is_good(const Baton__Lead *l, const Baton__Lead *before, struct refusal *no)
{
    static const struct {
        const char *field;
        bool (*is_good)(const char *text);
        const char *text;
    } checks[] = {
        {"email", text_is_email, "does not look like an e-mail address"},
        {"phone", text_is_phone, "does not look like a telephone number"},
        {"mobile_phone", text_is_phone, "does not look like a telephone number"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const char *now = schema_get_text(&l->base, checks[i].field);
        const char *was = schema_get_text(&before->base, checks[i].field);
        if (now && (!was || strcmp(now, was) != 0) && !checks[i].is_good(now))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, checks[i].field, "%s", checks[i].text);
    }
    return leads_can_be_reached(l) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "clear", "a lead needs some way to reach somebody");
}

static Baton__LeadUpdated *event_of(const Baton__Lead *before, Baton__Lead *after, struct arena *a)
{
    const struct schema_message *m = schema_message(after->base.descriptor);
    Baton__LeadUpdated *e = ARENA_NEW(a, Baton__LeadUpdated);
    baton__lead_updated__init(e);
    e->lead_id = before->id;
    e->lead = after;
    e->fields = ARENA_ARRAY(a, char *, m->pb->n_fields);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!is_fixed(&m->fields[i]) && !schema_field_equal(&before->base, &after->base, &m->fields[i]))
            e->fields[e->n_fields++] = (char *)(uintptr_t)m->fields[i].pb->name;
    return e;
}

static bool is_settled(const Baton__Lead *l)
{
    return l->has_status && (l->status == BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED ||
                             l->status == BATON__LEAD_STATUS__LEAD_STATUS_MERGED);
}

bool leads_decide_update(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__UpdateLeadRequest *q = (const Baton__UpdateLeadRequest *)c->request;
    /* 1: the holder, the holder's manager, an administrator */
    if (!leads_may_change(f, c, "only who holds the lead or manages its holder can change it", out))
        return false;
    /* 2: what became something else is changed there */
    if (is_settled(f->lead))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                      "the lead has become another record; change that one");
    /* 9: of somebody who was erased nothing is said any more */
    if (!leads_is_somebodys(f->lead, &out->no))
        return false;
    /* 3: nobody changed it since the caller looked */
    if (q->has_revision && q->revision != f->lead->revision)
        return refuse(&out->no, REFUSAL_ABORTED, "revision",
                      "it was changed meanwhile and is at revision %llu now",
                      (unsigned long long)f->lead->revision);
    /* 4: what is present is set, but where it came from; 5: what is named is emptied */
    Baton__Lead *after = leads_copy(f->lead, s->arena);
    if (q->lead && !set(after, q->lead, s->arena, &out->no))
        return false;
    if (!clear(after, q, &out->no) || !is_good(after, f->lead, &out->no))
        return false;
    Baton__UpdateLeadResponse *reply = ARENA_NEW(s->arena, Baton__UpdateLeadResponse);
    baton__update_lead_response__init(reply);
    reply->lead = leads_copy(f->lead, s->arena);
    out->reply = &reply->base;
    const Baton__LeadAssigned *next;
    /* 7: nothing different is nothing */
    Baton__LeadUpdated *e = event_of(f->lead, after, s->arena);
    if (e->n_fields) {
        leads_complete(after);
        leads_locate(f->routing->places, after, s->arena);
        outcome_event(out, e);
        leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
        /* 8: an open lead lies where what it says now puts it */
        if (leads_is_open(reply->lead))
            (void)leads_place_anew(f->routing, reply->lead, f->from, s, out, &next); /* told in the reply */
    }
    leads_say_missing(reply->lead, s->arena);
    return true;
}
