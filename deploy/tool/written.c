/* Prints what a customer is written. */
#include "tool/written.h"

#include <string.h>

#include "tool/output.h"

static const char *address(struct arena *a, const char *name, const char *email)
{
    if (name == NULL)
        return output_text(a, email);
    return output_text(a, email != NULL ? arena_printf(a, "%s <%s>", name, email) : name);
}

void written_print(struct tool *t, const Baton__LeadAcknowledged *e, struct arena *a)
{
    fprintf(t->out, "  From:    %s\n  To:      %s\n", address(a, e->from_name, e->reply_to),
            address(a, e->to_name, e->to_email));
    fprintf(t->out, "  Subject: %s\n\n", output_text(a, e->subject));
    for (const char *line = e->body; line != NULL && *line != '\0';) {
        size_t n = strcspn(line, "\n");
        fprintf(t->out, "  | %s\n", output_text(a, arena_strndup(a, line, n)));
        line += n + (line[n] == '\n');
    }
}
