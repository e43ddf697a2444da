/* Territory models: the numbers are those in decide_model.c and, of the last test, in decide_territory.c. */
#include "directory_bench.h"

static const Baton__TerritoryModelStatus PLANNING =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_PLANNING,
                                         IN_FORCE =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE,
                                         PAST =
                                             BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ARCHIVED;

static Baton__TerritoryModel model(char *id, Baton__TerritoryModelStatus status)
{
    Baton__TerritoryModel m = BATON__TERRITORY_MODEL__INIT;
    m.id = id;
    m.name = "Model";
    m.has_status = true;
    m.status = status;
    return m;
}

static const ProtobufCMessage *record_of(struct bench *b, size_t i)
{
    const struct schema_field *member;
    assert_true(i < b->out.n_events);
    return schema_oneof(&b->out.events[i]->record_changed->record->base, &member);
}

static void test_check(void **state)
{
    struct bench *b = *state;
    bool used = true;
    Baton__TerritoryModel m = model(ID(1), IN_FORCE), after = BATON__TERRITORY_MODEL__INIT;
    /* 1 */
    assert_refused(check(b, directory_check_model, &used, &m, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    m.status = PLANNING;
    assert_refused(check(b, directory_check_model, &used, &m, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    used = false;
    assert_true(check(b, directory_check_model, &used, &m, NULL));
    /* 2 */
    assert_true(check(b, directory_check_model, &used, NULL, &after));
    assert_int_equal(after.status, PLANNING);
}

static void test_switch(void **state)
{
    struct bench *b = *state;
    Baton__SwitchTerritoryModelRequest q = BATON__SWITCH_TERRITORY_MODEL_REQUEST__INIT;
    Baton__TerritoryModel next = model(ID(2), PLANNING), now = model(ID(1), IN_FORCE);
    struct directory_model_facts f = {.active = &now, .active_seq = 4};
    /* 5 */
    assert_refused(run(b, directory_decide_switch_model, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.model = &next;
    next.has_copying = next.copying = true;
    assert_refused(run(b, directory_decide_switch_model, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "id");
    /* 4, and back again */
    next.copying = false;
    assert_true(run(b, directory_decide_switch_model, &f, &q));
    assert_int_equal(b->out.n_events, 2);
    const Baton__TerritoryModel *first = (const Baton__TerritoryModel *)record_of(b, 0),
                                *second = (const Baton__TerritoryModel *)record_of(b, 1);
    assert_string_equal(first->id, now.id);
    assert_int_equal(first->status, PAST);
    assert_int_equal(second->status, IN_FORCE);
    next.status = PAST;
    assert_true(run(b, directory_decide_switch_model, &f, &q));
    assert_int_equal(b->out.n_events, 2);
    /* 6 */
    f.model = &now;
    assert_true(run(b, directory_decide_switch_model, &f, &q));
    assert_int_equal(b->out.n_events, 0);
    /* 7 */
    f.model = &next;
    assert_true(run(b, directory_decide_model_due, &f, &next));
    assert_int_equal(((const Baton__TerritoryModel *)record_of(b, 1))->status, IN_FORCE);
}

static void test_copy(void **state)
{
    struct bench *b = *state;
    Baton__CopyTerritoryModelRequest q = BATON__COPY_TERRITORY_MODEL_REQUEST__INIT;
    Baton__TerritoryModel from = model(ID(1), IN_FORCE);
    struct directory_model_facts f = {0};
    q.id = ID(1);
    q.name = "Next";
    /* 3 */
    assert_refused(run(b, directory_decide_copy_model, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.model = &from;
    f.name_taken = true;
    assert_refused(run(b, directory_decide_copy_model, &f, &q), b, REFUSAL_ALREADY_EXISTS, "name");
    f.name_taken = false;
    assert_true(run(b, directory_decide_copy_model, &f, &q));
    const Baton__TerritoryModel *made = (const Baton__TerritoryModel *)record_of(b, 0);
    assert_true(made->copying);
    /* 8: a child's parent is the parent's copy, whichever is copied first */
    Baton__Territory child = BATON__TERRITORY__INIT, parent = BATON__TERRITORY__INIT;
    child.id = ID(3);
    parent.id = child.parent_id = ID(4);
    parent.origin_id = ID(5);
    Baton__Territory *step[] = {&child, &parent};
    Baton__TerritoryModel copy = *made;
    f = (struct directory_model_facts){.model = &copy, .step = step, .n_step = 2};
    assert_true(run(b, directory_decide_model_due, &f, &copy));
    assert_int_equal(b->out.n_events, 3);
    const Baton__Territory *c = (const Baton__Territory *)record_of(b, 0),
                           *p = (const Baton__Territory *)record_of(b, 1);
    const Baton__TerritoryModel *done = (const Baton__TerritoryModel *)record_of(b, 2);
    assert_string_equal(c->parent_id, p->id);
    assert_string_equal(c->origin_id, child.id);
    assert_string_equal(p->origin_id, parent.origin_id);
    assert_string_equal(c->model_id, copy.id);
    assert_false(done->copying);
}

static void test_territory_model(void **state)
{
    struct bench *b = *state;
    Baton__Territory t = BATON__TERRITORY__INIT, above = BATON__TERRITORY__INIT, before;
    Baton__TerritoryModel m = model(ID(1), PLANNING);
    t.kind = above.kind = BATON__TERRITORY_KIND__TERRITORY_KIND_REGION;
    t.id = above.id = ID(3);
    above.name = "Above";
    before = t;
    t.model_id = m.id;
    struct directory_territory_facts f = {.model_wanted = true};
    /* 8 */
    assert_refused(check(b, directory_check_territory, &f, &before, &t), b, REFUSAL_FAILED_PRECONDITION,
                   "model_id");
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_NOT_FOUND, "model_id");
    f.model = &m;
    assert_true(check(b, directory_check_territory, &f, NULL, &t));
    /* 9 */
    f.parent = &above;
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_switch),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_territory_model),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
