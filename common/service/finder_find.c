/* A search as it is asked for, over several types, a page of it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "search/collate.h"
#include "service/finder.h"

enum { FINDERS_MAX = 4, ROW_MEMORY = 4 << 20 };

/* What is asked of one index. */
struct asking {
    struct search_query query;
    struct search_filter filters[SEARCH_FILTERS];
    struct search_tag tags[SEARCH_FILTERS][SEARCH_VALUES];
    bool is_none; /* it has no such field: nothing of this type is meant */
};

static int tag_number(const struct finder_def *def, const char *field)
{
    for (int i = 0; def->tags[i]; i++)
        if (strcmp(def->tags[i], field) == 0)
            return i;
    return -1;
}

static void read_filters(const struct finder *f, const Baton__Search *s, struct asking *q)
{
    size_t n = q->query.n_filters;
    assert(s->n_filters + n <= SEARCH_FILTERS);
    for (size_t i = 0; i < s->n_filters; i++, n++) {
        int number = tag_number(f->def, s->filters[i]->field);
        q->is_none |= number < 0;
        q->filters[n] = (struct search_filter){q->tags[n], 0};
        for (size_t k = 0; number >= 0 && k < s->filters[i]->n_values && k < SEARCH_VALUES; k++)
            q->tags[n][q->filters[n].n++] = (struct search_tag){(unsigned)number, s->filters[i]->values[k]};
    }
    q->query.n_filters = n;
}

static void read(const struct finder *f, const struct finder_asked *asked, struct asking *q)
{
    const Baton__Search *s = asked->search;
    *q = (struct asking){
        .query = {
            .filters = q->filters, .may = asked->may, .arg = asked->arg, .open_only = asked->open_only}};
    if (asked->only)
        q->filters[q->query.n_filters++] = *asked->only;
    if (!s)
        return;
    q->query.text = s->query;
    q->query.created = (struct search_range){timestamp_us(s->created_from), timestamp_us(s->created_to)};
    q->query.updated = (struct search_range){timestamp_us(s->updated_from), timestamp_us(s->updated_to)};
    if (s->order == BATON__SEARCH_ORDER__SEARCH_ORDER_NEWEST ||
        s->order == BATON__SEARCH_ORDER__SEARCH_ORDER_NAME)
        q->query.order = SEARCH_NEWEST;
    read_filters(f, s, q);
}

static int by_rank(const void *a, const void *b)
{
    const struct finder_found *x = a, *y = b;
    return search_hit_compare(&x->hit, &y->hit);
}

static int by_time(const void *a, const void *b)
{
    const struct finder_found *x = a, *y = b;
    if (x->hit.created_us != y->hit.created_us)
        return x->hit.created_us > y->hit.created_us ? -1 : 1;
    return memcmp(y->hit.id, x->hit.id, IDENT_SIZE);
}

/* Found is what has the most of the typed words, whatever its type. */
static void keep_most_words(struct finder_page *page)
{
    size_t n = 0;
    unsigned most = 0;
    for (size_t i = 0; i < page->n; i++)
        most = page->found[i].hit.words > most ? page->found[i].hit.words : most;
    for (size_t i = 0; i < page->n; i++)
        if (page->found[i].hit.words == most)
            page->found[n++] = page->found[i];
    page->n = n;
}

/* --- by name --- */

static const char *name_of(struct load *l, const struct finder_found *found, struct arena *scratch)
{
    char id[IDENT_TEXT_SIZE];
    const char *name = "";
    ident_format(id, found->hit.id);
    const ProtobufCMessage *row = table_get_id(l->txn, found->in->def->table, id, scratch);
    for (const char *const *field = found->in->def->names; row && *field; field++) {
        const char *part = schema_get_text(row, *field);
        if (part && *part)
            name = arena_printf(scratch, "%s%s%s", name, *name ? " " : "", part);
    }
    return arena_strdup(l->arena, name);
}

static bool sort_by_name(struct load *l, const char *language, struct finder_page *page, struct refusal *no)
{
    enum { SCRATCH = 16 << 20 };
    const char **names = ARENA_ARRAY(l->arena, const char *, page->n);
    uint32_t *order = ARENA_ARRAY(l->arena, uint32_t, page->n);
    struct finder_found *sorted = ARENA_ARRAY(l->arena, struct finder_found, page->n);
    struct arena *scratch = arena_new(SCRATCH);
    qsort(page->found, page->n, sizeof *page->found, by_time);
    if (page->n > SEARCH_MATCHES_MAX) {
        page->n = SEARCH_MATCHES_MAX;
        page->cut = true;
    }
    for (size_t i = 0; i < page->n; i++, arena_reset(scratch))
        names[i] = page->found[i].name = name_of(l, &page->found[i], scratch);
    arena_free(scratch);
    if (!search_collate(language, names, page->n, order))
        return refuse(no, REFUSAL_UNAVAILABLE, "search.order", "names cannot be sorted here");
    for (size_t i = 0; i < page->n; i++)
        sorted[i] = page->found[order[i]];
    page->found = sorted;
    return true;
}

/* --- a page --- */

/* A token says how many came before. */
static bool read_token(const char *token, size_t *from, struct refusal *no)
{
    char *end = NULL;
    unsigned long n = token && *token ? strtoul(token, &end, 10) : 0;
    *from = n;
    return (!end || (!*end && n < SEARCH_MATCHES_MAX && token[0] != '-' && token[0] != '+')) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this search");
}

static bool check_fields(struct finder *const *finders, size_t n, const Baton__Search *s, struct refusal *no)
{
    for (size_t i = 0; s && i < s->n_filters; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known |= tag_number(finders[k]->def, s->filters[i]->field) >= 0;
        if (!known)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "search.filters",
                          "nothing is filtered by \"%s\" here", s->filters[i]->field);
    }
    return true;
}

bool finder_check(const struct finder_def *def, const Baton__Search *s, struct refusal *no)
{
    const struct finder f = {.def = def};
    struct finder *all[] = {(struct finder *)(uintptr_t)&f};
    return check_fields(all, 1, s, no);
}

static void find_in(struct finder *f, struct load *l, const struct finder_asked *asked, size_t most,
                    struct finder_page *page)
{
    struct asking q;
    bool cut;
    read(f, asked, &q);
    q.query.most = most < SEARCH_MATCHES_MAX ? most : SEARCH_MATCHES_MAX;
    if (q.is_none)
        return;
    struct search_hit *hits = ARENA_ARRAY(l->arena, struct search_hit, q.query.most);
    size_t n = search_find(f->index, &q.query, hits, &cut);
    page->cut |= cut;
    for (size_t i = 0; i < n; i++)
        page->found[page->n++] = (struct finder_found){.in = f, .hit = hits[i]};
}

static void slice(struct finder_page *page, size_t from, size_t size, struct arena *a)
{
    size_t n = page->n;
    from = from < n ? from : n;
    page->n = n - from < size ? n - from : size;
    page->found += from;
    if (from + page->n == n)
        return;
    if (from + page->n < SEARCH_MATCHES_MAX)
        page->next_page_token = arena_printf(a, "%zu", from + page->n);
    else
        page->cut = true;
}

static bool find_page(struct finder *const *finders, size_t n, struct load *l,
                      const struct finder_asked *asked, struct finder_page *page, struct refusal *no)
{
    const Baton__Search *s = asked->search;
    size_t size = asked->page_size ? asked->page_size : FINDER_PAGE_DEFAULT, from;
    size = size < FINDER_PAGE_MAX ? size : FINDER_PAGE_MAX;
    assert(n <= FINDERS_MAX);
    if (!read_token(asked->page_token, &from, no) || !check_fields(finders, n, s, no))
        return false;
    bool by_name = s && s->order == BATON__SEARCH_ORDER__SEARCH_ORDER_NAME;
    size_t most = by_name || from + size + 1 > SEARCH_MATCHES_MAX ? SEARCH_MATCHES_MAX : from + size + 1;
    const size_t room = most * n;
    *page = (struct finder_page){.found = ARENA_ARRAY(l->arena, struct finder_found, room)};
    for (size_t i = 0; i < n; i++) {
        size_t before = page->n;
        find_in(finders[i], l, asked, most, page);
        page->cut |= by_name && page->n - before == SEARCH_MATCHES_MAX;
    }
    keep_most_words(page);
    if (by_name && !sort_by_name(l, s->language, page, no))
        return false;
    if (!by_name)
        qsort(page->found, page->n, sizeof *page->found,
              s && s->order == BATON__SEARCH_ORDER__SEARCH_ORDER_NEWEST ? by_time : by_rank);
    slice(page, from, size, l->arena);
    return true;
}

/* --- each record asked for --- */

struct seen_by {
    const struct finder_asked *asked;
    struct load rows;
    size_t left;
    bool cut;
};

static bool is_seen(void *arg, const uint8_t id[IDENT_SIZE], const char *const tags[SEARCH_TAGS])
{
    struct seen_by *b = arg;
    char text[IDENT_TEXT_SIZE];
    if (b->left == 0) {
        b->cut = true;
        return false;
    }
    b->left--;
    ident_format(text, id);
    bool sees = b->asked->sees(&b->rows, text, b->asked->arg);
    arena_reset(b->rows.arena);
    return sees;
}

bool finder_find(struct finder *const *finders, size_t n, struct load *l, const struct finder_asked *asked,
                 struct finder_page *page, struct refusal *no)
{
    if (!asked->sees)
        return find_page(finders, n, l, asked, page, no);
    assert(!asked->may);
    struct seen_by b = {.asked = asked, .rows = *l, .left = FINDER_ASKED_MAX};
    struct finder_asked each = *asked;
    each.may = is_seen;
    each.arg = &b;
    b.rows.arena = arena_new(ROW_MEMORY);
    bool found = find_page(finders, n, l, &each, page, no);
    arena_free(b.rows.arena);
    if (found)
        page->cut |= b.cut;
    return found;
}

Baton__SearchRank *finder_rank(const struct search_hit *hit, struct arena *a)
{
    Baton__SearchRank *r = ARENA_NEW(a, Baton__SearchRank);
    baton__search_rank__init(r);
    r->has_words = r->has_typos = r->has_quality = true;
    r->words = hit->words;
    r->typos = hit->typos;
    r->quality = hit->quality;
    r->created_at = timestamp_of(a, hit->created_us);
    return r;
}
