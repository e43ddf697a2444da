/* What is told of opportunities; the number is that of the comment in decide_opportunities.c. */
#include "decide_bench.h"

#include "baton/v1/opportunities.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

#define KIND(NAME) BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

static void rule_1(void **state)
{
    struct bench *b = *state;
    Baton__OpportunityNews e = BATON__OPPORTUNITY_NEWS__INIT;
    char *users[] = {ID(1), ID(2)};
    struct recipient to[2] = {{.zone = "UTC"}, {.zone = "UTC", .voice.language = LANGUAGE_CHINESE}};
    const struct recipients all = {to, 2};
    const struct {
        Baton__OpportunityNewsKind kind;
        char *who, *stage, *reason;
        const char *title, *text;
    } rows[] = {
        {KIND(MOVED), "Ann", "Offer", NULL, "News of an opportunity: Deal", "Ann moved it to Offer."},
        {KIND(WON), NULL, "Won", "price", "News of an opportunity: Deal", "Somebody won it: price."},
        {KIND(LOST), "Ann", "Lost", NULL, "News of an opportunity: Deal", "It is lost."},
        {KIND(REOPENED), "Ann", "Offer", NULL, "News of an opportunity: Deal",
         "Ann opened it again, in Offer."},
        {KIND(STALLED), NULL, "Offer", NULL, "An opportunity has stalled: Deal",
         "Nothing has been done about it for a while, in Offer."},
        {KIND(NOTED), "Ann", "Offer", NULL, "News of an opportunity: Deal", "Ann wrote a note."},
        {KIND(APPROVAL_ASKED), "Ann", "Offer", NULL, "News of an opportunity: Deal",
         "Ann asks for your approval to move it to Offer."},
        {KIND(APPROVED), "Ann", "Offer", NULL, "News of an opportunity: Deal",
         "Ann approved the move to Offer."},
        {KIND(REJECTED), "Ann", "Offer", "too cheap", "News of an opportunity: Deal",
         "Ann rejected the move to Offer: too cheap."},
        {KIND(QUOTE_ACCEPTED), NULL, NULL, NULL, "News of an opportunity: Deal",
         "The customer accepted the quote."},
        {KIND(STEP_CLOSED), NULL, NULL, NULL, "News of an opportunity: Deal",
         "Of its plan this is done: Meet."},
        {KIND(STEP_LATE), NULL, NULL, NULL, "News of an opportunity: Deal",
         "Of its plan this is late: Meet."},
        {KIND(STEP_ESCALATED), NULL, NULL, NULL, "News of an opportunity: Deal",
         "Of its plan this has been late for days: Meet."},
    };
    e.opportunity_id = ID(5);
    e.name = "Deal";
    e.step_title = "Meet";
    e.user_ids = users;
    e.n_user_ids = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        e.kind = rows[i].kind;
        e.who = rows[i].who;
        e.stage_name = rows[i].stage;
        e.reason = rows[i].reason;
        assert_true(run(b, notifications_decide_deal_news, &all, &e));
        assert_int_equal(b->out.n_events, 2);
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_string_equal(n->title, rows[i].title);
        assert_string_equal(n->text, rows[i].text);
        assert_string_equal(n->opportunity_id, ID(5));
        n = b->out.events[1]->notification_created->notification;
        assert_string_equal(n->user_id, ID(2));
        assert_non_null(n->text);
        assert_string_not_equal(n->text, rows[i].text);
    }
    /* a kind that is newer than this program */
    e.kind = (Baton__OpportunityNewsKind)99;
    assert_true(run(b, notifications_decide_deal_news, &all, &e));
    assert_int_equal(b->out.n_events, 0);
}

/* Whoever has muted the opportunity is told without a ring. */
static void muted(void **state)
{
    struct bench *b = *state;
    Baton__OpportunityNews e = BATON__OPPORTUNITY_NEWS__INIT;
    Baton__NotificationPreferences wishes = BATON__NOTIFICATION_PREFERENCES__INIT;
    char *users[] = {ID(1)}, *ids[] = {ID(5)};
    struct recipient to = {.zone = "UTC", .preferences = &wishes};
    wishes.muted_ids = ids;
    wishes.n_muted_ids = 1;
    e.opportunity_id = ID(5);
    e.kind = KIND(MOVED);
    e.name = "Deal";
    e.user_ids = users;
    e.n_user_ids = 1;
    assert_true(run(b, notifications_decide_deal_news, &(struct recipients){&to, 1}, &e));
    assert_true(b->out.events[0]->notification_created->notification->silent);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(rule_1), cmocka_unit_test(muted)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
