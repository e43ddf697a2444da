/* What tests of previews share: the sandbox with the program that was built, files, and what is in them. */
#ifndef BATON_TESTS_PREVIEW_H
#define BATON_TESTS_PREVIEW_H

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "preview/preview.h"

static const struct sandbox sandbox = {.program = PREVIEW_PROGRAM};

/* Data that is not part of the repository. */
static inline const char *preview_data(void)
{
    const char *folder = getenv("BATON_TEST_DATA");
    return folder ? folder : "../shared/data";
}

/* Skips the test where nothing may be read. */
static inline void needs_sandbox(void)
{
    char why[300];
    if (!sandbox_works(&sandbox, why, sizeof why)) {
        print_message("no sandbox here: %s\n", why);
        skip();
    }
}

/* Skips the test where there is no such folder; else its path. */
static inline const char *needs_data(const char *name, char path[PATH_MAX])
{
    needs_sandbox();
    (void)snprintf(path, PATH_MAX, "%s/%s", preview_data(), name); /* a longer one is not there */
    if (access(path, R_OK) != 0)
        skip();
    return path;
}

/* A file of these bytes. */
static inline int file_of(const void *data, size_t size)
{
    int file = memfd_create("test", MFD_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(write(file, data, size), size);
    return file;
}

static inline struct buffer text_room(void)
{
    struct buffer b;
    buffer_init(&b, PREVIEW_TEXT_MAX + 1);
    return b;
}

#endif
