/* What the benches share. */
#ifndef BATON_TESTS_BENCH_H
#define BATON_TESTS_BENCH_H

#include "tests/drive/drive.h"

/* --- say.c --- */

/* A row for tests/bench/run: `peer` 0 where it comes from elsewhere. */
void bench_row(const char *name, double ours, const char *unit, double peer);
/* Something a reader of the table should know. */
void bench_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- samples.c --- */

struct samples {
    int64_t *us;
    size_t n, room;
};
void samples_add(struct samples *s, int64_t us);
/* Sorts them; `part` 0.5 is the median. In milliseconds. */
double samples_ms(struct samples *s, double part);
void samples_release(struct samples *s);
/* `n` times two writes, each followed by fdatasync, of a small file in `dir`. */
void samples_two_syncs(struct samples *s, const char *dir, unsigned n);

/* --- deployment.c --- */

struct deployment {
    pid_t pid;
    char url[128], token[128];
};
/* `baton up` on any free port, once every service is ready. */
struct deployment deployment_up(const char *programs, const char *data_dir);

/* --- verify.c --- */

/* Records a second that `baton verify` proves. */
double verify_run(const char *programs, const char *data);

/* --- http.c --- */

struct http;
struct line;
/* `body` lives until it returns. */
typedef void http_reply_fn(void *arg, struct line *line, unsigned status, struct bytes body);
/* Bytes of a stream as they come, after its head. */
typedef void http_data_fn(void *arg, struct bytes data);

struct http *http_new(const char *url);
void http_free(struct http *h);
struct line *http_line(struct http *h);
/* Sends a POST of JSON on a line that waits for nothing. */
void http_post(struct line *l, const char *path, const char *token, const char *json, http_reply_fn *reply,
               void *arg);
/* When the line's last request went out. */
int64_t http_posted_us(const struct line *l);
void http_stream(struct line *l, const char *path, const char *token, http_data_fn *data, void *arg);
/* Handles what comes within so many milliseconds. */
void http_wait(struct http *h, int ms);
const char *http_address(const struct http *h);

/* --- ceiling.c --- */

/* How many leads a second go through the bare store: what the stores of `data_dir` hold of each lead is
   written again in the order in which it came, into two stores in `scratch`, so many leads in a commit. */
double ceiling_run(const char *data_dir, const char *scratch, double leads_a_commit,
                   double notifications_a_commit);

#endif
