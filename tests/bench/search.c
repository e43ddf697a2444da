/* search: how long the contacts service takes to find 20 of so many contacts, over the bus, one query after
   the other. Its log is written here as the service would have written it. The same rows and queries as files
   for PostgreSQL (postgres). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "bench.h"
#include "names.h"
#include "service/apply.h"
#include "services/contacts/rows.h"
#include "store/log.h"

enum { COMMIT_EVERY = 10000, MEMORY = 64 << 20, QUERIES = 200, WARM = 20, PAGE = 20, READY_POLL_MS = 5 };
enum { REST_POLL_MS = 500, REST_CPU_US = 25000, REST_MAX = 3600 };
static const int64_t START_US = INT64_C(1767607200000000); /* 2026-01-05T10:00:00Z */

/* --- rows --- */

static void write_contact(struct txn *txn, struct ident_source *ids, struct arena *a,
                          const struct person_row *p, int64_t now_us)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    struct stamp s = {.now_us = now_us, .actor = &actor, .ids = ids, .arena = a};
    struct outcome out = {.arena = a};
    c.first_name = (char *)(uintptr_t)p->first;
    c.last_name = (char *)(uintptr_t)p->last;
    c.email = (char *)(uintptr_t)p->email;
    c.phone = (char *)(uintptr_t)p->phone;
    (void)record_created(&c.base, &s, &out);
    r.has_time_us = true;
    r.time_us = (uint64_t)now_us;
    r.actor = &actor;
    r.events = out.events;
    r.n_events = out.n_events;
    (void)log_append(txn, &r, NULL, a); /* its number stands in the record */
    service_apply(&contacts_service, txn, &r, a);
}

static void write_log(const char *dir, const struct names *names, uint32_t n)
{
    static const uint8_t log_id[LOG_ID_SIZE] = {1}, first[10] = {1};
    struct arena *a = arena_new(MEMORY);
    struct ident_source ids = {0};
    struct store *store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = contacts_tables, .n_tables = CONTACTS_TABLES});
    if (!store)
        drive_die("no store in %s", dir);
    log_prepare(store, log_id);
    ident_source_advance(&ids, START_US, first);
    struct txn *txn = store_begin(store, true);
    for (uint32_t i = 0; i < n; i++, arena_reset(a)) {
        const struct person_row p = names_person(names, i, a);
        write_contact(txn, &ids, a, &p, START_US + i);
        if (i % COMMIT_EVERY == COMMIT_EVERY - 1 && (!store_commit(txn) || !(txn = store_begin(store, true))))
            drive_die("the log cannot be written");
    }
    if (!store_commit(txn))
        drive_die("the log cannot be written");
    store_close(store);
    arena_free(a);
}

/* Everything of a row as one text, as somebody would keep it for pg_trgm; and of each query its words. */
static void export_rows(const char *path, const struct names *names, uint32_t n)
{
    struct arena *a = arena_new(MEMORY);
    FILE *f = fopen(path, "we");
    if (!f)
        drive_die("cannot write %s", path);
    for (uint32_t i = 0; i < n; i++, arena_reset(a)) {
        const struct person_row p = names_person(names, i, a);
        fprintf(f, "%u\t%s %s%s%s %s %s\n", i, text_fold(a, p.first), text_fold(a, p.last),
                p.is_joined ? " " : "", p.is_joined ? arena_printf(a, "%s%s", p.last, p.first) : "", p.email,
                p.digits);
    }
    fputs("\\.\n", f);
    for (uint32_t i = 0; i < QUERIES; i++, arena_reset(a)) {
        const struct query_row q = names_query(names, i, n, a);
        fprintf(f, "%u\t%s\t%s\t%s\n", i, q.kind, q.is_phone ? q.digits : text_fold(a, q.typed),
                q.is_typo ? "t" : "f");
    }
    fputs("\\.\n", f);
    if (fclose(f) != 0)
        drive_die("cannot write %s", path);
    arena_free(a);
}

/* --- queries --- */

struct kind_samples {
    const char *kind;
    struct samples samples;
};

static struct samples *samples_of(struct kind_samples *kinds, size_t *n, const char *kind)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return &kinds[i].samples;
    kinds[*n].kind = kind;
    return &kinds[(*n)++].samples;
}

static size_t ask_as(struct bus *b, const Baton__Actor *actor, const char *typed, Baton__SearchOrder order,
                     int64_t *us)
{
    Baton__Search search = BATON__SEARCH__INIT;
    Baton__SearchContactsRequest q = BATON__SEARCH_CONTACTS_REQUEST__INIT;
    search.query = (char *)(uintptr_t)typed;
    search.has_order = true;
    search.order = order;
    search.language = "zh-Hant";
    q.search = &search;
    q.has_page_size = true;
    q.page_size = PAGE;
    int64_t begin = drive_now_us();
    const Baton__SearchContactsResponse *r = bus_call(b, "contacts", "ContactService/SearchContacts", actor,
                                                      &q.base, &baton__search_contacts_response__descriptor);
    *us = drive_now_us() - begin;
    return r->n_found;
}

static size_t ask(struct bus *b, const Baton__Actor *actor, const char *typed, int64_t *us)
{
    return ask_as(b, actor, typed, BATON__SEARCH_ORDER__SEARCH_ORDER_SCORE, us);
}

/* The most that is sorted, by name. */
static void measure_sorted(struct bus *b, const Baton__Actor *actor)
{
    enum { TIMES = 5 };
    struct samples s = {0};
    int64_t us;
    for (int i = 0; i < TIMES; i++) {
        (void)ask_as(b, actor, "a", BATON__SEARCH_ORDER__SEARCH_ORDER_NAME, &us); /* how many is known */
        samples_add(&s, us);
    }
    struct samples w = {0};
    for (int i = 0; i < TIMES; i++) {
        (void)ask(b, actor, "a e i o u n r s", &us); /* how many is no matter */
        samples_add(&w, us);
    }
    bench_remark("search: eight letters that nobody begins all their words with: p50 %.1f ms",
                 samples_ms(&w, 0.5));
    samples_release(&w);
    bench_remark("search: a page of all names with a letter, sorted by name, 10,000 at most: p50 %.1f ms",
                 samples_ms(&s, 0.5));
    samples_release(&s);
}

static void measure(struct bus *b, const struct names *names, uint32_t n, struct samples *all)
{
    struct arena *a = arena_new(MEMORY);
    const Baton__Actor actor = company_actor(BATON__ROLE__ROLE_ADMIN, NULL);
    struct kind_samples kinds[NAMES_KINDS] = {0};
    size_t n_kinds = 0, nothing = 0;
    int64_t us;
    for (uint32_t i = 0; i < WARM; i++, arena_reset(a))
        (void)ask(b, &actor, names_query(names, QUERIES + i, n, a).typed, &us); /* only to be warm */
    for (uint32_t i = 0; i < QUERIES; i++, arena_reset(a)) {
        const struct query_row q = names_query(names, i, n, a);
        nothing += ask(b, &actor, q.typed, &us) == 0;
        samples_add(all, us);
        samples_add(samples_of(kinds, &n_kinds, q.kind), us);
    }
    measure_sorted(b, &actor);
    for (size_t i = 0; i < n_kinds; i++) {
        bench_remark("search: %s: p50 %.3f ms, slowest %.3f ms", kinds[i].kind,
                     samples_ms(&kinds[i].samples, 0.5), samples_ms(&kinds[i].samples, 1));
        samples_release(&kinds[i].samples);
    }
    bench_remark("search: %u contacts, %d queries, %zu of them found nothing", n, QUERIES, nothing);
    arena_free(a);
}

/* A million rows take longer to be read than a call is waited for. */
static void wait_ready(const char *data)
{
    struct arena *a = arena_new(MEMORY);
    for (const char *log = NULL; !log || !strstr(log, "ready"); arena_reset(a)) {
        drive_wait_ms(READY_POLL_MS);
        log = drive_read(a, data, "contacts.log");
    }
    arena_free(a);
}

/* How good each record is is judged a little after it came, so after a start on a new log of all of them. */
static void wait_rest(pid_t pid)
{
    int64_t before = drive_cpu_us(pid), now = 0;
    for (int i = 0; i < REST_MAX; i++, before = now) {
        drive_wait_ms(REST_POLL_MS);
        now = drive_cpu_us(pid);
        if (now - before < REST_CPU_US)
            return;
    }
    drive_die("the service does not come to rest");
}

static void measure_busy(struct bus *b, const struct names *names, uint32_t n)
{
    struct arena *a = arena_new(MEMORY);
    const Baton__Actor actor = company_actor(BATON__ROLE__ROLE_ADMIN, NULL);
    struct samples s = {0};
    int64_t us;
    for (uint32_t i = 0; i < QUERIES; i++, arena_reset(a)) {
        (void)ask(b, &actor, names_query(names, QUERIES + i, n, a).typed, &us);
        samples_add(&s, us);
    }
    bench_remark("search: while all of them are judged anew: p50 %.1f ms, p99 %.1f ms", samples_ms(&s, 0.5),
                 samples_ms(&s, 0.99));
    samples_release(&s);
    arena_free(a);
}

static void run(const char *programs, const char *data, const struct names *names, uint32_t n,
                struct samples *all)
{
    struct arena *a = arena_new(MEMORY);
    char *program = arena_printf(a, "%s/baton-contacts", programs);
    char *log = arena_printf(a, "%s/contacts.log", data), *dir = arena_printf(a, "%s/contacts", data);
    (void)mkdir(data, 0700); /* if it is there, the store says whether it will do */
    write_log(dir, names, n);
    int64_t begin = drive_now_us();
    pid_t pid = drive_spawn((const char *[]){program, "--data", data, NULL}, log);
    struct bus b = bus_open(data);
    wait_ready(data);
    (void)bus_status(&b, "contacts"); /* it answers */
    double seconds = (double)(drive_now_us() - begin) / 1e6;
    bench_remark("search: ready after %.2f s, %.2f of them of a processor; it grew to %.0f bytes a contact",
                 seconds, (double)drive_cpu_us(pid) / 1e6,
                 drive_memory_kib(pid, "status", "RssAnon:") * 1024 / n);
    measure_busy(&b, names, n);
    wait_rest(pid);
    measure(&b, names, n, all);
    bus_close(&b);
    drive_end(pid);
    arena_free(a);
}

int main(int argc, char **argv)
{
    uint32_t n = (uint32_t)strtoul(drive_option(argc, argv, "contacts", "100000"), NULL, 10);
    const char *file = drive_option(argc, argv, "export", "");
    struct names *names = names_new(getenv("BATON_TEST_DATA"));
    struct samples all = {0};
    if (*file) {
        export_rows(file, names, n);
        names_free(names);
        return 0;
    }
    schema_load();
    run(drive_option(argc, argv, "programs", NULL), drive_option(argc, argv, "data", NULL), names, n, &all);
    bench_row(drive_option(argc, argv, "p50", "search-p50"), samples_ms(&all, 0.5), "ms",
              strtod(drive_option(argc, argv, "peer50", "0"), NULL));
    bench_row(drive_option(argc, argv, "p99", "search-p99"), samples_ms(&all, 0.99), "ms",
              strtod(drive_option(argc, argv, "peer99", "0"), NULL));
    samples_release(&all);
    names_free(names);
    return 0;
}
