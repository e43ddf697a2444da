/* Ids: UUID version 7 (RFC 9562, 5.7), strictly increasing within one generator. */
#ifndef BATON_BASE_IDENT_H
#define BATON_BASE_IDENT_H

#include <stdbool.h>
#include <stdint.h>

enum { IDENT_SIZE = 16, IDENT_TEXT_SIZE = 37 };

/* Where the next id comes from: the last one given out, plus fresh random bits now and then. */
struct ident_source {
    int64_t last_ms;
    uint64_t low;  /* 62 random bits and counter */
    uint16_t high; /* 12 bits */
};

/* Moves to `now_us` with 10 fresh random bytes. A clock that went backwards keeps the later time. */
void ident_source_advance(struct ident_source *s, int64_t now_us, const uint8_t random[10]);

/* The next id; each is greater than the one before (method 2 of RFC 9562, 6.2: increments). */
void ident_next(struct ident_source *s, uint8_t out[IDENT_SIZE]);
void ident_next_text(struct ident_source *s, char out[IDENT_TEXT_SIZE]);

void ident_format(char out[IDENT_TEXT_SIZE], const uint8_t id[IDENT_SIZE]);
/* Only the canonical form: 36 characters, lower case, dashes in place. Any UUID version. */
bool ident_parse(uint8_t out[IDENT_SIZE], const char *text);

#endif
