/* The application at /, and the files that forms need, built into the program. */
#ifndef BATON_GATEWAY_PAGE_H
#define BATON_GATEWAY_PAGE_H

#include "gateway.h"

struct pages *pages_new(struct gateway *g);
void pages_free(struct pages *p);

/* Answers with a file of page/ that other sites may load. It must be there. */
struct request;
void page_answer_shared(struct request *r, const char *name);

/* Made by the build: the files of page/, and those of web/ as gzip, each ending with a NULL name. */
struct page_file {
    const char *name;
    const uint8_t *start, *end;
};
extern const struct page_file page_files[], app_files[];

#endif
