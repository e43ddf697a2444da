/* Who may be the same: numbers are those of decide_match_keys.c, decide_match.c, decide_suspect.c and
   decide_duplicates.c. */
#include <math.h>
#include <stdlib.h>

#include "services/contacts/contacts.h"
#include "services/contacts/match.h"
#include "tests/unit/decide_bench.h"

static struct match_keys keys(struct bench *b, const struct match_said *said)
{
    struct match_keys k;
    match_keys_of(said, &k, b->arena);
    return k;
}

static void test_keys(void **state)
{
    struct bench *b = *state;
    Baton__Address at = BATON__ADDRESS__INIT;
    const struct {
        int rule;
        enum match_field field;
        const char *text, *key;
    } rows[] = {
        {1, MATCH_BIRTHDAY, "１９８０-１２-２４", "19801224"},
        {2, MATCH_BIRTHDAY, "1980-12", NULL},
        {2, MATCH_BIRTHDAY, "19801224", "19801224"},
        {3, MATCH_LAST_NAME, "van't Hof-Meyer", "vanthofmeyer"},
        {3, MATCH_LAST_NAME, "  ", NULL},
        {4, MATCH_STREET, "8 Stanley Street", "stanley street"},
        {4, MATCH_NUMBER, "8 Stanley Street", "8"},
        {4, MATCH_NUMBER, "Hauptstr. 5a", "5"},
        {4, MATCH_NUMBER, "臺北市中正路１２號", "12"},
        {4, MATCH_STREET, "臺北市中正路１２號", "台北市中正路 號"},
        {5, MATCH_LINE, "8 Stanley Street, Miami", "miami"},
        {5, MATCH_LINE, "8 Stanley Street\nMiami", "miami"},
        {5, MATCH_LINE, "8 Stanley Street", NULL},
        {6, MATCH_EMAIL, "info@acme.example", NULL},
        {6, MATCH_EMAIL, "Ada+news@Acme.example", "ada@acme.example"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct match_said said = {.address = &at};
        enum match_field f = rows[i].field;
        at.street =
            (char *)(uintptr_t)(f == MATCH_STREET || f == MATCH_NUMBER || f == MATCH_LINE ? rows[i].text
                                                                                          : NULL);
        said.birthday = f == MATCH_BIRTHDAY ? rows[i].text : NULL;
        said.last_name = f == MATCH_LAST_NAME ? rows[i].text : NULL;
        said.email = f == MATCH_EMAIL ? rows[i].text : NULL;
        struct match_keys k = keys(b, &said);
        if (rows[i].key)
            assert_string_equal(k.of[f], rows[i].key);
        else
            assert_null(k.of[f]);
    }
}

/* Those of one person find each other, in scripts of many bytes, too. */
static void test_near(void **state)
{
    struct bench *b = *state;
    const struct match_said rows[][2] = {
        {{.first_name = "小明", .last_name = "王", .birthday = "1980-12-24"},
         {.first_name = "小名", .last_name = "王", .birthday = "1980-12-24"}},
        {{.first_name = "Isla", .last_name = "Hall", .birthday = "1980-12-24"},
         {.first_name = "Hall", .last_name = "Isla"}},
        {{.email = "ada.lovelace@home.example"}, {.email = "ada.lovelace@mail.test"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct match_keys x = keys(b, &rows[i][0]), y = keys(b, &rows[i][1]);
        struct near_keys k, l;
        bool found = false;
        match_near(&x, &k);
        match_near(&y, &l);
        for (size_t n = 0; n < k.n * l.n; n++)
            found |= k.of[n / l.n] == l.of[n % l.n];
        assert_true(found);
    }
}

static void test_levels(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        enum match_field field;
        const char *a, *b;
        enum match_level level;
    } rows[] = {
        {10, MATCH_LAST_NAME, "Smith", "SMITH", MATCH_EQUAL},
        {10, MATCH_LAST_NAME, "Smith", "Smiht", MATCH_ALIKE},
        {10, MATCH_LAST_NAME, "Rob", "Robert", MATCH_ALIKE},
        {10, MATCH_LAST_NAME, "R", "Robert", MATCH_SIMILAR},
        {10, MATCH_LAST_NAME, "Murphy", "Mrupyh", MATCH_SIMILAR},
        {10, MATCH_LAST_NAME, "Smith", "Jones", MATCH_DIFFERENT},
        {10, MATCH_LAST_NAME, "小明", "小華", MATCH_DIFFERENT},
        {10, MATCH_LAST_NAME, "歐陽小明", "歐陽小華", MATCH_SIMILAR},
        {10, MATCH_LAST_NAME, "Xiao-Ming", "xiaoming", MATCH_EQUAL},
        {11, MATCH_CITY, "臺北", "台北", MATCH_EQUAL},
        {11, MATCH_CITY, "Southampton", "Southamptn", MATCH_ALIKE},
        {11, MATCH_CITY, "London", "Leeds", MATCH_DIFFERENT},
        {12, MATCH_POSTAL_CODE, "4223", "4232", MATCH_ALIKE},
        {12, MATCH_POSTAL_CODE, "4223", "4332", MATCH_DIFFERENT},
        {12, MATCH_IDENTIFIER, "5304218", "5304812", MATCH_SIMILAR},
        {13, MATCH_BIRTHDAY, "1980-12-24", "1980-12-24", MATCH_EQUAL},
        {13, MATCH_BIRTHDAY, "1980-12-24", "1980-12-42", MATCH_ALIKE},
        {13, MATCH_BIRTHDAY, "1980-03-04", "1980-04-03", MATCH_ALIKE},
        {13, MATCH_BIRTHDAY, "1980-12-24", "1993-12-24", MATCH_SIMILAR},
        {13, MATCH_BIRTHDAY, "1980-12-24", "1971-05-06", MATCH_DIFFERENT},
        {14, MATCH_EMAIL, "evied56@harris-bailey.net", "evihd56@earris-bailey.net", MATCH_ALIKE},
        {14, MATCH_EMAIL, "ada.lovelace@home.example", "ada.lovelace@mail.test", MATCH_SIMILAR},
        {14, MATCH_EMAIL, "ada@home.example", "bob@work.test", MATCH_DIFFERENT},
        {14, MATCH_EMAIL, "lead12@home.example", "lead13@home.example", MATCH_DIFFERENT},
        {17, MATCH_PHONE, "+44 20 7946 0018", "020 7946 0018", MATCH_EQUAL},
        {17, MATCH_PHONE, "+44 20 7946 0018", "+44 20 7946 0081", MATCH_ALIKE},
        {0, MATCH_CITY, "London", NULL, MATCH_MISSING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *texts[] = {rows[i].a, rows[i].b};
        struct match_keys k[2];
        struct match_pattern p;
        for (int n = 0; n < 2; n++) {
            Baton__Address at = BATON__ADDRESS__INIT;
            struct match_said said = {.address = &at};
            const char *text = texts[n];
            at.city = (char *)(uintptr_t)(rows[i].field == MATCH_CITY ? text : NULL);
            at.postal_code = (char *)(uintptr_t)(rows[i].field == MATCH_POSTAL_CODE ? text : NULL);
            said.last_name = rows[i].field == MATCH_LAST_NAME ? text : NULL;
            said.identifier = rows[i].field == MATCH_IDENTIFIER ? text : NULL;
            said.birthday = rows[i].field == MATCH_BIRTHDAY ? text : NULL;
            said.email = rows[i].field == MATCH_EMAIL ? text : NULL;
            said.phones[n] = rows[i].field == MATCH_PHONE ? text : NULL; /* any may be any of the other's */
            k[n] = keys(b, &said);
        }
        match_compare(&k[0], &k[1], &p);
        if (p.of[rows[i].field] != rows[i].level)
            print_error("row %zu: %s ~ %s is %d\n", i, rows[i].a, rows[i].b, p.of[rows[i].field]);
        assert_int_equal(p.of[rows[i].field], rows[i].level);
    }
}

static void test_places(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        struct match_said a, b;
        enum match_level first, last;
    } rows[] = {
        /* 15 */
        {15,
         {.first_name = "Isla", .last_name = "Hall"},
         {.first_name = "Hall", .last_name = "Isla"},
         MATCH_ALIKE,
         MATCH_ALIKE},
        {15, {.last_name = "Hall"}, {.first_name = "Hall"}, MATCH_ALIKE, MATCH_MISSING},
        {15,
         {.first_name = "Isla", .last_name = "Hall"},
         {.first_name = "Isla", .last_name = "Hall"},
         MATCH_EQUAL,
         MATCH_EQUAL},
        {15,
         {.first_name = "Isla", .last_name = "Hall"},
         {.first_name = "Hall", .last_name = "Smith"},
         MATCH_DIFFERENT,
         MATCH_DIFFERENT},
        /* 16 */
        {16, {.last_name = "王小明"}, {.first_name = "小明", .last_name = "王"}, MATCH_ALIKE, MATCH_EQUAL},
        {16,
         {.first_name = "Ada Lovelace"},
         {.first_name = "Ada", .last_name = "Lovelace"},
         MATCH_ALIKE,
         MATCH_EQUAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct match_keys x = keys(b, &rows[i].a), y = keys(b, &rows[i].b);
        struct match_pattern p, q;
        match_compare(&x, &y, &p);
        match_compare(&y, &x, &q);
        assert_int_equal(p.of[MATCH_FIRST_NAME] + p.of[MATCH_LAST_NAME], rows[i].first + rows[i].last);
        assert_int_equal(p.of[MATCH_FIRST_NAME] + p.of[MATCH_LAST_NAME],
                         q.of[MATCH_FIRST_NAME] + q.of[MATCH_LAST_NAME]);
    }
}

static void test_frequency(void **state)
{
    struct bench *b = *state;
    struct match_counts *c = calloc(1, sizeof *c);
    struct match_keys rare = keys(b, &(struct match_said){.last_name = "Zuckermandel", .first_name = "Ada"}),
                      common = keys(b, &(struct match_said){.last_name = "Smith", .first_name = "Ada"});
    struct match_pattern p;
    assert_non_null(c);
    /* 18, 19, 20: the more have it the less it says */
    for (int i = 0; i < 1000; i++)
        match_count(
            c, i < 300 ? &common
                       : &(struct match_keys){.of = {[MATCH_LAST_NAME] = arena_printf(b->arena, "n%d", i)}});
    match_count(c, &rare);
    match_compare(&rare, &rare, &p);
    double sure = match_probability(&match_model_default, c, &rare, &p);
    match_compare(&common, &common, &p);
    double unsure = match_probability(&match_model_default, c, &common, &p);
    assert_true(sure > 2 * unsure);
    assert_true(sure < 1 && unsure > 0);
    free(c);
}

/* Made-up pairs of which a tenth are the same: what is estimated is how they were made. */
static void test_learning(void **state)
{
    struct match_tally *random = match_tally_new(), *found = match_tally_new();
    struct match_model m;
    uint64_t x = 1;
    for (int i = 0; i < 100000; i++) {
        struct match_pattern p = {{0}}, q = {{0}};
        bool same = i % 10 == 0;
        for (unsigned f = MATCH_BIRTHDAY; f <= MATCH_PHONE; f++) {
            x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            unsigned n = (unsigned)(x >> 33) % 1000;
            p.of[f] = (uint8_t)(n < (same ? 900 : 20) ? MATCH_EQUAL : MATCH_DIFFERENT);
            q.of[f] = (uint8_t)(n < 20 ? MATCH_EQUAL : MATCH_DIFFERENT);
        }
        match_tally_add(found, &p);
        match_tally_add(random, &q);
    }
    match_learn(random, found, 100000, 20000, &m);
    for (unsigned f = MATCH_BIRTHDAY; f <= MATCH_PHONE; f++) {
        assert_true(fabs(m.same[f][MATCH_EQUAL] - 0.9) < 0.02);
        assert_true(fabs(m.any[f][MATCH_EQUAL] - 0.02) < 0.005);
    }
    assert_true(fabs(m.rate - 1) < 0.05); /* 10,000 pairs among 20,000 records */
    match_tally_free(random);
    match_tally_free(found);
}

/* --- what is told --- */

static struct contacts_known known_of(ProtobufCMessage *other, const Baton__DuplicatePair *pair)
{
    struct contacts_known k = {.type = "contact", .model = &match_model_default, .counts = NULL};
    k.found[k.n++] = other;
    if (pair)
        k.pairs[k.n_pairs++] = pair;
    return k;
}

static void test_suspect(void **state)
{
    struct bench *b = *state;
    Baton__Contact one = BATON__CONTACT__INIT, two = BATON__CONTACT__INIT;
    one.last_name = two.last_name = "Lovelace";
    one.email = two.email = "ada@home.example";
    two.id = ID(2);
    struct contacts_known k = known_of(&two.base, NULL);
    begin(b);
    /* 21: a new one is told with the id it will have */
    assert_int_equal(contacts_suspect(&k, NULL, &one.base, &b->stamp, &b->out), 1);
    Baton__DuplicatePair told = *b->out.events[0]->duplicate_suspected->pair;
    assert_non_null(one.id);
    assert_string_equal(told.id, contacts_pair_id(two.id, one.id, b->arena));
    assert_true(strcmp(told.first_id, told.second_id) < 0 && told.score >= 500000);
    /* 23: for the same reasons not again; for others, yes */
    k = known_of(&two.base, &told);
    begin(b);
    assert_int_equal(contacts_suspect(&k, &one.base, &one.base, &b->stamp, &b->out), 0);
    one.birthday = two.birthday = "1815-12-10";
    assert_int_equal(contacts_suspect(&k, &one.base, &one.base, &b->stamp, &b->out), 1);
    /* 22: never what somebody said is not the same */
    told.state = BATON__DUPLICATE_STATE__DUPLICATE_STATE_DISMISSED;
    begin(b);
    assert_int_equal(contacts_suspect(&k, &one.base, &one.base, &b->stamp, &b->out), 0);
    assert_int_equal(b->out.n_events, 0);
    /* 24: what is alike no more goes, and what is deleted, said or not */
    Baton__Contact was = one;
    one.last_name = "Smith";
    one.email = NULL;
    one.birthday = NULL;
    assert_int_equal(contacts_suspect(&k, &was.base, &one.base, &b->stamp, &b->out), 0);
    assert_int_equal(b->out.n_events, 0);
    told.state = BATON__DUPLICATE_STATE__DUPLICATE_STATE_SUSPECTED;
    assert_int_equal(contacts_suspect(&k, &one.base, &one.base, &b->stamp, &b->out), 0);
    assert_int_equal(b->out.n_events, 0);
    assert_int_equal(contacts_suspect(&k, &was.base, &one.base, &b->stamp, &b->out), 0);
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->duplicate_cleared->pair_id, told.id);
    told.state = BATON__DUPLICATE_STATE__DUPLICATE_STATE_DISMISSED;
    begin(b);
    assert_int_equal(contacts_suspect(&k, &one.base, NULL, &b->stamp, &b->out), 0);
    assert_int_equal(b->out.n_events, 1);
}

static const Baton__Role REP = BATON__ROLE__ROLE_REP, SERVICE = BATON__ROLE__ROLE_SERVICE;

static void test_dismiss(void **state)
{
    struct bench *b = *state;
    Baton__Contact one = BATON__CONTACT__INIT;
    Baton__DismissDuplicateRequest q = BATON__DISMISS_DUPLICATE_REQUEST__INIT;
    b->actor.has_role = true;
    b->actor.user_id = ID(9);
    q.type = "contact";
    const struct contacts_row none = {0}, it = {&one.base, 1, RECORD_BY_ROLE},
                              hidden = {&one.base, 1, RECORD_HIDDEN}, seen = {&one.base, 1, RECORD_READ};
    const struct {
        int rule;
        Baton__Role role;
        struct contacts_dismiss_facts f;
        char *first, *second;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {0, REP, {0}, ID(1), ID(2), REFUSAL_INVALID_ARGUMENT, "type"},
        {31, REP, {"contact", none, it, NULL}, ID(1), ID(2), REFUSAL_NOT_FOUND, "first_id"},
        {31, REP, {"contact", it, none, NULL}, ID(1), ID(2), REFUSAL_NOT_FOUND, "second_id"},
        {31, REP, {"contact", it, hidden, NULL}, ID(1), ID(2), REFUSAL_NOT_FOUND, "second_id"},
        {31, REP, {"contact", seen, it, NULL}, ID(1), ID(2), REFUSAL_PERMISSION_DENIED, "first_id"},
        {31, SERVICE, {"contact", it, it, NULL}, ID(1), ID(2), REFUSAL_PERMISSION_DENIED, "first_id"},
        {32, REP, {"contact", it, it, NULL}, ID(1), ID(1), REFUSAL_INVALID_ARGUMENT, "second_id"},
        {33, REP, {"contact", it, it, NULL}, ID(2), ID(1), REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        b->actor.role = rows[i].role;
        q.first_id = rows[i].first;
        q.second_id = rows[i].second;
        bool ok = run(b, contacts_decide_dismiss, &rows[i].f, &q.base);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
        if (ok)
            assert_string_equal(b->out.events[0]->duplicate_dismissed->pair->first_id, ID(1));
        if (ok)
            assert_string_equal(b->out.events[0]->duplicate_dismissed->pair->dismissed_by_id, ID(9));
    }
}

/* 34: some at a time; merged ones are passed over */
static void test_sweep(void **state)
{
    struct bench *b = *state;
    Baton__Contact one = BATON__CONTACT__INIT, two = BATON__CONTACT__INIT;
    Baton__SweepDuplicatesRequest q = BATON__SWEEP_DUPLICATES_REQUEST__INIT;
    one.last_name = two.last_name = "Lovelace";
    one.email = two.email = "ada@home.example";
    one.id = ID(1);
    two.id = ID(2);
    struct contacts_known k = known_of(&two.base, NULL), l = known_of(&one.base, NULL);
    struct contacts_look_facts f = {
        .type = "contact", .of = {{&one.base, &k}, {&two.base, &l}}, .n = 2, .more = true};
    two.merged_into_id = ID(1);
    assert_true(run(b, contacts_decide_look, &f, &q.base));
    const Baton__SweepDuplicatesResponse *r = (const Baton__SweepDuplicatesResponse *)b->out.reply;
    assert_int_equal(r->looked_at, 2);
    assert_int_equal(r->found, 1);
    assert_string_equal(r->next_after_id, ID(2));
    f.more = false;
    assert_true(run(b, contacts_decide_look, &f, &q.base));
    assert_null(((const Baton__SweepDuplicatesResponse *)b->out.reply)->next_after_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),    cmocka_unit_test(test_near),      cmocka_unit_test(test_levels),
        cmocka_unit_test(test_places),  cmocka_unit_test(test_frequency), cmocka_unit_test(test_learning),
        cmocka_unit_test(test_suspect), cmocka_unit_test(test_dismiss),   cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
