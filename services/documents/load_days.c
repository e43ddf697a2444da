/* Facts about the days of documents: of whom somebody is reminded next. */
#include "baton/v1/record.pb-c.h"
#include "services/documents/rows.h"

const Baton__DocumentCalendar *documents_calendar(struct load *l)
{
    return table_get_id(l->txn, DOCUMENTS_CALENDAR, "calendar", l->arena);
}

void *documents_load_days(struct load *l, const struct command *c)
{
    struct documents_calendar_facts *f = ARENA_NEW(l->arena, struct documents_calendar_facts);
    f->settings = documents_settings(l);
    f->calendar = documents_calendar(l);
    if (c->request->descriptor == &baton__delete_record_request__descriptor)
        f->is_sent = documents_is_sent(l, schema_get_text(c->request, "id"));
    return f;
}

/* Those with that day from `token` on. False: there is no room for more, and it goes on at f->token. */
static bool list(struct load *l, const struct documents_day *day, const char *on, const char *token,
                 struct documents_calendar_facts *f)
{
    struct table_scan scan;
    const Baton__Document *d = NULL;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_DOCUMENT, day->field, on, token, false))
        return true;
    while (f->n < DOCUMENTS_REMINDED_MAX && (d = table_scan_next(&scan, l->arena)))
        f->reminders[f->n++] = (struct documents_reminder){d, day};
    bool is_full = f->n == DOCUMENTS_REMINDED_MAX && d;
    if (is_full)
        f->token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return !is_full;
}

void *documents_load_calendar(struct load *l, const struct command *c)
{
    const Baton__DocumentCalendar *row = (const Baton__DocumentCalendar *)c->request;
    struct documents_calendar_facts *f = documents_load_days(l, c);
    size_t ahead = f->settings ? f->settings->n_reminder_days : 0;
    const char *token = row->token;
    f->calendar = row;
    for (f->position = row->position; f->position < DOCUMENTS_DAYS * ahead; f->position++) {
        char on[CIVIL_SIZE];
        documents_days_after(row->day, f->settings->reminder_days[f->position % ahead], on);
        if (!list(l, &documents_days[f->position / ahead], on, token, f))
            return f;
        token = NULL;
    }
    f->is_over = true;
    return f;
}
