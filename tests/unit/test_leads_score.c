/* Outcomes and the score: exact retraction, what counts, what people are told. Rules are those of
   decide_teach.c. */
#include "unit/leads_facts.h"

#include <unistd.h>

#include "base/hash.h"
#include "services/leads/rows.h"

enum { OUTCOMES = 300, DAY_SECONDS = 86400 };
#define DAY (INT64_C(1000000) * DAY_SECONDS)

/* A store with the tables of leads alone. */
struct rows_test {
    char dir[32];
    struct store *store;
    struct arena *arena;
};

static void open_rows(struct rows_test *r)
{
    (void)snprintf(r->dir, sizeof r->dir, "/tmp/baton-score-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    r->store = store_open(&(struct store_options){
        .dir = r->dir, .no_sync = true, .tables = leads_tables, .n_tables = LEADS_TABLES});
    assert_non_null(r->store);
    r->arena = arena_new(64 << 20);
}

static void close_rows(struct rows_test *r)
{
    char command[64];
    store_close(r->store);
    arena_free(r->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", r->dir);
    assert_int_equal(system(command), 0);
}

/* Position 1 throughout: the rows alone are compared, not when they changed. */
static void happens(struct rows_test *r, apply_fn *apply, const void *payload, void *state)
{
    struct txn *t = store_begin(r->store, true);
    struct apply ap = {.txn = t, .arena = r->arena, .seq = 1, .time_us = NOW, .state = state};
    apply(&ap, payload);
    assert_true(store_commit(t));
}

/* Every row of the table, as bytes behind one another. */
static char *rows_text(struct rows_test *r, unsigned table)
{
    struct txn *t = store_begin(r->store, false);
    struct scan s;
    struct bytes key, value;
    char *text = "";
    scan_open(&s, t, table_bucket(r->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&s, &key, &value)) {
        char hash[HASH_TEXT_SIZE] = "";
        uint8_t h[HASH_SIZE];
        hash2(h, key, value);
        for (int i = 0; i < HASH_SIZE; i++)
            (void)snprintf(hash + 2 * i, 3, "%02x", h[i]);
        text = arena_printf(r->arena, "%s%s\n", text, hash);
    }
    scan_close(&s);
    store_abort(t);
    return text;
}

static uint64_t draw(uint64_t *random, uint64_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (*random >> 33) % below;
}

static Baton__Lead *lead_of(struct arena *a, const char *source, int64_t employees)
{
    Baton__Lead *l = ARENA_NEW(a, Baton__Lead);
    baton__lead__init(l);
    l->email = "a@b.example";
    l->lead_source = arena_strdup(a, source);
    l->has_number_of_employees = employees > 0;
    l->number_of_employees = employees;
    return l;
}

static Baton__OutcomesTaught *taught(struct arena *a, Baton__ScoreCount **counts, size_t n, uint32_t batch)
{
    Baton__OutcomesTaught *e = ARENA_NEW(a, Baton__OutcomesTaught);
    baton__outcomes_taught__init(e);
    e->teaching = "history";
    e->batch = batch;
    e->n_counted = n;
    e->counted = counts;
    return e;
}

static Baton__OutcomesForgotten *forgotten(struct arena *a, const Baton__OutcomesTaught *from)
{
    Baton__OutcomesForgotten *e = ARENA_NEW(a, Baton__OutcomesForgotten);
    baton__outcomes_forgotten__init(e);
    e->teaching = from->teaching;
    e->batch = from->batch;
    e->n_taken_back = from->n_counted;
    e->taken_back = from->counted;
    return e;
}

static void draw_counts(struct score_model *m, struct arena *a, Baton__ScoreCount *counts[OUTCOMES],
                        uint64_t *random)
{
    static const char *const sources[] = {"Web", "Trade fair", "Partner", "網站"};
    for (size_t i = 0; i < OUTCOMES; i++) {
        const Baton__Lead *l = lead_of(a, sources[draw(random, 4)], (int64_t)draw(random, 500));
        int64_t at_us = NOW - (int64_t)draw(random, 400) * DAY;
        counts[i] = leads_score_count(m, l, draw(random, 4) == 0, at_us, 0, a);
    }
}

/* Outcomes in any order, some of them taken back, leave the bytes of those that remain. */
static void test_any_order(void **state)
{
    struct score_model *m = score_model_new();
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct rows_test all = {0}, rest = {0};
        Baton__ScoreCount *counts[OUTCOMES], *stays[OUTCOMES];
        Baton__OutcomesTaught *events[OUTCOMES];
        uint64_t random = seed;
        size_t n = 0;
        open_rows(&all);
        open_rows(&rest);
        draw_counts(m, all.arena, counts, &random);
        for (size_t i = OUTCOMES; i-- > 1;) {
            size_t k = draw(&random, i + 1);
            Baton__ScoreCount *other = counts[i];
            counts[i] = counts[k];
            counts[k] = other;
        }
        for (size_t i = 0; i < OUTCOMES; i++) {
            events[i] = taught(all.arena, &counts[i], 1, (uint32_t)i + 1);
            happens(&all, leads_apply_taught, events[i], NULL);
            size_t k = draw(&random, i + 1);
            if (draw(&random, 3) == 0 && events[k]) {
                happens(&all, leads_apply_forgotten, forgotten(all.arena, events[k]), NULL);
                events[k] = NULL;
            }
        }
        for (size_t i = OUTCOMES; i-- > 0;)
            if (events[i])
                stays[n++] = counts[i];
        happens(&rest, leads_apply_taught, taught(rest.arena, stays, n, 1), NULL);
        assert_string_equal(rows_text(&all, LEADS_SCORE_CELLS), rows_text(&rest, LEADS_SCORE_CELLS));
        assert_true(*rows_text(&rest, LEADS_SCORE_CELLS) != '\0');
        for (size_t i = 0; i < OUTCOMES; i++)
            if (events[i])
                happens(&all, leads_apply_forgotten, forgotten(all.arena, events[i]), NULL);
        assert_string_equal(rows_text(&all, LEADS_SCORE_CELLS), "");
        close_rows(&all);
        close_rows(&rest);
    }
    score_model_free(m);
}

static void same_model(const struct score_model *a, const struct score_model *b)
{
    assert_int_equal(a->base.weight, b->base.weight);
    assert_int_equal(a->base.won, b->base.won);
    assert_int_equal(a->n_periods, b->n_periods);
    assert_memory_equal(a->sums, b->sums, sizeof a->sums);
    for (size_t i = 0; i < a->size; i++) {
        const struct score_cell *c = &a->cells[i], *d = c->outcomes ? score_cell_find(b, c->key) : c;
        assert_non_null(d);
        assert_memory_equal(c, d, sizeof *c);
    }
}

/* What apply keeps in step is what the rows would say after a start. */
static void test_in_step(void **state)
{
    struct rows_test r = {0};
    struct leads_state *s = leads_state_new();
    struct score_model *fresh = score_model_new();
    Baton__ScoreCount *counts[OUTCOMES];
    uint64_t random = 7;
    open_rows(&r);
    draw_counts(fresh, r.arena, counts, &random);
    for (size_t i = 0; i < OUTCOMES; i++) {
        Baton__OutcomesTaught *e = taught(r.arena, &counts[i], 1, 1);
        happens(&r, leads_apply_taught, e, s);
        if (draw(&random, 3) == 0)
            happens(&r, leads_apply_forgotten, forgotten(r.arena, e), s);
        struct txn *t = store_begin(r.store, false);
        struct load l = {.txn = t, .arena = r.arena, .state = s, .now_us = NOW};
        const struct score_model *kept = leads_state_routing(&l)->score;
        leads_score_load(&l, fresh);
        same_model(kept, fresh);
        store_abort(t);
    }
    score_model_free(fresh);
    leads_state_free(s);
    close_rows(&r);
}

/* Without rows: as many leads have ended, 2 of 7 from the fair, where every second converts; of the others,
   every twentieth does. */
static void ends(struct score_model *m, struct arena *a, int n)
{
    for (int i = 0, fair = 0, web = 0; i < n; i++) {
        bool is_fair = i % 7 < 2, converted = is_fair ? fair++ % 2 == 0 : web++ % 20 == 0;
        Baton__ScoreCount *c =
            leads_score_count(m, lead_of(a, is_fair ? "Fair" : "Web", 0), converted, NOW, 0, a);
        assert_true(score_model_period(m, c->period));
        score_model_count(m, c, false);
        score_fit(m);
    }
}

static void test_score(void **state)
{
    struct leads_test *t = *state;
    struct score_model *m = score_model_new();
    Baton__Lead *l = lead_of(t->arena, "Fair", 0);
    score_model_clear(m);
    leads_score(NULL, l, t->arena);
    leads_score(m, l, t->arena);
    assert_false(l->has_score); /* nothing is known: nothing is said */
    ends(m, t->arena, 3);
    leads_score(m, l, t->arena);
    uint32_t wide = l->score_high - l->score_low;
    assert_true(l->has_score && l->score_low < l->score && l->score < l->score_high && wide > 400);
    ends(m, t->arena, 420);
    leads_score(m, l, t->arena);
    assert_in_range(l->score, 400, 550);
    assert_true(l->score_high - l->score_low < wide / 2);
    assert_int_equal(l->score_version, 423);
    Baton__Lead *web = lead_of(t->arena, " WEB", 0); /* without regard to case */
    leads_score(m, web, t->arena);
    assert_in_range(web->score, 20, 120);
    /* who holds it, and what was decided, says nothing */
    Baton__Lead *held = leads_copy(l, t->arena);
    held->owner_id = user_id(ANNA);
    held->pool_id = "pool";
    held->territory_id = "territory";
    held->captured_by = user_id(BOB);
    held->decision_count = 9;
    leads_score(m, held, t->arena);
    assert_int_equal(held->score, l->score);
    score_model_free(m);
}

static void test_teach(void **state)
{
    struct leads_test *t = *state;
    struct score_model *m = score_model_new();
    struct leads_teach_facts f = {.score = m};
    Baton__TeachOutcomesRequest q = BATON__TEACH_OUTCOMES_REQUEST__INIT;
    Baton__Outcome o = BATON__OUTCOME__INIT, *outcomes[] = {&o};
    struct command c = command_of(t, &q);
    q.teaching = "2025";
    q.batch = 1;
    q.n_outcomes = 1;
    q.outcomes = outcomes;
    o.lead = lead_of(t->arena, "Web", 5);
    o.converted = true;
    assert_true(leads_decide_teach(&f, &c, &t->stamp, &t->out));
    const Baton__OutcomesTaught *e = event_at(t, 0, &baton__outcomes_taught__descriptor);
    assert_int_equal(e->n_counted, 1);
    /* 1 */
    f.known = true;
    fresh(t);
    assert_true(leads_decide_teach(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 0);
    assert_true(((const Baton__TeachOutcomesResponse *)t->out.reply)->repeated_batch);
    /* 2 */
    f.known = false;
    o.at = timestamp_of(t->arena, NOW + DAY);
    assert_false(leads_decide_teach(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "outcomes[0].at");
    /* 3 */
    Baton__ForgetOutcomesRequest forget = BATON__FORGET_OUTCOMES_REQUEST__INIT;
    c.request = &forget.base;
    forget.teaching = "2025";
    assert_false(leads_decide_forget(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, REFUSAL_NOT_FOUND);
    /* 4 */
    f.newest = e;
    fresh(t);
    assert_true(leads_decide_forget(&f, &c, &t->stamp, &t->out));
    const Baton__OutcomesForgotten *back = event_at(t, 0, &baton__outcomes_forgotten__descriptor);
    assert_ptr_equal(back->taken_back[0], e->counted[0]);
    score_model_free(m);
}

/* A lead that has changed since is taken back as it was counted. */
static void test_corrected(void **state)
{
    struct leads_test *t = *state;
    struct score_model *m = score_model_new();
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    Baton__ScoreCount *counted = leads_score_count(m, l, true, NOW - 90 * DAY, 0, t->arena);
    Baton__CloseLeadRequest q = BATON__CLOSE_LEAD_REQUEST__INIT;
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .counted = counted};
    struct command c = command_of(t, &q);
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED;
    l->lead_source = "changed since";
    t->routing.score = m;
    q.has_reason = true;
    q.reason = BATON__CLOSE_REASON__CLOSE_REASON_NO_BUDGET;
    assert_true(leads_decide_close(&f, &c, &t->stamp, &t->out));
    const Baton__LeadClosed *closed = event_at(t, 0, &baton__lead_closed__descriptor);
    assert_ptr_equal(closed->taken_back, counted);
    assert_false(closed->counted->converted);
    assert_int_not_equal(closed->counted->period, counted->period);
    Baton__ReopenLeadRequest again = BATON__REOPEN_LEAD_REQUEST__INIT;
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_DEAD;
    f.counted = closed->counted;
    c.request = &again.base;
    fresh(t);
    assert_true(leads_decide_reopen(&f, &c, &t->stamp, &t->out));
    const Baton__LeadReopened *reopened = event_at(t, 0, &baton__lead_reopened__descriptor);
    assert_ptr_equal(reopened->taken_back, closed->counted);
    score_model_free(m);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_any_order), TEST(test_in_step), TEST(test_score), TEST(test_teach), TEST(test_corrected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
