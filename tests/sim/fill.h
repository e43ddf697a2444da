/* One function a kind of request: fills it in from the seed and from what is known to exist. False: there is
   nothing yet that it could be about. */
#ifndef BATON_SIM_FILL_H
#define BATON_SIM_FILL_H

#include "sim/sim.h"

enum { FILL_NAMES = 12 };

/* fill_leads.c */
ask_fill_fn fill_capture, fill_capture_same_key, fill_capture_big, fill_capture_unreachable, fill_form,
    fill_accept, fill_decline, fill_assign, fill_convert, fill_forbidden, fill_get_lead, fill_custody;
/* fill_records.c */
ask_fill_fn fill_create_user, fill_update_user, fill_user_leaves, fill_create_pool, fill_policy,
    fill_organisation, fill_lead_form, fill_create_account, fill_update_account, fill_delete_account,
    fill_create_contact, fill_create_opportunity, fill_device, fill_delivered, fill_seen;

/* What they share. */
void fill_command(struct ask *a, const char *service, const char *method, const void *request,
                  struct arena *arena);
void fill_query(struct ask *a, const char *service, const char *method, const void *request,
                struct arena *arena);
/* "Company 7" */
char *fill_name(struct arena *a, const char *what, uint64_t n);
/* "lead0123456789abcdef@b.example" */
char *fill_email(struct arena *a, const char *what, uint64_t n);

#endif
