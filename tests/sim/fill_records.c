/* Requests about records, people and notifications. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { VERSIONS_DRAWN = 6 };

/* --- records --- */

char *fill_drawn(struct sim *sim, enum known kind, uint64_t *random)
{
    return (char *)(uintptr_t)known_draw(sim, kind, random, NULL);
}

bool fill_create(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.record = record_wrap(record, arena);
    fill_command(a, service, "RecordService/CreateRecord", &q, arena);
    return true;
}

bool fill_change(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena)
{
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.record = record_wrap(record, arena);
    fill_command(a, service, "RecordService/UpdateRecord", &q, arena);
    return true;
}

bool fill_create_user(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__User u = BATON__USER__INIT;
    uint64_t n = sim_random(random);
    u.name = fill_name(arena, "Rep", n % FILL_NAMES);
    u.email = fill_email(arena, "rep", n);
    u.has_role = true;
    u.role = n % 5 ? BATON__ROLE__ROLE_REP : BATON__ROLE__ROLE_MANAGER;
    u.has_capacity = n % 3 == 0;
    u.capacity = 1 + n % 7;
    u.has_max_per_day = n % 4 == 0;
    u.max_per_day = 3 + n % 5;
    u.has_latitude_e6 = u.has_longitude_e6 = n % 4 > 0;
    u.latitude_e6 = (int32_t)(n % 90000000);
    u.longitude_e6 = -(int32_t)(n % 180000000);
    return fill_create(a, "directory", &u.base, arena);
}

bool fill_update_user(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__User u = BATON__USER__INIT;
    u.id = fill_drawn(sim, KNOWN_USER, random);
    u.name = fill_name(arena, "Renamed", sim_below(random, FILL_NAMES));
    u.has_capacity = true;
    u.capacity = (uint32_t)sim_below(random, 6);
    return fill_change(a, "directory", &u.base, arena);
}

bool fill_profile(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    /* Everybody works at the same hours: deadlines are looked at in plain time. */
    static char *const zones[] = {"UTC", "Etc/UTC", "Mars/Olympus"};
    Baton__UpdateProfileRequest q = BATON__UPDATE_PROFILE_REQUEST__INIT;
    char *clear[] = {sim_below(random, 4) ? "phone" : "name"};
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    q.request_id = a->id;
    q.name = sim_below(random, 2) ? fill_name(arena, "Myself", sim_below(random, FILL_NAMES)) : NULL;
    q.time_zone = zones[sim_below(random, sizeof zones / sizeof *zones)];
    q.clear = clear;
    q.n_clear = sim_below(random, 2);
    fill_command(a, "directory", "DirectoryService/UpdateProfile", &q, arena);
    return true;
}

bool fill_user_leaves(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeactivateUserRequest q = BATON__DEACTIVATE_USER_REQUEST__INIT;
    q.request_id = a->id;
    q.user_id = fill_drawn(sim, KNOWN_USER, random);
    fill_command(a, "directory", "DirectoryService/DeactivateUser", &q, arena);
    return true;
}

bool fill_create_pool(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Pool p = BATON__POOL__INIT;
    const struct known_ids *users = &sim->known[KNOWN_USER];
    p.name = fill_name(arena, "Pool", sim_random(random));
    p.members = ARENA_ARRAY(arena, Baton__PoolMember *, users->n);
    for (size_t i = 0; i < users->n && p.n_members < FILL_NAMES; i++) {
        if (i && sim_below(random, 5) == 0)
            continue;
        Baton__PoolMember *m = p.members[p.n_members++] = ARENA_NEW(arena, Baton__PoolMember);
        baton__pool_member__init(m);
        m->user_id = users->ids[i];
        m->has_weight = true;
        m->weight = 1 + (uint32_t)sim_below(random, 4);
    }
    p.has_pull = true;
    p.pull = sim_below(random, 3) == 0;
    p.keeper_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    return fill_create(a, "leads", &p.base, arena);
}

enum { LEVELS = 4 };

/* Reminds, escalates and passes on in any order; half the time there are none. */
static size_t levels(Baton__DeadlineLevel ***out, uint64_t *random, struct arena *arena)
{
    static const Baton__DeadlineAction actions[] = {BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND,
                                                    BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE};
    size_t n = sim_below(random, 2) ? 2 + sim_below(random, LEVELS - 1) : 0;
    *out = ARENA_ARRAY(arena, Baton__DeadlineLevel *, n);
    for (size_t i = 0; i < n; i++) {
        Baton__DeadlineLevel *l = (*out)[i] = ARENA_NEW(arena, Baton__DeadlineLevel);
        baton__deadline_level__init(l);
        l->has_after_minutes = l->has_action = true;
        l->after_minutes = (uint32_t)(i + 1);
        l->action =
            i + 1 < n ? actions[sim_below(random, 2)] : BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON;
    }
    return n;
}

/* Now and then for a territory, which may be deleted later. */
static void draw_condition(struct sim *sim, Baton__Rule *rule, uint64_t *random, struct arena *arena)
{
    const char *id = known_draw(sim, KNOWN_TERRITORY, random, NULL);
    if (!id || sim_below(random, 2))
        return;
    Baton__Condition *c = ARENA_NEW(arena, Baton__Condition);
    baton__condition__init(c);
    c->field = "territory_id";
    c->has_operator_ = true;
    c->operator_ = BATON__OPERATOR__OPERATOR_IS;
    c->values = ARENA_ARRAY(arena, char *, 1);
    c->values[c->n_values++] = (char *)(uintptr_t)id;
    rule->conditions = ARENA_ARRAY(arena, Baton__Condition *, 1);
    rule->conditions[rule->n_conditions++] = c;
}

static const Baton__Rank ranks[] = {BATON__RANK__RANK_SCORE, BATON__RANK__RANK_LEAST_LOADED,
                                    BATON__RANK__RANK_NEAREST};

/* False: there is no pool yet. */
static bool draw_rules(struct sim *sim, Baton__Policy *policy, uint64_t *random, struct arena *arena)
{
    baton__policy__init(policy);
    policy->rules = ARENA_ARRAY(arena, Baton__Rule *, 2);
    policy->n_rules = 1 + sim_below(random, 2);
    for (size_t i = 0; i < policy->n_rules; i++) {
        Baton__Rule *rule = policy->rules[i] = ARENA_NEW(arena, Baton__Rule);
        baton__rule__init(rule);
        rule->name = i ? "some" : "all";
        rule->pool_id = fill_drawn(sim, KNOWN_POOL, random);
        rule->has_response_minutes = true;
        rule->response_minutes = 1 + (uint32_t)sim_below(random, 5);
        rule->n_levels = levels(&rule->levels, random, arena);
        rule->ranks = ARENA_ARRAY(arena, Baton__Rank, 1);
        rule->ranks[0] = ranks[sim_below(random, sizeof ranks / sizeof *ranks)];
        rule->n_ranks = sim_below(random, 3) != 0;
        if (i + 1 < policy->n_rules)
            draw_condition(sim, rule, random, arena);
        if (!rule->n_conditions && sim_below(random, 3) == 0)
            fill_territory_condition(sim, rule, random, arena);
        if (!rule->pool_id)
            return false;
    }
    return true;
}

bool fill_policy(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    Baton__Policy policy;
    if (!draw_rules(sim, &policy, random, arena))
        return false;
    q.policy = &policy;
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/PublishPolicy", &q, arena);
    return true;
}

bool fill_draft(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DraftPolicyRequest q = BATON__DRAFT_POLICY_REQUEST__INIT;
    Baton__Policy policy;
    if (!draw_rules(sim, &policy, random, arena))
        return false;
    q.policy = &policy;
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/DraftPolicy", &q, arena);
    return true;
}

/* Which versions there are is not known to clients here: some are no drafts, or not there. */
bool fill_publish_draft(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    q.has_version = true;
    q.version = 1 + sim_below(random, VERSIONS_DRAWN);
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/PublishPolicy", &q, arena);
    return true;
}

bool fill_roll_back(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RollBackPolicyRequest q = BATON__ROLL_BACK_POLICY_REQUEST__INIT;
    q.has_version = sim_below(random, 2) != 0;
    q.version = 1 + sim_below(random, VERSIONS_DRAWN);
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/RollBackPolicy", &q, arena);
    return true;
}

bool fill_shadow(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ShadowPolicyRequest q = BATON__SHADOW_POLICY_REQUEST__INIT;
    q.has_version = true;
    q.version = 1 + sim_below(random, VERSIONS_DRAWN);
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/ShadowPolicy", &q, arena);
    return true;
}

bool fill_end_shadow(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__EndShadowRequest q = BATON__END_SHADOW_REQUEST__INIT;
    q.request_id = a->id;
    fill_command(a, "leads", "LeadService/EndShadow", &q, arena);
    return true;
}

bool fill_organisation(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.name = fill_name(arena, "Organisation", sim_below(random, FILL_NAMES));
    o.has_response_minutes = true;
    o.response_minutes = 1 + (uint32_t)sim_below(random, 6);
    o.n_deadline_levels = levels(&o.deadline_levels, random, arena);
    return fill_change(a, "directory", &o.base, arena);
}

/* The first one is for everybody. */
bool fill_template(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const languages[] = {"de", "zh-Hant", "fr"};
    Baton__ResponseTemplate t = BATON__RESPONSE_TEMPLATE__INIT;
    const uint64_t n = sim_random(random);
    t.name = fill_name(arena, "Template", n);
    t.subject = "We have your request[, {lead.first_name}]";
    t.body = "[{owner.name} will call you by {due}.|{owner.name} will call you.]";
    if (sim->known[KNOWN_LEAD].n) {
        t.language = languages[n % 3];
        t.product = n % 2 ? fill_name(arena, "Product", n % FILL_NAMES) : NULL;
    }
    return fill_create(a, "leads", &t.base, arena);
}

bool fill_lead_form(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__LeadForm f = BATON__LEAD_FORM__INIT;
    Baton__FormFieldDefinition email = BATON__FORM_FIELD_DEFINITION__INIT, *fields[] = {&email};
    email.name = "email";
    email.label = "E-mail";
    email.has_kind = email.has_required = email.required = true;
    email.kind = BATON__FORM_FIELD_KIND__FORM_FIELD_KIND_EMAIL;
    f.name = "contact";
    f.fields = fields;
    f.n_fields = 1;
    return fill_create(a, "leads", &f.base, arena);
}

bool fill_create_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.name = fill_name(arena, "Account", sim_below(random, FILL_NAMES));
    r.owner_id = fill_drawn(sim, KNOWN_USER, random);
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_update_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    r.name = fill_name(arena, "Renamed", sim_below(random, FILL_NAMES));
    return r.id && fill_change(a, "contacts", &r.base, arena);
}

bool fill_delete(struct ask *a, const char *service, const char *type, const char *id, struct arena *arena)
{
    Baton__DeleteRecordRequest q = BATON__DELETE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.type = (char *)(uintptr_t)type;
    q.id = (char *)(uintptr_t)id;
    if (id)
        fill_command(a, service, "RecordService/DeleteRecord", &q, arena);
    return id != NULL;
}

bool fill_delete_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "contacts", "account", known_draw(sim, KNOWN_ACCOUNT, random, NULL), arena);
}

/* Rules that send to it are skipped from then on. */
bool fill_delete_pool(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "leads", "pool", known_draw(sim, KNOWN_POOL, random, NULL), arena);
}

bool fill_create_contact(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Contact r = BATON__CONTACT__INIT;
    r.last_name = fill_name(arena, "Contact", sim_below(random, FILL_NAMES));
    r.account_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    r.owner_id = fill_drawn(sim, KNOWN_USER, random);
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_create_opportunity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Opportunity r = BATON__OPPORTUNITY__INIT;
    r.name = fill_name(arena, "Opportunity", sim_below(random, FILL_NAMES));
    r.owner_id = fill_drawn(sim, KNOWN_USER, random);
    r.type = sim_below(random, 3) ? NULL : "Renewal";
    return fill_create(a, "opportunities", &r.base, arena);
}

/* --- notifications --- */

bool fill_device(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RegisterDeviceRequest q = BATON__REGISTER_DEVICE_REQUEST__INIT;
    q.request_id = a->id;
    q.name = fill_name(arena, "Device", sim_below(random, FILL_NAMES));
    q.push = sim_below(random, 2) ? fill_subscription(random, arena) : NULL;
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    fill_command(a, "notifications", "NotificationService/RegisterDevice", &q, arena);
    return true;
}

bool fill_delivered(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MarkDeliveredRequest q = BATON__MARK_DELIVERED_REQUEST__INIT;
    const char *user_id, *id = known_draw(sim, KNOWN_NOTIFICATION, random, NULL);
    q.request_id = a->id;
    q.device_id = (char *)(uintptr_t)known_draw(sim, KNOWN_DEVICE, random, &user_id);
    q.notification_ids = (char **)(uintptr_t)&id;
    q.n_notification_ids = 1;
    if (!id || !q.device_id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)user_id;
    fill_command(a, "notifications", "NotificationService/MarkDelivered", &q, arena);
    return true;
}

bool fill_seen(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MarkSeenRequest q = BATON__MARK_SEEN_REQUEST__INIT;
    const char *user_id, *id = known_draw(sim, KNOWN_NOTIFICATION, random, &user_id);
    q.request_id = a->id;
    q.notification_ids = (char **)(uintptr_t)&id;
    q.n_notification_ids = 1;
    if (!id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)user_id;
    fill_command(a, "notifications", "NotificationService/MarkSeen", &q, arena);
    return true;
}
