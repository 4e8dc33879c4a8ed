/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/** @file Options of a verb as a table: "--name value", "--name=value", in any order with the operands; "--" ends them. */

/** Words in their order; the words themselves are the command line's. */
struct option_list {
    const char **words;
    size_t words_len;
};

enum option_kind {
    OPTION_FLAG,   /* bool: set to true */
    OPTION_TEXT,   /* const char *: the last one counts */
    OPTION_LIST,   /* struct option_list: each one counts */
    OPTION_TIME,   /* int64_t: RFC 3339, a date, or seconds since the epoch */
    OPTION_NUMBER, /* long: 0 to 2147483647 */
    OPTION_CHOICE, /* int: the number of the word in choices */
};

struct option {
    const char *name; /* without "--", or one letter for "-o"; a table ends with NULL */
    enum option_kind kind;
    void *target;
    const char *const *choices; /* ends with NULL; for OPTION_CHOICE */
};

void option_list_add(struct option_list *list, const char *word);
void option_list_clear(struct option_list *list);

/**
 * Reads the arguments behind a verb.
 *
 * @param table     the verb's options
 * @param operands  gets everything that is no option
 * @return EXIT_STATUS_OK, or EXIT_STATUS_USAGE after a message
 */
enum exit_status options_parse(const char *verb, int argc, char **argv, const struct option *table, struct option_list *operands);

/**
 * A time as tscope_time_from_text() reads it, but for a bare number that reads like a year, a month or a date, or that counts something
 * shorter than seconds: nobody means what it says.
 */
bool options_read_time(const char *text, int64_t *ret_time);

#endif
