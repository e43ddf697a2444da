/* Promise 6: who follows is sent no more than the credit they granted, whatever became of it on the way. */
#include <assert.h>
#include <stdlib.h>

#include "bus/envelope.h"
#include "bus/follow.h"
#include "sim/sim.h"

/* One message may go over what is left, and so may a record that is larger than all of it. */
enum { OVER = 600 << 10 };

/* Of the newest asking of one service by another. */
struct line {
    uint64_t number;
    uint64_t granted, sent;
};
struct credit {
    struct line lines[SERVICES][SERVICES]; /* [follower][followed] */
};

static void granted(struct sim *sim, struct line *l, const Baton__Envelope *e, struct bytes body,
                    struct arena *a)
{
    struct refusal no = {0};
    ProtobufCMessage *m = NULL;
    if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW) {
        *l = (struct line){.number = e->call, .granted = FOLLOW_CREDIT_BYTES};
    } else if (e->call == l->number &&
               schema_decode(schema_message(&baton__follow_credit__descriptor), body, a, &m, &no)) {
        /* it may arrive twice */
        l->granted += 2 * ((Baton__FollowCredit *)m)->bytes;
    }
}

void credit_look(struct sim *sim, const struct process *from, const struct process *to, struct bytes envelope,
                 struct bytes body)
{
    struct refusal no = {0};
    struct arena *a = arena_new(1 << 20);
    if (!sim->credit) {
        sim->credit = calloc(1, sizeof *sim->credit);
        assert(sim->credit);
    }
    const Baton__Envelope *e = envelope_decode(envelope, body, a, &no);
    if (!e)
        sim_wrong(sim, "credit: %s sends what nobody can read", from->def->name);
    struct line *asked = &sim->credit->lines[from->number][to->number];
    struct line *answered = &sim->credit->lines[to->number][from->number];
    if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_RECORDS) {
        if (e->call == answered->number && (answered->sent += body.size) > answered->granted + OVER)
            sim_wrong(sim, "credit: %s has sent %zu bytes to %s, which granted %zu", from->def->name,
                      (size_t)answered->sent, to->def->name, (size_t)answered->granted);
    } else {
        granted(sim, asked, e, body, a);
    }
    arena_free(a);
}
