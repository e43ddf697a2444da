/* What reads the rows of documents: the functions behind the tables in service.c. */
#ifndef BATON_DOCUMENTS_ROWS_H
#define BATON_DOCUMENTS_ROWS_H

#include "service/service.h"
#include "services/documents/documents.h"

extern const struct table_def documents_tables[DOCUMENTS_TABLES];

/* load.c */
load_fn documents_load_boot, documents_load_begin, documents_load_upload;
const Baton__DocumentSettings *documents_settings(struct load *l);
const Baton__FileUsage *documents_usage(struct load *l, const char *user_id);
Baton__StoredFile *documents_file(struct txn *t, const char *hash, struct arena *a);
const Baton__FileHolder *documents_holder(struct load *l, const char *hash, const char *user_id);
/* NULL: there is none, or it is somebody else's, which is the same. */
Baton__Upload *documents_upload(struct load *l, const char *id, const Baton__Actor *actor);
/* Whether the actor may read the bytes. */
bool documents_may_read_file(struct load *l, const char *hash, const Baton__Actor *actor);

/* load_state.c: uploads whose end is not committed yet */
void *documents_state_new(void);
void documents_state_load(struct load *l);
void documents_state_free(void *state);
void documents_ended(void *state, const char *id, bool is_kept);
void documents_committed(void *state, struct files *files);

/* query.c */
query_fn documents_query_upload, documents_query_file, documents_query_read, documents_query_usage;

/* apply.c */
apply_fn documents_apply_begun, documents_apply_advanced, documents_apply_ended, documents_apply_stored;

/* slow_piece.c */
struct documents_read {
    struct files *files;
    char hash[HASH_TEXT_SIZE];
    uint64_t offset;
    size_t size;
    ssize_t n; /* -1: it cannot be read */
    uint8_t data[];
};
extern const struct slow_part documents_slow_piece, documents_slow_read;

#endif
