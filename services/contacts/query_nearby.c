/* Accounts near a point. They stand in bands from south to north, within a band from west to east, so a
   circle is a stretch of each band that it touches. It grows until it has enough, so that a large one costs
   no more than what is shown of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/earth.h"
#include "services/contacts/rows.h"

enum {
    PAGE_DEFAULT = 50,
    PAGE_MAX = 200,
    LOOK_MAX = 100000, /* rows looked at for one page */
    ASKED_MAX = 20000, /* of these, asked for whether the caller sees them */
    RADIUS_LEAST_M = 5000,
    METRES_A_DEGREE = 111000, /* somewhat fewer than there are */
    MILLION = 1000000,
    POLE_E6 = 90000000,
    ROW_SCRATCH = 4 << 20,
};

struct found {
    uint32_t distance_m;
    int32_t latitude_e6, longitude_e6;
    char id[IDENT_TEXT_SIZE];
};

struct search {
    struct load *l;
    struct load rows; /* its arena is that of one row */
    const Baton__Actor *actor;
    bool sees_all;
    const Baton__ListNearbyRequest *r;
    struct earth_point at;
    struct found after;    /* behind which the page begins; id "": at the beginning */
    struct found *nearest; /* sorted, at most `most` and one more */
    size_t n, most, looked, asked;
    uint32_t within_m;
};

static int compare(const struct found *a, const struct found *b)
{
    return a->distance_m != b->distance_m ? (a->distance_m < b->distance_m ? -1 : 1) : strcmp(a->id, b->id);
}

/* What the caller does not see is as if it were not there: no page is shorter for it, and no token names it.
 */
static bool sees(struct search *s, const char *account_id)
{
    if (s->sees_all)
        return true;
    return s->asked++ < ASKED_MAX && contacts_sees(&s->rows, CONTACTS_ACCOUNT, account_id, s->actor);
}

static void take(struct search *s, const Baton__AccountAt *row)
{
    const struct earth_point there = earth_point_of(row->latitude_e6, row->longitude_e6);
    struct found f = {.distance_m = (uint32_t)earth_metres(&s->at, &there),
                      .latitude_e6 = row->latitude_e6,
                      .longitude_e6 = row->longitude_e6};
    (void)snprintf(f.id, sizeof f.id, "%s", row->account_id); /* ids have that size */
    if (f.distance_m > s->within_m || (*s->after.id && compare(&f, &s->after) <= 0))
        return;
    if ((s->n > s->most && compare(&f, &s->nearest[s->n - 1]) >= 0) || !sees(s, f.id))
        return;
    size_t to = s->n > s->most ? s->n - 1 : s->n++;
    for (; to > 0 && compare(&f, &s->nearest[to - 1]) < 0; to--)
        s->nearest[to] = s->nearest[to - 1];
    s->nearest[to] = f;
}

static bool is_spent(const struct search *s)
{
    return s->looked >= LOOK_MAX || s->asked > ASKED_MAX;
}

static void look_at_stretch(struct search *s, uint32_t band, uint32_t from, uint32_t to)
{
    struct key prefix, begin;
    struct table_scan scan;
    const Baton__AccountAt *row;
    key_init(&prefix);
    key_u64(&prefix, band);
    begin = prefix;
    key_u64(&begin, from);
    if (!table_scan_under(&scan, s->l->txn, CONTACTS_ACCOUNT_AT, &prefix, &begin, NULL, false))
        return;
    while (!is_spent(s) && (row = table_scan_next(&scan, s->rows.arena)) && row->column <= to) {
        s->looked++;
        take(s, row);
        arena_reset(s->rows.arena);
    }
    table_scan_close(&scan);
}

/* How far west and east of the point the circle reaches at most; half the columns: all around. */
static uint32_t columns_beside(const struct search *s, int64_t reach_e6)
{
    int64_t north = llabs((long long)s->r->latitude_e6) + reach_e6;
    if (north >= POLE_E6)
        return CONTACTS_COLUMNS / 2;
    const struct earth_point edge = earth_point_of((int32_t)north, 0); /* x: the cosine, in units of 2^-30 */
    int64_t beside_e6 = edge.x > 0 ? (reach_e6 << 30) / edge.x : INT64_MAX;
    int64_t columns = beside_e6 / CONTACTS_CELL_E6 + 1;
    return columns < CONTACTS_COLUMNS / 2 ? (uint32_t)columns : CONTACTS_COLUMNS / 2;
}

/* A stretch that crosses the date line is two. */
static void look_at_band(struct search *s, uint32_t band, uint32_t beside)
{
    uint32_t middle = contacts_column(s->r->longitude_e6);
    if (beside >= CONTACTS_COLUMNS / 2) {
        look_at_stretch(s, band, 0, CONTACTS_COLUMNS);
        return;
    }
    if (middle >= beside && middle + beside < CONTACTS_COLUMNS) {
        look_at_stretch(s, band, middle - beside, middle + beside);
        return;
    }
    look_at_stretch(s, band, (middle + CONTACTS_COLUMNS - beside) % CONTACTS_COLUMNS, CONTACTS_COLUMNS);
    look_at_stretch(s, band, 0, (middle + beside) % CONTACTS_COLUMNS);
}

static void look_within(struct search *s, uint32_t metres)
{
    int64_t reach_e6 = (int64_t)metres * MILLION / METRES_A_DEGREE + 1;
    int64_t south = s->r->latitude_e6 - reach_e6, north = s->r->latitude_e6 + reach_e6;
    uint32_t beside = columns_beside(s, reach_e6);
    uint32_t last = contacts_band((int32_t)(north < POLE_E6 ? north : POLE_E6));
    s->n = 0;
    s->within_m = metres;
    for (uint32_t band = contacts_band((int32_t)(south > -POLE_E6 ? south : -POLE_E6)); band <= last; band++)
        look_at_band(s, band, beside);
}

/* --- the answer --- */

static char *degrees(int32_t e6, struct arena *a)
{
    return arena_printf(a, "%s%d.%06d", e6 < 0 ? "-" : "", abs(e6) / MILLION, abs(e6) % MILLION);
}

/* `account` is as the caller is shown it. Where it is follows from the address, which everybody is. */
static Baton__NearbyAccount *answer_of(const Baton__Account *account, const Baton__Whereabouts *where,
                                       const struct found *f, struct arena *a)
{
    Baton__NearbyAccount *out = ARENA_NEW(a, Baton__NearbyAccount);
    baton__nearby_account__init(out);
    out->account_id = account->id;
    out->name = account->name;
    out->owner_id = account->owner_id;
    out->address = account->shipping_address ? account->shipping_address : account->billing_address;
    out->has_distance_m = out->has_exactness = true;
    out->distance_m = f->distance_m;
    out->exactness = where ? where->exactness : BATON__EXACTNESS__EXACTNESS_UNSPECIFIED;
    out->geo_uri = arena_printf(a, "geo:%s,%s", degrees(f->latitude_e6, a), degrees(f->longitude_e6, a));
    return out;
}

static bool token_read(const char *token, struct found *after)
{
    char *end;
    uint8_t id[IDENT_SIZE];
    unsigned long distance = strtoul(token, &end, 10);
    if (*end != '.' || distance > UINT32_MAX || !ident_parse(id, end + 1))
        return false;
    after->distance_m = (uint32_t)distance;
    ident_format(after->id, id);
    return true;
}

static void answer(struct search *s, Baton__ListNearbyResponse *out)
{
    struct load *l = s->l;
    size_t n = s->n < s->most ? s->n : s->most;
    out->accounts = ARENA_ARRAY(l->arena, Baton__NearbyAccount *, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Account *account = table_get_id(l->txn, CONTACTS_ACCOUNT, s->nearest[i].id, l->arena);
        if (!account || !records_may_read(l, CONTACTS_ACCOUNT, &account->base, s->actor))
            continue;
        const Baton__Account *shown =
            (const Baton__Account *)records_view(l, CONTACTS_ACCOUNT, s->actor, &account->base);
        out->accounts[out->n_accounts++] = answer_of(shown, account->whereabouts, &s->nearest[i], l->arena);
    }
    if (s->n > s->most)
        out->next_page_token =
            arena_printf(l->arena, "%u.%s", s->nearest[n - 1].distance_m, s->nearest[n - 1].id);
    records_looked(l, CONTACTS_ACCOUNT, s->actor, RECORD_LOOK_LIST, NULL, out->n_accounts);
}

bool contacts_query_nearby(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__ListNearbyRequest *r = (const Baton__ListNearbyRequest *)c->request;
    struct search s = {.l = l,
                       .rows = *l,
                       .actor = c->actor,
                       .sees_all = contacts_reaches_all(l, c->actor),
                       .r = r,
                       .at = earth_point_of(r->latitude_e6, r->longitude_e6)};
    const uint32_t radius_m = r->radius_km * 1000;
    if (r->page_token && !token_read(r->page_token, &s.after))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    s.most = !r->page_size ? PAGE_DEFAULT : r->page_size < PAGE_MAX ? r->page_size : PAGE_MAX;
    s.nearest = ARENA_ARRAY(l->arena, struct found, s.most + 1);
    s.rows.arena = arena_new(ROW_SCRATCH);
    uint32_t metres = s.after.distance_m > RADIUS_LEAST_M ? s.after.distance_m : RADIUS_LEAST_M;
    do {
        metres = metres < radius_m ? metres : radius_m;
        look_within(&s, metres);
        metres *= 2;
    } while (s.n <= s.most && s.within_m < radius_m && !is_spent(&s));
    arena_free(s.rows.arena);
    if (is_spent(&s))
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, "radius_km",
                      "there are too many accounts; take a smaller circle");
    Baton__ListNearbyResponse *out = ARENA_NEW(l->arena, Baton__ListNearbyResponse);
    baton__list_nearby_response__init(out);
    answer(&s, out);
    *reply = &out->base;
    return true;
}
