/* Exchanges with the outside, against a server on loopback in the same loop. */
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
#include <unistd.h>

#include "outbound/outbound.h"
#include "outbound/push.h"

enum { CALLERS_MAX = 16, HEARD_MAX = 4096, LIMIT_S = 20 };

struct caller {
    struct server *server;
    ev_io io;
    bool in_letter;
};

/* Answers every HTTP request with `http`; at the mail verb `verb` with `no`, or hangs up if that is NULL. */
struct server {
    struct ev_loop *loop;
    ev_io io;
    struct caller callers[CALLERS_MAX];
    unsigned n_callers;
    const char *http, *verb, *no;
    size_t padding; /* bytes behind the HTTP answer */
    char heard[HEARD_MAX];
    size_t n_heard;
    unsigned port;
};

struct fixture {
    struct server server;
    struct ev_loop *loop;
    struct outbound *o;
    ev_timer limit;
    unsigned waiting;
    struct outbound_result result;
};

static struct fixture *current;

static void hang_up(struct caller *c)
{
    ev_io_stop(c->server->loop, &c->io);
    close(c->io.fd);
}

static void say(struct caller *c, const char *text)
{
    assert_int_equal(write(c->io.fd, text, strlen(text)), strlen(text));
}

static void answer_http(struct caller *c)
{
    static char padding[1 << 18];
    if (!strstr(c->server->heard, "\r\n\r\n"))
        return;
    if (c->server->http)
        say(c, c->server->http);
    for (size_t left = c->server->padding; left;) {
        ssize_t n = write(c->io.fd, padding, left < sizeof padding ? left : sizeof padding);
        if (n <= 0)
            break;
        left -= (size_t)n;
    }
    hang_up(c);
}

static const char *mail_answer(struct caller *c, const char *line)
{
    if (c->in_letter && strcmp(line, ".") != 0)
        return "";
    if (c->in_letter) {
        c->in_letter = false;
        return "250 taken\r\n";
    }
    c->in_letter = strncmp(line, "DATA", 4) == 0;
    return c->in_letter ? "354 go on\r\n" : strncmp(line, "QUIT", 4) == 0 ? "221 bye\r\n" : "250 ok\r\n";
}

/* False: hung up. */
static bool answer_line(struct caller *c, const char *line)
{
    const struct server *s = c->server;
    bool within = c->in_letter && strcmp(line, ".") != 0;
    const char *answer = mail_answer(c, line);
    const char *at = within ? "letter" : line;
    if (s->verb && strncmp(at, s->verb, strlen(s->verb)) == 0)
        answer = s->no;
    if (answer)
        say(c, answer);
    else
        hang_up(c);
    return answer != NULL;
}

static void answer_mail(struct caller *c, char *fresh)
{
    for (char *end; (end = strstr(fresh, "\r\n")); fresh = end + 2) {
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)(end - fresh), fresh);
        if (!answer_line(c, line))
            return;
    }
}

static void on_data(struct ev_loop *loop, ev_io *io, int events)
{
    struct caller *c = io->data;
    struct server *s = c->server;
    ssize_t n = read(io->fd, s->heard + s->n_heard, sizeof s->heard - 1 - s->n_heard);
    if (n <= 0) {
        hang_up(c);
        return;
    }
    char *fresh = s->heard + s->n_heard;
    s->n_heard += (size_t)n;
    s->heard[s->n_heard] = '\0';
    if (strncmp(s->heard, "POST", 4) == 0)
        answer_http(c);
    else
        answer_mail(c, fresh);
}

static bool speaks_http(const struct server *s)
{
    return s->http || s->padding;
}

static void on_caller(struct ev_loop *loop, ev_io *io, int events)
{
    struct server *s = io->data;
    int fd = accept(io->fd, NULL, NULL);
    assert_true(fd >= 0 && s->n_callers < CALLERS_MAX);
    struct caller *c = &s->callers[s->n_callers++];
    c->server = s;
    ev_io_init(&c->io, on_data, fd, EV_READ);
    c->io.data = c;
    ev_io_start(loop, &c->io);
    if (!speaks_http(s))
        say(c, "220 here\r\n");
}

static void server_start(struct server *s, struct ev_loop *loop)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, CALLERS_MAX), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    s->loop = loop;
    s->port = ntohs(at.sin_port);
    ev_io_init(&s->io, on_caller, fd, EV_READ);
    s->io.data = s;
    ev_io_start(loop, &s->io);
}

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    ev_break(loop, EVBREAK_ALL);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->loop = ev_loop_new(EVFLAG_AUTO);
    server_start(&f->server, f->loop);
    f->o = outbound_new(f->loop, true);
    ev_timer_init(&f->limit, on_limit, LIMIT_S, 0.);
    ev_timer_start(f->loop, &f->limit);
    *state = current = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    outbound_free(f->o);
    close(f->server.io.fd);
    ev_loop_destroy(f->loop);
    free(f);
    return 0;
}

static void on_done(struct outbound_request *r, const struct outbound_result *result)
{
    current->result = *result;
    if (--current->waiting == 0)
        ev_break(current->loop, EVBREAK_ALL);
}

static void forget(struct server *s)
{
    s->n_heard = 0;
    s->heard[0] = '\0';
}

static void exchange(struct fixture *f, struct outbound_request *r)
{
    r->done = on_done;
    f->waiting = 1;
    f->result = (struct outbound_result){0};
    assert_true(outbound_begin(f->o, r));
    assert_int_equal(f->waiting, 1);
    ev_run(f->loop, 0);
    assert_int_equal(f->waiting, 0);
}

static void test_http(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *answer;
        size_t padding;
        enum outbound_end end;
        unsigned status, retry_after_s;
    } rows[] = {
        {"HTTP/1.1 204 No Content\r\n\r\n", 0, OUTBOUND_ANSWERED, 204, 0},
        {"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 0, OUTBOUND_ANSWERED, 410, 0},
        {"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 0, OUTBOUND_ANSWERED, 429, 7},
        {"HTTP/1.1 503 Later\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 0, OUTBOUND_ANSWERED, 503,
         0},
        /* not followed */
        {"HTTP/1.1 307 There\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 0, OUTBOUND_ANSWERED, 307, 0},
        /* more than is read of an answer */
        {"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", 200000, OUTBOUND_ANSWERED, 200, 0},
        {"this is no HTTP\r\n\r\n", 0, OUTBOUND_UNREACHABLE, 0, 0},
        {"", 0, OUTBOUND_UNREACHABLE, 0, 0},
    };
    static const char *const headers[] = {"webhook-id: 1", "Content-Type: application/json"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[64];
        forget(&f->server);
        f->server.http = rows[i].answer;
        f->server.padding = rows[i].padding;
        snprintf(url, sizeof url, "http://127.0.0.1:%u/a", f->server.port);
        struct outbound_request r = {
            .url = url, .headers = headers, .n_headers = 2, .body = bytes_of("{}", 2)};
        exchange(f, &r);
        print_message("row %zu: %s\n", i, f->result.reason);
        assert_int_equal(f->result.end, rows[i].end);
        assert_int_equal(f->result.status, rows[i].status);
        assert_int_equal(f->result.retry_after_s, rows[i].retry_after_s);
        assert_non_null(strstr(f->server.heard, "POST /a HTTP/1.1"));
        assert_non_null(strstr(f->server.heard, "webhook-id: 1\r\n"));
    }
}

static void assert_forbidden(struct fixture *f, struct outbound_request *r)
{
    forget(&f->server);
    exchange(f, r);
    assert_int_equal(f->result.end, OUTBOUND_FORBIDDEN);
    assert_true(*f->result.reason);
    assert_int_equal(f->server.n_heard, 0);
}

/* Sealed and signed on the way; what a subscription gave that is no key is not sent at all. */
static void test_push(void **state)
{
    struct fixture *f = *state;
    char url[64];
    struct outbound_push push = {.own = {1}, .subject = "mailto:a@b.example"};
    static const char *const headers[] = {"TTL: 60"};
    f->server.http = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
    snprintf(url, sizeof url, "http://127.0.0.1:%u/push/1", f->server.port);
    struct outbound_request r = {
        .url = url, .headers = headers, .n_headers = 1, .body = bytes_text("secret"), .push = &push};
    assert_forbidden(f, &r);
    assert_true(push_public(push.own, push.subscriber));
    for (int i = 0; i < 2; i++) {
        forget(&f->server);
        exchange(f, &r);
        assert_int_equal(f->result.status, 201);
        assert_non_null(strstr(f->server.heard, "POST /push/1 HTTP/1.1"));
        assert_non_null(strstr(f->server.heard, "TTL: 60\r\n"));
        assert_non_null(strstr(f->server.heard, "Content-Encoding: aes128gcm\r\n"));
        assert_non_null(strstr(f->server.heard, "Content-Length: 359\r\n"));
        assert_non_null(strstr(f->server.heard, "Authorization: vapid t=ey"));
        assert_null(memmem(f->server.heard, f->server.n_heard, "secret", 6));
    }
    push.subject = "\"";
    assert_forbidden(f, &r);
    memset(push.own, 0, sizeof push.own);
    assert_forbidden(f, &r);
}

static void test_mail(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *verb, *no;
        enum outbound_end end;
        unsigned status;
    } rows[] = {
        {NULL, NULL, OUTBOUND_ANSWERED, 250},
        {"MAIL", "451 come again later\r\n", OUTBOUND_ANSWERED, 451},
        {"RCPT", "550 nobody here\r\n", OUTBOUND_ANSWERED, 550},
        {".", "554 not this\r\n", OUTBOUND_ANSWERED, 554},
        {"DATA", NULL, OUTBOUND_UNREACHABLE, 0},
        {"letter", NULL, OUTBOUND_UNREACHABLE, 0},
    };
    static const char letter[] = "Subject: x\r\n\r\n.dot\r\n";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[64];
        forget(&f->server);
        f->server.verb = rows[i].verb;
        f->server.no = rows[i].no;
        snprintf(url, sizeof url, "smtp://127.0.0.1:%u/baton.example", f->server.port);
        struct outbound_request r = {.kind = OUTBOUND_MAIL,
                                     .url = url,
                                     .from = "a@example.com",
                                     .to = "b@example.org",
                                     .body = bytes_of(letter, sizeof letter - 1)};
        exchange(f, &r);
        print_message("row %zu: %s\n", i, f->result.reason);
        assert_int_equal(f->result.end, rows[i].end);
        assert_int_equal(f->result.status, rows[i].status);
        assert_non_null(strstr(f->server.heard, "MAIL FROM:<a@example.com>"));
        assert_true(i != 0 || strstr(f->server.heard, "\r\n..dot\r\n"));
    }
}

static void test_unclean(void **state)
{
    struct fixture *f = *state;
    char url[64];
    static const char *const header = "a: b\r\nc: d";
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", f->server.port);
    assert_forbidden(f, &(struct outbound_request){.url = url, .headers = &header, .n_headers = 1});
    snprintf(url, sizeof url, "smtp://127.0.0.1:%u", f->server.port);
    assert_forbidden(f, &(struct outbound_request){
                            .kind = OUTBOUND_MAIL, .url = url, .from = "a@b", .to = "c@d>\r\nRCPT TO:<e@f"});
    assert_forbidden(f, &(struct outbound_request){.url = "file:///etc/passwd"});
    assert_forbidden(f, &(struct outbound_request){.url = "http://a b/"});
    assert_forbidden(f, &(struct outbound_request){.url = ""});
}

/* Without the switch. */
static void test_private(void **state)
{
    struct fixture *f = *state;
    static const char *const urls[] = {
        "https://127.0.0.1/", "https://localhost/",          "https://[::1]/",    "https://2130706433/",
        "https://0x7f.1/",    "https://[::ffff:127.0.0.1]/", "http://192.0.43.7/"};
    outbound_free(f->o);
    f->o = outbound_new(f->loop, false);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        assert_forbidden(f, &(struct outbound_request){.url = urls[i]});
}

static void test_bounds(void **state)
{
    struct fixture *f = *state;
    char url[64];
    static struct outbound_request r[OUTBOUND_HOST_MAX + 1];
    f->server.http = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", f->server.port);
    for (size_t i = 0; i <= OUTBOUND_HOST_MAX; i++) {
        r[i] = (struct outbound_request){.url = url, .done = on_done};
        assert_int_equal(outbound_begin(f->o, &r[i]), i < OUTBOUND_HOST_MAX);
    }
    f->waiting = OUTBOUND_HOST_MAX;
    ev_run(f->loop, 0);
    assert_int_equal(f->waiting, 0);
    /* There is room again; what is under way at the end is broken off, and said so. */
    f->waiting = 1;
    assert_true(outbound_begin(f->o, &r[0]));
    outbound_free(f->o);
    f->o = NULL;
    assert_int_equal(f->waiting, 0);
    assert_int_equal(f->result.end, OUTBOUND_UNREACHABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_http, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_push, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unclean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_private, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
