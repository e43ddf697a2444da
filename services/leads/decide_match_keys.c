/* What of a lead is compared: normalised addresses, numbers and names. */
#include <stdlib.h>
#include <string.h>

#include "base/phone.h"
#include "base/text.h"
#include "services/leads/match.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static int by_text(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

/* Rows are in the order of their bytes. */
static bool is_among(const char *s, const char *const *rows, size_t n)
{
    return s && bsearch(s, rows, n, sizeof *rows, by_text);
}

/* --- names of companies --- */

/* Legal forms, folded and without punctuation. Those of scripts without spaces may stand at either end. */
static const char *const legal_forms[] = {
    "ab",  "ag",   "aps", "as",   "bv",  "bvba",         "co",  "company", "corp",    "corporation",
    "eg",  "ek",   "gbr", "gmbh", "inc", "incorporated", "kg",  "kgaa",    "limited", "llc",
    "llp", "ltd",  "mbh", "nv",   "ohg", "oy",           "plc", "pte",     "pty",     "pvt",
    "sa",  "sarl", "sas", "se",   "spa", "srl",          "ug"};
static const char *const joined_forms[] = {
    "股份有限公司", "有限責任公司", "有限责任公司", "有限公司", "株式会社",
    "有限会社",     "合同会社",     "公司",         "주식회사",
};

static bool ends_with(const char *s, size_t n, const char *end)
{
    size_t size = strlen(end);
    return n > size && memcmp(s + n - size, end, size) == 0;
}

static bool drop_word(char *name, size_t n)
{
    const char *last = strrchr(name, ' ');
    if (!last || !is_among(last + 1, legal_forms, COUNT(legal_forms)))
        return false;
    name[n - strlen(last)] = '\0';
    return true;
}

static bool drop_joined(char *name, size_t n)
{
    if (text_is_ascii(name, 1) && text_is_ascii(name + n - 1, 1))
        return false;
    for (size_t i = 0; i < COUNT(joined_forms); i++) {
        size_t size = strlen(joined_forms[i]);
        if (ends_with(name, n, joined_forms[i])) {
            n -= size;
            name[n - (name[n - 1] == ' ')] = '\0';
            return true;
        }
        if (strncmp(name, joined_forms[i], size) == 0 && n > size) {
            size += name[size] == ' ';
            memmove(name, name + size, n - size + 1);
            return true;
        }
    }
    return false;
}

/* 2: forms at the ends go, one after the other, as long as something is left; "co" of "gmbh & co kg", too */
char *leads_company_of(const char *name, struct arena *a)
{
    char *text = text_words(a, name);
    while (text && (drop_word(text, strlen(text)) || drop_joined(text, strlen(text))))
        ;
    return text;
}

/* --- addresses --- */

/* Where anybody can have an address: sharing one of these domains says nothing. */
static const char *const free_mail[] = {
    "126.com",   "163.com",        "aol.com",   "gmail.com",    "gmx.at",      "gmx.de",
    "gmx.net",   "googlemail.com", "hinet.net", "hotmail.com",  "icloud.com",  "live.com",
    "mail.ru",   "me.com",         "msn.com",   "naver.com",    "outlook.com", "pchome.com.tw",
    "proton.me", "protonmail.com", "qq.com",    "seed.net.tw",  "sina.com",    "t-online.de",
    "web.de",    "yahoo.co.jp",    "yahoo.com", "yahoo.com.tw", "yandex.ru"};

/* What an office calls its own address, or somebody who does not say theirs. */
static const char *const roles[] = {
    "accounting", "admin", "all",       "buchhaltung", "buero",     "contact",     "contacto", "einkauf",
    "enquiries",  "hello", "hi",        "hr",          "info",      "information", "inquiry",  "jobs",
    "kontakt",    "mail",  "marketing", "no-reply",    "nobody",    "none",        "noreply",  "office",
    "orders",     "post",  "purchase",  "purchasing",  "reception", "sales",       "service",  "support",
    "team",       "test",  "verkauf",   "vertrieb",    "webmaster", "zentrale"};

/* 7: what stands behind a plus is the owner's own note (RFC 5233) */
static char *email_of(const char *s, struct arena *a)
{
    char *text = s ? text_fold(a, s) : NULL;
    char *at = text ? strrchr(text, '@') : NULL;
    if (!at || at == text || !at[1])
        return NULL;
    char *plus = memchr(text + 1, '+', (size_t)(at - text - 1));
    if (plus)
        memmove(plus, at, strlen(at) + 1);
    return text;
}

static const char *site_of(const char *website, struct arena *a)
{
    char *text = website ? text_fold(a, website) : NULL;
    char *from = text ? strstr(text, "://") : NULL;
    from = from ? from + 3 : text;
    if (from && strncmp(from, "www.", 4) == 0)
        from += 4;
    if (from)
        from[strcspn(from, "/:?#")] = '\0';
    return from && strchr(from, '.') ? from : NULL;
}

static void addresses_of(const Baton__Lead *l, struct leads_keys *k, struct arena *a)
{
    k->domain = site_of(l->website, a);
    k->email = email_of(l->email, a);
    const char *at = k->email ? strrchr(k->email, '@') : NULL;
    if (!at)
        return;
    if (!is_among(at + 1, free_mail, COUNT(free_mail)))
        k->domain = at + 1;
    k->is_role = is_among(arena_strndup(a, k->email, (size_t)(at - k->email)), roles, COUNT(roles));
}

void leads_keys_of(const Baton__Lead *l, struct leads_keys *k, struct arena *a)
{
    const Baton__Address *at = l->address;
    *k = (struct leads_keys){0};
    addresses_of(l, k, a);
    k->phones[0] = phone_of(l->phone, at ? at->country : NULL, a);
    k->phones[1] = phone_of(l->mobile_phone, at ? at->country : NULL, a);
    k->company = leads_company_of(l->company, a);
    k->first_name = text_words(a, l->first_name);
    k->last_name = text_words(a, l->last_name);
    k->street = at ? text_words(a, at->street) : NULL;
    k->city = at ? text_words(a, at->city) : NULL;
    k->postal_code = at ? text_fold_postcode(a, at->postal_code) : NULL;
}

/* --- under what they are found --- */

/* FNV-1a. */
static uint64_t hashed(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    return (h ^ 0xff) * UINT64_C(1099511628211);
}

/* Over the kind and both parts, which must be given. */
static void add_hash(struct leads_hashes *out, char kind, const char *a, const char *b)
{
    if (!a || !b)
        return;
    uint64_t h = hashed(UINT64_C(14695981039346656037) ^ (uint8_t)kind, a);
    h = hashed(h, b);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    out->of[out->n++] = (uint32_t)(h >> 32);
}

static const char *tail_of(const char *digits)
{
    enum { TAIL = 8 }; /* 8: a national and an international number end alike */
    size_t n = digits ? strlen(digits) : 0;
    return n > TAIL ? digits + n - TAIL : digits;
}

void leads_hashes_of(const struct leads_keys *k, struct leads_hashes *out)
{
    const char *first = k->first_name, *last = k->last_name;
    bool crossed = first && last && strcmp(first, last) > 0; /* 11: whichever of them comes first */
    out->n = 0;
    add_hash(out, 'e', k->email, "");
    for (size_t i = 0; i < LEADS_PHONES; i++)
        add_hash(out, 'p', tail_of(k->phones[i].digits), "");
    out->n_own = out->n;
    add_hash(out, 'n', crossed ? last : first, crossed ? first : last);
    add_hash(out, 'd', k->domain, last);
    add_hash(out, 'c', k->company, last ? last : k->postal_code);
    add_hash(out, 'z', last, k->postal_code);
    add_hash(out, 'f', first, k->postal_code);
    add_hash(out, 's', k->street, k->postal_code);
}

void leads_party_hashes_of(const struct leads_keys *k, struct leads_hashes *out)
{
    out->n = 0;
    add_hash(out, 'e', k->email, "");
    for (size_t i = 0; i < LEADS_PHONES; i++)
        add_hash(out, 'p', tail_of(k->phones[i].digits), "");
    add_hash(out, 'D', k->domain, "");
    add_hash(out, 'C', k->company, "");
    out->n_own = out->n;
}

bool leads_is_key(const char *field)
{
    static const char *const fields[] = {"address",   "company",      "email", "first_name",
                                         "last_name", "mobile_phone", "phone", "website"};
    return is_among(field, fields, COUNT(fields));
}
