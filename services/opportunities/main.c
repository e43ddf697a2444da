/* The main of opportunities. */
#include "service/service.h"
#include "services/opportunities/opportunities.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &opportunities_service);
}
