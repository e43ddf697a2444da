/* Bringing the rows of a CSV file in: many calls under way, asking again, writing down what was not taken. */
#include "tool/import.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/ident.h"
#include "tool/csv_rejects.h"
#include "tool/output.h"

enum {
    CALLS_MAX = 64,
    ROW_MEMORY_MAX = 16 << 20,
    ORIGINAL_MAX = 262144,
    EXTERNAL_ID_MAX = 200,
    PAUSE_FIRST_US = 100000,
    PAUSE_LONGEST_US = 5000000,
    GIVE_UP_US = 60000000, /* nobody answered for so long */
};

struct run;

/* A row under way. */
struct job {
    struct run *run;
    size_t row;
    char request_id[IDENT_TEXT_SIZE];
    struct job *next;
};

struct run {
    struct import *im;
    struct job jobs[CALLS_MAX];
    struct job *free, *again; /* again: to be asked once more after the pause */
    struct ident_source ids;
    struct arena *arena;
    struct progress progress;
    struct csv_rejects rejects;
    uint64_t done;
    int64_t pause_us, paused_until_us, trouble_since_us;
};

/* --- rows that are done --- */

static void row_done(struct run *r, uint64_t *count, const struct csv_row *row, const char *reason)
{
    (*count)++;
    if (reason != NULL) {
        csv_rejects_add(&r->rejects, row, reason);
        r->im->counts.written++;
    }
    progress_show(&r->progress, ++r->done);
}

/* --- one row as a request --- */

/* The source's own key, or what the row says where there is none: the same row is the same lead. */
static char *external_id_of(const struct csv_row *row, const Baton__Lead *lead, struct arena *a)
{
    uint8_t hash[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    if (lead->external_id != NULL && *lead->external_id != '\0')
        return lead->external_id;
    hash2(hash, row->raw, bytes_of(NULL, 0));
    hex_encode(hex, hash, HASH_SIZE);
    return arena_printf(a, "row-%.40s", hex);
}

/* A row of CSV means nothing without its header; a line of JSON stands for itself. */
static void original_of(const struct csv_file *f, const struct csv_row *row, Baton__Original *o,
                        struct arena *a)
{
    bool is_json = f->header_raw.size == 0;
    size_t header = is_json ? 0 : f->header_raw.size + 1;
    o->content_type = (char *)(is_json ? "application/json" : "text/csv");
    o->has_body = true;
    o->body.len = header + row->raw.size + 1;
    o->body.data = (uint8_t *)arena_printf(a, "%.*s%s%.*s\n", (int)f->header_raw.size,
                                           is_json ? "" : (const char *)f->header_raw.data,
                                           is_json ? "" : "\n", (int)row->raw.size, row->raw.data);
}

static Baton__CaptureLeadRequest *request_of(struct run *r, const struct job *job)
{
    const struct csv_file *f = r->im->file;
    const struct csv_row *row = &f->rows[job->row];
    struct arena *a = r->arena;
    Baton__CaptureLeadRequest *request = ARENA_NEW(a, Baton__CaptureLeadRequest);
    Baton__Lead *lead = ARENA_NEW(a, Baton__Lead);
    Baton__Original *original = ARENA_NEW(a, Baton__Original);
    baton__capture_lead_request__init(request);
    baton__lead__init(lead);
    baton__original__init(original);
    csv_map_lead(r->im->map, row, lead, a);
    lead->external_id = external_id_of(row, lead, a);
    if (lead->lead_source == NULL)
        lead->lead_source = (char *)r->im->source;
    original_of(f, row, original, a);
    request->request_id = (char *)job->request_id;
    request->lead = lead;
    request->has_acknowledge = request->acknowledge = r->im->acknowledge;
    request->original = original;
    return request;
}

/* --- answers --- */

/* Many calls fail together: they make one pause. */
static void pause_longer(struct run *r)
{
    int64_t now = output_clock_us();
    if (r->trouble_since_us == 0)
        r->trouble_since_us = now;
    if (now < r->paused_until_us)
        return;
    r->pause_us = r->pause_us == 0 ? PAUSE_FIRST_US : r->pause_us * 2;
    if (r->pause_us > PAUSE_LONGEST_US)
        r->pause_us = PAUSE_LONGEST_US;
    r->paused_until_us = now + r->pause_us;
}

static bool given_up(const struct run *r)
{
    return r->trouble_since_us != 0 && output_clock_us() - r->trouble_since_us > GIVE_UP_US;
}

static void answered(struct run *r, const struct csv_row *row, const Baton__CaptureLeadResponse *response)
{
    struct import_counts *c = &r->im->counts;
    const Baton__Lead *lead = response->lead;
    r->pause_us = r->trouble_since_us = 0;
    bool rejected = lead != NULL && lead->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED;
    const char *reason = rejected && lead->status_reason != NULL ? lead->status_reason : "rejected";
    if (lead == NULL)
        row_done(r, &c->failed, row, "the answer has no lead in it");
    else if (response->repeated_lead)
        row_done(r, &c->repeated, row, rejected ? reason : NULL);
    else if (rejected)
        row_done(r, &c->rejected, row, reason);
    else if (lead->status == BATON__LEAD_STATUS__LEAD_STATUS_MERGED)
        row_done(r, &c->merged, row, NULL);
    else
        row_done(r, &c->held, row, NULL);
}

static void on_answer(void *arg, const struct refusal *no, const void *response)
{
    struct job *job = arg;
    struct run *r = job->run;
    const struct csv_row *row = &r->im->file->rows[job->row];
    if (no != NULL && api_may_ask_again(no->code)) {
        pause_longer(r);
        if (!given_up(r)) {
            job->next = r->again;
            r->again = job;
            return;
        }
        row_done(r, &r->im->counts.failed, row, no->message);
    } else if (no != NULL)
        row_done(r, &r->im->counts.refused, row, no->message);
    else
        answered(r, row, response);
    job->next = r->free;
    r->free = job;
}

/* --- the run --- */

static void send(struct run *r, struct job *job)
{
    const struct csv_row *row = &r->im->file->rows[job->row];
    arena_reset(r->arena);
    if (api_start(r->im->api, "LeadService/CaptureLead", request_of(r, job), on_answer, job))
        return;
    row_done(r, &r->im->counts.refused, row, "the row is too large");
    job->next = r->free;
    r->free = job;
}

/* Waits the pause out, then asks again for all that were told to wait. */
static void send_again(struct run *r)
{
    int64_t wait = r->paused_until_us - output_clock_us();
    struct job *job;
    if (r->again == NULL)
        return;
    api_wait(r->im->api, 0);
    if (wait > 0)
        usleep((useconds_t)wait);
    struct job *list = r->again;
    r->again = NULL;
    while ((job = list) != NULL) {
        list = job->next;
        send(r, job);
    }
}

static struct job *free_job(struct run *r)
{
    while (r->free == NULL) {
        api_wait(r->im->api, CALLS_MAX);
        if (r->free == NULL)
            send_again(r);
    }
    struct job *job = r->free;
    r->free = job->next;
    return job;
}

static void fresh_ids(struct run *r)
{
    struct timespec now;
    uint8_t random[10];
    ssize_t got = getrandom(random, sizeof random, 0);
    assert(got == (ssize_t)sizeof random);
    clock_gettime(CLOCK_REALTIME, &now);
    ident_source_advance(&r->ids, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, random);
}

static void run_rows(struct run *r)
{
    const struct csv_file *f = r->im->file;
    for (size_t i = 0; i < f->n_rows; i++) {
        const struct csv_row *row = &f->rows[i];
        if (row->problem != NULL)
            row_done(r, &r->im->counts.refused, row, row->problem);
        else if (f->header_raw.size + row->raw.size + 2 > ORIGINAL_MAX)
            row_done(r, &r->im->counts.refused, row, "it is larger than 256 KiB");
        else if (given_up(r))
            row_done(r, &r->im->counts.failed, row, "Baton did not answer for a minute");
        else {
            send_again(r);
            struct job *job = free_job(r);
            job->row = i;
            ident_next_text(&r->ids, job->request_id);
            send(r, job);
        }
    }
    do {
        api_wait(r->im->api, 0);
        send_again(r);
    } while (r->again != NULL || r->done < f->n_rows);
}

bool import_run(struct import *im)
{
    struct run r = {.im = im, .arena = arena_new(ROW_MEMORY_MAX)};
    csv_rejects_begin(&r.rejects, im->rejects_path, im->file);
    for (size_t i = 0; i < CALLS_MAX; i++) {
        r.jobs[i].run = &r;
        r.jobs[i].next = r.free;
        r.free = &r.jobs[i];
    }
    im->counts = (struct import_counts){.rows = im->file->n_rows};
    fresh_ids(&r);
    progress_start(&r.progress, "import", im->file->n_rows, im->tool->json);
    run_rows(&r);
    progress_end(&r.progress);
    arena_free(r.arena);
    return csv_rejects_end(&r.rejects);
}
