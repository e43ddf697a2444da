/* `baton mailbox`: which mailboxes are watched for mails, how each is, and whether one can be reached. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "services/mailbox/files.h"
#include "services/mailbox/imap.h"
#include "tool/mailbox.h"
#include "tool/options.h"
#include "tool/output.h"

enum { ARENA_LIMIT = 8 << 20, PASSWORD_MAX = 1024 };

/* --- telling `baton up` --- */

/* What runs there reads the list anew; nothing may. */
static void tell_up(const struct tool *t)
{
    char path[PATH_MAX], text[32] = "";
    (void)snprintf(path, sizeof path, "%s/up.lock", t->data_dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    /* Who holds the lock has written its number; without the lock it may be anybody's. */
    bool runs = flock(fd, LOCK_SH | LOCK_NB) != 0 && read(fd, text, sizeof text - 1) > 0;
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    if (runs && pid > 1 && kill(pid, SIGUSR1) != 0)
        fprintf(stderr, "warning: `baton up` cannot be told (%s); start it anew\n", strerror(errno));
    (void)close(fd); /* only read */
}

/* --- set and remove --- */

struct choice {
    const char *word;
    int value;
};
static const struct choice securities[] = {
    {"tls", BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_TLS},
    {"starttls", BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_STARTTLS},
    {"none", BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_NONE},
    {NULL, 0},
};
static const struct choice afters[] = {
    {"leave", BATON__MAILBOX_AFTER__MAILBOX_AFTER_LEAVE},
    {"seen", BATON__MAILBOX_AFTER__MAILBOX_AFTER_MARK_SEEN},
    {NULL, 0},
};

/* 0: there is no such word, said on standard error. */
static int choose(const struct choice *rows, const char *option, const char *word)
{
    for (; rows->word != NULL; rows++)
        if (strcmp(rows->word, word) == 0)
            return rows->value;
    fprintf(stderr, "error: --%s does not know \"%s\"\n", option, word);
    return 0;
}

static Baton__Mailbox **place_of(Baton__Mailboxes *all, const char *name)
{
    for (size_t i = 0; i < all->n_mailboxes; i++)
        if (strcmp(all->mailboxes[i]->name, name) == 0)
            return &all->mailboxes[i];
    return NULL;
}

static bool put(Baton__Mailboxes *all, Baton__Mailbox *m, struct arena *a, struct refusal *no)
{
    Baton__Mailbox **place = place_of(all, m->name);
    if (place != NULL) {
        *place = m;
        return true;
    }
    if (all->n_mailboxes == MAILBOXES_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "at most %d mailboxes are watched",
                      MAILBOXES_MAX);
    Baton__Mailbox **more = ARENA_ARRAY(a, Baton__Mailbox *, all->n_mailboxes + 1);
    for (size_t i = 0; i < all->n_mailboxes; i++)
        more[i] = all->mailboxes[i];
    more[all->n_mailboxes++] = m;
    all->mailboxes = more;
    return true;
}

static char *ask_password(struct arena *a)
{
    char text[PASSWORD_MAX];
    return arena_strdup(a, options_password("Password of the mailbox: ", text, sizeof text) ? text : "");
}

struct wanted {
    const char *host, *user, *folder, *security, *after, *move_to, *product, *ca_file;
    long port;
};

static bool fill(Baton__Mailbox *m, const struct wanted *w)
{
    m->host = (char *)(uintptr_t)w->host;
    m->user = (char *)(uintptr_t)w->user;
    m->folder = (char *)(uintptr_t)w->folder;
    m->product_interest = (char *)(uintptr_t)w->product;
    m->ca_file = (char *)(uintptr_t)w->ca_file;
    m->has_port = w->port != 0;
    m->port = w->port > UINT16_MAX ? UINT16_MAX + 1u : (uint32_t)w->port;
    m->has_security = m->has_after = true;
    m->security = (Baton__MailboxSecurity)choose(securities, "security", w->security);
    m->move_to = (char *)(uintptr_t)w->move_to;
    m->after = w->move_to != NULL ? BATON__MAILBOX_AFTER__MAILBOX_AFTER_MOVE
                                  : (Baton__MailboxAfter)choose(afters, "after", w->after);
    return m->security != 0 && m->after != 0;
}

static bool set(struct tool *t, Baton__Mailbox *m, struct arena *a, struct refusal *no)
{
    Baton__Mailboxes *all = mailboxes_read(t->data_dir, a, no);
    m->password = ask_password(a);
    if (all == NULL || !mailbox_check(m, no) || !put(all, m, a, no) || !mailboxes_write(t->data_dir, all, no))
        return false;
    tell_up(t);
    fprintf(t->out, "%s is watched: %s as %s, folder %s\n", m->name, m->host, m->user, mailbox_folder(m));
    return true;
}

int tool_mailbox_set(struct tool *t, int argc, char **argv)
{
    struct wanted w = {.security = "tls", .after = "leave"};
    const struct option_row rows[] = {
        {"host", OPTION_TEXT, &w.host},         {"port", OPTION_NUMBER, &w.port},
        {"user", OPTION_TEXT, &w.user},         {"folder", OPTION_TEXT, &w.folder},
        {"security", OPTION_TEXT, &w.security}, {"after", OPTION_TEXT, &w.after},
        {"move-to", OPTION_TEXT, &w.move_to},   {"product", OPTION_TEXT, &w.product},
        {"ca-file", OPTION_TEXT, &w.ca_file},
    };
    Baton__Mailbox m = BATON__MAILBOX__INIT;
    struct refusal no = {0};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first) || !fill(&m, &w))
        return TOOL_USAGE;
    struct arena *a = arena_new(ARENA_LIMIT);
    m.name = argv[first];
    bool good = set(t, &m, a, &no);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}

static bool take_out(struct tool *t, const char *name, struct arena *a, struct refusal *no)
{
    Baton__Mailboxes *all = mailboxes_read(t->data_dir, a, no);
    Baton__Mailbox **place = all != NULL ? place_of(all, name) : NULL;
    if (all == NULL)
        return false;
    if (place == NULL)
        return refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no mailbox \"%s\"", name);
    *place = all->mailboxes[--all->n_mailboxes];
    if (!mailboxes_write(t->data_dir, all, no))
        return false;
    tell_up(t);
    return true;
}

int tool_mailbox_remove(struct tool *t, int argc, char **argv)
{
    struct refusal no = {0};
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    struct arena *a = arena_new(ARENA_LIMIT);
    bool good = take_out(t, argv[first], a, &no);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}

/* --- test --- */

static bool try_it(struct tool *t, const Baton__Mailbox *m, struct refusal *no)
{
    struct imap_folder folder;
    struct imap *i = imap_open(m, no);
    if (i == NULL)
        return false;
    fprintf(t->out, "%s takes %s and the password.\n", m->host, m->user);
    bool good = imap_select(i, mailbox_folder(m), false, &folder, no);
    if (good)
        fprintf(t->out, "%s has %u mails.\n%s\n", mailbox_folder(m), folder.n_mails,
                imap_can_idle(i) ? "New mails are told at once (IDLE)."
                                 : "The server cannot tell of new mails; it is asked twice a minute.");
    imap_close(i);
    return good;
}

int tool_mailbox_test(struct tool *t, int argc, char **argv)
{
    struct refusal no = {0};
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    struct arena *a = arena_new(ARENA_LIMIT);
    Baton__Mailboxes *all = mailboxes_read(t->data_dir, a, &no);
    Baton__Mailbox **place = all != NULL ? place_of(all, argv[first]) : NULL;
    if (all != NULL && place == NULL)
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no mailbox \"%s\"", argv[first]);
    bool good = place != NULL && try_it(t, *place, &no);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}

/* --- list --- */

static const char *time_text(struct arena *a, int64_t us)
{
    Google__Protobuf__Timestamp stamp = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    stamp.seconds = us / 1000000;
    return us != 0 ? output_time(a, &stamp) : "";
}

void mailbox_print(struct tool *t, const Baton__Mailboxes *all, struct arena *a)
{
    struct grid g;
    bool runs = mailbox_is_watched(t->data_dir);
    grid_init(&g, a, "mailbox|server|folder|state|>taken|>known|>passed over|last mail|last trouble");
    for (size_t i = 0; i < all->n_mailboxes; i++) {
        const Baton__Mailbox *m = all->mailboxes[i];
        const Baton__MailboxState *s = mailbox_state_read(t->data_dir, m, a);
        const char *trouble = s->last_error != NULL
                                  ? arena_printf(a, "%s %s", time_text(a, s->last_error_us), s->last_error)
                                  : "";
        grid_add(&g,
                 (const char *[]){m->name, m->host, mailbox_folder(m),
                                  !runs              ? "not watched"
                                  : s->state != NULL ? s->state
                                                     : "starting",
                                  output_number(a, s->taken), output_number(a, s->repeated),
                                  output_number(a, s->passed_over), time_text(a, s->last_mail_us), trouble});
    }
    grid_print(&g, t);
}

int tool_mailbox_list(struct tool *t, int argc, char **argv)
{
    struct refusal no = {0};
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    struct arena *a = arena_new(ARENA_LIMIT);
    Baton__Mailboxes *all = mailboxes_read(t->data_dir, a, &no);
    if (all != NULL && t->json)
        tool_print_json(t, all);
    else if (all != NULL && all->n_mailboxes == 0)
        fprintf(t->out, "No mailbox is watched; `baton mailbox set --help` says how to begin.\n");
    else if (all != NULL)
        mailbox_print(t, all, a);
    arena_free(a);
    return all != NULL ? TOOL_OK : tool_refused(&no);
}
