/* What fanout measures: somebody who says one thing to many. */
#ifndef BATON_TESTS_BENCH_FANOUT_H
#define BATON_TESTS_BENCH_FANOUT_H

#include "bench.h"

struct side {
    const char *name;
    pid_t pid;         /* who sends to the many */
    struct ears *ears; /* the many */
    size_t n;
    unsigned rung;
    struct bytes ready; /* what an ear hears once it would hear the rest */
    /* Opens those that are missing. */
    void (*more)(struct side *s, size_t upto);
    /* Something that all hear, with the mark in it. */
    void (*say)(struct side *s, const char *mark);
    struct crowd *crowd;
    int publisher;
    size_t packet_bytes; /* of what each hears */
    double stream_kib;
};

/* --- fanout_broker.c --- */

/* Starts mosquitto on any free port, with a folder of its own beside `data`; its messages are as large as
   said. Ends it. */
void broker_open(struct side *s, const char *data, size_t packet_bytes);
void broker_close(struct side *s);

#endif
