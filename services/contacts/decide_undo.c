/* Undoing an import, a page at a time. */
#include <string.h>

#include "services/contacts/import.h"

static const char *name_of(const ProtobufCMessage *record, struct arena *a)
{
    if (!record)
        return NULL;
    if (record->descriptor == &baton__account__descriptor)
        return ((const Baton__Account *)record)->name;
    const Baton__Contact *c = (const Baton__Contact *)record;
    if (c->first_name && c->last_name)
        return arena_printf(a, "%s %s", c->first_name, c->last_name);
    return c->last_name ? c->last_name : c->first_name ? c->first_name : c->email;
}

/* Why it is left as it is; NULL: it is taken back. */
static const char *kept_because(const struct undo_row *r, const Baton__Actor *actor)
{
    struct refusal no;
    /* 7: whoever may not change the record does not take it back */
    if (!record_reached(schema_message(r->now->descriptor), r->now, r->reach, actor, true) ||
        (r->before && !record_may_hand_on(r->reach, r->now, r->before, &no)))
        return "you may not change it";
    /* 2: what somebody has changed since is theirs */
    if (r->now_seq != r->change->seq)
        return "it was changed since";
    /* 3: what is in use is not deleted */
    if (!r->change->before_seq)
        return r->in_use;
    /* 4: nothing is put back to belong to what is gone */
    if (!r->before)
        return "what it was before cannot be read";
    return r->before_names_a_gone_one ? "what it belonged to is gone" : NULL;
}

/* 5: what was changed is as it was typed, its history goes on; what is made of it, and its judgement, are of
   today */
static void restore(const struct undo_row *r, struct stamp *s, struct outcome *out)
{
    ProtobufCMessage *after = arena_copy(s->arena, r->before, r->before->descriptor->sizeof_message);
    contacts_redirect(&r->names, after);
    if (r->change->is_account)
        contacts_normalize_account(&r->normal, (Baton__Account *)after, s->arena);
    else
        contacts_normalize_contact(&r->normal, (Baton__Contact *)after, s->arena);
    contacts_judge_written(&r->written, r->change->is_account ? "account" : "contact", r->now, after, s, out);
    record_updated(r->now, r->now_seq, after, s, out);
}

static void keep(Baton__UndoImportResponse *reply, const struct undo_row *r, const char *reason,
                 struct stamp *s)
{
    Baton__KeptRecord *kept = ARENA_NEW(s->arena, Baton__KeptRecord);
    baton__kept_record__init(kept);
    kept->type = r->change->is_account ? "account" : "contact";
    kept->id = r->change->record_id;
    if (record_reached(schema_message(r->now->descriptor), r->now, r->reach, s->actor, false))
        kept->name = (char *)(uintptr_t)name_of(r->now, s->arena);
    kept->reason = (char *)(uintptr_t)reason;
    reply->kept[reply->n_kept++] = kept;
}

/* False: it is left as it is. */
static bool take_back(const struct undo_row *r, Baton__UndoImportResponse *reply, struct stamp *s,
                      struct outcome *out)
{
    /* 1: what is deleted already needs nothing; what was changed by the import and then deleted is told */
    if (!r->now) {
        reply->gone++;
        return true;
    }
    const char *reason = kept_because(r, s->actor);
    if (reason) {
        keep(reply, r, reason, s);
        return false;
    }
    if (!r->change->before_seq) {
        record_deleted(r->now, r->now_seq, s, out);
        sharing_end(&r->ending, s, out);
        reply->deleted++;
        return true;
    }
    restore(r, s, out);
    reply->restored++;
    return true;
}

static Baton__ImportedRecord *taken(const struct undo_row *r, struct arena *a)
{
    Baton__ImportedRecord *record = ARENA_NEW(a, Baton__ImportedRecord);
    baton__imported_record__init(record);
    record->id = r->change->record_id;
    record->has_is_account = true;
    record->is_account = r->change->is_account != 0;
    return record;
}

bool contacts_decide_undo(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct undo_facts *f = facts;
    if (!f->import)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "import_id", "there is no such import");
    if (f->bad_token)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "page_token",
                      "this is no page token of this import");
    Baton__UndoImportResponse *reply = ARENA_NEW(s->arena, Baton__UndoImportResponse);
    Baton__ImportUndone *e = ARENA_NEW(s->arena, Baton__ImportUndone);
    baton__undo_import_response__init(reply);
    baton__import_undone__init(e);
    reply->has_deleted = reply->has_restored = reply->has_gone = true;
    reply->kept = ARENA_ARRAY(s->arena, Baton__KeptRecord *, f->n);
    reply->next_page_token = f->next_page_token;
    e->import_id = f->import->id;
    e->records = ARENA_ARRAY(s->arena, Baton__ImportedRecord *, f->n);
    for (size_t i = 0; i < f->n; i++)
        if (take_back(&f->rows[i], reply, s, out))
            e->records[e->n_records++] = taken(&f->rows[i], s->arena);
    /* 6: from the first page on the import does not go on */
    if (e->n_records || !f->import->is_undone)
        outcome_event(out, e);
    out->reply = &reply->base;
    return true;
}
