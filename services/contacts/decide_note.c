/* Notes: whom their text mentions, and who hears of it. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/contacts/contacts.h"

#define WORD "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { MENTION_NAME_MAX = 200, MENTION_MAIL_MAX = 254 };

/* --- where a text mentions somebody --- */

static bool is_word(char c)
{
    return c && strchr(WORD, c);
}

/* "@[Display name](USER-ID)" */
static bool read_named(const char *text, struct contacts_mention *m, struct arena *a)
{
    uint8_t id[IDENT_SIZE];
    if (strncmp(text, "@[", 2) != 0)
        return false;
    const size_t name = strcspn(text + 2, "[]\n");
    const char *rest = text + 2 + name;
    if (name > MENTION_NAME_MAX || strncmp(rest, "](", 2) != 0)
        return false;
    const size_t who = strcspn(rest + 2, ")\n");
    if (who != IDENT_TEXT_SIZE - 1 || rest[2 + who] != ')')
        return false;
    m->who = arena_strndup(a, rest + 2, who);
    m->name = text_trim(a, arena_strndup(a, text + 2, name));
    m->size = (size_t)(rest + 2 + who + 1 - text);
    return ident_parse(id, m->who);
}

/* "@user@mail.example", up to what does not belong to an address any more */
static bool read_address(const char *text, struct contacts_mention *m, struct arena *a)
{
    const char *address = text + 1;
    size_t n = strspn(address, WORD "._%+-'");
    if (n == 0 || address[n] != '@')
        return false;
    n += 1 + strspn(address + n + 1, WORD ".-");
    while (n && !is_word(address[n - 1]))
        n--;
    if (n > MENTION_MAIL_MAX)
        return false;
    m->who = text_fold(a, arena_strndup(a, address, n));
    m->name = NULL;
    m->size = 1 + n;
    return m->who && text_is_email(m->who);
}

size_t contacts_mentions(const char *text, struct contacts_mention out[MENTIONS_MAX], struct arena *a)
{
    size_t n = 0;
    for (const char *at = text; n < MENTIONS_MAX && (at = strchr(at, '@'));) {
        struct contacts_mention *m = &out[n];
        /* an @ behind a word is within an address */
        const bool begins = at == text || !is_word(at[-1]);
        const bool found = begins && (read_named(at, m, a) || read_address(at, m, a));
        m->at = (size_t)(at - text);
        at += found ? m->size : 1;
        n += found;
    }
    return n;
}

/* --- who is mentioned --- */

static const char *user_of(const struct contacts_note_facts *f, const char *who)
{
    for (size_t i = 0; i < f->n_mentioned; i++)
        if (strcmp(f->mentioned[i].who, who) == 0)
            return f->mentioned[i].user_id;
    return NULL;
}

static bool is_among(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

/* 2: users who may read it, each once, in the order of the text; everybody else stays text */
static void set_mentioned(Baton__Note *note, const struct contacts_note_facts *f,
                          const struct contacts_mention *found, size_t n, struct arena *a)
{
    note->mentioned_ids = ARENA_ARRAY(a, char *, n);
    note->n_mentioned_ids = 0;
    for (size_t i = 0; i < n; i++) {
        const char *user_id = user_of(f, found[i].who);
        if (user_id && !is_among(note->mentioned_ids, note->n_mentioned_ids, user_id))
            note->mentioned_ids[note->n_mentioned_ids++] = arena_strdup(a, user_id);
    }
}

/* --- who hears of it --- */

/* The text as people read it: of a mention its name. */
static char *readable(const char *text, const struct contacts_mention *found, size_t n, struct arena *a)
{
    struct buffer out;
    size_t from = 0;
    buffer_init(&out, strlen(text) + 1); /* a name is shorter than what it stands for */
    for (size_t i = 0; i < n; i++) {
        if (!found[i].name)
            continue;
        buffer_add(&out, text + from, found[i].at - from);
        buffer_printf(&out, "@%s", found[i].name);
        from = found[i].at + found[i].size;
    }
    buffer_text(&out, text + from);
    char *whole = arena_strdup(a, buffer_cstr(&out));
    buffer_release(&out);
    return whole;
}

/* The first EXCERPT_MAX characters. */
static char *excerpt_of(char *text, struct arena *a)
{
    size_t size = 0, n = 0;
    for (; text[size]; size++) {
        const bool is_first = (text[size] & 0xc0) != 0x80; /* byte of a character */
        if (is_first && n++ == EXCERPT_MAX)
            return arena_printf(a, "%.*s…", (int)size, text);
    }
    return text;
}

/* 4: one name at most, under the key of whose it is; and none that is somebody's address, which stays with
   those who are told when the account is called otherwise */
static char *account_called(const Baton__Note *note, const struct contacts_note_facts *f, struct arena *a)
{
    const char *name = note->contact_id || note->lead_id ? NULL : f->account_name;
    return name && !strchr(name, '@') ? arena_strdup(a, name) : NULL;
}

static void tell(const Baton__Note *note, char *user_id, char *excerpt, const struct contacts_note_facts *f,
                 struct stamp *s, struct outcome *out)
{
    Baton__NoteMentioned *e = ARENA_NEW(s->arena, Baton__NoteMentioned);
    baton__note_mentioned__init(e);
    e->note_id = note->id;
    e->user_id = user_id;
    e->author_id = arena_strdup(s->arena, s->actor->user_id);
    e->author_name = arena_strdup(s->arena, f->author_name);
    e->account_id = note->account_id;
    e->account_name = account_called(note, f, s->arena);
    e->contact_id = note->contact_id;
    e->contact_name = arena_strdup(s->arena, f->contact_name);
    e->lead_id = note->lead_id;
    e->opportunity_id = note->opportunity_id;
    e->excerpt = excerpt;
    outcome_event(out, &e->base);
}

/* 3: whoever was not mentioned before hears of it, but for who writes it */
static void tell_new(const Baton__Note *was, const Baton__Note *note, char *excerpt,
                     const struct contacts_note_facts *f, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < note->n_mentioned_ids; i++) {
        char *user_id = note->mentioned_ids[i];
        const bool is_author = s->actor->user_id && strcmp(s->actor->user_id, user_id) == 0;
        if (!is_author && !(was && is_among(was->mentioned_ids, was->n_mentioned_ids, user_id)))
            tell(note, user_id, excerpt, f, s, out);
    }
}

bool contacts_check_note(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    const struct contacts_note_facts *f = extra;
    const Baton__Note *was = (const Baton__Note *)before;
    Baton__Note *note = (Baton__Note *)after;
    struct contacts_mention found[MENTIONS_MAX];
    if (!note)
        return true;
    if (!before)
        sharing_give_owner(f->about.access, note->created_at, &note->owner_id, s);
    /* 1: what it is about exists */
    if (!contacts_is_about(&f->about, after, &out->no))
        return false;
    if (was && was->text && strcmp(was->text, note->text) == 0)
        return true;
    const size_t n = contacts_mentions(note->text, found, s->arena);
    set_mentioned(note, f, found, n, s->arena);
    if (!note->id)
        note->id = stamp_id(s);
    char *excerpt = excerpt_of(readable(note->text, found, n, s->arena), s->arena);
    tell_new(was, note, excerpt, f, s, out);
    return true;
}
