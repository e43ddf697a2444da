/* A request from the bus: who may, whether it was asked before, then a query or a command. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "bus/envelope.h"
#include "service/internal.h"

static const struct method_state *method_named(const struct service *s, const char *name)
{
    const struct schema_method *m = name ? schema_method(name) : NULL;
    return m ? &s->methods[m - s->methods[0].schema] : NULL;
}

bool request_is_command(const struct service *s, const struct item *i)
{
    const struct method_state *m = method_named(s, i->envelope->method);
    return m && m->row && m->row->decide;
}

static const Baton__Actor *actor_of(const Baton__Envelope *e)
{
    static const Baton__Actor nobody = BATON__ACTOR__INIT;
    return e->actor ? e->actor : &nobody;
}

static bool may_call(const struct schema_method *m, const Baton__Actor *actor, struct refusal *no)
{
    if (m->open)
        return true;
    if (!actor->has_role)
        return refuse(no, REFUSAL_UNAUTHENTICATED, NULL, "sign in first");
    if (actor->role < 32 && (m->roles >> actor->role & 1))
        return true;
    return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not do this");
}

/* A request being worked on. */
struct request {
    const struct item *item;
    Baton__Envelope *envelope;
    const struct method_state *method;
    struct command command;
    const char *request_id;
    uint8_t inbox_id[16], digest[INBOX_DIGEST_SIZE];
};

static void digest_of(struct request *r)
{
    uint8_t hash[HASH_SIZE];
    const Baton__Actor *actor = r->command.actor;
    char who[256];
    int n = snprintf(who, sizeof who, "%s|%s|%s", actor->user_id ? actor->user_id : "",
                     actor->service ? actor->service : "", r->method->schema->name);
    hash2(hash, bytes_of(who, (size_t)n < sizeof who ? (size_t)n : sizeof who), r->item->body);
    memcpy(r->digest, hash, sizeof r->digest);
}

/* True: it was asked before, and the same answer is given, or it was not the same question. */
static bool answered_before(struct service *s, struct request *r)
{
    struct inbox_entry e;
    struct refusal no = {0};
    if (!r->request_id || r->method->single_use_reply)
        return false;
    inbox_id(r->inbox_id, r->request_id);
    digest_of(r);
    if (!inbox_get(s->txn, r->inbox_id, &e))
        return false;
    if (memcmp(e.digest, r->digest, sizeof e.digest) != 0) {
        refuse(&no, REFUSAL_ALREADY_EXISTS, "request_id", "this request_id was used for another request");
        batch_answer(s, r->item, r->envelope->call, &no, bytes_of(NULL, 0));
        return true;
    }
    if (e.erased) {
        refuse(&no, REFUSAL_FAILED_PRECONDITION, "request_id",
               "this was done; what was answered has been erased with whom it was about");
        batch_answer(s, r->item, r->envelope->call, &no, bytes_of(NULL, 0));
        return true;
    }
    if (e.refused) {
        Baton__Refusal *wire =
            (Baton__Refusal *)schema_unpack(schema_message(&baton__refusal__descriptor), e.reply, s->arena);
        assert(wire);
        refusal_from_wire(&no, wire);
    }
    batch_answer(s, r->item, r->envelope->call, e.refused ? &no : NULL,
                 e.reply.size ? bytes_of(arena_copy(s->arena, e.reply.data, e.reply.size), e.reply.size)
                              : bytes_of(NULL, 0));
    return true;
}

/* A no that may be a yes in a moment is not kept: asking again is how one finds out. */
static bool keeps(const struct decided *d)
{
    return d->ok || (d->no.code != REFUSAL_UNAVAILABLE && d->no.code != REFUSAL_RESOURCE_EXHAUSTED);
}

static void remember(struct service *s, const struct request *r, const struct decided *d)
{
    if (!r->request_id || r->method->single_use_reply || !keeps(d))
        return;
    struct inbox_entry e = {.refused = !d->ok, .reply = d->reply};
    memcpy(e.digest, r->digest, sizeof e.digest);
    if (!d->ok)
        e.reply = schema_pack(&refusal_to_wire(&d->no, s->arena)->base, s->arena);
    inbox_put(s->txn, r->inbox_id, &e, s->last_us, s->arena);
}

static void run_command(struct service *s, struct request *r)
{
    const struct method_row *row = r->method->row;
    struct decided d = {0};
    const struct schema_field *id = schema_field(r->method->schema->input, "request_id");
    r->request_id = id ? schema_get_text(r->command.request, "request_id") : NULL;
    if (r->request_id && !*r->request_id)
        r->request_id = NULL;
    if (answered_before(s, r))
        return;
    s->status.commands++;
    if (s->pressure) {
        refuse(&d.no, REFUSAL_UNAVAILABLE, NULL, "%s; try again later", s->pressure);
    } else if (row->slow && r->item->kind != ITEM_PREPARED) {
        if (slow_begin(s, r->item, row->slow, &r->command, &d.no))
            return;
    } else {
        struct origin from = {.request_id = r->request_id, .trace_id = r->envelope->trace_id};
        command_run(s, row->load, row->decide, &r->command, &from, &d);
        if (d.ok && row->decide == rejoin_decide)
            rejoin_begin(s, &r->command);
        remember(s, r, &d);
    }
    batch_answer(s, r->item, r->envelope->call, d.ok ? NULL : &d.no, d.reply);
}

static void run_query(struct service *s, struct request *r)
{
    struct load l = batch_load(s);
    struct refusal no = {0};
    ProtobufCMessage *reply = NULL;
    const struct method_row *row = r->method->row;
    const bool is_new = r->item->kind != ITEM_PREPARED;
    const bool is_aside = is_new && row->aside && row->aside(&l, &r->command);
    const bool is_slow = is_new && row->slow;
    if ((is_aside && aside_begin(s, r->item, r->method, &no)) ||
        (is_slow && slow_begin(s, r->item, row->slow, &r->command, &no)))
        return;
    s->status.queries++;
    bool ok = !is_aside && !is_slow && row->query(&l, &r->command, &reply, &no);
    batch_answer(s, r->item, r->envelope->call, ok ? NULL : &no,
                 ok && reply ? schema_pack(reply, s->arena) : bytes_of(NULL, 0));
}

bool request_read(const struct method_state *m, const Baton__Envelope *e, struct bytes body, struct arena *a,
                  struct command *c, struct refusal *no)
{
    ProtobufCMessage *request = NULL;
    if (!schema_decode(m->schema->input, body, a, &request, no) || !schema_check(request, NULL, no))
        return false;
    *c = (struct command){.request = request, .actor = actor_of(e), .original = e->original, .wire = body};
    return true;
}

static bool prepare(struct service *s, struct request *r, struct refusal *no)
{
    r->method = method_named(s, r->envelope->method);
    if (!r->method || !r->method->row)
        return refuse(no, REFUSAL_UNIMPLEMENTED, NULL, "the %s service has no method %s", s->def->name,
                      r->envelope->method ? r->envelope->method : "");
    if (!may_call(r->method->schema, actor_of(r->envelope), no) ||
        !request_read(r->method, r->envelope, r->item->body, s->arena, &r->command, no))
        return false;
    r->command.prepared = r->item->kind == ITEM_PREPARED ? slow_memory(r->item->slow) : NULL;
    return true;
}

void request_run(struct service *s, const struct item *i)
{
    struct refusal no = {0};
    struct request r = {.item = i, .envelope = i->envelope};
    const struct decided *aside = i->kind == ITEM_PREPARED ? aside_answer(i->slow) : NULL;
    if (aside) {
        s->status.queries++;
        batch_answer(s, i, r.envelope->call, aside->ok ? NULL : &aside->no,
                     bytes_of(arena_copy(s->arena, aside->reply.data, aside->reply.size), aside->reply.size));
    } else if (!prepare(s, &r, &no))
        batch_answer(s, i, r.envelope->call, &no, bytes_of(NULL, 0));
    else if (r.method->row->query)
        run_query(s, &r);
    else
        run_command(s, &r);
    if (i->kind == ITEM_PREPARED)
        slow_request_free(i->slow);
}
