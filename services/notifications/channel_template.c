/* A notification as the request that an administrator has written. */
#include <string.h>
#include <strings.h>

#include "services/notifications/channel.h"
#include "services/notifications/template.h"

enum { OWN_HEADERS = 2 };
static const char PLAIN[] = "Content-Type: text/plain; charset=utf-8";

static const char *const methods[] = {
    [BATON__HTTP_METHOD__HTTP_METHOD_UNSPECIFIED] = "POST",
    [BATON__HTTP_METHOD__HTTP_METHOD_POST] = "POST",
    [BATON__HTTP_METHOD__HTTP_METHOD_PUT] = "PUT",
    [BATON__HTTP_METHOD__HTTP_METHOD_GET] = "GET",
};

/* The template's, the delivery's id, and what libcurl would guess. False: one is too long. */
static bool write_headers(const Baton__HttpTemplate *t, const char *id, const struct template_values *v,
                          struct outbound_request *r, struct arena *a)
{
    const char **headers = ARENA_ARRAY(a, const char *, t->n_headers + OWN_HEADERS);
    bool has_type = false, good = true;
    for (size_t i = 0; i < t->n_headers; i++) {
        const char *header = template_write(t->headers[i], TEMPLATE_LINE, v, a);
        good = good && header;
        headers[r->n_headers++] = header;
        has_type |= strncasecmp(t->headers[i], PLAIN, strcspn(PLAIN, ":") + 1) == 0;
    }
    headers[r->n_headers++] = arena_printf(a, "Idempotency-Key: %s", id);
    if (!has_type)
        headers[r->n_headers++] = PLAIN;
    r->headers = headers;
    return good;
}

static bool write_request(const Baton__HttpTemplate *t, const char *id, const struct template_values *v,
                          struct outbound_request *r, struct arena *a)
{
    const char *body = template_write(t->body ? t->body : "", template_body_place(t), v, a);
    r->url = template_write(t->url, TEMPLATE_FORM, v, a);
    r->body = bytes_text(body);
    return write_headers(t, id, v, r, a) && r->url && body;
}

bool channel_template_ask(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r)
{
    const Baton__HttpTemplate *t = table_get_id(l->txn, NOTIFICATIONS_TEMPLATE, d->lane_id, l->arena);
    const Baton__User *u = table_get_id(l->txn, NOTIFICATIONS_USER, d->user_id, l->arena);
    Baton__Notification n;
    if (!t || !u)
        return false;
    channel_notification(l, d, &n);
    const struct template_values v = {.id = n.id,
                                      .title = n.title,
                                      .text = n.text,
                                      .lead_id = n.lead_id,
                                      .url = channel_link(l, n.lead_id),
                                      .user_name = u->name,
                                      .user_email = u->email,
                                      .user_phone = u->phone,
                                      .secret = notifications_secret_of(l, d->lane_id)};
    r->kind = OUTBOUND_HTTP;
    r->method = methods[t->method];
    /* What cannot be written as it is meant goes nowhere: such an exchange ends at once. */
    if (!template_reaches(t, u) || !write_request(t, d->id, &v, r, l->arena)) {
        r->url = "";
        r->n_headers = 0;
    }
    return true;
}
