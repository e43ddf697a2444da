/* A delivery as a letter for its mail account's server. */
#include <string.h>

#include "services/notifications/channel.h"
#include "services/notifications/letter.h"

/* Whoever works here gets the way to it; a customer's letter stands as it was decided. */
static const char *text_of(struct load *l, const Baton__ChannelDelivery *d)
{
    const char *link =
        d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION ? channel_link(l, d->lead_id) : NULL;
    return link ? arena_printf(l->arena, "%s\n\n%s", d->letter->text ? d->letter->text : "", link)
                : d->letter->text;
}

static void compose(struct load *load, const Baton__ChannelDelivery *d, const Baton__MailAccount *account,
                    struct outbound_request *r)
{
    struct arena *a = load->arena;
    const Baton__Letter *l = d->letter;
    const struct letter letter = {
        .id = d->id,
        .time_us = timestamp_us(d->created_at),
        .from_address = account->from_address,
        .from_name = l->from_name ? l->from_name : account->from_name,
        .to_address = l->to_address,
        .to_name = l->to_name,
        .reply_to = l->reply_to,
        .subject = l->subject,
        .text = text_of(load, d),
    };
    r->body = letter_write(&letter, a);
    /* What stands behind the host is the name we say to it. */
    r->url = arena_printf(a, "%s/%s", account->server, strchr(account->from_address, '@') + 1);
}

bool channel_mail_ask(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r)
{
    const Baton__MailAccount *account =
        table_get_id(l->txn, NOTIFICATIONS_MAIL_ACCOUNT, d->lane_id, l->arena);
    if (!account || !d->letter)
        return false;
    r->kind = OUTBOUND_MAIL;
    r->from = account->from_address;
    r->to = d->letter->to_address;
    r->user = account->user_name;
    r->secret = notifications_secret_of(l, d->lane_id);
    /* Nobody is sent to an address that is none: such an exchange ends at once. */
    if (letter_is_address(r->to) && letter_is_address(r->from))
        compose(l, d, account, r);
    else
        r->url = "";
    return true;
}
