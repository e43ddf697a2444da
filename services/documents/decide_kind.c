/* Which files may come: by the end of the name, and by what is in them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "services/documents/documents.h"

#define WORD_XML "application/vnd.openxmlformats-officedocument."
/* What programs of before, and passwords, make of an office file. */
#define OLE    "application/CDFV2,application/x-ole-storage,application/encrypted"
#define ZIPPED "application/zip," OLE

/* clang-format off */
static const struct kind {
    const char *end, *media_types; /* with commas between them */
} kinds[] = {
    {"pdf",  "application/pdf"},
    {"docx", WORD_XML "wordprocessingml.document," ZIPPED},
    {"xlsx", WORD_XML "spreadsheetml.sheet," ZIPPED},
    {"pptx", WORD_XML "presentationml.presentation," ZIPPED},
    {"doc",  "application/msword," OLE},
    {"xls",  "application/vnd.ms-excel," OLE},
    {"ppt",  "application/vnd.ms-powerpoint," OLE},
    {"odt",  "application/vnd.oasis.opendocument.text,application/zip"},
    {"ods",  "application/vnd.oasis.opendocument.spreadsheet,application/zip"},
    {"odp",  "application/vnd.oasis.opendocument.presentation,application/zip"},
    {"rtf",  "text/rtf"},
    {"txt",  "text/plain,text/csv"},
    {"md",   "text/plain,text/csv"},
    {"csv",  "text/csv,text/plain,application/csv"},
    {"eml",  "message/rfc822,text/plain"},
    {"ics",  "text/calendar"},
    {"vcf",  "text/vcard,text/x-vcard"},
    {"png",  "image/png"},
    {"jpg",  "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif",  "image/gif"},
    {"webp", "image/webp"},
    {"tif",  "image/tiff"},
    {"tiff", "image/tiff"},
    {"mp3",  "audio/mpeg"},
    {"mp4",  "video/mp4,video/quicktime,audio/x-m4a,video/x-m4v"},
};
/* clang-format on */

static const struct kind *kind_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && dot > name && i < sizeof kinds / sizeof *kinds; i++)
        if (strcasecmp(kinds[i].end, dot + 1) == 0)
            return &kinds[i];
    return NULL;
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
    if (!kind_of(name))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "name",
                      "files of this kind are not taken; office files, PDF, text, mails and pictures are");
    return true;
}

bool documents_kind_fits(const char *name, const char *media_type)
{
    /* 3: what is in it is what its name says */
    const struct kind *kind = kind_of(name);
    size_t n = strlen(media_type);
    for (const char *at = kind ? kind->media_types : ""; *at; at += strcspn(at, ","), at += *at == ',')
        if (strcspn(at, ",") == n && strncmp(at, media_type, n) == 0)
            return true;
    return false;
}
