/* Words of a text for the index: letters and digits folded, and pairs of characters where words have no
   spaces between them. */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "search/search.h"
#include "texts/internal.h"

enum { CLUSTER_BYTES = 48, FOLDED_MAX = 60 };

enum cluster_kind { CLUSTER_GAP, CLUSTER_LETTER, CLUSTER_RUN };

/* A character with what belongs to it. */
struct cluster {
    enum cluster_kind kind;
    size_t from, to, n; /* n: bytes of it, folded */
    char folded[FOLDED_MAX];
};

struct tokens {
    token_fn *each;
    void *arg;
    bool is_query;
    char word[TOKEN_MAX];
    size_t n, chars, from, to;
    struct cluster before; /* of a run; n 0: none */
    bool is_paired;
};

/* What is written above or below another, cannot be seen, or sounds a half-width syllable. */
static bool goes_on(UChar32 c)
{
    enum { VOICED = 0xff9e, HALF_VOICED = 0xff9f };
    return c == VOICED || c == HALF_VOICED || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static enum cluster_kind kind_of(UChar32 c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? CLUSTER_LETTER : CLUSTER_GAP;
    if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK)) == 0)
        return CLUSTER_GAP;
    /* Thai, Lao, Khmer and others whose lines are broken by a dictionary */
    bool is_run =
        search_runs((uint32_t)c) || u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
    return is_run ? CLUSTER_RUN : CLUSTER_LETTER;
}

/* 1: width, case and accents do not count; what cannot be seen does not part a word */
static void fold(const char *text, struct cluster *c)
{
    size_t size = c->to - c->from, at = 0;
    UChar32 first;
    c->n = search_fold(text + c->from, size < CLUSTER_BYTES ? size : CLUSTER_BYTES, c->folded, FOLDED_MAX);
    if (!c->n)
        return;
    U8_NEXT((const uint8_t *)c->folded, at, c->n, first);
    c->kind = first > 0 ? kind_of(first) : CLUSTER_GAP;
}

static size_t next(const char *text, size_t size, size_t from, struct cluster *c)
{
    const uint8_t *s = (const uint8_t *)text;
    size_t at = from, ahead;
    UChar32 u;
    *c = (struct cluster){.from = from, .to = from + 1};
    if (s[from] < 0x80 && (from + 1 == size || s[from + 1] < 0x80)) {
        c->folded[0] = (char)(s[from] >= 'A' && s[from] <= 'Z' ? s[from] + 'a' - 'A' : s[from]);
        c->n = 1;
        c->kind = kind_of(c->folded[0]);
        return c->to;
    }
    U8_NEXT(s, at, size, u);
    for (c->to = ahead = at; ahead < size; c->to = ahead) {
        U8_NEXT(s, ahead, size, u);
        if (u < 0 || !goes_on(u))
            break;
    }
    fold(text, c);
    return c->to;
}

static int word_end(struct tokens *w)
{
    const struct token t = {.text = w->word, .size = w->n, .n = w->chars, .from = w->from, .to = w->to};
    w->n = w->chars = 0;
    return t.size ? w->each(w->arg, &t) : 0;
}

static int word_add(struct tokens *w, const struct cluster *c)
{
    if (!w->n)
        w->from = c->from;
    w->to = c->to;
    if (w->n + c->n <= TOKEN_MAX) {
        memcpy(w->word + w->n, c->folded, c->n);
        w->n += c->n;
        w->chars++;
    }
    return 0;
}

/* 2: a run is its pairs, and its last character alone, so that every character begins something */
static int run_end(struct tokens *w)
{
    const struct cluster *c = &w->before;
    const struct token t = {.text = c->folded,
                            .size = c->n,
                            .n = 1,
                            .from = c->from,
                            .to = c->to,
                            .is_run = true,
                            .is_beside = w->is_paired};
    int rc = c->n && !(w->is_query && w->is_paired) ? w->each(w->arg, &t) : 0;
    w->before.n = 0;
    w->is_paired = false;
    return rc;
}

static int run_add(struct tokens *w, const struct cluster *c)
{
    char pair[2 * FOLDED_MAX];
    const size_t n = w->before.n;
    const struct token t = {
        .text = pair, .size = n + c->n, .n = 2, .from = w->before.from, .to = c->to, .is_run = true};
    memcpy(pair, w->before.folded, n);
    memcpy(pair + n, c->folded, c->n);
    int rc = n ? w->each(w->arg, &t) : 0;
    w->is_paired = n > 0;
    w->before = *c;
    return rc;
}

int tokens_of(const char *text, size_t size, bool is_query, token_fn *each, void *arg)
{
    struct tokens w = {.each = each, .arg = arg, .is_query = is_query};
    struct cluster c;
    int rc = 0;
    for (size_t at = 0; rc == 0 && at < size;) {
        at = next(text, size, at, &c);
        if (c.n == 0)
            continue;
        if (c.kind != CLUSTER_RUN)
            rc = run_end(&w);
        if (rc == 0 && c.kind != CLUSTER_LETTER)
            rc = word_end(&w);
        if (rc == 0 && c.kind != CLUSTER_GAP)
            rc = c.kind == CLUSTER_RUN ? run_add(&w, &c) : word_add(&w, &c);
    }
    if (rc == 0)
        rc = run_end(&w);
    return rc ? rc : word_end(&w);
}

/* --- as SQLite wants it --- */

struct reader {
    void *arg;
    int (*each)(void *arg, int flags, const char *text, int size, int from, int to);
};

static int give(void *arg, const struct token *t)
{
    const struct reader *r = arg;
    return r->each(r->arg, t->is_beside ? FTS5_TOKEN_COLOCATED : 0, t->text, (int)t->size, (int)t->from,
                   (int)t->to);
}

static int tokenize(Fts5Tokenizer *self, void *arg, int flags, const char *text, int size,
                    int (*each)(void *, int, const char *, int, int, int))
{
    struct reader r = {arg, each};
    return tokens_of(text, size > 0 ? (size_t)size : 0, (flags & FTS5_TOKENIZE_QUERY) != 0, give, &r);
}

static int create(void *arg, const char **words, int n, Fts5Tokenizer **out)
{
    *out = arg; /* it has no state; anything but NULL will do */
    return SQLITE_OK;
}

static void delete (Fts5Tokenizer *self)
{
}

static fts5_api *api_of(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
        (void)sqlite3_step(s); /* fills it, or not */
    }
    sqlite3_finalize(s);
    return api;
}

bool tokens_register(sqlite3 *db)
{
    static const char self;
    fts5_tokenizer t = {create, delete, tokenize};
    fts5_api *api = api_of(db);
    return api && api->xCreateTokenizer(api, "baton", (void *)(uintptr_t)&self, &t, NULL) == SQLITE_OK;
}
