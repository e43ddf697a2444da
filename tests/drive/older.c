/* Makes a stopped service's store one of a program that did not have some of its tables and indexes:
   `older DIR BUCKET...` empties these and forgets in which form its rows are. */
#include <stdio.h>
#include <stdlib.h>

#include "store/store.h"

enum { EXIT_USAGE = 2 };

static bool make_older(struct store *s, char **buckets, int n)
{
    const unsigned meta = store_bucket(s, "meta");
    unsigned *numbers = calloc((size_t)n, sizeof *numbers);
    for (int i = 0; numbers && i < n; i++)
        numbers[i] = store_bucket(s, buckets[i]);
    struct txn *t = numbers ? store_begin(s, true) : NULL;
    if (t && !txn_delete(t, meta, bytes_text("form")))
        fprintf(stderr, "it had no form\n");
    for (int i = 0; t && i < n; i++)
        txn_empty(t, numbers[i]);
    free(numbers);
    return t && store_commit(t);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: older DIR BUCKET...\n");
        return EXIT_USAGE;
    }
    struct store *s = store_open(&(struct store_options){.dir = argv[1]});
    const bool ok = s && make_older(s, argv + 2, argc - 2);
    store_close(s);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
