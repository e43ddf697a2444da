/* One service in a calm world. */
#include "calm/drill.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "baton/v1/record.pb-c.h"
#include "bus/client.h"

enum { MEMORY = 64 << 20 };
static const int64_t ASKED_US = 10 * 1000000;

struct drill *drill_new(const struct service_def *def, int64_t start_us, const char *user_id)
{
    char path[sizeof(((struct drill *)0)->dir) + 32];
    struct drill *d = calloc(1, sizeof *d);
    assert(d);
    schema_load();
    (void)snprintf(d->dir, sizeof d->dir, "/tmp/baton-drill-XXXXXX"); /* fits */
    bool is_made = mkdtemp(d->dir) != NULL;
    assert(is_made);
    d->world = calm_new(start_us);
    d->arena = arena_new(MEMORY);
    d->def = *def;
    d->def.n_follows = d->def.n_copies = 0;
    (void)snprintf(path, sizeof path, "%s/%s", d->dir, def->name); /* fits */
    d->files = def->keeps_files ? service_files_open(path, NULL) : NULL;
    struct service_options o = {.world = d->world, .dir = path, .no_sync = true, .files = d->files};
    d->service = service_new(&d->def, &o);
    assert(d->service);
    d->client = client_new(d->world);
    baton__actor__init(&d->actor);
    d->actor.has_role = true;
    d->actor.role = BATON__ROLE__ROLE_ADMIN;
    d->actor.user_id = (char *)(uintptr_t)user_id;
    return d;
}

void drill_free(struct drill *d)
{
    char command[sizeof d->dir + 16];
    client_free(d->client);
    service_free(d->service);
    if (d->files)
        files_close(d->files);
    calm_free(d->world);
    arena_free(d->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", d->dir); /* fits */
    int rc = system(command);
    assert(rc == 0);
    free(d);
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct drill *d = arg;
    if (no)
        fprintf(stderr, "%s: %s\n", d->method->name, no->message);
    assert(!no);
    d->done = true;
    d->reply = schema_unpack(d->method->output, body, d->arena);
}

void *drill_ask(struct drill *d, const char *method, const void *request)
{
    struct refusal no;
    d->method = schema_method(method);
    d->done = false;
    struct call call = {
        .service = d->def.name, .method = method, .actor = &d->actor, .body = schema_pack(request, d->arena)};
    bool is_taken = client_call(d->client, &call, on_reply, d, &no);
    assert(is_taken);
    while (!d->done && calm_step(d->world, calm_now(d->world) + ASKED_US))
        ;
    assert(d->done);
    return d->reply;
}

void *drill_record(struct drill *d, bool is_new, void *row)
{
    const struct schema_field *member;
    Baton__CreateRecordRequest create = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__UpdateRecordRequest update = BATON__UPDATE_RECORD_REQUEST__INIT;
    create.record = update.record = record_wrap(row, d->arena);
    if (is_new)
        return schema_oneof(
            &((Baton__CreateRecordResponse *)drill_ask(d, "RecordService/CreateRecord", &create))
                 ->record->base,
            &member);
    return schema_oneof(
        &((Baton__UpdateRecordResponse *)drill_ask(d, "RecordService/UpdateRecord", &update))->record->base,
        &member);
}
