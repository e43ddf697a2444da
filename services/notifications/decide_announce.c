/* What is told to many: who may, and step by step to whom. */
#include "baton/v1/options.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/followers.h"

bool notifications_decide_announce(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct announce_facts *f = facts;
    const Baton__AnnounceRequest *r = (const Baton__AnnounceRequest *)c->request;
    /* 1: an administrator to anybody, a manager to those they manage */
    if (!actor_is(c->actor, BATON__ROLE__ROLE_ADMIN) && !f->is_managed)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "team_id",
                      "you can announce to a team that you manage");
    /* 2: to one of those there are */
    if (r->team_id && r->territory_id)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "territory_id",
                      "announce to a team or to a territory, not to both");
    if (r->team_id && !f->is_team)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "team_id", "there is no such team");
    if (r->territory_id && !f->is_territory)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "territory_id", "there is no such territory");
    Baton__AnnouncementMade *e = ARENA_NEW(s->arena, Baton__AnnouncementMade);
    baton__announcement_made__init(e);
    Baton__Announcement *a = e->announcement = ARENA_NEW(s->arena, Baton__Announcement);
    baton__announcement__init(a);
    a->id = stamp_id(s);
    a->title = r->title;
    a->text = r->text;
    a->team_id = r->team_id;
    a->territory_id = r->territory_id;
    a->has_importance = r->has_importance;
    a->importance = r->importance;
    a->made_by = arena_strdup(s->arena, c->actor->user_id);
    a->created_at = timestamp_of(s->arena, s->now_us);
    a->has_next_due_us = true;
    a->next_due_us = s->now_us;
    outcome_event(out, &e->base);
    Baton__AnnounceResponse *reply = ARENA_NEW(s->arena, Baton__AnnounceResponse);
    baton__announce_response__init(reply);
    reply->announcement_id = a->id;
    out->reply = &reply->base;
    return true;
}

bool notifications_decide_announcement(const void *facts, const struct command *c, struct stamp *s,
                                       struct outcome *out)
{
    const struct announcement_facts *f = facts;
    const Baton__Announcement *a = (const Baton__Announcement *)c->request;
    /* 3: each of them once, some at a time, in the order of their ids */
    for (size_t i = 0; i < f->n; i++)
        notifications_tell(&(struct told){.class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_HEADS_UP,
                                          .importance = a->importance,
                                          .user_id = f->users[i]->id,
                                          .title = a->title,
                                          .text = a->text},
                           &f->all[i], s, out);
    Baton__AnnouncementAdvanced *e = ARENA_NEW(s->arena, Baton__AnnouncementAdvanced);
    baton__announcement_advanced__init(e);
    e->announcement_id = a->id;
    e->after_user_id = arena_strdup(s->arena, f->after_user_id);
    e->has_told = e->has_done = true;
    e->told = a->told + (uint32_t)f->n;
    e->done = !f->after_user_id;
    outcome_event(out, &e->base);
    return true;
}
