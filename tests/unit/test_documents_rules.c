/* Documents and revisions, rule by rule; the numbers are those of the comments in decide_document.c
   (test_document) and decide_revision.c. */
#include "baton/v1/record.pb-c.h"
#include "services/documents/documents.h"
#include "tests/unit/decide_bench.h"

static Baton__Document new_document(void)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    d.id = ID(1);
    d.title = (char *)"Contract";
    return d;
}

static void be(struct bench *b, char *id, Baton__Role role)
{
    b->actor.user_id = id;
    b->actor.has_role = true;
    b->actor.role = role;
}

/* Nothing rings. */
static const struct documents_calendar_facts silent;

static void test_document(void **state)
{
    struct bench *b = *state;
    static const struct {
        int rule;
        const char *effective_on, *expires_on, *field; /* NULL: fine */
        Baton__DocumentStatus status;
    } rows[] = {
        {1, "soon", NULL, "effective_on", 0},
        {1, NULL, "2026-02-30", "expires_on", 0},
        {2, "2026-12-31", "2026-12-30", "expires_on", 0},
        {2, "2026-12-31", "2026-12-31", NULL, BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_DRAFT},
        {3, NULL, "2020-01-01", NULL, BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_EXPIRED},
    };
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Document d = new_document();
        d.effective_on = (char *)(uintptr_t)rows[i].effective_on;
        d.expires_on = (char *)(uintptr_t)rows[i].expires_on;
        bool ok = check(b, documents_check_document, &silent, NULL, &d.base);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        if (!ok)
            continue;
        assert_int_equal(d.status, rows[i].status);
        assert_int_equal(d.has_due_us, rows[i].status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_DRAFT);
        /* 6 */
        assert_string_equal(d.owner_id, ID(2));
    }
}

static void test_keeping(void **state)
{
    struct bench *b = *state;
    Baton__Document before = new_document(), after = new_document();
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    assert_true(check(b, documents_check_document, &silent, &before.base, NULL));
    /* 4 */
    before.has_legal_hold = before.legal_hold = true;
    assert_refused(check(b, documents_check_document, &silent, &before.base, NULL), b,
                   REFUSAL_FAILED_PRECONDITION, "");
    /* 5 */
    assert_refused(check(b, documents_check_document, &silent, &before.base, &after.base), b,
                   REFUSAL_PERMISSION_DENIED, "legal_hold");
    be(b, ID(2), BATON__ROLE__ROLE_MANAGER);
    assert_true(check(b, documents_check_document, &silent, &before.base, &after.base));
    before = new_document();
    before.retain_until = (char *)"2999-01-01";
    assert_refused(check(b, documents_check_document, &silent, &before.base, NULL), b,
                   REFUSAL_FAILED_PRECONDITION, "");
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    after = new_document();
    assert_refused(check(b, documents_check_document, &silent, &before.base, &after.base), b,
                   REFUSAL_PERMISSION_DENIED, "retain_until");
    after.retain_until = (char *)"2999-01-02";
    assert_true(check(b, documents_check_document, &silent, &before.base, &after.base));
}

static const Baton__Document *changed_document(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++) {
        const Baton__Record *r = b->out.events[i]->record_changed->record;
        if (r->record_case == BATON__RECORD__RECORD_DOCUMENT)
            return r->document;
    }
    return NULL;
}

static void test_add(void **state)
{
    struct bench *b = *state;
    Baton__Document d = new_document();
    Baton__StoredFile file = BATON__STORED_FILE__INIT;
    Baton__DocumentRevision current = BATON__DOCUMENT_REVISION__INIT;
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    struct documents_document_facts f = {.file_name = "a.txt"};
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    file.hash = (char *)"0";
    file.media_type = (char *)"text/plain";
    current.id = ID(5);
    /* 1 */
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_NOT_FOUND, "document_id");
    f.document = &d;
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_PERMISSION_DENIED, "");
    f.may_write = true;
    /* 2 */
    d.checked_out_by_id = ID(3);
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "");
    d.checked_out_by_id = ID(2);
    /* 4 */
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_NOT_FOUND, "file_hash");
    f.file = &file;
    /* 5 */
    q.name = (char *)"a.pdf";
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_INVALID_ARGUMENT, "name");
    q.name = NULL;
    assert_true(run(b, documents_decide_add, &f, &q.base));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(changed_document(b)->last_number, 1);
    assert_int_equal(changed_document(b)->current_number, 0);
    /* 6 */
    q.has_make_current = q.make_current = d.has_review_required = d.review_required = true;
    assert_refused(run(b, documents_decide_add, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "make_current");
    /* 3 */
    d.review_required = false;
    f.current = &current;
    assert_true(run(b, documents_decide_add, &f, &q.base));
    assert_int_equal(b->out.n_events, 3);
    assert_int_equal(changed_document(b)->current_number, 1);
    assert_int_equal(changed_document(b)->status, BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE);
}

static void test_current(void **state)
{
    struct bench *b = *state;
    static const struct {
        Baton__RevisionStatus status;
        bool is_reviewed, is_fine;
    } rows[] = {
        {BATON__REVISION_STATUS__REVISION_STATUS_DRAFT, false, true},
        {BATON__REVISION_STATUS__REVISION_STATUS_DRAFT, true, false},
        {BATON__REVISION_STATUS__REVISION_STATUS_IN_REVIEW, false, false},
        {BATON__REVISION_STATUS__REVISION_STATUS_REJECTED, false, false},
        {BATON__REVISION_STATUS__REVISION_STATUS_APPROVED, true, true},
        {BATON__REVISION_STATUS__REVISION_STATUS_SUPERSEDED, true, true},
    };
    Baton__Document d = new_document();
    Baton__DocumentRevision v = BATON__DOCUMENT_REVISION__INIT;
    Baton__MakeCurrentRequest q = BATON__MAKE_CURRENT_REQUEST__INIT;
    struct documents_document_facts f = {.document = &d, .may_write = true};
    v.id = ID(5);
    v.number = 1;
    assert_refused(run(b, documents_decide_current, &f, &q.base), b, REFUSAL_NOT_FOUND, "number");
    f.revision = &v;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        v.status = rows[i].status;
        d.review_required = rows[i].is_reviewed;
        /* 7 */
        assert_int_equal(run(b, documents_decide_current, &f, &q.base), rows[i].is_fine);
    }
    v.status = BATON__REVISION_STATUS__REVISION_STATUS_CURRENT;
    assert_true(run(b, documents_decide_current, &f, &q.base));
    assert_int_equal(b->out.n_events, 0);
}

static void test_hands(void **state)
{
    struct bench *b = *state;
    Baton__Document d = new_document();
    Baton__CheckInRequest q = BATON__CHECK_IN_REQUEST__INIT;
    struct documents_document_facts f = {.document = &d, .may_write = true};
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    assert_true(run(b, documents_decide_check_out, &f, &q.base));
    assert_string_equal(changed_document(b)->checked_out_by_id, ID(2));
    d.checked_out_by_id = ID(3);
    assert_refused(run(b, documents_decide_check_out, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "");
    /* 8 */
    assert_refused(run(b, documents_decide_check_in, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "");
    f.is_in_charge = true;
    assert_true(run(b, documents_decide_check_in, &f, &q.base));
    assert_null(changed_document(b)->checked_out_by_id);
}

static void test_review(void **state)
{
    struct bench *b = *state;
    Baton__Document d = new_document();
    Baton__DocumentRevision v = BATON__DOCUMENT_REVISION__INIT;
    Baton__RequestReviewRequest ask = BATON__REQUEST_REVIEW_REQUEST__INIT;
    Baton__ReviewRevisionRequest say = BATON__REVIEW_REVISION_REQUEST__INIT;
    char *reviewers[] = {ID(3), ID(4)}, *author[] = {ID(2)}, *approved[] = {ID(3)};
    struct documents_document_facts f = {.document = &d, .may_write = true, .revision = &v};
    be(b, ID(2), BATON__ROLE__ROLE_REP);
    v.id = ID(5);
    v.author_id = ID(2);
    v.status = BATON__REVISION_STATUS__REVISION_STATUS_CURRENT;
    /* 9 */
    assert_refused(run(b, documents_decide_request_review, &f, &ask.base), b, REFUSAL_FAILED_PRECONDITION,
                   "number");
    v.status = BATON__REVISION_STATUS__REVISION_STATUS_DRAFT;
    ask.reviewer_ids = author;
    ask.n_reviewer_ids = 1;
    /* 10 */
    assert_refused(run(b, documents_decide_request_review, &f, &ask.base), b, REFUSAL_INVALID_ARGUMENT,
                   "reviewer_ids");
    /* 11 */
    v.status = BATON__REVISION_STATUS__REVISION_STATUS_IN_REVIEW;
    v.reviewer_ids = reviewers;
    v.n_reviewer_ids = 2;
    say.has_approve = say.approve = true;
    assert_refused(run(b, documents_decide_review, &f, &say.base), b, REFUSAL_PERMISSION_DENIED, "");
    be(b, ID(4), BATON__ROLE__ROLE_REP);
    f.may_write = false;
    /* 12: the other has not said anything yet */
    assert_true(run(b, documents_decide_review, &f, &say.base));
    const Baton__ReviewRevisionResponse *p = (const Baton__ReviewRevisionResponse *)b->out.reply;
    assert_int_equal(p->revision->status, BATON__REVISION_STATUS__REVISION_STATUS_IN_REVIEW);
    v.approved_by_ids = approved;
    v.n_approved_by_ids = 1;
    assert_true(run(b, documents_decide_review, &f, &say.base));
    p = (const Baton__ReviewRevisionResponse *)b->out.reply;
    assert_int_equal(p->revision->status, BATON__REVISION_STATUS__REVISION_STATUS_APPROVED);
    say.approve = false;
    assert_true(run(b, documents_decide_review, &f, &say.base));
    p = (const Baton__ReviewRevisionResponse *)b->out.reply;
    assert_int_equal(p->revision->status, BATON__REVISION_STATUS__REVISION_STATUS_REJECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document), cmocka_unit_test(test_keeping), cmocka_unit_test(test_add),
        cmocka_unit_test(test_current),  cmocka_unit_test(test_hands),   cmocka_unit_test(test_review),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
