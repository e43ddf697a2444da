/* Going down one tree of LMDB's pages as LMDB does, and looking at each page on the way; see pages.h. */
#include "store/pages_internal.h"

#include <string.h>

/* Which node of a branch leads to `key`: the last whose key is not above it, or the first, which has none. */
static unsigned node_to(const uint8_t *page, struct bytes key)
{
    unsigned low = 0, high = pages_node_count(page);
    while (high - low > 1) {
        const unsigned middle = low + (high - low) / 2;
        if (bytes_compare(pages_key(page, middle), key) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* All its keys are those that the page above has there. The first of a branch is no key. */
static bool is_within(const uint8_t *page, bool leaf, const struct pages_range *range)
{
    const struct bytes first = pages_key(page, leaf ? 0 : 1);
    const struct bytes last = pages_key(page, pages_node_count(page) - 1);
    return (!range->low.data || bytes_compare(range->low, first) <= 0) &&
           (!range->high.data || bytes_compare(last, range->high) < 0);
}

bool pages_path_is_sound(const uint8_t *map, uint64_t last, struct bytes record, struct bytes key,
                         const uint8_t **leaf_page)
{
    struct pages_range range = {{NULL, 0}, {NULL, 0}};
    struct db db;
    if (record.size != sizeof db)
        return false;
    memcpy(&db, record.data, sizeof db);
    uint64_t number = db.root;
    *leaf_page = NULL;
    for (unsigned level = 1; level <= db.depth; level++) {
        const bool leaf = level == db.depth;
        const uint8_t *page = map + number * PAGE;
        if (level > PAGES_DEPTH_MAX || number < META_PAGES || number > last ||
            !pages_page_is_sound(page, number, leaf ? PAGE_LEAF : PAGE_BRANCH) ||
            !is_within(page, leaf, &range))
            return false;
        if (leaf) {
            *leaf_page = page;
            break;
        }
        const unsigned i = node_to(page, key);
        if (i > 0)
            range.low = pages_key(page, i);
        if (i + 1 < pages_node_count(page))
            range.high = pages_key(page, i + 1);
        number = pages_child(page, i);
    }
    return (db.depth == 0) == (db.root == NO_PAGE);
}

const uint8_t *pages_map_of(const void *inside)
{
    const uint8_t *page = (const uint8_t *)((uintptr_t)inside & ~(uintptr_t)(PAGE - 1));
    uint64_t number;
    memcpy(&number, page, sizeof number);
    return page - number * PAGE;
}
