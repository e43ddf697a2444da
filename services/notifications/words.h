/* The words of notifications, in the languages there are. A text has fields in braces, {who} or, with what is
   written where it is missing, {who|Somebody}; what stands in [brackets] is left out where a field in it is
   missing. No other text has braces, brackets or bars. */
#ifndef BATON_NOTIFICATIONS_WORDS_H
#define BATON_NOTIFICATIONS_WORDS_H

#include "base/locale.h"
#include "base/worktime.h"
#include "services/notifications/notifications.h"

/* Of a BCP 47 tag; English for what there are no words in, and for NULL. */
enum notifications_language words_language(const char *tag);
/* As ICU knows it. */
const char *words_tag(enum notifications_language language);

/* What fills a field. */
struct word {
    const char *field, *value; /* NULL: it is missing */
};
char *words_write(const char *text, const struct word *words, size_t n, struct arena *a);

/* "New lead" */
const char *words_class(enum notifications_language language, Baton__NotificationClass class);
/* "New lead: Anna Smith, Acme"; both may be NULL, and are cut where they are long. */
char *words_title(enum notifications_language language, Baton__NotificationClass class, const char *name,
                  const char *company, struct arena *a);
/* What is said of it: by {who}, {reason}, {due}. `otherwise`: the other thing that there is to be said. */
char *words_text(enum notifications_language language, Baton__NotificationClass class, bool otherwise,
                 const struct word *words, size_t n, struct arena *a);
/* "Wednesday, November 25, 2026 at 2:05 PM (UTC+1)"; NULL: there is none, or nothing to say it with. */
char *words_time(const struct notifications_voice *v, const Google__Protobuf__Timestamp *at, struct arena *a);
/* What can be done about it at once. */
void words_actions(enum notifications_language language, Baton__Notification *n, struct arena *a);
/* The text as it is mailed, with what can be done. */
char *words_letter(enum notifications_language language, const Baton__Notification *n, struct arena *a);
/* What happened to a lead that somebody follows: by {who}, {reason}. */
enum words_news {
    NEWS_ASSIGNED,
    NEWS_ACCEPTED,
    NEWS_CONVERTED,
    NEWS_CLOSED,
    NEWS_REOPENED,
    /* to an opportunity, by {stage} as well */
    NEWS_DEAL_MOVED,
    NEWS_DEAL_WON,
    NEWS_DEAL_LOST,
    NEWS_DEAL_REOPENED,
    NEWS_DEAL_STALLED,
    NEWS_DEAL_NOTED,
    NEWS_DEAL_APPROVAL,
    NEWS_DEAL_APPROVED,
    NEWS_DEAL_REJECTED,
    NEWS_DEAL_ACCEPTED,
    /* to a {step} of its plan */
    NEWS_STEP_CLOSED,
    NEWS_STEP_LATE,
    NEWS_STEP_ESCALATED,
    /* to a document, by {due} */
    NEWS_DOCUMENT_EFFECTIVE,
    NEWS_DOCUMENT_EXPIRES,
    NEWS_DOCUMENT_RENEWAL,
    NEWS_DOCUMENT_NOTICE,
    NEWS_DOCUMENT_TO_READ,
    NEWS_DOCUMENT_OPENED,
    /* to printed material, by {left} and {reason} */
    NEWS_COLLATERAL_LOW,
    NEWS_COLLATERAL_TO_APPROVE,
    NEWS_COLLATERAL_REJECTED,
    NEWS_COLLATERAL_SHIPPED,
    NEWS_COLLATERAL_TO_PICK,
    NEWS
};
char *words_news(enum notifications_language language, enum words_news news, const struct word *words,
                 size_t n, struct arena *a);
/* "3 × New lead", a line a class. */
char *words_digest(enum notifications_language language, const Baton__Digest *d, struct arena *a);

#endif
