/* Nobody is written to who does not want it, or is not there any more: whoever is in a run had not withdrawn
   what it needs when it was made, by what they said and not by what is kept of it, was not erased or merged
   into another, and is in it once. */
#include <string.h>

#include "contacts/contacts.h"
#include "sim/sim.h"
#include "store/table.h"

enum { MEMORY = 16 << 20 };

static bool is_newer(const Baton__Consent *c, const Baton__Consent *than)
{
    const int64_t at = timestamp_us(c->said_at), then = timestamp_us(than->said_at);
    return at > then || (at == then && strcmp(c->id, than->id) > 0);
}

/* Whether they said something else about that later. */
static bool is_overtaken(const struct ledger *l, const Baton__Consent *c, struct arena *a)
{
    struct table_scan scan;
    const Baton__Consent *other;
    bool found = false;
    if (!table_scan_open(&scan, l->made, CONTACTS_CONSENT, "contact_id", c->contact_id, NULL, false))
        return false;
    while (!found && (other = table_scan_next(&scan, a)))
        found = other->channel == c->channel && strcmp(other->purpose_key, c->purpose_key) == 0 &&
                is_newer(other, c);
    table_scan_close(&scan);
    return found;
}

static bool has_opted_out(const struct ledger *l, const char *contact_id, const char *purpose,
                          struct arena *a)
{
    struct table_scan scan;
    const Baton__Consent *c;
    const char *wanted = purpose ? contacts_purpose_key(purpose, a) : NULL;
    bool found = false;
    if (!table_scan_open(&scan, l->made, CONTACTS_CONSENT, "contact_id", contact_id, NULL, false))
        return false;
    while (!found && (c = table_scan_next(&scan, a)))
        found = c->channel == BATON__CONSENT_CHANNEL__CONSENT_CHANNEL_POST &&
                c->state == BATON__CONSENT_STATE__CONSENT_STATE_WITHDRAWN &&
                (!wanted || strcmp(c->purpose_key, wanted) == 0) && !is_overtaken(l, c, a);
    table_scan_close(&scan);
    return found;
}

static void look_at_run(const struct ledger *l, const Baton__LetterRun *run, struct arena *a)
{
    for (size_t i = 0; i < run->n_contact_ids; i++) {
        const char *id = run->contact_ids[i];
        const Baton__Contact *c = table_get_id(l->made, CONTACTS_CONTACT, id, a);
        if (!c || c->erased_at || c->merged_into_id)
            sim_wrong(l->process->sim, "letters: run %s goes to %s, who is not there", run->id, id);
        if (!run->template_->despite_opt_out && has_opted_out(l, id, run->template_->purpose, a))
            sim_wrong(l->process->sim, "letters: run %s goes to %s, who does not want it", run->id, id);
        for (size_t k = 0; k < i; k++)
            if (strcmp(run->contact_ids[k], id) == 0)
                sim_wrong(l->process->sim, "letters: run %s goes to %s twice", run->id, id);
    }
}

void letters_record(const struct ledger *l, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *e = r->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                            ? r->events[i]->record_changed
                                            : NULL;
        if (!e || e->record->record_case != BATON__RECORD__RECORD_LETTER_RUN)
            continue;
        struct arena *a = arena_new(MEMORY);
        look_at_run(l, e->record->letter_run, a);
        arena_free(a);
    }
}
