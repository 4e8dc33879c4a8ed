/* SPDX-License-Identifier: Apache-2.0 */
#include "case/schema.h"

#include <stddef.h>

/*
 * Columns named _ns are nanoseconds, others that are times seconds since 1970. Digests are 32 bytes. What is null is not known. Numbers
 * of rows (id) say nothing: they depend on the order in which things were found. docs/case.md explains each column.
 */

static const char facts[] = "CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

static const char evidence[] =
    "CREATE TABLE evidence ("
    " id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed')),"
    " size INTEGER, mtime_ns INTEGER, sha256 BLOB, format TEXT, problem TEXT) STRICT;"
    "CREATE TABLE warning ("
    " evidence INTEGER NOT NULL REFERENCES evidence, member TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (evidence, member, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE progress ("
    " evidence INTEGER NOT NULL REFERENCES evidence, begin INTEGER NOT NULL, PRIMARY KEY (evidence, begin)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE stream ("
    " id INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence, number INTEGER NOT NULL, member TEXT NOT NULL,"
    " format TEXT NOT NULL, UNIQUE (evidence, number)) STRICT;";

static const char tokens[] =
    "CREATE TABLE judgement ("
    " id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, settings TEXT NOT NULL, now INTEGER NOT NULL) STRICT;"
    "CREATE TABLE token ("
    " id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, text BLOB NOT NULL, judgement INTEGER REFERENCES judgement,"
    " seen INTEGER, verdict TEXT, kind TEXT, is_uncertain INTEGER, report TEXT) STRICT;"
    "CREATE TABLE place ("
    " stream INTEGER NOT NULL REFERENCES stream, offset INTEGER NOT NULL, token INTEGER NOT NULL REFERENCES token,"
    " length INTEGER NOT NULL, encoding TEXT NOT NULL, seen INTEGER, seen_from TEXT, context TEXT, place TEXT,"
    " PRIMARY KEY (stream, offset, token)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX place_token ON place (token, seen);";

static const char keys[] =
    "CREATE TABLE key_place ("
    " stream INTEGER NOT NULL REFERENCES stream, offset INTEGER NOT NULL, number INTEGER NOT NULL, length INTEGER NOT NULL,"
    " encoding TEXT NOT NULL, thumbprint TEXT, is_published INTEGER NOT NULL, key TEXT NOT NULL, seen INTEGER, context TEXT, place TEXT,"
    " PRIMARY KEY (stream, offset, number)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX key_place_thumbprint ON key_place (thumbprint);";

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

const char *const tscope_schema_parts[] = {facts, evidence, tokens, keys, logs, NULL};
