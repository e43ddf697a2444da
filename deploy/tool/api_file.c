/* Uploads as tus has them, and downloads of ranges, by libcurl. */
#include "tool/api_file.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* So often without a byte in between, so long apart. */
enum { TRIES = 5, ANSWER_MAX = 64 << 10, CONNECT_MS = 3000, SLOWEST_S = 60, URL_SIZE = 700 };
static const struct timespec PAUSE = {.tv_sec = 1};

/* A file on its way, in either direction. */
struct moving {
    struct api *api;
    CURL *curl;
    FILE *file;
    uint64_t at, size;
    struct progress *bar;
    struct buffer answer;      /* what is not the file */
    char hash[HASH_TEXT_SIZE]; /* of an upload that is complete */
    bool is_short, is_unwritable;
};

static struct curl_slist *headers_of(struct api *api, const struct moving *m, bool is_upload)
{
    char offset[64];
    struct curl_slist *headers = curl_slist_append(NULL, api_authorization(api));
    headers = curl_slist_append(headers, "Expect:");
    if (!is_upload)
        return headers;
    (void)snprintf(offset, sizeof offset, "Upload-Offset: %" PRIu64, m->at); /* fits */
    headers = curl_slist_append(headers, offset);
    headers = curl_slist_append(headers, "Tus-Resumable: 1.0.0");
    return curl_slist_append(headers, "Content-Type: application/offset+octet-stream");
}

/* One attempt. */
static CURLcode perform(struct moving *m, const char *name, bool is_upload, long *status)
{
    char url[URL_SIZE];
    struct curl_slist *headers = headers_of(m->api, m, is_upload);
    (void)snprintf(url, sizeof url, "%s/v1/files/%s", api_address(m->api), name); /* fits */
    buffer_clear(&m->answer);
    curl_easy_setopt(m->curl, CURLOPT_URL, url);
    curl_easy_setopt(m->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode rc = curl_easy_perform(m->curl);
    curl_easy_getinfo(m->curl, CURLINFO_RESPONSE_CODE, status);
    curl_easy_setopt(m->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return rc;
}

static void begin(struct moving *m)
{
    m->curl = curl_easy_init();
    assert(m->curl != NULL);
    buffer_init(&m->answer, ANSWER_MAX);
    curl_easy_setopt(m->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(m->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(m->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(m->curl, CURLOPT_LOW_SPEED_TIME, (long)SLOWEST_S);
}

static void end(struct moving *m)
{
    curl_easy_cleanup(m->curl);
    buffer_release(&m->answer);
}

static bool refuse_broken(const struct moving *m, CURLcode rc, struct refusal *no)
{
    return refuse(no, REFUSAL_UNAVAILABLE, NULL, "Baton does not answer at %s (%s)", api_address(m->api),
                  curl_easy_strerror(rc));
}

/* --- up --- */

static size_t give(char *out, size_t size, size_t n, void *arg)
{
    struct moving *m = arg;
    size_t got = fread(out, 1, size * n, m->file);
    if (got == 0 && m->at < m->size) {
        m->is_short = true;
        return CURL_READFUNC_ABORT;
    }
    m->at += got;
    progress_show(m->bar, m->at);
    return got;
}

static size_t take_answer(char *data, size_t size, size_t n, void *arg)
{
    struct moving *m = arg;
    return buffer_add(&m->answer, data, size * n) ? size * n : 0;
}

/* Baton-File: 0190... */
static size_t take_header(char *data, size_t size, size_t n, void *arg)
{
    static const char NAME[] = "Baton-File: ";
    struct moving *m = arg;
    const size_t length = size * n, name = sizeof NAME - 1;
    if (length >= name + HASH_TEXT_SIZE - 1 && strncasecmp(data, NAME, name) == 0) {
        memcpy(m->hash, data + name, HASH_TEXT_SIZE - 1);
        m->hash[HASH_TEXT_SIZE - 1] = '\0';
    }
    return length;
}

/* Where it goes on, or what it became. */
static bool ask_where(struct moving *m, const char *id, struct refusal *no)
{
    Baton__GetUploadRequest q = BATON__GET_UPLOAD_REQUEST__INIT;
    struct arena *a = arena_new(1 << 20);
    void *answer;
    q.id = (char *)(uintptr_t)id;
    bool good = api_call(m->api, "DocumentService/GetUpload", &q, a, &answer, no);
    const Baton__GetUploadResponse *r = good ? answer : NULL;
    if (r != NULL && r->upload->hash != NULL)
        (void)snprintf(m->hash, sizeof m->hash, "%s", r->upload->hash); /* fits: it is one */
    m->at = r != NULL ? r->offset : m->at;
    arena_free(a);
    return good;
}

/* False: `no` says why; unavailable may be tried again. */
static bool put_once(struct moving *m, const char *id, struct refusal *no)
{
    long status = 0;
    if (fseeko(m->file, (off_t)m->at, SEEK_SET) != 0)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "the file cannot be read: %s", strerror(errno));
    curl_easy_setopt(m->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)(m->size - m->at));
    CURLcode rc = perform(m, id, true, &status);
    if (m->is_short)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "the file has become shorter");
    if (rc != CURLE_OK)
        return refuse_broken(m, rc, no);
    return status / 100 == 2 || api_refused(status, buffer_bytes(&m->answer), no);
}

static bool put_all(struct moving *m, const char *id, struct refusal *no)
{
    uint64_t before = 0;
    for (int tries = 0; tries < TRIES; tries++) {
        if (put_once(m, id, no) && *m->hash)
            return true;
        if (no->code != REFUSAL_NONE && !api_may_ask_again(no->code))
            return false;
        (void)nanosleep(&PAUSE, NULL); /* woken early, it asks early */
        if (ask_where(m, id, no) && *m->hash)
            return true;
        tries = m->at > before ? 0 : tries;
        before = m->at;
    }
    return no->code != REFUSAL_NONE
               ? false
               : refuse(no, REFUSAL_UNAVAILABLE, NULL, "the upload breaks off again and again");
}

bool api_put_file(struct api *api, const Baton__Upload *upload, FILE *f, struct progress *bar,
                  char hash[HASH_TEXT_SIZE], struct refusal *no)
{
    struct moving m = {.api = api, .file = f, .size = upload->size, .bar = bar};
    *no = (struct refusal){0};
    begin(&m);
    curl_easy_setopt(m.curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(m.curl, CURLOPT_CUSTOMREQUEST, "PATCH");
    curl_easy_setopt(m.curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(m.curl, CURLOPT_READDATA, &m);
    curl_easy_setopt(m.curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(m.curl, CURLOPT_WRITEDATA, &m);
    curl_easy_setopt(m.curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(m.curl, CURLOPT_HEADERDATA, &m);
    bool good = put_all(&m, upload->id, no);
    memcpy(hash, m.hash, HASH_TEXT_SIZE);
    end(&m);
    return good;
}

/* --- down --- */

static size_t take(char *data, size_t size, size_t n, void *arg)
{
    struct moving *m = arg;
    long status = 0;
    curl_easy_getinfo(m->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 != 2)
        return take_answer(data, size, n, arg);
    m->is_unwritable = fwrite(data, 1, size * n, m->file) != size * n;
    if (m->is_unwritable)
        return 0;
    m->at += size * n;
    progress_show(m->bar, m->at);
    return size * n;
}

static bool get_once(struct moving *m, const char *hash, struct refusal *no)
{
    long status = 0;
    curl_easy_setopt(m->curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)m->at);
    CURLcode rc = perform(m, hash, false, &status);
    if (m->is_unwritable)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, "file", "it cannot be written: %s", strerror(errno));
    if (rc != CURLE_OK)
        return refuse_broken(m, rc, no);
    if (status / 100 != 2)
        return api_refused(status, buffer_bytes(&m->answer), no);
    return m->at == m->size || refuse(no, REFUSAL_UNAVAILABLE, NULL, "the file ends too early");
}

bool api_get_file(struct api *api, const char *hash, uint64_t size, FILE *out, struct progress *bar,
                  struct refusal *no)
{
    struct moving m = {.api = api, .file = out, .size = size, .bar = bar};
    uint64_t before = 0;
    bool good = false;
    begin(&m);
    curl_easy_setopt(m.curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(m.curl, CURLOPT_WRITEDATA, &m);
    for (int tries = 0; !good && tries < TRIES; tries++) {
        *no = (struct refusal){0};
        good = get_once(&m, hash, no);
        if (!good && (m.is_unwritable || !api_may_ask_again(no->code)))
            break;
        if (!good)
            (void)nanosleep(&PAUSE, NULL); /* woken early, it asks early */
        tries = m.at > before ? 0 : tries;
        before = m.at;
    }
    end(&m);
    return good;
}
