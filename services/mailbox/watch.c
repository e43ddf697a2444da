/* Connect, take in what is there, wait for more; after a failure again, later and later.

   A mail is posted, then the mailbox is told, then its number is remembered. Whoever dies in between posts it
   again, and by its Message-Id it is the same lead. So what is remembered may lag, but never lead. */
#include "services/mailbox/watch.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "services/mailbox/files.h"
#include "services/mailbox/imap.h"

enum {
    BACKOFF_LEAST_MS = 500,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MOST_MS = 300000,
    SIGN_IN_BACKOFF_MS = 60000, /* servers lock out who is wrong too often */
    QUIET_ROUNDS_MAX = 3, /* without anything new; then a server cries wolf, and is asked once a second */
    QUIET_MS = 1000,
    POST_FIRST_MS = 50,
    POST_TRIES_MAX = 7, /* six seconds in all */
    TRIES_MAX = 3,      /* for a mail at which the connection breaks */
    STATE_ARENA_MAX = 1 << 20,
    REPORT_MAX = 512,
};

struct watch {
    const Baton__Mailbox *mailbox;
    const char *data_dir;
    struct post *post;
    struct arena *arena; /* of texts in the state */
    Baton__MailboxState *state;
    unsigned failures, quiet_rounds;
    uint32_t tried_uid;
    unsigned tries;
};

static int64_t wall_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void pause_ms(uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0)
        ;
}

/* --- what is known of it --- */

/* A disk that cannot be written to is a failure; what was not remembered is posted again. */
static bool remember(struct watch *w)
{
    return mailbox_state_write(w->data_dir, w->mailbox, w->state);
}

/* Texts are few and short; the arena begins anew when it has many. */
static void refresh(struct watch *w)
{
    if (arena_used(w->arena) < STATE_ARENA_MAX / 2)
        return;
    struct arena *fresh = arena_new(STATE_ARENA_MAX);
    (void)remember(w);
    w->state = mailbox_state_read(w->data_dir, w->mailbox, fresh);
    arena_free(w->arena);
    w->arena = fresh;
}

static void become(struct watch *w, const char *state)
{
    refresh(w);
    w->state->state = arena_strdup(w->arena, state);
    w->state->has_state_since_us = true;
    w->state->state_since_us = wall_us();
    (void)remember(w); /* shown only; logged */
}

__attribute__((format(printf, 2, 3))) static void report(struct watch *w, const char *format, ...)
{
    char text[REPORT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut off is good enough */
    va_end(args);
    log_warning("mailbox", "%s: %s", w->mailbox->name, text);
    refresh(w);
    w->state->last_error = arena_strdup(w->arena, text);
    w->state->has_last_error_us = true;
    w->state->last_error_us = wall_us();
}

/* --- a mail --- */

/* Asking again later may help. */
static bool is_for_later(enum refusal_code code)
{
    switch (code) {
    case REFUSAL_UNAVAILABLE:
    case REFUSAL_DEADLINE_EXCEEDED:
    case REFUSAL_RESOURCE_EXHAUSTED:
    case REFUSAL_ABORTED:
    case REFUSAL_CANCELED:
    case REFUSAL_INTERNAL:
        return true;
    default:
        return false;
    }
}

static void pass_over(struct watch *w, uint32_t uid, const char *why)
{
    report(w, "mail %u is passed over: %s", uid, why);
    w->state->has_passed_over = true;
    w->state->passed_over++;
}

static void count(struct watch *w, uint32_t uid, const struct imap_mail *mail, const struct posted *p)
{
    Baton__MailboxState *s = w->state;
    s->has_last_mail_us = s->has_taken = s->has_repeated = true;
    s->last_mail_us = wall_us();
    s->taken += !p->is_repeated;
    s->repeated += p->is_repeated;
    if (mail->size > mail->bytes.size && mail->bytes.size == IMAP_MAIL_MAX)
        report(w, "mail %u has %llu bytes; the first %d were taken in, the rest is in the mailbox", uid,
               (unsigned long long)mail->size, IMAP_MAIL_MAX);
    log_info("mailbox", "%s: mail %u %s%s", w->mailbox->name, uid,
             p->is_repeated   ? "is known already"
             : p->is_rejected ? "is kept as rejected: "
                              : "is a lead",
             p->is_rejected ? p->reason : "");
}

/* While the leads service is away for a moment, the connection to the mailbox is kept. */
static bool post_patiently(const struct watch *w, struct bytes mail, struct posted *out, struct refusal *no)
{
    for (unsigned n = 0;; n++) {
        if (post_mail(w->post, mail, w->mailbox->product_interest, out, no))
            return true;
        if (!is_for_later(no->code) || n == POST_TRIES_MAX)
            return false;
        pause_ms(POST_FIRST_MS << n);
    }
}

/* False: later, `no` says why. */
static bool take_in(struct watch *w, uint32_t uid, const struct imap_mail *mail, struct refusal *no)
{
    struct posted posted;
    if (!mail->is_there)
        return true;
    if (mail->bytes.size == 0) {
        pass_over(w, uid, "it is empty");
        return true;
    }
    if (post_patiently(w, mail->bytes, &posted, no))
        count(w, uid, mail, &posted);
    else if (is_for_later(no->code))
        return false;
    else
        pass_over(w, uid, no->message);
    return true;
}

/* That a taken mail cannot be marked or moved is reported and keeps nobody waiting. */
static bool tidy_away(struct watch *w, struct imap *i, uint32_t uid, struct refusal *no)
{
    const Baton__Mailbox *m = w->mailbox;
    bool good = true;
    if (m->after == BATON__MAILBOX_AFTER__MAILBOX_AFTER_MARK_SEEN)
        good = imap_mark_seen(i, uid, no);
    else if (m->after == BATON__MAILBOX_AFTER__MAILBOX_AFTER_MOVE)
        good = imap_move(i, uid, m->move_to, no);
    if (good || no->code == REFUSAL_UNAVAILABLE)
        return good;
    report(w, "mail %u cannot be put away: %s", uid, no->message);
    return true;
}

static bool remember_uid(struct watch *w, uint32_t uid, struct refusal *no)
{
    w->state->has_last_uid = true;
    w->state->last_uid = uid;
    w->tries = 0;
    return remember(w) || refuse(no, REFUSAL_UNAVAILABLE, NULL, "its position cannot be written");
}

/* A mail at which the connection breaks every time must not keep the others waiting. */
static bool is_poison(struct watch *w, uint32_t uid)
{
    if (w->tried_uid != uid)
        w->tries = 0;
    w->tried_uid = uid;
    return w->tries++ >= TRIES_MAX;
}

static bool handle(struct watch *w, struct imap *i, uint32_t uid, struct refusal *no)
{
    struct imap_mail mail;
    if (is_poison(w, uid)) {
        pass_over(w, uid, w->state->last_error ? w->state->last_error : "it cannot be fetched");
        return remember_uid(w, uid, no);
    }
    if (!imap_fetch(i, uid, &mail, no)) {
        if (no->code == REFUSAL_UNAVAILABLE)
            return false;
        pass_over(w, uid, no->message);
        return remember_uid(w, uid, no);
    }
    if (!take_in(w, uid, &mail, no)) {
        w->tries = 0; /* the mail is not to blame */
        return false;
    }
    return tidy_away(w, i, uid, no) && remember_uid(w, uid, no);
}

/* --- a connection --- */

static bool catch_up(struct watch *w, struct imap *i, struct refusal *no)
{
    uint32_t uids[IMAP_UIDS_MAX];
    int n;
    while ((n = imap_list(i, w->state->last_uid, uids, no)) > 0) {
        w->quiet_rounds = 0;
        for (int k = 0; k < n; k++)
            if (!handle(w, i, uids[k], no))
                return false;
    }
    return n == 0;
}

/* Numbers of another validity are of other mails: all are read again, and those known stay one. */
static bool enter(struct watch *w, struct imap *i, struct refusal *no)
{
    struct imap_folder folder;
    Baton__MailboxState *s = w->state;
    bool to_write = w->mailbox->after > BATON__MAILBOX_AFTER__MAILBOX_AFTER_LEAVE;
    if (!imap_select(i, mailbox_folder(w->mailbox), to_write, &folder, no))
        return false;
    if (s->has_uid_validity && s->uid_validity != folder.uid_validity)
        report(
            w,
            "the server has numbered its mails anew; all are read again, and those that are known stay one");
    if (!s->has_uid_validity || s->uid_validity != folder.uid_validity)
        s->last_uid = 0;
    s->has_uid_validity = true;
    s->uid_validity = folder.uid_validity;
    return true;
}

static bool attend(struct watch *w, struct imap *i, struct refusal *no)
{
    if (!enter(w, i, no))
        return false;
    become(w, "connected");
    log_info("mailbox", "%s: connected to %s, %s", w->mailbox->name, w->mailbox->host,
             imap_can_idle(i) ? "told of new mails at once" : "asks for new mails twice a minute");
    while (catch_up(w, i, no)) {
        w->failures = 0;
        if (w->quiet_rounds++ >= QUIET_ROUNDS_MAX)
            pause_ms(QUIET_MS);
        if (!imap_wait(i, no))
            return false;
    }
    return false;
}

/* Full jitter: many that lost the same server do not come back at once. */
static uint32_t backoff_ms(const struct watch *w, const struct refusal *no)
{
    uint32_t first = no->code == REFUSAL_UNAUTHENTICATED ? SIGN_IN_BACKOFF_MS : BACKOFF_FIRST_MS;
    uint32_t most = first;
    for (unsigned i = 1; i < w->failures && most < BACKOFF_MOST_MS; i++)
        most *= 2;
    return BACKOFF_LEAST_MS + randombytes_uniform(most < BACKOFF_MOST_MS ? most : BACKOFF_MOST_MS);
}

static void *watch_run(void *arg)
{
    struct watch *w = arg;
    for (;;) {
        struct refusal no = {0};
        become(w, "connecting");
        struct imap *i = imap_open(w->mailbox, &no);
        if (i)
            (void)attend(w, i, &no); /* it ends with a reason only */
        imap_close(i);
        w->failures++;
        report(w, "%s", no.message);
        become(w, "not connected");
        pause_ms(backoff_ms(w, &no));
    }
    return NULL;
}

bool watch_start(const Baton__Mailbox *m, const char *data_dir, struct post *post)
{
    pthread_t thread;
    struct watch *w = calloc(1, sizeof *w);
    assert(w);
    w->mailbox = m;
    w->data_dir = data_dir;
    w->post = post;
    w->arena = arena_new(STATE_ARENA_MAX);
    w->state = mailbox_state_read(data_dir, m, w->arena);
    if (pthread_create(&thread, NULL, watch_run, w) == 0 && pthread_detach(thread) == 0)
        return true;
    log_failure("mailbox", "%s: there is no thread for it", m->name);
    return false;
}
