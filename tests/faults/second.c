/* A second instance of a service on the same data, while leads arrive: it ends with a message, and the first
   keeps its traffic. */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "faults.h"

enum { LEADS_EACH = 200, PATIENCE_US = 20000000 };

static void start_twice(const struct fault_options *o, struct fleet *f, struct intake *l,
                        enum fleet_service s)
{
    struct fleet twin = *f;
    struct stat said;
    int status = 0;
    snprintf(twin.log, sizeof twin.log, "%s/second-%s.log", o->scratch, fleet_name(s));
    intake_add(l, LEADS_EACH);
    fleet_start(&twin, s);
    for (int64_t end = drive_now_us() + PATIENCE_US; !fleet_ended(&twin, s, &status);) {
        (void)intake_run(l, 1000, NULL); /* always to the end */
        if (drive_now_us() > end)
            drive_die("a second %s goes on", fleet_name(s));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0)
        drive_die("a second %s ended with status %d", fleet_name(s), status);
    if (stat(twin.log, &said) != 0 || said.st_size == 0)
        drive_die("a second %s does not say why it ends", fleet_name(s));
    fleet_alive(f);
    intake_add(l, LEADS_EACH);
    if (!ask_user(l, (uint64_t)s, PATIENCE_US))
        drive_die("nobody answers beside a second %s", fleet_name(s));
    intake_finish(l);
}

int fault_second(const struct fault_options *o)
{
    struct fleet f;
    struct intake l;
    fleet_init(&f, o, "second");
    fleet_start_all(&f);
    intake_open(&l, &f);
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        start_twice(o, &f, &l, s);
    if (l.unanswered > 0)
        drive_die("%llu requests had no answer", (unsigned long long)l.unanswered);
    ask_settle(&l);
    fleet_stop_all(&f);
    check_stores(&l, f.data);
    if (!fleet_verify(&f))
        drive_die("verify finds something; see %s", f.log);
    fault_say("second: each of %d services turned a second one away, %llu leads acknowledged meanwhile",
              FLEET_SERVICES, (unsigned long long)l.acknowledged);
    intake_close(&l);
    return 0;
}
