/* `baton demo`: a made-up company, always the same one, and leads that keep arriving. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "baton/v1/opportunities.pb-c.h"
#include "tool/demo_names.h"
#include "tool/demo_sales.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/roster.h"
#include "tool/session.h"

enum {
    ARENA_LIMIT = 256 << 20,
    REPS = 35,
    TEAMS = 6,
    KEY_ACCOUNT_EVERY = 6, /* every sixth representative looks after key accounts */
    KEY_ACCOUNT_EMPLOYEES = 1000,
    CAPACITY = 400,
    LEAD_EVERY_FROM_MS = 2000,
    LEAD_EVERY_TO_MS = 5000,
    DAY_START = 8 * 60,
    DAY_END = 18 * 60,
    WORKING_DAYS = 5,
};
static const char PASSWORD[] = "demo demo demo";
static const char SOURCE_DOMAIN[] = "baton.example"; /* RFC 2606: belongs to nobody */

struct demo {
    struct session *session;
    struct tool *tool;
    struct roster roster;
    uint64_t seed;
    Baton__User *managers[TEAMS], *reps[REPS];
    unsigned rep_region[REPS];
};

/* splitmix64 (Vigna). */
static uint64_t random_next(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t random_below(uint64_t *seed, size_t n)
{
    return (size_t)(random_next(seed) % n);
}

static const char *random_word(uint64_t *seed, const struct demo_words *words)
{
    return words->words[random_below(seed, words->n)];
}

/* --- the company --- */

/* Monday to Friday in the person's own zone. */
static void set_hours(Baton__User *user, const char *zone, struct arena *a)
{
    user->time_zone = (char *)zone;
    user->working_hours = ARENA_ARRAY(a, Baton__WorkingInterval *, WORKING_DAYS);
    for (unsigned day = 0; day < WORKING_DAYS; day++) {
        Baton__WorkingInterval *w = ARENA_NEW(a, Baton__WorkingInterval);
        baton__working_interval__init(w);
        w->has_weekday = w->has_start_minute = w->has_end_minute = true;
        w->weekday = day + 1;
        w->start_minute = DAY_START;
        w->end_minute = DAY_END;
        user->working_hours[user->n_working_hours++] = w;
    }
}

/* Person number `n`: names do not repeat, because each step changes both words' combination. */
static Baton__User *make_person(struct demo *d, unsigned n, Baton__Role role, unsigned region,
                                const char *team_id, char *territory_id)
{
    struct arena *a = d->roster.arena;
    const char *first = demo_first_names.words[n % demo_first_names.n];
    const char *last = demo_last_names.words[(n * 7 + 3) % demo_last_names.n];
    char *territories[] = {territory_id};
    Baton__User user;
    baton__user__init(&user);
    user.name = arena_printf(a, "%s %s", first, last);
    user.email = arena_printf(a, "%s.%s@%s", first, last, SOURCE_DOMAIN);
    for (char *p = user.email; *p != '\0'; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    user.has_role = true;
    user.role = role;
    user.team_id = (char *)team_id;
    user.territory_ids = territories;
    user.n_territory_ids = 1;
    user.has_capacity = role == BATON__ROLE__ROLE_REP && n % 5 != 0;
    user.capacity = CAPACITY;
    set_hours(&user, demo_regions[region].zones[n % DEMO_ZONES], a);
    return roster_user(&d->roster, &user);
}

/* Two teams in each region, the representatives spread over them. */
static bool make_people(struct demo *d)
{
    Baton__Team *teams[TEAMS];
    Baton__Territory *territories[TEAMS];
    for (unsigned i = 0; i < TEAMS; i++) {
        unsigned region = i % demo_regions_n;
        territories[i] = roster_territory(&d->roster, demo_regions[region].name,
                                          BATON__TERRITORY_KIND__TERRITORY_KIND_REGION);
        if (territories[i] == NULL)
            return false;
        d->managers[i] =
            make_person(d, REPS + i, BATON__ROLE__ROLE_MANAGER, region, NULL, territories[i]->id);
        if (d->managers[i] == NULL)
            return false;
        const char *name = arena_printf(d->roster.arena, "%s %s", demo_regions[region].name,
                                        i < demo_regions_n ? "North" : "South");
        teams[i] = roster_team(&d->roster, name, d->managers[i]);
        if (teams[i] == NULL)
            return false;
    }
    for (unsigned n = 0; n < REPS; n++) {
        unsigned team = n % TEAMS;
        d->rep_region[n] = team % (unsigned)demo_regions_n;
        d->reps[n] = make_person(d, n, BATON__ROLE__ROLE_REP, d->rep_region[n], teams[team]->id,
                                 territories[team]->id);
        if (d->reps[n] == NULL)
            return false;
    }
    return true;
}

static bool make_products(struct demo *d)
{
    struct record_list products;
    size_t made = 0;
    if (!records_load(d->roster.api, "product", d->roster.arena, &products, &d->roster.no))
        return false;
    for (size_t i = 0; i < demo_products_n; i++) {
        Baton__Product p;
        Baton__Money price;
        baton__product__init(&p);
        baton__money__init(&price);
        p.code = (char *)demo_products[i].code;
        p.name = (char *)demo_products[i].name;
        p.family = (char *)demo_products[i].family;
        p.unit = (char *)"piece";
        price.currency_code = (char *)"EUR";
        price.has_minor_units = true;
        price.minor_units = demo_products[i].cents;
        p.list_price = &price;
        if (records_ensure(d->roster.api, &products, "code", &p.base, d->roster.arena, &made,
                           &d->roster.no) == NULL)
            return false;
    }
    return true;
}

static bool make_form(struct demo *d)
{
    struct record_list forms;
    size_t made = 0;
    Baton__LeadForm *form = demo_form(d->roster.arena);
    if (!records_load(d->roster.api, "lead_form", d->roster.arena, &forms, &d->roster.no) ||
        !records_ensure(d->roster.api, &forms, "name", &form->base, d->roster.arena, &made, &d->roster.no))
        return false;
    fprintf(d->tool->out, "demo: a form that anybody may fill in: %s/forms/%s\n", api_address(d->roster.api),
            form->name);
    return true;
}

/* One for whoever wrote in Chinese, one for everybody else. */
static bool make_templates(struct demo *d)
{
    struct record_list there;
    size_t made = 0;
    if (!records_load(d->roster.api, "response_template", d->roster.arena, &there, &d->roster.no))
        return false;
    for (size_t i = 0; i < demo_templates_n; i++) {
        Baton__ResponseTemplate t;
        baton__response_template__init(&t);
        t.name = (char *)demo_templates[i].name;
        t.language = (char *)demo_templates[i].language;
        t.written_in = (char *)demo_templates[i].written_in;
        t.subject = (char *)demo_templates[i].subject;
        t.body = (char *)demo_templates[i].body;
        if (records_ensure(d->roster.api, &there, "name", &t.base, d->roster.arena, &made, &d->roster.no) ==
            NULL)
            return false;
    }
    return true;
}

/* Representatives of a region, or, with `region` NULL, those who look after key accounts. */
static Baton__Pool *make_pool(struct demo *d, const char *name, const unsigned *region)
{
    const Baton__User *people[REPS];
    size_t n = 0;
    for (unsigned i = 0; i < REPS; i++)
        if (region != NULL ? d->rep_region[i] == *region : i % KEY_ACCOUNT_EVERY == i / KEY_ACCOUNT_EVERY)
            people[n++] = d->reps[i];
    return roster_pool(&d->roster, name, people, n);
}

/* Large companies and the large product to key accounts, the rest by country, what is left to everybody. */
static bool make_policy(struct demo *d)
{
    struct roster *r = &d->roster;
    Baton__Rule *rules[8];
    size_t n = 0;
    bool published;
    const char *employees[] = {arena_printf(r->arena, "%d", KEY_ACCOUNT_EMPLOYEES)};
    const char *product[] = {"Relay Enterprise"};
    const Baton__Pool *key = make_pool(d, "Key accounts", NULL);
    const Baton__Pool *all = roster_pool(r, "Everybody", (const Baton__User *const *)d->reps, REPS);
    if (key == NULL || all == NULL)
        return false;
    rules[n++] = roster_rule(r, "Large companies", key, "number_of_employees",
                             BATON__OPERATOR__OPERATOR_AT_LEAST, employees, 1);
    rules[n++] = roster_rule(r, "Interest in the large product", key, "product_interest",
                             BATON__OPERATOR__OPERATOR_IS, product, 1);
    for (unsigned region = 0; region < demo_regions_n; region++) {
        const Baton__Pool *pool = make_pool(d, demo_regions[region].name, &region);
        if (pool == NULL)
            return false;
        rules[n++] = roster_rule(r, arena_printf(r->arena, "Countries of %s", demo_regions[region].name),
                                 pool, "address.country", BATON__OPERATOR__OPERATOR_IS,
                                 demo_regions[region].countries, demo_regions[region].n_countries);
    }
    rules[n++] = roster_rule(r, "Everything else", all, NULL, BATON__OPERATOR__OPERATOR_UNSPECIFIED, NULL, 0);
    return roster_policy(r, rules, n, "the demo's rules", &published);
}

static bool set_password(struct demo *d, const Baton__User *user)
{
    Baton__SetPasswordRequest request;
    void *answer;
    baton__set_password_request__init(&request);
    request.request_id = request_id_new(d->roster.arena);
    request.user_id = user->id;
    request.new_password = (char *)PASSWORD;
    return api_call(d->roster.api, "DirectoryService/SetPassword", &request, d->roster.arena, &answer,
                    &d->roster.no);
}

static bool make_sales(struct demo *d)
{
    enum { OWNERS = 8 };
    const bool good = demo_sales(d->session, (const Baton__User *const *)d->reps, OWNERS, d->managers[0]);
    d->roster.no = d->session->no;
    return good;
}

/* Rules are made last: where there are some, or another company's teams, nothing is to be built. */
static bool is_needed(struct demo *d, bool *needed)
{
    Baton__GetPolicyRequest request;
    void *answer;
    bool ours = records_find(&d->roster.teams, "name", "EMEA North") != NULL;
    baton__get_policy_request__init(&request);
    *needed = ours || d->roster.teams.n == 0;
    if (!api_call(d->roster.api, "LeadService/GetPolicy", &request, d->roster.arena, &answer, &d->roster.no))
        return d->roster.no.code == REFUSAL_NOT_FOUND;
    const Baton__Policy *policy = ((Baton__GetPolicyResponse *)answer)->policy;
    *needed = *needed && (policy == NULL || policy->n_rules == 0);
    return true;
}

static bool build(struct demo *d)
{
    fprintf(d->tool->out, "demo: building a made-up company\n");
    if (!make_people(d) || !make_products(d) || !make_form(d) || !make_templates(d))
        return false;
    const Baton__User *known[] = {d->managers[0], d->reps[0], d->reps[1], d->reps[2]};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!set_password(d, known[i]))
            return false;
        fprintf(d->tool->out, "demo: sign in as %s %s / %s\n", i == 0 ? "manager" : "representative",
                known[i]->email, PASSWORD);
    }
    return make_sales(d) && make_policy(d);
}

static bool build_if_needed(struct demo *d)
{
    bool needed;
    if (!roster_load(&d->roster, d->roster.api, d->roster.arena) || !is_needed(d, &needed))
        return false;
    if (needed)
        return build(d);
    const Baton__User *rep =
        (const Baton__User *)records_find(&d->roster.users, "email", "alva.drumwick@baton.example");
    fprintf(d->tool->out, "demo: there is a company already%s%s\n",
            rep != NULL ? "; sign in as before, like " : "", rep != NULL ? rep->email : "");
    return true;
}

/* --- leads that keep arriving --- */

static void make_up(Baton__Lead *lead, uint64_t *seed, struct arena *a)
{
    const struct demo_place *place = &demo_places[random_below(seed, demo_places_n)];
    const char *company = random_word(seed, &demo_company_starts);
    baton__lead__init(lead);
    lead->address = ARENA_NEW(a, Baton__Address);
    baton__address__init(lead->address);
    lead->first_name = (char *)random_word(seed, &demo_first_names);
    lead->last_name = (char *)random_word(seed, &demo_last_names);
    lead->company = arena_printf(a, "%s %s", company, random_word(seed, &demo_company_ends));
    lead->title = (char *)random_word(seed, &demo_titles);
    lead->email = arena_printf(a, "%.1s%s@%" PRIx64 ".example", lead->first_name, lead->last_name,
                               random_next(seed) & 0xffffff);
    lead->industry = (char *)random_word(seed, &demo_industries);
    lead->lead_source = (char *)random_word(seed, &demo_sources);
    lead->message = (char *)random_word(seed, &demo_messages);
    lead->product_interest = (char *)demo_products[random_below(seed, demo_products_n)].name;
    lead->has_number_of_employees = true;
    lead->number_of_employees = (int64_t)(5 + random_below(seed, 40) * random_below(seed, 40));
    lead->address->city = (char *)place->city;
    lead->address->country = (char *)place->country;
    lead->language = (char *)(strcmp(place->country, "Taiwan") == 0 ? "zh-TW" : "en");
}

static bool send_lead(struct demo *d)
{
    Baton__CaptureLeadRequest request;
    Baton__Lead lead;
    void *answer;
    arena_reset(d->roster.arena);
    make_up(&lead, &d->seed, d->roster.arena);
    baton__capture_lead_request__init(&request);
    request.request_id = request_id_new(d->roster.arena);
    request.lead = &lead;
    request.has_acknowledge = request.acknowledge = true;
    return api_call(d->roster.api, "LeadService/CaptureLead", &request, d->roster.arena, &answer,
                    &d->roster.no);
}

/* Goes on where an earlier run stopped, so that the same leads do not come again. */
static void seed_from_custody(struct demo *d)
{
    Baton__GetCustodyRequest request;
    void *answer;
    baton__get_custody_request__init(&request);
    d->seed = 1;
    if (!api_call(d->roster.api, "LeadService/GetCustody", &request, d->roster.arena, &answer, &d->roster.no))
        return; /* the same leads once more do no harm */
    const Baton__Custody *custody = ((Baton__GetCustodyResponse *)answer)->custody;
    d->seed += custody != NULL ? custody->received : 0;
}

/* Until a signal says stop. While Baton does not answer it waits like everybody else. */
static void run_live(struct demo *d)
{
    sigset_t stop;
    bool trouble = false;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    seed_from_custody(d);
    for (;;) {
        long ms = LEAD_EVERY_FROM_MS + (long)random_below(&d->seed, LEAD_EVERY_TO_MS - LEAD_EVERY_FROM_MS);
        struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
        if (sigtimedwait(&stop, NULL, &wait) > 0)
            return;
        bool good = send_lead(d);
        if (!good && !trouble)
            (void)tool_refused(&d->roster.no); /* said once; it goes on */
        trouble = !good;
    }
}

static bool demo(struct session *s)
{
    struct demo d = {.session = s, .tool = s->tool, .seed = 1, .roster = {.api = s->api, .arena = s->arena}};
    const bool *live = s->arg;
    bool good = build_if_needed(&d);
    (void)fflush(s->tool->out); /* what there is to see stands there before the leads come */
    if (good && *live)
        run_live(&d);
    s->no = d.roster.no;
    return good;
}

int tool_demo(struct tool *t, int argc, char **argv)
{
    bool live = false;
    int first;
    const struct option_row rows[] = {{"live", OPTION_FLAG, &live}};
    if (!options_read(rows, 1, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, demo, &live);
}
