/* Which files may come: by the end of the name, and by what is in them. */
#include <string.h>

#include "base/kind.h"
#include "services/documents/documents.h"

/* What files of that name are; NULL: they are not taken. A name is more than what it ends with. */
static const struct kind *kind_of_name(const char *name)
{
    char extension[KIND_EXTENSION_SIZE];
    kind_extension(name, extension);
    return strrchr(name, '.') == name ? NULL : kind_kept(extension);
}

/* Control characters, what turns the direction of a line (and with it the end of a name), and what separates
 * folders.
 */
static bool is_plain(const char *name)
{
    for (const unsigned char *p = (const unsigned char *)name; *p; p++) {
        bool is_turn = p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
                                        (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) ||
                                        (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f)));
        bool is_control = *p < 0x20 || *p == 0x7f || (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);
        if (is_turn || is_control || *p == '/' || *p == '\\')
            return false;
    }
    return true;
}

bool documents_name_allowed(const char *name, struct refusal *no)
{
    /* 1: names are short, and what one sees of them is what they are */
    if (strlen(name) > DOCUMENTS_NAME_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name", "a file's name has at most %d bytes",
                      DOCUMENTS_NAME_MAX);
    if (!is_plain(name))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name",
                      "a file's name has no control characters, slashes or marks of direction");
    /* 2: only what people keep as documents; no programs, nothing that a browser would run */
    if (!kind_of_name(name))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name",
                      "files of this kind are not taken; office files, PDF, text, mails and pictures are");
    return true;
}

bool documents_kind_fits(const char *name, const char *media_type)
{
    /* 3: what is in it is what its name says */
    const struct kind *kind = kind_of_name(name);
    return kind && kind_holds(kind, media_type);
}
