/* Decisions about documents themselves: what they say, when they end, and what keeps them. */
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/documents/documents.h"

static const int64_t DAY_S = 24 * 3600;

/* 1: what is a day is one */
static bool check_days(const Baton__Document *d, struct refusal *no)
{
    const struct {
        const char *field, *day;
    } days[] = {
        {"effective_on", d->effective_on}, {"expires_on", d->expires_on},     {"renewal_on", d->renewal_on},
        {"notice_on", d->notice_on},       {"retain_until", d->retain_until},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (days[i].day && !rfc3339_is_date(days[i].day))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, days[i].field,
                          "\"%s\" is not a date (they are written like 2026-12-31)", days[i].day);
    /* 2: it does not end before it begins; days compare as texts */
    if (d->effective_on && d->expires_on && strcmp(d->expires_on, d->effective_on) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "expires_on", "it would expire before it is effective");
    return true;
}

static void today(const struct stamp *s, char day[RFC3339_SIZE])
{
    (void)rfc3339_format(day, s->now_us / 1000000, 0); /* the clock is within its years */
    day[10] = '\0';
}

/* When the day is over, in UTC. */
static int64_t over_us(const char *day)
{
    char text[32];
    int64_t seconds = 0;
    int32_t nanos;
    (void)snprintf(text, sizeof text, "%.10sT00:00:00Z", day); /* fits */
    return rfc3339_parse(text, &seconds, &nanos) ? (seconds + DAY_S) * 1000000 : 0;
}

static bool is_over(const char *day, const struct stamp *s)
{
    return day && over_us(day) <= s->now_us;
}

/* 3: what it is follows from what it has */
static void set_status(Baton__Document *d, const struct stamp *s)
{
    bool is_expired = is_over(d->expires_on, s);
    d->has_status = true;
    d->status = d->superseded_by_id ? BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_SUPERSEDED
                : is_expired        ? BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_EXPIRED
                : d->current_number ? BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE
                                    : BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_DRAFT;
    d->has_due_us = d->expires_on && !is_expired;
    d->due_us = d->has_due_us ? over_us(d->expires_on) : 0;
}

void documents_refresh(Baton__Document *d, const struct stamp *s)
{
    set_status(d, s);
}

static bool is_manager(const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_MANAGER) ||
           actor_is(actor, BATON__ROLE__ROLE_SYSTEM);
}

static bool may_go(const Baton__Document *d, const struct stamp *s, struct refusal *no)
{
    char day[RFC3339_SIZE];
    today(s, day);
    /* 4: what somebody may have to show one day stays */
    if (d->legal_hold)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "it is under a legal hold");
    if (d->retain_until && strcmp(day, d->retain_until) <= 0)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "it is to be kept until %s", d->retain_until);
    return true;
}

/* 5: a hold is set and lifted, and a retention made shorter, by those who answer for it */
static bool check_keeping(const Baton__Document *before, const Baton__Document *d, const struct stamp *s,
                          struct refusal *no)
{
    bool held = before && before->legal_hold;
    const char *until = before ? before->retain_until : NULL;
    bool is_shorter = until && (!d->retain_until || strcmp(d->retain_until, until) < 0);
    if (held != (bool)d->legal_hold && !is_manager(s->actor))
        return refuse(no, REFUSAL_PERMISSION_DENIED, "legal_hold",
                      "only managers and administrators set and lift legal holds");
    if (is_shorter && !is_manager(s->actor))
        return refuse(no, REFUSAL_PERMISSION_DENIED, "retain_until",
                      "only managers and administrators let it go sooner");
    return true;
}

bool documents_check_document(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                              struct stamp *s, struct outcome *out)
{
    const Baton__Document *was = (const Baton__Document *)before;
    Baton__Document *d = (Baton__Document *)after;
    const struct documents_calendar_facts *f = extra;
    if (!d && f->is_sent)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "it was sent: what somebody else has of it is kept");
    if (!d)
        return may_go(was, s, &out->no);
    d->title = text_tidy(s->arena, d->title);
    if (!d->title)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "title", "a document has a title");
    if (!check_days(d, &out->no) || !check_keeping(was, d, s, &out->no))
        return false;
    if (!d->has_type || d->type == BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_UNSPECIFIED) {
        d->has_type = true;
        d->type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_OTHER;
    }
    /* 6: whoever makes it owns it, if nobody else is said to */
    if (!was && !d->created_at && !d->owner_id && s->actor->user_id)
        d->owner_id = arena_strdup(s->arena, s->actor->user_id);
    if (d->superseded_by_id && d->id && strcmp(d->superseded_by_id, d->id) == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "superseded_by_id",
                      "a document is not in its own place");
    set_status(d, s);
    if (!d->id)
        d->id = stamp_id(s);
    documents_ring_changed(extra, was, d, s, out);
    return true;
}

bool documents_check_revision(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                              struct stamp *s, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "revisions come by AddRevision, stay as they are, and are never deleted");
}

bool documents_decide_document_due(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    Baton__Document *after = arena_copy(s->arena, f->document, sizeof *after);
    set_status(after, s);
    record_updated(&f->document->base, f->document_seq, &after->base, s, out);
    return true;
}
