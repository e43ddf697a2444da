/* How far apart two points are, without a floating point: sine and cosine by turning a vector through angles
   whose tangents are powers of one half (CORDIC). */
#include "base/earth.h"

enum { STEPS = 30, EARTH_KM = 6371, RIGHT_E6 = 90000000, HALF_TURN_E6 = 180000000 };

static const int64_t ONE = INT64_C(1) << 30;
/* pi / 180e6, in units of 2^-60 */
static const int64_t RADIANS_A_MILLIONTH = INT64_C(20122276272);
/* What is left of a vector's length after all turns, inverted. */
static const int64_t START = INT64_C(652032874);

struct turned {
    int64_t cosine, sine;
};

/* |angle| at most a right one. */
static struct turned turn(int32_t angle_e6)
{
    static const int32_t angles[STEPS] = {
        843314857, 497837829, 263043837, 133525159, 67021687, 33543516, 16775851, 8388437, 4194283, 2097149,
        1048576,   524288,    262144,    131072,    65536,    32768,    16384,    8192,    4096,    2048,
        1024,      512,       256,       128,       64,       32,       16,       8,       4,       2,
    };
    int64_t left = angle_e6 * RADIANS_A_MILLIONTH / ONE, power = 1;
    struct turned at = {START, 0};
    for (int i = 0; i < STEPS; i++, power *= 2) {
        int way = left >= 0 ? 1 : -1;
        at = (struct turned){at.cosine - way * (at.sine / power), at.sine + way * (at.cosine / power)};
        left -= way * angles[i];
    }
    return at;
}

/* Angles beyond a right one are mirrored into it. */
static struct turned turn_any(int32_t angle_e6)
{
    if (angle_e6 >= -RIGHT_E6 && angle_e6 <= RIGHT_E6)
        return turn(angle_e6);
    struct turned at = turn(angle_e6 > 0 ? HALF_TURN_E6 - angle_e6 : -HALF_TURN_E6 - angle_e6);
    at.cosine = -at.cosine;
    return at;
}

struct earth_point earth_point_of(int32_t latitude_e6, int32_t longitude_e6)
{
    struct turned north = turn(latitude_e6), east = turn_any(longitude_e6);
    return (struct earth_point){.known = true,
                                .x = (int32_t)(north.cosine * east.cosine / ONE),
                                .y = (int32_t)(north.cosine * east.sine / ONE),
                                .z = (int32_t)north.sine};
}

static uint64_t root(uint64_t square)
{
    uint64_t found = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((found | bit) * (found | bit) <= square)
            found |= bit;
    return found;
}

static uint64_t chord(const struct earth_point *a, const struct earth_point *b)
{
    int64_t x = (int64_t)a->x - b->x, y = (int64_t)a->y - b->y, z = (int64_t)a->z - b->z;
    return root((uint64_t)(x * x) + (uint64_t)(y * y) + (uint64_t)(z * z));
}

int64_t earth_kilometres(const struct earth_point *a, const struct earth_point *b)
{
    return (int64_t)(chord(a, b) * EARTH_KM >> 30);
}

int64_t earth_metres(const struct earth_point *a, const struct earth_point *b)
{
    return (int64_t)(chord(a, b) * EARTH_KM * 1000 >> 30);
}
