/* One service in a calm world, where a year costs nothing. It follows nobody, who would be asked for every
   second. Whatever it is asked succeeds, or the test has failed. */
#ifndef BATON_TESTS_CALM_DRILL_H
#define BATON_TESTS_CALM_DRILL_H

#include "calm/world.h"
#include "service/service.h"

struct client;

struct drill {
    struct world *world;
    struct service *service;
    struct client *client;
    struct arena *arena;
    Baton__Actor actor;
    char dir[96];
    struct files *files; /* of a service that keeps some */
    struct service_def def;
    ProtobufCMessage *reply;
    const struct schema_method *method;
    bool done;
};

/* Asked by an administrator of that id. */
struct drill *drill_new(const struct service_def *def, int64_t start_us, const char *user_id);
void drill_free(struct drill *d);

/* The reply. */
void *drill_ask(struct drill *d, const char *method, const void *request);
/* The record as it is created or changed. */
void *drill_record(struct drill *d, bool is_new, void *row);

#endif
