/* Documents for people outside, by a link that somebody gave them:

   GET  /s/TOKEN         a page that says what there is, or asks for the password
   POST /s/TOKEN         it is opened, which counts: 303 to the next
   GET  /s/file/TICKET   the bytes, as often as its browser needs to ask

   So that looking at a link, as programs do that look at mails, opens nothing. */
#include <stdio.h>
#include <string.h>

#include "baton/v1/shares.pb-c.h"
#include "file.h"
#include "form.h"
#include "form_page.h"
#include "form_read.h"
#include "http.h"

enum { PAGE_MAX = 64 << 10, PASSWORD_MAX_BYTES = 1024, LOCATION_SIZE = 128 };

static const char FILES[] = "file/";

enum word { DOCUMENT, DOWNLOAD, PASSWORD, OPEN, WRONG, LATER, GONE, UNDRAWN, NOT_YET, WORDS };
static const char *const words[2][WORDS] = {
    {"Document", "Download", "Password", "Open", "The password is not right.",
     "Too many wrong passwords. Please try again later.", "There is nothing here, or not any more.",
     "This document cannot be prepared for you. Please ask whoever gave you the link.",
     "This document cannot be prepared for you just now. Please try again later."},
    {"文件", "下載", "密碼", "開啟", "密碼不正確。", "密碼錯誤次數過多，請稍後再試。",
     "此連結不存在或已失效。", "無法為您準備此文件，請與提供連結的人聯絡。",
     "目前無法為您準備此文件，請稍後再試。"},
};

/* In the language that the browser asks for, as far as there are words. */
static const char *const *words_for(const struct request *r, const char **tag)
{
    char room[FORM_LANGUAGE_SIZE];
    const char *language = form_language(r, room);
    bool is_chinese = language && strncmp(language, "zh", 2) == 0;
    *tag = is_chinese ? "zh-Hant" : "en";
    return words[is_chinese];
}

static void answer_words(struct request *r, unsigned status, enum word text)
{
    const char *tag, *const *w = words_for(r, &tag);
    form_page_plain(r, status, tag, w[DOCUMENT], w[text]);
}

void share_refuse(struct request *r, const struct refusal *no)
{
    static const struct {
        enum refusal_code code;
        const char *field; /* NULL: any */
        unsigned status;
        enum word text;
    } rows[] = {
        {REFUSAL_NOT_FOUND, NULL, MHD_HTTP_NOT_FOUND, GONE},
        {REFUSAL_RESOURCE_EXHAUSTED, "password", MHD_HTTP_TOO_MANY_REQUESTS, LATER},
        {REFUSAL_RESOURCE_EXHAUSTED, "watermark", MHD_HTTP_SERVICE_UNAVAILABLE, NOT_YET},
        {REFUSAL_FAILED_PRECONDITION, "watermark", MHD_HTTP_CONFLICT, UNDRAWN},
    };
    request_drop_body(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (no->code == rows[i].code && (!rows[i].field || strcmp(no->field, rows[i].field) == 0))
            return answer_words(r, rows[i].status, rows[i].text);
    answer_refusal(r, no);
}

static void not_found(struct request *r)
{
    request_drop_body(r);
    answer_words(r, MHD_HTTP_NOT_FOUND, GONE);
}

/* --- the page --- */

static void add_size(uint64_t size, struct buffer *out)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    size_t i = 0;
    uint64_t tenths = size * 10 / 1024;
    if (size < 1024) {
        (void)buffer_printf(out, " (%u B)", (unsigned)size);
        return;
    }
    for (; tenths >= 10240 && i + 1 < sizeof units / sizeof *units; i++)
        tenths /= 1024;
    (void)buffer_printf(out, " (%u.%u %s)", (unsigned)(tenths / 10), (unsigned)(tenths % 10), units[i]);
}

static void add_form(struct request *r, const char *const *w, bool needs_password, struct buffer *out)
{
    (void)buffer_printf(out, "<form method=\"post\" action=\"/s/%s\">\n", r->rest); /* it is a token */
    if (needs_password)
        (void)buffer_printf(out,
                            "<label>%s <input type=\"password\" name=\"password\" required "
                            "autocomplete=\"off\"></label>\n",
                            w[PASSWORD]);
    (void)buffer_printf(out, "<button>%s</button>\n</form>\n", w[needs_password ? OPEN : DOWNLOAD]);
}

static void show(struct request *r, unsigned status, const Baton__GetShareByLinkResponse *p, bool is_wrong)
{
    const char *tag, *const *w = words_for(r, &tag);
    struct buffer html;
    buffer_init(&html, PAGE_MAX);
    if (p->name) {
        (void)buffer_text(&html, "<p class=\"text\">");
        form_html_text(&html, p->name);
        if (p->has_size)
            add_size(p->size, &html);
        (void)buffer_text(&html, "</p>\n");
    }
    if (is_wrong)
        (void)buffer_printf(&html, "<p class=\"problem\" role=\"alert\">%s</p>\n", w[WRONG]);
    add_form(r, w, p->needs_password, &html);
    form_page_with(r, status, tag, p->title ? p->title : w[DOCUMENT], &html);
}

static void on_link(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        return share_refuse(r, no);
    const Baton__GetShareByLinkResponse *p = (const Baton__GetShareByLinkResponse *)file_answer(r, body);
    if (p)
        show(r, MHD_HTTP_OK, p, false);
}

/* --- opening --- */

static void go_to_file(struct request *r, const char *ticket)
{
    char location[LOCATION_SIZE];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    (void)snprintf(location, sizeof location, "/s/%s%s", FILES, ticket); /* fits */
    MHD_add_response_header(response, "Location", location);
    answer_headers(r, response);
    request_send(r, MHD_HTTP_SEE_OTHER, response);
}

static void on_open(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    Baton__GetShareByLinkResponse again = BATON__GET_SHARE_BY_LINK_RESPONSE__INIT;
    if (no)
        return share_refuse(r, no);
    request_drop_body(r);
    const Baton__OpenShareResponse *p = (const Baton__OpenShareResponse *)file_answer(r, body);
    again.needs_password = true;
    if (p && p->ticket)
        go_to_file(r, p->ticket);
    else if (p)
        show(r, MHD_HTTP_FORBIDDEN, &again, true);
}

static bool open_link(struct request *r, char *token, struct refusal *no)
{
    struct arena *a = r->gateway->arena;
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    char password[PASSWORD_MAX_BYTES + 1];
    arena_reset(a);
    struct form_fields *f = ARENA_NEW(a, struct form_fields);
    if (!form_read(r, a, f, no))
        return false;
    const char *said = form_value(f, "password", PASSWORD_MAX_BYTES, a);
    (void)snprintf(password, sizeof password, "%s", said ? said : ""); /* fits; the call empties the arena */
    q.token = token;
    q.password = said ? password : NULL;
    bool is_asked = file_call(r, "ShareService/OpenShare", &q.base, on_open, r, no);
    explicit_bzero(password, sizeof password);
    return is_asked;
}

static bool is_secret(const char *text)
{
    return strspn(text, "0123456789abcdef") == HASH_TEXT_SIZE - 1 && strlen(text) == HASH_TEXT_SIZE - 1;
}

void share_start(struct request *r)
{
    struct refusal no = {0};
    const size_t n = strlen(FILES);
    const bool is_post = strcmp(r->verb, "POST") == 0;
    Baton__GetShareByLinkRequest q = BATON__GET_SHARE_BY_LINK_REQUEST__INIT;
    if (strncmp(r->rest, FILES, n) == 0 && is_secret(r->rest + n) && !is_post)
        return download_shared(r, r->rest + n);
    if (!is_secret(r->rest))
        return not_found(r);
    q.token = (char *)(uintptr_t)r->rest;
    if (!(is_post ? open_link(r, q.token, &no)
                  : file_call(r, "ShareService/GetShareByLink", &q.base, on_link, r, &no)))
        share_refuse(r, &no);
}
