/* Texts in the order of a language. ICU's collation takes a MiB that nobody spends who sorts nothing: whoever
   links search_collate has it in the program (collate.c), the services load it when they first sort
   (service/collate_load.c). */
#ifndef BATON_SEARCH_COLLATE_H
#define BATON_SEARCH_COLLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Puts 0 .. n - 1 into `order`, by the texts they stand for; equal ones as they come. `language`: BCP 47,
   NULL or not known: the root's. False: it could not be had (logged by whoever loads it), nothing is in
   `order`. */
bool search_collate(const char *language, const char *const *texts, size_t n, uint32_t *order);

#endif
