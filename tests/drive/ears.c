/* Connections that only listen, ten thousand of them: as little beside the measured as can be. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "drive.h"

enum { ROUND = 512, CHUNK = 64 << 10 };

struct ear {
    int fd;
    bool heard, is_closed;
    uint8_t n_tail, tail[EARS_MARK_MAX]; /* what may be the beginning of the mark */
};

struct ears {
    int epoll;
    struct sockaddr_in address;
    struct ear *all;
    size_t n, room, first, heard, bytes;
    struct bytes mark;
    int64_t last_us;
    uint8_t chunk[EARS_MARK_MAX + CHUNK];
};

/* As many as the system allows: every connection is one. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* if not: connecting says so */
    }
}

struct ears *ears_new(unsigned short port)
{
    struct ears *e = calloc(1, sizeof *e);
    raise_descriptors();
    if (!e || (e->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0)
        drive_die("no epoll");
    e->address = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return e;
}

void ears_free(struct ears *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (!e->all[i].is_closed)
            close(e->all[i].fd);
    close(e->epoll);
    free(e->all);
    free(e);
}

static void watch(struct ears *e, size_t i)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
    if (epoll_ctl(e->epoll, EPOLL_CTL_ADD, e->all[i].fd, &event) != 0)
        drive_die("epoll: %s", strerror(errno));
}

size_t ears_add(struct ears *e, struct bytes hello, int receive_bytes)
{
    struct ear *ear;
    if (e->n == e->room) {
        e->room = e->room ? 2 * e->room : 1024;
        e->all = realloc(e->all, e->room * sizeof *e->all);
        if (!e->all)
            drive_die("out of memory");
    }
    ear = &e->all[e->n];
    *ear = (struct ear){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .heard = true};
    if (receive_bytes &&
        setsockopt(ear->fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes) != 0)
        drive_die("SO_RCVBUF: %s", strerror(errno));
    if (connect(ear->fd, (struct sockaddr *)&e->address, sizeof e->address) != 0)
        drive_die("connection %zu: %s", e->n + 1, strerror(errno));
    watch(e, e->n);
    ears_say(e, e->n, hello);
    return e->n++;
}

void ears_say(struct ears *e, size_t i, struct bytes what)
{
    /* small against the socket's buffer, so it goes at once */
    if (send(e->all[i].fd, what.data, what.size, MSG_NOSIGNAL) != (ssize_t)what.size)
        drive_die("connection %zu cannot send: %s", i + 1, strerror(errno));
}

void ears_cover(struct ears *e, size_t i)
{
    if (epoll_ctl(e->epoll, EPOLL_CTL_DEL, e->all[i].fd, NULL) != 0)
        drive_die("epoll: %s", strerror(errno));
}

bool ears_read(struct ears *e, size_t i, struct buffer *text, const char *upto, int for_ms)
{
    struct pollfd at = {.fd = e->all[i].fd, .events = POLLIN};
    for (int64_t end = drive_now_us() + for_ms * INT64_C(1000), left;
         !strstr(buffer_cstr(text), upto) && (left = end - drive_now_us()) > 0;) {
        if (poll(&at, 1, (int)((left + 999) / 1000)) <= 0)
            continue;
        ssize_t n = recv(at.fd, e->chunk, CHUNK, MSG_DONTWAIT);
        if (n <= 0 || !buffer_add(text, e->chunk, (size_t)n))
            break;
    }
    return strstr(buffer_cstr(text), upto) != NULL;
}

void ears_expect(struct ears *e, size_t first, struct bytes mark)
{
    if (mark.size == 0 || mark.size > EARS_MARK_MAX)
        drive_die("a mark of %zu bytes", mark.size);
    e->first = first;
    e->heard = e->bytes = 0;
    e->mark = mark;
    for (size_t i = 0; i < e->n; i++) {
        e->all[i].heard = i < first;
        e->all[i].n_tail = 0;
    }
}

static void listen_for(struct ears *e, struct ear *ear, const uint8_t *data, size_t n)
{
    if (ear->heard)
        return;
    if (memmem(data, n, e->mark.data, e->mark.size)) {
        ear->heard = true;
        e->heard++;
        e->last_us = drive_now_us();
        return;
    }
    ear->n_tail = (uint8_t)(n < e->mark.size - 1 ? n : e->mark.size - 1);
    memcpy(ear->tail, data + n - ear->n_tail, ear->n_tail);
}

static void receive(struct ears *e, size_t i)
{
    struct ear *ear = &e->all[i];
    memcpy(e->chunk, ear->tail, ear->n_tail);
    ssize_t n = recv(ear->fd, e->chunk + ear->n_tail, CHUNK, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    e->bytes += n > 0 ? (size_t)n : 0;
    if (n > 0)
        return listen_for(e, ear, e->chunk, ear->n_tail + (size_t)n);
    ear->is_closed = true;
    close(ear->fd);
}

size_t ears_hear(struct ears *e, int for_ms)
{
    struct epoll_event events[ROUND];
    size_t wanted = e->n - e->first;
    int64_t end = drive_now_us() + for_ms * INT64_C(1000), left = for_ms * INT64_C(1000);
    do {
        int n = epoll_wait(e->epoll, events, ROUND, (int)((left + 999) / 1000));
        for (int i = 0; i < n; i++)
            receive(e, events[i].data.u64);
    } while (e->heard < wanted && (left = end - drive_now_us()) > 0);
    return e->heard;
}

bool ears_heard(const struct ears *e, size_t i)
{
    return e->all[i].heard;
}

int64_t ears_last_us(const struct ears *e)
{
    return e->last_us;
}

size_t ears_bytes(const struct ears *e)
{
    return e->bytes;
}
