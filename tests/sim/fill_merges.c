/* Requests about contacts and accounts that may be the same: twins come, are merged, taken apart, told apart.
 */
#include "baton/v1/duplicates.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { TWINS = 3 };

bool fill_twin(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Contact r = BATON__CONTACT__INIT;
    uint64_t n = sim_below(random, TWINS);
    r.last_name = fill_name(arena, "Twin", n);
    r.email = fill_email(arena, "twin", n * UINT64_C(0x0101010101010101));
    r.title = sim_below(random, 2) ? fill_name(arena, "Title", sim_below(random, FILL_NAMES)) : NULL;
    r.account_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_ACCOUNT, random) : NULL;
    r.reports_to_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CONTACT, random) : NULL;
    r.owner_id = fill_drawn(sim, KNOWN_USER, random);
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_note(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Note r = BATON__NOTE__INIT;
    r.text = fill_name(arena, "Note", sim_below(random, FILL_NAMES));
    r.contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    r.account_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_ACCOUNT, random) : NULL;
    return fill_create(a, "contacts", &r.base, arena);
}

bool fill_merge_contacts(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const fields[] = {"title", "account_id", "reports_to_id", "email"};
    Baton__MergeContactsRequest q = BATON__MERGE_CONTACTS_REQUEST__INIT;
    char *take[] = {fields[sim_below(random, sizeof fields / sizeof *fields)]};
    q.request_id = a->id;
    q.keep_id = fill_drawn(sim, KNOWN_CONTACT, random);
    q.lose_id = fill_drawn(sim, KNOWN_CONTACT, random);
    q.take = take;
    q.n_take = sim_below(random, 2);
    if (q.keep_id)
        fill_command(a, "contacts", "DuplicateService/MergeContacts", &q, arena);
    return q.keep_id != NULL;
}

bool fill_merge_accounts(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const fields[] = {"name"};
    Baton__MergeAccountsRequest q = BATON__MERGE_ACCOUNTS_REQUEST__INIT;
    q.request_id = a->id;
    q.keep_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    q.lose_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    q.take = (char **)(uintptr_t)fields;
    q.n_take = sim_below(random, 2);
    if (q.keep_id)
        fill_command(a, "contacts", "DuplicateService/MergeAccounts", &q, arena);
    return q.keep_id != NULL;
}

/* Of what was merged once; some has been taken apart since. */
bool fill_unmerge_contacts(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UnmergeContactsRequest q = BATON__UNMERGE_CONTACTS_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_MERGED_CONTACT, random);
    if (q.id)
        fill_command(a, "contacts", "DuplicateService/UnmergeContacts", &q, arena);
    return q.id != NULL;
}

bool fill_unmerge_accounts(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__UnmergeAccountsRequest q = BATON__UNMERGE_ACCOUNTS_REQUEST__INIT;
    q.request_id = a->id;
    q.id = fill_drawn(sim, KNOWN_MERGED_ACCOUNT, random);
    if (q.id)
        fill_command(a, "contacts", "DuplicateService/UnmergeAccounts", &q, arena);
    return q.id != NULL;
}

bool fill_dismiss(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DismissDuplicateRequest q = BATON__DISMISS_DUPLICATE_REQUEST__INIT;
    const char *second;
    q.request_id = a->id;
    q.type = "contact";
    q.first_id = (char *)(uintptr_t)known_draw(sim, KNOWN_PAIR, random, &second);
    q.second_id = (char *)(uintptr_t)second;
    if (q.first_id)
        fill_command(a, "contacts", "DuplicateService/DismissDuplicate", &q, arena);
    return q.first_id != NULL;
}

bool fill_sweep(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SweepDuplicatesRequest q = BATON__SWEEP_DUPLICATES_REQUEST__INIT;
    q.request_id = a->id;
    q.type = "contact";
    q.after_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CONTACT, random) : NULL;
    fill_command(a, "contacts", "DuplicateService/SweepDuplicates", &q, arena);
    return true;
}
