/* gzip by zlib. */
#include "zip.h"

#include <assert.h>
#include <stdlib.h>
#include <zlib.h>

/* 16 above the window's bits means gzip's head and tail. Level 1: the loop waits while we pack. */
enum { WINDOW_BITS = 15 + 16, MEMORY_LEVEL = 8, STEP = 64 << 10 };

struct zip {
    z_stream pack, unpack;
};

struct zip *zip_new(void)
{
    struct zip *z = calloc(1, sizeof *z);
    assert(z);
    int packs =
        deflateInit2(&z->pack, Z_BEST_SPEED, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
    int unpacks = inflateInit2(&z->unpack, WINDOW_BITS);
    assert(packs == Z_OK && unpacks == Z_OK);
    return z;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    (void)deflateEnd(&z->pack); /* says only that it was busy */
    (void)inflateEnd(&z->unpack);
    free(z);
}

bool zip_pack(struct zip *z, struct bytes in, struct buffer *out)
{
    (void)deflateReset(&z->pack); /* cannot fail on a stream that was set up */
    size_t bound = deflateBound(&z->pack, in.size), left = out->limit - out->size;
    if (bound > left)
        bound = left; /* the worst case need not come */
    uint8_t *room = buffer_room(out, bound);
    if (!room)
        return false;
    z->pack.next_in = (Bytef *)(uintptr_t)in.data;
    z->pack.avail_in = (uInt)in.size;
    z->pack.next_out = room;
    z->pack.avail_out = (uInt)bound;
    if (deflate(&z->pack, Z_FINISH) != Z_STREAM_END)
        return false;
    out->size += bound - z->pack.avail_out;
    return true;
}

enum zip_result zip_unpack(struct zip *z, struct bytes in, struct buffer *out)
{
    z_stream *s = &z->unpack;
    (void)inflateReset(s); /* cannot fail on a stream that was set up */
    s->next_in = (Bytef *)(uintptr_t)in.data;
    s->avail_in = (uInt)in.size;
    for (int result = Z_OK; result != Z_STREAM_END;) {
        size_t step = out->limit - out->size < STEP ? out->limit - out->size : STEP;
        uint8_t *room = step ? buffer_room(out, step) : NULL;
        if (!room)
            return ZIP_TOO_LARGE;
        s->next_out = room;
        s->avail_out = (uInt)step;
        result = inflate(s, Z_NO_FLUSH);
        out->size += step - s->avail_out;
        if (result != Z_OK && result != Z_STREAM_END)
            return ZIP_DAMAGED;
    }
    return s->avail_in == 0 ? ZIP_OK : ZIP_DAMAGED;
}
