/* The board: stages with what is in them. Whoever may see everything reads the sums that events have left;
   for others, what they may see is counted, up to a bound. */
#include <string.h>

#include "services/opportunities/rows.h"

enum {
    CARDS_DEFAULT = 10,
    CARDS_MAX = 20,        /* of each stage, where all are asked for */
    CARDS_ALONE_MAX = 200, /* of one stage alone */
    LOOK_MAX = 2000,
    MEMBERS_MAX = 100,
    CURRENCIES_MAX = 64,
    BYTES_MAX = 512 << 10
};

struct board {
    struct load *l;
    const Baton__Actor *actor;
    const Baton__GetBoardRequest *q;
    const Baton__Pipeline *pipeline;
    bool sees_all;
    const char *members[MEMBERS_MAX]; /* of the team that is asked for */
    size_t n_members, most, bytes;
    bool cut;
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- whose --- */

bool opportunities_is_below(struct load *l, const char *team_id, const char *wanted_id)
{
    for (int depth = 0; team_id && depth < SHARING_TEAMS_MAX; depth++) {
        if (same(team_id, wanted_id))
            return true;
        const Baton__Team *team = table_get_id(l->txn, OPPORTUNITIES_TEAM, team_id, l->arena);
        team_id = team ? team->parent_id : NULL;
    }
    return false;
}

static void members_of(struct board *b, const char *team_id)
{
    struct table_scan scan;
    const Baton__User *u;
    if (!table_scan_open(&scan, b->l->txn, OPPORTUNITIES_USER, "team_id", team_id, NULL, false))
        return;
    while ((u = table_scan_next(&scan, b->l->arena)))
        if (b->n_members < MEMBERS_MAX)
            b->members[b->n_members++] = u->id;
        else
            b->cut = true;
    table_scan_close(&scan);
}

static void members_load(struct board *b)
{
    struct table_scan scan;
    const Baton__Team *team;
    if (!b->q->team_id || !table_scan_open(&scan, b->l->txn, OPPORTUNITIES_TEAM, NULL, NULL, NULL, false))
        return;
    while ((team = table_scan_next(&scan, b->l->arena)))
        if (opportunities_is_below(b->l, team->id, b->q->team_id))
            members_of(b, team->id);
    table_scan_close(&scan);
}

static bool is_member(const struct board *b, const char *user_id)
{
    for (size_t i = 0; i < b->n_members; i++)
        if (same(b->members[i], user_id))
            return true;
    return false;
}

/* What is asked for, of what the caller may see. */
static bool is_wanted(struct board *b, const Baton__Opportunity *o)
{
    return o && (!b->q->owner_id || same(o->owner_id, b->q->owner_id)) &&
           (!b->q->team_id || is_member(b, o->owner_id)) &&
           records_may_read(b->l, OPPORTUNITIES_OPPORTUNITY, &o->base, b->actor);
}

static bool cards_open(struct table_scan *scan, struct board *b, const char *stage_key, const char *token)
{
    struct key under = key_of(b->pipeline->id);
    key_text(&under, stage_key);
    key_text(&under, b->q->owner_id);
    return table_scan_under(scan, b->l->txn, OPPORTUNITIES_CARD, &under, NULL, token, true);
}

/* NULL: none is left. */
static Baton__Opportunity *card_next(struct table_scan *scan, struct board *b, bool *is_left)
{
    const Baton__BoardCard *card = table_scan_next(scan, b->l->arena);
    *is_left = card != NULL;
    return card ? table_get_id(b->l->txn, OPPORTUNITIES_OPPORTUNITY, card->opportunity_id, b->l->arena)
                : NULL;
}

/* --- what it comes to --- */

static void add(struct board *b, Baton__BoardColumn *c, const Baton__BoardSum *sum)
{
    size_t i = 0;
    c->count += sum->count;
    if (!*sum->currency_code)
        return;
    while (i < c->n_amounts && strcmp(c->amounts[i]->currency_code, sum->currency_code) != 0)
        i++;
    if (i == CURRENCIES_MAX)
        return; /* more currencies than a person reads */
    if (i == c->n_amounts) {
        Baton__BoardAmount *a = c->amounts[c->n_amounts++] = ARENA_NEW(b->l->arena, Baton__BoardAmount);
        baton__board_amount__init(a);
        a->currency_code = sum->currency_code;
        a->has_minor_units = a->has_weighted_minor_units = true;
    }
    c->amounts[i]->minor_units += (int64_t)sum->minor_units;
    c->amounts[i]->weighted_minor_units += (int64_t)sum->weighted_minor_units;
}

static void add_sums(struct board *b, Baton__BoardColumn *c, const char *owner_id)
{
    struct table_scan scan;
    const Baton__BoardSum *sum;
    struct key under = key_of(b->pipeline->id);
    key_text(&under, c->stage->key);
    key_text(&under, owner_id);
    if (!table_scan_under(&scan, b->l->txn, OPPORTUNITIES_SUM, &under, NULL, NULL, false))
        return;
    while ((sum = table_scan_next(&scan, b->l->arena)))
        add(b, c, sum);
    table_scan_close(&scan);
}

/* Of those who see some of it alone. */
static void add_seen(struct board *b, Baton__BoardColumn *c)
{
    struct table_scan scan;
    bool is_left = false;
    int looked = 0;
    if (!cards_open(&scan, b, c->stage->key, NULL))
        return;
    for (; looked < LOOK_MAX; looked++) {
        const Baton__Opportunity *o = card_next(&scan, b, &is_left);
        if (!is_left)
            break;
        if (is_wanted(b, o)) {
            const Baton__BoardSum sum = opportunities_sum_of(o);
            add(b, c, &sum);
        }
    }
    c->cut |= is_left;
    table_scan_close(&scan);
}

static void count(struct board *b, Baton__BoardColumn *c)
{
    c->amounts = ARENA_ARRAY(b->l->arena, Baton__BoardAmount *, CURRENCIES_MAX);
    c->has_count = c->has_cut = true;
    c->cut = b->cut;
    if (!b->sees_all)
        add_seen(b, c);
    else if (!b->q->team_id)
        add_sums(b, c, b->q->owner_id);
    else
        for (size_t i = 0; i < b->n_members; i++)
            if (!b->q->owner_id || same(b->q->owner_id, b->members[i]))
                add_sums(b, c, b->members[i]);
}

/* --- the newest of it --- */

static bool show(struct board *b, Baton__BoardColumn *c, const char *token, struct refusal *no)
{
    struct table_scan scan;
    bool is_left = true;
    if (!cards_open(&scan, b, c->stage->key, token))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
    c->opportunities = ARENA_ARRAY(b->l->arena, Baton__Opportunity *, b->most);
    for (int looked = 0; c->n_opportunities < b->most && looked < LOOK_MAX && b->bytes < BYTES_MAX && is_left;
         looked++) {
        Baton__Opportunity *o = card_next(&scan, b, &is_left);
        if (!is_left || !is_wanted(b, o))
            continue;
        b->bytes += protobuf_c_message_get_packed_size(&o->base);
        c->opportunities[c->n_opportunities++] =
            (Baton__Opportunity *)records_view(b->l, OPPORTUNITIES_OPPORTUNITY, b->actor, &o->base);
    }
    if (is_left)
        c->next_page_token = table_scan_token(&scan, b->l->arena);
    table_scan_close(&scan);
    return true;
}

static bool columns(struct board *b, Baton__GetBoardResponse *out, struct refusal *no)
{
    const Baton__GetBoardRequest *q = b->q;
    out->columns = ARENA_ARRAY(b->l->arena, Baton__BoardColumn *, b->pipeline->n_stages);
    for (size_t i = 0; i < b->pipeline->n_stages; i++) {
        if (q->stage_key && strcmp(b->pipeline->stages[i]->key, q->stage_key) != 0)
            continue;
        Baton__BoardColumn *c = out->columns[out->n_columns++] = ARENA_NEW(b->l->arena, Baton__BoardColumn);
        baton__board_column__init(c);
        c->stage = b->pipeline->stages[i];
        count(b, c);
        if (!show(b, c, q->stage_key ? q->page_token : NULL, no))
            return false;
    }
    return out->n_columns > 0 || refuse(no, REFUSAL_NOT_FOUND, "stage_key", "the pipeline has no such stage");
}

bool opportunities_query_board(struct load *l, const struct command *c, ProtobufCMessage **reply,
                               struct refusal *no)
{
    const Baton__GetBoardRequest *q = (const Baton__GetBoardRequest *)c->request;
    const struct sharing_facts nobodys = {.access = sharing_access(l, &opportunities_sharing)};
    struct board *b = ARENA_NEW(l->arena, struct board);
    *b = (struct board){.l = l,
                        .actor = c->actor,
                        .q = q,
                        .sees_all = sharing_reach(&nobodys, c->actor) >= RECORD_READ,
                        .most = q->page_size ? q->page_size : CARDS_DEFAULT};
    const size_t most = q->stage_key ? CARDS_ALONE_MAX : CARDS_MAX;
    b->most = b->most < most ? b->most : most;
    b->pipeline = q->pipeline_id ? table_get_id(l->txn, OPPORTUNITIES_PIPELINE, q->pipeline_id, l->arena)
                                 : opportunities_default_pipeline(l);
    if (!b->pipeline)
        return refuse(no, REFUSAL_NOT_FOUND, "pipeline_id", "there is no such pipeline");
    members_load(b);
    Baton__GetBoardResponse *out = ARENA_NEW(l->arena, Baton__GetBoardResponse);
    baton__get_board_response__init(out);
    out->pipeline = (Baton__Pipeline *)(uintptr_t)b->pipeline;
    *reply = &out->base;
    return columns(b, out, no);
}
