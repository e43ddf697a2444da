/* gzip, both ways, bounded by the buffer it goes into. */
#ifndef BATON_GATEWAY_ZIP_H
#define BATON_GATEWAY_ZIP_H

#include "base/bytes.h"

struct zip; /* zlib's memory, used again and again */

struct zip *zip_new(void);
void zip_free(struct zip *z);

/* False: it does not fit. */
bool zip_pack(struct zip *z, struct bytes in, struct buffer *out);

enum zip_result { ZIP_OK, ZIP_DAMAGED, ZIP_TOO_LARGE };
enum zip_result zip_unpack(struct zip *z, struct bytes in, struct buffer *out);

#endif
