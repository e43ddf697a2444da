/* Who has to approve a quote's discounts, and who does. */
#include <string.h>

#include "services/opportunities/quote.h"

__extension__ typedef __int128 wide;

static bool is_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The role's limit for the family, else for any. NULL: it has none. */
static const Baton__DiscountLimit *limit_of(const struct quote_facts *f, Baton__Role role, const char *family)
{
    const Baton__DiscountLimit *found = NULL;
    for (size_t i = 0; i < f->n_limits; i++) {
        const Baton__DiscountLimit *l = f->limits[i];
        if (l->role != role)
            continue;
        if (family && l->family && is_same(l->family, family))
            return l;
        if (!l->family || !*l->family)
            found = l;
    }
    return found;
}

/* 1: what is taken by hand, of the line and of the whole, counts against what the offer left */
static bool covers(const Baton__DiscountLimit *limit, const Baton__QuoteLine *line)
{
    return !limit || (wide)(line->discount + line->share) * PERCENT_ALL <=
                         (wide)limit->percent_e4 * (line->gross - line->offer);
}

static void add_role(Baton__Quote *q, Baton__Role role)
{
    for (size_t i = 0; i < q->n_approvers; i++)
        if (q->approvers[i] == role)
            return;
    if (q->n_approvers < QUOTE_APPROVERS_MAX)
        q->approvers[q->n_approvers++] = role;
}

static bool add_approvers(const struct quote_facts *f, Baton__Quote *q, const Baton__QuoteLine *line,
                          Baton__Role author, struct refusal *no)
{
    const Baton__DiscountLimit *limit = limit_of(f, author, line->family);
    char most[DECIMAL_SIZE];
    if (covers(limit, line))
        return true;
    decimal_format_short(most, limit->percent_e4, PERCENT_DIGITS);
    if (!limit->n_approvers)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines",
                      "more than %s %% off %s can be approved by nobody", most, line->product_code);
    /* 2: one after another, up to the first whose own limit covers it */
    for (size_t i = 0; i < limit->n_approvers; i++) {
        add_role(q, limit->approvers[i]);
        if (covers(limit_of(f, limit->approvers[i], line->family), line))
            break;
    }
    return true;
}

bool quote_approvers(const struct quote_facts *f, Baton__Quote *q, Baton__Role author, struct arena *a,
                     struct refusal *no)
{
    q->approvers = ARENA_ARRAY(a, Baton__Role, QUOTE_APPROVERS_MAX);
    q->n_approvers = q->n_approvals = 0;
    for (size_t i = 0; i < q->n_lines; i++)
        if (!add_approvers(f, q, q->lines[i], author, no))
            return false;
    return true;
}

static void set_status(Baton__Quote *q, Baton__QuoteStatus status)
{
    q->has_status = true;
    q->status = status;
}

bool quote_decide_request(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    Baton__Quote *q = quote_to_write(f, QUOTE_STATE(DRAFT), "be put to approval", s, &out->no);
    if (!q)
        return false;
    /* 3: only what needs it */
    if (!q->n_approvers)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "quote_id", "it needs no approval: send it");
    set_status(q, BATON__QUOTE_STATUS__QUOTE_STATUS_IN_APPROVAL);
    q->problem = NULL;
    return quote_changed(f, q, &baton__request_approval_response__descriptor, s, out);
}

/* Whose turn it is, and that it is this one's. */
static bool may_judge(const Baton__Quote *q, const Baton__Actor *actor, struct refusal *no)
{
    const Baton__Role turn = q->approvers[q->n_approvals];
    /* 4: the role whose turn it is, or an administrator */
    if (!actor_is(actor, turn) && !actor_is(actor, BATON__ROLE__ROLE_ADMIN))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "it is for another role to approve this now");
    /* 5: nobody approves what they have written, and nobody twice */
    if (q->author_id && actor->user_id && strcmp(q->author_id, actor->user_id) == 0)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL,
                      "somebody else has to approve what you have written");
    return true;
}

static void add_approval(Baton__Quote *q, const Baton__Actor *actor, struct stamp *s)
{
    Baton__QuoteApproval **all = ARENA_ARRAY(s->arena, Baton__QuoteApproval *, q->n_approvals + 1);
    for (size_t i = 0; i < q->n_approvals; i++)
        all[i] = q->approvals[i];
    Baton__QuoteApproval *one = all[q->n_approvals] = ARENA_NEW(s->arena, Baton__QuoteApproval);
    baton__quote_approval__init(one);
    one->user_id = arena_strdup(s->arena, actor->user_id);
    one->has_role = true;
    one->role = q->approvers[q->n_approvals];
    one->approved_at = timestamp_of(s->arena, s->now_us);
    q->approvals = all;
    q->n_approvals++;
}

bool quote_decide_approve(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__ApproveQuoteRequest *r = (const Baton__ApproveQuoteRequest *)c->request;
    Baton__Quote *q = quote_to_change(f, QUOTE_STATE(IN_APPROVAL), "be approved", s, &out->no);
    if (!q || !may_judge(q, c->actor, &out->no))
        return false;
    /* 6: what was read is what is approved */
    if (r->has_revision && r->revision != q->revision)
        return refuse(&out->no, REFUSAL_ABORTED, "revision", "it was changed meanwhile");
    add_approval(q, c->actor, s);
    if (q->n_approvals == q->n_approvers)
        set_status(q, BATON__QUOTE_STATUS__QUOTE_STATUS_APPROVED);
    return quote_changed(f, q, &baton__approve_quote_response__descriptor, s, out);
}

bool quote_decide_reject(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__RejectQuoteRequest *r = (const Baton__RejectQuoteRequest *)c->request;
    Baton__Quote *q = quote_to_change(f, QUOTE_STATE(IN_APPROVAL), "be rejected", s, &out->no);
    if (!q || !may_judge(q, c->actor, &out->no))
        return false;
    /* 7: a no sends it back, and what others said before counts no more */
    set_status(q, BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT);
    q->n_approvals = 0;
    q->problem = r->reason;
    return quote_changed(f, q, &baton__reject_quote_response__descriptor, s, out);
}
