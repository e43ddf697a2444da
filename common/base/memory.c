/* Tells malloc how much to keep. */
#include "base/memory.h"

#include <malloc.h>

void memory_keep_freed(int size)
{
    (void)mallopt(M_TRIM_THRESHOLD, size); /* if it will not, it is only slower */
    (void)mallopt(M_MMAP_THRESHOLD, size);
}
