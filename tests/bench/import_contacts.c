/* import-contacts: a list of contacts in which every tenth is there already, brought in by the operator's
   tool: from the file to the last commit. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { ONE_OF = 10, BACK = 5, PER_COMPANY = 10, PATH_SIZE = 4096, SAID_MAX = 1 << 16 };

/* The same rows as those of `postgres`. */
static void write_list(const char *path, uint64_t contacts)
{
    static const char *const first[] = {"Anna", "Bao", "Chidi", "Dolores", "Emil", "Fatima", "Grace", "Hiro"};
    static const char *const last[] = {"Lindqvist", "Okafor", "Herrera", "Natarajan", "Kowalska", "Moreau"};
    FILE *f = fopen(path, "we");
    if (!f)
        drive_die("%s cannot be written", path);
    fprintf(f, "first name,last name,company,email,phone,city,country\n");
    for (uint64_t i = 0; i < contacts; i++) {
        uint64_t n = i % ONE_OF == ONE_OF - 1 ? i - BACK : i;
        const char *a = first[n % 8], *b = last[n / 8 % 6];
        fprintf(f,
                "%s,%s,Lot %" PRIu64 " GmbH,%s.%s.%" PRIu64 "@buyer.example,+49 30 %07" PRIu64
                ",Berlin,Germany\n",
                a, b, n / PER_COMPANY, a, b, n, n);
    }
    if (fclose(f) != 0)
        drive_die("%s cannot be written", path);
}

/* The number behind "name": in what the tool said. */
static uint64_t said(const char *path, const char *name)
{
    static char text[SAID_MAX];
    char word[64];
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        (void)fclose(f); /* only read */
    text[n] = '\0';
    (void)snprintf(word, sizeof word, "\"%s\":", name); /* fits */
    const char *at = strstr(text, word);
    if (!at)
        drive_die("the tool did not say how many: %s", text);
    return strtoull(at + strlen(word), NULL, 10);
}

int main(int argc, char **argv)
{
    char tool[PATH_SIZE], list[PATH_SIZE], log[PATH_SIZE];
    const char *programs = drive_option(argc, argv, "programs", NULL),
               *data = drive_option(argc, argv, "data", NULL);
    uint64_t contacts = strtoull(drive_option(argc, argv, "contacts", "100000"), NULL, 10);
    double peer = strtod(drive_option(argc, argv, "peer", "1"), NULL);
    struct deployment d = deployment_up(programs, data);
    (void)snprintf(tool, sizeof tool, "%s/baton", programs); /* fits, as do the next */
    (void)snprintf(list, sizeof list, "%s/list.csv", data);
    (void)snprintf(log, sizeof log, "%s/import.log", data);
    write_list(list, contacts);
    int64_t begin_us = drive_now_us();
    pid_t pid =
        drive_spawn((const char *[]){tool, "contact", "import", list, "--json", "--data", data, NULL}, log);
    int status = drive_wait(pid);
    double seconds = (double)(drive_now_us() - begin_us) / 1e6;
    uint64_t created = said(log, "created"), skipped = said(log, "skipped");
    if (status != 0 || created + skipped != contacts || skipped != contacts / ONE_OF)
        drive_die("of %" PRIu64 " contacts %" PRIu64 " were made and %" PRIu64 " skipped; it ended with %d",
                  contacts, created, skipped, status);
    bench_remark("import-contacts: %" PRIu64 " contacts in %.2f s, %" PRIu64 " of them there already",
                 contacts, seconds, skipped);
    bench_row(drive_option(argc, argv, "row", "import-contacts"), (double)contacts / seconds, "contacts/s",
              peer);
    drive_end(d.pid);
    return 0;
}
