/* Personal fields of log records: sealed for each subject, opened while there is a key, and the chain. The
   numbers are those of the rules below.
   1: what is personal and has a subject is not in the stored bytes, and is read back as it was
   2: what is not personal stays open, and so does what has no subject
   3: one box for each subject of a record, however many of its events are about it
   4: without the key what is personal is absent, the rest is there, and the record says so
   5: the chain holds whether the key is there or not
   6: what is said of a subject after that is read, with a new key that opens nothing older
   7: keys beside a record open it, and only those that there are
   8: a box that is not what its key sealed is no record
   9: a record of before there was sealing is read as it is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "schema/decide.h"
#include "schema/personal.h"
#include "store/log.h"

static const char ANNA[] = "0195a000-0000-7000-8000-000000000001",
                  LEAD[] = "0195a000-0000-7000-8000-000000000002";
static const uint8_t FRESH[2][SEAL_FRESH_SIZE] = {"first random bytes for a record",
                                                  "other random bytes for a record"};

struct fixture {
    char dir[64];
    struct store *store;
    struct txn *txn;
    struct arena *arena;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-seal-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = arena_new(64 << 20);
    f->store = store_open(&(struct store_options){.dir = f->dir});
    assert_non_null(f->store);
    log_prepare(f->store, (const uint8_t *)"0123456789abcdef");
    f->txn = store_begin(f->store, true);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    store_abort(f->txn);
    store_close(f->store);
    arena_free(f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

/* A lead with its original and who has it now, and the contact it became. */
static Baton__LogRecord *record_new(struct arena *a)
{
    Baton__LogRecord *r = ARENA_NEW(a, Baton__LogRecord);
    Baton__LeadCaptured *captured = ARENA_NEW(a, Baton__LeadCaptured);
    Baton__LeadAssigned *assigned = ARENA_NEW(a, Baton__LeadAssigned);
    Baton__RecordChanged *changed = ARENA_NEW(a, Baton__RecordChanged);
    Baton__Contact *contact = ARENA_NEW(a, Baton__Contact);
    Baton__CustomValue *custom = ARENA_NEW(a, Baton__CustomValue);
    struct outcome *out = ARENA_NEW(a, struct outcome);
    baton__log_record__init(r);
    baton__lead_captured__init(captured);
    baton__lead_assigned__init(assigned);
    baton__record_changed__init(changed);
    baton__contact__init(contact);
    baton__custom_value__init(custom);
    captured->lead = ARENA_NEW(a, Baton__Lead);
    baton__lead__init(captured->lead);
    captured->lead->id = (char *)(uintptr_t)LEAD;
    captured->lead->last_name = "Adler";
    captured->lead->company = "Nord GmbH";
    captured->original = ARENA_NEW(a, Baton__Original);
    baton__original__init(captured->original);
    captured->original->has_body = true;
    captured->original->body = (ProtobufCBinaryData){9, (uint8_t *)(uintptr_t) "Adler raw"};
    assigned->lead_id = (char *)(uintptr_t)LEAD;
    assigned->lead_name = "Anna Adler";
    contact->id = (char *)(uintptr_t)ANNA;
    contact->email = "anna@adler.example";
    custom->name = "diet";
    custom->text = "no fish";
    contact->custom = ARENA_NEW(a, Baton__CustomValue *);
    contact->custom[0] = custom;
    contact->n_custom = 1;
    changed->record = record_wrap(&contact->base, a);
    out->arena = a;
    outcome_event(out, captured);
    outcome_event(out, assigned);
    outcome_event(out, changed);
    r->events = out->events;
    r->n_events = out->n_events;
    return r;
}

static bool has(struct bytes b, const char *text)
{
    return memmem(b.data, b.size, text, strlen(text)) != NULL;
}

static struct bytes stored_of(struct fixture *f, uint64_t seq)
{
    struct bytes stored;
    assert_true(log_read(f->txn, seq, f->arena, &stored));
    return stored;
}

static void check_chain(struct fixture *f)
{
    uint8_t hash[HASH_SIZE];
    log_first_hash(log_id(f->store), hash);
    for (uint64_t seq = 1; seq <= log_head(f->store).seq; seq++)
        assert_null(log_check(stored_of(f, seq), hash));
}

static void test_sealed_and_opened(void **state)
{
    struct fixture *f = *state;
    static const char *const personal[] = {"Adler", "anna@", "no fish"}, *const open[] = {"Nord GmbH",
                                                                                          "0195a000"};
    Baton__LogRecord *said = record_new(f->arena);
    log_append(f->txn, said, FRESH[0], f->arena);
    struct bytes stored = stored_of(f, 1);
    for (size_t i = 0; i < 3; i++)
        assert_false(has(stored, personal[i])); /* 1 */
    for (size_t i = 0; i < 2; i++)
        assert_true(has(stored, open[i])); /* 2 */
    Baton__LogRecord *raw = (Baton__LogRecord *)schema_unpack(schema_message(&baton__log_record__descriptor),
                                                              log_body(stored), f->arena);
    assert_int_equal(raw->n_sealed, 2); /* 3 */
    Baton__LogRecord *r = log_get(f->txn, 1, f->arena);
    assert_int_equal(r->n_sealed, 0);
    r->sealed = NULL;
    assert_true(schema_equal(&r->base, &said->base)); /* 1 */
}

static void test_what_has_no_subject(void **state)
{
    struct fixture *f = *state;
    Baton__LogRecord *said = record_new(f->arena);
    said->events[0]->lead_captured->lead->id = NULL;
    said->n_events = 1;
    log_append(f->txn, said, FRESH[0], f->arena);
    assert_true(has(stored_of(f, 1), "Adler raw")); /* 2 */
}

static void check_lost(struct fixture *f, uint64_t seq)
{
    const Baton__LogRecord *r = log_get(f->txn, seq, f->arena);
    assert_int_equal(r->n_sealed, 1);
    assert_true(seal_lacks(r, LEAD));
    assert_false(seal_lacks(r, ANNA));
    assert_null(r->events[0]->lead_captured->lead->last_name);
    assert_string_equal(r->events[0]->lead_captured->lead->company, "Nord GmbH");
    assert_false(r->events[0]->lead_captured->original->has_body);
    assert_null(r->events[1]->lead_assigned->lead_name);
    assert_string_equal(r->events[2]->record_changed->record->contact->email, "anna@adler.example");
    assert_int_equal(seal_keys(f->txn, seq, stored_of(f, seq), f->arena).size, SEAL_ENTRY_SIZE);
}

static void test_erased(void **state)
{
    struct fixture *f = *state;
    log_append(f->txn, record_new(f->arena), FRESH[0], f->arena);
    seal_erase(f->txn, LEAD);
    check_lost(f, 1); /* 4 */
    log_append(f->txn, record_new(f->arena), FRESH[1], f->arena);
    assert_string_equal(log_get(f->txn, 2, f->arena)->events[1]->lead_assigned->lead_name,
                        "Anna Adler"); /* 6 */
    check_lost(f, 1);
    seal_erase(f->txn, LEAD);
    check_lost(f, 2);
    check_chain(f); /* 5 */
}

static void test_keys_beside(void **state)
{
    struct fixture *f = *state;
    Baton__LogRecord *said = record_new(f->arena);
    log_append(f->txn, said, FRESH[0], f->arena);
    struct bytes stored = stored_of(f, 1), both = seal_keys(f->txn, 1, stored, f->arena);
    assert_int_equal(both.size, 2 * SEAL_ENTRY_SIZE);
    const Baton__LogRecord *r = seal_read_with(stored, both, f->arena); /* 7 */
    assert_string_equal(r->events[1]->lead_assigned->lead_name, "Anna Adler");
    seal_erase(f->txn, ANNA);
    struct bytes one = seal_keys(f->txn, 1, stored, f->arena);
    assert_int_equal(one.size, SEAL_ENTRY_SIZE);
    r = seal_read_with(stored, one, f->arena);
    assert_string_equal(r->events[1]->lead_assigned->lead_name, "Anna Adler");
    assert_null(r->events[2]->record_changed->record->contact->email);
    uint8_t *bad = arena_copy(f->arena, both.data, both.size);
    bad[SEAL_SUBJECT_SIZE] ^= 1;
    assert_null(seal_read_with(stored, bytes_of(bad, both.size), f->arena)); /* 8 */
}

static void test_open_records(void **state)
{
    struct fixture *f = *state;
    log_append(f->txn, record_new(f->arena), NULL, f->arena);
    seal_erase(f->txn, LEAD);
    const Baton__LogRecord *r = log_get(f->txn, 1, f->arena); /* 9 */
    assert_string_equal(r->events[1]->lead_assigned->lead_name, "Anna Adler");
    assert_int_equal(seal_keys(f->txn, 1, stored_of(f, 1), f->arena).size, 0);
}

/* Parts that are not of the message are refused, whatever they are. */
static void test_parts_from_anywhere(void **state)
{
    struct fixture *f = *state;
    struct personal_part *parts;
    Baton__LogRecord *r = record_new(f->arena);
    (void)personal_take(&r->base, f->arena, &parts); /* the parts are looked at */
    size_t n = personal_packed_size(parts);
    uint8_t *packed = arena_raw(f->arena, n);
    assert_int_equal(personal_pack(parts, packed), n);
    assert_true(personal_put(&r->base, bytes_of(packed, n), f->arena));
    for (size_t cut = 1; cut < n; cut++)
        assert_false(personal_put(&r->base, bytes_of(packed, cut), f->arena));
    for (size_t i = 0; i < 1 + parts->steps * 2u + 4; i++) {
        packed[i] ^= 0x40;
        (void)personal_put(&r->base, bytes_of(packed, n), f->arena); /* it may be another way that there is */
        packed[i] ^= 0x40;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sealed_and_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_has_no_subject, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keys_beside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_open_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parts_from_anywhere, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
