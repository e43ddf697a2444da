/* Facts for taking along everything about a person: a page of it. A token is whom of them, which part of what
   is known of them, and where in it: "ID part token". */
#include <stdlib.h>
#include <string.h>

#include "services/contacts/erase.h"
#include "services/contacts/import.h"
#include "services/contacts/named.h"
#include "services/contacts/rows.h"

enum { PARTS_LOOKED_MAX = 200, TOKEN_MAX = 1024, NUMBER_BASE = 10 };

/* The parts: behind these one for each way to name a contact, in the order of contacts_naming, and two more.
 */
enum { PART_SELF, PART_HISTORY, PART_NAMING };
#define PART_INSIDE  (PART_NAMING + contacts_naming_n)
#define PART_LETTERS (PART_INSIDE + 1)

struct page {
    struct load *l;
    const struct command *c;
    struct person_facts *f;
    const char *id;
    size_t most, bytes, looked;
};

static bool is_full(const struct page *p)
{
    return p->f->n_records + p->f->n_changes >= p->most || p->bytes >= EXPORT_BYTES_MAX ||
           p->looked >= PARTS_LOOKED_MAX;
}

static void add(struct page *p, ProtobufCMessage *row)
{
    if (!row)
        return;
    p->bytes += protobuf_c_message_get_packed_size(row);
    p->f->records[p->f->n_records++] = record_wrap(row, p->l->arena);
}

static void add_self(struct page *p)
{
    Baton__Contact *c = table_get_id(p->l->txn, CONTACTS_CONTACT, p->id, p->l->arena);
    if (!c)
        return;
    add(p, &c->base);
    if (c->account_id)
        add(p, table_get_id(p->l->txn, CONTACTS_ACCOUNT, c->account_id, p->l->arena));
}

/* Where the history goes on; NULL: nowhere. */
static char *add_history(struct page *p, char *token)
{
    Baton__ListChangesRequest q = BATON__LIST_CHANGES_REQUEST__INIT;
    struct command asked = *p->c;
    ProtobufCMessage *answer;
    struct refusal no;
    q.type = (char *)(uintptr_t) "contact";
    q.id = (char *)(uintptr_t)p->id;
    q.page_token = token;
    q.has_page_size = true;
    q.page_size = (uint32_t)p->most;
    asked.request = &q.base;
    if (!records_query_changes(p->l, &asked, &answer, &no)) {
        p->f->bad_token = token != NULL; /* else there is none */
        return NULL;
    }
    const Baton__ListChangesResponse *r = (const Baton__ListChangesResponse *)answer;
    p->f->changes = r->changes;
    p->f->n_changes = r->n_changes;
    p->bytes += protobuf_c_message_get_packed_size(answer);
    return r->next_page_token;
}

/* --- what names them --- */

static bool is_theirs(const struct contacts_naming *n)
{
    /* other contacts and views are not about them, though they name them */
    return n->type && strcmp(n->type, "contact") == 0 && n->table != CONTACTS_CONTACT;
}

/* It is found by an earlier part. */
static bool was_found(const struct page *p, const ProtobufCMessage *row, size_t until)
{
    for (size_t i = 0; i < until; i++) {
        const struct contacts_naming *n = &contacts_naming[i];
        if (!is_theirs(n) || contacts_is_inside(n->field) || !contacts_naming_of(row, n))
            continue;
        const char *named = schema_get_text(row, n->field);
        if (named && strcmp(named, p->id) == 0)
            return true;
    }
    return false;
}

static char *add_naming(struct page *p, size_t i, const char *token)
{
    const struct contacts_naming *n = &contacts_naming[i];
    struct table_scan scan;
    ProtobufCMessage *row = NULL;
    if (!is_theirs(n) || contacts_is_inside(n->field))
        return NULL;
    p->f->bad_token = !table_scan_open(&scan, p->l->txn, n->table, n->field, p->id, token, false);
    if (p->f->bad_token)
        return NULL;
    while (!is_full(p) && (row = table_scan_next(&scan, p->l->arena)))
        if (!was_found(p, row, i))
            add(p, row);
    char *next = row ? table_scan_token(&scan, p->l->arena) : NULL;
    table_scan_close(&scan);
    return next;
}

static ProtobufCMessage *named_inside(struct page *p, const Baton__NamedInside *in)
{
    const unsigned table = (unsigned)table_number(txn_store(p->l->txn), in->type);
    for (size_t i = 0; i < contacts_naming_n; i++)
        if (is_theirs(&contacts_naming[i]) && contacts_naming[i].table == table)
            return table_get_id(p->l->txn, table, in->record_id, p->l->arena);
    return NULL;
}

static char *add_inside(struct page *p, const char *token)
{
    const struct key under = key_of(p->id);
    struct table_scan scan;
    const Baton__NamedInside *in = NULL;
    p->f->bad_token = !table_scan_under(&scan, p->l->txn, CONTACTS_NAMED_INSIDE, &under, NULL, token, false);
    if (p->f->bad_token)
        return NULL;
    while (!is_full(p) && (in = table_scan_next(&scan, p->l->arena))) {
        ProtobufCMessage *row = named_inside(p, in);
        if (row && !was_found(p, row, contacts_naming_n))
            add(p, row);
    }
    char *next = in ? table_scan_token(&scan, p->l->arena) : NULL;
    table_scan_close(&scan);
    return next;
}

/* --- letters to them --- */

static bool is_written_to(const struct page *p, const Baton__LetterRun *r)
{
    for (size_t i = 0; i < r->n_contact_ids; i++)
        if (strcmp(r->contact_ids[i], p->id) == 0)
            return true;
    return false;
}

/* Of whom else it goes to nothing is said. */
static void add_letter(struct page *p, const char *run_id)
{
    Baton__LetterRun *r = table_get_id(p->l->txn, CONTACTS_LETTER_RUN, run_id, p->l->arena);
    r->contact_ids[0] = (char *)(uintptr_t)p->id;
    r->n_contact_ids = 1;
    add(p, &r->base);
}

/* Some looked at, for no index is kept for what is rarely asked. */
static char *add_letters(struct page *p, const char *token)
{
    enum { SCRATCH = 1 << 20 };
    struct table_scan scan;
    const Baton__LetterRun *r = NULL;
    p->f->bad_token = !table_scan_open(&scan, p->l->txn, CONTACTS_LETTER_RUN, NULL, NULL, token, false);
    if (p->f->bad_token)
        return NULL;
    struct arena *scratch = arena_new(SCRATCH);
    for (; !is_full(p) && (r = table_scan_next(&scan, scratch)); arena_reset(scratch), p->looked++)
        if (is_written_to(p, r))
            add_letter(p, r->id);
    char *next = r ? table_scan_token(&scan, p->l->arena) : NULL;
    table_scan_close(&scan);
    arena_free(scratch);
    return next;
}

/* --- the page --- */

static char *add_part(struct page *p, size_t part, char *token)
{
    if (part == PART_SELF) {
        add_self(p);
        return NULL;
    }
    if (part == PART_HISTORY)
        return add_history(p, token);
    return part < PART_INSIDE    ? add_naming(p, part - PART_NAMING, token)
           : part == PART_INSIDE ? add_inside(p, token)
                                 : add_letters(p, token);
}

/* A history fills a page of its own. */
static bool is_over(const struct page *p, size_t part)
{
    return is_full(p) || p->f->n_changes || (part == PART_HISTORY && p->f->n_records);
}

static void fill(struct page *p, size_t person, size_t part, char *token)
{
    struct person_facts *f = p->f;
    for (; person < f->n_ids; person++, part = PART_SELF) {
        p->id = f->ids[person];
        for (; part <= PART_LETTERS; part++, token = NULL) {
            if (!is_over(p, part))
                token = add_part(p, part, token);
            else if (!token)
                token = arena_strdup(p->l->arena, "");
            p->looked++;
            if (f->bad_token)
                return;
            if (token) {
                f->next_page_token = arena_printf(p->l->arena, "%s %zu %s", p->id, part, token);
                return;
            }
        }
    }
}

/* False: it is none. */
static bool token_read(const struct page *p, const char *text, size_t *person, size_t *part, char **token)
{
    const char *blank = strchr(text, ' ');
    char *end;
    if (!blank || strlen(text) > TOKEN_MAX)
        return false;
    const size_t size = (size_t)(blank - text);
    for (*person = 0; *person < p->f->n_ids; ++*person)
        if (strlen(p->f->ids[*person]) == size && memcmp(p->f->ids[*person], text, size) == 0)
            break;
    *part = strtoul(blank + 1, &end, NUMBER_BASE);
    if (*person == p->f->n_ids || *end != ' ' || *part > PART_LETTERS)
        return false;
    *token = end[1] ? arena_strdup(p->l->arena, end + 1) : NULL;
    return true;
}

static void ids_load(struct load *l, const char *id, struct person_facts *f)
{
    struct contacts_row *merged = ARENA_ARRAY(l->arena, struct contacts_row, CONTACTS_MERGED_ERASED + 1);
    const size_t n = contacts_merged_load(l, id, merged, CONTACTS_MERGED_ERASED + 1);
    f->too_many = n > CONTACTS_MERGED_ERASED;
    f->ids = ARENA_ARRAY(l->arena, char *, n + 1);
    f->ids[f->n_ids++] = arena_strdup(l->arena, id);
    for (size_t i = 0; i < n; i++)
        f->ids[f->n_ids++] = arena_strdup(l->arena, schema_get_text(merged[i].row, "id"));
}

void *contacts_load_person(struct load *l, const struct command *c)
{
    const Baton__ExportPersonRequest *q = (const Baton__ExportPersonRequest *)c->request;
    struct person_facts *f = ARENA_NEW(l->arena, struct person_facts);
    const Baton__Contact *contact = table_get_id(l->txn, CONTACTS_CONTACT, q->contact_id, l->arena);
    struct page p = {.l = l, .c = c, .f = f, .most = q->page_size ? q->page_size : EXPORT_ROWS_DEFAULT};
    size_t person = 0, part = PART_SELF;
    char *token = NULL;
    f->is_known = contact || contacts_was_deleted(l, q->contact_id);
    f->is_erased = contact && contact->erased_at;
    f->is_merged = contact && contact->merged_into_id;
    if (!f->is_known || f->is_erased || f->is_merged)
        return f;
    ids_load(l, q->contact_id, f);
    f->records = ARENA_ARRAY(l->arena, Baton__Record *, p.most + 1); /* an account beside its contact */
    f->bad_token = q->page_token && *q->page_token && !token_read(&p, q->page_token, &person, &part, &token);
    if (!f->too_many && !f->bad_token)
        fill(&p, person, part, token);
    return f;
}
