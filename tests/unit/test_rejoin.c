/* A service restored older than its followers, or begun anew, in the seeded world: they stand still, rejoin
   while messages are lost and they stop and start, and end with what the restored service has. Each seed is a
   process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "baton/v1/system.pb-c.h"
#include "store/log.h"
#include "unit/drill_rows.h"

enum { SEEDS = 12 };

/* --- the story --- */

/* What an older backup does not know: users who come, change names and swap addresses; leads. */
static void go_on(struct drill *d)
{
    Baton__User u = BATON__USER__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    u.id = d->first_user;
    u.name = "renamed";
    u.email = "renamed@b.example";
    q.request_id = request_id(d);
    q.record = record_wrap(&u.base, d->memory);
    (void)ask(d, DIRECTORY, "RecordService/UpdateRecord", &q); /* as above */
    (void)create_user(d, "rep0");                              /* the address is free now */
    for (uint64_t n = 1 + sim_below(&d->random, 8); n > 0; n--)
        capture(d);
    until(d, 5);
}

/* Whether it stands still, or is on its way back. */
static bool is_broken(struct drill *d, int follower, int followed, bool *is_lost)
{
    struct refusal no = {0};
    Baton__GetStatusRequest q = BATON__GET_STATUS_REQUEST__INIT;
    const Baton__Actor as_admin = d->admin;
    d->admin.role = BATON__ROLE__ROLE_SYSTEM;
    Baton__GetStatusResponse *r = ask_once(d, follower, "SystemService/GetStatus", &q, &no);
    d->admin = as_admin;
    *is_lost = false;
    for (size_t i = 0; r && i < r->status->n_follows; i++) {
        const Baton__FollowStatus *f = r->status->follows[i];
        if (strcmp(f->service, defs[followed]->name) != 0)
            continue;
        *is_lost = f->stopped && strstr(f->stopped, "baton rejoin");
        return *is_lost || f->has_rejoin_to_seq || f->cursor_seq < f->head_seq || f->head_seq == 0;
    }
    return true;
}

/* Asked for again as often as it takes, while it is stopped and started on the way. */
static void rejoin(struct drill *d, int follower, int followed)
{
    struct refusal no = {0};
    bool is_lost;
    Baton__RejoinFollowRequest q = BATON__REJOIN_FOLLOW_REQUEST__INIT;
    q.service = (char *)(uintptr_t)defs[follower]->name;
    q.followed = (char *)(uintptr_t)defs[followed]->name;
    for (int tries = 0; is_broken(d, follower, followed, &is_lost); tries++) {
        must(d, tries < 500, "it never follows again");
        q.request_id = request_id(d);
        if (is_lost)
            (void)ask_once(d, follower, "SystemService/RejoinFollow", &q, &no); /* the next look tells */
        if (sim_below(&d->random, 4) == 0)
            capture(d);
        if (tries < 20 && sim_below(&d->random, 4) == 0) {
            down(d, follower);
            up(d, follower);
        }
        int64_t end_us = world_now(d->world) + (int64_t)sim_below(&d->random, SIM_SECOND / 5);
        while (world_step(d->world, end_us))
            ;
    }
}

/* --- what must be true --- */

static void check_copies(struct drill *d, int i)
{
    struct txn *here = store_begin(service_store(d->services[i]), false);
    struct txn *directory = store_begin(service_store(d->services[DIRECTORY]), false);
    static const char *const types[] = {"user", "team", "organisation"};
    for (size_t k = 0; k < 3; k++)
        must(d, same_rows(d, here, directory, types[k]), "copies are not what the directory has");
    store_abort(here);
    store_abort(directory);
}

/* Events of this kind beyond `after`; `rejoined`: counting begins anew where it rejoined. */
static uint64_t count(struct drill *d, int i, int kind, uint64_t after, bool rejoined)
{
    uint64_t n = 0;
    struct store *s = service_store(d->services[i]);
    struct txn *t = store_begin(s, false);
    for (uint64_t seq = after + 1; seq <= log_head(s).seq; seq++) {
        const Baton__LogRecord *r = log_get(t, seq, d->memory);
        for (size_t k = 0; k < r->n_events; k++) {
            if (rejoined && r->events[k]->event_case == BATON__EVENT__EVENT_FOLLOW_REJOINED &&
                strcmp(r->events[k]->follow_rejoined->service, "leads") == 0)
                n = 0;
            n += (int)r->events[k]->event_case == kind;
        }
    }
    store_abort(t);
    return n;
}

static uint64_t restored_at(struct drill *d, int i)
{
    struct restored r = {0};
    struct txn *t = store_begin(service_store(d->services[i]), false);
    bool is_restored = restored_get(t, &r);
    store_abort(t);
    must(d, is_restored == d->kept, "it does not know that it was restored");
    return r.at.seq;
}

static void check(struct drill *d, int restored)
{
    uint64_t after = restored == LEADS ? restored_at(d, LEADS) : 0;
    for (int i = 0; i < SERVICES; i++)
        check_replay(d, i);
    check_copies(d, LEADS);
    check_copies(d, NOTIFICATIONS);
    must(d,
         count(d, LEADS, BATON__EVENT__EVENT_LEAD_ASSIGNED, after, false) ==
             count(d, NOTIFICATIONS, BATON__EVENT__EVENT_NOTIFICATION_CREATED, 0, restored == LEADS),
         "not everything that is new was told exactly once");
}

static void run(uint64_t seed, int restored, bool anew)
{
    struct drill *d = drill_new(seed);
    set_up_company(d);
    capture(d);
    until(d, 2);
    if (!anew)
        back_up(d, restored);
    go_on(d);
    down(d, restored);
    put_back(d, restored);
    up(d, restored);
    until(d, 3);
    capture(d); /* nobody waits for the mending */
    world_weather(d->world, &(struct weather){.delay_max_us = 50000, .lost = 50, .doubled = 20});
    rejoin(d, NOTIFICATIONS, restored);
    if (restored == DIRECTORY)
        rejoin(d, LEADS, restored);
    capture(d);
    world_weather(d->world, &(struct weather){.delay_max_us = 2000});
    until(d, 10);
    check(d, restored);
    drill_end(d);
}

/* The store was made by a program that kept no copies, or users alone; it is stopped and started while the
   other log is read once more. */
static void run_kept_less(uint64_t seed, int service, bool none)
{
    char path[128];
    struct drill *d = drill_new(seed);
    struct service_def before = *defs[service];
    before.n_copies = none ? 0 : 1;
    down(d, service);
    path_of(d, service, "/data.mdb", path);
    must(d, unlink(path) == 0, "no store");
    up_as(d, service, &before);
    set_up_company(d);
    capture(d);
    until(d, 2);
    world_weather(d->world, &(struct weather){.delay_max_us = 50000, .lost = 50, .doubled = 20});
    for (uint64_t n = 1 + sim_below(&d->random, 6); n > 0; n--) {
        down(d, service);
        up(d, service);
        capture(d);
        (void)create_user(d, arena_printf(d->memory, "more%u", (unsigned)n)); /* only that they are there */
    }
    world_weather(d->world, &(struct weather){.delay_max_us = 2000});
    until(d, 10);
    down(d, service);
    up(d, service);
    until(d, 5);
    check_replay(d, service);
    check_copies(d, service);
    /* who kept none has had no effect of that log, and so no position in it */
    must(d, count(d, service, BATON__EVENT__EVENT_FOLLOW_REJOINED, 0, false) == !none, "not read just once");
    must(d,
         count(d, LEADS, BATON__EVENT__EVENT_LEAD_ASSIGNED, 0, false) ==
             count(d, NOTIFICATIONS, BATON__EVENT__EVENT_NOTIFICATION_CREATED, 0, false),
         "not everything was told exactly once");
    drill_end(d);
}

/* --- each seed a process --- */

typedef void story_fn(uint64_t seed, int service, bool flag);

static void run_seeds_of(story_fn *story, int service, bool flag)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        int status = 0;
        pid_t pid = fork();
        if (pid == 0) {
            if (!freopen("/dev/null", "w", stdout))
                _exit(1);
            story(seed, service, flag);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

static void run_seeds(int restored, bool anew)
{
    run_seeds_of(run, restored, anew);
}

static void test_leads_restored(void **state)
{
    run_seeds(LEADS, false);
}

static void test_leads_anew(void **state)
{
    run_seeds(LEADS, true);
}

static void test_directory_restored(void **state)
{
    run_seeds(DIRECTORY, false);
}

static void test_directory_anew(void **state)
{
    run_seeds(DIRECTORY, true);
}

static void test_kept_less(void **state)
{
    run_seeds_of(run_kept_less, NOTIFICATIONS, false);
}

static void test_kept_none(void **state)
{
    run_seeds_of(run_kept_less, NOTIFICATIONS, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leads_restored),     cmocka_unit_test(test_leads_anew),
        cmocka_unit_test(test_directory_restored), cmocka_unit_test(test_directory_anew),
        cmocka_unit_test(test_kept_less),          cmocka_unit_test(test_kept_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
