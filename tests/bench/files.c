/* upload, download and preview: files of 1 MiB, 100 MiB and 2 GiB into Baton and out of it over HTTP, beside
   the same bytes copied, read again for their hash, and synced, in a plain program on the same disk. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "bench.h"
#include "files_pdf.h"

enum {
    BLOCK = 256 << 10,
    HEAD_MAX = 16 << 10,
    PATH_SIZE = 512,
    MANY = 200,
    PEOPLE = 4, /* nobody may have more than 64 uploads under way */
    PREVIEWS = 20,
    PAGES = 20,
    IMAGE_LEAST = 8 << 10, /* of a page that something stands on */
    ARENA_MAX = 1 << 20,
};

struct place {
    unsigned short port;
    const char *token, *folder;
};

static const struct size_row {
    const char *name;
    uint64_t mib;
    unsigned times;
} sizes[] = {{"1MiB", 1, 21}, {"100MiB", 100, 5}, {"2GiB", 2048, 1}};

/* --- plain files --- */

static int open_file(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        drive_die("cannot open %s: %s", path, strerror(errno));
    return fd;
}

static void write_all(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n <= 0)
            drive_die("cannot write: %s", strerror(errno));
        data += n;
        size -= (size_t)n;
    }
}

static void sync_close(int fd)
{
    if (fsync(fd) != 0 || close(fd) != 0)
        drive_die("cannot sync: %s", strerror(errno));
}

/* By its first bytes a PDF, then what nobody can make smaller; another one each time. */
static void make(const char *path, uint64_t size)
{
    static uint64_t state = 88172645463325252u;
    uint64_t *block = malloc(BLOCK);
    int fd = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
    for (uint64_t done = 0; block && done < size; done += BLOCK) {
        for (size_t i = 0; i < BLOCK / sizeof *block; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            block[i] = state ^= state << 17;
        }
        if (done == 0)
            memcpy(block, "%PDF-1.4\n", 9);
        write_all(fd, (const uint8_t *)block, size - done < BLOCK ? (size_t)(size - done) : BLOCK);
    }
    free(block);
    sync_close(fd); /* so that nothing of it is written while others are measured */
}

static void hash_file(const char *path, char text[HASH_TEXT_SIZE])
{
    uint8_t hash[HASH_SIZE], *block = malloc(BLOCK);
    struct hash_stream *h = hash_new();
    int fd = open_file(path, O_RDONLY);
    for (ssize_t n; block && (n = read(fd, block, BLOCK)) > 0;)
        hash_add(h, bytes_of(block, (size_t)n));
    hash_end(h, hash);
    hex_encode(text, hash, sizeof hash);
    close(fd);
    free(block);
}

/* What anybody could do with it: copied, read again for its hash, synced. */
static int64_t copy_us(const char *from, const char *to)
{
    char hash[HASH_TEXT_SIZE];
    int64_t begin = drive_now_us();
    int in = open_file(from, O_RDONLY), out = open_file(to, O_RDWR | O_CREAT | O_TRUNC);
    for (ssize_t n; (n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0)) != 0;)
        if (n < 0)
            drive_die("cannot copy: %s", strerror(errno));
    hash_file(to, hash);
    sync_close(out);
    close(in);
    int64_t us = drive_now_us() - begin;
    (void)unlink(to); /* it is only in the way */
    return us;
}

/* --- over HTTP --- */

static int ask(const struct place *p, const char *head)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(p->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        drive_die("cannot connect: %s", strerror(errno));
    write_all(fd, (const uint8_t *)head, strlen(head));
    return fd;
}

/* The head of the answer; what came behind it is `*rest` bytes at the returned place. */
static const char *answer(int fd, char *text, const char *status, size_t *rest)
{
    size_t n = 0;
    const char *end = NULL;
    for (ssize_t got; !end && n < HEAD_MAX && (got = recv(fd, text + n, HEAD_MAX - n, 0)) > 0;) {
        n += (size_t)got;
        text[n] = '\0';
        end = strstr(text, "\r\n\r\n");
    }
    if (!end || strncmp(text + strlen("HTTP/1.1 "), status, strlen(status)) != 0)
        drive_die("the gateway answers: %s", n ? text : "nothing");
    *rest = n - (size_t)(end + 4 - text);
    return end + 4;
}

static int64_t upload_us(const struct place *p, const char *path)
{
    char text[HEAD_MAX + 1];
    struct stat st;
    size_t rest;
    int64_t begin = drive_now_us();
    int file = open_file(path, O_RDONLY);
    if (fstat(file, &st) != 0)
        drive_die("cannot read %s", path);
    snprintf(text, sizeof text,
             "PUT /v1/files?name=bench.pdf HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\n"
             "Connection: close\r\nContent-Length: %lld\r\n\r\n",
             p->token, (long long)st.st_size);
    int fd = ask(p, text);
    for (off_t at = 0; at < st.st_size;)
        if (sendfile(fd, file, &at, (size_t)(st.st_size - at)) <= 0)
            drive_die("the upload was broken off");
    (void)answer(fd, text, "201", &rest);
    close(file);
    close(fd);
    return drive_now_us() - begin;
}

/* To a file, hashed on the way, synced; it must be what it says it is. */
static int64_t download_us(const struct place *p, const char *hash, const char *to)
{
    char text[HEAD_MAX + 1], got[HASH_TEXT_SIZE];
    uint8_t sum[HASH_SIZE], *block = malloc(BLOCK);
    struct hash_stream *h = hash_new();
    size_t n;
    int64_t begin = drive_now_us();
    int file = open_file(to, O_WRONLY | O_CREAT | O_TRUNC);
    snprintf(
        text, sizeof text,
        "GET /v1/files/%s HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n",
        hash, p->token);
    int fd = ask(p, text);
    const uint8_t *data = (const uint8_t *)answer(fd, text, "200", &n);
    for (ssize_t more = (ssize_t)n; block && more >= 0; data = block) {
        write_all(file, data, (size_t)more);
        hash_add(h, bytes_of(data, (size_t)more));
        if ((more = recv(fd, block, BLOCK, 0)) == 0)
            break;
    }
    hash_end(h, sum);
    hex_encode(got, sum, sizeof sum);
    sync_close(file);
    close(fd);
    free(block);
    int64_t us = drive_now_us() - begin;
    if (strcmp(got, hash) != 0)
        drive_die("what was downloaded is not what was uploaded");
    (void)unlink(to); /* it is only in the way */
    return us;
}

/* --- memory --- */

/* What a service of the deployment has resident, in MiB. */
static double resident(pid_t up, const char *comm)
{
    char path[PATH_SIZE], name[64] = "";
    int pid;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", up, up);
    FILE *all = fopen(path, "re");
    double kib = 0;
    while (all && fscanf(all, "%d", &pid) == 1) {
        snprintf(path, sizeof path, "/proc/%d/comm", pid);
        FILE *f = fopen(path, "re");
        if (f && fscanf(f, "%63s", name) == 1 && strcmp(name, comm) == 0)
            kib = drive_memory_kib(pid, "status", "VmHWM:");
        if (f)
            (void)fclose(f); /* only read */
    }
    if (all)
        (void)fclose(all); /* only read */
    if (kib == 0)
        drive_die("there is no %s", comm);
    return kib / 1024;
}

static double memory(const struct deployment *d, const char *after)
{
    double gateway = resident(d->pid, "baton-gateway"), documents = resident(d->pid, "baton-documents");
    bench_remark(
        "files: after those of %s the gateway has taken at most %.0f MiB, the documents service %.0f MiB",
        after, gateway, documents);
    return gateway + documents;
}

/* --- one after the other --- */

static double per_second(struct samples *s, uint64_t mib)
{
    double rate = (double)mib * 1000 / samples_ms(s, 0.5);
    samples_release(s);
    return rate;
}

static void one_size(const struct place *p, const struct size_row *row)
{
    struct samples up = {0}, down = {0}, plain = {0};
    char from[PATH_SIZE], to[PATH_SIZE], hash[HASH_TEXT_SIZE], name[64];
    snprintf(from, sizeof from, "%s/from", p->folder);
    snprintf(to, sizeof to, "%s/to", p->folder);
    for (unsigned i = 0; i < row->times; i++) {
        make(from, row->mib << 20);
        hash_file(from, hash);
        samples_add(&plain, copy_us(from, to));
        samples_add(&up, upload_us(p, from));
        samples_add(&down, download_us(p, hash, to));
    }
    (void)unlink(from); /* it is only in the way */
    double peer = per_second(&plain, row->mib);
    snprintf(name, sizeof name, "upload-%s", row->name);
    bench_row(name, per_second(&up, row->mib), "MiB/s", peer);
    snprintf(name, sizeof name, "download-%s", row->name);
    bench_row(name, per_second(&down, row->mib), "MiB/s", peer);
}

/* --- two hundred at once --- */

struct one {
    struct place place;
    char path[PATH_SIZE];
};

static void *upload_one(void *arg)
{
    const struct one *o = arg;
    (void)upload_us(&o->place, o->path);
    return NULL;
}

static void many(const struct place *p, const char *data)
{
    struct bus b = bus_open(data);
    static struct one all[MANY];
    pthread_t threads[MANY];
    char id[IDENT_TEXT_SIZE], to[PATH_SIZE], *tokens[PEOPLE];
    struct arena *a = arena_new(ARENA_MAX);
    int64_t plain = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        company_user(&b, BATON__ROLE__ROLE_REP, arena_printf(a, "uploader%zu", i), id);
        tokens[i] = arena_strdup(a, company_token(&b, id));
    }
    bus_settle(&b, "documents", "directory");
    snprintf(to, sizeof to, "%s/to", p->folder);
    for (size_t i = 0; i < MANY; i++) {
        all[i].place = *p;
        all[i].place.token = tokens[i % PEOPLE];
        snprintf(all[i].path, sizeof all[i].path, "%s/%zu", p->folder, i);
        make(all[i].path, 1 << 20);
        plain += copy_us(all[i].path, to);
    }
    int64_t begin = drive_now_us();
    for (size_t i = 0; i < MANY; i++)
        if (pthread_create(&threads[i], NULL, upload_one, &all[i]) != 0)
            drive_die("there are not so many threads");
    for (size_t i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    bench_row("upload-200", MANY * 1e6 / (double)(drive_now_us() - begin), "MiB/s",
              MANY * 1e6 / (double)plain);
    for (size_t i = 0; i < MANY; i++)
        (void)unlink(all[i].path); /* it is only in the way */
    arena_free(a);
    bus_close(&b);
}

/* --- a page --- */

/* From the question to the whole image; each time of another file, so that none can be remembered. */
static void preview(const struct place *p)
{
    struct samples took = {0};
    char path[PATH_SIZE], text[HEAD_MAX + 1], hash[HASH_TEXT_SIZE], json[128];
    snprintf(path, sizeof path, "%s/pages.pdf", p->folder);
    for (unsigned i = 0; i < PREVIEWS; i++) {
        size_t seen;
        files_pdf(path, PAGES, i);
        hash_file(path, hash);
        (void)upload_us(p, path);
        int64_t begin = drive_now_us();
        int size = snprintf(json, sizeof json, "{\"hash\":\"%s\",\"page\":1}", hash);
        snprintf(
            text, sizeof text,
            "POST /baton.v1.PreviewService/GetPage HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\n"
            "Content-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
            p->token, size, json);
        int fd = ask(p, text);
        (void)answer(fd, text, "200", &seen);
        for (ssize_t n; (n = recv(fd, text, HEAD_MAX, 0)) > 0;)
            seen += (size_t)n;
        close(fd);
        samples_add(&took, drive_now_us() - begin);
        if (seen < IMAGE_LEAST)
            drive_die("there is no image of a page");
    }
    bench_remark("preview: %u files of %d pages, the slowest %.0f ms", PREVIEWS, PAGES, samples_ms(&took, 1));
    bench_row("preview", samples_ms(&took, 0.5), "ms", 1000);
    samples_release(&took);
}

int main(int argc, char **argv)
{
    const char *what = drive_option(argc, argv, "what", NULL), *data = drive_option(argc, argv, "data", NULL);
    struct deployment d = deployment_up(drive_option(argc, argv, "programs", NULL), data);
    struct place p = {.token = d.token};
    char folder[PATH_SIZE];
    double least = 0, most = 0;
    snprintf(folder, sizeof folder, "%s.files", data);
    p.folder = folder;
    if (mkdir(folder, 0700) != 0 || sscanf(d.url, "http://127.0.0.1:%hu", &p.port) != 1)
        drive_die("%s cannot be used", folder);
    if (strcmp(what, "preview") == 0) {
        preview(&p);
    } else {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            one_size(&p, &sizes[i]);
            most = memory(&d, sizes[i].name);
            least = i == 1 ? most : least;
        }
        bench_row("upload-memory", most, "MiB", least);
        many(&p, data);
        (void)memory(&d, "1 MiB, 200 at once,");
    }
    drive_end(d.pid);
    return 0;
}
