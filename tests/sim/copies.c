/* What is kept of another service's records: in the end, what they are there. */
#include <assert.h>
#include <string.h>

#include "contacts/contacts.h"
#include "documents/documents.h"
#include "leads/leads.h"
#include "notifications/notifications.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"

static const char *const of_account[] = {
    "id",       "name",         "type",           "billing_address", "phone",          "website",
    "owner_id", "territory_id", "is_key_account", "lead_id",         "merged_into_id", NULL,
};
static const char *const of_industry[] = {"id", "industry", "owner_id", "merged_into_id", NULL},
                         *const of_person[] = {"id", "erased_at", NULL};
static const char *const of_document[] = {"id", "type", "status", "opportunity_ids", "account_ids", NULL};
static const char *const of_linked[] = {"opportunity_ids", "account_ids", NULL};
static const char *const of_share[] = {"id",           "record_id", "user_id", "team_id",
                                       "territory_id", "level",     NULL};
static const char *const of_territory[] = {"id", "parent_id", NULL};
static const char *const of_contact[] = {
    "id",           "account_id", "first_name", "last_name",      "email", "phone",
    "mobile_phone", "owner_id",   "lead_id",    "merged_into_id", NULL,
};

static const char *const of_user[] = {"id",      "email",     "name",          "role", "status",
                                      "team_id", "time_zone", "territory_ids", NULL};
static const char *const of_colleague[] = {"id",        "name",          "role",          "status", "team_id",
                                           "time_zone", "territory_ids", "working_hours", NULL};
static const char *const of_house[] = {
    "id",       "name", "time_zone", "customer_access", "letterhead", "fiscal_year_month", "working_hours",
    "holidays", NULL};
static const char *const of_reader[] = {"id", "role", "status", "team_id", "territory_ids", NULL};
static const char *const of_access[] = {"id", "customer_access", NULL};
static const char *const of_team[] = {"id", "manager_id", "parent_id", NULL};
static const char *const of_organisation[] = {"id", "time_zone", "locale", "customer_access", NULL};
static const char *const of_place[] = {
    "id", "country", "postal_code", "name", "latitude_e6", "longitude_e6", NULL,
};

/* A table whose rows are copies of those of another: of these fields, or of all. */
static const struct pair {
    enum service_number here, there;
    unsigned mine, theirs;
    const char *const *fields;
    const char *const *only; /* where these are empty there is no copy; NULL: all are copied */
} pairs[] = {
    {LEADS, DIRECTORY, LEADS_USER, DIRECTORY_USER, NULL, NULL},
    {LEADS, DIRECTORY, LEADS_TEAM, DIRECTORY_TEAM, NULL, NULL},
    {LEADS, DIRECTORY, LEADS_ORGANISATION, DIRECTORY_ORGANISATION, NULL, NULL},
    {NOTIFICATIONS, DIRECTORY, NOTIFICATIONS_USER, DIRECTORY_USER, NULL, NULL},
    {NOTIFICATIONS, DIRECTORY, NOTIFICATIONS_TEAM, DIRECTORY_TEAM, NULL, NULL},
    {NOTIFICATIONS, DIRECTORY, NOTIFICATIONS_ORGANISATION, DIRECTORY_ORGANISATION, NULL, NULL},
    {LEADS, DIRECTORY, LEADS_TERRITORY, DIRECTORY_TERRITORY, NULL, NULL},
    {NOTIFICATIONS, DIRECTORY, NOTIFICATIONS_TERRITORY, DIRECTORY_TERRITORY, of_territory, NULL},
    {CONTACTS, DIRECTORY, CONTACTS_USER, DIRECTORY_USER, of_user, NULL},
    {CONTACTS, DIRECTORY, CONTACTS_ORGANISATION, DIRECTORY_ORGANISATION, of_organisation, NULL},
    {CONTACTS, DIRECTORY, CONTACTS_TEAM, DIRECTORY_TEAM, of_team, NULL},
    {OPPORTUNITIES, DIRECTORY, OPPORTUNITIES_TERRITORY, DIRECTORY_TERRITORY, of_territory, NULL},
    {CONTACTS, LEADS, CONTACTS_PLACE, LEADS_PLACE, of_place, NULL},
    {OPPORTUNITIES, DIRECTORY, OPPORTUNITIES_USER, DIRECTORY_USER, of_colleague, NULL},
    {OPPORTUNITIES, DIRECTORY, OPPORTUNITIES_TEAM, DIRECTORY_TEAM, of_team, NULL},
    {OPPORTUNITIES, DIRECTORY, OPPORTUNITIES_ORGANISATION, DIRECTORY_ORGANISATION, of_house, NULL},
    {OPPORTUNITIES, CONTACTS, OPPORTUNITIES_CUSTOM_FIELD, CONTACTS_CUSTOM_FIELD, NULL, NULL},
    {DOCUMENTS, DIRECTORY, DOCUMENTS_USER, DIRECTORY_USER, of_reader, NULL},
    {DOCUMENTS, DIRECTORY, DOCUMENTS_TEAM, DIRECTORY_TEAM, of_team, NULL},
    {DOCUMENTS, DIRECTORY, DOCUMENTS_ORGANISATION, DIRECTORY_ORGANISATION, of_access, NULL},
    {LEADS, CONTACTS, LEADS_ACCOUNT, CONTACTS_ACCOUNT, of_account, NULL},
    {LEADS, CONTACTS, LEADS_CONTACT, CONTACTS_CONTACT, of_contact, NULL},
    {OPPORTUNITIES, CONTACTS, OPPORTUNITIES_ACCOUNT, CONTACTS_ACCOUNT, of_industry, NULL},
    {OPPORTUNITIES, CONTACTS, OPPORTUNITIES_CONTACT, CONTACTS_CONTACT, of_person, NULL},
    {OPPORTUNITIES, DOCUMENTS, OPPORTUNITIES_DOCUMENT, DOCUMENTS_DOCUMENT, of_document, of_linked},
    {OPPORTUNITIES, CONTACTS, OPPORTUNITIES_RECORD_SHARE, CONTACTS_SHARE, of_share, NULL},
};

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool is_copy(const ProtobufCMessage *copy, const ProtobufCMessage *row, const char *const *fields)
{
    const struct schema_message *type = schema_message(row->descriptor);
    for (unsigned i = 0; i < row->descriptor->n_fields; i++) {
        const struct schema_field *f = &type->fields[i];
        bool kept = !fields || is_among(fields, f->pb->name);
        if (kept ? !schema_field_equal(copy, row, f) : schema_present(copy, f))
            return false;
    }
    return true;
}

static bool is_copied(const ProtobufCMessage *row, const char *const *only)
{
    for (const char *const *name = only; name && *name; name++)
        if (schema_present(row, schema_field(schema_message(row->descriptor), *name)))
            return true;
    return !only;
}

static void copies_equal(struct sim *sim, const struct pair *p)
{
    struct table_scan scan;
    struct txn *here = sim->ledgers[p->here].made, *there = sim->ledgers[p->there].made;
    const char *name = sim->processes[p->here].def->name, *home = sim->processes[p->there].def->name;
    struct arena *a = arena_new(64 << 20);
    ProtobufCMessage *row;
    size_t n = 0, m = 0;
    bool opened = table_scan_open(&scan, there, p->theirs, NULL, NULL, NULL, false);
    assert(opened);
    while ((row = table_scan_next(&scan, a))) {
        if (!is_copied(row, p->only))
            continue;
        n++;
        const ProtobufCMessage *copy = table_get_id(here, p->mine, schema_get_text(row, "id"), a);
        if (!copy || !is_copy(copy, row, p->fields))
            sim_wrong(sim, "copies: %s has another copy of %s %s than %s", name, row->descriptor->short_name,
                      schema_get_text(row, "id"), home);
    }
    table_scan_close(&scan);
    opened = table_scan_open(&scan, here, p->mine, NULL, NULL, NULL, false);
    assert(opened);
    for (; table_scan_next(&scan, a); m++)
        ;
    table_scan_close(&scan);
    if (n != m)
        sim_wrong(sim, "copies: %s has %zu rows where %s has %zu", name, m, home, n);
    arena_free(a);
}

void copies_settled(struct sim *sim)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        copies_equal(sim, &pairs[i]);
}
