/* Questions with one answer, asked while leads go on arriving. */
#include <stdio.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "faults.h"
#include "schema/schema.h"

enum { TRY_MS = 300, TURN_US = 1000, PATIENCE_US = 60000000 };

struct question {
    struct intake *intake;
    const ProtobufCMessageDescriptor *response;
    void *answer;
    bool waits;
};

static void on_answer(void *arg, const struct refusal *no, struct bytes body)
{
    struct question *q = arg;
    q->waits = false;
    if (no && no->code != REFUSAL_UNAVAILABLE && no->code != REFUSAL_DEADLINE_EXCEEDED)
        drive_die("refused: %s %s", no->message, no->field);
    if (!no)
        q->answer = schema_unpack(schema_message(q->response), body, q->intake->bus.arena);
}

void *ask(struct intake *l, enum fleet_service s, const char *method, const Baton__Actor *actor,
          const ProtobufCMessage *request, const ProtobufCMessageDescriptor *response, int64_t within_us)
{
    struct bus *b = &l->bus;
    arena_reset(b->arena);
    const struct call call = {.service = fleet_name(s),
                              .method = method,
                              .actor = actor,
                              .timeout_ms = TRY_MS,
                              .body = schema_pack(request, b->arena)};
    int64_t end = drive_now_us() + within_us;
    do {
        struct refusal no;
        struct question q = {.intake = l, .response = response};
        q.waits = client_call(b->client, &call, on_answer, &q, &no);
        do
            (void)intake_run(l, TURN_US, NULL); /* always to the end */
        while (q.waits);
        if (q.answer)
            return q.answer;
    } while (drive_now_us() < end);
    return NULL;
}

const Baton__ServiceStatus *ask_status(struct intake *l, enum fleet_service s, int64_t within_us)
{
    const Baton__GetStatusRequest m = BATON__GET_STATUS_REQUEST__INIT;
    const Baton__Actor self = company_actor(BATON__ROLE__ROLE_SYSTEM, NULL);
    const Baton__GetStatusResponse *r = ask(l, s, "SystemService/GetStatus", &self, &m.base,
                                            &baton__get_status_response__descriptor, within_us);
    return r ? r->status : NULL;
}

bool ask_user(struct intake *l, uint64_t number, int64_t within_us)
{
    const Baton__Actor admin = company_actor(BATON__ROLE__ROLE_ADMIN, "01900000-0000-7000-8000-000000000001");
    Baton__User user = BATON__USER__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    Baton__CreateRecordRequest m = BATON__CREATE_RECORD_REQUEST__INIT;
    char name[40], email[60];
    snprintf(name, sizeof name, "user-%llu", (unsigned long long)number);
    snprintf(email, sizeof email, "%s@staff.example", name);
    m.request_id = user.name = name;
    user.email = email;
    user.has_role = true;
    user.role = BATON__ROLE__ROLE_REP;
    record.record_case = BATON__RECORD__RECORD_USER;
    record.user = &user;
    m.record = &record;
    return ask(l, FLEET_DIRECTORY, "RecordService/CreateRecord", &admin, &m.base,
               &baton__create_record_response__descriptor, within_us) != NULL;
}

static const Baton__FollowStatus *follow_of(const Baton__ServiceStatus *s, enum fleet_service followed)
{
    for (size_t i = 0; s && i < s->n_follows; i++)
        if (s->follows[i]->service && strcmp(s->follows[i]->service, fleet_name(followed)) == 0)
            return s->follows[i];
    return NULL;
}

bool ask_caught_up(struct intake *l, enum fleet_service follower)
{
    bool all = true;
    for (unsigned followed = 0; all && followed < FLEET_SERVICES; followed++) {
        const Baton__ServiceStatus *s = ask_status(l, followed, 0);
        uint64_t head = s ? s->head_seq : UINT64_MAX;
        s = ask_status(l, follower, 0);
        const Baton__FollowStatus *f = follow_of(s, followed);
        if (f && f->stopped && *f->stopped)
            drive_die("%s stands still: %s", fleet_name(follower), f->stopped);
        all = s && (!f || f->cursor_seq >= head);
    }
    return all;
}

bool ask_settled(struct intake *l)
{
    bool all = intake_run(l, TURN_US, intake_all_answered);
    for (unsigned s = 0; all && s < FLEET_SERVICES; s++)
        all = ask_caught_up(l, s);
    return all;
}

void ask_settle(struct intake *l)
{
    for (int64_t end = drive_now_us() + PATIENCE_US; !ask_settled(l);)
        if (drive_now_us() > end)
            drive_die("the followers have not caught up after a minute");
}
