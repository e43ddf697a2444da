/* A made-up company to send leads to, and the leads. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "drive.h"
#include "schema/schema.h"

static const char *const countries[COMPANY_RULES] = {"Germany", "France", "Spain",  "Italy", "Sweden",
                                                     "Poland",  "Japan",  "Canada", "Kenya", "Brazil"};
static const char *const cities[] = {"Berlin", "Lyon", "Madrid", "Torino", "Malmö", "Kraków", "Osaka"};
static const char *const first_names[] = {"Anna", "Bao",    "Chidi", "Dolores",
                                          "Emil", "Fatima", "Grace", "Hiro"};
static const char *const last_names[] = {"Lindqvist", "Okafor", "Herrera", "Natarajan", "Kowalska", "Moreau"};
static const char *const sources[] = {"web form", "trade fair", "campaign", "partner"};
#define PICK(table, i) (table[(i) % (sizeof table / sizeof *table)])

Baton__Actor company_actor(Baton__Role role, const char *user_id)
{
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.has_role = true;
    actor.role = role;
    actor.user_id = (char *)(uintptr_t)user_id;
    actor.service = user_id ? NULL : (char *)(uintptr_t) "bench";
    return actor;
}

static Baton__Actor admin(void)
{
    return company_actor(BATON__ROLE__ROLE_ADMIN, "01900000-0000-7000-8000-000000000001");
}

static Baton__Record *create(struct bus *b, const char *service, Baton__Record *record)
{
    Baton__Actor actor = admin();
    Baton__CreateRecordRequest request = BATON__CREATE_RECORD_REQUEST__INIT;
    request.record = record;
    Baton__CreateRecordResponse *r = bus_call(b, service, "RecordService/CreateRecord", &actor, &request.base,
                                              &baton__create_record_response__descriptor);
    return r->record;
}

static char *create_pool(struct bus *b, struct company *c)
{
    Baton__Pool pool = BATON__POOL__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    Baton__PoolMember members[COMPANY_REPS], *all[COMPANY_REPS];
    for (size_t i = 0; i < COMPANY_REPS; i++) {
        baton__pool_member__init(&members[i]);
        members[i].user_id = c->reps[i];
        members[i].has_weight = true;
        members[i].weight = 1 + i % 3;
        all[i] = &members[i];
    }
    pool.name = (char *)(uintptr_t) "everybody";
    pool.members = all;
    pool.n_members = COMPANY_REPS;
    record.record_case = BATON__RECORD__RECORD_POOL;
    record.pool = &pool;
    return create(b, "leads", &record)->pool->id;
}

/* One rule a country and one for the rest. */
static void publish(struct bus *b, char *pool_id)
{
    Baton__Actor actor = admin();
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__PublishPolicyRequest request = BATON__PUBLISH_POLICY_REQUEST__INIT;
    policy.rules = ARENA_ARRAY(b->arena, Baton__Rule *, COMPANY_RULES);
    for (size_t i = 0; i < COMPANY_RULES; i++) {
        Baton__Rule *rule = policy.rules[policy.n_rules++] = ARENA_NEW(b->arena, Baton__Rule);
        baton__rule__init(rule);
        rule->name = arena_printf(b->arena, "rule %zu", i + 1);
        rule->pool_id = pool_id;
        if (i + 1 == COMPANY_RULES)
            break;
        Baton__Condition *condition = ARENA_NEW(b->arena, Baton__Condition);
        baton__condition__init(condition);
        condition->field = (char *)(uintptr_t) "address.country";
        condition->has_operator_ = true;
        condition->operator_ = BATON__OPERATOR__OPERATOR_IS;
        condition->values = ARENA_NEW(b->arena, char *);
        condition->values[condition->n_values++] = (char *)(uintptr_t)countries[i];
        rule->conditions = ARENA_NEW(b->arena, Baton__Condition *);
        rule->conditions[rule->n_conditions++] = condition;
    }
    request.policy = &policy;
    (void)bus_call(b, "leads", "LeadService/PublishPolicy", &actor, &request.base,
                   &baton__publish_policy_response__descriptor);
}

void company_user(struct bus *b, Baton__Role role, const char *name, char id[IDENT_TEXT_SIZE])
{
    Baton__User user = BATON__USER__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    user.name = (char *)(uintptr_t)name;
    user.email = arena_printf(b->arena, "%s@staff.example", name);
    user.has_role = true;
    user.role = role;
    record.record_case = BATON__RECORD__RECORD_USER;
    record.user = &user;
    snprintf(id, IDENT_TEXT_SIZE, "%s", create(b, "directory", &record)->user->id);
}

void company_device(struct bus *b, const char *user_id)
{
    Baton__Actor actor = company_actor(BATON__ROLE__ROLE_REP, user_id);
    Baton__RegisterDeviceRequest request = BATON__REGISTER_DEVICE_REQUEST__INIT;
    request.name = (char *)(uintptr_t) "phone";
    request.has_kind = true;
    request.kind = BATON__DEVICE_KIND__DEVICE_KIND_PHONE;
    (void)bus_call(b, "notifications", "NotificationService/RegisterDevice", &actor, &request.base,
                   &baton__register_device_response__descriptor);
}

char *company_token(struct bus *b, const char *user_id)
{
    Baton__Actor actor = admin();
    Baton__CreateTokenRequest request = BATON__CREATE_TOKEN_REQUEST__INIT;
    request.user_id = (char *)(uintptr_t)user_id;
    request.name = (char *)(uintptr_t) "bench";
    Baton__CreateTokenResponse *r = bus_call(b, "directory", "DirectoryService/CreateToken", &actor,
                                             &request.base, &baton__create_token_response__descriptor);
    return r->token;
}

void company_build(struct bus *b, struct company *c)
{
    for (size_t i = 0; i < COMPANY_REPS; i++) {
        company_user(b, BATON__ROLE__ROLE_REP, arena_printf(b->arena, "rep%zu", i + 1), c->reps[i]);
        company_device(b, c->reps[i]);
        arena_reset(b->arena);
    }
    company_user(b, BATON__ROLE__ROLE_SERVICE, "website", c->source);
    bus_settle(b, "leads", "directory");
    publish(b, create_pool(b, c));
    bus_settle(b, "notifications", "leads");
    arena_reset(b->arena);
}

static void fill(struct arena *a, uint64_t i, Baton__Lead *lead, Baton__Address *address)
{
    const char *first = PICK(first_names, i), *last = PICK(last_names, i / 8);
    lead->first_name = (char *)(uintptr_t)first;
    lead->last_name = (char *)(uintptr_t)last;
    lead->company = arena_printf(a, COMPANY_MARK "%0*" PRIu64 " GmbH", COMPANY_MARK_DIGITS, i);
    lead->title = (char *)(uintptr_t) "Head of Purchasing";
    lead->email = arena_printf(a, "%s.%s.%" PRIu64 "@buyer.example", first, last, i);
    lead->phone = arena_printf(a, "+49 30 %07" PRIu64, i % 10000000);
    lead->lead_source = (char *)(uintptr_t)PICK(sources, i);
    lead->industry = (char *)(uintptr_t) "Manufacturing";
    lead->product_interest = (char *)(uintptr_t) "Heat pumps, 40 units";
    lead->message =
        (char *)(uintptr_t) "We need an offer before the end of the month. Please call in the morning.";
    address->city = (char *)(uintptr_t)PICK(cities, i);
    address->country = (char *)(uintptr_t)PICK(countries, i / 3);
    lead->address = address;
}

struct bytes company_lead(struct arena *a, struct ident_source *ids, uint64_t i)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    Baton__CaptureLeadRequest request = BATON__CAPTURE_LEAD_REQUEST__INIT;
    char id[IDENT_TEXT_SIZE];
    ident_next_text(ids, id);
    fill(a, i, &lead, &address);
    request.request_id = id;
    request.lead = &lead;
    return schema_pack(&request.base, a);
}

char *company_lead_json(struct arena *a, struct ident_source *ids, uint64_t i)
{
    Baton__Lead l = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    char id[IDENT_TEXT_SIZE];
    ident_next_text(ids, id);
    fill(a, i, &l, &address);
    return arena_printf(
        a,
        "{\"requestId\":\"%s\",\"lead\":{\"firstName\":\"%s\",\"lastName\":\"%s\",\"company\":\"%s\","
        "\"title\":\"%s\",\"email\":\"%s\",\"phone\":\"%s\",\"leadSource\":\"%s\",\"industry\":\"%s\","
        "\"productInterest\":\"%s\",\"message\":\"%s\",\"address\":{\"city\":\"%s\",\"country\":\"%s\"}}}",
        id, l.first_name, l.last_name, l.company, l.title, l.email, l.phone, l.lead_source, l.industry,
        l.product_interest, l.message, address.city, address.country);
}
