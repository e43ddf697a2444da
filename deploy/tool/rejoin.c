/* `baton rejoin`: a follower goes on from where the restored service is now. */
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "tool/beyond.h"
#include "tool/deployment.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum {
    ARENA_LIMIT = 256 << 20,
    LOOK_EVERY_MS = 300 /* the gateway's answer is up to 100 ms old */,
    SILENT_US = 30000000
};

struct joining {
    struct session *session;
    const char *follower, *followed;
};

/* NULL: the follower does not answer just now, or does not follow it. */
static const Baton__FollowStatus *look(struct joining *j, struct arena *a)
{
    Baton__ListServicesRequest request;
    void *answer;
    baton__list_services_request__init(&request);
    struct refusal *no = &j->session->no;
    if (!api_call(j->session->api, "SystemService/ListServices", &request, a, &answer, no))
        return NULL;
    const Baton__ListServicesResponse *list = answer;
    for (size_t i = 0; i < list->n_services; i++)
        for (size_t k = 0; k < list->services[i]->n_follows; k++)
            if (strcmp(list->services[i]->name, j->follower) == 0 &&
                strcmp(list->services[i]->follows[k]->service, j->followed) == 0)
                return list->services[i]->follows[k];
    (void)refuse(no, REFUSAL_UNAVAILABLE, NULL, "%s does not answer", j->follower);
    return NULL;
}

/* Until the follower has read the log again and is done with it. */
static bool wait_read(struct joining *j, uint64_t total)
{
    struct progress p;
    struct arena *a = arena_new(ARENA_LIMIT);
    const Baton__FollowStatus *s = NULL;
    bool is_reading = true;
    int64_t heard_us = output_clock_us();
    progress_start(&p, "reading again", total, j->session->tool->json);
    while (is_reading && output_clock_us() - heard_us < SILENT_US) {
        arena_reset(a);
        (void)poll(NULL, 0, LOOK_EVERY_MS); /* time passes */
        if ((s = look(j, a)) == NULL)
            continue;
        heard_us = output_clock_us();
        is_reading = s->has_rejoin_to_seq;
        progress_show(&p, is_reading ? s->cursor_seq : total);
    }
    progress_end(&p);
    bool is_done = !is_reading && (s->stopped == NULL || !*s->stopped);
    if (!is_reading && !is_done)
        (void)refuse(&j->session->no, REFUSAL_ABORTED, NULL,
                     "%s was interrupted and has changed nothing; `baton status` says how it is",
                     j->follower);
    arena_free(a);
    return is_done;
}

/* Read from the follower's own log. */
static uint64_t stays(struct joining *j)
{
    uint64_t n = 0, seq;
    struct store *store = deployment_open(j->session->tool->data_dir, deployment_service(j->follower));
    struct txn *t = store != NULL ? store_begin(store, false) : NULL;
    if (t != NULL) {
        const Baton__FollowRejoined *e =
            beyond_last(t, log_head(store).seq, j->followed, j->session->arena, &seq);
        n = e != NULL ? beyond_count(t, seq, e) : 0;
        store_abort(t);
    }
    store_close(store);
    return n;
}

static void print_result(struct joining *j, const Baton__RejoinFollowResponse *r)
{
    uint64_t n = stays(j);
    struct arena *a = j->session->arena;
    FILE *out = j->session->tool->out;
    if (j->session->tool->json) {
        fprintf(out,
                "{\"follower\":\"%s\",\"followed\":\"%s\",\"old_seq\":%" PRIu64 ",\"new_seq\":%" PRIu64
                ",\"stay\":%" PRIu64 "}\n",
                j->follower, j->followed, r->old_seq, r->new_seq, n);
        return;
    }
    fprintf(out, "%s follows %s again: it had read up to %s and goes on behind %s.\n", j->follower,
            j->followed, output_number(a, r->old_seq), output_number(a, r->new_seq));
    if (n > 0)
        fprintf(out, "%s records of %s stem from what %s no longer has; they stay.\n", output_number(a, n),
                j->follower, j->followed);
}

static bool rejoin(struct session *s)
{
    struct joining j = {s, s->words[0], s->words[1]};
    Baton__RejoinFollowRequest request;
    baton__rejoin_follow_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.service = s->words[0];
    request.followed = s->words[1];
    const Baton__RejoinFollowResponse *answer = session_call(s, "SystemService/RejoinFollow", &request);
    if (answer == NULL)
        return false;
    const Baton__RejoinFollowResponse r = *answer; /* the arena is reset while the log is read */
    if (r.reading && !wait_read(&j, r.new_seq))
        return false;
    print_result(&j, &r);
    return true;
}

int tool_rejoin(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, ARENA_LIMIT, rejoin);
}
