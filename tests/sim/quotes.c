/* Quotes: what they say adds up, what is final stays as it is, and an opportunity is decided by one, whose
   total is its amount from then on. Held against each version before, as the log has it. */
#include <string.h>

#include "baton/v1/opportunities.pb-c.h"
#include "sim/sim.h"

#define STATUS(NAME) BATON__QUOTE_STATUS__QUOTE_STATUS_##NAME

static const Baton__RecordChanged *change_of(const Baton__Event *e, Baton__Record__RecordCase type)
{
    bool is = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED && !e->record_changed->copy &&
              e->record_changed->record->record_case == type;
    return is ? e->record_changed : NULL;
}

/* NULL: it is new. */
static const Baton__Quote *version_before(const struct ledger *l, const Baton__RecordChanged *e)
{
    const Baton__LogRecord *r = e->previous_seq ? l->records[e->previous_seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i], BATON__RECORD__RECORD_QUOTE);
        if (c && strcmp(c->record->quote->id, e->record->quote->id) == 0)
            return c->record->quote;
    }
    return NULL;
}

static bool adds_up(const Baton__Quote *q)
{
    int64_t gross = 0, net = 0, tax = 0, share = 0;
    bool lines = true;
    for (size_t i = 0; i < q->n_lines; i++) {
        const Baton__QuoteLine *n = q->lines[i];
        lines &= n->gross - n->offer - n->discount - n->share == n->net && n->net >= 0;
        gross += n->gross;
        net += n->net;
        tax += n->tax;
        share += n->share;
    }
    return lines && gross == q->gross && net == q->net && tax == q->tax && share == q->discount &&
           q->total == net + tax;
}

/* What it says to the customer, and what they said. */
static bool says_the_same(const Baton__Quote *a, const Baton__Quote *b)
{
    static const char *const fields[] = {"number", "lines",         "head",      "discount",
                                         "total",  "currency_code", "decided_by"};
    const struct schema_message *m = schema_message(a->base.descriptor);
    bool same = true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        same &= schema_field_equal(&a->base, &b->base, schema_field(m, fields[i]));
    return same;
}

static void quote_changed(const struct ledger *l, const Baton__RecordChanged *e)
{
    struct sim *sim = l->process->sim;
    const Baton__Quote *q = e->record->quote, *was = version_before(l, e);
    if (!adds_up(q))
        sim_wrong(sim, "quotes: %s does not add up", q->id);
    if (!was || was->status < STATUS(SENT))
        return;
    if (was->status == STATUS(ACCEPTED) || was->status == STATUS(SUPERSEDED))
        sim_wrong(sim, "quotes: %s is final and changed", q->id);
    if (q->status < STATUS(SENT) || !was->head ||
        (q->status != STATUS(ACCEPTED) && q->status != STATUS(DECLINED) && !says_the_same(was, q)))
        sim_wrong(sim, "quotes: %s was with the customer and says something else", q->id);
}

/* The opportunity that this record settles has the quote's total, and had none before. */
static void accepted(const struct ledger *l, const Baton__LogRecord *r, const Baton__Quote *q)
{
    struct sim *sim = l->process->sim;
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i], BATON__RECORD__RECORD_OPPORTUNITY);
        const Baton__Opportunity *o = c ? c->record->opportunity : NULL;
        if (o && (!o->amount || o->amount->minor_units != q->total || !o->quote_id ||
                  strcmp(o->quote_id, q->id) != 0))
            sim_wrong(sim, "quotes: %s was accepted, and its opportunity is worth something else", q->id);
    }
    for (size_t n = 0; n + 1 < r->seq; n++)
        for (size_t i = 0; i < l->records[n]->n_events; i++) {
            const Baton__RecordChanged *c = change_of(l->records[n]->events[i], BATON__RECORD__RECORD_QUOTE);
            if (c && c->record->quote->status == STATUS(ACCEPTED) &&
                strcmp(c->record->quote->opportunity_id, q->opportunity_id) == 0)
                sim_wrong(sim, "quotes: opportunity %s was decided twice", q->opportunity_id);
        }
}

void quotes_record(const struct ledger *l, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i], BATON__RECORD__RECORD_QUOTE);
        if (!c)
            continue;
        quote_changed(l, c);
        if (c->record->quote->status == STATUS(ACCEPTED))
            accepted(l, r, c->record->quote);
    }
}
