/* The leads service with one method of it replaced: what is captured concerns everybody, and is one log
   record. What rings for that is the real notifications service and everything behind it. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "service/service.h"
#include "services/leads/leads.h"

enum {
    NAMED_MAX = 17, /* by one escalation, as its field says */
    ROWS_MAX = 256,
};

struct people {
    char **ids;
    size_t n;
};

/* CRIER_PEOPLE: a file of user ids, one a line. */
static void *load_people(struct load *l, const struct command *c)
{
    struct people *p = ARENA_NEW(l->arena, struct people);
    const char *path = getenv("CRIER_PEOPLE");
    FILE *f = path ? fopen(path, "re") : NULL;
    char line[IDENT_TEXT_SIZE + 1];
    p->ids = ARENA_ARRAY(l->arena, char *, OUTCOME_EVENTS_MAX *NAMED_MAX);
    while (f && p->n < OUTCOME_EVENTS_MAX * NAMED_MAX && fgets(line, sizeof line, f))
        p->ids[p->n++] = arena_strndup(l->arena, line, strcspn(line, "\n"));
    if (f)
        (void)fclose(f); /* only read */
    return p;
}

/* A lead that nobody answers, told to everybody: as many at once as one event may name. */
static bool decide(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct people *p = facts;
    const Baton__Lead *lead = ((const Baton__CaptureLeadRequest *)c->request)->lead;
    Baton__CaptureLeadResponse *reply = ARENA_NEW(s->arena, Baton__CaptureLeadResponse);
    baton__capture_lead_response__init(reply);
    out->reply = &reply->base;
    for (size_t i = 0; i < p->n; i += NAMED_MAX) {
        Baton__LeadEscalated *e = ARENA_NEW(s->arena, Baton__LeadEscalated);
        baton__lead_escalated__init(e);
        e->lead_id = stamp_id(s);
        e->owner_id = p->ids[0];
        e->company = lead->company;
        e->lead_name = lead->last_name;
        e->manager_ids = p->ids + i;
        e->n_manager_ids = p->n - i < NAMED_MAX ? p->n - i : NAMED_MAX;
        outcome_event(out, &e->base);
    }
    return true;
}

/* Without what an escalation does to its lead: there is none. */
static size_t other_applies(struct apply_row *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < leads_service.n_applies; i++)
        if (leads_service.applies[i].event != &baton__lead_escalated__descriptor)
            rows[n++] = leads_service.applies[i];
    return n;
}

int main(int argc, char **argv)
{
    static struct method_row methods[ROWS_MAX];
    static struct apply_row applies[ROWS_MAX];
    struct service_def crier = leads_service;
    assert(crier.n_methods <= ROWS_MAX && crier.n_applies <= ROWS_MAX);
    memcpy(methods, crier.methods, crier.n_methods * sizeof *methods);
    for (size_t i = 0; i < crier.n_methods; i++)
        if (strcmp(methods[i].name, "LeadService/CaptureLead") == 0)
            methods[i] = (struct method_row){.name = methods[i].name, .load = load_people, .decide = decide};
    crier.methods = methods;
    crier.n_applies = other_applies(applies);
    crier.applies = applies;
    return service_main(argc, argv, &crier);
}
