/* Open event streams: how they begin, what they are fed with, how they end. */
#include "streams.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "head.h"
#include "http.h"

enum { BLOCK = 1024, FOLLOW_ARENA_MAX = 64 << 20 };

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

static bool is_first_of_user(Baton__FeedItem *const *items, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(items[k]->user_id, items[i]->user_id) == 0)
            return false;
    return true;
}

/* Items `i` and following of that one's user, written once for all their streams. */
static void give_user(struct streams *all, Baton__FeedItem *const *items, size_t i, size_t n)
{
    struct user *u = user_find(all, items[i]->user_id);
    if (!u)
        return;
    Baton__FeedItem **own = ARENA_ARRAY(all->arena, Baton__FeedItem *, n - i);
    size_t n_own = 0;
    for (size_t k = i; k < n; k++)
        if (strcmp(items[k]->user_id, u->id) == 0)
            own[n_own++] = items[k];
    buffer_clear(&all->group);
    feed_encode(own, n_own, &all->group);
    struct stream *s;
    LIST_FOREACH(s, &u->streams, of_user)
    if (all->group.overflow)
        stream_fall_back(s, items[i]->seq);
    else
        stream_give(s, items[i]->seq, buffer_bytes(&all->group));
}

static void on_record(void *arg, struct follow *f, struct bytes stored, const struct cursor *at)
{
    struct streams *all = arg;
    arena_reset(all->arena);
    const Baton__LogRecord *record = (const Baton__LogRecord *)schema_unpack(
        schema_message(&baton__log_record__descriptor), log_body(stored), all->arena);
    if (record) {
        Baton__FeedItem **items;
        size_t n = feed_items(record, all->arena, &items);
        for (size_t i = 0; i < n; i++)
            if (is_first_of_user(items, i))
                give_user(all, items, i, n);
    } else {
        log_failure("stream", "record %llu of the notifications' log cannot be read",
                    (unsigned long long)at->at.seq);
    }
    all->position = at->at.seq;
    follow_done(f, stored.size);
}

/* --- the client's side --- */

static ssize_t on_read(void *arg, uint64_t position, char *out, size_t size)
{
    struct stream *s = arg;
    size_t n = s->outbox.size - s->sent;
    if (n == 0 && s->is_ending)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (n == 0) {
        s->is_asleep = true;
        MHD_suspend_connection(s->connection);
        return 0;
    }
    n = n < size ? n : size;
    memcpy(out, s->outbox.data + s->sent, n);
    s->sent += n;
    s->moved_us = gateway_now_us();
    if (s->sent == s->outbox.size) {
        s->sent = 0;
        buffer_release(&s->outbox); /* ten thousand streams are mostly silent */
        buffer_init(&s->outbox, GROUP_MAX);
        stream_catch_up(s);
    }
    return (ssize_t)n;
}

/* The connection has ended, for whatever reason. */
static void on_gone(void *arg)
{
    struct stream *s = arg;
    struct user *u = s->user;
    TAILQ_REMOVE(&s->all->list, s, link);
    LIST_REMOVE(s, of_user);
    s->all->n_streams--;
    if (--u->n_streams == 0) {
        LIST_REMOVE(u, bucket);
        free(u);
    }
    buffer_release(&s->outbox);
    s->is_gone = true;
    (void)stream_free_if_gone(s); /* else who is under way does */
}

static struct stream *stream_new(struct request *r, bool has_position, uint64_t position)
{
    static const char hello[] = ": baton\nretry: 1000\n\n";
    struct streams *all = r->gateway->streams;
    struct user *u = user_made(all, r->who.user_id);
    struct stream *s = calloc(1, sizeof *s);
    assert(s);
    s->all = all;
    s->connection = r->connection;
    s->who = r->who;
    s->user = u;
    s->has_position = has_position;
    s->position = position;
    s->need_seq = all->position;
    s->check_us = gateway_now_us() + STREAM_CHECK_US;
    memcpy(s->token_hash, r->token_hash, sizeof s->token_hash);
    buffer_init(&s->outbox, GROUP_MAX);
    (void)stream_write(s, bytes_text(hello)); /* fits */
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

static void open_stream(struct request *r)
{
    bool has_cursor;
    uint64_t cursor;
    struct refusal no = {0};
    const struct user *u = user_find(r->gateway->streams, r->who.user_id);
    if (u && u->n_streams >= STREAMS_PER_USER_MAX)
        (void)refuse(&no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "%d streams of yours are open already",
                     STREAMS_PER_USER_MAX);
    if (no.code || !read_cursor(r, &has_cursor, &cursor, &no))
        return answer_refusal(r, &no);
    struct stream *s = stream_new(r, has_cursor, cursor);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, s, on_gone);
    assert(response);
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "X-Accel-Buffering", "no");
    answer_headers(r, response);
    r->is_lasting = true;
    request_send(r, MHD_HTTP_OK, response);
}

void stream_start(struct request *r)
{
    auth_request(r, open_stream);
}

/* --- as time passes --- */

static void on_checked(void *arg, const struct who *who, const struct refusal *no)
{
    struct stream *s = arg;
    s->is_checking = false;
    if (stream_free_if_gone(s) || s->is_gone)
        return;
    s->check_us = gateway_now_us() + STREAM_CHECK_US;
    if (who)
        s->who = *who;
    else if (no->code == REFUSAL_UNAUTHENTICATED)
        stream_end(s);
}

static void tick(struct stream *s, int64_t now)
{
    static const char beat[] = ":\n\n";
    if (s->is_asleep && now >= s->check_us && http_is_gone(s->connection))
        return stream_end(s);
    if (!stream_is_idle(s) && now - s->moved_us >= STREAM_STALLED_US)
        return http_cut(s->connection);
    if (stream_is_idle(s) && now - s->moved_us >= STREAM_HEARTBEAT_US)
        (void)stream_write(s, bytes_text(beat)); /* fits: it is idle */
    stream_catch_up(s);
    if (now < s->check_us || s->is_checking)
        return;
    s->is_checking = true;
    auth_check(s->all->gateway->auth, s->token_hash, STREAM_CHECK_AGE_US, on_checked, s);
}

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
        struct stream *s, *next;
        all->tick_us = now + STREAM_TICK_US;
        for (s = TAILQ_FIRST(&all->list); s; s = next) {
            next = TAILQ_NEXT(s, link);
            tick(s, now);
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
    assert(all->n_streams == 0);
    follow_free(all->follow);
    buffer_release(&all->group);
    arena_free(all->arena);
    free(all);
}

void streams_end(struct streams *all)
{
    struct stream *s;
    TAILQ_FOREACH(s, &all->list, link)
    stream_end(s);
}

void streams_end_token(struct streams *all, const char *user_id, const char *token_hash)
{
    const struct user *u = user_find(all, user_id);
    struct stream *s;
    if (u)
        LIST_FOREACH(s, &u->streams, of_user)
    if (strcmp(s->token_hash, token_hash) == 0)
        stream_end(s);
}

unsigned streams_count(const struct streams *all)
{
    return all->n_streams;
}

const struct follow *streams_follow(const struct streams *all)
{
    return all->follow;
}
