/* What of a customer's record a partner is shown. */
#include <string.h>

#include "services/contacts/contacts.h"

/* Who the customer is and how to reach them; not with whom of us, nor what we make of them. */
static const char *const of_account[] = {
    "id",       "revision",        "created_at",       "updated_at", "name",    "type",
    "industry", "billing_address", "shipping_address", "phone",      "website", "lead_id",
};
static const char *const of_contact[] = {
    "id",         "revision",   "created_at",   "updated_at",      "account_id",
    "salutation", "first_name", "last_name",    "title",           "department",
    "email",      "phone",      "mobile_phone", "mailing_address", "lead_id",
};

static bool is_among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool contacts_shows(const Baton__Actor *actor, const struct schema_field *f)
{
    const struct schema_message *account = schema_message(&baton__account__descriptor);
    if (!actor_is(actor, BATON__ROLE__ROLE_PARTNER))
        return true;
    bool is_of_account = f >= account->fields && f < account->fields + account->pb->n_fields;
    return is_of_account ? is_among(of_account, sizeof of_account / sizeof *of_account, f->pb->name)
                         : is_among(of_contact, sizeof of_contact / sizeof *of_contact, f->pb->name);
}
