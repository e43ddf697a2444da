/* Importing a batch of contacts and accounts, row by row. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/importing.h"
#include "services/contacts/keys.h"

/* Of each record its change and its judgement, each custom field, and the import. Custom fields of accounts
   are used by rows that are accounts, which touch one record alone. */
_Static_assert(2 * (2 * IMPORT_ROWS_MAX - 1) + 2 * CUSTOM_FIELDS_MAX + 1 <= OUTCOME_EVENTS_MAX,
               "a batch is one record of the log");

static const char *const known_names[] = {
    [KNOWN_BY_EXTERNAL_ID] = "external_id",
    [KNOWN_BY_EMAIL] = "email",
    [KNOWN_BY_PHONE] = "phone",
    [KNOWN_BY_NAME] = "name",
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static void reject(Baton__ImportAnswer *answer, const struct refusal *no, struct arena *a)
{
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_REJECTED;
    answer->field = *no->field ? arena_strdup(a, no->field) : NULL;
    answer->message = arena_strdup(a, no->message);
}

/* 14: that a custom field has its first value is written down once */
static void use(struct importing *im, const struct outcome *own)
{
    for (size_t i = 0; i < own->n_events; i++) {
        Baton__RecordChanged *e = own->events[i]->record_changed;
        size_t k = 0;
        while (k < im->n_used &&
               strcmp(im->used[k]->record->custom_field->id, e->record->custom_field->id) != 0)
            k++;
        if (k == im->n_used)
            im->used[im->n_used++] = e;
    }
}

static bool passes(struct importing *im, const struct import_row_facts *f, const ProtobufCMessage *before,
                   ProtobufCMessage *after, struct refusal *no)
{
    struct outcome own = {.arena = im->stamp->arena};
    bool good = schema_check(after, NULL, no);
    if (!good)
        return false;
    good = import_is_contact(after) ? contacts_accept_contact(&f->references, (const Baton__Contact *)before,
                                                              (Baton__Contact *)after, im->stamp, &own)
                                    : contacts_accept_account(&f->account, (const Baton__Account *)before,
                                                              (Baton__Account *)after, im->stamp, &own);
    if (!good)
        *no = own.no;
    good = good && schema_check(after, NULL, no);
    if (good)
        use(im, &own);
    return good;
}

static ProtobufCMessage *copy_of(const ProtobufCMessage *m, struct arena *a)
{
    return arena_copy(a, m, m->descriptor->sizeof_message);
}

static void keys_of(const struct importing *im, struct touched *t)
{
    if (import_is_contact(t->after))
        contacts_keys_of_contact((const Baton__Contact *)t->after, im->request->country, &t->keys,
                                 im->stamp->arena);
    else
        contacts_keys_of_account((const Baton__Account *)t->after, im->request->country, &t->keys,
                                 im->stamp->arena);
}

static const char *type_of(const ProtobufCMessage *record)
{
    return import_is_contact(record) ? "contact" : "account";
}

/* What it takes in the log, with its judgement. */
static size_t size_of(const struct importing *im, const struct touched *t)
{
    const struct contacts_judge_facts f = {.type = type_of(t->after),
                                           .record = t->after,
                                           .kept = t->kept,
                                           .rules = im->facts->rules,
                                           .changed_us = im->stamp->now_us};
    const Baton__Quality *q = contacts_judge(&f, t->after, im->stamp->now_us, im->stamp->arena);
    return protobuf_c_message_get_packed_size(t->after) + protobuf_c_message_get_packed_size(&q->base);
}

/* `c` NULL: it is new. */
static struct touched *touch(struct importing *im, const struct import_candidate *c, ProtobufCMessage *after)
{
    struct touched *t = &im->touched[im->n_touched++];
    *t = (struct touched){.after = after};
    if (c) {
        t->before = c->record;
        t->seq = c->seq;
        t->kept = c->kept;
    } else {
        schema_set_text(after, "id", stamp_id(im->stamp));
    }
    keys_of(im, t);
    im->bytes += size_of(im, t);
    return t;
}

/* 8: an account that a contact names is the one of that name, or a new one */
static char *account_of(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row)
{
    if (!f->account_folded || f->account_id)
        return (char *)(uintptr_t)f->account_id;
    for (size_t i = 0; i < im->n_touched; i++)
        if (!import_is_contact(im->touched[i].after) && same(im->touched[i].keys.name, f->account_folded))
            return (char *)(uintptr_t)schema_get_text(im->touched[i].after, "id");
    Baton__Account *account = ARENA_NEW(im->stamp->arena, Baton__Account);
    baton__account__init(account);
    account->name = text_trim(im->stamp->arena, row->account_name);
    account->owner_id = row->contact->owner_id;
    sharing_give_owner(f->references.access, NULL, &account->owner_id, im->stamp);
    account->import_id = im->request->import_id;
    contacts_normalize_account(&im->facts->normal, account, im->stamp->arena);
    return (char *)(uintptr_t)schema_get_text(touch(im, NULL, &account->base)->after, "id");
}

static void name_account(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row,
                         ProtobufCMessage *after)
{
    Baton__Contact *contact = (Baton__Contact *)after;
    if (import_is_contact(after) && !row->contact->account_id && f->account_folded)
        contact->account_id = account_of(im, f, row);
}

static void create(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row,
                   ProtobufCMessage *after, Baton__ImportAnswer *answer)
{
    struct refusal no = {0};
    /* 3: the same rules as for a record that is made by itself */
    if (!passes(im, f, NULL, after, &no))
        return reject(answer, &no, im->stamp->arena);
    name_account(im, f, row, after);
    schema_set_text(after, "import_id", im->request->import_id);
    struct touched *t = touch(im, NULL, after);
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_CREATED;
    answer->id = im->request->preview ? NULL : (char *)(uintptr_t)schema_get_text(t->after, "id");
}

/* 9: what the row says is set, the rest stays */
static void merge(const ProtobufCMessage *row, ProtobufCMessage *after)
{
    const struct schema_message *m = schema_message(row->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!m->fields[i].rules->output_only && schema_present(row, &m->fields[i]))
            schema_field_share(after, row, &m->fields[i]);
}

/* What Baton makes of it anew, as with places that have come since, is no change of a list's. */
static bool says_the_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const struct schema_message *m = schema_message(a->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!m->fields[i].rules->output_only && !schema_field_equal(a, b, &m->fields[i]))
            return false;
    return true;
}

static void update(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row,
                   const ProtobufCMessage *wanted, const struct match *m, Baton__ImportAnswer *answer)
{
    struct refusal no = {0};
    const ProtobufCMessage *now = m->touched ? m->touched->after : m->candidate->record;
    ProtobufCMessage *after = copy_of(now, im->stamp->arena);
    /* 10: whoever may not change the record may not do so by a list */
    const enum record_reach reach = m->touched ? m->touched->reach : m->candidate->reach;
    if (!record_reached(schema_message(now->descriptor), now, reach, im->actor, true)) {
        refuse(&no, REFUSAL_PERMISSION_DENIED, NULL, "you may not change this record");
        return reject(answer, &no, im->stamp->arena);
    }
    merge(wanted, after);
    /* our own UID is no key of elsewhere */
    const char *own = contacts_own_uid(f->keys.external_id);
    if (same(own, schema_get_text(now, "id")))
        schema_set_text(after, "external_id", (char *)(uintptr_t)schema_get_text(now, "external_id"));
    if (!record_may_hand_on(reach, now, after, &no) || !passes(im, f, now, after, &no))
        return reject(answer, &no, im->stamp->arena);
    name_account(im, f, row, after);
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_UNCHANGED;
    if (says_the_same(now, after))
        return;
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_UPDATED;
    if (!m->touched) {
        touch(im, m->candidate, after)->reach = reach; /* found again by its id */
        return;
    }
    m->touched->after = after;
    im->bytes += size_of(im, m->touched);
    keys_of(im, m->touched);
}

/* 13: a number of which the request alone says where it is gets its country's code, to be known again by */
static void write_out_numbers(const struct importing *im, ProtobufCMessage *wanted)
{
    struct arena *a = im->stamp->arena;
    const char *country = im->request->country;
    if (import_is_contact(wanted)) {
        Baton__Contact *c = (Baton__Contact *)wanted;
        c->phone = contacts_number_in(c->phone, c->mailing_address, country, a);
        c->mobile_phone = contacts_number_in(c->mobile_phone, c->mailing_address, country, a);
    } else {
        Baton__Account *c = (Baton__Account *)wanted;
        c->phone = contacts_number_in(c->phone, c->billing_address, country, a);
    }
}

/* What the row wants to be a record; NULL: it is none. */
static ProtobufCMessage *wanted_of(struct importing *im, const Baton__ImportRow *row, struct refusal *no)
{
    ProtobufCMessage *wanted = NULL;
    /* 1: a row is a contact or an account */
    if (!row->contact == !row->account) {
        refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "a row is a contact or an account");
        return NULL;
    }
    /* 2: what stands above an account is not said by lists */
    if (row->account && row->account->parent_id) {
        refuse(no, REFUSAL_INVALID_ARGUMENT, "parent_id", "an import cannot put accounts below one another");
        return NULL;
    }
    wanted = copy_of(row->contact ? &row->contact->base : &row->account->base, im->stamp->arena);
    schema_drop_output_only(wanted);
    write_out_numbers(im, wanted);
    return wanted;
}

static void import_row(struct importing *im, size_t i, Baton__ImportAnswer *answer)
{
    const Baton__ImportRow *row = im->request->rows[i];
    const struct import_row_facts *f = &im->facts->rows[i];
    struct refusal no = {0};
    answer->has_result = true;
    /* 4: what does not fit into one record of the log or into memory comes with the next request */
    if (im->bytes >= IMPORT_BYTES_MAX || f->is_deferred) {
        answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_DEFERRED;
        return;
    }
    ProtobufCMessage *wanted = wanted_of(im, row, &no);
    if (!wanted)
        return reject(answer, &no, im->stamp->arena);
    struct match m = import_match(im, f, wanted);
    if (!m.by || im->request->duplicates == BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_CREATE)
        return create(im, f, row, wanted, answer);
    answer->known_by = (char *)(uintptr_t)known_names[m.by];
    answer->has_is_earlier_row = answer->is_earlier_row = m.touched && !m.touched->before;
    if (!im->request->preview || !answer->is_earlier_row)
        answer->id =
            (char *)(uintptr_t)schema_get_text(m.touched ? m.touched->after : m.candidate->record, "id");
    if (im->request->duplicates == BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UPDATE)
        update(im, f, row, wanted, &m, answer);
    else
        answer->result = im->request->duplicates == BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_ASK
                             ? BATON__IMPORT_RESULT__IMPORT_RESULT_ASKED
                             : BATON__IMPORT_RESULT__IMPORT_RESULT_SKIPPED;
}

static Baton__ImportedRecord *imported(struct importing *im, const struct touched *t)
{
    Baton__ImportedRecord *r = ARENA_NEW(im->stamp->arena, Baton__ImportedRecord);
    baton__imported_record__init(r);
    r->id = (char *)(uintptr_t)schema_get_text(t->after, "id");
    r->has_is_account = r->has_before_seq = true;
    r->is_account = !import_is_contact(t->after);
    r->before_seq = t->seq;
    return r;
}

/* 15: what is imported is judged as what is typed, once, as the batch leaves it */
static void write_record(struct importing *im, const struct touched *t)
{
    const struct contacts_written_facts written = {im->facts->rules, t->kept};
    contacts_judge_written(&written, type_of(t->after), t->before, t->after, im->stamp, im->out);
    if (t->before)
        record_updated(t->before, t->seq, t->after, im->stamp, im->out);
    else
        (void)record_created(t->after, im->stamp, im->out);
}

/* 11: accounts first, so that whoever reads the log knows them when contacts name them; each record once */
static void emit(struct importing *im)
{
    Baton__ContactsImported *e = ARENA_NEW(im->stamp->arena, Baton__ContactsImported);
    baton__contacts_imported__init(e);
    e->import_id = im->request->import_id;
    e->source = im->request->source;
    e->has_duplicates = true;
    e->duplicates = im->request->duplicates;
    e->records = ARENA_ARRAY(im->stamp->arena, Baton__ImportedRecord *, im->n_touched);
    for (size_t i = 0; i < im->n_used; i++)
        outcome_event(im->out, im->used[i]);
    for (unsigned contacts = 0; contacts < 2; contacts++)
        for (size_t i = 0; i < im->n_touched; i++) {
            const struct touched *t = &im->touched[i];
            if (import_is_contact(t->after) != (contacts == 1))
                continue;
            /* 14: what one row changes and the next changes back was not touched */
            if (t->before && says_the_same(t->before, t->after))
                continue;
            size_t n = im->out->n_events;
            write_record(im, t);
            if (im->out->n_events > n)
                e->records[e->n_records++] = imported(im, t);
        }
    if (e->n_records)
        outcome_event(im->out, e);
}

bool contacts_decide_import(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    struct importing *im = ARENA_NEW(s->arena, struct importing);
    const Baton__ImportContactsRequest *q = (const Baton__ImportContactsRequest *)c->request;
    im->facts = facts;
    im->request = q;
    im->actor = c->actor;
    im->stamp = s;
    im->out = out;
    /* 12: an import that is being undone does not go on */
    if (im->facts->import && im->facts->import->is_undone)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "import_id",
                      "this import was undone; begin another");
    Baton__ImportContactsResponse *reply = ARENA_NEW(s->arena, Baton__ImportContactsResponse);
    baton__import_contacts_response__init(reply);
    reply->answers = ARENA_ARRAY(s->arena, Baton__ImportAnswer *, q->n_rows);
    for (size_t i = 0; i < q->n_rows; i++) {
        Baton__ImportAnswer *answer = ARENA_NEW(s->arena, Baton__ImportAnswer);
        baton__import_answer__init(answer);
        import_row(im, i, answer);
        reply->answers[reply->n_answers++] = answer;
    }
    if (im->n_touched && !q->preview)
        emit(im);
    out->reply = &reply->base;
    return true;
}
