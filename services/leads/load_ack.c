/* Templates and the addresses that were written to of late, from their rows. */
#include <assert.h>
#include <stdlib.h>

#include "services/leads/ack.h"
#include "services/leads/rows.h"

enum { SCRATCH = 1 << 20 };

static void dates_free(struct leads_responses *r)
{
    for (size_t i = 0; i < r->n; i++)
        locale_date_free(r->templates[i].date);
    r->n = 0;
}

void leads_responses_release(struct leads_responses *r)
{
    dates_free(r);
    free(r->recent.slots);
    free(r->recent.chains);
}

/* What was saved before a check was there, and would not pass it, is left out. */
static void add(struct leads_responses *r, const Baton__ResponseTemplate *source, struct arena *memory)
{
    struct refusal no;
    struct leads_template *t = &r->templates[r->n];
    if (!leads_template_compile(source, memory, t, &no))
        return;
    t->date = locale_date_new(source->written_in ? source->written_in : source->language);
    r->n++;
}

static void recent_load(struct leads_recent *recent, struct txn *txn)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    const Baton__AcknowledgedAddress *row;
    recent->slots = calloc(LEADS_RECENT_MAX, sizeof *recent->slots);
    recent->chains = calloc(LEADS_RECENT_MAX, sizeof *recent->chains);
    assert(recent->slots && recent->chains);
    recent->loaded = true;
    if (table_scan_open(&scan, txn, LEADS_ACKNOWLEDGED, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, scratch)); arena_reset(scratch))
            leads_recent_put(recent, row->slot % LEADS_RECENT_MAX, row->hash, row->at_us);
        table_scan_close(&scan);
    }
    arena_free(scratch);
}

void leads_responses_load(struct txn *txn, struct leads_responses *r, struct arena *memory)
{
    struct table_scan scan;
    const Baton__ResponseTemplate *row;
    dates_free(r);
    arena_reset(memory);
    r->templates = ARENA_ARRAY(memory, struct leads_template, LEADS_TEMPLATES_MAX);
    if (table_scan_open(&scan, txn, LEADS_RESPONSE_TEMPLATE, NULL, NULL, NULL, false)) {
        while (r->n < LEADS_TEMPLATES_MAX && (row = table_scan_next(&scan, memory)))
            add(r, row, memory);
        table_scan_close(&scan);
    }
    if (r->n && !r->recent.loaded)
        recent_load(&r->recent, txn);
}

void *leads_load_template(struct load *l, const struct command *c)
{
    return (void *)(uintptr_t)leads_state_routing(l)->responses;
}
