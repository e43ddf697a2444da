/* One reader: pages of every service, merged by time, given to the client one event after the other. */
#include "reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUTBOX_MAX = 64 << 10,
    WRITE_MAX = WORLD_FRAME_MAX,
    PAGE_ARENA_MAX = 4 * WORLD_FRAME_MAX,
    READ_TIMEOUT_MS = 5000,
    RETRY_US = 1000000,
};

static struct mark mark_of(const Baton__EventPosition *p)
{
    struct mark m = {.seq = p->seq, .events = p->events};
    memcpy(m.hash, p->hash.data, p->hash.len < sizeof m.hash ? p->hash.len : sizeof m.hash);
    return m;
}

static size_t number_of(const struct lane *l)
{
    return (size_t)(l - l->reader->lanes);
}

/* --- sending --- */

/* Where the client would go on, without an event. */
static void write_id(struct reader *r)
{
    char cursor[BOOKMARK_TEXT_SIZE];
    struct buffer *text = &r->all->text;
    bookmark_write(&r->given, cursor);
    buffer_clear(text);
    (void)buffer_printf(text, "id: %s\n\n", cursor);                            /* fits */
    r->is_ahead = !outlet_write(&r->outlet, buffer_bytes(text)) && r->is_ahead; /* else with the next one */
}

/* Why it ends. */
static void write_refused(struct reader *r, const struct refusal *no)
{
    struct buffer *text = &r->all->text;
    buffer_clear(text);
    (void)buffer_printf(text,
                        "event: refused\ndata: {\"code\":\"%s\",\"message\":", refusal_code_name(no->code));
    (void)schema_json_string(text, no->message);
    (void)buffer_text(text, "}\n\n");
    (void)outlet_write(&r->outlet, buffer_bytes(text)); /* else it is told when it comes back */
    outlet_end(&r->outlet);
}

/* False: there is no room for it now. */
static bool give(struct lane *l)
{
    char cursor[BOOKMARK_TEXT_SIZE];
    struct reader *r = l->reader;
    struct buffer *text = &r->all->text;
    const Baton__PublicEvent *e = l->page->events[l->next];
    struct bookmark behind = r->given;
    behind.marks[number_of(l)] = mark_of(e->at);
    bookmark_write(&behind, cursor);
    buffer_clear(text);
    (void)buffer_printf(text, "id: %s\nevent: %s\ndata: ", cursor, e->type);
    (void)buffer_add(text, e->json.data, e->json.len);
    if (!buffer_text(text, "\n\n") || !outlet_write(&r->outlet, buffer_bytes(text)))
        return false;
    r->given = behind;
    r->is_ahead = false;
    l->next++;
    if (--r->left == 0)
        outlet_end(&r->outlet);
    return true;
}

/* --- reading --- */

static void drop_page(struct lane *l)
{
    arena_free(l->arena);
    l->arena = NULL;
    l->page = NULL;
}

static void take_page(struct lane *l, struct bytes body)
{
    struct refusal no = {0};
    l->arena = arena_new(PAGE_ARENA_MAX);
    l->page = (Baton__ReadEventsResponse *)schema_unpack(
        schema_message(&baton__read_events_response__descriptor), body, l->arena);
    l->next = 0;
    if (!l->page) {
        drop_page(l);
        (void)refuse(&no, REFUSAL_INTERNAL, NULL, "the %s service's answer makes no sense",
                     client_services[number_of(l)]);
        return write_refused(l->reader, &no);
    }
    if (l->page->upto)
        l->read = mark_of(l->page->upto);
    l->is_at_end = !l->page->more && !l->is_behind;
}

/* Not there for a moment, as against never. */
static bool is_passing(enum refusal_code code)
{
    return code == REFUSAL_UNAVAILABLE || code == REFUSAL_DEADLINE_EXCEEDED || code == REFUSAL_CANCELED ||
           code == REFUSAL_RESOURCE_EXHAUSTED;
}

static void take_refusal(struct lane *l, const struct refusal *no)
{
    struct reader *r = l->reader;
    if (r->request && !r->no.code)
        r->no = *no;
    else if (!r->request && is_passing(no->code))
        l->retry_us = gateway_now_us() + RETRY_US;
    else if (!r->request)
        write_refused(r, no);
}

static void on_page(void *arg, const struct refusal *no, struct bytes body)
{
    struct lane *l = arg;
    struct reader *r = l->reader;
    l->is_reading = false;
    if (!outlet_release(&r->outlet))
        return;
    if (no)
        take_refusal(l, no);
    else
        take_page(l, body);
    reader_go_on(r);
}

static void ask(struct lane *l)
{
    struct reader *r = l->reader;
    struct gateway *g = r->all->gateway;
    Baton__ReadEventsRequest request = BATON__READ_EVENTS_REQUEST__INIT;
    Baton__EventPosition after = BATON__EVENT_POSITION__INIT;
    Baton__Actor actor = gateway_actor(&r->outlet.who);
    struct refusal no;
    after.has_seq = after.has_events = after.has_hash = true;
    after.seq = l->read.seq;
    after.events = l->read.events;
    after.hash = (ProtobufCBinaryData){sizeof l->read.hash, l->read.hash};
    request.after = l->read.seq ? &after : NULL;
    request.types = r->types;
    request.n_types = r->n_types;
    arena_reset(g->arena);
    const struct call call = {.service = client_services[number_of(l)],
                              .method = "SystemService/ReadEvents",
                              .actor = &actor,
                              .timeout_ms = READ_TIMEOUT_MS,
                              .body = schema_pack(&request.base, g->arena)};
    l->is_behind = false;
    l->retry_us = 0;
    l->is_reading = client_call(g->client, &call, on_page, l, &no);
    if (l->is_reading)
        outlet_hold(&r->outlet);
    else
        take_refusal(l, &no);
}

/* Behind the page there may be records that hold nothing for this reader. */
static void take_mark(struct reader *r, size_t service, const struct mark *read)
{
    struct mark *given = &r->given.marks[service];
    r->is_ahead = r->is_ahead || given->seq != read->seq || given->events != read->events;
    *given = *read;
}

static bool is_to_be_read(const struct lane *l)
{
    return l->is_wanted && !l->page && !l->is_reading && !l->is_at_end &&
           (!l->retry_us || gateway_now_us() >= l->retry_us);
}

static void read_on(struct reader *r)
{
    for (struct lane *l = r->lanes; l < r->lanes + CLIENT_SERVICES; l++) {
        if (l->page && l->next == l->page->n_events) {
            drop_page(l);
            take_mark(r, number_of(l), &l->read);
        }
        if (is_to_be_read(l) && !r->outlet.is_ending)
            ask(l);
    }
}

/* --- merging --- */

static bool is_being_read(const struct reader *r)
{
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        if (r->lanes[i].is_reading)
            return true;
    return false;
}

static uint64_t time_of(const struct lane *l)
{
    return l->page->events[l->next]->time_us;
}

/* The one with the oldest event, since what follows from an event is never older. NULL: nothing is there, or
   something older may be on its way. */
static struct lane *oldest(struct reader *r)
{
    struct lane *found = NULL;
    if (is_being_read(r))
        return NULL;
    for (struct lane *l = r->lanes; l < r->lanes + CLIENT_SERVICES; l++)
        if (l->page && (!found || time_of(l) < time_of(found)))
            found = l;
    return found;
}

static bool is_all_read(const struct reader *r)
{
    for (const struct lane *l = r->lanes; l < r->lanes + CLIENT_SERVICES; l++)
        if (l->is_wanted && (l->page || !l->is_at_end))
            return false;
    return true;
}

/* --- the client's side --- */

/* Every service has said whether it can be read from there. */
static void begin(struct reader *r)
{
    struct request *request = r->request;
    r->request = NULL;
    if (!r->no.code) {
        outlet_open(&r->outlet, request);
        return;
    }
    if (strcmp(r->no.field, "after") == 0)
        memcpy(r->no.field, "from", sizeof "from");
    if (r->no.code == REFUSAL_FAILED_PRECONDITION)
        answer_refusal_as(request, MHD_HTTP_CONFLICT, &r->no);
    else
        answer_refusal(request, &r->no);
}

void reader_go_on(struct reader *r)
{
    struct lane *l;
    if (r->request) {
        if (is_being_read(r))
            return;
        begin(r);
        if (r->no.code)
            return reader_free(r);
    }
    do {
        read_on(r);
        l = oldest(r);
    } while (l && !r->outlet.is_ending && give(l));
    if (!r->is_lasting && !r->outlet.is_ending && outlet_is_idle(&r->outlet) && is_all_read(r)) {
        write_id(r);
        outlet_end(&r->outlet);
    }
}

void reader_begin(struct reader *r)
{
    read_on(r);
    reader_go_on(r);
}

void reader_wake(struct reader *r, size_t service)
{
    struct lane *l = &r->lanes[service];
    l->is_behind = true;
    l->is_at_end = false;
}

void reader_free(struct reader *r)
{
    if (!r->outlet.is_gone) {
        TAILQ_REMOVE(&r->all->readers, r, link);
        r->all->n_readers--;
    }
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        drop_page(&r->lanes[i]);
    free(r->types_text);
    free(r);
}

static void on_drained(struct outlet *o)
{
    reader_go_on((struct reader *)o);
}

static void on_beat(struct outlet *o)
{
    static const char beat[] = ":\n\n";
    struct reader *r = (struct reader *)o;
    if (r->is_ahead)
        write_id(r);
    else
        (void)outlet_write(o, bytes_text(beat)); /* fits: it is idle */
}

static void on_gone(struct outlet *o)
{
    struct reader *r = (struct reader *)o;
    TAILQ_REMOVE(&r->all->readers, r, link);
    r->all->n_readers--;
}

static void on_free(struct outlet *o)
{
    reader_free((struct reader *)o);
}

const struct outlet_ops reader_outlet = {
    .outbox_max = OUTBOX_MAX,
    .write_max = WRITE_MAX,
    .drained = on_drained,
    .beat = on_beat,
    .gone = on_gone,
    .free = on_free,
};
