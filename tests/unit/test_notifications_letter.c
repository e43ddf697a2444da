/* Letters, as GMime reads them: what was written comes out again, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gmime/gmime.h>
#include <string.h>

#include "services/notifications/letter.h"

#define ID "0190a8e2-1111-7000-8000-000000000001"

static GMimeMessage *read_letter(struct bytes text)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)text.data, text.size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    assert_non_null(m);
    return m;
}

static const InternetAddressMailbox *only(InternetAddressList *list)
{
    assert_int_equal(internet_address_list_length(list), 1);
    return INTERNET_ADDRESS_MAILBOX(internet_address_list_get_address(list, 0));
}

static void assert_person(InternetAddressList *list, const char *name, const char *address)
{
    const InternetAddressMailbox *m = only(list);
    const char *found = internet_address_get_name((InternetAddress *)m);
    assert_string_equal(m->addr, address);
    assert_string_equal(found ? found : "", name);
}

static void assert_text(GMimeMessage *m, const char *wanted)
{
    GMimeObject *part = g_mime_message_get_mime_part(m);
    assert_true(GMIME_IS_TEXT_PART(part));
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    assert_string_equal(text, wanted);
    g_free(text);
}

static void assert_lines(struct bytes text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size; i++) {
        assert_true(text.data[i] < 0x80);
        assert_true(text.data[i] != '\n' || (i && text.data[i - 1] == '\r'));
        length = text.data[i] == '\n' ? 0 : length + 1;
        assert_true(length <= 79);
    }
}

static void test_letters(void **state)
{
    struct arena *a = *state;
    static const struct {
        const char *name, *shown, *subject, *subject_shown, *text, *text_shown;
    } rows[] = {
        {"Ada Lovelace", "Ada Lovelace", "New lead", "New lead", "Hello\nAda", "Hello\r\nAda\r\n"},
        {NULL, "", "", "", "", "\r\n"},
        {"  ", "", NULL, "", NULL, "\r\n"},
        {"王小明", "王小明", "新的潛在客戶：台灣積體電路製造股份有限公司，來自展覽的詢問與報價需求",
         "新的潛在客戶：台灣積體電路製造股份有限公司，來自展覽的詢問與報價需求", "您好", "您好\r\n"},
        {"a\" <evil@x.example>,", "a\" <evil@x.example>,", "x\r\nBcc: evil@x.example\r\n\r\nhello",
         "x  Bcc: evil@x.example    hello", ".\r\n.\r\n", ".\r\n.\r\n\r\n"},
        {"=?UTF-8?B?eA==?=", "=?UTF-8?B?eA==?=", "=?UTF-8?Q?x?=", "=?UTF-8?Q?x?=", "=?UTF-8?Q?x?=",
         "=?UTF-8?Q?x?=\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        const struct letter l = {.id = ID,
                                 .time_us = INT64_C(1780000000000000),
                                 .from_address = "baton@hq.example",
                                 .from_name = rows[i].name,
                                 .to_address = "b@buyer.example",
                                 .to_name = rows[i].name,
                                 .reply_to = "rep@hq.example",
                                 .subject = rows[i].subject,
                                 .text = rows[i].text};
        struct bytes text = letter_write(&l, a);
        assert_lines(text);
        GMimeMessage *m = read_letter(text);
        assert_person(g_mime_message_get_from(m), rows[i].shown, "baton@hq.example");
        assert_person(g_mime_message_get_to(m), rows[i].shown, "b@buyer.example");
        assert_person(g_mime_message_get_reply_to(m), "", "rep@hq.example");
        assert_int_equal(internet_address_list_length(g_mime_message_get_bcc(m)), 0);
        const char *subject = g_mime_message_get_subject(m);
        assert_string_equal(subject ? subject : "", rows[i].subject_shown);
        assert_string_equal(g_mime_message_get_message_id(m), ID "@hq.example");
        char *date = g_date_time_format(g_mime_message_get_date(m), "%Y-%m-%d %H:%M:%S");
        assert_string_equal(date, "2026-05-28 20:26:40");
        g_free(date);
        assert_text(m, rows[i].text_shown);
        g_object_unref(m);
    }
}

static void test_addresses(void **state)
{
    static const struct {
        const char *address;
        bool is_one;
    } rows[] = {
        {"a@b.example", true},
        {"a.b+c@d-e.example", true},
        {NULL, false},
        {"", false},
        {"a", false},
        {"a b@c.example", false},
        {"a@b.example\r\nx", false},
        {"<a@b.example>", false},
        {"a@b.example,c@d.example", false},
        {"ä@b.example", false},
        {"a@\xe4.example", false},
        {"\"a\"@b.example", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(letter_is_address(rows[i].address), rows[i].is_one);
}

static int setup(void **state)
{
    g_mime_init();
    *state = arena_new(8 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    g_mime_shutdown();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_letters), cmocka_unit_test(test_addresses)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
