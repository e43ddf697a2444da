/* Previews of real and of hostile files; skipped where there are none. */
#include "unit/preview.h"

#include <ftw.h>
#include <strings.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"

static struct buffer read_file(const char *path)
{
    struct buffer b;
    buffer_init(&b, 64 << 20);
    FILE *f = fopen(path, "rbe");
    assert_non_null(f);
    for (size_t n = 1; n > 0;) {
        uint8_t *room = buffer_room(&b, 64 << 10);
        assert_non_null(room);
        n = fread(room, 1, 64 << 10, f);
        b.size += n;
    }
    (void)fclose(f); /* only read */
    return b;
}

static enum preview_end text_of(const char *path, struct preview_found *found, struct buffer *text)
{
    *text = text_room();
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    enum preview_end end = preview_text(&sandbox, file, path, found, text);
    close(file);
    return end;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words of a text, sorted. */
static size_t sorted_words(struct arena *a, struct buffer *text, char ***words)
{
    char *at = text_words(a, buffer_cstr(text));
    size_t n = 0;
    *words = ARENA_ARRAY(a, char *, text->size + 1);
    for (char *end; at && *at; at = end) {
        end = at + strcspn(at, " ");
        (*words)[n++] = at;
        if (*end)
            *end++ = '\0';
    }
    qsort(*words, n, sizeof **words, compare_words);
    return n;
}

/* What part of the words of `given` is in `got`, however they are ordered. */
static double recall(struct buffer *given, struct buffer *got)
{
    struct arena *a = arena_new((size_t)256 << 20);
    char **x, **y;
    size_t nx = sorted_words(a, given, &x), ny = sorted_words(a, got, &y), i = 0, j = 0, same = 0;
    while (i < nx && j < ny) {
        int order = strcmp(x[i], y[j]);
        same += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    arena_free(a);
    return nx > 0 ? (double)same / (double)nx : 1;
}

/* Every contract says what somebody else's reader found in it. */
static void test_contracts(void **state)
{
    char pdfs[PATH_MAX], txts[PATH_MAX];
    DIR *folder = opendir(needs_data("documents/contracts/pdf", pdfs));
    (void)needs_data("documents/contracts/txt", txts); /* for the path */
    size_t n = 0;
    double worst = 1;
    for (struct dirent *e; folder && (e = readdir(folder));) {
        char path[PATH_MAX + 300];
        struct preview_found found;
        struct buffer text;
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", pdfs, e->d_name);
        assert_int_equal(text_of(path, &found, &text), PREVIEW_DONE);
        assert_string_equal(found.kind->name, "PDF document");
        assert_true(found.fits && text_valid((char *)text.data, text.size));
        (void)snprintf(path, sizeof path, "%s/%.*s.txt", txts, (int)strlen(e->d_name) - 4, e->d_name);
        struct buffer given = read_file(path);
        double r = recall(&given, &text);
        worst = r < worst ? r : worst;
        if (r < 0.98)
            print_message("%.3f of the words of %s\n", r, e->d_name);
        buffer_release(&given);
        buffer_release(&text);
        n++;
    }
    if (folder)
        closedir(folder);
    print_message("%zu contracts, at least %.3f of the words of each\n", n, worst);
    assert_true(worst > 0.95);
}

static size_t n_files, n_read, n_of_end[PREVIEW_OFF + 1];

/* Something honest comes of every file, in little time, and what was read is text. */
static int look_at(const char *path, const struct stat *st, int type, struct FTW *at)
{
    struct preview_found found;
    struct buffer text;
    if (type != FTW_F)
        return 0;
    enum preview_end end = text_of(path, &found, &text);
    bool is_read = end == PREVIEW_DONE || end == PREVIEW_CUT;
    assert_true(end != PREVIEW_OFF);
    assert_true(text.size <= PREVIEW_TEXT_MAX && (is_read || text.size == 0));
    assert_true(text_valid((char *)text.data, text.size));
    assert_true(!text.size || !memmem(text.data, text.size, "root:x:0", 8));
    if (!is_read || text.size == 0)
        print_message("%s: %s (%s)\n", path + strlen(preview_data()) + 1, preview_end_text(end), found.media);
    n_files++;
    n_of_end[end]++;
    n_read += is_read && text.size > 0;
    buffer_release(&text);
    return 0;
}

static void check_folder(const char *name, size_t files, size_t read)
{
    char path[PATH_MAX];
    (void)needs_data(name, path); /* for the path */
    n_files = n_read = 0;
    memset(n_of_end, 0, sizeof n_of_end);
    assert_int_equal(nftw(path, look_at, 16, FTW_PHYS), 0);
    print_message("%s: %zu files, %zu with text\n", name, n_files, n_read);
    for (int i = 0; i <= PREVIEW_OFF; i++)
        if (n_of_end[i] > 0)
            print_message("  %zu: %s\n", n_of_end[i], preview_end_text((enum preview_end)i));
    assert_true(n_files >= files && n_read >= read);
}

static void test_documents(void **state)
{
    check_folder("documents/pdf", 46, 40);
    check_folder("documents/docx", 43, 37);
    check_folder("documents/odt", 13, 11);
    check_folder("documents/xlsx", 26, 22);
    check_folder("emails", 80, 70);
}

static void test_hostile(void **state)
{
    check_folder("hostile_uploads", 17, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contracts),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
