/* What a broker is told of a notification. */
#ifndef BATON_NOTIFICATIONS_MQTT_H
#define BATON_NOTIFICATIONS_MQTT_H

#include "services/notifications/notifications.h"

/* "baton/users/ID/notifications" */
char *mqtt_topic(const Baton__MqttBroker *b, const char *user_id, struct arena *a);

record_check_fn notifications_check_broker;

#endif
