/* Rows of a CSV file that were not taken, with the reason. */
#include "tool/csv_rejects.h"

#include <csv.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tool/csv_map.h"

static void write_cell(FILE *out, const char *text, char before)
{
    if (before != '\0')
        fputc(before, out);
    csv_fwrite(out, text, strlen(text));
}

static bool open_file(struct csv_rejects *r)
{
    const struct csv_file *f = r->file;
    r->out = fopen(r->path, "we");
    if (r->out == NULL) {
        fprintf(stderr, "error: %s: %s\n", r->path, strerror(errno));
        r->failed = true;
        return false;
    }
    fwrite(f->header_raw.data, 1, f->header_raw.size, r->out);
    for (size_t i = 0; f->header_raw.size == 0 && i < f->n_own; i++)
        write_cell(r->out, f->columns[i], i > 0 ? f->delimiter : '\0');
    write_cell(r->out, CSV_LINE_COLUMN, f->delimiter);
    write_cell(r->out, CSV_REASON_COLUMN, f->delimiter);
    fputc('\n', r->out);
    return true;
}

void csv_rejects_begin(struct csv_rejects *r, const char *path, const struct csv_file *file)
{
    *r = (struct csv_rejects){.path = path, .file = file};
    (void)unlink(path); /* mostly there is none */
}

/* A ragged row is filled up or goes into one cell. */
void csv_rejects_add(struct csv_rejects *r, const struct csv_row *row, const char *reason)
{
    const struct csv_file *f = r->file;
    char line[24];
    if (r->failed || (r->out == NULL && !open_file(r)))
        return;
    if (row->problem != NULL) {
        csv_fwrite(r->out, row->raw.data, row->raw.size);
        for (size_t i = 1; i < f->n_own; i++)
            fputc(f->delimiter, r->out);
    } else
        for (size_t i = 0; i < f->n_own; i++)
            write_cell(r->out, row->cells[i], i > 0 ? f->delimiter : '\0');
    snprintf(line, sizeof line, "%zu", row->line);
    write_cell(r->out, line, f->delimiter);
    write_cell(r->out, reason, f->delimiter);
    fputc('\n', r->out);
}

bool csv_rejects_end(struct csv_rejects *r)
{
    if (r->out == NULL)
        return !r->failed;
    bool good = !ferror(r->out);
    good = fclose(r->out) == 0 && good;
    if (!good)
        fprintf(stderr, "error: %s could not be written whole\n", r->path);
    return good;
}
