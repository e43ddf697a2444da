/* How alike two records are, field by field, and how sure that makes us that they are the same. */
#include <math.h>
#include <string.h>

#include "base/similar.h"
#include "base/text.h"
#include "services/contacts/match.h"

/* --- how two values of one field agree --- */

typedef int agree_fn(const char *a, const char *b);

static bool has_start(const char *longer, const char *start)
{
    return strncmp(longer, start, strlen(start)) == 0;
}

/* Characters of scripts that write a word in one or two: one other makes another name. */
static bool is_dense(const char *s)
{
    enum { HAN_FIRST = 0xe3 };
    return (uint8_t)*s >= HAN_FIRST && !text_is_ascii(s, 1);
}

/* 10: the same; one typing error, or a short form of three letters and more; two errors, or an initial */
static int agree_name(const char *a, const char *b)
{
    enum { SHORT_FORM = 3, TYPED = 4, TYPED_TWICE = 6 };
    size_t n = strlen(a), m = strlen(b), least = n < m ? n : m;
    if (strcmp(a, b) == 0)
        return MATCH_EQUAL;
    unsigned wrong = edits(a, b);
    if (is_dense(a) && is_dense(b))
        return wrong == 1 && least > 2 * SHORT_FORM ? MATCH_SIMILAR : MATCH_DIFFERENT;
    bool starts = n < m ? has_start(b, a) : has_start(a, b);
    double like = similarity(a, b);
    if ((wrong == 1 && least >= TYPED) || (starts && least >= SHORT_FORM) || like >= 0.94)
        return MATCH_ALIKE;
    bool near = wrong == 1 || (wrong == 2 && least >= TYPED_TWICE) || like >= 0.86 || (starts && least == 1);
    return near ? MATCH_SIMILAR : MATCH_DIFFERENT;
}

/* 11: longer texts have more errors in them */
static int agree_text(const char *a, const char *b)
{
    double like = strcmp(a, b) == 0 ? 1 : similarity(a, b);
    return like == 1      ? MATCH_EQUAL
           : like >= 0.92 ? MATCH_ALIKE
           : like >= 0.84 ? MATCH_SIMILAR
                          : MATCH_DIFFERENT;
}

/* 12: of numbers and codes one character may be wrong, or two have changed places; of long ones two */
static int agree_code(const char *a, const char *b)
{
    enum { LONG = 6 };
    size_t n = strlen(a), m = strlen(b), least = n < m ? n : m;
    if (strcmp(a, b) == 0)
        return MATCH_EQUAL;
    unsigned wrong = edits(a, b);
    return wrong == 1 && least > 1       ? MATCH_ALIKE
           : wrong == 2 && least >= LONG ? MATCH_SIMILAR
                                         : MATCH_DIFFERENT;
}

/* 13: of a date also day and month may have changed places, or only one of year, month and day be wrong */
static int agree_day(const char *a, const char *b)
{
    enum { MONTH = 4, DAY = 6 };
    if (strcmp(a, b) == 0)
        return MATCH_EQUAL;
    bool year = memcmp(a, b, 4) == 0, month = memcmp(a + MONTH, b + MONTH, 2) == 0,
         day = memcmp(a + DAY, b + DAY, 2) == 0,
         crossed = memcmp(a + MONTH, b + DAY, 2) == 0 && memcmp(a + DAY, b + MONTH, 2) == 0;
    unsigned wrong = edits(a, b);
    if (wrong == 1 || (year && crossed))
        return MATCH_ALIKE;
    return wrong == 2 || year + month + day == 2 ? MATCH_SIMILAR : MATCH_DIFFERENT;
}

/* Whether two texts differ in their digits and nothing else. */
static bool is_other_number(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, "0123456789");
        b += strspn(b, "0123456789");
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
}

/* 14: an address for mail with an error in it, or the same name elsewhere, or a few errors in a long one; but
   who has another number there is somebody else */
static int agree_email(const char *a, const char *b)
{
    enum { LOCAL_LEAST = 5, ERRORS = 2, MORE_ERRORS = 5, LONG = 16 };
    size_t n = strcspn(a, "@"), m = strcspn(b, "@");
    if (strcmp(a, b) == 0)
        return MATCH_EQUAL;
    if (is_other_number(a, b))
        return MATCH_DIFFERENT;
    unsigned wrong = edits(a, b);
    if (wrong <= ERRORS)
        return MATCH_ALIKE;
    bool same_local = n == m && n >= LOCAL_LEAST && memcmp(a, b, n) == 0;
    size_t least = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return same_local || (wrong <= MORE_ERRORS && least >= LONG) ? MATCH_SIMILAR : MATCH_DIFFERENT;
}

static const struct field {
    const char *name;
    agree_fn *agree;
} fields[MATCH_FIELDS] = {
    [MATCH_FIRST_NAME] = {"first_name", agree_name},
    [MATCH_LAST_NAME] = {"last_name", agree_name},
    [MATCH_COMPANY] = {"company", agree_text},
    [MATCH_BIRTHDAY] = {"birthday", agree_day},
    [MATCH_EMAIL] = {"email", agree_email},
    [MATCH_DOMAIN] = {"website", agree_email},
    [MATCH_PHONE] = {"phone", agree_code},
    [MATCH_STREET] = {"street", agree_text},
    [MATCH_NUMBER] = {"house_number", agree_code},
    [MATCH_LINE] = {"address_line", agree_text},
    [MATCH_CITY] = {"city", agree_text},
    [MATCH_POSTAL_CODE] = {"postal_code", agree_code},
    [MATCH_STATE] = {"state", agree_name},
    [MATCH_IDENTIFIER] = {"identifier", agree_code},
};

const char *match_field_name(enum match_field f)
{
    return fields[f].name;
}

const char *match_level_name(enum match_level l)
{
    static const char *const names[MATCH_LEVELS] = {NULL, "different", "similar", "alike", "equal"};
    return names[l];
}

static enum match_level agree(enum match_field f, const char *a, const char *b)
{
    return a && b ? (enum match_level)fields[f].agree(a, b) : MATCH_MISSING;
}

/* --- all of them --- */

static enum match_level less(enum match_level l)
{
    return l > MATCH_DIFFERENT ? l - 1 : l;
}

/* 15: two fields whose values have changed places agree a level less than if each stood in its own */
static void compare_two(const struct match_keys *a, const struct match_keys *b, enum match_field f,
                        enum match_field g, struct match_pattern *out)
{
    enum match_level x = agree(f, a->of[f], b->of[f]), y = agree(g, a->of[g], b->of[g]);
    enum match_level p = less(agree(f, a->of[f], b->of[g])), q = less(agree(g, a->of[g], b->of[f]));
    bool crossed = p != MATCH_DIFFERENT && q != MATCH_DIFFERENT && p + q > x + y;
    out->of[f] = (uint8_t)(crossed ? p : x);
    out->of[g] = (uint8_t)(crossed ? q : y);
}

/* 16: some write the whole name into one field */
static void compare_whole(const struct match_keys *a, const struct match_keys *b, struct match_pattern *out)
{
    enum { WHOLE_MAX = 512 };
    const struct match_keys *one = b->of[MATCH_FIRST_NAME] && b->of[MATCH_LAST_NAME] ? a : b,
                            *two = one == a ? b : a;
    const char *first = two->of[MATCH_FIRST_NAME], *last = two->of[MATCH_LAST_NAME],
               *whole = one->of[MATCH_LAST_NAME] ? one->of[MATCH_LAST_NAME] : one->of[MATCH_FIRST_NAME];
    bool halves = one->of[MATCH_FIRST_NAME] && one->of[MATCH_LAST_NAME];
    size_t n = first ? strlen(first) : 0, m = last ? strlen(last) : 0;
    if (halves || !whole || !n || !m || strlen(whole) != n + m)
        return;
    bool last_first = memcmp(whole, last, m) == 0 && memcmp(whole + m, first, n) == 0;
    bool first_last = memcmp(whole, first, n) == 0 && memcmp(whole + n, last, m) == 0;
    if (last_first || first_last) {
        out->of[MATCH_LAST_NAME] = MATCH_EQUAL;
        out->of[MATCH_FIRST_NAME] = MATCH_ALIKE;
    }
}

/* 17: any number of one may be any of the other's */
static enum match_level compare_phones(const struct match_keys *a, const struct match_keys *b)
{
    enum match_level best = MATCH_MISSING;
    for (size_t i = 0; i < MATCH_PHONES; i++)
        for (size_t k = 0; k < MATCH_PHONES; k++) {
            enum match_level l = phone_surely_same(&a->phones[i], &b->phones[k])
                                     ? MATCH_EQUAL
                                     : agree(MATCH_PHONE, a->phones[i].digits, b->phones[k].digits);
            best = l > best ? l : best;
        }
    return best;
}

void match_compare(const struct match_keys *a, const struct match_keys *b, struct match_pattern *out)
{
    *out = (struct match_pattern){0};
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        if (f != MATCH_PHONE && f != MATCH_FIRST_NAME && f != MATCH_LAST_NAME && f != MATCH_STREET &&
            f != MATCH_LINE)
            out->of[f] = (uint8_t)agree(f, a->of[f], b->of[f]);
    compare_two(a, b, MATCH_FIRST_NAME, MATCH_LAST_NAME, out);
    compare_two(a, b, MATCH_STREET, MATCH_LINE, out);
    compare_whole(a, b, out);
    out->of[MATCH_PHONE] = (uint8_t)compare_phones(a, b);
}

/* --- how often a value occurs --- */

static uint32_t *cell(const struct match_counts *c, unsigned row, enum match_field f, const char *value)
{
    uint32_t h = near_hash((char)('A' + row), fields[f].name, value);
    return (uint32_t *)(uintptr_t)&c->of[row][h % MATCH_SKETCH_WIDTH];
}

void match_count(struct match_counts *c, const struct match_keys *k)
{
    c->records++;
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        for (unsigned row = 0; k->of[f] && row < MATCH_SKETCH_ROWS; row++)
            ++*cell(c, row, f, k->of[f]);
}

static double frequency(const struct match_counts *c, enum match_field f, const char *value)
{
    uint32_t least = UINT32_MAX;
    for (unsigned row = 0; row < MATCH_SKETCH_ROWS; row++) {
        uint32_t n = *cell(c, row, f, value);
        least = n < least ? n : least;
    }
    /* 18: the two at hand are two of them */
    least = least < 2 ? 2 : least;
    return c->records > least ? (double)least / c->records : 1;
}

/* --- how sure that makes us --- */

/* 19: what agrees on a value that few have weighs more than what agrees on one that many have */
static double any_level(const struct match_model *m, const struct match_counts *c, const struct match_keys *a,
                        enum match_field f, enum match_level l)
{
    enum { SOME = 1000 }; /* among fewer, what nobody else has is rarer than it looks */
    if (l != MATCH_EQUAL || !c || c->records < SOME || !a->of[f])
        return m->any[f][l];
    double often = frequency(c, f, a->of[f]);
    return often < 1 ? often : 1;
}

double match_probability(const struct match_model *m, const struct match_counts *c,
                         const struct match_keys *a, const struct match_pattern *p)
{
    /* 20: before anything is compared, as many of all others are the same as one has on average */
    double records = c && c->records > 1 ? c->records : 2;
    double bits = log2(m->rate / records);
    for (unsigned f = 0; f < MATCH_FIELDS; f++) {
        enum match_level l = p->of[f];
        if (l != MATCH_MISSING)
            bits += log2(m->same[f][l] / any_level(m, c, a, f, l));
    }
    return 1 / (1 + exp2(-bits));
}
