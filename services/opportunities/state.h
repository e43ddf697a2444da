/* What is kept in memory beside the rows, so that how things are now is asked without reading them: what
   owners' months come to, quotas, who is below whom, and which role who has. Made of the rows at the start
   and kept in step by apply; never truth. */
#ifndef BATON_OPPORTUNITIES_STATE_H
#define BATON_OPPORTUNITIES_STATE_H

#include "services/opportunities/rollup.h"

enum { HELD_NONE = UINT32_MAX };

/* Texts by number, in the order in which they came; none goes. */
struct held_texts {
    char **texts;
    size_t n, room;
    uint32_t *slots; /* twice the room: number + 1 by hash */
};
/* NULL counts as "". */
uint32_t held_number(struct held_texts *t, const char *text);
/* HELD_NONE: it never came. */
uint32_t held_find(const struct held_texts *t, const char *text);

/* As ForecastLine. */
struct held_line {
    uint32_t currency, product, pipeline, category;
    uint64_t deals, amount, weighted;
};
struct held_owner {
    uint32_t owner, n;
    struct held_line *lines;
};
struct held_month {
    uint64_t month;
    struct held_owner *owners; /* by number */
    size_t n, room;
};
/* As Quota; whom it is for in two: the owner, and what follows. */
struct held_quota {
    uint32_t id, owner, whom, currency, first_month, months;
    int64_t units;
};

struct opportunities_state {
    struct held_texts texts;
    struct held_month *months; /* in their order */
    size_t n_months, months_room;
    struct held_quota *quotas;
    size_t n_quotas, quotas_room;
    struct arena *tree_memory;
    const struct forecast_tree *tree; /* NULL: to be made anew */
    int32_t *who;                     /* people of the tree by number of text */
    size_t n_who;                     /* texts that came later are nobody's in it */
    uint8_t *roles;                   /* of users, by number of text; 0: it is no user */
    size_t n_roles, roles_room;
};

void *opportunities_state_new(void);
void opportunities_state_free(void *state);

/* From apply; `s` may be NULL. The newest of its owner and month. */
void held_put_level(struct opportunities_state *s, const Baton__ForecastLevel *level);
void held_put_quota(struct opportunities_state *s, const Baton__QuotaVersion *now);
/* 0: the user is gone. */
void held_put_role(struct opportunities_state *s, const char *user_id, Baton__Role role);
/* Somebody stands elsewhere. */
void held_drop_tree(struct opportunities_state *s);
/* The tree as it is now, copied. */
void held_put_tree(struct opportunities_state *s, const struct forecast_tree *tree);

/* NULL: nobody has any in it. */
const struct held_month *held_month_of(const struct opportunities_state *s, uint64_t month);

#endif
