/* A quote goes to the customer by mail, with the link to where it can be answered. */
#include <string.h>

#include "baton/v1/quotes.pb-c.h"
#include "services/notifications/quote_letter.h"

/* What is filled in: the number; and then the number, until when, the link, whose it is. */
static char *subject_of(const Baton__QuoteSent *e, bool is_chinese, struct arena *a)
{
    return arena_printf(a, is_chinese ? "報價單 Q-%05llu" : "Quote Q-%05llu", (unsigned long long)e->number);
}

static char *text_of(const Baton__QuoteSent *e, const Baton__Organisation *o, bool is_chinese,
                     struct arena *a)
{
    const unsigned long long number = e->number;
    const char *until = e->valid_until ? e->valid_until : "", *name = o->name ? o->name : "";
    if (is_chinese)
        return arena_printf(a,
                            "您好：\n\n附上報價單 Q-%05llu，有效期限至 %s。\n"
                            "請由以下連結檢視、下載 PDF，並接受或婉拒報價：\n\n%s/quotes/%s\n\n%s\n",
                            number, until, o->public_url, e->token, name);
    return arena_printf(
        a,
        "Hello,\n\nhere is our quote Q-%05llu, valid until %s. You can read it, take it as a PDF and\n"
        "accept or decline it here:\n\n%s/quotes/%s\n\n%s\n",
        number, until, o->public_url, e->token, name);
}

bool notifications_decide_quote_sent(const void *facts, const struct command *c, struct stamp *s,
                                     struct outcome *out)
{
    const struct quote_letter_facts *f = facts;
    const Baton__QuoteSent *e = (const Baton__QuoteSent *)c->request;
    const struct delivery_way *way = delivery_way_by(&f->ways, BATON__CHANNEL__CHANNEL_MAIL);
    /* 1: who has an address is written to, where mail goes out and it is known where links lead */
    if (!way || !e->to_email || !e->token || !f->organisation || !f->organisation->public_url)
        return true;
    const bool is_chinese = e->language && strncmp(e->language, "zh", 2) == 0;
    Baton__ChannelDelivery *d =
        delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_LETTER, way->channel, way->lane_id, s, out);
    /* 3: it goes with whom it is to */
    d->contact_id = e->contact_id;
    Baton__Letter *l = d->letter = ARENA_NEW(s->arena, Baton__Letter);
    baton__letter__init(l);
    l->to_address = e->to_email;
    l->to_name = e->to_name;
    l->subject = subject_of(e, is_chinese, s->arena);
    l->text = text_of(e, f->organisation, is_chinese, s->arena);
    l->from_name = f->organisation->name;
    /* 2: an answer goes to whose quote it is */
    l->reply_to = f->owner ? f->owner->email : NULL;
    return true;
}
