/* The time machine's report as a picture that also reads in black and white: light bars outlined for before,
   dark ones for after; a table of who loses how many leads to whom, darker for more. */
#include "tool/policy_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    PEOPLE_MAX = 60, /* whose leads change most; the rest would not be read */
    NAME_BYTES = 28,
    ROW = 26,
    BAR = 10,
    LEFT = 190,
    BARS = 420,
    CELL = 24,
    TOP = 70,
    NAMES_ABOVE = 150,
    EDGE = 60,
    FLIP = 128, /* from this grey on, numbers are white */
};

struct picture {
    const struct report *r;
    struct buffer *b;
    size_t people[PEOPLE_MAX];
    size_t n;
    uint64_t most; /* leads of one person */
};

static uint64_t change_of(const struct report_line *l)
{
    return l->count.after > l->count.before ? l->count.after - l->count.before
                                            : l->count.before - l->count.after;
}

/* Of more people than can be shown, those whose leads change most; in the order of their names. */
static void choose(struct picture *p)
{
    const struct report_table *t = &p->r->persons;
    for (size_t i = 0; i < t->n; i++) {
        size_t least = 0;
        if (p->n < PEOPLE_MAX) {
            p->people[p->n++] = i;
            continue;
        }
        for (size_t k = 1; k < p->n; k++)
            if (change_of(&t->lines[p->people[k]]) < change_of(&t->lines[p->people[least]]))
                least = k;
        if (change_of(&t->lines[i]) <= change_of(&t->lines[p->people[least]]))
            continue;
        memmove(&p->people[least], &p->people[least + 1], (p->n - least - 1) * sizeof *p->people);
        p->people[p->n - 1] = i;
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct report_count *c = &t->lines[p->people[i]].count;
        p->most = c->before > p->most ? c->before : p->most;
        p->most = c->after > p->most ? c->after : p->most;
    }
}

/* A name, cut, with what XML needs. */
static void name(struct picture *p, size_t person)
{
    const char *s = p->r->persons.lines[p->people[person]].name;
    char text[NAME_BYTES + 1];
    snprintf(text, sizeof text, "%s", s);
    text[text_clip(text, NAME_BYTES)] = '\0';
    for (const char *c = text; *c != '\0'; c++)
        if (*c == '<' || *c == '&')
            buffer_printf(p->b, "&#%d;", *c);
        else
            buffer_char(p->b, (unsigned char)*c < 0x20 ? ' ' : *c);
    if (strlen(s) > strlen(text))
        buffer_text(p->b, "…");
}

static void text_at(struct picture *p, int x, int y, const char *anchor)
{
    buffer_printf(p->b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
}

static void bar(struct picture *p, int y, uint64_t n, const char *fill)
{
    int width = p->most ? (int)(n * BARS / p->most) : 0;
    buffer_printf(p->b,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#000\" "
                  "stroke-width=\"0.6\"/>",
                  LEFT, y, width, BAR, fill);
    buffer_printf(p->b, "<text x=\"%d\" y=\"%d\" class=\"n\">%" PRIu64 "</text>\n", LEFT + width + 4,
                  y + BAR - 1, n);
}

static void bars(struct picture *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct report_count *c = &p->r->persons.lines[p->people[i]].count;
        int y = TOP + (int)i * ROW;
        text_at(p, LEFT - 8, y + 15, "end");
        name(p, i);
        buffer_text(p->b, "</text>");
        bar(p, y, c->before, "#fff");
        if (p->r->compares)
            bar(p, y + BAR + 1, c->after, "#444");
    }
}

static uint32_t most_moved(const struct picture *p)
{
    uint32_t most = 1;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->n; k++) {
            uint32_t n = p->r->matrix[p->people[i] * p->r->persons.n + p->people[k]];
            most = i != k && n > most ? n : most;
        }
    return most;
}

/* Who keeps leads stands on the diagonal, without shade: only what moves is dark. */
static void cell(struct picture *p, size_t i, size_t k, int top, uint32_t most)
{
    uint32_t n = p->r->matrix[p->people[i] * p->r->persons.n + p->people[k]];
    int grey = i == k ? 255 : 255 - (int)((uint64_t)n * 200 / most);
    int x = LEFT + (int)k * CELL, y = top + (int)i * CELL;
    buffer_printf(p->b,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"rgb(%d,%d,%d)\" stroke=\"#999\" "
                  "stroke-width=\"%s\"/>",
                  x, y, CELL, CELL, grey, grey, grey, i == k ? "1.6" : "0.4");
    if (n > 0)
        buffer_printf(p->b, "<text x=\"%d\" y=\"%d\" class=\"c\" fill=\"%s\">%" PRIu32 "</text>\n",
                      x + CELL / 2, y + CELL / 2 + 3, grey < FLIP ? "#fff" : "#000", n);
}

static void matrix(struct picture *p, int top)
{
    uint32_t most = most_moved(p);
    text_at(p, 16, top - NAMES_ABOVE + 6, "start");
    buffer_text(p->b, "Leads held at the end: who holds them (rows) and who would (columns)</text>\n");
    for (size_t i = 0; i < p->n; i++) {
        int x = LEFT + (int)i * CELL + CELL / 2 + 4;
        text_at(p, LEFT - 8, top + (int)i * CELL + CELL / 2 + 4, "end");
        name(p, i);
        buffer_printf(p->b, "</text><text transform=\"translate(%d,%d) rotate(-60)\">", x, top - 6);
        name(p, i);
        buffer_text(p->b, "</text>\n");
        for (size_t k = 0; k < p->n; k++)
            cell(p, i, k, top, most);
    }
}

static void heading(struct picture *p)
{
    const struct report *r = p->r;
    buffer_printf(p->b, "<text x=\"16\" y=\"26\" class=\"h\">Leads given to each person%s</text>\n",
                  r->compares ? ", and what another policy would have given" : "");
    if (!r->compares)
        return;
    buffer_printf(p->b,
                  "<text x=\"16\" y=\"46\">%" PRIu64 " of %" PRIu64
                  " leads would be held by another.</text>\n"
                  "<rect x=\"%d\" y=\"38\" width=\"18\" height=\"9\" fill=\"#fff\" stroke=\"#000\"/>"
                  "<text x=\"%d\" y=\"46\">as it went</text>"
                  "<rect x=\"%d\" y=\"38\" width=\"18\" height=\"9\" fill=\"#444\" stroke=\"#000\"/>"
                  "<text x=\"%d\" y=\"46\">as it would go</text>\n",
                  r->moved, r->leads, LEFT + 160, LEFT + 184, LEFT + 270, LEFT + 294);
}

void report_picture(const struct report *r, struct buffer *b)
{
    struct picture p = {.r = r, .b = b};
    choose(&p);
    bool with_matrix = r->compares && r->matrix != NULL;
    int after_bars = TOP + (int)p.n * ROW + 30, top = after_bars + NAMES_ABOVE;
    int height = with_matrix ? top + (int)p.n * CELL + EDGE / 2 : after_bars;
    int width = LEFT + (int)p.n * CELL + EDGE + 40, least = LEFT + BARS + EDGE;
    width = width > least ? width : least;
    buffer_printf(
        b,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
        "<style>text{font:12px sans-serif}.h{font:bold 16px sans-serif}.n{font-size:9px}"
        ".c{font-size:9px;text-anchor:middle}</style>\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
        width, height, width, height, width, height);
    heading(&p);
    bars(&p);
    if (with_matrix)
        matrix(&p, top);
    buffer_text(b, "</svg>\n");
}
