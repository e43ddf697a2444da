/* The services of a deployment, and the order that their follow tables give. */
#include "tool/deployment.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
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

const char *const deployment_files[DEPLOYMENT_FILES] = {"admin.token", "setup.token"};

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

static bool is_followed_by_others(const struct service_def *def, const bool *is_placed)
{
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (!is_placed[i] && deployment_follows(deployment_services[i], def))
            return true;
    return false;
}

void deployment_followers_first(const struct service_def *out[DEPLOYMENT_SERVICES])
{
    bool is_placed[DEPLOYMENT_SERVICES] = {false};
    unsigned n = 0;
    while (n < DEPLOYMENT_SERVICES) {
        unsigned before = n;
        for (unsigned i = DEPLOYMENT_SERVICES; i-- > 0;) {
            if (is_placed[i] || is_followed_by_others(deployment_services[i], is_placed))
                continue;
            is_placed[i] = true;
            out[n++] = deployment_services[i];
        }
        assert(n > before); /* or the services follow each other in a circle */
    }
}

bool deployment_has_run(const char *data_dir, const struct service_def *def)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s/data.mdb", data_dir, def->name);
    return n > 0 && n < PATH_MAX && access(path, F_OK) == 0;
}

struct store *deployment_open(const char *data_dir, const struct service_def *def)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", data_dir, def->name);
    return store_open(&(struct store_options){
        .dir = path, .read_only = true, .tables = def->tables, .n_tables = def->n_tables});
}
