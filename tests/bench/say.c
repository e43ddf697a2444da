/* What a bench prints for tests/bench/run. */
#include <stdarg.h>
#include <stdio.h>

#include "bench.h"

void bench_row(const char *name, double ours, const char *unit, double peer)
{
    printf("row\t%s\t%.6g\t%s\t%.6g\n", name, ours, unit, peer);
    fflush(stdout);
}

void bench_remark(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("remark\t", stdout);
    vprintf(format, ap);
    putchar('\n');
    va_end(ap);
    fflush(stdout);
}
