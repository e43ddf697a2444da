/* What tests of the rules of plain records share, with Team as the example. */
#ifndef BATON_TESTS_RECORDS_BENCH_H
#define BATON_TESTS_RECORDS_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/decide.h"

static const int64_t NOW = 1772431200ll * 1000000;
static const char ID[] = "0191a3b4-0000-7000-8000-000000000001";
static const char ME[] = "0191a3b4-0000-7000-8000-00000000000a";

struct fixture {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome *out;
    Baton__Actor actor;
    struct record_facts facts;
    struct command command;
};

static inline int set_up(void **state)
{
    schema_load();
    struct arena *a = arena_new(8 << 20);
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->arena = a;
    f->out = ARENA_NEW(a, struct outcome);
    f->out->arena = a;
    baton__actor__init(&f->actor);
    f->actor.has_role = true;
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    f->actor.user_id = (char *)(uintptr_t)ME;
    f->stamp = (struct stamp){.now_us = NOW, .actor = &f->actor, .ids = &f->ids, .arena = a};
    f->command.actor = &f->actor;
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

static inline Baton__Team *team(struct fixture *f, const char *id, const char *name, uint64_t revision)
{
    Baton__Team *t = ARENA_NEW(f->arena, Baton__Team);
    baton__team__init(t);
    t->id = (char *)(uintptr_t)id;
    t->name = (char *)(uintptr_t)name;
    t->has_revision = revision != 0;
    t->revision = revision;
    return t;
}

static inline bool create(struct fixture *f, void *record, record_check_fn *check)
{
    Baton__CreateRecordRequest *r = ARENA_NEW(f->arena, Baton__CreateRecordRequest);
    baton__create_record_request__init(r);
    r->record = record_wrap(record, f->arena);
    f->command.request = &r->base;
    return record_decide_create(&f->facts, check, &f->command, &f->stamp, f->out);
}

static inline bool update(struct fixture *f, void *before, void *record, const char *clear,
                          record_check_fn *check)
{
    Baton__UpdateRecordRequest *r = ARENA_NEW(f->arena, Baton__UpdateRecordRequest);
    baton__update_record_request__init(r);
    r->record = record_wrap(record, f->arena);
    r->clear = (char **)(uintptr_t)arena_copy(f->arena, &clear, sizeof clear);
    r->n_clear = clear != NULL;
    f->facts.before = before;
    f->facts.before_seq = 7;
    f->command.request = &r->base;
    return record_decide_update(&f->facts, check, &f->command, &f->stamp, f->out);
}

static inline bool remove_record(struct fixture *f, void *before, uint64_t revision, record_check_fn *check)
{
    Baton__DeleteRecordRequest *r = ARENA_NEW(f->arena, Baton__DeleteRecordRequest);
    baton__delete_record_request__init(r);
    r->id = (char *)(uintptr_t)ID;
    r->has_revision = revision != 0;
    r->revision = revision;
    f->facts.before = before;
    f->command.request = &r->base;
    return record_decide_delete(&f->facts, check, &f->command, &f->stamp, f->out);
}

static inline bool always_no(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                             struct stamp *s, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "team.name", "not this one");
}

static inline const Baton__RecordChanged *only_event(const struct fixture *f)
{
    assert_int_equal(f->out->n_events, 1);
    return f->out->events[0]->record_changed;
}

static inline void refused(const struct fixture *f, bool decided, enum refusal_code code, const char *field)
{
    assert_false(decided);
    assert_int_equal(f->out->no.code, code);
    assert_string_equal(f->out->no.field, field);
    assert_int_equal(f->out->n_events, 0);
}

#endif
