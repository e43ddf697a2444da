/* One moment of several stores: take all, look at who has read further than another reaches, take that one
 * anew.
 */
#include "store/cut.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"

void cut_add(struct cut *c, const char *service, struct store *store)
{
    assert(c->n < CUT_PARTS_MAX);
    c->parts[c->n++] = (struct cut_part){.service = service, .store = store};
}

bool cut_take_part(struct cut *c, struct cut_part *p)
{
    snapshot_free(p->snapshot);
    p->snapshot = snapshot_new(p->store);
    p->turn = ++c->turns;
    return p->snapshot != NULL;
}

/* What was read is committed where it was read from, before it is read. So a log that was looked at later
   than the cursor and still ends before it was restored from an older backup: its follower stands still, and
   no other moment is better. */
static bool is_ahead(const struct cut_part *follower, const struct cut_part *followed)
{
    struct cursor c;
    return follower->turn > followed->turn &&
           cursor_get(snapshot_txn(follower->snapshot), followed->service, &c) &&
           memcmp(c.log_id, log_id(followed->store), LOG_ID_SIZE) == 0 &&
           c.at.seq > log_newest(snapshot_txn(followed->snapshot));
}

struct cut_part *cut_behind(struct cut *c)
{
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->n; k++)
            if (is_ahead(&c->parts[i], &c->parts[k]))
                return &c->parts[k];
    return NULL;
}

static bool take_all(struct cut *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (!cut_take_part(c, &c->parts[i]))
            return false;
    return true;
}

static bool catch_up(struct cut *c)
{
    struct cut_part *behind;
    for (unsigned i = 0; (behind = cut_behind(c)); i++) {
        if (i == CUT_TRIES) {
            log_failure("store",
                        "%s goes on too fast to be looked at together with who follows it; try again",
                        behind->service);
            return false;
        }
        if (!cut_take_part(c, behind))
            return false;
    }
    return true;
}

bool cut_take(struct cut *c)
{
    if (take_all(c) && catch_up(c))
        return true;
    cut_end(c);
    return false;
}

void cut_end(struct cut *c)
{
    for (size_t i = 0; i < c->n; i++) {
        snapshot_free(c->parts[i].snapshot);
        c->parts[i].snapshot = NULL;
    }
}
