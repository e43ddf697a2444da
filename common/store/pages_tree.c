/* Walking one tree of LMDB's pages; see pages.h for the format. */
#include "store/pages_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SIZE_MAX = 511, NAME_SIZE = 128, SAID_MAX = 100 };
enum { NODE_HEAD = 8, NODE_BIG = 1, NODE_DB = 2 };

struct node {
    uint16_t low, high, flags, key_size;
};
_Static_assert(sizeof(struct node) == NODE_HEAD, "the file has no padding");

void pages_say(struct walk *w, const char *format, ...)
{
    char text[200];
    va_list args;
    if (w->said++ >= SAID_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    w->see->wrong(w->see->arg, text);
}

static uint16_t u16(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t u64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* --- pages and their nodes --- */

/* Takes `n` pages from `first` on as used. False: they are not there, or somebody has one of them already. */
static bool take_pages(struct walk *w, uint64_t first, uint64_t n, bool written, const char *what)
{
    uint64_t end = written && w->file_pages <= w->meta.last ? w->file_pages : w->meta.last + 1;
    if (first < META_PAGES || first >= end || n > end - first) {
        pages_say(w, "%s: page %" PRIu64 " is beyond the file", what, first);
        return false;
    }
    for (uint64_t i = first; i < first + n; i++) {
        if (w->used[i / 8] >> i % 8 & 1) {
            pages_say(w, "%s: page %" PRIu64 " is in two places", what, i);
            return false;
        }
        w->used[i / 8] |= (uint8_t)(1 << i % 8);
    }
    return true;
}

unsigned pages_node_count(const uint8_t *page)
{
    return (u16(page + 12) - PAGE_HEAD) / 2u;
}

static struct node node_at(const uint8_t *page, unsigned i, const uint8_t **key)
{
    struct node n;
    const uint8_t *p = page + u16(page + PAGE_HEAD + 2 * i);
    memcpy(&n, p, sizeof n);
    *key = p + NODE_HEAD;
    return n;
}

static uint64_t child_of(const struct node *n)
{
    return n->low | (uint64_t)n->high << 16 | (uint64_t)n->flags << 32;
}

struct bytes pages_key(const uint8_t *page, unsigned i)
{
    const uint8_t *key;
    const struct node n = node_at(page, i, &key);
    return bytes_of(key, n.key_size);
}

uint64_t pages_child(const uint8_t *page, unsigned i)
{
    const uint8_t *key;
    const struct node n = node_at(page, i, &key);
    return child_of(&n);
}

static uint32_t data_size(const struct node *n)
{
    return n->low | (uint32_t)n->high << 16;
}

/* What a node takes of its page. */
static uint64_t node_size(const struct node *n, bool leaf)
{
    uint64_t data = !leaf ? 0 : n->flags & NODE_BIG ? sizeof(uint64_t) : data_size(n);
    return (NODE_HEAD + n->key_size + data + 1) / 2 * 2;
}

/* Nodes lie from `upper` to the page's end, none over another, with nothing between them. */
static bool nodes_fill_page(const uint8_t *page, bool leaf)
{
    uint64_t begins[PAGE / 2 / 64] = {0};
    uint16_t sizes[PAGE / 2]; /* where one begins */
    unsigned upper = u16(page + 14), count = pages_node_count(page), at;
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *key;
        at = u16(page + PAGE_HEAD + 2 * i);
        if (at % 2 || at < upper || at > PAGE - NODE_HEAD || begins[at / 2 / 64] >> at / 2 % 64 & 1)
            return false;
        struct node n = node_at(page, i, &key);
        uint64_t size = node_size(&n, leaf);
        if (size > PAGE - at)
            return false;
        begins[at / 2 / 64] |= 1ull << at / 2 % 64;
        sizes[at / 2] = (uint16_t)size;
    }
    for (at = upper; at < PAGE && begins[at / 2 / 64] >> at / 2 % 64 & 1; at += sizes[at / 2])
        count--;
    return at == PAGE && count == 0;
}

bool pages_page_is_sound(const uint8_t *page, uint64_t number, unsigned flags)
{
    unsigned lower = u16(page + 12), upper = u16(page + 14);
    bool leaf = flags == PAGE_LEAF;
    return u64(page) == number && u16(page + 10) == flags && lower % 2 == 0 && lower <= upper &&
           upper <= PAGE && upper % 2 == 0 && lower >= PAGE_HEAD + (leaf ? 2 : 4) &&
           nodes_fill_page(page, leaf);
}

/* --- keys --- */

static int compare_keys(const struct tree *t, struct bytes a, struct bytes b)
{
    if (t->kind != TREE_FREE)
        return bytes_compare(a, b);
    uint64_t x = u64(a.data), y = u64(b.data);
    return (x > y) - (x < y);
}

/* The keys of a page ascend and stay between those the page above has on both sides. */
static bool keys_are_sound(const struct tree *t, const uint8_t *page, bool leaf,
                           const struct pages_range *within)
{
    struct bytes before = within->low;
    for (unsigned i = leaf ? 0 : 1; i < pages_node_count(page); i++) {
        const uint8_t *data;
        struct node n = node_at(page, i, &data);
        struct bytes key = bytes_of(data, n.key_size);
        if (key.size == 0 || key.size > KEY_SIZE_MAX ||
            (t->kind == TREE_FREE && key.size != sizeof(uint64_t)))
            return false;
        int order = before.data ? compare_keys(t, before, key) : -1;
        bool first = i == (leaf ? 0 : 1);
        if (order > 0 || (order == 0 && !(leaf && first)))
            return false;
        before = key;
    }
    return !within->high.data || !before.data || compare_keys(t, before, within->high) < 0;
}

/* --- entries --- */

/* The data of a leaf's node, which may stand in a run of overflow pages. No data: something is wrong. */
static struct bytes data_of(struct walk *w, struct tree *t, const struct node *n, const uint8_t *key)
{
    const uint8_t *at = key + n->key_size;
    uint64_t need = ((uint64_t)data_size(n) + PAGE_HEAD + PAGE - 1) / PAGE;
    if (!(n->flags & NODE_BIG))
        return bytes_of(at, data_size(n));
    uint64_t first = u64(at);
    if (!take_pages(w, first, 1, true, t->name))
        return bytes_of(NULL, 0);
    const uint8_t *page = w->map + first * PAGE;
    uint64_t run = u16(page + 12) | (uint64_t)u16(page + 14) << 16;
    if (u64(page) != first || u16(page + 10) != PAGE_OVERFLOW || run < need) {
        pages_say(w, "%s: page %" PRIu64 " does not begin the data it is said to", t->name, first);
        return bytes_of(NULL, 0);
    }
    if (run > 1 && !take_pages(w, first + 1, run - 1, true, t->name))
        return bytes_of(NULL, 0);
    t->has.overflows += run;
    return bytes_of(page + PAGE_HEAD, data_size(n));
}

/* Pages that are free since a transaction. */
static void free_entry(struct walk *w, struct tree *t, struct bytes key, struct bytes data)
{
    uint64_t count = data.size >= sizeof count ? u64(data.data) : NO_PAGE, before = NO_PAGE;
    t->newest_txnid = u64(key.data);
    if (data.size % sizeof count || count > data.size / sizeof count - 1) {
        pages_say(w, "free pages of transaction %" PRIu64 ": their number is wrong", t->newest_txnid);
        return;
    }
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t page = u64(data.data + i * sizeof page);
        if (page >= before)
            pages_say(w, "free pages of transaction %" PRIu64 " are out of order", t->newest_txnid);
        (void)take_pages(w, page, 1, false, "free pages"); /* what is wrong is said */
        before = page;
    }
}

static void named_entry(struct walk *w, struct bytes key, struct bytes data)
{
    char name[NAME_SIZE];
    struct tree t = {.kind = TREE_NAMED, .name = name};
    if (data.size != sizeof t.says || key.size >= sizeof name) {
        pages_say(w, "the list of buckets has something else in it");
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)key.size, (const char *)key.data);
    memcpy(&t.says, data.data, sizeof t.says);
    if (t.says.flags || t.says.pad)
        pages_say(w, "%s: its kind is wrong", name);
    pages_tree(w, &t);
}

static void walk_entry(struct walk *w, struct tree *t, const struct node *n, const uint8_t *key_data)
{
    struct bytes key = bytes_of(key_data, n->key_size), data;
    t->has.entries++;
    if ((n->flags & ~NODE_BIG) != (t->kind == TREE_MAIN ? NODE_DB : 0)) {
        pages_say(w, "%s: an entry is of the wrong kind", t->name);
        return;
    }
    data = data_of(w, t, n, key_data);
    if (!data.data)
        return;
    if (t->kind == TREE_FREE)
        free_entry(w, t, key, data);
    else if (t->kind == TREE_MAIN)
        named_entry(w, key, data);
    else
        w->see->entry(w->see->arg, t->name, key, data);
}

/* --- trees --- */

/* `level` counts from 1 at the root; leaves stand at the tree's depth. */
static void walk_page(struct walk *w, struct tree *t, uint64_t number, unsigned level,
                      struct pages_range within)
{
    bool leaf = level == t->says.depth;
    const uint8_t *key, *next;
    if (!take_pages(w, number, 1, true, t->name))
        return;
    const uint8_t *page = w->map + number * PAGE;
    if (!pages_page_is_sound(page, number, leaf ? PAGE_LEAF : PAGE_BRANCH) ||
        !keys_are_sound(t, page, leaf, &within)) {
        pages_say(w, "%s: page %" PRIu64 " is damaged", t->name, number);
        return;
    }
    *(leaf ? &t->has.leaves : &t->has.branches) += 1;
    unsigned n = pages_node_count(page);
    for (unsigned i = 0; i < n; i++) {
        struct node node = node_at(page, i, &key);
        if (leaf) {
            walk_entry(w, t, &node, key);
            continue;
        }
        struct pages_range below = within;
        if (i > 0)
            below.low = bytes_of(key, node.key_size);
        if (i + 1 < n) {
            struct node after = node_at(page, i + 1, &next);
            below.high = bytes_of(next, after.key_size);
        }
        walk_page(w, t, child_of(&node), level + 1, below);
    }
}

void pages_tree(struct walk *w, struct tree *t)
{
    if (t->says.depth > PAGES_DEPTH_MAX || (t->says.depth == 0) != (t->says.root == NO_PAGE))
        pages_say(w, "%s: its depth is wrong", t->name);
    else if (t->says.depth)
        walk_page(w, t, t->says.root, 1, (struct pages_range){{NULL, 0}, {NULL, 0}});
    if (t->has.branches != t->says.branches || t->has.leaves != t->says.leaves ||
        t->has.overflows != t->says.overflows || t->has.entries != t->says.entries)
        pages_say(
            w, "%s: it has %" PRIu64 " entries where %" PRIu64 " are said to be, or not its number of pages",
            t->name, t->has.entries, t->says.entries);
}

bool pages_newest_free(const struct walk *w, const struct db *db, uint64_t *txnid)
{
    uint64_t number = db->root;
    for (unsigned level = 1; level <= db->depth && level <= PAGES_DEPTH_MAX; level++) {
        const uint8_t *key;
        bool leaf = level == db->depth;
        if (number < META_PAGES || number >= w->file_pages)
            return false;
        const uint8_t *page = w->map + number * PAGE;
        if (!pages_page_is_sound(page, number, leaf ? PAGE_LEAF : PAGE_BRANCH))
            return false;
        struct node last = node_at(page, pages_node_count(page) - 1, &key);
        number = child_of(&last);
        if (leaf && last.key_size == sizeof *txnid) {
            *txnid = u64(key);
            return true;
        }
    }
    return false;
}
