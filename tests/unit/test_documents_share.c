/* Links for people outside, rule by rule; the numbers are those of the comments in decide_share.c. */
#include "services/documents/documents.h"
#include "tests/unit/decide_bench.h"

#define DAY_US    INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)

struct link {
    Baton__Document document;
    Baton__DocumentRevision revision;
    Baton__DocumentShare share;
    struct documents_share_facts facts;
};

/* Alive, of revision 3, without a password. */
static struct link *a_link(struct bench *b)
{
    struct link *l = arena_alloc(b->arena, sizeof *l);
    memset(l, 0, sizeof *l);
    baton__document__init(&l->document);
    baton__document_revision__init(&l->revision);
    baton__document_share__init(&l->share);
    l->document.id = ID(1);
    l->document.title = (char *)"Offer";
    l->revision.number = 3;
    l->revision.file_hash = (char *)"f";
    l->revision.name = (char *)"offer.pdf";
    l->share.id = ID(5);
    l->share.document_id = ID(1);
    l->share.created_by_id = ID(2);
    l->share.token_hash = (char *)"t";
    l->share.expires_at = timestamp_of(b->arena, NOW + DAY_US);
    l->facts =
        (struct documents_share_facts){&l->share, NULL, &l->document, &l->revision, false, false, false};
    b->actor.user_id = ID(2);
    return l;
}

static void test_share(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    struct documents_password made = {.made = "hashed"};
    Baton__CreateShareRequest q = BATON__CREATE_SHARE_REQUEST__INIT;
    struct documents_share_facts f = {0};
    char hash[HASH_TEXT_SIZE];
    q.document_id = ID(1);
    /* 1 */
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_NOT_FOUND, "document_id");
    f.document = &l->document;
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "number");
    q.has_number = true;
    q.number = 9;
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_NOT_FOUND, "number");
    f.revision = &l->revision;
    q.given_to = (char *)" Ann Buyer ";
    assert_true(run(b, documents_decide_share, &f, &q));
    const Baton__DocumentShare *share = b->out.events[0]->document_share_changed->share;
    assert_int_equal(share->number, 9);
    assert_string_equal(share->given_to, "Ann Buyer");
    assert_string_equal(share->created_by_id, ID(2));
    assert_int_equal(timestamp_us(share->expires_at), NOW + 30 * DAY_US);
    /* 2 */
    q.password = (char *)"1234567";
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "password");
    q.password = (char *)"12345678";
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_RESOURCE_EXHAUSTED, "");
    q.has_days = q.has_max_views = true;
    q.days = 2;
    q.max_views = 4;
    assert_true(run_prepared(b, documents_decide_share, &f, &q, &made));
    share = b->out.events[0]->document_share_changed->share;
    const Baton__DocumentSharePassword *password = b->out.events[0]->document_share_changed->password;
    assert_string_equal(password->hash, "hashed");
    assert_string_equal(password->share_id, share->id);
    assert_true(share->has_password);
    assert_int_equal(share->max_views, 4);
    assert_int_equal(timestamp_us(share->expires_at), NOW + 2 * DAY_US);
    /* 3 */
    const Baton__CreateShareResponse *reply = (const Baton__CreateShareResponse *)b->out.reply;
    hash_text(hash, reply->token);
    assert_string_equal(share->token_hash, hash);
    assert_null(reply->share->token_hash);
}

/* 4 */
static void test_revoke(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    Baton__RevokeShareRequest q = BATON__REVOKE_SHARE_REQUEST__INIT;
    struct documents_share_facts f = {0};
    q.id = ID(5);
    assert_refused(run(b, documents_decide_revoke, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.share = &l->share;
    assert_refused(run(b, documents_decide_revoke, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.may_write = true;
    assert_true(run(b, documents_decide_revoke, &f, &q));
    f.may_write = false;
    f.is_own = true;
    assert_true(run(b, documents_decide_revoke, &f, &q));
    assert_int_equal(timestamp_us(b->out.events[0]->document_share_changed->share->revoked_at), NOW);
    assert_string_equal(b->out.events[0]->document_share_changed->share->token_hash, "t");
    l->share.revoked_at = timestamp_of(b->arena, NOW - 1);
    assert_true(run(b, documents_decide_revoke, &f, &q));
    assert_int_equal(b->out.n_events, 0);
}

/* 5 */
static void test_over(void **state)
{
    struct bench *b = *state;
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    struct documents_share_facts none = {0};
    assert_refused(run(b, documents_decide_open, &none, &q), b, REFUSAL_NOT_FOUND, "");
    const char *told = arena_strdup(b->arena, b->out.no.message);
    for (int way = 0; way < 5; way++) {
        struct link *l = a_link(b);
        assert_true(run(b, documents_decide_open, &l->facts, &q));
        if (way == 0)
            l->share.expires_at = timestamp_of(b->arena, NOW);
        else if (way == 1)
            l->share.revoked_at = timestamp_of(b->arena, NOW - 1);
        else if (way == 2)
            l->share.has_max_views = l->share.max_views = l->share.views = 1;
        else if (way == 3)
            l->facts.document = NULL;
        else
            l->facts.revision = NULL;
        assert_refused(run(b, documents_decide_open, &l->facts, &q), b, REFUSAL_NOT_FOUND, "");
        assert_string_equal(b->out.no.message, told);
        /* what was opened by the last view is still read */
        assert_int_equal(documents_share_lives(&l->facts, NOW), way == 2);
    }
}

static void test_password(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    struct documents_opening right = {.password.is_right = true}, wrong = {.password.is_right = false};
    l->share.has_has_password = l->share.has_password = true;
    /* 7 */
    assert_true(run(b, documents_decide_open, &l->facts, &q)); /* none was given */
    assert_true(((const Baton__OpenShareResponse *)b->out.reply)->wrong_password);
    for (uint32_t n = 1; n <= 20; n++) {
        assert_true(run_prepared(b, documents_decide_open, &l->facts, &q, &wrong));
        assert_true(((const Baton__OpenShareResponse *)b->out.reply)->wrong_password);
        assert_null(((const Baton__OpenShareResponse *)b->out.reply)->ticket);
        const Baton__DocumentShare *share = b->out.events[0]->document_share_changed->share;
        const int64_t minutes = n < 5 ? 0 : n < 11 ? INT64_C(1) << (n - 5) : 64;
        assert_int_equal(share->wrong_passwords, n);
        assert_int_equal(timestamp_us(share->closed_until), minutes ? NOW + minutes * MINUTE_US : 0);
        l->share.has_wrong_passwords = true;
        l->share.wrong_passwords = n;
    }
    /* 6 */
    l->share.closed_until = timestamp_of(b->arena, NOW + 1);
    assert_refused(run_prepared(b, documents_decide_open, &l->facts, &q, &right), b,
                   REFUSAL_RESOURCE_EXHAUSTED, "password");
    l->share.closed_until = timestamp_of(b->arena, NOW);
    assert_true(run_prepared(b, documents_decide_open, &l->facts, &q, &right));
    assert_int_equal(b->out.events[0]->document_share_changed->share->wrong_passwords, 0);
    assert_null(b->out.events[0]->document_share_changed->share->closed_until);
}

/* 8 */
static void test_open(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    char hash[HASH_TEXT_SIZE];
    l->share.given_to = (char *)"Ann Buyer";
    assert_true(run(b, documents_decide_open, &l->facts, &q));
    assert_int_equal(b->out.n_events, 2);
    const Baton__DocumentShareChanged *e = b->out.events[0]->document_share_changed;
    assert_int_equal(e->share->views, 1);
    assert_int_equal(e->view->number, 3);
    assert_string_equal(e->view->file_hash, "f");
    assert_string_equal(e->view->name, "offer.pdf");
    hash_text(hash, ((const Baton__OpenShareResponse *)b->out.reply)->ticket);
    assert_string_equal(e->view->ticket_hash, hash);
    const Baton__DocumentNews *news = b->out.events[1]->document_news;
    assert_int_equal(news->kind, BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_OPENED);
    assert_string_equal(news->user_ids[0], ID(2));
    assert_string_equal(news->given_to, "Ann Buyer");
    l->share.told_at = timestamp_of(b->arena, NOW - 60 * MINUTE_US + 1);
    assert_true(run(b, documents_decide_open, &l->facts, &q));
    assert_int_equal(b->out.n_events, 1);
    l->share.told_at = timestamp_of(b->arena, NOW - 60 * MINUTE_US);
    assert_true(run(b, documents_decide_open, &l->facts, &q));
    assert_int_equal(b->out.n_events, 2);
}

/* 9 */
static void test_watermark(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    Baton__CreateShareRequest q = BATON__CREATE_SHARE_REQUEST__INIT;
    struct documents_share_facts f = {.document = &l->document, .revision = &l->revision};
    char most[4 * DOCUMENTS_WATERMARK_MAX + 5] = "";
    q.document_id = ID(1);
    q.watermark = (char *)" 王小明 ";
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "watermark");
    assert_string_equal(b->out.no.message, "only PDFs can carry one");
    f.is_pdf = true;
    q.watermark = (char *)" 王小明 <ann@example.com> ";
    assert_true(run(b, documents_decide_share, &f, &q));
    assert_string_equal(b->out.events[0]->document_share_changed->share->watermark,
                        "王小明 <ann@example.com>");
    for (int n = 0; n < DOCUMENTS_WATERMARK_MAX; n++)
        memcpy(most + strlen(most), "𠮷", 5);
    q.watermark = most;
    assert_true(run(b, documents_decide_share, &f, &q));
    memcpy(most + strlen(most), "a", 2);
    static const char *const none[] = {"",          "  ",      "a\nb",     "a\tb",  "a\x7f",
                                       "a\xc2\x85", "a\u2028", "a\u2029b", "\u3000"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "watermark");
        q.watermark = (char *)(uintptr_t)none[i];
    }
    assert_refused(run(b, documents_decide_share, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "watermark");
}

/* 10 */
static void test_drawn(void **state)
{
    struct bench *b = *state;
    struct link *l = a_link(b);
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    struct documents_opening p = {.drawn = {.why = "it is damaged"}};
    l->share.watermark = (char *)"Ann Buyer";
    assert_refused(run(b, documents_decide_open, &l->facts, &q), b, REFUSAL_RESOURCE_EXHAUSTED, "watermark");
    assert_refused(run_prepared(b, documents_decide_open, &l->facts, &q, &p), b, REFUSAL_FAILED_PRECONDITION,
                   "watermark");
    assert_string_equal(b->out.no.message, "its pages cannot be drawn: it is damaged");
    p.drawn.is_later = true;
    assert_refused(run_prepared(b, documents_decide_open, &l->facts, &q, &p), b, REFUSAL_RESOURCE_EXHAUSTED,
                   "watermark");
    p.drawn = (struct documents_drawn){.is_there = true,
                                       .number = l->facts.revision->number + 1,
                                       .hash = "d",
                                       .size = 70,
                                       .watermark = "Ann Buyer · 2026-01-05"};
    /* another revision has become the current one since */
    assert_refused(run_prepared(b, documents_decide_open, &l->facts, &q, &p), b, REFUSAL_RESOURCE_EXHAUSTED,
                   "watermark");
    p.drawn.number = l->facts.revision->number;
    assert_true(run_prepared(b, documents_decide_open, &l->facts, &q, &p));
    const Baton__DocumentShareChanged *e = b->out.events[0]->document_share_changed;
    assert_int_equal(e->share->views, 1);
    assert_string_equal(e->view->file_hash, "d");
    assert_string_equal(e->view->watermark, "Ann Buyer · 2026-01-05");
    assert_int_equal(e->view->size, 70);
    /* before that the password is looked at */
    l->share.has_has_password = l->share.has_password = true;
    assert_true(run_prepared(b, documents_decide_open, &l->facts, &q, &p));
    assert_true(((const Baton__OpenShareResponse *)b->out.reply)->wrong_password);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share),    cmocka_unit_test(test_revoke), cmocka_unit_test(test_over),
        cmocka_unit_test(test_password), cmocka_unit_test(test_open),   cmocka_unit_test(test_watermark),
        cmocka_unit_test(test_drawn),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
