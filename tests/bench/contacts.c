/* timeline: the first page of what was with an account, of 100, 1,000 and 10,000 entries; caller: whose
   number it is, among so many contacts. Both read the rows that the service's own code makes of a log, for a
   representative in a house where everybody reaches all. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "bench.h"
#include "service/apply.h"
#include "service/internal.h"
#include "services/contacts/rows.h"
#include "store/log.h"

#define USER "0190a8e2-1111-7000-8000-ffffffffffff"

enum { BATCH = 256, ROUNDS = 2000, MEMORY = 64 << 20, LOOK_UPS = 20000 };
static const int64_t BEGAN_US = INT64_C(1780000000000000);
static const double TIMELINE_MS = 5, CALLER_MS = 50;

struct place {
    struct store *store;
    struct txn *txn;
    struct arena *arena;
    Baton__Actor actor;
    struct service service; /* its tables alone: who may read what */
    size_t in_batch, made;
};

static void commit(struct place *p)
{
    if (p->txn && !store_commit(p->txn))
        drive_die("the store does not take it");
    p->txn = NULL;
    p->in_batch = 0;
    arena_reset(p->arena);
}

static char *id_of(struct arena *a, size_t n)
{
    return arena_printf(a, "0190a8e2-1111-7000-8000-%012zx", n);
}

/* One record of the log, and its rows. */
static void make(struct place *p, ProtobufCMessage *row)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    Baton__Event event = BATON__EVENT__INIT, *events[] = {&event};
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    change.has_kind = true;
    change.kind = BATON__CHANGE_KIND__CHANGE_KIND_CREATED;
    change.record = record_wrap(row, p->arena);
    event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    event.record_changed = &change;
    r.actor = &p->actor;
    r.has_time_us = true;
    r.time_us = (uint64_t)(BEGAN_US + (int64_t)p->made++ * 1000000);
    r.events = events;
    r.n_events = 1;
    if (!p->txn)
        p->txn = store_begin(p->store, true);
    assert(p->txn);
    (void)log_append(p->txn, &r, NULL, p->arena); /* its number is in the record */
    service_apply(&contacts_service, p->txn, &r, p->arena);
    if (++p->in_batch == BATCH)
        commit(p);
}

/* A third notes, a third calls, a third changes of the account itself. */
static void make_entry(struct place *p, char *account_id, size_t n)
{
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__Note note = BATON__NOTE__INIT;
    Baton__Activity call = BATON__ACTIVITY__INIT;
    Google__Protobuf__Timestamp *at = timestamp_of(p->arena, BEGAN_US + (int64_t)p->made * 1000000);
    if (n % 3 == 0) {
        account.id = account_id;
        account.name = arena_printf(p->arena, "Account %zu", n);
        make(p, &account.base);
    } else if (n % 3 == 1) {
        note.id = id_of(p->arena, p->made + 1000000);
        note.account_id = account_id;
        note.text = "They like blue.";
        note.created_at = at;
        make(p, &note.base);
    } else {
        call.id = id_of(p->arena, p->made + 1000000);
        call.account_id = account_id;
        call.subject = "Call";
        call.start_at = call.created_at = at;
        make(p, &call.base);
    }
}

static bool query(struct place *p, query_fn *ask, const void *request)
{
    struct refusal no = {0};
    ProtobufCMessage *reply = NULL;
    struct txn *t = store_begin(p->store, false);
    assert(t);
    struct load l = {.txn = t, .arena = p->arena, .now_us = BEGAN_US, .service = &p->service};
    const struct command c = {.request = request, .actor = &p->actor};
    const bool found = ask(&l, &c, &reply, &no);
    if (found)
        (void)schema_pack(reply, p->arena); /* as it would leave */
    store_abort(t);
    arena_reset(p->arena);
    return found;
}

static void bench_timeline(struct place *p)
{
    static const size_t sizes[] = {100, 1000, 10000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        char name[32], account_id[IDENT_TEXT_SIZE];
        Baton__GetTimelineRequest q = BATON__GET_TIMELINE_REQUEST__INIT;
        (void)snprintf(account_id, sizeof account_id, "%s", id_of(p->arena, k + 1));
        (void)snprintf(name, sizeof name, "timeline-%zu", sizes[k]);
        for (size_t n = 0; n < sizes[k]; n++)
            make_entry(p, account_id, n);
        commit(p);
        q.account_id = account_id;
        const int64_t begin_us = drive_now_us();
        for (int i = 0; i < ROUNDS; i++)
            if (!query(p, contacts_query_timeline, &q))
                drive_die("there is no timeline");
        bench_row(name, (double)(drive_now_us() - begin_us) / 1e3 / ROUNDS, "ms", TIMELINE_MS);
    }
    bench_remark(
        "timeline: a page of 50, without the way over the bus; the peer is what we hold ourselves to");
}

static void bench_caller(struct place *p, size_t n)
{
    char name[32];
    Baton__LookUpCallerRequest q = BATON__LOOK_UP_CALLER_REQUEST__INIT;
    char number[32];
    int64_t begin_us = drive_now_us();
    for (size_t i = 0; i < n; i++) {
        Baton__Contact c = BATON__CONTACT__INIT;
        c.id = id_of(p->arena, 100000000 + i);
        c.last_name = arena_printf(p->arena, "Name %zu", i);
        c.phone = arena_printf(p->arena, "+49 (0) 30 / %08zu", i * 7919 % 100000000);
        c.mobile_phone = arena_printf(p->arena, "0049-171-%08zu", i * 6007 % 100000000);
        make(p, &c.base);
    }
    commit(p);
    const double made_us = (double)(drive_now_us() - begin_us) / (double)n;
    begin_us = drive_now_us();
    for (size_t i = 0; i < LOOK_UPS; i++) {
        (void)snprintf(number, sizeof number, "+4930%08zu", i * 31 % n * 7919 % 100000000);
        q.number = number;
        if (!query(p, contacts_query_caller, &q))
            drive_die("nobody can be looked up");
    }
    (void)snprintf(name, sizeof name, "caller-%zu", n);
    bench_row(name, (double)(drive_now_us() - begin_us) / 1e3 / LOOK_UPS, "ms", CALLER_MS);
    bench_remark("caller: a contact with two numbers becomes durable rows in %.0f us, %d to a commit",
                 made_us, BATCH);
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    const char *what = drive_option(argc, argv, "what", NULL);
    struct place p = {
        .arena = arena_new(MEMORY), .actor = BATON__ACTOR__INIT, .service = {.def = &contacts_service}};
    p.actor.has_role = true;
    p.actor.role = BATON__ROLE__ROLE_REP;
    p.actor.user_id = USER;
    schema_load();
    const struct store_options options = {
        .dir = data, .tables = contacts_tables, .n_tables = CONTACTS_TABLES};
    p.store = store_open(&options);
    if (!p.store)
        drive_die("the store cannot be opened");
    if (strcmp(what, "timeline") == 0)
        bench_timeline(&p);
    else
        bench_caller(&p, strtoull(what, NULL, 10));
    store_close(p.store);
    arena_free(p.arena);
    return 0;
}
