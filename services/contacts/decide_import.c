/* Importing a batch of contacts and accounts, row by row. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/import.h"
#include "services/contacts/keys.h"

/* A record that this batch has made or changed. */
struct touched {
    Baton__ContactKey keys;
    const ProtobufCMessage *before; /* NULL: it is new */
    uint64_t seq;                   /* of `before` */
    ProtobufCMessage *after;
};

struct importing {
    const struct import_facts *facts;
    const Baton__ImportContactsRequest *request;
    const Baton__Actor *actor;
    struct stamp *stamp;
    struct outcome *out;
    struct touched touched[2 * IMPORT_ROWS_MAX]; /* a row makes a contact and its account at most */
    size_t n_touched, bytes;
};

/* Who a row is: a record that stands in the rows, or one that this batch has touched. */
struct match {
    enum known_by by;
    struct touched *touched;
    const struct import_candidate *candidate;
};

static const char *const known_names[] = {
    [KNOWN_BY_EXTERNAL_ID] = "external_id",
    [KNOWN_BY_EMAIL] = "email",
    [KNOWN_BY_PHONE] = "phone",
    [KNOWN_BY_NAME] = "name",
};

static bool is_contact(const ProtobufCMessage *record)
{
    return record->descriptor == &baton__contact__descriptor;
}

static bool contradict(const char *a, const char *b, struct arena *arena)
{
    const char *x = a ? text_fold(arena, a) : NULL, *y = b ? text_fold(arena, b) : NULL;
    return x && y && strcmp(x, y) != 0;
}

/* 6: people share a telephone: by it somebody is known only if no name says otherwise */
static bool phone_will_do(const ProtobufCMessage *a, const ProtobufCMessage *b, struct arena *arena)
{
    if (!is_contact(a))
        return true;
    const Baton__Contact *x = (const Baton__Contact *)a, *y = (const Baton__Contact *)b;
    return !contradict(x->first_name, y->first_name, arena) && !contradict(x->last_name, y->last_name, arena);
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool shares_phone(const Baton__ContactKey *a, const Baton__ContactKey *b)
{
    return same(a->phone, b->phone) || same(a->phone, b->mobile_phone) || same(a->mobile_phone, b->phone) ||
           same(a->mobile_phone, b->mobile_phone);
}

static bool shares_key(enum known_by by, const Baton__ContactKey *row, const Baton__ContactKey *other)
{
    const char *own = contacts_own_uid(row->external_id);
    switch (by) {
    case KNOWN_BY_EXTERNAL_ID:
        return same(row->external_id, other->external_id) || same(own, other->id);
    case KNOWN_BY_EMAIL:
        return same(row->email, other->email);
    case KNOWN_BY_PHONE:
        return shares_phone(row, other);
    case KNOWN_BY_NAME: /* 7: an account that says nothing surer is known by its name */
        return !row->external_id && !row->phone && same(row->name, other->name);
    case KNOWN_BY_NOTHING:
        break;
    }
    return false;
}

static struct touched *touched_of(struct importing *im, const char *id)
{
    for (size_t i = 0; i < im->n_touched; i++)
        if (strcmp(schema_get_text(im->touched[i].after, "id"), id) == 0)
            return &im->touched[i];
    return NULL;
}

static bool fits(enum known_by by, const ProtobufCMessage *row, const ProtobufCMessage *other,
                 struct arena *a)
{
    return by != KNOWN_BY_PHONE || phone_will_do(row, other, a);
}

/* 5: whoever shares the surest key, and of those the oldest; as this batch has left them */
static struct match match_of(struct importing *im, const struct import_row_facts *f,
                             const ProtobufCMessage *row)
{
    struct arena *a = im->stamp->arena;
    for (enum known_by by = KNOWN_BY_EXTERNAL_ID; by <= KNOWN_BY_NAME; by++) {
        for (size_t i = 0; i < f->n; i++) {
            const struct import_candidate *c = &f->candidates[i];
            if (c->by == by && !touched_of(im, schema_get_text(c->record, "id")) &&
                fits(by, row, c->record, a))
                return (struct match){.by = by, .candidate = c};
        }
        for (size_t i = 0; i < im->n_touched; i++) {
            struct touched *t = &im->touched[i];
            if (t->after->descriptor == row->descriptor && shares_key(by, &f->keys, &t->keys) &&
                fits(by, row, t->after, a))
                return (struct match){.by = by, .touched = t};
        }
    }
    return (struct match){0};
}

static void reject(Baton__ImportAnswer *answer, const struct refusal *no, struct arena *a)
{
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_REJECTED;
    answer->field = *no->field ? arena_strdup(a, no->field) : NULL;
    answer->message = arena_strdup(a, no->message);
}

static bool passes(struct importing *im, const struct import_row_facts *f, const ProtobufCMessage *before,
                   ProtobufCMessage *after, struct refusal *no)
{
    struct outcome own = {.arena = im->stamp->arena};
    bool good = schema_check(after, NULL, no);
    if (!good)
        return false;
    good = is_contact(after) ? contacts_check_contact(&f->references, before, after, im->stamp, &own)
                             : contacts_check_account(&f->account, before, after, im->stamp, &own);
    if (!good)
        *no = own.no;
    return good && schema_check(after, NULL, no);
}

static ProtobufCMessage *copy_of(const ProtobufCMessage *m, struct arena *a)
{
    return arena_copy(a, m, m->descriptor->sizeof_message);
}

static void keys_of(const struct importing *im, struct touched *t)
{
    if (is_contact(t->after))
        contacts_keys_of_contact((const Baton__Contact *)t->after, im->request->country, &t->keys,
                                 im->stamp->arena);
    else
        contacts_keys_of_account((const Baton__Account *)t->after, im->request->country, &t->keys,
                                 im->stamp->arena);
}

static struct touched *touch(struct importing *im, const ProtobufCMessage *before, uint64_t seq,
                             ProtobufCMessage *after)
{
    struct touched *t = &im->touched[im->n_touched++];
    if (!before)
        schema_set_text(after, "id", stamp_id(im->stamp));
    *t = (struct touched){.before = before, .seq = seq, .after = after};
    keys_of(im, t);
    im->bytes += protobuf_c_message_get_packed_size(after);
    return t;
}

/* 8: an account that a contact names is the one of that name, or a new one */
static char *account_of(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row)
{
    if (!f->account_folded || f->account_id)
        return (char *)(uintptr_t)f->account_id;
    for (size_t i = 0; i < im->n_touched; i++)
        if (!is_contact(im->touched[i].after) && same(im->touched[i].keys.name, f->account_folded))
            return (char *)(uintptr_t)schema_get_text(im->touched[i].after, "id");
    Baton__Account *account = ARENA_NEW(im->stamp->arena, Baton__Account);
    baton__account__init(account);
    account->name = text_trim(im->stamp->arena, row->account_name);
    account->owner_id = row->contact->owner_id;
    account->import_id = im->request->import_id;
    return (char *)(uintptr_t)schema_get_text(touch(im, NULL, 0, &account->base)->after, "id");
}

static void name_account(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row,
                         ProtobufCMessage *after)
{
    Baton__Contact *contact = (Baton__Contact *)after;
    if (is_contact(after) && !row->contact->account_id && f->account_folded)
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
    struct touched *t = touch(im, NULL, 0, after);
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

static void update(struct importing *im, const struct import_row_facts *f, const Baton__ImportRow *row,
                   const ProtobufCMessage *wanted, const struct match *m, Baton__ImportAnswer *answer)
{
    struct refusal no = {0};
    const ProtobufCMessage *now = m->touched ? m->touched->after : m->candidate->record;
    ProtobufCMessage *after = copy_of(now, im->stamp->arena);
    /* 10: whoever may not change the record may not do so by a list */
    if (!record_may(schema_message(now->descriptor), now, im->actor, true)) {
        refuse(&no, REFUSAL_PERMISSION_DENIED, NULL, "you may not change this record");
        return reject(answer, &no, im->stamp->arena);
    }
    merge(wanted, after);
    /* our own UID is no key of elsewhere */
    const char *own = contacts_own_uid(f->keys.external_id);
    if (same(own, schema_get_text(now, "id")))
        schema_set_text(after, "external_id", (char *)(uintptr_t)schema_get_text(now, "external_id"));
    if (!passes(im, f, now, after, &no))
        return reject(answer, &no, im->stamp->arena);
    name_account(im, f, row, after);
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_UNCHANGED;
    if (schema_equal(now, after))
        return;
    answer->result = BATON__IMPORT_RESULT__IMPORT_RESULT_UPDATED;
    if (!m->touched) {
        (void)touch(im, now, m->candidate->seq, after); /* found again by its id */
        return;
    }
    m->touched->after = after;
    im->bytes += protobuf_c_message_get_packed_size(after);
    keys_of(im, m->touched);
}

/* 13: a number of which the request alone says where it is gets its country's code, to be known again by */
static void write_out_numbers(const struct importing *im, ProtobufCMessage *wanted)
{
    struct arena *a = im->stamp->arena;
    const char *country = im->request->country;
    if (is_contact(wanted)) {
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
    struct match m = match_of(im, f, wanted);
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

static Baton__ImportedRecord *record_of(const struct touched *t, struct arena *a)
{
    Baton__ImportedRecord *r = ARENA_NEW(a, Baton__ImportedRecord);
    baton__imported_record__init(r);
    r->id = (char *)(uintptr_t)schema_get_text(t->after, "id");
    r->has_is_account = r->has_before_seq = true;
    r->is_account = !is_contact(t->after);
    r->before_seq = t->seq;
    return r;
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
    for (unsigned contacts = 0; contacts < 2; contacts++)
        for (size_t i = 0; i < im->n_touched; i++) {
            struct touched *t = &im->touched[i];
            if (is_contact(t->after) != (contacts == 1))
                continue;
            size_t n = im->out->n_events;
            if (t->before)
                record_updated(t->before, t->seq, t->after, im->stamp, im->out);
            else
                (void)record_created(t->after, im->stamp, im->out);
            /* 14: what one row changes and the next changes back was not touched */
            if (im->out->n_events > n)
                e->records[e->n_records++] = record_of(t, im->stamp->arena);
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
