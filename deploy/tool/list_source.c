/* Rows of a list, whatever file they come from. */
#include "tool/list_source.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "cards/card.h"
#include "tool/file.h"

static const size_t CARDS_MEMORY_MAX = (size_t)2 << 30;
enum { CARD_MEMORY_MAX = 16 << 20 };

static bool is_wide(struct bytes b)
{
    return b.size >= 2 &&
           ((b.data[0] == 0xff && b.data[1] == 0xfe) || (b.data[0] == 0xfe && b.data[1] == 0xff));
}

/* Some bytes in front of the first card may be a mark or empty lines. */
static bool are_cards(struct bytes b)
{
    static const char BEGIN[] = "BEGIN:VCARD";
    size_t at = b.size >= 3 && memcmp(b.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < b.size && memchr(" \t\r\n", b.data[at], 4) != NULL)
        at++;
    return b.size - at >= strlen(BEGIN) && strncasecmp((const char *)b.data + at, BEGIN, strlen(BEGIN)) == 0;
}

/* Where each card is; they are taken apart again one by one. */
static bool find_cards(struct list_source *s, struct bytes text, struct refusal *no)
{
    struct arena *scratch = arena_new(CARD_MEMORY_MAX);
    struct card_reader reader;
    struct card card;
    size_t room = 0;
    bool good = true;
    card_read_begin(&reader, text, s->charset);
    while (good && card_next(&reader, &card, scratch)) {
        if (s->n_cards == room) {
            struct card_row *more = arena_try(s->file.arena, (room ? 2 * room : 64) * sizeof *more);
            good = more != NULL ||
                   refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the file does not fit into memory");
            if (!good)
                break;
            if (room)
                memcpy(more, s->cards, room * sizeof *more);
            s->cards = more;
            room = room ? 2 * room : 64;
        }
        s->cards[s->n_cards++] = (struct card_row){card.raw, card.at_line};
        arena_reset(scratch);
    }
    arena_free(scratch);
    return good;
}

static bool open_cards(struct list_source *s, struct bytes content, struct refusal *no)
{
    struct bytes text = content;
    s->is_cards = true;
    s->file = (struct csv_file){.arena = arena_new(CARDS_MEMORY_MAX)};
    bool good =
        !is_wide(content) || csv_text_decode(content, NULL, s->file.arena, s->file.charset, &text, no);
    if (good && text.data == content.data && text.size > 0)
        text.data = arena_copy(s->file.arena, text.data, text.size); /* cards point to it */
    good = good && find_cards(s, text, no);
    if (!good)
        arena_free(s->file.arena);
    return good;
}

/* What looks like something else is not taken for a table. */
static const char *other_kind(struct bytes b)
{
    static const struct {
        const char *begin, *what;
    } kinds[] = {{"[", "a JSON array; an object a line is read"},
                 {"<", "XML or HTML"},
                 {"PK\x03\x04", "a spreadsheet or an archive; save it as CSV"},
                 {"%PDF", "a PDF"}};
    size_t at = b.size >= 3 && memcmp(b.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < b.size && memchr(" \t\r\n", b.data[at], 4) != NULL)
        at++;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = strlen(kinds[i].begin);
        if (b.size - at >= n && memcmp(b.data + at, kinds[i].begin, n) == 0)
            return kinds[i].what;
    }
    return NULL;
}

static bool open_table(struct list_source *s, struct bytes content, const struct csv_options *o,
                       struct refusal *no)
{
    const char *other = other_kind(content);
    if (other != NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "%s is neither vCards nor CSV nor JSON lines, but %s", s->path, other);
    bool good = csv_is_json(content) ? csv_json_parse(&s->file, content, no)
                                     : csv_file_parse(&s->file, content, o, no);
    if (good)
        list_map_guess(&s->map, &s->file, s->accounts);
    return good;
}

/* Whether the text in front of a first line break could be a wide BEGIN:VCARD. */
static bool are_wide_cards(struct bytes b)
{
    enum { WORD = 11 };
    char word[WORD + 1] = "";
    size_t n = 0;
    for (size_t i = 2; i < b.size && n < WORD; i++)
        if (b.data[i] != 0)
            word[n++] = (char)b.data[i];
    return is_wide(b) && strcasecmp(word, "BEGIN:VCARD") == 0;
}

bool list_source_open(struct list_source *s, const char *path, bool accounts, const struct csv_options *o,
                      struct refusal *no)
{
    struct buffer b;
    *s = (struct list_source){.path = path, .accounts = accounts, .charset = o->charset};
    buffer_init(&b, CSV_FILE_MAX);
    if (!file_read(path, &b)) {
        buffer_release(&b);
        *no = (struct refusal){0}; /* said already */
        return false;
    }
    struct bytes content = buffer_bytes(&b);
    hash2(s->hash, content, bytes_of(NULL, 0));
    bool good = are_cards(content) || are_wide_cards(content) ? open_cards(s, content, no)
                                                              : open_table(s, content, o, no);
    buffer_release(&b);
    return good;
}

void list_source_close(struct list_source *s)
{
    csv_file_release(&s->file);
}

size_t list_source_rows(const struct list_source *s)
{
    return s->is_cards ? s->n_cards : s->file.n_rows;
}

static bool card_row(const struct list_source *s, size_t i, Baton__ImportRow *out, struct arena *a,
                     const char **reason)
{
    struct card_reader reader;
    struct card card;
    const char *company = NULL;
    card_read_begin(&reader, s->cards[i].raw, s->charset);
    if (!card_next(&reader, &card, a) || card.problem != NULL) {
        *reason = card.problem != NULL ? card.problem : "it is no vCard";
        return false;
    }
    if (s->accounts) {
        out->account = ARENA_NEW(a, Baton__Account);
        baton__account__init(out->account);
        card_to_account(&card, out->account, a);
    } else {
        out->contact = ARENA_NEW(a, Baton__Contact);
        baton__contact__init(out->contact);
        card_to_contact(&card, out->contact, &company, a);
        out->account_name = (char *)(uintptr_t)company;
    }
    *reason = *card.remarks != '\0' ? card.remarks : NULL;
    return true;
}

static bool table_row(const struct list_source *s, size_t i, Baton__ImportRow *out, struct arena *a,
                      const char **reason)
{
    const struct csv_row *row = &s->file.rows[i];
    struct refusal no;
    if (row->problem != NULL) {
        *reason = row->problem;
        return false;
    }
    if (list_map_row(&s->map, row, out, a, &no))
        return true;
    *reason = arena_printf(a, "%s: %s", no.field, no.message);
    return false;
}

bool list_source_row(const struct list_source *s, size_t i, Baton__ImportRow *out, struct arena *a,
                     const char **reason)
{
    *reason = NULL;
    baton__import_row__init(out);
    if (!(s->is_cards ? card_row(s, i, out, a, reason) : table_row(s, i, out, a, reason)))
        return false;
    if (out->contact != NULL && out->contact->owner_id == NULL)
        out->contact->owner_id = s->owner_id;
    if (out->account != NULL && out->account->owner_id == NULL)
        out->account->owner_id = s->owner_id;
    if (out->account_name == NULL || strlen(out->account_name) <= 400)
        return true;
    *reason = "company: longer than 400 bytes";
    return false;
}

/* --- what is set aside --- */

void list_aside_begin(struct list_aside *r, const struct list_source *s, const char *path)
{
    *r = (struct list_aside){.source = s, .path = path};
    if (!s->is_cards)
        csv_rejects_begin(&r->csv, path, &s->file);
    else
        (void)unlink(path); /* mostly there is none */
}

/* The reason stands behind the first line of the card. */
static void add_card(struct list_aside *r, struct bytes raw, const char *reason)
{
    if (r->cards == NULL && (r->cards = fopen(r->path, "we")) == NULL) {
        fprintf(stderr, "error: %s: %s\n", r->path, strerror(errno));
        r->failed = true;
        return;
    }
    const uint8_t *end = memchr(raw.data, '\n', raw.size);
    size_t first = end != NULL && are_cards(raw) ? (size_t)(end - raw.data) + 1 : 0;
    fwrite(raw.data, 1, first, r->cards);
    fprintf(r->cards, "X-BATON-REASON:%s\r\n", reason);
    fwrite(raw.data + first, 1, raw.size - first, r->cards);
    if (raw.size > 0 && raw.data[raw.size - 1] != '\n')
        fputs("\r\n", r->cards);
}

void list_aside_add(struct list_aside *r, size_t row, const char *reason)
{
    r->n++;
    if (r->failed)
        return;
    if (r->source->is_cards)
        add_card(r, r->source->cards[row].raw, reason);
    else
        csv_rejects_add(&r->csv, &r->source->file.rows[row], reason);
}

bool list_aside_end(struct list_aside *r)
{
    if (!r->source->is_cards)
        return csv_rejects_end(&r->csv);
    if (r->cards == NULL)
        return !r->failed;
    bool good = !ferror(r->cards);
    good = fclose(r->cards) == 0 && good;
    if (!good)
        fprintf(stderr, "error: %s could not be written whole\n", r->path);
    return good;
}
