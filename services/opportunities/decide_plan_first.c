/* The templates of plans that there are from the first start on; none of them starts by itself. */
#include "baton/v1/contacts.pb-c.h"
#include "services/opportunities/plan.h"

#define ACTIVITY(NAME) BATON__ACTIVITY_KIND__ACTIVITY_KIND_##NAME
#define DOCUMENT(NAME) BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_##NAME
#define EVIDENCE(NAME) BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_##NAME
#define WHO(NAME)      BATON__PLAN_WHO__PLAN_WHO_##NAME

struct first_step {
    const char *key, *title;
    uint32_t due_days;
    const char *after; /* the step it depends on; NULL: none */
    Baton__PlanEvidence evidence;
    const char *of; /* of evidence: the stage, or the field */
    Baton__ActivityKind activity;
    Baton__DocumentType document;
    Baton__PlanWho who;
};

static const struct first_step complex_sale[] = {
    {"meet", "Meet them, and hear what they need", .due_days = 5, .evidence = EVIDENCE(ACTIVITY),
     .activity = ACTIVITY(MEETING)},
    {"people", "Write down who buys, in which role", .due_days = 10, .after = "meet",
     .evidence = EVIDENCE(FIELD), .of = "contact_roles"},
    {"rivals", "Write down who else offers", .due_days = 10, .after = "meet", .evidence = EVIDENCE(FIELD),
     .of = "competitors"},
    {"nda", "A non-disclosure agreement is in force", .due_days = 10, .after = "meet",
     .evidence = EVIDENCE(DOCUMENT), .document = DOCUMENT(NDA)},
    {"needs", "Agree with them on what is needed", .due_days = 15, .after = "meet",
     .evidence = EVIDENCE(STAGE), .of = "needs_analysis"},
    {"show", "Show them that it does what they need", .due_days = 10, .after = "needs",
     .evidence = EVIDENCE(ACTIVITY), .activity = ACTIVITY(MEETING)},
    {"check", "Go through price and risks before it is offered", .due_days = 5, .after = "show",
     .who = WHO(MANAGER)},
    {"offer", "Send the quote", .due_days = 5, .after = "check", .evidence = EVIDENCE(QUOTE_SENT)},
    {"talk", "Talk it over with whoever decides", .due_days = 10, .after = "offer",
     .evidence = EVIDENCE(STAGE), .of = "negotiation"},
    {"accept", "They accept", .due_days = 20, .after = "talk", .evidence = EVIDENCE(QUOTE_ACCEPTED)},
    {"contract", "The contract is in force", .due_days = 10, .after = "accept",
     .evidence = EVIDENCE(DOCUMENT), .document = DOCUMENT(CONTRACT)},
};
static const struct first_step review[] = {
    {"figures", "Gather what they bought, what is open, what they complained of", .due_days = 5},
    {"ask", "Ask the people who use it how satisfied they are", .due_days = 5, .evidence = EVIDENCE(ACTIVITY),
     .activity = ACTIVITY(CALL)},
    {"meet", "Meet their sponsor: last year, goals, what comes next", .due_days = 15, .after = "figures",
     .evidence = EVIDENCE(ACTIVITY), .activity = ACTIVITY(MEETING)},
    {"next", "Agree on the next step", .due_days = 3, .after = "meet", .evidence = EVIDENCE(FIELD),
     .of = "next_step"},
    {"account", "Bring the account's plan and buyers up to date", .due_days = 5, .after = "meet"},
    {"report", "Go through it together, and decide what is invested", .due_days = 5, .after = "account",
     .who = WHO(MANAGER)},
};
static const struct first_step renewal[] = {
    {"terms", "Look at the contract: last day, notice, price", .due_days = 3},
    {"use", "Find out what they use, and what they do not", .due_days = 5},
    {"call", "Call them: do they want to go on?", .due_days = 5, .after = "use",
     .evidence = EVIDENCE(ACTIVITY), .activity = ACTIVITY(CALL)},
    {"day", "Agree on the day by which it is decided", .due_days = 5, .after = "call",
     .evidence = EVIDENCE(FIELD), .of = "close_date"},
    {"offer", "Send the quote", .due_days = 10, .after = "call", .evidence = EVIDENCE(QUOTE_SENT)},
    {"accept", "They accept", .due_days = 15, .after = "offer", .evidence = EVIDENCE(QUOTE_ACCEPTED)},
    {"contract", "The new contract is in force", .due_days = 10, .after = "accept",
     .evidence = EVIDENCE(DOCUMENT), .document = DOCUMENT(CONTRACT)},
};

static const struct {
    const char *name, *situation;
    const struct first_step *steps;
    size_t n;
} firsts[] = {
    {"Complex sale", "complex sale", complex_sale, sizeof complex_sale / sizeof *complex_sale},
    {"Key account review", "key account", review, sizeof review / sizeof *review},
    {"Renewal", "renewal", renewal, sizeof renewal / sizeof *renewal},
};

static Baton__PlanTemplateStep *step_of(const struct first_step *f, struct arena *a)
{
    Baton__PlanTemplateStep *step = ARENA_NEW(a, Baton__PlanTemplateStep);
    baton__plan_template_step__init(step);
    step->key = arena_strdup(a, f->key);
    step->title = arena_strdup(a, f->title);
    step->has_due_days = true;
    step->due_days = f->due_days;
    step->depends_on = ARENA_ARRAY(a, char *, 1);
    step->depends_on[0] = arena_strdup(a, f->after);
    step->n_depends_on = f->after ? 1 : 0;
    step->has_evidence = f->evidence != 0;
    step->evidence = f->evidence;
    step->stage_key = f->evidence == EVIDENCE(STAGE) ? arena_strdup(a, f->of) : NULL;
    step->opportunity_field = f->evidence == EVIDENCE(FIELD) ? arena_strdup(a, f->of) : NULL;
    step->has_activity_kind = f->activity != 0;
    step->activity_kind = f->activity;
    step->has_document_type = f->document != 0;
    step->document_type = f->document;
    step->has_who = f->who != 0;
    step->who = f->who;
    return step;
}

void plan_firsts(struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        Baton__PlanTemplate *t = ARENA_NEW(s->arena, Baton__PlanTemplate);
        baton__plan_template__init(t);
        t->name = arena_strdup(s->arena, firsts[i].name);
        t->situation = arena_strdup(s->arena, firsts[i].situation);
        t->steps = ARENA_ARRAY(s->arena, Baton__PlanTemplateStep *, firsts[i].n);
        for (; t->n_steps < firsts[i].n; t->n_steps++)
            t->steps[t->n_steps] = step_of(&firsts[i].steps[t->n_steps], s->arena);
        (void)record_created(&t->base, s, out); /* nothing more is to be said of it */
    }
}
