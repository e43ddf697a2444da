/* A backup: a folder with a store for each service, the deployment's files, and a manifest that is written
   last.

   BACKUP/SERVICE/data.mdb, BACKUP/SERVICE/files/..., BACKUP/SERVICE/files.txt, BACKUP/admin.token, ...,
   BACKUP/backup.json. Without manifest it is none. */
#ifndef BATON_TOOL_BACKUP_H
#define BATON_TOOL_BACKUP_H

#include "base/hash.h"
#include "base/rfc3339.h"
#include "store/log.h"
#include "tool/deployment.h"
#include "tool/output.h"

enum { BACKUP_NAME_SIZE = 32, BACKUP_LOG_ID_SIZE = 2 * LOG_ID_SIZE + 1 };

struct backup_file {
    char name[BACKUP_NAME_SIZE]; /* of the service, or of the file */
    uint64_t size;
    char hash[HASH_TEXT_SIZE]; /* BLAKE2b-256 of its bytes */
};

struct backup_service {
    struct backup_file file;
    char log_id[BACKUP_LOG_ID_SIZE];
    uint64_t head_seq;
    char chain_hash[HASH_TEXT_SIZE];   /* of the newest record */
    char content_hash[HASH_TEXT_SIZE]; /* over all rows of all tables */
    struct backup_file stored;         /* the list of its files; hash "": it keeps none */
    uint64_t n_stored, stored_bytes;
};

struct backup {
    char version[32], made_at[RFC3339_SIZE];
    struct backup_service services[DEPLOYMENT_SERVICES];
    struct backup_file files[DEPLOYMENT_FILES];
    unsigned n_services, n_files;
};

/* --- the manifest (backup_manifest.c); false: said on standard error --- */

bool backup_write(const struct backup *b, const char *dir);
bool backup_read(struct backup *b, const char *dir);
uint64_t backup_bytes(const struct backup *b);

/* --- files (backup_file.c); false: said on standard error --- */

/* "%s/%s" or, with `file`, "%s/%s/%s"; false: too long. */
bool backup_path(char out[PATH_MAX], const char *dir, const char *name, const char *file);
bool backup_folder_make(const char *path); /* mode 0700; there may be one already */
bool backup_folder_sync(const char *path);
bool backup_folder_sync_above(const char *path); /* where its own entry is */
bool backup_rename(const char *from, const char *to);

/* Bytes on their way into a file, counted and hashed. */
struct backup_sink {
    int fd; /* -1: they are only hashed */
    const char *path;
    struct hash_stream *hash;
    uint64_t size;
    struct progress *progress;
    uint64_t *done;
};
/* A new file, mode 0600; `path` NULL: none. */
bool backup_sink_open(struct backup_sink *s, const char *path, struct progress *p, uint64_t *done);
bool backup_sink_add(void *sink, struct bytes piece);
/* On the disk, if all went well until now; fills size and hash. */
bool backup_sink_end(struct backup_sink *s, bool good, struct backup_file *f);
/* A whole file into another, or only its hash. */
bool backup_copy(const char *from, const char *to, struct progress *p, uint64_t *done, struct backup_file *f);

/* --- files that a service keeps (backup_stored.c); false: said on standard error --- */

/* All that are named, each of them hashed on the way. */
struct stored {
    const char *from, *service;  /* FROM/SERVICE/files */
    const char *to, *service_to; /* `to` NULL: they are only looked at */
    struct progress *progress;
    uint64_t *done;
    uint64_t n, bytes; /* so many were */
};
/* Those that the rows know; makes the list of them. */
bool stored_take(struct stored *s, struct store *rows, struct backup_file *list);
/* Those of the list. */
bool stored_carry(struct stored *s, const struct backup_file *list);

#endif
