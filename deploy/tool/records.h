/* Plain records through RecordService, and small things around requests. `type` is Record's member: "team".
 */
#ifndef BATON_TOOL_RECORDS_H
#define BATON_TOOL_RECORDS_H

#include "baton/v1/directory.pb-c.h"
#include "tool/tool.h"

struct session;

/* A fresh request id (UUIDv7), in the arena. */
char *request_id_new(struct arena *a);

/* Every record of one type, kept while a command runs. */
struct record_list {
    ProtobufCMessage **rows;
    size_t n, capacity;
};
bool records_load(struct api *api, const char *type, struct arena *a, struct record_list *list,
                  struct refusal *no);
void records_add(struct record_list *list, ProtobufCMessage *row, struct arena *a);
/* The row whose text field has this value, without regard to (Latin) case; NULL if none or the value is NULL.
 */
ProtobufCMessage *records_find(const struct record_list *list, const char *field, const char *value);

bool records_create(struct api *api, ProtobufCMessage *record, struct arena *a, ProtobufCMessage **made,
                    struct refusal *no);
bool records_update(struct api *api, ProtobufCMessage *record, struct arena *a, struct refusal *no);

/* The record that a file says as JSON; "-" is standard input. NULL: `no` says why. */
ProtobufCMessage *records_read(const char *path, const struct schema_message *type, struct arena *a,
                               struct refusal *no);
/* The record (with its id) is the whole: what it does not say becomes absent. */
bool records_replace(struct api *api, ProtobufCMessage *record, struct arena *a, struct refusal *no);

/* The whole of a set command: a file says one, which is made, or, if there is one of its name, made what it
   says. */
bool records_set(struct session *s, const char *type, const ProtobufCMessageDescriptor *of, const char *path);

/* The row of `list` whose `field` is that of `record`, or, if there is none, the record newly created (and
   added to the list). NULL: `no` says why. *made counts what was created. */
ProtobufCMessage *records_ensure(struct api *api, struct record_list *list, const char *field,
                                 ProtobufCMessage *record, struct arena *a, size_t *made, struct refusal *no);

/* The id of a user by e-mail, NULL for none. False: `no` says why. */
bool records_user_id(struct api *api, const char *email, struct arena *a, char **id, struct refusal *no);
/* A user by e-mail. NULL: `no` says why (not_found if there is none). */
Baton__User *records_user(struct api *api, const char *email, struct arena *a, struct refusal *no);
/* The name that a record goes by; its id where there is none, or the caller may not read it; "" for NULL. */
const char *records_name(struct session *s, const char *type, const char *id);
/* A team by name. */
Baton__Team *records_team(struct api *api, const char *name, struct arena *a, struct refusal *no);

/* The whole of a list command: every record of `type` as JSON, or shown by `print` beside those of another
   type that they refer to (NULL: of none). */
typedef void records_print_fn(struct tool *t, const struct record_list *list,
                              const struct record_list *beside, struct arena *a);
int records_list(struct tool *t, int argc, char **argv, const char *type, const char *beside_type,
                 records_print_fn *print);

/* The records as a JSON array. */
void records_print_json(struct tool *t, const struct record_list *list);

#endif
