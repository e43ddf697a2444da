/* The documents service as a table: only what the runtime gives every service. */
#include "services/documents/documents.h"

#include "service/service.h"

const struct service_def documents_service = {.name = "documents"};
