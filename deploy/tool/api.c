/* The operator's tool as a client: Connect over HTTP with libcurl. */
#include "tool/api.h"

#include <assert.h>
#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "baton/v1/common.pb-c.h"

enum {
    API_PARALLEL_MAX = 256,
    API_REQUEST_MAX = 2 << 20,
    API_RESPONSE_MAX = 64 << 20,
    API_TIMEOUT_MS = 30000,
    API_CONNECT_MS = 3000,
    API_LINE_MAX = 500
};

/* One connection and what goes over it at the moment. */
struct api_call {
    struct api *api;
    CURL *curl;
    const struct schema_method *method;
    struct buffer request, response;
    api_done_fn *done;
    void *arg;
    struct api_call *next_free;
};

struct api {
    char base[API_LINE_MAX]; /* http://127.0.0.1:8080 */
    struct curl_slist *headers;
    CURLM *multi;
    struct api_call single;
    struct api_call *calls, *free_calls;
    unsigned n_active;
};

/* The first line of DIR/NAME; false if there is none. */
static bool read_line(const char *dir, const char *name, char line[API_LINE_MAX])
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "re");
    bool found = f != NULL && fgets(line, API_LINE_MAX, f) != NULL;
    if (f != NULL)
        (void)fclose(f); /* only read */
    if (found)
        line[strcspn(line, "\r\n")] = '\0';
    return found && line[0] != '\0';
}

/* What the environment says, or else the first line of the file. */
static bool said(const char *variable, const char *dir, const char *name, char line[API_LINE_MAX])
{
    const char *value = getenv(variable);
    if (value == NULL || *value == '\0')
        return read_line(dir, name, line);
    int n = snprintf(line, API_LINE_MAX, "%s", value);
    while (n > 0 && n < API_LINE_MAX && line[n - 1] == '/')
        line[--n] = '\0'; /* of an address */
    return n < API_LINE_MAX;
}

static size_t receive(char *data, size_t size, size_t n, void *arg)
{
    struct api_call *call = arg;
    return buffer_add(&call->response, data, size * n) ? size * n : 0;
}

static void call_init(struct api_call *call, struct api *api)
{
    call->api = api;
    buffer_init(&call->request, API_REQUEST_MAX);
    buffer_init(&call->response, API_RESPONSE_MAX);
    call->curl = curl_easy_init();
    assert(call->curl != NULL);
    curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, api->headers);
    curl_easy_setopt(call->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(call->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(call->curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(call->curl, CURLOPT_TIMEOUT_MS, (long)API_TIMEOUT_MS);
    curl_easy_setopt(call->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)API_CONNECT_MS);
    curl_easy_setopt(call->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(call->curl, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->curl, CURLOPT_PRIVATE, call);
}

static void call_release(struct api_call *call)
{
    if (call->curl != NULL)
        curl_easy_cleanup(call->curl);
    buffer_release(&call->request);
    buffer_release(&call->response);
}

struct api *api_open(const char *data_dir)
{
    char token[API_LINE_MAX], header[API_LINE_MAX + 32];
    struct api *api = calloc(1, sizeof *api);
    assert(api != NULL);
    if (!said("BATON_URL", data_dir, "gateway.url", api->base) ||
        !said("BATON_TOKEN", data_dir, "admin.token", token)) {
        fprintf(stderr,
                "error: there is no running Baton in %s (no gateway.url or admin.token)\n"
                "is Baton running? start it with: baton up --data %s\n",
                data_dir, data_dir);
        free(api);
        return NULL;
    }
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    api->headers = curl_slist_append(NULL, header);
    api->headers = curl_slist_append(api->headers, "Content-Type: application/proto");
    api->headers = curl_slist_append(api->headers, "Connect-Protocol-Version: 1");
    api->headers = curl_slist_append(api->headers, "Expect:");
    /* Whoever died with our request does not answer any more; asking again with the same request id is safe.
     */
    api->headers = curl_slist_append(api->headers, "Connect-Timeout-Ms: 10000");
    sodium_memzero(token, sizeof token);
    sodium_memzero(header, sizeof header);
    call_init(&api->single, api);
    return api;
}

void api_close(struct api *api)
{
    if (api == NULL)
        return;
    for (unsigned i = 0; api->calls != NULL && i < API_PARALLEL_MAX; i++)
        call_release(&api->calls[i]);
    call_release(&api->single);
    if (api->multi != NULL)
        curl_multi_cleanup(api->multi);
    curl_slist_free_all(api->headers);
    free(api->calls);
    free(api);
}

const char *api_authorization(const struct api *api)
{
    return api->headers->data; /* the first */
}

const char *api_address(const struct api *api)
{
    return api->base;
}

static bool call_prepare(struct api_call *call, const char *method, const void *request)
{
    char url[API_LINE_MAX + 200];
    call->method = schema_method(method);
    assert(call->method != NULL);
    snprintf(url, sizeof url, "%s/baton.v1.%s", call->api->base, method);
    buffer_clear(&call->request);
    buffer_clear(&call->response);
    size_t size = protobuf_c_message_get_packed_size(request);
    uint8_t *room = buffer_room(&call->request, size ? size : 1);
    if (room == NULL)
        return false;
    call->request.size = protobuf_c_message_pack(request, room);
    curl_easy_setopt(call->curl, CURLOPT_URL, url);
    curl_easy_setopt(call->curl, CURLOPT_POSTFIELDS, (char *)call->request.data);
    curl_easy_setopt(call->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->request.size);
    return true;
}

static enum refusal_code code_named(const char *name)
{
    for (int code = REFUSAL_CANCELED; code <= REFUSAL_UNAUTHENTICATED; code++)
        if (strcmp(refusal_code_name((enum refusal_code)code), name) == 0)
            return (enum refusal_code)code;
    return REFUSAL_UNKNOWN;
}

/* As the Connect protocol reads an answer without an Error body. */
static enum refusal_code code_of_status(long status)
{
    switch (status) {
    case 400:
        return REFUSAL_INTERNAL;
    case 401:
        return REFUSAL_UNAUTHENTICATED;
    case 403:
        return REFUSAL_PERMISSION_DENIED;
    case 404:
        return REFUSAL_UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
        return REFUSAL_UNAVAILABLE;
    default:
        return REFUSAL_UNKNOWN;
    }
}

/* The field of a FieldViolation among the details, "" without one. */
static void read_field(const json_t *error, char *field, size_t size)
{
    uint8_t wire[2048];
    size_t n, i;
    json_t *detail;
    json_array_foreach(json_object_get(error, "details"), i, detail)
    {
        const char *type = json_string_value(json_object_get(detail, "type"));
        const char *value = json_string_value(json_object_get(detail, "value"));
        if (type == NULL || value == NULL || strcmp(type, "baton.v1.FieldViolation") != 0 ||
            sodium_base642bin(wire, sizeof wire, value, strcspn(value, "="), NULL, &n, NULL,
                              sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
            continue;
        Baton__FieldViolation *violation = baton__field_violation__unpack(NULL, n, wire);
        if (violation != NULL && violation->field != NULL)
            snprintf(field, size, "%s", violation->field);
        if (violation != NULL)
            baton__field_violation__free_unpacked(violation, NULL);
    }
}

bool api_refused(long status, struct bytes body, struct refusal *no)
{
    char field[sizeof no->field] = "";
    json_t *error = json_loadb((const char *)body.data, body.size, 0, NULL);
    const char *code = json_string_value(json_object_get(error, "code"));
    const char *message = json_string_value(json_object_get(error, "message"));
    if (code != NULL) {
        read_field(error, field, sizeof field);
        (void)refuse(no, code_named(code), field[0] ? field : NULL, "%s", message != NULL ? message : code);
    } else
        (void)refuse(no, code_of_status(status), NULL, "the gateway answered with HTTP status %ld", status);
    json_decref(error);
    return false;
}

/* What became of a call whose transfer is over. */
static bool call_result(struct api_call *call, CURLcode rc, struct arena *a, void **response,
                        struct refusal *no)
{
    long status = 0;
    ProtobufCMessage *message;
    if (rc != CURLE_OK)
        return refuse(no, rc == CURLE_WRITE_ERROR ? REFUSAL_INTERNAL : REFUSAL_UNAVAILABLE, NULL,
                      "Baton does not answer at %s (%s)", call->api->base, curl_easy_strerror(rc));
    curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return api_refused(status, buffer_bytes(&call->response), no);
    message = schema_unpack(call->method->output, buffer_bytes(&call->response), a);
    if (message == NULL)
        return refuse(no, REFUSAL_INTERNAL, NULL, "the answer to %s cannot be read", call->method->name);
    *response = message;
    return true;
}

bool api_call(struct api *api, const char *method, const void *request, struct arena *a, void **response,
              struct refusal *no)
{
    *no = (struct refusal){0};
    if (!call_prepare(&api->single, method, request))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the request is larger than %d bytes",
                      API_REQUEST_MAX);
    return call_result(&api->single, curl_easy_perform(api->single.curl), a, response, no);
}

static void start_many(struct api *api)
{
    api->multi = curl_multi_init();
    api->calls = calloc(API_PARALLEL_MAX, sizeof *api->calls);
    assert(api->multi != NULL && api->calls != NULL);
    curl_multi_setopt(api->multi, CURLMOPT_MAXCONNECTS, (long)API_PARALLEL_MAX);
    for (unsigned i = 0; i < API_PARALLEL_MAX; i++) {
        call_init(&api->calls[i], api);
        api->calls[i].next_free = api->free_calls;
        api->free_calls = &api->calls[i];
    }
}

/* The call's place is free again before `done` runs, so that it may start another one. */
static void finish(struct api *api, struct api_call *call, CURLcode rc)
{
    struct refusal no = {0};
    void *response = NULL;
    struct arena *a = arena_new(API_RESPONSE_MAX);
    bool good = call_result(call, rc, a, &response, &no);
    curl_multi_remove_handle(api->multi, call->curl);
    call->next_free = api->free_calls;
    api->free_calls = call;
    api->n_active--;
    call->done(call->arg, good ? NULL : &no, response);
    arena_free(a);
}

static void collect(struct api *api)
{
    int running, left;
    const CURLMsg *message;
    curl_multi_perform(api->multi, &running);
    while ((message = curl_multi_info_read(api->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode rc = message->data.result;
        struct api_call *call = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        finish(api, call, rc);
    }
}

bool api_start(struct api *api, const char *method, const void *request, api_done_fn *done, void *arg)
{
    if (api->multi == NULL)
        start_many(api);
    if (api->free_calls == NULL)
        api_wait(api, API_PARALLEL_MAX);
    struct api_call *call = api->free_calls;
    if (!call_prepare(call, method, request))
        return false;
    api->free_calls = call->next_free;
    call->done = done;
    call->arg = arg;
    curl_multi_add_handle(api->multi, call->curl);
    api->n_active++;
    return true;
}

void api_wait(struct api *api, unsigned n)
{
    while (api->n_active > 0 && api->n_active >= n) {
        collect(api);
        if (api->n_active > 0 && api->n_active >= n)
            curl_multi_poll(api->multi, NULL, 0, 1000, NULL);
    }
}

bool api_may_ask_again(enum refusal_code code)
{
    return code == REFUSAL_UNAVAILABLE || code == REFUSAL_RESOURCE_EXHAUSTED ||
           code == REFUSAL_DEADLINE_EXCEEDED || code == REFUSAL_ABORTED;
}
