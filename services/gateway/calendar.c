/* GET /v1/calendars/ID.ics: a calendar as iCalendar, put together from the pages that contacts has of it. */
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "baton/v1/contacts.pb-c.h"
#include "http.h"

enum { TEXT_MAX = 64 << 20, TOKEN_MAX = 1100, SUFFIX = 4 };
static const char METHOD[] = "ContactService/ExportCalendar";

/* One answer on its way. */
struct export
{
    struct request *request;
    struct buffer text;
    char id[IDENT_TEXT_SIZE], token[TOKEN_MAX];
};

static bool ask(struct export *x, struct refusal *no);

static void end(struct export *x, const struct refusal *no)
{
    struct request *r = x->request;
    if (no) {
        answer_refusal(r, no);
    } else {
        struct MHD_Response *response = answer_new(r, "text/calendar; charset=utf-8", &x->text);
        answer_headers(r, response);
        request_send(r, MHD_HTTP_OK, response);
    }
    buffer_release(&x->text);
    free(x);
}

/* NULL: there is more to ask for. */
static const char *take(struct export *x, const Baton__ExportCalendarResponse *page)
{
    if (!page)
        return "the service's answer cannot be read";
    if (!buffer_add(&x->text, page->text.data, page->text.len))
        return "the calendar is too large";
    const char *next = page->next_page_token ? page->next_page_token : "";
    if (strlen(next) >= sizeof x->token)
        return "the service's answer cannot be read";
    memcpy(x->token, next, strlen(next) + 1);
    return NULL;
}

static void on_page(void *arg, const struct refusal *refused, struct bytes body)
{
    struct export *x = arg;
    struct refusal no = {0};
    if (refused) {
        end(x, refused);
        return;
    }
    arena_reset(x->request->gateway->arena);
    const char *wrong = take(x, (const Baton__ExportCalendarResponse *)schema_unpack(
                                    x->request->method->output, body, x->request->gateway->arena));
    if (wrong)
        (void)refuse(&no, REFUSAL_INTERNAL, NULL, "%s", wrong);
    if (wrong || !x->token[0])
        end(x, wrong ? &no : NULL);
    else if (!ask(x, &no))
        end(x, &no);
}

static bool ask(struct export *x, struct refusal *no)
{
    struct request *r = x->request;
    Baton__ExportCalendarRequest q = BATON__EXPORT_CALENDAR_REQUEST__INIT;
    Baton__Actor actor = gateway_actor(&r->who);
    arena_reset(r->gateway->arena);
    q.calendar_id = x->id;
    q.page_token = x->token[0] ? x->token : NULL;
    const struct call call = {.service = "contacts",
                              .method = METHOD,
                              .actor = &actor,
                              .body = schema_pack(&q.base, r->gateway->arena)};
    return client_call(r->gateway->client, &call, on_page, x, no);
}

/* "0190a8e2-1111-7000-8000-000000000001.ics" */
static bool read_id(const char *rest, char id[IDENT_TEXT_SIZE])
{
    uint8_t bytes[IDENT_SIZE];
    const size_t n = strlen(rest);
    if (n != IDENT_TEXT_SIZE - 1 + SUFFIX || strcmp(rest + n - SUFFIX, ".ics") != 0)
        return false;
    memcpy(id, rest, IDENT_TEXT_SIZE - 1);
    id[IDENT_TEXT_SIZE - 1] = '\0';
    return ident_parse(bytes, id);
}

static void serve(struct request *r)
{
    struct refusal no = {0};
    struct export *x = calloc(1, sizeof *x);
    if (!x)
        (void)refuse(&no, REFUSAL_UNAVAILABLE, NULL, "there is no memory");
    else if (!(r->method->roles >> r->who.role & 1))
        (void)refuse(&no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not see calendars");
    else if (!read_id(r->rest, x->id))
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such calendar");
    if (no.code != REFUSAL_NONE) {
        free(x);
        answer_refusal(r, &no);
        return;
    }
    x->request = r;
    buffer_init(&x->text, TEXT_MAX);
    if (!ask(x, &no))
        end(x, &no);
}

void calendar_start(struct request *r)
{
    r->method = schema_method(METHOD);
    r->json = true;
    auth_request(r, serve);
}
