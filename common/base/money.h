/* Money without a fraction of error: amounts are whole minor units (cents, yen), quantities, per cents and
   rates are scaled integers, and every product is made with 128 bits.

   Rounding is commercial: to the nearest minor unit, half away from zero, once for each amount that a person
   sees. Whoever adds such amounts rounds no more, so a total is the sum of what is printed above it. A total
   that is split (money_split) goes by the largest remainder, so the parts are the total again.

   What leaves MONEY_MAX is refused, never cut and never wrapped. */
#ifndef BATON_BASE_MONEY_H
#define BATON_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest amount either way. In JavaScript it is still a whole number. */
#define MONEY_MAX INT64_C(1000000000000000)
/* One of a unit, one per cent, a hundred per cent, and a rate of one. */
#define QUANTITY_ONE INT64_C(10000)
#define QUANTITY_MAX (INT64_C(1000000000) * QUANTITY_ONE)
#define PERCENT_ONE  INT64_C(10000)
#define PERCENT_ALL  (100 * PERCENT_ONE)
#define RATE_ONE     INT64_C(1000000000)

enum { QUANTITY_DIGITS = 4, PERCENT_DIGITS = 4, RATE_DIGITS = 9, DECIMAL_DIGITS_MAX = 9, DECIMAL_SIZE = 32 };

/* How many digits the minor unit of an ISO 4217 currency has: 2 for EUR, 0 for JPY, 3 for KWD. -1: there is
   no such currency. Capitals only. */
int money_digits(const char *currency);

/* All of these give false, and leave *out alone, where the result is beyond MONEY_MAX. */
bool money_add(int64_t a, int64_t b, int64_t *out);
/* Of a unit price, what a quantity costs. */
bool money_times(int64_t unit, int64_t quantity_e4, int64_t *out);
/* So many per cent of an amount. */
bool money_part(int64_t amount, int64_t percent_e4, int64_t *out);
/* What is left of an amount after a discount: rounded itself, so that the discount is the difference. */
bool money_less(int64_t amount, int64_t percent_e4, int64_t *out);
/* Into another currency; the digits are those of money_digits. */
bool money_convert(int64_t amount, int64_t rate_e9, int from_digits, int to_digits, int64_t *out);

/* `total` in `n` parts that are to each other as the weights are, none of which is negative; their sum is
   `total`. What rounding down leaves goes to the largest remainders, the first of equal ones first. All
   weights 0: the first part is all of it. At most MONEY_PARTS_MAX; `n` 0: nothing is done. */
enum { MONEY_PARTS_MAX = 1000 };
void money_split(int64_t total, const int64_t *weights, size_t n, int64_t *parts);

/* "-1234.5" with at most `digits` digits behind the point as a whole number of the last of them. False: it is
   no such number, or does not fit. No sign but "-", no thousands, no exponent. */
bool decimal_parse(const char *text, int digits, int64_t *out);
/* With all of its digits ("12.50"), or without the zeros at the end ("12.5", "12"). */
void decimal_format(char out[DECIMAL_SIZE], int64_t value, int digits);
void decimal_format_short(char out[DECIMAL_SIZE], int64_t value, int digits);

#endif
