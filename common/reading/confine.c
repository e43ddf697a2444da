/* Limits, and calls of the system that nobody who reads a file needs. */
#include "reading/confine.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { FILES_MAX = 256, TASKS_MAX = 64 };

static const int denied[] = {
    SCMP_SYS(fork),
    SCMP_SYS(vfork),

    SCMP_SYS(ptrace),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(chroot),
    SCMP_SYS(bpf),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(memfd_create),
    SCMP_SYS(shmget),
    SCMP_SYS(msgget),
};

/* LibreOffice wants a socket for itself, in its own folder. Threads are made by clone as well; the newer
 * call, whose flags cannot be looked at, is as if it were not there. */
static bool forbid(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool is_done = filter != NULL;
    for (size_t i = 0; is_done && i < sizeof denied / sizeof *denied; i++)
        is_done = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0) == 0;
    is_done = is_done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
              seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                               SCMP_A0(SCMP_CMP_NE, AF_UNIX)) == 0 &&
              seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                               SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
              seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_done;
}

static bool limit(int what, rlim_t most)
{
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

bool confine(size_t memory, unsigned cpu_s, size_t file)
{
    bool is_done = forbid() && limit(RLIMIT_CPU, cpu_s) && limit(RLIMIT_FSIZE, file) &&
                   limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MAX) && limit(RLIMIT_NPROC, TASKS_MAX);
#ifndef __SANITIZE_ADDRESS__ /* which takes terabytes of addresses for itself */
    is_done = is_done && limit(RLIMIT_AS, memory);
#endif
    return is_done;
}
