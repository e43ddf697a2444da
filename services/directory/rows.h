/* What reads and writes the directory's rows: the functions behind the tables in service.c. */
#ifndef BATON_DIRECTORY_ROWS_H
#define BATON_DIRECTORY_ROWS_H

#include "service/service.h"
#include "services/directory/directory.h"

extern const struct table_def directory_tables[DIRECTORY_TABLES];

/* load.c */
load_fn directory_load_boot, directory_load_setup, directory_load_by_email, directory_load_target;
load_fn directory_load_session, directory_load_token, directory_load_own, directory_load_sessions;
/* The organisation; NULL before the first start is done. */
Baton__Organisation *directory_organisation(struct load *l);
/* The user by an address in any case. */
Baton__User *directory_user_by_email(struct load *l, const char *email);
/* An active administrator other than `except_id` (may be NULL), the oldest; NULL if there is none. */
Baton__User *directory_active_admin(struct load *l, const char *except_id);
const char *directory_password_hash(struct load *l, const char *user_id);
/* All about a user (may be NULL) and the caller. */
void directory_account_load(struct load *l, const Baton__Actor *actor, Baton__User *user,
                            struct directory_account *f);
/* Whose password the request is about: the named user's, or the caller's. May be NULL. */
const char *directory_password_target(const struct command *c);

/* load_records.c */
load_fn directory_load_organisation, directory_load_user, directory_load_team, directory_load_territory;

/* load_model.c */
load_fn directory_load_model_use, directory_load_model, directory_load_model_due;

/* load_uses.c: the service's state is what was used and is not written yet. */
void *directory_uses_new(void);
/* Somebody has come with it. */
void directory_used(struct load *l, const Baton__Credential *credential);
int64_t directory_uses_due(void *state);
load_fn directory_load_uses;
void directory_uses_written(void *state);

/* hashing.c */
extern const struct slow_part directory_slow_setup, directory_slow_sign_in, directory_slow_set_password;

/* query.c */
query_fn directory_query_me, directory_query_tokens, directory_query_sessions, directory_query_authenticate;

/* apply.c */
apply_fn directory_apply_issued, directory_apply_revoked, directory_apply_used, directory_apply_password,
    directory_apply_model;

#endif
