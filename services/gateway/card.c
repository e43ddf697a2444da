/* One contact or account as a vCard: GET /v1/contacts/ID.vcf, with ?version=3 the older form. */
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/ident.h"
#include "baton/v1/record.pb-c.h"
#include "cards/card.h"
#include "http.h"

enum { CARD_BYTES_MAX = 1 << 20 };

static const char METHOD[] = "RecordService/GetRecord", SUFFIX[] = ".vcf";

/* What the path is about. */
static const char *type_of(const struct request *r)
{
    return strcmp(r->route->pattern, "/v1/accounts/*") == 0 ? "account" : "contact";
}

/* The id in front of .vcf; false: the path has none. */
static bool id_of(const struct request *r, char id[IDENT_TEXT_SIZE])
{
    uint8_t bytes[IDENT_SIZE];
    size_t n = strlen(r->rest);
    if (n != IDENT_TEXT_SIZE - 1 + strlen(SUFFIX) || strcmp(r->rest + IDENT_TEXT_SIZE - 1, SUFFIX) != 0)
        return false;
    memcpy(id, r->rest, IDENT_TEXT_SIZE - 1);
    id[IDENT_TEXT_SIZE - 1] = '\0';
    return ident_parse(bytes, id);
}

static bool ask(struct request *r, const char *type, const char *id,
                void (*done)(void *, const struct refusal *, struct bytes), struct refusal *no)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    Baton__Actor actor = gateway_actor(&r->who);
    arena_reset(r->gateway->arena);
    q.type = (char *)(uintptr_t)type;
    q.id = (char *)(uintptr_t)id;
    const struct call c = {.service = "contacts",
                           .method = METHOD,
                           .actor = &actor,
                           .body = schema_pack(&q.base, r->gateway->arena)};
    return client_call(r->gateway->client, &c, done, r, no);
}

static const Baton__Record *record_in(struct request *r, struct bytes body)
{
    const ProtobufCMessage *m = schema_unpack(r->method->output, body, r->gateway->arena);
    return m ? ((const Baton__GetRecordResponse *)m)->record : NULL;
}

static const Baton__Contact *contact_in(const Baton__Record *record)
{
    return record && record->record_case == BATON__RECORD__RECORD_CONTACT ? record->contact : NULL;
}

static const Baton__Account *account_in(const Baton__Record *record)
{
    return record && record->record_case == BATON__RECORD__RECORD_ACCOUNT ? record->account : NULL;
}

static void answer_no(struct request *r, const struct refusal *no)
{
    request_drop_body(r);
    answer_refusal(r, no);
}

static void answer_card(struct request *r, const Baton__Record *record, const char *company)
{
    const char *version = request_query(r, "version");
    enum card_version v = version && strcmp(version, "3") == 0 ? CARD_3 : CARD_4;
    struct arena *a = r->gateway->arena;
    struct buffer card;
    struct refusal no;
    buffer_init(&card, CARD_BYTES_MAX);
    const Baton__Contact *contact = contact_in(record);
    const Baton__Account *account = account_in(record);
    bool whole = contact   ? card_of_contact(contact, company, v, a, &card)
                 : account ? card_of_account(account, v, a, &card)
                           : false;
    request_drop_body(r);
    if (!whole) {
        buffer_release(&card);
        (void)refuse(&no, REFUSAL_INTERNAL, NULL, "the record cannot be written as a card");
        return answer_refusal(r, &no);
    }
    struct MHD_Response *response = answer_new(r, "text/vcard; charset=utf-8", &card);
    MHD_add_response_header(response, "Content-Disposition", "attachment; filename=\"card.vcf\"");
    answer_headers(r, response);
    request_send(r, MHD_HTTP_OK, response);
}

/* The contact itself waits in the request's body, of which a GET has none. */
static void on_account(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    arena_reset(r->gateway->arena);
    const Baton__Account *account = no ? NULL : account_in(record_in(r, body));
    const char *company = account ? account->name : NULL;
    answer_card(r, record_in(r, buffer_bytes(&r->body)), company);
}

static void on_record(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal again;
    if (no)
        return answer_no(r, no);
    arena_reset(r->gateway->arena);
    const Baton__Record *record = record_in(r, body);
    const char *account_id = contact_in(record) ? contact_in(record)->account_id : NULL;
    if (!account_id)
        return answer_card(r, record, NULL);
    char id[IDENT_TEXT_SIZE];
    (void)snprintf(id, sizeof id, "%s", account_id); /* fits: it is one */
    buffer_init(&r->body, WORLD_FRAME_MAX);
    (void)buffer_add(&r->body, body.data, body.size); /* fits: it came in one frame */
    if (!ask(r, "account", id, on_account, &again))
        answer_no(r, &again);
}

static void serve(struct request *r)
{
    struct refusal no = {0};
    char id[IDENT_TEXT_SIZE];
    request_drop_body(r);
    if (!id_of(r, id))
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such card");
    else if (ask(r, type_of(r), id, on_record, &no))
        return;
    answer_refusal(r, &no);
}

void card_start(struct request *r)
{
    r->method = schema_method(METHOD);
    r->json = true;
    auth_request(r, serve);
}
