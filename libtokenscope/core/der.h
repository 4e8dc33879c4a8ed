/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_DER_H
#define TSCOPE_CORE_DER_H

#include "core/span.h"

/** @file A reader of DER (X.690): definite, minimal lengths only; it copies nothing and never reads past its span. */

enum {
    TSCOPE_DER_BOOLEAN = 0x01,
    TSCOPE_DER_INTEGER = 0x02,
    TSCOPE_DER_BIT_STRING = 0x03,
    TSCOPE_DER_OCTET_STRING = 0x04,
    TSCOPE_DER_NULL = 0x05,
    TSCOPE_DER_OID = 0x06,
    TSCOPE_DER_UTF8_STRING = 0x0c,
    TSCOPE_DER_PRINTABLE_STRING = 0x13,
    TSCOPE_DER_UTC_TIME = 0x17,
    TSCOPE_DER_GENERALIZED_TIME = 0x18,
    TSCOPE_DER_SEQUENCE = 0x30,
    TSCOPE_DER_SET = 0x31,
};

/** What is left to read. */
struct tscope_der {
    struct tscope_span rest;
};

/** One element: its tag byte (multi-byte tags are refused), its content, and all of it with tag and length. */
struct tscope_der_item {
    uint8_t tag;
    struct tscope_span content;
    struct tscope_span whole;
};

/** Takes the next element; false at the end or when it is not DER (then rest stays at the fault). */
bool tscope_der_next(struct tscope_der *reader, struct tscope_der_item *ret_item);
/** Takes the next element if it has this tag. */
bool tscope_der_take(struct tscope_der *reader, uint8_t tag, struct tscope_der_item *ret_item);
/** Takes the next element if it has this tag, and starts a reader inside it. */
bool tscope_der_enter(struct tscope_der *reader, uint8_t tag, struct tscope_der *ret_inner);
/** Takes a non-negative INTEGER, minimal; its magnitude without leading zero (a zero is one byte 00). */
bool tscope_der_unsigned(struct tscope_der *reader, struct tscope_span *ret_magnitude);
/** Takes a BIT STRING of whole bytes. */
bool tscope_der_bits(struct tscope_der *reader, struct tscope_span *ret_bytes);
/** Takes a UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 has them (seconds, Z); seconds since the epoch. */
bool tscope_der_time(struct tscope_der *reader, int64_t *ret_time);
bool tscope_der_at_end(const struct tscope_der *reader);

#endif
