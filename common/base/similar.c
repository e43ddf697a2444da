/* How alike two texts are: Jaro-Winkler, and how many edits make one of the other. */
#include "base/similar.h"

#include <stdint.h>
#include <string.h>
#include <unicode/utf8.h>

/* --- Jaro-Winkler: W. E. Winkler, String Comparator Metrics and Enhanced Decision Rules in the
   Fellegi-Sunter Model of Record Linkage, 1990 --- */

enum { COMPARED_MAX = 64, PREFIX_MAX = 4 };

static size_t characters(const char *s, UChar32 out[COMPARED_MAX])
{
    size_t n = 0, size = strlen(s);
    for (size_t at = 0; at < size && n < COMPARED_MAX; n++)
        U8_NEXT((const uint8_t *)s, at, size, out[n]);
    return n;
}

/* Characters of x that y has at about the same place; marks those of y. */
static size_t in_common(const UChar32 *x, size_t n, const UChar32 *y, size_t m, UChar32 *found, bool *taken)
{
    size_t longer = n > m ? n : m, window = longer / 2 ? longer / 2 - 1 : 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t from = i > window ? i - window : 0, to = i + window + 1 < m ? i + window + 1 : m;
        for (size_t k = from; k < to; k++)
            if (!taken[k] && y[k] == x[i]) {
                taken[k] = true;
                found[count++] = x[i];
                break;
            }
    }
    return count;
}

static double jaro(const UChar32 *x, size_t n, const UChar32 *y, size_t m)
{
    UChar32 found[COMPARED_MAX];
    bool taken[COMPARED_MAX] = {false};
    size_t count = in_common(x, n, y, m, found, taken), swapped = 0;
    for (size_t k = 0, i = 0; k < m; k++)
        if (taken[k])
            swapped += found[i++] != y[k];
    double c = (double)count;
    return count ? (c / (double)n + c / (double)m + (c - (double)swapped / 2) / c) / 3 : 0;
}

double similarity(const char *a, const char *b)
{
    UChar32 x[COMPARED_MAX], y[COMPARED_MAX];
    size_t n = a ? characters(a, x) : 0, m = b ? characters(b, y) : 0, prefix = 0;
    if (!n || !m)
        return 0;
    double j = jaro(x, n, y, m);
    while (prefix < PREFIX_MAX && prefix < n && prefix < m && x[prefix] == y[prefix])
        prefix++;
    return j + 0.1 * (double)prefix * (1 - j);
}

/* --- optimal string alignment: Damerau 1964, as restricted by H. Boytsov, Indexing Methods for Approximate
   Dictionary Searching, 2011 --- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned edits(const char *a, const char *b)
{
    UChar32 x[COMPARED_MAX], y[COMPARED_MAX];
    size_t n = characters(a, x), m = characters(b, y);
    unsigned rows[3][COMPARED_MAX + 1], *two = rows[0], *one = rows[1], *now = rows[2];
    for (size_t k = 0; k <= m; k++)
        one[k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= m; k++) {
            now[k] = least(least(one[k], now[k - 1]) + 1, one[k - 1] + (x[i - 1] != y[k - 1]));
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
                now[k] = least(now[k], two[k - 2] + 1);
        }
        unsigned *oldest = two;
        two = one;
        one = now;
        now = oldest;
    }
    return one[m];
}
