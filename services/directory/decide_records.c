/* What the directory has to say about its plain records: organisation, users, teams. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "base/url.h"
#include "base/worktime.h"
#include "schema/levels.h"
#include "services/directory/directory.h"

char *directory_email_fold(struct arena *a, const char *email)
{
    char *folded = text_trim(a, email);
    for (char *p = folded; p && *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p += 'a' - 'A';
    return folded;
}

bool directory_email_check(char **email, struct arena *a, struct refusal *no)
{
    *email = directory_email_fold(a, *email);
    if (!*email || !text_is_email(*email))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "email", "this is not an e-mail address");
    return true;
}

bool directory_check_zone(const char *zone, struct refusal *no)
{
    if (!zone || worktime_zone_valid(zone))
        return true;
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "time_zone",
                  "\"%s\" is not a time zone (they are written like Europe/Berlin)", zone);
}

bool directory_check_hours(Baton__WorkingInterval *const *hours, size_t n, struct refusal *no)
{
    for (size_t i = 0; i < n; i++)
        if (hours[i]->start_minute >= hours[i]->end_minute)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "working_hours",
                          "working hours on weekday %u end before they start", hours[i]->weekday);
    return true;
}

bool directory_check_holidays(Baton__Holiday *const *holidays, size_t n, struct refusal *no)
{
    for (size_t i = 0; i < n; i++)
        if (!rfc3339_is_date(holidays[i]->date))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "holidays",
                          "\"%s\" is not a date (they are written like 2026-12-25)", holidays[i]->date);
    return true;
}

/* 5: where Baton is reached is a name, and nothing behind it */
static bool check_public_url(const char *url, struct refusal *no)
{
    char origin[URL_ORIGIN_SIZE];
    if (url && (!url_origin(url, origin) || strcasecmp(origin, url) != 0))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "public_url",
                      "it is written like https://baton.example.com, without anything behind the name");
    return true;
}

bool directory_check_organisation(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                  struct stamp *s, struct outcome *out)
{
    const struct directory_organisation_facts *f = extra;
    const Baton__Organisation *o = (const Baton__Organisation *)after;
    /* 1: the time zone is one */
    if (!directory_check_zone(o->time_zone, &out->no))
        return false;
    /* 2: work starts before it ends */
    if (!directory_check_hours(o->working_hours, o->n_working_hours, &out->no))
        return false;
    /* 3: holidays are days */
    if (!directory_check_holidays(o->holidays, o->n_holidays, &out->no))
        return false;
    if (!deadline_levels_check(o->deadline_levels, o->n_deadline_levels, "deadline_levels", &out->no))
        return false;
    /* 4: the last-resort holder is somebody who works here */
    if (f->wanted && (!f->last_resort || f->last_resort->status != BATON__USER_STATUS__USER_STATUS_ACTIVE))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "last_resort_user_id",
                      "the last-resort holder must be an active user");
    return check_public_url(o->public_url, &out->no);
}

static bool check_absences(const Baton__User *u, struct refusal *no)
{
    for (size_t i = 0; i < u->n_absences; i++)
        if (timestamp_us(u->absences[i]->start_at) >= timestamp_us(u->absences[i]->end_at))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "absences", "an absence ends before it starts");
    return true;
}

static bool check_role(const struct directory_user_facts *f, const Baton__User *before,
                       const Baton__User *after, struct refusal *no)
{
    /* 7: a role that people have */
    if (after->role == BATON__ROLE__ROLE_UNSPECIFIED || after->role == BATON__ROLE__ROLE_SYSTEM)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "role",
                      "a user's role is admin, manager, rep, inside, service or partner");
    /* 8: somebody must be able to administer */
    if (before && before->status == BATON__USER_STATUS__USER_STATUS_ACTIVE &&
        before->role == BATON__ROLE__ROLE_ADMIN && after->role != BATON__ROLE__ROLE_ADMIN && !f->other_admin)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "role",
                      "%s is the last active administrator; name another first", before->name);
    return true;
}

static bool check_references(const struct directory_user_facts *f, struct refusal *no)
{
    /* 9: team and territories exist */
    if (f->missing_team_id)
        return refuse(no, REFUSAL_NOT_FOUND, "team_id", "there is no team %s", f->missing_team_id);
    if (f->missing_territory_id)
        return refuse(no, REFUSAL_NOT_FOUND, "territory_ids", "there is no territory %s",
                      f->missing_territory_id);
    return true;
}

bool directory_check_user(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const struct directory_user_facts *f = extra;
    Baton__User *u = (Baton__User *)after;
    /* 1: people leave, their records stay */
    if (!u)
        return refuse(
            &out->no, REFUSAL_FAILED_PRECONDITION, NULL,
            "a user is never deleted, so that what they did stays readable; deactivate the user instead");
    /* 2: whoever is new is active; only DeactivateUser changes that */
    u->has_status = true;
    u->status = before ? ((const Baton__User *)before)->status : BATON__USER_STATUS__USER_STATUS_ACTIVE;
    /* 3: the e-mail address is plausible and nobody else's, whatever its case */
    if (!directory_email_check(&u->email, s->arena, &out->no))
        return false;
    if (f->email_owner_id && !(before && strcmp(f->email_owner_id, ((const Baton__User *)before)->id) == 0))
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "email", "another user has this e-mail address");
    /* 4: the time zone is one; 5: work starts before it ends; 6: so do absences */
    return directory_check_zone(u->time_zone, &out->no) &&
           directory_check_hours(u->working_hours, u->n_working_hours, &out->no) &&
           check_absences(u, &out->no) && check_role(f, (const Baton__User *)before, u, &out->no) &&
           check_references(f, &out->no);
}

bool directory_check_parents(const struct directory_chain *parents, const char *own_id, const char *what,
                             struct refusal *no)
{
    if (!parents->wanted)
        return true;
    if (parents->n == 0)
        return refuse(no, REFUSAL_NOT_FOUND, "parent_id", "there is no such %s", what);
    for (size_t i = 0; i < parents->n; i++)
        if (own_id && strcmp(parents->ids[i], own_id) == 0)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "parent_id", "a %s cannot be above itself", what);
    if (parents->n >= DIRECTORY_DEPTH_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "parent_id", "at most %d of a %s above one another",
                      DIRECTORY_DEPTH_MAX, what);
    return true;
}

bool directory_check_team(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const struct directory_team_facts *f = extra;
    /* 1: a team is deleted only when nobody and nothing is in it */
    if (!after && f->has_members)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "this team still has members; give them another team first");
    if (!after && f->has_children)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there are teams below this one; move them first");
    if (!after)
        return true;
    /* 2: its manager works here */
    if (f->missing_manager_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "manager_id",
                      "the manager must be an active user");
    /* 3: the team above exists and is not below */
    return directory_check_parents(&f->parents, before ? ((const Baton__Team *)before)->id : NULL, "team",
                                   &out->no);
}
