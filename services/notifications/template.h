/* Requests written by an administrator for somebody else's service, with {{values}} in them. */
#ifndef BATON_NOTIFICATIONS_TEMPLATE_H
#define BATON_NOTIFICATIONS_TEMPLATE_H

#include "services/notifications/notifications.h"

/* How a value has to be written where it stands. */
enum template_place {
    TEMPLATE_PLAIN,
    TEMPLATE_LINE, /* a header */
    TEMPLATE_JSON, /* within quotes */
    TEMPLATE_FORM  /* the path and query of an address, too */
};

/* What {{values}} stand for; NULL: nothing. */
struct template_values {
    const char *id, *title, *text, *lead_id, *url, *user_name, *user_email, *user_phone, *secret;
};

/* Of a saved one. */
enum template_place template_body_place(const Baton__HttpTemplate *t);
/* Everything that it names of its user is there. */
bool template_reaches(const Baton__HttpTemplate *t, const Baton__User *u);
/* In the arena; NULL: it becomes too long. */
const char *template_write(const char *text, enum template_place place, const struct template_values *v,
                           struct arena *a);

record_check_fn notifications_check_template;

#endif
