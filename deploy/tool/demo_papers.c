/* The demo's papers. */
#include "tool/demo_papers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tool/document.h"
#include "tool/records.h"

static const char CONTRACT[] =
    "FRAMEWORK AGREEMENT\n\n"
    "This Agreement is made between Baton Demo Ltd (\"Supplier\") and %s (\"Customer\").\n\n"
    "1. Subject. The Supplier delivers Relay and Track products and services them.\n"
    "2. Term. This Agreement takes effect on January 1, 2026 and expires on December 31, 2028.\n"
    "3. Renewal. It is renewed for one year at a time unless either party gives notice of termination at\n"
    "   least ninety (90) days before it expires.\n"
    "4. Prices are those of the list at the day of each order, less ten per cent from fifty pieces on.\n"
    "5. Payment is due within thirty (30) days of the invoice.\n";
static const char POLICY[] =
    "HOW WE GIVE DISCOUNTS\n\n"
    "Up to ten per cent is yours to give. More is approved by your manager before the quote is sent.\n"
    "What was promised by word is not promised: it stands on the quote, or it is not there.\n";
static const char BROCHURE[] =
    "RELAY\n\nRelay One for the single machine, Relay Five for the line, Relay Enterprise for the plant.\n"
    "All of them speak to Track Sensors, and all of them are serviced for a year.\n";

struct paper {
    Baton__Document document;
    const char *name, *text;
};

static bool add_text(struct session *s, char *document_id, const struct paper *p)
{
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    const size_t size = strlen(p->text);
    FILE *f = tmpfile();
    if (f == NULL || fwrite(p->text, 1, size, f) != size || fflush(f) != 0)
        (void)refuse(&s->no, REFUSAL_UNAVAILABLE, NULL, "no file can be made: %s", strerror(errno));
    else
        q.file_hash = document_store(s, f, size, p->name);
    if (f != NULL)
        (void)fclose(f); /* it is gone by that */
    q.document_id = document_id;
    q.has_make_current = q.make_current = true;
    return q.file_hash != NULL && session_call(s, "DocumentService/AddRevision", &q) != NULL;
}

static bool make_paper(struct session *s, struct record_list *there, struct paper *p)
{
    size_t made = 0;
    Baton__Document *d =
        (Baton__Document *)records_ensure(s->api, there, "title", &p->document.base, s->arena, &made, &s->no);
    return d != NULL && (d->current_number > 0 || add_text(s, d->id, p));
}

bool demo_papers(struct session *s, const Baton__Account *account, const Baton__Opportunity *deal,
                 const Baton__User *owner)
{
    Baton__DocumentReaders everybody = BATON__DOCUMENT_READERS__INIT;
    char *account_id = account->id, *deal_id = deal->id;
    struct record_list there;
    struct paper papers[] = {
        {BATON__DOCUMENT__INIT, "framework-agreement.txt", arena_printf(s->arena, CONTRACT, account->name)},
        {BATON__DOCUMENT__INIT, "discounts.txt", POLICY},
        {BATON__DOCUMENT__INIT, "relay.txt", BROCHURE},
    };
    enum { PAPERS = sizeof papers / sizeof *papers };
    static const Baton__DocumentType types[PAPERS] = {BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT,
                                                      BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_POLICY,
                                                      BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_BROCHURE};
    Baton__Document *contract = &papers[0].document;
    contract->title = arena_printf(s->arena, "Framework agreement, %s", account->name);
    contract->account_ids = &account_id;
    contract->opportunity_ids = &deal_id;
    contract->n_account_ids = contract->n_opportunity_ids = 1;
    contract->effective_on = (char *)"2026-01-01";
    contract->expires_on = (char *)"2028-12-31";
    contract->notice_on = (char *)"2028-10-02";
    papers[1].document.title = (char *)"How we give discounts";
    everybody.has_all = everybody.all = true;
    papers[1].document.must_read = &everybody;
    papers[2].document.title = (char *)"Relay, a brochure";
    if (!records_load(s->api, "document", s->arena, &there, &s->no))
        return false;
    for (size_t i = 0; i < PAPERS; i++) {
        papers[i].document.has_type = true;
        papers[i].document.type = types[i];
        papers[i].document.owner_id = owner->id;
        if (!make_paper(s, &there, &papers[i]))
            return false;
    }
    return true;
}
