/* What has become of an exchange, in words of ours. */
#include "outbound/exchange.h"

static const struct {
    CURLcode code;
    enum outbound_end end;
    const char *reason;
} ends[] = {
    {CURLE_OPERATION_TIMEDOUT, OUTBOUND_LATE, "no answer in time"},
    {CURLE_URL_MALFORMAT, OUTBOUND_FORBIDDEN, "the address cannot be used"},
    {CURLE_UNSUPPORTED_PROTOCOL, OUTBOUND_FORBIDDEN, "the address is not an encrypted one"},
    {CURLE_COULDNT_RESOLVE_HOST, OUTBOUND_UNREACHABLE, "there is no such host"},
    {CURLE_COULDNT_CONNECT, OUTBOUND_UNREACHABLE, "the host does not take connections"},
    {CURLE_PEER_FAILED_VERIFICATION, OUTBOUND_UNREACHABLE, "the host's certificate cannot be trusted"},
    {CURLE_USE_SSL_FAILED, OUTBOUND_UNREACHABLE, "the mail server offers no encryption"},
};

/* libcurl has one word for an address that is none of ours and for a host that speaks no HTTP. */
static bool has_reached(const struct exchange *x)
{
    char *address = NULL;
    (void)curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &address);
    return address && *address;
}

/* HTTP has answered with its status, whatever becomes of the rest; a mail server, when it says no, or all has
   gone well. */
static bool has_answered(const struct exchange *x, CURLcode code, long status)
{
    return code == CURLE_OK || (x->r->kind == OUTBOUND_HTTP ? status >= 200 : status >= 400);
}

bool exchange_is_unsealed(const struct exchange *x)
{
    return x->r->push && !x->sealed;
}

struct outbound_result exchange_result(const struct exchange *x, CURLcode code)
{
    struct outbound_result result = {.end = OUTBOUND_UNREACHABLE, .reason = "the connection broke"};
    long status = 0;
    curl_off_t wait_s = 0;
    if (x->is_forbidden)
        return (struct outbound_result){.end = OUTBOUND_FORBIDDEN,
                                        .reason = "the address is in a network nobody is sent to"};
    if (exchange_is_unsealed(x))
        return (struct outbound_result){.end = OUTBOUND_FORBIDDEN,
                                        .reason = "what the subscription gave cannot be used"};
    (void)curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status); /* 0 where there is none */
    (void)curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &wait_s);
    if (has_answered(x, code, status))
        return (struct outbound_result){.end = OUTBOUND_ANSWERED,
                                        .status = (unsigned)status,
                                        .retry_after_s = wait_s > UINT32_MAX ? UINT32_MAX : (uint32_t)wait_s,
                                        .reason = ""};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends[i].code == code && (code != CURLE_UNSUPPORTED_PROTOCOL || !has_reached(x))) {
            result.end = ends[i].end;
            result.reason = ends[i].reason;
        }
    return result;
}
