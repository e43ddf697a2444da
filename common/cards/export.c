/* A contact or an account of ours as a card. */
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "cards/card.h"
#include "google/protobuf/timestamp.pb-c.h"

enum { OWN_LINES_MAX = 16, N_PARTS = 5 };

struct writing {
    struct card_line lines[CARD_LINES_MAX + OWN_LINES_MAX];
    struct card_param params[2 * OWN_LINES_MAX];
    size_t n, n_params;
    struct card rest;
    bool used[CARD_LINES_MAX]; /* lines of the rest that are part of ours */
    enum card_version version;
    struct arena *arena;
};

/* Another of that name wants to be the first. */
static bool is_rivalled(const struct writing *w, const char *name)
{
    for (size_t i = 0; i < w->rest.n_lines; i++)
        if (!w->used[i] && strcmp(w->rest.lines[i].name, name) == 0 && card_is_preferred(&w->rest.lines[i]))
            return true;
    return false;
}

static void add_raw(struct writing *w, const char *name, const char *type, const char *value)
{
    struct card_line *l = &w->lines[w->n++];
    *l = (struct card_line){.name = name, .value = (char *)(uintptr_t)value};
    l->params = &w->params[w->n_params];
    if (type)
        l->params[l->n_params++] = (struct card_param){"TYPE", type};
    if (is_rivalled(w, name))
        l->params[l->n_params++] =
            w->version == CARD_4 ? (struct card_param){"PREF", "1"} : (struct card_param){"TYPE", "pref"};
    w->n_params += l->n_params;
}

static void add(struct writing *w, const char *name, const char *type, const char *text)
{
    if (text && *text)
        add_raw(w, name, type, card_escape(text, w->arena));
}

/* A line of the rest that says more of what is ours to say; NULL: there is none. */
static const struct card_line *use_rest(struct writing *w, const char *name)
{
    for (size_t i = 0; i < w->rest.n_lines; i++)
        if (strcmp(w->rest.lines[i].name, name) == 0) {
            w->used[i] = true;
            return &w->rest.lines[i];
        }
    return NULL;
}

/* As `rest` has it, but with this value. */
static void add_like(struct writing *w, const char *name, const struct card_line *rest, const char *value)
{
    add_raw(w, name, NULL, value);
    if (rest) {
        w->lines[w->n - 1].group = rest->group;
        w->lines[w->n - 1].params = rest->params;
        w->lines[w->n - 1].n_params = rest->n_params;
    }
}

static const char *part(struct writing *w, const char *own, const struct card_line *rest, size_t i)
{
    if (own && *own)
        return card_escape(own, w->arena);
    char *theirs = rest ? card_component(rest->value, i, w->arena) : NULL;
    return theirs ? card_escape(theirs, w->arena) : "";
}

/* A part of the name that is too long for its field stands in the rest. */
static void add_name(struct writing *w, const Baton__Contact *c)
{
    const struct card_line *rest = use_rest(w, "N");
    add_like(w, "N", rest,
             arena_printf(w->arena, "%s;%s;%s;%s;%s", part(w, c->last_name, rest, 0),
                          part(w, c->first_name, rest, 1), part(w, NULL, rest, 2),
                          part(w, c->salutation, rest, 3), part(w, NULL, rest, 4)));
}

/* A name written out as its owner likes it holds as long as it is still theirs. */
static void add_formatted(struct writing *w, const Baton__Contact *c)
{
    const struct card_line *rest = use_rest(w, "FN");
    const char *text = rest ? card_unescape(rest->value, strlen(rest->value), w->arena) : NULL;
    const char *first = c->first_name ? c->first_name : "", *last = c->last_name ? c->last_name : "";
    if (text && strcasestr(text, first) && strcasestr(text, last))
        return add_like(w, "FN", rest, rest->value);
    text = arena_printf(w->arena, "%s%s%s", first, *first && *last ? " " : "", last);
    add_like(w, "FN", rest, card_escape(!*text && c->email ? c->email : text, w->arena));
}

/* What stood below the department does as long as department and company are what they were. */
static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The line that also says what is below this department of this company; NULL: there is none. */
static const struct card_line *org_below(struct writing *w, const char *company, const char *department)
{
    for (size_t i = 0; i < w->rest.n_lines; i++) {
        const struct card_line *l = &w->rest.lines[i];
        if (strcmp(l->name, "ORG") != 0 || !card_component(l->value, 2, w->arena) ||
            !same(card_component(l->value, 0, w->arena), company) ||
            !same(card_component(l->value, 1, w->arena), department))
            continue;
        w->used[i] = true;
        return l;
    }
    return NULL;
}

static void add_org(struct writing *w, const char *company, const char *department)
{
    const struct card_line *below = org_below(w, company, department);
    if (below)
        add_like(w, "ORG", below, below->value);
    else if (department && *department)
        add_raw(w, "ORG", NULL,
                arena_printf(w->arena, "%s;%s", company ? card_escape(company, w->arena) : "",
                             card_escape(department, w->arena)));
    else
        add(w, "ORG", NULL, company);
}

static void add_address(struct writing *w, const char *type, const Baton__Address *d)
{
    const char *const parts[] = {d ? d->street : NULL, d ? d->city : NULL, d ? d->state : NULL,
                                 d ? d->postal_code : NULL, d ? d->country : NULL};
    const char *text = ";";
    bool some = false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        some = some || (parts[i] && *parts[i]);
        text = arena_printf(w->arena, "%s;%s", text, parts[i] ? card_escape(parts[i], w->arena) : "");
    }
    if (some)
        add_raw(w, "ADR", type, text);
}

/* 4.0 has days without dashes (RFC 6350, 4.3.1). */
static void add_birthday(struct writing *w, const char *day)
{
    if (day && *day && w->version == CARD_4)
        day = arena_printf(w->arena, "%.4s%.2s%.2s", day, day + 5, day + 8);
    add(w, "BDAY", NULL, day);
}

static void add_uid(struct writing *w, const char *external_id, const char *id)
{
    if (external_id && *external_id)
        add(w, "UID", NULL, external_id);
    else if (id)
        add(w, "UID", NULL, arena_printf(w->arena, "urn:uuid:%s", id));
}

static void add_revision(struct writing *w, const Google__Protobuf__Timestamp *t)
{
    char text[RFC3339_SIZE];
    if (!t || !rfc3339_format(text, t->seconds, 0))
        return;
    if (w->version == CARD_4)
        add_raw(w, "REV", NULL,
                arena_printf(w->arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", text, text + 5, text + 8, text + 11,
                             text + 14, text + 17));
    else
        add_raw(w, "REV", NULL, arena_strdup(w->arena, text));
}

static struct writing *begin(const char *rest, enum card_version v, struct arena *a)
{
    struct writing *w = ARENA_NEW(a, struct writing);
    w->version = v;
    w->arena = a;
    card_lines_parse(rest ? rest : "", &w->rest, a);
    return w;
}

static bool finish(struct writing *w, struct buffer *out)
{
    for (size_t i = 0; i < w->rest.n_lines; i++)
        if (!w->used[i])
            w->lines[w->n++] = w->rest.lines[i];
    return card_write(w->lines, w->n, w->version, out);
}

bool card_of_contact(const Baton__Contact *c, const char *company, enum card_version v, struct arena *a,
                     struct buffer *out)
{
    struct writing *w = begin(c->vcard_rest, v, a);
    add_formatted(w, c);
    add_name(w, c);
    add_org(w, company, c->department);
    add(w, "TITLE", NULL, c->title);
    add(w, "EMAIL", NULL, c->email);
    add(w, "TEL", "voice", c->phone);
    add(w, "TEL", "cell", c->mobile_phone);
    add_address(w, NULL, c->mailing_address);
    add_birthday(w, c->birthday);
    add_uid(w, c->external_id, c->id);
    add_revision(w, c->updated_at);
    return finish(w, out);
}

bool card_of_account(const Baton__Account *c, enum card_version v, struct arena *a, struct buffer *out)
{
    struct writing *w = begin(c->vcard_rest, v, a);
    const char *name = c->name ? c->name : "";
    add_raw(w, "FN", NULL, card_escape(name, a));
    if (v == CARD_3)
        add_raw(w, "N", NULL, card_escape(name, a));
    if (v == CARD_4)
        add_raw(w, "KIND", NULL, "org");
    (void)use_rest(w, "KIND");
    add_org(w, name, NULL);
    add(w, "TEL", "voice", c->phone);
    add(w, "URL", NULL, c->website);
    add_address(w, NULL, c->billing_address);
    add_uid(w, c->external_id, c->id);
    add_revision(w, c->updated_at);
    return finish(w, out);
}
