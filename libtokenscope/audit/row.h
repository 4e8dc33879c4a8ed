/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_ROW_H
#define TSCOPE_AUDIT_ROW_H

#include "audit/record.h"
#include "core/json.h"

/**
 * @file One row as an object of JSON, whose members are asked for by name in any case: Microsoft writes sessionId, SessionId and c_sid of
 * the same thing. A member that is JSON as text (as CSV and Log Analytics have it) is opened when it is asked for.
 */

struct tscope_row {
    const struct tscope_json *json;
    const struct tscope_value *object; /* an object or array; NULL: nothing is there */
    struct tscope_arena *arena;
    bool *no_memory; /* set when an answer is missing for want of memory */
};

/** The member's value: NULL when there is none, or it is null. Of several the first. */
const struct tscope_value *tscope_row_value(const struct tscope_row *row, const char *name);
/** A member's text: a string, or a number or word as written. data NULL: no such member, empty, or no text. */
struct tscope_span tscope_row_text(const struct tscope_row *row, const char *name);
/** The first of several names that has text; the list ends with NULL. */
struct tscope_span tscope_row_any_text(const struct tscope_row *row, const char *const *names);
#define tscope_row_first_text(row, ...) tscope_row_any_text(row, (const char *const[]){__VA_ARGS__, NULL})
/** A member that is an object or array, or the text of one; object NULL else. Of an array of objects with one element: that one. */
struct tscope_row tscope_row_open(const struct tscope_row *row, const char *name);
/** The same, arrays left as they are. */
struct tscope_row tscope_row_open_list(const struct tscope_row *row, const char *name);
/** Walks an array; value NULL to begin. Elements that are objects only. False behind the last. */
bool tscope_row_next(const struct tscope_row *list, struct tscope_row *element);
/** Of a list of {Name, Value} or {key, value} the value of that name. */
struct tscope_span tscope_row_property(const struct tscope_row *list, const char *name);
bool tscope_row_is(const struct tscope_row *row, const char *name, const char *text);
bool tscope_row_has(const struct tscope_row *row, const char *name);
/** A time; TSCOPE_TIME_NONE when there is none, or a placeholder such as year 1. */
int64_t tscope_row_time(const struct tscope_row *row, const char *name);
int64_t tscope_row_integer(const struct tscope_row *row, const char *name, int64_t otherwise);
bool tscope_row_true(const struct tscope_row *row, const char *name);

#endif
