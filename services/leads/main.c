/* The leads service as a process. */
#include "service/service.h"
#include "services/leads/leads.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &leads_service);
}
