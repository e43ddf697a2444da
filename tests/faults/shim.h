/* What the driver and the library inside a service share: a page that says which call fails, and the record
   of what was written to data.mdb. */
#ifndef BATON_TESTS_SHIM_H
#define BATON_TESTS_SHIM_H

#include <stdint.h>

/* In the environment of the service; the first names the file with a struct shim_order, the second the folder
   whose files are meant, the last, if it is there, the file that the record is added to. */
#define SHIM_ORDER  "BATON_SHIM_ORDER"
#define SHIM_FOLDER "BATON_SHIM_FOLDER"
#define SHIM_RECORD "BATON_SHIM_RECORD"

/* Of files in the folder, but for memory, which is anybody's. */
enum shim_kind {
    SHIM_NONE,
    SHIM_WRITE,  /* write pwrite writev pwritev */
    SHIM_SYNC,   /* fsync fdatasync msync */
    SHIM_SIZE,   /* ftruncate fallocate */
    SHIM_OPEN,   /* open */
    SHIM_MAP,    /* mmap */
    SHIM_MEMORY, /* malloc calloc realloc */
};

struct shim_order {
    uint32_t kind;
    int32_t error;  /* errno of the call that fails; 0: half of it is written, without an error */
    uint64_t nth;   /* the first is 1; 0: none */
    uint64_t calls; /* so far */
    uint64_t failed;
};

enum { SHIM_PIECES_MAX = 64 };

/* One entry of the record; the bytes follow. In the order in which the calls came back. */
enum shim_entry_kind { SHIM_ENTRY_WRITE, SHIM_ENTRY_SYNC };
struct shim_entry {
    uint64_t kind;
    uint64_t begin_ns; /* CLOCK_MONOTONIC, before the call */
    uint64_t offset, size;
};

#endif
