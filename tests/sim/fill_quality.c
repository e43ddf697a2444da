/* Requests about how good the data is, and who is nearby. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { TYPED = 4, CODES = 4, NORTH_E6 = 90000000, EAST_E6 = 180000000, RADIUS_KM = 500 };

static const char *known(struct sim *sim, uint64_t *random, bool account)
{
    return known_draw(sim, account ? KNOWN_ACCOUNT : KNOWN_CONTACT, random, NULL);
}

static void record_command(struct ask *a, const char *method, void *request, struct arena *arena)
{
    fill_command(a, "contacts", method, request, arena);
}

bool fill_quality_rule(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const fields[] = {"phone", "owner_id", "updated_at"};
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__QualityRule r = BATON__QUALITY_RULE__INIT;
    Baton__QualityCondition c = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&c};
    r.name = fill_name(arena, "Rule", sim_below(random, FILL_NAMES));
    r.record_type = sim_below(random, 2) ? "account" : "contact";
    r.message = "Mend it.";
    r.has_severity = true;
    r.severity = (Baton__Severity)(1 + sim_below(random, 3));
    r.conditions = conditions;
    r.n_conditions = 1;
    c.field = fields[sim_below(random, sizeof fields / sizeof *fields)];
    c.has_operator_ = true;
    c.operator_ = (Baton__QualityOperator)(1 + sim_below(random, 5));
    c.value = "0";
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    record_command(a, "RecordService/CreateRecord", &q, arena);
    return true;
}

bool fill_pause_rule(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    Baton__QualityRule r = BATON__QUALITY_RULE__INIT;
    r.id = (char *)(uintptr_t)known_draw(sim, KNOWN_QUALITY_RULE, random, NULL);
    r.has_paused = true;
    r.paused = sim_below(random, 2);
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    if (r.id)
        record_command(a, "RecordService/UpdateRecord", &q, arena);
    return r.id != NULL;
}

bool fill_place(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__Place p = BATON__PLACE__INIT;
    p.country = "Germany";
    p.postal_code = fill_name(arena, "Code", sim_below(random, CODES));
    p.name = fill_name(arena, "City", sim_below(random, 2));
    p.has_latitude_e6 = p.has_longitude_e6 = true;
    p.latitude_e6 = (int32_t)sim_below(random, NORTH_E6);
    p.longitude_e6 = (int32_t)sim_below(random, EAST_E6);
    q.request_id = a->id;
    q.record = record_wrap(&p.base, arena);
    fill_command(a, "leads", "RecordService/CreateRecord", &q, arena);
    return true;
}

/* Of the places that there may be. */
static Baton__Address *address(uint64_t *random, struct arena *arena)
{
    Baton__Address *at = ARENA_NEW(arena, Baton__Address);
    baton__address__init(at);
    at->country = sim_below(random, TYPED) ? "Deutschland" : "Atlantis";
    at->postal_code = fill_name(arena, "Code", sim_below(random, CODES));
    at->city = fill_name(arena, "City", sim_below(random, 2));
    return at;
}

static char *phone(uint64_t *random, struct arena *arena)
{
    return sim_below(random, TYPED)
               ? arena_printf(arena, "030 %u45678", (unsigned)sim_below(random, FILL_NAMES))
               : "none";
}

bool fill_type_in(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    Baton__Account r = BATON__ACCOUNT__INIT;
    Baton__Contact c = BATON__CONTACT__INIT;
    char *clear[] = {"phone"};
    bool is_account = sim_below(random, 2);
    r.id = c.id = (char *)(uintptr_t)known(sim, random, is_account);
    r.owner_id = c.owner_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    r.billing_address = c.mailing_address = sim_below(random, 2) ? address(random, arena) : NULL;
    r.shipping_address = sim_below(random, 2) ? address(random, arena) : NULL;
    r.phone = c.phone = sim_below(random, 2) ? phone(random, arena) : NULL;
    q.request_id = a->id;
    q.record = record_wrap(is_account ? &r.base : &c.base, arena);
    q.clear = clear;
    q.n_clear = !r.phone && sim_below(random, 2);
    if (r.id)
        record_command(a, "RecordService/UpdateRecord", &q, arena);
    return r.id != NULL;
}

bool fill_confirm(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ConfirmFieldsRequest q = BATON__CONFIRM_FIELDS_REQUEST__INIT;
    bool is_account = sim_below(random, 2);
    q.request_id = a->id;
    q.type = is_account ? "account" : "contact";
    q.id = (char *)(uintptr_t)known(sim, random, is_account);
    if (q.id)
        record_command(a, "ContactService/ConfirmFields", &q, arena);
    return q.id != NULL;
}

bool fill_look_at_quality(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetQualityRequest q = BATON__GET_QUALITY_REQUEST__INIT;
    Baton__GetQualityReportRequest report = BATON__GET_QUALITY_REPORT_REQUEST__INIT;
    Baton__ListToMendRequest list = BATON__LIST_TO_MEND_REQUEST__INIT;
    bool is_account = sim_below(random, 2);
    q.type = report.record_type = is_account ? "account" : "contact";
    q.id = (char *)(uintptr_t)known(sim, random, is_account);
    list.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    report.has_by = true;
    report.by = (Baton__QualityGrouping)(1 + sim_below(random, 3));
    if (q.id && sim_below(random, 2))
        fill_query(a, "contacts", "ContactService/GetQuality", &q, arena);
    else if (sim_below(random, 2))
        fill_query(a, "contacts", "ContactService/GetQualityReport", &report, arena);
    else
        fill_query(a, "contacts", "ContactService/ListToMend", &list, arena);
    return true;
}

bool fill_nearby(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ListNearbyRequest q = BATON__LIST_NEARBY_REQUEST__INIT;
    q.has_latitude_e6 = q.has_longitude_e6 = q.has_radius_km = true;
    q.latitude_e6 = (int32_t)sim_below(random, NORTH_E6);
    q.longitude_e6 = (int32_t)sim_below(random, EAST_E6);
    q.radius_km = 1 + (uint32_t)sim_below(random, RADIUS_KM);
    fill_query(a, "contacts", "ContactService/ListNearby", &q, arena);
    return true;
}
