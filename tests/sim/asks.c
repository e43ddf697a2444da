/* Clients: they ask, ask again, ask twice, ask out of turn and give up; and remember what they were told. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "contacts/contacts.h"
#include "opportunities/opportunities.h"
#include "sim/fill.h"

enum { TIMEOUT_MS = 3000, PATIENCE = 400 };

void asks_init(struct sim *sim)
{
    static const char *const names[CLIENTS] = {"client one", "client two"};
    for (int i = 0; i < CLIENTS; i++) {
        sim->client_hosts[i] = host_new(sim->world, names[i]);
        sim->clients[i] = client_new(host_world(sim->client_hosts[i]));
    }
}

static bool is_passing(enum refusal_code code)
{
    return code == REFUSAL_UNAVAILABLE || code == REFUSAL_DEADLINE_EXCEEDED || code == REFUSAL_CANCELED ||
           code == REFUSAL_RESOURCE_EXHAUSTED;
}

static bool is_command(const struct ask *a)
{
    return a->id[0] != 0;
}

static struct process *process_named(struct sim *sim, const char *service)
{
    for (int i = 0; i < SERVICES; i++)
        if (strcmp(sim->processes[i].def->name, service) == 0)
            return &sim->processes[i];
    sim_wrong(sim, "simulator: no service %s", service);
}

/* --- what must be true of an answer --- */

/* Promise 5: the same id, the same answer. */
static void same_answer(const struct ask *a, const struct refusal *no, struct bytes body)
{
    if (a->refused != (no != NULL) || (no && no->code != a->code))
        sim_wrong(a->sim, "repeat: %s (%s) was answered in two ways", a->method, a->id);
    if (!no && is_command(a) && !bytes_equal(a->reply, body))
        sim_wrong(a->sim, "repeat: %s (%s) got another reply the second time", a->method, a->id);
}

/* Promise 3: what was acknowledged is there. */
static void acknowledged(const struct ask *a, struct bytes body)
{
    struct arena *memory = arena_new(16 << 20);
    const struct schema_method *m = schema_method(a->method);
    ProtobufCMessage *reply = schema_unpack(m->output, body, memory);
    if (!reply)
        sim_wrong(a->sim, "reply: %s (%s) was answered with bytes that are no answer", a->method, a->id);
    if (reply->descriptor == &baton__capture_lead_response__descriptor) {
        const Baton__CaptureLeadResponse *r = (const Baton__CaptureLeadResponse *)reply;
        if (!r->repeated_lead && !a->effect)
            sim_wrong(a->sim, "acknowledged: lead %s (%s) is not in the log", r->lead->id, a->id);
        if (!r->repeated_lead && r->lead->status != BATON__LEAD_STATUS__LEAD_STATUS_REJECTED &&
            !r->lead->merged_into_id && !r->lead->owner_id)
            sim_wrong(a->sim, "acknowledged: lead %s has no holder", r->lead->id);
    }
    if (reply->descriptor == &baton__create_share_response__descriptor)
        known_add(a->sim, KNOWN_LINK_TOKEN, ((const Baton__CreateShareResponse *)reply)->token, NULL);
    if (reply->descriptor == &baton__create_catalogue_link_response__descriptor)
        known_add(a->sim, KNOWN_CATALOGUE_TOKEN, ((const Baton__CreateCatalogueLinkResponse *)reply)->token,
                  NULL);
    if (reply->descriptor == &baton__submit_form_response__descriptor) {
        const Baton__SubmitFormResponse *r = (const Baton__SubmitFormResponse *)reply;
        if (!r->lead_id != (r->n_violations > 0) || (r->n_violations && a->effect))
            sim_wrong(a->sim, "form: what is not as the form asks (%s) became a lead, or nothing did", a->id);
    }
    if (reply->descriptor == &baton__create_record_response__descriptor && !a->effect)
        sim_wrong(a->sim, "acknowledged: a record (%s) is not in the log", a->id);
    if (reply->descriptor == &baton__get_custody_response__descriptor) {
        const Baton__Custody *c = ((const Baton__GetCustodyResponse *)reply)->custody;
        if (c->received != c->held + c->merged + c->rejected)
            sim_wrong(a->sim, "custody: the sum that was told is wrong");
    }
    if (reply->descriptor == &baton__read_events_response__descriptor)
        reads_answer(&a->sim->ledgers[process_named(a->sim, a->service)->number], a, reply, memory);
    if (reply->descriptor == &baton__read_audit_response__descriptor)
        audit_answer(&a->sim->ledgers[process_named(a->sim, a->service)->number], a, reply, memory);
    arena_free(memory);
}

/* What may have been deleted meanwhile, or not have come here yet, and the field that names it. */
static const struct {
    enum service_number service;
    unsigned table;
    const char *field;
} missing[] = {
    {CONTACTS, CONTACTS_ACCOUNT, "id"},
    {CONTACTS, CONTACTS_CONTACT, "id"},
    {OPPORTUNITIES, OPPORTUNITIES_PIPELINE, "pipeline_id"},
    {OPPORTUNITIES, OPPORTUNITIES_USER, "user_id"},
};

static const char *named(const struct ask *a, const ProtobufCMessage *q, size_t row)
{
    bool has = q && strcmp(a->service, a->sim->ledgers[missing[row].service].process->def->name) == 0 &&
               schema_field(schema_message(q->descriptor), missing[row].field);
    return has ? schema_get_text(q, missing[row].field) : NULL;
}

/* One of its fields names something that is in none of the tables in which it could be; or it is the link of
   a quote, which ends when that is revised, or of a catalogue, which may be revoked. */
static bool is_gone(const struct ask *a)
{
    enum { ROWS = sizeof missing / sizeof *missing };
    struct arena *memory = arena_new(1 << 20);
    const ProtobufCMessage *q = schema_unpack(schema_method(a->method)->input, a->body, memory);
    bool gone = strcmp(a->method, "QuoteService/GetQuoteByLink") == 0 ||
                strcmp(a->method, "CatalogueService/GetCatalogueByLink") == 0;
    for (size_t i = 0; i < ROWS; i++) {
        const char *id = named(a, q, i);
        bool found = !id;
        for (size_t k = 0; k < ROWS && !found; k++)
            found = missing[k].service == missing[i].service &&
                    strcmp(missing[k].field, missing[i].field) == 0 &&
                    table_get_id(a->sim->ledgers[missing[k].service].made, missing[k].table, id, memory);
        gone |= !found;
    }
    arena_free(memory);
    return gone;
}

/* A refused command changes nothing; what the log has can be read. */
static void refused(const struct ask *a, const struct refusal *no)
{
    if (a->effect)
        sim_wrong(a->sim, "refused: %s (%s) was refused (%s) and is in the log", a->method, a->id,
                  no->message);
    if (!is_command(a) && !a->reach_id && no->code == REFUSAL_NOT_FOUND && !is_gone(a))
        sim_wrong(a->sim, "read: %s: what is in the log was not found", a->method);
    if (strcmp(a->method, "SystemService/ReadEvents") == 0 && !a->forbidden)
        sim_wrong(a->sim, "read: %s does not know a position of its log: %s", a->service, no->message);
}

/* --- asking --- */

static void send(void *arg);

static void later(struct ask *a, int64_t within_us)
{
    int64_t at = world_now(a->sim->world) + 1000 + (int64_t)sim_below(&a->random, (uint64_t)within_us);
    if (!a->forgotten && (!a->sim->calm || is_command(a)))
        world_at(a->sim->world, at, send, a);
}

/* It was done, and what was answered has been erased with whom it was about. */
static bool is_erased(const struct ask *a, const struct refusal *no)
{
    return no && is_command(a) && no->code == REFUSAL_FAILED_PRECONDITION &&
           strncmp(no->message, "this was done;", 14) == 0;
}

static void final(struct ask *a, const struct refusal *no, struct bytes body)
{
    a->sim->options.stats->replies++;
    if (is_erased(a, no)) {
        a->answered = true;
        a->forgotten = true; /* there is no other answer any more */
        return;
    }
    if (no)
        refused(a, no);
    else
        acknowledged(a, body);
    if (!a->answered)
        reach_answer(a, no);
    if (a->forbidden && !no)
        sim_wrong(a->sim, "forbidden: %s (%s) was done for a stranger", a->method, a->id);
    if (a->answered)
        same_answer(a, no, body);
    a->answered = true;
    a->refused = no != NULL;
    a->code = no ? no->code : REFUSAL_NONE;
    if (!no)
        a->reply = bytes_of(arena_copy(a->sim->memory, body.data, body.size), body.size);
    if (a->again && !a->sim->calm) {
        a->again--;
        later(a, 60 * SIM_SECOND);
    }
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct ask *a = arg;
    if (a->forgotten)
        return;
    sim_trace(a->sim, "answer of %s to %s (%s): %s", a->service, a->method, a->id, no ? no->message : "yes");
    if (!no || !is_passing(no->code))
        final(a, no, body);
    else if (a->sent < a->most)
        later(a, 2 * SIM_SECOND);
}

static void send_here(void *arg)
{
    struct ask *a = arg;
    struct refusal no = {0};
    struct call call = {.service = a->service,
                        .method = a->method,
                        .actor = &a->actor,
                        .timeout_ms = TIMEOUT_MS,
                        .body = a->body};
    a->sent++;
    reach_asked(a);
    if (client_call(a->sim->clients[a->client], &call, on_reply, a, &no))
        return;
    if (a->sent < a->most)
        later(a, 2 * SIM_SECOND);
}

static void send(void *arg)
{
    struct ask *a = arg;
    if (a->forgotten)
        return;
    (void)host_run(a->sim->client_hosts[a->client], send_here, a); /* clients do not die */
    host_wake(a->sim->client_hosts[a->client]);
}

void ask_begin(struct sim *sim, ask_fill_fn *fill, uint64_t random)
{
    struct ask *a = ARENA_NEW(sim->memory, struct ask);
    struct arena *arena = arena_new(16 << 20);
    a->sim = sim;
    a->random = random;
    baton__actor__init(&a->actor);
    a->actor.has_role = true;
    a->actor.role = BATON__ROLE__ROLE_ADMIN;
    a->actor.user_id = sim->admin_id;
    snprintf(a->id, sizeof a->id, "ask-%016llx", (unsigned long long)random);
    if (fill(sim, a, &a->random, arena)) {
        a->client = (unsigned)sim_below(&a->random, CLIENTS);
        a->most = 1 + (unsigned)sim_below(&a->random, 3) * PATIENCE / 2; /* some give up at once */
        a->again = is_command(a) && sim_below(&a->random, 3) == 0 ? (unsigned)sim_below(&a->random, 4) : 0;
        a->body = bytes_of(arena_copy(sim->memory, a->body.data, a->body.size), a->body.size);
        a->next = sim->asks;
        sim->asks = a;
        sim->options.stats->asks++;
        send(a);
        if (is_command(a) && sim_below(&a->random, 8) == 0)
            later(a, SIM_SECOND / 10); /* impatient: the same again before there is an answer */
    }
    arena_free(arena);
}

/* --- against the log --- */

static struct ask *ask_with(struct sim *sim, const char *id)
{
    for (struct ask *a = sim->asks; a; a = a->next)
        if (strcmp(a->id, id) == 0)
            return a;
    return NULL;
}

void asks_record(struct sim *sim, enum service_number service, const Baton__LogRecord *r)
{
    if (!r->request_id) {
        bool own = r->actor && r->actor->has_role && r->actor->role == BATON__ROLE__ROLE_SYSTEM;
        if (!own)
            sim_wrong(sim, "unasked: record %zu of %s, which nobody asked for", (size_t)r->seq,
                      sim->processes[service].def->name);
        return;
    }
    struct ask *a = ask_with(sim, r->request_id);
    if (!a || process_named(sim, a->service)->number != service)
        sim_wrong(sim, "unasked: record %zu of %s for a request that nobody made", (size_t)r->seq,
                  sim->processes[service].def->name);
    if (a->effect)
        sim_wrong(sim, "repeat: %s (%s) has had its effect twice", a->method, a->id);
    if (a->answered && a->refused)
        sim_wrong(sim, "refused: %s (%s) was refused and has an effect", a->method, a->id);
    a->effect = r->seq;
}

void asks_forget(struct sim *sim, enum service_number service, size_t beyond)
{
    for (struct ask *a = sim->asks; a; a = a->next) {
        if (process_named(sim, a->service)->number != service)
            continue;
        if (a->effect > beyond)
            a->effect = 0;
        a->forgotten = true;
        a->answered = a->refused = false;
    }
}

/* Whoever kept asking has an answer by now. */
void asks_settled(struct sim *sim)
{
    for (const struct ask *a = sim->asks; a; a = a->next)
        if (a->sent < a->most && !a->forgotten && !a->answered && is_command(a))
            sim_wrong(sim, "answered: %s (%s) was asked %u times and never answered", a->method, a->id,
                      a->sent);
}

/* --- setting up --- */

void ask_wait(struct sim *sim, ask_fill_fn *fill)
{
    ask_begin(sim, fill, sim_mix(sim->options.seed, ++sim->waited));
    struct ask *a = sim->asks;
    a->most = PATIENCE;
    a->again = 0;
    for (int i = 0; i < PATIENCE && !a->answered; i++)
        sim_until(sim, world_now(sim->world) + SIM_SECOND / 50);
    if (!a->answered || a->refused)
        sim_wrong(sim, "simulator: setting up: %s was not answered well", a->method);
}
