/* Stages that are being emptied as rows. */
#include "services/opportunities/rows.h"

void opportunities_apply_retirement(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__StageRetirementAdvanced *e = (const Baton__StageRetirementAdvanced *)payload;
    struct key key = key_of(e->pipeline_id);
    key_text(&key, e->stage_key);
    if (e->finished) {
        (void)table_delete(ap->txn, OPPORTUNITIES_RETIREMENT, &key, ap->arena); /* it was there */
        return;
    }
    const Baton__StageRetirement *before = table_get(ap->txn, OPPORTUNITIES_RETIREMENT, &key, ap->arena);
    Baton__StageRetirement r = BATON__STAGE_RETIREMENT__INIT;
    r.pipeline_id = e->pipeline_id;
    r.stage_key = e->stage_key;
    r.to_pipeline_id = e->to_pipeline_id;
    r.to_stage_key = e->to_stage_key;
    r.has_next_due_us = r.has_moved = true;
    r.next_due_us = ap->time_us + 1;
    r.moved = (before ? before->moved : 0) + e->moved;
    r.token = e->token;
    table_put(ap->txn, OPPORTUNITIES_RETIREMENT, &r, ap->seq, ap->arena);
}
