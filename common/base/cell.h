/* Cells of CSV (RFC 4180) that a spreadsheet does not take for formulas. */
#ifndef BATON_BASE_CELL_H
#define BATON_BASE_CELL_H

#include "base/arena.h"
#include "base/bytes.h"

/* A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return,
   perhaps behind apostrophes) gets an apostrophe in front, and loses it again. The text itself where nothing
   is to be done. */
const char *cell_guard(const char *text, struct arena *a);
const char *cell_unguard(const char *text);
/* The cell of a row, guarded and in quotes; out->overflow says whether it fitted. */
void cell_add(struct buffer *out, const char *text, bool first, struct arena *a);

#endif
