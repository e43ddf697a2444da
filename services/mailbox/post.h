/* Mails to LeadService/SubmitMail, from threads that wait for the answer; the bus is one loop's. */
#ifndef BATON_MAILBOX_POST_H
#define BATON_MAILBOX_POST_H

#include "base/bytes.h"
#include "base/refusal.h"

struct world;
struct ev_loop;
struct post;

struct post *post_new(struct world *w, struct ev_loop *loop);

struct posted {
    bool is_repeated; /* its Message-Id came before */
    bool is_rejected; /* kept, but nobody gets it; `reason` says why */
    char reason[200];
};
/* From any thread but the loop's. Waits for the answer, at most as long as a call on the bus. */
bool post_mail(struct post *p, struct bytes mail, const char *product_interest, struct posted *out,
               struct refusal *no);

#endif
