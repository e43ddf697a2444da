/* Serves what is built in: what forms need, packed once at start, and the application, packed by the build.
   Browsers keep what has its hash in its name, and ask of the rest only whether it changed. */
#include "page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "head.h"
#include "request.h"

enum { PAGES_MAX = 256, FILE_MAX = 4 << 20, TAG_SIZE = HASH_SIZE + 3 };

#define POLICY(styles, more)                                                                                 \
    "default-src 'none'; script-src 'self'; style-src 'self'" styles "; img-src 'self' data:" more "; "      \
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

static const char PAGE_POLICY[] = POLICY("", "");
/* Mantine puts its styles into the document; a quote on paper stands in a frame. */
static const char APP_POLICY[] = POLICY(
    " 'unsafe-inline'", " blob:; manifest-src 'self'; worker-src 'self'; font-src 'self'; frame-src 'self'");

/* What lies in ASSETS is never changed, only replaced by another name. */
static const char ASSETS[] = "assets/", NOT_CHANGED[] = "no-cache",
                  NEVER_CHANGES[] = "public, max-age=31536000, immutable";

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
};

struct page {
    const struct page_file *file;
    const char *type;
    char tag[TAG_SIZE];
    bool is_app;
    struct bytes plain, packed; /* of the application only packed; else packed may be empty: not smaller */
    struct buffer room;
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

static void page_init(struct page *p, const struct page_file *file, bool is_app, struct zip *zip)
{
    uint8_t hash[HASH_SIZE];
    struct bytes all = bytes_of(file->start, (size_t)(file->end - file->start));
    p->file = file;
    p->type = type_of(file->name);
    p->is_app = is_app;
    hash2(hash, all, bytes_text(BATON_VERSION));
    p->tag[0] = '"';
    hex_encode(p->tag + 1, hash, HASH_SIZE / 2);
    p->tag[HASH_SIZE + 1] = '"';
    p->tag[HASH_SIZE + 2] = '\0';
    buffer_init(&p->room, FILE_MAX);
    if (is_app) {
        p->packed = all;
        return;
    }
    p->plain = all;
    if (zip_pack(zip, all, &p->room) && p->room.size < all.size)
        p->packed = buffer_bytes(&p->room);
}

static void pages_add(struct pages *p, const struct page_file *files, bool is_app, struct zip *zip)
{
    for (const struct page_file *file = files; file->name; file++) {
        assert(p->n < PAGES_MAX);
        page_init(&p->page[p->n++], file, is_app, zip);
    }
}

struct pages *pages_new(struct gateway *g)
{
    struct pages *p = calloc(1, sizeof *p);
    assert(p);
    pages_add(p, page_files, false, g->zip);
    pages_add(p, app_files, true, g->zip);
    return p;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        buffer_release(&p->page[i].room);
    free(p);
}

static const struct page *page_named(const struct pages *p, const char *name, bool is_app)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->page[i].is_app == is_app && strcmp(name, p->page[i].file->name) == 0)
            return &p->page[i];
    return NULL;
}

/* Whatever is no file is an address within the application, which its first page knows. */
static const struct page *page_find(const struct pages *p, const char *path)
{
    const struct page *found = page_named(p, path, true);
    if (!found)
        found = page_named(p, path, false);
    return found || strchr(path, '.') ? found : page_named(p, "index.html", true);
}

static void add_headers(struct MHD_Response *response, const struct page *p)
{
    bool is_lasting = p->is_app && strncmp(p->file->name, ASSETS, sizeof ASSETS - 1) == 0;
    MHD_add_response_header(response, "Content-Type", p->type);
    MHD_add_response_header(response, "ETag", p->tag);
    MHD_add_response_header(response, "Cache-Control", is_lasting ? NEVER_CHANGES : NOT_CHANGED);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    MHD_add_response_header(response, "Content-Security-Policy", p->is_app ? APP_POLICY : PAGE_POLICY);
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
}

/* Hardly anybody takes no gzip: for them the application is unpacked each time. */
static struct MHD_Response *response_plain(struct gateway *g, const struct page *p)
{
    struct buffer all;
    if (!p->is_app)
        return MHD_create_response_from_buffer(p->plain.size, (void *)(uintptr_t)p->plain.data,
                                               MHD_RESPMEM_PERSISTENT);
    buffer_init(&all, FILE_MAX);
    enum zip_result unpacked = zip_unpack(g->zip, p->packed, &all);
    assert(unpacked == ZIP_OK); /* the build packed it */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(all.size, (void *)(uintptr_t)all.data, MHD_RESPMEM_MUST_COPY);
    buffer_release(&all);
    return response;
}

static struct MHD_Response *response_packed(const struct page *p)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        p->packed.size, (void *)(uintptr_t)p->packed.data, MHD_RESPMEM_PERSISTENT);
    if (response)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

static void send_page(struct request *r, const struct page *p, bool is_shared)
{
    static char nothing[1];
    const char *has = request_header(r, "If-None-Match");
    bool is_same = has && strstr(has, p->tag);
    bool is_packed = p->packed.size && head_accepts_gzip(request_header(r, "Accept-Encoding"));
    struct MHD_Response *response = is_same
                                        ? MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT)
                                    : is_packed ? response_packed(p)
                                                : response_plain(r->gateway, p);
    assert(response);
    add_headers(response, p);
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
