/* A file that is a ZIP archive of XML, read without unpacking it anywhere: within bounds, without DTD, and
   nothing is fetched. One entry at a time. */
#ifndef BATON_READING_PACK_H
#define BATON_READING_PACK_H

#include <libxml/xmlreader.h>
#include <stdbool.h>
#include <zip.h>

#include "preview/ask.h"

enum {
    PACK_ENTRIES_MAX = 10000,
    PACK_BYTES_MAX = 128 << 20, /* unpacked, of all that is read */
    PACK_RATIO_MAX = 100,       /* of an entry, unpacked to packed, */
    PACK_RATIO_FROM = 4 << 20,  /* where it is larger than this */
    PACK_FOUND_MAX = 2000,      /* entries of one pattern */
};

struct pack {
    zip_t *zip;
    zip_file_t *entry;
    xmlTextReaderPtr reader;
    uint64_t packed, taken, total; /* bytes: of the entry, of it so far, of all so far */
    enum ask_status status;        /* the first that was wrong; DONE: nothing yet */
};

/* The archive in standard input. Whatever the status, pack_close is called in the end. */
enum ask_status pack_open(struct pack *p, int file);
void pack_close(struct pack *p);

/* Entries whose names are like this (fnmatch), "slide2" before "slide10"; how many. */
size_t pack_find(struct pack *p, const char *pattern, zip_uint64_t found[PACK_FOUND_MAX]);

/* False: it cannot be read; `status` says why. */
bool pack_begin(struct pack *p, zip_uint64_t entry);
/* The next place in its XML, for libxml2's functions on `reader`. False: it is over, or `status` says what is
 * wrong. */
bool pack_next(struct pack *p);
/* The name of the place without what stands for its namespace. */
const char *pack_name(const struct pack *p);
/* The value of an attribute by such a name, to be freed with xmlFree; NULL: it has none. */
char *pack_attribute(const struct pack *p, const char *name);
/* Passes over what is inside of the element. */
void pack_skip(struct pack *p);
void pack_end(struct pack *p);

#endif
