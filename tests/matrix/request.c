/* Requests as JSON, field by field: what is required, what it is about, and what the table below adds. */
#include "matrix/request.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

enum { REQUEST_MAX = 64 << 10 };

/* What the schema alone cannot know. `$n` is a fresh number. */
static const struct filler {
    const char *message, *field, *json;
} fillers[] = {
    {"DocumentSettings", "user_max_bytes", "\"1000000$n\""},
    {"AddRevisionRequest", "file_hash", "\"$file\""},
    {"RequestReviewRequest", "reviewer_ids", "[\"$deputy\"]"},
    {"BeginUploadRequest", "name", "\"file$n.txt\""},
    {"GetFileRequest", "hash", "\"$hash\""},
    {"ReadFileRequest", "hash", "\"$hash\""},
    {"GetTextRequest", "hash", "\"$hash\""},
    {"GetPageRequest", "hash", "\"$hash\""},
    {"CaptureLeadRequest", "lead", "{\"email\":\"lead$n@buyer.example\"}"},
    {"SubmitFormRequest", "form", "\"" COMPANY_FORM "\""},
    {"SubmitFormRequest", "fields", "[{\"name\":\"email\",\"value\":\"form$n@buyer.example\"}]"},
    {"GetFormRequest", "form", "\"" COMPANY_FORM "\""},
    {"PauseLeadRequest", "until", "\"2026-03-20T00:00:00Z\""},
    {"RecycleLeadRequest", "until", "\"2026-03-20T00:00:00Z\""},
    {"SubmitMailRequest", "original", "{\"body\":\"$letter\"}"},
    {"AssignLeadRequest", "owner_id", "\"$deputy\""},
    {"MergeLeadsRequest", "loser_ids", "[\"$twin\"]"},
    {"ListDuplicatesRequest", "page_size", "200"},
    {"ListDocumentsRequest", "page_size", "200"},
    {"ListWithoutNextActivityRequest", "page_size", "200"},
    {"DismissDuplicateRequest", "first_id", "\"$id\""},
    {"DismissDuplicateRequest", "second_id", "\"$twin\""},
    {"MergeContactsRequest", "lose_id", "\"$twin\""},
    {"MergeAccountsRequest", "lose_id", "\"$twin\""},
    {"CloseLeadRequest", "reason", "\"CLOSE_REASON_NO_BUDGET\""},
    {"UpdateLeadRequest", "lead", "{\"title\":\"Title $n\"}"},
    {"TeachOutcomesRequest", "teaching", "\"history $n\""},
    {"TeachOutcomesRequest", "batch", "1"},
    {"ForgetOutcomesRequest", "teaching", "\"never taught\""},
    {"PublishPolicyRequest", "policy", "{}"},
    {"DraftPolicyRequest", "policy", "{}"},
    {"RollBackPolicyRequest", "version", "\"1\""},
    {"CompleteSetupRequest", "email", "\"setup$n@hq.example\""},
    {"SignInRequest", "email", "\"" COMPANY_MAIL "\""},
    {"SignInRequest", "password", "\"" COMPANY_PASSWORD "\""},
    {"SetPasswordRequest", "new_password", "\"a new one of $n words\""},
    {"UpdateProfileRequest", "phone", "\"+49 30 901820$n\""},
    {"AuthenticateRequest", "secret_hash", "\"$hash\""},
    {"MarkDeliveredRequest", "device_id", "\"$device\""},
    {"PreviewResponseRequest", "template", "{\"subject\":\"Thank you\",\"body\":\"We will call.\"}"},
    {"ResponseTemplate", "product", "\"Product $n\""},
    {"Organisation", "time_zone", "\"UTC\""},
    {"Organisation", "last_resort_user_id", "\"$boss\""},
    {"User", "email", "\"user$n@hq.example\""},
    {"User", "role", "\"ROLE_REP\""},
    {"RestoreRecordRequest", "changed_at", "\"2126-01-01T00:00:00Z\""},
    {"GetHandoverRequest", "service", "\"contacts\""},
    {"ErasePersonRequest", "reason", "\"they asked for it\""},
    {"ErasePersonRequest", "confirmed", "true"},
    {"ListPersonLeadsRequest", "contact_ids", "[\"" COMPANY_NO_ID "\"]"},
    {"ListPersonMessagesRequest", "contact_ids", "[\"" COMPANY_NO_ID "\"]"},
    {"ListPersonQuotesRequest", "contact_ids", "[\"" COMPANY_NO_ID "\"]"},
    {"ListAccessRequest", "record_id", "\"" COMPANY_NO_ID "\""},
    {"RecordShare", "type", "\"account\""},
    {"RecordShare", "record_id", "\"$shared\""},
    {"RecordShare", "user_id", "\"$deputy\""},
    {"RecordShare", "level", "\"SHARE_LEVEL_$level\""},
    {"Contact", "last_name", "\"Name $n\""},
    {"MailAccount", "server", "\"smtp://mail$n.example\""},
    {"MailAccount", "from_address", "\"baton$n@hq.example\""},
    {"MailAccount", "enabled", "true"},
    {"WebhookEndpoint", "url", "\"https://hook$n.example/\""},
    {"WebhookEndpoint", "event_types", "[\"lead.closed\"]"},
    {"NotificationChain", "class", "\"NOTIFICATION_CLASS_LEAD_MERGED\""},
    {"NotificationChain", "steps", "[{\"afterS\":$n}]"},
    {"SetMailPasswordRequest", "password", "\"word $n\""},
    {"SetChannelSecretRequest", "secret", "\"word $n\""},
    {"MqttBroker", "url", "\"mqtts://broker$n.example\""},
    {"HttpTemplate", "url", "\"https://ntfy$n.example/topic\""},
    {"Relationship", "from_contact_id", "\"$contact\""},
    {"Relationship", "to_account_id", "\"$account\""},
    {"Relationship", "role", "\"role $n\""},
    {"AccountPlan", "account_id", "\"$key\""},
    {"Consent", "contact_id", "\"$contact\""},
    {"CustomField", "record_type", "\"contact\""},
    {"CustomField", "name", "\"field_$n\""},
    {"SavedView", "type", "\"contact\""},
    {"ListOccurrencesRequest", "from", "\"2026-03-01T00:00:00Z\""},
    {"ListOccurrencesRequest", "until", "\"2026-04-01T00:00:00Z\""},
    {"GetFreeBusyRequest", "from", "\"2026-03-01T00:00:00Z\""},
    {"GetFreeBusyRequest", "until", "\"2026-04-01T00:00:00Z\""},
    {"LogCallRequest", "number", "\"+49 30 901820$n\""},
    {"QualityRule", "record_type", "\"account\""},
    {"QualityCondition", "field", "\"website\""},
    {"GetQualityReportRequest", "record_type", "\"account\""},
    {"RejoinFollowRequest", "service", "\"leads\""},
    {"RejoinFollowRequest", "followed", "\"directory\""},
    {"PriceBook", "currency_code", "\"EUR\""},
    {"PriceBookEntry", "price_book_id", "\"$book\""},
    {"PriceBookEntry", "product_id", "\"$product\""},
    {"Offer", "percent_e4", "\"50000\""},
    {"CurrencyRate", "from_currency", "\"EUR\""},
    {"CurrencyRate", "to_currency", "\"TWD\""},
    {"CurrencyRate", "day", "\"$day\""},
    {"DiscountLimit", "family", "\"Family $n\""},
    {"TaxRate", "country", "\"DE\""},
    {"TaxRate", "region", "\"Region $n\""},
    {"Quote", "opportunity_id", "\"" COMPANY_NO_ID "\""},
    {"Plan", "opportunity_id", "\"" COMPANY_NO_ID "\""},
    {"PlanTemplateStep", "key", "\"first\""},
    {"StartPlanRequest", "steps", "[{\"key\":\"first\",\"title\":\"First\"}]"},
    {"StartPlanRequest", "name", "\"Plan $n\""},
    {"CompleteStepRequest", "step_key", "\"first\""},
    {"SkipStepRequest", "step_key", "\"first\""},
    {"ReopenStepRequest", "step_key", "\"first\""},
    {"CreateQuoteRequest", "price_book_id", "\"$book\""},
    {"SetQuoteLinesRequest", "head", "{\"country\":\"DE\"}"},
    {"SetQuoteLinesRequest", "lines", "[{\"productId\":\"$priced\"}]"},
    {"GetQuoteByLinkRequest", "token", "\"$link\""},
    {"GetShareByLinkRequest", "token", "\"$sealed\""},
    {"OpenShareRequest", "token", "\"$sealed\""},
    {"GetSharedFileRequest", "ticket", "\"$ticket\""},
    {"ReadSharedFileRequest", "ticket", "\"$ticket\""},
    {"PriceProductRequest", "product_id", "\"$priced\""},
    {"PriceProductRequest", "price_book_id", "\"$book\""},
    {"GetCatalogueRequest", "price_book_id", "\"$book\""},
    {"CreateCatalogueLinkRequest", "price_book_id", "\"$book\""},
    {"ListCatalogueLinksRequest", "price_book_id", "\"$book\""},
    {"GetCatalogueByLinkRequest", "token", "\"$listed\""},
    {"OpportunityShare", "record_id", "\"$shared\""},
    {"OpportunityShare", "user_id", "\"$deputy\""},
    {"OpportunityShare", "level", "\"SHARE_LEVEL_$level\""},
    {"Pipeline", "stages",
     "[{\"key\":\"first\",\"name\":\"First\"},{\"key\":\"second\",\"name\":\"Second\"},"
     "{\"key\":\"won\",\"name\":\"Won\",\"kind\":\"STAGE_KIND_WON\"},"
     "{\"key\":\"lost\",\"name\":\"Lost\",\"kind\":\"STAGE_KIND_LOST\"}]"},
    {"Warehouse", "areas", "[{\"country\":\"DE\",\"region\":\"Region $n\"}]"},
    {"Quota", "product_id", "\"$product\""},
    {"Quota", "period", "\"2026-Q4\""},
    {"Quota", "amount", "{\"currencyCode\":\"EUR\",\"minorUnits\":\"1000\"}"},
    {"GetForecastChangesRequest", "from", "\"2020-01-01\""},
    {"SetForecastAdjustmentRequest", "period", "\"2026-Q4\""},
    {"SetForecastAdjustmentRequest", "amount", "{\"currencyCode\":\"EUR\",\"minorUnits\":\"1000\"}"},
    {"SetForecastAdjustmentRequest", "reason", "\"reason $n\""},
    {"QueryMeasuresRequest", "measures", "[\"won\",\"win_rate\"]"},
    {"MoveOpportunityRequest", "stage_key", "\"proposal\""},
    {"RequestStageApprovalRequest", "stage_key", "\"proposal\""},
    {"GetBoardRequest", "stage_key", "\"prospecting\""},
    {"CloseOpportunityRequest", "outcome", "\"STAGE_KIND_WON\""},
    {"RetireStageRequest", "stage_key", "\"first\""},
    {"RetireStageRequest", "to_stage_key", "\"second\""},
    {"OrderCollateralRequest", "place_id", "\"$shelf\""},
    {"OrderCollateralRequest", "lines", "[{\"itemId\":\"$printed\",\"quantity\":1}]"},
    {"ReceiveStockRequest", "item_id", "\"$printed\""},
    {"ReceiveStockRequest", "place_id", "\"$shelf\""},
    {"CountStockRequest", "item_id", "\"$printed\""},
    {"CountStockRequest", "place_id", "\"$shelf\""},
    {"CountStockRequest", "counted", "1000$n"},
    {"ScrapStockRequest", "item_id", "\"$printed\""},
    {"ScrapStockRequest", "place_id", "\"$shelf\""},
    {"MoveStockRequest", "item_id", "\"$printed\""},
    {"MoveStockRequest", "place_id", "\"$shelf\""},
    {"MoveStockRequest", "to_place_id", "\"$stall\""},
    {"ListOrdersRequest", "page_size", "200"},
    {"GetCollateralCostRequest", "by", "\"COLLATERAL_COST_BY_ALL\""},
    {"LetterTemplate", "kind", "\"LETTER_KIND_LETTER\""},
    {"LetterTemplate", "body", "\"Letter $n\""},
    {"LetterTemplate", "sender_country", "\"DE\""},
    {"DrawLettersRequest", "run_id", "\"" COMPANY_NO_ID "\""},
    {"MakeLettersRequest", "template_id", "\"$template\""},
    {"MakeLettersRequest", "contact_ids", "[\"$addressed\"]"},
    {"ImportContactsRequest", "rows", "[{\"contact\":{\"lastName\":\"Row $n\"}}]"},
};

struct making {
    struct company *company;
    struct arena *arena;
    const struct wish *wish;
};

static const char *short_name(const struct schema_message *m)
{
    return strrchr(m->pb->name, '.') + 1;
}

/* Records that requests name and that none of them is about. */
static const struct {
    const char *name;
    const char *(*of)(struct company *c);
} customers[] = {
    {"contact", company_contact}, {"account", company_account},     {"key", company_key_account},
    {"book", company_book},       {"product", company_product},     {"priced", company_priced},
    {"file", company_file},       {"link", company_link},           {"sealed", company_sealed},
    {"ticket", company_ticket},   {"printed", company_printed},     {"shelf", company_shelf},
    {"template", company_letter}, {"addressed", company_addressed}, {"stall", company_stall},
    {"listed", company_listed},
};

/* Of a share: what the one that is there is of, or a new one of the owner's. */
static const char *shared(struct making *m)
{
    bool is_deal = strcmp(m->wish->about, "opportunity_share") == 0;
    const struct wish *w = m->wish;
    if (w->id)
        return company_twin(m->company, w->id);
    bool is_none = !w->owner_id || strcmp(w->owner_id, COMPANY_NO_ID) == 0;
    if (is_none)
        return COMPANY_NO_ID;
    return is_deal ? company_opportunity_of(m->company, w->owner_id)
                   : company_account_of(m->company, w->owner_id);
}

/* A day like no other. */
static const char *fresh_day(struct making *m)
{
    const unsigned n = company_number(m->company);
    return arena_printf(m->arena, "%04u-%02u-%02u", 2000 + n / 336, 1 + n / 28 % 12, 1 + n % 28);
}

/* What a `$name` stands for; `*size` is the name's length. */
static const char *meaning(struct making *m, const char *name, size_t *size)
{
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, COMPANY_TOKEN);
    for (size_t i = 0; i < sizeof customers / sizeof *customers; i++) {
        *size = strlen(customers[i].name);
        if (strncmp(customers[i].name, name, *size) == 0)
            return arena_strdup(m->arena, customers[i].of(m->company));
    }
    const struct {
        const char *name, *text;
    } names[] = {
        {"boss", company_boss(m->company)},
        {"deputy", company_deputy(m->company)},
        {"device", m->wish->device_id ? m->wish->device_id : COMPANY_NO_ID},
        {"hash", hash},
        {"id", m->wish->id ? m->wish->id : COMPANY_NO_ID},
        {"letter", company_mail(m->company)},
        {"twin", company_twin(m->company, m->wish->id)},
        {"shared", strncmp(name, "shared", strlen("shared")) == 0 ? shared(m) : "-"},
        {"day", strncmp(name, "day", strlen("day")) == 0 ? fresh_day(m) : "-"},
        {"level", m->wish->id ? "WRITE" : "READ"},
        {"n", ""},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *size = strlen(names[i].name);
        if (strncmp(names[i].name, name, *size) == 0)
            return *names[i].text ? arena_strdup(m->arena, names[i].text)
                                  : arena_printf(m->arena, "%u", company_number(m->company));
    }
    assert(!"no such name");
    return NULL;
}

static const char *expand(struct making *m, const char *text)
{
    const char *dollar = strchr(text, '$');
    if (!dollar)
        return text;
    size_t size;
    const char *known = meaning(m, dollar + 1, &size);
    return expand(m,
                  arena_printf(m->arena, "%.*s%s%s", (int)(dollar - text), text, known, dollar + 1 + size));
}

static const char *filling(struct making *m, const struct schema_message *in, const struct schema_field *f)
{
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (strcmp(fillers[i].message, short_name(in)) == 0 && strcmp(fillers[i].field, f->pb->name) == 0)
            return expand(m, fillers[i].json);
    return NULL;
}

static const char *message_text(struct making *m, const struct schema_message *type);

static const char *enum_name(const struct schema_field *f)
{
    const ProtobufCEnumDescriptor *e = f->pb->descriptor;
    assert(e->n_values > 1 && e->values[0].value == 0);
    return e->values[1].name;
}

/* The least that a required field takes. */
static const char *least(struct making *m, const struct schema_field *f)
{
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_text(m, f->message);
    case PROTOBUF_C_TYPE_STRING:
        return expand(m, f->rules->reference ? "\"$boss\"" : "\"text-$n\"");
    case PROTOBUF_C_TYPE_BYTES:
        return "\"AA==\"";
    case PROTOBUF_C_TYPE_BOOL:
        return "true";
    case PROTOBUF_C_TYPE_ENUM:
        return arena_printf(m->arena, "\"%s\"", enum_name(f));
    default:
        return arena_printf(m->arena, "%lld", (long long)(f->rules->min > 1 ? f->rules->min : 1));
    }
}

/* Where the id of what the request is about belongs: `id`, `survivor_id`, or the kind's name and `_id`. */
static bool takes_id(struct making *m, const struct schema_field *f)
{
    const char *name = f->pb->name, *about = m->wish->about;
    const struct kind *kind = company_kind(about);
    if (!m->wish->id || !kind)
        return false;
    if (kind_field(kind))
        return strcmp(name, kind_field(kind)) == 0;
    size_t n = strlen(about);
    return strcmp(name, "id") == 0 || strcmp(name, "survivor_id") == 0 ||
           (strncmp(name, about, n) == 0 && strncmp(name + n, "_id", 3) == 0);
}

static const char *record_text(struct making *m, const struct schema_field *f)
{
    const struct schema_field *member = schema_field(f->message, m->wish->about);
    assert(member);
    return arena_printf(m->arena, "{\"%s\":%s}", member->json_name, message_text(m, member->message));
}

/* A field of the request itself; NULL: nothing special. */
static const char *outer_value(struct making *m, const struct schema_field *f)
{
    const char *name = f->pb->name;
    if (strcmp(name, "request_id") == 0)
        return expand(m, "\"request-$n\"");
    if (strcmp(name, "type") == 0) {
        const struct kind *kind = company_kind(m->wish->about);
        return arena_printf(m->arena, "\"%s\"", kind ? kind_type(kind) : m->wish->about);
    }
    if (strcmp(name, "page_size") == 0)
        return "200";
    if (f->message && strcmp(short_name(f->message), "Record") == 0)
        return record_text(m, f);
    if (takes_id(m, f))
        return arena_printf(m->arena, "\"%s\"", m->wish->id);
    return NULL;
}

/* A field of the record inside. */
static const char *record_value(struct making *m, const struct schema_field *f)
{
    if (m->wish->id && strcmp(f->pb->name, "id") == 0)
        return arena_printf(m->arena, "\"%s\"", m->wish->id);
    if (m->wish->owner_id && strcmp(f->pb->name, "owner_id") == 0)
        return arena_printf(m->arena, "\"%s\"", m->wish->owner_id);
    return NULL;
}

/* NULL: the field is left out. */
static const char *value_text(struct making *m, const struct schema_message *in, const struct schema_field *f)
{
    const char *value = NULL;
    if (in == m->wish->method->input)
        value = outer_value(m, f);
    else if (in->record)
        value = record_value(m, f);
    const char *filled = value ? NULL : filling(m, in, f);
    if (filled)
        return filled;
    if (!value && f->rules->required && !f->rules->output_only)
        value = least(m, f);
    return value && f->pb->label == PROTOBUF_C_LABEL_REPEATED ? arena_printf(m->arena, "[%s]", value) : value;
}

static const char *message_text(struct making *m, const struct schema_message *type)
{
    const char *text = "{", *comma = "";
    for (unsigned i = 0; i < type->pb->n_fields; i++) {
        const struct schema_field *f = &type->fields[i];
        const char *value = value_text(m, type, f);
        if (!value)
            continue;
        text = arena_printf(m->arena, "%s%s\"%s\":%s", text, comma, f->json_name, value);
        comma = ",";
    }
    return arena_printf(m->arena, "%s}", text);
}

ProtobufCMessage *request_make(struct company *c, const struct wish *w)
{
    struct making m = {.company = c, .arena = company_arena(c), .wish = w};
    struct refusal no = {0};
    ProtobufCMessage *request = NULL;
    const char *json = message_text(&m, w->method->input);
    if (!schema_from_json(w->method->input, bytes_text(json), m.arena, &request, &no) ||
        !schema_check(request, NULL, &no))
        fprintf(stderr, "%s %s: %s\n", w->method->name, json, no.message);
    assert(no.code == REFUSAL_NONE);
    return request;
}
