/* Which sessions and tokens were used in this hour, gathered in memory until it is written: once an hour and
   credential at most. What was gathered last is lost when the process ends. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/directory/rows.h"

/* 1: nobody reads it to the minute. */
static const int64_t WAIT_US = INT64_C(60) * 1000000;

struct uses {
    char ids[DIRECTORY_USES_STEP][IDENT_TEXT_SIZE];
    size_t n;
    int64_t since_us;
};

void *directory_uses_new(void)
{
    struct uses *u = calloc(1, sizeof *u);
    assert(u);
    return u;
}

static bool is_noted(const struct uses *u, const char *id)
{
    for (size_t i = 0; i < u->n; i++)
        if (strcmp(u->ids[i], id) == 0)
            return true;
    return false;
}

void directory_used(struct load *l, const Baton__Credential *credential)
{
    struct uses *u = l->state;
    /* 2: this hour has it already; 3: whoever finds no room is noted the next time they ask */
    if (timestamp_us(credential->last_used_at) >= directory_hour_us(l->now_us) ||
        u->n == DIRECTORY_USES_STEP || strlen(credential->id) >= IDENT_TEXT_SIZE ||
        is_noted(u, credential->id))
        return;
    if (!u->n)
        u->since_us = l->now_us;
    memcpy(u->ids[u->n++], credential->id, strlen(credential->id) + 1);
}

int64_t directory_uses_due(void *state)
{
    const struct uses *u = state;
    return u->n ? u->since_us + WAIT_US : 0;
}

void *directory_load_uses(struct load *l, const struct command *c)
{
    const struct uses *u = l->state;
    Baton__CredentialsUsed *e = ARENA_NEW(l->arena, Baton__CredentialsUsed);
    baton__credentials_used__init(e);
    e->used_at = timestamp_of(l->arena, directory_hour_us(u->since_us));
    e->credential_ids = ARENA_ARRAY(l->arena, char *, u->n);
    for (size_t i = 0; i < u->n; i++)
        e->credential_ids[e->n_credential_ids++] = arena_strdup(l->arena, u->ids[i]);
    return e;
}

void directory_uses_written(void *state)
{
    ((struct uses *)state)->n = 0;
}
