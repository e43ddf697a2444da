/* People put together from lists, and what somebody would type to find them. */
#include "names.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    LIST_MAX = 4096,
    LINE_MAX_BYTES = 1024,
    COLUMN = 10 /* Localized Name */,
    COMPANIES = 5000,
    CHINESE_OF = 8
};

struct names {
    char *all[LIST_MAX], *chinese[LIST_MAX];
    uint32_t n_all, n_chinese;
};

static const char *const own[] = {"Anna",    "Bao",       "Chidi",    "Dolores",   "Emil",
                                  "Fatima",  "Grace",     "Hiro",     "Lindqvist", "Okafor",
                                  "Herrera", "Natarajan", "Kowalska", "Moreau"};
static const char *const own_chinese[] = {"小明", "美玲", "志強", "淑芬", "家豪", "怡君"};
static const char *const families[] = {"王", "李", "張", "劉", "陳", "楊", "黃", "趙", "吳", "周",
                                       "徐", "孫", "馬", "朱", "胡", "林", "郭", "何", "高", "羅"};
static const char *const endings[] = {"",     "son",  "sen", "ez",   "ova",  "ski",
                                      "mann", "berg", "ian", "etti", "oglu", "sdottir"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* SplitMix64: any number becomes one that looks like none of its neighbours. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* The first ones of a list come up more often, as names do. */
static uint32_t often(uint64_t random, uint32_t n)
{
    double part = (double)(random >> 11) / (double)(UINT64_C(1) << 53);
    return (uint32_t)(part * part * n);
}

static void add(struct names *n, const char *name)
{
    bool is_chinese = (uint8_t)name[0] >= 0xe4 && (uint8_t)name[0] <= 0xe9;
    char **list = is_chinese ? n->chinese : n->all;
    uint32_t *count = is_chinese ? &n->n_chinese : &n->n_all;
    if (*count < LIST_MAX && *name && strlen(name) < 40)
        list[(*count)++] = strdup(name);
}

static void read_file(struct names *n, FILE *f)
{
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, f)) {
        char *at = line;
        for (int i = 0; i < COLUMN && at; i++)
            at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL;
        if (!at || strncmp(at, "Localized", 9) == 0)
            continue;
        at[strcspn(at, ",\r\n/ ")] = '\0';
        add(n, at);
    }
}

struct names *names_new(const char *data)
{
    char path[4096];
    struct names *n = calloc(1, sizeof *n);
    assert(n);
    (void)snprintf(path, sizeof path, "%s/names/common-forenames-by-country.csv",
                   data ? data : "../shared/data");
    FILE *f = fopen(path, "re");
    if (f) {
        read_file(n, f);
        fclose(f);
    }
    for (size_t i = 0; i < COUNT(own); i++)
        add(n, own[i]);
    for (size_t i = 0; i < COUNT(own_chinese); i++)
        add(n, own_chinese[i]);
    return n;
}

void names_free(struct names *n)
{
    for (uint32_t i = 0; i < n->n_all; i++)
        free(n->all[i]);
    for (uint32_t i = 0; i < n->n_chinese; i++)
        free(n->chinese[i]);
    free(n);
}

static void phone_of(struct person_row *p, uint64_t random, struct arena *a)
{
    static const char *const forms[] = {"+49 %u %07u", "+49 (0)%u/%07u", "0%u %07u", "0049 %u-%07u"};
    const unsigned area = 30 + (unsigned)(random % 60), number = (unsigned)(random >> 20) % 10000000;
    const unsigned form = (unsigned)(random >> 50) % COUNT(forms);
    p->phone = arena_printf(a,
                            form == 0   ? "+49 %u %07u"
                            : form == 1 ? "+49 (0)%u/%07u"
                            : form == 2 ? "0%u %07u"
                                        : "0049 %u-%07u",
                            area, number);
    p->digits = arena_printf(a, form == 2 ? "%u%07u" : "49%u%07u", area, number);
}

struct person_row names_person(const struct names *n, uint32_t i, struct arena *a)
{
    const uint64_t r = mix(i), s = mix(r), t = mix(s);
    struct person_row p = {.is_joined = r % CHINESE_OF == 0};
    if (p.is_joined) {
        p.first = n->chinese[often(s, n->n_chinese)];
        p.last = families[often(t, COUNT(families))];
        p.email = arena_printf(a, "user%u@company%u.example", i, (unsigned)(t % COMPANIES));
    } else {
        p.first = n->all[often(s, n->n_all)];
        p.last = arena_printf(a, "%s%s", n->all[often(t, n->n_all)], endings[mix(t) % COUNT(endings)]);
        p.email = arena_printf(a, "%s.%u@company%u.example",
                               text_is_ascii(p.last, strlen(p.last)) ? p.last : "user", i,
                               (unsigned)(t % COMPANIES));
    }
    phone_of(&p, mix(t ^ i), a);
    return p;
}

/* The first characters of a text, as many as there are. */
static const char *beginning(const char *text, size_t chars, struct arena *a)
{
    size_t n = 0;
    for (; text[n] && chars; chars--)
        do
            n++;
        while (((uint8_t)text[n] & 0xc0) == 0x80);
    return arena_strndup(a, text, n);
}

static const char *with_typo(const char *name, uint64_t random, struct arena *a)
{
    char *typo = arena_strdup(a, name);
    size_t n = strlen(typo), at = 1 + random % (n > 3 ? n - 2 : 1);
    if ((uint8_t)typo[at] < 0x80)
        typo[at] = typo[at] == 'x' ? 'y' : 'x';
    return typo;
}

/* Somebody whose name is of that kind. */
static struct person_row somebody(const struct names *n, uint64_t random, uint32_t people, bool chinese,
                                  struct arena *a)
{
    for (;; random = mix(random)) {
        struct person_row p = names_person(n, (uint32_t)(random % people), a);
        if (p.is_joined == chinese &&
            (chinese || (strlen(p.last) >= 6 && text_is_ascii(p.last, strlen(p.last)))))
            return p;
    }
}

struct query_row names_query(const struct names *n, uint32_t i, uint32_t people, struct arena *a)
{
    const uint64_t r = mix(UINT64_C(1) << 40 | i);
    const struct person_row p = somebody(n, mix(r), people, i % NAMES_KINDS >= 8, a);
    const char *tail = p.digits + strlen(p.digits) - 6;
    switch (i % NAMES_KINDS) {
    case 0:
        return (struct query_row){"beginning of a name", beginning(p.last, 3 + r % 3, a), NULL, false, false};
    case 1:
        return (struct query_row){"whole name", arena_printf(a, "%s %s", p.first, p.last), NULL, false,
                                  false};
    case 2:
        return (struct query_row){"name and beginning",
                                  arena_printf(a, "%s %s", p.last, beginning(p.first, 2, a)), NULL, false,
                                  false};
    case 3:
        return (struct query_row){"part of a name", beginning(p.last + 1, 4, a), NULL, false, false};
    case 4:
        return (struct query_row){"typo", with_typo(p.last, r, a), NULL, true, false};
    case 5:
        return (struct query_row){"last digits", tail, tail, false, true};
    case 6:
        return (struct query_row){"phone", p.phone, p.digits, false, true};
    case 7:
        return (struct query_row){"address", p.email, NULL, false, false};
    case 8:
        return (struct query_row){"Chinese name", arena_printf(a, "%s%s", p.last, p.first), NULL, false,
                                  false};
    default:
        return (struct query_row){"two or one characters", r % 4 ? p.first : p.last, NULL, false, false};
    }
}
