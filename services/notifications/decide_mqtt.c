/* Brokers: what can be saved, and under which topic a user's notifications stand. */
#include "services/notifications/mqtt.h"

#include <string.h>

#include "services/notifications/delivery.h"

/* Levels of a topic, none of them empty, none a wildcard's or the broker's own. */
static bool is_prefix(const char *s)
{
    size_t n = strlen(s);
    if (!n || *s == '$' || *s == '/' || s[n - 1] == '/' || strstr(s, "//"))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < ' ' || strchr("+#\x7f", s[i]))
            return false;
    return true;
}

char *mqtt_topic(const Baton__MqttBroker *b, const char *user_id, struct arena *a)
{
    return arena_printf(a, "%s/users/%s/notifications", b->topic_prefix ? b->topic_prefix : "baton", user_id);
}

bool notifications_check_broker(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                struct stamp *s, struct outcome *out)
{
    const Baton__MqttBroker *b = (const Baton__MqttBroker *)after;
    if (!b)
        return delivery_secret_forgotten(before, s, out);
    /* 1: what is missing the schema says */
    if (b->url && !delivery_is_server(b->url, "mqtt"))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "url",
                      "a broker is given as mqtts://HOST:PORT or mqtt://HOST:PORT");
    if (b->topic_prefix && !is_prefix(b->topic_prefix))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "topic_prefix",
                      "a prefix is like baton or sales/baton, without + and #");
    if (!delivery_is_one_line(b->user_name))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "user_name", "a user name is one line");
    return true;
}
