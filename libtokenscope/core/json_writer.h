/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_WRITER_H
#define TSCOPE_CORE_JSON_WRITER_H

#include "core/base64url.h"
#include "core/buffer.h"
#include "core/json.h"

/** @file Writes JSON straight into a buffer, members in the order they are given. Failure shows in the buffer. */

struct tscope_json_writer;

/** Who says what of a token's strings is secret. */
struct tscope_json_veil {
    /* Asked for each string that tscope_json_write_value meets: writes what may be seen of it, or false: it is no secret. */
    bool (*write)(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value);
    /* Asked once for all of a value, of an index that is compact: false when write is sure to find nothing in it. */
    bool (*may_hide)(const struct tscope_json *json, const struct tscope_value *value);
};

struct tscope_json_writer {
    struct tscope_buffer *buffer;
    bool pretty; /* two spaces an indent, else no white space at all */
    uint8_t depth;
    uint64_t has_item; /* bit a depth: something was written there already (64 levels at most) */
    bool after_name;
    const struct tscope_json_veil *veil; /* NULL: nothing is secret */
};

void tscope_json_writer_init(struct tscope_json_writer *writer, struct tscope_buffer *buffer, bool pretty);
void tscope_json_write_object(struct tscope_json_writer *writer);
void tscope_json_write_object_end(struct tscope_json_writer *writer);
void tscope_json_write_array(struct tscope_json_writer *writer);
void tscope_json_write_array_end(struct tscope_json_writer *writer);
/** What tscope_json_write_name() does, the length known. */
void tscope_json_write_own_name(struct tscope_json_writer *writer, const char *name, size_t name_len);
/** A member's name: always one of the program's own, plain text without quote and backslash, and written as it is. */
static inline void
tscope_json_write_name(struct tscope_json_writer *writer, const char *name)
{
    tscope_json_write_own_name(writer, name, strlen(name)); /* of a literal the compiler knows it */
}
/** Bytes as a string: control characters, quotes, U+2028/9 and DEL escaped; bytes that are not UTF-8 become U+FFFD. */
void tscope_json_write_string(struct tscope_json_writer *writer, struct tscope_span text);
void tscope_json_write_text(struct tscope_json_writer *writer, const char *text);
/** What tscope_json_write_word() does, the length known. */
void tscope_json_write_own_word(struct tscope_json_writer *writer, const char *word, size_t word_len);
/** A word of the program's own, an id mostly: plain text, written as it is. */
static inline void
tscope_json_write_word(struct tscope_json_writer *writer, const char *word)
{
    tscope_json_write_own_word(writer, word, strlen(word));
}
/**
 * A string that is put together in the buffer: what is appended to it between the two is the text, and what of it needs an escape gets
 * it at the end. start: what begin returned.
 */
size_t tscope_json_write_string_begin(struct tscope_json_writer *writer);
void tscope_json_write_string_end(struct tscope_json_writer *writer, size_t start);
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
static inline void
tscope_json_write_named_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_text(writer, text);
}

static inline void
tscope_json_write_named_word(struct tscope_json_writer *writer, const char *name, const char *word)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_word(writer, word);
}

static inline void
tscope_json_write_named_string(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_string(writer, text);
}

static inline void
tscope_json_write_named_integer(struct tscope_json_writer *writer, const char *name, int64_t value)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_integer(writer, value);
}

static inline void
tscope_json_write_named_bool(struct tscope_json_writer *writer, const char *name, bool value)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_bool(writer, value);
}

static inline void
tscope_json_write_named_time(struct tscope_json_writer *writer, const char *name, int64_t time)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_time(writer, time);
}

#endif
