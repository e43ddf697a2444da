/* Leads as they are found by what is typed. */
#include "services/leads/rows.h"

static const char *const tags[] = {"owner_id", "captured_by", "queue_id", "status", NULL};
static const char *const names[] = {"last_name", "first_name", "company", "email", NULL};
static const struct finder_def def = {LEADS_LEAD, "received_at", "updated_at", tags, names, NULL, NULL};

void leads_find_load(struct load *l)
{
    struct finder *f = leads_state_finder_begin(l->state);
    finder_init(f, &def);
    finder_load(f, l);
}

void leads_find_put(void *state, unsigned table, const ProtobufCMessage *row)
{
    if (table == LEADS_LEAD)
        finder_note(leads_state_finder(state), row);
}
