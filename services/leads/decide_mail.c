/* A mail comes in: who wrote it and what, or what somebody filled in on a web site that mails its forms. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/leads/leads.h"
#include "services/leads/mail.h"

enum { LABELS_LEAST = 2, LABEL_MAX = 64 };

/* --- lines of "label: value" --- */

struct line {
    const char *field; /* NULL: no known label stands before it */
    char *text;        /* the value; the whole line without a label */
};

/* A colon, also the wide one of Chinese and Japanese. Returns its size. */
static size_t colon_at(const char *s)
{
    return *s == ':' ? 1 : strncmp(s, "：", strlen("：")) == 0 ? strlen("：") : 0;
}

static struct line read_line(const char *text, size_t size, struct arena *a)
{
    struct line l = {.text = arena_strndup(a, text, size)};
    for (size_t i = 0; i < size && i < LABEL_MAX; i++) {
        size_t colon = colon_at(l.text + i);
        if (!colon)
            continue;
        const char *label = text_trim(a, arena_strndup(a, l.text, i));
        l.field = label ? leads_label_field(label) : NULL;
        if (l.field)
            l.text += i + colon;
        break;
    }
    return l;
}

/* The next line of the text; false at its end. */
static bool next_line(const char **at, struct line *l, struct arena *a)
{
    if (!**at)
        return false;
    size_t n = strcspn(*at, "\n");
    *l = read_line(*at, n, a);
    *at += n + ((*at)[n] == '\n');
    return true;
}

/* A person may write "Name: Baton" by chance; two labels, one of them a way to reach somebody, are a form. */
static bool is_form(const char *text, struct arena *a)
{
    size_t labels = 0;
    bool reaches = false;
    struct line l;
    while (next_line(&text, &l, a)) {
        if (!l.field || !text_trim(a, l.text))
            continue;
        labels++;
        reaches = reaches || strcmp(l.field, "email") == 0 || strcmp(l.field, "phone") == 0 ||
                  strcmp(l.field, "mobile_phone") == 0;
    }
    return labels >= LABELS_LEAST && reaches;
}

static void add_line(struct buffer *message, const char *text)
{
    if (message->size)
        buffer_char(message, '\n');
    buffer_text(message, text);
}

static void read_form(Baton__Lead *l, const struct leads_mail *mail, struct arena *a)
{
    struct buffer message;
    struct line line;
    const char *at = mail->text;
    buffer_init(&message, LEADS_MAIL_TEXT_MAX * 2);
    while (next_line(&at, &line, a)) {
        char *value = text_trim(a, line.text);
        if (value &&
            (!line.field || strcmp(line.field, "message") == 0 || !leads_place(l, line.field, value, a)))
            add_line(&message, value);
    }
    if (message.size)
        l->message = arena_strdup(a, buffer_cstr(&message));
    buffer_release(&message);
}

/* --- the lead --- */

static char *given(const char *text, struct arena *a)
{
    return *text ? arena_strdup(a, text) : NULL;
}

static char *letter_text(const struct leads_mail *mail, struct arena *a)
{
    if (!*mail->subject)
        return given(mail->text, a);
    return arena_printf(a, *mail->text ? "%s\n\n%s" : "%s%s", mail->subject, mail->text);
}

/* From the sender, what the form did not say. The address of a web site that only sent the form is nobody's.
 */
static void read_sender(Baton__Lead *l, const struct leads_mail *mail, bool is_form_mail, struct arena *a)
{
    if (is_form_mail && !mail->may_answer)
        return;
    if (!l->email)
        l->email = given(mail->sender, a);
    if (!is_form_mail && *mail->sender_name)
        (void)leads_place(l, "name", arena_strdup(a, mail->sender_name), a); /* the place is free */
}

struct leads_read leads_read_mail(const struct leads_mail *mail, struct arena *a)
{
    bool is_form_mail = is_form(mail->text, a);
    Baton__Lead *l = ARENA_NEW(a, Baton__Lead);
    baton__lead__init(l);
    if (is_form_mail)
        read_form(l, mail, a);
    else
        l->message = letter_text(mail, a);
    read_sender(l, mail, is_form_mail, a);
    if (!l->language)
        l->language = given(mail->language, a);
    l->lead_source = arena_strdup(a, LEADS_MAIL_SOURCE);
    l->external_id = arena_strdup(a, mail->key);
    return (struct leads_read){.lead = l, .is_form = is_form_mail};
}

static void list_attachments(Baton__Lead *l, const struct leads_mail *mail, struct arena *a)
{
    l->attachments = ARENA_ARRAY(a, Baton__MailAttachment *, mail->n_attachments);
    for (size_t i = 0; i < mail->n_attachments; i++) {
        const struct leads_mail_attachment *from = &mail->attachments[i];
        Baton__MailAttachment *to = l->attachments[l->n_attachments++] = ARENA_NEW(a, Baton__MailAttachment);
        baton__mail_attachment__init(to);
        to->name = given(from->name, a);
        to->type = given(from->type, a);
        to->has_size = true;
        to->size = from->size;
    }
}

/* Whoever may not see the lead learns that it is there, and no more. */
static ProtobufCMessage *reply_of(const Baton__Lead *l, bool is_repeated, bool may_see, struct arena *a)
{
    Baton__SubmitMailResponse *reply = ARENA_NEW(a, Baton__SubmitMailResponse);
    baton__submit_mail_response__init(reply);
    reply->lead_id = l->id;
    reply->has_repeated_lead = reply->repeated_lead = is_repeated;
    if (may_see) {
        reply->has_status = l->has_status;
        reply->status = l->status;
        reply->status_reason = l->status_reason;
    }
    return &reply->base;
}

static Baton__Original *original(const Baton__SubmitMailRequest *q, const struct command *c, struct arena *a)
{
    Baton__Original *o = leads_original(q->original, c, a);
    o->content_type = arena_strdup(a, "message/rfc822");
    return o;
}

bool leads_decide_mail(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_capture_facts *f = facts;
    const struct leads_mail *mail = c->prepared;
    const Baton__SubmitMailRequest *q = (const Baton__SubmitMailRequest *)c->request;
    /* 1: nothing is taken in before it is known who works here */
    if (!f->routing->ready)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "Baton is still starting; try again");
    /* 2: there is a mail */
    if (!mail)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "original", "the mail is empty");
    if (!*mail->key)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL,
                      "mails cannot be read just now: baton-mail.so cannot be loaded");
    /* 3: the same Message-Id is the same mail, however often it is delivered */
    if (f->same_key) {
        out->reply = reply_of(f->same_key, true, leads_may_see(c->actor, f->same_key, &f->scope), s->arena);
        return true;
    }
    /* 4: what a machine wrote is kept as rejected, 5: unless it brings a form that a person filled in */
    const char *machine = *mail->machine && !(mail->may_be_form && f->read.is_form) ? mail->machine : NULL;
    /* 6: a form's labels say where its values belong; 7: anything else is its sender's message */
    Baton__Lead *l = leads_tidy(f->read.lead, s->arena);
    /* 8: what was attached is named; it stays in the original */
    list_attachments(l, mail, s->arena);
    if (!l->product_interest && q->product_interest)
        l->product_interest = arena_strdup(s->arena, q->product_interest);
    l = leads_take_in(l, original(q, c, s->arena), machine, f, s, out);
    leads_acknowledge(f->routing, l, s, out);
    out->reply = reply_of(l, false, true, s->arena);
    return true;
}
