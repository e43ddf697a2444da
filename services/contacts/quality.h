/* How good a record is: what of it is there, how long ago that was confirmed, what rules say, what is to be
 * mended. */
#ifndef BATON_CONTACTS_QUALITY_H
#define BATON_CONTACTS_QUALITY_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/normal.h"

enum {
    CONTACTS_RULES_MAX = 64,    /* quality rules of a company */
    CONTACTS_FIELDS_MAX = 16,   /* that count, of a type */
    CONTACTS_PROBLEMS_MAX = 32, /* told of a record */
    CONTACTS_RANK_MAX = 1000000,
    CONTACTS_SWEEP_STEP = 50,     /* records looked at in one step */
    CONTACTS_SWEEP_WAIT_S = 5,    /* after a change, so that many changes are one sweep */
    CONTACTS_QUALITY_VERSION = 1, /* of the weights in decide_quality.c: raised with every change of them */
    CONTACTS_DAYS_KEPT = 400,     /* rows of counts kept of an owner */
};
#define CONTACTS_SWEEP_ID  "sweep"
#define CONTACTS_EVERYBODY "*"

/* What a field counts for. */
struct contacts_weight {
    const char *field;
    uint32_t weight;         /* all of a type: 100 */
    uint32_t half_life_days; /* 0: it does not age */
};
/* Of "account" or "contact"; `*n` 0: there is no such type. */
const struct contacts_weight *contacts_weights(const char *type, size_t *n);

struct contacts_rules {
    const Baton__QualityRule *rules[CONTACTS_RULES_MAX];
    size_t n;
};

/* What a judgement is made of. */
struct contacts_judge_facts {
    const char *type;
    const ProtobufCMessage *record;     /* NULL: it is gone */
    uint64_t seq;                       /* of its last change */
    const Baton__Quality *kept;         /* NULL: never judged */
    const struct contacts_rules *rules; /* NULL: none */
    struct contacts_normal_facts normal;
    int64_t changed_us; /* when what differs from `kept` was typed; 0: with the record's last change */
};

/* The record as it is at that time; its id and due time are set. In the arena. */
Baton__Quality *contacts_judge(const struct contacts_judge_facts *f, const ProtobufCMessage *record,
                               int64_t now_us, struct arena *a);
/* Whether the rule says that the record is to be mended. `*due_us`: when that may change by itself,
   INT64_MAX: never; untouched where it is earlier. */
bool contacts_rule_holds(const Baton__QualityRule *rule, const ProtobufCMessage *record,
                         const Baton__Quality *q, int64_t now_us, int64_t *due_us, struct arena *a);
/* When a field that counts was confirmed; false: it does not count. */
bool contacts_confirmed_us(const Baton__Quality *q, const char *field, int64_t *us);

/* What a record that is being written is judged by. */
struct contacts_written_facts {
    const struct contacts_rules *rules; /* NULL: none */
    const Baton__Quality *kept;         /* NULL: never judged */
};
/* The judgement of `after` as an event, if it differs from `before` (NULL: it is new). Sets what the record
   functions will set, too: the id of a new one, and the times. */
void contacts_judge_written(const struct contacts_written_facts *f, const char *type,
                            const ProtobufCMessage *before, ProtobufCMessage *after, struct stamp *s,
                            struct outcome *out);

struct contacts_sweep_facts {
    struct contacts_judge_facts *records;
    size_t n;
    const char *type, *token; /* where the next step goes on; token NULL: at the beginning of the type */
    bool finished;
};

struct contacts_boot_facts {
    bool wanted; /* there are records that were looked at by other weights, or never */
};

struct contacts_confirm_facts {
    const ProtobufCMessage *record; /* NULL: there is none */
    enum record_reach reach;        /* of it */
};

#endif
