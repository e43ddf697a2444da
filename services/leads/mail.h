/* A mail as it was read, in one piece of memory: what the slow part leaves for the decision. */
#ifndef BATON_LEADS_MAIL_H
#define BATON_LEADS_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEADS_MAIL_TEXT_MAX = 32768,
    LEADS_MAIL_ATTACHMENTS_MAX = 50,
    LEADS_MAIL_RECEIVED_MAX = 50, /* servers it may have passed */
};

#define LEADS_MAIL_SOURCE "e-mail" /* the lead_source of what comes by mail */

struct leads_mail_attachment {
    char name[256], type[128];
    uint64_t size; /* decoded */
};

/* Texts are UTF-8, "" where there is none; cut where they are too long. */
struct leads_mail {
    char key[201]; /* its Message-Id, or what stands for one; "": not read */
    char sender_name[401], sender[255];
    bool may_answer; /* the sender is from Reply-To, not only From */
    char subject[401], language[36];
    char text[LEADS_MAIL_TEXT_MAX + 1];
    char machine[161]; /* why no person wrote it; "": nothing says so */
    bool may_be_form;  /* though a machine sent it, it may carry what a person filled in */
    struct leads_mail_attachment attachments[LEADS_MAIL_ATTACHMENTS_MAX];
    size_t n_attachments;
    size_t size;
    uint8_t raw[];
};

/* Reads `raw`. Any bytes will do; costs time and memory in proportion to them. What it takes is loaded with
   the first mail; where that fails (logged), `key` stays "". */
void leads_mail_read(struct leads_mail *mail);
/* What a browser would show of `html`, as lines of text, into `out` of `size` bytes; cut where it is longer.
 */
void leads_mail_plain(const char *html, char *out, size_t size);

#endif
