/* How one stream comes to what it is given: exact catch-up, then live, bounded always.

   A stream that catches up notes in `need_seq` the newest position that may hold something it has not been
   given: first where the follow stands when it begins, then each live item of its user that it could not
   take. Once it has been given everything up to there, it is live: nothing is lost, and what is live and not
   beyond its position it has had. A live stream whose client takes too little goes back to catching up, so
   nothing is queued beyond its outbox. */
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAGE_SIZE = 50 }; /* about what system and outbox take of a client that does not */

static void write_event(struct stream *s, const char *name)
{
    char text[100];
    int n = snprintf(text, sizeof text, "id: %llu\nevent: %s\ndata: {}\n\n", (unsigned long long)s->position,
                     name);
    (void)outlet_write(&s->outlet,
                       bytes_of(text, (size_t)n)); /* else its client comes back to the position */
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
        if (group->overflow || !outlet_write(&s->outlet, buffer_bytes(group)))
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

static void on_page(void *arg, const struct refusal *no, struct bytes body)
{
    struct stream *s = arg;
    s->is_reading = false;
    if (outlet_release(&s->outlet) && !no && !s->outlet.is_ending)
        read_page(s, body); /* else the next tick tries again */
}

void stream_catch_up(struct stream *s)
{
    struct streams *all = s->all;
    if (s->is_live || s->is_reading || s->outlet.is_ending || !all->is_attached ||
        !outlet_is_idle(&s->outlet))
        return;
    if (!s->has_position)
        return go_live(s);
    Baton__ReadFeedRequest request = BATON__READ_FEED_REQUEST__INIT;
    Baton__Actor actor = gateway_actor(&s->outlet.who);
    struct refusal no;
    request.has_after_seq = request.has_page_size = true;
    request.after_seq = s->position;
    request.page_size = PAGE_SIZE;
    arena_reset(all->gateway->arena);
    const struct call call = {.service = "notifications",
                              .method = "NotificationService/ReadFeed",
                              .actor = &actor,
                              .body = schema_pack(&request.base, all->gateway->arena)};
    s->is_reading = client_call(all->gateway->client, &call, on_page, s, &no);
    if (s->is_reading)
        outlet_hold(&s->outlet); /* if not: the next tick tries */
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
    else if (outlet_write(&s->outlet, text))
        s->position = seq;
    else
        stream_fall_back(s, seq);
}
