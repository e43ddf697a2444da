/* The countries of the world in the words of a language. */
#ifndef BATON_GATEWAY_FORM_COUNTRY_H
#define BATON_GATEWAY_FORM_COUNTRY_H

#include <stddef.h>
#include <stdint.h>

enum {
    FORM_COUNTRIES_MAX = 400,
    FORM_COUNTRY_UNITS = 128,
    FORM_COUNTRY_SIZE = FORM_COUNTRY_UNITS * 3 + 1,
    FORM_COUNTRY_KEY = 512
};

struct form_country {
    char name[FORM_COUNTRY_SIZE], value[FORM_COUNTRY_SIZE]; /* value: the English name */
    uint8_t key[FORM_COUNTRY_KEY];                          /* by which they are sorted */
};

/* Sorted as the language does; how many. Whoever links form_countries has it in the program (form_collate.c),
   the gateway loads it with the first form that asks for a country (form_load.c). */
size_t form_countries(const char *language, struct form_country out[FORM_COUNTRIES_MAX]);

#endif
