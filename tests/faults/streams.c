/* Thousands of open streams, half of which read nothing while much happens:
   1: the others hear all of it in time;
   2: the gateway grows by at most 16 KiB for each stream, those that wait to be read among them;
   3: whoever reads on has everything, each once and in order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

enum {
    STREAMS = 2000,
    STREAMS_LONG = 10000,
    STREAMS_EACH = 20,
    DEAF_OF = 2,
    EVENTS = 150, /* several times what the system and the outbox of a stream keep */
    STREAM_KIB = 16,
    RECEIVE_BYTES = 4096,
    READ_ON = 200, /* so many of the deaf ones, while none of them is cut off: that is after 30 s */
    PATIENCE_MS = 25000,
    TEXT_MAX = 1 << 20,
    MARK_SIZE = 24,
};

struct streams {
    struct crowd crowd;
    struct ears *ears;
    size_t n, n_deaf; /* the first ones are deaf */
};

static const char *mark(char out[MARK_SIZE], unsigned i)
{
    snprintf(out, MARK_SIZE, "Ring %08u.", i);
    return out;
}

static void must_hear(const struct streams *s, size_t first, const char *what)
{
    size_t heard = ears_hear(s->ears, PATIENCE_MS);
    if (heard < s->n - first)
        drive_die("%zu of %zu streams have not heard %s", s->n - first - heard, s->n - first, what);
}

/* Half of the streams of each person are deaf. */
static void open_all(struct streams *s)
{
    s->ears = ears_new(s->crowd.port);
    s->n_deaf = s->n / DEAF_OF;
    for (size_t i = 0; i < s->n; i++) {
        bool is_deaf = i < s->n_deaf;
        size_t person = is_deaf ? i / (STREAMS_EACH / DEAF_OF)
                                : (i - s->n_deaf) / (STREAMS_EACH - STREAMS_EACH / DEAF_OF);
        (void)crowd_stream(&s->crowd, s->ears, person,
                           is_deaf ? RECEIVE_BYTES : 0); /* numbered as they come */
    }
    ears_expect(s->ears, 0, bytes_text("event: ready"));
    must_hear(s, 0, "that they are ready");
    for (size_t i = 0; i < s->n_deaf; i++)
        ears_cover(s->ears, i);
}

static void read_on(const struct streams *s, size_t i)
{
    struct buffer text;
    char wanted[MARK_SIZE];
    buffer_init(&text, TEXT_MAX);
    if (!ears_read(s->ears, i, &text, mark(wanted, EVENTS), PATIENCE_MS))
        drive_die("3: stream %zu has not got the last of what it missed, but %zu bytes", i, text.size);
    const char *at = buffer_cstr(&text);
    for (unsigned k = 1; k <= EVENTS; k++) {
        at = strstr(at, "Ring ");
        if (!at || strncmp(at, mark(wanted, k), strlen(wanted)) != 0)
            drive_die("3: stream %zu has %.14s where %s should be", i, at ? at : "nothing", wanted);
        at += strlen(wanted);
    }
    if (strstr(at, "Ring "))
        drive_die("3: stream %zu has something twice: %.14s", i, strstr(at, "Ring "));
    buffer_release(&text);
}

static void run(struct streams *s)
{
    char text[MARK_SIZE], last[MARK_SIZE];
    pid_t gateway = s->crowd.pids[CROWD_GATEWAY];
    double before = drive_memory_kib(gateway, "status", "VmRSS:");
    open_all(s);
    int64_t begin_us = drive_now_us();
    ears_expect(s->ears, s->n_deaf, bytes_text(mark(last, EVENTS)));
    for (unsigned i = 1; i <= EVENTS; i++) {
        crowd_cry(&s->crowd, mark(text, i));
        (void)ears_hear(s->ears, 0); /* what is there; the last one counts */
    }
    must_hear(s, s->n_deaf, "the last event (1)");
    double took_s = (double)(drive_now_us() - begin_us) / 1e6;
    double kib = (drive_memory_kib(gateway, "status", "VmHWM:") - before) / (double)s->n;
    if (kib > STREAM_KIB)
        drive_die("2: %.1f KiB for each of %zu streams", kib, s->n);
    for (size_t i = 0; i < s->n_deaf; i += s->n_deaf / READ_ON)
        read_on(s, i);
    fault_say("streams: %zu, %zu of them deaf for a while; %d events in %.1f s; at most %.2f KiB a stream",
              s->n, s->n_deaf, EVENTS, took_s, kib);
}

int fault_streams(const struct fault_options *o)
{
    struct streams s = {.n = o->is_long ? STREAMS_LONG : STREAMS};
    char data[FAULT_DATA];
    snprintf(data, sizeof data, "%s/streams", o->scratch);
    crowd_open(&s.crowd, o->programs, data, s.n / STREAMS_EACH);
    run(&s);
    ears_free(s.ears);
    crowd_close(&s.crowd);
    return 0;
}
