/* A lead comes in: made tidy, stored for good, handed to somebody in the same breath. */
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

/* At most one for each field, and one for each check. */
enum { FLAGS_MAX = 64, KEY_SOURCE_MAX = 100, KEY_ID_MAX = 200 };

static void flag(Baton__Lead *l, char *text)
{
    if (l->n_flags < FLAGS_MAX)
        l->flags[l->n_flags++] = text;
}

static size_t longest(const struct schema_field *f)
{
    return f->rules->has_max_length ? f->rules->max_length : SCHEMA_TEXT_MAX;
}

static void tidy_text(ProtobufCMessage *m, const struct schema_field *f, Baton__Lead *l, struct arena *a)
{
    const char *name = f->pb->name;
    char *text = text_trim(a, schema_text_of(m, f));
    size_t n = text ? text_clip(text, longest(f)) : 0;
    if (text && text[n]) {
        flag(l, arena_printf(a, "%s was longer than %zu bytes and was cut; the original is kept whole", name,
                             longest(f)));
        text[n] = '\0';
    }
    schema_set_text(m, name, text);
}

static void tidy_texts(ProtobufCMessage *m, Baton__Lead *l, struct arena *a)
{
    const struct schema_message *s = schema_message(m->descriptor);
    for (unsigned i = 0; i < s->pb->n_fields; i++) {
        const struct schema_field *f = &s->fields[i];
        if (f->pb->type == PROTOBUF_C_TYPE_STRING && f->pb->label != PROTOBUF_C_LABEL_REPEATED &&
            schema_present(m, f))
            tidy_text(m, f, l, a);
    }
}

static bool is_website(const char *s)
{
    return !strpbrk(s, " \t\r\n") && strchr(s, '.') != NULL;
}

/* What looks odd is said, never refused. */
static void flag_odd(Baton__Lead *l, struct arena *a)
{
    const struct {
        bool odd;
        const char *text;
    } checks[] = {
        {l->email && !text_is_email(l->email), "the e-mail address looks wrong"},
        {l->phone && !text_is_phone(l->phone), "the telephone number looks wrong"},
        {l->mobile_phone && !text_is_phone(l->mobile_phone), "the mobile telephone number looks wrong"},
        {l->website && !is_website(l->website), "the website looks wrong"},
        {l->has_annual_revenue && l->annual_revenue < 0, "the annual revenue is below zero"},
        {l->has_number_of_employees && l->number_of_employees < 0, "the number of employees is below zero"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i].odd)
            flag(l, arena_strdup(a, checks[i].text));
}

Baton__Lead *leads_tidy(const Baton__Lead *lead, struct arena *a)
{
    Baton__Lead *l = leads_copy(lead, a);
    schema_drop_output_only(&l->base);
    l->flags = ARENA_ARRAY(a, char *, FLAGS_MAX);
    tidy_texts(&l->base, l, a);
    if (l->address) {
        l->address = arena_copy(a, l->address, sizeof *l->address);
        tidy_texts(&l->address->base, l, a);
    }
    flag_odd(l, a);
    return l;
}

static char *key_part(const char *s, size_t most, struct arena *a)
{
    char *text = text_trim(a, s);
    if (text)
        text[text_clip(text, most)] = '\0';
    return text;
}

char *leads_external_key(const Baton__Lead *lead, struct arena *a)
{
    const char *id = key_part(lead->external_id, KEY_ID_MAX, a);
    const char *source = key_part(lead->lead_source, KEY_SOURCE_MAX, a);
    return id ? arena_printf(a, "%s|%s", source ? source : "", id) : NULL;
}

bool leads_can_be_reached(const Baton__Lead *l)
{
    const char *ways[] = {l->email, l->phone, l->mobile_phone, l->website, l->company};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i])
            return true;
    return l->address && l->address->street && l->address->city;
}

Baton__Original *leads_original(const Baton__Original *given, const struct command *c, struct arena *a)
{
    const Baton__Original *from = given ? given : c->original;
    if (from)
        return arena_copy(a, from, sizeof *from);
    Baton__Original *o = ARENA_NEW(a, Baton__Original);
    baton__original__init(o);
    o->content_type = arena_strdup(a, "application/proto");
    o->has_body = true;
    o->body.len = c->wire.size;
    o->body.data = (uint8_t *)(uintptr_t)c->wire.data;
    return o;
}

static void reject(Baton__Lead *l, Baton__Original *original, const char *why, struct stamp *s,
                   struct outcome *out)
{
    Baton__LeadRejected *e = ARENA_NEW(s->arena, Baton__LeadRejected);
    baton__lead_rejected__init(e);
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_REJECTED;
    l->status_reason = arena_strdup(s->arena, why);
    e->lead = l;
    e->original = original;
    outcome_event(out, e);
}

static Baton__Lead *join(const Baton__Lead *l, const Baton__Lead *same, struct stamp *s, struct outcome *out)
{
    Baton__Lead *now = leads_copy(l, s->arena);
    char **ids = ARENA_ARRAY(s->arena, char *, 1);
    ids[0] = l->id;
    char *reason = arena_printf(s->arena, "It came with the same e-mail address or telephone number%s.",
                                l->message ? ", and brings a new message" : "");
    Baton__LeadsMerged *e = leads_merging(same, ids, 1, reason, s->arena);
    outcome_event(out, e);
    leads_evolve(now, &e->base, s->now_us, s->arena);
    return now;
}

Baton__Lead *leads_take_in(Baton__Lead *l, Baton__Original *original, const char *rejected,
                           const struct leads_capture_facts *f, struct stamp *s, struct outcome *out)
{
    const struct leads_routing *r = f->routing;
    l->id = stamp_id(s);
    l->has_revision = l->has_status = true;
    l->revision = 1;
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_NEW;
    l->received_at = timestamp_of(s->arena, s->now_us);
    l->updated_at = timestamp_of(s->arena, s->now_us);
    if (!l->captured_by)
        l->captured_by = arena_strdup(s->arena, s->actor->user_id);
    if (!l->external_key)
        l->external_key = leads_external_key(l, s->arena);
    leads_complete(l);
    leads_locate(r->places, l, s->arena);
    /* 7: where it lies is said before anybody is chosen, and kept with it */
    leads_territories_place(r->territories, l, s->arena);
    const Baton__Lead *same = rejected ? NULL : leads_match(&f->known, r, l, s->arena);
    leads_score(r->score, l, s->arena);
    /* 5: a lead that offers no way to reach anybody is kept, and rejected */
    if (!rejected && !leads_can_be_reached(l))
        rejected =
            "it offers no way to reach anybody: no e-mail address, telephone number, website, company or "
            "postal address";
    if (rejected) {
        reject(l, original, rejected, s, out);
        return l;
    }
    Baton__LeadCaptured *e = ARENA_NEW(s->arena, Baton__LeadCaptured);
    baton__lead_captured__init(e);
    e->lead = l;
    e->original = original;
    outcome_event(out, e);
    /* 10: what is certainly of a customer who has an open lead becomes part of that one */
    if (same)
        return join(l, same, s, out);
    /* 6: everything else has a holder before anybody gets an answer */
    Baton__LeadAssigned *given = leads_route(r, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, s);
    outcome_event(out, given);
    leads_tell_skipped(r, given, s, out);
    Baton__Lead *now = leads_copy(l, s->arena);
    leads_evolve(now, &given->base, s->now_us, s->arena);
    return now;
}

/* Somebody who may not see the lead that came with this key before learns that it is there, and no more. */
static Baton__Lead *outline(const Baton__Lead *l, struct arena *a)
{
    Baton__Lead *o = ARENA_NEW(a, Baton__Lead);
    baton__lead__init(o);
    o->id = l->id;
    o->received_at = l->received_at;
    o->lead_source = l->lead_source;
    o->external_id = l->external_id;
    return o;
}

bool leads_decide_capture(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_capture_facts *f = facts;
    const Baton__CaptureLeadRequest *q = (const Baton__CaptureLeadRequest *)c->request;
    Baton__CaptureLeadResponse *reply = ARENA_NEW(s->arena, Baton__CaptureLeadResponse);
    baton__capture_lead_response__init(reply);
    out->reply = &reply->base;
    /* 1: nothing is taken in before it is known who works here */
    if (!f->routing->ready)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "Baton is still starting; try again");
    /* 2: there is a lead in the request */
    if (!q->lead)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lead", "is missing");
    /* 3: the same key from the same source is the same lead */
    if (f->same_key) {
        reply->lead = leads_may_see(c->actor, f->same_key, &f->scope) ? leads_copy(f->same_key, s->arena)
                                                                      : outline(f->same_key, s->arena);
        reply->lead = leads_partner_view(c->actor, reply->lead, s->arena);
        reply->has_repeated_lead = reply->repeated_lead = true;
        return true;
    }
    /* 4: texts are trimmed and cut, odd things flagged */
    Baton__Lead *l = leads_tidy(q->lead, s->arena);
    /* 8: a partner's lead says so */
    leads_mark_partner(l, c->actor, s->arena);
    l = leads_take_in(l, leads_original(q->original, c, s->arena), NULL, f, s, out);
    /* 9: who only brings in what lies about already says nothing of it */
    if (q->acknowledge)
        leads_acknowledge(f->routing, l, s, out);
    reply->lead = leads_partner_view(c->actor, l, s->arena);
    return true;
}
