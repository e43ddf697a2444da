/* The labels people give to the fields of their forms, in several languages, and their places in a lead. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "services/leads/leads.h"

enum { NAME_MAX_BYTES = 64 };

/* What people call the fields of their forms, without capitals, spaces, dashes, underscores and dots, and the
   field of Lead that is meant. "name" is split, "address.x" lies one deeper. */
struct form_name {
    const char *name, *field;
};
static const struct form_name names[] = {
    {"salutation", "salutation"},
    {"name", "name"},
    {"fullname", "name"},
    {"yourname", "name"},
    {"contactname", "name"},
    {"firstname", "first_name"},
    {"givenname", "first_name"},
    {"fname", "first_name"},
    {"forename", "first_name"},
    {"lastname", "last_name"},
    {"surname", "last_name"},
    {"familyname", "last_name"},
    {"lname", "last_name"},
    {"company", "company"},
    {"companyname", "company"},
    {"organisation", "company"},
    {"organization", "company"},
    {"firm", "company"},
    {"title", "title"},
    {"jobtitle", "title"},
    {"position", "title"},
    {"email", "email"},
    {"mail", "email"},
    {"emailaddress", "email"},
    {"youremail", "email"},
    {"phone", "phone"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"phonenumber", "phone"},
    {"mobile", "mobile_phone"},
    {"mobilephone", "mobile_phone"},
    {"cell", "mobile_phone"},
    {"cellphone", "mobile_phone"},
    {"website", "website"},
    {"url", "website"},
    {"homepage", "website"},
    {"web", "website"},
    {"street", "address.street"},
    {"address", "address.street"},
    {"city", "address.city"},
    {"town", "address.city"},
    {"state", "address.state"},
    {"province", "address.state"},
    {"region", "address.state"},
    {"zip", "address.postal_code"},
    {"zipcode", "address.postal_code"},
    {"postcode", "address.postal_code"},
    {"postalcode", "address.postal_code"},
    {"country", "address.country"},
    {"industry", "industry"},
    {"product", "product_interest"},
    {"productinterest", "product_interest"},
    {"interest", "product_interest"},
    {"interestedin", "product_interest"},
    {"language", "language"},
    {"lang", "language"},
    {"message", "message"},
    {"comment", "message"},
    {"comments", "message"},
    {"enquiry", "message"},
    {"inquiry", "message"},
    {"question", "message"},
    {"notes", "message"},
    {"annualrevenue", "annual_revenue"},
    {"revenue", "annual_revenue"},
    {"employees", "number_of_employees"},
    {"numberofemployees", "number_of_employees"},
    {"donotcall", "do_not_call"},
    {"hasoptedoutofemail", "has_opted_out_of_email"},
    {"optout", "has_opted_out_of_email"},
    {"leadsource", "lead_source"},
    {"utmsource", "lead_source"},
    {"campaignid", "campaign_id"},
    {"utmcampaign", "campaign_id"},
    /* German, French, Spanish, Italian, Dutch, Portuguese */
    {"vorname", "first_name"},
    {"nachname", "last_name"},
    {"firma", "company"},
    {"unternehmen", "company"},
    {"telefon", "phone"},
    {"telefonnummer", "phone"},
    {"handy", "mobile_phone"},
    {"strasse", "address.street"},
    {"straße", "address.street"},
    {"ort", "address.city"},
    {"plz", "address.postal_code"},
    {"land", "address.country"},
    {"produkt", "product_interest"},
    {"nachricht", "message"},
    {"nom", "name"},
    {"prénom", "first_name"},
    {"société", "company"},
    {"téléphone", "phone"},
    {"courriel", "email"},
    {"ville", "address.city"},
    {"pays", "address.country"},
    {"produit", "product_interest"},
    {"nombre", "name"},
    {"apellidos", "last_name"},
    {"empresa", "company"},
    {"teléfono", "phone"},
    {"correo", "email"},
    {"correoelectrónico", "email"},
    {"ciudad", "address.city"},
    {"país", "address.country"},
    {"mensaje", "message"},
    {"nome", "name"},
    {"cognome", "last_name"},
    {"azienda", "company"},
    {"telefono", "phone"},
    {"messaggio", "message"},
    {"naam", "name"},
    {"bedrijf", "company"},
    {"telefoon", "phone"},
    {"bericht", "message"},
    {"telefone", "phone"},
    {"mensagem", "message"},
    /* Chinese, Japanese */
    {"姓名", "name"},
    {"联系人", "name"},
    {"聯絡人", "name"},
    {"公司", "company"},
    {"公司名称", "company"},
    {"公司名稱", "company"},
    {"单位", "company"},
    {"职位", "title"},
    {"職稱", "title"},
    {"电话", "phone"},
    {"電話", "phone"},
    {"联系电话", "phone"},
    {"聯絡電話", "phone"},
    {"手机", "mobile_phone"},
    {"手机号", "mobile_phone"},
    {"手機", "mobile_phone"},
    {"邮箱", "email"},
    {"电子邮箱", "email"},
    {"电子邮件", "email"},
    {"電子郵件", "email"},
    {"網站", "website"},
    {"网站", "website"},
    {"地址", "address.street"},
    {"城市", "address.city"},
    {"国家", "address.country"},
    {"國家", "address.country"},
    {"产品", "product_interest"},
    {"產品", "product_interest"},
    {"留言", "message"},
    {"内容", "message"},
    {"备注", "message"},
    {"お名前", "name"},
    {"名前", "name"},
    {"会社名", "company"},
    {"電話番号", "phone"},
    {"メールアドレス", "email"},
    {"お問い合わせ内容", "message"},
};

static bool set_name(Baton__Lead *l, char *value)
{
    if (l->first_name || l->last_name)
        return false;
    char *space = strrchr(value, ' ');
    l->last_name = space ? space + 1 : value;
    if (space) {
        *space = '\0';
        l->first_name = value;
    }
    return true;
}

static bool parse_flag(const char *value, bool *on)
{
    static const char *const yes[] = {"on", "yes", "true", "1"}, *const no[] = {"off", "no", "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcasecmp(value, yes[i]) == 0)
            return *on = true;
        if (strcasecmp(value, no[i]) == 0)
            return !(*on = false);
    }
    return false;
}

static bool set_field(ProtobufCMessage *m, const char *name, char *value)
{
    char *end;
    bool on;
    const struct schema_field *f = schema_field(schema_message(m->descriptor), name);
    if (schema_present(m, f))
        return false;
    if (f->pb->type == PROTOBUF_C_TYPE_STRING) {
        schema_set_text(m, name, value);
        return true;
    }
    if (f->pb->type == PROTOBUF_C_TYPE_BOOL) {
        if (!parse_flag(value, &on))
            return false;
        schema_set_int(m, name, on);
        return true;
    }
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end)
        return false;
    schema_set_int(m, name, number);
    return true;
}

const char *leads_label_field(const char *name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = 0;
    for (; *name; name++) {
        if (strchr(" -_.", *name))
            continue;
        if (n + 1 == sizeof plain)
            return NULL;
        plain[n++] = (char)(*name >= 'A' && *name <= 'Z' ? *name | 0x20 : *name);
    }
    plain[n] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, plain) == 0)
            return names[i].field;
    return NULL;
}

bool leads_place(Baton__Lead *l, const char *field, char *value, struct arena *a)
{
    if (strcmp(field, "name") == 0)
        return set_name(l, value);
    if (strncmp(field, "address.", 8) != 0)
        return set_field(&l->base, field, value);
    if (!l->address) {
        l->address = ARENA_NEW(a, Baton__Address);
        baton__address__init(l->address);
    }
    return set_field(&l->address->base, field + 8, value);
}
