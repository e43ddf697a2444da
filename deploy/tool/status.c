/* How each service is: one row a service, one cell for each log it follows. */
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/system.pb-c.h"
#include "preview/sandbox.h"
#include "services/mailbox/files.h"
#include "tool/mailbox.h"
#include "tool/output.h"
#include "tool/session.h"

#include <inttypes.h>
#include <string.h>

enum { ARENA_LIMIT = 64 << 20 };

/* "directory 0, leads 12": records behind. */
static const char *lag_text(struct arena *a, const Baton__ServiceStatus *s)
{
    struct buffer b;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < s->n_follows; i++) {
        const Baton__FollowStatus *f = s->follows[i];
        uint64_t lag = f->head_seq > f->cursor_seq ? f->head_seq - f->cursor_seq : 0;
        buffer_printf(&b, "%s%s ", i > 0 ? ", " : "", f->service != NULL ? f->service : "?");
        if (f->stopped != NULL && *f->stopped)
            buffer_text(&b, "stands still");
        else if (f->has_rejoin_to_seq)
            buffer_printf(&b, "rejoins, %" PRIu64 " of %" PRIu64, f->cursor_seq, f->rejoin_to_seq);
        else
            buffer_printf(&b, "%" PRIu64, lag);
    }
    char *text = arena_strdup(a, buffer_cstr(&b));
    buffer_release(&b);
    return text;
}

/* Why, and what is to be done. */
static void print_stopped(struct tool *t, const Baton__ServiceStatus *s, struct arena *a)
{
    for (size_t i = 0; i < s->n_follows; i++) {
        const Baton__FollowStatus *f = s->follows[i];
        if (f->stopped != NULL && *f->stopped)
            fprintf(t->out, "\n%s does not follow %s any more: %s.\n", s->name, f->service,
                    output_text(a, f->stopped));
    }
}

static void print_services(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListServicesResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "service|state|version|>log head|behind by|>memory|>store");
    for (size_t i = 0; i < r->n_services; i++) {
        const Baton__ServiceStatus *s = r->services[i];
        grid_add(&g, (const char *[]){s->name, s->state, s->version, output_number(a, s->head_seq),
                                      lag_text(a, s), output_bytes(a, s->resident_bytes),
                                      output_bytes(a, s->store_bytes)});
    }
    grid_print(&g, t);
    for (size_t i = 0; i < r->n_services; i++)
        print_stopped(t, r->services[i], a);
}

/* Nothing where it cannot be asked: the table above says who does not answer. */
static void print_deliveries(struct session *s)
{
    Baton__ListDeliveriesRequest request;
    baton__list_deliveries_request__init(&request);
    request.has_page_size = request.has_open = request.open = true;
    request.page_size = 1;
    const Baton__ListDeliveriesResponse *r = session_call(s, "NotificationService/ListDeliveries", &request);
    if (r != NULL && (r->open != 0 || r->dead != 0))
        fprintf(s->tool->out,
                "\nto the outside: %" PRIu64 " on the way, %" PRIu64 " given up (`baton notify list dead`)\n",
                r->open, r->dead);
}

static void print_mailboxes(struct tool *t, struct arena *a)
{
    struct refusal no = {0};
    const Baton__Mailboxes *all = mailboxes_read(t->data_dir, a, &no);
    if (all == NULL)
        fprintf(t->out, "\nMailboxes: %s\n", no.message);
    if (all == NULL || all->n_mailboxes == 0)
        return;
    fputc('\n', t->out);
    mailbox_print(t, all, a);
}

/* Of this machine; said only where there is something to be mended. */
static void print_previews(struct tool *t, struct arena *a)
{
    struct sandbox sandbox = {.name = NULL};
    char why[200];
    if (!sandbox_works(&sandbox, why, sizeof why))
        fprintf(t->out, "\nFiles can only be downloaded, for nothing can be read safely here: %s\n",
                output_text(a, why));
}

static bool show(struct session *s)
{
    Baton__ListServicesRequest request;
    baton__list_services_request__init(&request);
    if (!session_ask(s, "SystemService/ListServices", &request, print_services))
        return false;
    if (!s->tool->json) {
        print_deliveries(s);
        print_mailboxes(s->tool, s->arena);
        print_previews(s->tool, s->arena);
    }
    return true;
}

int tool_status(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 0, ARENA_LIMIT, show);
}
