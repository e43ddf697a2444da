/* What tests of decisions share: the surroundings of one decision. */
#ifndef BATON_TESTS_DECIDE_BENCH_H
#define BATON_TESTS_DECIDE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "schema/decide.h"

#define ID(n) "0190a8e2-1111-7000-8000-00000000000" #n
#define NOW   INT64_C(1780000000000000)

struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
};

static inline int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(8 << 20);
    baton__actor__init(&bench.actor);
    *state = &bench;
    return 0;
}

static inline int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

/* Stamp and outcome made anew. */
static inline void begin(struct bench *b)
{
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    memset(b->stamp.random, 0x5a, sizeof b->stamp.random);
}

static inline bool run_prepared(struct bench *b, decide_fn *decide, const void *facts, const void *request,
                                const void *prepared)
{
    const struct command c = {.request = request, .actor = &b->actor, .prepared = prepared};
    begin(b);
    return decide(facts, &c, &b->stamp, &b->out);
}

static inline bool run(struct bench *b, decide_fn *decide, const void *facts, const void *request)
{
    return run_prepared(b, decide, facts, request, NULL);
}

static inline bool check(struct bench *b, record_check_fn *fn, const void *facts, const void *before,
                         void *after)
{
    begin(b);
    return fn(facts, before, after, &b->stamp, &b->out);
}

static inline void assert_refused(bool ok, const struct bench *b, enum refusal_code code, const char *field)
{
    assert_false(ok);
    assert_int_equal(b->out.no.code, code);
    assert_string_equal(b->out.no.field, field);
}

#endif
