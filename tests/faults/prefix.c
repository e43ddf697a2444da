/* Every state in which a crash of the machine can leave data.mdb: after each write, within each write, and
   with any of the writes since the last sync missing. Each opens, verifies, and has all that was
   acknowledged. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"
#include "services/directory/rows.h"
#include "services/leads/rows.h"
#include "services/notifications/rows.h"
#include "shim.h"
#include "store/log.h"
#include "store/table.h"

enum { LEADS = 40, LEADS_AT_ONCE = 4, SECTOR = 512, PAGE = 4096, ACKS_MAX = 1 << 12, CASES_SHORT = 150 };
enum { TEARS_LONG = 4, SUBSETS_LONG = 4, CASE_FAILED = 5, ARENA_MAX = 1 << 24 };

static const struct {
    const struct table_def *tables;
    size_t n_tables;
    bool follows[FLEET_SERVICES];
} subjects[FLEET_SERVICES] = {
    [FLEET_DIRECTORY] = {directory_tables, DIRECTORY_TABLES, {false}},
    [FLEET_LEADS] = {leads_tables, LEADS_TABLES, {[FLEET_DIRECTORY] = true}},
    [FLEET_NOTIFICATIONS] = {notifications_tables,
                             NOTIFICATIONS_TABLES,
                             {[FLEET_DIRECTORY] = true, [FLEET_LEADS] = true}},
};

/* What the driver knew at a moment: the log reached so far, or a lead was acknowledged. */
struct ack {
    uint64_t at_ns, head;
    char lead[IDENT_TEXT_SIZE]; /* "": none */
};

struct prefix {
    const struct fault_options *options;
    enum fleet_service subject;
    struct fleet fleet;
    struct ack acks[ACKS_MAX];
    size_t n_acks;
    struct bytes record;
    char folder[FAULT_DATA], file[FAULT_PATH]; /* of the case at hand, its data.mdb */
    struct buffer synced;                      /* data.mdb as it was at the last sync */
    uint64_t seed, cases, writes, syncs;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* --- recording --- */

static struct ack *ack_new(struct prefix *p)
{
    if (p->n_acks == ACKS_MAX)
        drive_die("too many answers for this test");
    struct ack *a = &p->acks[p->n_acks++];
    *a = (struct ack){.at_ns = now_ns()};
    return a;
}

static void on_acknowledged(void *arg, const struct intake_call *c)
{
    ident_format(ack_new(arg)->lead, c->lead);
}

static void note_head(struct prefix *p, struct intake *l)
{
    const Baton__ServiceStatus *s = ask_status(l, p->subject, 0);
    if (s)
        ack_new(p)->head = s->head_seq;
}

static void record(struct prefix *p)
{
    char path[FAULT_PATH];
    struct intake l;
    struct stat st;
    snprintf(path, sizeof path, "%s/%s.record", p->options->scratch, fleet_name(p->subject));
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        if (s == p->subject)
            fleet_start_with_shim(&p->fleet, s, &(struct fleet_shim){p->options->shim, NULL, path});
        else
            fleet_start(&p->fleet, s);
    intake_open(&l, &p->fleet);
    l.arg = p;
    l.on_acknowledged = p->subject == FLEET_LEADS ? on_acknowledged : NULL;
    for (unsigned i = 0; i < LEADS / LEADS_AT_ONCE; i++) {
        intake_add(&l, LEADS_AT_ONCE);
        intake_finish(&l);
        if (!ask_user(&l, i, INT64_MAX / 2))
            drive_die("no answer");
        note_head(p, &l);
    }
    ask_settle(&l);
    note_head(p, &l);
    fleet_stop_all(&p->fleet);
    intake_close(&l);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
        drive_die("there is no record in %s", path);
    p->record.size = (size_t)st.st_size;
    p->record.data = mmap(NULL, p->record.size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p->record.data == MAP_FAILED)
        drive_die("no memory");
}

/* --- one case --- */

static const char *lacks(const struct prefix *p, struct store *s, struct txn *t, uint64_t at_ns)
{
    struct arena *a = arena_new(ARENA_MAX);
    for (size_t i = 0; i < p->n_acks && p->acks[i].at_ns < at_ns; i++) {
        if (p->acks[i].head > log_head(s).seq)
            return "its log is shorter than what was acknowledged";
        if (p->acks[i].lead[0] && !table_get_id(t, LEADS_LEAD, p->acks[i].lead, a))
            return "a lead that was acknowledged is missing";
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

/* In a process of its own: opens as the service does, then becomes `baton verify`. */
static void look_at(const struct prefix *p, uint64_t at_ns)
{
    char program[FAULT_PATH], dir[FAULT_PATH];
    snprintf(program, sizeof program, "%s/baton", p->options->programs);
    snprintf(dir, sizeof dir, "%s/%s", p->folder, fleet_name(p->subject));
    struct store *s = store_open(&(struct store_options){
        .dir = dir, .tables = subjects[p->subject].tables, .n_tables = subjects[p->subject].n_tables});
    struct txn *t = s ? store_begin(s, false) : NULL;
    const char *wrong = t ? lacks(p, s, t, at_ns) : "it does not open";
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    if (t)
        store_abort(t);
    store_close(s);
    if (!wrong)
        (void)execl(program, program, "verify", "--data", p->folder,
                    (char *)NULL); /* comes back if it failed */
    _exit(CASE_FAILED);
}

static void write_case(const struct prefix *p, struct bytes image)
{
    int fd = open(p->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, image.data, image.size) != (ssize_t)image.size)
        drive_die("cannot write %s", p->file);
    close(fd);
}

static int outcome_of(const struct prefix *p, uint64_t at_ns)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int log = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (log < 0 || dup2(log, STDOUT_FILENO) < 0)
            _exit(CASE_FAILED);
        look_at(p, at_ns);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        drive_die("cannot start a process");
    return status;
}

static void one_case(struct prefix *p, struct bytes image, uint64_t at_ns, const char *what, uint64_t k)
{
    write_case(p, image);
    int status = outcome_of(p, at_ns);
    p->cases++;
    if (status != 0) {
        write_case(p, image);
        drive_die("%s, %s of write %" PRIu64 " (seed %" PRIu64 "): status %d; the file is %s",
                  fleet_name(p->subject), what, k, p->options->seed, status, p->file);
    }
}

/* --- all cases --- */

static void put(struct buffer *image, uint64_t offset, struct bytes data)
{
    uint64_t end = offset + data.size;
    if (end > image->size) {
        uint8_t *room = buffer_room(image, end - image->size);
        if (!room)
            drive_die("the record is too large");
        memset(room, 0, end - image->size);
        image->size = end;
    }
    memcpy(image->data + offset, data.data, data.size);
}

struct write {
    struct shim_entry entry;
    struct bytes data;
};

/* The writes since the last sync, the newest last. */
struct pending {
    struct write all[1024];
    size_t n;
};

static void start_from_synced(struct prefix *p, struct buffer *image)
{
    buffer_clear(image);
    (void)buffer_add(image, p->synced.data, p->synced.size); /* the same limit */
}

static void put_write(struct buffer *image, const struct write *w, size_t size)
{
    put(image, w->entry.offset, bytes_of(w->data.data, size));
}

/* The last write up to `size` bytes, those before it whole. */
static void torn(struct prefix *p, const struct pending *w, struct buffer *image, size_t size)
{
    start_from_synced(p, image);
    for (size_t i = 0; i < w->n; i++)
        put_write(image, &w->all[i], i + 1 == w->n ? size : w->all[i].data.size);
    one_case(p, buffer_bytes(image), w->all[w->n - 1].entry.begin_ns, "a part", p->writes);
}

/* Any of them, in any state the disk can have them in: whole, missing, or up to some sector. */
static void scattered(struct prefix *p, const struct pending *w, struct buffer *image)
{
    start_from_synced(p, image);
    for (size_t i = 0; i < w->n; i++) {
        size_t size = w->all[i].data.size, sectors = size / SECTOR;
        uint64_t how = fault_draw(&p->seed, 3);
        if (how == 1 && sectors > 0)
            size = SECTOR * (size_t)fault_draw(&p->seed, sectors + 1);
        if (how != 2)
            put_write(image, &w->all[i], size);
    }
    one_case(p, buffer_bytes(image), w->all[w->n - 1].entry.begin_ns, "a selection up to", p->writes);
}

static bool is_chosen(struct prefix *p, uint64_t all_writes)
{
    return p->options->is_long || fault_draw(&p->seed, all_writes) < CASES_SHORT / 3;
}

static void cases_of_write(struct prefix *p, const struct pending *w, struct buffer *image, uint64_t all)
{
    size_t size = w->all[w->n - 1].data.size, sectors = size / SECTOR;
    if (is_chosen(p, all))
        torn(p, w, image, 0);
    /* Never within a sector: disks do not do that. A meta page is written in less than one. */
    for (int i = 0; sectors > 1 && i < TEARS_LONG; i++)
        if (is_chosen(p, all * TEARS_LONG))
            torn(p, w, image, SECTOR * (1 + (size_t)fault_draw(&p->seed, sectors - 1)));
    for (size_t at = PAGE; at < size; at += PAGE)
        if (is_chosen(p, all * 4))
            torn(p, w, image, at);
    for (int i = 0; i < SUBSETS_LONG; i++)
        if (is_chosen(p, all * SUBSETS_LONG))
            scattered(p, w, image);
}

/* Takes the entry at `*at`; false at the end. */
static bool next_entry(const struct prefix *p, size_t *at, struct write *w)
{
    if (*at == p->record.size)
        return false;
    memcpy(&w->entry, p->record.data + *at, sizeof w->entry);
    w->data = bytes_of(p->record.data + *at + sizeof w->entry, w->entry.size);
    *at += sizeof w->entry + w->entry.size;
    if (*at > p->record.size)
        drive_die("the record ends within an entry");
    return true;
}

static uint64_t count_writes(const struct prefix *p)
{
    struct write w;
    uint64_t n = 0;
    for (size_t at = 0; next_entry(p, &at, &w);)
        n += w.entry.kind == SHIM_ENTRY_WRITE;
    return n;
}

static void all_cases(struct prefix *p)
{
    enum { IMAGE_MAX = 64 << 20 };
    struct pending *w = calloc(1, sizeof *w);
    struct buffer image;
    struct write next;
    uint64_t all = count_writes(p);
    buffer_init(&p->synced, IMAGE_MAX);
    buffer_init(&image, IMAGE_MAX);
    for (size_t at = 0; next_entry(p, &at, &next);) {
        if (next.entry.kind == SHIM_ENTRY_WRITE) {
            if (w->n == sizeof w->all / sizeof *w->all)
                drive_die("too many writes without a sync");
            w->all[w->n++] = next;
            p->writes++;
            cases_of_write(p, w, &image, all);
            continue;
        }
        for (size_t i = 0; i < w->n; i++)
            put_write(&p->synced, &w->all[i], w->all[i].data.size);
        w->n = 0;
        p->syncs++;
    }
    one_case(p, buffer_bytes(&p->synced), UINT64_MAX, "the end", p->writes);
    buffer_release(&p->synced);
    buffer_release(&image);
    free(w);
}

static void make_folder(struct prefix *p)
{
    char from[FAULT_PATH], to[FAULT_PATH];
    snprintf(p->folder, sizeof p->folder, "%s/case-%s", p->options->scratch, fleet_name(p->subject));
    snprintf(to, sizeof to, "%s/%s", p->folder, fleet_name(p->subject));
    snprintf(p->file, sizeof p->file, "%s/%s/data.mdb", p->folder, fleet_name(p->subject));
    if (mkdir(p->folder, 0700) != 0 || mkdir(to, 0700) != 0)
        drive_die("cannot make %s", to);
    for (unsigned s = 0; s < FLEET_SERVICES; s++) {
        snprintf(from, sizeof from, "%s/%s", p->fleet.data, fleet_name(s));
        snprintf(to, sizeof to, "%s/%s", p->folder, fleet_name(s));
        if (subjects[p->subject].follows[s] && symlink(from, to) != 0)
            drive_die("cannot make %s", to);
    }
}

int fault_prefix(const struct fault_options *o)
{
    for (unsigned s = 0; s < FLEET_SERVICES; s++) {
        struct prefix *p = calloc(1, sizeof *p);
        char name[32];
        p->options = o;
        p->subject = s;
        p->seed = o->seed + s;
        snprintf(name, sizeof name, "prefix-%s", fleet_name(s));
        fleet_init(&p->fleet, o, name);
        record(p);
        make_folder(p);
        all_cases(p);
        fault_say("prefix: %s, %" PRIu64 " writes, %" PRIu64 " syncs, %zu answers; %" PRIu64
                  " states of the file, all of them good",
                  fleet_name(s), p->writes, p->syncs, p->n_acks, p->cases);
        munmap((void *)(uintptr_t)p->record.data, p->record.size);
        free(p);
    }
    return 0;
}
