/* The operator's log: one line, one write. */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include "base/rfc3339.h"

enum { LINE_SIZE = 2000, LINES_A_SECOND = 200, FATAL_STATUS = 70 };

/* Standard error belongs to the process, and so do its name and how much of it was used. */
static struct {
    pthread_mutex_t lock;
    char name[32];
    int64_t since_ms; /* of the running second */
    int lines;
    unsigned left_out;
    void (*line)(const char *level, const char *area, const char *text);
    void (*fatal)(void);
} output = {.lock = PTHREAD_MUTEX_INITIALIZER, .name = "baton"};

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* Neither control characters nor what breaks lines or reorders text; a negative c is not UTF-8. */
static bool shows_as_itself(UChar32 c)
{
    return c >= 0 && c != '\\' && u_isprint(c) && c != 0x2028 && c != 0x2029;
}

/* Appends `text`, escaped, to the n bytes in `line`; what does not fit becomes "...". */
static size_t add_escaped(char *line, size_t n, const char *text)
{
    const size_t last = LINE_SIZE - 4; /* for the dots and the line's end */
    const uint8_t *u = (const uint8_t *)text;
    size_t size = strlen(text);
    for (size_t i = 0, from; i < size;) {
        UChar32 c;
        from = i;
        U8_NEXT(u, i, size, c);
        bool plain = shows_as_itself(c);
        size_t length = (i - from) * (plain ? 1 : 4);
        if (n + length > last) {
            memcpy(line + n, "...", 3);
            return n + 3;
        }
        if (plain)
            memcpy(line + n, text + from, length);
        for (size_t k = from; !plain && k < i; k++)
            snprintf(line + n + (k - from) * 4, 5, "\\x%02x", u[k]);
        n += length;
    }
    return n;
}

static void write_line(const char *level, const char *area, const char *text)
{
    char line[LINE_SIZE], stamp[RFC3339_SIZE];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (!rfc3339_format(stamp, now.tv_sec, (int32_t)(now.tv_nsec / 1000000 * 1000000)))
        snprintf(stamp, sizeof(stamp), "-");
    size_t n = (size_t)snprintf(line, 200, "%s %s %s %.60s ", stamp, level, output.name, area);
    n = add_escaped(line, n, text);
    line[n++] = '\n';
    /* Nobody is left to be told that the log cannot be written. */
    (void)!TEMP_FAILURE_RETRY(write(STDERR_FILENO, line, n));
}

static bool may_write(void)
{
    int64_t now_ms = monotonic_ms();
    if (now_ms - output.since_ms >= 1000) {
        output.since_ms = now_ms;
        output.lines = 0;
    }
    if (output.lines >= LINES_A_SECOND) {
        output.left_out++;
        return false;
    }
    output.lines++;
    return true;
}

__attribute__((format(printf, 4, 0))) static void log_line(const char *level, bool always, const char *area,
                                                           const char *format, va_list args)
{
    int saved = errno;
    char text[LINE_SIZE];
    vsnprintf(text, sizeof(text), format, args);
    if (output.line) {
        output.line(level, area, text);
        errno = saved;
        return;
    }
    pthread_mutex_lock(&output.lock);
    if (always || may_write()) {
        if (output.left_out) {
            char note[40];
            snprintf(note, sizeof(note), "%u lines were left out", output.left_out);
            output.left_out = 0;
            write_line("warning", "log", note);
        }
        write_line(level, area, text);
    }
    pthread_mutex_unlock(&output.lock);
    errno = saved;
}

void log_name(const char *process)
{
    pthread_mutex_lock(&output.lock);
    snprintf(output.name, sizeof(output.name), "%s", process);
    pthread_mutex_unlock(&output.lock);
}

void log_divert(void (*line)(const char *level, const char *area, const char *text), void (*fatal)(void))
{
    output.line = line;
    output.fatal = fatal;
}

void log_info(const char *area, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_line("info", false, area, format, args);
    va_end(args);
}

void log_warning(const char *area, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_line("warning", false, area, format, args);
    va_end(args);
}

void log_failure(const char *area, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_line("failure", false, area, format, args);
    va_end(args);
}

void log_fatal(const char *area, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_line("fatal", true, area, format, args);
    va_end(args);
    if (output.fatal)
        output.fatal();
    _exit(FATAL_STATUS); /* not exit: nothing half done may be finished on the way out */
}
