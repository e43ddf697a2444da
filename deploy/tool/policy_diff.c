/* `baton policy diff A B`: which rules came, went, moved or say something else. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/leads.h"
#include "tool/output.h"
#include "tool/policy_file.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 256 << 20, JSON_MAX = 16 << 20, NOWHERE = -1 };

struct side {
    const Baton__Policy *policy;
    long *other; /* of each rule: its place on the other side, or NOWHERE */
    bool *moved;
};

struct diff {
    struct session *session;
    struct arena *arena;
    struct side a, b;
    struct record_list pools;
};

/* --- which rules are the same --- */

/* Those of the same name, in order. */
static void pair(struct diff *d)
{
    for (size_t i = 0; i < d->b.policy->n_rules; i++)
        d->b.other[i] = NOWHERE;
    for (size_t i = 0; i < d->a.policy->n_rules; i++) {
        d->a.other[i] = NOWHERE;
        for (size_t k = 0; k < d->b.policy->n_rules && d->a.other[i] == NOWHERE; k++)
            if (d->b.other[k] == NOWHERE &&
                strcmp(d->a.policy->rules[i]->name, d->b.policy->rules[k]->name) == 0) {
                d->a.other[i] = (long)k;
                d->b.other[k] = (long)i;
            }
    }
}

/* As few as possible have moved: all but a longest run of those that still come one behind the other. */
static void find_moved(struct diff *d)
{
    size_t n = d->a.policy->n_rules, best = SIZE_MAX;
    size_t *length = ARENA_ARRAY(d->arena, size_t, n), *before = ARENA_ARRAY(d->arena, size_t, n);
    for (size_t i = 0; i < n; i++) {
        d->a.moved[i] = d->a.other[i] != NOWHERE;
        length[i] = d->a.moved[i];
        before[i] = SIZE_MAX;
        for (size_t k = 0; d->a.moved[i] && k < i; k++)
            if (d->a.other[k] != NOWHERE && d->a.other[k] < d->a.other[i] && length[k] >= length[i]) {
                length[i] = length[k] + 1;
                before[i] = k;
            }
        if (length[i] && (best == SIZE_MAX || length[i] > length[best]))
            best = i;
    }
    for (; best != SIZE_MAX; best = before[best])
        d->a.moved[best] = false;
}

/* --- what a rule says --- */

static json_t *json_of(const struct diff *d, const Baton__Rule *rule)
{
    struct buffer b;
    buffer_init(&b, JSON_MAX);
    (void)schema_to_json(&rule->base, 0, &b); /* a rule has at most 1 MiB */
    json_t *json = json_loadb((const char *)b.data, b.size, 0, NULL);
    buffer_release(&b);
    return json;
}

static const char *pool_name(const struct diff *d, const char *id)
{
    const Baton__Pool *pool = (const Baton__Pool *)records_find(&d->pools, "id", id);
    return pool != NULL ? pool->name : id;
}

/* In words; NULL: it says nothing there. */
static const char *words_of(const struct diff *d, const char *field, const json_t *value,
                            const Baton__Rule *rule)
{
    if (value == NULL)
        return NULL;
    if (strcmp(field, "poolId") == 0)
        return pool_name(d, rule->pool_id);
    if (strcmp(field, "conditions") == 0)
        return leads_rule_text(rule, d->arena);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *kept = arena_strdup(d->arena, text);
    free(text);
    return kept;
}

static void change(const struct diff *d, json_t *out, const char *field, const json_t *before,
                   const json_t *after, const Baton__Rule *a, const Baton__Rule *b)
{
    if (before != NULL && after != NULL && json_equal(before, after))
        return;
    json_t *one = json_object();
    const char *was = words_of(d, field, before, a), *is = words_of(d, field, after, b);
    json_object_set_new(one, "field", json_string(field));
    if (was != NULL)
        json_object_set_new(one, "before", json_string(was));
    if (is != NULL)
        json_object_set_new(one, "after", json_string(is));
    json_array_append_new(out, one);
}

static json_t *changes_of(const struct diff *d, const Baton__Rule *a, const Baton__Rule *b)
{
    json_t *was = json_of(d, a), *is = json_of(d, b), *out = json_array(), *value;
    const char *field;
    json_object_foreach(was, field, value) change(d, out, field, value, json_object_get(is, field), a, b);
    json_object_foreach(is, field, value) if (json_object_get(was, field) == NULL)
        change(d, out, field, NULL, value, a, b);
    json_decref(was);
    json_decref(is);
    return out;
}

/* --- the difference as one JSON object; words are made from it --- */

static json_t *line(const Baton__Rule *rule, long from, long to)
{
    json_t *l = json_object();
    json_object_set_new(l, "name", json_string(rule->name));
    if (from != NOWHERE)
        json_object_set_new(l, "from", json_integer(from + 1));
    if (to != NOWHERE)
        json_object_set_new(l, "to", json_integer(to + 1));
    return l;
}

static json_t *difference(const struct diff *d)
{
    json_t *added = json_array(), *removed = json_array(), *moved = json_array(), *changed = json_array();
    for (size_t i = 0; i < d->b.policy->n_rules; i++)
        if (d->b.other[i] == NOWHERE)
            json_array_append_new(added, line(d->b.policy->rules[i], NOWHERE, (long)i));
    for (size_t i = 0; i < d->a.policy->n_rules; i++) {
        const Baton__Rule *rule = d->a.policy->rules[i];
        long to = d->a.other[i];
        if (to == NOWHERE) {
            json_array_append_new(removed, line(rule, (long)i, NOWHERE));
            continue;
        }
        if (d->a.moved[i])
            json_array_append_new(moved, line(rule, (long)i, to));
        json_t *fields = changes_of(d, rule, d->b.policy->rules[to]);
        if (json_array_size(fields) > 0) {
            json_t *l = line(rule, (long)i, to);
            json_object_set(l, "changes", fields);
            json_array_append_new(changed, l);
        }
        json_decref(fields);
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "added", added, "removed", removed, "moved", moved, "changed",
                     changed);
}

/* --- in words --- */

static const char *name_of(const struct diff *d, const json_t *l)
{
    return output_text(d->arena, json_string_value(json_object_get(l, "name")));
}

static int place(const json_t *l, const char *side)
{
    return (int)json_integer_value(json_object_get(l, side));
}

static void print_changes(const struct diff *d, const json_t *fields)
{
    size_t i;
    const json_t *f;
    json_array_foreach(fields, i, f)
    {
        const char *was = json_string_value(json_object_get(f, "before"));
        const char *is = json_string_value(json_object_get(f, "after"));
        fprintf(d->session->tool->out, "      %s: %s -> %s\n", json_string_value(json_object_get(f, "field")),
                was != NULL ? output_text(d->arena, was) : "nothing",
                is != NULL ? output_text(d->arena, is) : "nothing");
    }
}

static void print(const struct diff *d, const json_t *all)
{
    size_t i;
    const json_t *l;
    FILE *out = d->session->tool->out;
    json_array_foreach(json_object_get(all, "removed"), i, l)
        fprintf(out, "-  rule %d '%s' is gone\n", place(l, "from"), name_of(d, l));
    json_array_foreach(json_object_get(all, "added"), i, l)
        fprintf(out, "+  rule %d '%s' is new\n", place(l, "to"), name_of(d, l));
    json_array_foreach(json_object_get(all, "moved"), i, l) fprintf(
        out, ">  rule '%s' moves from place %d to %d\n", name_of(d, l), place(l, "from"), place(l, "to"));
    json_array_foreach(json_object_get(all, "changed"), i, l)
    {
        fprintf(out, "~  rule %d '%s' changes:\n", place(l, "to"), name_of(d, l));
        print_changes(d, json_object_get(l, "changes"));
    }
}

static bool is_empty(const json_t *all)
{
    const char *key;
    json_t *list;
    json_object_foreach((json_t *)(uintptr_t)all, key, list) if (json_array_size(list) > 0) return false;
    return true;
}

/* --- from the command line --- */

/* A version's number, "now", or a file. NULL: said. */
static const Baton__Policy *policy_named(struct diff *d, const char *word)
{
    Baton__GetPolicyRequest q = BATON__GET_POLICY_REQUEST__INIT;
    bool now = strcmp(word, "now") == 0;
    if (!now && word[strspn(word, "0123456789")] != '\0')
        return policy_file_read(word, d->arena);
    q.has_version = !now;
    q.version = strtoull(word, NULL, 10);
    const Baton__GetPolicyResponse *answer = session_call(d->session, "LeadService/GetPolicy", &q);
    if (answer == NULL)
        (void)tool_refused(&d->session->no); /* the caller ends with its own code */
    return answer != NULL ? answer->policy : NULL;
}

static bool side_load(struct diff *d, struct side *s, const char *word)
{
    s->policy = policy_named(d, word);
    if (s->policy == NULL)
        return false;
    for (size_t i = 0; i < s->policy->n_rules; i++)
        if (s->policy->rules[i]->name == NULL)
            s->policy->rules[i]->name = arena_strdup(d->arena, "");
    s->other = ARENA_ARRAY(d->arena, long, s->policy->n_rules);
    s->moved = ARENA_ARRAY(d->arena, bool, s->policy->n_rules);
    return true;
}

static bool diff(struct session *s)
{
    struct diff d = {.session = s, .arena = s->arena};
    if (!side_load(&d, &d.a, s->words[0]) || !side_load(&d, &d.b, s->words[1]))
        return session_end(s, TOOL_REFUSED);
    if (!records_load(s->api, "pool", s->arena, &d.pools, &s->no))
        return false;
    pair(&d);
    find_moved(&d);
    json_t *all = difference(&d);
    if (s->tool->json) {
        json_dumpf(all, s->tool->out, JSON_INDENT(2));
        fputc('\n', s->tool->out);
    } else if (is_empty(all))
        fprintf(s->tool->out, "The rules are the same.\n");
    else
        print(&d, all);
    json_decref(all);
    return true;
}

int tool_policy_diff(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, ARENA_LIMIT, diff);
}
