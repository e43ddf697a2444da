/* Lines from and to an IMAP server, within a time and a number of bytes. */
#ifndef BATON_MAILBOX_IMAP_LINE_H
#define BATON_MAILBOX_IMAP_LINE_H

#include <curl/curl.h>

#include "services/mailbox/imap.h"

enum {
    IMAP_LINE_MAX = 8192,
    IMAP_COMMAND_MAX = 1024,
    IMAP_COMMAND_S = 60,
    IMAP_COMMAND_BYTES = 64 << 20,
};

struct imap {
    CURL *curl;
    curl_socket_t socket;
    unsigned tag;
    bool can_idle, can_move, can_expunge, has_news;
    int64_t deadline_ms; /* of the command */
    uint64_t bytes_left; /* of its answer */
    uint8_t in[16384];   /* read and not yet used: from `at` to `end` */
    size_t at, end;
    char line[IMAP_LINE_MAX]; /* the last one, without its literals */
    struct buffer literal;    /* the last one in it */
    bool has_literal;
};

/* Milliseconds of a clock that only goes forward. */
int64_t imap_clock_ms(void);
/* What follows has `seconds` and IMAP_COMMAND_BYTES. */
void imap_allow(struct imap *i, unsigned seconds);
bool imap_send(struct imap *i, const char *text, struct refusal *no);
/* The next line, its literals apart. */
bool imap_line(struct imap *i, struct refusal *no);
/* True if there is something to read before the time is over. False, with `no` clear: the time is over. */
bool imap_poll(struct imap *i, struct refusal *no);
/* Asks what the server can (imap.c). */
bool imap_capabilities(struct imap *i, struct refusal *no);

#endif
