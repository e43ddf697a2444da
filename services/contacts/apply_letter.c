/* Letter runs in the timelines of those who were written to. A run never changes, so there is no Placing of
   it: what it says, and what its contacts have become, is where it stands. */
#include <string.h>

#include "services/contacts/rows.h"

enum { SCRATCH = 4 << 20 };

static Baton__TimelineEntry entry_of(const Baton__LetterRun *r, const char *contact_id)
{
    const int64_t us = timestamp_us(r->created_at);
    Baton__TimelineEntry e = BATON__TIMELINE_ENTRY__INIT;
    e.about_id = (char *)(uintptr_t)contact_id;
    e.has_at_us = e.has_kind = true;
    e.at_us = us > 0 ? (uint64_t)us : 0;
    e.kind = BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER;
    e.record_id = r->id;
    return e;
}

/* With each contact as what it is now, but for whoever was erased. Whether `about_id` is one of them. One
   contact at a time: they may be large. */
static bool place(struct apply *ap, const Baton__LetterRun *r, const char *about_id)
{
    struct load l = {.txn = ap->txn, .arena = arena_new(SCRATCH)};
    bool stays = false;
    for (size_t i = 0; i < r->n_contact_ids; i++, arena_reset(l.arena)) {
        const char *now = contacts_now(&l, r->contact_ids[i]);
        const Baton__TimelineEntry e = entry_of(r, now);
        const struct key key = contacts_timeline_key(&e);
        const bool is_about = about_id && strcmp(now, about_id) == 0;
        const bool is_there = table_get(ap->txn, CONTACTS_TIMELINE, &key, l.arena) != NULL;
        if ((is_there && !is_about) || contacts_is_erased(&l, now))
            continue;
        stays |= is_about;
        if (!is_there)
            table_put(ap->txn, CONTACTS_TIMELINE, &e, ap->seq, l.arena);
    }
    arena_free(l.arena);
    return stays;
}

void contacts_apply_letter_run(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LetterRun *r = (const Baton__LetterRun *)payload;
    if (r->in_timelines)
        (void)place(ap, r, NULL); /* nobody is asked for */
}

static bool is_letter(Baton__TimelineKind kind)
{
    return kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER;
}

void contacts_letters_anew(struct apply *ap, const char *about_id)
{
    char **ids = NULL;
    struct key *keys = NULL;
    const size_t n = contacts_timeline_under(ap, about_id, is_letter, &keys, &ids);
    struct arena *scratch = n ? arena_new(SCRATCH) : NULL;
    for (size_t i = 0; i < n; i++, arena_reset(scratch)) {
        const Baton__LetterRun *r = table_get_id(ap->txn, CONTACTS_LETTER_RUN, ids[i], scratch);
        if (r && !place(ap, r, about_id))
            (void)table_delete(ap->txn, CONTACTS_TIMELINE, &keys[i], ap->arena); /* it is there */
    }
    arena_free(scratch);
}
