/* What each column of a list is to a contact or an account. */
#include "tool/list_map.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/ident.h"
#include "base/text.h"
#include "tool/csv_map.h"

#define FULL_NAME "(full name)"
#define COMPANY   "company"
#define ID        "id"

/* Normalised header -> field of a contact and of an account; NULL: it says nothing to it. The records' own
   field names need no row; "address" stands for a contact's mailing and an account's billing address. */
static const struct {
    const char *header, *contact, *account;
} synonyms[] = {
    /* names */
    {"firstname", "first_name", NULL},
    {"givenname", "first_name", NULL},
    {"vorname", "first_name", NULL},
    {"名", "first_name", NULL},
    {"名字", "first_name", NULL},
    {"lastname", "last_name", NULL},
    {"surname", "last_name", NULL},
    {"familyname", "last_name", NULL},
    {"nachname", "last_name", NULL},
    {"familienname", "last_name", NULL},
    {"姓", "last_name", NULL},
    {"姓氏", "last_name", NULL},
    {"name", FULL_NAME, "name"},
    {"fullname", FULL_NAME, NULL},
    {"displayname", FULL_NAME, NULL},
    {"contact", FULL_NAME, NULL},
    {"contactname", FULL_NAME, NULL},
    {"ansprechpartner", FULL_NAME, NULL},
    {"kontakt", FULL_NAME, NULL},
    {"姓名", FULL_NAME, NULL},
    {"聯絡人", FULL_NAME, NULL},
    {"salutation", "salutation", NULL},
    {"anrede", "salutation", NULL},
    {"稱謂", "salutation", NULL},
    /* what they are */
    {"jobtitle", "title", NULL},
    {"position", "title", NULL},
    {"funktion", "title", NULL},
    {"職稱", "title", NULL},
    {"abteilung", "department", NULL},
    {"部門", "department", NULL},
    {"birthdate", "birthday", NULL},
    {"dateofbirth", "birthday", NULL},
    {"geburtstag", "birthday", NULL},
    {"geburtsdatum", "birthday", NULL},
    {"生日", "birthday", NULL},
    /* companies */
    {"account", COMPANY, "name"},
    {"accountname", COMPANY, "name"},
    {"company", COMPANY, "name"},
    {"companyname", COMPANY, "name"},
    {"organisation", COMPANY, "name"},
    {"organization", COMPANY, "name"},
    {"customer", COMPANY, "name"},
    {"firma", COMPANY, "name"},
    {"firmenname", COMPANY, "name"},
    {"unternehmen", COMPANY, "name"},
    {"kunde", COMPANY, "name"},
    {"公司", COMPANY, "name"},
    {"公司名稱", COMPANY, "name"},
    {"客戶", COMPANY, "name"},
    {"客戶名稱", COMPANY, "name"},
    {"sector", NULL, "industry"},
    {"branche", NULL, "industry"},
    {"產業", NULL, "industry"},
    {"revenue", NULL, "annual_revenue"},
    {"umsatz", NULL, "annual_revenue"},
    {"jahresumsatz", NULL, "annual_revenue"},
    {"營業額", NULL, "annual_revenue"},
    {"employees", NULL, "number_of_employees"},
    {"headcount", NULL, "number_of_employees"},
    {"mitarbeiter", NULL, "number_of_employees"},
    {"員工數", NULL, "number_of_employees"},
    {"web", NULL, "website"},
    {"url", NULL, "website"},
    {"homepage", NULL, "website"},
    {"webseite", NULL, "website"},
    {"網站", NULL, "website"},
    {"kind", NULL, "type"},
    {"art", NULL, "type"},
    {"類型", NULL, "type"},
    /* how they are reached */
    {"mail", "email", NULL},
    {"emailaddress", "email", NULL},
    {"emailadresse", "email", NULL},
    {"電子郵件", "email", NULL},
    {"信箱", "email", NULL},
    {"tel", "phone", "phone"},
    {"telephone", "phone", "phone"},
    {"telefon", "phone", "phone"},
    {"telefonnummer", "phone", "phone"},
    {"phonenumber", "phone", "phone"},
    {"workphone", "phone", NULL},
    {"businessphone", "phone", "phone"},
    {"電話", "phone", "phone"},
    {"mobile", "mobile_phone", NULL},
    {"mobilenumber", "mobile_phone", NULL},
    {"cell", "mobile_phone", NULL},
    {"cellphone", "mobile_phone", NULL},
    {"handy", "mobile_phone", NULL},
    {"mobiltelefon", "mobile_phone", NULL},
    {"手機", "mobile_phone", NULL},
    {"行動電話", "mobile_phone", NULL},
    /* where they are */
    {"street", "address.street", "address.street"},
    {"address", "address.street", "address.street"},
    {"streetaddress", "address.street", "address.street"},
    {"strasse", "address.street", "address.street"},
    {"adresse", "address.street", "address.street"},
    {"地址", "address.street", "address.street"},
    {"city", "address.city", "address.city"},
    {"town", "address.city", "address.city"},
    {"ort", "address.city", "address.city"},
    {"stadt", "address.city", "address.city"},
    {"城市", "address.city", "address.city"},
    {"state", "address.state", "address.state"},
    {"province", "address.state", "address.state"},
    {"bundesland", "address.state", "address.state"},
    {"縣市", "address.state", "address.state"},
    {"zip", "address.postal_code", "address.postal_code"},
    {"zipcode", "address.postal_code", "address.postal_code"},
    {"postalcode", "address.postal_code", "address.postal_code"},
    {"postcode", "address.postal_code", "address.postal_code"},
    {"plz", "address.postal_code", "address.postal_code"},
    {"postleitzahl", "address.postal_code", "address.postal_code"},
    {"郵遞區號", "address.postal_code", "address.postal_code"},
    {"country", "address.country", "address.country"},
    {"land", "address.country", "address.country"},
    {"國家", "address.country", "address.country"},
    /* their key elsewhere */
    {"id", ID, ID},
    {"uid", ID, ID},
    {"contactid", ID, NULL},
    {"accountid", NULL, ID},
    {"customerid", NULL, ID},
    {"kundennummer", NULL, ID},
    {"recordid", ID, ID},
    {"編號", ID, ID},
};

static const char *own_name(const struct list_map *m, const char *field)
{
    if (strncmp(field, "address.", strlen("address.")) != 0)
        return field;
    return arena_printf(m->file->arena, "%s_%s", m->accounts ? "billing" : "mailing", field);
}

static const char *field_for(const struct list_map *m, const char *normal)
{
    struct arena *a = m->file->arena;
    for (size_t i = 0; i < m->fields.n; i++)
        if (strcmp(csv_map_normal(a, m->fields.all[i].name), normal) == 0)
            return m->fields.all[i].name;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(synonyms[i].header, normal) == 0) {
            const char *field = m->accounts ? synonyms[i].account : synonyms[i].contact;
            return field != NULL ? own_name(m, field) : NULL;
        }
    return NULL;
}

static bool is_taken(const struct list_map *m, enum list_use use, const struct lead_field *field, size_t but)
{
    for (size_t i = 0; i < m->file->n_columns; i++)
        if (i != but && m->targets[i].use == use && m->targets[i].field == field)
            return true;
    return false;
}

static struct list_target target_of(const struct list_map *m, const char *field)
{
    if (strcmp(field, FULL_NAME) == 0)
        return (struct list_target){.use = LIST_USE_FULL_NAME};
    if (strcmp(field, COMPANY) == 0 && !m->accounts)
        return (struct list_target){.use = LIST_USE_COMPANY};
    if (strcmp(field, ID) == 0)
        return (struct list_target){.use = LIST_USE_ID};
    const struct lead_field *own = lead_field_named(&m->fields, field);
    return (struct list_target){.use = own != NULL ? LIST_USE_FIELD : LIST_USE_NOTHING, .field = own};
}

static void guess_column(struct list_map *m, size_t column)
{
    struct list_target *t = &m->targets[column];
    const char *normal = csv_map_normal(m->file->arena, m->file->columns[column]);
    const char *field = field_for(m, normal);
    *t = (struct list_target){.use = LIST_USE_NOTHING, .why = "no field of that name"};
    if (strcmp(normal, "batonreason") == 0 || strcmp(normal, "batonline") == 0) {
        t->why = "written by an earlier import";
        return;
    }
    if (field == NULL)
        return;
    struct list_target found = target_of(m, field);
    found.why = "its name";
    if (is_taken(m, found.use, found.field, column))
        t->why = "another column is that already";
    else
        *t = found;
}

void list_map_guess(struct list_map *m, const struct csv_file *f, bool accounts)
{
    m->file = f;
    m->accounts = accounts;
    record_fields_load(&m->fields, accounts ? &baton__account__descriptor : &baton__contact__descriptor);
    m->targets = ARENA_ARRAY(f->arena, struct list_target, f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++)
        guess_column(m, i);
    const struct lead_field *first = lead_field_named(&m->fields, "first_name"),
                            *last = lead_field_named(&m->fields, "last_name");
    bool named = !accounts && (is_taken(m, LIST_USE_FIELD, first, f->n_columns) ||
                               is_taken(m, LIST_USE_FIELD, last, f->n_columns));
    for (size_t i = 0; named && i < f->n_columns; i++)
        if (m->targets[i].use == LIST_USE_FULL_NAME)
            m->targets[i] = (struct list_target){.why = "another column is the name already"};
}

bool list_map_set(struct list_map *m, const char *assignment, struct refusal *no)
{
    const char *equals = strrchr(assignment, '=');
    if (equals == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s\" is not of the form COLUMN=FIELD",
                      assignment);
    struct arena *a = m->file->arena;
    const char *column = arena_strndup(a, assignment, (size_t)(equals - assignment)), *field = equals + 1;
    int at = csv_file_column(m->file, column);
    if (at < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file has no column \"%s\"", column);
    struct list_target t = {.use = LIST_USE_NOTHING};
    if (*field != '\0') {
        t = target_of(m, strcmp(field, "name") == 0 && !m->accounts ? FULL_NAME : own_name(m, field));
        if (t.use == LIST_USE_NOTHING)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "%s has no field \"%s\" to be filled in",
                          m->accounts ? "an account" : "a contact", field);
    }
    for (size_t i = 0; t.use != LIST_USE_NOTHING && i < m->file->n_columns; i++)
        if (m->targets[i].use == t.use && m->targets[i].field == t.field)
            m->targets[i] = (struct list_target){.why = "another column is that by hand"};
    t.why = "by hand";
    m->targets[at] = t;
    return true;
}

const char *list_map_target(const struct list_map *m, size_t column)
{
    switch (m->targets[column].use) {
    case LIST_USE_FIELD:
        return m->targets[column].field->name;
    case LIST_USE_FULL_NAME:
        return "first_name, last_name";
    case LIST_USE_COMPANY:
        return "company (an account)";
    case LIST_USE_ID:
        return "external_id";
    case LIST_USE_NOTHING:
        break;
    }
    return "(left out)";
}

/* --- rows --- */

/* "24.12.1980" as it is written in German; anything else as it is. */
static char *day_of(const char *text, struct arena *a)
{
    unsigned day, month, year;
    int end = 0;
    if (sscanf(text, "%2u.%2u.%4u%n", &day, &month, &year, &end) == 3 && text[end] == '\0' && year > 999)
        return arena_printf(a, "%04u-%02u-%02u", year, month, day);
    return arena_strdup(a, text);
}

/* "Ada van Dyke" and "van Dyke, Ada"; one word is a last name. */
static void set_full_name(Baton__Contact *c, const char *name, struct arena *a)
{
    const char *comma = strchr(name, ','), *space = strrchr(name, ' ');
    if (comma != NULL && comma > name) {
        c->last_name = arena_strndup(a, name, (size_t)(comma - name));
        c->first_name = text_trim(a, comma + 1);
    } else if (space != NULL && space > name && space[1] != '\0') {
        c->first_name = arena_strndup(a, name, (size_t)(space - name));
        c->last_name = arena_strdup(a, space + 1);
    } else
        c->last_name = arena_strdup(a, name);
}

/* Fields that are compared lose white space around, all others stay as they are. */
static bool is_trimmed(const char *field)
{
    static const char *const trimmed[] = {"email",      "phone",         "mobile_phone",
                                          "birthday",   "external_id",   "owner_id",
                                          "account_id", "reports_to_id", "territory_id"};
    for (size_t i = 0; i < sizeof trimmed / sizeof *trimmed; i++)
        if (strcmp(trimmed[i], field) == 0)
            return true;
    return false;
}

static bool set_field(const struct list_target *t, ProtobufCMessage *record, const char *value,
                      struct arena *a, struct refusal *no)
{
    bool is_text = t->field->field->pb->type == PROTOBUF_C_TYPE_STRING;
    if (!is_text || is_trimmed(t->field->name))
        value = text_trim(a, value);
    if (value == NULL)
        return true;
    if (strcmp(t->field->name, "birthday") == 0)
        value = day_of(value, a);
    return record_field_set(record, t->field, value, 1, a, no);
}

/* An id of ours is found by it, and so is the UID that a card of ours has. */
static void set_id(ProtobufCMessage *record, const char *value, struct arena *a)
{
    uint8_t id[IDENT_SIZE];
    char *text = text_trim(a, value);
    const char *has = schema_get_text(record, "external_id");
    if (text != NULL && (has == NULL || *has == '\0'))
        schema_set_text(record, "external_id",
                        ident_parse(id, text) ? arena_printf(a, "urn:uuid:%s", text) : text);
}

static bool set_cell(const struct list_target *t, const char *value, Baton__ImportRow *out,
                     ProtobufCMessage *record, struct arena *a, struct refusal *no)
{
    switch (t->use) {
    case LIST_USE_FIELD:
        return set_field(t, record, value, a, no);
    case LIST_USE_FULL_NAME:
        set_full_name(out->contact, value, a);
        break;
    case LIST_USE_COMPANY:
        out->account_name = text_trim(a, value);
        break;
    case LIST_USE_ID:
        set_id(record, value, a);
        break;
    case LIST_USE_NOTHING:
        break;
    }
    return true;
}

bool list_map_row(const struct list_map *m, const struct csv_row *row, Baton__ImportRow *out, struct arena *a,
                  struct refusal *no)
{
    bool is_csv = m->file->header_raw.size > 0;
    baton__import_row__init(out);
    ProtobufCMessage *record;
    if (m->accounts) {
        out->account = ARENA_NEW(a, Baton__Account);
        baton__account__init(out->account);
        record = &out->account->base;
    } else {
        out->contact = ARENA_NEW(a, Baton__Contact);
        baton__contact__init(out->contact);
        record = &out->contact->base;
    }
    for (size_t i = 0; i < m->file->n_columns; i++) {
        const char *value = is_csv ? cell_unguard(row->cells[i]) : row->cells[i];
        if (*value != '\0' && !set_cell(&m->targets[i], value, out, record, a, no))
            return false;
    }
    return true;
}
