/* Ids of what exists, as the logs tell. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

void known_add(struct sim *sim, enum known kind, const char *id, const char *owner)
{
    struct known_ids *k = &sim->known[kind];
    if (k->n == k->room) {
        k->room = k->room ? k->room * 2 : 64;
        k->ids = realloc(k->ids, k->room * sizeof *k->ids);
        k->owners = realloc(k->owners, k->room * sizeof *k->owners);
        assert(k->ids && k->owners);
    }
    k->ids[k->n] = arena_strdup(sim->memory, id);
    k->owners[k->n++] = arena_strdup(sim->memory, owner ? owner : "");
}

static void know_record(struct sim *sim, const Baton__RecordChanged *e)
{
    static const struct {
        const char *type;
        enum known kind;
    } types[] = {
        {"user", KNOWN_USER},
        {"pool", KNOWN_POOL},
        {"territory_model", KNOWN_TERRITORY_MODEL},
        {"account", KNOWN_ACCOUNT},
        {"contact", KNOWN_CONTACT},
        {"opportunity", KNOWN_OPPORTUNITY},
        {"pipeline", KNOWN_PIPELINE},
        {"custom_field", KNOWN_CUSTOM_FIELD},
        {"mail_account", KNOWN_MAIL_ACCOUNT},
        {"webhook_endpoint", KNOWN_WEBHOOK},
        {"mqtt_broker", KNOWN_BROKER},
        {"http_template", KNOWN_HTTP_TEMPLATE},
        {"notification_chain", KNOWN_CHAIN},
        {"note", KNOWN_NOTE},
        {"activity", KNOWN_ACTIVITY},
        {"quality_rule", KNOWN_QUALITY_RULE},
        {"product", KNOWN_PRODUCT},
        {"price_book", KNOWN_PRICE_BOOK},
        {"price_book_entry", KNOWN_ENTRY},
        {"quote", KNOWN_QUOTE},
        {"quota", KNOWN_QUOTA},
        {"plan_template", KNOWN_PLAN_TEMPLATE},
        {"plan", KNOWN_PLAN},
        {"document", KNOWN_DOCUMENT},
        {"collateral_item", KNOWN_COLLATERAL},
        {"stock_place", KNOWN_STOCK_PLACE},
        {"collateral_order", KNOWN_ORDER},
        {"letter_template", KNOWN_LETTER_TEMPLATE},
        {"letter_run", KNOWN_LETTER_RUN},
    };
    const struct schema_field *member;
    ProtobufCMessage *row = schema_oneof(&e->record->base, &member);
    if (e->copy || e->kind != BATON__CHANGE_KIND__CHANGE_KIND_CREATED || !row)
        return;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, member->pb->name) == 0)
            known_add(sim, types[i].kind, schema_get_text(row, "id"), NULL);
    /* Whatever owns it: the record and the user. */
    if (row->descriptor == &baton__record_share__descriptor) {
        const Baton__RecordShare *s = (const Baton__RecordShare *)row;
        if (s->user_id)
            known_add(sim, KNOWN_SHARE, s->id, arena_printf(sim->memory, "%s %s", s->record_id, s->user_id));
    }
    /* Whatever owns it, the model, has a digit for the kind in front. */
    if (row->descriptor == &baton__territory__descriptor) {
        const Baton__Territory *t = (const Baton__Territory *)row;
        known_add(sim, KNOWN_TERRITORY, t->id,
                  arena_printf(sim->memory, "%d%s", (int)t->kind, t->model_id ? t->model_id : ""));
    }
}

/* Where it is new. */
static void know_share(struct sim *sim, const Baton__DocumentShare *s)
{
    if (!s->views && !s->wrong_passwords && !s->revoked_at)
        known_add(sim, KNOWN_LINK, s->id, s->created_by_id);
}

static void know_event(struct sim *sim, const Baton__Event *e)
{
    switch ((int)e->event_case) {
    case BATON__EVENT__EVENT_RECORD_CHANGED:
        know_record(sim, e->record_changed);
        break;
    case BATON__EVENT__EVENT_RECORDS_MERGED:
        known_add(sim,
                  strcmp(e->records_merged->merge->type, "contact") == 0 ? KNOWN_MERGED_CONTACT
                                                                         : KNOWN_MERGED_ACCOUNT,
                  e->records_merged->merge->id, NULL);
        break;
    case BATON__EVENT__EVENT_DUPLICATE_SUSPECTED:
        if (strcmp(e->duplicate_suspected->pair->type, "contact") == 0)
            known_add(sim, KNOWN_PAIR, e->duplicate_suspected->pair->first_id,
                      e->duplicate_suspected->pair->second_id);
        break;
    case BATON__EVENT__EVENT_UPLOAD_BEGUN:
        known_add(sim, KNOWN_UPLOAD, e->upload_begun->upload->id, e->upload_begun->upload->owner_id);
        break;
    case BATON__EVENT__EVENT_LEAD_CAPTURED:
        known_add(sim, KNOWN_LEAD, e->lead_captured->lead->id, NULL);
        break;
    case BATON__EVENT__EVENT_DOCUMENT_SHARE_CHANGED:
        know_share(sim, e->document_share_changed->share);
        break;
    case BATON__EVENT__EVENT_CATALOGUE_LINK_CHANGED:
        if (!e->catalogue_link_changed->revoked)
            known_add(sim, KNOWN_CATALOGUE_LINK, e->catalogue_link_changed->link->id,
                      e->catalogue_link_changed->link->created_by_id);
        break;
    case BATON__EVENT__EVENT_QUOTE_SENT:
        known_add(sim, KNOWN_QUOTE_LINK, e->quote_sent->token, NULL);
        break;
    case BATON__EVENT__EVENT_DEVICE_REGISTERED:
        known_add(sim, KNOWN_DEVICE, e->device_registered->device->id, e->device_registered->device->user_id);
        break;
    case BATON__EVENT__EVENT_NOTIFICATION_CREATED:
        known_add(sim, KNOWN_NOTIFICATION, e->notification_created->notification->id,
                  e->notification_created->notification->user_id);
        break;
    }
}

void known_record(struct sim *sim, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        know_event(sim, r->events[i]);
}

void known_rebuild(struct sim *sim)
{
    for (int k = 0; k < KNOWN_KINDS; k++)
        sim->known[k].n = 0;
    for (int i = 0; i < SERVICES; i++)
        for (size_t n = 0; n < sim->ledgers[i].n; n++)
            known_record(sim, sim->ledgers[i].records[n]);
}

const char *known_draw(struct sim *sim, enum known kind, uint64_t *random, const char **owner)
{
    const struct known_ids *k = &sim->known[kind];
    if (!k->n)
        return NULL;
    size_t i = sim_below(random, k->n);
    if (owner)
        *owner = k->owners[i];
    return k->ids[i];
}
