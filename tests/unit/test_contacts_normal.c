/* What was typed, normalised: the numbers are those of decide_normal.c. Real postal codes and districts come
   from the test data, where that is. */
#include "tests/unit/decide_bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "services/contacts/contacts.h"

enum { LINE_SIZE = 1024, DISTRICTS_LEAST = 300, CODES_LEAST = 8000 };

static const struct contacts_normal_facts taiwan = {.country = "TW"}, nowhere;

static Baton__Contact contact(const struct contacts_normal_facts *f, struct bench *b, char *email,
                              char *phone, Baton__Address *at)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    c.email = email;
    c.phone = phone;
    c.mailing_address = at;
    contacts_normalize_contact(f, &c, b->arena);
    return c;
}

static void assert_text(const char *have, const char *want)
{
    assert_int_equal(have != NULL, want != NULL);
    if (want)
        assert_string_equal(have, want);
}

/* Exactly the hint on this field, with this in its text; NULL: none. */
static void assert_hint(Baton__DataHint **hints, size_t n, const char *field, const char *text)
{
    assert_int_equal(n, field ? 1 : 0);
    if (!field)
        return;
    assert_string_equal(hints[0]->field, field);
    assert_non_null(strstr(hints[0]->message, text));
}

/* 1 */
static void test_names(void **state)
{
    static const char *const rows[][2] = {
        {"  Ａｃｍｅ　Ｇｍｂ\xef\xbc\xa8  ", "Acme GmbH"},
        {"Mu\xcc\x88ller", "M\xc3\xbcller"},
        {"ＳＡＰ\t\n SE", "SAP SE"},
        {"臺灣積體電路（股）公司", "臺灣積體電路（股）公司"},
        {"اَلْعَرَبِيَّة", "اَلْعَرَبِيَّة"},
        {"mcDonald", "mcDonald"},
        {"ﾄﾖﾀ", "ﾄﾖﾀ"},
        {"नमस्ते", "नमस्ते"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Account a = BATON__ACCOUNT__INIT;
        a.name = (char *)(uintptr_t)rows[i][0];
        contacts_normalize_account(&nowhere, &a, b->arena);
        assert_text(a.normalized->name, rows[i][1]);
        assert_string_equal(a.name, rows[i][0]);
    }
    assert_null(text_tidy(b->arena, " \t "));
    assert_null(text_tidy(b->arena, NULL));
}

/* 2 */
static void test_emails(void **state)
{
    static const struct {
        char *typed;
        const char *normal, *hint;
    } rows[] = {
        {" Anna.Smith@Example.COM ", "Anna.Smith@example.com", NULL},
        {"info@BÜCHER.example", "info@xn--bcher-kva.example", NULL},
        {"王@台灣.example", "王@xn--kpry57d.example", NULL},
        {"ａ@ｇｍａｉｌ.com", "a@gmail.com", NULL},
        {"a@gmial.com", "a@gmial.com", "gmail.com"},
        {"a@gmai.com", "a@gmai.com", "gmail.com"},
        {"a@hotmaill.com", "a@hotmaill.com", "hotmail.com"},
        {"a@acme.con", "a@acme.con", "acme.com"},
        {"a@mail.com", "a@mail.com", NULL},
        {"a@ymail.com", "a@ymail.com", NULL},
        {"a@@b.example", NULL, "is no e-mail address"},
        {"nobody", NULL, "is no e-mail address"},
        {"a@-b-.example", NULL, "is no e-mail address"},
        {"  ", NULL, NULL},
        {NULL, NULL, NULL},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact c = contact(&taiwan, b, rows[i].typed, NULL, NULL);
        assert_text(c.normalized->email, rows[i].normal);
        assert_hint(c.hints, c.n_hints, rows[i].hint ? "email" : NULL, rows[i].hint);
    }
}

/* 3, 4 */
static void test_phones(void **state)
{
    static const struct {
        bool at_home;
        char *country, *typed;
        const char *normal, *hint;
    } rows[] = {
        {true, NULL, "02-2345-6789", "+886223456789", NULL},
        {true, "Deutschland", "089 123456", "+4989123456", NULL},
        {true, "Atlantis", "089 123456", NULL, "which country"},
        {false, NULL, "089 123456", NULL, "which country"},
        {false, NULL, "+49 89 123456", "+4989123456", NULL},
        {true, NULL, "call me", NULL, "is no telephone number of TW"},
        {true, NULL, "  ", NULL, NULL},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Address at = BATON__ADDRESS__INIT;
        at.country = rows[i].country;
        Baton__Contact c = contact(rows[i].at_home ? &taiwan : &nowhere, b, NULL, rows[i].typed, &at);
        assert_text(c.normalized->phone_e164, rows[i].normal);
        bool unknown = rows[i].country && strcmp(rows[i].country, "Atlantis") == 0;
        assert_hint(c.hints, c.n_hints - unknown, rows[i].hint ? "phone" : NULL, rows[i].hint);
    }
}

/* A place under its code, as the rows have it. */
static struct contacts_normal_facts known(struct bench *b, const char *country, const char *code,
                                          char *const *names)
{
    struct contacts_normal_facts f = {
        .country = "TW", .sets = ARENA_NEW(b->arena, struct contacts_place_set), .n_sets = 1};
    f.sets[0] = (struct contacts_place_set){.country = country, .code = code, .country_is_known = true};
    for (; *names; names++) {
        Baton__PlaceAt *p = ARENA_NEW(b->arena, Baton__PlaceAt);
        baton__place_at__init(p);
        p->name = *names;
        p->latitude_e6 = 25000000 + (int32_t)f.sets[0].n;
        p->longitude_e6 = 121000000;
        f.sets[0].places[f.sets[0].n++] = p;
    }
    return f;
}

/* 5, 6, 8 */
static void test_cities(void **state)
{
    static const struct {
        const char *country, *code;
        char *names[3], *city, *state_name;
        const char *hint;
    } rows[] = {
        {"TW", "110", {"臺北市信義區"}, "台北市", NULL, NULL},
        {"TW", "110", {"臺北市信義區"}, "信義區", "臺北市", NULL},
        {"TW", "110", {"信義區"}, "台北市信義區", NULL, NULL},
        {"TW", "110", {"臺北市信義區"}, "高雄市", NULL, "110 is 臺北市信義區, not 高雄市"},
        {"TW", "110", {"臺北市信義區"}, "Taipei", NULL, NULL},
        {"DE", "80331", {"München"}, "Berlin", NULL, "80331 is München, not Berlin"},
        {"DE", "80331", {"München"}, "MÜNCHEN", NULL, NULL},
        {"DE", "60311", {"Frankfurt am Main"}, "Frankfurt", NULL, NULL},
        {"DE", "01665", {"Klipphausen", "Käbschütztal"}, "Käbschütztal", NULL, NULL},
        {"DE", "01665", {"Klipphausen", "Käbschütztal"}, NULL, NULL, NULL},
        {"DE", "01665", {"Klipphausen, Käbschütztal"}, "käbschütztal", NULL, NULL},
        {"DE", "01665", {"Klipphausen, Käbschütztal"}, "Nossen", NULL, "not Nossen"},
        {"DE", "01665", {"Klipphausen, …"}, "Nossen", NULL, NULL},
        {"DE", "99999", {NULL}, "Berlin", NULL, "there is no postal code 99999"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct contacts_normal_facts f = known(b, rows[i].country, rows[i].code, rows[i].names);
        Baton__Address at = BATON__ADDRESS__INIT;
        at.country = (char *)(uintptr_t)rows[i].country;
        at.postal_code = (char *)(uintptr_t)rows[i].code;
        at.city = rows[i].city;
        at.state = rows[i].state_name;
        Baton__Contact c = contact(&f, b, NULL, NULL, &at);
        const char *field = !rows[i].hint                         ? NULL
                            : strstr(rows[i].hint, "there is no") ? "mailing_address.postal_code"
                                                                  : "mailing_address.city";
        assert_hint(c.hints, c.n_hints, field, rows[i].hint);
    }
}

/* 7 */
static void test_postal_codes(void **state)
{
    static const struct {
        char *country, *typed;
        const char *normal, *code, *hint;
    } rows[] = {
        {"DE", "01067", "01067", "DE", NULL},
        {"Germany", " 0 1067", "01067", "DE", NULL},
        {"DE", "1067", NULL, "DE", "look like 99999, not 1067"},
        {"Vereinigtes Königreich", "sw1a1aa", "SW1A 1AA", "GB", NULL},
        {"US", "02134-0001", "02134-0001", "US", NULL},
        {"US", "021340001", "02134-0001", "US", NULL},
        {"USA", "2134", NULL, "US", "look like 99999"},
        {"台灣", "１１０", "110", "TW", NULL},
        {"Japan", "1000001", "100-0001", "JP", NULL},
        {"NL", "1012ab", "1012 AB", "NL", NULL},
        {"CA", "T0A", "T0A", "CA", NULL},
        {"Fiji", "any 7", "ANY 7", "FJ", NULL},
        {"Atlantis", "any 7", "ANY 7", NULL, "no country is called \"Atlantis\""},
        {NULL, "110", "110", "TW", NULL},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Address at = BATON__ADDRESS__INIT;
        at.country = rows[i].country;
        at.postal_code = rows[i].typed;
        Baton__Contact c = contact(&taiwan, b, NULL, NULL, &at);
        assert_text(c.normalized->address->postal_code, rows[i].normal);
        assert_text(c.normalized->address->country_code, rows[i].code);
        const char *field = !rows[i].hint                           ? NULL
                            : strstr(rows[i].hint, "no country is") ? "mailing_address.country"
                                                                    : "mailing_address.postal_code";
        assert_hint(c.hints, c.n_hints, field, rows[i].hint);
    }
}

/* 9, 10 */
static void test_whereabouts(void **state)
{
    struct bench *b = *state;
    struct contacts_normal_facts f = known(b, "TW", "11049", (char *[]){"臺北市信義區", NULL});
    Baton__Address there = BATON__ADDRESS__INIT, elsewhere = BATON__ADDRESS__INIT;
    Baton__Account a = BATON__ACCOUNT__INIT;
    f.sets[0].is_district = true;
    there.postal_code = "110-49";
    elsewhere.postal_code = "100";
    a.billing_address = &there;
    contacts_normalize_account(&f, &a, b->arena);
    assert_int_equal(a.whereabouts->latitude_e6, 25000000);
    assert_int_equal(a.whereabouts->exactness, BATON__EXACTNESS__EXACTNESS_DISTRICT);
    a.shipping_address = &elsewhere;
    contacts_normalize_account(&f, &a, b->arena);
    assert_int_equal(a.whereabouts->latitude_e6, 25000000);
    f.sets[0].is_district = false;
    a.shipping_address = &there;
    a.billing_address = &elsewhere;
    contacts_normalize_account(&f, &a, b->arena);
    assert_int_equal(a.whereabouts->exactness, BATON__EXACTNESS__EXACTNESS_POSTAL_CODE);
    a.shipping_address = NULL;
    contacts_normalize_account(&f, &a, b->arena);
    assert_null(a.whereabouts);
}

/* --- real data --- */

/* NULL: it is not here. */
static FILE *data(const char *name)
{
    char path[LINE_SIZE];
    const char *folder = getenv("BATON_TEST_DATA");
    (void)snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", name); /* short enough */
    FILE *f = fopen(path, "r");
    if (!f)
        assert_int_equal(errno, ENOENT);
    return f;
}

/* Every code is written as its country writes them, with its leading zeros. */
static void check_codes(struct bench *b, const char *file, const char *country)
{
    FILE *f = data(file);
    char line[LINE_SIZE];
    size_t n = 0, zeros = 0;
    if (!f)
        skip();
    while (fgets(line, sizeof line, f)) {
        char *code = line[2] == ',' ? line + 3 : NULL;
        if (!code || strncmp(line, country, 2) != 0)
            continue;
        code[strcspn(code, ",")] = '\0';
        struct arena *a = arena_new(1 << 16);
        assert_text(contacts_postcode(country, code, a), code);
        zeros += code[0] == '0';
        n++;
        arena_free(a);
    }
    (void)fclose(f);
    assert_true(n > CODES_LEAST);
    assert_true(zeros > 0);
}

static void test_codes_of_germany(void **state)
{
    check_codes(*state, "geo/zipcodes.de.csv", "DE");
}

static void test_codes_of_america(void **state)
{
    check_codes(*state, "geo/zipcodes.us.csv", "US");
}

/* The text after `"name":"`, cut off at its end; moves on. NULL: there is none. */
static char *next_value(char **at, const char *name)
{
    char *found = strstr(*at, name);
    if (!found)
        return NULL;
    found += strlen(name);
    *at = found + strcspn(found, "\"") + 1;
    found[strcspn(found, "\"")] = '\0';
    return found;
}

/* Each district agrees with its code and city, also with the other form of the first character of Taipei, and
   with no other city. */
static void test_districts_of_taiwan(void **state)
{
    enum { FILE_MAX = 1 << 20 };
    struct bench *b = *state;
    FILE *f = data("geo/taiwan/CityCountyData.json");
    if (!f)
        skip();
    char *text = arena_alloc(b->arena, FILE_MAX), *at = text;
    assert_true(fread(text, 1, FILE_MAX - 1, f) > 0);
    (void)fclose(f);
    char *city = next_value(&at, "\"CityName\":\"");
    size_t n = 0;
    while (city) {
        char *next_city = strstr(at, "\"CityName\":\""), *next_code = strstr(at, "\"ZipCode\":\"");
        if (!next_code || (next_city && next_city < next_code)) {
            city = next_city ? next_value(&at, "\"CityName\":\"") : NULL;
            continue;
        }
        char *code = next_value(&at, "\"ZipCode\":\""), *area = next_value(&at, "\"AreaName\":\"");
        struct contacts_normal_facts k =
            known(b, "TW", code, (char *[]){arena_printf(b->arena, "%s%s", city, area), NULL});
        Baton__Address address = BATON__ADDRESS__INIT;
        address.postal_code = code;
        address.city = strncmp(city, "臺", 3) == 0 ? arena_printf(b->arena, "台%s", city + 3) : city;
        Baton__Contact c = contact(&k, b, NULL, NULL, &address);
        assert_int_equal(c.n_hints, 0);
        assert_non_null(c.whereabouts);
        address.city = strcmp(city, "高雄市") == 0 ? "臺中市" : "高雄市";
        c = contact(&k, b, NULL, NULL, &address);
        assert_int_equal(c.n_hints, 1);
        n++;
    }
    assert_true(n > DISTRICTS_LEAST);
}

/* Whatever is typed anywhere: what comes of it passes the schema's rules, and once more changes nothing. */
static void test_naughty(void **state)
{
    struct bench *b = *state;
    FILE *f = data("names/blns.txt");
    char line[LINE_SIZE];
    size_t n = 0;
    if (!f)
        skip();
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (!text_valid(line, strlen(line)) || !*line)
            continue;
        Baton__Address at = BATON__ADDRESS__INIT;
        struct refusal no = {0};
        at.street = at.city = at.state = at.postal_code = at.country = line;
        Baton__Contact c = contact(&taiwan, b, line, line, &at);
        c.last_name = c.first_name = line;
        contacts_normalize_contact(&taiwan, &c, b->arena);
        if (!schema_check(&c.normalized->base, NULL, &no))
            fail_msg("%s: %s of \"%s\"", no.field, no.message, line);
        for (size_t i = 0; i < c.n_hints; i++)
            assert_true(schema_check(&c.hints[i]->base, NULL, &no));
        Baton__Account a = BATON__ACCOUNT__INIT;
        a.name = c.normalized->last_name;
        contacts_normalize_account(&taiwan, &a, b->arena);
        assert_text(a.normalized->name, c.normalized->last_name);
        n++;
        arena_reset(b->arena);
    }
    (void)fclose(f);
    assert_true(n > DISTRICTS_LEAST);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_names),
        TEST(test_emails),
        TEST(test_phones),
        TEST(test_cities),
        TEST(test_postal_codes),
        TEST(test_whereabouts),
        TEST(test_codes_of_germany),
        TEST(test_codes_of_america),
        TEST(test_districts_of_taiwan),
        TEST(test_naughty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
