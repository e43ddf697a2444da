/* Records as the rows that are made from them: agendas, timelines, telephone numbers. What a record was made
   into stands in its Placing, so that a change moves only what differs. */
#include <string.h>

#include "base/phone.h"
#include "base/text.h"
#include "services/contacts/rows.h"

enum { TITLE_MAX = 160 };

/* --- what differs --- */

static struct key agenda_key(const void *row)
{
    const Baton__AgendaEntry *e = row;
    struct key k;
    key_init(&k);
    key_text(&k, e->holder_id);
    key_u64(&k, e->class_);
    key_u64(&k, e->at_us);
    key_text(&k, e->activity_id);
    return k;
}

struct key contacts_timeline_key(const void *row)
{
    const Baton__TimelineEntry *e = row;
    struct key k;
    key_init(&k);
    key_text(&k, e->about_id);
    key_u64(&k, e->at_us);
    key_u64(&k, e->kind);
    key_text(&k, e->record_id);
    return k;
}

static struct key phone_key(const void *row)
{
    const Baton__PhoneKey *e = row;
    struct key k;
    key_init(&k);
    key_text(&k, e->tail);
    key_text(&k, e->record_id);
    key_text(&k, e->digits);
    return k;
}

/* Rows of one table that a record is made into. */
struct lot {
    unsigned table;
    struct key (*key)(const void *row);
    void *const *before, *const *after;
    size_t n_before, n_after;
    bool always; /* what has words may be put although it is as it was: once they are erased, nobody knows */
};

static const void *among(const struct lot *l, void *const *rows, size_t n, const struct key *key)
{
    for (size_t i = 0; i < n; i++) {
        const struct key other = l->key(rows[i]);
        if (bytes_equal(key_bytes(key), key_bytes(&other)))
            return rows[i];
    }
    return NULL;
}

static void move_lot(struct apply *ap, const struct lot *l)
{
    for (size_t i = 0; i < l->n_before; i++) {
        const struct key key = l->key(l->before[i]);
        if (!among(l, l->after, l->n_after, &key))
            (void)table_delete(ap->txn, l->table, &key, ap->arena); /* gone is what is wanted */
    }
    for (size_t i = 0; i < l->n_after; i++) {
        const struct key key = l->key(l->after[i]);
        const void *was = l->always ? NULL : among(l, l->before, l->n_before, &key);
        if (!was || !schema_equal(was, l->after[i]))
            table_put(ap->txn, l->table, l->after[i], ap->seq, ap->arena);
    }
}

static bool is_empty(const Baton__Placing *p)
{
    return !p->n_agenda && !p->n_timeline && !p->n_phones && !p->due_us && !p->next_us;
}

/* `after` in place of what there was; what is empty has no row. */
void contacts_place(struct apply *ap, const Baton__Placing *before, const Baton__Placing *after)
{
    static const Baton__Placing none = BATON__PLACING__INIT;
    const Baton__Placing *was = before ? before : &none;
    const struct lot lots[] = {
        {CONTACTS_AGENDA, agenda_key, (void *const *)was->agenda, (void *const *)after->agenda, was->n_agenda,
         after->n_agenda, .always = false},
        {CONTACTS_TIMELINE, contacts_timeline_key, (void *const *)was->timeline,
         (void *const *)after->timeline, was->n_timeline, after->n_timeline, .always = true},
        {CONTACTS_PHONE, phone_key, (void *const *)was->phones, (void *const *)after->phones, was->n_phones,
         after->n_phones, .always = false},
    };
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        move_lot(ap, &lots[i]);
    const struct key key = key_of(after->record_id);
    if (!is_empty(after))
        table_put(ap->txn, CONTACTS_PLACING, after, ap->seq, ap->arena);
    else if (is_empty(after) && before)
        (void)table_delete(ap->txn, CONTACTS_PLACING, &key, ap->arena); /* it was there */
}

const Baton__Placing *contacts_placing_of(struct apply *ap, const char *record_id)
{
    const struct key key = key_of(record_id);
    return table_get(ap->txn, CONTACTS_PLACING, &key, ap->arena);
}

static Baton__Placing *placing_new(char *record_id, struct arena *a)
{
    Baton__Placing *p = ARENA_NEW(a, Baton__Placing);
    baton__placing__init(p);
    p->record_id = record_id;
    return p;
}

/* --- activities --- */

static uint64_t moment(const Google__Protobuf__Timestamp *t)
{
    const int64_t us = timestamp_us(t);
    return us > 0 ? (uint64_t)us : 0;
}

static void add_agenda(Baton__Placing *p, char *holder_id, Baton__AgendaClass class, uint64_t at_us,
                       struct arena *a)
{
    Baton__AgendaEntry *e = ARENA_NEW(a, Baton__AgendaEntry);
    baton__agenda_entry__init(e);
    if (!holder_id || !*holder_id)
        return;
    e->holder_id = holder_id;
    e->has_class_ = e->has_at_us = true;
    e->class_ = class;
    e->at_us = at_us;
    e->activity_id = p->record_id;
    const struct lot l = {.key = agenda_key};
    const struct key key = agenda_key(e);
    if (!among(&l, (void *const *)p->agenda, p->n_agenda, &key))
        p->agenda[p->n_agenda++] = e;
}

static void add_timeline(Baton__Placing *p, char *about_id, Baton__TimelineKind kind, uint64_t at_us,
                         const char *title, struct arena *a)
{
    if (!about_id || !*about_id)
        return;
    Baton__TimelineEntry *e = ARENA_NEW(a, Baton__TimelineEntry);
    baton__timeline_entry__init(e);
    e->about_id = about_id;
    e->has_at_us = e->has_kind = true;
    e->at_us = at_us;
    e->kind = kind;
    e->record_id = p->record_id;
    e->title = title ? arena_strndup(a, title, text_clip(title, TITLE_MAX)) : NULL;
    p->timeline[p->n_timeline++] = e;
}

static void place_activity(struct apply *ap, const Baton__Activity *r, const Baton__Placing *before,
                           int64_t due_us, uint64_t next_us)
{
    enum { ABOUT = 2, OWN = 2 };
    Baton__Placing *p = placing_new(r->id, ap->arena);
    const uint64_t at_us = moment(r->start_at ? r->start_at : r->created_at);
    const bool is_long = activity_repeats(r) || timestamp_us(r->end_at) - timestamp_us(r->start_at) >
                                                    ACTIVITY_ONCE_DAYS * INT64_C(86400000000);
    const Baton__AgendaClass class =
        is_long ? BATON__AGENDA_CLASS__AGENDA_CLASS_LONG : BATON__AGENDA_CLASS__AGENDA_CLASS_ONCE;
    p->has_due_us = due_us != 0;
    p->due_us = due_us;
    p->has_next_us = next_us != 0;
    p->next_us = next_us;
    p->agenda = ARENA_ARRAY(ap->arena, Baton__AgendaEntry *, OWN + ABOUT + r->n_attendees);
    p->timeline = ARENA_ARRAY(ap->arena, Baton__TimelineEntry *, ABOUT);
    char *const about[ABOUT] = {r->account_id, r->contact_id};
    for (size_t i = 0; i < ABOUT; i++) {
        add_timeline(p, about[i], BATON__TIMELINE_KIND__TIMELINE_KIND_ACTIVITY, at_us, r->subject, ap->arena);
        if (next_us)
            add_agenda(p, about[i], BATON__AGENDA_CLASS__AGENDA_CLASS_PLANNED, next_us, ap->arena);
    }
    if (r->start_at) {
        add_agenda(p, r->owner_id, class, at_us, ap->arena);
        add_agenda(p, r->calendar_id, class, at_us, ap->arena);
        for (size_t i = 0; i < r->n_attendees; i++)
            add_agenda(p, r->attendees[i]->user_id, class, at_us, ap->arena);
    }
    contacts_place(ap, before, p);
}

static const Baton__Activity *activity_of(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, CONTACTS_ACTIVITY, id, ap->arena);
}

void contacts_apply_activity(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Activity *r = (const Baton__Activity *)payload;
    const Baton__Placing *before = contacts_placing_of(ap, r->id);
    if (activity_of(ap, r->id))
        place_activity(ap, r, before, before ? before->due_us : 0, before ? before->next_us : 0);
    else if (before)
        contacts_place(ap, before, placing_new(r->id, ap->arena));
}

void contacts_apply_scheduled(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ActivityScheduled *e = (const Baton__ActivityScheduled *)payload;
    const Baton__Placing *before = contacts_placing_of(ap, e->activity_id);
    const Baton__Activity *r = e->by_timer ? activity_of(ap, e->activity_id) : NULL;
    if (r) {
        place_activity(ap, r, before, e->due_us, e->next_us);
        return;
    }
    /* The record follows, or is gone. */
    Baton__Placing *p = placing_new(e->activity_id, ap->arena);
    if (before)
        *p = *before;
    p->has_due_us = !e->by_timer && e->due_us != 0;
    p->due_us = p->has_due_us ? e->due_us : 0;
    p->has_next_us = !e->by_timer && e->next_us != 0;
    p->next_us = p->has_next_us ? e->next_us : 0;
    contacts_place(ap, before, p);
}

/* --- notes, and what is told of elsewhere --- */

void contacts_apply_note(struct apply *ap, const ProtobufCMessage *payload)
{
    enum { ABOUT = 2 };
    const Baton__Note *r = (const Baton__Note *)payload;
    Baton__Placing *p = placing_new(r->id, ap->arena);
    p->timeline = ARENA_ARRAY(ap->arena, Baton__TimelineEntry *, ABOUT);
    char *const about[ABOUT] = {r->account_id, r->contact_id};
    const bool is_there = table_get_id(ap->txn, CONTACTS_NOTE, r->id, ap->arena) != NULL;
    for (size_t i = 0; is_there && i < ABOUT; i++)
        add_timeline(p, about[i], BATON__TIMELINE_KIND__TIMELINE_KIND_NOTE, moment(r->created_at), r->text,
                     ap->arena);
    contacts_place(ap, contacts_placing_of(ap, r->id), p);
}

/* Each entry stands with what that which it names has become; it goes on saying whom it named. */
static void name_now(struct apply *ap, Baton__Placing *p)
{
    struct load l = {.txn = ap->txn, .arena = ap->arena};
    Baton__TimelineEntry **all = ARENA_ARRAY(ap->arena, Baton__TimelineEntry *, p->n_timeline);
    for (size_t i = 0; i < p->n_timeline; i++) {
        Baton__TimelineEntry *e = all[i] = arena_copy(ap->arena, p->timeline[i], sizeof *p->timeline[i]);
        char *said = e->said_id ? e->said_id : e->about_id;
        e->about_id = arena_strdup(ap->arena, contacts_now(&l, said));
        e->said_id = e->about_id && strcmp(e->about_id, said) != 0 ? said : NULL;
    }
    p->timeline = all;
}

void contacts_apply_noted(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__TimelineNoted *e = (const Baton__TimelineNoted *)payload;
    Baton__Placing *p = placing_new(e->record_id, ap->arena);
    if (!e->record_id)
        return;
    p->timeline = e->entries;
    p->n_timeline = e->n_entries;
    name_now(ap, p);
    contacts_place(ap, contacts_placing_of(ap, e->record_id), p);
}

static bool is_elsewhere(Baton__TimelineKind kind)
{
    return kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD ||
           kind == BATON__TIMELINE_KIND__TIMELINE_KIND_OPPORTUNITY;
}

void contacts_timeline_anew(struct apply *ap, const char *about_id)
{
    struct key *keys = NULL;
    char **ids = NULL;
    const size_t n = contacts_timeline_under(ap, about_id, is_elsewhere, &keys, &ids);
    for (size_t i = 0; i < n; i++) {
        const Baton__Placing *before = contacts_placing_of(ap, ids[i]);
        Baton__Placing *after = placing_new(ids[i], ap->arena);
        if (!before)
            continue;
        *after = *before;
        name_now(ap, after);
        contacts_place(ap, before, after);
    }
    contacts_letters_anew(ap, about_id);
}

/* --- accounts and contacts --- */

static void note_change(struct apply *ap, char *id, const char *title)
{
    Baton__TimelineEntry e = BATON__TIMELINE_ENTRY__INIT;
    e.about_id = e.record_id = id;
    e.has_at_us = e.has_kind = e.has_seq = true;
    e.at_us = ap->time_us > 0 ? (uint64_t)ap->time_us : 0;
    e.kind = BATON__TIMELINE_KIND__TIMELINE_KIND_CHANGE;
    e.title = title ? arena_strndup(ap->arena, title, text_clip(title, TITLE_MAX)) : NULL;
    e.seq = ap->seq;
    table_put(ap->txn, CONTACTS_TIMELINE, &e, ap->seq, ap->arena);
}

static void add_phone(Baton__Placing *p, const char *number, const char *country, bool is_account,
                      struct arena *a)
{
    const struct phone phone = phone_of(number, country, a);
    if (!phone.digits)
        return;
    Baton__PhoneKey *k = ARENA_NEW(a, Baton__PhoneKey);
    baton__phone_key__init(k);
    k->tail = arena_strdup(a, phone_tail(phone.digits));
    k->record_id = p->record_id;
    k->digits = arena_strdup(a, phone.digits);
    k->has_is_international = k->has_is_account = true;
    k->is_international = phone.international;
    k->is_account = is_account;
    const struct lot l = {.key = phone_key};
    const struct key key = phone_key(k);
    if (!among(&l, (void *const *)p->phones, p->n_phones, &key))
        p->phones[p->n_phones++] = k;
}

static const char *country_in(const Baton__Address *address)
{
    return address && address->country && *address->country ? address->country : NULL;
}

void contacts_apply_account_about(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Account *r = (const Baton__Account *)payload;
    Baton__Placing *p = placing_new(r->id, ap->arena);
    p->phones = ARENA_ARRAY(ap->arena, Baton__PhoneKey *, 1);
    /* who calls is what it was merged into */
    if (!r->merged_into_id && table_get_id(ap->txn, CONTACTS_ACCOUNT, r->id, ap->arena)) {
        const char *country = country_in(r->billing_address);
        add_phone(p, r->phone, country ? country : contacts_home_country(ap->txn, ap->arena), true,
                  ap->arena);
    }
    contacts_place(ap, contacts_placing_of(ap, r->id), p);
    note_change(ap, r->id, r->name);
}

static const char *contact_country(struct apply *ap, const Baton__Contact *r)
{
    const char *own = country_in(r->mailing_address);
    const Baton__Account *account =
        own || !r->account_id ? NULL : table_get_id(ap->txn, CONTACTS_ACCOUNT, r->account_id, ap->arena);
    if (!own && account)
        own = country_in(account->billing_address);
    return own ? own : contacts_home_country(ap->txn, ap->arena);
}

void contacts_apply_contact_about(struct apply *ap, const ProtobufCMessage *payload)
{
    enum { PHONES = 2 };
    const Baton__Contact *r = (const Baton__Contact *)payload;
    Baton__Placing *p = placing_new(r->id, ap->arena);
    p->phones = ARENA_ARRAY(ap->arena, Baton__PhoneKey *, PHONES);
    const char *const numbers[PHONES] = {r->phone, r->mobile_phone};
    const bool is_there =
        !r->merged_into_id && table_get_id(ap->txn, CONTACTS_CONTACT, r->id, ap->arena) != NULL;
    for (size_t i = 0; is_there && i < PHONES; i++)
        if (numbers[i])
            add_phone(p, numbers[i], contact_country(ap, r), false, ap->arena);
    contacts_place(ap, contacts_placing_of(ap, r->id), p);
    note_change(ap, r->id, contacts_name(r, ap->arena));
}
