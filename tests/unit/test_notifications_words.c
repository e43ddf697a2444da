/* What notifications say, and how a text is filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/notifications/chain.h"
#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

#define CLASS(name) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##name
#define HOUR        (INT64_C(3600) * 1000000)
/* 2026-01-05, a Monday, 00:00 UTC; in Taipei it is 08:00. */
#define MONDAY INT64_C(1767571200000000)

struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
};

static int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(1 << 20);
    baton__actor__init(&bench.actor);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static void test_words(void **state)
{
    struct bench *b = *state;
    const struct word words[] = {{"who", "Ann {[x]}"}, {"due", NULL}};
    const struct {
        const char *text, *written;
    } rows[] = {
        {"{who} has it.", "Ann {[x]} has it."}, {"{due|soon}!", "soon!"}, {"A[ until {due}].", "A."},
        {"[{who}][, {due}]", "Ann {[x]}"},      {"{nothing}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(words_write(rows[i].text, words, 2, b->arena), rows[i].written);
    assert_int_equal(words_language("zh-Hant"), LANGUAGE_CHINESE);
    assert_int_equal(words_language("ZH_TW"), LANGUAGE_CHINESE);
    assert_int_equal(words_language("zha"), LANGUAGE_ENGLISH);
    assert_int_equal(words_language("de"), LANGUAGE_ENGLISH);
    assert_int_equal(words_language(NULL), LANGUAGE_ENGLISH);
    assert_string_equal(words_title(LANGUAGE_CHINESE, CLASS(LEAD_ASSIGNED), "王小明", "台積電", b->arena),
                        "新的潛在客戶：王小明，台積電");
}

/* Every class that there is has words in every language. */
static void test_all_classes(void **state)
{
    const ProtobufCEnumDescriptor *classes = &baton__notification_class__descriptor;
    for (unsigned i = 0; i < classes->n_values; i++)
        for (int language = 0; language < LANGUAGES; language++) {
            const Baton__NotificationClass class = (Baton__NotificationClass)classes->values[i].value;
            assert_int_equal(words_class((enum notifications_language)language, class) != NULL,
                             notification_importance(class) != 0);
        }
}

static void test_letter(void **state)
{
    struct bench *b = *state;
    Baton__User user = BATON__USER__INIT;
    struct delivery_way way = {.channel = BATON__CHANNEL__CHANNEL_MAIL, .lane_id = "lane"};
    Baton__Channel mail[] = {BATON__CHANNEL__CHANNEL_MAIL};
    Baton__ChainStep at_once = BATON__CHAIN_STEP__INIT, *steps[] = {&at_once};
    Baton__NotificationChain chain = BATON__NOTIFICATION_CHAIN__INIT;
    const struct notification_chains chains = {.all = {&chain}, .n = 1};
    struct recipient to = {.ways = {.user = &user, .ways = &way, .n = 1}, .chains = &chains};
    at_once.channels = mail;
    at_once.n_channels = 1;
    chain.class_ = CLASS(LEAD_ASSIGNED);
    chain.steps = steps;
    chain.n_steps = 1;
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = MONDAY, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    user.email = (char *)"a@b.example";
    struct worktime *taipei = worktime_new("Asia/Taipei", NULL, 0, NULL, 0, NULL, 0);
    struct locale_date *date = locale_date_new(words_tag(LANGUAGE_CHINESE));
    to.voice = (struct notifications_voice){.language = LANGUAGE_CHINESE, .date = date, .zone = taipei};
    const struct told t = {.class = CLASS(LEAD_ASSIGNED),
                           .user_id = (char *)"user",
                           .lead_id = (char *)"lead",
                           .response_due_at = timestamp_of(b->arena, MONDAY + HOUR)};
    notifications_tell(&t, &to, &b->stamp, &b->out);
    const Baton__Notification *n = b->out.events[0]->notification_created->notification;
    const Baton__Letter *l = b->out.events[1]->delivery_armed->delivery->letter;
    /* by the user's own clocks, with what can be done */
    assert_non_null(strstr(n->text, "9:00"));
    assert_non_null(strstr(n->text, "請於"));
    assert_int_equal(n->n_actions, 3);
    assert_string_equal(n->actions[0]->label, "接受");
    assert_non_null(strstr(l->text, "接受、婉拒、開啟"));
    worktime_free(taipei);
    locale_date_free(date);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_all_classes),
        cmocka_unit_test(test_letter),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
