/* Decisions about links by which people outside see a document. */
#include <string.h>

#include "base/text.h"
#include "services/documents/documents.h"

enum { DAYS = 30, PASSWORD_MIN = 8, WRONG_MAX = 5, DOUBLED_MAX = 6 };
static const int64_t MINUTE_US = INT64_C(60) * 1000000, HOUR_US = INT64_C(3600) * 1000000,
                     DAY_US = INT64_C(86400) * 1000000;

bool documents_share_lives(const struct documents_share_facts *f, int64_t now_us)
{
    return f->share && f->document && f->revision && !f->share->revoked_at &&
           timestamp_us(f->share->expires_at) > now_us;
}

bool documents_share_opens(const struct documents_share_facts *f, int64_t now_us)
{
    return documents_share_lives(f, now_us) &&
           (!f->share->has_max_views || f->share->views < f->share->max_views);
}

bool documents_no_share(struct refusal *no)
{
    return refuse(no, REFUSAL_NOT_FOUND, NULL, "there is nothing here, or not any more");
}

/* The share as it will be; the caller changes it. */
static Baton__DocumentShareChanged *change(const Baton__DocumentShare *was, struct outcome *out)
{
    Baton__DocumentShareChanged *e = ARENA_NEW(out->arena, Baton__DocumentShareChanged);
    baton__document_share_changed__init(e);
    e->share = ARENA_NEW(out->arena, Baton__DocumentShare);
    if (was)
        *e->share = *was;
    else
        baton__document_share__init(e->share);
    outcome_event(out, e);
    return e;
}

/* --- making and ending --- */

/* Characters but for those that break or are no part of a line; -1: there is one. */
static int line_length(const char *text)
{
    int n = 0;
    for (const uint8_t *at = (const uint8_t *)text; *at; at++) {
        /* C1 and the separators of lines and paragraphs */
        bool is_control = *at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0);
        if (is_control || (*at == 0xe2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9)))
            return -1;
        n += (*at & 0xc0) != 0x80;
    }
    return n;
}

/* 9: a watermark is a line of text, and stands on the pages of a PDF */
static bool check_watermark(const struct documents_share_facts *f, const char *asked, const char *text,
                            struct refusal *no)
{
    if (!asked)
        return true;
    const int n = line_length(asked);
    if (!text || n < 0 || n > DOCUMENTS_WATERMARK_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "watermark",
                      "a watermark is one line of 1 to %d characters", DOCUMENTS_WATERMARK_MAX);
    return f->is_pdf || refuse(no, REFUSAL_FAILED_PRECONDITION, "watermark", "only PDFs can carry one");
}

static bool check(const struct documents_share_facts *f, const Baton__CreateShareRequest *r,
                  const struct documents_password *p, const char *watermark, struct refusal *no)
{
    /* 1: whoever reads it shares it, as it is or was */
    if (!f->document)
        return refuse(no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    if (!f->revision)
        return r->number
                   ? refuse(no, REFUSAL_NOT_FOUND, "number", "the document has no such revision")
                   : refuse(no, REFUSAL_FAILED_PRECONDITION, "number", "no revision is the current one");
    /* 2: a password is none that is guessed at once */
    if (r->password && strlen(r->password) < PASSWORD_MIN)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "password", "a password has at least %d characters",
                      PASSWORD_MIN);
    if (r->password && (!p || !*p->made))
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "there is no memory for it just now; try again");
    return check_watermark(f, r->watermark, watermark, no);
}

/* As people see it. */
static Baton__DocumentShare *shown(const Baton__DocumentShare *share, struct arena *a)
{
    Baton__DocumentShare *s = arena_copy(a, share, sizeof *share);
    s->token_hash = NULL;
    return s;
}

static Baton__DocumentSharePassword *password_of(const Baton__DocumentShare *share,
                                                 const struct documents_password *p, struct stamp *s)
{
    Baton__DocumentSharePassword *row = ARENA_NEW(s->arena, Baton__DocumentSharePassword);
    baton__document_share_password__init(row);
    row->share_id = share->id;
    row->hash = arena_strdup(s->arena, p->made);
    return row;
}

bool documents_decide_share(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_share_facts *f = facts;
    const Baton__CreateShareRequest *r = (const Baton__CreateShareRequest *)c->request;
    const struct documents_password *p = c->prepared;
    char *watermark = text_trim(s->arena, r->watermark);
    if (!check(f, r, p, watermark, &out->no))
        return false;
    Baton__DocumentShareChanged *e = change(NULL, out);
    Baton__DocumentShare *share = e->share;
    Baton__CreateShareResponse *reply = ARENA_NEW(out->arena, Baton__CreateShareResponse);
    baton__create_share_response__init(reply);
    reply->token = stamp_secret(s);
    /* 3: who knows the store does not know the link */
    share->token_hash = arena_alloc(s->arena, HASH_TEXT_SIZE);
    hash_text(share->token_hash, reply->token);
    share->id = stamp_id(s);
    share->document_id = f->document->id;
    share->has_number = r->has_number && r->number;
    share->number = r->number;
    share->given_to = text_trim(s->arena, r->given_to);
    share->created_by_id = s->actor->user_id;
    share->created_at = timestamp_of(s->arena, s->now_us);
    share->expires_at = timestamp_of(s->arena, s->now_us + (r->has_days ? r->days : DAYS) * DAY_US);
    share->has_max_views = r->has_max_views;
    share->max_views = r->max_views;
    share->watermark = watermark;
    share->has_has_password = share->has_password = r->password != NULL;
    e->password = r->password ? password_of(share, p, s) : NULL;
    reply->share = shown(share, out->arena);
    out->reply = &reply->base;
    return true;
}

bool documents_decide_revoke(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_share_facts *f = facts;
    /* 4: whoever made it, or may change what it is of */
    if (!f->share || (!f->is_own && !f->may_write))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such link");
    if (!f->share->revoked_at)
        change(f->share, out)->share->revoked_at = timestamp_of(s->arena, s->now_us);
    return true;
}

/* --- opening --- */

/* 7: it counts, and so often in a row that no further one is looked at for a while, each time for longer */
static void count_wrong(const Baton__DocumentShare *was, struct stamp *s, struct outcome *out)
{
    Baton__DocumentShare *share = change(was, out)->share;
    share->has_wrong_passwords = true;
    share->wrong_passwords++;
    if (share->wrong_passwords < WRONG_MAX)
        return;
    uint32_t doubled = share->wrong_passwords - WRONG_MAX;
    int64_t wait_us = MINUTE_US << (doubled < DOUBLED_MAX ? doubled : DOUBLED_MAX);
    share->closed_until = timestamp_of(s->arena, s->now_us + wait_us);
}

static void tell(const struct documents_share_facts *f, struct outcome *out)
{
    Baton__DocumentNews *e = ARENA_NEW(out->arena, Baton__DocumentNews);
    baton__document_news__init(e);
    e->document_id = f->document->id;
    e->has_kind = true;
    e->kind = BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_OPENED;
    e->title = f->document->title;
    e->given_to = f->share->given_to;
    e->user_ids = ARENA_ARRAY(out->arena, char *, 1);
    e->user_ids[e->n_user_ids++] = f->share->created_by_id;
    outcome_event(out, e);
}

static Baton__DocumentShareView *view_of(const struct documents_share_facts *f,
                                         const struct documents_drawn *drawn, const char *ticket,
                                         struct stamp *s)
{
    Baton__DocumentShareView *v = ARENA_NEW(s->arena, Baton__DocumentShareView);
    baton__document_share_view__init(v);
    v->id = stamp_id(s);
    v->share_id = f->share->id;
    v->opened_at = timestamp_of(s->arena, s->now_us);
    v->has_number = true;
    v->number = f->revision->number;
    v->file_hash = f->revision->file_hash;
    v->name = f->revision->name;
    v->ticket_hash = arena_alloc(s->arena, HASH_TEXT_SIZE);
    hash_text(v->ticket_hash, ticket);
    if (f->share->watermark) {
        v->file_hash = arena_strdup(s->arena, drawn->hash);
        v->watermark = arena_strdup(s->arena, drawn->watermark);
        v->has_size = true;
        v->size = drawn->size;
    }
    return v;
}

static void open_share(const struct documents_share_facts *f, const struct documents_drawn *drawn,
                       Baton__OpenShareResponse *reply, struct stamp *s, struct outcome *out)
{
    Baton__DocumentShareChanged *e = change(f->share, out);
    reply->ticket = stamp_secret(s);
    e->view = view_of(f, drawn, reply->ticket, s);
    e->share->has_views = true;
    e->share->views++;
    e->share->has_wrong_passwords = false;
    e->share->wrong_passwords = 0;
    e->share->closed_until = NULL;
    /* 8: whoever made it hears of it, of many openings once an hour */
    if (f->share->told_at && timestamp_us(f->share->told_at) + HOUR_US > s->now_us)
        return;
    e->share->told_at = timestamp_of(s->arena, s->now_us);
    tell(f, out);
}

/* 10: where the pages with the watermark cannot be drawn nothing is given, and it does not count. What became
   another revision in between, or was given a watermark, is drawn when it is asked for again. */
static bool refuse_undrawn(const struct documents_drawn *drawn, struct refusal *no)
{
    const bool is_later = !drawn || drawn->is_there || drawn->is_later;
    const enum refusal_code code = is_later ? REFUSAL_RESOURCE_EXHAUSTED : REFUSAL_FAILED_PRECONDITION;
    if (!drawn || !*drawn->why)
        return refuse(no, code, "watermark", "its pages cannot be drawn");
    return refuse(no, code, "watermark", "its pages cannot be drawn: %s", drawn->why);
}

bool documents_decide_open(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_share_facts *f = facts;
    const struct documents_opening *p = c->prepared;
    const struct documents_drawn *drawn = p ? &p->drawn : NULL;
    /* 5: what was never there, is over, was revoked or is used up looks the same; so does a document that is
       gone, or that whoever made the link does not reach any more */
    if (!documents_share_opens(f, s->now_us))
        return documents_no_share(&out->no);
    /* 6: after too many wrong passwords not even the right one is looked at, for a while */
    if (timestamp_us(f->share->closed_until) > s->now_us)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "password",
                      "too many wrong passwords; try again later");
    Baton__OpenShareResponse *reply = ARENA_NEW(out->arena, Baton__OpenShareResponse);
    baton__open_share_response__init(reply);
    out->reply = &reply->base;
    if (!f->share->has_password || (p && p->password.is_right)) {
        if (f->share->watermark && (!drawn || !drawn->is_there || drawn->number != f->revision->number))
            return refuse_undrawn(drawn, &out->no);
        open_share(f, drawn, reply, s, out);
        return true;
    }
    reply->has_wrong_password = reply->wrong_password = true;
    count_wrong(f->share, s, out);
    return true;
}
