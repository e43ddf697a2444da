/* Two lists: addresses nobody is sent to, and the ports of the protocols spoken. */
#include "outbound/guard.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct network {
    int family;
    const char *prefix;
    unsigned bits;
    bool is_private; /* otherwise closed always */
};

/* The first that fits decides. */
static const struct network closed[] = {
    {AF_INET, "0.0.0.0", 8, false},       /* 1: this network */
    {AF_INET, "10.0.0.0", 8, true},       /* 2: private */
    {AF_INET, "100.64.0.0", 10, true},    /* 3: behind a carrier's translation */
    {AF_INET, "127.0.0.0", 8, true},      /* 4: this machine */
    {AF_INET, "169.254.0.0", 16, false},  /* 5: link-local, and the clouds' metadata */
    {AF_INET, "172.16.0.0", 12, true},    /* 6: private */
    {AF_INET, "192.0.0.0", 24, false},    /* 7: protocol assignments */
    {AF_INET, "192.0.2.0", 24, false},    /* 8: documentation */
    {AF_INET, "192.88.99.0", 24, false},  /* 9: 6to4 relays */
    {AF_INET, "192.168.0.0", 16, true},   /* 10: private */
    {AF_INET, "198.18.0.0", 15, false},   /* 11: benchmarks */
    {AF_INET, "198.51.100.0", 24, false}, /* 12: documentation */
    {AF_INET, "203.0.113.0", 24, false},  /* 13: documentation */
    {AF_INET, "224.0.0.0", 3, false},     /* 14: multicast, reserved, broadcast */
    {AF_INET6, "::1", 128, true},         /* 15: this machine */
    {AF_INET6, "fc00::", 7, true},        /* 16: private */
    {AF_INET6, "2001::", 23, false},      /* 17: Teredo and other assignments */
    {AF_INET6, "2001:db8::", 32, false},  /* 18: documentation */
    {AF_INET6, "2002::", 16, false},      /* 19: 6to4, an IPv4 address in disguise */
    {AF_INET6, "3fff::", 20, false},      /* 20: documentation */
    /* 21: all outside of 2000::/3, with it v4-mapped, NAT64, link-local and multicast */
    {AF_INET6, "::", 3, false},
    {AF_INET6, "4000::", 2, false},
    {AF_INET6, "8000::", 1, false},
};

/* SMTP, HTTP and MQTT with their usual second doors. */
static const uint16_t ports[] = {25, 80, 443, 465, 587, 1883, 2525, 8443, 8883};

static bool is_within(const uint8_t *address, const struct network *n)
{
    uint8_t prefix[sizeof(struct in6_addr)];
    int read = inet_pton(n->family, n->prefix, prefix);
    assert(read == 1);
    size_t whole = n->bits / 8;
    uint8_t rest = (uint8_t)(0xff00 >> n->bits % 8);
    return memcmp(address, prefix, whole) == 0 &&
           (n->bits % 8 == 0 || ((address[whole] ^ prefix[whole]) & rest) == 0);
}

static bool is_open(int family, const void *address, bool private_allowed)
{
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (closed[i].family == family && is_within(address, &closed[i]))
            return closed[i].is_private && private_allowed;
    return true;
}

static bool is_usual(uint16_t port)
{
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port)
            return true;
    return false;
}

bool outbound_may_connect(const struct sockaddr *to, bool private_allowed)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)to;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)to;
    if (to->sa_family == AF_INET)
        return is_open(AF_INET, &v4->sin_addr, private_allowed) &&
               (private_allowed || is_usual(ntohs(v4->sin_port)));
    if (to->sa_family == AF_INET6)
        return is_open(AF_INET6, &v6->sin6_addr, private_allowed) &&
               (private_allowed || is_usual(ntohs(v6->sin6_port)));
    return false;
}

static bool is_one_line(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

bool outbound_is_clean(const struct outbound_request *r)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (!is_one_line(r->headers[i]))
            return false;
    return is_one_line(r->from) && is_one_line(r->to) && is_one_line(r->url) && is_one_line(r->method);
}

bool outbound_is_mqtts(const char *url)
{
    return strncmp(url, "mqtts://", 8) == 0;
}

void outbound_host(const char *url, char host[OUTBOUND_HOST_SIZE])
{
    CURLU *parts = curl_url();
    char *name = NULL;
    assert(parts);
    if (curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &name, 0) == CURLUE_OK)
        strncpy(host, name, OUTBOUND_HOST_SIZE - 1);
    curl_free(name);
    curl_url_cleanup(parts);
}
