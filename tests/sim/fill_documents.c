/* Requests about files and documents. */
#include <string.h>

#include "base/civil.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/shares.pb-c.h"
#include "documents/documents.h"
#include "sim/fill.h"
#include "store/table.h"

#define PASSWORD ((char *)(uintptr_t) "four words in a row")

enum { PIECE_MAX = 60000, SIZES = 4 };
static const uint64_t sizes[SIZES] = {40, 5000, 70000, 200000};
static const char PDF_HEAD[] = "%PDF-1.4\n"; /* what those of the second size begin with */

bool fill_begin_upload(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    q.request_id = a->id;
    q.has_size = true;
    q.size = sizes[sim_below(random, SIZES)];
    q.name = q.size == sizes[1] ? "letter.pdf" : "letter.txt";
    if (sim_below(random, 12) == 0)
        q.name = "picture.png"; /* which it is not */
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    fill_command(a, "documents", "DocumentService/BeginUpload", &q, arena);
    return a->actor.user_id != NULL;
}

/* What files of this size are: so those of the same size are the same. */
static uint8_t *text_of(uint64_t size, uint64_t offset, size_t length, struct arena *arena)
{
    uint8_t *text = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = size == sizes[1] && offset + i < sizeof PDF_HEAD - 1
                      ? (uint8_t)PDF_HEAD[offset + i]
                      : (uint8_t)('a' + (size + (offset + i) * 7 + (offset + i) / 100) % 26);
    return text;
}

/* Where it goes on, as its client would be told; now and then somewhere else. */
static uint64_t offset_of(struct sim *sim, const Baton__Upload *u, uint64_t *random)
{
    struct files *files = sim->processes[DOCUMENTS].files;
    if (sim_below(random, 8) == 0)
        return sim_below(random, u->size + 1);
    return files ? files_offset(files, u->id, u->safe_bytes) : u->safe_bytes;
}

bool fill_put_piece(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    const char *owner_id;
    Baton__PutPieceRequest q = BATON__PUT_PIECE_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_UPLOAD, random, &owner_id);
    const Baton__Upload *u =
        q.id ? table_get_id(sim->ledgers[DOCUMENTS].made, DOCUMENTS_UPLOAD, q.id, arena) : NULL;
    if (!u)
        return false;
    q.has_offset = q.has_data = true;
    q.offset = offset_of(sim, u, random);
    uint64_t left = u->size > q.offset ? u->size - q.offset : 0;
    q.data.len = left < PIECE_MAX ? left : 1 + sim_below(random, PIECE_MAX);
    q.data.data = text_of(u->size, q.offset, q.data.len, arena);
    a->actor.user_id = (char *)(uintptr_t)owner_id;
    fill_command(a, "documents", "DocumentService/PutPiece", &q, arena);
    return true;
}

bool fill_cancel_upload(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    const char *owner_id;
    Baton__CancelUploadRequest q = BATON__CANCEL_UPLOAD_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_UPLOAD, random, &owner_id);
    a->actor.user_id = (char *)(uintptr_t)owner_id;
    if (q.id)
        fill_command(a, "documents", "DocumentService/CancelUpload", &q, arena);
    return q.id != NULL;
}

/* Today, or a day of which somebody is reminded today or not. */
static char *day_drawn(struct sim *sim, uint64_t *random, struct arena *arena)
{
    static const int64_t ahead[] = {0, 7, 8, 30};
    int64_t seconds = world_now(sim->world) / SIM_SECOND;
    struct civil day = civil_of_seconds(seconds + ahead[sim_below(random, 4)] * 86400);
    char text[CIVIL_SIZE];
    civil_format(text, &day, true);
    return arena_strdup(arena, text);
}

bool fill_document(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    char *account_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    d.title = fill_name(arena, "Document", sim_below(random, FILL_NAMES));
    d.owner_id = fill_drawn(sim, KNOWN_USER, random);
    d.account_ids = &account_id;
    d.n_account_ids = account_id && sim_below(random, 2);
    char *opportunity_id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    d.opportunity_ids = &opportunity_id;
    d.n_opportunity_ids = opportunity_id && sim_below(random, 2);
    d.has_type = true;
    d.type = sim_below(random, 2) ? BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT
                                  : BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    char *quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    d.quote_ids = &quote_id;
    d.n_quote_ids = quote_id && sim_below(random, 2);
    d.has_review_required = true;
    d.review_required = sim_below(random, 3) == 0;
    Baton__DocumentReaders readers = BATON__DOCUMENT_READERS__INIT;
    readers.has_all = readers.all = true;
    d.must_read = sim_below(random, 3) == 0 ? &readers : NULL;
    d.notice_on = sim_below(random, 2) ? day_drawn(sim, random, arena) : NULL;
    return fill_create(a, "documents", &d.base, arena);
}

/* To another deal, or to none. */
bool fill_link_document(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *clear[] = {"opportunity_ids"};
    Baton__Document d = BATON__DOCUMENT__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    char *opportunity_id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    d.id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    d.opportunity_ids = &opportunity_id;
    d.n_opportunity_ids = opportunity_id && sim_below(random, 3);
    q.request_id = a->id;
    q.record = record_wrap(&d.base, arena);
    q.clear = clear;
    q.n_clear = !d.n_opportunity_ids;
    if (d.id)
        fill_command(a, "documents", "RecordService/UpdateRecord", &q, arena);
    return d.id;
}

bool fill_acknowledge_document(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AcknowledgeDocumentRequest q = BATON__ACKNOWLEDGE_DOCUMENT_REQUEST__INIT;
    q.request_id = a->id;
    q.document_id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    q.has_number = true;
    q.number = 1 + (uint32_t)sim_below(random, 4);
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (q.document_id && a->actor.user_id)
        fill_command(a, "documents", "DocumentService/AcknowledgeDocument", &q, arena);
    return q.document_id && a->actor.user_id;
}

bool fill_send_document(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PinSentRequest q = BATON__PIN_SENT_REQUEST__INIT;
    q.request_id = a->id;
    q.document_id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    q.about_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    if (q.document_id && q.about_id)
        fill_command(a, "documents", "DocumentService/PinSent", &q, arena);
    return q.document_id && q.about_id;
}

bool fill_share_document(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CreateShareRequest q = BATON__CREATE_SHARE_REQUEST__INIT;
    q.request_id = a->id;
    q.document_id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    q.has_max_views = sim_below(random, 2);
    q.max_views = 1 + (uint32_t)sim_below(random, 2);
    q.has_days = q.days = 1; /* some are over before the end */
    q.password = sim_below(random, 16) ? NULL : PASSWORD;
    q.watermark = sim_below(random, 3) ? NULL : "Ann Buyer";
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (q.document_id && a->actor.user_id)
        fill_command(a, "documents", "ShareService/CreateShare", &q, arena);
    return q.document_id && a->actor.user_id;
}

bool fill_revoke_share(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    const char *owner_id;
    Baton__RevokeShareRequest q = BATON__REVOKE_SHARE_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_LINK, random, &owner_id);
    if (!q.id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)owner_id;
    fill_command(a, "documents", "ShareService/RevokeShare", &q, arena);
    return true;
}

bool fill_open_share(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    q.request_id = a->id;
    q.token = fill_drawn(sim, KNOWN_LINK_TOKEN, random);
    q.password = sim_below(random, 2) ? PASSWORD : NULL;
    if (q.token)
        fill_command(a, "documents", "ShareService/OpenShare", &q, arena);
    return q.token != NULL;
}

bool fill_change_days(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    d.id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    d.renewal_on = day_drawn(sim, random, arena);
    d.effective_on = sim_below(random, 2) ? day_drawn(sim, random, arena) : NULL;
    return d.id && fill_change(a, "documents", &d.base, arena);
}

/* Any file that there is. */
static char *file_drawn(struct sim *sim, uint64_t *random, struct arena *arena)
{
    struct table_scan scan;
    const Baton__StoredFile *row, *drawn = NULL;
    if (!table_scan_open(&scan, sim->ledgers[DOCUMENTS].made, DOCUMENTS_FILE, NULL, NULL, NULL, false))
        return NULL;
    for (uint64_t n = 1; (row = table_scan_next(&scan, arena)); n++)
        if (!drawn || sim_below(random, n) == 0)
            drawn = row;
    table_scan_close(&scan);
    return drawn ? drawn->hash : NULL;
}

bool fill_add_revision(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    q.request_id = a->id;
    q.document_id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    q.file_hash = file_drawn(sim, random, arena);
    q.has_make_current = true;
    q.make_current = sim_below(random, 2);
    if (q.document_id && q.file_hash)
        fill_command(a, "documents", "DocumentService/AddRevision", &q, arena);
    return q.document_id && q.file_hash;
}

bool fill_make_current(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MakeCurrentRequest q = BATON__MAKE_CURRENT_REQUEST__INIT;
    q.request_id = a->id;
    q.document_id = fill_drawn(sim, KNOWN_DOCUMENT, random);
    q.has_number = true;
    q.number = 1 + (uint32_t)sim_below(random, 4);
    if (q.document_id)
        fill_command(a, "documents", "DocumentService/MakeCurrent", &q, arena);
    return q.document_id != NULL;
}
