/* What a lead says about itself, and what its outcome counts as. */
#include <stddef.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "schema/decide.h"
#include "services/leads/score.h"

enum {
    MONTH_SECONDS = 30 * 86400,
    PARTS = 256,
    SLOT_ABSENT = 0,
    SLOT_FIRST = 2,
    FIELD_HASHES = (1 << 20) - 512
};

/* How a value finds its slot: texts by hash, numbers and lengths by half octaves, the rest by whether it is
   there. */
enum kind { TEXT, NUMBER, LENGTH, PRESENT, FLAG, IN_ADDRESS };

struct row {
    uint32_t id; /* in the cells for ever */
    const char *name;
    enum kind kind;
    size_t offset, has_offset;
};

#define AT(f)  offsetof(Baton__Lead, f)
#define HAS(f) AT(f), AT(has_##f)
static const struct row rows[] = {
    {2, "lead source", TEXT, AT(lead_source), 0},
    {3, "rating", TEXT, AT(rating), 0},
    {4, "industry", TEXT, AT(industry), 0},
    {5, "product interest", TEXT, AT(product_interest), 0},
    {6, "language", TEXT, AT(language), 0},
    {7, "campaign", TEXT, AT(campaign_id), 0},
    {8, "title", TEXT, AT(title), 0},
    {9, "country", IN_ADDRESS, offsetof(Baton__Address, country), 0},
    {10, "state", IN_ADDRESS, offsetof(Baton__Address, state), 0},
    {11, "annual revenue", NUMBER, HAS(annual_revenue)},
    {12, "number of employees", NUMBER, HAS(number_of_employees)},
    {13, "length of the message", LENGTH, AT(message), 0},
    {14, "e-mail address", PRESENT, AT(email), 0},
    {15, "telephone number", PRESENT, AT(phone), 0},
    {16, "mobile telephone number", PRESENT, AT(mobile_phone), 0},
    {17, "company", PRESENT, AT(company), 0},
    {18, "website", PRESENT, AT(website), 0},
    {19, "do not call", FLAG, HAS(do_not_call)},
    {20, "no e-mail", FLAG, HAS(has_opted_out_of_email)},
};
enum { ROWS = sizeof rows / sizeof *rows };
static_assert((int)ROWS + SCORE_ATTRIBUTES_MAX <= (int)SCORE_VALUES_MAX, "a lead's values have room");

static uint32_t slot_of_number(int64_t x)
{
    uint64_t size = x < 0 ? -(uint64_t)x : (uint64_t)x;
    if (!size)
        return SLOT_FIRST;
    uint32_t octave = 63 - (uint32_t)__builtin_clzll(size);
    bool upper = (double)size >= 1.4142135623730951 * (double)(UINT64_C(1) << octave);
    return SLOT_FIRST + (x < 0 ? 129 : 1) + 2 * octave + upper;
}

static uint32_t slot_of_text(const char *text, struct arena *a)
{
    const char *folded = text_fold(a, text);
    return folded ? SLOT_FIRST + crc32c(0, folded, strlen(folded)) % (SCORE_SLOTS - SLOT_FIRST) : SLOT_ABSENT;
}

/* "-12.5" as -12500; false if it is no plain number of at most 15 digits. */
static bool thousandths(const char *s, int64_t *out)
{
    bool minus = *s == '-', point = false;
    int digits = 0, decimals = 0;
    int64_t x = 0;
    for (s += minus; *s; s++) {
        if (*s == '.' && !point) {
            point = true;
            continue;
        }
        if (*s < '0' || *s > '9' || ++digits > 15)
            return false;
        if (point && decimals == 3)
            continue;
        x = x * 10 + (*s - '0');
        decimals += point;
    }
    for (; decimals < 3; decimals++)
        x *= 10;
    *out = minus ? -x : x;
    return digits > 0;
}

static struct score_value text_value(uint32_t field, const char *name, const char *text, struct arena *a)
{
    return (struct score_value){field * SCORE_SLOTS + slot_of_text(text, a), name, text};
}

static struct score_value number_value(const struct row *r, const char *at, struct arena *a)
{
    struct score_value v = {r->id * SCORE_SLOTS + SLOT_ABSENT, r->name, NULL};
    protobuf_c_boolean has;
    int64_t x;
    memcpy(&has, at + r->has_offset, sizeof has);
    memcpy(&x, at + r->offset, sizeof x);
    if (has) {
        v.key = r->id * SCORE_SLOTS + slot_of_number(x);
        v.text = arena_printf(a, "%lld", (long long)x);
    }
    return v;
}

static struct score_value flag_value(const struct row *r, const char *at)
{
    protobuf_c_boolean has, is;
    memcpy(&has, at + r->has_offset, sizeof has);
    memcpy(&is, at + r->offset, sizeof is);
    return (struct score_value){r->id * SCORE_SLOTS + (has && is), r->name, has && is ? "yes" : NULL};
}

static struct score_value value_of(const struct row *r, const Baton__Lead *l, struct arena *a)
{
    const char *at = (const char *)l, *text = NULL;
    if (r->kind == NUMBER)
        return number_value(r, at, a);
    if (r->kind == FLAG)
        return flag_value(r, at);
    if (r->kind == IN_ADDRESS)
        at = (const char *)l->address;
    if (at)
        memcpy(&text, at + r->offset, sizeof text);
    if (r->kind == TEXT || r->kind == IN_ADDRESS)
        return text_value(r->id, r->name, text, a);
    uint32_t slot = !text               ? SLOT_ABSENT
                    : r->kind == LENGTH ? slot_of_number((int64_t)strlen(text))
                                        : SLOT_FIRST;
    const char *said = !text               ? NULL
                       : r->kind == LENGTH ? arena_printf(a, "%zu bytes", strlen(text))
                                           : "given";
    return (struct score_value){r->id * SCORE_SLOTS + slot, r->name, said};
}

/* False: it has no name. */
static bool attribute_value(const Baton__LeadAttribute *from, struct score_value *v, struct arena *a)
{
    const char *name = text_fold(a, from->name);
    int64_t x;
    if (!name)
        return false;
    uint32_t field = SCORE_FIELD_ATTRIBUTE + crc32c(0, name, strlen(name)) % FIELD_HASHES;
    *v = text_value(field, from->name, from->value, a);
    if (from->value && thousandths(from->value, &x))
        v->key = field * SCORE_SLOTS + slot_of_number(x);
    return true;
}

size_t score_values(const Baton__Lead *lead, struct score_value out[SCORE_VALUES_MAX], struct arena *a)
{
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        out[n++] = value_of(&rows[i], lead, a);
    for (size_t i = 0; i < lead->n_attributes && i < SCORE_ATTRIBUTES_MAX; i++)
        n += attribute_value(lead->attributes[i], &out[n], a);
    return n;
}

void leads_score(const struct score_model *m, Baton__Lead *lead, struct arena *a)
{
    struct score_value values[SCORE_VALUES_MAX];
    struct score_result r;
    if (!m || !m->base.outcomes)
        return;
    score_predict(m, values, score_values(lead, values, a), &r);
    lead->has_score = lead->has_score_low = lead->has_score_high = lead->has_score_version = true;
    lead->score = r.permille;
    lead->score_low = r.low;
    lead->score_high = r.high;
    lead->score_version = m->base.outcomes;
}

/* The newest part of the month that is not full. */
static uint32_t period_at(const struct score_model *m, int64_t time_us, uint32_t more)
{
    uint32_t month = (uint32_t)(time_us / INT64_C(1000000) / MONTH_SECONDS), id = month * PARTS, in = more;
    for (size_t i = 0; i < m->n_periods; i++) {
        if (m->periods[i].id / PARTS != month)
            continue;
        id = m->periods[i].id;
        in += m->periods[i].outcomes;
        break;
    }
    uint32_t part = id % PARTS + in / SCORE_PERIOD_OUTCOMES;
    return month * PARTS + (part < PARTS ? part : PARTS - 1);
}

Baton__ScoreCount *leads_score_count(const struct score_model *m, const Baton__Lead *lead, bool converted,
                                     int64_t time_us, uint32_t more, struct arena *a)
{
    struct score_value values[SCORE_VALUES_MAX];
    struct score_result r;
    if (!m)
        return NULL;
    Baton__ScoreCount *c = ARENA_NEW(a, Baton__ScoreCount);
    baton__score_count__init(c);
    size_t n = score_values(lead, values, a);
    c->has_period = c->has_converted = true;
    c->period = period_at(m, time_us < 0 ? 0 : time_us, more);
    c->converted = converted;
    c->cells = ARENA_ARRAY(a, uint32_t, n + 2);
    c->cells[c->n_cells++] = SCORE_FIELD_BASE * SCORE_SLOTS;
    for (size_t i = 0; i < n; i++)
        c->cells[c->n_cells++] = values[i].key;
    if (m->base.outcomes) {
        score_predict(m, values, n, &r);
        c->cells[c->n_cells++] = SCORE_FIELD_SUM * SCORE_SLOTS + score_sum_slot(m, r.sum);
    }
    return c;
}
