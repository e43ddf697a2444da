/* The directory's main: before the service opens, it makes sure of the administrator's token and, until
   set-up is complete, of the token of the set-up link. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "services/directory/rows.h"

enum { TOKEN_BYTES = 32, TOKEN_DIGITS = 2 * TOKEN_BYTES, ARENA_MAX = 256 << 20 };

/* Looks into the store that the service opens in a moment; opening it to write finds out first whether
   another process has it. 1: set-up is complete; 0: not yet; -1: the store cannot be had, logged. */
static int setup_is_complete(const char *data_dir)
{
    char dir[4096];
    snprintf(dir, sizeof dir, "%s/directory", data_dir);
    struct store *store = service_store_open(&directory_service, &(struct service_options){.dir = dir});
    struct txn *txn = store ? store_begin(store, false) : NULL;
    int complete = -1;
    if (txn) {
        struct load l = {.txn = txn, .arena = arena_new(ARENA_MAX)};
        const struct directory_state *f = directory_load_boot(&l, &(struct command){0});
        complete = txn_failed(txn) ? -1 : f->administrator_has_password;
        arena_free(l.arena);
        store_abort(txn);
    }
    store_close(store);
    return complete;
}

/* 1: read; 0: there is none; -1: failed, logged. */
static int token_read(const char *path, char text[TOKEN_DIGITS + 1])
{
    uint8_t checked[TOKEN_BYTES];
    char found[TOKEN_DIGITS + 2] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    ssize_t n = fd < 0 ? -1 : read(fd, found, sizeof found - 1);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (n < 0) {
        log_failure("start", "cannot read %s: %s", path, strerror(error));
        return -1;
    }
    found[strcspn(found, "\n")] = '\0';
    if (!hex_decode(checked, TOKEN_BYTES, found)) {
        log_failure("start", "%s is not 64 hexadecimal digits; remove it to get a new one", path);
        return -1;
    }
    memcpy(text, found, TOKEN_DIGITS + 1);
    return 1;
}

static bool folder_sync(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Whole or not at all, and never over one that somebody else has just made. */
static bool token_make(const char *dir, const char *path)
{
    uint8_t random[TOKEN_BYTES];
    char text[TOKEN_DIGITS + 1], temporary[4200];
    randombytes_buf(random, sizeof random);
    hex_encode(text, random, TOKEN_BYTES);
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int fd = mkstemp(temporary); /* mode 0600 */
    bool ok = fd >= 0 && write(fd, text, TOKEN_DIGITS) == TOKEN_DIGITS && fsync(fd) == 0;
    if (ok)
        ok = link(temporary, path) == 0 || errno == EEXIST;
    int error = errno;
    if (fd >= 0) {
        close(fd);
        unlink(temporary);
    }
    if (ok && folder_sync(dir))
        return true;
    log_failure("start", "cannot write %s: %s", path, strerror(error));
    return false;
}

/* The hash of the token in DIR/NAME, which is made if it is not there. False: logged. */
static bool token_hash(const char *dir, const char *name, char hash[HASH_TEXT_SIZE])
{
    char path[4096], text[TOKEN_DIGITS + 1];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int found = token_read(path, text);
    if (found == 0)
        found = token_make(dir, path) ? token_read(path, text) : -1;
    if (found != 1)
        return false;
    hash_text(hash, text);
    sodium_memzero(text, sizeof text);
    return true;
}

static void setup_token_remove(const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/setup.token", dir);
    if (unlink(path) != 0 && errno != ENOENT)
        log_warning("start", "cannot remove %s, which is of no use any more: %s", path, strerror(errno));
}

static void *boot(const char *data_dir)
{
    struct directory_boot *b = calloc(1, sizeof *b);
    if (!b || sodium_init() < 0) {
        log_failure("start", "no memory or no random numbers");
        free(b);
        return NULL;
    }
    schema_load();
    int complete = setup_is_complete(data_dir);
    if (complete == 1)
        setup_token_remove(data_dir);
    if (complete >= 0 && token_hash(data_dir, "admin.token", b->admin_hash) &&
        (complete || token_hash(data_dir, "setup.token", b->setup_hash)))
        return b;
    free(b);
    return NULL;
}

int main(int argc, char **argv)
{
    return service_main_boot(argc, argv, &directory_service, boot);
}
