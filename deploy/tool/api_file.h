/* Files over HTTP, as large as they may be: nothing of them is held but a buffer. Where a connection breaks
   they go on. */
#ifndef BATON_TOOL_API_FILE_H
#define BATON_TOOL_API_FILE_H

#include <stdio.h>

#include "base/hash.h"
#include "baton/v1/documents.pb-c.h"
#include "tool/api.h"
#include "tool/output.h"

/* The bytes of an upload that has begun. False: `no` says why. */
bool api_put_file(struct api *api, const Baton__Upload *upload, FILE *f, struct progress *bar,
                  char hash[HASH_TEXT_SIZE], struct refusal *no);
/* The bytes of a file of this size. False: `no` says why; `out` may have some of it. */
bool api_get_file(struct api *api, const char *hash, uint64_t size, FILE *out, struct progress *bar,
                  struct refusal *no);

#endif
