/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_SARIF_H
#define TOOLS_SARIF_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenscope/tokenscope.h>

#include "status.h"
#include "vector.h"

/** @file Standard output as one SARIF log of one run, whatever the number of reports or vectors. */

/** Starts as {0}. */
struct sarif {
    bool has_results;
};

/** Once, before the first report. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status sarif_begin(void);

/** The results of a report; line as in struct input_piece. Any status but EXIT_STATUS_OK comes after a message, which begins with name. */
enum exit_status sarif_report(struct sarif *sarif, const tscope_report *report, const char *name, uint64_t line);

/** What several tokens show together, behind their own results. */
enum exit_status sarif_together(struct sarif *sarif, const tscope_corpus *corpus);

/** The same for a log of vectors, which has rules of its own. */
enum exit_status sarif_begin_vectors(void);

/** A vector that failed: the lines of what differs. place NULL: it could not be judged. EXIT_STATUS_INTERNAL comes after a message. */
enum exit_status sarif_vector(struct sarif *sarif, const char *path, const struct vector_place *place, const char *differences);

void sarif_end(void);

#endif
