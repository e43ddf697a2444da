/* `baton opportunity`: listed, shown, with everything that was ever thought of them. */
#include "tool/opportunity.h"

#include <string.h>

#include "base/money.h"
#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 256 << 20, ESTIMATES_PAGE = 200 };

struct listing {
    const char *pipeline, *stage, *owner;
    bool open;
};

const char *opportunity_amount(const Baton__Money *m, struct arena *a)
{
    return m != NULL ? arena_printf(a, "%s %s", output_amount(a, m->minor_units, m->currency_code),
                                    output_text(a, m->currency_code))
                     : "";
}

static const char *percent(bool is_said, uint32_t n, struct arena *a)
{
    return is_said ? arena_printf(a, "%u %%", n) : "";
}

/* --- list --- */

static const Baton__Pipeline *pipeline_of(const struct record_list *pipelines, const char *id)
{
    return (const Baton__Pipeline *)records_find(pipelines, "id", id);
}

static const char *stage_name(const Baton__Pipeline *p, const char *key)
{
    for (size_t i = 0; p != NULL && key != NULL && i < p->n_stages; i++)
        if (strcmp(p->stages[i]->key, key) == 0)
            return p->stages[i]->name;
    return key;
}

static bool is_meant(const struct listing *l, const Baton__Opportunity *o, const Baton__Pipeline *p,
                     const Baton__User *owner)
{
    return (l->pipeline == NULL || (p != NULL && strcmp(p->name, l->pipeline) == 0)) &&
           (l->stage == NULL || (o->stage_key != NULL && strcmp(o->stage_key, l->stage) == 0)) &&
           (owner == NULL || (o->owner_id != NULL && strcmp(o->owner_id, owner->id) == 0)) &&
           (!l->open || o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_OPEN);
}

static void print_list(struct session *s, const struct record_list *list, const struct record_list *pipelines,
                       const struct record_list *users)
{
    struct grid g;
    struct arena *a = s->arena;
    grid_init(&g, a, "name|pipeline|stage|>amount|>chance|closes|owner|id");
    for (size_t i = 0; i < list->n; i++) {
        const Baton__Opportunity *o = (const Baton__Opportunity *)list->rows[i];
        const Baton__Pipeline *p = pipeline_of(pipelines, o->pipeline_id);
        const Baton__User *u = (const Baton__User *)records_find(users, "id", o->owner_id);
        grid_add(&g, (const char *[]){o->name, p != NULL ? p->name : "", stage_name(p, o->stage_key),
                                      opportunity_amount(o->amount, a),
                                      percent(o->has_probability, o->probability, a), o->close_date,
                                      u != NULL ? u->name : o->owner_id, o->id});
    }
    grid_print(&g, s->tool);
}

static bool list(struct session *s)
{
    const struct listing *l = s->arg;
    struct record_list all, pipelines, users, some = {0};
    const Baton__User *owner = l->owner != NULL ? records_user(s->api, l->owner, s->arena, &s->no) : NULL;
    if ((l->owner != NULL && owner == NULL) || !records_load(s->api, "opportunity", s->arena, &all, &s->no) ||
        !records_load(s->api, "pipeline", s->arena, &pipelines, &s->no) ||
        !records_load(s->api, "user", s->arena, &users, &s->no))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const Baton__Opportunity *o = (const Baton__Opportunity *)all.rows[i];
        if (is_meant(l, o, pipeline_of(&pipelines, o->pipeline_id), owner))
            records_add(&some, all.rows[i], s->arena);
    }
    if (s->tool->json)
        records_print_json(s->tool, &some);
    else
        print_list(s, &some, &pipelines, &users);
    return true;
}

int tool_opportunity_list(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {{"pipeline", OPTION_TEXT, &l.pipeline},
                                      {"stage", OPTION_TEXT, &l.stage},
                                      {"owner", OPTION_TEXT, &l.owner},
                                      {"open", OPTION_FLAG, &l.open}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, MEMORY, list, &l);
}

/* --- one --- */

static void print_line(struct tool *t, const char *label, const char *value)
{
    if (value != NULL && *value != '\0')
        fprintf(t->out, "  %-14s  %s\n", label, value);
}

static const char *custom_text(const Baton__CustomValue *v, struct arena *a)
{
    char number[DECIMAL_SIZE];
    if (v->has_number_e6) {
        decimal_format_short(number, v->number_e6, 6);
        return arena_strdup(a, number);
    }
    const char *const texts[] = {v->text, v->date, v->choice, v->reference_id};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] != NULL)
            return output_text(a, texts[i]);
    return opportunity_amount(v->money, a);
}

static void print_approval(struct session *s, const Baton__StageApproval *p, const Baton__Pipeline *pipeline)
{
    struct arena *a = s->arena;
    if (p == NULL)
        return;
    print_line(s->tool, "approval",
               arena_printf(a, "to %s: %s, asked for by %s on %s",
                            output_text(a, stage_name(pipeline, p->stage_key)),
                            output_word(a, &baton__stage_approval_status__descriptor, (int)p->status,
                                        "STAGE_APPROVAL_STATUS_"),
                            records_name(s, "user", p->requested_by_id), output_time(a, p->requested_at)));
    for (size_t i = 0; i < p->n_roles; i++)
        print_line(s->tool, "by", output_word(a, &baton__role__descriptor, (int)p->roles[i], "ROLE_"));
    for (size_t i = 0; i < p->n_manager_ids; i++)
        print_line(s->tool, "by", records_name(s, "user", p->manager_ids[i]));
    if (p->decided_by_id != NULL)
        print_line(s->tool, "decided by", records_name(s, "user", p->decided_by_id));
    print_line(s->tool, "because", output_text(a, p->reason));
}

static void print_one(struct session *s, const Baton__Opportunity *o, const Baton__Pipeline *p)
{
    struct arena *a = s->arena;
    struct tool *t = s->tool;
    const struct {
        const char *label, *value;
    } lines[] = {
        {"account", records_name(s, "account", o->account_id)},
        {"contact", records_name(s, "contact", o->contact_id)},
        {"owner", records_name(s, "user", o->owner_id)},
        {"pipeline", p != NULL ? output_text(a, p->name) : ""},
        {"stage", output_text(a, stage_name(p, o->stage_key))},
        {"since", output_time(a, o->stage_entered_at)},
        {"amount", opportunity_amount(o->amount, a)},
        {"chance", percent(o->has_probability, o->probability, a)},
        {"closes", output_text(a, o->close_date)},
        {"next step", output_text(a, o->next_step)},
        {"although", output_text(a, o->override_reason)},
        {"stalled", output_time(a, o->stalled_at)},
        {"ended", output_time(a, o->closed_at)},
        {"because", output_text(a, o->outcome_reason)},
        {"lost to", output_text(a, o->lost_to)},
    };
    fprintf(t->out, "%s, %s\n", output_text(a, o->name), output_text(a, o->id));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        print_line(t, lines[i].label, lines[i].value);
    for (size_t i = 0; i < o->n_custom; i++)
        print_line(t, output_text(a, o->custom[i]->name), custom_text(o->custom[i], a));
    print_approval(s, o->approval, p);
}

static bool show(struct session *s)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    struct record_list pipelines;
    q.type = (char *)"opportunity";
    q.id = s->words[0];
    const Baton__GetRecordResponse *r = session_call(s, "RecordService/GetRecord", &q);
    if (r == NULL || r->record == NULL || r->record->record_case != BATON__RECORD__RECORD_OPPORTUNITY)
        return false;
    const Baton__Opportunity *o = r->record->opportunity;
    if (s->tool->json)
        tool_print_json(s->tool, o);
    else if (!records_load(s->api, "pipeline", s->arena, &pipelines, &s->no))
        return false;
    else
        print_one(s, o,
                  pipeline_of(&pipelines, o->approval != NULL ? o->approval->pipeline_id : o->pipeline_id));
    return true;
}

int tool_opportunity_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, show);
}

/* --- what was thought of it --- */

static void print_estimates(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListEstimatesResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "when|stage|>amount|>chance|closes|forecast");
    for (size_t i = 0; i < r->n_estimates; i++) {
        const Baton__Estimate *e = r->estimates[i];
        const Google__Protobuf__Timestamp *at = timestamp_of(a, (int64_t)e->at_us);
        grid_add(&g, (const char *[]){output_time(a, at), e->stage_key, opportunity_amount(e->amount, a),
                                      percent(e->has_probability, e->probability, a), e->close_date,
                                      output_word(a, &baton__forecast_category__descriptor,
                                                  (int)e->forecast_category, "FORECAST_CATEGORY_")});
    }
    grid_print(&g, t);
}

static bool estimates(struct session *s)
{
    Baton__ListEstimatesRequest q = BATON__LIST_ESTIMATES_REQUEST__INIT;
    q.opportunity_id = s->words[0];
    q.has_page_size = true;
    q.page_size = ESTIMATES_PAGE;
    return session_ask(s, "OpportunityService/ListEstimates", &q, print_estimates);
}

int tool_opportunity_estimates(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, estimates);
}
