/* A message for a broker: connect, sign in, publish with QoS 1, wait until the broker has it. libmosquitto
   speaks, libev waits. It is given an address, not a name: what the certificate must say, and what the
   broker is told of whom we want, is set in OpenSSL. */
#include <assert.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "outbound/exchange.h"

enum { KEEPALIVE_S = 60, PACKETS_AT_ONCE = 1 };

struct mqtt {
    struct exchange *x;
    struct mosquitto *m;
    SSL_CTX *tls; /* NULL: unencrypted */
    ev_io io;
    ev_timer timer;
    size_t address; /* the one that is tried */
    int protocol;
    bool is_known, is_untrusted, has_ended, again;
    struct outbound_result result;
};

/* --- how it ends --- */

/* What a broker of before MQTT 5 says to whom it does not let in. */
static const unsigned refusals[] = {0,
                                    MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION,
                                    MQTT_RC_CLIENTID_NOT_VALID,
                                    MQTT_RC_SERVER_UNAVAILABLE,
                                    MQTT_RC_BAD_USERNAME_OR_PASSWORD,
                                    MQTT_RC_NOT_AUTHORIZED};

static void ended(struct mqtt *q, enum outbound_end end, const char *reason)
{
    if (!q->has_ended)
        q->result = (struct outbound_result){.end = end, .reason = reason};
    q->has_ended = true;
}

static void answered(struct mqtt *q, unsigned code)
{
    ended(q, OUTBOUND_ANSWERED, code < 128 ? "" : mosquitto_reason_string((int)code));
    q->result.status = code;
}

static void broke(struct mqtt *q)
{
    if (q->is_untrusted)
        ended(q, OUTBOUND_UNREACHABLE, "the broker's certificate cannot be trusted");
    else if (!q->is_known && q->address + 1 < q->x->n_addresses) {
        q->address++;
        q->again = true;
    } else
        ended(q, OUTBOUND_UNREACHABLE,
              q->is_known ? "the connection to the broker broke" : "the broker cannot be connected to");
}

/* --- what libmosquitto tells; within, it must not be called but to publish --- */

static void publish(struct mqtt *q)
{
    const struct outbound_request *r = q->x->r;
    switch (mosquitto_publish(q->m, NULL, r->to, (int)r->body.size, r->body.data, 1, false)) {
    case MOSQ_ERR_SUCCESS:
        break;
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_OVERSIZE_PACKET:
        answered(q, MQTT_RC_PACKET_TOO_LARGE);
        break;
    case MOSQ_ERR_QOS_NOT_SUPPORTED:
        answered(q, MQTT_RC_QOS_NOT_SUPPORTED);
        break;
    default:
        ended(q, OUTBOUND_FORBIDDEN, "the topic cannot be published to");
    }
}

static void on_connect(struct mosquitto *m, void *arg, int code, int flags, const mosquitto_property *props)
{
    struct mqtt *q = arg;
    unsigned said = (unsigned)code;
    if (said && said < sizeof refusals / sizeof *refusals)
        said = refusals[said];
    q->is_known = true;
    if (said == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION && q->protocol == MQTT_PROTOCOL_V5) {
        q->protocol = MQTT_PROTOCOL_V311;
        q->again = true;
    } else if (said)
        answered(q, said < 128 ? MQTT_RC_UNSPECIFIED : said);
    else
        publish(q);
}

static void on_publish(struct mosquitto *m, void *arg, int message, int code, const mosquitto_property *props)
{
    answered(arg, (unsigned)code);
}

/* What the library itself calls a lost connection is told by `go_on`. */
static void on_disconnect(struct mosquitto *m, void *arg, int code, const mosquitto_property *props)
{
    if (code >= 128)
        answered(arg, (unsigned)code);
}

/* --- TLS --- */

static int on_verify(int is_good, X509_STORE_CTX *chain)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct mqtt *q = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    q->is_untrusted |= !is_good;
    return is_good;
}

/* The library has set the address as the name that is asked for. */
static void on_handshake(const SSL *ssl, int where, int code)
{
    const struct mqtt *q = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    if (where & SSL_CB_HANDSHAKE_START)
        (void)SSL_set_tlsext_host_name((SSL *)ssl, q->x->host); /* unknown, the broker's first answers */
}

static X509_STORE *trusted(struct outbound *o)
{
    if (!o->trusted) {
        o->trusted = X509_STORE_new();
        assert(o->trusted);
        (void)X509_STORE_set_default_paths(o->trusted); /* without any, nobody is trusted */
    }
    return o->trusted;
}

static SSL_CTX *tls_new(struct mqtt *q)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    const char *host = q->x->host;
    char bare[OUTBOUND_HOST_SIZE];
    assert(tls);
    (void)SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION); /* it is known */
    SSL_CTX_set1_cert_store(tls, trusted(q->x->o));
    SSL_CTX_set_app_data(tls, q);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, on_verify);
    /* An address is written in brackets where it has colons. */
    bool is_v6 = *host == '[' && strlen(host) > 2;
    if (is_v6) {
        memcpy(bare, host + 1, strlen(host) - 1);
        bare[strlen(host) - 2] = '\0';
    }
    if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(tls), is_v6 ? bare : host)) {
        int set = X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(tls), host, 0);
        assert(set == 1);
        SSL_CTX_set_info_callback(tls, on_handshake);
    }
    return tls;
}

/* --- on the loop --- */

static void go_on(struct mqtt *q, int code);

/* The library, when it is to speak TLS, takes a connection that was refused for one that is not there yet. */
static bool is_connected(int fd)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    return getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    struct mqtt *q = io->data;
    int code = is_connected(io->fd) ? MOSQ_ERR_SUCCESS : MOSQ_ERR_CONN_REFUSED;
    if (code == MOSQ_ERR_SUCCESS && events & EV_READ)
        code = mosquitto_loop_read(q->m, PACKETS_AT_ONCE);
    if (code == MOSQ_ERR_SUCCESS && events & EV_WRITE && !q->has_ended && !q->again)
        code = mosquitto_loop_write(q->m, PACKETS_AT_ONCE);
    go_on(q, code);
}

static void on_late(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct mqtt *q = timer->data;
    ended(q, OUTBOUND_LATE, "no answer in time");
    go_on(q, MOSQ_ERR_SUCCESS);
}

/* In a handshake it is TLS that says what it waits for; the library would write in vain. */
static bool wants_write(struct mosquitto *m)
{
    const SSL *ssl = mosquitto_ssl_get(m);
    return ssl && !SSL_is_init_finished(ssl) ? SSL_want_write(ssl) : mosquitto_want_write(m);
}

static void watch(struct mqtt *q)
{
    struct ev_loop *loop = q->x->o->loop;
    int limit_ms = q->is_known ? OUTBOUND_TIME_MS : OUTBOUND_CONNECT_MS;
    ev_io_stop(loop, &q->io);
    ev_io_set(&q->io, mosquitto_socket(q->m), EV_READ | (wants_write(q->m) ? EV_WRITE : 0));
    ev_io_start(loop, &q->io);
    ev_timer_stop(loop, &q->timer);
    ev_now_update(loop);
    ev_timer_set(&q->timer, q->x->begun + limit_ms / 1e3 - ev_now(loop), 0.);
    ev_timer_start(loop, &q->timer);
}

static void leave(struct mqtt *q)
{
    ev_io_stop(q->x->o->loop, &q->io);
    if (!q->m)
        return;
    (void)mosquitto_disconnect(q->m); /* politely; it may be gone already */
    mosquitto_destroy(q->m);
    q->m = NULL;
}

static int begin(struct mqtt *q)
{
    const struct exchange *x = q->x;
    const struct address *to = &x->addresses[q->address];
    q->m = mosquitto_new(x->r->from, true, q);
    assert(q->m);
    (void)mosquitto_int_option(q->m, MOSQ_OPT_PROTOCOL_VERSION, q->protocol); /* it knows both */
    if (q->tls) {
        (void)mosquitto_void_option(q->m, MOSQ_OPT_SSL_CTX, q->tls); /* it can do TLS */
        (void)mosquitto_int_option(q->m, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    }
    mosquitto_connect_v5_callback_set(q->m, on_connect);
    mosquitto_publish_v5_callback_set(q->m, on_publish);
    mosquitto_disconnect_v5_callback_set(q->m, on_disconnect);
    if (mosquitto_username_pw_set(q->m, x->r->user, x->r->user ? x->r->secret : NULL) != MOSQ_ERR_SUCCESS)
        return MOSQ_ERR_INVAL;
    return mosquitto_connect_async(q->m, to->host, to->port, KEEPALIVE_S);
}

/* After everything that may have changed something. */
static void go_on(struct mqtt *q, int code)
{
    if (code != MOSQ_ERR_SUCCESS && !q->has_ended && !q->again)
        broke(q);
    while (q->again && !q->has_ended) {
        q->again = false;
        leave(q);
        code = begin(q);
        if (code != MOSQ_ERR_SUCCESS)
            broke(q);
    }
    if (q->has_ended)
        exchange_end(q->x, q->result);
    else
        watch(q);
}

void mqtt_begin(struct exchange *x)
{
    struct mqtt *q = calloc(1, sizeof *q);
    assert(q && mosquitto_lib_init() == MOSQ_ERR_SUCCESS);
    x->mqtt = q;
    q->x = x;
    q->protocol = MQTT_PROTOCOL_V5;
    q->again = true;
    ev_init(&q->io, on_io);
    ev_init(&q->timer, on_late);
    q->io.data = q->timer.data = q;
    if (outbound_is_mqtts(x->r->url))
        q->tls = tls_new(q);
    go_on(q, MOSQ_ERR_SUCCESS);
}

void mqtt_free(struct mqtt *q)
{
    if (!q)
        return;
    ev_timer_stop(q->x->o->loop, &q->timer);
    leave(q);
    SSL_CTX_free(q->tls);
    free(q);
    (void)mosquitto_lib_cleanup(); /* it counts */
}
