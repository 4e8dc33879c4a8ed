/* SPDX-License-Identifier: Apache-2.0 */
#include "case/schema.h"

#include <stddef.h>

/*
 * Columns named _ns are nanoseconds, others that are times seconds since 1970. Digests are 32 bytes. What is null is not known. Numbers
 * of rows (id) say nothing: they depend on the order in which things were found.
 */
static const char facts[] =
    /* What is true of the case as a whole: "tool", "created". */
    "CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

const char *const tscope_schema_parts[] = {facts, NULL};
