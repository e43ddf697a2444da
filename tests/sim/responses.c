/* What customers are written, by the log of leads alone: once a lead, in the very record that takes it in, in
   the name of who holds it then; nobody who wants no mail, and nobody twice a day. */
#include <string.h>
#include <strings.h>

#include "sim/sim.h"

static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

/* A lead as one record takes it in. */
struct arrival {
    const Baton__Lead *lead;
    const Baton__LeadAssigned *assigned;
    const Baton__LeadAcknowledged *written;
};

static struct arrival arrival_of(struct sim *sim, const Baton__LogRecord *r)
{
    struct arrival x = {0};
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        if (e->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED)
            x.lead = e->lead_captured->lead;
        if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
            x.assigned = e->lead_assigned;
        if (e->event_case != BATON__EVENT__EVENT_LEAD_ACKNOWLEDGED)
            continue;
        if (x.written)
            sim_wrong(sim, "written: two customers, or one twice, in record %zu", (size_t)r->seq);
        x.written = e->lead_acknowledged;
    }
    return x;
}

static const Baton__LeadAcknowledged *written_in(const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_LEAD_ACKNOWLEDGED)
            return r->events[i]->lead_acknowledged;
    return NULL;
}

/* The lead's person was erased since, and with them whom we wrote to. */
static bool was_erased(const struct ledger *l, size_t since, size_t until, const char *lead_id)
{
    for (size_t i = since; i < until; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            for (size_t n = 0;
                 e->event_case == BATON__EVENT__EVENT_PERSON_ERASED && n < e->person_erased->n_lead_ids; n++)
                if (strcmp(e->person_erased->lead_ids[n], lead_id) == 0)
                    return true;
        }
    return false;
}

static bool was_written_to(const struct ledger *l, const Baton__LogRecord *now, const char *email)
{
    for (size_t i = 0; i + 1 < (size_t)now->seq; i++) {
        const Baton__LeadAcknowledged *e = written_in(l->records[i]);
        if (e && strcasecmp(e->to_email, email) == 0 &&
            now->time_us - l->records[i]->time_us <= (uint64_t)DAY_US &&
            !was_erased(l, i, (size_t)now->seq - 1, e->lead_id))
            return true;
    }
    return false;
}

static bool is_for_all(const Baton__Event *e)
{
    const Baton__ResponseTemplate *t = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                           ? e->record_changed->record->response_template
                                           : NULL;
    return t && e->record_changed->record->record_case == BATON__RECORD__RECORD_RESPONSE_TEMPLATE &&
           !t->language && !t->product;
}

/* Nobody deletes a template here. */
static bool has_template(const struct ledger *l, const Baton__LogRecord *now)
{
    for (size_t i = 0; i + 1 < (size_t)now->seq; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++)
            if (is_for_all(l->records[i]->events[k]))
                return true;
    return false;
}

/* By a form or a mail, with an address. */
static bool waits_for_answer(const Baton__Lead *l)
{
    if (!l->email || l->has_opted_out_of_email)
        return false;
    return (l->external_key && strncmp(l->external_key, "form ", 5) == 0) ||
           (l->lead_source && strcmp(l->lead_source, "e-mail") == 0);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_written(struct sim *sim, const struct ledger *l, const Baton__LogRecord *r,
                          const struct arrival *x)
{
    const Baton__LeadAcknowledged *e = x->written;
    if (!x->lead || !x->assigned || !same(e->lead_id, x->lead->id))
        sim_wrong(sim, "written: to the customer of lead %s, which did not arrive then", e->lead_id);
    if (x->lead->has_opted_out_of_email)
        sim_wrong(sim, "written: to the customer of lead %s, who wants no mail", e->lead_id);
    if (!same(e->owner_id, x->assigned->queue_id ? NULL : x->assigned->owner_id))
        sim_wrong(sim, "written: lead %s is held by somebody else than its customer is told", e->lead_id);
    if (e->owner_id && timestamp_us(e->response_due_at) != timestamp_us(x->assigned->response_due_at))
        sim_wrong(sim, "written: the customer of lead %s is told another time", e->lead_id);
    if (was_written_to(l, r, e->to_email))
        sim_wrong(sim, "written: to the customer of lead %s for the second time within a day", e->lead_id);
}

void responses_record(const struct ledger *l, const Baton__LogRecord *r)
{
    struct sim *sim = l->process->sim;
    const struct arrival x = arrival_of(sim, r);
    if (x.written)
        check_written(sim, l, r, &x);
    else if (x.lead && x.assigned && waits_for_answer(x.lead) && has_template(l, r) &&
             !was_written_to(l, r, x.lead->email))
        sim_wrong(sim, "written: the customer of lead %s waits and is told nothing", x.lead->id);
}
