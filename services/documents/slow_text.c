/* The text of documents into the texts, off the loop and in the sandbox. */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "services/documents/rows.h"

static const struct sandbox sandbox; /* as it is installed */

/* 1: of a file of which there is no text, none is found; it is not tried again */
static bool read_text(struct documents_texts_job *job, const struct documents_text *row)
{
    struct preview_found found;
    struct buffer text;
    enum preview_end end = PREVIEW_BROKEN;
    int file = files_descriptor(job->files, row->hash);
    buffer_init(&text, PREVIEW_TEXT_MAX + 1);
    if (file >= 0) {
        end = preview_text(&sandbox, file, row->name, &found, &text);
        close(file);
    }
    if (end != PREVIEW_DONE && end != PREVIEW_CUT)
        buffer_clear(&text);
    bool is_put =
        end != PREVIEW_OFF && texts_put(job->texts, row->id, row->number, (const char *)text.data, text.size);
    buffer_release(&text);
    if (end == PREVIEW_OFF)
        log_warning("search", "the texts of documents are not read, for nothing can be read safely here");
    return is_put;
}

/* 2: what is known and not there is forgotten */
static bool forget(struct documents_texts_job *job)
{
    enum { ROOM = 2 * DOCUMENTS_TEXTS_MAX };
    struct texts_known known[ROOM];
    char after[IDENT_TEXT_SIZE];
    int n = ROOM;
    memcpy(after, job->after, sizeof after);
    while (n == ROOM) {
        size_t row = 0;
        if ((n = texts_list(job->texts, after, job->to, known, ROOM)) < 0)
            return false;
        for (int i = 0; i < n; i++) {
            while (row < job->n && strcmp(job->rows[row].id, known[i].id) < 0)
                row++;
            bool is_there = row < job->n && strcmp(job->rows[row].id, known[i].id) == 0;
            if (!is_there && !texts_drop(job->texts, known[i].id))
                return false;
            memcpy(after, known[i].id, sizeof after);
        }
    }
    return true;
}

/* False: it cannot go on. `*read`: a text was. */
static bool put(struct documents_texts_job *job, const struct documents_text *row, bool *read)
{
    int64_t number = texts_number(job->texts, row->id);
    if (number == (int64_t)row->number)
        return true;
    if (number < 0)
        return false;
    *read = row->number != 0;
    return *read ? read_text(job, row) : texts_drop(job->texts, row->id);
}

void documents_texts_work(void *memory)
{
    struct documents_texts_job *job = memory;
    bool read = false;
    if (job->at == 0 && job->is_walk)
        job->is_stopped = !forget(job);
    while (!job->is_stopped && !read && job->at < job->n) {
        job->is_stopped = !put(job, &job->rows[job->at], &read);
        job->at += !job->is_stopped;
    }
    job->read += read && !job->is_stopped;
}
