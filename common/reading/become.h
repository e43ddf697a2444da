/* Programs of others, inside the sandbox. */
#ifndef BATON_READING_BECOME_H
#define BATON_READING_BECOME_H

#include <stdbool.h>

#include "preview/ask.h"

/* Becomes the program; comes back only where that is not there. */
enum ask_status become(const char *const *words);
enum ask_status become_pdf_text(void);
enum ask_status become_pdf_count(void);
enum ask_status become_pdf_page(const char *page, const char *side);

/* LibreOffice, on the file in standard input as one of this extension: writes the PDF it makes. Begun before
   anything is given up, for it is a process of its own; `confined` is what it does first. */
enum ask_status become_office(const char *extension, bool (*confined)(void *arg), void *arg);

#endif
