/* By what a contact or an account is known again. */
#include <string.h>

#include "base/ident.h"
#include "base/phone.h"
#include "base/text.h"
#include "services/contacts/keys.h"

static char *number_of(const char *text, const Baton__Address *address, const char *country, struct arena *a)
{
    const char *where = address && address->country && *address->country ? address->country : country;
    struct phone p = text ? phone_of(text, where, a) : (struct phone){0};
    return p.international ? (char *)(uintptr_t)p.digits : NULL;
}

char *contacts_number_in(char *number, const Baton__Address *address, const char *country, struct arena *a)
{
    bool says = address && address->country && *address->country;
    struct phone own = number ? phone_of(number, NULL, a) : (struct phone){0};
    if (says || !country || !own.digits || own.international)
        return number;
    struct phone p = phone_of(number, country, a);
    return p.international ? arena_printf(a, "+%s", p.digits) : number;
}

static char *known(char *text)
{
    return text && *text ? text : NULL;
}

void contacts_keys_of_contact(const Baton__Contact *c, const char *country, Baton__ContactKey *k,
                              struct arena *a)
{
    baton__contact_key__init(k);
    k->id = c->id;
    k->email = c->email ? known(text_fold(a, c->email)) : NULL;
    k->phone = number_of(c->phone, c->mailing_address, country, a);
    k->mobile_phone = number_of(c->mobile_phone, c->mailing_address, country, a);
    k->external_id = known(c->external_id);
}

void contacts_keys_of_account(const Baton__Account *c, const char *country, Baton__ContactKey *k,
                              struct arena *a)
{
    baton__contact_key__init(k);
    k->id = c->id;
    k->phone = number_of(c->phone, c->billing_address, country, a);
    k->external_id = known(c->external_id);
    k->name = c->name ? known(text_fold(a, c->name)) : NULL;
}

const char *contacts_own_uid(const char *external_id)
{
    uint8_t id[IDENT_SIZE];
    size_t n = strlen(CONTACTS_UID_PREFIX);
    if (!external_id || strncmp(external_id, CONTACTS_UID_PREFIX, n) != 0)
        return NULL;
    return ident_parse(id, external_id + n) ? external_id + n : NULL;
}
