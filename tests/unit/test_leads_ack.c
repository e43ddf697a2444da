/* What customers are written: texts, which template is taken, who is written to. Numbers are those of
   decide_ack.c and decide_ack_check.c. */
#include "unit/leads_facts.h"

#include "services/leads/ack.h"

#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

enum { TEMPLATES_MAX = 8 };

/* Beside the usual people: templates, and Anna's address and telephone. */
struct world {
    struct leads_template templates[TEMPLATES_MAX];
    struct leads_responses responses;
    struct worktime *berlin;
};

static struct world *world_new(struct leads_test *t)
{
    struct world *w = ARENA_NEW(t->arena, struct world);
    w->responses.templates = w->templates;
    w->berlin = worktime_new("Europe/Berlin", NULL, 0, NULL, 0, NULL, 0);
    t->routing.organisation_name = "Headquarters";
    t->routing.responses = &w->responses;
    t->persons[ANNA].email = "anna@hq.example";
    t->persons[ANNA].phone = "+49 30 1234567";
    t->persons[ANNA].hours = w->berlin;
    return w;
}

static void world_free(struct world *w)
{
    for (size_t i = 0; i < w->responses.n; i++)
        locale_date_free(w->templates[i].date);
    free(w->responses.recent.slots);
    free(w->responses.recent.chains);
    worktime_free(w->berlin);
}

static Baton__ResponseTemplate *template_of(struct leads_test *t, const char *product, const char *language,
                                            const char *body)
{
    Baton__ResponseTemplate *r = ARENA_NEW(t->arena, Baton__ResponseTemplate);
    baton__response_template__init(r);
    r->id = stamp_id(&t->stamp);
    r->name = arena_printf(t->arena, "%s %s", product ? product : "any", language ? language : "any");
    r->product = arena_strdup(t->arena, product);
    r->language = arena_strdup(t->arena, language);
    r->subject = "Thank you";
    r->body = arena_strdup(t->arena, body);
    r->revision = 4;
    return r;
}

static void add(struct leads_test *t, struct world *w, const char *product, const char *language,
                const char *body)
{
    struct refusal no = {0};
    struct leads_template *to = &w->templates[w->responses.n++];
    assert_true(leads_template_compile(template_of(t, product, language, body), t->arena, to, &no));
    to->date = locale_date_new(language);
}

static Baton__Lead *annas(struct leads_test *t)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    l->has_status = true;
    l->status = STATUS(ASSIGNED);
    l->response_due_at = timestamp_of(t->arena, NOW + 30 * MINUTE);
    return l;
}

/* The event that acknowledging this lead makes; NULL: none. */
static const Baton__LeadAcknowledged *acknowledged(struct leads_test *t, Baton__Lead *l)
{
    fresh(t);
    leads_acknowledge(&t->routing, l, &t->stamp, &t->out);
    assert_true(t->out.n_events <= 1);
    assert_int_equal(l->acknowledged_at != NULL, t->out.n_events);
    return t->out.n_events ? t->out.events[0]->lead_acknowledged : NULL;
}

/* --- texts --- */

static const char *written(struct leads_test *t, const char *text, const Baton__Lead *l)
{
    struct refusal no = {0};
    const struct leads_ack_source from = {.r = &t->routing, .lead = l, .owner = &t->persons[ANNA]};
    const struct fill_text *compiled = fill_compile(text, "body", &leads_ack_fields, t->arena, &no);
    return compiled ? fill_write(compiled, &from, t->arena) : arena_strdup(t->arena, no.message);
}

static void test_texts(void **state)
{
    static const struct {
        const char *first_name, *company, *text, *expected;
    } rows[] = {
        {"Eva", "B", "Dear {lead.first_name|customer},", "Dear Eva,"},
        {NULL, "B", "Dear {lead.first_name|customer},", "Dear customer,"},
        {NULL, "B", "a{lead.first_name|}b", "ab"},
        {"Eva", "B", "[{lead.first_name} of {lead.company}|you], hello", "Eva of B, hello"},
        {"Eva", NULL, "[{lead.first_name} of {lead.company}|{lead.first_name}|you], hello", "Eva, hello"},
        {NULL, NULL, "[{lead.first_name} of {lead.company}|{lead.first_name}|you], hello", "you, hello"},
        {NULL, NULL, "Hello[, {lead.first_name}]!", "Hello!"},
        {NULL, NULL, "[[x]] {{y}} a|b", "[x] {y} a|b"},
        {NULL, NULL, "{owner.name} {organisation.name}", "Anna Headquarters"},
        {NULL, NULL, "äöü\n{owner.nam}",
         "line 2, character 1: there is no field \"owner.nam\"; there are lead.salutation, lead.first_name, "
         "lead.last_name, lead.name, lead.title, lead.company, lead.product, lead.phone, owner.name, "
         "owner.email, owner.phone, due, organisation.name"},
        {NULL, NULL, "äöü {lead.name",
         "line 1, character 5: this brace is not closed with } on its line; a brace itself is written {{"},
        {NULL, NULL, "x}", "line 1, character 2: no brace is open; a brace itself is written }}"},
        {NULL, NULL, "[x", "line 1, character 1: this bracket is not closed with ]"},
        {NULL, NULL, "x]", "line 1, character 2: no bracket is open; a bracket itself is written ]]"},
        {NULL, NULL, "[x [y]]",
         "line 1, character 4: a bracket is open already; a bracket itself is written [["},
        {NULL, NULL, "by {due}",
         "line 1, character 4: it may be missing; say what is written instead, {due|...}, or put what "
         "belongs "
         "to it into [brackets]"},
    };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = annas(t);
        l->first_name = (char *)(uintptr_t)rows[i].first_name;
        l->company = (char *)(uintptr_t)rows[i].company;
        assert_string_equal(written(t, rows[i].text, l), rows[i].expected);
    }
    world_free(w);
}

/* Whatever is typed is refused with its place, or can be filled in; and then nothing of the signs is left
 * over. */
static void test_any_text(void **state)
{
    static const char *const words[] = {"{",   "}",          "[", "]",  "|", "lead.name",
                                        "due", "owner.name", "x", "\n", "ä"};
    enum { WORDS = sizeof words / sizeof *words, LONGEST = 12, ROUNDS = 20000 };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    uint64_t random = 1;
    size_t good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *a = arena_new(1 << 20);
        struct refusal no = {0};
        const char *text = "";
        for (int k = 0; k < LONGEST; k++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            text = arena_printf(a, "%s%s", text, words[(random >> 33) % WORDS]);
        }
        const struct leads_ack_source from = {.r = &t->routing, .lead = NULL, .owner = NULL};
        const struct fill_text *compiled = fill_compile(text, "body", &leads_ack_fields, a, &no);
        if (compiled)
            assert_true(strlen(fill_write(compiled, &from, a)) <= LONGEST * strlen("Headquarters"));
        else
            assert_int_equal(strncmp(no.message, "line ", strlen("line ")), 0);
        good += compiled != NULL;
        arena_free(a);
    }
    assert_true(good > ROUNDS / 1000 && good < ROUNDS);
    world_free(w);
}

/* Whoever fills in a form with somebody else's address cannot write them what they like. */
static void test_strangers_words(void **state)
{
    static const struct {
        const char *given, *written;
    } rows[] = {
        {"Eva", "Eva"},
        {"  Eva \n\t Maria ", "Eva Maria"},
        {"J.R. Ewing", "J.R. Ewing"},
        {"Dr. Eva", "Dr. Eva"},
        {"buy.example", "-"},
        {"see http://x", "-"},
        {"me@buyer", "-"},
        {"Ärzte.example now", "-"},
        {"1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890",
         "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 123"},
    };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = annas(t);
        l->first_name = (char *)(uintptr_t)rows[i].given;
        assert_string_equal(written(t, "{lead.first_name|-}", l), rows[i].written);
    }
    world_free(w);
}

/* --- checking --- */

static void test_check(void **state)
{
    static const struct {
        int rule;
        const char *subject, *body, *product, *language, *field;
    } rows[] = {
        {2, "Thank\r\nBcc: all", "x", NULL, "de", "response_template.subject"},
        {2, "Thank\nyou", "x", NULL, "de", "response_template.subject"},
        {2, "Thank you", "x\ay", NULL, "de", "response_template.body"},
        {3, "Thank you", "x", NULL, "German!", "response_template.language"},
        {4, "{lead.nmae|x}", "x", NULL, "de", "response_template.subject"},
        {4, "Thank you", "{lead.name|x", NULL, "de", "response_template.body"},
        {5, "[{lead.company}]", "x", NULL, "de", "response_template.subject"},
        {5, "Thank you", "[{lead.company}] ", NULL, "de", "response_template.body"},
        {6, "Thank you", "x", NULL, NULL, "response_template.language"},
        {6, "Thank you", "x", "pumps", NULL, "response_template.language"},
        {0, "Thank you", "x", "Pumps", "de", ""},
        {0, "Thank you, {lead.name|customer}", "x\r\ny", NULL, "de", ""},
    };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    add(t, w, NULL, NULL, "x");
    add(t, w, "Pumps", NULL, "x");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__ResponseTemplate *r = template_of(t, rows[i].product, rows[i].language, rows[i].body);
        r->subject = arena_strdup(t->arena, rows[i].subject);
        fresh(t);
        assert_int_equal(leads_check_template(&w->responses, NULL, &r->base, &t->stamp, &t->out),
                         rows[i].rule == 0);
        assert_string_equal(t->out.no.field, rows[i].field);
        assert_null(strchr(r->body, rows[i].rule == 0 ? '\r' : '\x01'));
    }
    /* 1, and what changes is not in its own way */
    assert_true(leads_check_template(NULL, &w->templates[0].source->base, NULL, &t->stamp, &t->out));
    Baton__ResponseTemplate same = *w->templates[0].source;
    fresh(t);
    assert_true(
        leads_check_template(&w->responses, &w->templates[0].source->base, &same.base, &t->stamp, &t->out));
    world_free(w);
}

/* --- which one --- */

static void test_choice(void **state)
{
    static const struct {
        const char *product, *language, *body;
    } rows[] = {
        {"Pumps", "zh-TW", "Pumps zh"},
        {"pumps; valves", NULL, "Pumps any"},
        {"Valves", "zh-HK", "zh-hant"},
        {NULL, "zh-CN", "zh"},
        {NULL, "zh", "zh"},
        {NULL, "de-AT", "de-at"},
        {NULL, "de", "any"},
        {NULL, "fr", "any"},
        {NULL, NULL, "any"},
        {"Pumps", "de-AT", "Pumps any"},
    };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    add(t, w, NULL, NULL, "any");
    add(t, w, NULL, "zh", "zh");
    add(t, w, NULL, "zh-Hant", "zh-hant");
    add(t, w, NULL, "de-AT", "de-at");
    add(t, w, "Pumps", NULL, "Pumps any");
    add(t, w, "Pumps", "zh", "Pumps zh");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = annas(t);
        l->product_interest = (char *)(uintptr_t)rows[i].product;
        l->language = (char *)(uintptr_t)rows[i].language;
        assert_string_equal(acknowledged(t, l)->body, rows[i].body);
    }
    w->responses.templates++; /* 5: none for any language */
    w->responses.n--;
    Baton__Lead *l = annas(t);
    l->language = "fr";
    assert_null(acknowledged(t, l));
    w->responses.templates--;
    w->responses.n++;
    world_free(w);
}

/* --- what and whom --- */

static const char BODY[] =
    "Dear {lead.name|customer},\n[{owner.name} ({owner.phone}) will call by {due}.|{owner.name} will call.]";

static void test_what(void **state)
{
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    add(t, w, NULL, "de", BODY);
    Baton__Lead *l = annas(t);
    l->language = "de";
    l->last_name = "Kunde";
    const Baton__LeadAcknowledged *e = acknowledged(t, l);
    assert_string_equal(e->lead_id, l->id);
    assert_string_equal(e->to_email, "a@b.example");
    assert_string_equal(e->to_name, "Kunde");
    assert_string_equal(e->language, "de");
    assert_string_equal(e->subject, "Thank you");
    assert_string_equal(e->body, "Dear Kunde,\nAnna (+49 30 1234567) will call by Montag, 5. Januar 2026 um "
                                 "11:30 (UTC+1).");
    assert_string_equal(e->from_name, "Anna, Headquarters");
    assert_string_equal(e->reply_to, "anna@hq.example");
    assert_string_equal(e->owner_id, user_id(ANNA));
    assert_string_equal(e->template_id, w->templates[0].source->id);
    assert_int_equal(e->template_revision, 4);
    /* who keeps it for a queue is not who calls */
    l = annas(t);
    l->language = "de";
    l->queue_id = t->pools[0].id;
    e = acknowledged(t, l);
    assert_string_equal(e->body, "Dear customer,\nHeadquarters will call.");
    assert_string_equal(e->from_name, "Headquarters");
    assert_null(e->reply_to);
    assert_null(e->owner_id);
    assert_null(e->response_due_at);
    world_free(w);
}

static void test_whom(void **state)
{
    static const struct {
        int rule;
        Baton__LeadStatus status;
        const char *email;
        bool opted_out;
    } rows[] = {
        {1, STATUS(REJECTED), "a@b.example", false}, {1, STATUS(MERGED), "a@b.example", false},
        {2, STATUS(ASSIGNED), NULL, false},          {2, STATUS(ASSIGNED), "no address", false},
        {3, STATUS(ASSIGNED), "a@b.example", true},  {0, STATUS(ASSIGNED), "a@b.example", false},
    };
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    add(t, w, NULL, NULL, "x");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = annas(t);
        l->status = rows[i].status;
        l->email = (char *)(uintptr_t)rows[i].email;
        l->has_opted_out_of_email = rows[i].opted_out; /* the name of the field itself */
        l->has_has_opted_out_of_email = true;
        assert_int_equal(acknowledged(t, l) != NULL, rows[i].rule == 0);
    }
    t->routing.responses = NULL;
    assert_null(acknowledged(t, annas(t)));
    world_free(w);
}

/* 4 */
static void test_recent(void **state)
{
    struct leads_test *t = *state;
    struct world *w = world_new(t);
    struct leads_recent *recent = &w->responses.recent;
    add(t, w, NULL, NULL, "x");
    recent->slots = calloc(LEADS_RECENT_MAX, sizeof *recent->slots);
    recent->chains = calloc(LEADS_RECENT_MAX, sizeof *recent->chains);
    recent->loaded = true;
    leads_recent_put(recent, 0, leads_address_hash("A@B.example", t->arena), NOW - LEADS_RECENT_US);
    assert_null(acknowledged(t, annas(t)));
    t->stamp.now_us = NOW + 1;
    assert_non_null(acknowledged(t, annas(t)));
    /* what takes its place is found, and it is forgotten */
    leads_recent_put(recent, 0, leads_address_hash("c@d.example", t->arena), NOW);
    t->stamp.now_us = NOW;
    assert_non_null(acknowledged(t, annas(t)));
    Baton__Lead *l = annas(t);
    l->email = "c@d.example";
    assert_null(acknowledged(t, l));
    world_free(w);
}

/* As many as there is room for, three times over, on few chains: each is found until its slot is taken. */
static void test_ring(void **state)
{
    enum { CHAINS = 7 };
    struct leads_recent r = {.loaded = true};
    r.slots = calloc(LEADS_RECENT_MAX, sizeof *r.slots);
    r.chains = calloc(LEADS_RECENT_MAX, sizeof *r.chains);
    for (uint64_t i = 0; i < 3 * LEADS_RECENT_MAX; i++) {
        uint64_t hash = i % CHAINS + i * LEADS_RECENT_MAX;
        leads_recent_put(&r, (uint32_t)(i % LEADS_RECENT_MAX), hash, (int64_t)i);
        if (i % 997)
            continue;
        assert_int_equal(leads_recent_find(&r, hash), i);
        uint64_t old = i - LEADS_RECENT_MAX;
        if (i >= LEADS_RECENT_MAX)
            assert_true(leads_recent_find(&r, old % CHAINS + old * LEADS_RECENT_MAX) == INT64_MIN);
    }
    free(r.slots);
    free(r.chains);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_texts), TEST(test_any_text), TEST(test_strangers_words),
        TEST(test_check), TEST(test_choice),   TEST(test_what),
        TEST(test_whom),  TEST(test_recent),   TEST(test_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
