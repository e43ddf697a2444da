/* Documents. Keeps none yet; it starts, answers for itself and is healthy. */
#ifndef BATON_DOCUMENTS_H
#define BATON_DOCUMENTS_H

struct service_def;
extern const struct service_def documents_service;

#endif
