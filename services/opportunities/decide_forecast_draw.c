/* Chance, drawn from a seed: the same on every machine. */
#include "base/exact.h"
#include "services/opportunities/forecast_model.h"

enum { UNIFORMS = 12 };

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t forecast_draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double forecast_uniform(uint64_t *state)
{
    return (double)(forecast_draw(state) >> 11) / (double)(UINT64_C(1) << 53);
}

double forecast_normal(uint64_t *state)
{
    double sum = -UNIFORMS / 2.0;
    for (int i = 0; i < UNIFORMS; i++)
        sum += forecast_uniform(state);
    return sum;
}

double forecast_growth(double x)
{
    return x <= 0 ? exact_exp(x) : 1 / exact_exp(-x);
}

/* 1: unrest moves the odds of all deals together */
double forecast_moved(double p, double by)
{
    return p * by / (1 - p + p * by);
}
