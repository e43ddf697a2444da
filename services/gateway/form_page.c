/* Writes and sends the pages around a form. */
#include "form_page.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "form_words.h"
#include "head.h"

/* A form and what was filled in are a message each at most, a character of them becomes six, and stands there
   twice. */
enum { PAGE_MAX = 32 * SCHEMA_MESSAGE_MAX, POLICY_MAX = 32 << 10, NONCE_BYTES = 16, NONCE_SIZE = 32 };

static const Baton__LeadForm no_form = BATON__LEAD_FORM__INIT;

/* A page being written. */
struct page {
    struct buffer out;
    const Baton__LeadForm *form;
    char nonce[NONCE_SIZE]; /* of its one style that is not a file */
};

/* --- what it may do --- */

static bool is_framed(const Baton__LeadForm *form)
{
    return form->n_allowed_origins > 0;
}

/* Scheme and authority of an address, if nothing else is in it that means something in a policy. */
static void add_origin(struct buffer *out, const char *url)
{
    const char *authority = strstr(url, "://");
    if (!authority || strlen(url) > 2000)
        return;
    size_t n = (size_t)(authority + 3 - url) + strcspn(authority + 3, "/?#\\");
    if (n == strcspn(url, " ;,'\"\\"))
        (void)buffer_printf(out, " %.*s", (int)n, url);
}

static char *policy_of(const struct page *p, struct buffer *out)
{
    const Baton__LeadForm *form = p->form;
    (void)buffer_printf(out, "default-src 'none'; style-src 'self' 'nonce-%s'; base-uri 'none'; ", p->nonce);
    if (is_framed(form))
        (void)buffer_text(out, "script-src 'self'; ");
    (void)buffer_text(out, "form-action 'self'"); /* also of where it is sent from there */
    if (form->redirect_url)
        add_origin(out, form->redirect_url);
    (void)buffer_text(out, is_framed(form) ? "; frame-ancestors 'self'" : "; frame-ancestors 'none'");
    for (size_t i = 0; i < form->n_allowed_origins; i++)
        add_origin(out, form->allowed_origins[i]);
    return (char *)(uintptr_t)buffer_cstr(out);
}

/* --- its frame --- */

static unsigned hex_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

/* Whether black can be read better than white on it, by WCAG's luminance, gamma taken as 2. */
static bool is_light(const char *colour)
{
    static const unsigned weights[] = {2126, 7152, 722};
    uint64_t sum = 0;
    for (size_t i = 0; i < 3; i++) {
        unsigned c = hex_value(colour[1 + 2 * i]) * 16 + hex_value(colour[2 + 2 * i]);
        sum += (uint64_t)weights[i] * c * c;
    }
    return sum * 100 > (uint64_t)18 * 10000 * 255 * 255; /* 0.179 is where both have the same contrast */
}

static void write_head(struct page *p, const char *title)
{
    const char *colour = p->form->theme_colour, *language = p->form->language;
    (void)buffer_text(&p->out, "<!doctype html>\n<html lang=\"");
    form_html_text(&p->out, language && *language ? language : "en");
    (void)buffer_text(&p->out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                               "<link rel=\"stylesheet\" href=\"/form.css\">\n");
    if (colour && strlen(colour) == 7)
        (void)buffer_printf(&p->out, "<style nonce=\"%s\">:root { --accent: %s; --on-accent: %s; }</style>\n",
                            p->nonce, colour, is_light(colour) ? "#000" : "#fff");
    if (is_framed(p->form))
        (void)buffer_text(&p->out, "<script src=\"/form-frame.js\" defer></script>\n");
    (void)buffer_text(&p->out, "<title>");
    form_html_text(&p->out, title);
    (void)buffer_text(&p->out, "</title>\n</head>\n<body>\n<main>\n<h1>");
    form_html_text(&p->out, title);
    (void)buffer_text(&p->out, "</h1>\n");
}

static void write_text(struct buffer *out, const char *text)
{
    (void)buffer_text(out, "<p class=\"text\">");
    form_html_text(out, text);
    (void)buffer_text(out, "</p>\n");
}

static void page_begin(struct page *p, const Baton__LeadForm *form, const char *title)
{
    uint8_t random[NONCE_BYTES];
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2base64(p->nonce, sizeof p->nonce, random, sizeof random,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    p->form = form ? form : &no_form;
    buffer_init(&p->out, PAGE_MAX);
    write_head(p, title);
}

static void page_send(struct request *r, struct page *p, unsigned status, const char *location)
{
    struct buffer policy;
    buffer_init(&policy, POLICY_MAX);
    (void)buffer_text(&p->out, "</main>\n</body>\n</html>\n");
    assert(!p->out.overflow);
    struct MHD_Response *response = answer_new(r, "text/html; charset=utf-8", &p->out);
    MHD_add_response_header(response, "Content-Security-Policy", policy_of(p, &policy));
    assert(!policy.overflow);
    buffer_release(&policy);
    if (location)
        MHD_add_response_header(response, "Location", location);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS)
        MHD_add_response_header(response, "Retry-After", "1");
    answer_headers(r, response);
    request_send(r, status, response);
}

/* --- pages --- */

static const char *or_word(const char *text, const Baton__LeadForm *form, enum form_word word)
{
    return text && *text ? text : form_word(form ? form->language : NULL, word);
}

void form_page(struct request *r, unsigned status, const struct form_view *v)
{
    struct page p;
    page_begin(&p, v->form, or_word(v->form->title, v->form, FORM_CONTACT));
    if (v->form->introduction && *v->form->introduction)
        write_text(&p.out, v->form->introduction);
    form_html_write(&p.out, v);
    page_send(r, &p, status, NULL);
}

void form_page_thanks(struct request *r, const Baton__LeadForm *form, const char *location)
{
    struct page p;
    page_begin(&p, form, form_word(form ? form->language : NULL, FORM_THANKS));
    write_text(&p.out, or_word(form ? form->thank_you : NULL, form, FORM_RECEIVED));
    page_send(r, &p, location ? MHD_HTTP_SEE_OTHER : MHD_HTTP_OK, location);
}

void form_page_with(struct request *r, unsigned status, const char *language, const char *title,
                    struct buffer *html)
{
    struct page p;
    Baton__LeadForm plain = no_form;
    plain.language = (char *)(uintptr_t)language;
    page_begin(&p, &plain, title);
    (void)buffer_add(&p.out, html->data, html->size);
    buffer_release(html);
    page_send(r, &p, status, NULL);
}

void form_page_plain(struct request *r, unsigned status, const char *language, const char *title,
                     const char *text)
{
    struct buffer html;
    buffer_init(&html, PAGE_MAX);
    write_text(&html, text);
    form_page_with(r, status, language, title, &html);
}
