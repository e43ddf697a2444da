/* Points on the earth and how far they are apart. Everything is whole numbers, so that a decision made again
   comes out the same on every machine. */
#ifndef BATON_BASE_EARTH_H
#define BATON_BASE_EARTH_H

#include <stdbool.h>
#include <stdint.h>

/* A point on the earth as a vector of length 1, in units of 2^-30. */
struct earth_point {
    bool known;
    int32_t x, y, z;
};

/* From millionths of a degree. */
struct earth_point earth_point_of(int32_t latitude_e6, int32_t longitude_e6);
/* Of the straight line between two that are known, rounded down: whoever is nearer along it is nearer over
   the ground. */
int64_t earth_kilometres(const struct earth_point *a, const struct earth_point *b);
/* The same in metres. */
int64_t earth_metres(const struct earth_point *a, const struct earth_point *b);

#endif
