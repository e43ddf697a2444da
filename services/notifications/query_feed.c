/* Reading a user's feed: forwards for the streams, backwards for the list. */
#include <assert.h>
#include <string.h>

#include "services/notifications/rows.h"
#include "store/log.h"

enum { FEED_PAGE = 100, LIST_PAGE = 50, PAGE_MAX = 200, LOOKED_AT_MAX = 2000 };

/* One user's items behind a log position, in order; or all of them, newest first. */
static bool feed_open(struct table_scan *scan, struct load *l, const char *user_id, uint64_t after_seq,
                      const char *token, bool backwards)
{
    struct key user = key_of(user_id), from = user;
    key_u64(&from, after_seq < UINT64_MAX ? after_seq + 1 : after_seq);
    return table_scan_under(scan, l->txn, NOTIFICATIONS_FEED_ITEM, &user, backwards ? NULL : &from, token,
                            backwards);
}

static void join(struct load *l, Baton__FeedItem *item)
{
    if (item->notification)
        item->notification =
            table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, item->notification->id, l->arena);
}

static size_t page(uint32_t asked, size_t usual)
{
    return asked == 0 ? usual : asked < PAGE_MAX ? asked : PAGE_MAX;
}

static bool refuse_nobody(struct refusal *no)
{
    return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "only a user has notifications");
}

/* A page ends only between two log positions, even if that makes it longer than asked: a cursor is a
 * position. */
static bool feed_collect(struct load *l, struct table_scan *scan, size_t most, Baton__ReadFeedResponse *r)
{
    size_t room = most + OUTCOME_EVENTS_MAX;
    r->items = ARENA_ARRAY(l->arena, Baton__FeedItem *, room);
    for (Baton__FeedItem *item; (item = table_scan_next(scan, l->arena));) {
        if (r->n_items >= most && item->seq != r->items[r->n_items - 1]->seq)
            return false;
        assert(r->n_items < room); /* one log record has no more */
        join(l, item);
        r->items[r->n_items++] = item;
    }
    return true;
}

bool notifications_query_feed(struct load *l, const struct command *c, ProtobufCMessage **reply,
                              struct refusal *no)
{
    const Baton__ReadFeedRequest *q = (const Baton__ReadFeedRequest *)c->request;
    Baton__ReadFeedResponse *r = ARENA_NEW(l->arena, Baton__ReadFeedResponse);
    struct table_scan scan;
    baton__read_feed_response__init(r);
    *reply = &r->base;
    if (!c->actor->user_id)
        return refuse_nobody(no);
    bool opened = feed_open(&scan, l, c->actor->user_id, q->after_seq, NULL, false);
    assert(opened);
    bool all = feed_collect(l, &scan, page(q->page_size, FEED_PAGE), r);
    table_scan_close(&scan);
    r->has_upto_seq = true;
    r->upto_seq = all ? log_head(txn_store(l->txn)).seq : r->items[r->n_items - 1]->seq;
    return true;
}

bool notifications_query_list(struct load *l, const struct command *c, ProtobufCMessage **reply,
                              struct refusal *no)
{
    const Baton__ListNotificationsRequest *q = (const Baton__ListNotificationsRequest *)c->request;
    Baton__ListNotificationsResponse *r = ARENA_NEW(l->arena, Baton__ListNotificationsResponse);
    size_t most = page(q->page_size, LIST_PAGE), looked_at = 0;
    Baton__FeedItem *item = NULL;
    struct table_scan scan;
    baton__list_notifications_response__init(r);
    *reply = &r->base;
    if (!c->actor->user_id)
        return refuse_nobody(no);
    if (!feed_open(&scan, l, c->actor->user_id, 0, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is not a page token of this list");
    r->notifications = ARENA_ARRAY(l->arena, Baton__Notification *, most);
    while (r->n_notifications < most && looked_at++ < LOOKED_AT_MAX &&
           (item = table_scan_next(&scan, l->arena))) {
        join(l, item);
        if (item->notification && !item->again)
            r->notifications[r->n_notifications++] = item->notification;
    }
    if (item)
        r->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return true;
}
