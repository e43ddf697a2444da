/* baton-mailbox: watches the mailboxes of a deployment and brings their mails to the leads service. */
#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/options.h"
#include "bus/zloop.h"
#include "schema/schema.h"
#include "services/mailbox/files.h"
#include "services/mailbox/watch.h"

enum { EXIT_NO_START = 1, ARENA_MAX = 4 << 20 };

static const char HELP[] =
    "Usage: baton-mailbox --data DIR\n"
    "Watches the mailboxes of DIR/mailboxes.json and brings each mail to the leads service, once.\n"
    "Normally started by `baton up`, as soon as there is a mailbox; `baton mailbox set` makes one.\n\n"
    "  --data DIR         the deployment's folder; what is known of each mailbox is in DIR/mailbox\n"
    "  --version, --help\n";

static bool start_all(const Baton__Mailboxes *all, const char *data_dir, struct world *w)
{
    struct post *post = post_new(w, zloop_ev(w));
    bool good = true;
    for (size_t i = 0; i < all->n_mailboxes && good; i++)
        good = watch_start(all->mailboxes[i], data_dir, post);
    return good;
}

int main(int argc, char **argv)
{
    const struct program program = {.name = "baton-mailbox", .help = HELP};
    int status;
    const char *data_dir = program_options(&program, argc, argv, &status);
    if (!data_dir)
        return status;
    char run_dir[PATH_MAX];
    struct refusal no = {0};
    log_name("mailbox");
    schema_load();
    if (!mailbox_lock(data_dir) || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return EXIT_NO_START;
    const Baton__Mailboxes *all = mailboxes_read(data_dir, arena_new(ARENA_MAX), &no);
    if (!all) {
        log_failure("mailbox", "%s", no.message);
        return EXIT_NO_START;
    }
    (void)snprintf(run_dir, sizeof run_dir, "%s/run", data_dir);
    struct world *w = zloop_new(run_dir);
    if (!w || !start_all(all, data_dir, w))
        return EXIT_NO_START;
    zloop_run(w);
    log_info("mailbox", "stopped");
    /* Nothing has to be put away: leads has what was taken in, and the position is written whole or not at
     * all. */
    _exit(EXIT_SUCCESS);
}
