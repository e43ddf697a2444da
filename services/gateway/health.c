/* How Baton is, for operators and their machines: health, readiness, metrics, the list of services, the
 * schema. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "board.h"
#include "events.h"
#include "http.h"
#include "stream.h"

enum { TEXT_MAX = 1 << 20 };

const int64_t http_bounds_us[HTTP_BOUNDS] = {500,   1000,   2500,   5000,    10000,   25000,
                                             50000, 100000, 250000, 1000000, 5000000, 30000000};

void http_count(struct http_counts *all, const struct request *r)
{
    int64_t took = gateway_now_us() - r->started_us;
    size_t i = 0;
    bool is_answered = r->state == REQUEST_QUEUED || r->state == REQUEST_LEFT;
    all->classes[is_answered ? r->status / 100 : 0]++;
    while (i < HTTP_BOUNDS && took > http_bounds_us[i])
        i++;
    if (i < HTTP_BOUNDS)
        all->within[i]++;
    else
        all->beyond++;
    all->total_us += (uint64_t)took;
}

static void send_text(struct request *r, unsigned status, const char *type, struct buffer *text)
{
    assert(!text->overflow);
    struct MHD_Response *response = answer_new(r, type, text);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, "Retry-After", "1");
    answer_headers(r, response);
    request_send(r, status, response);
}

void health_live(struct request *r)
{
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    (void)buffer_text(&text, "ok\n"); /* fits */
    send_text(r, MHD_HTTP_OK, "text/plain; charset=utf-8", &text);
}

void health_schema(struct request *r)
{
    struct buffer copy;
    struct bytes schema = schema_descriptor_set();
    buffer_init(&copy, schema.size);
    (void)buffer_add(&copy, schema.data, schema.size); /* fits */
    send_text(r, MHD_HTTP_OK, "application/octet-stream", &copy);
}

static Baton__ListServicesResponse *list_services(struct request *r)
{
    struct gateway *g = r->gateway;
    arena_reset(g->arena);
    Baton__ListServicesResponse *list = ARENA_NEW(g->arena, Baton__ListServicesResponse);
    baton__list_services_response__init(list);
    list->services = ARENA_ARRAY(g->arena, Baton__ServiceStatus *, CLIENT_SERVICES + 1);
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        list->services[list->n_services++] = board_status(g->board, i, g->arena);
    list->services[list->n_services++] = board_self(g->board, g->arena);
    return list;
}

static void answer_list(struct request *r)
{
    connect_answer(r, &list_services(r)->base);
}

void health_list_services(struct request *r)
{
    board_ask(r->gateway->board, answer_list, r);
}

/* --- readiness --- */

static bool is_ready(const Baton__ServiceStatus *status)
{
    return status->state && strcmp(status->state, "ready") == 0;
}

static void answer_ready(struct request *r)
{
    const Baton__ListServicesResponse *list = list_services(r);
    struct buffer text;
    bool all = true;
    buffer_init(&text, TEXT_MAX);
    (void)buffer_text(&text, "{\"services\":["); /* all of it fits, or send_text asserts */
    for (size_t i = 0; i < list->n_services; i++) {
        const Baton__ServiceStatus *status = list->services[i];
        all = all && is_ready(status);
        (void)buffer_text(&text, i ? ",{\"name\":" : "{\"name\":");
        (void)schema_json_string(&text, status->name ? status->name : "");
        (void)buffer_text(&text, ",\"state\":");
        (void)schema_json_string(&text, status->state ? status->state : "");
        (void)buffer_char(&text, '}');
    }
    (void)buffer_text(&text, "]}\n");
    send_text(r, all ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, "application/json", &text);
}

void health_ready(struct request *r)
{
    board_ask(r->gateway->board, answer_ready, r);
}

/* --- metrics, as Prometheus reads them --- */

/* A number of every service: field of ServiceStatus, name, kind. */
static const struct {
    const char *field, *name, *kind, *help;
} service_metrics[] = {
    {"head_seq", "baton_log_head", "gauge", "Position of the newest record of the log."},
    {"resident_bytes", "baton_resident_bytes", "gauge", "Resident memory."},
    {"store_bytes", "baton_store_bytes", "gauge", "Size of the store."},
    {"commands", "baton_commands_total", "counter", "Commands carried out."},
    {"queries", "baton_queries_total", "counter", "Queries answered."},
    {"refusals", "baton_refusals_total", "counter", "Requests refused."},
    {"commits", "baton_commits_total", "counter", "Transactions committed."},
    {"commit_us", "baton_commit_microseconds_total", "counter", "Time spent committing."},
    {"followers", "baton_followers", "gauge", "Services that follow the log."},
};

static void write_help(struct buffer *out, const char *name, const char *kind, const char *help)
{
    (void)buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void write_requests(const struct http_counts *counts, struct buffer *out)
{
    static const char *const classes[HTTP_CLASSES] = {"aborted", "1xx", "2xx", "3xx", "4xx", "5xx"};
    uint64_t n = 0;
    write_help(out, "baton_http_requests_total", "counter", "Requests by status class.");
    for (size_t i = 0; i < HTTP_CLASSES; i++)
        (void)buffer_printf(out, "baton_http_requests_total{class=\"%s\"} %" PRIu64 "\n", classes[i],
                            counts->classes[i]);
    write_help(out, "baton_http_request_seconds", "histogram", "Time from request line to answer sent.");
    for (size_t i = 0; i < HTTP_BOUNDS; i++)
        (void)buffer_printf(out, "baton_http_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                            (double)http_bounds_us[i] / 1e6, n += counts->within[i]);
    n += counts->beyond;
    (void)buffer_printf(out,
                        "baton_http_request_seconds_bucket{le=\"+Inf\"} %" PRIu64
                        "\nbaton_http_request_seconds_sum %.6f\nbaton_http_request_seconds_count %" PRIu64
                        "\n",
                        n, (double)counts->total_us / 1e6, n);
}

static void write_services(const Baton__ListServicesResponse *list, struct buffer *out)
{
    write_help(out, "baton_ready", "gauge", "1 if the service is ready.");
    for (size_t i = 0; i < list->n_services; i++)
        (void)buffer_printf(out, "baton_ready{service=\"%s\"} %d\n", list->services[i]->name,
                            is_ready(list->services[i]));
    for (size_t m = 0; m < sizeof service_metrics / sizeof *service_metrics; m++) {
        write_help(out, service_metrics[m].name, service_metrics[m].kind, service_metrics[m].help);
        for (size_t i = 0; i < list->n_services; i++)
            (void)buffer_printf(out, "%s{service=\"%s\"} %" PRId64 "\n", service_metrics[m].name,
                                list->services[i]->name,
                                schema_get_int(&list->services[i]->base, service_metrics[m].field));
    }
}

static void write_lags(const Baton__ListServicesResponse *list, struct buffer *out)
{
    write_help(out, "baton_follow_lag", "gauge", "Records of another service's log not taken in yet.");
    for (size_t i = 0; i < list->n_services; i++)
        for (size_t k = 0; k < list->services[i]->n_follows; k++) {
            const Baton__FollowStatus *f = list->services[i]->follows[k];
            (void)buffer_printf(out, "baton_follow_lag{service=\"%s\",of=\"%s\"} %" PRIu64 "\n",
                                list->services[i]->name, f->service,
                                f->head_seq > f->cursor_seq ? f->head_seq - f->cursor_seq : 0);
        }
}

static void write_stopped(const Baton__ListServicesResponse *list, struct buffer *out)
{
    write_help(out, "baton_follow_stopped", "gauge", "1 if it stands still; `baton status` says why.");
    for (size_t i = 0; i < list->n_services; i++)
        for (size_t k = 0; k < list->services[i]->n_follows; k++) {
            const Baton__FollowStatus *f = list->services[i]->follows[k];
            (void)buffer_printf(out, "baton_follow_stopped{service=\"%s\",of=\"%s\"} %d\n",
                                list->services[i]->name, f->service, f->stopped && *f->stopped);
        }
}

static void answer_metrics(struct request *r)
{
    struct gateway *g = r->gateway;
    const Baton__ListServicesResponse *list = list_services(r);
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    write_requests(http_counts(g->http), &out); /* all of it fits, or send_text asserts */
    write_help(&out, "baton_http_connections", "gauge", "Open connections but those of streams.");
    (void)buffer_printf(&out, "baton_http_connections %u\n", http_connections(g->http));
    write_help(&out, "baton_streams", "gauge", "Open event streams.");
    (void)buffer_printf(&out, "baton_streams %u\n", streams_count(g->streams));
    write_help(&out, "baton_event_readers", "gauge", "Who reads the logs by /v1/events.");
    (void)buffer_printf(&out, "baton_event_readers %u\n", events_count(g->events));
    write_services(list, &out);
    write_lags(list, &out);
    write_stopped(list, &out);
    send_text(r, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", &out);
}

void health_metrics(struct request *r)
{
    board_ask(r->gateway->board, answer_metrics, r);
}
