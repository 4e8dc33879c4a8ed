/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CHILD_H
#define TOOLS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

/** @file Another program, started as a child: what it writes to standard output, and how it ended. */

struct child_output {
    char *bytes; /* the caller's to free; a NUL stands behind them */
    size_t bytes_len;
    int status; /* its exit status; 128 when it did not end by itself */
};

/**
 * Runs a program to its end.
 *
 * @param argv     ends with NULL; argv[0] is looked for beside this program first where beside is set, then along $PATH
 * @param extra    environment to add, "NAME=VALUE", ends with NULL; may be NULL
 * @param max      bytes of output at most
 * @param seconds  after which it is ended
 * @return EXIT_STATUS_OK when it ran, whatever its own status; else after a message EXIT_STATUS_UNAVAILABLE (there is no such
 *         program, or it took too long), EXIT_STATUS_DATA (too much output), EXIT_STATUS_INTERNAL
 */
enum exit_status child_run(const char *const *argv, bool beside, const char *const *extra, size_t max, int seconds,
                           struct child_output *ret_output);

#endif
