/* Series and halvings with fixed numbers of steps. */
#include "base/exact.h"

double exact_ln(double x)
{
    static const double LN2 = 0.69314718055994530942;
    int k = 0;
    for (; x > 1.4142135623730951; x /= 2)
        k++;
    for (; x < 0.70710678118654752; x *= 2)
        k--;
    double t = (x - 1) / (x + 1), square = t * t, term = t, sum = 0;
    for (int i = 1; i < 20; i += 2, term *= square)
        sum += term / i;
    return 2 * sum + k * LN2;
}

double exact_exp(double x)
{
    if (x < -30)
        x = -30;
    double small = x / 32, term = 1, e = 1;
    for (int i = 1; i < 12; i++) {
        term *= small / i;
        e += term;
    }
    for (int i = 0; i < 5; i++)
        e *= e;
    return e;
}

double exact_logistic(double x)
{
    if (x > 0)
        return 1 - exact_logistic(-x);
    double e = exact_exp(x);
    return e / (1 + e);
}

double exact_root(double x)
{
    double r = x > 1 ? x : 1;
    for (int i = 0; i < 40; i++)
        r = (r + x / r) / 2;
    return r;
}
