/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"
#include "keys/jwk.h"

static struct tscope_span
without_zeros(struct tscope_span number)
{
    while (number.len > 1 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

/* Exactly the field's width (RFC 7518 section 6.2.1.2), whatever zeros were published. */
static void
append_coordinate(struct tscope_buffer *buffer, struct tscope_span number, size_t width)
{
    uint8_t padded[66] = {0};

    number = without_zeros(number);
    if (number.len > width || width > sizeof(padded)) {
        tscope_base64url_encode(buffer, number.data, number.len);
        return;
    }
    memcpy(padded + width - number.len, number.data, number.len);
    tscope_base64url_encode(buffer, padded, width);
}

static void
append_number(struct tscope_buffer *buffer, struct tscope_span number)
{
    number = without_zeros(number);
    tscope_base64url_encode(buffer, number.data, number.len);
}

static void
append_ec(const struct tscope_key_numbers *numbers, struct tscope_buffer *buffer)
{
    size_t width = tscope_curve_width(numbers->curve);

    tscope_buffer_append_text(buffer, "{\"crv\":\"");
    tscope_buffer_append_text(buffer, tscope_curve_name(numbers->curve));
    tscope_buffer_append_text(buffer, "\",\"kty\":\"EC\",\"x\":\"");
    append_coordinate(buffer, numbers->x, width);
    tscope_buffer_append_text(buffer, "\",\"y\":\"");
    append_coordinate(buffer, numbers->y, width);
    tscope_buffer_append_text(buffer, "\"}");
}

static void
append_okp(const struct tscope_key_numbers *numbers, struct tscope_buffer *buffer)
{
    tscope_buffer_append_text(buffer, "{\"crv\":\"");
    tscope_buffer_append_text(buffer, tscope_curve_name(numbers->curve));
    tscope_buffer_append_text(buffer, "\",\"kty\":\"OKP\",\"x\":\"");
    tscope_base64url_encode(buffer, numbers->x.data, numbers->x.len);
    tscope_buffer_append_text(buffer, "\"}");
}

bool
tscope_jwk_canonical(const struct tscope_key_numbers *numbers, struct tscope_buffer *buffer)
{
    bool has_curve = numbers->curve != TSCOPE_CURVE_NONE;

    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        if (!numbers->n.data || !numbers->e.data)
            return false;
        tscope_buffer_append_text(buffer, "{\"e\":\"");
        append_number(buffer, numbers->e);
        tscope_buffer_append_text(buffer, "\",\"kty\":\"RSA\",\"n\":\"");
        append_number(buffer, numbers->n);
        tscope_buffer_append_text(buffer, "\"}");
        return true;
    case TSCOPE_KEY_EC:
        if (!has_curve || !numbers->x.data || !numbers->y.data)
            return false;
        append_ec(numbers, buffer);
        return true;
    case TSCOPE_KEY_OKP:
        if (!has_curve || !numbers->x.data)
            return false;
        append_okp(numbers, buffer);
        return true;
    case TSCOPE_KEY_OCT:
        if (!numbers->k.data)
            return false;
        tscope_buffer_append_text(buffer, "{\"k\":\"");
        tscope_base64url_encode(buffer, numbers->k.data, numbers->k.len);
        tscope_buffer_append_text(buffer, "\",\"kty\":\"oct\"}");
        return true;
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return false;
}
