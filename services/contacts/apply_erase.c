/* What is left of whoever was erased beside their own rows goes, too. */
#include <string.h>

#include "schema/personal.h"
#include "services/contacts/rows.h"

/* Nothing of the record is about whoever was erased any more, and what is said of it elsewhere is not said.
 */
static void untitle(struct apply *ap, const char *record_id)
{
    const Baton__Placing *before = contacts_placing_of(ap, record_id);
    struct load l = {.txn = ap->txn, .arena = ap->arena};
    if (!before)
        return;
    Baton__Placing *after = arena_copy(ap->arena, before, sizeof *before);
    after->timeline = ARENA_ARRAY(ap->arena, Baton__TimelineEntry *, before->n_timeline);
    after->n_timeline = 0;
    for (size_t i = 0; i < before->n_timeline; i++) {
        if (contacts_is_erased(&l, before->timeline[i]->about_id))
            continue;
        Baton__TimelineEntry *e = arena_copy(ap->arena, before->timeline[i], sizeof *e);
        if (e->kind != BATON__TIMELINE_KIND__TIMELINE_KIND_OPPORTUNITY)
            e->title = NULL;
        after->timeline[after->n_timeline++] = e;
    }
    contacts_place(ap, before, after);
}

size_t contacts_timeline_under(struct apply *ap, const char *about_id, bool (*is)(Baton__TimelineKind kind),
                               struct key **keys, char ***ids)
{
    enum { SCRATCH = 1 << 20, FIRST = 16 };
    const struct key prefix = key_of(about_id);
    struct table_scan scan;
    const Baton__TimelineEntry *e;
    size_t n = 0, room = 0;
    if (!table_scan_under(&scan, ap->txn, CONTACTS_TIMELINE, &prefix, NULL, NULL, false))
        return 0;
    struct arena *scratch = arena_new(SCRATCH);
    for (; (e = table_scan_next(&scan, scratch)); arena_reset(scratch)) {
        if (!is(e->kind))
            continue;
        if (n == room) {
            room = 2 * room + FIRST;
            struct key *k = ARENA_ARRAY(ap->arena, struct key, room);
            char **i = ARENA_ARRAY(ap->arena, char *, room);
            if (n) {
                memcpy(k, *keys, n * sizeof *k);
                memcpy(i, *ids, n * sizeof *i);
            }
            *keys = k;
            *ids = i;
        }
        (*keys)[n] = contacts_timeline_key(e);
        (*ids)[n++] = arena_strdup(ap->arena, e->record_id);
    }
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

/* Rows that stand there by themselves; of all others a Placing knows. */
static bool is_own(Baton__TimelineKind kind)
{
    return kind == BATON__TIMELINE_KIND__TIMELINE_KIND_CHANGE ||
           kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER;
}

static bool is_placed(Baton__TimelineKind kind)
{
    return !is_own(kind);
}

static void forget_own(struct apply *ap, const char *about_id)
{
    struct key *keys = NULL;
    char **ids = NULL;
    const size_t n = contacts_timeline_under(ap, about_id, is_own, &keys, &ids);
    for (size_t i = 0; i < n; i++)
        (void)table_delete(ap->txn, CONTACTS_TIMELINE, &keys[i], ap->arena); /* it is there */
}

static void forget(struct apply *ap, const char *about_id)
{
    struct key *keys = NULL;
    char **ids = NULL;
    forget_own(ap, about_id);
    const size_t n = contacts_timeline_under(ap, about_id, is_placed, &keys, &ids);
    for (size_t i = 0; i < n; i++)
        untitle(ap, ids[i]);
}

/* Of one that was deleted before there is no row to say it. */
static void mark_gone(struct apply *ap, const char *contact_id)
{
    const struct key key = key_of(contact_id);
    Baton__GoneRecord *g = table_get(ap->txn, CONTACTS_GONE, &key, ap->arena);
    if (!g)
        return;
    g->has_erased = g->erased = true;
    table_put(ap->txn, CONTACTS_GONE, g, ap->seq, ap->arena);
}

static bool took_personal(const Baton__RecordMerge *m)
{
    const struct schema_message *account = schema_message(&baton__account__descriptor);
    for (size_t i = 0; i < m->n_fields; i++)
        if (schema_field(account, m->fields[i])->rules->personal)
            return true;
    return false;
}

/* As the log without its key makes the row, in which it says nothing of it. */
static void forget_merge(struct apply *ap, const Baton__RecordMerge *m, const char *account_id)
{
    if (!took_personal(m))
        return;
    Baton__RecordMerge *left =
        arena_copy(ap->arena, personal_without(&m->base, account_id, ap->arena), sizeof *left);
    left->has_forgotten = left->forgotten = true;
    table_put(ap->txn, CONTACTS_MERGE, left, ap->seq, ap->arena);
}

/* What an account was called before it was merged, and before others were merged into it. */
static void forget_merges(struct apply *ap, const char *account_id)
{
    const Baton__RecordMerge *all[CONTACTS_MERGED_MAX], *m;
    struct table_scan scan;
    size_t n = 0;
    if ((m = table_get_id(ap->txn, CONTACTS_MERGE, account_id, ap->arena)))
        forget_merge(ap, m, account_id);
    if (!table_scan_open(&scan, ap->txn, CONTACTS_MERGE, "keep_id", account_id, NULL, false))
        return;
    while (n < CONTACTS_MERGED_MAX && (m = table_scan_next(&scan, ap->arena)))
        all[n++] = m;
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++)
        forget_merge(ap, all[i], account_id);
}

void contacts_apply_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)payload;
    for (size_t i = 0; i < e->n_contact_ids; i++) {
        struct key key = key_of(e->contact_ids[i]);
        (void)table_delete(ap->txn, CONTACTS_MERGE, &key,
                           ap->arena); /* only those that were merged have one */
        mark_gone(ap, e->contact_ids[i]);
        forget(ap, e->contact_ids[i]);
    }
    for (size_t i = 0; i < e->n_account_ids; i++) {
        forget_own(ap, e->account_ids[i]);
        forget_merges(ap, e->account_ids[i]);
    }
    for (size_t i = 0; i < e->n_lead_ids; i++)
        untitle(ap, e->lead_ids[i]);
}
