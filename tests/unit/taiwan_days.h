/* Taiwan's calendar of a year, from the test data: the days that are not as their weekday says. */
#ifndef BATON_TESTS_TAIWAN_DAYS_H
#define BATON_TESTS_TAIWAN_DAYS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/worktime.h"

/* {"date": "20170102", ... "isHoliday": true ...}. False: there is no such file. */
static inline bool taiwan_days_read(int year, struct worktime_day *days, size_t *n, size_t most)
{
    const char *data = getenv("BATON_TEST_DATA");
    char path[512], line[512];
    int date = 0;
    (void)snprintf(path, sizeof path, "%s/holidays/taiwan_%d.json", data ? data : "../shared/data", year);
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    while (fgets(line, sizeof line, f)) {
        char *value = strchr(line, ':');
        if (strstr(line, "\"date\""))
            date = (int)strtol(value + 3, NULL, 10);
        if (!strstr(line, "\"isHoliday\"") || *n == most)
            continue;
        struct tm tm = {
            .tm_year = date / 10000 - 1900, .tm_mon = date / 100 % 100 - 1, .tm_mday = date % 100};
        (void)timegm(&tm); /* for the weekday */
        bool free_day = strstr(value, "true") != NULL, weekend = tm.tm_wday == 0 || tm.tm_wday == 6;
        if (free_day != weekend)
            days[(*n)++] = (struct worktime_day){date / 10000, date / 100 % 100, date % 100, !free_day};
    }
    (void)fclose(f); /* read only */
    return true;
}

#endif
