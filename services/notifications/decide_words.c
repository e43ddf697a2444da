/* What notifications say, as tables of texts, and how a text is filled in. */
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/notifications/words.h"

#define CLASS(NAME) [BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##NAME]
#define DO(NAME)    BATON__NOTIFICATION_ACTION_KIND__NOTIFICATION_ACTION_KIND_##NAME

enum { NAME_SHOWN_MAX = 120, TEXT_MAX = 8192, ACTIONS_MAX = 3 };
enum { CLASSES = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_SYSTEM_ALERT + 1 };

struct class_words {
    const char *title, *text, *otherwise;
};

static const struct class_words english[CLASSES] = {
    CLASS(LEAD_ASSIGNED) = {"New lead", "[{reason}][ Answer until {due}.]", NULL},
    CLASS(LEAD_REASSIGNED) = {"Lead handed on to you", "[{reason}][ Answer until {due}.]", NULL},
    CLASS(DEADLINE_NEAR) = {"Answer soon",
                            "You have not accepted or declined it yet. At the deadline it goes to the "
                            "next.[ That is on {due}.]",
                            NULL},
    CLASS(DEADLINE_PASSED) = {"Not answered in time", "{who|Somebody else} has it now.",
                              "There is nobody else it could go to: it stays with you, without a deadline."},
    CLASS(LEAD_CONVERTED) = {"Lead converted", "{who|The holder} made a customer of it.", NULL},
    CLASS(DIGEST) = {"What came in", NULL, NULL},
    CLASS(HEADS_UP) = {"News of a lead you follow", "{reason}", NULL},
    CLASS(LEAD_ESCALATED) = {"Nobody answers", "{who|The holder} has it and has not answered yet.", NULL},
    CLASS(LEAD_MERGED) = {"The same customer again", "[{reason}]", NULL},
    CLASS(MENTION) = {"You are mentioned in a note", "{who|Somebody}: {reason}", NULL},
    CLASS(SYSTEM_ALERT) = {"A routing rule is skipped", "[{reason}]", NULL},
    CLASS(OPPORTUNITY_NEWS) = {"News of an opportunity", "{reason}", NULL},
    CLASS(OPPORTUNITY_STALLED) = {"An opportunity has stalled", "{reason}", NULL},
    CLASS(DOCUMENT_TO_READ) = {"Please read a document", "{reason}", NULL},
    CLASS(DOCUMENT_OPENED) = {"A document was opened", "{reason}", NULL},
    CLASS(COLLATERAL) = {"Printed material", "{reason}", NULL},
    CLASS(DOCUMENT_DATE) = {"A date of a document is near", "{reason}", NULL},
    CLASS(TASK_DUE) = {"Reminder", "[It begins on {due}.][ {where}]", "[It is due on {due}.][ {where}]"},
};

static const struct class_words chinese[CLASSES] = {
    CLASS(LEAD_ASSIGNED) = {"新的潛在客戶", "[{reason} ][請於{due}前回覆。]", NULL},
    CLASS(LEAD_REASSIGNED) = {"轉交給您的潛在客戶", "[{reason} ][請於{due}前回覆。]", NULL},
    CLASS(DEADLINE_NEAR) = {"請儘快回覆", "您尚未接受或婉拒。期限一到就會轉給下一位。[期限是{due}。]", NULL},
    CLASS(DEADLINE_PASSED) = {"逾時未回覆", "現由{who|其他人}負責。",
                              "沒有其他人可以接手，仍由您負責，不再設期限。"},
    CLASS(LEAD_CONVERTED) = {"潛在客戶已成為客戶", "{who|負責人}已將其轉為客戶。", NULL},
    CLASS(DIGEST) = {"近期通知摘要", NULL, NULL},
    CLASS(HEADS_UP) = {"您關注的潛在客戶有新消息", "{reason}", NULL},
    CLASS(LEAD_ESCALATED) = {"無人回覆", "由{who|負責人}負責，但尚未回覆。", NULL},
    CLASS(LEAD_MERGED) = {"同一位客戶再次來訊", "新資料已併入您負責的潛在客戶。[{reason}]", NULL},
    CLASS(MENTION) = {"有備註提到您", "{who|有人}：{reason}", NULL},
    CLASS(SYSTEM_ALERT) = {"略過了一條分派規則", "請檢查分派規則。[{reason}]", NULL},
    CLASS(OPPORTUNITY_NEWS) = {"商機有新消息", "{reason}", NULL},
    CLASS(OPPORTUNITY_STALLED) = {"商機停滯", "{reason}", NULL},
    CLASS(DOCUMENT_TO_READ) = {"請閱讀文件", "{reason}", NULL},
    CLASS(DOCUMENT_OPENED) = {"文件已被開啟", "{reason}", NULL},
    CLASS(COLLATERAL) = {"印刷品", "{reason}", NULL},
    CLASS(DOCUMENT_DATE) = {"文件日期將至", "{reason}", NULL},
    CLASS(TASK_DUE) = {"提醒", "[{due}開始。][地點：{where}]", "[期限是{due}。][地點：{where}]"},
};

/* What does not hang on a class. */
static const struct language {
    const char *tag;
    const struct class_words *classes;
    const char *title, *about, *letter, *between, *count;
    const char *actions[ACTIONS_MAX + 1];
    const char *news[NEWS];
} languages[LANGUAGES] = {
    [LANGUAGE_ENGLISH] = {"en",
                          english,
                          "{title}[: {about}]",
                          "{name}[, {company}]",
                          "{text}\n\nIn Baton you can: {actions}.",
                          ", ",
                          "{count} × {title}\n",
                          {[DO(ACCEPT)] = "Accept", [DO(DECLINE)] = "Decline", [DO(OPEN)] = "Open"},
                          {[NEWS_ASSIGNED] = "{who|Somebody else} has it now.",
                           [NEWS_ACCEPTED] = "{who|The holder} accepted it.",
                           [NEWS_CONVERTED] = "{who|The holder} made a customer of it.",
                           [NEWS_CLOSED] = "{who|The holder} closed it[: {reason}].",
                           [NEWS_REOPENED] = "{who|The holder} works on it again.",
                           [NEWS_DEAL_MOVED] = "{who|Somebody} moved it to {stage|another stage}.",
                           [NEWS_DEAL_WON] = "{who|Somebody} won it[: {reason}].",
                           [NEWS_DEAL_LOST] = "It is lost[: {reason}].",
                           [NEWS_DEAL_REOPENED] = "{who|Somebody} opened it again[, in {stage}].",
                           [NEWS_DEAL_STALLED] = "Nothing has been done about it for a while[, in {stage}].",
                           [NEWS_DEAL_NOTED] = "{who|Somebody} wrote a note.",
                           [NEWS_DEAL_APPROVAL] =
                               "{who|Somebody} asks for your approval[ to move it to {stage}].",
                           [NEWS_DEAL_APPROVED] = "{who|Somebody} approved the move[ to {stage}].",
                           [NEWS_DEAL_REJECTED] =
                               "{who|Somebody} rejected the move[ to {stage}][: {reason}].",
                           [NEWS_DEAL_ACCEPTED] = "{who|The customer} accepted the quote.",
                           [NEWS_STEP_CLOSED] = "Of its plan this is done: {step|a step}.",
                           [NEWS_STEP_LATE] = "Of its plan this is late: {step|a step}.",
                           [NEWS_STEP_ESCALATED] = "Of its plan this has been late for days: {step|a step}.",
                           [NEWS_DOCUMENT_EFFECTIVE] = "It takes effect on {due}.",
                           [NEWS_DOCUMENT_EXPIRES] = "It expires on {due}.",
                           [NEWS_DOCUMENT_RENEWAL] = "It is renewed on {due}.",
                           [NEWS_DOCUMENT_NOTICE] = "Notice has to be given until {due}.",
                           [NEWS_DOCUMENT_TO_READ] = "Read it, and say that you have.",
                           [NEWS_DOCUMENT_OPENED] = "Your link was opened[; you gave it to {who}].",
                           [NEWS_COLLATERAL_LOW] = "Little is left of it: {left|0}.",
                           [NEWS_COLLATERAL_TO_APPROVE] = "An order asks for your approval.",
                           [NEWS_COLLATERAL_REJECTED] = "Your order was rejected[: {reason}].",
                           [NEWS_COLLATERAL_SHIPPED] = "It is on its way to you.",
                           [NEWS_COLLATERAL_TO_PICK] = "An order is to be picked."}},
    [LANGUAGE_CHINESE] = {"zh-Hant-TW",
                          chinese,
                          "{title}[：{about}]",
                          "{name}[，{company}]",
                          "{text}\n\n您可以在 Baton 中：{actions}。",
                          "、",
                          "{title}：{count} 則\n",
                          {[DO(ACCEPT)] = "接受", [DO(DECLINE)] = "婉拒", [DO(OPEN)] = "開啟"},
                          {[NEWS_ASSIGNED] = "現由{who|其他人}負責。",
                           [NEWS_ACCEPTED] = "{who|負責人}已接受。",
                           [NEWS_CONVERTED] = "{who|負責人}已將其轉為客戶。",
                           [NEWS_CLOSED] = "{who|負責人}已結案[（{reason}）]。",
                           [NEWS_REOPENED] = "{who|負責人}已重新處理。",
                           [NEWS_DEAL_MOVED] = "{who|有人}將其移至{stage|其他階段}。",
                           [NEWS_DEAL_WON] = "{who|有人}已贏得此商機[（{reason}）]。",
                           [NEWS_DEAL_LOST] = "此商機已失去[（{reason}）]。",
                           [NEWS_DEAL_REOPENED] = "{who|有人}已重新開啟[（{stage}）]。",
                           [NEWS_DEAL_STALLED] = "已有一段時間沒有進展[（{stage}）]。",
                           [NEWS_DEAL_NOTED] = "{who|有人}新增了一則備註。",
                           [NEWS_DEAL_APPROVAL] = "{who|有人}請您核准[移至{stage}]。",
                           [NEWS_DEAL_APPROVED] = "{who|有人}已核准[移至{stage}]。",
                           [NEWS_DEAL_REJECTED] = "{who|有人}未核准[移至{stage}][（{reason}）]。",
                           [NEWS_DEAL_ACCEPTED] = "{who|客戶}已接受報價。",
                           [NEWS_STEP_CLOSED] = "計畫步驟已完成：{step|某步驟}。",
                           [NEWS_STEP_LATE] = "計畫步驟已逾期：{step|某步驟}。",
                           [NEWS_STEP_ESCALATED] = "計畫步驟已逾期數日：{step|某步驟}。",
                           [NEWS_DOCUMENT_EFFECTIVE] = "{due}起生效。",
                           [NEWS_DOCUMENT_EXPIRES] = "{due}到期。",
                           [NEWS_DOCUMENT_RENEWAL] = "{due}續約。",
                           [NEWS_DOCUMENT_NOTICE] = "最遲須於{due}前通知終止。",
                           [NEWS_DOCUMENT_TO_READ] = "請閱讀後確認。",
                           [NEWS_DOCUMENT_OPENED] = "您的分享連結已被開啟[（分享對象：{who}）]。",
                           [NEWS_COLLATERAL_LOW] = "庫存不多，剩餘{left|0}。",
                           [NEWS_COLLATERAL_TO_APPROVE] = "有訂單請您核准。",
                           [NEWS_COLLATERAL_REJECTED] = "您的訂單未獲核准[：{reason}]。",
                           [NEWS_COLLATERAL_SHIPPED] = "已寄出給您。",
                           [NEWS_COLLATERAL_TO_PICK] = "有訂單待備貨。"}},
};

enum notifications_language words_language(const char *tag)
{
    bool is_chinese = tag && strncasecmp(tag, "zh", 2) == 0 && (!tag[2] || strchr("-_", tag[2]));
    return is_chinese ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
}

const char *words_tag(enum notifications_language language)
{
    return languages[language].tag;
}

/* --- filling in --- */

static const char *value_of(const char *name, size_t size, const struct word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i].field) == size && memcmp(words[i].field, name, size) == 0)
            return words[i].value;
    return NULL;
}

/* From behind the brace to behind its end; false: it is missing. */
static bool write_field(const char **at, const struct word *words, size_t n, struct buffer *out)
{
    const char *end = strchr(*at, '}'), *bar = memchr(*at, '|', (size_t)(end - *at));
    const char *value = value_of(*at, (size_t)((bar ? bar : end) - *at), words, n);
    if (value)
        buffer_text(out, value);
    else if (bar)
        buffer_add(out, bar + 1, (size_t)(end - bar - 1));
    *at = end + 1;
    return value || bar;
}

char *words_write(const char *text, const struct word *words, size_t n, struct arena *a)
{
    struct buffer out;
    size_t open = 0;
    bool whole = true;
    buffer_init(&out, TEXT_MAX);
    for (const char *at = text; *at;) {
        const char c = *at++;
        if (c == '{') {
            whole &= write_field(&at, words, n, &out);
        } else if (c == '[') {
            open = out.size;
            whole = true;
        } else if (c == ']') {
            out.size = whole ? out.size : open;
        } else {
            buffer_char(&out, c);
        }
    }
    char *written = arena_strdup(a, buffer_cstr(&out));
    buffer_release(&out);
    return written;
}

/* --- what is said --- */

const char *words_class(enum notifications_language language, Baton__NotificationClass class)
{
    return languages[language].classes[class].title;
}

static const char *shown(struct arena *a, const char *text)
{
    const char *trimmed = text_trim(a, text);
    if (!trimmed || strlen(trimmed) <= NAME_SHOWN_MAX)
        return trimmed;
    return arena_printf(a, "%.*s…", (int)text_clip(trimmed, NAME_SHOWN_MAX), trimmed);
}

char *words_title(enum notifications_language language, Baton__NotificationClass class, const char *name,
                  const char *company, struct arena *a)
{
    const struct language *l = &languages[language];
    const char *who = shown(a, name), *firm = shown(a, company);
    if (who && firm && strcmp(who, firm) == 0)
        firm = NULL;
    const struct word both[] = {{"name", who ? who : firm}, {"company", who ? firm : NULL}};
    const struct word all[] = {{"title", l->classes[class].title},
                               {"about", who || firm ? words_write(l->about, both, 2, a) : NULL}};
    return words_write(l->title, all, 2, a);
}

char *words_text(enum notifications_language language, Baton__NotificationClass class, bool otherwise,
                 const struct word *words, size_t n, struct arena *a)
{
    const struct class_words *w = &languages[language].classes[class];
    const char *text = otherwise ? w->otherwise : w->text;
    return text ? words_write(text, words, n, a) : NULL;
}

char *words_time(const struct notifications_voice *v, const Google__Protobuf__Timestamp *at, struct arena *a)
{
    char text[LOCALE_DATE_SIZE];
    if (!at || !v->date || !v->zone)
        return NULL;
    locale_date_write(v->date, timestamp_us(at), worktime_offset(v->zone, timestamp_us(at)), text);
    return arena_strdup(a, text);
}

/* The holder is asked for an answer. */
static const bool asks[CLASSES] = {
    CLASS(LEAD_ASSIGNED) = true,
    CLASS(LEAD_REASSIGNED) = true,
    CLASS(DEADLINE_NEAR) = true,
};

static bool can(const Baton__Notification *n, Baton__NotificationActionKind kind)
{
    return n->lead_id && (kind == DO(OPEN) || asks[n->class_]);
}

void words_actions(enum notifications_language language, Baton__Notification *n, struct arena *a)
{
    n->actions = ARENA_ARRAY(a, Baton__NotificationAction *, ACTIONS_MAX);
    for (Baton__NotificationActionKind kind = DO(ACCEPT); kind <= DO(OPEN); kind++) {
        if (!can(n, kind))
            continue;
        Baton__NotificationAction *action = ARENA_NEW(a, Baton__NotificationAction);
        baton__notification_action__init(action);
        action->has_kind = true;
        action->kind = kind;
        action->label = arena_strdup(a, languages[language].actions[kind]);
        n->actions[n->n_actions++] = action;
    }
}

char *words_letter(enum notifications_language language, const Baton__Notification *n, struct arena *a)
{
    const struct language *l = &languages[language];
    char *labels = arena_strdup(a, "");
    for (size_t i = 0; i < n->n_actions; i++)
        labels = arena_printf(a, "%s%s%s", labels, i ? l->between : "", n->actions[i]->label);
    const struct word words[] = {{"text", n->text}, {"actions", labels}};
    return n->n_actions ? words_write(l->letter, words, 2, a) : n->text;
}

char *words_news(enum notifications_language language, enum words_news news, const struct word *words,
                 size_t n, struct arena *a)
{
    return words_write(languages[language].news[news], words, n, a);
}

char *words_digest(enum notifications_language language, const Baton__Digest *d, struct arena *a)
{
    const struct language *l = &languages[language];
    char *lines = arena_strdup(a, "");
    for (size_t i = 0; i < d->n_counts; i++) {
        const struct word words[] = {{"count", arena_printf(a, "%u", d->counts[i]->count)},
                                     {"title", l->classes[d->counts[i]->class_].title}};
        lines = arena_printf(a, "%s%s", lines, words_write(l->count, words, 2, a));
    }
    return lines;
}
