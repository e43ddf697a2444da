/* How each service is: one row a service, one cell for each log it follows. */
#include "baton/v1/system.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"

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

static void print_services(struct tool *t, const Baton__ListServicesResponse *r, struct arena *a)
{
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

int tool_status(struct tool *t, int argc, char **argv)
{
    Baton__ListServicesRequest request;
    struct refusal no;
    void *answer;
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    struct api *api = api_open(t->data_dir);
    if (api == NULL)
        return TOOL_UNREACHABLE;
    struct arena *a = arena_new(ARENA_LIMIT);
    baton__list_services_request__init(&request);
    bool good = api_call(api, "SystemService/ListServices", &request, a, &answer, &no);
    if (good && t->json)
        tool_print_json(t, answer);
    else if (good)
        print_services(t, answer, a);
    api_close(api);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}
