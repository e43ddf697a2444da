/* Reading policies, and what they are held against. */
#include "tool/policy_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "services/leads/rows.h"
#include "tool/file.h"

enum { FILE_MAX = 8 << 20 };

/* As `policy show --json` has it, inside "policy", or the policy alone. */
static Baton__Policy *parse(struct bytes json, struct arena *a, struct refusal *no)
{
    ProtobufCMessage *m;
    const struct schema_message *answer = schema_message(&baton__get_policy_response__descriptor);
    if (!schema_from_json(answer, json, a, &m, no))
        return NULL;
    Baton__Policy *inside = ((Baton__GetPolicyResponse *)m)->policy;
    if (inside != NULL)
        return inside;
    if (!schema_from_json(schema_message(&baton__policy__descriptor), json, a, &m, no))
        return NULL;
    return (Baton__Policy *)m;
}

Baton__Policy *policy_file_read(const char *path, struct arena *a)
{
    struct buffer b;
    struct refusal no;
    Baton__Policy *policy = NULL;
    buffer_init(&b, FILE_MAX);
    if (file_read(path, &b) && (policy = parse(buffer_bytes(&b), a, &no)) == NULL)
        (void)tool_refused(&no); /* the caller ends with its own code */
    buffer_release(&b);
    return policy;
}

bool policy_file_check(const Baton__Policy *policy, struct txn *rows, struct arena *a)
{
    struct refusal no;
    struct leads_publish_facts f = {0};
    leads_publish_facts_of(rows, policy, a, &f);
    if (schema_check(&policy->base, "policy", &no) &&
        leads_policy_check(policy, f.pool_known, f.unknown_user, f.unknown_territory, &no))
        return true;
    (void)tool_refused(&no); /* as above */
    return false;
}

struct store *policy_store_open(const struct tool *t)
{
    char dir[4096], file[4200];
    struct stat st;
    snprintf(dir, sizeof dir, "%s/leads", t->data_dir);
    snprintf(file, sizeof file, "%s/data.mdb", dir);
    if (stat(file, &st) != 0) {
        fprintf(stderr, "error: there are no leads in %s: %s\n", t->data_dir, strerror(errno));
        return NULL;
    }
    return store_open(&(struct store_options){
        .dir = dir, .read_only = true, .tables = leads_tables, .n_tables = LEADS_TABLES});
}
