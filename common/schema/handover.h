/* Handing on the plain records of somebody who left: decided in steps, so that no batch grows with what they
 * held. */
#ifndef BATON_SCHEMA_HANDOVER_H
#define BATON_SCHEMA_HANDOVER_H

#include "schema/decide.h"

enum { HANDOVER_STEP = 50, HANDOVER_TYPES_MAX = 32 };

struct handover_facts {
    ProtobufCMessage *rows[HANDOVER_STEP]; /* records that are the leaver's */
    const char *types[HANDOVER_STEP];
    bool ends[HANDOVER_STEP];     /* it ends with who left; else the successor has it */
    uint64_t seqs[HANDOVER_STEP]; /* log positions of their last changes */
    size_t n;
    bool at_end; /* nothing is left behind these */
    /* where the next step goes on */
    uint32_t place;
    const char *token; /* NULL: at the beginning of a type */
};

/* On UserLeft: begins. No facts. */
decide_fn handover_decide_begin;
/* On the timer of the Handover row: some records change hands or end; finished when none are left. */
decide_fn handover_decide_step;

#endif
