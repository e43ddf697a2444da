/* Cursors of event streams, to and from text. */
#include "bookmark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum { NAME_MAX_SIZE = 32, SEQ_DIGITS = 19, EVENTS_DIGITS = 9, HASH_DIGITS = 2 * BOOKMARK_HASH_SIZE };

size_t bookmark_service(const char *name)
{
    size_t i = 0;
    while (i < CLIENT_SERVICES && strcmp(client_services[i], name) != 0)
        i++;
    return i;
}

/* One service's; returns how long it is, 0: it is none. */
static size_t read_part(const char *text, struct bookmark *b)
{
    char name[NAME_MAX_SIZE], seq[SEQ_DIGITS + 1], events[EVENTS_DIGITS + 1], hash[HASH_DIGITS + 1];
    int n = 0;
    if (sscanf(text, "%31[a-z]:%19[0-9].%9[0-9]-%12[0-9a-f]%n", name, seq, events, hash, &n) != 4)
        return 0;
    size_t i = bookmark_service(name);
    if (i == CLIENT_SERVICES || b->marks[i].seq)
        return 0;
    struct mark *m = &b->marks[i];
    m->seq = strtoull(seq, NULL, 10);
    m->events = (uint32_t)strtoul(events, NULL, 10);
    return m->seq && hex_decode(m->hash, BOOKMARK_HASH_SIZE, hash) ? (size_t)n : 0;
}

bool bookmark_read(const char *text, struct bookmark *b, struct refusal *no)
{
    memset(b, 0, sizeof *b);
    for (size_t n; (n = read_part(text, b)) > 0; text++) {
        text += n;
        if (!*text)
            return true;
        if (*text != ',')
            break;
    }
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "from",
                  "this is no cursor; give the id of an event as it was sent, or none to read from the "
                  "beginning");
}

void bookmark_write(const struct bookmark *b, char out[BOOKMARK_TEXT_SIZE])
{
    size_t at = 0;
    out[0] = 0;
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        const struct mark *m = &b->marks[i];
        char hash[HASH_DIGITS + 1];
        if (!m->seq)
            continue;
        hex_encode(hash, m->hash, BOOKMARK_HASH_SIZE);
        at += (size_t)snprintf(out + at, BOOKMARK_TEXT_SIZE - at, "%s%s:%" PRIu64 ".%" PRIu32 "-%s",
                               at ? "," : "", client_services[i], m->seq, m->events, hash); /* fits */
    }
}
