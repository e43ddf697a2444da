/* What is done with memory that is freed. */
#ifndef BATON_BASE_MEMORY_H
#define BATON_BASE_MEMORY_H

/* From here on up to so many bytes stay with the process, for what is as large comes and goes all the time:
   asking the system for them anew costs more than filling them. */
void memory_keep_freed(int size);

#endif
