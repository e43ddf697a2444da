/* The letter with which a quote goes to a customer. */
#ifndef BATON_NOTIFICATIONS_QUOTE_LETTER_H
#define BATON_NOTIFICATIONS_QUOTE_LETTER_H

#include "services/notifications/delivery.h"

struct quote_letter_facts {
    struct delivery_ways ways;
    const Baton__Organisation *organisation; /* NULL: nothing is known of it yet */
    const Baton__User *owner;                /* whom answers go to; NULL: to wherever mail comes from */
};

decide_fn notifications_decide_quote_sent;

#endif
