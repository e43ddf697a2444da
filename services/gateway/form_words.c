/* The one table of what forms' pages say. */
#include "form_words.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum language { ENGLISH, GERMAN, CHINESE, LANGUAGES };

static const struct {
    const char *tag;
    enum language language;
} tags[] = {{"en", ENGLISH}, {"de", GERMAN}, {"zh", CHINESE}};

static const char *const words[FORM_WORDS][LANGUAGES] = {
    [FORM_CONTACT] = {"Contact us", "Kontakt", "聯絡我們"},
    [FORM_NAME] = {"Name", "Name", "姓名"},
    [FORM_EMAIL] = {"E-mail", "E-Mail", "電子郵件"},
    [FORM_COMPANY] = {"Company", "Firma", "公司名稱"},
    [FORM_PHONE] = {"Telephone", "Telefon", "電話"},
    [FORM_MESSAGE] = {"Message", "Nachricht", "留言"},
    [FORM_SEND] = {"Send", "Senden", "送出"},
    [FORM_OPTIONAL] = {"optional", "freiwillig", "選填"},
    [FORM_CHOOSE] = {"Please choose", "Bitte wählen", "請選擇"},
    [FORM_NOT_SENT] = {"This has not been sent yet. Please look at:",
                       "Das wurde noch nicht gesendet. Bitte prüfen Sie:", "尚未送出，請檢查以下欄位："},
    [FORM_FILE_AGAIN] = {"Please choose the file once more.", "Bitte wählen Sie die Datei noch einmal aus.",
                         "請重新選擇檔案。"},
    [FORM_LEAVE_EMPTY] = {"Please leave this empty", "Bitte leer lassen", "請留空"},
    [FORM_THANKS] = {"Thank you", "Vielen Dank", "謝謝您"},
    [FORM_RECEIVED] = {"We have received it and will be in touch.",
                       "Wir haben es erhalten und melden uns bei Ihnen.",
                       "我們已收到您的資料，將盡快與您聯絡。"},
    [FORM_MISSING] = {"Please fill this in.", "Bitte füllen Sie das aus.", "請填寫此欄位。"},
    [FORM_NOT_AGREED] = {"We need your agreement to this.", "Hierfür brauchen wir Ihre Zustimmung.",
                         "需要您的同意才能繼續。"},
    [FORM_NOT_AN_EMAIL] = {"Please write an e-mail address, like name@company.example.",
                           "Bitte geben Sie eine E-Mail-Adresse an, etwa name@firma.example.",
                           "請輸入電子郵件地址，例如 name@company.example。"},
    [FORM_NOT_A_PHONE] = {"Please write a telephone number, like +44 20 7946 0000.",
                          "Bitte geben Sie eine Telefonnummer an, etwa +49 30 901820.",
                          "請輸入電話號碼，例如 +886 2 2345 6789。"},
    [FORM_NOT_A_CHOICE] = {"Please choose one of these.", "Bitte wählen Sie eines davon aus.",
                           "請從選項中選擇一項。"},
    [FORM_NOT_A_NUMBER] = {"Please write a number.", "Bitte geben Sie eine Zahl an.", "請輸入數字。"},
    [FORM_NOT_A_DATE] = {"Please write a date, like 2027-01-31.",
                         "Bitte geben Sie ein Datum an, etwa 2027-01-31.", "請輸入日期，例如 2027-01-31。"},
    [FORM_TOO_LONG] = {"This is too long; please make it shorter.", "Das ist zu lang; bitte kürzen Sie es.",
                       "內容過長，請縮短。"},
    [FORM_FAILED] = {"This could not be sent", "Das konnte nicht gesendet werden", "無法送出"},
    [FORM_LATER] = {"Please try again in a moment", "Bitte versuchen Sie es gleich noch einmal",
                    "請稍後再試"},
    [FORM_NO_SUCH] = {"There is no such form.", "Dieses Formular gibt es nicht.", "找不到此表單。"},
    [FORM_TOO_LARGE] = {"This is too large; please send less, or smaller files.",
                        "Das ist zu groß; bitte senden Sie weniger oder kleinere Dateien.",
                        "內容過大，請減少內容或縮小檔案。"},
    [FORM_TOO_MANY] = {"Too much has come from your address.", "Von Ihrer Adresse kam zu viel auf einmal.",
                       "您的網路位址送出過於頻繁。"},
    [FORM_AWAY] = {"Nothing has been sent yet. It will work again soon.",
                   "Noch wurde nichts gesendet. Es geht bald wieder.", "資料尚未送出，系統即將恢復。"},
    [FORM_DAMAGED] =
        {"What arrived could not be read: too many fields or files, or not as this form sends them.",
         "Was ankam, war nicht zu lesen: zu viele Felder oder Dateien, oder nicht so, wie dieses "
         "Formular sie sendet.",
         "無法讀取送出的內容：欄位或檔案過多，或格式與此表單不符。"},
    [FORM_BROKEN] = {"Something went wrong here.", "Hier ist etwas schiefgegangen.", "系統發生錯誤。"},
};

/* LANGUAGES: in none of them. */
static enum language language_of(const char *language)
{
    for (size_t i = 0; language && i < sizeof tags / sizeof *tags; i++) {
        size_t n = strlen(tags[i].tag);
        if (strncasecmp(language, tags[i].tag, n) == 0 && (!language[n] || language[n] == '-'))
            return tags[i].language;
    }
    return LANGUAGES;
}

const char *form_word(const char *language, enum form_word word)
{
    enum language l = language_of(language);
    return words[word][l == LANGUAGES ? ENGLISH : l];
}

bool form_words_have(const char *language)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    return language_of(language) != LANGUAGES && !language[strspn(language, plain)];
}

bool form_words_english(const char *language)
{
    enum language l = language_of(language);
    return l == ENGLISH || l == LANGUAGES;
}
