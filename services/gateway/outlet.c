/* Lasting answers: connections that have left libmicrohttpd, written to as the system takes it. */
#include "outlet.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auth.h"
#include "http.h"

enum { HEAD_MAX = 4096 };

static void on_io(struct ev_loop *loop, ev_io *io, int events);

void outlet_init(struct outlet *o, const struct request *r, const struct outlet_ops *ops)
{
    *o = (struct outlet){.ops = ops, .gateway = r->gateway, .who = r->who};
    memcpy(o->token_hash, r->token_hash, sizeof o->token_hash);
    o->check_us = gateway_now_us() + OUTLET_CHECK_US;
    ev_io_init(&o->io, on_io, -1, EV_READ);
    o->io.data = o;
    buffer_init(&o->outbox, ops->write_max);
}

/* --- sending --- */

static bool is_ours(const struct outlet *o)
{
    return o->io.fd >= 0;
}

static void watch(struct outlet *o, int events)
{
    if (ev_is_active(&o->io) && (o->io.events & (EV_READ | EV_WRITE)) == events)
        return;
    ev_io_stop(o->gateway->loop, &o->io);
    ev_io_set(&o->io, o->io.fd, events);
    ev_io_start(o->gateway->loop, &o->io);
}

/* The loop looks at it next: whoever writes, or walks over a list of them, keeps it until then. */
static void wake(struct outlet *o)
{
    ev_feed_event(o->gateway->loop, &o->io, EV_CUSTOM);
}

static void cut(struct outlet *o)
{
    o->is_cut = true;
    wake(o);
}

/* How much of it the system takes. */
static size_t send_some(struct outlet *o, const uint8_t *data, size_t size)
{
    ssize_t n = send(o->io.fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0)
        return (size_t)n;
    if (errno != EAGAIN && errno != EINTR)
        cut(o);
    return 0;
}

static void flush(struct outlet *o)
{
    size_t n = outlet_is_idle(o) ? 0 : send_some(o, o->outbox.data + o->sent, o->outbox.size - o->sent);
    if (n > 0)
        o->moved_us = gateway_now_us();
    o->sent += n;
    if (o->sent < o->outbox.size)
        return watch(o, EV_READ | EV_WRITE);
    o->sent = 0;
    buffer_release(&o->outbox); /* most are silent */
    buffer_init(&o->outbox, o->ops->write_max);
    watch(o, EV_READ);
}

void outlet_end(struct outlet *o)
{
    o->is_ending = true;
    wake(o);
}

bool outlet_is_idle(const struct outlet *o)
{
    return o->outbox.size == 0;
}

bool outlet_write(struct outlet *o, struct bytes text)
{
    size_t n = 0;
    if (text.size > o->ops->write_max)
        return false;
    if (o->is_cut)
        return true; /* as if it were on its way when the connection broke */
    if (!outlet_is_idle(o) && o->outbox.size + text.size > o->ops->outbox_max)
        return false;
    if (outlet_is_idle(o)) {
        o->moved_us = gateway_now_us();
        n = is_ours(o) ? send_some(o, text.data, text.size) : 0;
    }
    if (n == text.size || o->is_cut)
        return true;
    if (!buffer_add(&o->outbox, text.data + n, text.size - n))
        cut(o);
    else if (is_ours(o))
        watch(o, EV_READ | EV_WRITE);
    return true;
}

/* --- the client's side --- */

static void free_if_gone(struct outlet *o)
{
    if (o->is_gone && o->holds == 0)
        o->ops->free(o);
}

void outlet_close(struct outlet *o)
{
    if (is_ours(o)) {
        ev_io_stop(o->gateway->loop, &o->io);
        (void)close(o->io.fd); /* the system sends what it has taken */
        o->io.fd = -1;
    }
    buffer_release(&o->outbox);
    o->is_gone = o->is_cut = true;
    o->ops->gone(o);
    free_if_gone(o);
}

/* What it says is nothing to us. False: it has gone. */
static bool drink(const struct outlet *o)
{
    char said[1024];
    ssize_t n = recv(o->io.fd, said, sizeof said, MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    struct outlet *o = io->data;
    if (o->is_cut || ((events & EV_READ) && !drink(o)))
        return outlet_close(o);
    if (events & EV_WRITE) {
        flush(o);
        if (outlet_is_idle(o) && !o->is_cut && !o->is_ending)
            o->ops->drained(o);
    }
    if (o->is_ending && outlet_is_idle(o))
        outlet_close(o);
}

static void tune(int fd)
{
    int yes = 1, kept = OUTLET_SEND_BYTES;
    /* without either it is only slower, or dearer */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kept, sizeof kept);
}

void outlet_open(struct outlet *o, struct request *r)
{
    static const char hello[] = ": baton\nretry: 1000\n\n";
    struct buffer head;
    buffer_init(&head, HEAD_MAX);
    answer_lasting_head(r, "text/event-stream", &head);
    (void)buffer_text(&head, hello);
    assert(!head.overflow);
    o->io.fd = request_leave(r, MHD_HTTP_OK);
    if (is_ours(o)) {
        tune(o->io.fd);
        (void)outlet_write(o, buffer_bytes(&head)); /* fits */
        watch(o, EV_READ | EV_WRITE);
    } else {
        cut(o);
    }
    buffer_release(&head);
}

/* --- as time passes --- */

void outlet_hold(struct outlet *o)
{
    o->holds++;
}

bool outlet_release(struct outlet *o)
{
    bool is_there = !o->is_gone;
    assert(o->holds > 0);
    o->holds--;
    free_if_gone(o);
    return is_there;
}

static void on_checked(void *arg, const struct who *who, const struct refusal *no)
{
    struct outlet *o = arg;
    o->is_checking = false;
    if (!outlet_release(o))
        return;
    o->check_us = gateway_now_us() + OUTLET_CHECK_US;
    if (who)
        o->who = *who;
    else if (no->code == REFUSAL_UNAUTHENTICATED)
        outlet_end(o);
}

bool outlet_is_left(struct outlet *o)
{
    char byte;
    bool is_left =
        o->is_cut || (is_ours(o) && recv(o->io.fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) == 0);
    if (is_left)
        cut(o);
    return is_left;
}

void outlet_tick(struct outlet *o, int64_t now_us)
{
    if (!outlet_is_idle(o) && is_ours(o) && now_us - o->moved_us >= OUTLET_STALLED_US)
        return cut(o);
    if (outlet_is_idle(o) && now_us - o->moved_us >= OUTLET_HEARTBEAT_US)
        o->ops->beat(o);
    if (now_us < o->check_us || o->is_checking)
        return;
    o->is_checking = true;
    outlet_hold(o);
    auth_check(o->gateway->auth, o->token_hash, OUTLET_CHECK_AGE_US, on_checked, o);
}
