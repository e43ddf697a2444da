/* The demo's customers and what is sold to them. */
#include "tool/demo_sales.h"

#include <string.h>
#include <time.h>

#include "base/civil.h"
#include "baton/v1/record.pb-c.h"
#include "tool/demo_names.h"
#include "tool/demo_papers.h"
#include "tool/records.h"

enum {
    CUSTOMERS = 18,
    DEALS = 45,
    DAY_S = 86400,
    CLOSES_WITHIN = 75,  /* days */
    PATIENCE_MS = 20000, /* for the other services to hear of what one has */
    AGAIN_MS = 20,
};

struct sales {
    struct session *s;
    const Baton__User *const *owners;
    size_t n_owners;
    Baton__Account *accounts[CUSTOMERS];
    Baton__Contact *contacts[CUSTOMERS];
    Baton__Opportunity *deals[DEALS];
    struct record_list products;
};

static char *day(int from_now, struct arena *a)
{
    struct civil c = civil_of_seconds((int64_t)time(NULL) + (int64_t)from_now * DAY_S);
    char text[CIVIL_SIZE];
    civil_format(text, &c, true);
    return arena_strdup(a, text);
}

static char *quarter(struct arena *a)
{
    const char *today = day(0, a);
    const int month = (today[5] - '0') * 10 + (today[6] - '0');
    return arena_printf(a, "%.4s-Q%d", today, (month + 2) / 3);
}

static Baton__Money *euros(int64_t cents, struct arena *a)
{
    Baton__Money *m = ARENA_NEW(a, Baton__Money);
    baton__money__init(m);
    m->currency_code = (char *)"EUR";
    m->has_minor_units = true;
    m->minor_units = cents;
    return m;
}

/* What another service has may not have come to the one that is asked yet. */
static bool is_early(const struct refusal *no)
{
    return no->code == REFUSAL_NOT_FOUND || no->code == REFUSAL_UNAVAILABLE;
}

/* By its name, title or subject; made if it is not there. NULL: s->no says why. */
static ProtobufCMessage *ensure(struct session *s, struct record_list *there, const char *field,
                                ProtobufCMessage *record)
{
    const struct timespec wait = {0, AGAIN_MS * 1000000L};
    size_t made = 0;
    for (int ms = 0;; ms += AGAIN_MS) {
        ProtobufCMessage *row = records_ensure(s->api, there, field, record, s->arena, &made, &s->no);
        if (row != NULL || !is_early(&s->no) || ms > PATIENCE_MS)
            return row;
        (void)nanosleep(&wait, NULL); /* a signal makes it shorter */
    }
}

/* --- prices --- */

static bool has_price(const struct record_list *entries, const char *book_id, const char *product_id)
{
    for (size_t i = 0; i < entries->n; i++)
        if (strcmp(schema_get_text(entries->rows[i], "price_book_id"), book_id) == 0 &&
            strcmp(schema_get_text(entries->rows[i], "product_id"), product_id) == 0)
            return true;
    return false;
}

static bool make_prices(struct sales *d, char *book_id)
{
    struct session *s = d->s;
    struct record_list entries;
    if (!records_load(s->api, "price_book_entry", s->arena, &entries, &s->no))
        return false;
    for (size_t i = 0; i < demo_products_n; i++) {
        Baton__PriceBookEntry e = BATON__PRICE_BOOK_ENTRY__INIT;
        ProtobufCMessage *made;
        e.product_id =
            (char *)schema_get_text(records_find(&d->products, "code", demo_products[i].code), "id");
        e.price_book_id = book_id;
        e.has_unit_price = true;
        e.unit_price = demo_products[i].cents;
        if (!has_price(&entries, book_id, e.product_id) &&
            !records_create(s->api, &e.base, s->arena, &made, &s->no))
            return false;
    }
    return true;
}

/* Of more than a tenth a manager is asked. */
static bool make_limits(struct session *s)
{
    struct record_list limits;
    Baton__Role approvers[] = {BATON__ROLE__ROLE_MANAGER};
    Baton__DiscountLimit l = BATON__DISCOUNT_LIMIT__INIT;
    ProtobufCMessage *made;
    l.has_role = l.has_percent_e4 = true;
    l.role = BATON__ROLE__ROLE_REP;
    l.percent_e4 = 100000;
    l.approvers = approvers;
    l.n_approvers = 1;
    return records_load(s->api, "discount_limit", s->arena, &limits, &s->no) &&
           (limits.n > 0 || records_create(s->api, &l.base, s->arena, &made, &s->no));
}

static bool make_catalogue(struct sales *d)
{
    struct session *s = d->s;
    struct record_list books, taxes;
    Baton__PriceBook book = BATON__PRICE_BOOK__INIT;
    Baton__TaxRate tax = BATON__TAX_RATE__INIT;
    if (!records_load(s->api, "product", s->arena, &d->products, &s->no) ||
        !records_load(s->api, "price_book", s->arena, &books, &s->no) ||
        !records_load(s->api, "tax_rate", s->arena, &taxes, &s->no))
        return false;
    book.code = (char *)"LIST";
    book.name = (char *)"List prices";
    book.currency_code = (char *)"EUR";
    tax.name = (char *)"VAT";
    tax.country = (char *)"DE";
    tax.has_percent_e4 = true;
    tax.percent_e4 = 190000;
    const ProtobufCMessage *made = ensure(s, &books, "code", &book.base);
    return made != NULL && make_prices(d, (char *)schema_get_text(made, "id")) && make_limits(s) &&
           ensure(s, &taxes, "name", &tax.base) != NULL;
}

/* --- customers --- */

static const Baton__User *owner_of(const struct sales *d, size_t i)
{
    enum { OF_FIRST = 2 }; /* every other is the first one's */
    return i % OF_FIRST == 0 ? d->owners[0] : d->owners[i / OF_FIRST % d->n_owners];
}

static bool make_account(struct sales *d, struct record_list *there, size_t i)
{
    struct arena *a = d->s->arena;
    const struct demo_place *place = &demo_places[i % demo_places_n];
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    address.city = (char *)place->city;
    address.country = (char *)place->country;
    account.name = arena_printf(a, "%s %s", demo_company_starts.words[(i * 7 + 1) % demo_company_starts.n],
                                demo_company_ends.words[(i * 4 + 2) % demo_company_ends.n]);
    account.industry = (char *)demo_industries.words[i % demo_industries.n];
    account.billing_address = &address;
    account.owner_id = owner_of(d, i)->id;
    account.has_number_of_employees = true;
    account.number_of_employees = (int64_t)(20 + i * i * 11);
    account.has_is_key_account = true;
    account.is_key_account = i % 6 == 0;
    d->accounts[i] = (Baton__Account *)ensure(d->s, there, "name", &account.base);
    return d->accounts[i] != NULL;
}

/* Numbers that belong to nobody: Ofcom keeps 020 7946 0000 to 0999 for drama. */
static bool make_contact(struct sales *d, struct record_list *there, size_t i)
{
    struct arena *a = d->s->arena;
    Baton__Contact c = BATON__CONTACT__INIT;
    c.first_name = (char *)demo_first_names.words[(i * 3 + 11) % demo_first_names.n];
    c.last_name = (char *)demo_last_names.words[(i * 5 + 9) % demo_last_names.n];
    c.title = (char *)demo_titles.words[i % demo_titles.n];
    c.email = arena_printf(a, "%s.%s@customer%zu.example", c.first_name, c.last_name, i + 1);
    c.phone = arena_printf(a, "+44 20 7946 %04zu", i + 100);
    c.account_id = d->accounts[i]->id;
    c.owner_id = d->accounts[i]->owner_id;
    d->contacts[i] = (Baton__Contact *)ensure(d->s, there, "email", &c.base);
    return d->contacts[i] != NULL;
}

static bool make_customers(struct sales *d)
{
    struct session *s = d->s;
    struct record_list accounts, contacts;
    if (!records_load(s->api, "account", s->arena, &accounts, &s->no) ||
        !records_load(s->api, "contact", s->arena, &contacts, &s->no))
        return false;
    for (size_t i = 0; i < CUSTOMERS; i++)
        if (!make_account(d, &accounts, i) || !make_contact(d, &contacts, i))
            return false;
    return true;
}

/* --- opportunities --- */

static const char *const stages[] = {"prospecting",       "qualification",   "needs_analysis",
                                     "value_proposition", "decision_makers", "perception_analysis",
                                     "proposal",          "negotiation"};
static const char *const steps[] = {"Call the plant manager", "Send the offer", "Show it on site",
                                    "Ask for the budget", "Agree on the start"};
static const char *const losses[] = {"Price", "No budget", "Went to somebody else"};

/* One in five is won, one in nine lost. */
static bool close_deal(struct sales *d, size_t i)
{
    Baton__CloseOpportunityRequest q = BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    const bool won = i % 5 == 4, lost = !won && i % 9 == 5;
    if ((!won && !lost) || d->deals[i]->stage_kind != BATON__STAGE_KIND__STAGE_KIND_OPEN)
        return true;
    q.id = d->deals[i]->id;
    q.has_outcome = true;
    q.outcome = won ? BATON__STAGE_KIND__STAGE_KIND_WON : BATON__STAGE_KIND__STAGE_KIND_LOST;
    q.reason = (char *)(won ? "Delivers in time" : losses[i % (sizeof losses / sizeof *losses)]);
    return session_call(d->s, "OpportunityService/CloseOpportunity", &q) != NULL;
}

static bool make_deal(struct sales *d, struct record_list *there, size_t i)
{
    struct arena *a = d->s->arena;
    const size_t customer = i % CUSTOMERS;
    const struct demo_product *p = &demo_products[i % demo_products_n];
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    o.name = arena_printf(a, "%s for %s%s", p->name, d->accounts[customer]->name,
                          i < CUSTOMERS       ? ""
                          : i < 2 * CUSTOMERS ? ", second site"
                                              : ", third site");
    o.account_id = d->accounts[customer]->id;
    o.contact_id = d->contacts[customer]->id;
    o.owner_id = d->accounts[customer]->owner_id;
    o.amount = euros(p->cents * (int64_t)(1 + i * 13 % 17), a);
    o.close_date = day((int)(2 + i * 17 % CLOSES_WITHIN), a);
    o.stage_key = (char *)stages[i * 5 % (sizeof stages / sizeof *stages)];
    o.next_step = (char *)steps[i % (sizeof steps / sizeof *steps)];
    o.type = (char *)(i < CUSTOMERS ? "New business" : "Existing business");
    d->deals[i] = (Baton__Opportunity *)ensure(d->s, there, "name", &o.base);
    return d->deals[i] != NULL && close_deal(d, i);
}

static bool make_deals(struct sales *d)
{
    struct session *s = d->s;
    struct record_list there;
    if (!records_load(s->api, "opportunity", s->arena, &there, &s->no))
        return false;
    for (size_t i = 0; i < DEALS; i++)
        if (!make_deal(d, &there, i))
            return false;
    return true;
}

/* --- what is planned --- */

static bool make_quota(struct session *s, const struct record_list *there, char *owner_id, int64_t cents)
{
    Baton__Quota q = BATON__QUOTA__INIT;
    ProtobufCMessage *made;
    q.owner_id = owner_id;
    q.period = quarter(s->arena);
    q.amount = euros(cents, s->arena);
    for (size_t i = 0; i < there->n; i++) {
        const char *owner = schema_get_text(there->rows[i], "owner_id");
        if (owner != NULL && strcmp(owner, owner_id) == 0 &&
            strcmp(schema_get_text(there->rows[i], "period"), q.period) == 0)
            return true;
    }
    return records_create(s->api, &q.base, s->arena, &made, &s->no);
}

static bool make_quotas(struct sales *d, const Baton__User *manager)
{
    enum { OF_MANAGER = 60000000, OF_FIRST = 15000000, OF_OTHERS = 9000000 }; /* cents */
    struct session *s = d->s;
    struct record_list there;
    if (!records_load(s->api, "quota", s->arena, &there, &s->no) ||
        !make_quota(s, &there, manager->id, OF_MANAGER))
        return false;
    for (size_t i = 0; i < d->n_owners; i++)
        if (!make_quota(s, &there, d->owners[i]->id, i == 0 ? OF_FIRST : OF_OTHERS))
            return false;
    return true;
}

static bool make_meeting(struct sales *d, struct record_list *there, size_t i)
{
    struct arena *a = d->s->arena;
    const char *date = day((int)(1 + i * 2), a);
    Baton__Activity m = BATON__ACTIVITY__INIT;
    m.has_kind = true;
    m.kind =
        i % 3 == 2 ? BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL : BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING;
    m.subject = arena_printf(a, "%s: %s", d->accounts[i]->name, steps[i % (sizeof steps / sizeof *steps)]);
    m.owner_id = d->accounts[i]->owner_id;
    m.account_id = d->accounts[i]->id;
    m.contact_id = d->contacts[i]->id;
    m.start_local = arena_printf(a, "%sT%02zu:00:00", date, 9 + i % 7);
    m.end_local = arena_printf(a, "%sT%02zu:00:00", date, 10 + i % 7);
    m.time_zone = (char *)"Europe/Berlin";
    m.location = (char *)demo_places[i % demo_places_n].city;
    return ensure(d->s, there, "subject", &m.base) != NULL;
}

static bool make_meetings(struct sales *d)
{
    enum { MEETINGS = 10 };
    struct session *s = d->s;
    struct record_list there;
    if (!records_load(s->api, "activity", s->arena, &there, &s->no))
        return false;
    for (size_t i = 0; i < MEETINGS; i++)
        if (!make_meeting(d, &there, i))
            return false;
    return true;
}

bool demo_sales(struct session *s, const Baton__User *const *owners, size_t n_owners,
                const Baton__User *manager)
{
    struct sales d = {.s = s, .owners = owners, .n_owners = n_owners};
    return make_catalogue(&d) && make_customers(&d) && make_deals(&d) && make_quotas(&d, manager) &&
           make_meetings(&d) && demo_papers(s, d.accounts[0], d.deals[0], manager);
}
