/* Text and page images of files nobody has vouched for. Everything that reads one runs in a sandbox; where
   there is none, files can only be downloaded.

   All of it blocks, up to the time of its limits: for threads that may (common/bus/slow.h). Any number at
   once. */
#ifndef BATON_PREVIEW_PREVIEW_H
#define BATON_PREVIEW_PREVIEW_H

#include "base/kind.h"
#include "preview/sandbox.h"

enum {
    PREVIEW_TEXT_MAX = 4 << 20,   /* of a text, with its mark */
    PREVIEW_IMAGE_MAX = 16 << 20, /* of an image */
    PREVIEW_PDF_MAX = 64 << 20,   /* that LibreOffice makes */
    PREVIEW_SIDE_MAX = 2000,      /* of an image, in pixels */
    PREVIEW_PAGES_MAX = 10000,
    PREVIEW_MARKED_MAX = 500, /* pages that are drawn anew */
};

/* Stands at the end of a text that was cut. */
#define PREVIEW_CUT_MARK "\n[...]\n"

enum preview_end {
    PREVIEW_DONE,
    PREVIEW_CUT,       /* a text: there is more of it */
    PREVIEW_NONE,      /* of this kind there is none */
    PREVIEW_PROTECTED, /* by a password */
    PREVIEW_BROKEN,    /* it is not what it seems to be, or damaged */
    PREVIEW_TOO_MUCH,  /* it takes too much work or memory, or says too much */
    PREVIEW_LATE,      /* it took too long this time; it may be done when there is less to do */
    PREVIEW_NO_PAGE,   /* it has fewer */
    PREVIEW_OFF,       /* nothing can be read safely on this machine */
};

/* For people: "it is protected by a password". */
const char *preview_end_text(enum preview_end end);

/* What was found out about a file. `kind` NULL: nothing known. */
struct preview_found {
    const struct kind *kind;
    char media[KIND_MEDIA_SIZE];
    bool fits; /* what its name says */
};

/* Everywhere: `file` is open for reading, stays the caller's, and is read from its beginning; `name` as
   somebody gave it. Office documents of which there is no other way go through LibreOffice, where it is
   installed. `found` is filled in where the end is not PREVIEW_OFF. */

/* What is put into `text`, whose limit is at least PREVIEW_TEXT_MAX, is whole UTF-8 without control
   characters other than \n, \t and, behind each page, \f. */
enum preview_end preview_text(const struct sandbox *s, int file, const char *name,
                              struct preview_found *found, struct buffer *text);

/* How many pages can be shown. */
enum preview_end preview_pages(const struct sandbox *s, int file, const char *name,
                               struct preview_found *found, unsigned *pages);

/* A page, from 1, as PNG whose longer side has at most `side` pixels (at most PREVIEW_SIDE_MAX); images are
   their only page. Whoever wants several of an office document keeps its PDF. `png` takes at least
   PREVIEW_IMAGE_MAX. */
enum preview_end preview_page(const struct sandbox *s, int file, const char *name, unsigned page,
                              unsigned side, struct preview_found *found, struct buffer *png);

/* Of an office document. `pdf` takes at least PREVIEW_PDF_MAX. */
enum preview_end preview_pdf(const struct sandbox *s, int file, const struct kind *kind, struct buffer *pdf);

/* Of a PDF: one whose pages are drawn anew, each with the text across it in pale grey, as of that day
   ("2026-03-02"). Attachments, links and whatever else is no page are not in it. The same file, text and day
   give the same bytes, of the same programs. `s` leads to baton-watermark. `pdf` takes at least
   PREVIEW_PDF_MAX. */
enum preview_end preview_watermark(const struct sandbox *s, int file, const char *text, const char *day,
                                   struct buffer *pdf);

#endif
