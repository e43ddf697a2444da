/* The slow pool, as bus/slow.h and struct slow_job promise it.
   1 jobs are begun in the order in which they came in
   2 of long ones only some are at work, and the others hold up nobody else
   3 a long one that has waited is begun when there is room for it
   4 what waits is bounded, and long ones leave room for others */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <ev.h>

#include "bus/slow.h"

enum { JOBS = 2 * SLOW_QUEUE_MAX };

struct job {
    struct slow_job slow; /* first */
    struct pool *pool;
    unsigned number;
    unsigned gate; /* at work until so many are open */
};

struct pool {
    struct ev_loop *loop;
    struct slow_pool *slow;
    struct job jobs[JOBS];
    unsigned n;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned n_open;
    unsigned begun[JOBS], n_begun, n_done, long_at_work, long_most;
};

static void work(struct slow_job *slow)
{
    struct job *j = (struct job *)slow;
    struct pool *p = j->pool;
    pthread_mutex_lock(&p->lock);
    p->begun[p->n_begun++] = j->number;
    p->long_at_work += slow->is_long;
    if (p->long_at_work > p->long_most)
        p->long_most = p->long_at_work;
    pthread_cond_broadcast(&p->changed);
    while (j->gate > p->n_open)
        pthread_cond_wait(&p->changed, &p->lock);
    p->long_at_work -= slow->is_long;
    pthread_mutex_unlock(&p->lock);
}

static void done(struct slow_job *slow)
{
    ((struct job *)slow)->pool->n_done++;
}

static bool give(struct pool *p, bool is_long, unsigned gate)
{
    struct job *j = &p->jobs[p->n];
    *j = (struct job){{.work = work, .done = done, .is_long = is_long}, p, p->n, gate};
    p->n++;
    return slow_pool_add(p->slow, &j->slow);
}

static void wait_begun(struct pool *p, unsigned n)
{
    pthread_mutex_lock(&p->lock);
    while (p->n_begun < n)
        pthread_cond_wait(&p->changed, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

static void open_gates(struct pool *p, unsigned n)
{
    pthread_mutex_lock(&p->lock);
    p->n_open = n;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
}

static void run_until(struct pool *p, unsigned n_done)
{
    while (p->n_done < n_done)
        ev_run(p->loop, EVRUN_ONCE);
}

static int set_up(void **state)
{
    struct pool *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    p->loop = ev_loop_new(EVFLAG_AUTO);
    p->slow = slow_pool_new(p->loop);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct pool *p = *state;
    open_gates(p, SLOW_THREADS);
    slow_pool_free(p->slow);
    ev_loop_destroy(p->loop);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p);
    return 0;
}

static void test_order(void **state)
{
    struct pool *p = *state;
    for (unsigned i = 0; i < SLOW_THREADS; i++)
        assert_true(give(p, false, i + 1));
    wait_begun(p, SLOW_THREADS);
    for (unsigned i = 0; i < SLOW_QUEUE_MAX; i++)
        assert_true(give(p, i % 3 == 0 && i / 3 < SLOW_LONG_WAITING, 0));
    assert_false(give(p, false, 0)); /* 4 */
    /* 1: one thread alone goes on */
    open_gates(p, 1);
    run_until(p, 1 + SLOW_QUEUE_MAX);
    for (unsigned i = SLOW_THREADS; i < p->n_begun; i++)
        assert_int_equal(p->begun[i], i);
}

static void test_long(void **state)
{
    struct pool *p = *state;
    for (unsigned i = 0; i < SLOW_LONG_AT_WORK; i++)
        assert_true(give(p, true, 1));
    wait_begun(p, SLOW_LONG_AT_WORK);
    /* 4: and one more than may wait */
    for (unsigned i = 0; i < SLOW_LONG_WAITING; i++)
        assert_true(give(p, true, 0));
    assert_false(give(p, true, 0));
    /* 2: those behind them, and the last of the queue as well */
    const unsigned others = SLOW_QUEUE_MAX - SLOW_LONG_WAITING;
    for (unsigned i = 0; i < others; i++)
        assert_true(give(p, false, 0));
    run_until(p, others);
    assert_int_equal(p->n_begun, SLOW_LONG_AT_WORK + others);
    assert_true(give(p, false, 0));
    run_until(p, others + 1);
    /* 3 */
    open_gates(p, 1);
    run_until(p, SLOW_LONG_AT_WORK + SLOW_LONG_WAITING + others + 1);
    assert_int_equal(p->long_most, SLOW_LONG_AT_WORK);
    assert_true(give(p, true, 0));
    run_until(p, SLOW_LONG_AT_WORK + SLOW_LONG_WAITING + others + 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_order), TEST(test_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
