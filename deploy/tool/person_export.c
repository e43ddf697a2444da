/* `baton person export`: everything that is known of a person, as one JSON document. It is written when all
   of it is there, so nothing that failed looks like a whole one. */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "baton/v1/contact_lists.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/person.h"
#include "tool/records.h"

enum {
    KEPT_MEMORY = 64 << 20,
    PAGE_MEMORY = 64 << 20,
    LIST_MAX = 256 << 20,
    IDS_AT_ONCE = 1000,
    RECORDS_AT_ONCE = 50,
    TOKEN_MAX = 2048
};

enum list { LIST_RECORDS, LIST_CHANGES, LIST_LEADS, LIST_NOTIFICATIONS, LIST_DELIVERIES, LISTS };
static const char *const list_names[LISTS] = {"records", "changes", "leads", "notifications", "deliveries"};

struct taking {
    const char *word, *path;
    struct session *s;
    struct arena *page;
    char **contact_ids;
    size_t n_contact_ids;
    char **lead_ids;
    size_t n_lead_ids, room;
    struct buffer lists[LISTS];
    size_t counts[LISTS];
};

static void add(struct taking *x, enum list list, const void *message)
{
    struct buffer *b = &x->lists[list];
    if (x->counts[list]++ > 0)
        (void)buffer_char(b, ','); /* b->overflow says so, here and below */
    (void)schema_to_json(message, 0, b);
}

static void add_lead_id(struct taking *x, const char *id)
{
    if (x->n_lead_ids == x->room) {
        char **before = x->lead_ids;
        x->room = x->room > 0 ? x->room * 2 : IDS_AT_ONCE;
        x->lead_ids = ARENA_ARRAY(x->s->arena, char *, x->room);
        if (x->n_lead_ids > 0)
            memcpy(x->lead_ids, before, x->n_lead_ids * sizeof *before);
    }
    x->lead_ids[x->n_lead_ids++] = arena_strdup(x->s->arena, id);
}

/* --- pages --- */

/* Takes what is on a page; returns the token of the next. */
typedef const char *take_fn(struct taking *x, const void *answer);

/* Every page of a method; *token is the request's. */
static bool take_all(struct taking *x, const char *method, const void *request, char **token, take_fn *take)
{
    char kept[TOKEN_MAX];
    *token = NULL;
    do {
        void *answer;
        arena_reset(x->page);
        if (!api_call(x->s->api, method, request, x->page, &answer, &x->s->no))
            return false;
        const char *next = take(x, answer);
        (void)snprintf(kept, sizeof kept, "%s", next != NULL ? next : ""); /* a cut one is refused */
        *token = kept;
    } while (*kept != '\0');
    *token = NULL;
    return true;
}

static const char *take_person(struct taking *x, const void *answer)
{
    const Baton__ExportPersonResponse *r = answer;
    if (x->n_contact_ids == 0) {
        x->contact_ids = ARENA_ARRAY(x->s->arena, char *, r->n_contact_ids);
        for (size_t i = 0; i < r->n_contact_ids; i++)
            x->contact_ids[x->n_contact_ids++] = arena_strdup(x->s->arena, r->contact_ids[i]);
    }
    for (size_t i = 0; i < r->n_records; i++)
        add(x, LIST_RECORDS, r->records[i]);
    for (size_t i = 0; i < r->n_changes; i++)
        add(x, LIST_CHANGES, r->changes[i]);
    return r->next_page_token;
}

static const char *take_leads(struct taking *x, const void *answer)
{
    const Baton__ListPersonLeadsResponse *r = answer;
    for (size_t i = 0; i < r->n_leads; i++) {
        add(x, LIST_LEADS, r->leads[i]);
        add_lead_id(x, r->leads[i]->lead->id);
    }
    return r->next_page_token;
}

static const char *take_messages(struct taking *x, const void *answer)
{
    const Baton__ListPersonMessagesResponse *r = answer;
    for (size_t i = 0; i < r->n_notifications; i++)
        add(x, LIST_NOTIFICATIONS, r->notifications[i]);
    for (size_t i = 0; i < r->n_deliveries; i++)
        add(x, LIST_DELIVERIES, r->deliveries[i]);
    return r->next_page_token;
}

/* With as many leads at once as a request has room for; beyond that, what is about a contact and a lead may
   stand there twice. */
static bool messages(struct taking *x)
{
    Baton__ListPersonMessagesRequest q = BATON__LIST_PERSON_MESSAGES_REQUEST__INIT;
    size_t from = 0;
    q.contact_ids = x->contact_ids;
    q.n_contact_ids = x->n_contact_ids;
    do {
        const size_t left = x->n_lead_ids - from;
        q.lead_ids = left > 0 ? x->lead_ids + from : NULL;
        q.n_lead_ids = left < IDS_AT_ONCE ? left : IDS_AT_ONCE;
        if (!take_all(x, "NotificationService/ListPersonMessages", &q, &q.page_token, take_messages))
            return false;
        from += q.n_lead_ids;
        q.n_contact_ids = 0;
    } while (from < x->n_lead_ids);
    return true;
}

/* --- what other services have as records --- */

static const char *take_records(struct taking *x, const void *answer)
{
    const Baton__ListRecordsResponse *r = answer;
    for (size_t i = 0; i < r->n_records; i++)
        add(x, LIST_RECORDS, r->records[i]);
    return r->next_page_token;
}

static bool records_of(struct taking *x, const char *type, const char *field, const char *value)
{
    Baton__ListRecordsRequest q = BATON__LIST_RECORDS_REQUEST__INIT;
    q.type = (char *)(uintptr_t)type;
    q.where_field = (char *)(uintptr_t)field;
    q.where_value = (char *)(uintptr_t)value;
    q.has_page_size = true;
    q.page_size = RECORDS_AT_ONCE;
    return take_all(x, "RecordService/ListRecords", &q, &q.page_token, take_records);
}

/* Printed material that was ordered for them. */
static bool orders(struct taking *x)
{
    for (size_t i = 0; i < x->n_contact_ids; i++)
        if (!records_of(x, "collateral_order", "contact_id", x->contact_ids[i]))
            return false;
    return true;
}

static const char *take_quotes(struct taking *x, const void *answer)
{
    const Baton__ListPersonQuotesResponse *r = answer;
    for (size_t i = 0; i < r->n_quotes; i++) {
        Baton__Record record = BATON__RECORD__INIT;
        record.record_case = BATON__RECORD__RECORD_QUOTE;
        record.quote = r->quotes[i];
        add(x, LIST_RECORDS, &record);
    }
    return r->next_page_token;
}

static bool quotes(struct taking *x)
{
    Baton__ListPersonQuotesRequest q = BATON__LIST_PERSON_QUOTES_REQUEST__INIT;
    q.contact_ids = x->contact_ids;
    q.n_contact_ids = x->n_contact_ids;
    return take_all(x, "QuoteService/ListPersonQuotes", &q, &q.page_token, take_quotes);
}

static bool collect(struct taking *x, const char *id)
{
    Baton__ExportPersonRequest person = BATON__EXPORT_PERSON_REQUEST__INIT;
    Baton__ListPersonLeadsRequest leads = BATON__LIST_PERSON_LEADS_REQUEST__INIT;
    person.contact_id = (char *)(uintptr_t)id;
    if (!take_all(x, "ContactListService/ExportPerson", &person, &person.page_token, take_person))
        return false;
    leads.contact_ids = x->contact_ids;
    leads.n_contact_ids = x->n_contact_ids;
    return orders(x) && quotes(x) &&
           take_all(x, "LeadService/ListPersonLeads", &leads, &leads.page_token, take_leads) && messages(x);
}

/* --- the document --- */

static bool is_too_large(const struct taking *x)
{
    for (size_t i = 0; i < LISTS; i++)
        if (x->lists[i].overflow)
            return true;
    return false;
}

static void write_lists(const struct taking *x, FILE *out)
{
    fputs("{\"contactIds\":[", out);
    for (size_t i = 0; i < x->n_contact_ids; i++)
        fprintf(out, "%s\"%s\"", i > 0 ? "," : "", x->contact_ids[i]);
    fputc(']', out);
    for (size_t i = 0; i < LISTS; i++) {
        fprintf(out, ",\"%s\":[", list_names[i]);
        if (x->lists[i].size > 0)
            fwrite(x->lists[i].data, 1, x->lists[i].size, out);
        fputc(']', out);
    }
    fputs("}\n", out);
}

static int write_document(const struct taking *x)
{
    if (is_too_large(x)) {
        fprintf(stderr, "error: there is more than fits into one document\n");
        return TOOL_FAILED;
    }
    FILE *out = x->path != NULL ? fopen(x->path, "we") : x->s->tool->out;
    if (out != NULL)
        write_lists(x, out);
    bool good = out != NULL && !ferror(out);
    if (x->path != NULL && out != NULL && fclose(out) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "error: %s: %s\n", x->path != NULL ? x->path : "standard output", strerror(errno));
    return good ? TOOL_OK : TOOL_FAILED;
}

static void tell(const struct taking *x, struct tool *t)
{
    for (size_t i = 0; i < LISTS; i++)
        fprintf(t->out, t->json ? "%s\"%s\":%zu" : "%s%s %zu",
                i > 0     ? ","
                : t->json ? "{"
                          : "",
                list_names[i], x->counts[i]);
    fputs(t->json ? "}\n" : "\n", t->out);
}

static bool run(struct session *s)
{
    struct taking *x = s->arg;
    const char *id = person_id(s, x->word);
    if (id == NULL)
        return false;
    x->s = s;
    x->page = arena_new(PAGE_MEMORY);
    for (size_t i = 0; i < LISTS; i++)
        buffer_init(&x->lists[i], LIST_MAX);
    const bool good = collect(x, id);
    if (good)
        (void)session_end(s, write_document(x));
    if (good && s->status == TOOL_OK && x->path != NULL)
        tell(x, s->tool);
    for (size_t i = 0; i < LISTS; i++)
        buffer_release(&x->lists[i]);
    arena_free(x->page);
    return good;
}

int tool_person_export(struct tool *t, int argc, char **argv)
{
    struct taking x = {0};
    const struct option_row rows[] = {{"out", OPTION_TEXT, &x.path}};
    int first;
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    x.word = argv[first];
    return session_run(t, KEPT_MEMORY, run, &x);
}
