/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_SCHEMA_H
#define TSCOPE_CASE_SCHEMA_H

#include <stdint.h>

/** @file The tables of a case file (docs/case.md). Any change of them is a new version. */

/** "TSCO", in the file's header, where file(1) and SQLite look for it. */
#define TSCOPE_SCHEMA_APPLICATION 0x5453434f
#define TSCOPE_SCHEMA_VERSION 1

/** Statements that make all tables, in parts; ends with NULL. */
extern const char *const tscope_schema_parts[];

#endif
