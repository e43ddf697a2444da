/* What people and companies are known by, normalised for comparing: names of companies, addresses
   for mail, sites. Telephone numbers: phone.h. All results live in the arena. */
#ifndef BATON_BASE_PARTY_H
#define BATON_BASE_PARTY_H

#include <stdbool.h>

struct arena;

/* A company's name without case, width, punctuation and legal form. NULL: nothing is left. */
char *company_of(const char *name, struct arena *a);

/* An address folded and without a +tag (RFC 5233). NULL: it is none. */
char *email_of(const char *text, struct arena *a);
/* Of an address that email_of made: it is an office's, not a person's (info@, sales@). */
bool email_is_role(const char *email, struct arena *a);
/* Its domain, within `email`, unless everybody can have an address there: NULL. */
const char *email_domain(const char *email);
/* The domain of a web address, without www. NULL: it is none. */
const char *site_of(const char *website, struct arena *a);

#endif
