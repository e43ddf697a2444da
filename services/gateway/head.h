/* What a request's head says: pure functions of its text. */
#ifndef BATON_GATEWAY_HEAD_H
#define BATON_GATEWAY_HEAD_H

#include "base/bytes.h"

enum head_codec { HEAD_NO_CODEC, HEAD_JSON, HEAD_PROTO };
enum head_coding { HEAD_IDENTITY, HEAD_GZIP, HEAD_OTHER_CODING };

/* "application/json; charset=utf-8" in any case; NULL and anything else is HEAD_NO_CODEC. */
enum head_codec head_content_type(const char *value);
/* "json" or "proto", as in a query. */
enum head_codec head_codec_named(const char *name);
/* Content-Encoding or `compression`; NULL and "" are identity. */
enum head_coding head_coding(const char *value);
/* Whether an Accept-Encoding lists gzip without q=0. */
bool head_accepts_gzip(const char *value);

/* Connect-Timeout-Ms: 1 to 10 ASCII digits. False: it is not. */
bool head_timeout(const char *value, uint64_t *ms);
/* A whole number of at most 19 digits. */
bool head_number(const char *value, uint64_t *number);

/* base64url, padding optional. False: it is not, or it does not fit. */
bool head_base64url(const char *text, struct buffer *out);

/* The token of "Bearer TOKEN", NULL if it is another scheme or empty. */
const char *head_bearer(const char *value);

/* The trace id of a W3C `traceparent`. */
enum { HEAD_TRACE_SIZE = 33 };
bool head_trace(const char *traceparent, char out[HEAD_TRACE_SIZE]);

/* Whether a request that carries a cookie comes from our own page. Any argument may be NULL: `fetch_site` and
   `origin` where the client sends none, `public_url` where none is set. */
bool head_same_site(const char *fetch_site, const char *origin, const char *host, const char *public_url);

/* The last address of X-Forwarded-For, NULL if there is none. */
const char *head_last_forwarded(const char *value);

/* Whether a browser may be sent there: a path of this host or an http(s) address, without control characters.
 */
bool head_is_redirect(const char *url);

#endif
