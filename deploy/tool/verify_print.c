/* What `baton verify` found, for people and for programs. */
#include <inttypes.h>

#include "schema/schema.h"
#include "tool/output.h"
#include "tool/verify.h"

enum { ARENA_LIMIT = 16 << 20, JSON_LIMIT = 1 << 20 };

static void print_json(struct tool *t, const struct verify_result *results)
{
    struct buffer b;
    buffer_init(&b, JSON_LIMIT);
    buffer_char(&b, '[');
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        uint64_t shown = r->n_findings < VERIFY_FINDINGS_MAX ? r->n_findings : VERIFY_FINDINGS_MAX;
        buffer_printf(&b,
                      "%s\n{\"service\":\"%s\",\"records\":%" PRIu64 ",\"rows\":%" PRIu64
                      ",\"cursors\":%" PRIu64 ",\"inbox\":%" PRIu64,
                      i > 0 ? "," : "", r->service, r->records, r->rows, r->cursors, r->inbox);
        if (r->counts_leads)
            buffer_printf(&b,
                          ",\"received\":%" PRIu64 ",\"held\":%" PRIu64 ",\"merged\":%" PRIu64
                          ",\"rejected\":%" PRIu64,
                          r->received, r->held, r->merged, r->rejected);
        buffer_printf(&b, ",\"files\":%" PRIu64, r->files);
        buffer_printf(&b, ",\"beyond\":%" PRIu64, r->beyond);
        buffer_printf(&b, ",\"wrong\":%" PRIu64 ",\"findings\":[", r->n_findings);
        for (uint64_t f = 0; f < shown; f++) {
            buffer_text(&b, f > 0 ? "," : "");
            (void)schema_json_string(&b, r->findings[f]); /* far below the limit */
        }
        buffer_text(&b, "]}");
    }
    fprintf(t->out, "%s\n]\n", buffer_cstr(&b));
    buffer_release(&b);
}

static void print_findings(struct tool *t, const char *service, const struct verify_result *r,
                           struct arena *a)
{
    uint64_t shown = r->n_findings < VERIFY_FINDINGS_MAX ? r->n_findings : VERIFY_FINDINGS_MAX;
    for (uint64_t i = 0; i < shown; i++)
        fprintf(t->out, "%s: %s\n", service, output_text(a, r->findings[i]));
    if (shown < r->n_findings)
        fprintf(t->out, "%s: and %" PRIu64 " more\n", service, r->n_findings - shown);
}

static void print_text(struct tool *t, const struct verify_result *results, bool good)
{
    struct arena *a = arena_new(ARENA_LIMIT);
    struct grid g;
    grid_init(&g, a, "service|>records|>rows|>replies|>followed|result");
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        const char *text = r->absent ? "has never run" : r->n_findings == 0 ? "good" : "WRONG";
        grid_add(&g, (const char *[]){r->service, output_number(a, r->records), output_number(a, r->rows),
                                      output_number(a, r->inbox), output_number(a, r->cursors), text});
    }
    grid_print(&g, t);
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        print_findings(t, r->service, r, a);
        if (r->beyond > 0)
            fprintf(t->out, "%s: %s records stem from what a restored service no longer has; they stay\n",
                    r->service, output_number(a, r->beyond));
        if (r->files > 0)
            fprintf(t->out, "%s: %s files were read, each against its hash\n", r->service,
                    output_number(a, r->files));
        if (r->counts_leads)
            fprintf(t->out, "leads: %s received = %s held + %s merged + %s rejected\n",
                    output_number(a, r->received), output_number(a, r->held), output_number(a, r->merged),
                    output_number(a, r->rejected));
    }
    fprintf(t->out, "%s\n", good ? "Everything is as the logs say." : "Something is wrong; see above.");
    arena_free(a);
}

void verify_print(struct tool *t, const struct verify_result *results, bool good)
{
    if (t->json)
        print_json(t, results);
    else
        print_text(t, results, good);
}
