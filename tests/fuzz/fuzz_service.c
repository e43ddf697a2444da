/* What services are asked over the bus: every question gets one answer that can be read, every follower
   records or a reason, whatever tokens, ids and positions it brings. Questions only: they change nothing, so
   that an input means the same each time. Input: which service and method or kind, then the body in JSON or
   as bytes, or the envelope's bytes, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/client.h"
#include "bus/envelope.h"
#include "calm/world.h"
#include "directory/directory.h"
#include "fuzz/fuzz.h"
#include "leads/leads.h"
#include "notifications/notifications.h"
#include "service/service.h"
#include "store/log.h"

enum { MEMORY = 64 << 20, SERVICES = 3, CALL = 7, LENGTH_MAX = 512, CHANGES = 4 };
enum { HOW_ENVELOPE = 1, HOW_WIRE = 2, HOW_FOLLOW = 4, HOW_TRUE_POSITION = 8 };

static const struct service_def *const defs[SERVICES] = {&directory_service, &leads_service,
                                                         &notifications_service};

static struct {
    struct world *world;
    struct service *services[SERVICES];
    struct port *ports[SERVICES];
    const struct schema_method *queries[128];
    size_t n_queries;
    char team_id[IDENT_TEXT_SIZE]; /* of the one with a history */
} all;

/* What is being asked, and what came of it. */
static struct {
    const struct schema_method *method; /* NULL: a follow */
    unsigned answers;
} asked;

static void run(int64_t us)
{
    calm_run(all.world, calm_now(all.world) + us);
}

static void check_reply(const Baton__Envelope *e, struct bytes body, struct arena *a)
{
    asked.answers++;
    if (e->refusal != NULL) {
        assert(e->refusal->has_code && e->refusal->code != BATON__CODE__CODE_UNSPECIFIED);
        assert(e->refusal->message != NULL && e->refusal->message[0] != '\0');
    } else if (asked.method != NULL) {
        assert(schema_unpack(asked.method->output, body, a) != NULL);
    }
}

static void check_records(struct bytes body, struct arena *a)
{
    const Baton__FollowRecords *m = (const Baton__FollowRecords *)schema_unpack(
        schema_message(&baton__follow_records__descriptor), body, a);
    uint8_t hash[HASH_SIZE];
    assert(m != NULL && m->log_id.len == LOG_ID_SIZE && m->previous_hash.len == HASH_SIZE &&
           m->first_seq > 0);
    memcpy(hash, m->previous_hash.data, HASH_SIZE);
    for (size_t i = 0; i < m->n_records; i++)
        assert(log_check(bytes_of(m->records[i].data, m->records[i].len), hash) == NULL);
}

static void on_answer(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct arena *a = arena_new(MEMORY);
    struct refusal no = {0};
    Baton__Envelope *e = envelope_decode(envelope, body, a, &no);
    assert(e != NULL);
    if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_REPLY)
        check_reply(e, body, a);
    else if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_RECORDS)
        check_records(body, a);
    else
        assert(e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW_REFUSED);
    arena_free(a);
}

/* --- services with something in them --- */

static void on_made(void *arg, const struct refusal *no, struct bytes body)
{
    struct arena *a = arena_new(MEMORY);
    assert(no == NULL);
    const Baton__CreateRecordResponse *r = (const Baton__CreateRecordResponse *)schema_unpack(
        schema_message(&baton__create_record_response__descriptor), body, a);
    snprintf(all.team_id, sizeof all.team_id, "%s", r->record->team->id);
    arena_free(a);
}

static void on_changed(void *arg, const struct refusal *no, struct bytes body)
{
    assert(no == NULL);
}

/* A team with a history. */
static void make_team(struct client *client, struct arena *a)
{
    static const char *const names[CHANGES] = {"North", "North-West", "West", "South"};
    Baton__Actor admin = BATON__ACTOR__INIT;
    Baton__Team team = BATON__TEAM__INIT;
    struct refusal no = {0};
    admin.has_role = true;
    admin.role = BATON__ROLE__ROLE_ADMIN;
    admin.user_id = (char *)"0191a3b4-0000-7000-8000-00000000000a";
    for (unsigned i = 0; i < CHANGES; i++) {
        Baton__CreateRecordRequest create = BATON__CREATE_RECORD_REQUEST__INIT;
        Baton__UpdateRecordRequest update = BATON__UPDATE_RECORD_REQUEST__INIT;
        team.name = (char *)(uintptr_t)names[i];
        team.id = i ? all.team_id : NULL;
        create.record = update.record = record_wrap(&team.base, a);
        struct call call = {.service = "directory",
                            .method = i ? "RecordService/UpdateRecord" : "RecordService/CreateRecord",
                            .actor = &admin,
                            .body = schema_pack(i ? &update.base : &create.base, a)};
        bool is_sent = client_call(client, &call, i ? on_changed : on_made, NULL, &no);
        assert(is_sent);
        run(1000);
        assert(all.team_id[0] != '\0');
    }
}

static void find_queries(void)
{
    size_t n;
    const struct schema_method *methods = schema_methods(&n);
    for (size_t i = 0; i < n; i++)
        if (methods[i].no_side_effects) {
            assert(all.n_queries < sizeof all.queries / sizeof *all.queries);
            all.queries[all.n_queries++] = &methods[i];
        }
}

static void set_up(void)
{
    struct directory_boot boot = {.admin_hash = ""};
    char dir[] = "services-XXXXXX", path[64];
    if (mkdtemp(dir) == NULL)
        abort();
    all.world = calm_new(INT64_C(1772431200000000));
    for (size_t i = 0; i < SERVICES; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, defs[i]->name);
        struct files *files = defs[i]->keeps_files ? service_files_open(path, NULL) : NULL;
        struct service_options so = {
            .world = all.world, .dir = path, .no_sync = true, .boot = &boot, .files = files};
        all.services[i] = service_new(defs[i], &so);
        assert(all.services[i] != NULL);
        all.ports[i] = all.world->ops->connect(all.world, defs[i]->name, on_answer, NULL, NULL);
    }
    run(3000000);
    struct client *client = client_new(all.world);
    make_team(client, fuzz_arena(MEMORY));
    client_free(client);
    run(3000000);
    find_queries();
}

/* --- one question --- */

static void say(size_t service, struct bytes envelope, struct bytes body)
{
    bool is_sent = all.world->ops->send(all.ports[service], NULL, envelope, body);
    assert(is_sent);
    run(10);
}

static void say_kind(size_t service, Baton__EnvelopeKind kind, struct bytes body, struct arena *a)
{
    say(service, envelope_pack(kind, CALL, NULL, body, a), body);
}

static struct bytes question(struct input *in, uint8_t how, struct arena *a)
{
    struct refusal no = {0};
    ProtobufCMessage *message = NULL;
    struct bytes body = input_rest(in);
    if (how & HOW_WIRE || !schema_from_json(asked.method->input, body, a, &message, &no))
        return body;
    /* An input cannot know its id. */
    const struct schema_field *id = schema_field(asked.method->input, "id");
    if (id != NULL && id->pb->type == PROTOBUF_C_TYPE_STRING && schema_present(message, id) &&
        strcmp(schema_text_of(message, id), "team") == 0)
        schema_set_text(message, "id", all.team_id);
    return schema_pack(message, a);
}

static void ask(size_t service, struct input *in, uint8_t how, struct arena *a)
{
    Baton__Envelope e = BATON__ENVELOPE__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    asked.method = all.queries[input_u8(in) % all.n_queries];
    actor.has_role = true;
    actor.role = (Baton__Role)(input_u8(in) % (BATON__ROLE__ROLE_SYSTEM + 1));
    actor.user_id = (char *)"0191a3b4-0000-7000-8000-00000000000a";
    e.has_kind = e.has_call = true;
    e.kind = BATON__ENVELOPE_KIND__ENVELOPE_KIND_REQUEST;
    e.call = CALL;
    e.method = (char *)(uintptr_t)asked.method->name;
    e.actor = &actor;
    struct bytes body = question(in, how, a);
    say(service, envelope_seal(&e, body, a), body);
    assert(asked.answers == 1);
}

/* Commands are left out. */
static void ask_anything(size_t service, struct input *in, struct arena *a)
{
    struct refusal no = {0};
    struct bytes packed = input_take(in, input_u16(in) % LENGTH_MAX), body = input_rest(in);
    struct bytes envelope = sealed(packed, body, a);
    const Baton__Envelope *e = envelope_decode(envelope, body, a, &no);
    const struct schema_method *method = e != NULL && e->method != NULL ? schema_method(e->method) : NULL;
    if (method != NULL && !method->no_side_effects)
        return;
    asked.method = method;
    say(service, envelope, body);
    assert(asked.answers <= 1);
}

static void set_true_position(size_t service, uint64_t seq, uint8_t hash[HASH_SIZE], Baton__Follow *m)
{
    struct store *store = service_store(all.services[service]);
    struct arena *a = arena_new(MEMORY);
    struct txn *t = store_begin(store, false);
    m->has_log_id = m->has_from_seq = true;
    m->log_id = (ProtobufCBinaryData){LOG_ID_SIZE, (uint8_t *)(uintptr_t)log_id(store)};
    m->from_seq = seq;
    m->has_previous_hash = seq > 0 && log_hash(t, seq - 1, a, hash);
    m->previous_hash = (ProtobufCBinaryData){m->has_previous_hash ? HASH_SIZE : 0, hash};
    store_abort(t);
    arena_free(a);
}

/* In the end the follower is turned away, so that the next input does not find it there. */
static void follow(size_t service, struct input *in, uint8_t how, struct arena *a)
{
    Baton__Follow m = BATON__FOLLOW__INIT, wrong = BATON__FOLLOW__INIT;
    uint8_t hash[HASH_SIZE];
    m.has_credit_bytes = true;
    m.credit_bytes = input_u16(in);
    set_true_position(service, input_u8(in), hash, &m);
    struct bytes body = how & HOW_TRUE_POSITION ? schema_pack(&m.base, a) : input_take(in, input_u8(in));
    say_kind(service, BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW, body, a);
    say_kind(service, BATON__ENVELOPE_KIND__ENVELOPE_KIND_CREDIT, input_rest(in), a);
    wrong.has_log_id = true;
    say_kind(service, BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW, schema_pack(&wrong.base, a), a);
    assert(asked.answers == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    if (all.world == NULL)
        set_up();
    struct arena *a = fuzz_arena(MEMORY);
    size_t service = input_u8(&in) % SERVICES;
    uint8_t how = input_u8(&in);
    asked.method = NULL;
    asked.answers = 0;
    if (how & HOW_FOLLOW)
        follow(service, &in, how, a);
    else if (how & HOW_ENVELOPE)
        ask_anything(service, &in, a);
    else
        ask(service, &in, how, a);
    return 0;
}
