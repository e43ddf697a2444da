/* People as they are called all over the world, made up: forenames and family names of
   $BATON_TEST_DATA/names, or a few of our own, put together by a number. */
#ifndef BATON_TESTS_NAMES_H
#define BATON_TESTS_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { NAMES_KINDS = 10 };

struct names;
/* `data` NULL or without names: a few of our own. */
struct names *names_new(const char *data);
void names_free(struct names *n);

struct person_row {
    const char *first, *last, *email, *phone, *digits;
    bool is_joined; /* a Chinese name, written without a space */
};
/* Person number `i`, in the arena; always the same. */
struct person_row names_person(const struct names *n, uint32_t i, struct arena *a);

struct query_row {
    const char *kind, *typed, *digits;
    bool is_typo, is_phone;
};
/* Query number `i` about one of so many people, in the arena; always the same. */
struct query_row names_query(const struct names *n, uint32_t i, uint32_t people, struct arena *a);

#endif
