/* What goes to mail servers and endpoints: trying it, looking at it, trying again. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "baton/v1/notifications.pb-c.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20, TRIED_MS = 90000, ASK_EVERY_MS = 200, SHOWN = 50 };

static void print_deliveries(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListDeliveriesResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "made|channel|about|state|>attempts|why|id");
    for (size_t i = 0; i < r->n_deliveries; i++) {
        const Baton__ChannelDelivery *d = r->deliveries[i];
        const char *about = d->device_id != NULL ? d->lane_id
                            : d->letter != NULL  ? d->letter->to_address
                                                 : d->event_type;
        grid_add(&g, (const char *[]){
                         output_time(a, d->created_at),
                         output_word(a, &baton__channel__descriptor, (int)d->channel, "CHANNEL_"),
                         about != NULL ? about : "",
                         output_word(a, &baton__delivery_state__descriptor, (int)d->state, "DELIVERY_STATE_"),
                         output_number(a, d->attempts), d->reason != NULL ? d->reason : "", d->id});
    }
    grid_print(&g, t);
}

static bool have_ended(const Baton__ListDeliveriesResponse *r)
{
    for (size_t i = 0; i < r->n_deliveries; i++)
        if (r->deliveries[i]->ended_at == NULL)
            return false;
    return true;
}

static bool wait_for(struct session *s, const Baton__TestDeliveryResponse *tried, struct arena *scratch)
{
    Baton__ListDeliveriesRequest q;
    void *answer;
    int64_t begun_us = output_clock_us();
    baton__list_deliveries_request__init(&q);
    q.ids = tried->delivery_ids;
    q.n_ids = tried->n_delivery_ids;
    do {
        const struct timespec pause = {.tv_nsec = ASK_EVERY_MS * 1000000L};
        (void)nanosleep(&pause, NULL); /* sooner is as good */
        arena_reset(scratch);
        if (!api_call(s->api, "NotificationService/ListDeliveries", &q, scratch, &answer, &s->no))
            return false;
    } while (!have_ended(answer) && output_clock_us() - begun_us < TRIED_MS * INT64_C(1000));
    if (s->tool->json)
        tool_print_json(s->tool, answer);
    else
        print_deliveries(s->tool, answer, scratch);
    return true;
}

static bool test(struct session *s)
{
    Baton__TestDeliveryRequest q;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__test_delivery_request__init(&q);
    q.request_id = request_id_new(s->arena);
    q.user_id = user->id;
    const Baton__TestDeliveryResponse *tried = session_call(s, "NotificationService/TestDelivery", &q);
    if (tried == NULL)
        return false;
    if (tried->n_delivery_ids == 0)
        return refuse(&s->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there is no way to them: no mail account, broker, template or push that reaches them");
    struct arena *scratch = arena_new(ARENA_LIMIT);
    bool good = wait_for(s, tried, scratch);
    arena_free(scratch);
    return good;
}

static bool list(struct session *s)
{
    Baton__ListDeliveriesRequest q;
    bool is_chosen = s->n_words == 1;
    baton__list_deliveries_request__init(&q);
    q.has_page_size = true;
    q.page_size = SHOWN;
    q.has_dead = q.dead = is_chosen && strcmp(s->words[0], "dead") == 0;
    q.has_open = q.open = is_chosen && strcmp(s->words[0], "open") == 0;
    if (is_chosen && !q.dead && !q.open)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "deliveries are listed open, dead or all");
    return session_ask(s, "NotificationService/ListDeliveries", &q, print_deliveries);
}

static void print_replayed(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ReplayDeliveryResponse *r = answer;
    fprintf(t->out, "%u are tried again, %" PRIu64 " are left\n", r->replayed, r->left);
}

static bool replay(struct session *s)
{
    Baton__ReplayDeliveryRequest q;
    baton__replay_delivery_request__init(&q);
    q.request_id = request_id_new(s->arena);
    q.delivery_ids = s->words;
    q.n_delivery_ids = s->n_words;
    return session_ask(s, "NotificationService/ReplayDelivery", &q, print_replayed);
}

static const char *channels_of(struct arena *a, const Baton__NotificationRoute *r)
{
    const char *all = r->in_digest ? "digest" : "";
    for (size_t i = 0; i < r->n_channels && !r->in_digest; i++)
        all = arena_printf(a, "%s%s%s", all, i ? ", " : "",
                           output_word(a, &baton__channel__descriptor, (int)r->channels[i], "CHANNEL_"));
    return *all ? all : "only the list";
}

static void print_preferences(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetPreferencesResponse *r = answer;
    struct grid g;
    const Baton__NotificationPreferences *p = r->preferences;
    grid_init(&g, a, "class|importance|goes by|chosen");
    for (size_t i = 0; i < r->n_routes; i++)
        grid_add(&g, (const char *[]){output_word(a, &baton__notification_class__descriptor,
                                                  (int)r->routes[i]->class_, "NOTIFICATION_CLASS_"),
                                      output_word(a, &baton__notification_importance__descriptor,
                                                  (int)r->routes[i]->importance, "NOTIFICATION_IMPORTANCE_"),
                                      channels_of(a, r->routes[i]), r->routes[i]->chosen ? "yes" : ""});
    grid_print(&g, t);
    for (size_t i = 0; p != NULL && i < p->n_quiet_hours; i++) {
        const Baton__QuietHours *q = p->quiet_hours[i];
        fprintf(t->out, "quiet from %02u:%02u to %02u:%02u%s\n", q->start_minute / 60, q->start_minute % 60,
                q->end_minute / 60, q->end_minute % 60, q->n_weekdays ? " on some days" : "");
    }
    if (p != NULL && p->n_muted_ids)
        fprintf(t->out, "%zu muted\n", p->n_muted_ids);
    if (r->quiet_until != NULL)
        fprintf(t->out, "nothing rings before %s\n", output_time(a, r->quiet_until));
}

static bool prefs(struct session *s)
{
    Baton__GetPreferencesRequest q;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__get_preferences_request__init(&q);
    q.user_id = user->id;
    return session_ask(s, "NotificationService/GetPreferences", &q, print_preferences);
}

int tool_notify_test(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, test);
}

int tool_notify_list(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 1, ARENA_LIMIT, list);
}

int tool_notify_replay(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 100, ARENA_LIMIT, replay);
}

int tool_notify_prefs(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, prefs);
}
