/* Rows of opportunities that events make. */
#include "base/hash.h"
#include "services/opportunities/rows.h"

void opportunities_apply_quote_sent(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__QuoteSent *e = (const Baton__QuoteSent *)payload;
    Baton__QuoteLink link = BATON__QUOTE_LINK__INIT;
    char hash[HASH_TEXT_SIZE];
    /* of a log whose personal fields are gone */
    if (!e->token)
        return;
    hash_text(hash, e->token);
    link.hash = hash;
    link.quote_id = e->quote_id;
    table_put(ap->txn, OPPORTUNITIES_QUOTE_LINK, &link, ap->seq, ap->arena);
}

void opportunities_apply_catalogue_link(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__CatalogueLinkChanged *e = (const Baton__CatalogueLinkChanged *)payload;
    const struct key key = key_of(e->link->id);
    if (e->revoked)
        (void)table_delete(ap->txn, OPPORTUNITIES_CATALOGUE_LINK, &key, ap->arena); /* gone either way */
    else
        table_put(ap->txn, OPPORTUNITIES_CATALOGUE_LINK, e->link, ap->seq, ap->arena);
}
