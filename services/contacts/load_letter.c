/* Facts for letters: who they go to, as far as whoever asks may see them. */
#include <string.h>

#include "services/contacts/rows.h"

enum { SCRATCH_MAX = 1 << 20 };

/* NULL: it is not there for them. */
static const void *seen(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    const ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    return row && record_reached(schema_message(row->descriptor), row, contacts_row_reach(l, row, actor),
                                 actor, false)
               ? row
               : NULL;
}

static bool is_opted_out(struct load *l, const char *contact_id, const char *purpose)
{
    struct table_scan scan;
    struct key under = key_of(contact_id);
    struct arena *scratch = arena_new(SCRATCH_MAX); /* proofs are long */
    const Baton__ConsentInForce *row;
    const char *wanted = purpose && *purpose ? contacts_purpose_key(purpose, l->arena) : NULL;
    bool found = false;
    key_u64(&under, BATON__CONSENT_CHANNEL__CONSENT_CHANNEL_POST);
    if (!table_scan_under(&scan, l->txn, CONTACTS_CONSENT_IN_FORCE, &under, NULL, NULL, false)) {
        arena_free(scratch);
        return false;
    }
    for (; !found && (row = table_scan_next(&scan, scratch)); arena_reset(scratch))
        found = row->consent->state == BATON__CONSENT_STATE__CONSENT_STATE_WITHDRAWN &&
                (!wanted || strcmp(wanted, row->purpose_key) == 0);
    table_scan_close(&scan);
    arena_free(scratch);
    return found;
}

struct letter_person contacts_letter_person(struct load *l, const char *contact_id, const char *purpose,
                                            const Baton__Actor *actor)
{
    struct letter_person p = {.asked_id = contact_id};
    const char *now = contacts_now(l, contact_id);
    p.contact = seen(l, CONTACTS_CONTACT, now, actor);
    if (!p.contact || p.contact->erased_at)
        return p;
    const char *account = p.contact->account_id;
    p.account = account ? seen(l, CONTACTS_ACCOUNT, contacts_now(l, account), actor) : NULL;
    const char *owner = p.contact->owner_id ? p.contact->owner_id : p.account ? p.account->owner_id : NULL;
    p.owner = table_get_id(l->txn, CONTACTS_USER, owner, l->arena);
    p.opted_out = is_opted_out(l, p.contact->id, purpose);
    return p;
}

static void add(struct load *l, struct letter_facts *f, const char *contact_id, const Baton__Actor *actor)
{
    if (f->n < LETTERS_MAX)
        f->people[f->n++] = contacts_letter_person(l, contact_id, f->template->purpose, actor);
}

/* Whoever was merged away is in the list as whom they are now. */
static void add_account(struct load *l, struct letter_facts *f, const Baton__MakeLettersRequest *q,
                        const Baton__Actor *actor)
{
    struct table_scan scan;
    const Baton__Contact *c = NULL;
    const Baton__Account *account = seen(l, CONTACTS_ACCOUNT, contacts_now(l, q->account_id), actor);
    f->bad_account = !account;
    if (!account)
        return;
    f->bad_token =
        !table_scan_open(&scan, l->txn, CONTACTS_CONTACT, "account_id", account->id, q->page_token, false);
    if (f->bad_token)
        return;
    while (f->n < LETTERS_MAX && (c = table_scan_next(&scan, l->arena)))
        if (!c->merged_into_id)
            add(l, f, c->id, actor);
    f->next_page_token = c ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
}

void *contacts_load_letters(struct load *l, const struct command *c)
{
    const Baton__MakeLettersRequest *q = (const Baton__MakeLettersRequest *)c->request;
    struct letter_facts *f = ARENA_NEW(l->arena, struct letter_facts);
    f->template = table_get_id(l->txn, CONTACTS_LETTER_TEMPLATE, q->template_id, l->arena);
    if (!f->template || !q->n_contact_ids == !q->account_id)
        return f;
    f->people = ARENA_ARRAY(l->arena, struct letter_person, LETTERS_MAX);
    for (size_t i = 0; i < q->n_contact_ids; i++)
        add(l, f, q->contact_ids[i], c->actor);
    if (q->account_id)
        add_account(l, f, q, c->actor);
    return f;
}

enum record_reach contacts_row_letter_reach(struct load *l, const ProtobufCMessage *row,
                                            const Baton__Actor *actor)
{
    const Baton__LetterRun *r = (const Baton__LetterRun *)row;
    const bool is_own = actor->user_id && r->made_by_id && strcmp(actor->user_id, r->made_by_id) == 0;
    return is_own || actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_MANAGER)
               ? RECORD_WRITE
               : RECORD_HIDDEN;
}
