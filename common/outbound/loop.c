/* libcurl's multi interface says which descriptors and which moment to wait for; libev waits. */
#include <assert.h>
#include <stdlib.h>

#include "outbound/exchange.h"

/* A descriptor libcurl waits for. */
struct wait {
    struct outbound *o;
    ev_io io;
    struct wait *next;
};

static void act(struct outbound *o, curl_socket_t fd, int what)
{
    int running;
    CURLMcode code = curl_multi_socket_action(o->multi, fd, what, &running);
    assert(code == CURLM_OK);
    exchanges_look_for_ends(o);
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    const struct wait *w = io->data;
    act(w->o, io->fd, (events & EV_READ ? CURL_CSELECT_IN : 0) | (events & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int timer_set(CURLM *multi, long timeout_ms, void *arg)
{
    struct outbound *o = arg;
    ev_timer_stop(o->loop, &o->timer);
    if (timeout_ms < 0)
        return 0;
    ev_now_update(o->loop);
    ev_timer_set(&o->timer, (double)timeout_ms / 1e3, 0.);
    ev_timer_start(o->loop, &o->timer);
    return 0;
}

static void wait_free(struct wait *w)
{
    struct wait **at = &w->o->waits;
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    ev_io_stop(w->o->loop, &w->io);
    free(w);
}

static struct wait *wait_new(struct outbound *o, curl_socket_t fd)
{
    struct wait *w = calloc(1, sizeof *w);
    assert(w);
    w->o = o;
    ev_io_init(&w->io, on_io, fd, 0);
    w->io.data = w;
    w->next = o->waits;
    o->waits = w;
    (void)curl_multi_assign(o->multi, fd, w); /* libcurl has just named it */
    return w;
}

static int socket_set(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct outbound *o = arg;
    struct wait *w = known;
    if (what == CURL_POLL_REMOVE) {
        if (w)
            wait_free(w);
        return 0;
    }
    if (!w)
        w = wait_new(o, fd);
    ev_io_stop(o->loop, &w->io);
    ev_io_set(&w->io, fd, (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
    ev_io_start(o->loop, &w->io);
    return 0;
}

void outbound_loop_open(struct outbound *o)
{
    ev_timer_init(&o->timer, on_timer, 0., 0.);
    o->timer.data = o;
    (void)curl_multi_setopt(o->multi, CURLMOPT_SOCKETFUNCTION, socket_set); /* known options cannot fail */
    (void)curl_multi_setopt(o->multi, CURLMOPT_SOCKETDATA, o);
    (void)curl_multi_setopt(o->multi, CURLMOPT_TIMERFUNCTION, timer_set);
    (void)curl_multi_setopt(o->multi, CURLMOPT_TIMERDATA, o);
}

void outbound_loop_close(struct outbound *o)
{
    while (o->waits)
        wait_free(o->waits);
    ev_timer_stop(o->loop, &o->timer);
}
