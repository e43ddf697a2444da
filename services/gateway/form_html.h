/* A form as HTML that needs no script. Everything in it that others wrote is escaped. */
#ifndef BATON_GATEWAY_FORM_HTML_H
#define BATON_GATEWAY_FORM_HTML_H

#include "base/bytes.h"
#include "baton/v1/leads.pb-c.h"

/* What the address of a page says of a campaign, carried along by fields that are not seen. */
enum { FORM_CAMPAIGN_NAMES = 6 };
extern const char *const form_campaign_names[FORM_CAMPAIGN_NAMES];

/* The field that carries it along. */
#define FORM_STAMP_FIELD "baton_shown"

struct form_view {
    const Baton__LeadForm *form;
    const char *stamp;               /* of form_stamp.c, to be sent along; NULL: none */
    const char *action;              /* where it is sent */
    Baton__FormField *const *values; /* what was filled in, and what is carried along */
    size_t n_values;
    Baton__MailAttachment *const *files; /* what came with it; a browser does not keep them */
    size_t n_files;
    Baton__FormViolation *const *violations;
    size_t n_violations;
};

/* Text, for between tags and for attributes in double quotes. */
void form_html_text(struct buffer *out, const char *text);
/* What is wrong, and the form element. */
void form_html_write(struct buffer *out, const struct form_view *v);

/* Options of every country, by their names in `language`; the value is the English name. */
void form_html_countries(struct buffer *out, const char *language, const char *chosen);

#endif
