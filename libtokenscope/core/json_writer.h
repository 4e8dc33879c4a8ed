/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_WRITER_H
#define TSCOPE_CORE_JSON_WRITER_H

#include "core/base64url.h"
#include "core/buffer.h"
#include "core/json.h"

/** @file Writes JSON straight into a buffer, members in the order they are given. Failure shows in the buffer. */

struct tscope_json_writer {
    struct tscope_buffer *buffer;
    bool pretty; /* two spaces an indent, else no white space at all */
    uint8_t depth;
    uint64_t has_item; /* bit a depth: something was written there already (64 levels at most) */
    bool after_name;
    /* Asked for each string that tscope_json_write_value meets: writes what may be seen of it, or false: it is no secret. NULL: none is. */
    bool (*veil)(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value);
};

void tscope_json_writer_init(struct tscope_json_writer *writer, struct tscope_buffer *buffer, bool pretty);
void tscope_json_write_object(struct tscope_json_writer *writer);
void tscope_json_write_object_end(struct tscope_json_writer *writer);
void tscope_json_write_array(struct tscope_json_writer *writer);
void tscope_json_write_array_end(struct tscope_json_writer *writer);
void tscope_json_write_name(struct tscope_json_writer *writer, const char *name);
/** Bytes as a string: control characters, quotes, U+2028/9 and DEL escaped; bytes that are not UTF-8 become U+FFFD. */
void tscope_json_write_string(struct tscope_json_writer *writer, struct tscope_span text);
void tscope_json_write_text(struct tscope_json_writer *writer, const char *text);
void tscope_json_write_integer(struct tscope_json_writer *writer, int64_t value);
void tscope_json_write_bool(struct tscope_json_writer *writer, bool value);
void tscope_json_write_null(struct tscope_json_writer *writer);
/** A value that is JSON already. */
void tscope_json_write_raw(struct tscope_json_writer *writer, struct tscope_span json);
/** Seconds since the epoch as RFC 3339 text; null for TSCOPE_TIME_NONE. */
void tscope_json_write_time(struct tscope_json_writer *writer, int64_t time);
/** Hexadecimal, base64url: bytes as text. */
void tscope_json_write_hex(struct tscope_json_writer *writer, const uint8_t *data, size_t len);
void tscope_json_write_base64url(struct tscope_json_writer *writer, const uint8_t *data, size_t len);
/**
 * An indexed value again as valid JSON: order kept, numbers as written where they are JSON numbers, of equal names the
 * first, what is no JSON (NaN) as a string. Values deeper than 48 levels below become "…".
 */
void tscope_json_write_value(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value);

/** name and value in one call. */
void tscope_json_write_named_text(struct tscope_json_writer *writer, const char *name, const char *text);
void tscope_json_write_named_string(struct tscope_json_writer *writer, const char *name, struct tscope_span text);
void tscope_json_write_named_integer(struct tscope_json_writer *writer, const char *name, int64_t value);
void tscope_json_write_named_bool(struct tscope_json_writer *writer, const char *name, bool value);
void tscope_json_write_named_time(struct tscope_json_writer *writer, const char *name, int64_t time);

#endif
