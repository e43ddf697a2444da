/* Contacts by id or address. */
#include "tool/person.h"

#include <string.h>

#include "base/refusal.h"
#include "base/text.h"
#include "baton/v1/contacts.pb-c.h"

enum { PAGE = 200 };

static bool same(const char *x, const char *y, struct arena *a)
{
    const char *one = x != NULL ? text_fold(a, x) : NULL, *other = y != NULL ? text_fold(a, y) : NULL;
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* Whoever was merged is whom they were merged into. False: two have the address. */
static bool take(const Baton__SearchContactsResponse *r, const char *email, const char **id,
                 struct session *s)
{
    for (size_t i = 0; i < r->n_found; i++) {
        const Baton__Contact *c = r->found[i]->contact;
        if (c == NULL || !same(c->email, email, s->arena))
            continue;
        const char *now = c->merged_into_id != NULL ? c->merged_into_id : c->id;
        if (*id != NULL && strcmp(*id, now) != 0)
            return refuse(&s->no, REFUSAL_FAILED_PRECONDITION, NULL,
                          "%s and %s both have the address %s; say which by its id", *id, now, email);
        *id = now;
    }
    return true;
}

static const char *find(struct session *s, const char *email)
{
    Baton__SearchContactsRequest q = BATON__SEARCH_CONTACTS_REQUEST__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    char *types[] = {(char *)(uintptr_t) "contact"};
    const char *id = NULL;
    search.query = (char *)(uintptr_t)email;
    q.search = &search;
    q.types = types;
    q.n_types = 1;
    q.has_page_size = true;
    q.page_size = PAGE;
    do {
        const Baton__SearchContactsResponse *r = session_call(s, "ContactService/SearchContacts", &q);
        if (r == NULL || !take(r, email, &id, s))
            return NULL;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (id == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no contact with the address %s", email);
    return id;
}

const char *person_id(struct session *s, const char *word)
{
    return strchr(word, '@') != NULL ? find(s, word) : word;
}
