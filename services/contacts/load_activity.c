/* Facts for activities, calendars and calls. */
#include <string.h>

#include "base/country.h"
#include "base/phone.h"
#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "service/handover.h"
#include "services/contacts/repeat.h"
#include "services/contacts/rows.h"

static const Baton__Organisation *organisation_of(struct txn *t, struct arena *a)
{
    struct table_scan scan;
    const Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, t, CONTACTS_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, a);
        table_scan_close(&scan);
    }
    return o;
}

const char *contacts_zone_of(struct load *l, const char *user_id)
{
    const Baton__User *u = table_get_id(l->txn, CONTACTS_USER, user_id, l->arena);
    if (u && u->time_zone && *u->time_zone)
        return u->time_zone;
    const Baton__Organisation *o = organisation_of(l->txn, l->arena);
    return o && o->time_zone && *o->time_zone ? o->time_zone : "UTC";
}

const char *contacts_home_country(struct txn *t, struct arena *a)
{
    const Baton__Organisation *o = organisation_of(t, a);
    return o ? country_of_locale(o->locale, a) : NULL;
}

const char *contacts_name(const Baton__Contact *c, struct arena *a)
{
    const char *first = text_trim(a, c->first_name), *last = text_trim(a, c->last_name);
    if (first && last)
        return arena_printf(a, "%s %s", first, last);
    return first ? first : last ? last : c->email;
}

/* --- activities --- */

static bool attends(const Baton__Activity *before, const char *contact_id)
{
    for (size_t i = 0; before && i < before->n_attendees; i++) {
        const char *id = before->attendees[i]->contact_id;
        if (id && strcmp(id, contact_id) == 0)
            return true;
    }
    return false;
}

/* Who is named now is seen by whoever names them. */
static size_t missing_attendee(struct load *l, const Baton__Activity *a, const Baton__Activity *before,
                               const Baton__Actor *actor)
{
    for (size_t i = 0; i < a->n_attendees; i++) {
        const Baton__Attendee *x = a->attendees[i];
        if ((x->user_id && !contacts_row_exists(l, CONTACTS_USER, x->user_id)) ||
            (x->contact_id && !contacts_row_exists(l, CONTACTS_CONTACT, x->contact_id)) ||
            (x->contact_id && !attends(before, x->contact_id) &&
             !contacts_sees(l, CONTACTS_CONTACT, x->contact_id, actor)))
            return i + 1;
    }
    return 0;
}

static const char *wrong_rule(struct load *l, const Baton__Activity *a)
{
    char why[REPEAT_WHY];
    struct contacts_series s;
    if (!a->recurrence || !*a->recurrence || !contacts_series_open(l, a, &s))
        return NULL;
    return contacts_repeat_check(&s.repeat, why) ? NULL : arena_strdup(l->arena, why);
}

static const char *updated_id(const struct command *c)
{
    const ProtobufCMessage *wanted = record_wanted(c);
    return wanted && c->request->descriptor == &baton__update_record_request__descriptor
               ? schema_get_text(wanted, "id")
               : NULL;
}

void *contacts_load_activity(struct load *l, const struct command *c)
{
    struct contacts_activity_facts *f = ARENA_NEW(l->arena, struct contacts_activity_facts);
    const ProtobufCMessage *before = table_get_id(l->txn, CONTACTS_ACTIVITY, updated_id(c), l->arena);
    const Baton__Activity *a = (const Baton__Activity *)record_would_be(before, c, l->arena);
    f->own_zone = "UTC";
    if (!a)
        return f;
    contacts_about_load(l, c, &f->about);
    f->own_zone = contacts_zone_of(l, a->owner_id);
    f->calendar = table_get_id(l->txn, CONTACTS_CALENDAR, a->calendar_id, l->arena);
    f->missing_attendee = missing_attendee(l, a, (const Baton__Activity *)before, c->actor);
    f->wrong_rule = wrong_rule(l, a);
    if (!f->wrong_rule)
        f->schedule = contacts_schedule(l, a, l->now_us);
    return f;
}

static bool has_activities(struct load *l, const char *calendar_id)
{
    struct table_scan scan;
    if (!calendar_id ||
        !table_scan_open(&scan, l->txn, CONTACTS_ACTIVITY, "calendar_id", calendar_id, NULL, false))
        return false;
    const bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void *contacts_load_calendar(struct load *l, const struct command *c)
{
    struct contacts_calendar_facts *f = ARENA_NEW(l->arena, struct contacts_calendar_facts);
    const bool is_deletion = c->request->descriptor == &baton__delete_record_request__descriptor;
    const char *id = is_deletion ? ((const Baton__DeleteRecordRequest *)c->request)->id : updated_id(c);
    const ProtobufCMessage *before = table_get_id(l->txn, CONTACTS_CALENDAR, id, l->arena);
    const Baton__Calendar *r = (const Baton__Calendar *)record_would_be(before, c, l->arena);
    f->owner_is_known = r && contacts_row_exists(l, CONTACTS_USER, r->owner_id);
    f->has_activities = has_activities(l, id);
    return f;
}

/* --- calls --- */

/* NULL: it is gone, or hidden from the actor. */
static void *seen(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    return records_may_read(l, table, row, actor) ? row : NULL;
}

static Baton__Caller *caller_of(struct load *l, const Baton__Actor *actor, const Baton__PhoneKey *k)
{
    Baton__Caller *x = ARENA_NEW(l->arena, Baton__Caller);
    baton__caller__init(x);
    const Baton__Contact *c = k->is_account ? NULL : seen(l, CONTACTS_CONTACT, k->record_id, actor);
    const char *account_id = c ? c->account_id : k->record_id;
    const Baton__Account *a = seen(l, CONTACTS_ACCOUNT, account_id, actor);
    if (!c && !a)
        return NULL;
    x->contact_id = c ? c->id : NULL;
    x->account_id = a ? a->id : NULL;
    x->account_name = a ? a->name : NULL;
    x->name = c ? arena_strdup(l->arena, contacts_name(c, l->arena)) : a->name;
    x->owner_id = c && c->owner_id ? c->owner_id : a ? a->owner_id : NULL;
    return x;
}

size_t contacts_callers(struct load *l, const Baton__Actor *actor, const char *number,
                        Baton__Caller *out[CALLERS_MAX])
{
    enum { LOOK_MAX = 256 };
    struct table_scan scan;
    const Baton__PhoneKey *k;
    size_t n = 0, looked = 0;
    const struct phone phone = phone_of(number, contacts_home_country(l->txn, l->arena), l->arena);
    if (!phone.digits)
        return 0;
    const struct key prefix = key_of(phone_tail(phone.digits));
    if (!table_scan_under(&scan, l->txn, CONTACTS_PHONE, &prefix, NULL, NULL, false))
        return 0;
    while (looked++ < LOOK_MAX && n < CALLERS_MAX && (k = table_scan_next(&scan, l->arena))) {
        const struct phone other = {k->digits, k->is_international};
        Baton__Caller *x = phone_same(&phone, &other) ? caller_of(l, actor, k) : NULL;
        if (!x)
            continue;
        /* contacts first: who calls is a person */
        size_t at = n++;
        for (; x->contact_id && at > 0 && !out[at - 1]->contact_id; at--)
            out[at] = out[at - 1];
        out[at] = x;
    }
    table_scan_close(&scan);
    return n;
}

void *contacts_load_call(struct load *l, const struct command *c)
{
    const Baton__LogCallRequest *r = (const Baton__LogCallRequest *)c->request;
    struct contacts_call_facts *f = ARENA_NEW(l->arena, struct contacts_call_facts);
    Baton__Contact *contact = seen(l, CONTACTS_CONTACT, contacts_now(l, r->contact_id), c->actor);
    if (contact && !contacts_sees(l, CONTACTS_ACCOUNT, contact->account_id, c->actor))
        contact->account_id = NULL; /* the call does not lead to what is hidden */
    f->contact = contact;
    f->about.missing_contact_id = r->contact_id && !f->contact ? r->contact_id : NULL;
    f->about.missing_account_id =
        r->account_id && !contacts_sees(l, CONTACTS_ACCOUNT, contacts_now(l, r->account_id), c->actor)
            ? r->account_id
            : NULL;
    f->n_callers = contacts_callers(l, c->actor, r->number, f->callers);
    Baton__Activity about = BATON__ACTIVITY__INIT;
    about.account_id = r->account_id;
    about.contact_id = r->contact_id;
    contacts_redirects_load(l, CONTACTS_ACTIVITY, &about.base, &f->about.now);
    f->owner_id = handover_owner(l, r->owner_id ? r->owner_id : c->actor->user_id);
    return f;
}
