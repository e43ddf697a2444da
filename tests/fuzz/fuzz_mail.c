/* Mails as they come in: whatever the bytes, every text is whole UTF-8 and fits, and there is a key. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "services/leads/mail.h"

static void check_text(const char *text, size_t size)
{
    size_t n = strnlen(text, size);
    assert(n < size && text_valid(text, n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct leads_mail *mail = calloc(1, sizeof *mail + size);
    assert(mail != NULL);
    mail->size = size;
    memcpy(mail->raw, data, size);
    leads_mail_read(mail);
    check_text(mail->key, sizeof mail->key);
    check_text(mail->sender, sizeof mail->sender);
    check_text(mail->sender_name, sizeof mail->sender_name);
    check_text(mail->subject, sizeof mail->subject);
    check_text(mail->language, sizeof mail->language);
    check_text(mail->text, sizeof mail->text);
    assert(*mail->key != '\0' && mail->n_attachments <= LEADS_MAIL_ATTACHMENTS_MAX);
    for (size_t i = 0; i < mail->n_attachments; i++) {
        check_text(mail->attachments[i].name, sizeof mail->attachments[i].name);
        check_text(mail->attachments[i].type, sizeof mail->attachments[i].type);
    }
    free(mail);
    return 0;
}
