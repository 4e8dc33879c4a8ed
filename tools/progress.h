/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>

#include <tokenscope/recover.h>

/** @file A line on standard error that says what is being done, and for how long. On a terminal only. */

/** Puts the line, in place of the one before; its seconds go on by themselves, whatever the program works at. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same for the steps of a recovery: a tscope_recovery_watch, which never ends the work. */
bool progress_recovery(void *user, const struct tscope_recovery_progress *progress);

/** Takes it away. */
void progress_end(void);

#endif
