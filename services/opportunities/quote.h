/* Quotes: how their lines are counted, who has to approve, and what may be done with them when. */
#ifndef BATON_OPPORTUNITIES_QUOTE_H
#define BATON_OPPORTUNITIES_QUOTE_H

#include "services/opportunities/catalogue.h"
#include "services/opportunities/pipeline.h"
#include "services/opportunities/quote_pdf.h"

enum {
    QUOTE_LINES_MAX = 200,
    QUOTE_PARTS_MAX = 1000,  /* of all bundles in it together */
    QUOTE_LIMITS_MAX = 200,  /* limits of discounts that are looked at */
    QUOTE_VALID_DAYS = 30,   /* where nobody says until when */
    QUOTE_APPROVERS_MAX = 8, /* as the schema has it */
};

/* What a line is priced by. */
struct quote_line_facts {
    const struct price_product *product;
    const struct price_product *const *parts;
    const Baton__TaxRate *tax; /* of the customer's region, else of their country; NULL: none */
};

struct quote_facts {
    const Baton__Quote *quote; /* NULL: there is none that the actor sees */
    uint64_t quote_seq;
    bool may_write;                        /* the actor reaches the opportunity so far */
    const Baton__Opportunity *opportunity; /* as above */
    uint64_t opportunity_seq;
    struct opportunities_people people;                              /* of an answer's opportunity */
    char today[CATALOGUE_DAY_SIZE], lasts_until[CATALOGUE_DAY_SIZE]; /* today and QUOTE_VALID_DAYS */
    uint64_t numbered;                                               /* the highest number there is */
    struct refusal no_book;                                          /* why there is no book */
    const struct price_facts *prices;
    Baton__QuoteLineWish *const *wishes;
    struct quote_line_facts lines[QUOTE_LINES_MAX];
    size_t n_lines;
    bool has_too_many_parts, has_taxes; /* taxes: anybody has written down any */
    const Baton__DiscountLimit *limits[QUOTE_LIMITS_MAX];
    size_t n_limits;
};

/* The lines of a quote as somebody might have asked for them. */
Baton__QuoteLineWish **quote_wishes(const Baton__Quote *q, struct arena *a);

/* --- counting (decide_quote_lines.c) --- */

/* Prices the lines of the facts' wishes into `q`, with its totals; `discount` is off the whole. */
bool quote_price(const struct quote_facts *f, Baton__Quote *q, int64_t discount, struct arena *a,
                 struct refusal *no);
/* Shares out q->discount, counts taxes and sums. False: it cannot be counted. */
bool quote_total(Baton__Quote *q, struct arena *a, struct refusal *no);
/* Of which line (from 1; 0: of all) the price is not what it was; false: of none. */
bool quote_is_stale(const struct quote_facts *f, const Baton__Quote *q, uint32_t *line, struct arena *a,
                    struct refusal *why);

/* --- approval (decide_quote_approval.c) --- */

/* Who has to say yes to the quote's discounts when somebody of this role gives them. False: nobody may. */
bool quote_approvers(const struct quote_facts *f, Baton__Quote *q, Baton__Role author, struct arena *a,
                     struct refusal *no);
decide_fn quote_decide_request, quote_decide_approve, quote_decide_reject;

/* --- its life (decide_quote.c, decide_quote_send.c) --- */

decide_fn quote_decide_create, quote_decide_lines, quote_decide_revise, quote_decide_send,
    quote_decide_expired;
/* decide_quote_answer.c */
decide_fn quote_decide_accept, quote_decide_decline;
/* A quote on paper, as a slow part has drawn it; size 0: it could not be. */
struct quote_drawn {
    size_t size;
    uint8_t pdf[QUOTE_PDF_MAX];
};
/* Need no facts. */
decide_fn quote_decide_pdf, quote_decide_pdf_link;
/* What the customer is shown. */
Baton__Quote *quote_for_customer(const Baton__Quote *q, struct arena *a);
/* The record functions change no quotes. */
record_check_fn quote_check;
/* Who leaves hands on the quotes that can still change. */
bool quote_stays(const ProtobufCMessage *quote);
bool quote_is_final(const Baton__Quote *q);

/* A copy of the facts' quote to be changed, if it is there and in one of these states (a bit each). NULL:
 * refused. */
Baton__Quote *quote_to_change(const struct quote_facts *f, unsigned states, const char *what, struct stamp *s,
                              struct refusal *no);
/* The same for whoever may write. */
Baton__Quote *quote_to_write(const struct quote_facts *f, unsigned states, const char *what, struct stamp *s,
                             struct refusal *no);
/* It is changed; it is also the answer, as a message of this type whose first field is the quote. */
bool quote_changed(const struct quote_facts *f, Baton__Quote *after, const ProtobufCMessageDescriptor *answer,
                   struct stamp *s, struct outcome *out);

/* --- whoever was erased (decide_quote_erase.c) --- */

enum { QUOTES_ERASED_STEP = 64 /* rows looked at in one step */ };
struct quote_erase_facts {
    char **found; /* ids of quotes to them, or hashes of links to such */
    size_t n;
    const char *after; /* the last one looked at; NULL: none */
    bool is_last;      /* there are no more */
};
decide_fn quote_decide_erased, quote_decide_erasure;

#define QUOTE_STATE(NAME) (1u << BATON__QUOTE_STATUS__QUOTE_STATUS_##NAME)

#endif
