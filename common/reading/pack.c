/* libzip and libxml2 put together, with bounds. */
#include "reading/pack.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum ask_status fail(struct pack *p, enum ask_status status)
{
    if (p->status == ASK_DONE)
        p->status = status;
    return p->status;
}

static bool climbs(const char *name)
{
    for (const char *at = name; *at; at += strcspn(at, "/"), at += *at == '/')
        if (strcspn(at, "/") == 2 && at[0] == '.' && at[1] == '.')
            return true;
    return *name == '/';
}

/* 1: nothing is written anywhere; but who names places outside, or links to them, means no good. */
static bool is_suspicious(struct pack *p, zip_uint64_t i)
{
    enum { UNIX_TYPE = 0170000u, UNIX_LINK = 0120000u, UNIX_SHIFT = 16 };
    zip_uint8_t system;
    zip_uint32_t attributes;
    const char *name = zip_get_name(p->zip, i, 0);
    if (!name || climbs(name))
        return true;
    return zip_file_get_external_attributes(p->zip, i, 0, &system, &attributes) == 0 &&
           system == ZIP_OPSYS_UNIX && (attributes >> UNIX_SHIFT & UNIX_TYPE) == UNIX_LINK;
}

enum ask_status pack_open(struct pack *p, int file)
{
    *p = (struct pack){.status = ASK_DONE};
    int own = dup(file), error;
    FILE *f = own >= 0 ? fdopen(own, "rb") : NULL;
    zip_source_t *source = f ? zip_source_filep_create(f, 0, -1, NULL) : NULL;
    p->zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (!p->zip) {
        if (source)
            zip_source_free(source);
        return fail(p, ASK_BROKEN);
    }
    zip_int64_t n = zip_get_num_entries(p->zip, 0);
    if (n > PACK_ENTRIES_MAX)
        return fail(p, ASK_TOO_MUCH);
    for (error = 0; n > 0 && !error; n--)
        error = is_suspicious(p, (zip_uint64_t)n - 1);
    return error ? fail(p, ASK_BROKEN) : ASK_DONE;
}

void pack_close(struct pack *p)
{
    pack_end(p);
    if (p->zip)
        zip_discard(p->zip);
}

static int compare_names(const void *a, const void *b, void *of)
{
    struct pack *p = of;
    return strverscmp(zip_get_name(p->zip, *(const zip_uint64_t *)a, 0),
                      zip_get_name(p->zip, *(const zip_uint64_t *)b, 0));
}

size_t pack_find(struct pack *p, const char *pattern, zip_uint64_t found[PACK_FOUND_MAX])
{
    size_t n = 0;
    zip_uint64_t entries = (zip_uint64_t)zip_get_num_entries(p->zip, 0);
    for (zip_uint64_t i = 0; i < entries && n < PACK_FOUND_MAX; i++)
        if (fnmatch(pattern, zip_get_name(p->zip, i, 0), FNM_PATHNAME) == 0)
            found[n++] = i;
    qsort_r(found, n, sizeof *found, compare_names, p);
    return n;
}

/* 2: counted as it is unpacked, whatever the archive says of itself. */
static int on_read(void *of, char *out, int size)
{
    struct pack *p = of;
    zip_int64_t n = zip_fread(p->entry, out, (zip_uint64_t)size);
    if (n < 0) {
        (void)fail(p, ASK_BROKEN);
        return -1;
    }
    p->taken += (uint64_t)n;
    p->total += (uint64_t)n;
    if (p->total > PACK_BYTES_MAX || (p->taken > PACK_RATIO_FROM && p->taken / PACK_RATIO_MAX > p->packed)) {
        (void)fail(p, ASK_TOO_MUCH);
        return -1;
    }
    return (int)n;
}

static void on_error(void *of, const char *text, xmlParserSeverities severity, xmlTextReaderLocatorPtr at)
{
    /* what is wrong shows itself as the end of what can be read */
}

bool pack_begin(struct pack *p, zip_uint64_t entry)
{
    static const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT;
    zip_stat_t st;
    if (zip_stat_index(p->zip, entry, 0, &st) != 0)
        return fail(p, ASK_BROKEN), false;
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
        return fail(p, ASK_PROTECTED), false;
    p->packed = st.valid & ZIP_STAT_COMP_SIZE ? st.comp_size : 0;
    p->taken = 0;
    p->entry = zip_fopen_index(p->zip, entry, 0);
    p->reader = p->entry ? xmlReaderForIO(on_read, NULL, p, NULL, NULL, options) : NULL;
    if (!p->reader)
        return fail(p, ASK_BROKEN), false;
    xmlTextReaderSetErrorHandler(p->reader, on_error, NULL);
    return true;
}

bool pack_next(struct pack *p)
{
    int got = xmlTextReaderRead(p->reader);
    /* 3: no office writes a DTD; who does wants entities. */
    if (got < 0 || (got == 1 && xmlTextReaderNodeType(p->reader) == XML_READER_TYPE_DOCUMENT_TYPE))
        return fail(p, ASK_BROKEN), false;
    return got == 1;
}

const char *pack_name(const struct pack *p)
{
    const xmlChar *name = xmlTextReaderConstLocalName(p->reader);
    return name ? (const char *)name : "";
}

char *pack_attribute(const struct pack *p, const char *name)
{
    char *value = NULL;
    for (int more = xmlTextReaderMoveToFirstAttribute(p->reader); more == 1 && !value;
         more = xmlTextReaderMoveToNextAttribute(p->reader))
        if (strcmp(pack_name(p), name) == 0)
            value = (char *)xmlTextReaderValue(p->reader);
    (void)xmlTextReaderMoveToElement(p->reader); /* 0: it is there already */
    return value;
}

void pack_skip(struct pack *p)
{
    int depth = xmlTextReaderDepth(p->reader);
    if (xmlTextReaderIsEmptyElement(p->reader) == 1)
        return;
    while (pack_next(p) && xmlTextReaderDepth(p->reader) > depth)
        ;
}

void pack_end(struct pack *p)
{
    if (p->reader)
        xmlFreeTextReader(p->reader);
    if (p->entry)
        (void)zip_fclose(p->entry); /* what was wrong has been seen by reading */
    p->reader = NULL;
    p->entry = NULL;
}
