/* vCards as they come: whatever the bytes, every text is whole UTF-8 and within its bounds, every card ends,
   and what was read once is, written and read again, the same. */
#include <string.h>

#include "base/text.h"
#include "cards/card.h"
#include "fuzz/fuzz.h"
#include "schema/schema.h"

enum { CARD_MEMORY = 256 << 20, OUT_MAX = 1 << 20, CARDS_LOOKED_AT = 20 };

static void check_text(const char *text)
{
    assert(text == NULL || text_valid(text, strlen(text)));
}

static void check_lines(const struct card *c)
{
    assert(c->n_lines <= CARD_LINES_MAX && strlen(c->remarks) <= CARD_REMARKS_MAX + 200);
    for (size_t i = 0; i < c->n_lines; i++) {
        const struct card_line *l = &c->lines[i];
        assert(*l->name != '\0' && l->n_params <= CARD_PARAMS_MAX);
        check_text(l->value);
        assert(strpbrk(l->value, "\r\n") == NULL);
    }
}

static void contact_of(struct card *c, Baton__Contact *contact, const char **company, struct arena *a)
{
    baton__contact__init(contact);
    *company = NULL;
    card_to_contact(c, contact, company, a);
    const struct schema_message *m = schema_message(&baton__contact__descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (m->fields[i].pb->type == PROTOBUF_C_TYPE_STRING)
            check_text(schema_text_of(&contact->base, &m->fields[i]));
    check_text(*company);
    struct refusal no;
    assert(schema_check(&contact->base, NULL, &no));
}

/* What was written is a card; written and read again it does not change any more. */
static void check_there_and_back(struct card *c, enum card_version v, struct arena *a)
{
    Baton__Contact contact, back, again;
    const char *company, *company_back, *company_again;
    struct buffer first, second;
    buffer_init(&first, OUT_MAX);
    buffer_init(&second, OUT_MAX);
    contact_of(c, &contact, &company, a);
    if (card_of_contact(&contact, company, v, a, &first)) {
        struct card_reader r;
        struct card read;
        card_read_begin(&r, buffer_bytes(&first), NULL);
        assert(card_next(&r, &read, a) && read.problem == NULL);
        contact_of(&read, &back, &company_back, a);
        assert(!card_next(&r, &read, a));
        if (card_of_contact(&back, company_back, v, a, &second)) {
            card_read_begin(&r, buffer_bytes(&second), NULL);
            assert(card_next(&r, &read, a) && read.problem == NULL);
            contact_of(&read, &again, &company_again, a);
        }
    }
    buffer_release(&first);
    buffer_release(&second);
}

static void check_account(struct card *c, struct arena *a)
{
    Baton__Account account = BATON__ACCOUNT__INIT;
    struct buffer out;
    buffer_init(&out, OUT_MAX);
    card_to_account(c, &account, a);
    check_text(account.name);
    check_text(account.vcard_rest);
    (void)card_of_account(&account, CARD_4, a, &out); /* it may be too large */
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(CARD_MEMORY);
    struct card_reader r;
    struct card c;
    size_t covered = 0;
    schema_load();
    card_read_begin(&r, bytes_of(data, size), NULL);
    for (unsigned n = 0; n < CARDS_LOOKED_AT && card_next(&r, &c, a); n++) {
        covered += c.raw.size;
        assert(c.raw.size > 0 && covered <= size);
        if (c.problem == NULL) {
            check_lines(&c);
            check_there_and_back(&c, n % 2 ? CARD_3 : CARD_4, a);
            check_account(&c, a);
        }
        arena_reset(a);
    }
    arena_free(a);
    return 0;
}
