/* A PDF to look at. */
#ifndef BATON_TESTS_FILES_PDF_H
#define BATON_TESTS_FILES_PDF_H

/* `pages` pages of text with a frame each; another `number`, other words. */
void files_pdf(const char *path, int pages, unsigned number);

#endif
