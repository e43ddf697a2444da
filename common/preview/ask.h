/* What baton-preview is asked inside the sandbox, and how it answers.

   baton-preview MEMORY CPU FOLDER WORD...    the file is its standard input
     works                       writes "works"
     run PROGRAM ARGUMENT...     becomes this program
     text EXTENSION              the text
     pages EXTENSION             "Pages: N" is a line of it
     page EXTENSION N SIDE       a PNG
     pdf EXTENSION               the PDF that LibreOffice makes
   Each answer but the first two begins with a line that is the file's media type. EXTENSION may be "-". */
#ifndef BATON_PREVIEW_ASK_H
#define BATON_PREVIEW_ASK_H

/* Its exit status. */
enum ask_status {
    ASK_DONE = 0,
    ASK_BROKEN = 1, /* as poppler's tools say it */
    ASK_NONE = 10,
    ASK_PROTECTED = 11,
    ASK_TOO_MUCH = 12,
    ASK_NO_PAGE = 13,
    ASK_CUT = 14,   /* there is more text than it may say */
    ASK_WRONG = 64, /* the question; a bug */
};

#endif
