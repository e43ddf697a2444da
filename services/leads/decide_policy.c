/* Publishing a routing policy, and what is to be said of pools and forms before they are kept. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/leads.h"

bool leads_decide_publish(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_publish_facts *f = facts;
    const Baton__PublishPolicyRequest *q = (const Baton__PublishPolicyRequest *)c->request;
    /* 6: the rules are sound (1 to 5: decide_rules.c) */
    if (!leads_policy_check(q->policy, f->pool_known, &out->no))
        return false;
    /* 7: a new version; those before stay as they are */
    Baton__PolicyPublished *e = ARENA_NEW(s->arena, Baton__PolicyPublished);
    baton__policy_published__init(e);
    Baton__Policy *p = e->policy = arena_copy(s->arena, q->policy, sizeof *q->policy);
    p->has_version = true;
    p->version = f->version + 1;
    p->published_at = timestamp_of(s->arena, s->now_us);
    p->published_by = arena_strdup(s->arena, c->actor->user_id);
    outcome_event(out, e);
    Baton__PublishPolicyResponse *reply = ARENA_NEW(s->arena, Baton__PublishPolicyResponse);
    baton__publish_policy_response__init(reply);
    reply->policy = p;
    out->reply = &reply->base;
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* An id that stands in the pool twice; NULL: none does. */
static const char *twice(const Baton__Pool *p, struct arena *a)
{
    const char **ids = ARENA_ARRAY(a, const char *, p->n_members);
    for (size_t i = 0; i < p->n_members; i++)
        ids[i] = p->members[i]->user_id ? p->members[i]->user_id : "";
    qsort(ids, p->n_members, sizeof *ids, by_id);
    for (size_t i = 1; i < p->n_members; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            return ids[i];
    return NULL;
}

static const Baton__Rule *rule_using(const Baton__Policy *policy, const char *pool_id)
{
    for (size_t i = 0; policy && i < policy->n_rules; i++)
        if (policy->rules[i]->pool_id && strcmp(policy->rules[i]->pool_id, pool_id) == 0)
            return policy->rules[i];
    return NULL;
}

bool leads_check_pool(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                      struct stamp *s, struct outcome *out)
{
    /* 8: a pool that rules need stays */
    if (!after) {
        const Baton__Rule *rule = rule_using(extra, ((const Baton__Pool *)before)->id);
        return !rule || refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                               "rule '%s' of the policy in force needs this pool", rule->name);
    }
    /* 9: everybody stands in it once */
    const char *id = twice((const Baton__Pool *)after, s->arena);
    return !id ||
           refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "pool.members", "user %s stands in it twice", id);
}

bool leads_check_form(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                      struct stamp *s, struct outcome *out)
{
    const Baton__LeadForm *f = (const Baton__LeadForm *)after;
    if (!f)
        return true;
    /* 10: its name is part of an address */
    if (strspn(f->name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(f->name))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lead_form.name",
                      "may have small letters, digits, - and _ only: it is part of an address");
    /* 11: browsers are sent to web pages only */
    if (f->redirect_url && strncmp(f->redirect_url, "https://", 8) != 0 &&
        strncmp(f->redirect_url, "http://", 7) != 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "lead_form.redirect_url",
                      "must begin with https:// or http://");
    return true;
}
