/* What stands on a quote beside what is quoted, in two languages. */
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "services/opportunities/quote_pdf.h"

static const struct quote_words english = {
    .quote = "Quote",
    .draft = "Draft",
    .version = "Version",
    .date = "Date",
    .valid_until = "Valid until",
    .to = "To",
    .columns = {"#", "Description", "Quantity", "Unit price", "Discount", "Tax", "Amount"},
    .gross = "Sum",
    .reduction = "Discounts",
    .net = "Net",
    .tax = {" % of ", ""},
    .total = {"Total (", ")"},
    .page = {"Page ", " of ", ""},
    .no_tax = "–",
};

static const struct quote_words chinese = {
    .quote = "報價單",
    .draft = "草稿",
    .version = "版次",
    .date = "日期",
    .valid_until = "有效期限",
    .to = "客戶",
    .columns = {"#", "品名", "數量", "單價", "折扣", "稅率", "金額"},
    .gross = "小計",
    .reduction = "折扣",
    .net = "未稅金額",
    .tax = {" %（", "）"},
    .total = {"總計（", "）"},
    .page = {"第 ", " 頁，共 ", " 頁"},
    .no_tax = "–",
};

const struct quote_words *quote_words(const char *language)
{
    return language && strncmp(language, "zh", 2) == 0 ? &chinese : &english;
}

void quote_amount(char *out, size_t size, int64_t minor_units, int digits)
{
    char plain[DECIMAL_SIZE];
    decimal_format(plain, minor_units, digits < 0 ? 0 : digits);
    const char *p = plain;
    size_t n = 0, whole = strcspn(plain, ".") - (*plain == '-');
    if (*p == '-')
        n += (size_t)snprintf(out, size, "−"); /* as wide as a digit */
    for (p += *p == '-'; *p && n + 2 < size; p++) {
        out[n++] = *p;
        if (whole > 0 && --whole > 0 && whole % 3 == 0)
            out[n++] = ',';
    }
    out[n] = '\0';
}
