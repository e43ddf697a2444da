/* Who is mentioned: stands in the text, and hears of it once, with the edit that mentions them first. Held
   against each note's version before, as the log has it. */
#include <string.h>

#include "sim/sim.h"

static const Baton__Note *note_of(const Baton__Event *e)
{
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || e->record_changed->copy ||
        e->record_changed->record->record_case != BATON__RECORD__RECORD_NOTE)
        return NULL;
    return e->record_changed->record->note;
}

/* NULL: it is new. */
static const Baton__Note *version_before(const struct ledger *l, const Baton__RecordChanged *e)
{
    const Baton__LogRecord *r = e->previous_seq ? l->records[e->previous_seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__Note *n = note_of(r->events[i]);
        if (n && strcmp(n->id, e->record->note->id) == 0)
            return n;
    }
    return NULL;
}

static bool mentions(const Baton__Note *n, const char *user_id)
{
    for (size_t i = 0; n && i < n->n_mentioned_ids; i++)
        if (strcmp(n->mentioned_ids[i], user_id) == 0)
            return true;
    return false;
}

/* How often the record tells of this note: to this user, or, NULL, to anybody. */
static size_t told(const Baton__LogRecord *r, const char *note_id, const char *user_id)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        n += e->event_case == BATON__EVENT__EVENT_NOTE_MENTIONED &&
             strcmp(e->note_mentioned->note_id, note_id) == 0 &&
             (!user_id || strcmp(e->note_mentioned->user_id, user_id) == 0);
    }
    return n;
}

static void note_changed(const struct ledger *l, const Baton__LogRecord *r, const Baton__RecordChanged *e)
{
    const Baton__Note *note = e->record->note, *was = version_before(l, e);
    const char *author = r->actor->user_id;
    const bool is_deleted = e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    size_t expected = 0;
    for (size_t i = 0; !is_deleted && i < note->n_mentioned_ids; i++) {
        const char *user_id = note->mentioned_ids[i];
        const bool is_new = !mentions(was, user_id) && !(author && strcmp(author, user_id) == 0);
        expected += is_new;
        if (note->text && !strstr(note->text, user_id))
            sim_wrong(l->process->sim, "mention: note %s mentions %s, who is not in its text", note->id,
                      user_id);
        if (told(r, note->id, user_id) != is_new)
            sim_wrong(l->process->sim, "mention: %s is told %zu times of note %s", user_id,
                      told(r, note->id, user_id), note->id);
    }
    if (told(r, note->id, NULL) != expected)
        sim_wrong(l->process->sim, "mention: others than those mentioned are told of note %s", note->id);
}

void mentions_record(const struct ledger *l, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (note_of(r->events[i]))
            note_changed(l, r, r->events[i]->record_changed);
}
