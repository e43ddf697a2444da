/* What the indexes of a table have of a row: an entry a value. */
#include <string.h>

#include "store/internal.h"

/* What an index has of a row: one value, or those of a repeated field. */
struct values {
    char *const *all;
    size_t n;
};

/* `row` NULL: none. */
static struct values values_of(const struct index_state *ix, const ProtobufCMessage *row)
{
    struct values v = {0};
    if (row)
        v.n = schema_texts_of(row, ix->field, &v.all);
    return v;
}

/* Whether it is among the first `n`. */
static bool values_have(const struct values *v, size_t n, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v->all[i], value) == 0)
            return true;
    return false;
}

/* False: this value has no entry, as it is empty or has stood there before. */
static bool index_key(struct key *k, const struct index_state *ix, const struct values *v, size_t i,
                      const struct key *primary)
{
    if (!*v->all[i] || values_have(v, i, v->all[i]))
        return false;
    key_init(k);
    key_text(k, v->all[i]);
    if (!ix->field->rules->unique)
        key_raw(k, key_bytes(primary));
    return true;
}

void index_row(struct txn *t, const struct index_state *ix, const struct key *primary,
               const ProtobufCMessage *old, const ProtobufCMessage *new)
{
    struct key k;
    const struct values was = values_of(ix, old), is = values_of(ix, new);
    for (size_t i = 0; i < was.n; i++)
        if (!values_have(&is, is.n, was.all[i]) && index_key(&k, ix, &was, i, primary))
            txn_delete(t, ix->bucket, key_bytes(&k));
    for (size_t i = 0; i < is.n; i++)
        if (!values_have(&was, was.n, is.all[i]) && index_key(&k, ix, &is, i, primary))
            txn_put(t, ix->bucket, key_bytes(&k), key_bytes(primary));
}

bool index_entry_is(struct txn *t, unsigned bucket, const struct key *k, const struct key *primary)
{
    struct bytes v;
    return txn_get(t, bucket, key_bytes(k), &v) && bytes_equal(v, key_bytes(primary));
}

size_t index_count(struct txn *t, const struct index_state *ix, const ProtobufCMessage *row,
                   const struct key *primary, bool *lacks)
{
    struct key k;
    size_t n = 0;
    const struct values v = values_of(ix, row);
    for (size_t i = 0; i < v.n; i++)
        if (index_key(&k, ix, &v, i, primary)) {
            n++;
            *lacks |= !index_entry_is(t, ix->bucket, &k, primary);
        }
    return n;
}
