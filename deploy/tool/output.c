/* What people see: tables, progress, numbers, harmless text. */
#include "tool/output.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "base/money.h"

void output_sum(struct tool *t, bool preview, const struct sum_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (t->json)
            fprintf(t->out, ",\"%s\":%" PRIu64, rows[i].name, rows[i].n);
        else if (rows[i].n > 0)
            fprintf(t->out, "%9" PRIu64 " %s\n", rows[i].n,
                    preview && rows[i].preview != NULL ? rows[i].preview : rows[i].text);
}

const char *output_text(struct arena *a, const char *s)
{
    char *copy = arena_strdup(a, s != NULL ? s : "");
    for (unsigned char *p = (unsigned char *)copy; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7f)
            *p = ' ';
        else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) /* C1 controls in UTF-8 */
            p[1] = 0xb7;
    }
    return copy;
}

const char *output_word(struct arena *a, const ProtobufCEnumDescriptor *e, int value, const char *prefix)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(e, value);
    char *text = arena_strdup(a, v != NULL ? v->name + strlen(prefix) : "");
    for (char *p = text; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    return text;
}

const char *output_number(struct arena *a, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    char *out = arena_alloc(a, (size_t)(length + length / 3 + 1));
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    return out;
}

const char *output_bytes(struct arena *a, uint64_t n)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)n;
    size_t unit = 0;
    for (; value >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        value /= 1024;
    return arena_printf(a, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

const char *output_amount(struct arena *a, int64_t minor_units, const char *currency)
{
    char text[DECIMAL_SIZE];
    const int digits = money_digits(currency != NULL ? currency : "");
    decimal_format(text, minor_units, digits < 0 ? 0 : digits);
    return arena_strdup(a, text);
}

const char *output_permille(struct arena *a, uint32_t n)
{
    char text[DECIMAL_SIZE];
    decimal_format(text, n, 1);
    return arena_printf(a, "%s %%", text);
}

const char *output_time(struct arena *a, const Google__Protobuf__Timestamp *t)
{
    char text[64];
    struct tm local;
    if (t == NULL)
        return "";
    time_t seconds = (time_t)t->seconds;
    if (localtime_r(&seconds, &local) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local) == 0)
        return "";
    return arena_strdup(a, text);
}

/* Columns of a terminal that the text takes. */
static size_t width_of(const char *s)
{
    wchar_t wide;
    mbstate_t state = {0};
    size_t width = 0, n;
    while ((n = mbrtowc(&wide, s, 8, &state)) != 0) {
        if (n == (size_t)-1 || n == (size_t)-2)
            return width + strlen(s);
        int w = wcwidth(wide);
        width += w > 0 ? (size_t)w : 0;
        s += n;
    }
    return width;
}

static const char **grid_row(struct grid *g)
{
    if (g->n_rows == g->capacity) {
        size_t capacity = g->capacity * 2, n = capacity * g->n_columns;
        const char **cells = ARENA_ARRAY(g->arena, const char *, n);
        memcpy(cells, g->cells, g->n_rows * g->n_columns * sizeof *cells);
        g->cells = cells;
        g->capacity = capacity;
    }
    return g->cells + g->n_rows++ * g->n_columns;
}

void grid_init(struct grid *g, struct arena *a, const char *headings)
{
    *g = (struct grid){.arena = a, .capacity = 32};
    const char *found[GRID_COLUMNS_MAX];
    char *rest = arena_strdup(a, headings), *heading;
    while ((heading = strsep(&rest, "|")) != NULL) {
        assert(g->n_columns < GRID_COLUMNS_MAX);
        g->right[g->n_columns] = *heading == '>';
        found[g->n_columns++] = heading + (*heading == '>');
    }
    size_t n = g->capacity * g->n_columns;
    g->cells = ARENA_ARRAY(a, const char *, n);
    memcpy(grid_row(g), found, g->n_columns * sizeof *found);
}

void grid_add(struct grid *g, const char *const *cells)
{
    const char **row = grid_row(g);
    for (size_t i = 0; i < g->n_columns; i++)
        row[i] = output_text(g->arena, cells[i]);
}

static void grid_line(const struct grid *g, struct tool *t, size_t row, const size_t *widths)
{
    bool bold = row == 0 && t->colour;
    if (bold)
        fputs("\033[1m", t->out);
    for (size_t i = 0; i < g->n_columns; i++) {
        const char *cell = g->cells[row * g->n_columns + i];
        int pad = (int)(widths[i] - width_of(cell));
        bool last = i + 1 == g->n_columns;
        if (g->right[i])
            fprintf(t->out, "%*s%s%s", pad, "", cell, last ? "" : "  ");
        else
            fprintf(t->out, "%s%*s", cell, last ? 0 : pad + 2, "");
    }
    fputs(bold ? "\033[0m\n" : "\n", t->out);
}

void grid_print(const struct grid *g, struct tool *t)
{
    size_t widths[GRID_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < g->n_rows * g->n_columns; i++) {
        size_t w = width_of(g->cells[i]);
        if (w > widths[i % g->n_columns])
            widths[i % g->n_columns] = w;
    }
    for (size_t row = 0; row < g->n_rows; row++)
        grid_line(g, t, row, widths);
}

int64_t output_clock_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void progress_start(struct progress *p, const char *what, uint64_t total, bool quiet)
{
    *p = (struct progress){.what = what,
                           .total = total,
                           .started_us = output_clock_us(),
                           .terminal = isatty(STDERR_FILENO) == 1,
                           .quiet = quiet};
}

static void draw_bar(const struct progress *p, uint64_t done, double rate)
{
    char bar[41];
    size_t filled = p->total ? (size_t)(done * 40 / p->total) : 40;
    for (size_t i = 0; i < 40; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[40] = '\0';
    fprintf(stderr, "\r%s [%s] %llu of %llu, %.0f/s\033[K", p->what, bar, (unsigned long long)done,
            (unsigned long long)p->total, rate);
    fflush(stderr);
}

void progress_show(struct progress *p, uint64_t done)
{
    enum { SHORT_US = 2000000 };
    int64_t now = output_clock_us();
    double seconds = (double)(now - p->started_us + 1) / 1e6;
    uint64_t tenth = p->total ? done * 10 / p->total : 10;
    if (p->quiet || now - p->started_us < SHORT_US)
        return;
    if (p->terminal) {
        if (now - p->drawn_us < 100000 && done < p->total)
            return;
        p->drawn_us = now;
        draw_bar(p, done, (double)done / seconds);
    } else if (tenth > p->last_tenth) {
        p->last_tenth = tenth;
        fprintf(stderr, "%s: %llu of %llu (%llu %%), %.0f/s\n", p->what, (unsigned long long)done,
                (unsigned long long)p->total, (unsigned long long)tenth * 10, (double)done / seconds);
    }
}

void progress_end(struct progress *p)
{
    if (p->terminal && !p->quiet)
        fputs("\r\033[K", stderr);
}
