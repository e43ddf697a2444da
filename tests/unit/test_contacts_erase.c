/* Erasing a person, rule by rule; the numbers are those of decide_erase.c. */
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/activity.h"
#include "unit/erase_bench.h"

static void rule_1_somebody(void **state)
{
    static const struct {
        bool is_there, was_deleted, was_erased;
        size_t said; /* of them since */
        enum refusal_code code;
    } rows[] = {
        {true, false, false, 0, REFUSAL_NONE}, {false, false, false, 0, REFUSAL_NOT_FOUND},
        {false, true, false, 0, REFUSAL_NONE}, {true, false, true, 0, NO},
        {true, false, true, 1, REFUSAL_NONE},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct person *p = ann(b);
        p->facts.contact.row = rows[i].is_there ? &p->contact.base : NULL;
        p->facts.was_deleted = rows[i].was_deleted;
        p->contact.erased_at = rows[i].was_erased ? timestamp_of(b->arena, NOW - 1) : NULL;
        said(b, p, rows[i].said);
        if (rows[i].code)
            assert_refused(erase(b, p), b, rows[i].code, "contact_id");
        else
            assert_erased(b, p);
    }
    /* of whom only the log knows, nothing else is there to be changed */
    struct person *p = ann(b);
    p->facts.contact.row = NULL;
    p->facts.was_deleted = true;
    assert_true(erase(b, p));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(erased_at(b, 0)->contact_ids[0], PERSON);
}

static void rule_2_merged(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    p->contact.merged_into_id = OLDER;
    assert_refused(erase(b, p), b, NO, "contact_id");
    p->request.has_preview = p->request.preview = true;
    assert_refused(erase(b, p), b, NO, "contact_id");
}

static void rule_3_kept(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    p->facts.held = "contact";
    p->facts.held_reason = "a lawsuit";
    assert_refused(erase(b, p), b, NO, "contact_id");
    assert_string_equal(b->out.no.message,
                        "the contact is under legal hold: a lawsuit; that has to end first");
    p->facts.held = "account";
    p->facts.held_reason = NULL;
    assert_refused(erase(b, p), b, NO, "contact_id");
    assert_string_equal(b->out.no.message, "the account is under legal hold; that has to end first");
    p->facts.held = NULL;
    p->facts.too_many = true;
    assert_refused(erase(b, p), b, NO, "contact_id");
}

static void rule_4_why(void **state)
{
    static char *const nothing[] = {NULL, "", "  "};
    struct bench *b = *state;
    struct person *p = ann(b);
    assert_true(erase(b, p));
    assert_string_equal(erased_at(b, b->out.n_events - 1)->reason, "they asked for it");
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        p->request.reason = nothing[i];
        assert_refused(erase(b, p), b, REFUSAL_INVALID_ARGUMENT, "reason");
    }
    p->request.has_preview = p->request.preview = true;
    assert_true(erase(b, p));
}

static void rule_5_meant(void **state)
{
    static const struct {
        const char *name;
        char *typed;
        bool confirmed, ok;
    } rows[] = {
        {"Ann Lee", NULL, true, true},
        {"Ann Lee", "Ann Lee", false, true},
        {"Ann Lee", "ANN LEE", false, true},
        {"Ann Lee", "Ann", false, false},
        {"Ann Lee", "", false, false},
        {"Ann Lee", NULL, false, false},
        {NULL, NULL, false, false},
        {NULL, "Ann Lee", false, false},
        {NULL, NULL, true, true},
    };
    struct bench *b = *state;
    struct person *p = ann(b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p->facts.name = rows[i].name;
        p->request.confirm_name = rows[i].typed;
        p->request.confirmed = rows[i].confirmed;
        if (rows[i].ok)
            assert_erased(b, p);
        else
            assert_refused(erase(b, p), b, NO, "confirm_name");
    }
}

static void rule_6_says_no_more(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    said(b, p, 2);
    assert_erased(b, p);
    for (size_t i = 0; i < 2; i++) {
        const Baton__RecordChanged *e = change_at(b, i);
        assert_string_equal(e->record->note->id, schema_get_text(p->facts.said[i].at.row, "id"));
        assert_null(e->record->note->text);
        assert_string_equal(e->record->note->account_id, ACCOUNT);
        assert_int_equal(e->record->note->revision, 3);
        assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED);
        assert_int_equal(e->n_fields, 1);
        assert_string_equal(e->fields[0], "text");
        assert_int_equal(e->previous_seq, SEQ);
    }
}

static void assert_judged(const struct bench *b, size_t i, char *id)
{
    Baton__Quality nothing = BATON__QUALITY__INIT;
    nothing.record_id = id;
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, JUDGED);
    assert_true(schema_equal(&b->out.events[i]->quality_judged->quality->base, &nothing.base));
}

static void rule_7_an_id_is_left(void **state)
{
    static char *const ids[] = {OLDER, PERSON};
    struct bench *b = *state;
    struct person *p = ann(b);
    merged(b, p, 1);
    assert_erased(b, p);
    assert_int_equal(b->out.n_events, 5);
    for (size_t i = 0; i < 2; i++) {
        const Baton__RecordChanged *e = change_at(b, 2 * i);
        Baton__Contact left = BATON__CONTACT__INIT;
        left.id = ids[i];
        left.has_revision = true;
        left.revision = 5;
        left.created_at = timestamp_of(b->arena, NOW - 1);
        left.updated_at = left.erased_at = timestamp_of(b->arena, NOW);
        assert_true(schema_equal(&e->record->contact->base, &left.base));
        assert_int_equal(e->previous_seq, SEQ);
        assert_judged(b, 2 * i + 1, ids[i]);
    }
    assert_string_equal(p->contact.last_name, "Lee"); /* the row is not ours */
}

static void rule_8_accounts(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    account(b, p, ACCOUNT, true, NULL);
    account(b, p, ID(5), false, NULL);
    account(b, p, ID(6), true, ACCOUNT);
    assert_erased(b, p);
    assert_int_equal(b->out.n_events, 3 * 2 + 1 + 3);
    for (size_t i = 0; i < 3; i++) {
        const Baton__Account *was = (const Baton__Account *)p->facts.accounts[i].at.row;
        const Baton__PersonErased *first = erased_at(b, 2 * i);
        const Baton__RecordChanged *e = change_at(b, 2 * i + 1); /* though nothing may differ */
        assert_int_equal(first->n_account_ids, 1);
        assert_string_equal(first->account_ids[0], was->id);
        assert_int_equal(first->n_contact_ids + first->n_lead_ids, 0);
        assert_string_equal(e->record->account->id, was->id);
        assert_string_equal(e->record->account->name, i == 1 ? "Lee and Sons" : "Erased");
        assert_int_equal(e->record->account->revision, 6);
        assert_int_equal(e->previous_seq, SEQ);
    }
    assert_judged(b, 6, ID(6)); /* merged: it is not judged anew */
}

static void rule_9_comes_last(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    char *leads[] = {LEAD, ID(8)};
    Baton__DuplicatePair pair = BATON__DUPLICATE_PAIR__INIT;
    Baton__RecordShare share = BATON__RECORD_SHARE__INIT;
    pair.id = PERSON ":" OLDER;
    share.id = ID(7);
    merged(b, p, 1);
    p->facts.lead_ids = leads;
    p->facts.n_lead_ids = 2;
    p->facts.pairs[p->facts.n_pairs++] = &pair;
    p->facts.shares.rows[0] = &share.base;
    p->facts.shares.n = 1;
    assert_erased(b, p);
    assert_int_equal(b->out.n_events, 7);
    assert_int_equal(b->out.events[2]->event_case, BATON__EVENT__EVENT_DUPLICATE_CLEARED);
    assert_string_equal(b->out.events[2]->duplicate_cleared->pair_id, pair.id);
    assert_int_equal(change_at(b, 3)->kind, BATON__CHANGE_KIND__CHANGE_KIND_DELETED);
    assert_string_equal(change_at(b, 3)->record->record_share->id, ID(7));
    const Baton__PersonErased *e = erased_at(b, 6);
    assert_int_equal(e->n_contact_ids, 2);
    assert_string_equal(e->contact_ids[0], PERSON);
    assert_string_equal(e->contact_ids[1], OLDER);
    assert_int_equal(e->n_lead_ids, 2);
    assert_string_equal(e->lead_ids[0], LEAD);
    assert_string_equal(e->lead_ids[1], ID(8));
    assert_int_equal(e->n_account_ids, 0);
}

/* 4 of decide_noted.c, too: nothing is written down of it */
static void rule_10_a_late_lead(void **state)
{
    struct bench *b = *state;
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__LeadCaptured captured = BATON__LEAD_CAPTURED__INIT;
    Baton__LeadConverted converted = BATON__LEAD_CONVERTED__INIT;
    const struct contacts_lead_facts f = {.is_erased = true};
    lead.id = converted.lead_id = LEAD;
    lead.last_name = "Lee";
    lead.matched_contact_id = converted.contact_id = PERSON;
    captured.lead = converted.lead = &lead;
    for (int is = 0; is < 2; is++) {
        assert_true(is ? run(b, contacts_decide_converted_noted, &f, &converted)
                       : run(b, contacts_decide_lead_noted, &f, &captured));
        assert_int_equal(b->out.n_events, 1);
        const Baton__PersonErased *e = erased_at(b, 0);
        assert_int_equal(e->n_lead_ids, 1);
        assert_string_equal(e->lead_ids[0], LEAD);
        assert_int_equal(e->n_contact_ids + e->n_account_ids, 0);
    }
}

static uint32_t counted(const struct bench *b, const char *type)
{
    const Baton__ErasePersonResponse *r = (const Baton__ErasePersonResponse *)b->out.reply;
    uint32_t n = 0;
    for (size_t i = 0; i < r->n_counts; i++)
        if (strcmp(r->counts[i]->type, type) == 0)
            n += r->counts[i]->count;
    return n;
}

static bool is_more(const struct bench *b)
{
    return ((const Baton__ErasePersonResponse *)b->out.reply)->more;
}

/* It is told the same as is done then. */
static void rule_11_only_asks(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    char *leads[] = {LEAD};
    said(b, p, 3);
    merged(b, p, 2);
    account(b, p, ACCOUNT, true, NULL);
    p->facts.lead_ids = leads;
    p->facts.n_lead_ids = 1;
    for (int preview = 0; preview < 2; preview++) {
        p->request.has_preview = true;
        p->request.preview = preview;
        p->request.confirmed = !preview;
        assert_true(erase(b, p));
        assert_int_equal(b->out.n_events > 0, !preview);
        assert_int_equal(counted(b, "contact"), 3);
        assert_int_equal(counted(b, "note"), 3);
        assert_int_equal(counted(b, "lead"), 1);
        assert_int_equal(counted(b, "account"), 1);
        assert_false(is_more(b));
    }
}

/* What does not go at once goes first, and they themselves only when nothing else is left. */
static void rule_12_more(void **state)
{
    enum { MOST = (CONTACTS_ERASED_EVENTS - CONTACTS_ERASED_AT_ONCE) / 2 };
    static const struct {
        size_t said, merged, changed;
        bool more;
    } rows[] = {
        {CONTACTS_ERASED_AT_ONCE, 0, CONTACTS_ERASED_AT_ONCE, false},
        {CONTACTS_ERASED_AT_ONCE + 1, 0, CONTACTS_ERASED_AT_ONCE, true},
        {CONTACTS_ERASED_AT_ONCE, MOST, CONTACTS_ERASED_AT_ONCE, false},
        {CONTACTS_ERASED_AT_ONCE, MOST + 1, CONTACTS_ERASED_AT_ONCE, true},
        {0, CONTACTS_MERGED_ERASED, 0, false},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct person *p = ann(b);
        said(b, p, rows[i].said);
        merged(b, p, rows[i].merged);
        p->facts.more_said = rows[i].said > CONTACTS_ERASED_AT_ONCE;
        assert_true(erase(b, p));
        assert_int_equal(is_more(b), rows[i].more);
        assert_int_equal(counted(b, "note"), rows[i].changed);
        assert_int_equal(counted(b, "contact"), rows[i].more ? 0 : 1 + rows[i].merged);
        assert_int_equal(b->out.n_events, rows[i].changed + (rows[i].more ? 0 : 2 * rows[i].merged + 3));
        for (size_t k = 0; rows[i].more && k < b->out.n_events; k++)
            assert_non_null(change_at(b, k)->record->note);
        if (!rows[i].more)
            assert_int_equal(erased_at(b, b->out.n_events - 1)->n_contact_ids, 1 + rows[i].merged);
    }
}

/* As much as there can be is one command's. */
static void rule_12_everything(void **state)
{
    struct bench *b = *state;
    struct person *p = ann(b);
    Baton__DuplicatePair pair = BATON__DUPLICATE_PAIR__INIT;
    Baton__RecordShare share = BATON__RECORD_SHARE__INIT;
    pair.id = PERSON ":" OLDER;
    share.id = ID(7);
    said(b, p, CONTACTS_ERASED_EVENTS - 2 * (CONTACTS_MERGED_ERASED - 50));
    merged(b, p, CONTACTS_MERGED_ERASED - 50);
    while (p->facts.n_pairs < CONTACTS_ERASED_PAIRS)
        p->facts.pairs[p->facts.n_pairs++] = &pair;
    while (p->facts.shares.n < SHARING_SHARES_MAX)
        p->facts.shares.rows[p->facts.shares.n++] = &share.base;
    while (p->facts.n_accounts < CONTACTS_ERASED_ACCOUNTS)
        account(b, p, ID(6), true, ACCOUNT);
    assert_erased(b, p);
    assert_false(is_more(b));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rule_1_somebody),      TEST(rule_2_merged),     TEST(rule_3_kept),
        TEST(rule_4_why),           TEST(rule_5_meant),      TEST(rule_6_says_no_more),
        TEST(rule_7_an_id_is_left), TEST(rule_8_accounts),   TEST(rule_9_comes_last),
        TEST(rule_10_a_late_lead),  TEST(rule_11_only_asks), TEST(rule_12_more),
        TEST(rule_12_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
