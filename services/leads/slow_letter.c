/* What GMime makes of a mail. In a library of its own, loaded with the first mail (slow_load.c). */
#include "services/leads/mail.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/text.h"
#include "letter/letter.h"

/* What nobody writes by hand. The first row that holds says why. */
struct sign {
    const char *header;
    const char *begins; /* NULL: any value */
    bool may_be_form;
    const char *reason;
};
static const struct sign signs[] = {
    {"Return-Path", "<>", false, "it is a report about another mail"},
    {"X-Failed-Recipients", NULL, false, "it is a report about another mail"},
    {"Auto-Submitted", "auto-replied", false, "it is an automatic reply"},
    {"X-Autoreply", NULL, false, "it is an automatic reply"},
    {"X-Autorespond", NULL, false, "it is an automatic reply"},
    {"Precedence", "auto_reply", false, "it is an automatic reply"},
    {"X-Loop", NULL, false, "it goes round in a loop"},
    {"List-Id", NULL, false, "it came over a mailing list"},
    {"List-Post", NULL, false, "it came over a mailing list"},
    {"List-Unsubscribe", NULL, false, "it came over a mailing list"},
    {"Precedence", "list", false, "it came over a mailing list"},
    {"Precedence", "junk", false, "it was sent in bulk"},
    {"Precedence", "bulk", true, "it was sent in bulk"},
    {"Auto-Submitted", "auto-", true, "it was sent by a machine"},
};

static void put(char *out, size_t size, const char *text)
{
    if (!text)
        return;
    char *valid = g_utf8_make_valid(text, -1);
    size_t n = text_clip(valid, size - 1);
    memcpy(out, valid, n);
    out[n] = '\0';
    g_free(valid);
}
#define PUT(array, text) put(array, sizeof(array), text)

/* --- who --- */

static InternetAddressMailbox *first_mailbox(InternetAddressList *list)
{
    for (int i = 0; list && i < internet_address_list_length(list); i++) {
        InternetAddress *a = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(a) && internet_address_mailbox_get_addr((InternetAddressMailbox *)a))
            return (InternetAddressMailbox *)a;
    }
    return NULL;
}

static void read_sender(struct leads_mail *mail, GMimeMessage *m)
{
    InternetAddressMailbox *from = first_mailbox(g_mime_message_get_from(m));
    InternetAddressMailbox *reply = first_mailbox(g_mime_message_get_reply_to(m));
    InternetAddressMailbox *sender = reply ? reply : from;
    if (!sender)
        return;
    const char *name = internet_address_get_name((InternetAddress *)sender);
    if ((!name || !*name) && from)
        name = internet_address_get_name((InternetAddress *)from);
    mail->may_answer = reply != NULL;
    PUT(mail->sender, internet_address_mailbox_get_addr(sender));
    PUT(mail->sender_name, name);
}

/* --- what it is --- */

static bool is_postmaster(const char *address)
{
    static const char *const names[] = {"mailer-daemon@", "postmaster@"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncasecmp(address, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static int times_received(GMimeMessage *m)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list((GMimeObject *)m);
    int n = 0;
    for (int i = 0; i < g_mime_header_list_get_count(headers); i++)
        n +=
            strcasecmp(g_mime_header_get_name(g_mime_header_list_get_header_at(headers, i)), "Received") == 0;
    return n;
}

static bool holds(const struct sign *sign, GMimeMessage *m)
{
    const char *value = g_mime_object_get_header((GMimeObject *)m, sign->header);
    return value && (!sign->begins ||
                     strncasecmp(value + strspn(value, " \t"), sign->begins, strlen(sign->begins)) == 0);
}

static void read_signs(struct leads_mail *mail, GMimeMessage *m)
{
    GMimeObject *body = g_mime_message_get_mime_part(m);
    GMimeContentType *type = body ? g_mime_object_get_content_type(body) : NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs && !*mail->machine; i++)
        if (holds(&signs[i], m)) {
            PUT(mail->machine, signs[i].reason);
            mail->may_be_form = signs[i].may_be_form;
        }
    if ((type && g_mime_content_type_is_type(type, "multipart", "report")) || is_postmaster(mail->sender))
        PUT(mail->machine, "it is a report about another mail");
    else if (times_received(m) > LEADS_MAIL_RECEIVED_MAX)
        PUT(mail->machine, "it goes round in a loop");
    else
        return;
    mail->may_be_form = false;
}

/* A long Message-Id by its hash, and a mail without one by that of all its bytes: cut off, or absent, two
   would be one. */
static void read_key(struct leads_mail *mail, GMimeMessage *m)
{
    const char *id = m ? g_mime_message_get_message_id(m) : NULL;
    uint8_t hash[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    if (id && *id && strlen(id) < sizeof mail->key && g_utf8_validate(id, -1, NULL)) {
        PUT(mail->key, id);
        return;
    }
    hash2(hash, id && *id ? bytes_text(id) : bytes_of(mail->raw, mail->size), bytes_of(NULL, 0));
    hex_encode(hex, hash, HASH_SIZE);
    PUT(mail->key, hex);
}

/* --- parts --- */

static uint64_t decoded_size(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *nowhere = g_mime_stream_null_new();
    ssize_t n = content ? g_mime_data_wrapper_write_to_stream(content, nowhere) : 0;
    g_object_unref(nowhere);
    return n > 0 ? (uint64_t)n : 0;
}

static void add_attachment(void *arg, GMimePart *part)
{
    struct leads_mail *mail = arg;
    if (mail->n_attachments == LEADS_MAIL_ATTACHMENTS_MAX)
        return;
    struct leads_mail_attachment *a = &mail->attachments[mail->n_attachments++];
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type((GMimeObject *)part));
    PUT(a->type, type);
    g_free(type);
    PUT(a->name, g_mime_part_get_filename(part));
    a->size = decoded_size(part);
}

static void put_text(void *arg, const char *text, bool is_html)
{
    struct leads_mail *mail = arg;
    if (is_html)
        leads_mail_plain(text, mail->text, sizeof mail->text);
    else
        PUT(mail->text, text);
}

static void read_message(struct leads_mail *mail, GMimeMessage *m)
{
    read_key(mail, m);
    read_sender(mail, m);
    PUT(mail->subject, g_mime_message_get_subject(m));
    GMimeObject *body = g_mime_message_get_mime_part(m);
    PUT(mail->language, body ? g_mime_object_get_header(body, "Content-Language") : NULL);
    read_signs(mail, m);
    letter_read(m, &(struct letter_reader){put_text, add_attachment, mail});
}

void leads_mail_read(struct leads_mail *mail)
{
    bool too_many;
    GMimeMessage *m = letter_open(bytes_of(mail->raw, mail->size), &too_many);
    if (m) {
        read_message(mail, m);
        g_object_unref(m);
        return;
    }
    read_key(mail, NULL);
    PUT(mail->machine, too_many ? "it has too many parts to be read" : "it cannot be read");
}
