/* Web forms: what they take. */
#ifndef BATON_LEADS_FORM_H
#define BATON_LEADS_FORM_H

#include "services/leads/leads.h"

/* The definition of a field; NULL: the form has none of this name. */
const Baton__FormFieldDefinition *leads_form_field(const Baton__LeadForm *form, const char *name);
/* What is wrong with what came in, by the form's definitions, into `violations`: one at most for each field,
   in the form's order. A form without definitions takes everything. */
void leads_form_violations(const Baton__LeadForm *form, const Baton__SubmitFormRequest *q,
                           Baton__SubmitFormResponse *out, struct arena *a);

/* The name of the trap field. */
const char *leads_form_trap(const Baton__LeadForm *form);

#endif
