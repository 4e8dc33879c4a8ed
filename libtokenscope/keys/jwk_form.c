/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "keys/jwk.h"

/* One number as text and as decoded; data NULL: it could not be. */
static unsigned
form_of(struct tscope_span text, struct tscope_span number)
{
    unsigned form = 0;

    if (!text.data)
        return 0;
    if (text.len > 0 && text.data[text.len - 1] == '=')
        form |= TSCOPE_KEY_FORM_PADDED;
    if (!number.data)
        form |= TSCOPE_KEY_FORM_ENCODING;
    return form;
}

/* Base64urlUInt has the fewest octets that hold the number (RFC 7518 section 2). */
static unsigned
form_of_integer(struct tscope_span text, struct tscope_span number)
{
    bool has_zeros = text.data && number.data && number.len > 1 && number.data[0] == 0;

    return form_of(text, number) | (has_zeros ? TSCOPE_KEY_FORM_ZEROS : 0u);
}

/* A coordinate has its field's width, whatever zeros it begins with (RFC 7518 section 6.2.1.2). */
static unsigned
form_of_coordinate(struct tscope_span text, struct tscope_span number, size_t width)
{
    bool is_wrong = text.data && number.data && width > 0 && number.len != width;

    return form_of(text, number) | (is_wrong ? TSCOPE_KEY_FORM_WIDTH : 0u);
}

unsigned
tscope_jwk_form(const struct tscope_jwk *jwk, const struct tscope_key_numbers *numbers)
{
    size_t width = tscope_curve_width(numbers->curve);

    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        return form_of_integer(jwk->n, numbers->n) | form_of_integer(jwk->e, numbers->e);
    case TSCOPE_KEY_EC:
        return form_of_coordinate(jwk->x, numbers->x, width) | form_of_coordinate(jwk->y, numbers->y, width);
    case TSCOPE_KEY_OKP:
        return form_of(jwk->x, numbers->x);
    case TSCOPE_KEY_OCT:
        return form_of(jwk->k, numbers->k);
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return 0;
}
