/* Whoever was erased: their keys go with the event, kept replies that name them soon after, some in each
   turn. What is still to be looked through stands in "meta" "erased":  generation(1) after(16) ids(36 each).
 */
#include <assert.h>
#include <string.h>

#include "base/ident.h"
#include "base/log.h"
#include "baton/v1/quotes.pb-c.h"
#include "service/internal.h"

enum { ID_SIZE = IDENT_TEXT_SIZE - 1 };
static const char WAITING_KEY[] = "erased";

/* Ids that are to be looked for; the walk begins anew. */
static void add(struct service *s, char *const *ids, size_t n)
{
    struct bytes before = bytes_of(NULL, 0);
    bool waits = txn_get(s->txn, s->rejoin.bucket, bytes_text(WAITING_KEY), &before);
    size_t kept = waits ? before.size - sizeof(struct inbox_place) : 0;
    uint8_t *value = arena_alloc(s->arena, sizeof(struct inbox_place) + kept + n * ID_SIZE);
    uint8_t *end = value + sizeof(struct inbox_place);
    if (kept)
        memcpy(end, before.data + sizeof(struct inbox_place), kept);
    end += kept;
    for (size_t i = 0; i < n; i++) {
        if (strlen(ids[i]) != ID_SIZE)
            continue;
        memcpy(end, ids[i], ID_SIZE);
        end += ID_SIZE;
    }
    txn_put(s->txn, s->rejoin.bucket, bytes_text(WAITING_KEY), bytes_of(value, (size_t)(end - value)));
}

/* Customers are answered without saying who they are: by which quote it was. */
static void quotes_note(struct service *s, const Baton__QuotesErased *e)
{
    if (!e->n_quote_ids)
        return;
    add(s, e->quote_ids, e->n_quote_ids);
    s->erased_wait = true;
}

void erased_note(struct service *s, const Baton__Event *event)
{
    if (event->event_case == BATON__EVENT__EVENT_QUOTES_ERASED)
        quotes_note(s, event->quotes_erased);
    if (event->event_case != BATON__EVENT__EVENT_PERSON_ERASED)
        return;
    const Baton__PersonErased *e = event->person_erased;
    const struct {
        char *const *ids;
        size_t n;
    } all[] = {
        {e->contact_ids, e->n_contact_ids}, {e->lead_ids, e->n_lead_ids}, {e->account_ids, e->n_account_ids}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (size_t k = 0; k < all[i].n; k++)
            seal_erase(s->txn, all[i].ids[k]);
        if (all[i].n)
            add(s, all[i].ids, all[i].n);
    }
    s->erased_wait = true;
}

void erased_start(struct service *s)
{
    struct bytes value;
    struct txn *t = service_read_begin(s);
    s->erased_wait = txn_get(t, s->rejoin.bucket, bytes_text(WAITING_KEY), &value);
    service_read_end(t);
}

bool erased_waits(const struct service *s)
{
    return s->erased_wait && !s->pressure;
}

/* A transaction of its own: nobody waits for it. */
void erased_turn(struct service *s)
{
    struct bytes value;
    if (!erased_waits(s))
        return;
    s->txn = store_begin(s->store, true);
    if (!s->txn)
        log_fatal("service", "the store cannot be used any more");
    s->erased_wait = txn_get(s->txn, s->rejoin.bucket, bytes_text(WAITING_KEY), &value);
    if (s->erased_wait) {
        uint8_t *own = arena_copy(s->arena, value.data, value.size);
        struct inbox_place at;
        memcpy(&at, own, sizeof at);
        struct bytes ids = bytes_of(own + sizeof at, value.size - sizeof at);
        s->erased_wait = inbox_erase_some(s->txn, &at, ids, ID_SIZE, s->arena);
        memcpy(own, &at, sizeof at);
        if (s->erased_wait)
            txn_put(s->txn, s->rejoin.bucket, bytes_text(WAITING_KEY), bytes_of(own, value.size));
        else
            (void)txn_delete(s->txn, s->rejoin.bucket, bytes_text(WAITING_KEY)); /* it was there */
    }
    if (!store_commit(s->txn))
        log_fatal("service", "a commit failed; whether it is on disk is not known");
    s->txn = NULL;
    arena_reset(s->arena);
}
