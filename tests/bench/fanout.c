/* fanout: one event to all open streams, until the last one has it; beside a broker of MQTT that sends a
   message to as many subscribers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "fanout.h"

enum { STREAMS_EACH = 20, PATIENCE_MS = 20000, MOST = 10000, STREAM_KIB = 16 };

static const size_t sizes[] = {100, 1000, MOST};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

/* --- ours --- */

static void more_streams(struct side *s, size_t upto)
{
    for (size_t i = s->n; i < upto; i++)
        (void)crowd_stream(s->crowd, s->ears, i / STREAMS_EACH, 0); /* they are numbered as they come */
}

static void cry(struct side *s, const char *mark)
{
    crowd_cry(s->crowd, mark);
}

/* --- both --- */

static void all_hear(struct side *s, size_t first, struct bytes mark)
{
    size_t heard = ears_hear(s->ears, PATIENCE_MS);
    if (heard < s->n - first)
        drive_die("%s: %zu of %zu have heard %.*s", s->name, heard, s->n - first, (int)mark.size,
                  (const char *)mark.data);
}

static void grow(struct side *s, size_t upto)
{
    size_t first = s->n;
    s->more(s, upto);
    s->n = upto;
    ears_expect(s->ears, first, s->ready);
    all_hear(s, first, s->ready);
}

static void say_once(struct side *s, struct samples *samples)
{
    char mark[EARS_MARK_MAX];
    snprintf(mark, sizeof mark, "Ring %08u.", ++s->rung);
    ears_expect(s->ears, 0, bytes_text(mark));
    int64_t begin_us = drive_now_us();
    s->say(s, mark);
    all_hear(s, 0, bytes_text(mark));
    samples_add(samples, ears_last_us(s->ears) - begin_us);
}

static void measure(struct side *s, size_t streams, struct samples *samples, unsigned rounds)
{
    struct samples none = {0};
    grow(s, streams);
    say_once(s, &none); /* what is done the first time is not the rule */
    samples_release(&none);
    int64_t cpu_us = drive_cpu_us(s->pid), own_us = drive_cpu_us(getpid());
    for (unsigned i = 0; i < rounds; i++)
        say_once(s, samples);
    s->packet_bytes = ears_bytes(s->ears) / streams;
    bench_remark(
        "fanout-%zu: %s sent %zu bytes to each and took %.1f ms of a processor for that, the client %.1f; "
        "longest %.1f ms",
        streams, s->name, s->packet_bytes, (double)(drive_cpu_us(s->pid) - cpu_us) / 1000. / rounds,
        (double)(drive_cpu_us(getpid()) - own_us) / 1000. / rounds, samples_ms(samples, 1));
}

static void measure_all(struct side *s, struct samples samples[N_SIZES], unsigned rounds)
{
    double before = drive_memory_kib(s->pid, "status", "VmRSS:");
    for (size_t i = 0; i < N_SIZES; i++)
        measure(s, sizes[i], &samples[i], rounds);
    s->stream_kib = (drive_memory_kib(s->pid, "status", "VmHWM:") - before) / MOST;
}

/* The bytes of an event. */
static size_t measure_ours(const char *programs, const char *data, struct samples samples[N_SIZES],
                           unsigned rounds)
{
    static const char ready[] = "event: ready";
    struct crowd crowd;
    crowd_open(&crowd, programs, data, MOST / STREAMS_EACH);
    struct side ours = {.name = "the gateway",
                        .crowd = &crowd,
                        .pid = crowd.pids[CROWD_GATEWAY],
                        .ears = ears_new(crowd.port),
                        .more = more_streams,
                        .say = cry,
                        .ready = bytes_text(ready)};
    measure_all(&ours, samples, rounds);
    bench_row("fanout-memory", ours.stream_kib, "KiB", STREAM_KIB);
    ears_free(ours.ears);
    crowd_close(&crowd);
    return ours.packet_bytes;
}

static void measure_theirs(const char *data, size_t packet_bytes, struct samples samples[N_SIZES],
                           unsigned rounds)
{
    struct side theirs;
    broker_open(&theirs, data, packet_bytes);
    measure_all(&theirs, samples, rounds);
    bench_remark("fanout-memory: the broker takes %.1f KiB a subscriber", theirs.stream_kib);
    broker_close(&theirs);
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    const char *programs = drive_option(argc, argv, "programs", NULL);
    unsigned rounds = (unsigned)strtoul(drive_option(argc, argv, "rounds", "15"), NULL, 10);
    struct samples ours[N_SIZES] = {0}, theirs[N_SIZES] = {0};
    char name[32];
    size_t packet_bytes = measure_ours(programs, data, ours, rounds);
    measure_theirs(data, packet_bytes, theirs, rounds);
    for (size_t i = 0; i < N_SIZES; i++) {
        snprintf(name, sizeof name, "fanout-%zu", sizes[i]);
        bench_row(name, samples_ms(&ours[i], 0.5), "ms", samples_ms(&theirs[i], 0.5));
        samples_release(&ours[i]);
        samples_release(&theirs[i]);
    }
    return 0;
}
