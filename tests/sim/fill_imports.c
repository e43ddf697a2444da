/* Requests about lists of contacts: imports, some of them undone, and exports. */
#include "baton/v1/contact_lists.pb-c.h"
#include "sim/fill.h"

enum { IMPORTS = 2, ROWS_MAX = 4, PEOPLE = 5 };

/* One of a few, so that lists go on, are undone and are asked for once more. */
static char *import_id(uint64_t *random, struct arena *arena)
{
    return arena_printf(arena, "0190a8e2-0000-8000-8000-%012llx",
                        (unsigned long long)sim_below(random, IMPORTS));
}

static Baton__ImportRow *row_new(struct sim *sim, uint64_t *random, struct arena *arena)
{
    Baton__ImportRow *row = ARENA_NEW(arena, Baton__ImportRow);
    baton__import_row__init(row);
    if (sim_below(random, 5) == 0) {
        row->account = ARENA_NEW(arena, Baton__Account);
        baton__account__init(row->account);
        row->account->name = fill_name(arena, "Account", sim_below(random, FILL_NAMES));
        row->account->industry = fill_name(arena, "Industry", sim_below(random, 3));
        return row;
    }
    Baton__Contact *c = row->contact = ARENA_NEW(arena, Baton__Contact);
    baton__contact__init(c);
    uint64_t n = sim_below(random, PEOPLE);
    c->last_name = sim_below(random, 9) ? fill_name(arena, "Person", n) : NULL;
    c->email = sim_below(random, 4) ? fill_email(arena, "person", n) : NULL;
    c->phone = sim_below(random, 2) ? arena_printf(arena, "+49 30 55%05llu", (unsigned long long)n) : NULL;
    c->title = fill_name(arena, "Title", sim_below(random, 4));
    c->owner_id = sim_below(random, 2) ? (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL) : NULL;
    if (sim_below(random, 3) == 0)
        row->account_name = fill_name(arena, "Account", sim_below(random, FILL_NAMES));
    return row;
}

bool fill_import(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ImportContactsRequest q = BATON__IMPORT_CONTACTS_REQUEST__INIT;
    q.request_id = a->id;
    q.import_id = import_id(random, arena);
    q.source = "list.csv";
    q.has_duplicates = true;
    q.duplicates = sim_below(random, 2) ? BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UPDATE
                                        : (Baton__DuplicatePolicy)(1 + sim_below(random, 4));
    q.has_preview = true;
    q.preview = sim_below(random, 8) == 0;
    q.n_rows = 1 + sim_below(random, ROWS_MAX);
    q.rows = ARENA_ARRAY(arena, Baton__ImportRow *, q.n_rows);
    for (size_t i = 0; i < q.n_rows; i++)
        q.rows[i] = row_new(sim, random, arena);
    fill_command(a, "contacts", "ContactListService/ImportContacts", &q, arena);
    return true;
}

bool fill_undo_import(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UndoImportRequest q = BATON__UNDO_IMPORT_REQUEST__INIT;
    q.request_id = a->id;
    q.import_id = import_id(random, arena);
    fill_command(a, "contacts", "ContactListService/UndoImport", &q, arena);
    return true;
}

bool fill_export(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ExportRecordsRequest q = BATON__EXPORT_RECORDS_REQUEST__INIT;
    q.request_id = a->id;
    q.type = sim_below(random, 2) ? "contact" : "account";
    q.has_page_size = true;
    q.page_size = 1 + (uint32_t)sim_below(random, 20);
    fill_command(a, "contacts", "ContactListService/ExportRecords", &q, arena);
    return true;
}
