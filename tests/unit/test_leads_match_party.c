/* Which account and contact a new lead is of; numbers are those of decide_match_party.c. */
#include "unit/leads_facts.h"

static const Baton__Account *account(struct leads_test *t, char *id, char *name, char *website, char *phone)
{
    Baton__Account *a = ARENA_NEW(t->arena, Baton__Account);
    baton__account__init(a);
    a->id = id;
    a->name = name;
    a->website = website;
    a->phone = phone;
    a->owner_id = user_id(BOB);
    return a;
}

static const Baton__Contact *contact(struct leads_test *t, char *id, char *last_name, char *email,
                                     char *account_id)
{
    Baton__Contact *c = ARENA_NEW(t->arena, Baton__Contact);
    baton__contact__init(c);
    c->id = id;
    c->last_name = last_name;
    c->email = email;
    c->account_id = account_id;
    c->owner_id = user_id(CARL);
    return c;
}

static Baton__Lead *lead(struct leads_test *t, char *last_name, char *company, char *email, char *phone)
{
    Baton__Lead *l = ARENA_NEW(t->arena, Baton__Lead);
    baton__lead__init(l);
    l->last_name = last_name;
    l->company = company;
    l->email = email;
    l->phone = phone;
    return l;
}

struct known_parties {
    const Baton__Account *accounts[3];
    const Baton__Contact *contacts[2];
    size_t n_accounts, n_contacts;
};

static void match(struct leads_test *t, struct known_parties *k, Baton__Lead *l)
{
    struct leads_known known = {.accounts = k->accounts,
                                .contacts = k->contacts,
                                .n_accounts = k->n_accounts,
                                .n_contacts = k->n_contacts};
    leads_keys_of(l, &known.keys, t->arena);
    assert_null(leads_match(&known, &t->routing, l, t->arena));
}

/* 20 */
static void test_accounts(void **state)
{
    struct leads_test *t = *state;
    struct known_parties k = {
        {account(t, "north", "Acme GmbH", "https://www.acme.example/de", "+49 30 1234560"),
         account(t, "south", "Acme South", "acme.example", "+49 89 1234560"),
         account(t, "free", "Ada", "https://gmail.com", NULL)},
        .n_accounts = 3};
    const struct {
        Baton__Lead *lead;
        const char *account;
    } rows[] = {
        {lead(t, NULL, NULL, "ada@acme.example", NULL), NULL}, /* either of two */
        {lead(t, NULL, "ACME", "ada@acme.example", NULL), "north"},
        {lead(t, NULL, NULL, "ada@acme.example", "+49 89 1234560"), "south"},
        {lead(t, NULL, "acme south ltd", NULL, NULL), "south"},
        {lead(t, NULL, NULL, "ada@gmail.com", NULL), NULL},
        {lead(t, NULL, "Other", "ada@other.example", "+49 30 1234560"), "north"},
        {lead(t, NULL, "Other", NULL, NULL), NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        match(t, &k, rows[i].lead);
        const char *got = rows[i].lead->matched_account_id;
        if (!got != !rows[i].account || (got && strcmp(got, rows[i].account) != 0))
            fail_msg("row %zu: %s", i, got ? got : "none");
        assert_int_equal(rows[i].lead->customer_owner_id != NULL, got != NULL);
    }
}

/* 21 to 23 */
static void test_contacts(void **state)
{
    struct leads_test *t = *state;
    struct known_parties k = {{account(t, "acme", "Acme GmbH", "acme.example", NULL)},
                              {contact(t, "ada", "Lovelace", "ada@home.example", "acme"),
                               contact(t, "office", NULL, "info@home.example", NULL)},
                              1,
                              2};
    Baton__Lead *l = lead(t, "Lovelace", NULL, "Ada@home.example", NULL);
    match(t, &k, l);
    assert_string_equal(l->matched_contact_id, "ada");
    assert_string_equal(l->matched_account_id, "acme");
    assert_string_equal(l->customer_owner_id, user_id(BOB));
    t->persons[BOB].active = false;
    match(t, &k, l);
    assert_string_equal(l->customer_owner_id, user_id(CARL));
    l = lead(t, "Newman", NULL, "ada@home.example", NULL); /* another person */
    match(t, &k, l);
    assert_null(l->matched_contact_id);
    l = lead(t, NULL, NULL, "info@home.example", NULL);
    match(t, &k, l);
    assert_null(l->matched_contact_id);
    assert_null(l->customer_owner_id);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

/* 24: what was merged into another stands for it, and the two are not two that have as much in common */
static void test_merged(void **state)
{
    struct leads_test *t = *state;
    struct known_parties k = {
        {account(t, "kept", "Acme", "acme.example", NULL), account(t, "kept", "Acme", "acme.example", NULL)},
        .n_accounts = 2};
    Baton__Lead *l = lead(t, NULL, "ACME", "ada@acme.example", NULL);
    match(t, &k, l);
    assert_string_equal(l->matched_account_id, "kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_accounts), TEST(test_contacts), TEST(test_merged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
