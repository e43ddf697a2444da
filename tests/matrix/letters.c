/* Letters of the company and who gets them, and mails to it. */
#include <sodium.h>
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/letters.pb-c.h"
#include "matrix/internal.h"

const char *company_letter(struct company *c)
{
    Baton__LetterTemplate t = BATON__LETTER_TEMPLATE__INIT;
    t.name = "Letter";
    t.has_kind = true;
    t.kind = BATON__LETTER_KIND__LETTER_KIND_LETTER;
    t.body = "Dear {contact.name|customer},";
    t.sender_country = "DE";
    if (!*c->letter)
        company_create(c, &t.base, c->letter);
    return c->letter;
}

const char *company_addressed(struct company *c)
{
    Baton__Contact contact = BATON__CONTACT__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    contact.last_name = "Addressed";
    address.street = "Weg 1";
    address.postal_code = "10115";
    address.city = "Berlin";
    contact.mailing_address = &address;
    if (!*c->addressed)
        company_create(c, &contact.base, c->addressed);
    return c->addressed;
}

/* By its owner, whatever else they are. */
void company_letters(struct company *c, const struct kind *k, const struct person *owner,
                     char id[COMPANY_ID_SIZE])
{
    Baton__MakeLettersRequest q = BATON__MAKE_LETTERS_REQUEST__INIT;
    Baton__Actor actor = owner->actor;
    char *to = (char *)(uintptr_t)company_addressed(c);
    actor.role = BATON__ROLE__ROLE_REP;
    q.template_id = (char *)(uintptr_t)company_letter(c);
    q.contact_ids = &to;
    q.n_contact_ids = 1;
    const Baton__MakeLettersResponse *p = company_must(c, &actor, "LetterService/MakeLetters", &q);
    company_keep_id(id, p->run->id);
}

const char *company_mail(struct company *c)
{
    const char *text =
        arena_printf(c->arena, "From: mail%u@buyer.example\n\nA price, please.\n", company_number(c));
    size_t size = sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_ORIGINAL);
    return sodium_bin2base64(arena_alloc(c->arena, size), size, (const uint8_t *)text, strlen(text),
                             sodium_base64_VARIANT_ORIGINAL);
}
