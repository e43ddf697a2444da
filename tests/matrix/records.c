/* Records of every kind, made as people make them. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "matrix/internal.h"
#include "matrix/request.h"

struct kind {
    const char *name;
    make_fn *make;
    const char *field;
    bool has_owner, is_held; /* held: by its owner, and says so */
};

static make_fn make_user, make_token, make_lead, make_dead, make_brought, make_holder, make_address,
    make_queue, make_device, make_notification, make_share, make_pair, make_merged, make_organisation,
    make_plain;

static const struct kind kinds[] = {
    {"user", make_user, NULL, true, true},
    {"token", make_token, NULL, true, true},
    {"lead", make_lead, NULL, true, true},
    {"dead", make_dead, NULL, true, true},
    {"brought", make_brought, NULL, true, false},
    {"holder", make_holder, "owner_id", true, true},
    {"address", make_address, "email", true, true},
    {"queue", make_queue, "pool_id", true, false},
    {"device", make_device, NULL, true, true},
    {"notification", make_notification, NULL, true, true},
    {"account", make_plain, NULL, true, true},
    {"contact", make_plain, NULL, true, true},
    {"activity", make_plain, NULL, true, true},
    {"note", make_plain, NULL, true, true},
    {"relationship", make_plain, NULL, false, false},
    {"account_plan", make_plain, NULL, false, false},
    {"consent", make_plain, NULL, false, false},
    {"custom_field", make_plain, NULL, false, false},
    {"saved_view", make_plain, NULL, true, true},
    {"quality_rule", make_plain, NULL, false, false},
    {"letter_template", make_plain, NULL, false, false},
    {"letter_run", company_letters, NULL, true, false},
    {"record_share", make_share, NULL, true, false},
    {"opportunity_share", company_deal_share, NULL, true, false},
    {"opportunity", make_plain, NULL, true, true},
    {"pipeline", make_plain, NULL, false, false},
    {"quota", make_plain, NULL, false, false},
    {"warehouse", make_plain, NULL, false, false},
    {"dashboard", make_plain, NULL, true, true},
    {"organisation", make_organisation, NULL, false, false},
    {"document_settings", company_settings, NULL, false, false},
    {"collateral_item", make_plain, NULL, false, false},
    {"stock_place", make_plain, NULL, false, false},
    {"collateral_order", company_order, NULL, true, true},
    {"order", company_order, NULL, true, true},
    {"order_waiting", company_order_waiting, "order_id", true, true},
    {"order_picked", company_order_picked, "order_id", true, true},
    {"order_shipped", company_order_shipped, "order_id", true, true},
    {"upload", company_upload, NULL, true, true},
    {"document", make_plain, NULL, true, true},
    {"document_revision", company_revision, NULL, true, false},
    {"revised", company_revised, "document_id", true, true},
    {"policy", company_policy, "document_id", true, true},
    {"document_link", company_document_link, "id", true, false},
    {"team", make_plain, NULL, false, false},
    {"territory", make_plain, NULL, false, false},
    {"territory_model", make_plain, NULL, false, false},
    {"lead_form", make_plain, NULL, false, false},
    {"response_template", make_plain, NULL, false, false},
    {"place", make_plain, NULL, false, false},
    {"pool", make_plain, NULL, false, false},
    {"product", make_plain, NULL, false, false},
    {"price_book", make_plain, NULL, false, false},
    {"price_book_entry", make_plain, NULL, false, false},
    {"offer", make_plain, NULL, false, false},
    {"catalogue_link", company_catalogue_link, "id", true, false},
    {"currency_rate", make_plain, NULL, false, false},
    {"discount_limit", make_plain, NULL, false, false},
    {"tax_rate", make_plain, NULL, false, false},
    {"plan_template", make_plain, NULL, false, false},
    {"plan", company_plan, NULL, true, true},
    {"customer_plan", company_customer_plan, "plan_id", true, true},
    {"quote", company_quote, NULL, true, true},
    {"quote_asked", company_quote_asked, "quote_id", true, true},
    {"quote_sent", company_quote_sent, "token", false, false},
    {"mail_account", make_plain, NULL, false, false},
    {"webhook_endpoint", make_plain, NULL, false, false},
    {"mqtt_broker", make_plain, NULL, false, false},
    {"http_template", make_plain, NULL, false, false},
    {"notification_chain", make_plain, NULL, false, false},
    {"pair", make_pair, NULL, true, true},
    {"merged", make_merged, NULL, true, true},
    {"calendar", make_plain, NULL, true, true},
    {"contact_pair", company_contact_pair, "keep_id", true, false},
    {"contact_merged", company_contact_merged, "id", true, false},
    {"account_pair", company_account_pair, "keep_id", true, false},
    {"account_merged", company_account_merged, "id", true, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
static_assert((int)KINDS <= (int)KINDS_MAX, "every kind has a place in a circle");

static void make_user(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    company_keep_id(id, owner->id);
}

static void make_token(struct company *c, const struct kind *k, const struct person *owner,
                       char id[COMPANY_ID_SIZE])
{
    Baton__CreateTokenRequest q = BATON__CREATE_TOKEN_REQUEST__INIT;
    q.user_id = (char *)owner->id;
    q.name = "program";
    Baton__CreateTokenResponse *p = company_must(c, &c->boss.actor, "DirectoryService/CreateToken", &q);
    company_keep_id(id, p->token_id);
}

/* Without rules it goes to whoever holds what nobody else can take: the boss. */
static const char *capture(struct company *c, const Baton__Actor *actor, char id[COMPANY_ID_SIZE])
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__CaptureLeadRequest q = BATON__CAPTURE_LEAD_REQUEST__INIT;
    lead.email = arena_printf(c->arena, "lead%u@buyer.example", company_number(c));
    q.lead = &lead;
    Baton__CaptureLeadResponse *p = company_must(c, actor, "LeadService/CaptureLead", &q);
    assert(!p->lead->owner_id || strcmp(p->lead->owner_id, c->boss.id) == 0); /* partners are not told */
    company_keep_id(id, p->lead->id);
    return lead.email;
}

static void assign(struct company *c, char *id, const struct person *owner)
{
    Baton__AssignLeadRequest q = BATON__ASSIGN_LEAD_REQUEST__INIT;
    q.id = id;
    q.owner_id = (char *)owner->id;
    (void)company_must(c, &c->boss.actor, "LeadService/AssignLead", &q); /* it was not refused */
}

static void make_lead(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    (void)capture(c, &c->boss.actor, id); /* by its id, not by its address */
    assign(c, id, owner);
}

static void make_address(struct company *c, const struct kind *k, const struct person *owner,
                         char id[COMPANY_ID_SIZE])
{
    const char *email = capture(c, &c->boss.actor, id);
    assign(c, id, owner);
    company_keep_id(id, email);
}

static void make_dead(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    Baton__CloseLeadRequest q = BATON__CLOSE_LEAD_REQUEST__INIT;
    make_lead(c, k, owner, id);
    q.id = id;
    q.has_reason = true;
    q.reason = BATON__CLOSE_REASON__CLOSE_REASON_NO_BUDGET;
    (void)company_must(c, &c->boss.actor, "LeadService/CloseLead", &q); /* it was not refused */
}

static void make_pair(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    struct pair *p = &c->pairs[c->n_pairs++ % PAIRS_KEPT];
    make_lead(c, k, owner, p->twin);
    make_lead(c, k, owner, id);
    company_keep_id(p->id, id);
}

const char *company_twin(struct company *c, const char *id)
{
    for (size_t i = 0; id && i < PAIRS_KEPT; i++)
        if (strcmp(c->pairs[i].id, id) == 0)
            return c->pairs[i].twin;
    return COMPANY_NO_ID;
}

static void make_merged(struct company *c, const struct kind *k, const struct person *owner,
                        char id[COMPANY_ID_SIZE])
{
    Baton__MergeLeadsRequest q = BATON__MERGE_LEADS_REQUEST__INIT;
    char survivor[COMPANY_ID_SIZE];
    make_lead(c, k, owner, survivor);
    make_lead(c, k, owner, id);
    q.survivor_id = survivor;
    q.n_loser_ids = 1;
    q.loser_ids = &id;
    (void)company_must(c, &c->boss.actor, "LeadService/MergeLeads", &q); /* it was not refused */
}

static void make_brought(struct company *c, const struct kind *k, const struct person *owner,
                         char id[COMPANY_ID_SIZE])
{
    (void)capture(c, &owner->actor, id); /* by its id, not by its address */
}

static void make_holder(struct company *c, const struct kind *k, const struct person *owner,
                        char id[COMPANY_ID_SIZE])
{
    make_lead(c, k, owner, id);
    company_keep_id(id, owner->id);
}

/* With a lead in it, which comes by a rule that nothing else matches. */
static void make_queue(struct company *c, const struct kind *k, const struct person *owner,
                       char id[COMPANY_ID_SIZE])
{
    Baton__Pool pool = BATON__POOL__INIT;
    Baton__PoolMember member = BATON__POOL_MEMBER__INIT, *members[] = {&member};
    pool.name = arena_printf(c->arena, "Queue %u", company_number(c));
    pool.has_pull = pool.pull = true;
    pool.members = members;
    pool.n_members = 1;
    member.user_id = (char *)owner->id;
    Baton__CreateRecordRequest create = BATON__CREATE_RECORD_REQUEST__INIT;
    create.record = record_wrap(&pool.base, c->arena);
    Baton__CreateRecordResponse *made =
        company_must(c, &c->boss.actor, "RecordService/CreateRecord", &create);
    company_keep_id(id, made->record->pool->id);
    Baton__Condition wanted = BATON__CONDITION__INIT, *conditions[] = {&wanted};
    Baton__Rule rule = BATON__RULE__INIT, *rules[] = {&rule};
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PublishPolicyRequest publish = BATON__PUBLISH_POLICY_REQUEST__INIT;
    wanted.field = "company";
    wanted.has_operator_ = true;
    wanted.operator_ = BATON__OPERATOR__OPERATOR_IS;
    wanted.values = &pool.name;
    wanted.n_values = 1;
    rule.name = "queue";
    rule.conditions = conditions;
    rule.n_conditions = 1;
    rule.pool_id = id;
    policy.rules = rules;
    policy.n_rules = 1;
    publish.policy = &policy;
    (void)company_must(c, &c->boss.actor, "LeadService/PublishPolicy", &publish); /* it was not refused */
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__CaptureLeadRequest capture = BATON__CAPTURE_LEAD_REQUEST__INIT;
    lead.email = arena_printf(c->arena, "queued%u@buyer.example", company_number(c));
    lead.company = pool.name;
    capture.lead = &lead;
    (void)company_must(c, &c->boss.actor, "LeadService/CaptureLead", &capture); /* it was not refused */
}

static void make_device(struct company *c, const struct kind *k, const struct person *owner,
                        char id[COMPANY_ID_SIZE])
{
    Baton__RegisterDeviceRequest q = BATON__REGISTER_DEVICE_REQUEST__INIT;
    q.name = "phone";
    Baton__RegisterDeviceResponse *p =
        company_must(c, &owner->actor, "NotificationService/RegisterDevice", &q);
    company_keep_id(id, p->device->id);
}

/* Of a lead that was handed to them; the newest comes first. */
static void make_notification(struct company *c, const struct kind *k, const struct person *owner,
                              char id[COMPANY_ID_SIZE])
{
    Baton__ListNotificationsRequest q = BATON__LIST_NOTIFICATIONS_REQUEST__INIT;
    make_lead(c, k, owner, id);
    Baton__ListNotificationsResponse *p =
        company_must(c, &owner->actor, "NotificationService/ListNotifications", &q);
    assert(p->n_notifications && strcmp(p->notifications[0]->lead_id, id) == 0);
    company_keep_id(id, p->notifications[0]->id);
}

static void make_organisation(struct company *c, const struct kind *k, const struct person *owner,
                              char id[COMPANY_ID_SIZE])
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = "organisation";
    Baton__GetRecordResponse *p = company_must(c, &c->boss.actor, "RecordService/GetRecord", &q);
    company_keep_id(id, p->record->organisation->id);
}

/* As a request of the table creates it. */
static void make_plain(struct company *c, const struct kind *k, const struct person *owner,
                       char id[COMPANY_ID_SIZE])
{
    const struct schema_field *member;
    const struct schema_method *create = schema_method("RecordService/CreateRecord");
    const struct wish wish = {.method = create, .about = k->name, .owner_id = owner->id};
    Baton__CreateRecordResponse *p = company_must(c, &c->boss.actor, create->name, request_make(c, &wish));
    company_keep_id(id, schema_get_text(schema_oneof(&p->record->base, &member), "id"));
}

const char *company_contact(struct company *c)
{
    Baton__Contact r = BATON__CONTACT__INIT;
    r.last_name = (char *)"Customer";
    if (!*c->contact)
        company_create(c, &r.base, c->contact);
    return c->contact;
}

const char *company_account(struct company *c)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.name = (char *)"Customer";
    if (!*c->account)
        company_create(c, &r.base, c->account);
    return c->account;
}

const char *company_key_account(struct company *c)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.name = arena_printf(c->arena, "Key %u", company_number(c));
    r.has_is_key_account = r.is_key_account = true;
    company_create(c, &r.base, c->key_account);
    return c->key_account;
}

const char *company_account_of(struct company *c, const char *owner_id)
{
    Baton__Account a = BATON__ACCOUNT__INIT;
    char *id = arena_alloc(c->arena, COMPANY_ID_SIZE);
    a.name = arena_printf(c->arena, "Account %u", company_number(c));
    a.owner_id = (char *)(uintptr_t)owner_id;
    company_create(c, &a.base, id);
    return id;
}

/* Of an account of theirs. */
static void make_share(struct company *c, const struct kind *k, const struct person *owner,
                       char id[COMPANY_ID_SIZE])
{
    struct pair *p = &c->pairs[c->n_pairs++ % PAIRS_KEPT];
    Baton__RecordShare s = BATON__RECORD_SHARE__INIT;
    company_keep_id(p->twin, company_account_of(c, owner->id));
    s.type = "account";
    s.record_id = p->twin;
    s.user_id = c->deputy.id;
    s.has_level = true;
    s.level = BATON__SHARE_LEVEL__SHARE_LEVEL_READ;
    company_create(c, &s.base, id);
    company_keep_id(p->id, id);
}

const struct kind *company_kind(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

bool kind_has_owner(const struct kind *k)
{
    return k->has_owner;
}

bool kind_is_held(const struct kind *k)
{
    return k->is_held;
}

const char *kind_field(const struct kind *k)
{
    return k->field;
}

const char *kind_type(const struct kind *k)
{
    if (k->make == company_contact_pair || k->make == company_contact_merged)
        return "contact";
    return k->make == company_account_pair || k->make == company_account_merged ? "account" : k->name;
}

const char *company_record(struct company *c, const struct kind *k, size_t column, enum whose whose)
{
    const struct person *owner = company_person(c, column, whose);
    char *id = c->circles[column].records[k - kinds][whose];
    if (!*id)
        k->make(c, k, owner, id);
    return id;
}

/* With a person goes all they have. */
void company_forget(struct company *c, const struct kind *k, size_t column, enum whose whose)
{
    if (k->make == make_user)
        c->circles[column] = (struct circle){0};
    else
        c->circles[column].records[k - kinds][whose][0] = '\0';
}
