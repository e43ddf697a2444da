/* Web forms: the fields a browser sends are the fields the leads get, the original beside them byte for byte,
   and whatever comes is only text in the page that answers. Input: how, then names and values in turn, or a
   body as it is, or what stands in the address of a form. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "baton/v1/leads.pb-c.h"
#include "fuzz/gateway.h"
#include "gateway/form_html.h"

enum {
    MEMORY = 16 << 20,
    BODY_MAX = 1 << 20,
    PAIRS_MAX = 100,
    TEXT_LIMIT = 200,
    PATIENCE_MS = 2000,
    SHOWN = 0xe0
};

static const struct way {
    const char *type;
    bool is_multipart, is_raw;
} ways[] = {
    {"application/x-www-form-urlencoded", false, true},
    {"multipart/form-data; boundary=limit", true, true},
    {"application/x-www-form-urlencoded", false, false},
    {"multipart/form-data; boundary=limit", true, false},
};

static struct {
    struct bytes body;
    const char *names[PAIRS_MAX], *values[PAIRS_MAX];
    size_t n;
    bool is_known; /* what the fields are */
    unsigned calls;
} sent;

static void on_call(const Baton__Envelope *e, const struct schema_method *method,
                    const ProtobufCMessage *request)
{
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)request;
    if (strcmp(method->name, "LeadService/SubmitForm") != 0)
        return;
    sent.calls++;
    assert(strcmp(q->form, "contact") == 0 && e->original != NULL);
    assert(bytes_equal(sent.body, bytes_of(e->original->body.data, e->original->body.len)));
    if (!sent.is_known)
        return;
    assert(q->n_fields == sent.n);
    for (size_t i = 0; i < sent.n; i++)
        assert(strcmp(q->fields[i]->name, sent.names[i]) == 0 &&
               strcmp(q->fields[i]->value, sent.values[i]) == 0);
}

/* Texts a browser would send: names that are not empty, UTF-8, no longer than is taken. */
static bool is_plain(const char *text, bool is_name)
{
    size_t n = strlen(text);
    return n <= TEXT_LIMIT && text_valid(text, n) && (!is_name || n > 0);
}

static void take_pairs(struct input *in, struct arena *a)
{
    for (sent.n = 0; sent.n < PAIRS_MAX && in->left > 0;) {
        const char *name = input_text(in, a), *value = input_text(in, a);
        if (!is_plain(name, true) || !is_plain(value, false) || strcmp(name, FORM_STAMP_FIELD) == 0)
            continue; /* the page's own field is taken out */
        sent.names[sent.n] = name;
        sent.values[sent.n++] = value;
    }
}

static void add_percent(struct buffer *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        (void)(isalnum(*c) ? buffer_char(out, (char)*c)
               : *c == ' ' ? buffer_char(out, '+')
                           : buffer_printf(out, "%%%02X", *c));
}

static void write_urlencoded(struct buffer *out)
{
    for (size_t i = 0; i < sent.n; i++) {
        if (i > 0)
            (void)buffer_char(out, '&');
        add_percent(out, sent.names[i]);
        (void)buffer_char(out, '=');
        add_percent(out, sent.values[i]);
    }
}

/* Where a name would have to be quoted, and where the limit stands in a value, browsers take another way. */
static bool write_multipart(struct buffer *out)
{
    for (size_t i = 0; i < sent.n; i++) {
        for (const unsigned char *c = (const unsigned char *)sent.names[i]; *c != '\0'; c++)
            if (*c < ' ' || *c == '"' || *c == '\\' || *c == ';' || *c == '=')
                return false;
        if (strstr(sent.values[i], "--limit") != NULL)
            return false;
        (void)buffer_printf(out, "--limit\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
                            sent.names[i], sent.values[i]);
    }
    return buffer_text(out, "--limit--\r\n");
}

static bool is_any_wrong(void)
{
    for (size_t i = 0; i < sent.n; i++)
        if (gate_form_is_wrong(sent.values[i]))
            return true;
    return false;
}

/* The page, with what its address and the one before say. */
static void show(struct input *in, struct arena *a)
{
    struct buffer head, request;
    buffer_init(&head, BODY_MAX);
    const char *value = input_text(in, a), *before = input_text(in, a);
    (void)buffer_text(&head, "GET /forms/contact?utm_source=");
    add_percent(&head, value);
    (void)buffer_text(&head, " HTTP/1.1\r\nReferer: https://www.example/");
    add_percent(&head, before);
    (void)buffer_text(&head, "\r\n");
    struct bytes answer =
        gate_talk(gate_request(buffer_cstr(&head), bytes_of(NULL, 0), &request), PATIENCE_MS, on_call);
    if (gate_status(answer) == 200) /* a head may be too long */
        gate_page_check(answer);
    buffer_release(&head);
    buffer_release(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(MEMORY);
    struct buffer body, request;
    char head[256];
    uint8_t how = input_u8(&in);
    const struct way *way = &ways[how % (sizeof ways / sizeof *ways)];
    if (how >= SHOWN)
        return show(&in, a), 0;
    sent.calls = 0;
    sent.is_known = !way->is_raw;
    buffer_init(&body, BODY_MAX);
    if (way->is_raw) {
        struct bytes rest = input_rest(&in);
        (void)buffer_add(&body, rest.data, rest.size < BODY_MAX ? rest.size : BODY_MAX);
    } else {
        take_pairs(&in, a);
        sent.is_known = way->is_multipart ? write_multipart(&body) : (write_urlencoded(&body), true);
    }
    snprintf(head, sizeof head, "POST /forms/contact HTTP/1.1\r\nContent-Type: %s\r\n", way->type);
    sent.body = buffer_bytes(&body);
    struct bytes answer = gate_talk(gate_request(head, sent.body, &request), PATIENCE_MS, on_call);
    unsigned status = gate_status(answer);
    assert(status >= 200 && (status == 200 || status == 422) == (sent.calls == 1));
    assert(!sent.is_known || sent.n == 0 || status == (is_any_wrong() ? 422 : 200));
    gate_page_check(answer);
    buffer_release(&body);
    buffer_release(&request);
    return 0;
}
