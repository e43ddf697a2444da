/* One box for everything: GET /v1/search?q=... asks every service that finds records by what is typed, in the
   caller's name, and puts what they found in one order. A service that does not answer is named, and the rest
   is shown. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "base/text.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "head.h"

enum {
    PARTS = 2,
    LIMIT = 20,
    LIMIT_MAX = 50,
    FOUND_MAX = PARTS * LIMIT_MAX,
    ASK_MS = 5000,
    ANSWER_MAX = 8 << 20
};

struct found {
    const char *type;
    const ProtobufCMessage *record;
    const Baton__SearchRank *rank;
};

/* A search under way. */
struct box {
    struct request *request;
    uint32_t limit;
    unsigned n_waiting;
    struct part {
        struct box *box;
        bool is_missing;
        struct buffer body;
    } parts[PARTS];
    struct found found[FOUND_MAX];
    size_t n_found;
    bool more;
};

static void add(struct box *b, const char *type, const ProtobufCMessage *record,
                const Baton__SearchRank *rank)
{
    if (record && rank && b->n_found < FOUND_MAX)
        b->found[b->n_found++] = (struct found){type, record, rank};
}

static struct bytes ask_contacts(Baton__Search *search, uint32_t limit, struct arena *a)
{
    Baton__SearchContactsRequest q = BATON__SEARCH_CONTACTS_REQUEST__INIT;
    q.search = search;
    q.has_page_size = true;
    q.page_size = limit;
    return schema_pack(&q.base, a);
}

static void read_contacts(struct box *b, struct bytes body, struct arena *a)
{
    const Baton__SearchContactsResponse *m = (const Baton__SearchContactsResponse *)schema_unpack(
        schema_message(&baton__search_contacts_response__descriptor), body, a);
    for (size_t i = 0; m && i < m->n_found; i++) {
        const Baton__FoundContact *f = m->found[i];
        add(b, "account", f->account ? &f->account->base : NULL, f->rank);
        add(b, "contact", f->contact ? &f->contact->base : NULL, f->rank);
    }
    b->more |= m && (m->next_page_token || m->cut);
}

static struct bytes ask_leads(Baton__Search *search, uint32_t limit, struct arena *a)
{
    Baton__SearchLeadsRequest q = BATON__SEARCH_LEADS_REQUEST__INIT;
    q.search = search;
    q.has_page_size = true;
    q.page_size = limit;
    return schema_pack(&q.base, a);
}

static void read_leads(struct box *b, struct bytes body, struct arena *a)
{
    const Baton__SearchLeadsResponse *m = (const Baton__SearchLeadsResponse *)schema_unpack(
        schema_message(&baton__search_leads_response__descriptor), body, a);
    for (size_t i = 0; m && i < m->n_found; i++)
        add(b, "lead", m->found[i]->lead ? &m->found[i]->lead->base : NULL, m->found[i]->rank);
    b->more |= m && (m->next_page_token || m->cut);
}

static const struct part_def {
    const char *service, *method;
    /* What is asked, packed in the arena; what is answered, added to the box. */
    struct bytes (*ask)(Baton__Search *search, uint32_t limit, struct arena *a);
    void (*read)(struct box *b, struct bytes body, struct arena *a);
} parts[PARTS] = {
    {"contacts", "ContactService/SearchContacts", ask_contacts, read_contacts},
    {"leads", "LeadService/SearchLeads", ask_leads, read_leads},
};

/* --- the answer --- */

static int best_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    const Baton__SearchRank *p = x->rank, *q = y->rank;
    if (p->words != q->words)
        return p->words > q->words ? -1 : 1;
    if (p->typos != q->typos)
        return p->typos < q->typos ? -1 : 1;
    if (p->quality != q->quality)
        return p->quality > q->quality ? -1 : 1;
    int64_t s = p->created_at ? p->created_at->seconds : 0, t = q->created_at ? q->created_at->seconds : 0;
    if (s != t)
        return s > t ? -1 : 1;
    return strcmp(schema_get_text(y->record, "id"), schema_get_text(x->record, "id"));
}

static void write_found(const struct box *b, size_t n, struct buffer *out)
{
    (void)buffer_text(out, "{\"found\":["); /* whether all of it fitted, out->overflow says */
    for (size_t i = 0; i < n; i++) {
        (void)buffer_printf(out, "%s{\"type\":\"%s\",\"%s\":", i ? "," : "", b->found[i].type,
                            b->found[i].type);
        (void)schema_to_json(b->found[i].record, 0, out);
        (void)buffer_char(out, '}');
    }
    (void)buffer_printf(out, "],\"more\":%s,\"missing\":[", b->more || n < b->n_found ? "true" : "false");
    const char *comma = "";
    for (size_t i = 0; i < PARTS; i++)
        if (b->parts[i].is_missing) {
            (void)buffer_printf(out, "%s\"%s\"", comma, parts[i].service);
            comma = ",";
        }
    (void)buffer_text(out, "]}\n");
}

static void answer(struct box *b)
{
    struct request *r = b->request;
    struct buffer out;
    buffer_init(&out, ANSWER_MAX);
    qsort(b->found, b->n_found, sizeof *b->found, best_first);
    /* found is what has the most of the typed words, whoever keeps it */
    while (b->n_found && b->found[b->n_found - 1].rank->words < b->found[0].rank->words)
        b->n_found--;
    write_found(b, b->n_found < b->limit ? b->n_found : b->limit, &out);
    if (out.overflow) {
        struct refusal no;
        buffer_release(&out);
        (void)refuse(&no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "what was found is too much for one answer");
        return answer_refusal(r, &no);
    }
    struct MHD_Response *response = answer_new(r, "application/json", &out);
    answer_headers(r, response);
    request_send(r, MHD_HTTP_OK, response);
}

static void box_free(struct box *b)
{
    for (size_t i = 0; i < PARTS; i++)
        buffer_release(&b->parts[i].body);
    free(b);
}

/* All have answered, or will not. */
static void finish(struct box *b)
{
    struct arena *a = b->request->gateway->arena;
    struct refusal no;
    bool is_any = false;
    arena_reset(a);
    for (size_t i = 0; i < PARTS; i++) {
        is_any |= !b->parts[i].is_missing;
        if (b->parts[i].body.size)
            parts[i].read(b, buffer_bytes(&b->parts[i].body), a);
    }
    if (is_any) {
        answer(b);
    } else {
        (void)refuse(&no, REFUSAL_UNAVAILABLE, NULL, "nobody who could search answers; try again later");
        answer_refusal(b->request, &no);
    }
    box_free(b);
}

static void on_part(void *arg, const struct refusal *no, struct bytes body)
{
    struct part *p = arg;
    p->is_missing = no || !buffer_add(&p->body, body.data, body.size);
    if (--p->box->n_waiting == 0)
        finish(p->box);
}

/* --- the question --- */

static bool read_limit(const struct request *r, uint32_t *limit, struct refusal *no)
{
    const char *text = request_query(r, "limit");
    uint64_t n = LIMIT;
    if (text && (!head_number(text, &n) || n < 1 || n > LIMIT_MAX))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "limit", "from 1 to %d", LIMIT_MAX);
    *limit = (uint32_t)n;
    return true;
}

static bool read_text(const struct request *r, Baton__Search *search, struct refusal *no)
{
    const char *q = request_query(r, "q");
    search->query = (char *)(uintptr_t)(q ? q : "");
    return text_valid(search->query, strlen(search->query)) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "q", "this is not UTF-8");
}

/* Who may not search there finds nothing there. */
static void ask_all(struct box *b, Baton__Search *search)
{
    struct gateway *g = b->request->gateway;
    Baton__Actor actor = gateway_actor(&b->request->who);
    struct refusal no;
    b->n_waiting = 1; /* nothing ends before all are asked */
    for (size_t i = 0; i < PARTS; i++) {
        b->parts[i].box = b;
        buffer_init(&b->parts[i].body, WORLD_FRAME_MAX);
        if (!(schema_method(parts[i].method)->roles >> b->request->who.role & 1))
            continue;
        arena_reset(g->arena);
        const struct call call = {.service = parts[i].service,
                                  .method = parts[i].method,
                                  .actor = &actor,
                                  .timeout_ms = ASK_MS,
                                  .body = parts[i].ask(search, b->limit, g->arena)};
        b->parts[i].is_missing = !client_call(g->client, &call, on_part, &b->parts[i], &no);
        b->n_waiting += !b->parts[i].is_missing;
    }
    if (--b->n_waiting == 0)
        finish(b);
}

static void serve(struct request *r)
{
    Baton__Search search = BATON__SEARCH__INIT;
    struct refusal no = {0};
    uint32_t limit = 0;
    if (!read_text(r, &search, &no) || !read_limit(r, &limit, &no))
        return answer_refusal(r, &no);
    struct box *b = calloc(1, sizeof *b);
    assert(b);
    b->request = r;
    b->limit = limit;
    ask_all(b, &search);
}

void search_start(struct request *r)
{
    auth_request(r, serve);
}
