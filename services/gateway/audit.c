/* Who did what, anywhere: SystemService/ListAudit asks every service for its part, newest first, and puts
   them in the order of time. An audit with holes is none: where a service does not answer, neither do we. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/system.pb-c.h"
#include "request.h"
#include "schema/decide.h"

enum { PAGE = 50, SEQ_DIGITS = 20, TOKEN_SIZE = CLIENT_SERVICES * (SEQ_DIGITS + 1) + 1 };

/* A question under way. */
struct box {
    struct request *request;
    size_t size;
    unsigned n_waiting;
    struct refusal no; /* of the first that refused; code 0: none has */
    struct part {
        struct box *box;
        struct buffer body;
        bool is_given; /* the page token says where to go on */
        uint64_t seq;  /* 0, where it is given: at the end */
        const Baton__ReadAuditResponse *answer;
    } parts[CLIENT_SERVICES];
};

/* --- page tokens: where each service goes on, in their order --- */

static bool read_token(struct box *b, const char *token, struct refusal *no)
{
    const char *at = token;
    for (size_t i = 0; token && i < CLIENT_SERVICES; i++) {
        char *end = NULL;
        b->parts[i].is_given = true;
        b->parts[i].seq = *at >= '0' && *at <= '9' ? strtoull(at, &end, 10) : 0;
        if (!end || *end != (i + 1 < CLIENT_SERVICES ? '.' : '\0'))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token",
                          "this is not a page token of this list");
        at = end + 1;
    }
    return true;
}

/* NULL: all are at the end. */
static char *write_token(const uint64_t seqs[CLIENT_SERVICES], struct arena *a)
{
    char text[TOKEN_SIZE];
    size_t at = 0;
    bool is_any = false;
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        is_any = is_any || seqs[i];
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%" PRIu64, i ? "." : "", seqs[i]); /* fits */
    }
    return is_any ? arena_strdup(a, text) : NULL;
}

/* --- merging --- */

struct found {
    Baton__AuditEntry *entry;
    int64_t at_us;
    size_t part, place;
};

static int newest_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us > y->at_us ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

static struct found *gather(const struct box *b, struct arena *a, size_t *n)
{
    size_t room = 0;
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        room += b->parts[i].answer->n_entries;
    struct found *all = ARENA_ARRAY(a, struct found, room);
    *n = 0;
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        for (size_t k = 0; k < b->parts[i].answer->n_entries; k++) {
            Baton__AuditEntry *e = b->parts[i].answer->entries[k];
            e->service = (char *)(uintptr_t)client_services[i];
            all[(*n)++] = (struct found){e, timestamp_us(e->at), i, k};
        }
    qsort(all, *n, sizeof *all, newest_first);
    return all;
}

/* What is older than this somebody may still have something newer than. 0: nothing is. */
static int64_t known_since(const struct box *b)
{
    int64_t since = 0;
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        const Baton__ReadAuditResponse *r = b->parts[i].answer;
        if (r->has_next_seq && (int64_t)r->looked_at_since_us > since)
            since = (int64_t)r->looked_at_since_us;
    }
    return since;
}

/* A record of a log is never divided. */
static bool is_divided(const struct found *all, size_t i)
{
    return i > 0 && all[i - 1].part == all[i].part && all[i - 1].entry->seq == all[i].entry->seq;
}

static Baton__ListAuditResponse *merge(const struct box *b, struct arena *a)
{
    const int64_t since = known_since(b);
    uint64_t seqs[CLIENT_SERVICES];
    size_t n, given = 0;
    struct found *all = gather(b, a, &n);
    Baton__ListAuditResponse *out = ARENA_NEW(a, Baton__ListAuditResponse);
    baton__list_audit_response__init(out);
    out->entries = ARENA_ARRAY(a, Baton__AuditEntry *, n);
    while (given < n && all[given].at_us >= since && (given < b->size || is_divided(all, given))) {
        out->entries[out->n_entries++] = all[given].entry;
        given++;
    }
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        seqs[i] = b->parts[i].answer->has_next_seq ? b->parts[i].answer->next_seq : 0;
    for (size_t i = n; i-- > given;)
        seqs[all[i].part] = all[i].entry->seq; /* the newest of what is left comes last */
    out->next_page_token = write_token(seqs, a);
    int64_t looked_at = given < n && all[given].at_us >= since ? all[given].at_us : since;
    out->looked_at_since = out->next_page_token ? timestamp_of(a, looked_at) : NULL;
    return out;
}

/* --- asking --- */

static void box_free(struct box *b)
{
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        buffer_release(&b->parts[i].body);
    free(b);
}

static void finish(struct box *b)
{
    struct request *r = b->request;
    struct arena *a = r->gateway->arena;
    arena_reset(a);
    for (size_t i = 0; i < CLIENT_SERVICES && !b->no.code; i++) {
        b->parts[i].answer = (const Baton__ReadAuditResponse *)schema_unpack(
            schema_message(&baton__read_audit_response__descriptor), buffer_bytes(&b->parts[i].body), a);
        if (!b->parts[i].answer)
            (void)refuse(&b->no, REFUSAL_INTERNAL, NULL, "the %s service's answer makes no sense",
                         client_services[i]);
    }
    if (b->no.code)
        answer_refusal(r, &b->no);
    else
        connect_answer(r, &merge(b, a)->base);
    box_free(b);
}

static void on_part(void *arg, const struct refusal *no, struct bytes body)
{
    struct part *p = arg;
    struct box *b = p->box;
    if (no && !b->no.code)
        b->no = *no;
    else if (!no && !buffer_add(&p->body, body.data, body.size))
        (void)refuse(&b->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "this is too much for one answer");
    if (--b->n_waiting == 0)
        finish(b);
}

/* Whoever is at the end has nothing more to say. */
static void ask_all(struct box *b, const Baton__ListAuditRequest *list)
{
    struct gateway *g = b->request->gateway;
    Baton__Actor actor = gateway_actor(&b->request->who);
    b->n_waiting = 1; /* nothing ends before all are asked */
    for (size_t i = 0; i < CLIENT_SERVICES && !b->no.code; i++) {
        struct part *p = &b->parts[i];
        Baton__ReadAuditRequest q = BATON__READ_AUDIT_REQUEST__INIT;
        if (p->is_given && !p->seq)
            continue;
        q.filter = list->filter;
        q.has_page_size = true;
        q.page_size = (uint32_t)b->size;
        q.has_from_seq = p->is_given;
        q.from_seq = p->seq;
        const struct call call = {.service = client_services[i],
                                  .method = "SystemService/ReadAudit",
                                  .actor = &actor,
                                  .timeout_ms = b->request->timeout_ms,
                                  .body = schema_pack(&q.base, g->arena)};
        b->n_waiting += client_call(g->client, &call, on_part, p, &b->no);
    }
    if (--b->n_waiting == 0)
        finish(b);
}

void audit_list(struct request *r, const ProtobufCMessage *message)
{
    const Baton__ListAuditRequest *list = (const Baton__ListAuditRequest *)message;
    struct box *b = calloc(1, sizeof *b);
    assert(b);
    b->request = r;
    b->size = list->page_size ? list->page_size : PAGE;
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        b->parts[i].box = b;
        buffer_init(&b->parts[i].body, WORLD_FRAME_MAX);
    }
    if (!read_token(b, list->page_token, &b->no)) {
        answer_refusal(r, &b->no);
        return box_free(b);
    }
    ask_all(b, list);
}
