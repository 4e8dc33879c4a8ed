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

static const char logs[] =
    "CREATE TABLE log_source ("
    " id INTEGER PRIMARY KEY, path TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'done')), sha256 BLOB, size INTEGER,"
    " imported INTEGER, rows INTEGER, bad INTEGER, duplicates INTEGER, differing INTEGER, result_count INTEGER, formats INTEGER,"
    " categories INTEGER, is_broken INTEGER) STRICT;"
    "CREATE TABLE log_word (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE log_record ("
    " id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES log_source, line INTEGER NOT NULL, offset INTEGER NOT NULL,"
    " format INTEGER NOT NULL, category INTEGER NOT NULL, flags INTEGER NOT NULL, time INTEGER, iat INTEGER, uti BLOB, alias BLOB, key "
    "BLOB,"
    " user INTEGER, oid INTEGER, tenant INTEGER, token_tenant INTEGER, home_tenant INTEGER, app INTEGER, client_app INTEGER,"
    " token_app INTEGER, resource INTEGER, address INTEGER, session INTEGER, mailbox INTEGER, operation INTEGER, count INTEGER NOT NULL,"
    " token_id TEXT, client TEXT, detail TEXT, sha256 BLOB NOT NULL) STRICT;"
    "CREATE TABLE log_duplicate (record INTEGER PRIMARY KEY, of INTEGER NOT NULL) STRICT;"
    "CREATE TABLE log_bad ("
    " source INTEGER NOT NULL REFERENCES log_source, line INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY (source, line)) STRICT,"
    " WITHOUT ROWID;";

const char *const tscope_schema_parts[] = {facts, logs, NULL};
