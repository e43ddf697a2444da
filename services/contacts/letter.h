/* Letters and labels for direct mail: what a template may say, who gets one, and the paper. */
#ifndef BATON_CONTACTS_LETTER_H
#define BATON_CONTACTS_LETTER_H

#include "base/bytes.h"
#include "base/fill.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/letters.pb-c.h"
#include "schema/decide.h"

enum {
    LETTERS_MAX = 200, /* of a run, as the schema has it */
    LETTER_LINES_MAX = 7,
    LETTER_PAGES_MAX = 50,
    LETTER_PDF_MAX = 896 << 10, /* as the schema has it */
};

/* Somebody to be written to, as far as whoever asks may see them. */
struct letter_person {
    const char *asked_id;          /* as they were named */
    const Baton__Contact *contact; /* what that has become; NULL: not seen */
    const Baton__Account *account;
    const Baton__User *owner;
    bool opted_out;
};

/* What fields are filled from; any may be NULL. */
struct letter_source {
    const struct letter_person *person;
    const Baton__LetterOpportunity *opportunity;
    const char *today;
};
/* decide_letter_fields.c: filled from a letter_source. */
extern const struct fill_fields letter_fields;
/* One line for people to read: nothing that cannot be seen, nothing that turns the direction of what follows.
   NULL: nothing is left. */
const char *letter_value(const char *text, struct arena *a);

/* decide_letter_address.c: their address as lines for an envelope posted in `sender_country`, in the order of
   their country, in its own script where it is written so; country names in `language`. How many; more than
   LETTER_LINES_MAX: too many; 0: there is none. */
size_t letter_address(const struct letter_person *p, const char *sender_country, const char *language,
                      struct arena *a, const char *lines[LETTER_LINES_MAX]);

/* decide_letter.c */
record_check_fn contacts_check_letter_template, contacts_check_letter_run;
/* Why nobody writes to them by that template; UNSPECIFIED: nothing speaks against it. */
Baton__LetterObstacle letter_obstacle(const Baton__LetterTemplate *t, const struct letter_person *p,
                                      struct arena *a);
struct letter_facts {
    const Baton__LetterTemplate *template; /* NULL: there is none */
    bool bad_account, bad_token;
    struct letter_person *people; /* at most LETTERS_MAX */
    size_t n;
    char *next_page_token;
};
decide_fn contacts_decide_letters;

/* --- paper (slow_paper.c, in a library that is loaded with the first) --- */

struct letter {
    const char *lines[LETTER_LINES_MAX];
    size_t n_lines;
    const char *subject, *body; /* may be NULL */
};
struct letter_job {
    const struct letter *letters;
    size_t n;
    Baton__LabelSheet sheet; /* UNSPECIFIED: they are letters */
    const char *sender;      /* lines; may be NULL */
    const char *country;     /* ISO 3166-1, from where; NULL: anywhere */
    const char *date;
    double margin; /* points */
};
struct letters_drawn {
    size_t n; /* of the letters, from the first on: the others did not fit any more */
    unsigned pages;
    bool is_too_large; /* not even the first fits */
};
/* As PDF, into the empty `out`. False: not even the first fits, or nothing can be drawn here. In any thread.
 */
bool letters_draw(const struct letter_job *job, struct letters_drawn *drawn, struct buffer *out);
/* Whether it has at most LETTER_PAGES_MAX pages. */
bool letter_fits(const struct letter_job *job, const struct letter *l);

#endif
