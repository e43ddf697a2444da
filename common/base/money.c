/* Amounts, quantities and per cents as whole numbers. */
#include "base/money.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <unicode/ucurr.h>

__extension__ typedef __int128 wide;
/* What half a divisor can be added to. */
#define WIDE_MOST ((wide)1 << 125)

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

int money_digits(const char *currency)
{
    UChar code[4];
    UErrorCode status = U_ZERO_ERROR;
    if (!currency || strlen(currency) != 3 || strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return -1;
    for (size_t i = 0; i < sizeof code / sizeof *code; i++)
        code[i] = (UChar)currency[i];
    /* since when and until when does not matter: what was a currency is one in an old price book */
    if (!ucurr_isAvailable(code, -8.64e15, 8.64e15, &status) || U_FAILURE(status))
        return -1;
    int digits = ucurr_getDefaultFractionDigits(code, &status);
    return U_FAILURE(status) || digits < 0 || digits > DECIMAL_DIGITS_MAX ? -1 : digits;
}

/* n / d to the nearest, half away from zero; d is positive. */
static wide nearest(wide n, wide d)
{
    return (n >= 0 ? n + d / 2 : n - d / 2) / d;
}

static bool fits(wide n, int64_t *out)
{
    if (n > MONEY_MAX || n < -MONEY_MAX)
        return false;
    *out = (int64_t)n;
    return true;
}

bool money_add(int64_t a, int64_t b, int64_t *out)
{
    return fits((wide)a + b, out);
}

bool money_times(int64_t unit, int64_t quantity_e4, int64_t *out)
{
    return fits(nearest((wide)unit * quantity_e4, QUANTITY_ONE), out);
}

bool money_part(int64_t amount, int64_t percent_e4, int64_t *out)
{
    return fits(nearest((wide)amount * percent_e4, PERCENT_ALL), out);
}

bool money_less(int64_t amount, int64_t percent_e4, int64_t *out)
{
    return fits(nearest((wide)amount * (PERCENT_ALL - percent_e4), PERCENT_ALL), out);
}

bool money_convert(int64_t amount, int64_t rate_e9, int from_digits, int to_digits, int64_t *out)
{
    wide up = to_digits > from_digits ? powers[to_digits - from_digits] : 1;
    wide down = from_digits > to_digits ? powers[from_digits - to_digits] : 1;
    wide product;
    if (__builtin_mul_overflow((wide)amount * rate_e9, up, &product) || product > WIDE_MOST ||
        product < -WIDE_MOST)
        return false;
    return fits(nearest(product, RATE_ONE * down), out);
}

/* The first of those with the largest remainder that has not been given one yet. */
static size_t neediest(wide whole, const int64_t *weights, wide sum, size_t n, const bool *given)
{
    wide most = -1;
    size_t best = 0;
    for (size_t i = 0; i < n; i++)
        if (!given[i] && whole * weights[i] % sum > most) {
            most = whole * weights[i] % sum;
            best = i;
        }
    return best;
}

void money_split(int64_t total, const int64_t *weights, size_t n, int64_t *parts)
{
    bool given[MONEY_PARTS_MAX] = {false};
    wide sum = 0, whole = total < 0 ? -(wide)total : total, left = whole;
    assert(n <= MONEY_PARTS_MAX);
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        parts[i] = sum ? (int64_t)(whole * weights[i] / sum) : i == 0 ? (int64_t)whole : 0;
        left -= parts[i];
    }
    /* fewer than n are left, so nobody gets two */
    for (; n && left > 0; left--) {
        size_t i = neediest(whole, weights, sum, n, given);
        given[i] = true;
        parts[i]++;
    }
    for (size_t i = 0; total < 0 && i < n; i++)
        parts[i] = -parts[i];
}

bool decimal_parse(const char *text, int digits, int64_t *out)
{
    bool is_negative = text && *text == '-', has_point = false;
    const char *p = text ? text + is_negative : "";
    int behind = 0, seen = 0;
    wide n = 0;
    for (; *p; p++) {
        if (*p == '.' && !has_point && seen) {
            has_point = true;
            continue;
        }
        if (!isdigit((unsigned char)*p) || n > INT64_MAX)
            return false;
        /* what is nothing but zeros behind the last digit says nothing else */
        if (has_point && behind == digits && *p != '0')
            return false;
        seen++;
        if (has_point && behind == digits)
            continue;
        behind += has_point;
        n = n * 10 + (*p - '0');
    }
    if (!seen || (has_point && !isdigit((unsigned char)p[-1])))
        return false;
    n *= powers[digits - behind];
    if (n > INT64_MAX)
        return false;
    *out = is_negative ? -(int64_t)n : (int64_t)n;
    return true;
}

void decimal_format(char out[DECIMAL_SIZE], int64_t value, int digits)
{
    uint64_t n = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = (uint64_t)powers[digits];
    (void)snprintf(out, DECIMAL_SIZE, digits ? "%s%llu.%0*llu" : "%s%llu", value < 0 ? "-" : "",
                   (unsigned long long)(n / one), digits, (unsigned long long)(n % one)); /* it fits */
}

void decimal_format_short(char out[DECIMAL_SIZE], int64_t value, int digits)
{
    decimal_format(out, value, digits);
    size_t n = strlen(out);
    while (digits && n && out[n - 1] == '0')
        out[--n] = '\0';
    if (digits && n && out[n - 1] == '.')
        out[n - 1] = '\0';
}
