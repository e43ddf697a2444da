/* Who did what: what a record of a log says of it, and the pages of a whole log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "baton/v1/system.pb-c.h"
#include "schema/audit.h"
#include "service/internal.h"
#include "unit/drill.h"

enum { LEADS_HERE = 60, PAGES_MAX = 10000, LONG_LOG = 21000, FEW = 10 };
#define ANN     "0190a8e2-0000-7000-8000-000000000001"
#define LEAD    "0190a8e2-0000-7000-8000-000000000002"
#define SESSION "0190a8e2-0000-7000-8000-000000000003"

struct record {
    Baton__LogRecord record;
    Baton__Actor actor;
    Baton__Source source;
    Baton__Event event, *events[1];
};

static void record_init(struct record *r)
{
    baton__log_record__init(&r->record);
    baton__actor__init(&r->actor);
    baton__source__init(&r->source);
    baton__event__init(&r->event);
    r->actor.user_id = ANN;
    r->actor.session_id = SESSION;
    r->record.actor = &r->actor;
    r->record.time_us = START_US;
    r->events[0] = &r->event;
    r->record.events = r->events;
    r->record.n_events = 1;
}

static Baton__AuditEntry **entries(const struct record *r, const Baton__AuditFilter *f, struct arena *a,
                                   size_t n)
{
    size_t is;
    Baton__AuditEntry **all = audit_entries(&r->record, f, a, &is);
    assert_int_equal(is, n);
    return all;
}

static void says(const Baton__AuditEntry *e, const char *user, const char *event, const char *type,
                 const char *id)
{
    assert_true(user ? e->user_id && strcmp(e->user_id, user) == 0 : !e->user_id);
    assert_string_equal(e->event, event);
    assert_string_equal(e->record_type, type);
    assert_true(id ? e->record_id && strcmp(e->record_id, id) == 0 : !e->record_id);
}

static void test_changes(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct record r;
    char *fields[] = {"name"};
    Baton__Team team = BATON__TEAM__INIT;
    Baton__RecordChanged changed = BATON__RECORD_CHANGED__INIT;
    record_init(&r);
    team.id = LEAD;
    changed.has_kind = true;
    changed.kind = BATON__CHANGE_KIND__CHANGE_KIND_UPDATED;
    changed.record = record_wrap(&team.base, a);
    changed.fields = fields;
    changed.n_fields = 1;
    r.event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    r.event.record_changed = &changed;
    const Baton__AuditEntry *e = entries(&r, NULL, a, 1)[0];
    says(e, ANN, "team.updated", "team", LEAD);
    assert_string_equal(e->session_id, SESSION);
    assert_string_equal(e->fields[0], "name");
    assert_int_equal(timestamp_us(e->at), START_US);
    changed.has_copy = changed.copy = true;
    (void)entries(&r, NULL, a, 0); /* asserts: a copy is nobody's doing */
    arena_free(a);
}

/* What follows from what was done elsewhere is the service's, whoever did that. */
static void test_by_services(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct record r;
    Baton__LeadAccepted accepted = BATON__LEAD_ACCEPTED__INIT;
    Baton__AuditFilter f = BATON__AUDIT_FILTER__INIT;
    record_init(&r);
    accepted.lead_id = LEAD;
    r.event.event_case = BATON__EVENT__EVENT_LEAD_ACCEPTED;
    r.event.lead_accepted = &accepted;
    says(entries(&r, NULL, a, 1)[0], ANN, "lead.accepted", "lead", LEAD);
    r.record.source = &r.source;
    (void)entries(&r, NULL, a, 0); /* asserts */
    f.has_by_services = f.by_services = true;
    says(entries(&r, &f, a, 1)[0], NULL, "lead.accepted", "lead", LEAD);
    arena_free(a);
}

/* Whoever signs in is nobody until then; whoever ends a session of somebody else is not them. */
static void test_sessions(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct record r;
    Baton__Credential c = BATON__CREDENTIAL__INIT;
    Baton__CredentialIssued issued = BATON__CREDENTIAL_ISSUED__INIT;
    Baton__CredentialRevoked revoked = BATON__CREDENTIAL_REVOKED__INIT;
    record_init(&r);
    c.id = SESSION;
    c.user_id = ANN;
    issued.credential = &c;
    r.record.actor = NULL;
    r.event.event_case = BATON__EVENT__EVENT_CREDENTIAL_ISSUED;
    r.event.credential_issued = &issued;
    says(entries(&r, NULL, a, 1)[0], ANN, "credential_issued", "credential", SESSION);
    r.record.actor = &r.actor;
    r.actor.user_id = LEAD;
    revoked.credential_id = SESSION;
    revoked.user_id = ANN;
    r.event.event_case = BATON__EVENT__EVENT_CREDENTIAL_REVOKED;
    r.event.credential_revoked = &revoked;
    says(entries(&r, NULL, a, 1)[0], LEAD, "credential_revoked", "credential", SESSION);
    arena_free(a);
}

static void test_looks_and_merges(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct record r;
    Baton__AccessCount got = BATON__ACCESS_COUNT__INIT, listed = BATON__ACCESS_COUNT__INIT;
    Baton__AccessCount *counts[] = {&got, &listed};
    Baton__AccessNoted noted = BATON__ACCESS_NOTED__INIT;
    record_init(&r);
    r.actor.user_id = NULL;
    got.user_id = listed.user_id = ANN;
    got.type = listed.type = "contact";
    got.record_id = LEAD;
    got.reads = 2;
    got.histories = 1;
    listed.record_id = "contact";
    listed.listed = 50;
    noted.counts = counts;
    noted.n_counts = 2;
    r.event.event_case = BATON__EVENT__EVENT_ACCESS_NOTED;
    r.event.access_noted = &noted;
    Baton__AuditEntry **all = entries(&r, NULL, a, 2);
    says(all[0], ANN, "access_noted", "contact", LEAD);
    says(all[1], ANN, "access_noted", "contact", NULL);
    assert_int_equal(all[0]->times, 3);
    assert_int_equal(all[1]->times, 50);
    Baton__RecordMerge merge = BATON__RECORD_MERGE__INIT;
    Baton__RecordsMerged merged = BATON__RECORDS_MERGED__INIT;
    r.actor.user_id = ANN;
    merge.id = LEAD;
    merge.type = "account";
    merged.merge = &merge;
    r.event.event_case = BATON__EVENT__EVENT_RECORDS_MERGED;
    r.event.records_merged = &merged;
    says(entries(&r, NULL, a, 1)[0], ANN, "record.merged", "account", LEAD);
    arena_free(a);
}

/* --- a whole log --- */

static Baton__ReadAuditResponse *page(struct drill *d, int i, Baton__AuditFilter *f, uint64_t from,
                                      uint32_t size)
{
    Baton__ReadAuditRequest q = BATON__READ_AUDIT_REQUEST__INIT;
    q.filter = f;
    q.has_page_size = true;
    q.page_size = size;
    q.has_from_seq = from != 0;
    q.from_seq = from;
    return ask(d, i, "SystemService/ReadAudit", &q);
}

/* Page after page is the log backwards, as the filter wants it. */
static size_t compare(struct drill *d, int i, Baton__AuditFilter *f, uint32_t size)
{
    struct txn *t = store_begin(service_store(d->services[i]), false);
    uint64_t seq = log_newest(t), from = 0;
    Baton__ReadAuditResponse *r = NULL;
    size_t in_page = 0, all = 0, pages = 0;
    for (Baton__LogRecord *record; seq && (record = log_get(t, seq, d->memory)); seq--) {
        size_t n;
        const int64_t at = (int64_t)record->time_us;
        Baton__AuditEntry **expected = audit_entries(record, f, d->memory, &n);
        if ((f->from && at < timestamp_us(f->from)) || (f->to && at >= timestamp_us(f->to)))
            continue;
        for (; n > 0; n--, in_page++, all++) {
            while (!r || in_page == r->n_entries) {
                must(d, pages++ < PAGES_MAX && (!r || r->has_next_seq), "entries are missing");
                r = page(d, i, f, from, size);
                from = r->next_seq;
                in_page = 0;
            }
            must(d, schema_equal(&r->entries[in_page]->base, &expected[n - 1]->base), "another entry");
        }
    }
    store_abort(t);
    must(d, !r || in_page == r->n_entries, "more than there is");
    return all;
}

static void test_pages(void **state)
{
    struct drill *d = drill_new(7);
    Baton__AuditFilter f = BATON__AUDIT_FILTER__INIT;
    int64_t middle_us = 0;
    set_up_company(d);
    d->admin.user_id = d->first_user;
    for (int i = 0; i < LEADS_HERE; i++) {
        if (i == LEADS_HERE / 2)
            middle_us = world_now(d->world) + SIM_SECOND;
        until(d, i == LEADS_HERE / 2 ? 2 : 0);
        capture(d);
    }
    until(d, 5);
    f.user_id = d->first_user;
    assert_int_equal(compare(d, LEADS, &f, 7) >= LEADS_HERE, true);
    f.by_services = f.has_by_services = true;
    assert_int_equal(compare(d, LEADS, &f, 200) >= LEADS_HERE, true);
    f.user_id = NULL;
    const size_t everything = compare(d, LEADS, &f, 50);
    f.record_type = "lead";
    assert_true(compare(d, LEADS, &f, 50) < everything);
    f.record_type = NULL;
    f.from = timestamp_of(d->memory, middle_us);
    const size_t later = compare(d, LEADS, &f, 50);
    f.from = NULL;
    f.to = timestamp_of(d->memory, middle_us);
    assert_int_equal(compare(d, LEADS, &f, 50) + later, everything);
    assert_true(later >= LEADS_HERE / 2 && later < everything);
    f.to = timestamp_of(d->memory, 1);
    assert_int_equal(compare(d, LEADS, &f, 50), 0);
    (void)compare(d, DIRECTORY, &f, 1); /* asserts */
    drill_end(d);
}

struct reading {
    unsigned log;
    uint64_t records;
};

static int on_call(void *arg, struct store *s, enum store_call call, unsigned bucket, struct bytes key)
{
    struct reading *r = arg;
    r->records += call == STORE_GET && bucket == r->log;
    return 0;
}

static uint64_t disk_free(void *arg)
{
    return UINT64_C(1) << 40;
}

static void append(struct txn *t, struct arena *a, int64_t us)
{
    struct record r;
    record_init(&r);
    r.actor.user_id = LEAD;
    r.record.time_us = (uint64_t)us;
    r.record.n_events = 0;
    (void)log_append(t, &r.record, NULL, a); /* its number follows from how many there are */
    arena_reset(a);
}

/* Who did nothing since then is told so at once, however long the log before it is. */
static void test_from(void **state)
{
    char dir[] = "/tmp/baton-audit-XXXXXX", command[64];
    struct reading reading = {0};
    struct refusal no;
    ProtobufCMessage *reply;
    struct arena *a = arena_new(1 << 20);
    assert_non_null(mkdtemp(dir));
    struct store *s = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .probe = &(struct store_probe){on_call, disk_free, &reading}});
    log_prepare(s, (const uint8_t *)"0123456789abcdef");
    reading.log = store_bucket(s, "log");
    struct txn *t = store_begin(s, true);
    for (int i = 0; i < LONG_LOG; i++)
        append(t, a, START_US + i);
    assert_true(store_commit(t));
    Baton__AuditFilter f = BATON__AUDIT_FILTER__INIT;
    Baton__ReadAuditRequest q = BATON__READ_AUDIT_REQUEST__INIT;
    q.filter = &f;
    f.user_id = ANN;
    f.from = timestamp_of(a, START_US + LONG_LOG - FEW);
    struct load l = {.txn = store_begin(s, false), .arena = a};
    reading.records = 0;
    assert_true(audit_query(&l, &(struct command){.request = &q.base}, &reply, &no));
    assert_false(((Baton__ReadAuditResponse *)reply)->has_next_seq);
    assert_in_range(reading.records, 1, 5 * FEW);
    store_abort(l.txn);
    store_close(s);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),  cmocka_unit_test(test_by_services),
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_looks_and_merges),
        cmocka_unit_test(test_pages),    cmocka_unit_test(test_from),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
