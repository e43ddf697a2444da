/* The main of contacts. */
#include "service/service.h"
#include "services/contacts/contacts.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &contacts_service);
}
