/* Links by which people outside see the catalogue of a price book, whatever its version is then. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "services/opportunities/catalogue.h"

bool catalogue_link_is_for(const Baton__CatalogueLink *link, const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ||
           (link->created_by_id && actor->user_id && strcmp(link->created_by_id, actor->user_id) == 0);
}

static Baton__CatalogueLinkChanged *change(struct outcome *out)
{
    Baton__CatalogueLinkChanged *e = ARENA_NEW(out->arena, Baton__CatalogueLinkChanged);
    baton__catalogue_link_changed__init(e);
    outcome_event(out, e);
    return e;
}

static Baton__CatalogueLink *link_of(const struct catalogue_link_facts *f,
                                     const Baton__CreateCatalogueLinkRequest *r, struct stamp *s)
{
    Baton__CatalogueLink *link = ARENA_NEW(s->arena, Baton__CatalogueLink);
    baton__catalogue_link__init(link);
    link->id = stamp_id(s);
    /* 3: it is to the book with all its versions */
    link->price_book_id = f->book->id;
    link->purpose = text_trim(s->arena, r->purpose);
    link->created_by_id = s->actor->user_id;
    link->created_at = timestamp_of(s->arena, s->now_us);
    return link;
}

bool catalogue_decide_link(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct catalogue_link_facts *f = facts;
    const Baton__CreateCatalogueLinkRequest *r = (const Baton__CreateCatalogueLinkRequest *)c->request;
    /* 1: there is such a book */
    if (!f->book)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
    /* 2: there are not more than anybody looks after */
    if (f->n_links >= CATALOGUE_LINKS_MAX)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "price_book_id",
                      "there are %d links to this catalogue: revoke one first", CATALOGUE_LINKS_MAX);
    Baton__CreateCatalogueLinkResponse *reply = ARENA_NEW(out->arena, Baton__CreateCatalogueLinkResponse);
    baton__create_catalogue_link_response__init(reply);
    Baton__CatalogueLink *link = change(out)->link = link_of(f, r, s);
    reply->link = arena_copy(out->arena, link, sizeof *link);
    reply->token = stamp_secret(s);
    /* 4: who knows the store does not know the link */
    link->token_hash = arena_alloc(s->arena, HASH_TEXT_SIZE);
    hash_text(link->token_hash, reply->token);
    out->reply = &reply->base;
    return true;
}

bool catalogue_decide_revoke(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct catalogue_link_facts *f = facts;
    /* 5: by whoever made it, or an administrator; it is no more from then on */
    if (!f->link || !catalogue_link_is_for(f->link, c->actor))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such link");
    Baton__CatalogueLinkChanged *e = change(out);
    e->link = (Baton__CatalogueLink *)(uintptr_t)f->link;
    e->has_revoked = e->revoked = true;
    return true;
}
