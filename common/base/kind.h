/* What kind of file something is: by its bytes first, by its name only where bytes of that form may be
 * several things. And which kinds are kept as documents. */
#ifndef BATON_BASE_KIND_H
#define BATON_BASE_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KIND_EXTENSION_SIZE = 9, /* of a name, with its NUL */
    KIND_MEDIA_SIZE = 128,
    KIND_HEAD_SIZE = 64 << 10, /* bytes from the beginning by which a file is known */
};

/* How its text is read. */
enum kind_text {
    KIND_TEXT_NONE,
    KIND_TEXT_PDF,
    KIND_TEXT_PLAIN,
    KIND_TEXT_HTML,
    KIND_TEXT_WORD,
    KIND_TEXT_SHEET,
    KIND_TEXT_SLIDES,
    KIND_TEXT_OPEN, /* OpenDocument */
    KIND_TEXT_MAIL,
    KIND_TEXT_OFFICE, /* LibreOffice makes a PDF of it */
};

/* How images of its pages are made. */
enum kind_pages { KIND_PAGES_NONE, KIND_PAGES_PDF, KIND_PAGES_PICTURE, KIND_PAGES_OFFICE };

/* What bytes say of several kinds alike. */
enum kind_form { KIND_FORM_OWN, KIND_FORM_ZIP, KIND_FORM_WRITTEN, KIND_FORM_OLE };

/* Nothing to be read and no pages: it can only be downloaded. */
struct kind {
    const char *name;       /* "PDF document" */
    const char *media;      /* "application/pdf" */
    const char *extensions; /* "htm html": of its names */
    enum kind_form form;
    enum kind_text text;
    enum kind_pages pages;
    const char *kept; /* of the extensions: those with which it is taken as a document; NULL: none */
    const char *also; /* what else libmagic may say of the bytes of such a file; NULL: nothing */
};

/* What a name ends with, in lower case: letters and digits only. "": nothing that would be one. */
void kind_extension(const char *name, char extension[KIND_EXTENSION_SIZE]);

/* `media` as libmagic says it of the bytes. NULL: nothing that is known here; it can only be downloaded. */
const struct kind *kind_of(const char *media, const char *extension);

/* By its name in the table; NULL: there is none. */
const struct kind *kind_named(const char *name);

/* What files of that extension are that are taken as documents. NULL: none are. */
const struct kind *kind_kept(const char *extension);

/* Whether a document of that kind may have such bytes, as libmagic says it of them. */
bool kind_holds(const struct kind *k, const char *media);

/* Whether somebody who sees this extension expects this kind. */
bool kind_fits(const struct kind *k, const char *extension);

/* What libmagic says of the first bytes, into `media`; "application/octet-stream" where it knows nothing of
   them. False: it cannot be used; logged. Any thread. In a library apart, reading/magic.c. */
bool kind_media(const void *head, size_t size, char media[KIND_MEDIA_SIZE]);

#endif
