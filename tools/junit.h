/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_JUNIT_H
#define TOOLS_JUNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * @file Results of tests as JUnit XML, the form that build servers read: one test suite, without times, so that the same
 * results give the same bytes. Names are paths and may be any bytes; what comes out is well-formed XML 1.0 all the same.
 */

/** Cases are kept until the end: their number stands before them. Starts as {0}. */
struct junit {
    char *text;
    size_t text_len;
    FILE *file;
    size_t tests, failures;
};

/** Adds a case. differences: lines of text; "" when it passed. False when there is no memory. */
bool junit_add(struct junit *junit, const char *name, const char *differences);

/** Writes the suite, and releases the cases. False when there was no memory for one. */
bool junit_finish(struct junit *junit, FILE *file, const char *suite);

#endif
