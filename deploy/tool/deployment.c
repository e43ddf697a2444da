/* The services of a deployment, and their stores. */
#include "tool/deployment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "services/contacts/contacts.h"
#include "services/directory/directory.h"
#include "services/documents/documents.h"
#include "services/leads/leads.h"
#include "services/notifications/notifications.h"
#include "services/opportunities/opportunities.h"

const struct service_def *const deployment_services[DEPLOYMENT_SERVICES] = {
    &directory_service,     &contacts_service,  &leads_service,
    &opportunities_service, &documents_service, &notifications_service,
};

const char *const deployment_files[DEPLOYMENT_FILES] = {"admin.token", "setup.token", "mailboxes.json"};

const struct service_def *deployment_service(const char *name)
{
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (strcmp(deployment_services[i]->name, name) == 0)
            return deployment_services[i];
    return NULL;
}

bool deployment_has_file(const char *name)
{
    for (unsigned i = 0; i < DEPLOYMENT_FILES; i++)
        if (strcmp(deployment_files[i], name) == 0)
            return true;
    return false;
}

bool deployment_follows(const struct service_def *follower, const struct service_def *followed)
{
    for (size_t i = 0; i < follower->n_follows; i++)
        if (strcmp(follower->follows[i].service, followed->name) == 0)
            return true;
    for (size_t i = 0; i < follower->n_copies; i++)
        if (strcmp(follower->copies[i].service, followed->name) == 0)
            return true;
    return false;
}

bool deployment_has_run(const char *data_dir, const struct service_def *def)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s/data.mdb", data_dir, def->name);
    return n > 0 && n < PATH_MAX && access(path, F_OK) == 0;
}

bool deployment_lock(const char *data_dir, const char *name, const char *inner, int flags)
{
    char path[PATH_MAX];
    const int n = snprintf(path, sizeof path, inner ? "%s/%s/%s" : "%s/%s", data_dir, name, inner);
    const int fd = n > 0 && n < PATH_MAX ? open(path, O_RDWR | O_CLOEXEC | flags, 0600) : -1;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR) && flags == 0)
        return true;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (fd >= 0 && errno == EWOULDBLOCK)
        fprintf(stderr, "error: Baton is running on %s (%s is held); stop it first\n", data_dir, path);
    else
        fprintf(stderr, "error: cannot lock %s: %s\n", path, strerror(errno));
    return false;
}

bool deployment_hold(const char *data_dir)
{
    return deployment_lock(data_dir, "up.lock", NULL, O_CREAT) &&
           deployment_lock(data_dir, "gateway.lock", NULL, 0) &&
           deployment_lock(data_dir, "mailbox", "owner.lock", 0);
}

struct store *deployment_open(const char *data_dir, const struct service_def *def)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", data_dir, def->name);
    return store_open(&(struct store_options){
        .dir = path, .read_only = true, .tables = def->tables, .n_tables = def->n_tables});
}
