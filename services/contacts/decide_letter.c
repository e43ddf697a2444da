/* Decisions about letters; the numbers of the rules are those of tests/unit/test_contacts_letter.c. */
#include "services/contacts/letter.h"

#include <string.h>

#include "base/country.h"
#include "base/locale.h"
#include "base/text.h"

/* --- templates --- */

static bool bad(struct refusal *no, const char *field, const char *why)
{
    return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "%s", why);
}

/* 2: plain text; `field` may be several lines */
static bool check_plain(char **text, const char *field, bool is_line, struct arena *a, struct refusal *no)
{
    *text = arena_strdup(a, *text);
    return !*text || fill_plain(*text, is_line) ||
           bad(no, field, is_line ? "must be one line of plain text" : "has a sign that cannot be read");
}

static bool check_labels(const Baton__LetterTemplate *t, struct refusal *no)
{
    if (t->sheet == BATON__LABEL_SHEET__LABEL_SHEET_UNSPECIFIED)
        return bad(no, "sheet", "say on which sheets");
    return (!t->subject && !t->body) || bad(no, t->body ? "body" : "subject", "labels have addresses alone");
}

static bool check_letter(Baton__LetterTemplate *t, struct arena *a, struct refusal *no)
{
    if (t->has_sheet && t->sheet)
        return bad(no, "sheet", "letters are on paper of their own");
    /* 3: of fields there are, each with what stands there where it is missing */
    if (t->subject && !fill_compile(t->subject, "subject", &letter_fields, a, no))
        return false;
    const struct fill_text *body = t->body ? fill_compile(t->body, "body", &letter_fields, a, no) : NULL;
    if (t->body && !body)
        return false;
    static const struct letter_source nothing = {.today = ""};
    return (body && text_trim(a, fill_write(body, &nothing, a))) ||
           bad(no, "body", "a letter says something, whatever is known of whoever gets it");
}

bool contacts_check_letter_template(const void *extra, const ProtobufCMessage *before,
                                    ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    Baton__LetterTemplate *t = (Baton__LetterTemplate *)after;
    struct refusal *no = &out->no;
    if (!t)
        return true;
    t->name = text_tidy(s->arena, t->name);
    if (!check_plain(&t->subject, "subject", true, s->arena, no) ||
        !check_plain(&t->body, "body", false, s->arena, no) ||
        !check_plain(&t->sender, "sender", false, s->arena, no))
        return false;
    if (t->language && !locale_is_tag(t->language))
        return bad(no, "language", "must be a language like en, de-AT or zh-Hant");
    if (!country_of(t->sender_country, s->arena))
        return bad(no, "sender_country", "there is no such country");
    /* 1: a letter, or labels */
    return t->kind == BATON__LETTER_KIND__LETTER_KIND_LABELS   ? check_labels(t, no)
           : t->kind == BATON__LETTER_KIND__LETTER_KIND_LETTER ? check_letter(t, s->arena, no)
                                                               : bad(no, "kind", "a letter, or labels");
}

bool contacts_check_letter_run(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                               struct stamp *s, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "who was written to is said by LetterService alone, and stays said");
}

/* --- who gets one --- */

#define OBSTACLE(NAME) BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_##NAME

Baton__LetterObstacle letter_obstacle(const Baton__LetterTemplate *t, const struct letter_person *p,
                                      struct arena *a)
{
    const char *lines[LETTER_LINES_MAX];
    /* 4: who is seen by whoever asks, and is there */
    if (!p->contact)
        return OBSTACLE(NOT_FOUND);
    if (p->contact->erased_at)
        return OBSTACLE(ERASED);
    /* 5: who has not opted out, unless it must be said to them all the same */
    if (p->opted_out && !t->despite_opt_out)
        return OBSTACLE(OPTED_OUT);
    /* 6: whose address can be written on an envelope */
    const size_t n = letter_address(p, t->sender_country, t->language, a, lines);
    return !n ? OBSTACLE(NO_ADDRESS) : n > LETTER_LINES_MAX ? OBSTACLE(LONG_ADDRESS) : OBSTACLE(UNSPECIFIED);
}

/* --- making them --- */

static bool is_among(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void leave_out(Baton__MakeLettersResponse *reply, const char *id, Baton__LetterObstacle why,
                      struct arena *a)
{
    Baton__LetterLeftOut *o = ARENA_NEW(a, Baton__LetterLeftOut);
    baton__letter_left_out__init(o);
    o->contact_id = arena_strdup(a, id);
    o->has_why = true;
    o->why = why;
    reply->left_out[reply->n_left_out++] = o;
}

/* 7: each once, as whom they are now; all others are told of */
static void address_all(const struct letter_facts *f, Baton__LetterRun *run,
                        Baton__MakeLettersResponse *reply, struct arena *a)
{
    run->contact_ids = ARENA_ARRAY(a, char *, f->n);
    reply->left_out = ARENA_ARRAY(a, Baton__LetterLeftOut *, f->n);
    for (size_t i = 0; i < f->n; i++) {
        const struct letter_person *p = &f->people[i];
        Baton__LetterObstacle why = letter_obstacle(f->template, p, a);
        if (!why && is_among(run->contact_ids, run->n_contact_ids, p->contact->id))
            why = OBSTACLE(TWICE);
        if (why)
            leave_out(reply, p->asked_id, why, a);
        else
            run->contact_ids[run->n_contact_ids++] = p->contact->id;
    }
}

static bool check_request(const struct letter_facts *f, const Baton__MakeLettersRequest *q,
                          struct refusal *no)
{
    if (!f->template)
        return refuse(no, REFUSAL_NOT_FOUND, "template_id", "there is no such template");
    if (!q->n_contact_ids == !q->account_id)
        return bad(no, "contact_ids", "say to which contacts, or to those of which account");
    if (f->bad_account)
        return refuse(no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    return !f->bad_token || bad(no, "page_token", "this is no page token of this account");
}

bool contacts_decide_letters(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct letter_facts *f = facts;
    const Baton__MakeLettersRequest *q = (const Baton__MakeLettersRequest *)c->request;
    Baton__MakeLettersResponse *reply = ARENA_NEW(s->arena, Baton__MakeLettersResponse);
    Baton__LetterRun *run = ARENA_NEW(s->arena, Baton__LetterRun);
    if (!check_request(f, q, &out->no))
        return false;
    baton__make_letters_response__init(reply);
    baton__letter_run__init(run);
    address_all(f, run, reply, s->arena);
    reply->next_page_token = f->next_page_token;
    out->reply = &reply->base;
    if (!run->n_contact_ids)
        return true;
    /* 8: what is kept is who and by what, in ids: so it says nothing of whoever is erased */
    run->made_by_id = arena_strdup(s->arena, s->actor->user_id);
    run->template_ = (Baton__LetterTemplate *)(uintptr_t)f->template;
    run->opportunity_id = q->opportunity_id;
    run->campaign = text_tidy(s->arena, q->campaign);
    /* 9: it stands in the timeline of each */
    run->has_in_timelines = run->in_timelines = true;
    reply->run = (Baton__LetterRun *)record_created(&run->base, s, out);
    return true;
}
