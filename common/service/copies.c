/* What copies of another service's records are made of. A store remembers what its copies were made of by the
   program that made them; where this program's tables say something else, the other log is read once more. */
#include <string.h>

#include "base/log.h"
#include "service/internal.h"

bool copies_are_kept(const struct service *s, const char *service)
{
    for (size_t i = 0; i < s->def->n_copies; i++)
        if (strcmp(s->def->copies[i].service, service) == 0)
            return true;
    return false;
}

static char *mark_key(const char *service, struct arena *a)
{
    return arena_printf(a, "copies %s", service);
}

/* "TABLE,FIELD,FIELD?FIELD?FIELD TABLE": as the tables say. */
static char *made_of(const struct service *s, const char *service, struct arena *a)
{
    char *text = "";
    for (size_t i = 0; i < s->def->n_copies; i++) {
        const struct copy_row *row = &s->def->copies[i];
        if (strcmp(row->service, service) != 0)
            continue;
        text = arena_printf(a, "%s%s%s", text, *text ? " " : "", s->def->tables[row->table].name);
        for (const char *const *name = row->fields; name && *name; name++)
            text = arena_printf(a, "%s,%s", text, *name);
        for (const char *const *name = row->only; name && *name; name++)
            text = arena_printf(a, "%s?%s", text, *name);
    }
    return text;
}

static bool are_as_said(struct service *s, struct txn *t, const char *service)
{
    struct bytes v;
    return txn_get(t, s->rejoin.bucket, bytes_text(mark_key(service, s->arena)), &v) &&
           bytes_equal(v, bytes_text(made_of(s, service, s->arena)));
}

void copies_made(struct service *s, const char *service)
{
    txn_put(s->txn, s->rejoin.bucket, bytes_text(mark_key(service, s->arena)),
            bytes_text(made_of(s, service, s->arena)));
}

bool copies_start(struct service *s)
{
    struct cursor c;
    if (!s->def->n_copies)
        return true;
    s->txn = store_begin(s->store, true);
    if (!s->txn)
        return false;
    for (size_t i = 0; i < s->n_follows; i++) {
        const char *service = follow_service(s->follows[i]);
        if (!copies_are_kept(s, service) || are_as_said(s, s->txn, service))
            continue;
        if (cursor_get(s->txn, service, &c) && c.at.seq > 0)
            s->copies_wait = true;
        else
            copies_made(s, service); /* all of it is still to be read */
    }
    bool kept = store_commit(s->txn);
    s->txn = NULL;
    arena_reset(s->arena);
    return kept;
}

/* The first of which other copies are wanted; NULL: none is. */
static struct follow *wanted(struct service *s)
{
    struct follow *f = NULL;
    struct txn *t = service_read_begin(s);
    for (size_t i = 0; !f && i < s->n_follows; i++) {
        const char *service = follow_service(s->follows[i]);
        if (copies_are_kept(s, service) && !are_as_said(s, t, service))
            f = s->follows[i];
    }
    service_read_end(t);
    return f;
}

void copies_turn(struct service *s)
{
    if (!s->copies_wait || s->rejoin.follow || s->pressure)
        return;
    struct follow *f = wanted(s);
    s->copies_wait = f != NULL;
    if (f && follow_caught_up(f) && !follow_lost(f)) {
        log_info("service", "reads %s once more: other copies of its records are kept than before",
                 follow_service(f));
        rejoin_reads(s, f);
    }
    arena_reset(s->arena); /* no batch need follow */
}
