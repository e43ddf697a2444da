/* What happens to opportunities makes known to whoever owns or follows them. */
#include "baton/v1/opportunities.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

#define KIND(NAME) BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

static const enum words_news news[] = {
    [KIND(MOVED)] = NEWS_DEAL_MOVED,
    [KIND(WON)] = NEWS_DEAL_WON,
    [KIND(LOST)] = NEWS_DEAL_LOST,
    [KIND(REOPENED)] = NEWS_DEAL_REOPENED,
    [KIND(STALLED)] = NEWS_DEAL_STALLED,
    [KIND(NOTED)] = NEWS_DEAL_NOTED,
    [KIND(APPROVAL_ASKED)] = NEWS_DEAL_APPROVAL,
    [KIND(APPROVED)] = NEWS_DEAL_APPROVED,
    [KIND(REJECTED)] = NEWS_DEAL_REJECTED,
    [KIND(QUOTE_ACCEPTED)] = NEWS_DEAL_ACCEPTED,
    [KIND(STEP_CLOSED)] = NEWS_STEP_CLOSED,
    [KIND(STEP_LATE)] = NEWS_STEP_LATE,
    [KIND(STEP_ESCALATED)] = NEWS_STEP_ESCALATED,
};

bool notifications_decide_deal_news(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const Baton__OpportunityNews *e = (const Baton__OpportunityNews *)c->request;
    const struct recipients *f = facts;
    const Baton__NotificationClass class =
        e->kind == KIND(STALLED) ? BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_OPPORTUNITY_STALLED
                                 : BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_OPPORTUNITY_NEWS;
    const struct word words[] = {
        {"who", e->who}, {"stage", e->stage_name}, {"reason", e->reason}, {"step", e->step_title}};
    /* 1: each who is named hears of it once, in their language; of a kind newer than this program nobody does
     */
    for (size_t i = 0; (size_t)e->kind < sizeof news / sizeof *news && i < f->n; i++)
        notifications_tell(&(struct told){.class = class,
                                          .user_id = e->user_ids[i],
                                          .lead_name = e->name,
                                          .text = words_news(f->all[i].voice.language, news[e->kind], words,
                                                             sizeof words / sizeof *words, s->arena),
                                          .opportunity_id = e->opportunity_id,
                                          .person_id = e->contact_id,
                                          .account_id = e->account_id},
                           &f->all[i], s, out);
    return true;
}
