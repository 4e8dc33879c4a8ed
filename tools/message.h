/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_MESSAGE_H
#define TOOLS_MESSAGE_H

#include <stdio.h>

#include <tokenscope/status.h>

#include "status.h"

/** @file Diagnostics on standard error: one line each, "tokenscope: FILE: what (at byte N)". Never the text of a token. */

/** One line; what is not safe on a terminal is escaped. */
void message_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** From now on this thread's messages go there, as they would go to standard error; NULL: to that again. */
void message_hold(FILE *file);

/** A mistake on the command line, with where to read on. Returns EXIT_STATUS_USAGE. */
enum exit_status message_usage(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** An error of the library about a file or argument (NULL: about none). Returns its exit status. */
enum exit_status message_error(const char *name, const struct tscope_error *err);

/** The word that comes nearest to a mistyped one, NULL when none is near. words ends with NULL. */
const char *message_nearest(const char *word, const char *const *words);

#endif
