/* The main of documents. */
#include "service/service.h"
#include "services/documents/documents.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &documents_service);
}
