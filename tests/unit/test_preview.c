/* Previews: what a file is, what the sandbox keeps in, and texts. Numbers are those of kind.c and sandbox.c.
 */
#include "unit/preview.h"

#include <errno.h>
#include <time.h>

/* --- kinds --- */

static void test_extension(void **state)
{
    static const struct {
        const char *name, *extension;
    } rows[] = {
        {"a.PDF", "pdf"}, {"a.b.docx", "docx"}, {"a", ""},        {"a.", ""},          {".pdf", "pdf"},
        {"a.p/f", ""},    {"a.p\xc3\xa4", ""},  {"a.--bind", ""}, {"a.123456789", ""}, {"", ""},
    };
    char extension[KIND_EXTENSION_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kind_extension(rows[i].name, extension);
        assert_string_equal(extension, rows[i].extension);
    }
}

static void test_kinds(void **state)
{
    static const struct {
        const char *media, *extension, *kind; /* NULL: can only be downloaded */
        bool fits;
    } rows[] = {
        /* 1 */
        {"application/pdf", "pdf", "PDF document", true},
        {"application/pdf", "docx", "PDF document", false},
        {"image/png", "pdf", "PNG image", false},
        {"image/webp", "webp", "WebP image", true},
        {"text/calendar", "ics", "calendar", true},
        {"image/svg+xml", "svg", NULL, false},
        {"application/x-dosexec", "pdf", NULL, false},
        {"application/encrypted", "docx", NULL, false},
        /* 2 */
        {"application/zip", "docx", "Word document", true},
        {"application/octet-stream", "xlsx", "Excel workbook", true},
        {"application/octet-stream", "pdf", NULL, false},
        {"application/zip", "zip", NULL, false},
        {"application/zip", "pdf", NULL, false},
        {"text/plain", "eml", "e-mail", true},
        {"text/html", "txt", "text", true},
        {"text/html", "pdf", "web page", false},
        {"text/plain", "docx", "text", false},
        {"application/x-ole-storage", "doc", "old Word document", true},
        /* 3 */
        {"text/x-php", "php", "text", false},
        {"text/xml", "svg", "text", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct kind *k = kind_of(rows[i].media, rows[i].extension);
        assert_string_equal(k ? k->name : "", rows[i].kind ? rows[i].kind : "");
        assert_int_equal(kind_fits(k, rows[i].extension), rows[i].fits);
    }
}

/* --- the sandbox --- */

enum { HASTY_MS = 1000, PATIENT_MS = 60000 };

static void run(const char *program, const char *script, unsigned time_ms, struct buffer *out,
                struct sandbox_result *r)
{
    const char *const words[] = {"run", program, "-c", script, NULL};
    int file = file_of("input\n", 6);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    sandbox_run(
        &sandbox,
        &(struct sandbox_run){.words = words, .file = file, .limits = {time_ms, 2, 256 << 20, 1 << 20}}, out,
        r);
    close(file);
}

/* What `script` says in the sandbox; it ends well. */
static void check_says(const char *program, const char *script, const char *expected)
{
    struct sandbox_result r;
    struct buffer out = text_room();
    run(program, script, PATIENT_MS, &out, &r);
    if (r.end != SANDBOX_DONE || r.status != 0)
        print_message("%s\n", r.said);
    assert_int_equal(r.end, SANDBOX_DONE);
    assert_int_equal(r.status, 0);
    assert_string_equal(buffer_cstr(&out), expected);
    buffer_release(&out);
}

static const char SHELL[] = "/usr/bin/sh", PYTHON[] = "/usr/bin/python3";

/* 1 */
static void test_walls(void **state)
{
    needs_sandbox();
    check_says(SHELL, "read x; echo \"$x\"", "input\n");
    check_says(SHELL, "echo /* /scratch/*",
               "/baton-preview /bin /dev /etc /lib /lib64 /proc /scratch /tmp /usr /scratch/*\n");
    check_says(PYTHON,
               "import errno\nfor f in ['/x', '/usr/x', '/dev/x', '/dev/shm/x', '/etc/x']:\n  try:\n    "
               "open(f, 'w')\n"
               "    print(f)\n  except OSError as e:\n    print(errno.errorcode[e.errno])",
               "EROFS\nEROFS\nEROFS\nEROFS\nEROFS\n");
    check_says(SHELL, ": >/scratch/x && echo ok", "ok\n");
    check_says(SHELL, "echo ${BATON-none} $HOME", "none /scratch\n");
    check_says(PYTHON, "import os\nprint([p for p in os.listdir('/proc') if p.isdigit()])", "['1', '2']\n");
    check_says(
        PYTHON,
        "import socket\ntry:\n  socket.socket()\n  print('open')\nexcept PermissionError:\n  print('shut')",
        "shut\n");
    check_says(PYTHON, "import os\ntry:\n  os.fork()\nexcept PermissionError:\n  print('alone')", "alone\n");
    check_says(PYTHON,
               "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start()\nt.join()",
               "thread\n");
    check_says(PYTHON,
               "import errno\nn = 0\ntry:\n  for i in range(9):\n    with open(f'/scratch/{i}', 'wb') as f:\n"
               "      f.write(bytes(512 << 10))\n    n += 1\nexcept OSError as e:\n  print(n < 3, "
               "errno.errorcode[e.errno])",
               "True ENOSPC\n");
}

static void check_ends(const char *program, const char *script, enum sandbox_end end, size_t at_least)
{
    struct sandbox_result r;
    struct buffer out;
    buffer_init(&out, 64 << 10);
    run(program, script, end == SANDBOX_TIME ? HASTY_MS : PATIENT_MS, &out, &r);
    assert_int_equal(r.end, end);
    assert_true(out.size >= at_least);
    buffer_release(&out);
}

static void test_limits(void **state)
{
    needs_sandbox();
    check_ends(SHELL, "while :; do :; done", SANDBOX_KILLED, 0);
    check_ends(PYTHON, "import signal\nsignal.pause()", SANDBOX_TIME, 0);
    check_ends(PYTHON,
               "import signal, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsys.stdout.close()\n"
               "sys.stderr.close()\nsignal.pause()",
               SANDBOX_TIME, 0);
    check_ends(SHELL, "while :; do echo 0123456789; done", SANDBOX_FULL, 64 << 10);
#ifndef __SANITIZE_ADDRESS__ /* it takes more addresses than there is room for, and so has no limit */
    check_says(PYTHON, "try:\n  bytearray(512 << 20)\nexcept MemoryError:\n  print('none left')",
               "none left\n");
#endif
}

/* How many processes have this word among their arguments. */
static int count_processes(const char *word)
{
    DIR *proc = opendir("/proc");
    int n = 0;
    assert_non_null(proc);
    for (struct dirent *e; (e = readdir(proc));) {
        char path[300], line[8192];
        (void)snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
        int file = strspn(e->d_name, "0123456789") > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        ssize_t size = file >= 0 ? read(file, line, sizeof line) : 0;
        if (file >= 0)
            close(file);
        n += size > 0 && memmem(line, (size_t)size, word, strlen(word)) != NULL;
    }
    closedir(proc);
    return n;
}

/* 2: the word in the script is one that no other process has. */
static void test_nothing_left(void **state)
{
    needs_sandbox();
    char script[100], word[40];
    (void)snprintf(word, sizeof word, "left-%ld-%d", (long)time(NULL), (int)getpid());
    (void)snprintf(script, sizeof script, "import signal\nsignal.pause() # %s", word);
    check_ends(PYTHON, script, SANDBOX_TIME, 0);
    for (int i = 0; i < 1000000 && count_processes(word) > 0; i++)
        ;
    assert_int_equal(count_processes(word), 0);
}

/* 3 */
static void test_without(void **state)
{
    static const struct sandbox none = {.bwrap = "/nonexistent/bwrap", .program = PREVIEW_PROGRAM},
                                barred = {.program = "/nonexistent/baton-preview"};
    struct preview_found found;
    struct buffer text = text_room();
    char why[300];
    int file = file_of("hello", 5);
    assert_false(sandbox_works(&none, why, sizeof why));
    assert_string_equal(why, "/nonexistent/bwrap: No such file or directory");
    assert_int_equal(preview_text(&none, file, "a.txt", &found, &text), PREVIEW_OFF);
    assert_false(sandbox_works(&barred, why, sizeof why));
    assert_non_null(strstr(why, "nonexistent"));
    assert_int_equal(preview_text(&barred, file, "a.txt", &found, &text), PREVIEW_OFF);
    assert_int_equal(text.size, 0);
    close(file);
    buffer_release(&text);
}

/* --- texts --- */

static void check_text(const char *name, const void *data, size_t size, enum preview_end end,
                       const char *expected)
{
    struct preview_found found;
    struct buffer text = text_room();
    int file = file_of(data, size);
    assert_int_equal(preview_text(&sandbox, file, name, &found, &text), end);
    if (expected)
        assert_string_equal(buffer_cstr(&text), expected);
    close(file);
    buffer_release(&text);
}
#define CHECK_TEXT(name, data, end, expected) check_text(name, data, sizeof(data) - 1, end, expected)

static void test_texts(void **state)
{
    needs_sandbox();
    CHECK_TEXT("a.txt", "one\r\ntwo\rthree\xe2\x80\xae\n", PREVIEW_DONE, "one\ntwo\nthree\n");
    CHECK_TEXT("a.txt", "", PREVIEW_NONE, "");
    CHECK_TEXT("a.txt", "\xff\xfeh\0\xe4\0", PREVIEW_DONE, "h\xc3\xa4");
    CHECK_TEXT(
        "a.txt",
        "\xa4\xa4\xb5\xd8\xa5\xc1\xb0\xea\xaa\xba\xab\xc8\xa4\xe1\xb5\xb2\xaa\xba\xb3\xf8\xbb\xf9\xb3\xe6"
        "\xa1\x41\xbd\xd0\xb1\x7a\xac\xdd\xa4@\xa4U\xa1\x43\n",
        PREVIEW_DONE, NULL);
    CHECK_TEXT("a.html",
               "<html><head><title>A &amp; B</title><style>p{}</style><meta charset=big5></head><body><p>One "
               "<b>two</b>"
               "<table><tr><td>1<td>2</table><script>x</script>\xa4\xa4",
               PREVIEW_DONE, "A & B\nOne two\n1\t2\n\xe4\xb8\xad\n");
    CHECK_TEXT("a.pdf", "%PDF-1.4\nnothing\n", PREVIEW_BROKEN, "");
    CHECK_TEXT("a.exe", "MZ\x90\0\3\0\0\0\4\0", PREVIEW_NONE, "");
}

static void test_cut(void **state)
{
    needs_sandbox();
    struct buffer text = text_room();
    struct preview_found found;
    size_t size = PREVIEW_TEXT_MAX * 2, mark = strlen(PREVIEW_CUT_MARK);
    char *data = malloc(size);
    assert_non_null(data);
    memset(data, 'x', size);
    int file = file_of(data, size);
    assert_int_equal(preview_text(&sandbox, file, "a.txt", &found, &text), PREVIEW_CUT);
    assert_in_range(text.size, PREVIEW_TEXT_MAX - 2 * mark, PREVIEW_TEXT_MAX);
    assert_memory_equal(text.data + text.size - mark, PREVIEW_CUT_MARK, mark);
    close(file);
    free(data);
    buffer_release(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extension), cmocka_unit_test(test_kinds),  cmocka_unit_test(test_without),
        cmocka_unit_test(test_walls),     cmocka_unit_test(test_limits), cmocka_unit_test(test_nothing_left),
        cmocka_unit_test(test_texts),     cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
