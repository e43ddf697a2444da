/* One seed as a process of its own, and making a failing one short. */
#ifndef BATON_SIM_SHRINK_H
#define BATON_SIM_SHRINK_H

#include <sys/types.h>

#include "sim/sim.h"

enum { CASE_REPORT_MAX = 1200 };

struct case_options {
    uint64_t seed;
    unsigned minutes;
    const struct ask_area *favourite; /* NULL: the seed says */
    const char *only;                 /* entries of the plan, "3,5-9"; NULL: all */
    bool trace;
    struct sim_stats *stats; /* shared memory */
};

/* The folder under which every case has its stores; false: it cannot be made. Removed with all in it. */
bool case_folder_make(void);
void case_folder_remove(void);

/* The process, and where its report can be read. */
pid_t case_start(const struct case_options *o, int *report_fd);
/* True: it ended well. Otherwise `text` says what was wrong. Removes its stores. */
bool case_end(int report_fd, int status, uint64_t seed, char text[CASE_REPORT_MAX]);
/* Options that differ from the usual, for a command line. Overwritten by the next call. */
const char *case_text(const struct case_options *o);

/* Leaves out entries of the plan for as long as the same oracle finds something wrong (delta debugging:
   Zeller, Hildebrandt, TSE 2002), then prints what is left and the command that shows it. */
void shrink(const struct case_options *o, size_t plan_size, const char *what);

#endif
