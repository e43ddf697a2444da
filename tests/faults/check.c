/* Whether the stores hold what was acknowledged, and nothing twice. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/notifications.pb-c.h"
#include "faults.h"
#include "schema/schema.h"
#include "services/leads/leads.h"
#include "services/leads/rows.h"
#include "services/notifications/notifications.h"
#include "services/notifications/rows.h"
#include "store/log.h"
#include "store/table.h"

enum { ARENA_MAX = 64 << 20 };

/* What was found of one lead. */
struct found {
    unsigned rows, assigned, near, notified, reminded;
};

struct place {
    uint8_t lead[IDENT_SIZE];
    size_t call;
};

struct check {
    const struct intake *intake;
    struct found *found;  /* by call */
    struct place *places; /* by lead id, once the leads are known */
    size_t n_places;
    struct arena *arena;
};

static struct store *open_store(const char *data, const char *name, const struct table_def *tables, size_t n)
{
    char path[FAULT_PATH];
    snprintf(path, sizeof path, "%s/%s", data, name);
    struct store *s =
        store_open(&(struct store_options){.dir = path, .read_only = true, .tables = tables, .n_tables = n});
    if (!s)
        drive_die("the store of %s cannot be opened", name);
    return s;
}

/* Which call a lead is of: its number stands in the company's name. */
static size_t call_of(const struct check *c, const Baton__Lead *lead)
{
    const char *digits = lead->company ? lead->company + strlen(COMPANY_MARK) : "";
    size_t call = strtoul(digits, NULL, 10);
    if (!lead->id || call >= c->intake->n)
        drive_die("lead %s was never sent", lead->id ? lead->id : "");
    return call;
}

static void take_lead(struct check *c, const Baton__Lead *lead)
{
    size_t call = call_of(c, lead);
    const struct intake_call *asked = &c->intake->calls[call];
    struct place *p = &c->places[c->n_places++];
    if (!ident_parse(p->lead, lead->id) || c->found[call].rows++ > 0)
        drive_die("lead %zu is there twice", call);
    if (asked->state == INTAKE_ACKNOWLEDGED && memcmp(p->lead, asked->lead, IDENT_SIZE) != 0)
        drive_die("lead %zu was acknowledged as another one", call);
    p->call = call;
}

static int by_lead(const void *a, const void *b)
{
    return memcmp(((const struct place *)a)->lead, ((const struct place *)b)->lead, IDENT_SIZE);
}

static void take_leads(struct check *c, struct store *s, struct txn *t)
{
    struct table_scan scan;
    const Baton__Lead *lead;
    bool open = table_scan_open(&scan, t, LEADS_LEAD, NULL, NULL, NULL, false);
    assert(open);
    while ((lead = table_scan_next(&scan, c->arena))) {
        if (c->n_places == c->intake->n)
            drive_die("there are more leads than were sent");
        take_lead(c, lead);
        arena_reset(c->arena);
    }
    table_scan_close(&scan);
    qsort(c->places, c->n_places, sizeof *c->places, by_lead);
    for (size_t i = 0; i < c->intake->n; i++)
        if (c->intake->calls[i].state == INTAKE_ACKNOWLEDGED && c->found[i].rows != 1)
            drive_die("lead %zu was acknowledged and is not there", i);
}

static struct found *found_of(const struct check *c, const char *lead_id)
{
    struct place key;
    const struct place *p = NULL;
    if (lead_id && ident_parse(key.lead, lead_id))
        p = bsearch(&key, c->places, c->n_places, sizeof key, by_lead);
    if (!p)
        drive_die("there is something about lead %s, which is not there", lead_id ? lead_id : "");
    return &c->found[p->call];
}

static void take_events(struct check *c, struct store *s, struct txn *t)
{
    for (uint64_t seq = 1; seq <= log_head(s).seq; seq++) {
        arena_reset(c->arena);
        const Baton__LogRecord *r = log_get(t, seq, c->arena);
        if (!r)
            drive_die("record %llu of the leads' log is missing", (unsigned long long)seq);
        for (size_t i = 0; i < r->n_events; i++) {
            const Baton__Event *e = r->events[i];
            if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED && e->lead_assigned->owner_id)
                found_of(c, e->lead_assigned->lead_id)->assigned++;
            else if (e->event_case == BATON__EVENT__EVENT_LEAD_DEADLINE_NEAR)
                found_of(c, e->lead_deadline_near->lead_id)->near++;
        }
    }
}

static void take_notifications(struct check *c, struct txn *t)
{
    struct table_scan scan;
    const Baton__Notification *n;
    bool open = table_scan_open(&scan, t, NOTIFICATIONS_NOTIFICATION, NULL, NULL, NULL, false);
    assert(open);
    while ((n = table_scan_next(&scan, c->arena))) {
        struct found *f = found_of(c, n->lead_id);
        if (n->class_ == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR)
            f->reminded++;
        else if (n->class_ == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED ||
                 n->class_ == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_REASSIGNED)
            f->notified++;
        arena_reset(c->arena);
    }
    table_scan_close(&scan);
}

static void with_leads(struct check *c, const char *data)
{
    struct store *s = open_store(data, fleet_name(FLEET_LEADS), leads_tables, LEADS_TABLES);
    struct txn *t = store_begin(s, false);
    if (!t)
        drive_die("the leads cannot be read");
    take_leads(c, s, t);
    take_events(c, s, t);
    store_abort(t);
    store_close(s);
}

static void with_notifications(struct check *c, const char *data)
{
    struct store *s =
        open_store(data, fleet_name(FLEET_NOTIFICATIONS), notifications_tables, NOTIFICATIONS_TABLES);
    struct txn *t = store_begin(s, false);
    if (!t)
        drive_die("the notifications cannot be read");
    take_notifications(c, t);
    store_abort(t);
    store_close(s);
}

static void check(const struct intake *l, const char *data, bool settled)
{
    struct check c = {.intake = l,
                      .found = calloc(l->n + 1, sizeof *c.found),
                      .places = calloc(l->n + 1, sizeof *c.places),
                      .arena = arena_new(ARENA_MAX)};
    assert(c.found && c.places);
    with_leads(&c, data);
    with_notifications(&c, data);
    for (size_t i = 0; i < l->n; i++) {
        const struct found *f = &c.found[i];
        if (f->notified > f->assigned || f->reminded > f->near)
            drive_die("lead %zu was notified %u times for %u assignments", i, f->notified, f->assigned);
        if (settled && (f->notified != f->assigned || f->reminded != f->near))
            drive_die("lead %zu was notified %u times, but assigned %u times", i, f->notified, f->assigned);
    }
    arena_free(c.arena);
    free(c.found);
    free(c.places);
}

void check_stores(const struct intake *l, const char *data)
{
    check(l, data, true);
}

void check_leads(const struct intake *l, const char *data)
{
    check(l, data, false);
}
