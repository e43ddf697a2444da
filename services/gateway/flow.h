/* Requests whose body is taken as it comes (route.flow). What is public of them is in request.h. */
#ifndef BATON_GATEWAY_FLOW_H
#define BATON_GATEWAY_FLOW_H

#include "request.h"

/* Whether the request's body is taken so: PUT and PATCH, where the route can. */
bool flow_takes(const struct request *r);
/* The head is there; `has_length`: it says how many bytes come. */
void flow_begin(struct request *r, bool has_length);
/* libmicrohttpd calls for this request, the first time right after flow_begin; as its access handler. */
enum MHD_Result flow_body(struct request *r, const char *data, size_t *size);

#endif
