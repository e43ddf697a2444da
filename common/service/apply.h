/* Events to rows: the same code live, on replay and on a replica. */
#ifndef BATON_SERVICE_APPLY_H
#define BATON_SERVICE_APPLY_H

#include "service/service.h"

/* Applies every event of a record in the transaction, without any cache: for replay. */
void service_apply(const struct service_def *def, struct txn *t, const Baton__LogRecord *record,
                   struct arena *a);

/* The same in a running service, whose caches are told. */
void service_apply_live(const struct service_def *def, struct txn *t, const Baton__LogRecord *record,
                        struct arena *a, void *state);

#endif
