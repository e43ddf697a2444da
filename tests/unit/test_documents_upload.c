/* Uploads, rule by rule; the numbers are those of the comments in decide_upload.c and decide_kind.c. */
#include "services/documents/documents.h"
#include "tests/unit/decide_bench.h"

static void test_names(void **state)
{
    static const struct {
        int rule;
        const char *name;
        bool is_fine;
    } rows[] = {
        {1, "a\x01.txt", false},
        {1, "a\n.txt", false},
        {1, "a\x7f.txt", false},
        {1, "a\xc2\x85.txt", false},
        {1, "a/b.txt", false},
        {1, "a\\b.txt", false},
        {1, "exe\xe2\x80\xaetxt.pdf", false},
        {1, "a\xe2\x81\xa6.pdf", false},
        {2, "a.exe", false},
        {2, "a", false},
        {2, ".txt", false},
        {2, "a.txt.js", false},
        {2, "a.svg", false},
        {2, "a.html", false},
        {2, "a.txt", true},
        {2, "A.PDF", true},
        {2, "\xe5\x90\x88\xe7\xb4\x84.docx", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no = {0};
        assert_int_equal(documents_name_allowed(rows[i].name, &no), rows[i].is_fine);
        assert_int_equal(no.code, rows[i].is_fine ? REFUSAL_NONE : REFUSAL_INVALID_ARGUMENT);
    }
    /* 3 */
    assert_true(documents_kind_fits("a.PNG", "image/png"));
    assert_false(documents_kind_fits("a.png", "image/jpeg"));
    assert_false(documents_kind_fits("a.txt", "text/html"));
    assert_false(documents_kind_fits("a.txt", "text/plai"));
    assert_false(documents_kind_fits("a.exe", "application/pdf"));
}

static void test_begin(void **state)
{
    struct bench *b = *state;
    const uint64_t MIB = 1 << 20;
    const struct {
        int rule;
        uint64_t size, user, total, room, uploads;
        enum refusal_code code;
    } rows[] = {
        {1, 0, 0, 0, 1000, 0, REFUSAL_INVALID_ARGUMENT},
        {2, 101, 0, 0, 1000, 0, REFUSAL_RESOURCE_EXHAUSTED},
        {2, 100, 0, 0, 1000, 0, REFUSAL_NONE},
        {3, 100, 101, 101, 1000, 0, REFUSAL_RESOURCE_EXHAUSTED},
        {3, 100, 100, 100, 1000, 0, REFUSAL_NONE},
        {3, 100, 0, 901, 1000, 0, REFUSAL_RESOURCE_EXHAUSTED},
        {3, 100, 201, 201, 1000, 0, REFUSAL_RESOURCE_EXHAUSTED},
        {4, 100, 0, 0, 355, 0, REFUSAL_UNAVAILABLE},
        {4, 100, 0, 0, 356, 0, REFUSAL_NONE},
        {5, 1, 0, 0, 1000, DOCUMENTS_UPLOADS_MAX, REFUSAL_RESOURCE_EXHAUSTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__DocumentSettings settings = BATON__DOCUMENT_SETTINGS__INIT;
        Baton__FileUsage user = BATON__FILE_USAGE__INIT, total = BATON__FILE_USAGE__INIT;
        Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
        settings.has_file_max_bytes = settings.has_user_max_bytes = settings.has_total_max_bytes = true;
        settings.file_max_bytes = 100 * MIB;
        settings.user_max_bytes = 200 * MIB;
        settings.total_max_bytes = 1000 * MIB;
        user.bytes = rows[i].user * MIB;
        user.uploads = rows[i].uploads;
        total.bytes = rows[i].total * MIB;
        const struct documents_begin_facts f = {&settings, &user, &total, rows[i].room * MIB};
        q.name = (char *)"letter.txt";
        q.has_size = true;
        q.size = rows[i].size * MIB;
        assert_int_equal(run(b, documents_decide_begin, &f, &q.base), rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        if (rows[i].code != REFUSAL_NONE)
            continue;
        assert_int_equal(b->out.n_events, 1);
        assert_int_equal(b->out.events[0]->upload_begun->upload->size, q.size);
    }
}

static void test_piece(void **state)
{
    struct bench *b = *state;
    static const struct {
        int rule;
        enum documents_end end;
        enum refusal_code code;
        int event; /* 0: none */
    } rows[] = {
        {3, DOCUMENTS_BUSY, REFUSAL_UNAVAILABLE, 0},
        {3, DOCUMENTS_CROWDED, REFUSAL_RESOURCE_EXHAUSTED, 0},
        {3, DOCUMENTS_ELSEWHERE, REFUSAL_ABORTED, 0},
        {3, DOCUMENTS_FULL, REFUSAL_UNAVAILABLE, 0},
        {3, DOCUMENTS_FAILED, REFUSAL_UNAVAILABLE, 0},
        {4, DOCUMENTS_REJECTED, REFUSAL_NONE, BATON__EVENT__EVENT_UPLOAD_ENDED},
        {5, DOCUMENTS_KEPT, REFUSAL_NONE, BATON__EVENT__EVENT_FILE_STORED},
        {6, DOCUMENTS_WRITTEN, REFUSAL_NONE, BATON__EVENT__EVENT_UPLOAD_ADVANCED},
    };
    Baton__Upload u = BATON__UPLOAD__INIT;
    Baton__PutPieceRequest q = BATON__PUT_PIECE_REQUEST__INIT;
    struct documents_piece p = {.offset = 30, .safe = 20, .rejected = "no"};
    struct documents_upload_facts f = {NULL, NULL};
    u.id = ID(1);
    u.owner_id = ID(1);
    u.size = 30;
    u.safe_bytes = 10;
    /* 1 */
    assert_false(run(b, documents_decide_piece, &f, &q.base));
    assert_int_equal(b->out.no.code, REFUSAL_NOT_FOUND);
    f.upload = &u;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p.end = rows[i].end;
        assert_int_equal(run_prepared(b, documents_decide_piece, &f, &q.base, &p),
                         rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_int_equal(b->out.n_events, rows[i].event != 0);
        if (rows[i].event)
            assert_int_equal(b->out.events[0]->event_case, rows[i].event);
    }
    /* 6: nothing is said again */
    u.safe_bytes = 20;
    p.end = DOCUMENTS_WRITTEN;
    assert_true(run_prepared(b, documents_decide_piece, &f, &q.base, &p));
    assert_int_equal(b->out.n_events, 0);
    /* 2 */
    Baton__StoredFile file = BATON__STORED_FILE__INIT;
    u.hash = (char *)"0";
    f.file = &file;
    assert_true(run(b, documents_decide_piece, &f, &q.base));
    assert_ptr_equal(((Baton__PutPieceResponse *)b->out.reply)->file, &file);
}

static void test_end(void **state)
{
    struct bench *b = *state;
    Baton__Upload u = BATON__UPLOAD__INIT;
    Baton__CancelUploadRequest q = BATON__CANCEL_UPLOAD_REQUEST__INIT;
    const struct documents_upload_facts f = {&u, NULL};
    u.id = ID(1);
    assert_true(run(b, documents_decide_cancel, &f, &q.base));
    assert_string_equal(b->out.events[0]->upload_ended->reason, "canceled");
    assert_true(run(b, documents_decide_upload_due, NULL, &u.base));
    assert_non_null(b->out.events[0]->upload_ended->reason);
    u.hash = (char *)"0";
    assert_false(run(b, documents_decide_cancel, &f, &q.base));
    assert_true(run(b, documents_decide_upload_due, NULL, &u.base));
    assert_null(b->out.events[0]->upload_ended->reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_begin),
        cmocka_unit_test(test_piece),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
