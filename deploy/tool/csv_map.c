/* What each column of a CSV file is to a lead. */
#include "tool/csv_map.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MESSAGE_MAX = 32768, MILLION = 1000000 };
/* No company lives on less; a column of revenues whose middle is below this counts millions. */
static const double REVENUE_IN_UNITS_MIN = 10000;

#define FULL_NAME "(full name)"

/* Normalised header -> field. A lead's own field names need no row. */
static const struct {
    const char *header, *field;
} synonyms[] = {
    {"firstname", "first_name"},
    {"givenname", "first_name"},
    {"forename", "first_name"},
    {"vorname", "first_name"},
    {"prenom", "first_name"},
    {"nombre", "first_name"},
    {"名", "first_name"},
    {"lastname", "last_name"},
    {"surname", "last_name"},
    {"familyname", "last_name"},
    {"nachname", "last_name"},
    {"apellido", "last_name"},
    {"姓", "last_name"},
    {"name", FULL_NAME},
    {"fullname", FULL_NAME},
    {"contactname", FULL_NAME},
    {"leadname", FULL_NAME},
    {"contactperson", FULL_NAME},
    {"ansprechpartner", FULL_NAME},
    {"姓名", FULL_NAME},
    {"聯絡人", FULL_NAME},
    {"联系人", FULL_NAME},
    {"account", "company"},
    {"accountname", "company"},
    {"companyname", "company"},
    {"organisation", "company"},
    {"organization", "company"},
    {"customer", "company"},
    {"client", "company"},
    {"business", "company"},
    {"employer", "company"},
    {"firma", "company"},
    {"unternehmen", "company"},
    {"entreprise", "company"},
    {"societe", "company"},
    {"empresa", "company"},
    {"公司", "company"},
    {"公司名稱", "company"},
    {"公司名称", "company"},
    {"jobtitle", "title"},
    {"position", "title"},
    {"role", "title"},
    {"職稱", "title"},
    {"职位", "title"},
    {"mail", "email"},
    {"emailaddress", "email"},
    {"emailaddr", "email"},
    {"mailaddress", "email"},
    {"correo", "email"},
    {"courriel", "email"},
    {"電子郵件", "email"},
    {"电子邮件", "email"},
    {"邮箱", "email"},
    {"信箱", "email"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"telefon", "phone"},
    {"telephonenumber", "phone"},
    {"phonenumber", "phone"},
    {"workphone", "phone"},
    {"businessphone", "phone"},
    {"telefono", "phone"},
    {"電話", "phone"},
    {"电话", "phone"},
    {"mobile", "mobile_phone"},
    {"mobilephone", "mobile_phone"},
    {"mobilenumber", "mobile_phone"},
    {"cell", "mobile_phone"},
    {"cellphone", "mobile_phone"},
    {"handy", "mobile_phone"},
    {"手機", "mobile_phone"},
    {"手机", "mobile_phone"},
    {"web", "website"},
    {"url", "website"},
    {"homepage", "website"},
    {"網站", "website"},
    {"street", "address.street"},
    {"address", "address.street"},
    {"addressline1", "address.street"},
    {"address1", "address.street"},
    {"streetaddress", "address.street"},
    {"strasse", "address.street"},
    {"地址", "address.street"},
    {"city", "address.city"},
    {"town", "address.city"},
    {"suburb", "address.city"},
    {"ort", "address.city"},
    {"stadt", "address.city"},
    {"ville", "address.city"},
    {"ciudad", "address.city"},
    {"城市", "address.city"},
    {"state", "address.state"},
    {"province", "address.state"},
    {"county", "address.state"},
    {"bundesland", "address.state"},
    {"zip", "address.postal_code"},
    {"zipcode", "address.postal_code"},
    {"postalcode", "address.postal_code"},
    {"postcode", "address.postal_code"},
    {"plz", "address.postal_code"},
    {"郵遞區號", "address.postal_code"},
    {"邮编", "address.postal_code"},
    {"country", "address.country"},
    {"nation", "address.country"},
    {"land", "address.country"},
    {"pays", "address.country"},
    {"pais", "address.country"},
    {"officelocation", "address.country"},
    {"國家", "address.country"},
    {"国家", "address.country"},
    {"sector", "industry"},
    {"branche", "industry"},
    {"vertical", "industry"},
    {"產業", "industry"},
    {"行业", "industry"},
    {"revenue", "annual_revenue"},
    {"turnover", "annual_revenue"},
    {"annualturnover", "annual_revenue"},
    {"umsatz", "annual_revenue"},
    {"revenuemillions", "annual_revenue"},
    {"revenueinmillions", "annual_revenue"},
    {"employees", "number_of_employees"},
    {"headcount", "number_of_employees"},
    {"numemployees", "number_of_employees"},
    {"employeecount", "number_of_employees"},
    {"companysize", "number_of_employees"},
    {"mitarbeiter", "number_of_employees"},
    {"員工數", "number_of_employees"},
    {"product", "product_interest"},
    {"productname", "product_interest"},
    {"interest", "product_interest"},
    {"interestedin", "product_interest"},
    {"produkt", "product_interest"},
    {"產品", "product_interest"},
    {"产品", "product_interest"},
    {"lang", "language"},
    {"sprache", "language"},
    {"語言", "language"},
    {"comment", "message"},
    {"comments", "message"},
    {"note", "message"},
    {"notes", "message"},
    {"description", "message"},
    {"nachricht", "message"},
    {"bemerkung", "message"},
    {"備註", "message"},
    {"备注", "message"},
    {"donotcontact", "do_not_call"},
    {"emailoptout", "has_opted_out_of_email"},
    {"unsubscribed", "has_opted_out_of_email"},
    {"id", "external_id"},
    {"leadid", "external_id"},
    {"opportunityid", "external_id"},
    {"recordid", "external_id"},
    {"recid", "external_id"},
    {"uniqueid", "external_id"},
    {"uuid", "external_id"},
    {"guid", "external_id"},
    {"custnum", "external_id"},
    {"contactid", "external_id"},
    {"customerid", "external_id"},
    {"編號", "external_id"},
    {"编号", "external_id"},
};

char *csv_map_normal(struct arena *a, const char *name)
{
    char *folded = text_fold(a, name);
    if (folded == NULL)
        return arena_strdup(a, "");
    char *out = folded;
    for (const unsigned char *p = (unsigned char *)folded; *p != '\0'; p++)
        if (isalnum(*p) || *p >= 0x80)
            *out++ = (char)*p;
    *out = '\0';
    return folded;
}

/* The lead's own name for the header, or the table's. */
static const char *field_for(const struct csv_map *m, const char *normal)
{
    struct arena *a = m->file->arena;
    for (size_t i = 0; i < m->fields.n; i++)
        if (strcmp(csv_map_normal(a, m->fields.all[i].name), normal) == 0)
            return m->fields.all[i].name;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(synonyms[i].header, normal) == 0)
            return synonyms[i].field;
    return NULL;
}

int csv_map_column(const struct csv_map *m, const char *field)
{
    for (size_t i = 0; i < m->file->n_columns; i++)
        if (m->targets[i].use == CSV_USE_FIELD && strcmp(m->targets[i].field->name, field) == 0)
            return (int)i;
    return -1;
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A key is one only if every row has a value of its own. */
static bool all_different(const struct csv_file *f, size_t column)
{
    size_t n = 0;
    const char **values = calloc(f->n_rows ? f->n_rows : 1, sizeof *values);
    bool different = values != NULL;
    for (size_t i = 0; different && i < f->n_rows; i++)
        if (f->rows[i].problem == NULL)
            values[n++] = f->rows[i].cells[column];
    if (different && n > 0)
        qsort(values, n, sizeof *values, compare_text);
    for (size_t i = 0; different && i < n; i++)
        different = values[i][0] != '\0' && (i == 0 || strcmp(values[i - 1], values[i]) != 0);
    free(values);
    return different;
}

static int compare_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What a guessed column of revenues counts in. */
static int64_t revenue_factor(const struct csv_file *f, size_t column)
{
    size_t n = 0;
    double *values = calloc(f->n_rows ? f->n_rows : 1, sizeof *values), middle = REVENUE_IN_UNITS_MIN;
    if (values == NULL)
        return 1;
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->rows[i].problem == NULL && lead_number(f->rows[i].cells[column], &values[n]))
            n++;
    if (n > 0) {
        qsort(values, n, sizeof *values, compare_number);
        middle = values[n / 2];
    }
    free(values);
    return middle < REVENUE_IN_UNITS_MIN ? MILLION : 1;
}

static void guess_column(struct csv_map *m, size_t column)
{
    struct csv_target *t = &m->targets[column];
    const char *normal = csv_map_normal(m->file->arena, m->file->columns[column]);
    const char *field = field_for(m, normal);
    *t = (struct csv_target){.use = CSV_USE_MESSAGE, .factor = 1, .why = "no field of that name"};
    if (strcmp(normal, "batonreason") == 0 || strcmp(normal, "batonline") == 0)
        *t = (struct csv_target){.use = CSV_USE_NOTHING, .factor = 1, .why = "written by an earlier import"};
    else if (field == NULL)
        return;
    else if (strcmp(field, FULL_NAME) == 0)
        *t = (struct csv_target){.use = CSV_USE_FULL_NAME, .factor = 1, .why = "its name"};
    else if (csv_map_column(m, field) >= 0)
        t->why = "another column is that field already";
    else if (strcmp(field, "external_id") == 0 && !all_different(m->file, column))
        t->why = "not a key: values repeat or are missing";
    else
        *t = (struct csv_target){CSV_USE_FIELD, lead_field_named(&m->fields, field), 1, "its name"};
    if (t->use == CSV_USE_FIELD && strcmp(field, "annual_revenue") == 0) {
        t->factor = revenue_factor(m->file, column);
        t->why = t->factor > 1 ? "its name; so small that it must count millions" : t->why;
    }
}

void csv_map_guess(struct csv_map *m, const struct csv_file *f)
{
    m->file = f;
    lead_fields_load(&m->fields);
    m->targets = ARENA_ARRAY(f->arena, struct csv_target, f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++)
        guess_column(m, i);
    /* A full name beside a first or last name says nothing new. */
    bool named = csv_map_column(m, "last_name") >= 0 || csv_map_column(m, "first_name") >= 0, full = false;
    for (size_t i = 0; i < f->n_columns; i++)
        if (m->targets[i].use == CSV_USE_FULL_NAME) {
            if (named || full)
                m->targets[i] =
                    (struct csv_target){CSV_USE_MESSAGE, NULL, 1, "another column is the name already"};
            full = true;
        }
}

/* Cuts "*1000000" off the end of a column's name, if no column has the whole as its name. */
static bool take_factor(const struct csv_file *f, char *column, int64_t *factor)
{
    char *star = strrchr(column, '*'), *end;
    *factor = 1;
    if (star == NULL || csv_file_column(f, column) >= 0)
        return true;
    errno = 0;
    *factor = strtoll(star + 1, &end, 10);
    if (star[1] == '\0' || *end != '\0' || errno != 0 || *factor < 1 || *factor > 1000000000)
        return false;
    *star = '\0';
    return true;
}

bool csv_map_set(struct csv_map *m, const char *assignment, struct refusal *no)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s\" is not of the form FIELD=COLUMN",
                      assignment);
    struct arena *a = m->file->arena;
    const char *name = arena_strndup(a, assignment, (size_t)(equals - assignment));
    char *column = arena_strdup(a, equals + 1);
    const struct lead_field *field = lead_field_named(&m->fields, name);
    int64_t factor;
    if (field == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "a lead has no field \"%s\" to be filled in", name);
    if (!take_factor(m->file, column, &factor))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s\" does not end in a whole number", column);
    int before = csv_map_column(m, name), now = csv_file_column(m->file, column);
    if (*column != '\0' && now < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file has no column \"%s\"", column);
    if (before >= 0)
        m->targets[before] = (struct csv_target){CSV_USE_MESSAGE, NULL, 1, "by hand"};
    if (now >= 0)
        m->targets[now] = (struct csv_target){CSV_USE_FIELD, field, factor, "by hand"};
    return true;
}

/* "Ada van Dyke" and "van Dyke, Ada"; one word is a last name. */
static void set_full_name(Baton__Lead *lead, const char *name, struct arena *a)
{
    const char *comma = strchr(name, ','), *space = strrchr(name, ' ');
    if (comma != NULL) {
        lead->last_name = arena_strndup(a, name, (size_t)(comma - name));
        lead->first_name = text_trim(a, comma + 1);
    } else if (space != NULL) {
        lead->first_name = arena_strndup(a, name, (size_t)(space - name));
        lead->last_name = arena_strdup(a, space + 1);
    } else
        lead->last_name = arena_strdup(a, name);
}

void csv_map_lead(const struct csv_map *m, const struct csv_row *row, Baton__Lead *lead, struct arena *a)
{
    struct refusal no;
    struct buffer rest;
    buffer_init(&rest, MESSAGE_MAX * 4);
    for (size_t i = 0; i < m->file->n_columns; i++) {
        const struct csv_target *t = &m->targets[i];
        const char *value = text_trim(a, row->cells[i]);
        bool done = value == NULL || t->use == CSV_USE_NOTHING;
        if (!done && t->use == CSV_USE_FULL_NAME && strlen(value) <= 200) {
            set_full_name(lead, value, a);
            done = true;
        } else if (!done && t->use == CSV_USE_FIELD)
            done = lead_field_set(lead, t->field, value, t->factor, a, &no);
        if (!done)
            buffer_printf(&rest, "%s: %s\n", m->file->columns[i], value);
    }
    if (rest.size > 0) {
        const char *own = lead->message != NULL ? lead->message : "";
        char *message = arena_printf(a, "%s%s%s", own, *own ? "\n\n" : "", buffer_cstr(&rest));
        message[text_clip(message, MESSAGE_MAX)] = '\0';
        lead->message = message;
    }
    buffer_release(&rest);
}
