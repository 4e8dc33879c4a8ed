/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_FILE_H
#define TOOLS_CASE_FILE_H

#include <stdbool.h>

#include <tokenscope/case.h>

#include "status.h"

/**
 * @file A case file opened by a verb. From then on files can be written in its folder alone: SQLite keeps its log there, which must
 * be taken in for reading, too, when a process left one. Any status but EXIT_STATUS_OK comes after a message.
 */

/** The confinement alone, for what is to be read before the case is opened or made. */
void case_file_confine(const char *path);

enum exit_status case_file_read(const char *path, tscope_case **ret_case);

enum exit_status case_file_write(const char *path, bool may_create, tscope_case **ret_case);

/** Closes it, and returns the graver of status and what came of that. NULL is allowed. */
enum exit_status case_file_close(tscope_case *opened, enum exit_status status);

#endif
