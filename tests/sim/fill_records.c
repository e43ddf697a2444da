/* Requests about records, people and notifications. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

/* --- records --- */

static bool create(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.record = record_wrap(record, arena);
    fill_command(a, service, "RecordService/CreateRecord", &q, arena);
    return true;
}

static bool update(struct ask *a, const char *service, ProtobufCMessage *record, struct arena *arena)
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
    return create(a, "directory", &u.base, arena);
}

bool fill_update_user(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__User u = BATON__USER__INIT;
    u.id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    u.name = fill_name(arena, "Renamed", sim_below(random, FILL_NAMES));
    u.has_capacity = true;
    u.capacity = (uint32_t)sim_below(random, 6);
    return update(a, "directory", &u.base, arena);
}

bool fill_user_leaves(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeactivateUserRequest q = BATON__DEACTIVATE_USER_REQUEST__INIT;
    q.request_id = a->id;
    q.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
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
    return create(a, "leads", &p.base, arena);
}

bool fill_policy(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__Rule rules[2], *list[2] = {&rules[0], &rules[1]};
    for (int i = 0; i < 2; i++) {
        baton__rule__init(&rules[i]);
        rules[i].name = i ? "some" : "all";
        rules[i].pool_id = (char *)(uintptr_t)known_draw(sim, KNOWN_POOL, random, NULL);
        rules[i].has_response_minutes = true;
        rules[i].response_minutes = 1 + (uint32_t)sim_below(random, 5);
    }
    policy.rules = list;
    policy.n_rules = 1 + sim_below(random, 2);
    q.policy = &policy;
    q.request_id = a->id;
    if (rules[0].pool_id)
        fill_command(a, "leads", "LeadService/PublishPolicy", &q, arena);
    return rules[0].pool_id != NULL;
}

bool fill_organisation(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.name = fill_name(arena, "Organisation", sim_below(random, FILL_NAMES));
    o.has_response_minutes = true;
    o.response_minutes = 1 + (uint32_t)sim_below(random, 6);
    return update(a, "directory", &o.base, arena);
}

bool fill_lead_form(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__LeadForm f = BATON__LEAD_FORM__INIT;
    f.name = "contact";
    return create(a, "leads", &f.base, arena);
}

bool fill_create_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.name = fill_name(arena, "Account", sim_below(random, FILL_NAMES));
    r.owner_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    return create(a, "contacts", &r.base, arena);
}

bool fill_update_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.id = (char *)(uintptr_t)known_draw(sim, KNOWN_ACCOUNT, random, NULL);
    r.name = fill_name(arena, "Renamed", sim_below(random, FILL_NAMES));
    return r.id && update(a, "contacts", &r.base, arena);
}

bool fill_delete_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeleteRecordRequest q = BATON__DELETE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.type = "account";
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_ACCOUNT, random, NULL);
    if (q.id)
        fill_command(a, "contacts", "RecordService/DeleteRecord", &q, arena);
    return q.id != NULL;
}

bool fill_create_contact(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Contact r = BATON__CONTACT__INIT;
    r.last_name = fill_name(arena, "Contact", sim_below(random, FILL_NAMES));
    r.account_id = (char *)(uintptr_t)known_draw(sim, KNOWN_ACCOUNT, random, NULL);
    r.owner_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    return create(a, "contacts", &r.base, arena);
}

bool fill_create_opportunity(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Opportunity r = BATON__OPPORTUNITY__INIT;
    r.name = fill_name(arena, "Opportunity", sim_below(random, FILL_NAMES));
    r.owner_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    return create(a, "opportunities", &r.base, arena);
}

/* --- notifications --- */

bool fill_device(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RegisterDeviceRequest q = BATON__REGISTER_DEVICE_REQUEST__INIT;
    q.request_id = a->id;
    q.name = fill_name(arena, "Device", sim_below(random, FILL_NAMES));
    a->actor.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
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
