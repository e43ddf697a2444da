/* Who looked at whose records, gathered in memory until it is written: a commit for every look would cost
   what a change costs. What was gathered last is lost when the process ends. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/contacts/rows.h"

enum {
    PENDING_MAX = 512,    /* twice what is written at once: what one turn asks for still fits */
    WAIT_US = 5 * 1000000 /* at most until it is written */
};
static const int64_t HOUR_US = INT64_C(3600) * 1000000;

struct pending {
    char user_id[IDENT_TEXT_SIZE], record_id[IDENT_TEXT_SIZE];
    const char *type;
    uint32_t hour, reads, histories, listed;
    int64_t last_us;
};

struct contacts_looks {
    struct pending pending[PENDING_MAX];
    size_t n;
    uint32_t lost;
    int64_t since_us;
};

struct contacts_looks *contacts_looks_new(void)
{
    struct contacts_looks *s = calloc(1, sizeof *s);
    assert(s);
    return s;
}

void contacts_looks_free(struct contacts_looks *s)
{
    free(s);
}

static struct contacts_looks *looks_of(const void *state)
{
    return state ? ((const struct contacts_state *)state)->looks : NULL;
}

static struct pending *pending_of(struct contacts_looks *s, const char *user_id, const char *record_id,
                                  uint32_t hour)
{
    for (size_t i = 0; i < s->n; i++) {
        struct pending *p = &s->pending[i];
        if (p->hour == hour && strcmp(p->record_id, record_id) == 0 && strcmp(p->user_id, user_id) == 0)
            return p;
    }
    if (s->n == PENDING_MAX)
        return NULL;
    struct pending *p = &s->pending[s->n++];
    *p = (struct pending){.hour = hour};
    memcpy(p->user_id, user_id, strlen(user_id) + 1);
    memcpy(p->record_id, record_id, strlen(record_id) + 1);
    return p;
}

/* Programs are nobody; what they read is known from what they are for. */
static bool is_person(const Baton__Actor *actor)
{
    return actor->user_id && strlen(actor->user_id) < IDENT_TEXT_SIZE &&
           !actor_is(actor, BATON__ROLE__ROLE_SERVICE) && !actor_is(actor, BATON__ROLE__ROLE_SYSTEM);
}

static void looked(struct load *l, const Baton__Actor *actor, const char *type, enum record_look look,
                   const ProtobufCMessage *record, size_t n)
{
    struct contacts_looks *s = looks_of(l->state);
    if (!s || !is_person(actor))
        return;
    const char *id = record ? schema_get_text(record, "id") : type;
    if (!s->n && !s->lost)
        s->since_us = l->now_us;
    struct pending *p = pending_of(s, actor->user_id, id, (uint32_t)(l->now_us / HOUR_US));
    if (!p) {
        s->lost++;
        return;
    }
    p->type = type;
    p->last_us = l->now_us;
    p->reads += look == RECORD_LOOK_GET;
    p->histories += look == RECORD_LOOK_HISTORY;
    p->listed += look == RECORD_LOOK_LIST ? (uint32_t)n : 0;
}

void contacts_account_looked(struct load *l, const Baton__Actor *actor, enum record_look look,
                             const ProtobufCMessage *record, size_t n)
{
    looked(l, actor, "account", look, record, n);
}

void contacts_contact_looked(struct load *l, const Baton__Actor *actor, enum record_look look,
                             const ProtobufCMessage *record, size_t n)
{
    looked(l, actor, "contact", look, record, n);
}

int64_t contacts_access_due(void *state)
{
    const struct contacts_looks *s = looks_of(state);
    if (!s->n && !s->lost)
        return 0;
    return s->n >= CONTACTS_ACCESS_STEP ? s->since_us : s->since_us + WAIT_US;
}

void *contacts_load_looked(struct load *l, const struct command *c)
{
    const struct contacts_looks *s = looks_of(l->state);
    Baton__AccessNoted *e = ARENA_NEW(l->arena, Baton__AccessNoted);
    baton__access_noted__init(e);
    e->has_lost = s->lost > 0;
    e->lost = s->lost;
    e->counts = ARENA_ARRAY(l->arena, Baton__AccessCount *, CONTACTS_ACCESS_STEP);
    while (e->n_counts < s->n && e->n_counts < CONTACTS_ACCESS_STEP) {
        const struct pending *p = &s->pending[e->n_counts];
        Baton__AccessCount *n = e->counts[e->n_counts++] = ARENA_NEW(l->arena, Baton__AccessCount);
        baton__access_count__init(n);
        n->has_hour = n->has_reads = n->has_histories = n->has_listed = true;
        n->hour = p->hour;
        n->user_id = arena_strdup(l->arena, p->user_id);
        n->record_id = arena_strdup(l->arena, p->record_id);
        n->type = arena_strdup(l->arena, p->type);
        n->reads = p->reads;
        n->histories = p->histories;
        n->listed = p->listed;
        n->last_at = timestamp_of(l->arena, p->last_us);
    }
    return e;
}

void contacts_access_written(void *state, size_t n)
{
    struct contacts_looks *s = looks_of(state);
    assert(n <= s->n);
    memmove(s->pending, s->pending + n, (s->n - n) * sizeof *s->pending);
    s->n -= n;
    s->lost = 0;
}
