/* The same customer twice: looked for, listed, dismissed, merged, taken apart. */
#include <string.h>

#include "baton/v1/duplicates.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20, PAGE = 100, TAKEN_MAX = 64 };

struct asked {
    const char *type, *owner, *after; /* type: "contact" or "account" */
    struct option_list take;
};

/* --- sweep --- */

static bool sweep_type(struct session *s, const char *type, const char *after, uint64_t *looked_at,
                       uint64_t *found)
{
    struct progress p;
    Baton__SweepDuplicatesRequest q = BATON__SWEEP_DUPLICATES_REQUEST__INIT;
    char next[64] = "";
    uint64_t done = 0;
    q.type = (char *)(uintptr_t)type;
    q.after_id = (char *)(uintptr_t)after;
    progress_start(&p, type, 0, s->tool->json);
    for (bool more = true; more;) {
        q.request_id = request_id_new(s->arena);
        const Baton__SweepDuplicatesResponse *r = session_call(s, "DuplicateService/SweepDuplicates", &q);
        if (r == NULL) {
            progress_end(&p);
            if (q.after_id != NULL)
                fprintf(stderr, "to go on there: baton duplicates sweep --type %s --after %s\n", type,
                        q.after_id);
            return false;
        }
        *found += r->found;
        done += r->looked_at;
        p.total = r->in_all > done ? r->in_all : done;
        progress_show(&p, done);
        more = r->next_after_id != NULL;
        snprintf(next, sizeof next, "%s", more ? r->next_after_id : "");
        q.after_id = next;
        arena_reset(s->arena);
    }
    progress_end(&p);
    *looked_at += done;
    return true;
}

static bool sweep(struct session *s)
{
    const struct asked *o = s->arg;
    uint64_t looked_at = 0, found = 0;
    bool both = o->type == NULL;
    if ((both || strcmp(o->type, "contact") != 0) &&
        !sweep_type(s, both ? "account" : o->type, o->after, &looked_at, &found))
        return false;
    if ((both || strcmp(o->type, "contact") == 0) && !sweep_type(s, "contact", o->after, &looked_at, &found))
        return false;
    fprintf(s->tool->out,
            s->tool->json ? "{\"lookedAt\":%llu,\"found\":%llu}\n"
                          : "%llu records looked at; %llu pairs may be the same and were not known to be.\n",
            (unsigned long long)looked_at, (unsigned long long)found);
    return true;
}

int tool_duplicates_sweep(struct tool *t, int argc, char **argv)
{
    struct asked o = {0};
    const struct option_row rows[] = {{"type", OPTION_TEXT, &o.type}, {"after", OPTION_TEXT, &o.after}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (o.after != NULL && o.type == NULL) {
        fprintf(stderr, "error: --after is a record of one type; say which with --type\n");
        return TOOL_USAGE;
    }
    return session_run(t, ARENA_LIMIT, sweep, &o);
}

/* --- list --- */

static const char *name_of(const Baton__Record *r, struct arena *a)
{
    if (r->account != NULL)
        return r->account->name;
    const char *first = r->contact->first_name, *last = r->contact->last_name;
    return arena_printf(a, "%s%s%s", first ? first : "", first && last ? " " : "", last ? last : "");
}

/* "last_name, email": what is equal or nearly so. */
static const char *why(const Baton__DuplicatePair *p, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < p->n_reasons; i++)
        if (p->reasons[i]->level >= BATON__MATCH_LEVEL__MATCH_LEVEL_ALIKE)
            text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", p->reasons[i]->field_name);
    return text;
}

static void print_pairs(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListDuplicatesResponse *r = answer;
    struct grid g;
    grid_init(&g, a, ">sure|one|name|other|name|because");
    for (size_t i = 0; i < r->n_duplicates; i++) {
        const Baton__Duplicate *d = r->duplicates[i];
        grid_add(&g, (const char *[]){arena_printf(a, "%.1f %%", d->pair->score / 1e4), d->pair->first_id,
                                      name_of(d->first, a), d->pair->second_id, name_of(d->second, a),
                                      why(d->pair, a)});
    }
    grid_print(&g, t);
    if (r->next_page_token != NULL)
        fprintf(t->out, "and more; these are the surest\n");
}

static bool list(struct session *s)
{
    const struct asked *o = s->arg;
    Baton__ListDuplicatesRequest q = BATON__LIST_DUPLICATES_REQUEST__INIT;
    q.type = (char *)(uintptr_t)(o->type != NULL ? o->type : "contact");
    q.owner_id = (char *)(uintptr_t)o->owner;
    q.has_page_size = true;
    q.page_size = PAGE;
    return session_ask(s, "DuplicateService/ListDuplicates", &q, print_pairs);
}

int tool_duplicates_list(struct tool *t, int argc, char **argv)
{
    struct asked o = {0};
    const struct option_row rows[] = {{"type", OPTION_TEXT, &o.type}, {"owner", OPTION_TEXT, &o.owner}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, list, &o);
}

/* --- dismiss, merge, unmerge --- */

static bool dismiss(struct session *s)
{
    Baton__DismissDuplicateRequest q = BATON__DISMISS_DUPLICATE_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.type = s->words[0];
    q.first_id = s->words[1];
    q.second_id = s->words[2];
    const void *answer = session_call(s, "DuplicateService/DismissDuplicate", &q);
    if (answer != NULL && s->tool->json)
        tool_print_json(s->tool, answer);
    else if (answer != NULL)
        fprintf(s->tool->out, "these two are not the same\n");
    return answer != NULL;
}

int tool_duplicates_dismiss(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 3, 3, ARENA_LIMIT, dismiss);
}

struct merging {
    struct asked o;
    char *type, *keep, *lose;
};

/* The requests of both types have the same fields. */
static bool merge(struct session *s)
{
    const struct merging *m = s->arg;
    Baton__MergeContactsRequest c = BATON__MERGE_CONTACTS_REQUEST__INIT;
    Baton__MergeAccountsRequest a = BATON__MERGE_ACCOUNTS_REQUEST__INIT;
    bool contacts = strcmp(m->type, "contact") == 0;
    c.request_id = a.request_id = request_id_new(s->arena);
    c.keep_id = a.keep_id = m->keep;
    c.lose_id = a.lose_id = m->lose;
    c.take = a.take = (char **)(uintptr_t)m->o.take.values;
    c.n_take = a.n_take = m->o.take.n;
    const void *answer = contacts ? session_call(s, "DuplicateService/MergeContacts", &c)
                                  : session_call(s, "DuplicateService/MergeAccounts", &a);
    if (answer == NULL)
        return false;
    const Baton__RecordMerge *done = contacts ? ((const Baton__MergeContactsResponse *)answer)->merge
                                              : ((const Baton__MergeAccountsResponse *)answer)->merge;
    if (s->tool->json)
        tool_print_json(s->tool, answer);
    else
        fprintf(s->tool->out, "%s %s is merged into %s; %zu records that named it name that one now\n",
                m->type, m->lose, m->keep, done->n_moved);
    return true;
}

int tool_duplicates_merge(struct tool *t, int argc, char **argv)
{
    struct merging m = {0};
    const struct option_row rows[] = {{"take", OPTION_LIST, &m.o.take}};
    int first;
    if (!options_read(rows, 1, argc, argv, 3, 3, &first))
        return TOOL_USAGE;
    m.type = argv[first];
    m.keep = argv[first + 1];
    m.lose = argv[first + 2];
    if (strcmp(m.type, "contact") != 0 && strcmp(m.type, "account") != 0) {
        fprintf(stderr, "error: \"%s\" is neither contact nor account\n", m.type);
        return TOOL_USAGE;
    }
    return session_run(t, ARENA_LIMIT, merge, &m);
}

static bool unmerge(struct session *s)
{
    Baton__UnmergeContactsRequest c = BATON__UNMERGE_CONTACTS_REQUEST__INIT;
    Baton__UnmergeAccountsRequest a = BATON__UNMERGE_ACCOUNTS_REQUEST__INIT;
    bool contacts = strcmp(s->words[0], "account") != 0;
    c.request_id = a.request_id = request_id_new(s->arena);
    c.id = a.id = s->words[1];
    const void *answer = contacts ? session_call(s, "DuplicateService/UnmergeContacts", &c)
                                  : session_call(s, "DuplicateService/UnmergeAccounts", &a);
    if (answer != NULL && s->tool->json)
        tool_print_json(s->tool, answer);
    else if (answer != NULL)
        fprintf(s->tool->out, "%s %s is as it was before\n", s->words[0], s->words[1]);
    return answer != NULL;
}

int tool_duplicates_unmerge(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, ARENA_LIMIT, unmerge);
}
