/* What is left of leads whose person has been erased. */
#include "services/leads/erase.h"
#include "services/leads/rows.h"

void leads_apply_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)payload;
    for (size_t i = 0; i < e->n_lead_ids; i++) {
        const Baton__Lead *before = apply_get(ap, LEADS_LEAD, e->lead_ids[i]);
        if (!before)
            continue;
        if (before->has_acknowledged_seq)
            leads_apply_forget_address(ap, before->acknowledged_seq);
        apply_put(ap, LEADS_LEAD, before, leads_without_person(before, ap->time_us, ap->arena));
    }
}
