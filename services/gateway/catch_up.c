/* How one stream comes to what it is given: exact catch-up, then live, bounded always.

   A stream that catches up notes in `need_seq` the newest position that may hold something it has not been
   given: first where the follow stands when it begins, then each live item of its user that it could not
   take. Once it has been given everything up to there, it is live: nothing is lost, and what is live and not
   beyond its position it has had. A live stream whose client takes too little goes back to catching up, so
   nothing is queued beyond its outbox. */
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>

#include "http.h"

enum { PAGE_SIZE = 200 };

/* --- sending --- */

static void wake(struct stream *s)
{
    if (!s->is_asleep || s->is_gone)
        return;
    s->is_asleep = false;
    MHD_resume_connection(s->connection);
    http_poke(s->all->gateway->http);
}

void stream_end(struct stream *s)
{
    s->is_ending = true;
    wake(s);
}

bool stream_is_idle(const struct stream *s)
{
    return s->outbox.size == 0;
}

bool stream_write(struct stream *s, struct bytes text)
{
    if (stream_is_idle(s))
        s->moved_us = gateway_now_us();
    if (!stream_is_idle(s) && s->outbox.size + text.size > STREAM_OUTBOX_MAX)
        return false;
    if (!buffer_add(&s->outbox, text.data, text.size))
        return false;
    wake(s);
    return true;
}

static void write_event(struct stream *s, const char *name)
{
    char text[100];
    int n = snprintf(text, sizeof text, "id: %llu\nevent: %s\ndata: {}\n\n", (unsigned long long)s->position,
                     name);
    (void)stream_write(s,
                       bytes_of(text, (size_t)n)); /* a client without it comes back to the same position */
}

/* --- catching up --- */

static void go_live(struct stream *s)
{
    s->is_live = true;
    if (!s->has_position) {
        s->has_position = true;
        s->position = s->all->position;
        write_event(s, "ready");
    }
}

/* Items of one position are given together or not at all. False: no room for more now. */
static bool take_page(struct stream *s, const Baton__ReadFeedResponse *page)
{
    struct buffer *group = &s->all->group;
    for (size_t i = 0, n; i < page->n_items && page->items[i]->seq <= page->upto_seq; i += n) {
        for (n = 1; i + n < page->n_items && page->items[i + n]->seq == page->items[i]->seq; n++)
            ;
        buffer_clear(group);
        feed_encode(page->items + i, n, group);
        if (page->items[i]->seq <= s->position)
            continue;
        if (group->overflow || !stream_write(s, buffer_bytes(group)))
            return false;
        s->position = page->items[i]->seq;
    }
    return true;
}

/* The log is shorter than it was when the client got its cursor: a backup was restored. */
static void step_back(struct stream *s, uint64_t upto_seq)
{
    s->position = upto_seq;
    write_event(s, "resync");
}

static void read_page(struct stream *s, struct bytes body)
{
    struct streams *all = s->all;
    arena_reset(all->gateway->arena);
    const Baton__ReadFeedResponse *page = (const Baton__ReadFeedResponse *)schema_unpack(
        schema_message(&baton__read_feed_response__descriptor), body, all->gateway->arena);
    if (!page || !take_page(s, page))
        return; /* goes on when the outbox is empty */
    if (page->upto_seq > s->position)
        s->position = page->upto_seq;
    if (!all->is_attached || page->upto_seq < s->need_seq)
        return stream_catch_up(s);
    if (page->upto_seq < s->position)
        step_back(s, page->upto_seq);
    go_live(s);
}

bool stream_free_if_gone(struct stream *s)
{
    bool is_free = s->is_gone && !s->is_reading && !s->is_checking;
    if (is_free)
        free(s);
    return is_free;
}

static void on_page(void *arg, const struct refusal *no, struct bytes body)
{
    struct stream *s = arg;
    s->is_reading = false;
    if (!stream_free_if_gone(s) && !no && !s->is_ending && !s->is_gone)
        read_page(s, body); /* else the next tick tries again */
}

void stream_catch_up(struct stream *s)
{
    struct streams *all = s->all;
    if (s->is_live || s->is_reading || s->is_ending || !all->is_attached || !stream_is_idle(s))
        return;
    if (!s->has_position)
        return go_live(s);
    Baton__ReadFeedRequest request = BATON__READ_FEED_REQUEST__INIT;
    Baton__Actor actor = gateway_actor(&s->who);
    struct refusal no;
    request.has_after_seq = request.has_page_size = true;
    request.after_seq = s->position;
    request.page_size = PAGE_SIZE;
    arena_reset(all->gateway->arena);
    const struct call call = {.service = "notifications",
                              .method = "NotificationService/ReadFeed",
                              .actor = &actor,
                              .body = schema_pack(&request.base, all->gateway->arena)};
    s->is_reading =
        client_call(all->gateway->client, &call, on_page, s, &no); /* if not: the next tick tries */
}

void stream_fall_back(struct stream *s, uint64_t need_seq)
{
    s->is_live = false;
    s->need_seq = need_seq;
}

void stream_give(struct stream *s, uint64_t seq, struct bytes text)
{
    if (!s->is_live)
        s->need_seq = seq;
    else if (seq <= s->position)
        return;
    else if (stream_write(s, text))
        s->position = seq;
    else
        stream_fall_back(s, seq);
}
