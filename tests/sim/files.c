/* What the log of documents says is stored is there, byte for byte; nothing else is; and of each document
   exactly one revision is the current one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "documents/documents.h"
#include "sim/sim.h"
#include "store/table.h"

enum { SCRATCH = 16 << 20, PATH = 600, FILE_BYTES = 1 << 20 };

static void folder_of(const struct sim *sim, char out[PATH])
{
    (void)snprintf(out, PATH, "%s/files", sim->processes[DOCUMENTS].dir); /* fits */
}

static void look_at_file(struct sim *sim, const Baton__StoredFile *row)
{
    char folder[PATH], path[2 * PATH], name[FILES_PATH_SIZE], is[HASH_TEXT_SIZE];
    uint8_t hash[HASH_SIZE], *bytes = malloc(FILE_BYTES);
    folder_of(sim, folder);
    files_path(name, row->hash);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name); /* fits */
    FILE *f = fopen(path, "re");
    if (!f)
        sim_wrong(sim, "files: %s is stored and not there", row->hash);
    size_t n = fread(bytes, 1, FILE_BYTES, f);
    (void)fclose(f); /* only read */
    hash2(hash, bytes_of(bytes, n), bytes_of(NULL, 0));
    hex_encode(is, hash, sizeof hash);
    free(bytes);
    if (strcmp(is, row->hash) != 0 || n != row->size)
        sim_wrong(sim, "files: %s is not what its name says", row->hash);
}

static size_t look_at_rows(struct sim *sim)
{
    struct table_scan scan;
    struct arena *a = arena_new(SCRATCH);
    const Baton__StoredFile *row;
    size_t n = 0;
    if (table_scan_open(&scan, sim->ledgers[DOCUMENTS].made, DOCUMENTS_FILE, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, a)); n++)
            look_at_file(sim, row);
        table_scan_close(&scan);
    }
    arena_free(a);
    return n;
}

/* Files below, but for uploads. */
static size_t count_files(const char *folder)
{
    size_t n = 0;
    DIR *d = opendir(folder);
    const struct dirent *e;
    while (d && (e = readdir(d)) != NULL) {
        char path[PATH];
        struct stat st;
        if (e->d_name[0] == '.' || strcmp(e->d_name, "uploads") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (stat(path, &st) == 0)
            n += S_ISDIR(st.st_mode) ? count_files(path) : 1;
    }
    if (d)
        (void)closedir(d); /* only read */
    return n;
}

/* Uploads are those that the rows know, and not complete. */
static void look_at_uploads(struct sim *sim)
{
    char folder[PATH], path[2 * PATH];
    struct arena *a = arena_new(SCRATCH);
    const struct dirent *e;
    folder_of(sim, folder);
    (void)snprintf(path, sizeof path, "%s/uploads", folder);
    DIR *d = opendir(path);
    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        const Baton__Upload *u = table_get_id(sim->ledgers[DOCUMENTS].made, DOCUMENTS_UPLOAD, e->d_name, a);
        if (!u || u->hash)
            sim_wrong(sim, "files: upload %s is left over", e->d_name);
    }
    if (d)
        (void)closedir(d); /* only read */
    arena_free(a);
}

/* --- revisions --- */

static void look_at_document(struct sim *sim, const Baton__Document *d, struct arena *a)
{
    struct table_scan scan;
    const Baton__DocumentRevision *v;
    unsigned n_current = 0, n = 0;
    if (!table_scan_open(&scan, sim->ledgers[DOCUMENTS].made, DOCUMENTS_REVISION, "document_id", d->id, NULL,
                         false))
        return;
    for (; (v = table_scan_next(&scan, a)); n++) {
        bool is_current = v->status == BATON__REVISION_STATUS__REVISION_STATUS_CURRENT;
        n_current += is_current;
        if (is_current != (v->number == d->current_number))
            sim_wrong(sim, "documents: revision %u of %s is not what it says", v->number, d->id);
    }
    table_scan_close(&scan);
    if (n_current != (d->current_number != 0) || n != d->last_number)
        sim_wrong(sim, "documents: %s has %u current revisions of %u", d->id, n_current, n);
}

static void look_at_documents(struct sim *sim)
{
    struct table_scan scan;
    struct arena *a = arena_new(SCRATCH);
    const Baton__Document *d;
    if (table_scan_open(&scan, sim->ledgers[DOCUMENTS].made, DOCUMENTS_DOCUMENT, NULL, NULL, NULL, false)) {
        while ((d = table_scan_next(&scan, a)))
            look_at_document(sim, d, a);
        table_scan_close(&scan);
    }
    arena_free(a);
}

void files_settled(struct sim *sim)
{
    char folder[PATH];
    folder_of(sim, folder);
    size_t known = look_at_rows(sim), there = count_files(folder);
    if (known != there && !sim->files_older)
        sim_wrong(sim, "files: %zu are stored and %zu are there", known, there);
    look_at_uploads(sim);
    look_at_documents(sim);
}
