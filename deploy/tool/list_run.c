/* Bringing a list in: batch after batch. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tool/list_import.h"
#include "tool/list_seen.h"
#include "tool/output.h"

enum {
    BATCH_ROWS = 200,
    BATCH_BYTES = 384 << 10, /* of rows; a request has at most 1 MiB */
    ROW_BYTES_MAX = 256 << 10,
    BATCH_MEMORY = 64 << 20,
    PAUSE_FIRST_US = 100000,
    PAUSE_LONGEST_US = 5000000,
    GIVE_UP_US = 60000000, /* nobody answered for so long */
};

/* Rows of one request. */
struct batch {
    Baton__ImportRow rows[BATCH_ROWS], *of[BATCH_ROWS];
    size_t at[BATCH_ROWS]; /* in the file */
    const char *remarks[BATCH_ROWS];
    size_t n, bytes;
};

struct run {
    struct list_import *im;
    struct arena *arena;
    struct batch batch;
    struct progress progress;
    struct list_seen *seen; /* of a preview */
    uint64_t done;
};

static bool is_try_again(enum refusal_code code)
{
    return code == REFUSAL_UNAVAILABLE || code == REFUSAL_RESOURCE_EXHAUSTED ||
           code == REFUSAL_DEADLINE_EXCEEDED || code == REFUSAL_ABORTED;
}

/* Whoever is busy is asked again for a minute. */
static bool call(struct list_import *im, const char *method, const void *request, struct arena *a,
                 void **answer)
{
    struct refusal *no = &im->session->no;
    int64_t begin = output_clock_us(), pause = PAUSE_FIRST_US;
    while (!api_call(im->session->api, method, request, a, answer, no)) {
        if (!is_try_again(no->code) || output_clock_us() - begin > GIVE_UP_US)
            return false;
        usleep((useconds_t)pause);
        pause = 2 * pause < PAUSE_LONGEST_US ? 2 * pause : PAUSE_LONGEST_US;
    }
    return true;
}

/* A UUID of version 8 (RFC 9562, 5.8). */
static void id_of(char out[IDENT_TEXT_SIZE], const uint8_t hash[HASH_SIZE])
{
    uint8_t id[IDENT_SIZE];
    memcpy(id, hash, sizeof id);
    id[6] = (uint8_t)(0x80 | (id[6] & 0x0f));
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
    ident_format(out, id);
}

bool list_import_identify(struct list_import *im, const char *choices)
{
    struct arena *a = im->session->arena;
    for (unsigned attempt = 0;; attempt++) {
        uint8_t hash[HASH_SIZE];
        Baton__GetImportRequest q = BATON__GET_IMPORT_REQUEST__INIT;
        void *answer;
        hash2(hash, bytes_of(im->source->hash, HASH_SIZE),
              bytes_text(arena_printf(a, "%u %s", attempt, choices)));
        id_of(im->import_id, hash);
        q.id = im->import_id;
        if (!call(im, "ContactListService/GetImport", &q, a, &answer))
            return im->session->no.code == REFUSAL_NOT_FOUND;
        const Baton__ContactImport *found = ((Baton__GetImportResponse *)answer)->import;
        im->was_begun = found == NULL || !found->is_undone;
        if (im->was_begun)
            return true;
    }
}

/* --- answers --- */

static void count_known(struct list_counts *c, const char *by)
{
    static const char *const names[] = {"external_id", "email", "phone", "name"};
    for (size_t i = 0; by != NULL && i < sizeof names / sizeof *names; i++)
        c->known[i] += strcmp(names[i], by) == 0;
}

static void reject(struct run *r, size_t row, const char *reason)
{
    r->im->counts.rejected++;
    if (!r->im->preview)
        list_aside_add(&r->im->rejects, row, reason);
    progress_show(&r->progress, ++r->done);
}

static void take_asked(struct run *r, size_t row, const Baton__ImportAnswer *a)
{
    r->im->counts.asked++;
    if (!r->im->preview)
        list_aside_add(&r->im->asked, row,
                       arena_printf(r->arena, "the same as %s by %s",
                                    a->id != NULL ? a->id : "an earlier row",
                                    a->known_by != NULL ? a->known_by : "its keys"));
}

/* Of a preview nothing is there when the next request comes: what is the same as an earlier row is found
 * here. */
static Baton__ImportAnswer as_if_kept(struct run *r, size_t i, const Baton__ImportAnswer *a)
{
    static const Baton__ImportResult become[] = {
        [BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_SKIP] = BATON__IMPORT_RESULT__IMPORT_RESULT_SKIPPED,
        [BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UPDATE] = BATON__IMPORT_RESULT__IMPORT_RESULT_UPDATED,
        [BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_CREATE] = BATON__IMPORT_RESULT__IMPORT_RESULT_CREATED,
        [BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_ASK] = BATON__IMPORT_RESULT__IMPORT_RESULT_ASKED,
    };
    Baton__ImportAnswer as_if = *a;
    if (r->seen == NULL || a->result != BATON__IMPORT_RESULT__IMPORT_RESULT_CREATED)
        return as_if;
    const char *by = list_seen_add(r->seen, r->batch.of[i], r->im->country);
    if (by != NULL) {
        as_if.result = become[r->im->duplicates];
        as_if.known_by = (char *)(uintptr_t)by;
    }
    return as_if;
}

/* False: it is to be sent again. */
static bool take_answer(struct run *r, size_t i, const Baton__ImportAnswer *a)
{
    struct list_counts *c = &r->im->counts;
    switch (a->result) {
    case BATON__IMPORT_RESULT__IMPORT_RESULT_DEFERRED:
        return false;
    case BATON__IMPORT_RESULT__IMPORT_RESULT_REJECTED:
        reject(r, r->batch.at[i],
               arena_printf(r->arena, "%s%s%s", a->field != NULL ? a->field : "",
                            a->field != NULL ? ": " : "", a->message != NULL ? a->message : "rejected"));
        return true;
    case BATON__IMPORT_RESULT__IMPORT_RESULT_CREATED:
        c->created++;
        break;
    case BATON__IMPORT_RESULT__IMPORT_RESULT_UPDATED:
        c->updated++;
        break;
    case BATON__IMPORT_RESULT__IMPORT_RESULT_UNCHANGED:
        c->unchanged++;
        break;
    case BATON__IMPORT_RESULT__IMPORT_RESULT_SKIPPED:
        c->skipped++;
        break;
    default:
        take_asked(r, r->batch.at[i], a);
    }
    count_known(c, a->known_by);
    if (r->batch.remarks[i] != NULL && !r->im->preview) {
        c->remarked++;
        list_aside_add(&r->im->remarks, r->batch.at[i], r->batch.remarks[i]);
    }
    progress_show(&r->progress, ++r->done);
    return true;
}

/* --- batches --- */

static bool send_rows(struct run *r, size_t from, size_t *next)
{
    struct list_import *im = r->im;
    struct batch *b = &r->batch;
    Baton__ImportContactsRequest q = BATON__IMPORT_CONTACTS_REQUEST__INIT;
    void *answer;
    q.request_id = im->preview ? NULL
                               : arena_printf(r->arena, "%.23s-%zu-%zu-%zu", im->import_id, b->at[from],
                                              b->at[b->n - 1], b->n - from);
    q.import_id = im->import_id;
    q.source = (char *)(uintptr_t)im->name;
    q.has_duplicates = true;
    q.duplicates = im->duplicates;
    q.country = (char *)(uintptr_t)im->country;
    q.has_preview = q.preview = im->preview;
    q.rows = b->of + from;
    q.n_rows = b->n - from;
    if (!call(im, "ContactListService/ImportContacts", &q, r->arena, &answer))
        return false;
    const Baton__ImportContactsResponse *response = answer;
    for (size_t i = 0; i < response->n_answers && from < b->n; i++, from++) {
        const Baton__ImportAnswer a = as_if_kept(r, from, response->answers[i]);
        if (!take_answer(r, from, &a))
            break;
    }
    *next = from;
    return true;
}

/* What did not fit into the first record goes in the next. */
static bool send_batch(struct run *r)
{
    size_t from = 0, next = 0;
    while (from < r->batch.n) {
        if (!send_rows(r, from, &next))
            return false;
        if (next == from)
            return refuse(&r->im->session->no, REFUSAL_INTERNAL, NULL, "the answer has no rows in it");
        from = next;
    }
    r->batch.n = r->batch.bytes = 0;
    arena_reset(r->arena);
    return true;
}

/* False: Baton refused, or does not answer. */
static bool add_row(struct run *r, size_t row)
{
    struct batch *b = &r->batch;
    const char *reason;
    if ((b->n == BATCH_ROWS || b->bytes > BATCH_BYTES) && !send_batch(r))
        return false;
    Baton__ImportRow *at = &b->rows[b->n];
    if (!list_source_row(r->im->source, row, at, r->arena, &reason)) {
        reject(r, row, reason);
        return true;
    }
    size_t size = protobuf_c_message_get_packed_size(&at->base);
    if (size > ROW_BYTES_MAX) {
        reject(r, row, "it is larger than 256 KiB");
        return true;
    }
    b->at[b->n] = row;
    b->remarks[b->n] = reason;
    b->of[b->n++] = at;
    b->bytes += size;
    return true;
}

bool list_import_run(struct list_import *im)
{
    size_t n = list_source_rows(im->source);
    struct run *r = ARENA_NEW(im->session->arena, struct run);
    r->im = im;
    r->arena = arena_new(BATCH_MEMORY);
    r->seen = im->preview ? list_seen_new(n, im->session->arena) : NULL;
    progress_start(&r->progress, im->preview ? "preview" : "import", n, im->session->tool->json);
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = add_row(r, i);
    good = good && send_batch(r);
    progress_end(&r->progress);
    im->counts.failed = n - r->done;
    arena_free(r->arena);
    return good;
}
