/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_BASE64URL_H
#define TSCOPE_CORE_BASE64URL_H

#include "core/buffer.h"

/** @file base64url (RFC 4648 section 5, without padding as RFC 7515 section 2 wants it): strict, and tolerant with each deviation located.
 */

#define TSCOPE_FOREACH_BASE64_FLAW(X)                              \
    X(PADDING, "padding", "'=' padding")                           \
    X(ALPHABET, "alphabet", "'+' or '/' of the standard alphabet") \
    X(WHITESPACE, "whitespace", "white space")                     \
    X(FOREIGN, "foreign", "a byte outside the alphabet")           \
    X(SPARE_BITS, "spare-bits", "spare bits that are not zero")    \
    X(LENGTH, "length", "a length that no bytes encode to")

enum tscope_base64_flaw_kind {
#define TSCOPE_BASE64_FLAW_ENUM(name, id, words) TSCOPE_BASE64_##name,
    TSCOPE_FOREACH_BASE64_FLAW(TSCOPE_BASE64_FLAW_ENUM)
#undef TSCOPE_BASE64_FLAW_ENUM
};

/** One run of deviating bytes: adjacent ones of a kind are one flaw. */
struct tscope_base64_flaw {
    enum tscope_base64_flaw_kind kind;
    size_t offset; /* in the encoded text */
    size_t len;
};

/** Bytes that hold any decoding of len characters. */
size_t tscope_base64url_bound(size_t len);

/** Strict: no padding, no foreign byte, spare bits zero. out needs tscope_base64url_bound(len) bytes. False: out is not defined. */
bool tscope_base64url_decode(const uint8_t *text, size_t len, uint8_t *out, size_t *ret_len);

/**
 * Tolerant: reads on past every deviation and says where each is, in order; a last character that encodes no whole byte is dropped.
 *
 * @param flaws      room for flaws_max entries; further ones are counted, not stored
 * @param ret_flaws  how many there were
 * @return bytes written to out
 */
size_t tscope_base64url_decode_tolerant(const uint8_t *text, size_t len, uint8_t *out, struct tscope_base64_flaw *flaws, size_t flaws_max,
                                        size_t *ret_flaws);

/** Standard base64 (RFC 4648 section 4) as in PEM and x5c: white space allowed, padding optional but right. False on anything else. */
bool tscope_base64_decode(const uint8_t *text, size_t len, uint8_t *out, size_t *ret_len);

void tscope_base64url_encode(struct tscope_buffer *buffer, const uint8_t *data, size_t len);
void tscope_base64_encode(struct tscope_buffer *buffer, const uint8_t *data, size_t len);

const char *tscope_base64_flaw_id(enum tscope_base64_flaw_kind kind);
const char *tscope_base64_flaw_text(enum tscope_base64_flaw_kind kind);

#endif
