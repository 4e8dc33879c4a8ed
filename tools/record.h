/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_RECORD_H
#define TOOLS_RECORD_H

#include <stddef.h>

#include <jansson.h>

#include "examiner.h"
#include "input.h"

/** @file Tokens as they are judged today, written as vectors into one folder (docs/contributing.md). Nothing there is ever overwritten. */

/** Starts as RECORDER_NONE. */
struct recorder {
    const char *path; /* of the folder */
    int folder;       /* -1: not open */
    json_t *members;  /* of every vector: keys, policy and clocks */
    size_t recorded, repeated;
};

#define RECORDER_NONE \
    {                 \
        .folder = -1  \
    }

/** Makes the folder where there is none, for its owner alone, and opens it. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status recorder_open(struct recorder *recorder, const char *path);

/** Takes what tokens are judged with; key files are copied beside the vectors. Statuses as above. */
enum exit_status recorder_prepare(struct recorder *recorder, const struct examiner *examiner);

/** Writes the token that examiner->report is about, unless the folder has it. Statuses as above. */
enum exit_status recorder_add(struct recorder *recorder, const struct examiner *examiner, const struct input *input,
                              const struct input_piece *piece);

void recorder_close(struct recorder *recorder);

#endif
