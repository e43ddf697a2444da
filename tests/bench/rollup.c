/* rollup: what a quarter comes to for the manager of a tree of five levels, by whoever is directly below,
   over so many opportunities of three years; and the same as of any day of these. From rows that the
   service's own code makes of a log. The same rows as a file for PostgreSQL (postgres). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "bench.h"
#include "service/apply.h"
#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"
#include "store/log.h"

enum {
    FAN_OUT = 5,
    LEVELS = 5,
    PEOPLE = 781, /* 1 + 5 + 25 + 125 + 625 */
    LEADERS = PEOPLE / FAN_OUT,
    YEARS = 3,
    OPEN_DAYS = 60, /* from the first word to the last */
    BATCH = 5000,
    ROUNDS = 50,
    DAYS_ASKED = 100,
    MEMORY = 256 << 20,
    FIRST_YEAR = 2024,
};
static const int64_t BEGIN_S = INT64_C(1704067200), DAY_S = 86400; /* 2024-01-01 */
static const double AS_OF_MS = 50;
static const char PERIOD[] = "2026-Q4";

enum { FIRST_MONTH = 2026 * 12 + 9, LAST_MONTH = FIRST_MONTH + 2 };

/* --- rows --- */

/* One of so many, at the moment it is opened, or is won or lost. */
struct deal {
    uint32_t owner, category, probability;
    int64_t amount, opened_s, closes_s;
    bool is_won;
};

static uint32_t scattered(uint32_t i, uint32_t salt)
{
    uint64_t z = (i + 1) * UINT64_C(0x9e3779b97f4a7c15) + salt * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)((z ^ (z >> 27)) >> 20);
}

static struct deal deal_of(uint32_t i, uint32_t n)
{
    const int64_t all_s = YEARS * 365 * DAY_S;
    struct deal d = {.owner = scattered(i, 1) % PEOPLE,
                     .category = 2 + scattered(i, 2) % 3, /* pipeline, best case, commit */
                     .probability = scattered(i, 3) % 91,
                     .amount = 100 + scattered(i, 4) % 1000000,
                     .opened_s = BEGIN_S + (int64_t)((double)all_s * i / n),
                     .is_won = scattered(i, 5) % 3 == 0};
    d.closes_s = d.opened_s + OPEN_DAYS * DAY_S;
    return d;
}

static int64_t end_s(void)
{
    return BEGIN_S + YEARS * 365 * DAY_S;
}

static uint32_t month_of(int64_t seconds, struct arena *a)
{
    return forecast_month_of(forecast_day_text((int32_t)(seconds / DAY_S), a));
}

/* --- the store --- */

struct place {
    struct store *store;
    struct txn *txn;
    struct arena *arena;
    Baton__Actor actor;
    size_t in_batch;
    void *state; /* as the service has it after its start */
};

static char *id_of(struct arena *a, const char *kind, uint32_t n)
{
    return arena_printf(a, "0190a8e2-%s-7000-8000-%012x", kind, n);
}

static void make(struct place *p, ProtobufCMessage *row, int64_t seconds, bool copy)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    Baton__Event event = BATON__EVENT__INIT, *events[] = {&event};
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    change.has_kind = change.has_copy = true;
    change.kind = BATON__CHANGE_KIND__CHANGE_KIND_CREATED;
    change.copy = copy;
    change.record = record_wrap(row, p->arena);
    event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    event.record_changed = &change;
    r.actor = &p->actor;
    r.has_time_us = true;
    r.time_us = (uint64_t)(seconds * 1000000);
    r.events = events;
    r.n_events = 1;
    if (!p->txn && !(p->txn = store_begin(p->store, true)))
        drive_die("the store cannot be written");
    (void)log_append(p->txn, &r, NULL, p->arena); /* its number is in the record */
    service_apply(&opportunities_service, p->txn, &r, p->arena);
    if (++p->in_batch % BATCH == 0) {
        if (!store_commit(p->txn))
            drive_die("the store does not take it");
        p->txn = NULL;
    }
    if (p->in_batch % BATCH == 0)
        arena_reset(p->arena);
}

/* Person 0 is above all; 1 to 5 are directly below, and so on. */
static void make_people(struct place *p)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.id = id_of(p->arena, "0000", 1);
    o.time_zone = "UTC";
    make(p, &o.base, BEGIN_S, true);
    for (uint32_t i = 0; i < LEADERS; i++) {
        Baton__Team t = BATON__TEAM__INIT;
        t.id = id_of(p->arena, "2222", i);
        t.manager_id = id_of(p->arena, "1111", i);
        t.parent_id = i ? id_of(p->arena, "2222", (i - 1) / FAN_OUT) : NULL;
        make(p, &t.base, BEGIN_S, true);
    }
    for (uint32_t i = 0; i < PEOPLE; i++) {
        Baton__User u = BATON__USER__INIT;
        u.id = id_of(p->arena, "1111", i);
        u.name = arena_printf(p->arena, "Person %u", i);
        u.team_id = i ? id_of(p->arena, "2222", (i - 1) / FAN_OUT) : NULL;
        make(p, &u.base, BEGIN_S, true);
    }
}

static void make_deal(struct place *p, uint32_t i, uint32_t n, bool closes)
{
    static const char *const keys[] = {"open", "won", "lost"};
    static const uint32_t probabilities[] = {0, 100, 0};
    const struct deal d = deal_of(i, n);
    const int kind = !closes ? 0 : d.is_won ? 1 : 2;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    o.id = id_of(p->arena, "4444", i);
    o.name = "Deal";
    o.owner_id = id_of(p->arena, "1111", d.owner);
    o.pipeline_id = id_of(p->arena, "3333", 1);
    o.stage_key = (char *)(uintptr_t)keys[kind];
    o.has_stage_kind = o.has_probability = o.has_forecast_category = amount.has_minor_units = true;
    o.stage_kind = (Baton__StageKind)(kind + BATON__STAGE_KIND__STAGE_KIND_OPEN);
    o.forecast_category = kind == 0   ? (Baton__ForecastCategory)d.category
                          : kind == 1 ? BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED
                                      : BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_OMITTED;
    o.probability = kind ? probabilities[kind] : d.probability;
    o.close_date = forecast_day_text((int32_t)(d.closes_s / DAY_S), p->arena);
    amount.currency_code = "EUR";
    amount.minor_units = d.amount;
    o.amount = &amount;
    make(p, &o.base, closes ? d.closes_s : d.opened_s, false);
}

/* What is opened is closed two months later; in the order of time. */
static void make_deals(struct place *p, uint32_t n)
{
    uint32_t closed = 0;
    for (uint32_t i = 0; i < n; i++) {
        const int64_t now_s = deal_of(i, n).opened_s;
        while (closed < i && deal_of(closed, n).closes_s <= now_s)
            make_deal(p, closed++, n, true);
        make_deal(p, i, n, false);
    }
    if (p->txn && !store_commit(p->txn))
        drive_die("the store does not take it");
    p->txn = NULL;
}

static void open_place(struct place *p, const char *dir)
{
    static const uint8_t log_id[LOG_ID_SIZE] = {1};
    p->store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = opportunities_tables, .n_tables = OPPORTUNITIES_TABLES});
    if (!p->store)
        drive_die("no store in %s", dir);
    p->arena = arena_new(MEMORY);
    p->actor = company_actor(BATON__ROLE__ROLE_ADMIN, NULL);
    log_prepare(p->store, log_id);
}

static void start(struct place *p)
{
    const int64_t begin_us = drive_now_us();
    struct load l = {.txn = store_begin(p->store, false), .arena = p->arena};
    if (!l.txn)
        drive_die("the store cannot be read");
    l.state = p->state = opportunities_state_new();
    opportunities_state_load(&l);
    store_abort(l.txn);
    bench_remark("rollup: at its start the service reads for %.0f ms",
                 (double)(drive_now_us() - begin_us) / 1000);
}

/* --- questions --- */

/* How many deals the quarter has for the one above all. */
static uint64_t ask(struct place *p, const char *as_of, struct samples *samples)
{
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    struct refusal no = {0};
    ProtobufCMessage *reply = NULL;
    q.period = (char *)(uintptr_t)PERIOD;
    q.user_id = id_of(p->arena, "1111", 0);
    q.as_of = (char *)(uintptr_t)as_of;
    const int64_t begin_us = drive_now_us();
    struct txn *t = store_begin(p->store, false);
    struct load l = {.txn = t, .arena = p->arena, .state = p->state, .now_us = end_s() * 1000000};
    const struct command c = {.request = &q.base, .actor = &p->actor};
    if (!t || !opportunities_query_forecast(&l, &c, &reply, &no))
        drive_die("no forecast: %s", no.message);
    (void)schema_pack(reply, p->arena); /* as it would leave */
    samples_add(samples, drive_now_us() - begin_us);
    const Baton__GetForecastResponse *r = (const Baton__GetForecastResponse *)reply;
    const uint64_t deals = r->n_total ? r->total[0]->deals : 0;
    store_abort(t);
    arena_reset(p->arena);
    return deals;
}

static void measure(struct place *p, uint32_t n, const char *row, double peer_ms, uint64_t expected)
{
    struct samples now = {0}, then = {0};
    uint64_t deals = 0;
    for (int i = 0; i < ROUNDS; i++)
        deals = ask(p, NULL, &now);
    if (expected && deals != expected)
        drive_die("%llu deals, and PostgreSQL has %llu", (unsigned long long)deals,
                  (unsigned long long)expected);
    for (uint32_t i = 0; i < DAYS_ASKED; i++) {
        const int32_t day = (int32_t)(BEGIN_S / DAY_S) + (int32_t)(scattered(i, 6) % (YEARS * 365));
        (void)ask(p, forecast_day_text(day, p->arena), &then); /* how many is no matter */
    }
    bench_remark("rollup: %u opportunities of %d people on %d levels, %llu in the quarter; p50 %.2f ms, "
                 "slowest %.2f ms",
                 n, PEOPLE, LEVELS, (unsigned long long)deals, samples_ms(&now, 0.5), samples_ms(&now, 1));
    bench_remark("rollup: as of %d days of three years: p50 %.2f ms, slowest %.2f ms", DAYS_ASKED,
                 samples_ms(&then, 0.5), samples_ms(&then, 1));
    bench_row(arena_printf(p->arena, "rollup%s", row), samples_ms(&now, 0.5), "ms", peer_ms);
    bench_row(arena_printf(p->arena, "as-of%s", row), samples_ms(&then, 1), "ms", AS_OF_MS);
    samples_release(&now);
    samples_release(&then);
}

/* People with who is above them, then deals as they are at the end. */
static void export_rows(const char *path, uint32_t n)
{
    struct arena *a = arena_new(MEMORY);
    FILE *f = fopen(path, "we");
    if (!f)
        drive_die("cannot write %s", path);
    for (uint32_t i = 0; i < PEOPLE; i++)
        fprintf(f, "%u\t%d\n", i, i ? (int)(i - 1) / FAN_OUT : -1);
    fputs("\\.\n", f);
    const int64_t last_s = deal_of(n - 1, n).opened_s;
    for (uint32_t i = 0; i < n; i++, arena_reset(a)) {
        const struct deal d = deal_of(i, n);
        const bool closed = d.closes_s <= last_s && i + 1 < n;
        if (closed && !d.is_won)
            continue;
        fprintf(f, "%u\t%u\t%u\t%lld\t%u\n", d.owner, month_of(d.closes_s, a), closed ? 5 : d.category,
                (long long)d.amount, closed ? 100 : d.probability);
    }
    fputs("\\.\n", f);
    if (fclose(f) != 0)
        drive_die("cannot write %s", path);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const uint32_t n = (uint32_t)strtoul(drive_option(argc, argv, "deals", "100000"), NULL, 10);
    const char *file = drive_option(argc, argv, "export", "");
    struct place p = {0};
    schema_load();
    if (*file) {
        export_rows(file, n);
        return 0;
    }
    open_place(&p, drive_option(argc, argv, "data", NULL));
    make_people(&p);
    make_deals(&p, n);
    start(&p);
    measure(&p, n, drive_option(argc, argv, "row", ""), strtod(drive_option(argc, argv, "peer", "0"), NULL),
            strtoull(drive_option(argc, argv, "expect", "0"), NULL, 10));
    opportunities_state_free(p.state);
    store_close(p.store);
    arena_free(p.arena);
    return 0;
}
