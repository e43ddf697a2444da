/* Connecting and signing in, by libcurl: names, TLS and what vouches for it, STARTTLS, SASL. */
#include <stdlib.h>
#include <string.h>

#include "services/mailbox/imap_line.h"

enum { CONNECT_S = 10, SIGN_IN_S = 30, TLS_PORT = 993, PLAIN_PORT = 143, URL_MAX = 300 };

#define SET(curl, option, value) (curl_easy_setopt(curl, option, value) == CURLE_OK)

static bool is_tls(const Baton__Mailbox *m)
{
    return !m->has_security || m->security == BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_TLS;
}

static bool set_tls(CURL *c, const Baton__Mailbox *m)
{
    bool is_plain = m->has_security && m->security == BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_NONE;
    return SET(c, CURLOPT_USE_SSL, is_plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL) &&
           SET(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) && SET(c, CURLOPT_SSL_VERIFYPEER, 1L) &&
           SET(c, CURLOPT_SSL_VERIFYHOST, 2L) && (!m->ca_file || SET(c, CURLOPT_CAINFO, m->ca_file));
}

static bool set_up(CURL *c, const Baton__Mailbox *m, char reason[CURL_ERROR_SIZE])
{
    char url[URL_MAX];
    const char *open = strchr(m->host, ':') ? "[" : "", *close = *open ? "]" : ""; /* IPv6 */
    unsigned port = m->has_port ? m->port : is_tls(m) ? TLS_PORT : PLAIN_PORT;
    int n =
        snprintf(url, sizeof url, "imap%s://%s%s%s:%u/", is_tls(m) ? "s" : "", open, m->host, close, port);
    return n > 0 && n < URL_MAX && SET(c, CURLOPT_ERRORBUFFER, reason) && SET(c, CURLOPT_URL, url) &&
           SET(c, CURLOPT_PROTOCOLS_STR, "imap,imaps") && SET(c, CURLOPT_CONNECT_ONLY, 1L) &&
           SET(c, CURLOPT_USERNAME, m->user) && SET(c, CURLOPT_PASSWORD, m->password) &&
           SET(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) && SET(c, CURLOPT_TIMEOUT, (long)SIGN_IN_S) &&
           SET(c, CURLOPT_NOSIGNAL, 1L) && SET(c, CURLOPT_PROXY, "") && SET(c, CURLOPT_TCP_KEEPALIVE, 1L) &&
           set_tls(c, m);
}

/* What went wrong, as the operator can mend it. */
static const struct {
    CURLcode code;
    enum refusal_code no;
    const char *text; /* followed by curl's reason in brackets */
} ends[] = {
    {CURLE_COULDNT_RESOLVE_HOST, REFUSAL_UNAVAILABLE, "there is no server of that name"},
    {CURLE_COULDNT_CONNECT, REFUSAL_UNAVAILABLE, "nobody answers at that address and port"},
    {CURLE_OPERATION_TIMEDOUT, REFUSAL_UNAVAILABLE, "the server did not answer in time"},
    {CURLE_LOGIN_DENIED, REFUSAL_UNAUTHENTICATED, "the server does not take this user and password"},
    {CURLE_USE_SSL_FAILED, REFUSAL_UNAVAILABLE, "the server does not offer STARTTLS"},
    {CURLE_PEER_FAILED_VERIFICATION, REFUSAL_UNAVAILABLE, "the server's certificate cannot be trusted"},
    {CURLE_SSL_CACERT_BADFILE, REFUSAL_UNAVAILABLE, "the file of trusted certificates cannot be read"},
    {CURLE_SSL_CONNECT_ERROR, REFUSAL_UNAVAILABLE, "the server does not speak TLS there"},
};

static void explain(CURLcode rc, const char *reason, struct refusal *no)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends[i].code == rc) {
            (void)refuse(no, ends[i].no, NULL, "%s (%s)", ends[i].text,
                         *reason ? reason : curl_easy_strerror(rc));
            return;
        }
    (void)refuse(no, REFUSAL_UNAVAILABLE, NULL, "the server cannot be talked to (%s)",
                 *reason ? reason : curl_easy_strerror(rc));
}

static bool connect_it(struct imap *i, const Baton__Mailbox *m, struct refusal *no)
{
    char reason[CURL_ERROR_SIZE] = "";
    CURLcode rc = CURLE_OUT_OF_MEMORY;
    bool is_set = i->curl && set_up(i->curl, m, reason);
    if (is_set)
        rc = curl_easy_perform(i->curl);
    if (is_set && rc == CURLE_OK)
        rc = curl_easy_getinfo(i->curl, CURLINFO_ACTIVESOCKET, &i->socket);
    if (i->curl)
        (void)curl_easy_setopt(i->curl, CURLOPT_ERRORBUFFER, NULL); /* it was on the stack; cannot fail */
    if (rc != CURLE_OK)
        explain(rc, reason, no);
    return rc == CURLE_OK;
}

struct imap *imap_open(const Baton__Mailbox *m, struct refusal *no)
{
    struct imap *i = calloc(1, sizeof *i);
    if (!i) {
        (void)refuse(no, REFUSAL_UNAVAILABLE, NULL, "there is no memory for a connection");
        return NULL;
    }
    buffer_init(&i->literal, IMAP_MAIL_MAX + 1);
    i->curl = curl_easy_init();
    if (connect_it(i, m, no) && imap_capabilities(i, no))
        return i;
    imap_close(i);
    return NULL;
}

void imap_close(struct imap *i)
{
    if (!i)
        return;
    curl_easy_cleanup(i->curl);
    buffer_release(&i->literal);
    free(i);
}
