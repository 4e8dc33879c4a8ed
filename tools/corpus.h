/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CORPUS_H
#define TOOLS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

/** @file The files of a corpus of vectors: those that are named, and every *.json in folders. */

struct corpus_file {
    char *path;
    bool named; /* by the caller, and not merely found in a folder */
};

/** Starts as {0}. */
struct corpus {
    struct corpus_file *files;
    size_t files_len;
    bool all_files;   /* of folders every file, and not *.json alone */
    bool passes_over; /* the folder that is passed over: */
    unsigned long long device, file_node;
};

/**
 * Adds a file, or all *.json (or all) files of a folder and the folders in it, in order of their names; links to folders are not
 * followed. Any status but EXIT_STATUS_OK comes after a message.
 */
enum exit_status corpus_add(struct corpus *corpus, const char *path);

void corpus_clear(struct corpus *corpus);

#endif
