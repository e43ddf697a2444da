/* The schema as the generated code has it: messages, fields, methods, and how they are found. */
#include "schema/load.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/bus.pb-c.h"
#include "baton/v1/catalogue.pb-c.h"
#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/contact_lists.pb-c.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/demand.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/duplicates.pb-c.h"
#include "baton/v1/event.pb-c.h"
#include "baton/v1/forecast.pb-c.h"
#include "baton/v1/letters.pb-c.h"
#include "baton/v1/mailbox.pb-c.h"
#include "baton/v1/plans.pb-c.h"
#include "baton/v1/preview.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "baton/v1/shares.pb-c.h"
#include "baton/v1/system.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"

/* Every service. Requests, responses and all that is in them are found through its methods. */
static const ProtobufCServiceDescriptor *const services[] = {
    &baton__directory_service__descriptor,    &baton__lead_service__descriptor,
    &baton__notification_service__descriptor, &baton__record_service__descriptor,
    &baton__system_service__descriptor,       &baton__contact_service__descriptor,
    &baton__contact_list_service__descriptor, &baton__duplicate_service__descriptor,
    &baton__catalogue_service__descriptor,    &baton__opportunity_service__descriptor,
    &baton__quote_service__descriptor,        &baton__document_service__descriptor,
    &baton__preview_service__descriptor,      &baton__forecast_service__descriptor,
    &baton__analysis_service__descriptor,     &baton__plan_service__descriptor,
    &baton__demand_service__descriptor,       &baton__share_service__descriptor,
    &baton__collateral_service__descriptor,   &baton__letter_service__descriptor,
};

/* Messages that no method leads to: the bus, the log, rows that never leave their service.
   schema_load says so if one is missing here. */
static const ProtobufCMessageDescriptor *const others[] = {
    &baton__envelope__descriptor,
    &baton__field_violation__descriptor,
    &baton__follow__descriptor,
    &baton__follow_credit__descriptor,
    &baton__follow_records__descriptor,
    &baton__follow_refused__descriptor,
    &baton__handover__descriptor,
    &baton__quote_link__descriptor,
    &baton__plan_look__descriptor,
    &baton__gone_record__descriptor,
    &baton__consent_in_force__descriptor,
    &baton__holding__descriptor,
    &baton__log_record__descriptor,
    &baton__channel_secret__descriptor,
    &baton__digest__descriptor,
    &baton__lead_follower__descriptor,
    &baton__announcement__descriptor,
    &baton__delivery_lane__descriptor,
    &baton__device_push__descriptor,
    &baton__push_key__descriptor,
    &baton__mail_password__descriptor,
    &baton__webhook_secret__descriptor,
    &baton__mailbox_state__descriptor,
    &baton__mailboxes__descriptor,
    &baton__password__descriptor,
    &baton__territory_model_timer__descriptor,
    &baton__territory_move__descriptor,
    &baton__pool_version__descriptor,
    &baton__score_cells__descriptor,
    &baton__score_outcome__descriptor,
    &baton__teaching_place__descriptor,
    &baton__decision_place__descriptor,
    &baton__policy_in_force__descriptor,
    &baton__acknowledged_address__descriptor,
    &baton__acknowledged_count__descriptor,
    &baton__skipped_rule__descriptor,
    &baton__waiting_lead__descriptor,
    &baton__policy_shadow__descriptor,
    &baton__contact_key__descriptor,
    &baton__contact_import_change__descriptor,
    &baton__agenda_entry__descriptor,
    &baton__placing__descriptor,
    &baton__mend_place__descriptor,
    &baton__quality_day__descriptor,
    &baton__quality_sweep__descriptor,
    &baton__searched_fields__descriptor,
    &baton__place_at__descriptor,
    &baton__account_at__descriptor,
    &baton__duplicate_rank__descriptor,
    &baton__named_inside__descriptor,
    &baton__quota_version__descriptor,
    &baton__forecast_level__descriptor,
    &baton__forecast_item__descriptor,
    &baton__forecast_spell__descriptor,
    &baton__forecast_outcome__descriptor,
    &baton__forecast_amount__descriptor,
    &baton__forecast_place__descriptor,
    &baton__analysis_sum__descriptor,
    &baton__analysis_item__descriptor,
    &baton__analysis_activity__descriptor,
    &baton__analysis_lead__descriptor,
    &baton__adoption_week__descriptor,
    &baton__adoption_rule__descriptor,
    &baton__board_card__descriptor,
    &baton__board_sum__descriptor,
    &baton__stage_retirement__descriptor,
    &baton__deal_clock__descriptor,
    &baton__document_asking__descriptor,
    &baton__stalled_deal__descriptor,
    &baton__clock_sweep__descriptor,
    &baton__deal_follower__descriptor,
    &baton__stage_conditions__descriptor,
    &baton__file_holder__descriptor,
    &baton__back_order__descriptor,
    &baton__erasure__descriptor,
    &baton__quote_erasure__descriptor,
};

enum {
    MESSAGES_MAX = 1024,
    SLOT_BITS = 12, /* four slots for each message at least */
    SLOTS = 1 << SLOT_BITS,
    LOAD_MEMORY_MAX = 8 << 20,
};

static const Baton__FieldRules no_rules = BATON__FIELD_RULES__INIT;
static struct schema_loaded loaded;
static const struct schema_message *slots[SLOTS]; /* by descriptor, open addressing */

extern const uint8_t schema_binpb[], schema_binpb_end[];

void schema_broken(const char *name, const char *what)
{
    fprintf(stderr, "schema: %s: %s\n", name, what);
    assert(!"the schema keeps its own rules");
}

static size_t slot_of(const ProtobufCMessageDescriptor *pb)
{
    return (size_t)((uint64_t)(uintptr_t)pb * 0x9E3779B97F4A7C15u >> (64 - SLOT_BITS));
}

/* --- collecting the descriptors --- */

struct collection {
    const ProtobufCMessageDescriptor *list[MESSAGES_MAX];
    size_t n;
};

static void collect(struct collection *c, const ProtobufCMessageDescriptor *pb)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->list[i] == pb)
            return;
    assert(c->n < MESSAGES_MAX);
    c->list[c->n++] = pb;
    for (unsigned i = 0; i < pb->n_fields; i++)
        if (pb->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            collect(c, pb->fields[i].descriptor);
}

static void collect_all(struct collection *c)
{
    for (size_t s = 0; s < sizeof services / sizeof *services; s++)
        for (unsigned i = 0; i < services[s]->n_methods; i++) {
            collect(c, services[s]->methods[i].input);
            collect(c, services[s]->methods[i].output);
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        collect(c, others[i]);
}

static int by_full_name(const void *a, const void *b)
{
    const ProtobufCMessageDescriptor *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void add_to_slots(const struct schema_message *m)
{
    size_t i = slot_of(m->pb);
    while (slots[i] != NULL)
        i = (i + 1) % SLOTS;
    slots[i] = m;
}

/* What protobuf-c knows of a field; the rest comes from the descriptor set. */
static void start_field(struct schema_message *m, struct schema_field *f, const ProtobufCFieldDescriptor *pb)
{
    f->pb = pb;
    f->rules = &no_rules;
    if (pb->type == PROTOBUF_C_TYPE_MESSAGE)
        f->message = schema_message(pb->descriptor);
    if (pb->label == PROTOBUF_C_LABEL_REQUIRED || pb->default_value != NULL)
        schema_broken(m->pb->name, "has a required field or one with a default value; neither is used here");
    if (pb->type == PROTOBUF_C_TYPE_FLOAT || pb->type == PROTOBUF_C_TYPE_DOUBLE)
        schema_broken(m->pb->name, "has a floating-point field; use whole numbers of a small unit");
}

static void start_messages(void)
{
    struct collection all = {.n = 0};
    collect_all(&all);
    qsort(all.list, all.n, sizeof *all.list, by_full_name);
    loaded.messages = ARENA_ARRAY(loaded.memory, struct schema_message, all.n);
    loaded.n_messages = all.n;
    for (size_t i = 0; i < all.n; i++) {
        loaded.messages[i].pb = all.list[i];
        add_to_slots(&loaded.messages[i]);
    }
    for (size_t i = 0; i < all.n; i++) {
        struct schema_message *m = &loaded.messages[i];
        struct schema_field *fields = ARENA_ARRAY(loaded.memory, struct schema_field, m->pb->n_fields);
        if (m->pb->n_fields > SCHEMA_FIELDS_MAX)
            schema_broken(m->pb->name, "has more fields than SCHEMA_FIELDS_MAX");
        m->fields = fields;
        for (unsigned k = 0; k < m->pb->n_fields; k++)
            start_field(m, &fields[k], &m->pb->fields[k]);
    }
}

static int by_method_name(const void *a, const void *b)
{
    const struct schema_method *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void start_methods(void)
{
    size_t n = 0;
    for (size_t s = 0; s < sizeof services / sizeof *services; s++)
        n += services[s]->n_methods;
    loaded.methods = ARENA_ARRAY(loaded.memory, struct schema_method, n);
    for (size_t s = 0; s < sizeof services / sizeof *services; s++)
        for (unsigned i = 0; i < services[s]->n_methods; i++) {
            const ProtobufCMethodDescriptor *pb = &services[s]->methods[i];
            loaded.methods[loaded.n_methods++] = (struct schema_method){
                .name = arena_printf(loaded.memory, "%s/%s", services[s]->short_name, pb->name),
                .service = services[s]->short_name,
                .input = schema_message(pb->input),
                .output = schema_message(pb->output),
            };
        }
    qsort(loaded.methods, n, sizeof *loaded.methods, by_method_name);
}

/* --- what holds of every message --- */

/* A time's range, which its .proto says only in words: years 1 to 9999. */
static const struct {
    const char *field;
    int64_t min, max;
} time_ranges[] = {
    {"seconds", -62135596800, 253402300799},
    {"nanos", 0, 999999999},
};

static void set_time_ranges(void)
{
    const struct schema_message *m = schema_message(&google__protobuf__timestamp__descriptor);
    for (size_t i = 0; i < sizeof time_ranges / sizeof *time_ranges; i++) {
        struct schema_field *f = (struct schema_field *)schema_field(m, time_ranges[i].field);
        Baton__FieldRules *rules = ARENA_NEW(loaded.memory, Baton__FieldRules);
        *rules = *f->rules;
        rules->has_min = rules->has_max = true;
        rules->min = time_ranges[i].min;
        rules->max = time_ranges[i].max;
        f->rules = rules;
    }
}

static void add_subject(struct schema_message *m, const struct schema_field *f)
{
    uint32_t rank = f->rules->subject;
    if (rank == 0)
        return;
    if (rank > SCHEMA_SUBJECTS_MAX || m->subjects[rank - 1] != NULL || schema_is_repeated(f) ||
        (f->pb->type != PROTOBUF_C_TYPE_STRING && f->message == NULL) || f->rules->personal)
        schema_broken(m->pb->name, "says whose it is otherwise than by one text or message of each rank");
    m->subjects[rank - 1] = f;
}

/* Finds what is secret or personal below, and with it messages that contain themselves: nothing could bound
   their depth. */
static void find_below(struct schema_message *m, unsigned depth)
{
    if (depth > SCHEMA_DEPTH_MAX)
        schema_broken(m->pb->name, "contains itself, or is deeper than SCHEMA_DEPTH_MAX");
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (f->message != NULL)
            find_below((struct schema_message *)f->message, depth + 1);
        m->has_secret |= f->rules->secret || (f->message != NULL && f->message->has_secret);
        m->has_personal |= f->rules->personal || (f->message != NULL && f->message->has_personal);
    }
}

static void check_record(const struct schema_message *m)
{
    const struct schema_field *id = schema_field(m, "id"), *revision = schema_field(m, "revision");
    if (id == NULL || id->pb->type != PROTOBUF_C_TYPE_STRING)
        schema_broken(m->pb->name, "is a record without a text `id`");
    if (revision == NULL || revision->pb->type != PROTOBUF_C_TYPE_UINT64)
        schema_broken(m->pb->name, "is a record without a uint64 `revision`");
    if (m->record->service == NULL)
        schema_broken(m->pb->name, "is a record of no service");
}

static void finish_messages(void)
{
    set_time_ranges();
    for (size_t i = 0; i < loaded.n_messages; i++) {
        struct schema_message *m = &loaded.messages[i];
        find_below(m, 1);
        for (unsigned k = 0; k < m->pb->n_fields; k++)
            add_subject(m, &m->fields[k]);
        if (m->record != NULL)
            check_record(m);
    }
}

/* --- the header's functions --- */

static int name_to_message(const void *key, const void *item)
{
    return strcmp(key, ((const struct schema_message *)item)->pb->name);
}

static int name_to_method(const void *key, const void *item)
{
    return strcmp(key, ((const struct schema_method *)item)->name);
}

const struct schema_message *schema_message(const ProtobufCMessageDescriptor *pb)
{
    for (size_t i = slot_of(pb);; i = (i + 1) % SLOTS) {
        assert(slots[i] != NULL);
        if (slots[i]->pb == pb)
            return slots[i];
    }
}

const struct schema_message *schema_message_named(const char *full_name)
{
    return bsearch(full_name, loaded.messages, loaded.n_messages, sizeof *loaded.messages, name_to_message);
}

const struct schema_field *schema_field(const struct schema_message *m, const char *name)
{
    const ProtobufCFieldDescriptor *pb = protobuf_c_message_descriptor_get_field_by_name(m->pb, name);
    return pb != NULL ? &m->fields[pb - m->pb->fields] : NULL;
}

const struct schema_method *schema_method(const char *name)
{
    return bsearch(name, loaded.methods, loaded.n_methods, sizeof *loaded.methods, name_to_method);
}

const struct schema_method *schema_methods(size_t *n)
{
    *n = loaded.n_methods;
    return loaded.methods;
}

struct bytes schema_descriptor_set(void)
{
    return bytes_of(schema_binpb, (size_t)(schema_binpb_end - schema_binpb));
}

void schema_load(void)
{
    if (loaded.memory != NULL)
        return;
    loaded.memory = arena_new(LOAD_MEMORY_MAX);
    start_messages();
    start_methods();
    schema_load_options(&loaded, schema_descriptor_set());
    finish_messages();
}
