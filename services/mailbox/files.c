/* Files about mailboxes: read, checked, written anew beside the old one and then put in its place. */
#include "services/mailbox/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "schema/schema.h"

enum { FILE_MAX = 1 << 20, PRIVATE = 0600, PRIVATE_FOLDER = 0700 };

static bool failed(struct refusal *no, const char *what, const char *path)
{
    return refuse(no, REFUSAL_UNAVAILABLE, NULL, "cannot %s %s: %s", what, path, strerror(errno));
}

static bool path_of(char out[PATH_MAX], const char *data_dir, const char *name, const char *end)
{
    int n = snprintf(out, PATH_MAX, "%s/%s%s", data_dir, name, end);
    return n > 0 && n < PATH_MAX;
}

/* NULL with `no` clear: there is no such file. */
static ProtobufCMessage *read_message(const char *path, const ProtobufCMessageDescriptor *type,
                                      struct arena *a, struct refusal *no)
{
    ProtobufCMessage *m = NULL;
    struct buffer b;
    uint8_t *room;
    FILE *f = fopen(path, "re");
    *no = (struct refusal){0};
    if (!f) {
        if (errno != ENOENT)
            (void)failed(no, "read", path);
        return NULL;
    }
    buffer_init(&b, FILE_MAX);
    while (!feof(f) && !ferror(f) && (room = buffer_room(&b, BUFSIZ)) != NULL)
        b.size += fread(room, 1, BUFSIZ, f);
    if (ferror(f) || b.overflow)
        (void)failed(no, "read", path);
    else if (!schema_from_json(schema_message(type), buffer_bytes(&b), a, &m, no))
        m = NULL;
    (void)fclose(f); /* only read */
    buffer_release(&b);
    return m;
}

static bool write_all(int fd, struct bytes b)
{
    while (b.size) {
        ssize_t n = write(fd, b.data, b.size);
        if (n <= 0)
            return false;
        b.data += n;
        b.size -= (size_t)n;
    }
    return fsync(fd) == 0;
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd); /* only read */
    return good;
}

static bool write_message(const char *folder, const char *path, const ProtobufCMessage *m, struct refusal *no)
{
    char fresh[PATH_MAX + 8];
    struct buffer b;
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    buffer_init(&b, FILE_MAX);
    bool good = schema_to_json(m, SCHEMA_JSON_SECRETS, &b);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, PRIVATE);
    good = good && fd >= 0 && fchmod(fd, PRIVATE) == 0 && write_all(fd, buffer_bytes(&b));
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && rename(fresh, path) == 0 && sync_folder(folder);
    buffer_release(&b);
    return good || failed(no, "write", path);
}

/* --- which --- */

Baton__Mailboxes *mailboxes_read(const char *data_dir, struct arena *a, struct refusal *no)
{
    char path[PATH_MAX];
    if (!path_of(path, data_dir, MAILBOXES_FILE, ""))
        return NULL;
    Baton__Mailboxes *all = (Baton__Mailboxes *)read_message(path, &baton__mailboxes__descriptor, a, no);
    if (!all && !no->code) {
        all = ARENA_NEW(a, Baton__Mailboxes);
        baton__mailboxes__init(all);
    }
    for (size_t i = 0; all && i < all->n_mailboxes; i++)
        if (!mailbox_check(all->mailboxes[i], no))
            return NULL;
    return all && schema_check(&all->base, NULL, no) ? all : NULL;
}

bool mailboxes_write(const char *data_dir, const Baton__Mailboxes *all, struct refusal *no)
{
    char path[PATH_MAX];
    return path_of(path, data_dir, MAILBOXES_FILE, "") && write_message(data_dir, path, &all->base, no);
}

static bool is_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/* The name is part of a file's name, and the host of an address. */
static bool is_plain(const char *text, const char *more)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    for (; *text; text++)
        if (!strchr(LETTERS, *text) && !strchr(more, *text))
            return false;
    return true;
}

bool mailbox_check(const Baton__Mailbox *m, struct refusal *no)
{
    if (!schema_check(&m->base, NULL, no))
        return false;
    if (!is_plain(m->name, "_"))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name",
                      "the name of a mailbox has letters, digits, hyphens and underscores");
    if (!is_plain(m->host, ".:"))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "host", "this is not the name or address of a server");
    if (m->security == BATON__MAILBOX_SECURITY__MAILBOX_SECURITY_NONE && !is_this_machine(m->host))
        return refuse(
            no, REFUSAL_INVALID_ARGUMENT, "security",
            "without TLS the password would cross the network in the clear; that is allowed only on this "
            "machine (localhost)");
    if (m->after == BATON__MAILBOX_AFTER__MAILBOX_AFTER_MOVE && !m->move_to)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "move_to", "say which folder mails are moved to");
    if (m->move_to && strcmp(m->move_to, mailbox_folder(m)) == 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "move_to",
                      "mails are moved to the folder they come from");
    return true;
}

/* --- how --- */

const char *mailbox_folder(const Baton__Mailbox *m)
{
    return m->folder ? m->folder : "INBOX";
}

static bool state_path(char folder[PATH_MAX], char path[PATH_MAX], const char *data_dir, const char *name)
{
    return path_of(folder, data_dir, "mailbox", "") && path_of(path, folder, name, ".json");
}

static bool is_of(const Baton__MailboxState *s, const Baton__Mailbox *m)
{
    return s->host && s->user && s->folder && strcmp(s->host, m->host) == 0 &&
           strcmp(s->user, m->user) == 0 && strcmp(s->folder, mailbox_folder(m)) == 0;
}

Baton__MailboxState *mailbox_state_read(const char *data_dir, const Baton__Mailbox *m, struct arena *a)
{
    char folder[PATH_MAX], path[PATH_MAX];
    struct refusal no = {0};
    Baton__MailboxState *s = NULL;
    if (state_path(folder, path, data_dir, m->name))
        s = (Baton__MailboxState *)read_message(path, &baton__mailbox_state__descriptor, a, &no);
    if (no.code)
        log_warning("mailbox", "%s; mails are read from the folder's beginning, and those known stay one",
                    no.message);
    if (s && is_of(s, m))
        return s;
    s = ARENA_NEW(a, Baton__MailboxState);
    baton__mailbox_state__init(s);
    s->host = arena_strdup(a, m->host);
    s->user = arena_strdup(a, m->user);
    s->folder = arena_strdup(a, mailbox_folder(m));
    return s;
}

bool mailbox_state_write(const char *data_dir, const Baton__Mailbox *m, const Baton__MailboxState *s)
{
    char folder[PATH_MAX], path[PATH_MAX];
    struct refusal no = {0};
    if (!state_path(folder, path, data_dir, m->name))
        return false;
    if (write_message(folder, path, &s->base, &no))
        return true;
    log_failure("mailbox", "%s", no.message);
    return false;
}

/* --- who --- */

static int open_lock(const char *data_dir)
{
    char folder[PATH_MAX], path[PATH_MAX];
    if (!path_of(folder, data_dir, "mailbox", "") || !path_of(path, folder, "owner.lock", ""))
        return -1;
    if (mkdir(folder, PRIVATE_FOLDER) != 0 && errno != EEXIST)
        return -1;
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, PRIVATE);
}

bool mailbox_lock(const char *data_dir)
{
    int fd = open_lock(data_dir);
    if (fd < 0)
        log_failure("mailbox", "cannot open %s/mailbox/owner.lock: %s", data_dir, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        log_failure("mailbox", "the mailboxes of %s are watched already", data_dir);
    else
        return true;
    return false;
}

bool mailbox_is_watched(const char *data_dir)
{
    int fd = open_lock(data_dir);
    bool is_held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        (void)close(fd); /* only asked */
    return is_held;
}
