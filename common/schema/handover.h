/* Handing on the plain records of somebody who left: decided in steps, so that no batch grows with what they
 * held. */
#ifndef BATON_SCHEMA_HANDOVER_H
#define BATON_SCHEMA_HANDOVER_H

#include "schema/decide.h"

enum { HANDOVER_STEP = 50 };

struct handover_facts {
    ProtobufCMessage *rows[HANDOVER_STEP]; /* records whose owner_id is the leaver's */
    uint64_t seqs[HANDOVER_STEP];          /* log positions of their last changes */
    size_t n;
};

/* On UserLeft: begins. No facts. */
decide_fn handover_decide_begin;
/* On the timer of the Handover row: some records change hands; finished when none were left. */
decide_fn handover_decide_step;

#endif
