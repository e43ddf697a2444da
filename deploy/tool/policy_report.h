/* What the time machine found: who would have had what, by person, pool and month, and which leads would be
   held by another in the end. */
#ifndef BATON_TOOL_POLICY_REPORT_H
#define BATON_TOOL_POLICY_REPORT_H

#include "services/leads/replay.h"
#include "tool/tool.h"

/* Before: as it went. After: as it would have gone. */
struct report_count {
    uint64_t before, after;               /* leads given */
    uint64_t missed_before, missed_after; /* deadlines; after: without those estimated */
    uint64_t estimated;                   /* deadlines missed, in millionths */
};

/* One line of a table. The first member is what it is called by: see leads_index. */
struct report_line {
    char id[IDENT_TEXT_SIZE]; /* a month: yyyy-mm */
    const char *name;         /* NULL: see report_names */
    struct report_count count;
    uint64_t answered, passed; /* persons: what is in the log so far */
};

struct report_table {
    struct report_line *lines;
    size_t n, room;
    struct leads_index index;
};

/* A lead that changes hands, or would have changed. */
struct report_move {
    const char *lead_id, *name, *from, *to; /* from and to: user ids */
};

struct report {
    struct arena *arena;
    bool compares; /* there is a policy to compare with */
    int64_t from_us;
    struct report_table persons, pools, months;
    struct report_count sum;
    uint64_t records, decisions, differences, leads, moved;
    int64_t month_day; /* days since 1970; `month` is that of this day */
    char month[IDENT_TEXT_SIZE];
    const char *difference; /* the first decision that came out otherwise; NULL: none */
    uint64_t skip, most;    /* of the leads that changed hands: which are listed */
    struct report_move *moves;
    size_t n_moves;
    uint32_t *matrix; /* persons x persons: leads from whom to whom; NULL until report_moves */
};

void report_init(struct report *r, struct arena *a, bool compares, int64_t from_us);
void report_release(struct report *r);
/* For leads_replay_watch; `arg` is the report. */
void report_as_it_went(void *arg, const struct leads_replay_event *e);
void report_as_it_would_go(void *arg, const struct leads_replay_event *e);
void report_differs(void *arg, uint64_t seq, const Baton__LeadAssigned *logged,
                    const Baton__LeadAssigned *now);

/* Names of people and pools from the rows. */
void report_names(struct report *r, struct txn *rows);
/* The leads that came in since from_us, side by side: who holds each. Makes list and matrix. */
void report_moves(struct report *r, struct txn *went, struct txn *would);
const char *report_name(const struct report_table *table, const char *id);

/* policy_report_print.c */
void report_print(const struct report *r, struct tool *t);
void report_json(const struct report *r, struct buffer *b);
void report_csv(const struct report *r, FILE *out);

/* policy_picture.c: bars of each person's leads before and after, and who loses leads to whom, as SVG. */
void report_picture(const struct report *r, struct buffer *b);

#endif
