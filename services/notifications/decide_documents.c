/* What happens to documents makes known to whom it concerns. */
#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

#define KIND(NAME)  BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_##NAME
#define CLASS(NAME) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##NAME

static const struct row {
    Baton__NotificationClass class;
    enum words_news words;
} rows[] = {
    [KIND(EFFECTIVE)] = {CLASS(DOCUMENT_DATE), NEWS_DOCUMENT_EFFECTIVE},
    [KIND(EXPIRES)] = {CLASS(DOCUMENT_DATE), NEWS_DOCUMENT_EXPIRES},
    [KIND(RENEWAL)] = {CLASS(DOCUMENT_DATE), NEWS_DOCUMENT_RENEWAL},
    [KIND(NOTICE)] = {CLASS(DOCUMENT_DATE), NEWS_DOCUMENT_NOTICE},
    [KIND(TO_READ)] = {CLASS(DOCUMENT_TO_READ), NEWS_DOCUMENT_TO_READ},
    [KIND(OPENED)] = {CLASS(DOCUMENT_OPENED), NEWS_DOCUMENT_OPENED},
};

bool notifications_decide_document_news(const void *facts, const struct command *c, struct stamp *s,
                                        struct outcome *out)
{
    const Baton__DocumentNews *e = (const Baton__DocumentNews *)c->request;
    const struct recipients *f = facts;
    const struct word words[] = {{"due", e->on}, {"who", e->given_to}};
    const struct row *row = (size_t)e->kind < sizeof rows / sizeof *rows ? &rows[e->kind] : NULL;
    /* 1: each who is named hears of it once, in their language; of a kind newer than this program nobody does
     */
    for (size_t i = 0; row && row->class && i < f->n; i++)
        notifications_tell(&(struct told){.class = row->class,
                                          .user_id = e->user_ids[i],
                                          .lead_name = e->title,
                                          .text = words_news(f->all[i].voice.language, row->words, words,
                                                             sizeof words / sizeof *words, s->arena),
                                          .document_id = e->document_id},
                           &f->all[i], s, out);
    return true;
}

static const enum words_news collateral[] = {
    [BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_LOW] = NEWS_COLLATERAL_LOW,
    [BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_TO_APPROVE] = NEWS_COLLATERAL_TO_APPROVE,
    [BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_REJECTED] = NEWS_COLLATERAL_REJECTED,
    [BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_SHIPPED] = NEWS_COLLATERAL_SHIPPED,
    [BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_TO_PICK] = NEWS_COLLATERAL_TO_PICK,
};

bool notifications_decide_collateral_news(const void *facts, const struct command *c, struct stamp *s,
                                          struct outcome *out)
{
    const Baton__CollateralNews *e = (const Baton__CollateralNews *)c->request;
    const struct recipients *f = facts;
    const struct word words[] = {
        {"left", e->has_left ? arena_printf(s->arena, "%llu", (unsigned long long)e->left) : NULL},
        {"reason", e->reason}};
    enum words_news news =
        e->kind && (size_t)e->kind < sizeof collateral / sizeof *collateral ? collateral[e->kind] : NEWS;
    /* 2: the same, of printed material */
    for (size_t i = 0; news != NEWS && i < f->n; i++)
        notifications_tell(&(struct told){.class = CLASS(COLLATERAL),
                                          .user_id = e->user_ids[i],
                                          .lead_name = e->title,
                                          .text = words_news(f->all[i].voice.language, news, words,
                                                             sizeof words / sizeof *words, s->arena),
                                          .collateral_item_id = e->item_id,
                                          .collateral_order_id = e->order_id,
                                          .person_id = e->contact_id},
                           &f->all[i], s, out);
    return true;
}
