/* What the tests of finding records share: records that are numbers. */
#ifndef BATON_TESTS_SEARCH_BENCH_H
#define BATON_TESTS_SEARCH_BENCH_H

#include <string.h>

#include "base/bytes.h"
#include "search/internal.h"

static inline void id_of(uint8_t id[IDENT_SIZE], uint32_t n)
{
    memset(id, 0, IDENT_SIZE);
    put_be32(id, n);
    put_be32(id + 12, n * 2654435761u);
}

static inline uint32_t number_of(const uint8_t id[IDENT_SIZE])
{
    return get_be32(id);
}

static inline void put(struct search *x, uint32_t n, const char *text, const char *phone, const char *owner)
{
    const struct search_field fields[] = {{text, false, false}, {phone, true, false}};
    const struct search_tag tags[] = {{0, owner}};
    struct search_doc d = {.created_us = n, .updated_us = n, .fields = fields, .n_fields = 2, .tags = tags};
    d.n_tags = owner ? 1 : 0;
    id_of(d.id, n);
    search_put(x, &d);
}

#endif
