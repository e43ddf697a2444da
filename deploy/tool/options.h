/* A command's options, the words beside them, and moments as options. */
#ifndef BATON_TOOL_OPTIONS_H
#define BATON_TOOL_OPTIONS_H

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "base/options.h"

/* Fills the values. Returns true if every option is known and the number of words left over is between
   min_words and max_words; they are then argv[*first] to the end. Otherwise says what is wrong on standard
   error, with a pointer to --help: the command ends with TOOL_USAGE. */
bool options_read(const struct option_row *rows, size_t n, int argc, char **argv, int min_words,
                  int max_words, int *first);

/* The value of an enum that an option's text names: "no-budget" is CLOSE_REASON_NO_BUDGET. 0: there is none.
 */
int option_word(const ProtobufCEnumDescriptor *e, const char *prefix, const char *text);

/* The moment that an option's text says: a time, or a day, which begins at midnight UTC. False: said on
   standard error. */
bool option_time(const char *option, const char *text, int64_t *seconds, int32_t *nanos);

/* The first line of standard input, asked for and unseen if that is a terminal: never an argument, as those
   are seen by everybody on the machine. False: none was given, said on standard error. */
bool options_password(const char *prompt, char *out, size_t size);

#endif
