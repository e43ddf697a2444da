/* What of a lead is compared: normalised addresses, numbers and names. */
#include <string.h>

#include "base/party.h"
#include "base/text.h"
#include "services/leads/match.h"

static void addresses_of(const Baton__Lead *l, struct leads_keys *k, struct arena *a)
{
    k->email = email_of(l->email, a);
    const char *domain = k->email ? email_domain(k->email) : NULL;
    k->domain = domain ? domain : site_of(l->website, a);
    k->is_role = k->email && email_is_role(k->email, a);
}

void leads_keys_of(const Baton__Lead *l, struct leads_keys *k, struct arena *a)
{
    const Baton__Address *at = l->address;
    *k = (struct leads_keys){0};
    addresses_of(l, k, a);
    k->phones[0] = phone_of(l->phone, at ? at->country : NULL, a);
    k->phones[1] = phone_of(l->mobile_phone, at ? at->country : NULL, a);
    k->company = company_of(l->company, a);
    k->first_name = text_words(a, l->first_name);
    k->last_name = text_words(a, l->last_name);
    k->street = at ? text_words(a, at->street) : NULL;
    k->city = at ? text_words(a, at->city) : NULL;
    k->postal_code = at ? text_fold_postcode(a, at->postal_code) : NULL;
}

/* --- under what they are found --- */

void leads_hashes_of(const struct leads_keys *k, struct near_keys *out)
{
    const char *first = k->first_name, *last = k->last_name;
    bool crossed = first && last && strcmp(first, last) > 0; /* 11: whichever of them comes first */
    out->n = 0;
    near_key(out, 'e', k->email, "");
    for (size_t i = 0; i < LEADS_PHONES; i++)
        near_key(out, 'p', phone_tail(k->phones[i].digits), "");
    out->n_own = out->n;
    near_key(out, 'n', crossed ? last : first, crossed ? first : last);
    near_key(out, 'd', k->domain, last);
    near_key(out, 'c', k->company, last ? last : k->postal_code);
    near_key(out, 'z', last, k->postal_code);
    near_key(out, 'f', first, k->postal_code);
    near_key(out, 's', k->street, k->postal_code);
}

void leads_party_hashes_of(const struct leads_keys *k, struct near_keys *out)
{
    out->n = 0;
    near_key(out, 'e', k->email, "");
    for (size_t i = 0; i < LEADS_PHONES; i++)
        near_key(out, 'p', phone_tail(k->phones[i].digits), "");
    near_key(out, 'D', k->domain, "");
    near_key(out, 'C', k->company, "");
    out->n_own = out->n;
}

bool leads_is_key(const char *field)
{
    static const char *const fields[] = {"address",   "company",      "email", "first_name",
                                         "last_name", "mobile_phone", "phone", "website"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i], field) == 0)
            return true;
    return false;
}
