/* verify: how long `baton verify` takes to prove what intake has written. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/* The sum of "records" in what it prints. */
static uint64_t records_in(const char *json)
{
    static const char name[] = "\"records\":";
    uint64_t sum = 0;
    for (const char *p = json; (p = strstr(p, name)) != NULL;)
        sum += strtoull(p += sizeof name - 1, NULL, 10);
    return sum;
}

double verify_run(const char *programs, const char *data)
{
    struct arena *a = arena_new(1 << 20);
    char *program = arena_printf(a, "%s/baton", programs), *log = arena_printf(a, "%s/verify.log", data);
    int64_t begin = drive_now_us();
    pid_t pid = drive_spawn((const char *[]){program, "verify", "--json", "--data", data, NULL}, log);
    int status = drive_wait(pid);
    double seconds = (double)(drive_now_us() - begin) / 1e6;
    char *said = drive_read(a, data, "verify.log");
    if (status != 0 || said == NULL)
        drive_die("verify found something: %s", said != NULL ? said : "");
    uint64_t records = records_in(said);
    bench_remark("verify: %" PRIu64 " records in %.2f s", records, seconds);
    arena_free(a);
    return (double)records / seconds;
}
