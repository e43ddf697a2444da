/* What people and companies are known by: names of companies, addresses for mail. */
#include "base/party.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

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
char *company_of(const char *name, struct arena *a)
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
char *email_of(const char *s, struct arena *a)
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

const char *site_of(const char *website, struct arena *a)
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

bool email_is_role(const char *email, struct arena *a)
{
    const char *at = strrchr(email, '@');
    return at && is_among(arena_strndup(a, email, (size_t)(at - email)), roles, COUNT(roles));
}

const char *email_domain(const char *email)
{
    const char *at = strrchr(email, '@');
    return at && !is_among(at + 1, free_mail, COUNT(free_mail)) ? at + 1 : NULL;
}
