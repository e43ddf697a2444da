/* What a visitor reads when a form cannot be shown or taken at all, in their language. */
#include <string.h>

#include "form.h"
#include "form_page.h"
#include "form_words.h"

static const struct {
    unsigned status;
    enum form_word title, text;
} pages[] = {
    {MHD_HTTP_NOT_FOUND, FORM_FAILED, FORM_NO_SUCH},
    {MHD_HTTP_CONTENT_TOO_LARGE, FORM_FAILED, FORM_TOO_LARGE},
    {MHD_HTTP_TOO_MANY_REQUESTS, FORM_LATER, FORM_TOO_MANY},
    {MHD_HTTP_SERVICE_UNAVAILABLE, FORM_LATER, FORM_AWAY},
};

const char *form_language(const struct request *r, char out[FORM_LANGUAGE_SIZE])
{
    const char *said = request_query(r, FORM_LANGUAGE_NAME);
    if (said && form_words_have(said))
        return said;
    /* browsers name the one that is liked best first (RFC 9110, 12.5.4) */
    for (said = request_header(r, "Accept-Language"); said && *said; said += *said == ',') {
        said += strspn(said, " \t");
        size_t n = strcspn(said, ",; \t");
        if (n < FORM_LANGUAGE_SIZE) {
            memcpy(out, said, n);
            out[n] = '\0';
            if (form_words_have(out))
                return out;
        }
        said += strcspn(said, ",");
    }
    return NULL;
}

void form_refusal(struct request *r, unsigned status, const struct refusal *no)
{
    char room[FORM_LANGUAGE_SIZE];
    const char *language = form_language(r, room);
    enum form_word title = FORM_FAILED, text = status >= 500 ? FORM_BROKEN : FORM_DAMAGED;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (pages[i].status == status) {
            title = pages[i].title;
            text = pages[i].text;
        }
    /* what exactly it was is known in English only */
    const char *exactly = form_words_english(language) ? no->message : NULL;
    form_page_plain(r, status, language, form_word(language, title),
                    exactly ? exactly : form_word(language, text));
}
