/* The directory: the organisation, its users, teams and territories, passwords, sessions and tokens.
   This header is what decisions see: facts in, events out. rows.h is what reads and writes. */
#ifndef BATON_DIRECTORY_H
#define BATON_DIRECTORY_H

#include "base/password.h"
#include "baton/v1/directory.pb-c.h"
#include "schema/decide.h"

struct service_def;
extern const struct service_def directory_service;

enum directory_table {
    DIRECTORY_ORGANISATION,
    DIRECTORY_USER,
    DIRECTORY_TEAM,
    DIRECTORY_TERRITORY,
    DIRECTORY_TERRITORY_MODEL,
    DIRECTORY_TERRITORY_MODEL_TIMER,
    DIRECTORY_PASSWORD,
    DIRECTORY_CREDENTIAL,
    DIRECTORY_GONE,
    DIRECTORY_TABLES
};

enum {
    DIRECTORY_SESSIONS_MAX = 50,     /* of a user; the oldest gives way */
    DIRECTORY_TOKENS_MAX = 100,      /* of a user */
    DIRECTORY_USES_STEP = 256,       /* credentials whose use is written at once */
    DIRECTORY_CREDENTIALS_MAX = 256, /* of a user, all kinds: more than can be */
    DIRECTORY_DEPTH_MAX = 64,        /* teams or territories above one another */
    DIRECTORY_PASSWORD_MIN = 8,      /* characters */
    DIRECTORY_PASSWORD_MAX = 1024    /* bytes */
};

#define DIRECTORY_SESSION_US (INT64_C(7) * 24 * 3600 * 1000000)

/* --- facts --- */

/* What the boot argument brings: hashes of the texts in admin.token and setup.token; "" if there is none. */
struct directory_boot {
    char admin_hash[65], setup_hash[65];
};

/* What a boot finds. */
struct directory_state {
    const Baton__Organisation *organisation; /* NULL: the very first start */
    const Baton__User *administrator;        /* the first user ever made */
    bool administrator_has_password;         /* set-up is complete */
    const Baton__User *active_admin;         /* the oldest of them */
    bool admin_token_known, setup_token_known;
};

/* One user, and what belongs to them. All NULL and false if there is no such user. */
struct directory_account {
    const Baton__User *user;
    uint64_t user_seq;
    const char *password_hash;       /* NULL: none set */
    Baton__Credential **credentials; /* oldest first */
    size_t n_credentials;
    bool other_admin;             /* somebody else is an active administrator */
    bool is_last_resort;          /* holds what nobody else can take */
    bool actor_has_token;         /* the caller came with an API token */
    const Baton__User *successor; /* of who leaves; NULL: the one named does not exist */
};

struct directory_setup {
    const Baton__Credential *credential; /* what the link's token belongs to; NULL: nothing */
    struct directory_account account;    /* whose credential it is */
    const Baton__Organisation *organisation;
    uint64_t organisation_seq;
    const char *email_owner_id; /* who has the wanted e-mail address; NULL: nobody */
};

/* What the slow part of a method does with passwords. One block of memory, so that free() frees it. */
struct directory_hashing {
    bool verify, make; /* what is to be done */
    bool verified;     /* old_password is that of `stored` */
    char stored[PASSWORD_HASH_SIZE];
    char made[PASSWORD_HASH_SIZE]; /* of new_password; "" if it could not be made */
    char old_password[DIRECTORY_PASSWORD_MAX + 1], new_password[DIRECTORY_PASSWORD_MAX + 1];
};

/* What stands above a wanted parent, the parent first. */
struct directory_chain {
    bool wanted; /* the request names a parent */
    const char *ids[DIRECTORY_DEPTH_MAX + 1];
    size_t n; /* 0: the parent does not exist */
};

struct directory_organisation_facts {
    bool wanted;                    /* the request names a last-resort holder */
    const Baton__User *last_resort; /* NULL: there is no such user */
};

struct directory_user_facts {
    const char *email_owner_id;                         /* who has the wanted e-mail address; NULL: nobody */
    const char *missing_team_id, *missing_territory_id; /* wanted but not there; NULL: all are there */
    bool other_admin;                                   /* somebody else is an active administrator */
};

struct directory_team_facts {
    const char *missing_manager_id; /* wanted, but no active user; NULL: fine */
    struct directory_chain parents;
    bool has_members, has_children;
};

struct directory_territory_facts {
    const Baton__Territory *parent; /* the one wanted; NULL: there is none, or none is wanted */
    bool model_wanted;
    const Baton__TerritoryModel *model; /* the one wanted; NULL: there is none, or none is wanted */
    struct directory_chain parents;
    bool has_users, has_children;
};

enum { DIRECTORY_COPY_STEP = 200 }; /* territories copied at once */

/* A model that is to be copied, or to become active. */
struct directory_model_facts {
    const Baton__TerritoryModel *model; /* NULL: there is none */
    uint64_t model_seq;
    const Baton__TerritoryModel *active; /* NULL: none is */
    uint64_t active_seq;
    bool name_taken;
    Baton__Territory **step; /* of copying: DIRECTORY_COPY_STEP at most */
    size_t n_step;
    char *token; /* where the step ends; NULL: at the end of all */
};

/* --- decisions --- */

decide_fn directory_decide_boot, directory_decide_expired;
decide_fn directory_decide_setup, directory_decide_sign_in, directory_decide_sign_out;
decide_fn directory_decide_uses, directory_decide_end_session;
decide_fn directory_decide_set_password, directory_decide_update_profile, directory_decide_deactivate;
decide_fn directory_decide_copy_model, directory_decide_switch_model, directory_decide_model_due;
decide_fn directory_decide_create_token, directory_decide_revoke_token;
record_check_fn directory_check_organisation, directory_check_user, directory_check_team,
    directory_check_territory, directory_check_model; /* of a model, extra: whether it has territories */

/* What every calendar must say: a known time zone, hours that start before they end, holidays that are days.
 */
bool directory_check_zone(const char *zone, struct refusal *no);
bool directory_check_hours(Baton__WorkingInterval *const *hours, size_t n, struct refusal *no);
bool directory_check_holidays(Baton__Holiday *const *holidays, size_t n, struct refusal *no);
/* The parent exists, is not below the record itself (`own_id`, NULL: it is new), and the tree stays shallow
   enough to walk. */
bool directory_check_parents(const struct directory_chain *parents, const char *own_id, const char *what,
                             struct refusal *no);

/* Whether this may become a password. */
bool directory_password_check(const char *password, const char *field, struct refusal *no);
/* Whether it is among those that are tried first. */
bool directory_password_is_common(const char *password);
/* As addresses are kept and compared: without white space around, ASCII letters small. NULL if nothing is
 * left. */
char *directory_email_fold(struct arena *a, const char *email);
/* Folded and plausible, or a refusal about `email`. */
bool directory_email_check(char **email, struct arena *a, struct refusal *no);
/* Whether somebody may set this user's password, and whether they must say the old one. */
bool directory_may_administer(const Baton__Actor *actor);
bool directory_is_own(const Baton__Actor *actor, const char *user_id);
bool directory_needs_old(const Baton__Actor *actor, const struct directory_account *of);

/* A new credential as an event; the text's hash is `secret_hash`. It may be completed until the outcome is
 * used. */
Baton__Credential *directory_issue(struct stamp *s, struct outcome *out, Baton__CredentialKind kind,
                                   const char *user_id, const char *secret_hash);
void directory_revoke(struct outcome *out, const Baton__Credential *credential);
/* A session for the user; where they have too many, the oldest end. Returns its text. `user_agent`: what asks
   for it, as it calls itself; may be NULL. */
char *directory_open_session(const struct directory_account *f, const char *user_agent, struct stamp *s,
                             struct outcome *out);
/* Where the hour began that this is in: as exactly as it is written when a credential was used. */
int64_t directory_hour_us(int64_t us);

#endif
