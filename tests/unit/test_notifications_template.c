/* HTTP templates and brokers, rule by rule; the numbers are those of the comments in decide_template.c and
   decide_mqtt.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/notifications/mqtt.h"
#include "services/notifications/template.h"

enum {
    POST = BATON__HTTP_METHOD__HTTP_METHOD_POST,
    PUT = BATON__HTTP_METHOD__HTTP_METHOD_PUT,
    GET = BATON__HTTP_METHOD__HTTP_METHOD_GET,
    HEADERS_MAX = 2
};
#define HOOK "https://a.example/t"
#define JSON "Content-Type: application/json"

struct bench {
    struct arena *arena;
    struct stamp stamp;
    struct outcome out;
};

static int setup(void **state)
{
    static struct bench b;
    schema_load();
    b.arena = arena_new(4 << 20);
    b.stamp.arena = b.out.arena = b.arena;
    *state = &b;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static void template_init(Baton__HttpTemplate *t, const char *url, int method, char **headers,
                          const char *body)
{
    baton__http_template__init(t);
    t->url = (char *)url;
    t->has_method = method != 0;
    t->method = (Baton__HttpMethod)method;
    t->headers = headers;
    while (t->n_headers < HEADERS_MAX && headers[t->n_headers])
        t->n_headers++;
    t->body = (char *)body;
}

static void test_check(void **state)
{
    struct bench *b = *state;
    static struct {
        int rule;
        const char *url;
        int method;
        char *headers[HEADERS_MAX];
        const char *body, *field; /* NULL: it can be saved */
    } rows[] = {
        {0, HOOK, 0, {NULL}, NULL, NULL},
        {0, HOOK "/{{user.phone}}?a={{title}}", GET, {NULL}, NULL, NULL},
        {0,
         HOOK,
         PUT,
         {(char *)"Title: {{title}}", (char *)"Authorization: Bearer {{secret}}"},
         "{{text}}",
         NULL},
        {1, "a.example", 0, {NULL}, NULL, "url"},
        {1, "ftp://a.example/", 0, {NULL}, NULL, "url"},
        {1, "https://{{secret}}/", 0, {NULL}, NULL, "url"},
        {1, "https://a.{{user.email}}.example/", 0, {NULL}, NULL, "url"},
        {1, "https://u:p@a.example/", 0, {NULL}, NULL, "url"},
        {1, HOOK "?{{nothing}}", 0, {NULL}, NULL, "url"},
        {1, HOOK "?{{title", 0, {NULL}, NULL, "url"},
        {2, HOOK, 0, {(char *)"no header"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)": x"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)"A b: x"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)"A: b\r\nC: d"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)"A: b", (char *)"A: {{user.password}}"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)"host: b.example"}, NULL, "headers"},
        {2, HOOK, 0, {(char *)"Content-Length: 1"}, NULL, "headers"},
        {3, HOOK, GET, {NULL}, "x", "body"},
        {3, HOOK, 0, {NULL}, "{{ title }}", "body"},
        {3, HOOK, 0, {NULL}, "{{title}} {{", "body"},
        {3, HOOK, 0, {NULL}, "{\"a\": {\"b\": 1}}", NULL},
        {4, HOOK, 0, {(char *)JSON}, "{\"a\": {\"b\": \"{{title}}, {{text}}\"}}", NULL},
        {4, HOOK, 0, {(char *)JSON}, "[\"{{user.phone}}\"]", NULL},
        {4, HOOK, 0, {(char *)JSON}, "{\"a\": {{title}}}", "body"},
        {4, HOOK, 0, {(char *)JSON}, "{\"a\": \"{{title}}}", "body"},
        {4, HOOK, 0, {(char *)"content-type:application/problem+JSON"}, "a={{title}}", "body"},
        {4, HOOK, 0, {(char *)"Content-Type: text/plain"}, "{\"a\": {{title}}}", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__HttpTemplate t;
        template_init(&t, rows[i].url, rows[i].method, rows[i].headers, rows[i].body);
        memset(&b->out.no, 0, sizeof b->out.no);
        bool good = notifications_check_template(NULL, NULL, &t.base, &b->stamp, &b->out);
        print_message("row %zu, rule %d: %s\n", i, rows[i].rule, b->out.no.message);
        assert_int_equal(good, rows[i].field == NULL);
        if (rows[i].field)
            assert_string_equal(b->out.no.field, rows[i].field);
    }
}

/* What it needed to be let in is forgotten with it. */
static void test_deleted(void **state)
{
    struct bench *b = *state;
    Baton__HttpTemplate t = BATON__HTTP_TEMPLATE__INIT;
    Baton__MqttBroker broker = BATON__MQTT_BROKER__INIT;
    t.id = broker.id = (char *)"0190a8e2-1111-7000-8000-000000000001";
    b->out.n_events = 0;
    assert_true(notifications_check_template(NULL, &t.base, NULL, &b->stamp, &b->out));
    assert_true(notifications_check_broker(NULL, &broker.base, NULL, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(b->out.events[1]->channel_secret_set->id, broker.id);
    assert_null(b->out.events[1]->channel_secret_set->secret);
}

static void test_write(void **state)
{
    struct bench *b = *state;
    static const struct template_values v = {
        .title = "\xe7\x8e\x8b & \"Co\"\r\nX: y", .id = "1", .secret = "s"};
    static const struct {
        enum template_place place;
        const char *text, *wanted;
    } rows[] = {
        {TEMPLATE_PLAIN, "{{title}}|{{id}}{{secret}}|{{text}}", "\xe7\x8e\x8b & \"Co\"\r\nX: y|1s|"},
        {TEMPLATE_LINE, "Title: {{title}}", "Title: \xe7\x8e\x8b & \"Co\"  X: y"},
        {TEMPLATE_JSON, "{\"a\":{\"b\":\"{{title}}\"}}",
         "{\"a\":{\"b\":\"\xe7\x8e\x8b & \\\"Co\\\"\\r\\nX: y\"}}"},
        {TEMPLATE_FORM, "a={{title}}&b={{id}}", "a=%E7%8E%8B%20%26%20%22Co%22%0D%0AX%3A%20y&b=1"},
        {TEMPLATE_PLAIN, "", ""},
        {TEMPLATE_PLAIN, "{{unknown}}, {{title", ", {{title"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *written = template_write(rows[i].text, rows[i].place, &v, b->arena);
        assert_string_equal(written, rows[i].wanted);
    }
}

/* What is too long is not sent in part. */
static void test_long(void **state)
{
    struct bench *b = *state;
    static char text[8001], title[1025];
    memset(title, 'x', sizeof title - 1);
    for (size_t i = 0; i + 9 < sizeof text; i += 9)
        memcpy(text + i, "{{title}}", 9);
    const struct template_values v = {.title = title};
    assert_null(template_write(text, TEMPLATE_PLAIN, &v, b->arena));
    assert_null(template_write(text, TEMPLATE_JSON, &v, b->arena));
}

static void test_reaches(void **state)
{
    static struct {
        const char *url, *body;
        char *headers[HEADERS_MAX];
        const char *email, *phone;
        bool reaches;
    } rows[] = {
        {HOOK, "{{title}}", {NULL}, NULL, NULL, true},
        {HOOK, "{{user.phone}}", {NULL}, "a@b.example", NULL, false},
        {HOOK, "{{user.phone}}", {NULL}, NULL, "", false},
        {HOOK, "{{user.phone}}", {NULL}, NULL, "+49 1", true},
        {HOOK "?to={{user.email}}", NULL, {NULL}, NULL, "+49 1", false},
        {HOOK "?to={{user.email}}", NULL, {NULL}, "a@b.example", NULL, true},
        {HOOK, NULL, {(char *)"A: b", (char *)"To: {{user.phone}}"}, NULL, NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__HttpTemplate t;
        Baton__User u = BATON__USER__INIT;
        template_init(&t, rows[i].url, POST, rows[i].headers, rows[i].body);
        u.email = (char *)rows[i].email;
        u.phone = (char *)rows[i].phone;
        assert_int_equal(template_reaches(&t, &u), rows[i].reaches);
    }
}

static void test_broker(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *url, *prefix, *user, *field;
    } rows[] = {
        {"mqtts://a.example", NULL, NULL, NULL},
        {"mqtt://a.example:1883", "sales/baton", "baton", NULL},
        {"mqtts://[::1]:8883", NULL, NULL, NULL},
        {"mqttss://a.example", NULL, NULL, "url"},
        {"https://a.example", NULL, NULL, "url"},
        {"mqtts://", NULL, NULL, "url"},
        {"mqtts://u@a.example", NULL, NULL, "url"},
        {"mqtts://a.example/x", NULL, NULL, "url"},
        {"mqtts://a.example", "", NULL, "topic_prefix"},
        {"mqtts://a.example", "a/#", NULL, "topic_prefix"},
        {"mqtts://a.example", "+", NULL, "topic_prefix"},
        {"mqtts://a.example", "$SYS", NULL, "topic_prefix"},
        {"mqtts://a.example", "a//b", NULL, "topic_prefix"},
        {"mqtts://a.example", "a/", NULL, "topic_prefix"},
        {"mqtts://a.example", "/a", NULL, "topic_prefix"},
        {"mqtts://a.example", "a\n", NULL, "topic_prefix"},
        {"mqtts://a.example", NULL, "a\r\nb", "user_name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__MqttBroker broker = BATON__MQTT_BROKER__INIT;
        broker.url = (char *)rows[i].url;
        broker.topic_prefix = (char *)rows[i].prefix;
        broker.user_name = (char *)rows[i].user;
        memset(&b->out.no, 0, sizeof b->out.no);
        bool good = notifications_check_broker(NULL, NULL, &broker.base, &b->stamp, &b->out);
        print_message("row %zu: %s\n", i, b->out.no.message);
        assert_int_equal(good, rows[i].field == NULL);
        if (rows[i].field)
            assert_string_equal(b->out.no.field, rows[i].field);
    }
    Baton__MqttBroker broker = BATON__MQTT_BROKER__INIT;
    assert_string_equal(mqtt_topic(&broker, "7", b->arena), "baton/users/7/notifications");
    broker.topic_prefix = (char *)"sales/b";
    assert_string_equal(mqtt_topic(&broker, "7", b->arena), "sales/b/users/7/notifications");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check), cmocka_unit_test(test_deleted), cmocka_unit_test(test_write),
        cmocka_unit_test(test_long),  cmocka_unit_test(test_reaches), cmocka_unit_test(test_broker),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
