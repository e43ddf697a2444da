/* Event streams of the logs: how they are asked for, how many there may be, and what wakes them. */
#include "events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "head.h"
#include "reader.h"

/* --- what is asked for --- */

/* Cuts `text` at its commas. False: there are more than `most`. */
static bool split(char *text, char **out, size_t most, size_t *n)
{
    for (char *at = text; at && *at;) {
        if (*n == most)
            return false;
        out[(*n)++] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = 0;
    }
    return true;
}

static bool read_types(struct reader *r, const char *text, struct refusal *no)
{
    if (!text)
        return true;
    r->types_text = strdup(text);
    assert(r->types_text);
    return split(r->types_text, r->types, READER_TYPES_MAX, &r->n_types) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "types", "at most %d types can be given", READER_TYPES_MAX);
}

static bool want(struct reader *r, const char *name, struct refusal *no)
{
    size_t i = bookmark_service(name);
    if (i == CLIENT_SERVICES)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "services", "there is no service \"%.32s\"; there are %s",
                      name, "directory, contacts, leads, opportunities, documents, notifications");
    r->lanes[i].is_wanted = true;
    return true;
}

/* None: all. */
static bool read_services(struct reader *r, const char *text, struct refusal *no)
{
    char *names[CLIENT_SERVICES], *copy = strdup(text ? text : "");
    size_t n = 0;
    assert(copy);
    bool is_good = split(copy, names, CLIENT_SERVICES, &n) ||
                   refuse(no, REFUSAL_INVALID_ARGUMENT, "services", "there are %d services", CLIENT_SERVICES);
    for (size_t i = 0; is_good && i < n; i++)
        is_good = want(r, names[i], no);
    for (size_t i = 0; n == 0 && i < CLIENT_SERVICES; i++)
        r->lanes[i].is_wanted = true;
    free(copy);
    return is_good;
}

/* Last-Event-ID, as whoever comes back sends it, before `from`. */
static bool read_cursor(struct reader *r, const struct request *request, struct refusal *no)
{
    const char *text = request_header(request, "Last-Event-ID");
    if (!text || !*text)
        text = request_query(request, "from");
    if (text && *text && !bookmark_read(text, &r->given, no))
        return false;
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        r->lanes[i].read = r->given.marks[i];
    return true;
}

static bool read_end(struct reader *r, const struct request *request, struct refusal *no)
{
    const char *follow = request_query(request, "follow"), *limit = request_query(request, "limit");
    r->is_lasting = !follow || strcmp(follow, "true") == 0;
    r->left = UINT64_MAX;
    if (!r->is_lasting && strcmp(follow, "false") != 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "follow", "it is true or false");
    return !limit || (head_number(limit, &r->left) && r->left > 0) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "limit", "it is a number from 1 on");
}

static bool read_all(struct reader *r, const struct request *request, struct refusal *no)
{
    return read_cursor(r, request, no) && read_services(r, request_query(request, "services"), no) &&
           read_types(r, request_query(request, "types"), no) && read_end(r, request, no);
}

/* --- opening --- */

/* Whoever has left is not counted: clients come back before it is noticed otherwise. */
static bool has_room(struct events *all, const struct who *who, struct refusal *no)
{
    struct reader *r;
    unsigned own = 0, n = 0;
    TAILQ_FOREACH(r, &all->readers, link)
    if (r->request || !outlet_is_left(&r->outlet)) {
        n++;
        own += strcmp(r->outlet.who.user_id, who->user_id) == 0;
    }
    if (own >= EVENTS_PER_USER_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "%u event streams of yours are open already",
                      own);
    return n < EVENTS_READERS_MAX || refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                                            "%u event streams are open already; try again later", n);
}

static void open_events(struct request *request)
{
    struct events *all = request->gateway->events;
    struct refusal no = {0};
    if (!has_room(all, &request->who, &no))
        return answer_refusal(request, &no);
    struct reader *r = calloc(1, sizeof *r);
    assert(r);
    r->all = all;
    r->request = request;
    r->role = request->who.role;
    outlet_init(&r->outlet, request, &reader_outlet);
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        r->lanes[i].reader = r;
    TAILQ_INSERT_TAIL(&all->readers, r, link);
    all->n_readers++;
    if (read_all(r, request, &no))
        return reader_begin(r);
    reader_free(r);
    answer_refusal(request, &no);
}

void events_start(struct request *r)
{
    auth_request(r, open_events);
}

/* --- what is new --- */

/* What is said is read by the readers, each from where it is. */
static void on_record(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                      const struct cursor *at)
{
    follow_done(f, stored.size + keys.size);
}

static void follow(struct events *all, size_t i)
{
    follow_free(all->follows[i]);
    all->follows[i] = follow_new(all->gateway->world, client_services[i], NULL, NULL, true, on_record, all);
    if (!all->follows[i])
        log_fatal("events", "%s cannot be followed", client_services[i]);
    all->heads[i] = 0;
    all->renewed_us[i] = gateway_now_us();
}

static void unfollow(struct events *all)
{
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        follow_free(all->follows[i]);
        all->follows[i] = NULL;
    }
}

/* Returns when it wants to be called again. Of a log that is another one now the readers hear by reading. */
static int64_t look(struct events *all, size_t i)
{
    struct reader *r;
    if (!all->follows[i] ||
        (follow_stopped(all->follows[i]) && gateway_now_us() - all->renewed_us[i] >= FOLLOW_RENEW_US))
        follow(all, i);
    int64_t wake_us = follow_turn(all->follows[i]);
    uint64_t head = follow_position(all->follows[i]);
    if (head == all->heads[i])
        return wake_us;
    all->heads[i] = head;
    TAILQ_FOREACH(r, &all->readers, link)
    reader_wake(r, i);
    return wake_us;
}

/* --- as time passes --- */

/* With another role other events are to be seen: its client comes back and asks anew. */
static void tick(struct reader *r, int64_t now_us)
{
    if (r->request)
        return;
    outlet_tick(&r->outlet, now_us);
    if (r->outlet.who.role != r->role)
        outlet_end(&r->outlet);
}

static void go_on(struct events *all, int64_t now_us)
{
    struct reader *r, *next;
    bool is_tick = now_us >= all->tick_us;
    if (is_tick)
        all->tick_us = now_us + OUTLET_TICK_US;
    for (r = TAILQ_FIRST(&all->readers); r; r = next) {
        next = TAILQ_NEXT(r, link);
        if (is_tick)
            tick(r, now_us);
        if (!r->request)
            reader_go_on(r);
    }
}

int64_t events_turn(struct events *all)
{
    int64_t now = gateway_now_us(), wake_us = 0;
    if (TAILQ_EMPTY(&all->readers)) {
        unfollow(all);
        return 0;
    }
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        int64_t at = look(all, i);
        if (at && (!wake_us || at < wake_us))
            wake_us = at;
    }
    go_on(all, now);
    int64_t tick_wall = all->gateway->world->ops->wall_us(all->gateway->world) + all->tick_us - now;
    return wake_us && wake_us < tick_wall ? wake_us : tick_wall;
}

struct events *events_new(struct gateway *g)
{
    struct events *all = calloc(1, sizeof *all);
    assert(all);
    all->gateway = g;
    buffer_init(&all->text, WORLD_FRAME_MAX);
    TAILQ_INIT(&all->readers);
    return all;
}

void events_free(struct events *all)
{
    if (!all)
        return;
    while (!TAILQ_EMPTY(&all->readers))
        outlet_close(&TAILQ_FIRST(&all->readers)->outlet);
    unfollow(all);
    buffer_release(&all->text);
    free(all);
}

void events_end(struct events *all)
{
    struct reader *r;
    TAILQ_FOREACH(r, &all->readers, link)
    outlet_end(&r->outlet);
}

void events_end_token(struct events *all, const char *token_hash)
{
    struct reader *r;
    TAILQ_FOREACH(r, &all->readers, link)
    if (strcmp(r->outlet.token_hash, token_hash) == 0)
        outlet_end(&r->outlet);
}

unsigned events_count(const struct events *all)
{
    return all->n_readers;
}
