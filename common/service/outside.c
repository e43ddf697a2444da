/* The outside for a service that speaks to it: libcurl and what it brings are loaded with the first exchange,
   for most deployments never need it. */
#include <dlfcn.h>
#include <stdlib.h>

#include "base/beside.h"
#include "base/log.h"
#include "bus/zloop.h"
#include "service/internal.h"

#define PROGRAM "baton-outbound.so" /* common/outbound, beside the service's own program */

struct outbound;

struct outside {
    struct ev_loop *loop;
    bool private_allowed, failed;
    struct outbound *outbound; /* NULL: nothing has been asked yet */
    /* As in outbound/outbound.h. */
    struct outbound *(*open)(struct ev_loop *loop, bool private_allowed);
    bool (*begin)(struct outbound *o, struct outbound_request *r);
    void (*close)(struct outbound *o);
};

static bool prepare(struct outside *o)
{
    void *library = beside_load(PROGRAM);
    if (library) {
        *(void **)&o->open = dlsym(library, "outbound_new");
        *(void **)&o->begin = dlsym(library, "outbound_begin");
        *(void **)&o->close = dlsym(library, "outbound_free");
    }
    if (!o->open || !o->begin || !o->close) {
        const char *why = dlerror();
        log_failure("outside", "nothing can be sent: %s", why ? why : PROGRAM " is not what it should be");
        return false;
    }
    o->outbound = o->open(o->loop, o->private_allowed);
    return true;
}

static bool begin(void *arg, struct outbound_request *r)
{
    struct outside *o = arg;
    if (!o->outbound && !o->failed)
        o->failed = !prepare(o);
    return o->outbound && o->begin(o->outbound, r);
}

static void leave(void *arg)
{
    struct outside *o = arg;
    if (o->outbound)
        o->close(o->outbound);
    free(o);
}

void outside_open(struct world *zloop, bool private_allowed)
{
    struct outside *o = calloc(1, sizeof *o);
    if (!o)
        log_fatal("outside", "there is no memory");
    o->loop = zloop_ev(zloop);
    o->private_allowed = private_allowed;
    zloop_set_outside(zloop, &(struct zloop_outside){.begin = begin, .free = leave, .arg = o});
}
