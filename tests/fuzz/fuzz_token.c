/* Page tokens: whatever the text, a walk goes on behind the place it names, stays within its bounds, or the
   token is refused. Input: which walk, token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "fuzz/fuzz.h"
#include "store/table.h"

enum { CREDENTIAL, FEED_ITEM, TABLES };
static const struct table_def tables[TABLES] = {
    [CREDENTIAL] = {"credential", &baton__credential__descriptor},
    [FEED_ITEM] = {"feed_item", &baton__feed_item__descriptor},
};

/* The ways rows are walked over: all, by an index, below the first parts of the key. */
static const struct walk {
    unsigned table;
    const char *field, *value;
    bool backwards;
} walks[] = {
    {CREDENTIAL, NULL, NULL, false},      {CREDENTIAL, NULL, NULL, true},
    {CREDENTIAL, "user_id", "u1", false}, {CREDENTIAL, "user_id", "u1", true},
    {FEED_ITEM, NULL, NULL, false},       {FEED_ITEM, NULL, "u2", true},
    {FEED_ITEM, NULL, "u2", false},       {FEED_ITEM, NULL, "nobody", false},
};
enum { WALKS = sizeof walks / sizeof *walks, ROWS = 12, MEMORY = 4 << 20 };

static struct store *store;
/* What a whole walk gives: the place of each row, as a token. */
static struct {
    char *tokens[ROWS];
    size_t n;
} whole[WALKS];

static void put_rows(struct txn *t, struct arena *a)
{
    for (unsigned i = 0; i < ROWS; i++) {
        Baton__Credential c = BATON__CREDENTIAL__INIT;
        Baton__FeedItem f = BATON__FEED_ITEM__INIT;
        c.id = i % 2 ? arena_printf(a, "0191a3b4-0000-7000-8000-%012u", i) : arena_printf(a, "id %u", i);
        c.user_id = f.user_id = arena_printf(a, "u%u", i % 3);
        c.secret_hash = arena_printf(a, "hash %u", i);
        f.has_seq = f.has_part = true;
        f.seq = i / 2 * 200;
        f.part = i;
        table_put(t, CREDENTIAL, &c, i + 1, a);
        table_put(t, FEED_ITEM, &f, i + 1, a);
    }
}

static bool walk_open(struct table_scan *s, struct txn *t, const struct walk *w, const char *token)
{
    if (w->field != NULL || w->value == NULL)
        return table_scan_open(s, t, w->table, w->field, w->value, token, w->backwards);
    struct key user = key_of(w->value);
    return table_scan_under(s, t, w->table, &user, NULL, token, w->backwards);
}

static void remember(size_t i, struct txn *t, struct arena *a)
{
    struct table_scan s;
    bool is_open = walk_open(&s, t, &walks[i], NULL);
    assert(is_open);
    while (table_scan_next(&s, a) != NULL) {
        assert(whole[i].n < ROWS);
        whole[i].tokens[whole[i].n++] = strdup(table_scan_token(&s, a));
    }
    table_scan_close(&s);
}

static void set_up(void)
{
    char dir[] = "store-XXXXXX";
    struct arena *a = fuzz_arena(MEMORY);
    if (mkdtemp(dir) == NULL)
        abort();
    struct store_options o = {.dir = dir, .no_sync = true, .tables = tables, .n_tables = TABLES};
    store = store_open(&o);
    struct txn *t = store_begin(store, true);
    put_rows(t, a);
    bool is_committed = store_commit(t);
    assert(is_committed);
    t = store_begin(store, false);
    for (size_t i = 0; i < WALKS; i++)
        remember(i, t, a);
    store_abort(t);
}

/* The first row behind the token; both are hexadecimal, so their order is that of the keys. */
static size_t first_behind(size_t i, const char *token)
{
    size_t at = 0;
    if (*token == '\0')
        return 0;
    while (at < whole[i].n) {
        int order = strcasecmp(whole[i].tokens[at], token);
        if (walks[i].backwards ? order < 0 : order > 0)
            break;
        at++;
    }
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct table_scan s;
    if (store == NULL)
        set_up();
    struct arena *a = fuzz_arena(MEMORY);
    size_t i = input_u8(&in) % WALKS;
    const char *token = input_text(&in, a);
    struct txn *t = store_begin(store, false);
    if (walk_open(&s, t, &walks[i], token)) {
        size_t at = first_behind(i, token);
        for (; table_scan_next(&s, a) != NULL; at++)
            assert(at < whole[i].n && strcmp(table_scan_token(&s, a), whole[i].tokens[at]) == 0);
        assert(at == whole[i].n);
        table_scan_close(&s);
    } else {
        for (size_t k = 0; k < whole[i].n; k++)
            assert(strcmp(token, whole[i].tokens[k]) != 0);
    }
    store_abort(t);
    return 0;
}
