/* What a process tells its operator: one line on standard error, `time level service area message`. */
#ifndef BATON_BASE_LOG_H
#define BATON_BASE_LOG_H

/* Called once by main; the name stands in every line. Several services in one process share it. */
void log_name(const char *process);

/* Values from outside are passed through %s and come out with control characters escaped, at most 2,000
   bytes a line. More than 200 lines in a second are counted instead of written. */
void log_info(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A failure, once, where it is found. */
void log_failure(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Logs and ends the process with status 70; for what cannot be gone on from (a failed commit). */
void log_fatal(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

/* Where lines go instead of standard error, and what happens instead of the process's end: for programs that
   hold all services at once. `fatal` must not return. NULL, NULL: as usual again. */
void log_divert(void (*line)(const char *level, const char *area, const char *text), void (*fatal)(void));

#endif
