/* The kinds of files that are known, and how one is told from another. */
#include "base/kind.h"

#include <string.h>
#include <strings.h>

#define OFFICE_XML "application/vnd.openxmlformats-officedocument."
#define OPEN       "application/vnd.oasis.opendocument."

/* What programs of before, and passwords, make of an office file. */
#define OLE    "application/CDFV2 application/x-ole-storage application/encrypted"
#define ZIPPED "application/zip " OLE

/* 1: the first row of a media type, or of a form and an extension, holds. */
/* clang-format off */
static const struct kind kinds[] = {
    {"PDF document", "application/pdf", "pdf", KIND_FORM_OWN, KIND_TEXT_PDF, KIND_PAGES_PDF, "pdf", NULL},
    {"Word document", OFFICE_XML "wordprocessingml.document", "docx docm dotx", KIND_FORM_ZIP, KIND_TEXT_WORD,
     KIND_PAGES_OFFICE, "docx", ZIPPED},
    {"Excel workbook", OFFICE_XML "spreadsheetml.sheet", "xlsx xlsm xltx", KIND_FORM_ZIP, KIND_TEXT_SHEET,
     KIND_PAGES_OFFICE, "xlsx", ZIPPED},
    {"PowerPoint slides", OFFICE_XML "presentationml.presentation", "pptx pptm potx ppsx", KIND_FORM_ZIP,
     KIND_TEXT_SLIDES, KIND_PAGES_OFFICE, "pptx", ZIPPED},
    {"OpenDocument text", OPEN "text", "odt ott", KIND_FORM_ZIP, KIND_TEXT_OPEN, KIND_PAGES_OFFICE, "odt",
     "application/zip"},
    {"OpenDocument spreadsheet", OPEN "spreadsheet", "ods ots", KIND_FORM_ZIP, KIND_TEXT_OPEN,
     KIND_PAGES_OFFICE, "ods", "application/zip"},
    {"OpenDocument slides", OPEN "presentation", "odp otp", KIND_FORM_ZIP, KIND_TEXT_OPEN, KIND_PAGES_OFFICE,
     "odp", "application/zip"},
    {"OpenDocument drawing", OPEN "graphics", "odg", KIND_FORM_ZIP, KIND_TEXT_OPEN, KIND_PAGES_OFFICE, NULL,
     NULL},
    {"old Word document", "application/msword", "doc dot", KIND_FORM_OLE, KIND_TEXT_OFFICE, KIND_PAGES_OFFICE,
     "doc", OLE},
    {"old Excel workbook", "application/vnd.ms-excel", "xls xlt", KIND_FORM_OLE, KIND_TEXT_OFFICE,
     KIND_PAGES_OFFICE, "xls", OLE},
    {"old PowerPoint slides", "application/vnd.ms-powerpoint", "ppt pps", KIND_FORM_OLE, KIND_TEXT_OFFICE,
     KIND_PAGES_OFFICE, "ppt", OLE},
    {"rich text", "text/rtf", "rtf", KIND_FORM_OWN, KIND_TEXT_OFFICE, KIND_PAGES_OFFICE, "rtf", NULL},
    {"e-mail", "message/rfc822", "eml", KIND_FORM_WRITTEN, KIND_TEXT_MAIL, KIND_PAGES_NONE, "eml",
     "text/plain"},
    {"web page", "text/html", "html htm xhtml", KIND_FORM_WRITTEN, KIND_TEXT_HTML, KIND_PAGES_NONE, NULL, NULL},
    {"table of values", "text/csv", "csv tsv", KIND_FORM_WRITTEN, KIND_TEXT_PLAIN, KIND_PAGES_NONE, "csv",
     "text/plain application/csv"},
    {"text", "text/plain", "txt text md log", KIND_FORM_WRITTEN, KIND_TEXT_PLAIN, KIND_PAGES_NONE, "txt md",
     "text/csv"},
    {"calendar", "text/calendar", "ics", KIND_FORM_WRITTEN, KIND_TEXT_PLAIN, KIND_PAGES_NONE, "ics", NULL},
    {"visiting card", "text/vcard", "vcf", KIND_FORM_WRITTEN, KIND_TEXT_PLAIN, KIND_PAGES_NONE, "vcf",
     "text/x-vcard"},
    {"PNG image", "image/png", "png", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_PICTURE, "png", NULL},
    {"JPEG image", "image/jpeg", "jpg jpeg", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_PICTURE, "jpg jpeg",
     NULL},
    {"GIF image", "image/gif", "gif", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_PICTURE, "gif", NULL},
    {"BMP image", "image/bmp", "bmp", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_PICTURE, NULL, NULL},
    {"TIFF image", "image/tiff", "tif tiff", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_PICTURE, "tif tiff",
     NULL},
    {"WebP image", "image/webp", "webp", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_NONE, "webp", NULL},
    {"MP3 sound", "audio/mpeg", "mp3", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_NONE, "mp3", NULL},
    {"MPEG-4 film", "video/mp4", "mp4", KIND_FORM_OWN, KIND_TEXT_NONE, KIND_PAGES_NONE, "mp4",
     "video/quicktime audio/x-m4a video/x-m4v"},
};
/* clang-format on */
enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* What libmagic says where it knows no more than the form. */
static const struct {
    const char *media;
    enum kind_form form;
} forms[] = {
    {"application/zip", KIND_FORM_ZIP},
    {"application/octet-stream", KIND_FORM_ZIP},
    {"text/plain", KIND_FORM_WRITTEN},
    {"text/csv", KIND_FORM_WRITTEN},
    {"text/html", KIND_FORM_WRITTEN},
    {"message/rfc822", KIND_FORM_WRITTEN},
    {"application/x-ole-storage", KIND_FORM_OLE},
    {"application/CDFV2", KIND_FORM_OLE},
};

static bool is_among(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; n > 0 && *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == n && strncmp(at, word, n) == 0)
            return true;
    return false;
}

void kind_extension(const char *name, char extension[KIND_EXTENSION_SIZE])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *dot = strrchr(name, '.');
    size_t n = dot ? strlen(dot + 1) : 0;
    if (n >= KIND_EXTENSION_SIZE || (dot && strspn(dot + 1, letters) != n))
        n = 0;
    for (size_t i = 0; i < n; i++)
        extension[i] = (char)(dot[1 + i] >= 'A' && dot[1 + i] <= 'Z' ? dot[1 + i] | 0x20 : dot[1 + i]);
    extension[n] = '\0';
}

static bool has_form(const char *media, enum kind_form form)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].form == form && strcmp(forms[i].media, media) == 0)
            return true;
    return form == KIND_FORM_WRITTEN && strncmp(media, "text/", 5) == 0;
}

const struct kind *kind_of(const char *media, const char *extension)
{
    /* 2: where bytes may be several things, the name chooses among these and nothing else. */
    for (size_t i = 0; i < N_KINDS; i++)
        if (has_form(media, kinds[i].form) && is_among(kinds[i].extensions, extension))
            return &kinds[i];
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].media, media) == 0)
            return &kinds[i];
    /* 3: whatever else is written is shown as it is written. */
    return has_form(media, KIND_FORM_WRITTEN) ? kind_named("text") : NULL;
}

const struct kind *kind_named(const char *name)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct kind *kind_kept(const char *extension)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].kept && is_among(kinds[i].kept, extension))
            return &kinds[i];
    return NULL;
}

bool kind_holds(const struct kind *k, const char *media)
{
    return strcmp(k->media, media) == 0 || (k->also && is_among(k->also, media));
}

bool kind_fits(const struct kind *k, const char *extension)
{
    return k && is_among(k->extensions, extension);
}
