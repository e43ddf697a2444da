/* A small HTTP/1.1 client on epoll for many lines that stay open: as little beside the measured as can be. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

enum { LINES_MAX = 1024, ANSWER_MAX = 256 << 10, ROUND = 256 };

struct line {
    struct http *http;
    int fd;
    struct buffer in;
    http_reply_fn *reply;
    http_data_fn *data;
    void *arg;
    int64_t posted_us;
    bool is_open; /* a stream whose head has come */
};

struct http {
    int epoll;
    struct sockaddr_in address;
    char url[128];
    struct line *lines[LINES_MAX];
    size_t n_lines;
};

struct http *http_new(const char *url)
{
    struct http *h = calloc(1, sizeof *h);
    char host[64];
    unsigned short port = 0;
    if (!h || sscanf(url, "http://%63[0-9.]:%hu", host, &port) != 2)
        drive_die("%s is no http://ADDRESS:PORT", url);
    h->epoll = epoll_create1(EPOLL_CLOEXEC);
    h->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, host, &h->address.sin_addr) != 1 || h->epoll < 0)
        drive_die("%s cannot be used", url);
    snprintf(h->url, sizeof h->url, "%s", url);
    return h;
}

const char *http_address(const struct http *h)
{
    return h->url;
}

void http_free(struct http *h)
{
    for (size_t i = 0; i < h->n_lines; i++) {
        close(h->lines[i]->fd);
        buffer_release(&h->lines[i]->in);
        free(h->lines[i]);
    }
    close(h->epoll);
    free(h);
}

struct line *http_line(struct http *h)
{
    struct line *l = calloc(1, sizeof *l);
    int yes = 1;
    if (!l || h->n_lines == LINES_MAX)
        drive_die("too many lines");
    *l = (struct line){.http = h, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    buffer_init(&l->in, ANSWER_MAX);
    if (connect(l->fd, (struct sockaddr *)&h->address, sizeof h->address) != 0)
        drive_die("cannot connect to %s: %s", h->url, strerror(errno));
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = l};
    if (epoll_ctl(h->epoll, EPOLL_CTL_ADD, l->fd, &e) != 0)
        drive_die("epoll: %s", strerror(errno));
    h->lines[h->n_lines++] = l;
    return l;
}

/* What is sent is small against the socket's buffer, so it goes at once. */
static void send_all(struct line *l, const char *text, size_t n)
{
    if (send(l->fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
        drive_die("cannot send to %s: %s", l->http->url, strerror(errno));
}

void http_post(struct line *l, const char *path, const char *token, const char *json, http_reply_fn *reply,
               void *arg)
{
    char text[16384];
    int n = snprintf(
        text, sizeof text,
        "POST %s HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Connect-Protocol-Version: 1\r\nContent-Length: %zu\r\n\r\n%s",
        path, token, strlen(json), json);
    l->reply = reply;
    l->arg = arg;
    l->posted_us = drive_now_us();
    send_all(l, text, (size_t)n);
}

int64_t http_posted_us(const struct line *l)
{
    return l->posted_us;
}

void http_stream(struct line *l, const char *path, const char *token, http_data_fn *data, void *arg)
{
    char text[1024];
    int n = snprintf(
        text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n",
        path, token);
    l->data = data;
    l->arg = arg;
    send_all(l, text, (size_t)n);
}

/* Behind the head, NULL: it is not whole yet. */
static const char *head_end(struct line *l)
{
    const char *end = strstr(buffer_cstr(&l->in), "\r\n\r\n");
    return end ? end + 4 : NULL;
}

static size_t content_length(const char *head, const char *end)
{
    static const char name[] = "\ncontent-length:";
    for (const char *at = head; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        if (strncasecmp(at, name, sizeof name - 1) == 0)
            return strtoul(at + sizeof name - 1, NULL, 10);
    return 0;
}

static void take_answer(struct line *l)
{
    const char *head = buffer_cstr(&l->in), *body = head_end(l);
    size_t size = body ? content_length(head, body) : 0;
    if (!body || l->in.size < (size_t)(body - head) + size)
        return;
    struct buffer whole = l->in;
    buffer_init(&l->in, ANSWER_MAX);
    l->reply(l->arg, l, (unsigned)strtoul(head + sizeof "HTTP/1.1", NULL, 10), bytes_of(body, size));
    if (l->in.size == 0) { /* the same memory serves the next answer */
        buffer_release(&l->in);
        buffer_clear(&whole);
        l->in = whole;
    } else {
        buffer_release(&whole);
    }
}

static void take_stream(struct line *l)
{
    const char *body = l->is_open ? buffer_cstr(&l->in) : head_end(l);
    if (!body)
        return;
    if (!l->is_open && strncmp(buffer_cstr(&l->in), "HTTP/1.1 200", 12) != 0)
        drive_die("a stream was refused: %.200s", buffer_cstr(&l->in));
    size_t skipped = (size_t)(body - buffer_cstr(&l->in));
    l->is_open = true;
    l->data(l->arg, bytes_of(body, l->in.size - skipped));
    buffer_clear(&l->in);
}

static void receive(struct line *l)
{
    enum { AT_ONCE = 16 << 10 };
    uint8_t *room = buffer_room(&l->in, AT_ONCE);
    ssize_t n = room ? recv(l->fd, room, AT_ONCE, MSG_DONTWAIT) : -1;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        drive_die("%s has closed a line", l->http->url);
    l->in.size += (size_t)n;
    if (l->data)
        take_stream(l);
    else
        take_answer(l);
}

void http_wait(struct http *h, int ms)
{
    struct epoll_event events[ROUND];
    int n = epoll_wait(h->epoll, events, ROUND, ms);
    for (int i = 0; i < n; i++)
        receive(events[i].data.ptr);
}
