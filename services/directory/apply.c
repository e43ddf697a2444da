/* What the directory's own events do to its rows. */
#include "services/directory/rows.h"

void directory_apply_issued(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__CredentialIssued *e = (const Baton__CredentialIssued *)payload;
    if (e->credential)
        table_put(ap->txn, DIRECTORY_CREDENTIAL, e->credential, ap->seq, ap->arena);
}

void directory_apply_revoked(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__CredentialRevoked *e = (const Baton__CredentialRevoked *)payload;
    struct key key = key_of(e->credential_id);
    (void)table_delete(ap->txn, DIRECTORY_CREDENTIAL, &key, ap->arena); /* gone already is as good */
}

void directory_apply_password(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PasswordSet *e = (const Baton__PasswordSet *)payload;
    Baton__Password row = BATON__PASSWORD__INIT;
    row.user_id = e->user_id;
    row.hash = e->hash;
    table_put(ap->txn, DIRECTORY_PASSWORD, &row, ap->seq, ap->arena);
}
