/* Reading and writing lines. Nothing grows with what the server sends: a line has IMAP_LINE_MAX, a literal
   IMAP_MAIL_MAX, an answer IMAP_COMMAND_BYTES, and all of it a time. */
#include "services/mailbox/imap_line.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t imap_clock_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void imap_allow(struct imap *i, unsigned seconds)
{
    i->deadline_ms = imap_clock_ms() + (int64_t)seconds * 1000;
    i->bytes_left = IMAP_COMMAND_BYTES;
}

static bool broken(struct refusal *no, const char *what)
{
    return refuse(no, REFUSAL_UNAVAILABLE, NULL, "%s", what);
}

/* False: the time is over. */
static bool wait_for(const struct imap *i, short events)
{
    struct pollfd p = {.fd = i->socket, .events = events};
    int64_t left = i->deadline_ms - imap_clock_ms();
    return left > 0 && poll(&p, 1, (int)left) > 0;
}

bool imap_send(struct imap *i, const char *text, struct refusal *no)
{
    size_t size = strlen(text), done = 0, n = 0;
    while (done < size) {
        CURLcode rc = curl_easy_send(i->curl, text + done, size - done, &n);
        if (rc == CURLE_OK)
            done += n;
        else if (rc != CURLE_AGAIN)
            return broken(no, "the connection broke");
        else if (!wait_for(i, POLLOUT))
            return broken(no, "the server did not answer in time");
    }
    return true;
}

/* Something to use in `in`. False with `no` clear: the time is over. */
static bool fill(struct imap *i, struct refusal *no)
{
    size_t n = 0;
    for (;;) {
        CURLcode rc = curl_easy_recv(i->curl, i->in, sizeof i->in, &n);
        if (rc == CURLE_OK && n > 0)
            break;
        if (rc != CURLE_AGAIN)
            return broken(no, "the server hung up");
        if (!wait_for(i, POLLIN))
            return false;
    }
    i->at = 0;
    i->end = n;
    if (n > i->bytes_left)
        return broken(no, "the server's answer does not end");
    i->bytes_left -= n;
    return true;
}

bool imap_poll(struct imap *i, struct refusal *no)
{
    *no = (struct refusal){0};
    return i->at < i->end || fill(i, no);
}

static bool need(struct imap *i, struct refusal *no)
{
    if (imap_poll(i, no))
        return true;
    return no->code ? false : broken(no, "the server did not answer in time");
}

/* Up to the line's end, which is not kept. */
static bool read_text(struct imap *i, size_t *size, struct refusal *no)
{
    for (;;) {
        if (!need(i, no))
            return false;
        uint8_t *from = i->in + i->at;
        uint8_t *end = memchr(from, '\n', i->end - i->at);
        size_t n = end ? (size_t)(end - from) : i->end - i->at;
        if (*size + n >= sizeof i->line)
            return broken(no, "the server sends a line without an end");
        memcpy(i->line + *size, from, n);
        *size += n;
        i->at += n + (end != NULL);
        if (end)
            break;
    }
    if (*size && i->line[*size - 1] == '\r')
        --*size;
    i->line[*size] = '\0';
    return true;
}

/* "...{1234}" at the end of the text so far: bytes that follow, and then the line goes on. */
static bool is_literal(struct imap *i, size_t *size, uint64_t *n)
{
    char *open = *size && i->line[*size - 1] == '}' ? memrchr(i->line, '{', *size) : NULL;
    char *end;
    if (!open || open[1] < '0' || open[1] > '9')
        return false;
    *n = strtoull(open + 1, &end, 10);
    if (end != i->line + *size - 1)
        return false;
    *size = (size_t)(open - i->line);
    return true;
}

static bool read_literal(struct imap *i, uint64_t size, struct refusal *no)
{
    buffer_clear(&i->literal);
    i->has_literal = true;
    if (size > IMAP_MAIL_MAX)
        return broken(no, "the server sends more than it was asked for");
    while (i->literal.size < size) {
        if (!need(i, no))
            return false;
        size_t n = i->end - i->at, left = (size_t)size - i->literal.size;
        (void)buffer_add(&i->literal, i->in + i->at, n < left ? n : left); /* its limit is checked above */
        i->at += n < left ? n : left;
    }
    return true;
}

bool imap_line(struct imap *i, struct refusal *no)
{
    size_t size = 0;
    uint64_t literal;
    i->has_literal = false;
    do {
        if (!read_text(i, &size, no))
            return false;
        if (!is_literal(i, &size, &literal))
            return true;
    } while (read_literal(i, literal, no));
    return false;
}
