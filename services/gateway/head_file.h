/* What a request's head says about files, and what an answer's says: pure functions of text. */
#ifndef BATON_GATEWAY_HEAD_FILE_H
#define BATON_GATEWAY_HEAD_FILE_H

#include "base/bytes.h"

/* The value of a key in tus's Upload-Metadata ("filename d29ybGQ=,type aW1n"): base64. False: it is not
   there, cannot be read, or does not fit. */
bool head_metadata(const char *value, const char *key, struct buffer *out);

/* A Range of one part (RFC 9110, 14.2) of something of this size. */
enum head_range { HEAD_WHOLE, HEAD_PART, HEAD_NO_PART };
/* Sets *from and *length where it is HEAD_PART. HEAD_WHOLE: there is none, or one that is better answered
 * with everything; HEAD_NO_PART: nothing of it is there. */
enum head_range head_range(const char *value, uint64_t size, uint64_t *from, uint64_t *length);

/* Whether an If-None-Match or If-Range, which may be NULL, names this tag ("\"...\""). Weak ones are like
   others in the first, and like none in the second. */
bool head_tag_listed(const char *value, const char *tag);
bool head_tag_is(const char *value, const char *tag);

/* A Content-Disposition (RFC 6266) that saves it under this name, whatever is in it: its ASCII for who knows
   no better, and as RFC 8187 has it. */
void head_disposition(const char *name, struct buffer *out);

#endif
