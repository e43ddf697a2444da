/* Reads the log that was replaced from where the restored one ends. */
#include "tool/restore_erased.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "store/log.h"
#include "tool/deployment.h"

enum { RECORD_MEMORY = 64 << 20 };

/* --- in the process that looks --- */

struct looking {
    struct store *replaced_store, *restored_store;
    struct txn *replaced, *restored;
    struct arena *arena;
};

static struct txn *open_one(const char *dir, struct store **store)
{
    const struct service_def *def = deployment_service("contacts");
    *store = store_open(&(struct store_options){
        .dir = dir, .read_only = true, .tables = def->tables, .n_tables = def->n_tables});
    return *store != NULL ? store_begin(*store, false) : NULL;
}

/* How far both logs are the same; 0: they never were, or it is not known. */
static uint64_t same_until(const struct looking *l)
{
    uint8_t one[HASH_SIZE], other[HASH_SIZE];
    const uint64_t seq = log_newest(l->restored);
    return log_hash(l->restored, seq, l->arena, one) && log_hash(l->replaced, seq, l->arena, other) &&
                   memcmp(one, other, HASH_SIZE) == 0
               ? seq
               : 0;
}

static bool is_back(const struct looking *l, const char *id)
{
    const int contact = table_number(l->restored_store, "contact"),
              gone = table_number(l->restored_store, "gone");
    const Baton__Contact *c = table_get_id(l->restored, (unsigned)contact, id, l->arena);
    const Baton__GoneRecord *g = table_get_id(l->restored, (unsigned)gone, id, l->arena);
    return c != NULL ? c->erased_at == NULL : g != NULL;
}

static void look_at(const struct looking *l, const Baton__LogRecord *r, FILE *out)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        /* the person stands first, whoever was merged into them goes with them */
        if (e->event_case == BATON__EVENT__EVENT_PERSON_ERASED && e->person_erased->n_contact_ids > 0 &&
            is_back(l, e->person_erased->contact_ids[0]))
            fprintf(out, "%s\n", e->person_erased->contact_ids[0]);
    }
}

static int look(const char *replaced, const char *restored, FILE *out)
{
    struct looking l = {.arena = arena_new(RECORD_MEMORY)};
    l.replaced = open_one(replaced, &l.replaced_store);
    l.restored = open_one(restored, &l.restored_store);
    if (l.replaced == NULL || l.restored == NULL)
        return EXIT_FAILURE;
    const uint64_t newest = log_newest(l.replaced);
    for (uint64_t seq = same_until(&l) + 1; seq <= newest; seq++) {
        arena_reset(l.arena);
        const Baton__LogRecord *r = log_get(l.replaced, seq, l.arena);
        if (r == NULL)
            return EXIT_FAILURE;
        look_at(&l, r, out);
    }
    return fflush(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- in the one that asks --- */

static bool has(const struct erased_since *e, const char *id)
{
    for (unsigned i = 0; i < e->n; i++)
        if (strcmp(e->ids[i], id) == 0)
            return true;
    return false;
}

static void read_ids(FILE *in, struct erased_since *out)
{
    char line[ERASED_ID_SIZE + 2];
    while (fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (out->n == ERASED_MAX) {
            out->unknown = true;
            return;
        }
        if (strlen(line) < ERASED_ID_SIZE && !has(out, line))
            memcpy(out->ids[out->n++], line, strlen(line) + 1);
    }
}

void erased_since_load(const char *replaced, const char *restored, struct erased_since *out)
{
    int ends[2], status = 0;
    *out = (struct erased_since){.ids = calloc(ERASED_MAX, sizeof *out->ids), .unknown = true};
    (void)fflush(NULL); /* or the other process would write it again */
    if (out->ids == NULL || pipe(ends) != 0)
        return;
    const pid_t pid = fork();
    if (pid == 0) {
        FILE *to = fdopen(ends[1], "w");
        _exit(to != NULL ? look(replaced, restored, to) : EXIT_FAILURE);
    }
    close(ends[1]);
    FILE *in = pid > 0 ? fdopen(ends[0], "r") : NULL;
    out->unknown = in == NULL;
    if (in == NULL)
        close(ends[0]);
    else {
        read_ids(in, out);
        fclose(in);
    }
    if (pid > 0 && (waitpid(pid, &status, 0) != pid || status != 0))
        out->unknown = true;
}

void erased_since_print(const struct erased_since *e, FILE *out)
{
    if (e->n > 0)
        fprintf(out, "Erased since the backup was made, and there again; once it runs:\n");
    for (unsigned i = 0; i < e->n; i++)
        fprintf(out, "  baton person erase %s --reason REASON\n", e->ids[i]);
    if (e->unknown)
        fprintf(out,
                "Whoever%s was erased since the backup was made may be there again: the log that was "
                "replaced was not read to its end.\n",
                e->n > 0 ? " else" : "");
}

void erased_since_json(const struct erased_since *e, struct buffer *out)
{
    buffer_text(out, ",\"erased_since\":["); /* all of it fits */
    for (unsigned i = 0; i < e->n; i++)
        buffer_printf(out, "%s\"%s\"", i ? "," : "", e->ids[i]);
    buffer_printf(out, "],\"erased_unknown\":%s", e->unknown ? "true" : "false");
}
