/* Rows that a program of another version made of its log become those of this one at the start
   (service/remake.c), however often that start is cut off. The numbers are the rules':
   1: what is not there, is other, or is not in the log, is as the log makes it, with its entries
   2: a start that is cut off at any call of the store begins again, and leaves nothing behind
   3: rows of this form are left alone
   4: of a log that cannot be replayed nothing is taken, and the service serves
   5: nothing is taken of a store beside it that cannot be read
   6: a record of a kind that is not known here makes no row
   7: where the disk has no room for the rows once more they stay as they are, and the service serves */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <sys/wait.h>

#include "unit/drill_rows.h"
#include "unit/drill_spoil.h"

enum { SEEDS = 3, LEADS_MADE = 12, DONE = 3, KILLS_MIN = 10, ROOM = 1000000 };

/* --- starts that are cut off --- */

struct killing {
    struct drill *drill;
    int i;
    uint64_t calls, at, puts;
    uint64_t read, unread_at; /* calls that read the rows beside it; which of them fails, 0: none */
    struct store *live;
    unsigned has_room; /* so often it is said that the disk has room */
    unsigned begun;    /* read transactions in the store beside it: at its opening, then for its rows */
    bool starts;
};

static bool is_unread(struct killing *k, struct store *s, enum store_call call)
{
    if (!k->live)
        k->live = s;
    if (s == k->live)
        return false;
    k->begun += call == STORE_BEGIN_READ;
    return k->begun > 1 && (call == STORE_GET || call == STORE_SCAN) && ++k->read == k->unread_at;
}

static int on_call(void *arg, struct store *s, enum store_call call, unsigned bucket, struct bytes key)
{
    struct killing *k = arg;
    k->puts += call == STORE_PUT && bucket >= table_bucket(s, 0);
    if (++k->calls == k->at)
        _exit(0);
    return is_unread(k, s, call) ? EIO : 0;
}

static uint64_t disk_free(void *arg)
{
    struct killing *k = arg;
    if (!k->has_room)
        return 2 * store_bytes(k->live);
    k->has_room--;
    return UINT64_C(1) << 40;
}

static void begin_killed(void *arg)
{
    struct killing *k = arg;
    char dir[128];
    const struct store_probe probe = {.call = on_call, .disk_free = disk_free, .arg = k};
    path_of(k->drill, k->i, "", dir);
    struct service_options o = {.world = host_world(k->drill->hosts[k->i]),
                                .dir = dir,
                                .no_sync = true,
                                .probe = &probe,
                                .boot = &k->drill->boot};
    k->starts = service_new(defs[k->i], &o) != NULL;
}

static void nothing_is_left(struct drill *d, int i)
{
    char dir[128];
    path_of(d, i, "", dir);
    DIR *folder = opendir(dir);
    must(d, folder != NULL, "no folder");
    for (struct dirent *e; (e = readdir(folder));)
        must(d, !strstr(e->d_name, "scratch"), "a scratch store is left over");
    closedir(folder);
}

/* Whether a process of its own ended well, but before it was DONE. */
static bool ended_early(struct drill *d, pid_t pid)
{
    int status = 0;
    must(d, waitpid(pid, &status, 0) == pid && WIFEXITED(status), "it died");
    must(d, WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DONE, "it failed");
    return WEXITSTATUS(status) == 0;
}

/* In a process of its own, which ends at that call. False: it came through before. */
static bool start_killed(struct drill *d, int i, uint64_t at)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct killing k = {.drill = d, .i = i, .at = at, .has_room = ROOM};
        must(d, host_run(d->hosts[i], begin_killed, &k) && k.starts, "it does not start");
        _exit(DONE);
    }
    return ended_early(d, pid);
}

/* In a process of its own. False: it was all read before. */
static bool start_unread(struct drill *d, int i, uint64_t at)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct killing k = {.drill = d, .i = i, .unread_at = at, .has_room = ROOM};
        must(d, host_run(d->hosts[i], begin_killed, &k) && k.starts == (k.read < at), "it takes what it can");
        _exit(k.starts ? DONE : 0);
    }
    return ended_early(d, pid);
}

/* In a process of its own. */
static void start_full(struct drill *d, int i, unsigned has_room)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct killing k = {.drill = d, .i = i, .has_room = has_room};
        must(d, host_run(d->hosts[i], begin_killed, &k) && k.starts, "it does not start");
        must(d, has_room || !k.begun, "it begins without room");
        _exit(0);
    }
    must(d, waitpid(pid, &status, 0) == pid && status == 0, "it failed");
    must(d, !has_form(d, i), "it says that its rows are of its log");
    nothing_is_left(d, i);
}

/* How often a start that comes through writes rows. */
static uint64_t puts_of_start(struct drill *d, int i)
{
    struct killing k = {.drill = d, .i = i, .has_room = ROOM};
    pid_t pid;
    int status = 0, pipes[2];
    must(d, pipe(pipes) == 0, "no pipe");
    if ((pid = fork()) == 0) {
        must(d, host_run(d->hosts[i], begin_killed, &k) && k.starts, "it does not start");
        _exit(write(pipes[1], &k.puts, sizeof k.puts) == sizeof k.puts ? 0 : 1);
    }
    must(d, waitpid(pid, &status, 0) == pid && status == 0, "it failed");
    must(d, read(pipes[0], &k.puts, sizeof k.puts) == sizeof k.puts, "nothing said");
    close(pipes[0]);
    close(pipes[1]);
    return k.puts;
}

/* --- the stories --- */

static struct drill *busy(uint64_t seed)
{
    struct drill *d = drill_new(seed);
    set_up_company(d);
    for (int n = 0; n < LEADS_MADE; n++)
        capture(d);
    until(d, 5);
    return d;
}

static void story_mended(uint64_t seed, int i)
{
    struct drill *d = busy(seed);
    down(d, i);
    spoil(d, i);
    up(d, i); /* 1 */
    check_replay(d, i);
    down(d, i);
    must(d, has_form(d, i), "it would begin again");
    const uint64_t puts = puts_of_start(d, i);
    must(d, puts == puts_of_start(d, i) && puts < 3, "rows of this form are written once more"); /* 3 */
    up(d, i);
    capture(d);
    until(d, 5);
    check_replay(d, i);
    drill_end(d);
}

static void story_killed(uint64_t seed, int i)
{
    unsigned kills = 0;
    struct drill *d = busy(seed);
    down(d, i);
    spoil(d, i);
    for (uint64_t at = 1; start_killed(d, i, at); at += 1 + at / 4 + sim_below(&d->random, 3))
        kills++;
    must(d, kills > KILLS_MIN, "it was hardly tried");
    nothing_is_left(d, i); /* 2 */
    up(d, i);
    check_replay(d, i);
    capture(d);
    until(d, 5);
    check_replay(d, i);
    drill_end(d);
}

/* What was decided meanwhile is in the log, and may not be of one piece: two rows with one unique value. */
static void story_full(uint64_t seed, int i)
{
    struct drill *d = busy(seed);
    down(d, i);
    spoil(d, i);
    for (unsigned has_room = 0; has_room < 2; has_room++) /* the second fills while the log is replayed */
        start_full(d, i, has_room);                       /* 7 */
    up(d, i);
    down(d, i);
    must(d, has_form(d, i), "it would begin again");
    up(d, i);
    drill_end(d);
}

static void story_gap(uint64_t seed, int i)
{
    struct drill *d = busy(seed);
    down(d, i);
    spoil(d, i);
    lose_record(d, i, 2);
    up(d, i); /* 4 */
    down(d, i);
    must(d, !has_form(d, i), "it says that its rows are of its log");
    nothing_is_left(d, i);
    up(d, i);
    drill_end(d);
}

static void story_unread(uint64_t seed, int i)
{
    unsigned failures = 0;
    struct drill *d = busy(seed);
    down(d, i);
    spoil(d, i);
    for (uint64_t at = 1; start_unread(d, i, at); at += 1 + at / 2) { /* 5 */
        must(d, !has_form(d, i), "it says that its rows are of its log");
        failures++;
    }
    must(d, failures > 3, "it was hardly tried");
    up(d, i);
    check_replay(d, i);
    drill_end(d);
}

typedef void story_fn(uint64_t seed, int service);

static void run(story_fn *story)
{
    for (int i = 0; i < SERVICES; i++)
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            int status = 0;
            pid_t pid = fork();
            if (pid == 0) {
                story(seed, i);
                _exit(0);
            }
            assert_int_equal(waitpid(pid, &status, 0), pid);
            assert_int_equal(status, 0);
        }
}

static void test_mended(void **state)
{
    run(story_mended);
}

static void test_killed(void **state)
{
    run(story_killed);
}

static void test_unread(void **state)
{
    run(story_unread);
}

static void test_full(void **state)
{
    run(story_full);
}

static void test_gap(void **state)
{
    run(story_gap);
}

static void test_newer_kind(void **state)
{
    struct arena *a = arena_new(1 << 16);
    Baton__Record unknown = BATON__RECORD__INIT;
    Baton__RecordChanged changed = BATON__RECORD_CHANGED__INIT;
    Baton__Event event = BATON__EVENT__INIT, *events[] = {&event};
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    schema_load();
    changed.record = &unknown;
    event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    event.record_changed = &changed;
    record.events = events;
    record.n_events = 1;
    service_apply(&leads_service, NULL, &record, a); /* 6: there is no store to put it into */
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mended), cmocka_unit_test(test_killed),
                                       cmocka_unit_test(test_unread), cmocka_unit_test(test_full),
                                       cmocka_unit_test(test_gap),    cmocka_unit_test(test_newer_kind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
