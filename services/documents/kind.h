/* What the first bytes of a file say that it is. */
#ifndef BATON_DOCUMENTS_KIND_H
#define BATON_DOCUMENTS_KIND_H

#include <stdbool.h>
#include <stddef.h>

/* A media type, "application/octet-stream" where nothing is known of such bytes. False: it cannot be said
   here; logged. Any thread. */
bool documents_kind(const void *head, size_t size, char *media_type, size_t room);

#endif
