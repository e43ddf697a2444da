/* Memory that is given back all at once: for one command, one batch, one message. */
#ifndef BATON_BASE_ARENA_H
#define BATON_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* At most `limit` bytes in all. Ends the process if the machine has no memory for the struct itself. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *a); /* NULL is fine */

/* Gives everything back but keeps one block for the next round. */
void arena_reset(struct arena *a);

size_t arena_used(const struct arena *a);
size_t arena_limit(const struct arena *a);

/* `size` zeroed bytes aligned for any type; NULL when over the limit. For sizes that come from input. */
void *arena_try(struct arena *a, size_t size);

/* The same for what our own code asks for; over the limit is a bug and asserts. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
/* The same two without the zeroing, for what is written over at once. */
void *arena_try_raw(struct arena *a, size_t size);
void *arena_raw(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *data, size_t size);
char *arena_strdup(struct arena *a, const char *s);            /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n); /* n bytes, NUL added */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * ((n) ? (n) : 1)))

#endif
