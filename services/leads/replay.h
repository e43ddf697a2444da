/* The time machine: takes the records of a leads log one after the other and makes every routing decision
   again, on rows and a routing that it makes from these records alone.

   Without a candidate it goes the way the log went, and says where a decision comes out otherwise. With one
   it goes another way: from then on the candidate decides, on shares and loads of its own. What people do
   there:

   1. With a lead that the same person holds as in the log, they do the same at the same moment.
   2. Who holds a lead that another has in the log answers it and converts it when it was answered and
   converted there, and does not give it back or let it pass; what deadlines they would miss, watch.happened
   may estimate.
   To whom a customer was known when a lead came in is what the log says.
   3. A lead given by hand goes to the same person; who leaves hands on what they hold. */
#ifndef BATON_LEADS_REPLAY_H
#define BATON_LEADS_REPLAY_H

#include "services/leads/leads.h"
#include "store/store.h"

struct leads_replay;

struct leads_replay_event {
    const ProtobufCMessage *payload;   /* LeadAssigned, LeadAccepted or LeadDeadlinePassed as it went here */
    const Baton__LeadAssigned *logged; /* of a LeadAssigned: what the log has; NULL: nothing */
    const char *pool_id;               /* from which the holder has it; NULL: none */
    int64_t time_us;
};

struct leads_replay_watch {
    void *arg;
    /* The log's decision, and what was decided here. Only without a candidate. `now` NULL: nothing could be.
     */
    void (*differs)(void *arg, uint64_t seq, const Baton__LeadAssigned *logged,
                    const Baton__LeadAssigned *now);
    /* NULL: nobody asks. */
    void (*happened)(void *arg, const struct leads_replay_event *e);
};

/* What of the tables of leads it needs, for a scratch store; `tries`: for leads_replay_try, too. */
void leads_replay_tables(struct table_def out[LEADS_TABLES], bool tries);

/* Makes rows in `t`, a write transaction on an empty store with the tables of leads, or of
   leads_replay_tables. */
struct leads_replay *leads_replay_new(struct txn *t, const struct leads_replay_watch *watch);
void leads_replay_free(struct leads_replay *r); /* NULL is fine; leaves the transaction alone */
/* Goes on in another transaction, after a commit of the last. */
void leads_replay_go_on(struct leads_replay *r, struct txn *t);

/* From here on this policy decides. It must live as long as the replay, and pass leads_policy_check. */
void leads_replay_try(struct leads_replay *r, const Baton__Policy *candidate, struct arena *a);

/* The next record of the log; `a` is for this record. */
void leads_replay_record(struct leads_replay *r, const Baton__LogRecord *record, struct arena *a);

/* Decisions made again so far. */
uint64_t leads_replay_decisions(const struct leads_replay *r);

#endif
