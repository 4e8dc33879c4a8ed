/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "status.h"

/** @file Standard output: buffered, and no error on it goes unnoticed. Written with stdio in between. */

/** Before anything is written. */
void output_open(void);

/** Makes a new file standard output; one that is there is never written over. EXIT_STATUS_IO comes after a message. */
enum exit_status output_into(const char *path);

void output_write(const char *text, size_t text_len);

/** After each item: shows it at once on a terminal. False when nothing more can be written, and there is no use in going on. */
bool output_flush(void);

/** At the end: EXIT_STATUS_OK, or EXIT_STATUS_IO with a message when something was lost. */
enum exit_status output_close(void);

#endif
