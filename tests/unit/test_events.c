/* Reading a service's log as the world may: everything public once and in order, from any position on, and
   never beyond what a log knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "baton/v1/system.pb-c.h"
#include "schema/public.h"
#include "unit/drill.h"

enum { LEADS_HERE = 120, PAGES_MAX = 100000 };

/* One public event as the log has it. */
struct told {
    uint64_t seq;
    unsigned events; /* up to it, of its record */
    const char *type;
    struct bytes json;
};
struct list {
    struct told all[8192];
    size_t n;
};

static void add(struct drill *d, struct list *l, const struct told *t)
{
    must(d, l->n < sizeof l->all / sizeof *l->all, "too many events");
    l->all[l->n++] = *t;
}

/* By walking the store. */
static struct list *in_log(struct drill *d, int i, const Baton__Actor *who)
{
    struct list *l = ARENA_NEW(d->memory, struct list);
    struct txn *t = store_begin(service_store(d->services[i]), false);
    Baton__LogRecord *r;
    for (uint64_t seq = 1; (r = log_get(t, seq, d->memory)); seq++)
        for (unsigned k = 0; k < r->n_events; k++) {
            const struct schema_field *member;
            const ProtobufCMessage *event = schema_oneof(&r->events[k]->base, &member);
            const char *type = public_type(event, d->memory);
            struct buffer json;
            if (!type || !public_may_see(event, who))
                continue;
            const char *id = arena_printf(d->memory, "%s:%u.%u", defs[i]->name, (unsigned)seq, k + 1);
            buffer_init(&json, 1 << 20);
            must(d, public_write(id, type, event, (int64_t)r->time_us, d->memory, &json), "no JSON");
            struct bytes kept = {arena_copy(d->memory, json.data, json.size), json.size};
            add(d, l, &(struct told){seq, k + 1, type, kept});
            buffer_release(&json);
        }
    store_abort(t);
    return l;
}

static Baton__ReadEventsResponse *page(struct drill *d, int i, Baton__EventPosition *after, char *type)
{
    Baton__ReadEventsRequest q = BATON__READ_EVENTS_REQUEST__INIT;
    char *types[] = {type};
    q.after = after;
    q.types = types;
    q.n_types = type != NULL;
    return ask(d, i, "SystemService/ReadEvents", &q);
}

/* Page after page, as clients do. */
static struct list *read_from(struct drill *d, int i, Baton__EventPosition *after, char *type,
                              unsigned *n_pages)
{
    struct list *l = ARENA_NEW(d->memory, struct list);
    Baton__ReadEventsResponse *r;
    *n_pages = 0;
    do {
        r = page(d, i, after, type);
        for (size_t k = 0; k < r->n_events; k++)
            add(d, l,
                &(struct told){r->events[k]->at->seq, r->events[k]->at->events, r->events[k]->type,
                               bytes_of(r->events[k]->json.data, r->events[k]->json.len)});
        after = r->upto;
        must(d, ++*n_pages < PAGES_MAX, "reading never ends");
    } while (r->more);
    return l;
}

static void assert_same(const struct list *a, size_t from, const struct list *b)
{
    assert_int_equal(a->n - from, b->n);
    for (size_t i = 0; i < b->n; i++) {
        assert_int_equal(a->all[from + i].seq, b->all[i].seq);
        assert_int_equal(a->all[from + i].events, b->all[i].events);
        assert_string_equal(a->all[from + i].type, b->all[i].type);
        assert_true(bytes_equal(a->all[from + i].json, b->all[i].json));
    }
}

static struct drill *company(void)
{
    struct drill *d = drill_new(1);
    set_up_company(d);
    for (int i = 0; i < LEADS_HERE; i++)
        capture(d);
    until(d, 5);
    return d;
}

/* 1: from the beginning there is everything public, once, in order, in more than one page. */
static void test_all(void **state)
{
    struct drill *d = *state;
    for (int i = 0; i < SERVICES; i++) {
        unsigned n;
        assert_same(in_log(d, i, &d->admin), 0, read_from(d, i, NULL, NULL, &n));
        assert_true(i != LEADS || n > 1);
    }
    assert_true(in_log(d, LEADS, &d->admin)->n >= 2 * LEADS_HERE);
}

/* 2: behind each event there is exactly the rest, also within a record of several. */
static void test_resume(void **state)
{
    struct drill *d = *state;
    const struct list *all = in_log(d, LEADS, &d->admin);
    unsigned n;
    size_t at = 0, within = 0;
    for (Baton__EventPosition *after = NULL; at < all->n;) {
        const Baton__ReadEventsResponse *r = page(d, LEADS, after, NULL);
        for (size_t k = 0; k < r->n_events; k++, at++) {
            within += at + 1 < all->n && all->all[at].seq == all->all[at + 1].seq;
            if (at % 7 == 0 || within == 1)
                assert_same(all, at + 1, read_from(d, LEADS, r->events[k]->at, NULL, &n));
        }
        after = r->upto;
    }
    assert_true(within > 0);
}

/* 3: of some types only those, and the position goes on all the same; unknown ones are refused by name. */
static void test_types(void **state)
{
    struct drill *d = *state;
    struct refusal no = {0};
    unsigned n;
    Baton__ReadEventsRequest q = BATON__READ_EVENTS_REQUEST__INIT;
    char *wrong[] = {"lead.assigned", "lead.lost"}, assigned[] = "lead.assigned", left[] = "user.left";
    const struct list *some = read_from(d, LEADS, NULL, assigned, &n);
    assert_true(some->n >= LEADS_HERE);
    for (size_t i = 0; i < some->n; i++)
        assert_string_equal(some->all[i].type, "lead.assigned");
    assert_int_equal(read_from(d, LEADS, NULL, left, &n)->n, 0);
    const Baton__ReadEventsResponse *r = page(d, DIRECTORY, NULL, left);
    assert_true(r->n_events == 0 && r->upto->seq > 1);
    q.types = wrong;
    q.n_types = 2;
    assert_null(ask_once(d, LEADS, "SystemService/ReadEvents", &q, &no));
    assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
    assert_string_equal(no.field, "types");
    assert_non_null(strstr(no.message, "lead.lost"));
}

/* 4: a program without an administrator's rights sees the records it may read, and no lead. */
static void test_program(void **state)
{
    struct drill *d = *state;
    const Baton__Actor admin = d->admin;
    unsigned n;
    d->admin.role = BATON__ROLE__ROLE_SERVICE;
    for (int i = 0; i < SERVICES; i++) {
        const struct list *l = read_from(d, i, NULL, NULL, &n);
        assert_same(in_log(d, i, &d->admin), 0, l);
        assert_true((l->n > 0) == (i == DIRECTORY));
        for (size_t k = 0; k < l->n; k++)
            assert_int_not_equal(strncmp(l->all[k].type, "lead.", 5), 0);
    }
    d->admin = admin;
}

static void refuse_after(struct drill *d, Baton__EventPosition *after, enum refusal_code code,
                         const char *says)
{
    struct refusal no = {0};
    Baton__ReadEventsRequest q = BATON__READ_EVENTS_REQUEST__INIT;
    q.after = after;
    assert_null(ask_once(d, LEADS, "SystemService/ReadEvents", &q, &no));
    assert_int_equal(no.code, code);
    assert_string_equal(no.field, "after");
    assert_non_null(strstr(no.message, says));
}

/* 5: a position that is not in this log is refused, whether the log is shorter, another one, or went on
   otherwise since it was restored; where the log is still the same, reading goes on. */
static void test_lost(void **state)
{
    struct drill *d = drill_new(2);
    set_up_company(d);
    capture(d);
    until(d, 2);
    back_up(d, LEADS);
    Baton__EventPosition *old = page(d, LEADS, NULL, NULL)->upto;
    for (int i = 0; i < 3; i++)
        capture(d);
    Baton__EventPosition *young = page(d, LEADS, NULL, NULL)->upto;
    assert_true(young->seq > old->seq);
    down(d, LEADS);
    put_back(d, LEADS);
    up(d, LEADS);
    until(d, 3);
    refuse_after(d, young, REFUSAL_FAILED_PRECONDITION, "was restored from an older backup");
    assert_int_equal(page(d, LEADS, old, NULL)->n_events, 0);
    for (int i = 0; i < 6; i++)
        capture(d);
    refuse_after(d, young, REFUSAL_FAILED_PRECONDITION, "and has gone on since");
    assert_true(page(d, LEADS, old, NULL)->n_events >= 6);
    old->hash.data[0] ^= 1;
    refuse_after(d, old, REFUSAL_FAILED_PRECONDITION, "that record is another one");
    old->hash.len = 0;
    refuse_after(d, old, REFUSAL_INVALID_ARGUMENT, "hash");
    drill_end(d);
}

static int set_up(void **state)
{
    *state = company();
    return 0;
}

static int take_down(void **state)
{
    drill_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),     cmocka_unit_test(test_resume), cmocka_unit_test(test_types),
        cmocka_unit_test(test_program), cmocka_unit_test(test_lost),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
