/* What a form's page says of its own, in the languages there are. */
#ifndef BATON_GATEWAY_FORM_WORDS_H
#define BATON_GATEWAY_FORM_WORDS_H

#include <stdbool.h>

enum form_word {
    FORM_CONTACT,
    FORM_NAME,
    FORM_EMAIL,
    FORM_COMPANY,
    FORM_PHONE,
    FORM_MESSAGE,
    FORM_SEND,
    FORM_OPTIONAL,
    FORM_CHOOSE,
    FORM_NOT_SENT,
    FORM_FILE_AGAIN,
    FORM_LEAVE_EMPTY,
    FORM_THANKS,
    FORM_RECEIVED,
    FORM_MISSING,
    FORM_NOT_AGREED,
    FORM_NOT_AN_EMAIL,
    FORM_NOT_A_PHONE,
    FORM_NOT_A_CHOICE,
    FORM_NOT_A_NUMBER,
    FORM_NOT_A_DATE,
    FORM_TOO_LONG,
    FORM_FAILED,
    FORM_LATER,
    FORM_NO_SUCH,
    FORM_TOO_LARGE,
    FORM_TOO_MANY,
    FORM_AWAY,
    FORM_DAMAGED,
    FORM_BROKEN,
    FORM_WORDS
};

/* `language` is BCP 47 or NULL; what is not known is English. */
const char *form_word(const char *language, enum form_word word);

/* Whether the words are there in this language: a tag of letters, digits and hyphens. NULL: no. */
bool form_words_have(const char *language);
/* Whether form_word gives English. */
bool form_words_english(const char *language);

#endif
