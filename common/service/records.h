/* What the generic functions of plain records share: records.c, and records_history.c for what was before. */
#ifndef BATON_SERVICE_RECORDS_H
#define BATON_SERVICE_RECORDS_H

#include "service/internal.h"

enum { RECORDS_REPLY_BYTES = 512 << 10 };

/* Facts together with who checks them. */
struct record_case {
    struct record_facts facts;
    record_check_fn *check;
};

/* NULL: this service keeps no records of this type. */
const struct record_row *records_row(const struct service *s, const char *type);
/* The same, for an actor whose role may read them; NULL: `no` says why not. */
const struct record_row *records_readable(struct load *l, const char *type, const Baton__Actor *actor,
                                          struct refusal *no);
bool records_shows(const struct load *l, const struct record_row *row, const Baton__Actor *actor,
                   const struct schema_field *f);
/* A unique field of `wanted` whose value another row than `id` (NULL: any) has; NULL: none. */
const char *records_taken_field(struct load *l, const struct record_row *row, const ProtobufCMessage *wanted,
                                const char *id);
size_t records_page_size(bool given, uint32_t size);

/* records_history.c */
load_fn records_load_restore;
decide_fn records_decide_restore;

#endif
