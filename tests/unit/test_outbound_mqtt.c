/* What a broker can say, byte by byte, to the exchange that publishes; a real one is in tests/e2e. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <ev.h>
#include <signal.h>
#include <unistd.h>

#include "outbound/outbound.h"

enum { LIMIT_S = 20, HEARD_MAX = 4096, CONNECT = 0x10, PUBLISH = 0x32, DISCONNECT = 0xe0, LEVEL_AT = 8 };

/* Bytes to answer with, the first of which is their number; 0: it hangs up. NULL: nothing at all. */
struct answers {
    const char *connect, *connect_v3, *publish;
};

struct broker {
    struct ev_loop *loop;
    ev_io io, caller;
    ev_timer limit;
    struct answers answers;
    struct outbound *o;
    unsigned port, callers;
    uint8_t heard[HEARD_MAX]; /* by the last caller */
    size_t n_heard, at;
    bool done;
    struct outbound_result result;
};

static struct broker *current;

/* A packet identifier stands where the answer has ID. */
#define ID "\xfe\xff"
static void say(struct broker *b, const char *answer, const uint8_t *id)
{
    uint8_t bytes[32];
    size_t n = answer ? (uint8_t)answer[0] : 0;
    if (!answer)
        return;
    if (!n) {
        ev_io_stop(b->loop, &b->caller);
        close(b->caller.fd);
        return;
    }
    memcpy(bytes, answer + 1, n);
    uint8_t *place = memmem(bytes, n, ID, 2);
    if (place)
        memcpy(place, id, 2);
    assert_int_equal(write(b->caller.fd, bytes, n), n);
}

/* Packets are short here: one byte of length, but for the message that is too long. */
static void hear(struct broker *b)
{
    while (b->at + 2 <= b->n_heard && b->at + 2 + b->heard[b->at + 1] <= b->n_heard) {
        const uint8_t *p = b->heard + b->at;
        size_t topic = p[0] == PUBLISH ? (size_t)p[2] << 8 | p[3] : 0;
        b->at += 2U + p[1];
        if (p[0] == CONNECT)
            say(b, p[LEVEL_AT] == 5 ? b->answers.connect : b->answers.connect_v3, NULL);
        else if (p[0] == PUBLISH)
            say(b, b->answers.publish, p + 4 + topic);
    }
}

static void on_data(struct ev_loop *loop, ev_io *io, int events)
{
    struct broker *b = io->data;
    ssize_t n = read(io->fd, b->heard + b->n_heard, HEARD_MAX - b->n_heard);
    if (n <= 0) {
        ev_io_stop(loop, io);
        close(io->fd);
        return;
    }
    b->n_heard += (size_t)n;
    hear(b);
}

static void on_caller(struct ev_loop *loop, ev_io *io, int events)
{
    struct broker *b = io->data;
    if (ev_is_active(&b->caller)) {
        ev_io_stop(loop, &b->caller);
        close(b->caller.fd);
    }
    b->n_heard = b->at = 0;
    b->callers++;
    ev_io_init(&b->caller, on_data, accept(io->fd, NULL, NULL), EV_READ);
    b->caller.data = b;
    ev_io_start(loop, &b->caller);
}

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    ev_break(loop, EVBREAK_ALL);
}

static int set_up(void **state)
{
    struct broker *b = calloc(1, sizeof *b);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    signal(SIGPIPE, SIG_IGN);
    b->loop = ev_loop_new(EVFLAG_AUTO);
    b->port = ntohs(at.sin_port);
    b->o = outbound_new(b->loop, true);
    ev_init(&b->caller, on_data);
    ev_io_init(&b->io, on_caller, fd, EV_READ);
    b->io.data = b;
    ev_io_start(b->loop, &b->io);
    ev_timer_init(&b->limit, on_limit, LIMIT_S, 0.);
    ev_timer_start(b->loop, &b->limit);
    *state = current = b;
    return 0;
}

static int tear_down(void **state)
{
    struct broker *b = *state;
    outbound_free(b->o);
    if (ev_is_active(&b->caller))
        close(b->caller.fd);
    close(b->io.fd);
    ev_loop_destroy(b->loop);
    free(b);
    return 0;
}

static void on_done(struct outbound_request *r, const struct outbound_result *result)
{
    current->result = *result;
    current->done = true;
    ev_break(current->loop, EVBREAK_ALL);
}

static void exchange(struct broker *b, struct outbound_request *r)
{
    r->done = on_done;
    b->done = false;
    b->callers = 0;
    assert_true(outbound_begin(b->o, r));
    assert_false(b->done);
    ev_run(b->loop, 0);
    assert_true(b->done);
}

static struct outbound_request message(const char *url)
{
    return (struct outbound_request){.kind = OUTBOUND_MQTT,
                                     .url = url,
                                     .from = "baton-1",
                                     .to = "baton/users/1",
                                     .user = "baton",
                                     .secret = "sesame",
                                     .body = bytes_of("{}", 2)};
}

#define HANGS_UP "\0"
#define CONNACK  "\5\x20\x03\0\0\0"
static void test_answers(void **state)
{
    struct broker *b = *state;
    static const struct {
        struct answers answers;
        enum outbound_end end;
        unsigned status, callers;
    } rows[] = {
        {{CONNACK, NULL, "\4\x40\2" ID}, OUTBOUND_ANSWERED, 0, 1},
        {{CONNACK, NULL, "\5\x40\3" ID "\x10"}, OUTBOUND_ANSWERED, 16, 1}, /* nobody has subscribed */
        {{CONNACK, NULL, "\5\x40\3" ID "\x87"}, OUTBOUND_ANSWERED, 135, 1},
        {{CONNACK, NULL, "\4\xe0\2\x97\0"}, OUTBOUND_ANSWERED, 151, 1}, /* it says why it hangs up */
        {{CONNACK, NULL, HANGS_UP}, OUTBOUND_UNREACHABLE, 0, 1},
        {{CONNACK, NULL, "\2\0\0"}, OUTBOUND_UNREACHABLE, 0, 1},
        {{"\5\x20\x03\0\x86\0", NULL, NULL}, OUTBOUND_ANSWERED, 134, 1},
        {{HANGS_UP, NULL, NULL}, OUTBOUND_UNREACHABLE, 0, 1},
        {{"\2\0\0", NULL, NULL}, OUTBOUND_UNREACHABLE, 0, 1},
        /* Packets of at most 16 bytes. */
        {{"\x0a\x20\x08\0\0\5\x27\0\0\0\x10", NULL, NULL}, OUTBOUND_ANSWERED, 149, 1},
        /* At most QoS 0. */
        {{"\7\x20\5\0\0\2\x24\0", NULL, NULL}, OUTBOUND_ANSWERED, 155, 1},
        /* Of before MQTT 5. */
        {{"\4\x20\2\0\1", "\4\x20\2\0\0", "\4\x40\2" ID}, OUTBOUND_ANSWERED, 0, 2},
        {{"\4\x20\2\0\1", "\4\x20\2\0\4", NULL}, OUTBOUND_ANSWERED, 134, 2},
        {{"\4\x20\2\0\1", "\4\x20\2\0\5", NULL}, OUTBOUND_ANSWERED, 135, 2},
        {{"\4\x20\2\0\1", "\4\x20\2\0\1", NULL}, OUTBOUND_ANSWERED, 132, 2},
        {{"\4\x20\2\0\1", HANGS_UP, NULL}, OUTBOUND_UNREACHABLE, 0, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[64];
        snprintf(url, sizeof url, "mqtt://localhost:%u", b->port); /* which may stand for ::1, too */
        struct outbound_request r = message(url);
        b->answers = rows[i].answers;
        exchange(b, &r);
        print_message("row %zu: %u %s\n", i, b->result.status, b->result.reason);
        assert_int_equal(b->result.end, rows[i].end);
        assert_int_equal(b->result.status, rows[i].status);
        assert_int_equal(b->callers, rows[i].callers);
        assert_int_equal(!*b->result.reason, b->result.end == OUTBOUND_ANSWERED && b->result.status < 128);
        assert_non_null(memmem(b->heard, b->n_heard,
                               "\0\x05"
                               "baton\0\6sesame",
                               15));
        assert_int_equal(memmem(b->heard, b->n_heard,
                                "\0\x0d"
                                "baton/users/1",
                                15) != NULL,
                         b->answers.publish != NULL);
    }
}

static void test_nobody(void **state)
{
    struct broker *b = *state;
    static const struct {
        const char *url;
        enum outbound_end end;
    } rows[] = {
        {"mqtt://127.0.0.1:1", OUTBOUND_UNREACHABLE},
        {"mqtts://127.0.0.1:1", OUTBOUND_UNREACHABLE},
        {"mqtt://nobody.invalid", OUTBOUND_UNREACHABLE},
        {"mqtt://169.254.169.254", OUTBOUND_FORBIDDEN},
        {"mqtt://", OUTBOUND_FORBIDDEN},
        {"http://127.0.0.1:1", OUTBOUND_FORBIDDEN},
        {"", OUTBOUND_FORBIDDEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outbound_request r = message(rows[i].url);
        exchange(b, &r);
        print_message("%s: %s\n", rows[i].url, b->result.reason);
        assert_int_equal(b->result.end, rows[i].end);
        assert_true(*b->result.reason);
    }
}

/* Encrypted, and not into one's own network. */
static void test_guarded(void **state)
{
    struct broker *b = *state;
    static const char *const urls[] = {"mqtt://127.0.0.1", "mqtts://127.0.0.1", "mqtts://localhost",
                                       "mqtts://[::1]", "mqtt://192.0.43.7"};
    outbound_free(b->o);
    b->o = outbound_new(b->loop, false);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct outbound_request r = message(urls[i]);
        exchange(b, &r);
        print_message("%s: %s\n", urls[i], b->result.reason);
        assert_int_equal(b->result.end, OUTBOUND_FORBIDDEN);
    }
}

/* What is under way at the end is broken off, and said so. */
static void test_end(void **state)
{
    struct broker *b = *state;
    char url[64];
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", b->port);
    struct outbound_request r = message(url);
    r.done = on_done;
    assert_true(outbound_begin(b->o, &r));
    while (!b->n_heard)
        ev_run(b->loop, EVRUN_ONCE);
    assert_false(b->done);
    outbound_free(b->o);
    b->o = NULL;
    assert_true(b->done);
    assert_int_equal(b->result.end, OUTBOUND_UNREACHABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guarded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_end, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
