/* start and idle-memory: how long until the first lead is accepted, and what is resident when nothing
 * happens. */
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "baton/v1/leads.pb-c.h"
#include "bench.h"
#include "schema/schema.h"

enum { LEADS_BEFORE = 2000, TIMES = 5, QUIET_MS = 3000, PATIENCE_US = 20000000, ANSWER_MAX = 64 << 10 };

/* --- start --- */

/* One request on a connection of its own. True: it was accepted. */
static bool capture_once(unsigned short port, const char *token, const char *json)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char text[8192], answer[ANSWER_MAX];
    size_t n = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size = snprintf(
        text, sizeof text,
        "POST /baton.v1.LeadService/CaptureLead HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
        token, strlen(json), json);
    bool sent = fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
                send(fd, text, (size_t)size, MSG_NOSIGNAL) == size;
    for (ssize_t got; sent && n < sizeof answer && (got = recv(fd, answer + n, sizeof answer - n, 0)) > 0;)
        n += (size_t)got;
    if (fd >= 0)
        close(fd);
    return n > 12 && memcmp(answer, "HTTP/1.1 200", 12) == 0;
}

static int64_t start_once(const char *programs, const char *data, const char *json)
{
    struct arena *a = arena_new(1 << 20);
    unsigned short port = drive_free_port();
    char *program = arena_printf(a, "%s/baton", programs), *port_text = arena_printf(a, "%hu", port);
    char *token = drive_read(a, data, "admin.token");
    int64_t begin = drive_now_us();
    pid_t pid =
        drive_spawn((const char *[]){program, "up", "--data", data, "--port", port_text, NULL}, "/dev/null");
    while (!capture_once(port, token, json)) {
        if (drive_now_us() - begin > PATIENCE_US)
            drive_die("no lead was accepted in time");
        drive_wait_ms(1);
    }
    int64_t us = drive_now_us() - begin;
    drive_end(pid);
    arena_free(a);
    return us;
}

static void fill(struct bus *b, struct ident_source *ids)
{
    struct company company;
    struct arena *a = arena_new(1 << 20);
    company_build(b, &company);
    Baton__Actor actor = company_actor(BATON__ROLE__ROLE_SERVICE, company.source);
    for (uint64_t i = 0; i < LEADS_BEFORE; i++) {
        arena_reset(a);
        arena_reset(b->arena);
        struct bytes body = company_lead(a, ids, i);
        ProtobufCMessage *request =
            schema_unpack(schema_message(&baton__capture_lead_request__descriptor), body, a);
        (void)bus_call(b, "leads", "LeadService/CaptureLead", &actor, request,
                       &baton__capture_lead_response__descriptor);
    }
    arena_free(a);
}

static void bench_start(const char *programs, const char *data)
{
    struct deployment d = deployment_up(programs, data);
    struct bus bus = bus_open(data);
    struct ident_source ids = {0};
    struct samples took = {0};
    struct arena *a = arena_new(1 << 20);
    uint8_t random[10];
    bus.world->ops->random(bus.world, random, sizeof random);
    ident_source_advance(&ids, bus.world->ops->wall_us(bus.world), random);
    fill(&bus, &ids);
    bus_close(&bus);
    drive_end(d.pid);
    for (unsigned i = 0; i < TIMES; i++)
        samples_add(&took, start_once(programs, data, company_lead_json(a, &ids, LEADS_BEFORE + i)));
    bench_remark("start: %d times on a folder with %d leads, between %.0f and %.0f ms", TIMES, LEADS_BEFORE,
                 samples_ms(&took, 0), samples_ms(&took, 1));
    bench_row("start", samples_ms(&took, 0.5) / 1000., "s", 1);
    samples_release(&took);
    arena_free(a);
}

/* --- idle-memory --- */

static int parent_of(int pid)
{
    char path[64], text[512] = "";
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "re");
    if (f) {
        text[fread(text, 1, sizeof text - 1, f)] = '\0';
        (void)fclose(f); /* only read */
    }
    const char *at = strrchr(text, ')');
    return at && sscanf(at, ") %*c %d", &parent) == 1 ? parent : 0;
}

static void bench_memory(const char *programs, const char *data)
{
    struct deployment d = deployment_up(programs, data);
    double rss = 0, pss = 0;
    unsigned n = 0;
    drive_wait_ms(QUIET_MS);
    DIR *all = opendir("/proc");
    for (const struct dirent *e; all && (e = readdir(all));) {
        int pid = (int)strtol(e->d_name, NULL, 10);
        if (pid <= 0 || parent_of(pid) != d.pid)
            continue;
        n++;
        rss += drive_memory_kib(pid, "smaps_rollup", "Rss:");
        pss += drive_memory_kib(pid, "smaps_rollup", "Pss:");
    }
    if (all)
        closedir(all);
    bench_remark("idle-memory: %u processes; %.1f MiB where shared pages are counted once; `baton up` "
                 "itself: %.1f MiB",
                 n, pss / 1024, drive_memory_kib(d.pid, "smaps_rollup", "Rss:") / 1024);
    bench_row("idle-memory", rss / 1024, "MiB", 64);
    drive_end(d.pid);
}

int main(int argc, char **argv)
{
    const char *what = drive_option(argc, argv, "what", NULL);
    const char *programs = drive_option(argc, argv, "programs", NULL);
    const char *data = drive_option(argc, argv, "data", NULL);
    if (strcmp(what, "start") == 0)
        bench_start(programs, data);
    else
        bench_memory(programs, data);
    return 0;
}
