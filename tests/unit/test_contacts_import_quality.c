/* What an import makes besides its records: first values of fields, normal forms, judgements. The numbers are
   those of the comments in decide_import.c. */
#include "tests/unit/import_bench.h"

/* 14: the first value of a field is written down once, and none that a rejected row has. */
static void test_first_values(void **state)
{
    struct bench *b = *state;
    struct list l;
    Baton__CustomField field = BATON__CUSTOM_FIELD__INIT, *fields[] = {&field};
    Baton__CustomValue value = BATON__CUSTOM_VALUE__INIT, *values[] = {&value};
    uint64_t seqs[] = {3};
    field.id = ID(6);
    field.record_type = "contact";
    field.name = value.name = "size";
    field.label = "Size";
    field.has_kind = true;
    field.kind = BATON__CUSTOM_KIND__CUSTOM_KIND_TEXT;
    value.text = "big";
    for (size_t rejected = 0; rejected < 2; rejected++) {
        list_init(&l, SKIP, 2);
        for (size_t i = 0; i < 2; i++) {
            l.contacts[i].last_name = "L";
            l.contacts[i].birthday = rejected ? "1980-13-01" : NULL;
            l.contacts[i].custom = values;
            l.contacts[i].n_custom = 1;
            l.row_facts[i].references.custom = (struct custom_facts){.fields = fields, .seqs = seqs, .n = 1};
        }
        (void)run_list(b, &l); /* its events say it all */
        assert_int_equal(b->out.n_events, rejected ? 0 : 6);
        if (rejected)
            continue;
        const Baton__RecordChanged *e = b->out.events[0]->record_changed;
        assert_int_equal(timestamp_us(e->record->custom_field->first_used_at), NOW);
        assert_int_equal(e->previous_seq, 3);
        assert_int_equal(b->out.events[1]->event_case, BATON__EVENT__EVENT_QUALITY_JUDGED);
    }
}

/* 15: what a list makes is normalised and judged as what is typed, once, before its own event. */
static void test_judged(void **state)
{
    struct bench *b = *state;
    struct list l;
    Baton__Contact is = there("Ada", "L", "a@x.example", NULL);
    Baton__KeptField kept_email = BATON__KEPT_FIELD__INIT, *kept_fields[] = {&kept_email};
    Baton__Quality kept = BATON__QUALITY__INIT;
    Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
    Baton__QualityCondition title = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&title};
    const struct contacts_rules rules = {.rules = {&rule}, .n = 1};
    title.field = "title";
    title.operator_ = BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_PRESENT;
    rule.id = ID(7);
    rule.record_type = "contact";
    rule.conditions = conditions;
    rule.n_conditions = 1;
    rule.severity = BATON__SEVERITY__SEVERITY_ERROR;
    rule.message = "no titles";
    kept_email.field = "email";
    kept_email.confirmed_us = NOW - 5;
    kept.fields = kept_fields;
    kept.n_fields = 1;
    list_init(&l, UPDATE, 2);
    l.facts.rules = &rules;
    l.facts.normal.country = "TW";
    for (size_t i = 0; i < 2; i++) {
        l.row_facts[i].references.normal = l.facts.normal;
        l.contacts[i].email = "a@x.example";
        know(&l, i, KNOWN_BY_EMAIL, &is);
        l.row_facts[i].candidates[0].kept = &kept;
    }
    l.contacts[0].title = "Countess";
    l.contacts[1].phone = "02 2345 6789";
    l.rows[1].account_name = "Ａcme";
    l.row_facts[1].account_folded = "acme";
    (void)run_list(b, &l); /* its events say it all */
    assert_int_equal(b->out.n_events, 5);
    assert_string_equal(b->out.events[0]->quality_judged->quality->type, "account");
    const Baton__Account *account = b->out.events[1]->record_changed->record->account;
    assert_string_equal(b->out.events[0]->quality_judged->quality->record_id, account->id);
    assert_string_equal(account->normalized->name, "Acme");
    const Baton__Quality *q = b->out.events[2]->quality_judged->quality;
    const Baton__Contact *c = b->out.events[3]->record_changed->record->contact;
    assert_string_equal(q->record_id, ID(1));
    assert_string_equal(c->normalized->phone_e164, "+886223456789");
    assert_string_equal(q->problems[q->n_problems - 1]->rule_id, ID(7));
    for (size_t i = 0; i < q->n_fields; i++)
        assert_int_equal(q->fields[i]->confirmed_us, strcmp(q->fields[i]->field, "email") ? NOW : NOW - 5);
    /* as a batch leaves it: nothing that is there is nothing that happens */
    list_init(&l, UPDATE, 1);
    l.contacts[0].email = "a@x.example";
    know(&l, 0, KNOWN_BY_EMAIL, &is);
    assert_int_equal(run_list(b, &l)->answers[0]->result, SAME);
    assert_int_equal(b->out.n_events, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_first_values, setup, teardown),
        cmocka_unit_test_setup_teardown(test_judged, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
