/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_PASSWORD_H
#define TOOLS_PASSWORD_H

#include <stddef.h>

#include "status.h"

/** @file The password of a token that was encrypted with one (RFC 7518 section 4.8), out of a file. */

/** Starts as {0}. */
struct password {
    char *bytes; /* NULL: none */
    size_t len;
};

/** Reads it; a line end behind it does not count. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status password_load(const char *path, struct password *password);

/** Wipes it and gives its memory back. */
void password_clear(struct password *password);

#endif
