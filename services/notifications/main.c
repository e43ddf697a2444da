/* The main of notifications. */
#include "service/service.h"
#include "services/notifications/notifications.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &notifications_service);
}
