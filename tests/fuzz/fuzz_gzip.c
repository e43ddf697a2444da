/* Packed bodies: nothing grows past the buffer's limit, and what was packed is unpacked again. */
#include "fuzz/fuzz.h"
#include "services/gateway/zip.h"

enum { LIMIT = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zip *zip;
    struct bytes in = bytes_of(data, size);
    struct buffer plain, packed;
    if (zip == NULL)
        zip = zip_new();
    buffer_init(&plain, LIMIT);
    buffer_init(&packed, 2 * LIMIT);
    enum zip_result result = zip_unpack(zip, in, &plain);
    assert(plain.size <= LIMIT);
    if (result == ZIP_OK)
        in = buffer_bytes(&plain);
    if (in.size <= LIMIT) {
        struct buffer again;
        buffer_init(&again, in.size > 0 ? in.size : 1); /* as much as it needs, and no more */
        bool is_packed = zip_pack(zip, in, &packed);
        assert(is_packed);
        result = zip_unpack(zip, buffer_bytes(&packed), &again);
        assert(result == ZIP_OK && bytes_equal(buffer_bytes(&again), in));
        buffer_release(&again);
    }
    buffer_release(&plain);
    buffer_release(&packed);
    return 0;
}
