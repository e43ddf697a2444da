/* Leads of the same customer: made one, taken apart again, listed. */
#include "baton/v1/leads.pb-c.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

#include <string.h>

enum { ARENA_LIMIT = 64 << 20, LOSERS_MAX = 20 };

static bool merge(struct session *s)
{
    Baton__MergeLeadsRequest request;
    baton__merge_leads_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.survivor_id = s->words[0];
    request.loser_ids = s->words + 1;
    request.n_loser_ids = s->n_words - 1;
    const void *answer = session_call(s, "LeadService/MergeLeads", &request);
    if (answer == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, answer);
    else
        fprintf(s->tool->out, "%zu %s merged into %s\n", request.n_loser_ids,
                request.n_loser_ids == 1 ? "lead is" : "leads are", request.survivor_id);
    return true;
}

static bool unmerge(struct session *s)
{
    Baton__UnmergeLeadRequest request;
    baton__unmerge_lead_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.id = s->words[0];
    const void *answer = session_call(s, "LeadService/UnmergeLead", &request);
    if (answer == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, answer);
    else
        fprintf(s->tool->out, "lead %s is as it was before\n", request.id);
    return true;
}

static Baton__Lead *get(struct session *s, const char *id)
{
    Baton__GetLeadRequest request;
    baton__get_lead_request__init(&request);
    request.id = (char *)(uintptr_t)id;
    const Baton__GetLeadResponse *answer = session_call(s, "LeadService/GetLead", &request);
    return answer != NULL ? answer->lead : NULL;
}

static bool print_each(struct session *s, const char *what, char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Baton__Lead *l = get(s, ids[i]);
        if (l == NULL)
            return false;
        if (s->tool->json)
            tool_print_json(s->tool, l);
        else
            fprintf(s->tool->out, "%-8s  %s  %s  %s %s  %s  %s\n", what, ids[i],
                    output_time(s->arena, l->received_at), output_text(s->arena, l->first_name),
                    output_text(s->arena, l->last_name), output_text(s->arena, l->company),
                    output_text(s->arena, l->email));
    }
    return true;
}

static bool duplicates(struct session *s)
{
    const Baton__Lead *l = get(s, s->words[0]);
    return l != NULL && print_each(s, "merged", l->merged_lead_ids, l->n_merged_lead_ids) &&
           print_each(s, "possible", l->possible_duplicate_ids, l->n_possible_duplicate_ids);
}

int tool_lead_merge(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, LOSERS_MAX + 1, ARENA_LIMIT, merge);
}

int tool_lead_unmerge(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, unmerge);
}

int tool_lead_duplicates(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, duplicates);
}
