/* Mails: what is read of them, and what is decided; numbers are those of decide_mail.c. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "services/leads/mail.h"
#include "unit/leads_facts.h"

#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

static struct leads_mail *read_bytes(const void *raw, size_t size)
{
    struct leads_mail *mail = calloc(1, sizeof *mail + size);
    assert_non_null(mail);
    mail->size = size;
    memcpy(mail->raw, raw, size);
    leads_mail_read(mail);
    return mail;
}

static struct leads_mail *read_text(const char *raw)
{
    return read_bytes(raw, strlen(raw));
}

/* --- reading --- */

static void test_parts(void **state)
{
    struct leads_mail *m = read_text(
        "From: =?UTF-8?B?546L5bCP5piO?= <wang@buyer.example>\nReply-To: office@buyer.example\n"
        "Message-ID: <77@buyer.example>\nSubject: =?Big5?B?u/mz+A==?=\nContent-Language: zh-TW\n"
        "Content-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>A&amp;B</p>\n"
        "--x\nContent-Type: text/plain; charset=big5\n\n\xbb\xf9\xb3\xf8\n"
        "--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%C3%A4.pdf\n"
        "Content-Transfer-Encoding: base64\n\nAAAA\n--x--\n");
    assert_string_equal(m->key, "77@buyer.example");
    assert_string_equal(m->sender, "office@buyer.example");
    assert_string_equal(m->sender_name, "王小明");
    assert_string_equal(m->subject, "價報");
    assert_string_equal(m->language, "zh-TW");
    assert_string_equal(m->text, "價報");
    assert_string_equal(m->machine, "");
    assert_int_equal(m->n_attachments, 1);
    assert_string_equal(m->attachments[0].name, "ä.pdf");
    assert_string_equal(m->attachments[0].type, "application/pdf");
    assert_int_equal(m->attachments[0].size, 3);
    free(m);
}

static void test_plain(void **state)
{
    static const struct {
        const char *html, *text;
    } rows[] = {
        {"a  b\n c", "a b c"},
        {"<title>x</title><p>Name: <b>A</b> &lt;B&gt;</p><p>C<br/>D", "Name: A <B>\nC\nD"},
        {"&#20215;&#x4ef7;&#xD800;&#0;&nope;", "价价&#xD800;&#0;&nope;"},
        {"a<!-- > -->b<!-- c", "ab"},
        {"a<script>b</script>c<style>d", "ac"},
        {"a < b", "a "},
    };
    char out[64], tiny[5];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        leads_mail_plain(rows[i].html, out, sizeof out);
        assert_string_equal(out, rows[i].text);
    }
    leads_mail_plain("ab价价", tiny, sizeof tiny);
    assert_string_equal(tiny, "ab");
}

static void test_machines(void **state)
{
    static const struct {
        const char *head, *reason;
        bool may_be_form;
    } rows[] = {
        {"Auto-Submitted: no\n", "", false},
        {"Auto-Submitted: auto-replied\n", "it is an automatic reply", false},
        {"Auto-Submitted: auto-generated\n", "it was sent by a machine", true},
        {"Precedence: bulk\n", "it was sent in bulk", true},
        {"List-Id: <x.example>\n", "it came over a mailing list", false},
        {"Return-Path: <>\n", "it is a report about another mail", false},
        {"X-Loop: x\n", "it goes round in a loop", false},
        {"From: MAILER-DAEMON@x.example\n", "it is a report about another mail", false},
        {"Content-Type: multipart/report; boundary=x\n", "it is a report about another mail", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char raw[200];
        (void)snprintf(raw, sizeof raw, "%s\nHello\n", rows[i].head); /* fits */
        struct leads_mail *m = read_text(raw);
        assert_string_equal(m->machine, rows[i].reason);
        assert_int_equal(m->may_be_form, rows[i].may_be_form);
        free(m);
    }
}

static char *repeated(const char *head, const char *piece, size_t times)
{
    size_t size = strlen(piece), at = strlen(head);
    char *raw = calloc(1, at + size * times + 8);
    assert_non_null(raw);
    memcpy(raw, head, at);
    for (size_t i = 0; i < times; i++)
        memcpy(raw + at + i * size, piece, size);
    memcpy(raw + at + times * size, "\n\nx\n", 4);
    return raw;
}

static void test_bombs(void **state)
{
    static const struct {
        const char *head, *piece, *reason;
        size_t times;
    } rows[] = {
        {"Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\na\n", "it has too many parts to be read",
         90000},
        {"Content-Type: multipart/mixed; boundary=x\n\n",
         "--x\nContent-Type: multipart/mixed; boundary=x\n\n", "", 1500},
        {"Subject: x\n", "Content-Type: message/rfc822\n\n", "", 20000},
        {"Content-Type: text/html\n\n", "<!--", "", 190000},
        {"Content-Type: text/html\n\n", "<style>&#", "", 80000},
        {"From: a@b.example\n", "Received: x\n", "it goes round in a loop", 60},
        {"From: ", "(", "", 200000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *raw = repeated(rows[i].head, rows[i].piece, rows[i].times);
        struct leads_mail *m = read_text(raw);
        assert_string_equal(m->machine, rows[i].reason);
        assert_true(*m->key);
        free(m);
        free(raw);
    }
}

/* --- deciding --- */

static bool submit(struct leads_test *t, const struct leads_capture_facts *facts, const char *raw)
{
    struct leads_capture_facts f = *facts;
    Baton__SubmitMailRequest *q = ARENA_NEW(t->arena, Baton__SubmitMailRequest);
    baton__submit_mail_request__init(q);
    struct leads_mail *mail = raw ? read_text(raw) : NULL;
    struct command c = command_of(t, q);
    c.prepared = mail;
    if (mail)
        f.read = leads_read_mail(mail, t->arena);
    fresh(t);
    bool is_taken = leads_decide_mail(&f, &c, &t->stamp, &t->out);
    free(mail);
    return is_taken;
}

static const Baton__Lead *taken(struct leads_test *t, const char *raw)
{
    struct leads_capture_facts f = {.routing = &t->routing};
    assert_true(submit(t, &f, raw));
    return ((const Baton__LeadCaptured *)event_at(t, 0, &baton__lead_captured__descriptor))->lead;
}

static const char *rejected(struct leads_test *t, const char *raw)
{
    struct leads_capture_facts f = {.routing = &t->routing};
    assert_true(submit(t, &f, raw));
    const Baton__LeadRejected *e = event_at(t, 0, &baton__lead_rejected__descriptor);
    assert_string_equal(e->original->content_type, "message/rfc822");
    assert_int_equal(((const Baton__SubmitMailResponse *)t->out.reply)->status, STATUS(REJECTED));
    return e->lead->status_reason;
}

static void test_refusals(void **state)
{
    struct leads_test *t = *state;
    struct leads_capture_facts f = {.routing = &t->routing};
    /* 1 */
    t->routing.ready = false;
    assert_false(submit(t, &f, "From: a@b.example\n\nx"));
    assert_int_equal(t->out.no.code, REFUSAL_UNAVAILABLE);
    /* 2 */
    t->routing.ready = true;
    assert_false(submit(t, &f, NULL));
    assert_string_equal(t->out.no.field, "original");
}

/* 3 */
static void test_same_mail(void **state)
{
    struct leads_test *t = *state;
    struct leads_capture_facts f = {.routing = &t->routing, .same_key = lead_from(t, "DE", ANNA)};
    assert_true(submit(t, &f, "Message-ID: <1@b.example>\n\nx"));
    assert_int_equal(t->out.n_events, 0);
    const Baton__SubmitMailResponse *r = (const Baton__SubmitMailResponse *)t->out.reply;
    assert_true(r->repeated_lead);
    assert_string_equal(r->lead_id, f.same_key->id);
    assert_true(r->has_status);
    act_as(t, BATON__ROLE__ROLE_PARTNER, BOB);
    assert_true(submit(t, &f, "Message-ID: <1@b.example>\n\nx"));
    r = (const Baton__SubmitMailResponse *)t->out.reply;
    assert_string_equal(r->lead_id, f.same_key->id);
    assert_false(r->has_status);
}

/* 4, 5 */
static void test_machine_mail(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    assert_string_equal(rejected(t, "From: a@b.example\nAuto-Submitted: auto-replied\n\nName: A\nPhone: 1\n"),
                        "it is an automatic reply");
    assert_string_equal(rejected(t, "From: a@b.example\nAuto-Submitted: auto-generated\n\nHello\n"),
                        "it was sent by a machine");
    const Baton__Lead *l = taken(
        t, "From: site@b.example\nAuto-Submitted: auto-generated\n\nName: Ada\nPhone: +49 89 1234567\n");
    assert_string_equal(l->phone, "+49 89 1234567");
    assert_null(l->email);
}

/* 6 */
static void test_form_mail(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    const Baton__Lead *l = taken(t, "From: site@b.example\nReply-To: ada@c.example\nSubject: Form 7\n\n"
                                    "New request\nName: Ada Lovelace\nPhone : +49 89 1234567\nFirma: A & B\n"
                                    "Message: Price?\nToday, please.\nColour: red\n");
    assert_string_equal(l->first_name, "Ada");
    assert_string_equal(l->last_name, "Lovelace");
    assert_string_equal(l->company, "A & B");
    assert_string_equal(l->email, "ada@c.example");
    assert_string_equal(l->message, "New request\nPrice?\nToday, please.\nColour: red");
    l = taken(t, "From: site@b.example\nContent-Type: text/plain; charset=utf-8\n\n"
                 "姓名：王小明\n电话：+86 10 1234567\n邮箱: wang@c.example\n留言：请报价\n");
    assert_string_equal(l->last_name, "王小明");
    assert_string_equal(l->phone, "+86 10 1234567");
    assert_string_equal(l->email, "wang@c.example");
    assert_string_equal(l->message, "请报价");
}

/* 7, 8 */
static void test_letter(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    const Baton__Lead *l =
        taken(t, "From: Ada King Lovelace <ada@b.example>\nMessage-ID: <5@b.example>\nSubject: Price\n"
                 "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHello.\nName: the blue one\n"
                 "--x\nContent-Type: image/png; name=a.png\n\nabc\n--x--\n");
    assert_string_equal(l->first_name, "Ada King");
    assert_string_equal(l->email, "ada@b.example");
    assert_string_equal(l->message, "Price\n\nHello.\nName: the blue one");
    assert_string_equal(l->external_key, "e-mail|5@b.example");
    assert_int_equal(l->n_attachments, 1);
    assert_string_equal(l->attachments[0]->name, "a.png");
    assert_int_equal(l->attachments[0]->size, 3);
    const Baton__SubmitMailResponse *r = (const Baton__SubmitMailResponse *)t->out.reply;
    assert_int_equal(r->status, STATUS(ASSIGNED));
}

/* --- real ones --- */

static size_t n_real;

static int read_file(const char *path, const struct stat *st, int type, struct FTW *where)
{
    size_t n = strlen(path);
    if (type != FTW_F || n < 4 || strcmp(path + n - 4, ".eml") != 0)
        return 0;
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    char *raw = malloc((size_t)st->st_size + 1);
    assert_non_null(raw);
    size_t size = fread(raw, 1, (size_t)st->st_size, in);
    (void)fclose(in); /* only read */
    struct leads_mail *m = read_bytes(raw, size);
    assert_true(*m->key && text_valid(m->text, strlen(m->text)));
    assert_true(*m->text || m->n_attachments || *m->machine || *m->sender);
    if (strstr(path, "multipart_report_emails"))
        assert_string_equal(m->machine, "it is a report about another mail");
    n_real++;
    free(m);
    free(raw);
    return 0;
}

static void test_real(void **state)
{
    enum { FOLDERS_OPEN = 8 };
    char path[4096];
    const char *data = getenv("BATON_TEST_DATA");
    if (!data || snprintf(path, sizeof path, "%s/emails", data) >= (int)sizeof path ||
        nftw(path, read_file, FOLDERS_OPEN, FTW_PHYS) != 0)
        skip();
    print_message("%zu real mails\n", n_real);
    assert_true(n_real > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts), cmocka_unit_test(test_plain), cmocka_unit_test(test_machines),
        cmocka_unit_test(test_bombs), TEST(test_refusals),          TEST(test_same_mail),
        TEST(test_machine_mail),      TEST(test_form_mail),         TEST(test_letter),
        cmocka_unit_test(test_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
