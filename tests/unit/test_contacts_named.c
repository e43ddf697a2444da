/* The list of fields that name accounts and contacts is whole: every field of the service's rows that refers
   to a record is in it, or among those of which is known here what else they name. */
#include <stdio.h>
#include <stdlib.h>

#include "contacts/rows.h"
#include "unit/decide_bench.h"

enum { PATH_MAX_BYTES = 128 };

/* Fields that name no account and no contact, or whose record goes with the one it names, by the row's table
   ("*": any). */
static const struct {
    const char *table, *field;
} others[] = {
    /* clang-format off */
    {"*", "owner_id"},
    {"*", "team_id"},
    {"*", "territory_id"},
    {"*", "lead_id"},
    {"*", "brought_by_id"},
    {"*", "opportunity_id"},
    {"activity", "calendar_id"},
    {"activity", "attendees.user_id"},
    /* what says that it is merged */
    {"account", "merged_into_id"},
    {"contact", "merged_into_id"},
    {"duplicate_pair", "first_id"},
    {"duplicate_pair", "second_id"},
    {"duplicate_pair", "dismissed_by_id"},
    {"record_merge", "keep_id"},
    /* made of the record that they belong to, whenever that changes */
    {"consent_in_force", "consent.contact_id"},
    {"quality", "problems.rule_id"},
    /* whoever may see the one merged does not therefore see what it has become */
    {"record_share", "*"},
    /* as whom they were written to */
    {"letter_run", "*"},
    /* copies of the directory's and of leads' */
    {"team", "*"},
    {"user", "*"},
    {"organisation", "*"},
    {"place", "*"},
    {"handover", "*"},
    /* clang-format on */
};

static bool is(const char *row, const char *value)
{
    return strcmp(row, "*") == 0 || strcmp(row, value) == 0;
}

static bool is_known(unsigned table, const char *path)
{
    for (size_t i = 0; i < contacts_naming_n; i++)
        if (contacts_naming[i].table == table && strcmp(contacts_naming[i].field, path) == 0)
            return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is(others[i].table, contacts_tables[table].name) && is(others[i].field, path))
            return true;
    return false;
}

/* A record within a row stands for the whole of it, and is looked at as a row of its own table. */
static unsigned walk(unsigned table, const struct schema_message *m, const char *outer, unsigned depth)
{
    unsigned unknown = 0;
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        char path[PATH_MAX_BYTES];
        snprintf(path, sizeof path, "%s%s%s", outer, *outer ? "." : "", f->pb->name);
        if (f->message && !(f->message->record && depth > 0 && m->pb == &baton__record__descriptor) &&
            depth < SCHEMA_DEPTH_MAX)
            unknown += walk(table, f->message, path, depth + 1);
        if (!f->rules->reference || is_known(table, path))
            continue;
        print_error("%s.%s names a record: it belongs into contacts_naming (decide_named.c), or here\n",
                    contacts_tables[table].name, path);
        unknown++;
    }
    return unknown;
}

static void test_all(void **state)
{
    unsigned unknown = 0;
    schema_load();
    for (unsigned table = 0; table < CONTACTS_TABLES; table++)
        unknown += walk(table, schema_message(contacts_tables[table].pb), "", 0);
    assert_int_equal(unknown, 0);
}

/* What is in the list is in the schema; what is not inside of a list is indexed. */
static void test_found(void **state)
{
    for (size_t i = 0; i < contacts_naming_n; i++) {
        const struct contacts_naming *n = &contacts_naming[i];
        ProtobufCMessage *row = calloc(1, contacts_tables[n->table].pb->sizeof_message);
        char **values[CONTACTS_VALUES_MAX];
        assert_non_null(row);
        contacts_tables[n->table].pb->message_init(row);
        assert_true(contacts_naming_of(row, n));
        assert_int_equal(contacts_values(row, n->field, values), contacts_is_inside(n->field) ? 0 : 1);
        const struct schema_field *f = schema_field(schema_message(row->descriptor), n->field);
        assert_true(contacts_is_inside(n->field) || f->rules->indexed || f->rules->unique);
        assert_true(contacts_is_inside(n->field) || n->type);
        free(row);
    }
}

static void test_values(void **state)
{
    struct bench *b = *state;
    Baton__Attendee one = BATON__ATTENDEE__INIT, two = BATON__ATTENDEE__INIT, *both[] = {&one, &two};
    Baton__Activity a = BATON__ACTIVITY__INIT;
    char **values[CONTACTS_VALUES_MAX];
    a.attendees = both;
    a.n_attendees = 2;
    two.contact_id = arena_strdup(b->arena, ID(1));
    assert_int_equal(contacts_values(&a.base, "attendees.contact_id", values), 2);
    assert_null(*values[0]);
    contacts_rename(&a.base, "attendees.contact_id", ID(1), ID(2));
    assert_null(one.contact_id);
    assert_string_equal(two.contact_id, ID(2));
    assert_true(contacts_is_of("custom.reference_id", "custom"));
    assert_true(contacts_is_of("account_id", "account_id"));
    assert_false(contacts_is_of("custom_id", "custom"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
