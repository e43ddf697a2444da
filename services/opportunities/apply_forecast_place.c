/* Where people, teams and territories stood, and from when on. A row for each change of that, and of nothing
   else. */
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

static const Baton__ForecastPlace *newest(struct apply *ap, const char *type, const char *id)
{
    struct table_scan scan;
    struct key prefix = key_of(type);
    const Baton__ForecastPlace *row = NULL;
    key_text(&prefix, id);
    if (table_scan_under(&scan, ap->txn, OPPORTUNITIES_PLACE, &prefix, NULL, NULL, true)) {
        row = table_scan_next(&scan, ap->arena);
        table_scan_close(&scan);
    }
    return row;
}

static void put(struct apply *ap, Baton__ForecastPlace *p, unsigned table, const char *type, const char *id)
{
    const Baton__ForecastPlace *before = newest(ap, type, id);
    p->type = (char *)(uintptr_t)type;
    p->id = (char *)(uintptr_t)id;
    p->has_at_us = p->has_gone = true;
    p->gone = !table_get_id(ap->txn, table, id, ap->arena);
    if (before) {
        p->at_us = before->at_us;
        if (schema_equal(&before->base, &p->base))
            return;
    }
    p->at_us = (uint64_t)ap->time_us;
    table_put(ap->txn, OPPORTUNITIES_PLACE, p, ap->seq, ap->arena);
    held_drop_tree(ap->state);
}

void opportunities_apply_user(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__User *u = (const Baton__User *)payload;
    Baton__ForecastPlace p = BATON__FORECAST_PLACE__INIT;
    p.team_id = u->team_id;
    p.territory_ids = u->territory_ids;
    p.n_territory_ids = u->n_territory_ids;
    put(ap, &p, OPPORTUNITIES_USER, "user", u->id);
    held_put_role(ap->state, u->id, p.gone ? 0 : u->role);
}

void opportunities_apply_team(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Team *t = (const Baton__Team *)payload;
    Baton__ForecastPlace p = BATON__FORECAST_PLACE__INIT;
    p.manager_id = t->manager_id;
    p.parent_id = t->parent_id;
    put(ap, &p, OPPORTUNITIES_TEAM, "team", t->id);
}

void opportunities_apply_territory(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Territory *t = (const Baton__Territory *)payload;
    Baton__ForecastPlace p = BATON__FORECAST_PLACE__INIT;
    p.parent_id = t->parent_id;
    put(ap, &p, OPPORTUNITIES_TERRITORY, "territory", t->id);
}
