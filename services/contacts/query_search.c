/* Accounts and contacts by what is typed, by who may see them. */
#include <string.h>

#include "services/contacts/rows.h"

static const struct finder_kind {
    const char *type;
    const ProtobufCMessageDescriptor *pb;
} kinds[CONTACTS_FOUND] = {
    {"account", &baton__account__descriptor},
    {"contact", &baton__contact__descriptor},
};

/* 1: a type is one of those that are found here */
static bool types_are_known(const Baton__SearchContactsRequest *q, struct refusal *no)
{
    for (size_t i = 0; i < q->n_types; i++) {
        bool known = false;
        for (size_t k = 0; k < CONTACTS_FOUND; k++)
            known |= strcmp(q->types[i], kinds[k].type) == 0;
        if (!known)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "types", "\"%s\" is not searched for here",
                          q->types[i]);
    }
    return true;
}

static bool is_wanted(const Baton__SearchContactsRequest *q, size_t kind)
{
    for (size_t i = 0; i < q->n_types; i++)
        if (strcmp(q->types[i], kinds[kind].type) == 0)
            return true;
    return q->n_types == 0;
}

/* 2: of a type that the role may not see there is nothing */
static size_t finders_of(struct load *l, const struct command *c, struct finder *out[CONTACTS_FOUND])
{
    struct contacts_state *s = l->state;
    size_t n = 0;
    for (size_t i = 0; i < CONTACTS_FOUND; i++)
        if (is_wanted((const Baton__SearchContactsRequest *)c->request, i) &&
            record_may(schema_message(kinds[i].pb), NULL, c->actor, false))
            out[n++] = &s->finders[i];
    return n;
}

/* What was found, as its row is; one that the caller may not see after all is left out. */
static Baton__FoundContact *found_of(struct load *l, const struct command *c, const struct finder_found *from)
{
    char id[IDENT_TEXT_SIZE];
    const unsigned table = from->in->def->table;
    ident_format(id, from->hit.id);
    ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    if (!records_may_read(l, table, row, c->actor))
        return NULL;
    row = records_view(l, table, c->actor, row);
    Baton__FoundContact *f = ARENA_NEW(l->arena, Baton__FoundContact);
    baton__found_contact__init(f);
    f->rank = finder_rank(&from->hit, l->arena);
    if (table == CONTACTS_ACCOUNT)
        f->account = (Baton__Account *)row;
    else
        f->contact = (Baton__Contact *)row;
    return f;
}

/* Where not everybody reaches everything, each is asked for. */
static bool sees(struct load *rows, const char *id, void *arg)
{
    const Baton__Actor *actor = arg;
    return contacts_sees(rows, CONTACTS_ACCOUNT, id, actor) ||
           contacts_sees(rows, CONTACTS_CONTACT, id, actor);
}

static bool find(struct load *l, const struct command *c, struct finder_page *page, struct refusal *no)
{
    const Baton__SearchContactsRequest *q = (const Baton__SearchContactsRequest *)c->request;
    struct finder *finders[CONTACTS_FOUND];
    /* 3: nobody finds what they do not reach */
    const struct finder_asked asked = {
        .search = q->search,
        .page_size = q->page_size,
        .page_token = q->page_token,
        .sees = contacts_reaches_all(l, c->actor) ? NULL : sees,
        .arg = (void *)(uintptr_t)c->actor,
        .open_only = actor_is(c->actor, BATON__ROLE__ROLE_PARTNER),
    };
    return finder_find(finders, finders_of(l, c, finders), l, &asked, page, no);
}

/* As a list of each type. */
static void looked(struct load *l, const struct command *c, const Baton__SearchContactsResponse *out)
{
    size_t accounts = 0;
    for (size_t i = 0; i < out->n_found; i++)
        accounts += out->found[i]->account != NULL;
    records_looked(l, CONTACTS_ACCOUNT, c->actor, RECORD_LOOK_LIST, NULL, accounts);
    records_looked(l, CONTACTS_CONTACT, c->actor, RECORD_LOOK_LIST, NULL, out->n_found - accounts);
}

bool contacts_query_search(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__SearchContactsRequest *q = (const Baton__SearchContactsRequest *)c->request;
    struct finder_page page;
    if (!types_are_known(q, no) || !find(l, c, &page, no))
        return false;
    Baton__SearchContactsResponse *out = ARENA_NEW(l->arena, Baton__SearchContactsResponse);
    baton__search_contacts_response__init(out);
    out->found = ARENA_ARRAY(l->arena, Baton__FoundContact *, page.n);
    for (size_t i = 0; i < page.n; i++)
        if ((out->found[out->n_found] = found_of(l, c, &page.found[i])))
            out->n_found++;
    out->next_page_token = page.next_page_token;
    out->has_cut = true;
    out->cut = page.cut;
    looked(l, c, out);
    *reply = &out->base;
    return true;
}
