/* moves: stage changes a second, durable, measured and told, while dashboards are watched: the sums of a
   quarter by owner, its forecast and the board are asked for all the time. A whole Baton, over the bus. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/forecast.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "bench.h"
#include "bus/zloop.h"
#include "schema/schema.h"

enum {
    OWNERS = 20,
    DEALS = 2000,
    OUTSTANDING = 64,
    OPEN_STAGES = 8,
    WATCHED_EVERY_US = 33000, /* each of them some 30 times a second: 30 people, each told once a second */
    WANTED = 1000,            /* stage changes a second, what we hold ourselves to */
    CALL_MEMORY = 1 << 20,
};

/* The first pipeline's, as opportunities makes it. */
static const char *const stages[OPEN_STAGES] = {"prospecting",       "qualification",   "needs_analysis",
                                                "value_proposition", "decision_makers", "perception_analysis",
                                                "proposal",          "negotiation"};

struct moves {
    struct bus bus;
    Baton__Actor actor;
    struct arena *arena; /* of one call */
    char owners[OWNERS][IDENT_TEXT_SIZE], deals[DEALS][IDENT_TEXT_SIZE];
    uint8_t at[DEALS]; /* the stage it is in */
    uint32_t next;     /* never one that is under way: there are more deals than that */
    int64_t end_us;
    uint64_t sent, answered, waiting;
};

/* A figure that is looked at: asked for again a little after its answer. */
struct watch {
    const char *method;
    const ProtobufCMessage *request;
    struct moves *moves;
    struct samples samples;
    int64_t asked_us, next_us;
    bool is_asked;
};

static void ask(struct moves *m, const char *method, const ProtobufCMessage *request, reply_fn *reply,
                void *arg)
{
    struct refusal no = {0};
    arena_reset(m->arena);
    const struct call c = {.service = "opportunities",
                           .method = method,
                           .actor = &m->actor,
                           .body = schema_pack(request, m->arena)};
    if (!client_call(m->bus.client, &c, reply, arg, &no))
        drive_die("%s could not be sent: %s", method, no.message);
    m->waiting++;
}

static void answered(struct moves *m, const struct refusal *no)
{
    if (no)
        drive_die("refused: %s %s", no->message, no->field);
    if (--m->waiting == 0)
        zloop_stop(m->bus.world);
}

/* --- who watches --- */

static void on_figure(void *arg, const struct refusal *no, struct bytes body)
{
    struct watch *w = arg;
    const int64_t now_us = drive_now_us();
    samples_add(&w->samples, now_us - w->asked_us);
    w->next_us = w->asked_us + WATCHED_EVERY_US;
    w->is_asked = false;
    answered(w->moves, no);
}

static void look(struct watch *w)
{
    const int64_t now_us = drive_now_us();
    if (w->is_asked || now_us < w->next_us || now_us >= w->moves->end_us)
        return;
    w->is_asked = true;
    w->asked_us = now_us;
    ask(w->moves, w->method, w->request, on_figure, w);
}

enum { WATCHES = 3 };
static struct watch watches[WATCHES];

static void watch_all(struct moves *m)
{
    static Baton__MeasureDimension by[] = {BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER};
    static char *measures[] = {(char *)"open", (char *)"entered", (char *)"won"};
    static Baton__QueryMeasuresRequest sums = BATON__QUERY_MEASURES_REQUEST__INIT;
    static Baton__GetForecastRequest forecast = BATON__GET_FORECAST_REQUEST__INIT;
    static Baton__GetBoardRequest board = BATON__GET_BOARD_REQUEST__INIT;
    sums.measures = measures;
    sums.n_measures = sizeof measures / sizeof *measures;
    sums.by = by;
    sums.n_by = 1;
    watches[0] = (struct watch){"AnalysisService/QueryMeasures", &sums.base, m, {0}, 0, 0, false};
    watches[1] = (struct watch){"ForecastService/GetForecast", &forecast.base, m, {0}, 0, 0, false};
    watches[2] = (struct watch){"OpportunityService/GetBoard", &board.base, m, {0}, 0, 0, false};
}

/* --- who moves --- */

static void move_one(struct moves *m);

static void on_moved(void *arg, const struct refusal *no, struct bytes body)
{
    struct moves *m = arg;
    m->answered++;
    if (!no && drive_now_us() < m->end_us) {
        move_one(m);
        for (size_t i = 0; i < WATCHES; i++)
            look(&watches[i]);
    }
    answered(m, no);
}

static void move_one(struct moves *m)
{
    const uint32_t i = m->next++ % DEALS;
    Baton__MoveOpportunityRequest q = BATON__MOVE_OPPORTUNITY_REQUEST__INIT;
    m->at[i] = (uint8_t)((m->at[i] + 1) % OPEN_STAGES);
    q.id = m->deals[i];
    q.stage_key = (char *)(uintptr_t)stages[m->at[i]];
    m->sent++;
    ask(m, "OpportunityService/MoveOpportunity", &q.base, on_moved, m);
}

static void move_for(struct moves *m, double seconds)
{
    m->sent = m->answered = 0;
    m->end_us = drive_now_us() + (int64_t)(seconds * 1e6);
    for (int i = 0; i < OUTSTANDING; i++)
        move_one(m);
    while (m->waiting)
        zloop_run(m->bus.world);
}

/* --- what there is --- */

static void make_deal(struct moves *m, uint32_t i)
{
    Baton__Money amount = BATON__MONEY__INIT;
    Baton__Opportunity deal = BATON__OPPORTUNITY__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    amount.currency_code = (char *)"EUR";
    amount.has_minor_units = true;
    amount.minor_units = 100000 + i;
    deal.name = arena_printf(m->bus.arena, "Deal %u", i);
    deal.owner_id = m->owners[i % OWNERS];
    deal.amount = &amount;
    deal.close_date = arena_printf(m->bus.arena, "2031-%02u-15", 1 + i % 12);
    record.record_case = BATON__RECORD__RECORD_OPPORTUNITY;
    record.opportunity = &deal;
    q.record = &record;
    const Baton__CreateRecordResponse *r =
        bus_call(&m->bus, "opportunities", "RecordService/CreateRecord", &m->actor, &q.base,
                 &baton__create_record_response__descriptor);
    snprintf(m->deals[i], sizeof m->deals[i], "%s", r->record->opportunity->id);
    arena_reset(m->bus.arena);
}

static void make_all(struct moves *m)
{
    for (size_t i = 0; i < OWNERS; i++)
        company_user(&m->bus, BATON__ROLE__ROLE_REP, arena_printf(m->bus.arena, "owner%zu", i), m->owners[i]);
    bus_settle(&m->bus, "opportunities", "directory");
    for (uint32_t i = 0; i < DEALS; i++)
        make_deal(m, i);
    bus_settle(&m->bus, "notifications", "opportunities");
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    const double seconds = strtod(drive_option(argc, argv, "seconds", "10"), NULL);
    struct deployment d = deployment_up(drive_option(argc, argv, "programs", NULL), data);
    struct moves m = {.bus = bus_open(data), .arena = arena_new(CALL_MEMORY)};
    m.actor = company_actor(BATON__ROLE__ROLE_ADMIN, "01900000-0000-7000-8000-000000000001");
    make_all(&m);
    watch_all(&m);
    const int64_t begin_us = drive_now_us();
    move_for(&m, seconds);
    bus_settle(&m.bus, "notifications", "opportunities");
    const double took_s = (double)(drive_now_us() - begin_us) / 1e6;
    bench_row("moves", (double)m.answered / took_s, "moves/s", WANTED);
    for (size_t i = 0; i < WATCHES; i++) {
        bench_remark("moves: meanwhile %s %zu times: p50 %.1f ms, p99 %.1f ms", watches[i].method,
                     watches[i].samples.n, samples_ms(&watches[i].samples, 0.5),
                     samples_ms(&watches[i].samples, 0.99));
        samples_release(&watches[i].samples);
    }
    bus_close(&m.bus);
    drive_end(d.pid);
    arena_free(m.arena);
    return 0;
}
