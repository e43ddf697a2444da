/* Merging leads and taking them out again: numbers are those of decide_merge.c. */
#include "unit/leads_facts.h"

#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

enum { LEADS = 4, ROUNDS = 4000 };

static char *lead_id(int i)
{
    static char ids[LEADS][IDENT_TEXT_SIZE];
    (void)snprintf(ids[i], IDENT_TEXT_SIZE, "00000000-0000-7000-8000-00000000010%d", i);
    return ids[i];
}

static Baton__Lead *lead(struct leads_test *t, int i, int owner)
{
    Baton__Lead *l = lead_from(t, "DE", owner);
    l->id = lead_id(i);
    return l;
}

static bool merge(struct leads_test *t, Baton__Lead *survivor, Baton__Lead **losers, size_t n)
{
    struct leads_scoped *scoped = ARENA_ARRAY(t->arena, struct leads_scoped, n);
    Baton__MergeLeadsRequest *q = ARENA_NEW(t->arena, Baton__MergeLeadsRequest);
    baton__merge_leads_request__init(q);
    q->survivor_id = survivor ? survivor->id : lead_id(0);
    q->loser_ids = ARENA_ARRAY(t->arena, char *, n);
    for (size_t i = 0; i < n; i++) {
        scoped[i].lead = losers[i];
        q->loser_ids[q->n_loser_ids++] = losers[i]->id;
    }
    struct leads_merge_facts f = {.survivor = {.lead = survivor}, .losers = scoped};
    struct command c = command_of(t, q);
    fresh(t);
    return leads_decide_merge(&f, &c, &t->stamp, &t->out);
}

static bool unmerge(struct leads_test *t, Baton__Lead *l, Baton__Lead *survivor)
{
    struct leads_unmerge_facts f = {.lead = {.lead = l},
                                    .survivor = {.lead = survivor},
                                    .last = {.lead = survivor},
                                    .routing = &t->routing};
    Baton__UnmergeLeadRequest *q = ARENA_NEW(t->arena, Baton__UnmergeLeadRequest);
    baton__unmerge_lead_request__init(q);
    q->id = lead_id(1);
    struct command c = command_of(t, q);
    fresh(t);
    return leads_decide_unmerge(&f, &c, &t->stamp, &t->out);
}

static void refused(const struct leads_test *t, int code, const char *field)
{
    assert_int_equal(t->out.no.code, code);
    assert_string_equal(t->out.no.field, field);
}

/* 1 to 5 */
static void test_merge_refusals(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *a = lead(t, 0, ANNA), *b = lead(t, 1, BOB), *same[] = {b, b};
    assert_false(merge(t, NULL, &b, 1));
    refused(t, REFUSAL_NOT_FOUND, "survivor_id");
    act_as(t, BATON__ROLE__ROLE_REP, ANNA);
    assert_false(merge(t, a, &b, 1)); /* somebody else's */
    refused(t, REFUSAL_NOT_FOUND, "loser_ids");
    act_as(t, BATON__ROLE__ROLE_INSIDE, ANNA);
    assert_false(merge(t, a, &b, 1));
    refused(t, REFUSAL_PERMISSION_DENIED, "loser_ids");
    act_as(t, BATON__ROLE__ROLE_ADMIN, RESORT);
    b->status = STATUS(CONVERTED);
    assert_false(merge(t, a, &b, 1));
    refused(t, REFUSAL_FAILED_PRECONDITION, "loser_ids");
    b->status = STATUS(WORKING);
    assert_false(merge(t, a, same, 2));
    refused(t, REFUSAL_INVALID_ARGUMENT, "loser_ids");
    assert_false(merge(t, a, &a, 1));
    refused(t, REFUSAL_INVALID_ARGUMENT, "loser_ids");
    a->n_merged_lead_ids = LEADS_MERGED_MAX;
    assert_false(merge(t, a, &b, 1));
    refused(t, REFUSAL_FAILED_PRECONDITION, "survivor_id");
    a->n_merged_lead_ids--;
    a->merged_lead_ids = ARENA_ARRAY(t->arena, char *, LEADS_MERGED_MAX);
    for (size_t i = 0; i < a->n_merged_lead_ids; i++)
        a->merged_lead_ids[i] = lead_id(3);
    assert_true(merge(t, a, &b, 1));
}

/* 6 */
static void test_merge(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *a = lead(t, 0, ANNA), *b = lead(t, 1, BOB);
    assert_true(merge(t, a, &b, 1));
    const Baton__LeadsMerged *e = event_at(t, 0, &baton__leads_merged__descriptor);
    assert_string_equal(e->owner_id, user_id(ANNA));
    assert_string_equal(e->company, "B");
    const Baton__Lead *survivor = ((const Baton__MergeLeadsResponse *)t->out.reply)->survivor;
    assert_string_equal(survivor->merged_lead_ids[0], b->id);
    assert_int_equal(survivor->status, STATUS(ASSIGNED));
    leads_evolve(b, &e->base, NOW, t->arena);
    assert_int_equal(b->status, STATUS(MERGED));
    assert_string_equal(b->merged_into_id, a->id);
    assert_string_equal(b->email, "a@b.example");
    assert_string_equal(b->owner_id, user_id(BOB));
    assert_false(b->open);
    assert_false(b->has_next_due_us);
}

/* 7 to 9 */
static void test_unmerge_refusals(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *a = lead(t, 0, ANNA), *b = lead(t, 1, BOB);
    assert_false(unmerge(t, NULL, NULL));
    refused(t, REFUSAL_NOT_FOUND, "id");
    act_as(t, BATON__ROLE__ROLE_REP, CARL);
    assert_false(unmerge(t, b, a));
    refused(t, REFUSAL_NOT_FOUND, "id");
    act_as(t, BATON__ROLE__ROLE_INSIDE, CARL);
    assert_false(unmerge(t, b, a));
    refused(t, REFUSAL_PERMISSION_DENIED, "id");
    act_as(t, BATON__ROLE__ROLE_REP, BOB);
    assert_false(unmerge(t, b, NULL));
    refused(t, REFUSAL_FAILED_PRECONDITION, "id");
    /* who holds the survivor may as well as who held the lead */
    act_as(t, BATON__ROLE__ROLE_REP, ANNA);
    assert_true(unmerge(t, b, a));
    act_as(t, BATON__ROLE__ROLE_REP, BOB);
    assert_true(unmerge(t, b, a));
}

/* 10 */
static void test_unmerge(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *a = lead(t, 0, ANNA), *b = lead(t, 1, BOB);
    assert_true(merge(t, a, &b, 1));
    leads_evolve(b, event_at(t, 0, &baton__leads_merged__descriptor), NOW, t->arena);
    assert_true(unmerge(t, b, a));
    assert_int_equal(t->out.n_events, 1);
    t->persons[BOB].active = false;
    assert_true(unmerge(t, b, a));
    const Baton__LeadAssigned *next = event_at(t, 1, &baton__lead_assigned__descriptor);
    assert_string_equal(next->owner_id, user_id(ANNA));
    assert_string_equal(next->previous_owner_id, user_id(BOB));
    /* one that came in merged has never had a holder */
    b->owner_id = NULL;
    assert_true(unmerge(t, b, a));
    next = event_at(t, 1, &baton__lead_assigned__descriptor);
    assert_null(next->previous_owner_id);
    assert_int_equal(((const Baton__UnmergeLeadResponse *)t->out.reply)->lead->status, STATUS(ASSIGNED));
}

/* --- any sequence --- */

static const uint8_t *packed(struct leads_test *t, const Baton__Lead *l, size_t *n)
{
    Baton__Lead *plain = leads_copy(l, t->arena);
    plain->has_revision = false; /* it goes on counting */
    plain->updated_at = NULL;
    struct bytes b = schema_pack(&plain->base, t->arena);
    *n = b.size;
    return b.data;
}

static void happened(struct leads_test *t, Baton__Lead **leads)
{
    for (size_t i = 0; i < t->out.n_events; i++) {
        const struct schema_field *member;
        const ProtobufCMessage *e = schema_oneof(&t->out.events[i]->base, &member);
        const Baton__LeadsMerged *m =
            e->descriptor == &baton__leads_merged__descriptor ? (const Baton__LeadsMerged *)e : NULL;
        const char *survivor = schema_get_text(e, "survivor_id");
        const char *other = m ? m->loser_ids[0] : schema_get_text(e, "lead_id");
        for (int k = 0; k < LEADS; k++)
            if (strcmp(leads[k]->id, survivor) == 0 || strcmp(leads[k]->id, other) == 0)
                leads_evolve(leads[k], e, NOW, t->arena);
    }
}

/* After any mergings and takings out, whoever was taken out of everything is what they were, byte for byte,
   and everybody else is either merged into one that lists them, or not. */
static void test_any_sequence(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *leads[LEADS];
    struct bytes before[LEADS];
    unsigned random = 1;
    for (int i = 0; i < LEADS; i++) {
        leads[i] = lead(t, i, i % 3);
        before[i].data = packed(t, leads[i], &before[i].size);
    }
    for (int round = 0; round < ROUNDS; round++) {
        random = random * 1103515245u + 12345u;
        int i = (int)(random >> 16) % LEADS, k = (int)(random >> 20) % LEADS, into = -1;
        for (int n = 0; n < LEADS; n++)
            if (leads[i]->merged_into_id && strcmp(leads[n]->id, leads[i]->merged_into_id) == 0)
                into = n;
        if (random >> 31 ? merge(t, leads[k], &leads[i], 1)
                         : unmerge(t, leads[i], into < 0 ? NULL : leads[into]))
            happened(t, leads);
    }
    for (int rest = 0; rest < LEADS; rest++)
        for (int i = 0; i < LEADS; i++)
            for (int n = 0; n < LEADS; n++)
                if (leads[i]->merged_into_id && strcmp(leads[n]->id, leads[i]->merged_into_id) == 0 &&
                    unmerge(t, leads[i], leads[n]))
                    happened(t, leads);
    for (int i = 0; i < LEADS; i++) {
        size_t n;
        const uint8_t *after = packed(t, leads[i], &n);
        assert_int_equal(n, before[i].size);
        assert_memory_equal(after, before[i].data, n);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_merge_refusals), TEST(test_merge),        TEST(test_unmerge_refusals),
        TEST(test_unmerge),        TEST(test_any_sequence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
