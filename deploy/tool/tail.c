/* `baton tail`: every service's events as they happen, straight from the bus. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "baton/v1/event.pb-c.h"
#include "bus/client.h"
#include "bus/follow.h"
#include "bus/zloop.h"
#include "tool/options.h"
#include "tool/output.h"

enum { RECORD_MEMORY_MAX = 256 << 20, LINE_MAX_BYTES = 4000, VALUE_MAX = 60 };

/* Of a message inside an event only these are worth a line. */
static const char *const main_fields[] = {"id",         "user_id",       "name",     "email",
                                          "first_name", "last_name",     "kind",     "company",
                                          "status",     "status_reason", "owner_id", "version"};

struct tail {
    struct tool *tool;
    struct world *world;
    struct follow *follows[CLIENT_SERVICES];
    struct arena *arena;
    struct buffer line;
};

static bool is_main(const char *name)
{
    for (size_t i = 0; i < sizeof main_fields / sizeof *main_fields; i++)
        if (strcmp(main_fields[i], name) == 0)
            return true;
    return false;
}

static void add_enum(struct tail *t, const struct schema_field *f, int64_t number)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(f->pb->descriptor, (int)number);
    buffer_printf(&t->line, " %s=%s", f->pb->name, v != NULL ? v->name : "?");
}

/* " name=value" for one singular field that is no message. */
static void add_value(struct tail *t, const ProtobufCMessage *m, const struct schema_field *f)
{
    const char *text;
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        text = output_text(t->arena, schema_get_text(m, f->pb->name));
        buffer_printf(&t->line, strchr(text, ' ') != NULL ? " %s=\"%.*s\"" : " %s=%.*s", f->pb->name,
                      (int)text_clip(text, VALUE_MAX), text);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        add_enum(t, f, schema_get_int(m, f->pb->name));
        break;
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    default:
        buffer_printf(&t->line, " %s=%" PRId64, f->pb->name, schema_get_int(m, f->pb->name));
    }
}

/* The event's own fields; of messages inside it, and inside those, the main ones. */
static void add_fields(struct tail *t, const ProtobufCMessage *m, unsigned depth)
{
    const struct schema_message *type = schema_message(m->descriptor);
    for (unsigned i = 0; i < type->pb->n_fields; i++) {
        const struct schema_field *f = &type->fields[i];
        if (f->pb->label == PROTOBUF_C_LABEL_REPEATED || f->rules->secret || !schema_present(m, f))
            continue;
        if (f->message == NULL) {
            if (depth == 0 || is_main(f->pb->name))
                add_value(t, m, f);
        } else if (depth < 2 && strcmp(f->message->pb->name, "baton.v1.Original") != 0) {
            const ProtobufCMessage *inner = *(ProtobufCMessage *const *)((const char *)m + f->pb->offset);
            size_t before = t->line.size;
            buffer_printf(&t->line, " %s{", f->pb->name);
            size_t open = t->line.size;
            add_fields(t, inner, depth + 1);
            if (t->line.size == open)
                t->line.size = before;
            else
                buffer_char(&t->line, '}');
        }
    }
}

static void add_time(struct tail *t, int64_t us)
{
    char text[32];
    struct tm local;
    time_t seconds = (time_t)(us / 1000000);
    if (localtime_r(&seconds, &local) != NULL && strftime(text, sizeof text, "%H:%M:%S", &local) > 0)
        buffer_printf(&t->line, "%s.%03d ", text, (int)(us / 1000 % 1000));
}

static void print_event(struct tail *t, const char *service, const Baton__LogRecord *record,
                        const Baton__Event *event)
{
    const struct schema_field *member;
    const ProtobufCMessage *payload = schema_oneof(&event->base, &member);
    const Baton__Actor *actor = record->actor;
    const char *who = actor == NULL ? NULL : actor->user_id != NULL ? actor->user_id : actor->service;
    bool colour = t->tool->colour;
    if (payload == NULL)
        return;
    buffer_clear(&t->line);
    add_time(t, (int64_t)record->time_us);
    buffer_printf(&t->line, "%s %" PRIu64 " %s%s%s", service, record->seq, colour ? "\033[1m" : "",
                  payload->descriptor->short_name, colour ? "\033[0m" : "");
    if (who != NULL)
        buffer_printf(&t->line, " by %s", output_text(t->arena, who));
    add_fields(t, payload, 0);
    fprintf(t->tool->out, "%s\n", buffer_cstr(&t->line));
}

static void print_json(struct tail *t, const char *service, const Baton__LogRecord *record)
{
    struct buffer b;
    buffer_init(&b, LOG_RECORD_MAX * 4);
    if (schema_to_json(&record->base, 0, &b))
        fprintf(t->tool->out, "{\"service\":\"%s\",\"record\":%s}\n", service, buffer_cstr(&b));
    else
        fprintf(stderr, "error: record %" PRIu64 " of %s is too large to be printed\n", record->seq, service);
    buffer_release(&b);
}

static void on_record(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                      const struct cursor *at)
{
    struct tail *t = arg;
    const char *service = follow_service(f);
    arena_reset(t->arena);
    const Baton__LogRecord *record = seal_read_with(stored, keys, t->arena);
    if (record == NULL)
        fprintf(stderr, "error: record %" PRIu64 " of %s cannot be read\n", at->at.seq, service);
    else if (t->tool->json)
        print_json(t, service, record);
    else
        for (size_t i = 0; i < record->n_events; i++)
            print_event(t, service, record, record->events[i]);
    follow_done(f, stored.size + keys.size);
}

/* Whoever reads us may go away: there is nobody left to tell then. */
static int64_t on_turn(void *arg)
{
    struct tail *t = arg;
    int64_t next = 0;
    for (unsigned i = 0; i < CLIENT_SERVICES; i++) {
        int64_t at = follow_turn(t->follows[i]);
        if (at != 0 && (next == 0 || at < next))
            next = at;
    }
    if (fflush(t->tool->out) != 0)
        zloop_stop(t->world);
    return next;
}

static int follow_all(struct tail *t, bool from_start)
{
    t->arena = arena_new(RECORD_MEMORY_MAX);
    buffer_init(&t->line, LINE_MAX_BYTES);
    bool good = true;
    for (unsigned i = 0; i < CLIENT_SERVICES && good; i++) {
        t->follows[i] = follow_new(t->world, client_services[i], NULL, NULL, !from_start, on_record, t);
        good = t->follows[i] != NULL;
    }
    if (good) {
        t->world->ops->add_turn(t->world, on_turn, t);
        zloop_run(t->world);
        t->world->ops->remove_turn(t->world, t);
    }
    for (unsigned i = 0; i < CLIENT_SERVICES; i++)
        if (t->follows[i] != NULL)
            follow_free(t->follows[i]);
    buffer_release(&t->line);
    arena_free(t->arena);
    return good ? TOOL_OK : TOOL_FAILED;
}

int tool_tail(struct tool *tool, int argc, char **argv)
{
    struct tail t = {.tool = tool};
    char run_dir[PATH_MAX];
    struct stat st;
    bool from_start = false;
    int first;
    const struct option_row rows[] = {{"from-start", OPTION_FLAG, &from_start}};
    if (!options_read(rows, 1, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    snprintf(run_dir, sizeof run_dir, "%s/run", tool->data_dir);
    if (stat(run_dir, &st) != 0) {
        fprintf(stderr, "error: Baton has never run in %s; start it with: baton up --data %s\n",
                tool->data_dir, tool->data_dir);
        return TOOL_UNREACHABLE;
    }
    t.world = zloop_new(run_dir);
    if (t.world == NULL)
        return TOOL_FAILED;
    int status = follow_all(&t, from_start);
    zloop_free(t.world);
    return status;
}
