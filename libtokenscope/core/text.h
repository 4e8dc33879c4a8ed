/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_TEXT_H
#define TSCOPE_CORE_TEXT_H

#include "core/buffer.h"

/** @file Text questions that never depend on a locale. */

/** True for well-formed UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF); else where it first fails. */
bool tscope_text_is_utf8(struct tscope_span text, size_t *ret_offset);
bool tscope_text_is_ascii(struct tscope_span text);
/** Reads one code point at *offset and moves behind it; UINT32_MAX for a byte that is not UTF-8 (moves one byte). */
uint32_t tscope_text_code_point(struct tscope_span text, size_t *offset);
/** Writes a code point up to U+10FFFF; bytes written. */
size_t tscope_text_encode_utf8(uint32_t code_point, uint8_t out[4]);
void tscope_text_append_utf8(struct tscope_buffer *buffer, uint32_t code_point);

/** ASCII letters only are folded. */
bool tscope_text_equal_fold(struct tscope_span a, struct tscope_span b);
bool tscope_text_starts_with(struct tscope_span text, struct tscope_span prefix);
bool tscope_text_starts_with_fold(struct tscope_span text, struct tscope_span prefix);
bool tscope_text_ends_with(struct tscope_span text, struct tscope_span suffix);
bool tscope_text_ends_with_fold(struct tscope_span text, struct tscope_span suffix);
/** Where needle first stands in text; SIZE_MAX when it does not. */
size_t tscope_text_find(struct tscope_span text, struct tscope_span needle);
struct tscope_span tscope_text_trim(struct tscope_span text);

/** True for a code point that is invisible, or able to change how what stands around it is shown: controls, bidirectional marks… */
bool tscope_text_is_unsafe(uint32_t code_point);
/**
 * Appends text for a terminal or a message: single-quoted, cut to max bytes of input with an ellipsis, control and
 * bidirectional characters and bytes that are not UTF-8 as \xNN or \uNNNN.
 */
void tscope_text_quote(struct tscope_buffer *buffer, struct tscope_span text, size_t max);
/** The same escapes, no quotes. */
void tscope_text_escape(struct tscope_buffer *buffer, struct tscope_span text, size_t max);

/**
 * True when text, after full-width and look-alike letters (Cyrillic, Greek, mathematical), case, and surrounding or
 * zero-width space are folded away, reads word (lower-case ASCII).
 */
bool tscope_text_looks_like(struct tscope_span text, const char *word);

/** 8-4-4-4-12 hexadecimal digits, either case. guid gets the 16 bytes in text order; may be NULL. */
bool tscope_text_is_guid(struct tscope_span text, uint8_t guid[16]);

/** Hexadecimal digits, either case, to bytes; false unless it is exactly 2 * out_len of them. */
bool tscope_text_from_hex(struct tscope_span text, uint8_t *out, size_t out_len);
void tscope_text_to_hex(const uint8_t *data, size_t len, char *out); /* 2 * len characters and a NUL */

#endif
