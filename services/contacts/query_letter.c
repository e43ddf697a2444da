/* Letters on paper, from the contacts as they are now. */
#include <string.h>

#include "base/civil.h"
#include "base/country.h"
#include "base/locale.h"
#include "services/contacts/rows.h"

enum { TEXTS_MAX = 2 << 20, MARGIN_MM = 25 };
static const double POINTS_OF_MM = 72 / 25.4;

/* A piece of a run, while it is put together. */
struct piece {
    struct load *l;
    const struct command *c;
    const Baton__LetterRun *run;
    const Baton__LetterOpportunity *opportunity;
    const struct fill_text *subject, *body;
    struct letter_job job;
    struct letter letters[LETTERS_MAX];
    size_t at[LETTERS_MAX]; /* of the run's contacts, whose each is */
    Baton__DrawLettersResponse *out;
};

/* By the clocks of whoever asks. */
static const char *today(struct load *l, const Baton__Actor *actor, const char *language)
{
    struct civil_zone *zone = civil_zone_new(contacts_zone_of(l, actor->user_id));
    const struct civil c = zone ? civil_from_us(zone, l->now_us) : civil_of_seconds(l->now_us / 1000000);
    civil_zone_free(zone);
    return locale_day(language ? language : "en", c.year, c.month, c.day, l->arena);
}

static void leave_out(struct piece *p, const char *contact_id, Baton__LetterObstacle why)
{
    Baton__LetterLeftOut *o = ARENA_NEW(p->l->arena, Baton__LetterLeftOut);
    baton__letter_left_out__init(o);
    o->contact_id = (char *)(uintptr_t)contact_id;
    o->has_why = true;
    o->why = why;
    p->out->left_out[p->out->n_left_out++] = o;
}

/* They have been merged since, into somebody who is written to, too. */
static bool is_now_another(struct load *l, const Baton__LetterRun *run, size_t at,
                           const struct letter_person *person)
{
    if (strcmp(person->contact->id, person->asked_id) == 0)
        return false;
    for (size_t i = 0; i < run->n_contact_ids; i++)
        if (strcmp(i < at ? contacts_now(l, run->contact_ids[i]) : run->contact_ids[i],
                   person->contact->id) == 0)
            return true;
    return false;
}

/* UNSPECIFIED: it is among the letters; how many bytes were laid out is added. */
static Baton__LetterObstacle add(struct piece *p, size_t at, size_t *bytes)
{
    const Baton__LetterTemplate *t = p->run->template_;
    struct arena *a = p->l->arena;
    const struct letter_person person =
        contacts_letter_person(p->l, p->run->contact_ids[at], t->purpose, p->c->actor);
    const struct letter_source from = {&person, p->opportunity, p->job.date};
    struct letter *letter = &p->letters[p->job.n];
    const Baton__LetterObstacle why = letter_obstacle(t, &person, a);
    if (why || is_now_another(p->l, p->run, at, &person))
        return why ? why : BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_TWICE;
    *letter = (struct letter){.subject = p->subject ? fill_write(p->subject, &from, a) : NULL,
                              .body = p->body ? fill_write(p->body, &from, a) : NULL};
    letter->n_lines = letter_address(&person, t->sender_country, t->language, a, letter->lines);
    *bytes += letter->body ? strlen(letter->body) : 0;
    if (!letter_fits(&p->job, letter))
        return BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_LONG_LETTER;
    p->at[p->job.n++] = at;
    return BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_UNSPECIFIED;
}

/* As many as one answer may have; where to go on. */
static size_t gather(struct piece *p, size_t from)
{
    size_t bytes = 0, at = from;
    p->out->left_out = ARENA_ARRAY(p->l->arena, Baton__LetterLeftOut *, LETTERS_MAX);
    for (; at < p->run->n_contact_ids && bytes < TEXTS_MAX; at++) {
        const Baton__LetterObstacle why = add(p, at, &bytes);
        if (why)
            leave_out(p, p->run->contact_ids[at], why);
    }
    return at;
}

static bool compile(struct piece *p, struct refusal *no)
{
    const Baton__LetterTemplate *t = p->run->template_;
    struct arena *a = p->l->arena;
    p->subject = t->subject ? fill_compile(t->subject, "subject", &letter_fields, a, no) : NULL;
    p->body = t->body ? fill_compile(t->body, "body", &letter_fields, a, no) : NULL;
    p->job = (struct letter_job){.letters = p->letters,
                                 .sheet = t->sheet,
                                 .sender = t->sender,
                                 .country = country_of(t->sender_country, a),
                                 .date = today(p->l, p->c->actor, t->language),
                                 .margin = (t->margin_mm ? t->margin_mm : MARGIN_MM) * POINTS_OF_MM};
    return (!t->subject || p->subject) && (!t->body || p->body);
}

/* Whoever comes from there on is for the next piece, also who was left out. */
static size_t cut(struct piece *p, size_t end)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->out->n_left_out; i++)
        for (size_t k = 0; k < end; k++)
            if (p->run->contact_ids[k] == p->out->left_out[i]->contact_id) {
                p->out->left_out[kept++] = p->out->left_out[i];
                break;
            }
    p->out->n_left_out = kept;
    return end;
}

static void take(struct piece *p, const struct letters_drawn *drawn, const struct buffer *pdf)
{
    p->out->has_pdf = true;
    p->out->pdf.data = arena_copy(p->l->arena, pdf->data, pdf->size);
    p->out->pdf.len = pdf->size;
    p->out->letters = (uint32_t)drawn->n;
    p->out->pages = drawn->pages;
}

static bool draw(struct piece *p, size_t *end, struct refusal *no)
{
    struct buffer pdf;
    struct letters_drawn drawn = {0};
    buffer_init(&pdf, LETTER_PDF_MAX);
    const bool is_drawn = letters_draw(&p->job, &drawn, &pdf);
    if (is_drawn)
        take(p, &drawn, &pdf);
    buffer_release(&pdf);
    if (is_drawn && drawn.n < p->job.n)
        *end = cut(p, p->at[drawn.n]);
    if (is_drawn || !drawn.is_too_large)
        return is_drawn || refuse(no, REFUSAL_UNAVAILABLE, NULL, "this installation cannot draw letters");
    /* one that is too large alone holds up no others */
    *end = cut(p, p->at[0]) + 1;
    leave_out(p, p->run->contact_ids[p->at[0]], BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_LARGE_LETTER);
    return true;
}

/* Names, addresses and more are shown: who looked is kept here, for aside there is nobody to keep it. */
bool contacts_letters_aside(struct load *l, const struct command *c)
{
    const Baton__DrawLettersRequest *q = (const Baton__DrawLettersRequest *)c->request;
    const Baton__LetterRun *run = table_get_id(l->txn, CONTACTS_LETTER_RUN, q->run_id, l->arena);
    if (run && q->from < run->n_contact_ids &&
        contacts_row_letter_reach(l, &run->base, c->actor) >= RECORD_READ)
        records_looked(l, CONTACTS_CONTACT, c->actor, RECORD_LOOK_LIST, NULL, run->n_contact_ids - q->from);
    return true;
}

bool contacts_query_letters(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__DrawLettersRequest *q = (const Baton__DrawLettersRequest *)c->request;
    const Baton__LetterRun *run = table_get_id(l->txn, CONTACTS_LETTER_RUN, q->run_id, l->arena);
    struct piece *p = ARENA_NEW(l->arena, struct piece);
    if (!run || contacts_row_letter_reach(l, &run->base, c->actor) < RECORD_READ)
        return refuse(no, REFUSAL_NOT_FOUND, "run_id", "there are no such letters");
    if (q->from >= run->n_contact_ids)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "from", "there are %zu of them", run->n_contact_ids);
    *p = (struct piece){.l = l, .c = c, .run = run, .opportunity = q->opportunity};
    p->out = ARENA_NEW(l->arena, Baton__DrawLettersResponse);
    baton__draw_letters_response__init(p->out);
    if (!compile(p, no))
        return false;
    size_t end = gather(p, q->from);
    p->out->has_letters = p->out->has_pages = true;
    if (p->job.n && !draw(p, &end, no))
        return false;
    p->out->has_next = end < run->n_contact_ids;
    p->out->next = p->out->has_next ? (uint32_t)end : 0;
    *reply = &p->out->base;
    return true;
}
