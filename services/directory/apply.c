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

void directory_apply_used(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__CredentialsUsed *e = (const Baton__CredentialsUsed *)payload;
    for (size_t i = 0; i < e->n_credential_ids; i++) {
        Baton__Credential *row = table_get_id(ap->txn, DIRECTORY_CREDENTIAL, e->credential_ids[i], ap->arena);
        if (!row) /* it ended meanwhile */
            continue;
        row->last_used_at = e->used_at;
        table_put(ap->txn, DIRECTORY_CREDENTIAL, row, ap->seq, ap->arena);
    }
    if (ap->state)
        directory_uses_written(ap->state);
}

void directory_apply_password(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PasswordSet *e = (const Baton__PasswordSet *)payload;
    Baton__Password row = BATON__PASSWORD__INIT;
    row.user_id = e->user_id;
    row.hash = e->hash;
    table_put(ap->txn, DIRECTORY_PASSWORD, &row, ap->seq, ap->arena);
}

/* Copying goes first; then whoever waits for a date has a timer, as long as it is not active. */
static int64_t model_due_us(const struct apply *ap, const Baton__TerritoryModel *m)
{
    if (m->copying)
        return ap->time_us + 1;
    bool active = m->status == BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE;
    return active ? 0 : timestamp_us(m->activates_at);
}

void directory_apply_model(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__TerritoryModel *m = (const Baton__TerritoryModel *)payload;
    struct key key = key_of(m->id);
    bool live = table_seq(ap->txn, DIRECTORY_TERRITORY_MODEL, &key) != 0;
    Baton__TerritoryModelTimer t = BATON__TERRITORY_MODEL_TIMER__INIT;
    t.model_id = m->id;
    t.next_due_us = live ? model_due_us(ap, m) : 0;
    t.has_next_due_us = t.next_due_us != 0;
    if (t.has_next_due_us)
        table_put(ap->txn, DIRECTORY_TERRITORY_MODEL_TIMER, &t, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, DIRECTORY_TERRITORY_MODEL_TIMER, &key, ap->arena); /* none is as good */
}
