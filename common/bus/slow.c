/* Two threads, one bounded queue in, one list out, and an async watcher that brings results to the loop.
   Jobs are begun in the order they came in, but a long one waits while another is at work. */
#include "bus/slow.h"

#include <assert.h>
#include <ev.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct slow_pool {
    struct ev_loop *loop;
    ev_async wake;
    pthread_t threads[SLOW_THREADS];
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct slow_job *waiting, **waiting_end, *finished;
    unsigned n_waiting, n_long_waiting, n_long_at_work;
    bool stop;
};

/* Where the next job is that may be begun; NULL: none may. */
static struct slow_job **next_of(struct slow_pool *p)
{
    struct slow_job **at = &p->waiting;
    while (*at && (*at)->is_long && p->n_long_at_work >= SLOW_LONG_AT_WORK)
        at = &(*at)->next;
    return *at ? at : NULL;
}

static struct slow_job *take(struct slow_pool *p)
{
    struct slow_job **at = NULL, *job = NULL;
    pthread_mutex_lock(&p->lock);
    while (!p->stop && !(at = next_of(p)))
        pthread_cond_wait(&p->work, &p->lock);
    if (!p->stop) {
        job = *at;
        *at = job->next;
        if (p->waiting_end == &job->next)
            p->waiting_end = at;
        p->n_waiting--;
        p->n_long_waiting -= job->is_long;
        p->n_long_at_work += job->is_long;
    }
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void *run(void *arg)
{
    struct slow_pool *p = arg;
    for (struct slow_job *job; (job = take(p));) {
        job->work(job);
        pthread_mutex_lock(&p->lock);
        p->n_long_at_work -= job->is_long;
        job->next = p->finished;
        p->finished = job;
        pthread_mutex_unlock(&p->lock); /* this thread takes a long one that has waited for it */
        ev_async_send(p->loop, &p->wake);
    }
    return NULL;
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    struct slow_pool *p = wake->data;
    pthread_mutex_lock(&p->lock);
    struct slow_job *job = p->finished;
    p->finished = NULL;
    pthread_mutex_unlock(&p->lock);
    while (job) {
        struct slow_job *next = job->next;
        job->done(job);
        job = next;
    }
}

struct slow_pool *slow_pool_new(struct ev_loop *loop)
{
    struct slow_pool *p = calloc(1, sizeof *p);
    assert(p);
    p->loop = loop;
    p->waiting_end = &p->waiting;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    ev_async_init(&p->wake, on_wake);
    p->wake.data = p;
    ev_async_start(loop, &p->wake);
    /* Signals belong to the loop. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < SLOW_THREADS; i++)
        if (pthread_create(&p->threads[i], NULL, run, p) != 0)
            abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return p;
}

void slow_pool_free(struct slow_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < SLOW_THREADS; i++)
        pthread_join(p->threads[i], NULL);
    ev_async_stop(p->loop, &p->wake);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

bool slow_pool_add(struct slow_pool *p, struct slow_job *job)
{
    pthread_mutex_lock(&p->lock);
    bool room = p->n_waiting < SLOW_QUEUE_MAX && (!job->is_long || p->n_long_waiting < SLOW_LONG_WAITING);
    if (room) {
        job->next = NULL;
        *p->waiting_end = job;
        p->waiting_end = &job->next;
        p->n_waiting++;
        p->n_long_waiting += job->is_long;
        pthread_cond_signal(&p->work);
    }
    pthread_mutex_unlock(&p->lock);
    return room;
}
