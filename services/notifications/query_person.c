/* What was told of a person: notifications first, then what went outside. A token is one of the two and where
   in it: "n..." and "d...". */
#include <stdlib.h>
#include <string.h>

#include "services/notifications/rows.h"

enum { PAGE = 50, PAGE_MAX = 200, LOOK_MAX = 2000, PAGE_BYTES_MAX = 512 << 10, ROW_SCRATCH = 4 << 20 };

struct page {
    struct load *l;
    Baton__ListPersonMessagesResponse *out;
    const char **ids; /* of contacts and leads, in order */
    size_t n_ids, most, bytes, looked;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void ids_load(struct page *p, const Baton__ListPersonMessagesRequest *q)
{
    p->ids = ARENA_ARRAY(p->l->arena, const char *, q->n_contact_ids + q->n_lead_ids);
    for (size_t i = 0; i < q->n_contact_ids; i++)
        p->ids[p->n_ids++] = q->contact_ids[i];
    for (size_t i = 0; i < q->n_lead_ids; i++)
        p->ids[p->n_ids++] = q->lead_ids[i];
    if (p->n_ids)
        qsort(p->ids, p->n_ids, sizeof *p->ids, by_text);
}

static bool is_among(const struct page *p, const char *id)
{
    return id && p->n_ids && bsearch(&id, p->ids, p->n_ids, sizeof *p->ids, by_text);
}

static bool is_full(const struct page *p)
{
    return p->out->n_notifications + p->out->n_deliveries >= p->most || p->looked >= LOOK_MAX ||
           p->bytes >= PAGE_BYTES_MAX;
}

static void take(struct page *p, unsigned table, const ProtobufCMessage *row)
{
    if (!is_among(p, schema_get_text(row, "contact_id")) && !is_among(p, schema_get_text(row, "lead_id")))
        return;
    ProtobufCMessage *kept = table_get_id(p->l->txn, table, schema_get_text(row, "id"), p->l->arena);
    p->bytes += protobuf_c_message_get_packed_size(kept);
    if (table == NOTIFICATIONS_NOTIFICATION)
        p->out->notifications[p->out->n_notifications++] = (Baton__Notification *)kept;
    else
        p->out->deliveries[p->out->n_deliveries++] = (Baton__ChannelDelivery *)kept;
}

/* Where it goes on; NULL: nowhere. False: the token is none. */
static bool walk(struct page *p, unsigned table, const char *token, char **next)
{
    struct table_scan scan;
    const ProtobufCMessage *row = NULL;
    if (!table_scan_open(&scan, p->l->txn, table, NULL, NULL, token, false))
        return false;
    struct arena *scratch = arena_new(ROW_SCRATCH);
    while (!is_full(p) && (row = table_scan_next(&scan, scratch))) {
        p->looked++;
        take(p, table, row);
        arena_reset(scratch);
    }
    *next = row ? table_scan_token(&scan, p->l->arena) : NULL;
    arena_free(scratch);
    table_scan_close(&scan);
    return true;
}

static bool fill(struct page *p, const char *token)
{
    char *next = NULL;
    const bool begins = !token || !*token;
    if (!begins && *token != 'n' && *token != 'd')
        return false;
    if (begins || *token == 'n') {
        if (!walk(p, NOTIFICATIONS_NOTIFICATION, begins ? NULL : token + 1, &next))
            return false;
        if (next || is_full(p)) {
            p->out->next_page_token =
                next ? arena_printf(p->l->arena, "n%s", next) : arena_strdup(p->l->arena, "d");
            return true;
        }
        token = "d";
    }
    if (!walk(p, NOTIFICATIONS_DELIVERY, token[1] ? token + 1 : NULL, &next))
        return false;
    p->out->next_page_token = next ? arena_printf(p->l->arena, "d%s", next) : NULL;
    return true;
}

bool notifications_query_person(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    const Baton__ListPersonMessagesRequest *q = (const Baton__ListPersonMessagesRequest *)c->request;
    Baton__ListPersonMessagesResponse *r = ARENA_NEW(l->arena, Baton__ListPersonMessagesResponse);
    baton__list_person_messages_response__init(r);
    struct page p = {.l = l, .out = r, .most = q->page_size ? q->page_size : PAGE};
    p.most = p.most < PAGE_MAX ? p.most : PAGE_MAX;
    r->notifications = ARENA_ARRAY(l->arena, Baton__Notification *, p.most);
    r->deliveries = ARENA_ARRAY(l->arena, Baton__ChannelDelivery *, p.most);
    ids_load(&p, q);
    *reply = &r->base;
    return fill(&p, q->page_token) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is not a page token of this list");
}
