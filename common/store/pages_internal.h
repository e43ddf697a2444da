/* What the files that walk LMDB's pages share. */
#ifndef BATON_STORE_PAGES_INTERNAL_H
#define BATON_STORE_PAGES_INTERNAL_H

#include "store/pages.h"

enum { PAGE = PAGES_SIZE, PAGE_HEAD = 16, META_PAGES = 2, DB_INTEGER_KEYS = 8, PAGES_DEPTH_MAX = 32 };
enum { PAGE_BRANCH = 1, PAGE_LEAF = 2, PAGE_OVERFLOW = 4 };
#define NO_PAGE UINT64_MAX

/* As they are in the file. */
struct db {
    uint32_t pad;
    uint16_t flags, depth;
    uint64_t branches, leaves, overflows, entries, root;
};
struct meta {
    uint32_t magic, version;
    uint64_t address, mapsize;
    struct db free, main;
    uint64_t last, txnid;
};
_Static_assert(sizeof(struct db) == 48 && sizeof(struct meta) == 136, "the file has no padding");

struct walk {
    const struct pages_see *see;
    const uint8_t *map;
    uint64_t file_pages;
    struct meta meta;
    uint8_t *used; /* a bit for each page */
    unsigned said;
};

/* A tree being walked: what it is, and what was found of it. */
struct tree {
    enum { TREE_FREE, TREE_MAIN, TREE_NAMED } kind;
    const char *name;
    struct db says, has;
    uint64_t newest_txnid; /* TREE_FREE: the newest key */
};

/* Keys of a page are at least `low` and below `high`; none where there is no data. */
struct pages_range {
    struct bytes low, high;
};

/* It is of that number and kind, has as many nodes as it must, and they fill it exactly. */
bool pages_page_is_sound(const uint8_t *page, uint64_t number, unsigned flags);
/* Of a page that is sound: how many nodes it has; the key of one, empty where a branch begins; the page that
   one of a branch leads to. */
unsigned pages_node_count(const uint8_t *page);
struct bytes pages_key(const uint8_t *page, unsigned i);
uint64_t pages_child(const uint8_t *page, unsigned i);

void pages_say(struct walk *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Walks all of it and says what is wrong. */
void pages_tree(struct walk *w, struct tree *t);

/* The newest transaction with free pages in a free DB of which nothing is known. False: it has none, or its
   pages are used for something else by now. */
bool pages_newest_free(const struct walk *w, const struct db *db, uint64_t *txnid);

#endif
