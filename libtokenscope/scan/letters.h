/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_LETTERS_H
#define TSCOPE_SCAN_LETTERS_H

#include "scan/window.h"

/**
 * @file Text letter by letter, however it is written: as it is or in UTF-16, and in either of them percent-encoded (a few times over),
 * with escapes of JSON or HTML, folded over lines.
 */

enum {
    TSCOPE_LETTER_END = -1,  /* no ASCII character stands there */
    TSCOPE_LETTER_MORE = -2, /* it may stand there, but the window ends, which is not the last */
};

/** What characters are, as bits. */
enum {
    TSCOPE_LETTER_URL = 1,      /* of base64url */
    TSCOPE_LETTER_STANDARD = 2, /* '+' and '/' */
    TSCOPE_LETTER_PAD = 4,      /* '=' */
    TSCOPE_LETTER_DOT = 8,
    TSCOPE_LETTER_TILDE = 16,
    TSCOPE_LETTER_OPAQUE = 32, /* '!', '$', '*' of Microsoft accounts' refresh tokens */
};
#define TSCOPE_LETTER_BASE64 (TSCOPE_LETTER_URL | TSCOPE_LETTER_STANDARD)

extern const uint8_t tscope_letter_classes[256];

/** The six bits that a letter of base64 stands for, in either alphabet; -1: it is none. */
static inline int
tscope_letter_value(uint8_t letter)
{
    extern const uint8_t tscope_letter_values[256];

    return tscope_letter_values[letter] - 1;
}

/** How text is written at a place. */
struct tscope_letters {
    const struct tscope_window *window;
    unsigned width; /* bytes of a code unit: 1 or 2 */
    bool big_endian;
    bool folds;      /* ends of lines are read through */
    bool folds_soft; /* and of them those alone that quoted-printable says are none */
};

/** The code unit at a place, or TSCOPE_LETTER_…. */
int tscope_letters_unit(const struct tscope_letters *letters, size_t at);

/**
 * Reads one letter.
 *
 * @param ret_next  the byte behind it
 * @param ret_encoding  how it is written, when it is not as the code units say
 * @return an ASCII character, or TSCOPE_LETTER_…
 */
int tscope_letters_read(const struct tscope_letters *letters, size_t at, size_t *ret_next, enum tscope_find_encoding *ret_encoding);

/**
 * The same backwards, never over ends of lines. What an escape means that begins further in front ("%22", "\n") is one letter.
 *
 * @param ret_begin  its first byte
 */
int tscope_letters_read_back(const struct tscope_letters *letters, size_t at, size_t *ret_begin);

#endif
