/* Of what was dropped nothing stays in the file. FTS5 takes words out of its index by writing that they are
   gone; they go when what is older has been merged into what is newer, which may be years away. */
#include "texts/internal.h"

/* Whether there is such a word stands in the file, in a number that SQLite leaves to programs. */
#define SOILED "1"

/* About a MiB of the index: 20 ms. A negative number merges all of it, step by step. */
static const char MERGE[] = "INSERT INTO piece(piece, rank) VALUES('merge', -256)";

bool texts_soil(struct texts *p)
{
    atomic_store(&p->is_unclean, true);
    return texts_run(p->writer, "PRAGMA application_id=" SOILED);
}

bool texts_look(sqlite3 *writer)
{
    return texts_figure(writer, "PRAGMA application_id") != 0;
}

bool texts_is_unclean(struct texts *p)
{
    return atomic_load(&p->is_unclean);
}

/* A step in which nothing is written but the number of the step is the last one. */
static bool merge(struct texts *p, bool *is_over)
{
    const int before = sqlite3_total_changes(p->writer);
    const bool good = texts_run(p->writer, MERGE);
    *is_over = good && sqlite3_total_changes(p->writer) - before < 2;
    return good;
}

/* What was there before stands in SQLite's own log, too, until nobody reads it any more. */
static bool empty_log(struct texts *p)
{
    return texts_figure(p->writer, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
}

static bool be_clean(struct texts *p)
{
    if (!texts_begin(p) || !texts_end(p, texts_run(p->writer, "PRAGMA application_id=0")))
        return false;
    atomic_store(&p->is_unclean, false);
    return true;
}

bool texts_clean(struct texts *p)
{
    bool is_over = false;
    if (!texts_are_there(p) || !texts_begin(p) || !texts_end(p, merge(p, &is_over)))
        return false;
    return !is_over || !empty_log(p) || be_clean(p);
}
