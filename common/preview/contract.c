/* Patterns around dates, spans of time and names, by ICU's regular expressions on the text as it stands. */
#include "preview/contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "base/civil.h"
#include "base/text.h"

enum { PATTERN_MAX = 2048, STEPS_MAX = 200, STACK_MAX = 4 << 20, PREAMBLE = 6000 };

#define MONTH                                                                                                \
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?" \
    ":ober)?|"                                                                                               \
    "nov(?:ember)?|dec(?:ember)?)\\b\\.?"
#define DATE                                                                                                 \
    "(?<date>" MONTH "\\s+\\d{1,2}\\s*(?:st|nd|rd|th)?\\s*,?\\s*\\d{4}|\\d{1,2}\\s*(?:s\\s?t|nd|rd|th)?\\s+" \
    "(?:day\\s+of\\s+)?" MONTH                                                                               \
    "(?:\\s+day\\s+of)?\\s*,?\\s*\\d{4}|\\d{4}-\\d\\d-\\d\\d|\\d{1,2}\\.\\d{1,2}\\.\\d{4}|"                  \
    "(?:(?:中華)?民國\\s*)?\\d{2,4}\\s*年\\s*\\d{1,2}\\s*月\\s*\\d{1,2}\\s*日)"
#define SPAN                                                                                                 \
    "(?:[a-z]+(?:-[a-z]+)?\\s*\\(\\s*(?<n>\\d{1,3})\\s*\\)|(?<m>\\d{1,3})|(?<w>one|two|three|four|five|six|" \
    "seven|eight|"                                                                                           \
    "nine|ten|twelve|fifteen|eighteen|twenty|thirty|sixty|ninety))[\\s-]*(?:calendar\\s+|business\\s+|"      \
    "consecutive\\s+)?"                                                                                      \
    "(?<unit>day|week|month|year)s?\\b"
#define SPAN_HAN "(?<m>\\d{1,3})\\s*(?<unit>日|天|個月|个月|月|年)"
#define SMALL                                                                                                \
    "(?:(?:this|the|as|of|on|from|is|be|means|shall|date|and|effective|until|through|including|up|to|both|"  \
    "i|earlier)[\\s,:()]+){0,6}"
#define SUFFIX                                                                                               \
    "(?:Inc|INC|LLC|L\\.L\\.C|Ltd|LTD|Limited|LIMITED|Corp|CORP|Corporation|CORPORATION|Company|COMPANY|"    \
    "Incorporated|"                                                                                          \
    "INCORPORATED|PLC|plc|LP|L\\.P|LLP|GmbH|AG|SE|S\\.A|N\\.V|B\\.V|A/S|Co|CO)\\b\\.?"
#define CAPITAL "\\p{Lu}[\\p{L}\\p{N}&.'’/-]*"
#define NAME    CAPITAL "(?:\\s+(?:" CAPITAL "|&|of|for|and(?=\\s+\\p{Lu}[\\p{L} ]+,?\\s+" SUFFIX "))){0,7}?"

/* 1: where a pattern holds, its sort is suggested; the more is said, the surer. `within` bytes of the
 * beginning. */
static const struct pattern {
    enum contract_sort sort;
    unsigned sure;
    size_t within;
    bool case_counts;
    const char *text;
} patterns[] = {
    {CONTRACT_PARTY, 85, PREAMBLE, true,
     "(?<name>" NAME ",?\\s+" SUFFIX "(?:,?\\s+" SUFFIX
     ")?)[^\"“”.;]{0,200}?\\(\\s*(?:[a-z]+\\s+){0,4}[\"“]"},
    {CONTRACT_PARTY, 60, PREAMBLE, true,
     "(?:between|BETWEEN|among|AMONG|and|AND)[\\s:]+(?:\\(\\d\\)\\s*)?(?<name>" NAME ",?\\s+" SUFFIX
     "(?:,?\\s+" SUFFIX ")?)"},
    {CONTRACT_PARTY, 60, PREAMBLE, true,
     "(?:between|BETWEEN|among|AMONG|and|AND)[\\s:]+(?<name>" NAME
     "),?\\s*(?:an?\\s+[a-z][^\"“”.;]{0,120})?\\(\\s*"
     "(?:[a-z]+\\s+){0,4}[\"“]"},
    {CONTRACT_PARTY, 80, PREAMBLE, true,
     "(?:甲方|乙方|丙方|買方|賣方|买方|卖方|出租人|承租人)\\s*(?:[（(][^）)\\n]{0,20}[）)])?\\s*[:：]\\s*(?<"
     "name>[^\\s，,。；;（(]{2,30})"},
    {CONTRACT_AGREED, 80, PREAMBLE, false,
     "(?:dated|made|entered\\s+into|executed|signed)\\b[^.;\"“]{0,60}?" DATE},
    {CONTRACT_AGREED, 60, 3000, false, "\\b(?:as\\s+of|this|dated)[\\s,:]+" SMALL DATE},
    {CONTRACT_AGREED, 70, SIZE_MAX, false, "(?:簽訂|签订|簽署|签署|訂立|订立|簽約|签约)[^。\\n]{0,20}?" DATE},
    {CONTRACT_EFFECTIVE, 85, SIZE_MAX, false,
     DATE "\\s*,?\\s*\\(\\s*(?:the\\s+)?[\"“]\\s*(?:effective|commencement)\\s+date"},
    {CONTRACT_EFFECTIVE, 75, SIZE_MAX, false,
     "(?:effective|commenc(?:es?|ing|ement)|begin(?:s|ning)?|takes?\\s+effect|comes?\\s+into\\s+force)[\\s,:"
     "\"”]+" SMALL DATE},
    {CONTRACT_EFFECTIVE, 75, SIZE_MAX, false, "自\\s*" DATE "\\s*(?:起|生效)|生效[^。\\n]{0,10}?" DATE},
    {CONTRACT_ENDS, 75, SIZE_MAX, false,
     "(?:expires?|expiring|terminates?|terminate\\s+automatically|ends?|ending|concludes?|concluding|until|"
     "through|up\\s+to)[\\s,:]+" SMALL DATE},
    {CONTRACT_ENDS, 75, SIZE_MAX, false, "(?:至|到)\\s*" DATE "\\s*(?:止|為止|为止|屆滿|届满)"},
    {CONTRACT_TERM, 75, SIZE_MAX, false,
     "\\bterm\\b[^.;]{0,100}?\\b(?:of|for|be|is)\\s+(?:an?\\s+(?:initial\\s+)?(?:period|term)\\s+of\\s+)"
     "?" SPAN},
    {CONTRACT_TERM, 65, SIZE_MAX, false,
     "(?:continue|in\\s+(?:force|effect)|remain|valid)\\b[^.;]{0,60}?\\bfor\\s+(?:an?\\s+(?:initial\\s+)?(?:"
     "period|term)\\s+of\\s+)?" SPAN},
    {CONTRACT_RENEWAL, 75, SIZE_MAX, false,
     "(?:renew|extend|prolong)\\w*\\b[^.;]{0,120}?\\b(?:successive|additional|further|consecutive|for|of)\\s+"
     "(?:(?:an?|successive|additional|further|consecutive|periods?|terms?|of|for)\\s+){0,4}" SPAN},
    {CONTRACT_NOTICE, 80, SIZE_MAX, false,
     "(?:renew|extend|extension|prolong)\\w*\\b[^.]{0,300}?" SPAN "['’]?[^.]{0,40}?(?:notice|prior\\s+to)"},
    {CONTRACT_NOTICE, 70, SIZE_MAX, false,
     SPAN "['’]?\\s*(?:prior|advance|written|,|\\s)*notice[^.]{0,120}?(?:renew|end\\s+of|expir)"},
    {CONTRACT_NOTICE, 40, SIZE_MAX, false, "\\bterminat\\w*\\b[^.;]{0,150}?" SPAN "['’]?[^.;]{0,25}?notice"},
    {CONTRACT_NOTICE, 60, SIZE_MAX, false, SPAN_HAN "\\s*前[^。\\n]{0,15}?通知"},
};

struct reading {
    const char *text;
    struct contract_hint *hints;
    size_t n;
};

/* --- values --- */

static int month_of(const char *word)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int i = 0; i < 12; i++)
        if (strncasecmp(word, months + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

/* Up to three numbers and a month's name, as DATE has them. */
static bool parse_date(const char *text, size_t size, struct civil *c)
{
    enum { ROC_ERA = 1911, YEAR_MIN = 1900, YEAR_MAX = 2200 };
    int n[3] = {0}, found = 0, month = 0, digits[3] = {0};
    for (size_t i = 0; i < size;) {
        if (text[i] >= '0' && text[i] <= '9' && found < 3) {
            for (; i < size && text[i] >= '0' && text[i] <= '9'; i++, digits[found]++)
                n[found] = n[found] * 10 + (text[i] - '0');
            found++;
        } else {
            if (month == 0 && size - i >= 3 &&
                (i == 0 || text[i - 1] == ' ' || (text[i - 1] >= '\t' && text[i - 1] <= '\r')))
                month = month_of(text + i);
            i++;
        }
    }
    if (month > 0 && found == 2)
        *c = (struct civil){n[1], month, n[0], 0, 0, 0};
    else if (found == 3 && digits[2] == 4)
        *c = (struct civil){n[2], n[1], n[0], 0, 0, 0};
    else if (found == 3)
        *c = (struct civil){n[0] < YEAR_MIN ? n[0] + ROC_ERA : n[0], n[1], n[2], 0, 0, 0};
    else
        return false;
    struct civil same = civil_of_seconds(civil_seconds(c)); /* of the calendar? */
    return c->year >= YEAR_MIN && c->year <= YEAR_MAX && c->month >= 1 && c->month <= 12 &&
           same.day == c->day && same.month == c->month;
}

static unsigned number_of(const char *text, size_t size)
{
    static const struct {
        const char *word;
        unsigned n;
    } words[] = {
        {"one", 1},       {"two", 2},     {"three", 3},   {"four", 4},   {"five", 5},    {"six", 6},
        {"seven", 7},     {"eight", 8},   {"nine", 9},    {"ten", 10},   {"twelve", 12}, {"fifteen", 15},
        {"eighteen", 18}, {"twenty", 20}, {"thirty", 30}, {"sixty", 60}, {"ninety", 90},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == size && strncasecmp(words[i].word, text, size) == 0)
            return words[i].n;
    return (unsigned)strtoul(text, NULL, 10);
}

/* "day", "week", "month", "year" of what SPAN and SPAN_HAN have. */
static const char *unit_of(const char *text, size_t size)
{
    static const char *const units[][2] = {
        {"日", "day"},  {"天", "day"},  {"個月", "month"}, {"个月", "month"},  {"月", "month"},
        {"年", "year"}, {"day", "day"}, {"week", "week"},  {"month", "month"}, {"year", "year"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i][0]) == size && strncasecmp(units[i][0], text, size) == 0)
            return units[i][1];
    return NULL;
}

/* --- finding --- */

/* The group's place; false: it took no part. */
static bool group(URegularExpression *regex, const char *name, size_t *at, size_t *size)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = uregex_groupNumberFromCName(regex, name, -1, &error);
    int64_t from = U_SUCCESS(error) ? uregex_start64(regex, n, &error) : -1;
    int64_t to = from >= 0 ? uregex_end64(regex, n, &error) : -1;
    if (U_FAILURE(error) || from < 0 || to <= from)
        return false;
    *at = (size_t)from;
    *size = (size_t)(to - from);
    return true;
}

static bool value_of_date(struct reading *r, URegularExpression *regex, struct contract_hint *h)
{
    struct civil c;
    if (!group(regex, "date", &h->at, &h->size) || !parse_date(r->text + h->at, h->size, &c))
        return false;
    civil_format(h->value, &c, true);
    return true;
}

static bool value_of_span(struct reading *r, URegularExpression *regex, struct contract_hint *h)
{
    size_t at, size, end, unit_size;
    bool is_there =
        group(regex, "n", &at, &size) || group(regex, "m", &at, &size) || group(regex, "w", &at, &size);
    if (!is_there || !group(regex, "unit", &end, &unit_size))
        return false;
    unsigned n = number_of(r->text + at, size);
    const char *unit = unit_of(r->text + end, unit_size);
    if (n == 0 || !unit)
        return false;
    h->at = at;
    h->size = end + unit_size - at;
    (void)snprintf(h->value, sizeof h->value, "%u %s%s", n, unit, n == 1 ? "" : "s"); /* it fits */
    return true;
}

/* 2: what begins sentences and headings is no name. */
static bool is_name(const char *name)
{
    static const char *const words[] = {"This",    "THIS",    "The Agreement", "Agreement", "AGREEMENT",
                                        "Whereas", "WHEREAS", "Effective",     "Exhibit",   "Party",
                                        "Parties", "Section", "Article",       "Board"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(name, words[i], strlen(words[i])) == 0)
            return false;
    return strlen(name) > 2;
}

static bool value_of_name(struct reading *r, URegularExpression *regex, struct contract_hint *h)
{
    size_t n = 0;
    if (!group(regex, "name", &h->at, &h->size))
        return false;
    for (size_t i = 0; i < h->size && n < sizeof h->value - 1; i++) {
        char c = r->text[h->at + i];
        bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!is_space || (n > 0 && h->value[n - 1] != ' '))
            h->value[n++] = (char)(is_space ? ' ' : c);
    }
    h->value[n] = '\0';
    h->value[text_clip(h->value, n)] = '\0';
    return is_name(h->value);
}

/* 3: a value once a sort, as sure as its surest place; the last one gives way to a surer one. */
static void suggest(struct reading *r, const struct contract_hint *h)
{
    size_t of_sort = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->hints[i].sort != h->sort)
            continue;
        if (strcasecmp(r->hints[i].value, h->value) == 0) {
            if (r->hints[i].sure < h->sure)
                r->hints[i] = *h;
            return;
        }
        of_sort++;
    }
    if (of_sort < CONTRACT_EACH_MAX && r->n < CONTRACT_HINTS_MAX)
        r->hints[r->n++] = *h;
}

static URegularExpression *opened(const struct pattern *p, UText *text)
{
    UChar wide[PATTERN_MAX];
    int32_t n;
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8(wide, PATTERN_MAX, &n, p->text, -1, &error);
    URegularExpression *regex =
        uregex_open(wide, n, p->case_counts ? 0 : UREGEX_CASE_INSENSITIVE, NULL, &error);
    /* 4: no text takes longer than this, or more memory. */
    uregex_setTimeLimit(regex, STEPS_MAX, &error);
    uregex_setStackLimit(regex, STACK_MAX, &error);
    uregex_setUText(regex, text, &error);
    if (U_SUCCESS(error))
        return regex;
    uregex_close(regex);
    return NULL;
}

static void find(struct reading *r, const struct pattern *p, UText *text)
{
    URegularExpression *regex = opened(p, text);
    UErrorCode error = U_ZERO_ERROR;
    for (unsigned n = 0; regex && n < CONTRACT_EACH_MAX * 2 && uregex_findNext(regex, &error); n++) {
        struct contract_hint h = {.sort = p->sort, .sure = n == 0 ? p->sure : p->sure - p->sure / 4};
        if ((size_t)uregex_start64(regex, 0, &error) > p->within)
            break;
        if (value_of_date(r, regex, &h) || value_of_span(r, regex, &h) || value_of_name(r, regex, &h))
            suggest(r, &h);
    }
    if (regex)
        uregex_close(regex);
}

/* --- what follows from it --- */

static const struct contract_hint *surest(const struct reading *r, enum contract_sort sort)
{
    return contract_surest(r->hints, r->n, sort);
}

/* 5: unless it says otherwise, it holds from when it was made, and as long as its term. */
static void conclude(struct reading *r)
{
    enum { FROM_AGREED = 50, FROM_TERM = 45 };
    const struct contract_hint *agreed = surest(r, CONTRACT_AGREED), *term = surest(r, CONTRACT_TERM);
    struct contract_hint h;
    if (agreed && !surest(r, CONTRACT_EFFECTIVE)) {
        h = *agreed;
        h.sort = CONTRACT_EFFECTIVE;
        h.sure = FROM_AGREED;
        suggest(r, &h);
    }
    const struct contract_hint *from = surest(r, CONTRACT_EFFECTIVE);
    if (!from || !term || surest(r, CONTRACT_ENDS))
        return;
    h = *term;
    h.sort = CONTRACT_ENDS;
    h.sure = FROM_TERM;
    if (contract_move(from->value, term->value, 1, h.value))
        suggest(r, &h);
}

static int compare(const void *a, const void *b)
{
    const struct contract_hint *x = a, *y = b;
    if (x->sort != y->sort)
        return x->sort < y->sort ? -1 : 1;
    if (x->sure != y->sure)
        return x->sure > y->sure ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

size_t contract_read(const char *text, struct contract_hint hints[CONTRACT_HINTS_MAX])
{
    UErrorCode error = U_ZERO_ERROR;
    struct reading r = {.text = text, .hints = hints};
    UText *u = utext_openUTF8(NULL, text, (int64_t)text_clip(text, CONTRACT_READ_MAX), &error);
    for (size_t i = 0; U_SUCCESS(error) && i < sizeof patterns / sizeof *patterns; i++)
        find(&r, &patterns[i], u);
    utext_close(u);
    conclude(&r);
    qsort(hints, r.n, sizeof *hints, compare);
    return r.n;
}
