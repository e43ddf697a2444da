/* What the other side's last word means for a delivery; the table of decide_verdict.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/notifications/delivery.h"

#define MAIL     BATON__CHANNEL__CHANNEL_MAIL
#define MQTT     BATON__CHANNEL__CHANNEL_MQTT
#define PUSH     BATON__CHANNEL__CHANNEL_PUSH
#define TEMPLATE BATON__CHANNEL__CHANNEL_TEMPLATE

static void test_verdict(void **state)
{
    static const struct {
        Baton__Channel channel;
        struct delivery_result result;
        enum delivery_verdict verdict;
    } rows[] = {
        {MAIL, {DELIVERY_ANSWERED, 250, 0, ""}, DELIVERY_GOOD},
        {MAIL, {DELIVERY_ANSWERED, 421, 0, ""}, DELIVERY_LANE_AGAIN},
        {MAIL, {DELIVERY_ANSWERED, 450, 0, ""}, DELIVERY_AGAIN},
        {MAIL, {DELIVERY_ANSWERED, 451, 0, ""}, DELIVERY_AGAIN},
        {MAIL, {DELIVERY_ANSWERED, 530, 0, ""}, DELIVERY_LANE_AGAIN},
        {MAIL, {DELIVERY_ANSWERED, 535, 0, ""}, DELIVERY_LANE_AGAIN},
        {MAIL, {DELIVERY_ANSWERED, 550, 0, ""}, DELIVERY_NEVER},
        {MAIL, {DELIVERY_ANSWERED, 0, 0, ""}, DELIVERY_AGAIN},
        {MAIL, {DELIVERY_UNREACHED, 0, 0, ""}, DELIVERY_LANE_AGAIN},
        {MAIL, {DELIVERY_UNREACHED, 250, 0, ""}, DELIVERY_LANE_AGAIN},
        {MAIL, {DELIVERY_FORBIDDEN, 0, 0, ""}, DELIVERY_NEVER},
        {MQTT, {DELIVERY_ANSWERED, 0, 0, ""}, DELIVERY_GOOD},
        {MQTT, {DELIVERY_ANSWERED, 16, 0, ""}, DELIVERY_GOOD},
        {MQTT, {DELIVERY_ANSWERED, 134, 0, "no"}, DELIVERY_LANE_AGAIN},
        {MQTT, {DELIVERY_ANSWERED, 135, 0, "no"}, DELIVERY_LANE_AGAIN},
        {MQTT, {DELIVERY_ANSWERED, 144, 0, "no"}, DELIVERY_NEVER},
        {MQTT, {DELIVERY_ANSWERED, 149, 0, "no"}, DELIVERY_NEVER},
        {MQTT, {DELIVERY_UNREACHED, 0, 0, "no"}, DELIVERY_LANE_AGAIN},
        {PUSH, {DELIVERY_ANSWERED, 201, 0, ""}, DELIVERY_GOOD},
        {PUSH, {DELIVERY_ANSWERED, 404, 0, ""}, DELIVERY_GONE},
        {PUSH, {DELIVERY_ANSWERED, 410, 0, ""}, DELIVERY_GONE},
        {PUSH, {DELIVERY_ANSWERED, 413, 0, ""}, DELIVERY_SHORTER},
        {PUSH, {DELIVERY_ANSWERED, 400, 0, ""}, DELIVERY_REFUSED},
        {PUSH, {DELIVERY_ANSWERED, 403, 0, ""}, DELIVERY_REFUSED},
        {PUSH, {DELIVERY_ANSWERED, 429, 9, ""}, DELIVERY_LANE_AGAIN},
        {PUSH, {DELIVERY_FORBIDDEN, 0, 0, "no"}, DELIVERY_GONE},
        {TEMPLATE, {DELIVERY_ANSWERED, 204, 0, ""}, DELIVERY_GOOD},
        {TEMPLATE, {DELIVERY_ANSWERED, 302, 0, ""}, DELIVERY_LANE_AGAIN},
        {TEMPLATE, {DELIVERY_ANSWERED, 400, 0, ""}, DELIVERY_NEVER},
        {TEMPLATE, {DELIVERY_ANSWERED, 401, 0, ""}, DELIVERY_LANE_AGAIN},
        {TEMPLATE, {DELIVERY_ANSWERED, 410, 0, ""}, DELIVERY_NEVER},
        {TEMPLATE, {DELIVERY_ANSWERED, 422, 0, ""}, DELIVERY_NEVER},
        {TEMPLATE, {DELIVERY_ANSWERED, 429, 9, ""}, DELIVERY_LANE_AGAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(delivery_verdict(rows[i].channel, &rows[i].result), rows[i].verdict);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_verdict)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
