/* `baton calendar`: files of iCalendar in and out. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "tool/calendar_read.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 1024 << 20, CALL_MEMORY = 32 << 20, FOUND_MAX = 200 };

struct run {
    const char *owner, *calendar, *path;
    struct buffer text;
    struct calendar_file file;
    struct record_list users;
    const Baton__User *user;
    const char *calendar_id;
    struct arena *call;
    size_t made, changed, rejected;
};

/* --- in --- */

static bool is_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Who works here attends as themselves. */
static void know_users(const struct run *r, Baton__Activity *a)
{
    for (size_t i = 0; i < a->n_attendees; i++) {
        Baton__Attendee *x = a->attendees[i];
        const Baton__User *u = (const Baton__User *)records_find(&r->users, "email", x->email);
        if (u == NULL)
            continue;
        x->user_id = u->id;
        x->email = NULL;
    }
}

/* The same one, brought in before; NULL: there is none. False: refused. */
static bool find(struct session *s, const Baton__Activity *a, Baton__Activity **found)
{
    struct run *r = s->arg;
    Baton__ListRecordsRequest q = BATON__LIST_RECORDS_REQUEST__INIT;
    void *answer;
    *found = NULL;
    if (a->uid == NULL || *a->uid == '\0')
        return true;
    q.type = (char *)"activity";
    q.where_field = (char *)"uid";
    q.where_value = a->uid;
    q.has_page_size = true;
    q.page_size = FOUND_MAX;
    if (!api_call(s->api, "RecordService/ListRecords", &q, r->call, &answer, &s->no))
        return false;
    const Baton__ListRecordsResponse *list = answer;
    for (size_t i = 0; i < list->n_records; i++) {
        Baton__Activity *there = list->records[i]->activity;
        if (is_same(there->owner_id, r->user->id) && is_same(there->recurrence_id, a->recurrence_id))
            *found = there;
    }
    return true;
}

/* What it is about is nothing that a calendar knows of. */
static bool is_of_calendar(const struct schema_field *f)
{
    static const char *const others[] = {"owner_id",       "account_id",  "contact_id",     "lead_id",
                                         "opportunity_id", "calendar_id", "call_direction", "call_number",
                                         "call_outcome",   "call_seconds"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(f->pb->name, others[i]) == 0)
            return false;
    return !f->rules->output_only;
}

/* What the file does not say any more is gone. */
static bool change(struct session *s, const Baton__Activity *there, Baton__Activity *a)
{
    struct run *r = s->arg;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    const struct schema_message *m = schema_message(&baton__activity__descriptor);
    void *answer;
    q.request_id = request_id_new(r->call);
    a->id = there->id;
    q.record = record_wrap(&a->base, r->call);
    q.clear = ARENA_ARRAY(r->call, char *, m->pb->n_fields);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (is_of_calendar(&m->fields[i]) && schema_present(&there->base, &m->fields[i]) &&
            !schema_present(&a->base, &m->fields[i]))
            q.clear[q.n_clear++] = (char *)(uintptr_t)m->fields[i].pb->name;
    return api_call(s->api, "RecordService/UpdateRecord", &q, r->call, &answer, &s->no);
}

static bool take(struct session *s, Baton__Activity *a)
{
    struct run *r = s->arg;
    Baton__Activity *there;
    ProtobufCMessage *made;
    know_users(r, a);
    a->owner_id = r->user->id;
    a->calendar_id = (char *)(uintptr_t)r->calendar_id;
    if (!find(s, a, &there))
        return false;
    if (there != NULL ? !change(s, there, a) : !records_create(s->api, &a->base, r->call, &made, &s->no))
        return false;
    r->made += there == NULL;
    r->changed += there != NULL;
    return true;
}

static void say_rejected(struct session *s, const char *what, const char *why)
{
    struct run *r = s->arg;
    r->rejected++;
    fprintf(stderr, "%s: %s: %s\n", r->path, output_text(r->call, what), output_text(r->call, why));
}

/* False: Baton is not there any more; all else is the item's own fault. */
static bool take_item(struct session *s, const struct calendar_item *x)
{
    if (x->refused != NULL) {
        say_rejected(s, x->what, x->refused);
        return true;
    }
    if (take(s, x->activity))
        return true;
    if (s->no.code == REFUSAL_UNAVAILABLE || s->no.code == REFUSAL_UNAUTHENTICATED)
        return false;
    say_rejected(s, x->what, s->no.message);
    s->no = (struct refusal){0};
    return true;
}

/* The user's calendar of that name, made if it is not there. */
static bool find_calendar(struct session *s)
{
    struct run *r = s->arg;
    struct record_list all;
    ProtobufCMessage *made;
    Baton__Calendar c = BATON__CALENDAR__INIT;
    if (r->calendar == NULL)
        return true;
    if (!records_load(s->api, "calendar", s->arena, &all, &s->no))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const Baton__Calendar *there = (const Baton__Calendar *)all.rows[i];
        if (is_same(there->owner_id, r->user->id) && is_same(there->name, r->calendar))
            r->calendar_id = there->id;
    }
    if (r->calendar_id != NULL)
        return true;
    c.name = (char *)(uintptr_t)r->calendar;
    c.owner_id = r->user->id;
    if (!records_create(s->api, &c.base, s->arena, &made, &s->no))
        return false;
    r->calendar_id = ((const Baton__Calendar *)made)->id;
    return true;
}

static bool import(struct session *s)
{
    struct run *r = s->arg;
    struct progress progress;
    r->user = records_user(s->api, r->owner, s->arena, &s->no);
    if (r->user == NULL || !records_load(s->api, "user", s->arena, &r->users, &s->no) || !find_calendar(s))
        return false;
    r->call = arena_new(CALL_MEMORY);
    progress_start(&progress, "activities", r->file.n, s->tool->json);
    bool good = true;
    for (size_t i = 0; good && i < r->file.n; i++) {
        arena_reset(r->call);
        good = take_item(s, &r->file.items[i]);
        progress_show(&progress, i + 1);
    }
    progress_end(&progress);
    arena_free(r->call);
    if (good)
        fprintf(s->tool->out,
                s->tool->json ? "{\"made\":%zu,\"changed\":%zu,\"rejected\":%zu}\n"
                              : "%zu activities new, %zu brought up to date, %zu not taken\n",
                r->made, r->changed, r->rejected);
    return good;
}

int tool_calendar_import(struct tool *t, int argc, char **argv)
{
    struct run r = {0};
    int first;
    const struct option_row rows[] = {{"owner", OPTION_TEXT, &r.owner},
                                      {"calendar", OPTION_TEXT, &r.calendar}};
    if (!options_read(rows, 2, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    r.path = argv[first];
    if (r.owner == NULL) {
        fprintf(stderr, "error: say whose activities they are: --owner EMAIL\n");
        return TOOL_USAGE;
    }
    buffer_init(&r.text, CALENDAR_FILE_MAX);
    if (!file_read(r.path, &r.text)) {
        buffer_release(&r.text);
        return TOOL_FAILED;
    }
    struct arena *memory = arena_new(ARENA_LIMIT);
    calendar_read((const char *)r.text.data, r.text.size, memory, &r.file);
    int status = TOOL_FAILED;
    if (r.file.refused != NULL)
        fprintf(stderr, "error: %s: %s\n", r.path, r.file.refused);
    else
        status = session_run(t, ARENA_LIMIT, import, &r);
    buffer_release(&r.text);
    arena_free(memory);
    return status;
}

const char tool_calendar_import_help[] =
    "Events become meetings, tasks become tasks. What is there already under the same uid is brought up to\n"
    "date; who works here attends as themselves, by their e-mail address. What a file says and Baton does\n"
    "not know is kept, and leaves again with an export. What is not taken is said with the reason.\n\n"
    "  --owner EMAIL    whose activities they become\n"
    "  --calendar NAME  into this calendar of theirs, which is made if there is none\n";

/* --- out --- */

static bool export(struct session *s)
{
    struct run *r = s->arg;
    Baton__ExportCalendarRequest q = BATON__EXPORT_CALENDAR_REQUEST__INIT;
    FILE *out = r->path != NULL ? fopen(r->path, "w") : s->tool->out;
    r->user = records_user(s->api, r->owner, s->arena, &s->no);
    bool good = r->user != NULL && out != NULL;
    q.owner_id = good ? r->user->id : NULL;
    do {
        const Baton__ExportCalendarResponse *page =
            good ? session_call(s, "ContactService/ExportCalendar", &q) : NULL;
        good = page != NULL && fwrite(page->text.data, 1, page->text.len, out) == page->text.len;
        q.page_token = page != NULL ? page->next_page_token : NULL;
    } while (good && q.page_token != NULL);
    const bool is_closed = out == NULL || r->path == NULL || fclose(out) == 0;
    if (s->no.code != REFUSAL_NONE)
        return false;
    if (good && is_closed)
        return true;
    fprintf(stderr, "error: %s cannot be written\n", r->path != NULL ? r->path : "standard output");
    return session_end(s, TOOL_FAILED);
}

int tool_calendar_export(struct tool *t, int argc, char **argv)
{
    struct run r = {0};
    int first;
    const struct option_row rows[] = {{"owner", OPTION_TEXT, &r.owner}};
    if (!options_read(rows, 1, argc, argv, 0, 1, &first))
        return TOOL_USAGE;
    if (r.owner == NULL) {
        fprintf(stderr, "error: say whose activities: --owner EMAIL\n");
        return TOOL_USAGE;
    }
    r.path = first < argc ? argv[first] : NULL;
    return session_run(t, ARENA_LIMIT, export, &r);
}
