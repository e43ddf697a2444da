/* Commands and their answers, of which only what is needed is read; anything else is passed over. */
#include "services/mailbox/imap.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "services/mailbox/imap_line.h"

/* Of each untagged line ("* ..."), behind the star. */
typedef void untagged_fn(struct imap *i, const char *text, void *arg);

static bool send_command(struct imap *i, const char *command, struct refusal *no)
{
    char text[IMAP_COMMAND_MAX];
    int n = snprintf(text, sizeof text, "B%u %s\r\n", ++i->tag, command);
    if (n < 0 || n >= IMAP_COMMAND_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "a folder's name is too long");
    return imap_send(i, text, no);
}

/* "12 EXISTS": there is something new, whichever command it comes with. */
static void note(struct imap *i, const char *text)
{
    char *end;
    (void)strtoul(text, &end, 10);
    if (end != text && strcasecmp(end, " EXISTS") == 0)
        i->has_news = true;
}

/* "B7 OK ...". Anything but OK is a no, in the server's words. */
static bool is_end(const struct imap *i, const char **text)
{
    char tag[16];
    int n = snprintf(tag, sizeof tag, "B%u ", i->tag);
    if (strncmp(i->line, tag, (size_t)n) != 0)
        return false;
    *text = i->line + n;
    return true;
}

static bool end_of(const char *text, struct refusal *no)
{
    if (strncasecmp(text, "OK", 2) == 0)
        return true;
    return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "the server says: %.150s", text);
}

static bool read_answer(struct imap *i, untagged_fn *untagged, void *arg, struct refusal *no)
{
    const char *end;
    for (;;) {
        if (!imap_line(i, no))
            return false;
        if (strncasecmp(i->line, "* BYE", 5) == 0)
            return refuse(no, REFUSAL_UNAVAILABLE, NULL, "the server hung up: %.150s", i->line + 5);
        if (is_end(i, &end))
            return end_of(end, no);
        if (strncmp(i->line, "* ", 2) != 0)
            continue;
        note(i, i->line + 2);
        if (untagged)
            untagged(i, i->line + 2, arg);
    }
}

static bool run(struct imap *i, const char *command, untagged_fn *untagged, void *arg, struct refusal *no)
{
    imap_allow(i, IMAP_COMMAND_S);
    return send_command(i, command, no) && read_answer(i, untagged, arg, no);
}

/* --- what the server can --- */

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = text; (at = strcasestr(at, word)) != NULL; at += n)
        if (at > text && at[-1] == ' ' && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

static void on_capability(struct imap *i, const char *text, void *arg)
{
    if (strncasecmp(text, "CAPABILITY ", strlen("CAPABILITY ")) != 0)
        return;
    i->can_idle = has_word(text, "IDLE");
    i->can_move = has_word(text, "MOVE");
    i->can_expunge = has_word(text, "UIDPLUS");
}

bool imap_capabilities(struct imap *i, struct refusal *no)
{
    return run(i, "CAPABILITY", on_capability, NULL, no);
}

bool imap_can_idle(const struct imap *i)
{
    return i->can_idle;
}

/* --- folders --- */

/* `"a\"b"`. False: it has what a quoted name may not. */
static bool quote(char *out, size_t size, const char *name, struct refusal *no)
{
    size_t n = 0;
    out[n++] = '"';
    for (; *name; name++) {
        if ((unsigned char)*name < ' ' || (unsigned char)*name > '~')
            return refuse(
                no, REFUSAL_INVALID_ARGUMENT, "folder",
                "a folder's name is written as the server has it, in plain letters (RFC 3501, 5.1.3)");
        if (n + 4 > size)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "folder", "the folder's name is too long");
        if (*name == '"' || *name == '\\')
            out[n++] = '\\';
        out[n++] = *name;
    }
    memcpy(out + n, "\"", 2);
    return true;
}

static uint32_t number(const char *text)
{
    unsigned long n = strtoul(text, NULL, 10);
    return n > UINT32_MAX ? 0 : (uint32_t)n;
}

static void on_select(struct imap *i, const char *text, void *arg)
{
    static const char VALIDITY[] = "[UIDVALIDITY ";
    struct imap_folder *f = arg;
    const char *at = strcasestr(text, VALIDITY);
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (at)
        f->uid_validity = number(at + strlen(VALIDITY));
    else if (end != text && strcasecmp(end, " EXISTS") == 0)
        f->n_mails = (uint32_t)n;
}

bool imap_select(struct imap *i, const char *folder, bool to_write, struct imap_folder *out,
                 struct refusal *no)
{
    char quoted[IMAP_COMMAND_MAX / 2], command[IMAP_COMMAND_MAX];
    *out = (struct imap_folder){0};
    if (!quote(quoted, sizeof quoted, folder, no))
        return false;
    (void)snprintf(command, sizeof command, "%s %s", to_write ? "SELECT" : "EXAMINE", quoted);
    if (!run(i, command, on_select, out, no))
        return false;
    if (out->uid_validity)
        return true;
    return refuse(no, REFUSAL_UNAVAILABLE, NULL,
                  "the server does not number its mails for good (UIDVALIDITY)");
}

/* --- mails --- */

/* The number behind `name` in "12 FETCH (UID 5 RFC822.SIZE 100)"; 0: it is not there. */
static uint64_t item(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = text; (at = strcasestr(at, name)) != NULL; at += n)
        if (at > text && (at[-1] == ' ' || at[-1] == '(') && at[n] == ' ')
            return strtoull(at + n + 1, NULL, 10);
    return 0;
}

static bool is_fetch(const char *text)
{
    char *end;
    (void)strtoul(text, &end, 10);
    return end != text && strncasecmp(end, " FETCH (", strlen(" FETCH (")) == 0;
}

struct listing {
    uint32_t after, *uids;
    int n;
};

/* The lowest are kept, in order; servers send them in order, but need not. */
static void on_uid(struct imap *i, const char *text, void *arg)
{
    struct listing *l = arg;
    uint64_t uid = is_fetch(text) ? item(text, "UID") : 0;
    int at = l->n;
    if (uid <= l->after || uid > UINT32_MAX)
        return;
    while (at > 0 && l->uids[at - 1] > uid)
        at--;
    if (at == IMAP_UIDS_MAX || (at > 0 && l->uids[at - 1] == uid))
        return;
    int moved = l->n - at - (l->n == IMAP_UIDS_MAX);
    memmove(l->uids + at + 1, l->uids + at, (size_t)moved * sizeof *l->uids);
    l->uids[at] = (uint32_t)uid;
    l->n += l->n < IMAP_UIDS_MAX;
}

int imap_list(struct imap *i, uint32_t after, uint32_t uids[IMAP_UIDS_MAX], struct refusal *no)
{
    char command[IMAP_COMMAND_MAX];
    struct listing l = {.after = after, .uids = uids};
    if (after == UINT32_MAX)
        return 0;
    i->has_news = false;
    (void)snprintf(command, sizeof command, "UID FETCH %u:* (UID)", after + 1);
    return run(i, command, on_uid, &l, no) ? l.n : -1;
}

static void on_size(struct imap *i, const char *text, void *arg)
{
    struct imap_mail *mail = arg;
    uint64_t size = is_fetch(text) ? item(text, "RFC822.SIZE") : 0;
    if (size)
        mail->size = size;
}

static void on_mail(struct imap *i, const char *text, void *arg)
{
    struct imap_mail *mail = arg;
    if (is_fetch(text) && i->has_literal && strcasestr(text, "BODY[]")) {
        mail->bytes = buffer_bytes(&i->literal);
        mail->is_there = true;
    }
}

bool imap_fetch(struct imap *i, uint32_t uid, struct imap_mail *out, struct refusal *no)
{
    char command[IMAP_COMMAND_MAX];
    *out = (struct imap_mail){0};
    (void)snprintf(command, sizeof command, "UID FETCH %u (RFC822.SIZE)", uid);
    if (!run(i, command, on_size, out, no))
        return false;
    (void)snprintf(command, sizeof command, "UID FETCH %u (BODY.PEEK[]<0.%d>)", uid, IMAP_MAIL_MAX);
    return run(i, command, on_mail, out, no);
}

bool imap_mark_seen(struct imap *i, uint32_t uid, struct refusal *no)
{
    char command[IMAP_COMMAND_MAX];
    (void)snprintf(command, sizeof command, "UID STORE %u +FLAGS.SILENT (\\Seen)", uid);
    return run(i, command, NULL, NULL, no);
}

/* Without UIDPLUS the copied mail stays behind, marked as deleted: EXPUNGE would take others' along. */
static bool copy_away(struct imap *i, uint32_t uid, const char *quoted, struct refusal *no)
{
    char command[IMAP_COMMAND_MAX];
    (void)snprintf(command, sizeof command, "UID COPY %u %s", uid, quoted);
    if (!run(i, command, NULL, NULL, no))
        return false;
    (void)snprintf(command, sizeof command, "UID STORE %u +FLAGS.SILENT (\\Deleted)", uid);
    if (!run(i, command, NULL, NULL, no) || !i->can_expunge)
        return !no->code;
    (void)snprintf(command, sizeof command, "UID EXPUNGE %u", uid);
    return run(i, command, NULL, NULL, no);
}

bool imap_move(struct imap *i, uint32_t uid, const char *folder, struct refusal *no)
{
    char quoted[IMAP_COMMAND_MAX / 2], command[IMAP_COMMAND_MAX];
    *no = (struct refusal){0};
    if (!quote(quoted, sizeof quoted, folder, no))
        return false;
    if (!i->can_move)
        return copy_away(i, uid, quoted, no);
    (void)snprintf(command, sizeof command, "UID MOVE %u %s", uid, quoted);
    return run(i, command, NULL, NULL, no);
}

/* --- waiting --- */

/* Until something is said that may be news, or the time is over. */
static bool hear(struct imap *i, struct refusal *no)
{
    while (!i->has_news) {
        if (!imap_poll(i, no))
            return !no->code;
        if (!imap_line(i, no))
            return false;
        if (strncasecmp(i->line, "* BYE", 5) == 0)
            return refuse(no, REFUSAL_UNAVAILABLE, NULL, "the server hung up: %.150s", i->line + 5);
        if (strncmp(i->line, "* ", 2) == 0)
            note(i, i->line + 2);
    }
    return true;
}

/* The server says "+" when it has begun; a no instead means that it cannot after all. */
static bool idle(struct imap *i, struct refusal *no)
{
    const char *end;
    imap_allow(i, IMAP_COMMAND_S);
    if (!send_command(i, "IDLE", no))
        return false;
    do {
        if (!imap_line(i, no))
            return false;
        if (is_end(i, &end)) {
            i->can_idle = false;
            return true;
        }
        if (strncmp(i->line, "* ", 2) == 0)
            note(i, i->line + 2);
    } while (*i->line != '+');
    imap_allow(i, IMAP_IDLE_S);
    if (!hear(i, no))
        return false;
    imap_allow(i, IMAP_COMMAND_S);
    return imap_send(i, "DONE\r\n", no) && read_answer(i, NULL, NULL, no);
}

bool imap_wait(struct imap *i, struct refusal *no)
{
    if (i->has_news)
        return true;
    if (i->can_idle)
        return idle(i, no);
    imap_allow(i, IMAP_NOOP_S);
    return hear(i, no) && run(i, "NOOP", NULL, NULL, no);
}
