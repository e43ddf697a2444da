/* A service's life: opening, checking its tables against the schema, booting, closing. */
#include "service/service.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/envelope.h"
#include "service/internal.h"

int64_t service_now(struct service *s)
{
    int64_t wall = s->world->ops->wall_us(s->world);
    if (wall > s->last_us)
        s->last_us = wall;
    return s->last_us;
}

struct txn *service_read_begin(struct service *s)
{
    struct txn *t = store_begin(s->store, false);
    if (!t)
        log_fatal("service", "the store cannot be read any more");
    return t;
}

void service_read_end(struct txn *t)
{
    if (txn_failed(t))
        log_fatal("service", "the store could not be read");
    store_abort(t);
}

bool service_cursor(struct service *s, const char *followed, struct cursor *c)
{
    struct txn *t = service_read_begin(s);
    bool known = cursor_get(t, followed, c);
    service_read_end(t);
    return known;
}

static void die(const char *service, const char *what, const char *name)
{
    fprintf(stderr, "%s: %s: %s\n", service, what, name);
    abort();
}

static const struct method_row *row_named(const struct method_row *rows, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* Answered by every service about itself; RejoinFollow by the follower. */
static const struct method_row own_methods[] = {
    {.name = "SystemService/GetStatus", .query = status_query},
    {.name = "SystemService/ReadEvents", .query = events_query},
    {.name = "SystemService/ReadAudit", .query = audit_query, .aside = audit_aside},
    {.name = "SystemService/GetHandover", .query = handover_query},
    {.name = "SystemService/RejoinFollow", .load = rejoin_load, .decide = rejoin_decide},
};

static const struct method_row *find_row(const struct service *s, const char *name)
{
    size_t n;
    const struct method_row *records = records_methods(&n);
    const struct method_row *row = row_named(s->def->methods, s->def->n_methods, name);
    if (!row && s->def->n_records)
        row = row_named(records, n, name);
    return row ? row : row_named(own_methods, sizeof own_methods / sizeof *own_methods, name);
}

/* Every row is a method of the schema; a service that answers one method of a schema service answers all. */
static void check_methods(const struct service_def *def)
{
    size_t n;
    const struct schema_method *all = schema_methods(&n);
    for (size_t i = 0; i < def->n_methods; i++) {
        const struct method_row *row = &def->methods[i];
        const struct schema_method *m = schema_method(row->name);
        if (!m)
            die(def->name, "a row without a method", row->name);
        if (!row->query == !row->decide || m->no_side_effects != (row->query != NULL))
            die(def->name, "a method is either a query without side effects or decides", row->name);
        if (row->aside && (!row->query || row->slow))
            die(def->name, "aside is a whole query", row->name);
        for (size_t k = 0; k < n; k++)
            if (strcmp(all[k].service, m->service) == 0 &&
                !row_named(def->methods, def->n_methods, all[k].name))
                die(def->name, "a method without a row", all[k].name);
    }
}

static void check_records(const struct service_def *def)
{
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    for (unsigned i = 0; i < record->pb->n_fields; i++) {
        const struct schema_field *f = &record->fields[i];
        bool ours = strcmp(f->message->record->service, def->name) == 0, kept = false;
        for (size_t k = 0; k < def->n_records; k++)
            kept |= strcmp(def->tables[def->records[k].table].name, f->pb->name) == 0;
        if (ours != kept)
            die(def->name, "the schema and the rows disagree about who keeps", f->pb->name);
    }
}

static void check_copies(const struct service_def *def)
{
    for (size_t i = 0; i < def->n_copies; i++) {
        const struct copy_row *row = &def->copies[i];
        for (const char *const *name = row->fields; name && *name; name++)
            if (!schema_field(schema_message(def->tables[row->table].pb), *name))
                die(def->name, "a copy of a field that there is not", *name);
    }
}

static void methods_init(struct service *s)
{
    const struct schema_method *all = schema_methods(&s->n_methods);
    s->methods = calloc(s->n_methods, sizeof *s->methods);
    assert(s->methods);
    for (size_t i = 0; i < s->n_methods; i++)
        s->methods[i] = (struct method_state){
            .row = find_row(s, all[i].name),
            .schema = &all[i],
            .single_use_reply = all[i].output->has_secret,
        };
}

static struct bytes copy_bytes(struct arena *a, struct bytes b)
{
    return bytes_of(b.size ? arena_copy(a, b.data, b.size) : NULL, b.size);
}

void service_stage(struct service *s, const struct item *item)
{
    struct item *i = ARENA_NEW(s->staged, struct item);
    *i = *item;
    if (item->kind != ITEM_PREPARED) /* which keeps its own until it is answered */
        i->body = copy_bytes(s->staged, item->body);
    i->keys = copy_bytes(s->staged, item->keys);
    i->next = NULL;
    *s->last = i;
    s->last = &i->next;
    s->n_items++;
    s->item_bytes += i->body.size;
    if (s->n_items >= BATCH_COMMANDS_MAX || s->item_bytes >= BATCH_BYTES_MAX)
        (void)service_turn(s);
}

static void on_message(struct service *s, const struct peer *from, Baton__Envelope *e, struct bytes body)
{
    if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_REQUEST)
        service_stage(s, &(struct item){.kind = ITEM_REQUEST, .peer = *from, .envelope = e, .body = body});
    else if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW)
        publish_follow(s, from, e->call, body);
    else if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_CREDIT)
        publish_credit(s, from, e->call, body);
    else
        log_warning("service", "a message that is no request was dropped");
}

static void on_receive(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct service *s = arg;
    struct refusal no = {0};
    Baton__Envelope *e = envelope_decode(envelope, body, s->staged, &no);
    if (e)
        on_message(s, from, e, body);
    else
        log_warning("service", "a message was dropped: %s", no.message);
    /* What led to no work must not pile up until some comes. */
    if (!s->first)
        arena_reset(s->staged);
}

static void on_record(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                      const struct cursor *at)
{
    service_stage(arg, &(struct item){.kind = ITEM_RECORD,
                                      .body = stored,
                                      .keys = keys,
                                      .follow = f,
                                      .at = *at,
                                      .rewinds = follow_rewinds(f)});
}

static bool follows_service(const struct service *s, const char *name)
{
    for (size_t i = 0; i < s->n_follows; i++)
        if (strcmp(follow_service(s->follows[i]), name) == 0)
            return true;
    return false;
}

static bool follow_add(struct service *s, const char *name)
{
    struct cursor c;
    if (follows_service(s, name))
        return true;
    bool known = service_cursor(s, name, &c);
    struct follow *f = follow_new(s->world, name, s->def->name, known ? &c : NULL, false, on_record, s);
    if (f)
        s->follows[s->n_follows++] = f;
    return f != NULL;
}

static bool follows_start(struct service *s)
{
    size_t most = s->def->n_follows + s->def->n_copies;
    s->follows = calloc(most ? most : 1, sizeof *s->follows);
    assert(s->follows);
    bool ok = true;
    for (size_t i = 0; ok && i < s->def->n_follows; i++)
        ok = follow_add(s, s->def->follows[i].service);
    for (size_t i = 0; ok && i < s->def->n_copies; i++)
        ok = follow_add(s, s->def->copies[i].service);
    return ok;
}

/* Time goes on from where the log left it, whatever the clock says now. */
static void past_load(struct service *s)
{
    struct txn *t = service_read_begin(s);
    s->is_restored = restored_get(t, &s->restored);
    struct log_position head = log_head(s->store);
    if (head.seq) {
        Baton__LogRecord *r = log_get(t, head.seq, s->arena);
        s->last_us = r ? (int64_t)r->time_us : 0;
    }
    service_read_end(t);
    s->started_us = service_now(s);
}

static void state_load(struct service *s)
{
    if (!s->def->state_load)
        return;
    s->txn = service_read_begin(s);
    struct load l = batch_load(s);
    s->def->state_load(&l);
    service_read_end(s->txn);
    s->txn = NULL;
}

static bool boot(struct service *s, const void *argument)
{
    if (!s->def->boot)
        return true;
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.service = (char *)(uintptr_t)s->def->name;
    actor.has_role = true;
    actor.role = BATON__ROLE__ROLE_SYSTEM;
    struct command c = {.actor = &actor, .prepared = argument};
    struct decided d = {0};
    s->txn = store_begin(s->store, true);
    if (!s->txn)
        return false;
    command_run(s, s->def->boot_load, s->def->boot, &c, &(struct origin){0}, &d);
    bool ok = store_commit(s->txn) && d.ok;
    s->txn = NULL;
    arena_reset(s->arena);
    if (!d.ok)
        log_failure("service", "cannot start: %s", d.no.message);
    return ok;
}

static bool service_open(struct service *s, const struct service_options *o)
{
    uint8_t id[LOG_ID_SIZE];
    s->store = service_store_open(s->def, o);
    if (!s->store)
        return false;
    s->view = o->view ? o->view->open(o->dir) : NULL; /* the folder is ours now */
    s->world->ops->random(s->world, id, sizeof id);
    log_prepare(s->store, id);
    s->rejoin.bucket = store_bucket(s->store, "meta");
    if (!remake_rows(s, o))
        return false;
    past_load(s);
    erased_start(s);
    state_load(s);
    if (!boot(s, o->boot))
        return false;
    s->port = s->world->ops->bind(s->world, s->def->name, on_receive, s);
    return s->port && follows_start(s) && copies_start(s);
}

struct service *service_new(const struct service_def *def, const struct service_options *o)
{
    schema_load();
    check_methods(def);
    check_records(def);
    check_copies(def);
    struct service *s = calloc(1, sizeof *s);
    assert(s);
    s->def = def;
    s->world = o->world;
    s->files = o->files;
    assert(!def->keeps_files || o->files);
    s->arena = arena_new(BATCH_ARENA_MAX);
    s->staged = arena_new(BATCH_ARENA_MAX);
    s->last = &s->first;
    pthread_mutex_init(&s->asides.lock, NULL);
    pthread_cond_init(&s->asides.none, NULL);
    s->answers_end = &s->answers;
    s->noted_end = &s->noted;
    s->timers_wait = s->due_is_stale = true;
    s->state = def->state_new ? def->state_new() : NULL;
    baton__service_status__init(&s->status);
    methods_init(s);
    if (!service_open(s, o)) {
        void *view = s->view;
        service_free(s);
        if (view)
            o->view->close(view);
        return NULL;
    }
    s->world->ops->add_turn(s->world, service_turn, s);
    return s;
}

void service_free(struct service *s)
{
    if (!s)
        return;
    s->world->ops->remove_turn(s->world, s);
    effects_leave(s);
    upkeep_leave(s);
    for (size_t i = 0; i < s->n_follows; i++)
        follow_free(s->follows[i]);
    if (s->port)
        s->world->ops->close(s->port);
    if (s->state && s->def->state_free)
        s->def->state_free(s->state);
    asides_end(s);
    pthread_mutex_destroy(&s->asides.lock);
    pthread_cond_destroy(&s->asides.none);
    store_close(s->store);
    arena_free(s->arena);
    arena_free(s->staged);
    free(s->follows);
    free(s->methods);
    free(s);
}

struct store *service_store(struct service *s)
{
    return s->store;
}

void *service_state(struct service *s)
{
    return s->state;
}

void *service_view(struct service *s)
{
    return s->view;
}
