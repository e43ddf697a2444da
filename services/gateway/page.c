/* Serves the built-in page: packed once at start, with a tag so that browsers ask only whether it changed. */
#include "page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "head.h"
#include "request.h"

enum { PAGES_MAX = 64, FILE_MAX = 4 << 20, TAG_SIZE = HASH_SIZE + 3 };

static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".json", "application/json"},
};

/* Addresses that are not a file's own. */
static const struct {
    const char *path, *file;
} names[] = {
    {"", "index.html"},
    {"setup", "index.html"},
};

struct page {
    const struct page_file *file;
    const char *type;
    char tag[TAG_SIZE];
    struct buffer packed; /* empty: not smaller */
};

struct pages {
    struct page page[PAGES_MAX];
    size_t n;
};

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static struct bytes contents(const struct page_file *file)
{
    return bytes_of(file->start, (size_t)(file->end - file->start));
}

static void page_init(struct page *p, const struct page_file *file, struct zip *zip)
{
    uint8_t hash[HASH_SIZE];
    struct bytes all = contents(file);
    p->file = file;
    p->type = type_of(file->name);
    hash2(hash, all, bytes_text(BATON_VERSION));
    p->tag[0] = '"';
    hex_encode(p->tag + 1, hash, HASH_SIZE / 2);
    p->tag[HASH_SIZE + 1] = '"';
    p->tag[HASH_SIZE + 2] = '\0';
    buffer_init(&p->packed, FILE_MAX);
    if (!zip_pack(zip, all, &p->packed) || p->packed.size >= all.size)
        buffer_clear(&p->packed);
}

struct pages *pages_new(struct gateway *g)
{
    struct pages *p = calloc(1, sizeof *p);
    assert(p);
    for (const struct page_file *file = page_files; file->name; file++) {
        assert(p->n < PAGES_MAX);
        page_init(&p->page[p->n++], file, g->zip);
    }
    return p;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        buffer_release(&p->page[i].packed);
    free(p);
}

static const struct page *page_find(const struct pages *p, const char *path)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(path, names[i].path) == 0)
            path = names[i].file;
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(path, p->page[i].file->name) == 0)
            return &p->page[i];
    return NULL;
}

static void send_page(struct request *r, const struct page *p, bool is_shared)
{
    const char *has = request_header(r, "If-None-Match");
    bool is_same = has && strstr(has, p->tag);
    bool is_packed = p->packed.size && head_accepts_gzip(request_header(r, "Accept-Encoding"));
    struct bytes all = is_packed ? buffer_bytes(&p->packed) : contents(p->file);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        is_same ? 0 : all.size, (void *)(uintptr_t)all.data, MHD_RESPMEM_PERSISTENT);
    assert(response);
    MHD_add_response_header(response, "Content-Type", p->type);
    MHD_add_response_header(response, "ETag", p->tag);
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    if (is_packed && !is_same)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (is_shared)
        MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "cross-origin");
    answer_headers(r, response);
    request_send(r, is_same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

void page_answer_shared(struct request *r, const char *name)
{
    const struct page *p = page_find(r->gateway->pages, name);
    assert(p);
    send_page(r, p, true);
}

void page_start(struct request *r)
{
    const struct page *p = page_find(r->gateway->pages, r->rest);
    struct refusal no;
    if (!p) {
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is nothing at this address");
        answer_refusal(r, &no);
    } else if (strcmp(r->verb, "GET") != 0 && strcmp(r->verb, "HEAD") != 0) {
        answer_wrong_verb(r, "GET, HEAD");
    } else {
        send_page(r, p, false);
    }
}
