/* A queue of at most a mail for each watcher; the loop is woken, calls, and wakes who waits. */
#include "services/mailbox/post.h"

#include <assert.h>
#include <ev.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "baton/v1/leads.pb-c.h"
#include "bus/client.h"
#include "schema/schema.h"

enum { POST_ARENA_MAX = 4 << 20 };

struct job {
    struct post *post;
    struct bytes mail;
    const char *product_interest;
    struct posted *out;
    struct refusal *no;
    bool is_done;
    struct job *next;
};

struct post {
    struct ev_loop *loop;
    struct client *client;
    struct arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct job *waiting;
    ev_async wake;
};

static void finish(struct job *j)
{
    pthread_mutex_lock(&j->post->lock);
    j->is_done = true;
    pthread_cond_broadcast(&j->post->done);
    pthread_mutex_unlock(&j->post->lock);
}

static void read_answer(struct job *j, struct bytes body)
{
    arena_reset(j->post->arena);
    const Baton__SubmitMailResponse *r = (const Baton__SubmitMailResponse *)schema_unpack(
        schema_message(&baton__submit_mail_response__descriptor), body, j->post->arena);
    if (!r) {
        (void)refuse(j->no, REFUSAL_UNAVAILABLE, NULL, "the leads service's answer cannot be read");
        return;
    }
    j->out->is_repeated = r->repeated_lead;
    j->out->is_rejected = r->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED;
    (void)snprintf(j->out->reason, sizeof j->out->reason, "%s", r->status_reason ? r->status_reason : "");
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct job *j = arg;
    if (no)
        *j->no = *no;
    else
        read_answer(j, body);
    finish(j);
}

static bool call(struct job *j)
{
    Baton__SubmitMailRequest request = BATON__SUBMIT_MAIL_REQUEST__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.has_role = true;
    actor.role = BATON__ROLE__ROLE_SYSTEM;
    actor.service = (char *)"mailbox";
    original.content_type = (char *)"message/rfc822";
    original.has_body = true;
    original.body = (ProtobufCBinaryData){j->mail.size, (uint8_t *)(uintptr_t)j->mail.data};
    request.product_interest = (char *)(uintptr_t)j->product_interest;
    arena_reset(j->post->arena);
    const struct call c = {.service = "leads",
                           .method = "LeadService/SubmitMail",
                           .actor = &actor,
                           .original = &original,
                           .body = schema_pack(&request.base, j->post->arena)};
    return client_call(j->post->client, &c, on_reply, j, j->no);
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    struct post *p = wake->data;
    pthread_mutex_lock(&p->lock);
    struct job *j = p->waiting;
    p->waiting = NULL;
    pthread_mutex_unlock(&p->lock);
    for (struct job *next; j; j = next) {
        next = j->next; /* whoever is told takes the job away */
        if (!call(j))
            finish(j);
    }
}

struct post *post_new(struct world *w, struct ev_loop *loop)
{
    struct post *p = calloc(1, sizeof *p);
    assert(p);
    p->loop = loop;
    p->client = client_new(w);
    p->arena = arena_new(POST_ARENA_MAX);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->done, NULL);
    ev_async_init(&p->wake, on_wake);
    p->wake.data = p;
    ev_async_start(loop, &p->wake);
    return p;
}

bool post_mail(struct post *p, struct bytes mail, const char *product_interest, struct posted *out,
               struct refusal *no)
{
    struct job j = {.post = p, .mail = mail, .product_interest = product_interest, .out = out, .no = no};
    *out = (struct posted){0};
    *no = (struct refusal){0};
    pthread_mutex_lock(&p->lock);
    j.next = p->waiting;
    p->waiting = &j;
    ev_async_send(p->loop, &p->wake);
    while (!j.is_done)
        pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
    return !no->code;
}
