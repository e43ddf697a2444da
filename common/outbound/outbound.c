/* HTTP: by libcurl's multi interface in the loop. Mail has threads of its own: at the end of a letter libcurl
   itself waits for the server's last word, for as long as that takes. Of MQTT libcurl resolves the broker's
   name, so that every address passes through the same door; mqtt.c does the rest. */
#include <assert.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outbound/exchange.h"

enum { KEPT_CONNECTIONS = 16 };

/* --- how an exchange ends --- */

static void exchange_free(struct exchange *x)
{
    struct exchange **at = &x->o->exchanges;
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    if (x->r->kind != OUTBOUND_MAIL)
        (void)curl_multi_remove_handle(x->o->multi, x->easy); /* it is in there */
    mqtt_free(x->mqtt);
    curl_easy_cleanup(x->easy);
    curl_slist_free_all(x->headers);
    curl_slist_free_all(x->to);
    free(x->sealed);
    free(x);
}

void exchange_end(struct exchange *x, struct outbound_result result)
{
    struct outbound_request *r = x->r;
    exchange_free(x);
    r->done(r, &result);
}

void exchanges_look_for_ends(struct outbound *o)
{
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(o->multi, &left));) {
        struct exchange *x;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&x);
        if (x->n_addresses)
            mqtt_begin(x);
        else
            exchange_end(x, exchange_result(x, m->data.result));
    }
}

static void mail_work(struct slow_job *job)
{
    struct exchange *x = (struct exchange *)job;
    x->result = exchange_result(x, curl_easy_perform(x->easy));
    curl_easy_cleanup(x->easy); /* says QUIT and waits for the answer: not for the loop */
    x->easy = NULL;
}

static void mail_done(struct slow_job *job)
{
    struct exchange *x = (struct exchange *)job;
    exchange_end(x, x->result);
}

/* --- what libcurl asks during an exchange --- */

/* libcurl asks for one after the other as none of them gets a socket. */
static void keep_address(struct exchange *x, const struct sockaddr *to)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)to;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)to;
    bool is_v4 = to->sa_family == AF_INET;
    struct address *a = &x->addresses[x->n_addresses];
    if (x->n_addresses == EXCHANGE_ADDRESSES_MAX)
        return;
    a->port = ntohs(is_v4 ? v4->sin_port : v6->sin6_port);
    if (inet_ntop(to->sa_family, is_v4 ? (const void *)&v4->sin_addr : (const void *)&v6->sin6_addr, a->host,
                  sizeof a->host))
        x->n_addresses++;
}

/* The address looked at is the address connected to: a name that changes its mind in between changes nothing.
 */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct exchange *x = arg;
    x->is_forbidden = !outbound_may_connect(&to->addr, x->o->private_allowed);
    if (!x->is_forbidden && x->r->kind == OUTBOUND_MQTT)
        keep_address(x, &to->addr);
    if (x->is_forbidden || x->r->kind == OUTBOUND_MQTT)
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Returning less than was given ends the exchange. */
static size_t on_answer(char *data, size_t one, size_t n, void *arg)
{
    struct exchange *x = arg;
    x->got += n;
    return x->got > OUTBOUND_ANSWER_MAX ? 0 : n;
}

static size_t on_letter(char *out, size_t one, size_t room, void *arg)
{
    struct exchange *x = arg;
    size_t left = x->r->body.size - x->sent, n = left < room ? left : room;
    if (n)
        memcpy(out, x->r->body.data + x->sent, n);
    x->sent += n;
    return n;
}

/* Once a second at least. */
static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    struct exchange *x = arg;
    return atomic_load(&x->o->stops);
}

/* --- beginning one --- */

static bool has_room(const struct outbound *o, const char *host)
{
    unsigned all = 0, same = 0;
    for (const struct exchange *x = o->exchanges; x; x = x->next) {
        all++;
        same += strcasecmp(x->host, host) == 0;
    }
    return all < OUTBOUND_MAX && same < OUTBOUND_HOST_MAX;
}

#define SET(x, option, value) assert(curl_easy_setopt((x)->easy, option, value) == CURLE_OK)

static void set_bounds(struct exchange *x)
{
    const char *trusted = getenv("SSL_CERT_FILE");
    if (trusted && *trusted)
        SET(x, CURLOPT_CAINFO, trusted);
    SET(x, CURLOPT_PRIVATE, x);
    SET(x, CURLOPT_NOSIGNAL, 1L);
    SET(x, CURLOPT_PROXY, "");
    SET(x, CURLOPT_FOLLOWLOCATION, 0L);
    SET(x, CURLOPT_CONNECTTIMEOUT_MS, (long)OUTBOUND_CONNECT_MS);
    SET(x, CURLOPT_TIMEOUT_MS, (long)OUTBOUND_TIME_MS);
    SET(x, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(x, CURLOPT_OPENSOCKETDATA, x);
    SET(x, CURLOPT_WRITEFUNCTION, on_answer);
    SET(x, CURLOPT_WRITEDATA, x);
}

/* A GET has none. */
static void set_body(struct exchange *x)
{
    struct bytes body = x->sealed ? bytes_of(x->sealed->body, x->sealed->size) : x->r->body;
    if (x->r->method && strcmp(x->r->method, "GET") == 0)
        return;
    SET(x, CURLOPT_POST, 1L);
    SET(x, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    SET(x, CURLOPT_POSTFIELDS, body.size ? (const char *)body.data : "");
    SET(x, CURLOPT_CUSTOMREQUEST, x->r->method);
}

static void set_push(struct exchange *x)
{
    x->sealed = push_desk_seal(&x->o->pushes, x->r, time(NULL));
    if (!x->sealed)
        return;
    x->headers = curl_slist_append(x->headers, "Content-Type: application/octet-stream");
    x->headers = curl_slist_append(x->headers, "Content-Encoding: aes128gcm");
    x->headers = curl_slist_append(x->headers, x->sealed->authorization);
}

static void set_http(struct exchange *x)
{
    for (size_t i = 0; i < x->r->n_headers; i++)
        x->headers = curl_slist_append(x->headers, x->r->headers[i]);
    if (x->r->push)
        set_push(x);
    x->headers = curl_slist_append(x->headers, "Expect:");
    SET(x, CURLOPT_PROTOCOLS_STR, x->o->private_allowed ? "https,http" : "https");
    SET(x, CURLOPT_USERAGENT, "Baton/" BATON_VERSION);
    set_body(x);
    SET(x, CURLOPT_HTTPHEADER, x->headers);
    if (exchange_is_unsealed(x))
        SET(x, CURLOPT_URL, "");
}

static void set_mail(struct exchange *x)
{
    x->to = curl_slist_append(x->to, x->r->to);
    SET(x, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(x, CURLOPT_USE_SSL, (long)(x->o->private_allowed ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    SET(x, CURLOPT_MAIL_FROM, x->r->from);
    SET(x, CURLOPT_MAIL_RCPT, x->to);
    SET(x, CURLOPT_USERNAME, x->r->user);
    SET(x, CURLOPT_PASSWORD, x->r->secret);
    SET(x, CURLOPT_UPLOAD, 1L);
    SET(x, CURLOPT_READFUNCTION, on_letter);
    SET(x, CURLOPT_READDATA, x);
    SET(x, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)OUTBOUND_CONNECT_MS / 1000);
    SET(x, CURLOPT_NOPROGRESS, 0L);
    SET(x, CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(x, CURLOPT_XFERINFODATA, x);
}

/* A broker's host and port as those of a page, of which libcurl asks the addresses. False: as it is, libcurl
   does not know it. */
static bool set_page(struct exchange *x)
{
    const char *port = outbound_is_mqtts(x->r->url) ? "8883" : "1883";
    char *given = NULL, *page = NULL;
    CURLU *parts = curl_url();
    assert(parts);
    if (curl_url_set(parts, CURLUPART_URL, x->r->url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        (curl_url_get(parts, CURLUPART_PORT, &given, 0) == CURLUE_OK ||
         curl_url_set(parts, CURLUPART_PORT, port, 0) == CURLUE_OK) &&
        curl_url_set(parts, CURLUPART_SCHEME, "http", 0) == CURLUE_OK)
        (void)curl_url_get(parts, CURLUPART_URL, &page, 0); /* stays NULL without */
    if (page)
        SET(x, CURLOPT_URL, page);
    curl_free(given);
    curl_free(page);
    curl_url_cleanup(parts);
    return page != NULL;
}

static void set_mqtt(struct exchange *x)
{
    bool is_plain = strncmp(x->r->url, "mqtt://", 7) == 0;
    SET(x, CURLOPT_PROTOCOLS_STR, "http");
    if (is_plain && !x->o->private_allowed)
        return;
    if (!outbound_is_clean(x->r) || !(is_plain || outbound_is_mqtts(x->r->url)) || !set_page(x))
        SET(x, CURLOPT_URL, "");
}

struct outbound *outbound_new(struct ev_loop *loop, bool private_allowed)
{
    struct outbound *o = calloc(1, sizeof *o);
    assert(o && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    o->loop = loop;
    o->private_allowed = private_allowed;
    o->multi = curl_multi_init();
    assert(o->multi);
    outbound_loop_open(o);
    (void)curl_multi_setopt(o->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS); /* a known option */
    return o;
}

void outbound_free(struct outbound *o)
{
    if (!o)
        return;
    atomic_store(&o->stops, true);
    slow_pool_free(o->mail);
    push_desk_free(o->pushes);
    while (o->exchanges)
        exchange_end(o->exchanges,
                     (struct outbound_result){.end = OUTBOUND_UNREACHABLE, .reason = "broken off"});
    (void)curl_multi_cleanup(o->multi); /* nothing is in it any more */
    outbound_loop_close(o);
    X509_STORE_free(o->trusted);
    free(o);
    curl_global_cleanup();
}

static void (*const setters[])(struct exchange *x) = {
    [OUTBOUND_HTTP] = set_http, [OUTBOUND_MAIL] = set_mail, [OUTBOUND_MQTT] = set_mqtt};

static struct exchange *exchange_new(struct outbound *o, struct outbound_request *r, const char *host)
{
    struct exchange *x = calloc(1, sizeof *x);
    assert(x);
    x->job = (struct slow_job){.work = mail_work, .done = mail_done};
    x->o = o;
    x->r = r;
    memcpy(x->host, host, OUTBOUND_HOST_SIZE);
    x->easy = curl_easy_init();
    assert(x->easy);
    ev_now_update(o->loop);
    x->begun = ev_now(o->loop);
    x->next = o->exchanges;
    o->exchanges = x;
    set_bounds(x);
    /* libcurl refuses no address at all as it refuses a bad one: when its turn comes. */
    SET(x, CURLOPT_URL, outbound_is_clean(r) ? r->url : "");
    setters[r->kind](x);
    return x;
}

bool outbound_begin(struct outbound *o, struct outbound_request *r)
{
    char host[OUTBOUND_HOST_SIZE] = "";
    outbound_host(r->url, host);
    if (!has_room(o, host))
        return false;
    struct exchange *x = exchange_new(o, r, host);
    if (r->kind != OUTBOUND_MAIL) {
        CURLMcode code = curl_multi_add_handle(o->multi, x->easy);
        assert(code == CURLM_OK);
        return true;
    }
    if (!o->mail)
        o->mail = slow_pool_new(o->loop);
    bool begun = slow_pool_add(o->mail, &x->job);
    if (!begun)
        exchange_free(x);
    return begun;
}
