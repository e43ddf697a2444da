/* The countries of the world to choose from. */
#include <stdlib.h>
#include <string.h>

#include "form_country.h"
#include "form_html.h"

void form_html_countries(struct buffer *out, const char *language, const char *chosen)
{
    struct form_country *all = malloc(FORM_COUNTRIES_MAX * sizeof *all);
    size_t n = all ? form_countries(language ? language : "en", all) : 0;
    for (size_t i = 0; i < n; i++) {
        (void)buffer_text(out, "<option value=\"");
        form_html_text(out, all[i].value);
        (void)buffer_text(out, chosen && strcmp(chosen, all[i].value) == 0 ? "\" selected>" : "\">");
        form_html_text(out, all[i].name);
        (void)buffer_text(out, "</option>\n");
    }
    free(all);
}
