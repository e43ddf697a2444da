/* backup.json: what is in a backup, and how to tell that it is still that. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/backup.h"

enum { FORMAT = 1 };
static const char NAME[] = "backup.json", FRESH[] = "backup.json.new";

static json_t *service_json(const struct backup_service *s)
{
    json_t *json =
        json_pack("{s:s, s:s, s:I, s:s, s:s, s:I, s:s, s:s}", "name", s->file.name, "file", "data.mdb",
                  "bytes", (json_int_t)s->file.size, "hash", s->file.hash, "log_id", s->log_id, "head_seq",
                  (json_int_t)s->head_seq, "chain_hash", s->chain_hash, "content_hash", s->content_hash);
    if (s->stored.hash[0])
        json_object_set_new(json, "stored",
                            json_pack("{s:s, s:I, s:I}", "hash", s->stored.hash, "files",
                                      (json_int_t)s->n_stored, "bytes", (json_int_t)s->stored_bytes));
    return json;
}

static char *manifest_text(const struct backup *b)
{
    json_t *services = json_array(), *files = json_array();
    for (unsigned i = 0; i < b->n_services; i++)
        json_array_append_new(services, service_json(&b->services[i]));
    for (unsigned i = 0; i < b->n_files; i++)
        json_array_append_new(files, json_pack("{s:s, s:I, s:s}", "name", b->files[i].name, "bytes",
                                               (json_int_t)b->files[i].size, "hash", b->files[i].hash));
    json_t *all = json_pack("{s:i, s:s, s:s, s:o, s:o}", "format", FORMAT, "baton", b->version, "made_at",
                            b->made_at, "services", services, "files", files);
    char *text = json_dumps(all, JSON_INDENT(2));
    json_decref(all);
    return text;
}

bool backup_write(const struct backup *b, const char *dir)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    struct backup_sink s;
    struct progress quiet = {.quiet = true};
    struct backup_file unused;
    uint64_t done = 0;
    char *text = manifest_text(b);
    bool good = text != NULL && backup_path(path, dir, NAME, NULL) && backup_path(fresh, dir, FRESH, NULL) &&
                backup_sink_open(&s, fresh, &quiet, &done);
    if (good)
        good = backup_sink_end(
            &s, backup_sink_add(&s, bytes_text(text)) && backup_sink_add(&s, bytes_text("\n")), &unused);
    free(text);
    return good && backup_folder_sync(dir) && backup_rename(fresh, path) && backup_folder_sync(dir);
}

/* Text of a member into `out`; false if it is not there or does not fit. */
static bool take(const json_t *from, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(from, name));
    if (text == NULL || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool take_number(const json_t *from, const char *name, uint64_t *out)
{
    const json_t *number = json_object_get(from, name);
    *out = (uint64_t)json_integer_value(number);
    return json_is_integer(number) && json_integer_value(number) >= 0;
}

static bool take_hash(const json_t *from, const char *name, char out[HASH_TEXT_SIZE])
{
    uint8_t bytes[HASH_SIZE];
    return take(from, name, out, HASH_TEXT_SIZE) && hex_decode(bytes, sizeof bytes, out);
}

static bool take_file(const json_t *from, struct backup_file *f)
{
    return take(from, "name", f->name, sizeof f->name) && take_number(from, "bytes", &f->size) &&
           take_hash(from, "hash", f->hash);
}

static bool take_stored(const json_t *from, struct backup_service *s)
{
    return from == NULL ||
           (take_hash(from, "hash", s->stored.hash) && take_number(from, "files", &s->n_stored) &&
            take_number(from, "bytes", &s->stored_bytes));
}

static bool take_service(const json_t *from, struct backup_service *s)
{
    return take_stored(json_object_get(from, "stored"), s) && take_file(from, &s->file) &&
           deployment_service(s->file.name) != NULL && take(from, "log_id", s->log_id, sizeof s->log_id) &&
           take_number(from, "head_seq", &s->head_seq) && take_hash(from, "chain_hash", s->chain_hash) &&
           take_hash(from, "content_hash", s->content_hash);
}

/* Names that are not of a deployment are no paths of ours. */
static bool take_all(const json_t *from, struct backup *b)
{
    const json_t *services = json_object_get(from, "services"), *files = json_object_get(from, "files");
    bool good = json_integer_value(json_object_get(from, "format")) == FORMAT &&
                take(from, "baton", b->version, sizeof b->version) &&
                take(from, "made_at", b->made_at, sizeof b->made_at) && json_array_size(services) > 0 &&
                json_array_size(services) <= DEPLOYMENT_SERVICES &&
                json_array_size(files) <= DEPLOYMENT_FILES;
    for (size_t i = 0; good && i < json_array_size(services); i++)
        good = take_service(json_array_get(services, i), &b->services[b->n_services++]);
    for (size_t i = 0; good && i < json_array_size(files); i++)
        good = take_file(json_array_get(files, i), &b->files[b->n_files]) &&
               deployment_has_file(b->files[b->n_files++].name);
    return good;
}

bool backup_read(struct backup *b, const char *dir)
{
    char path[PATH_MAX];
    json_error_t wrong;
    *b = (struct backup){0};
    if (!backup_path(path, dir, NAME, NULL))
        return false;
    if (access(path, F_OK) != 0) {
        fprintf(stderr, "error: %s is no backup: it has no %s\n", dir, NAME);
        return false;
    }
    json_t *from = json_load_file(path, JSON_REJECT_DUPLICATES, &wrong);
    bool good = from != NULL && take_all(from, b);
    json_decref(from);
    if (!good)
        fprintf(stderr, "error: %s cannot be read; this is no backup, or a damaged one\n", path);
    return good;
}

uint64_t backup_bytes(const struct backup *b)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < b->n_services; i++)
        n += b->services[i].file.size + b->services[i].stored_bytes;
    for (unsigned i = 0; i < b->n_files; i++)
        n += b->files[i].size;
    return n;
}
