/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

/* How a kid is written: its letters and its length. */

static bool
is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool
is_of(enum tscope_kid_alphabet alphabet, uint8_t byte)
{
    switch (alphabet) {
    case TSCOPE_KID_DECIMAL:
        return is_digit(byte);
    case TSCOPE_KID_HEX:
        return is_digit(byte) || (byte >= 'a' && byte <= 'f');
    case TSCOPE_KID_HEX_UPPER:
        return is_digit(byte) || (byte >= 'A' && byte <= 'F');
    case TSCOPE_KID_GUID:
        return is_digit(byte) || (byte >= 'a' && byte <= 'f') || byte == '-';
    case TSCOPE_KID_ALNUM:
        return is_digit(byte) || is_letter(byte);
    case TSCOPE_KID_BASE64URL:
        return is_digit(byte) || is_letter(byte) || byte == '-' || byte == '_';
    case TSCOPE_KID_BASE64:
        return is_digit(byte) || is_letter(byte) || byte == '+' || byte == '/' || byte == '=';
    case TSCOPE_KID_ANY:
        return true;
    }
    return false;
}

static bool
is_written_in(enum tscope_kid_alphabet alphabet, struct tscope_span kid)
{
    for (size_t i = 0; i < kid.len; i++) {
        if (!is_of(alphabet, kid.data[i]))
            return false;
    }
    return true;
}

bool
tscope_profile_kid_fits(struct tscope_profile_kid shape, struct tscope_span kid)
{
    if (shape.len_max == 0)
        return true;
    return kid.len >= shape.len_min && kid.len <= shape.len_max && is_written_in(shape.alphabet, kid);
}

struct tscope_profile_kid
tscope_profile_kid_shape(struct tscope_span kid)
{
    enum tscope_kid_alphabet alphabet = TSCOPE_KID_DECIMAL;

    if (kid.len == 0 || kid.len > UINT8_MAX)
        return (struct tscope_profile_kid){0};
    while (alphabet < TSCOPE_KID_ANY && !is_written_in(alphabet, kid))
        alphabet++;
    return (struct tscope_profile_kid){(uint8_t)alphabet, (uint8_t)kid.len, (uint8_t)kid.len};
}
