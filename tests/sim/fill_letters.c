/* Requests about letters, and about where people live. */
#include "baton/v1/letters.pb-c.h"
#include "contacts/contacts.h"
#include "sim/fill.h"
#include "store/table.h"

enum { TEMPLATES = 3, PURPOSES = 3, RECIPIENTS_MAX = 4 };

bool fill_letter_template(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__LetterTemplate t = BATON__LETTER_TEMPLATE__INIT;
    if (sim->known[KNOWN_LETTER_TEMPLATE].n >= TEMPLATES)
        return false;
    t.name = fill_name(arena, "Letter", sim_below(random, FILL_NAMES));
    t.has_kind = true;
    t.kind = BATON__LETTER_KIND__LETTER_KIND_LETTER;
    t.body = "Dear {contact.name|customer}[ of {account.name}],\n\n{today}";
    t.sender_country = "DE";
    t.purpose = sim_below(random, 2) ? fill_name(arena, "Purpose", sim_below(random, PURPOSES)) : NULL;
    t.has_despite_opt_out = true;
    t.despite_opt_out = sim_below(random, 4) == 0;
    return fill_create(a, "contacts", &t.base, arena);
}

/* As somebody who is erased would not want it to be told. */
bool fill_contact_address(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    Baton__Address at = BATON__ADDRESS__INIT;
    c.id = fill_drawn(sim, KNOWN_CONTACT, random);
    const Baton__Contact *known = table_get_id(sim->ledgers[CONTACTS].made, CONTACTS_CONTACT, c.id, arena);
    at.street = known && known->email ? arena_printf(arena, "care of %s", known->email) : "Weg 1";
    at.city = fill_name(arena, "City", sim_below(random, FILL_NAMES));
    at.country = sim_below(random, 2) ? "Germany" : "Japan";
    c.mailing_address = &at;
    return c.id && fill_change(a, "contacts", &c.base, arena);
}

bool fill_post_consent(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Consent r = BATON__CONSENT__INIT;
    r.contact_id = fill_drawn(sim, KNOWN_CONTACT, random);
    r.has_channel = r.has_state = true;
    r.channel = BATON__CONSENT_CHANNEL__CONSENT_CHANNEL_POST;
    r.state = sim_below(random, 2) ? BATON__CONSENT_STATE__CONSENT_STATE_GIVEN
                                   : BATON__CONSENT_STATE__CONSENT_STATE_WITHDRAWN;
    r.purpose = fill_name(arena, "Purpose", sim_below(random, PURPOSES));
    r.source = (char *)"letter";
    r.proof = (char *)"wrote so";
    return r.contact_id && fill_create(a, "contacts", &r.base, arena);
}

bool fill_letters(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MakeLettersRequest q = BATON__MAKE_LETTERS_REQUEST__INIT;
    char *ids[RECIPIENTS_MAX];
    q.request_id = a->id;
    q.template_id = fill_drawn(sim, KNOWN_LETTER_TEMPLATE, random);
    if (!q.template_id || !sim->known[KNOWN_CONTACT].n)
        return false;
    if (sim_below(random, 4) == 0)
        q.account_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    q.contact_ids = ids;
    for (uint64_t n = 1 + sim_below(random, RECIPIENTS_MAX); !q.account_id && n > 0; n--)
        ids[q.n_contact_ids++] = fill_drawn(sim, KNOWN_CONTACT, random);
    fill_command(a, "contacts", "LetterService/MakeLetters", &q, arena);
    return true;
}

bool fill_draw_letters(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DrawLettersRequest q = BATON__DRAW_LETTERS_REQUEST__INIT;
    q.run_id = fill_drawn(sim, KNOWN_LETTER_RUN, random);
    if (q.run_id)
        fill_query(a, "contacts", "LetterService/DrawLetters", &q, arena);
    return q.run_id != NULL;
}
