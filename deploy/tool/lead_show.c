/* `baton lead show`: all there is to know of one lead, on one page. */
#include <inttypes.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "tool/lead_explain.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"
#include "tool/written.h"

enum { ARENA_LIMIT = 256 << 20, MESSAGE_LINES_MAX = 20 };

/* What is given of the parts, with something between them. */
static const char *joined(struct arena *a, const char *const *parts, size_t n, const char *between)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        if (parts[i] != NULL && *parts[i] != '\0')
            text = arena_printf(a, "%s%s%s", text, *text != '\0' ? between : "", output_text(a, parts[i]));
    return text;
}

static const char *names_of(struct session *s, const char *type, char *const *ids, size_t n)
{
    const char **names = ARENA_ARRAY(s->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = records_name(s, type, ids[i]);
    return joined(s->arena, names, n, ", ");
}

struct line {
    const char *label, *value;
};

/* Those that say something. */
static void print_lines(struct tool *t, const char *heading, const struct line *lines, size_t n)
{
    bool begun = false;
    for (size_t i = 0; i < n; i++) {
        if (lines[i].value == NULL || *lines[i].value == '\0')
            continue;
        if (!begun && heading != NULL)
            fprintf(t->out, "\n%s\n", heading);
        begun = true;
        fprintf(t->out, "  %-14s  %s\n", lines[i].label, lines[i].value);
    }
}

#define PRINT_LINES(t, heading, lines) print_lines(t, heading, lines, sizeof(lines) / sizeof *(lines))
#define JOINED(a, between, ...)                                                                              \
    joined(a, (const char *const[]){__VA_ARGS__},                                                            \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), between)

static void print_who(struct session *s, const Baton__Lead *l)
{
    struct arena *a = s->arena;
    const Baton__Address *at = l->address;
    const struct line lines[] = {
        {"name", JOINED(a, " ", l->salutation, l->first_name, l->last_name)},
        {"company", JOINED(a, ", ", l->title, l->company)},
        {"e-mail", output_text(a, l->email)},
        {"phone", JOINED(a, ", ", l->phone, l->mobile_phone)},
        {"website", output_text(a, l->website)},
        {"address", at != NULL ? JOINED(a, ", ", at->street, JOINED(a, " ", at->postal_code, at->city),
                                        at->state, at->country)
                               : ""},
        {"language", output_text(a, l->language)},
        {"wants", output_text(a, l->product_interest)},
        {"not to be",
         JOINED(a, ", ", l->do_not_call ? "called" : "", l->has_opted_out_of_email ? "written to" : "")},
        {"account", records_name(s, "account", l->matched_account_id)},
    };
    fprintf(s->tool->out, "Lead %s\n", output_text(a, l->id));
    PRINT_LINES(s->tool, NULL, lines);
    for (size_t i = 0; i < l->n_attributes; i++)
        fprintf(s->tool->out, "  %-14s  %s\n", output_text(a, l->attributes[i]->name),
                output_text(a, l->attributes[i]->value));
}

static void print_message(struct session *s, const char *message)
{
    size_t n = 0;
    if (message == NULL || *message == '\0')
        return;
    fprintf(s->tool->out, "\nWhat it says\n");
    for (; *message != '\0' && n < MESSAGE_LINES_MAX; n++) {
        size_t length = strcspn(message, "\n");
        fprintf(s->tool->out, "  | %s\n", output_text(s->arena, arena_strndup(s->arena, message, length)));
        message += length + (message[length] == '\n');
    }
    if (*message != '\0')
        fprintf(s->tool->out, "  (it goes on; --json shows all)\n");
}

static const char *score_text(struct arena *a, const Baton__Lead *l)
{
    if (!l->has_score)
        return "";
    return arena_printf(a, "%u.%u %% likely to convert, 8 of 10 times between %u and %u %%", l->score / 10,
                        l->score % 10, l->score_low / 10, l->score_high / 10);
}

static const char *steps_text(struct arena *a, const Baton__Lead *l)
{
    const char *text = "";
    for (size_t i = 0; i < l->n_deadline_steps; i++) {
        const Baton__DeadlineStep *d = l->deadline_steps[i];
        text = arena_printf(
            a, "%s%s%s%s%s", text, i > 0 ? ", then " : "",
            output_word(a, &baton__deadline_action__descriptor, (int)d->action, "DEADLINE_ACTION_"),
            d->at != NULL ? " at " : "", output_time(a, d->at));
    }
    return text;
}

static void print_where(struct session *s, const Baton__Lead *l)
{
    struct arena *a = s->arena;
    const struct line from[] = {
        {"received", output_time(a, l->received_at)},
        {"source", output_text(a, l->lead_source)},
        {"campaign", output_text(a, l->campaign_id)},
        {"brought by", records_name(s, "user", l->captured_by)},
        {"territories", names_of(s, "territory", l->territory_ids, l->n_territory_ids)},
        {"odd", joined(a, (const char *const *)l->flags, l->n_flags, ", ")},
    };
    const struct line stands[] = {
        {"status", output_word(a, &baton__lead_status__descriptor, (int)l->status, "LEAD_STATUS_")},
        {"because", output_text(a, l->status_reason)},
        {"held by", records_name(s, "user", l->owner_id)},
        {"in queue", records_name(s, "pool", l->queue_id)},
        {"had before", names_of(s, "user", l->previous_owner_ids, l->n_previous_owner_ids)},
        {"answer due", output_time(a, l->response_due_at)},
        {"else", steps_text(a, l)},
        {"answered", output_time(a, l->first_responded_at)},
        {"paused until", output_time(a, l->paused_until)},
        {"waits for", l->paused_until != NULL ? output_text(a, l->pause_reason) : ""},
        {"rests until", output_time(a, l->recycled_until)},
        {"score", score_text(a, l)},
        {"complete", l->has_completeness ? arena_printf(a, "%u of 100", l->completeness) : ""},
        {"missing", joined(a, (const char *const *)l->missing, l->n_missing, ", ")},
    };
    PRINT_LINES(s->tool, "Where it is from", from);
    PRINT_LINES(s->tool, "How it stands", stands);
}

static void print_others(struct session *s, const Baton__Lead *l)
{
    struct arena *a = s->arena;
    const struct line lines[] = {
        {"merged into", output_text(a, l->merged_into_id)},
        {"merged with", joined(a, (const char *const *)l->merged_lead_ids, l->n_merged_lead_ids, ", ")},
        {"perhaps also",
         joined(a, (const char *const *)l->possible_duplicate_ids, l->n_possible_duplicate_ids, ", ")},
        {"became", JOINED(a, ", ", records_name(s, "account", l->converted_account_id),
                          records_name(s, "opportunity", l->converted_opportunity_id))},
        {"followed by", names_of(s, "user", l->follower_ids, l->n_follower_ids)},
    };
    PRINT_LINES(s->tool, "Who and what belongs to it", lines);
}

static void print_page(struct session *s, const Baton__ExplainLeadResponse *r)
{
    struct tool *t = s->tool;
    print_who(s, r->lead);
    print_message(s, r->lead->message);
    print_where(s, r->lead);
    print_others(s, r->lead);
    if (r->n_decisions > 0)
        fprintf(t->out, "\nWhy it went there\n");
    for (size_t i = 0; i < r->n_decisions; i++)
        lead_explain_made(t, r->decisions[i], s->arena);
    fprintf(t->out, "\nWhat the customer was written\n");
    if (r->acknowledgement == NULL) {
        fprintf(t->out, "  nothing\n");
        return;
    }
    fprintf(t->out, "  on arrival, %s\n", output_time(s->arena, r->lead->acknowledged_at));
    written_print(t, r->acknowledgement, s->arena);
}

/* The newest of those that were not merged, else of all. */
static const Baton__Lead *newest_of(const Baton__ListLeadsResponse *r)
{
    for (size_t i = 0; i < r->n_leads; i++)
        if (r->leads[i]->status != BATON__LEAD_STATUS__LEAD_STATUS_MERGED)
            return r->leads[i];
    return r->n_leads > 0 ? r->leads[0] : NULL;
}

/* NULL: s->no says why. Others of the same address are told of on standard error. */
static char *id_of(struct session *s, char *email)
{
    Baton__ListLeadsRequest q = BATON__LIST_LEADS_REQUEST__INIT;
    q.email = email;
    const Baton__ListLeadsResponse *r = session_call(s, "LeadService/ListLeads", &q);
    const Baton__Lead *newest = r != NULL ? newest_of(r) : NULL;
    if (r != NULL && newest == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no lead with the address \"%s\"", email);
    for (size_t i = 0; newest != NULL && i < r->n_leads; i++)
        if (r->leads[i] != newest)
            fprintf(stderr, "also of this address: %s, %s\n", output_text(s->arena, r->leads[i]->id),
                    output_word(s->arena, &baton__lead_status__descriptor, (int)r->leads[i]->status,
                                "LEAD_STATUS_"));
    return newest != NULL ? newest->id : NULL;
}

static bool show(struct session *s)
{
    Baton__ExplainLeadRequest q = BATON__EXPLAIN_LEAD_REQUEST__INIT;
    q.id = strchr(s->words[0], '@') != NULL ? id_of(s, s->words[0]) : s->words[0];
    const Baton__ExplainLeadResponse *r =
        q.id != NULL ? session_call(s, "LeadService/ExplainLead", &q) : NULL;
    if (r == NULL || r->lead == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, r);
    else
        print_page(s, r);
    return true;
}

int tool_lead_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, show);
}
