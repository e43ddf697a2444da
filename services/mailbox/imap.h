/* One connection to an IMAP server. Calls block, each for a bounded time, and take bounded memory, whatever
   the server sends. libcurl connects, speaks TLS and signs in; what follows is said here (RFC 3501, 2177,
   6851). */
#ifndef BATON_MAILBOX_IMAP_H
#define BATON_MAILBOX_IMAP_H

#include "base/bytes.h"
#include "base/refusal.h"
#include "baton/v1/mailbox.pb-c.h"

struct imap;

enum {
    IMAP_UIDS_MAX = 256,
    IMAP_MAIL_MAX = 786432, /* as much of a mail as Baton keeps */
    IMAP_IDLE_S = 25 * 60,  /* servers may hang up after half an hour */
    IMAP_NOOP_S = 30,       /* where a server cannot IDLE */
};

/* Signed in. NULL: `no` says why in words for the operator: unauthenticated (the server does not take the
   name or the password) or unavailable. */
struct imap *imap_open(const Baton__Mailbox *m, struct refusal *no);
/* Says goodbye if it can; NULL is fine. */
void imap_close(struct imap *i);

struct imap_folder {
    uint32_t uid_validity, n_mails;
};

/* The server's answers to what follows: unavailable, the connection is of no use any more; not_found,
   failed_precondition: the server says no, in `no`. */
bool imap_select(struct imap *i, const char *folder, bool to_write, struct imap_folder *out,
                 struct refusal *no);
/* Those above `after`: the lowest IMAP_UIDS_MAX, ascending. -1: `no`. */
int imap_list(struct imap *i, uint32_t after, uint32_t uids[IMAP_UIDS_MAX], struct refusal *no);

struct imap_mail {
    struct bytes bytes; /* at most IMAP_MAIL_MAX; until the next call */
    uint64_t size;      /* of all of it, as the server says */
    bool is_there;      /* false: it was deleted in between */
};
bool imap_fetch(struct imap *i, uint32_t uid, struct imap_mail *out, struct refusal *no);
bool imap_mark_seen(struct imap *i, uint32_t uid, struct refusal *no);
bool imap_move(struct imap *i, uint32_t uid, const char *folder, struct refusal *no);

/* Until there may be something new, at most IMAP_IDLE_S or IMAP_NOOP_S. */
bool imap_wait(struct imap *i, struct refusal *no);
bool imap_can_idle(const struct imap *i);

#endif
