/* Open event streams: how they begin, what they are fed with, how they end. */
#include "streams.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "head.h"
#include "http.h"

enum { FOLLOW_ARENA_MAX = 64 << 20 };

/* --- users --- */

static size_t user_bucket(const char *id)
{
    return crc32c(0, id, strlen(id)) % USER_BUCKETS;
}

static struct user *user_find(struct streams *all, const char *id)
{
    struct user *u;
    LIST_FOREACH(u, &all->users[user_bucket(id)], bucket)
    if (strcmp(u->id, id) == 0)
        return u;
    return NULL;
}

static struct user *user_made(struct streams *all, const char *id)
{
    struct user *u = user_find(all, id);
    if (u)
        return u;
    u = calloc(1, sizeof *u);
    assert(u && strlen(id) < sizeof u->id);
    memcpy(u->id, id, strlen(id));
    LIST_INSERT_HEAD(&all->users[user_bucket(id)], u, bucket);
    return u;
}

/* --- live --- */

/* Items of one user, written once for all their streams. */
static void give_user(struct streams *all, struct user *u, Baton__FeedItem *const *items, size_t n)
{
    struct stream *s;
    buffer_clear(&all->group);
    feed_encode(items, n, &all->group);
    LIST_FOREACH(s, &u->streams, of_user)
    if (all->group.overflow)
        stream_fall_back(s, items[0]->seq);
    else
        stream_give(s, items[0]->seq, buffer_bytes(&all->group));
}

/* To each user with streams what is theirs, in order. */
static void give_all(struct streams *all, Baton__FeedItem *const *items, size_t n)
{
    struct user **of = ARENA_ARRAY(all->arena, struct user *, n);
    Baton__FeedItem **own = ARENA_ARRAY(all->arena, Baton__FeedItem *, n);
    for (size_t i = 0; i < n; i++)
        of[i] = user_find(all, items[i]->user_id);
    for (size_t i = 0; i < n; i++) {
        struct user *u = of[i];
        size_t n_own = 0;
        for (size_t k = i; u && k < n; k++)
            if (of[k] == u) {
                own[n_own++] = items[k];
                of[k] = NULL;
            }
        if (u)
            give_user(all, u, own, n_own);
    }
}

static void on_record(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                      const struct cursor *at)
{
    struct streams *all = arg;
    arena_reset(all->arena);
    const Baton__LogRecord *record = seal_read_with(stored, keys, all->arena);
    if (record) {
        Baton__FeedItem **items;
        size_t n = feed_items(record, all->arena, &items);
        give_all(all, items, n);
    } else {
        log_failure("stream", "record %llu of the notifications' log cannot be read",
                    (unsigned long long)at->at.seq);
    }
    all->position = at->at.seq;
    follow_done(f, stored.size + keys.size);
}

/* --- the client's side --- */

static void on_drained(struct outlet *o)
{
    stream_catch_up((struct stream *)o);
}

static void on_beat(struct outlet *o)
{
    static const char beat[] = ":\n\n";
    (void)outlet_write(o, bytes_text(beat)); /* fits: it is idle */
}

static void on_gone(struct outlet *o)
{
    struct stream *s = (struct stream *)o;
    struct user *u = s->user;
    TAILQ_REMOVE(&s->all->list, s, link);
    LIST_REMOVE(s, of_user);
    s->all->n_streams--;
    if (--u->n_streams == 0) {
        LIST_REMOVE(u, bucket);
        free(u);
    }
}

static void on_free(struct outlet *o)
{
    free(o);
}

static const struct outlet_ops stream_outlet = {
    .outbox_max = STREAM_OUTBOX_MAX,
    .write_max = GROUP_MAX,
    .drained = on_drained,
    .beat = on_beat,
    .gone = on_gone,
    .free = on_free,
};

static struct stream *stream_new(struct request *r, bool has_position, uint64_t position)
{
    struct streams *all = r->gateway->streams;
    struct user *u = user_made(all, r->who.user_id);
    struct stream *s = calloc(1, sizeof *s);
    assert(s);
    outlet_init(&s->outlet, r, &stream_outlet);
    s->all = all;
    s->user = u;
    s->has_position = has_position;
    s->position = position;
    s->need_seq = all->position;
    TAILQ_INSERT_TAIL(&all->list, s, link);
    LIST_INSERT_HEAD(&u->streams, s, of_user);
    u->n_streams++;
    all->n_streams++;
    return s;
}

/* Last-Event-ID, or `after` from a client that cannot send headers. */
static bool read_cursor(const struct request *r, bool *is_there, uint64_t *cursor, struct refusal *no)
{
    const char *text = request_header(r, "Last-Event-ID");
    if (!text || !*text)
        text = request_query(r, "after");
    *is_there = text && *text;
    *cursor = 0;
    return !*is_there || head_number(text, cursor) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "after", "a cursor is the id of an event: a number");
}

static bool has_room(struct streams *all, const char *user_id, struct refusal *no)
{
    const struct user *u = user_find(all, user_id);
    if (u && u->n_streams >= STREAMS_PER_USER_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "%d streams of yours are open already",
                      STREAMS_PER_USER_MAX);
    return all->n_streams < http_outlets_max(all->gateway->http) ||
           refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "%u streams are open already; try again later",
                  all->n_streams);
}

static void open_stream(struct request *r)
{
    bool has_cursor;
    uint64_t cursor;
    struct refusal no = {0};
    if (!has_room(r->gateway->streams, r->who.user_id, &no) || !read_cursor(r, &has_cursor, &cursor, &no))
        return answer_refusal(r, &no);
    outlet_open(&stream_new(r, has_cursor, cursor)->outlet, r);
}

void stream_start(struct request *r)
{
    auth_request(r, open_stream);
}

/* --- as time passes --- */

/* From the head again: what lies between, the streams read for themselves. */
static bool follow_again(struct streams *all)
{
    follow_free(all->follow);
    all->follow = follow_new(all->gateway->world, "notifications", NULL, NULL, true, on_record, all);
    all->renewed_us = gateway_now_us();
    return all->follow != NULL;
}

static void set_attached(struct streams *all, bool is_attached)
{
    struct stream *s;
    all->is_attached = is_attached;
    if (is_attached)
        all->position = follow_position(all->follow);
    TAILQ_FOREACH(s, &all->list, link)
    {
        stream_fall_back(s, all->position);
        stream_catch_up(s);
    }
}

int64_t streams_turn(struct streams *all)
{
    int64_t now = gateway_now_us(), wake_us = follow_turn(all->follow);
    bool is_attached = follow_caught_up(all->follow) && !follow_stopped(all->follow);
    if (is_attached != all->is_attached)
        set_attached(all, is_attached);
    if (follow_stopped(all->follow) && now - all->renewed_us >= FOLLOW_RENEW_US && !follow_again(all))
        log_fatal("stream", "the notifications cannot be followed");
    if (TAILQ_EMPTY(&all->list))
        return wake_us;
    if (now >= all->tick_us) {
        struct stream *s;
        all->tick_us = now + OUTLET_TICK_US;
        TAILQ_FOREACH(s, &all->list, link)
        {
            outlet_tick(&s->outlet, now);
            stream_catch_up(s);
        }
    }
    int64_t tick_wall = all->gateway->world->ops->wall_us(all->gateway->world) + all->tick_us - now;
    return wake_us && wake_us < tick_wall ? wake_us : tick_wall;
}

struct streams *streams_new(struct gateway *g)
{
    struct streams *all = calloc(1, sizeof *all);
    assert(all);
    all->gateway = g;
    all->arena = arena_new(FOLLOW_ARENA_MAX);
    buffer_init(&all->group, GROUP_MAX);
    TAILQ_INIT(&all->list);
    if (follow_again(all))
        return all;
    streams_free(all);
    return NULL;
}

void streams_free(struct streams *all)
{
    if (!all)
        return;
    while (!TAILQ_EMPTY(&all->list))
        outlet_close(&TAILQ_FIRST(&all->list)->outlet);
    follow_free(all->follow);
    buffer_release(&all->group);
    arena_free(all->arena);
    free(all);
}

void streams_end(struct streams *all)
{
    struct stream *s;
    TAILQ_FOREACH(s, &all->list, link)
    outlet_end(&s->outlet);
}

void streams_end_token(struct streams *all, const char *user_id, const char *token_hash)
{
    const struct user *u = user_find(all, user_id);
    struct stream *s;
    if (u)
        LIST_FOREACH(s, &u->streams, of_user)
    if (strcmp(s->outlet.token_hash, token_hash) == 0)
        outlet_end(&s->outlet);
}

unsigned streams_count(const struct streams *all)
{
    return all->n_streams;
}

const struct follow *streams_follow(const struct streams *all)
{
    return all->follow;
}
