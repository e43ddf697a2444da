/* Every cell of the permission table is asked for, with all services: who is refused changes nothing and
   learns nothing. One test a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "matrix/company.h"
#include "matrix/request.h"

static struct company *company;

/* One cell: a method, a caller, a record. */
struct cell {
    const struct schema_method *method;
    const struct kind *kind; /* NULL: the request is about none */
    const char *about;
    size_t column;
    enum whose whose;
    char expected;
    const char *device_id; /* one of the caller's; NULL: none */
};

struct tried {
    struct answer answer;
    bool changed;
    bool shown; /* the reply has the record's id */
};

static bool contains(const ProtobufCMessage *message, const char *id)
{
    struct buffer json;
    buffer_init(&json, 16 << 20);
    bool written = schema_to_json(message, 0, &json);
    bool found = strstr(buffer_cstr(&json), id) != NULL;
    assert_true(written);
    buffer_release(&json);
    return found;
}

static struct tried ask(const struct cell *x, const char *id, const char *owner_id)
{
    struct tried t = {0};
    const Baton__Actor *caller = company_caller(company, x->column);
    bool is_new = strcmp(x->method->name, "RecordService/CreateRecord") == 0;
    const struct wish wish = {.method = x->method,
                              .about = x->about,
                              .id = is_new ? NULL : id,
                              .owner_id = is_new ? owner_id : NULL,
                              .device_id = x->device_id};
    ProtobufCMessage *request = request_make(company, &wish);
    struct digest before = company_digest(company);
    t.answer = company_ask(company, caller, x->method, request);
    struct digest after = company_digest(company);
    t.changed = memcmp(&before, &after, sizeof before) != 0;
    t.shown = t.answer.reply && id && contains(t.answer.reply, id);
    return t;
}

static bool same(const struct answer *a, const struct answer *b)
{
    return a->no.code == b->no.code && strcmp(a->no.message, b->no.message) == 0 &&
           strcmp(a->no.field, b->no.field) == 0 && !a->reply == !b->reply;
}

static char refused_as(const struct cell *x, const struct tried *t)
{
    struct tried none = {.answer = t->answer};
    if (x->kind)
        none = ask(x, COMPANY_NO_ID, COMPANY_NO_ID);
    bool tells = !same(&t->answer, &none.answer);
    switch (t->answer.no.code) {
    case REFUSAL_NOT_FOUND:
        return tells ? '?' : '0';
    case REFUSAL_PERMISSION_DENIED:
        return tells ? 's' : 'x';
    case REFUSAL_FAILED_PRECONDITION:
        return 'f';
    case REFUSAL_UNAUTHENTICATED:
        return tells ? '?' : '!';
    default:
        return '?';
    }
}

/* What a list does not show, it does not name the owner of either. */
static char listed_as(const struct cell *x, const struct tried *t, const char *owner_id)
{
    if (!x->kind || t->shown)
        return '+';
    return kind_is_held(x->kind) && contains(t->answer.reply, owner_id) ? '?' : '0';
}

static char sign_of(const struct cell *x, const struct tried *t, const char *owner_id)
{
    if (t->answer.reply && x->method->no_side_effects)
        return t->changed ? '?' : listed_as(x, t, owner_id);
    if (t->answer.reply)
        return t->changed ? '+' : '=';
    return t->changed ? '?' : refused_as(x, t);
}

static bool cell_holds(struct cell *x)
{
    arena_reset(company_arena(company));
    x->device_id = table_columns[x->column].is_person
                       ? company_record(company, company_kind("device"), x->column, OWN)
                       : NULL;
    const char *owner_id = company_person(company, x->column, x->whose)->id;
    const char *id = x->kind ? company_record(company, x->kind, x->column, x->whose) : NULL;
    struct tried t = ask(x, id, owner_id);
    char sign = sign_of(x, &t, owner_id);
    if (sign != x->expected)
        print_error("%s about %s, %s, %s: the table says %c, the answer is %c: %s %s (%s)%s\n",
                    x->method->name, x->about, table_columns[x->column].name, whose_names[x->whose],
                    x->expected, sign, t.answer.reply ? "done" : refusal_code_name(t.answer.no.code),
                    t.answer.no.message, t.answer.no.field,
                    !t.answer.reply && t.changed ? ", and something changed" : "");
    if (x->kind && t.changed)
        company_forget(company, x->kind, x->column, x->whose);
    return sign == x->expected;
}

/* Answered elsewhere: what the schema says is all there is. */
static bool schema_says(const struct cell *x)
{
    Baton__Role role = table_columns[x->column].role;
    char sign = x->method->roles >> role & 1 ? '+' : role == BATON__ROLE__ROLE_UNSPECIFIED ? '!' : 'x';
    if (sign != x->expected)
        print_error("%s, %s: the table says %c, the schema %c\n", x->method->name,
                    table_columns[x->column].name, x->expected, sign);
    return sign == x->expected;
}

/* Without an owner all are the same, and so are their signs. */
static bool is_asked(const struct table_row *row, const struct cell *x)
{
    if (!table_columns[x->column].is_person)
        return x->whose == FOREIGN;
    if (x->kind && kind_has_owner(x->kind))
        return true;
    const char *signs = row->signs[x->column];
    assert_true(signs[OWN] == signs[TEAMS] && signs[OWN] == signs[FOREIGN]);
    return x->whose == OWN;
}

/* A service that crashes ends the test: with its transaction left open no other row could go on. */
static void let_crashes_end_it(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        (void)signal(crashes[i], SIG_DFL); /* it cannot fail for these */
}

static void test_row(void **state)
{
    let_crashes_end_it();
    const struct table_row *row = *state;
    bool holds = true, elsewhere = strcmp(row->about, "gateway") == 0;
    struct cell x = {
        .method = schema_method(row->method), .about = row->about, .kind = company_kind(row->about)};
    assert_true(x.kind || elsewhere || strcmp(row->about, "-") == 0);
    for (x.column = 0; x.column < COLUMNS; x.column++)
        for (unsigned whose = 0; whose < WHOSE; whose++) {
            x.whose = whose;
            x.expected = row->signs[x.column][whose];
            if (is_asked(row, &x))
                holds &= elsewhere ? schema_says(&x) : cell_holds(&x);
        }
    assert_true(holds);
}

static bool refuses(size_t service, const struct schema_method *method, const char *type)
{
    arena_reset(company_arena(company));
    const Baton__Actor *caller = company_caller(company, 0); /* made when first asked for */
    const struct wish wish = {.method = method, .about = type, .owner_id = company_boss(company)};
    ProtobufCMessage *request = request_make(company, &wish);
    struct digest before = company_digest(company);
    struct answer answer = company_ask_at(company, service, caller, method, request);
    struct digest after = company_digest(company);
    return !answer.reply && memcmp(&before, &after, sizeof before) == 0;
}

/* A record reaches its own service only: another one has neither its rules nor its neighbours. */
static bool others_refuse(const struct schema_method *method, const char *type)
{
    const struct schema_message *record =
        schema_field(schema_message(&baton__record__descriptor), type)->message;
    bool all = true;
    for (size_t service = 0; service < COMPANY_SERVICES; service++) {
        bool refused = company_keeps(service, record) || refuses(service, method, type);
        if (!refused)
            print_error("%s about %s: service %zu takes it\n", method->name, type, service);
        all &= refused;
    }
    return all;
}

static void test_wrong_service(void **state)
{
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    bool holds = true;
    let_crashes_end_it();
    for (unsigned i = 0; i < record->pb->n_fields; i++)
        holds &= others_refuse(schema_method("RecordService/CreateRecord"), record->pb->fields[i].name);
    assert_true(holds);
}

/* The tables, each for what the organisation says; the first is of one that says nothing. */
static struct part {
    const char *name, *path;
    Baton__CustomerAccess access;
    struct table table;
} parts[] = {
    {"", MATRIX_FOLDER "/permissions.txt", BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_UNSPECIFIED, {.n = 0}},
    {"read: ", MATRIX_FOLDER "/permissions_read.txt", BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_READ, {.n = 0}},
    {"private: ",
     MATRIX_FOLDER "/permissions_private.txt",
     BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE,
     {.n = 0}},
};
enum { PARTS = sizeof parts / sizeof *parts };

static void says_so(void **state)
{
    const struct part *part = *state;
    company_say_access(company, part->access);
}

static bool read_tables(void)
{
    size_t wrong = 0;
    for (size_t i = 0; i < PARTS; i++)
        wrong +=
            i ? table_read_part(&parts[i].table, parts[i].path) : table_read(&parts[i].table, parts[i].path);
    return wrong == 0;
}

static int run_part(struct part *part)
{
    static struct CMUnitTest tests[TABLE_ROWS_MAX + 2];
    static char names[TABLE_ROWS_MAX][3 * TABLE_NAME_SIZE];
    const struct table *t = &part->table;
    size_t n = 0;
    if (part->access)
        tests[n++] = (struct CMUnitTest){"the organisation says so", says_so, NULL, NULL, part};
    if (!part->access)
        tests[n++] = (struct CMUnitTest){"to the wrong service", test_wrong_service, NULL, NULL, NULL};
    for (size_t i = 0; i < t->n; i++) {
        snprintf(names[i], sizeof names[i], "%s%s %s", part->name, t->rows[i].method, t->rows[i].about);
        tests[n++] = (struct CMUnitTest){names[i], test_row, NULL, NULL, (void *)(uintptr_t)&t->rows[i]};
    }
    return _cmocka_run_group_tests("matrix", tests, n, NULL, NULL);
}

int main(void)
{
    int failed = 0;
    schema_load();
    if (!read_tables())
        return 1;
    for (size_t i = 0; i < PARTS; i++) {
        company = company_new(); /* a list shows its first page only */
        failed += run_part(&parts[i]);
        company_free(company);
    }
    return failed;
}
