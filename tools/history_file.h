/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_HISTORY_FILE_H
#define TOOLS_HISTORY_FILE_H

#include <stddef.h>

#include "status.h"

/**
 * @file A history that is written: one writer at a time, and at every moment the file is either the old one or the new one, whole.
 *
 * The lock is one on the folder: it goes with its process, however that ends, and leaves nothing behind.
 */

struct history_file {
    char *path, *name; /* name within the folder */
    int folder;        /* -1: not open */
};

/** Finds the folder; the file need not be there. Any status but EXIT_STATUS_OK comes after a message, as below. */
enum exit_status history_file_open(struct history_file *file, const char *path);

/** Waits until nobody else writes into the folder's histories. */
enum exit_status history_file_lock(struct history_file *file);

/** The bytes as they are now; NULL when there is no such file yet. */
enum exit_status history_file_read(const struct history_file *file, char **ret_bytes, size_t *ret_len);

/** Puts other bytes in their place: written, flushed to the disk, renamed. Under the lock. */
enum exit_status history_file_replace(const struct history_file *file, const char *bytes, size_t bytes_len);

void history_file_close(struct history_file *file);

#endif
