/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"

/* A number's text taken apart: significant digits, without zeros at either end, times ten to the exponent. */
struct decimal {
    bool negative;
    struct tscope_span digits; /* may hold the point */
    size_t digits_len;         /* without it */
    int64_t exponent;
};

/* Far beyond any double, far below overflow. */
#define EXPONENT_MAX INT64_C(1000000000)
#define SMALL_DIGITS 15

static int64_t
read_exponent(struct tscope_span text)
{
    bool down = text.len && text.data[0] == '-';
    int64_t exponent = 0;

    for (size_t i = text.len && (down || text.data[0] == '+'); i < text.len; i++) {
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (text.data[i] - '0');
    }
    return down ? -exponent : exponent;
}

static size_t
find_byte(struct tscope_span text, uint8_t a, uint8_t b)
{
    size_t at = 0;

    while (at < text.len && text.data[at] != a && text.data[at] != b)
        at++;
    return at;
}

static bool
take_apart(const struct tscope_json *json, const struct tscope_value *value, struct decimal *ret_decimal)
{
    struct decimal decimal = {0};
    struct tscope_span raw, mantissa;
    size_t end, point, first, last;

    /* of a number that may have been cut nobody knows the value */
    if (!value || value->type != TSCOPE_JSON_NUMBER || value->len == 0 || value->flags & TSCOPE_VALUE_OPEN)
        return false;
    raw = tscope_json_raw(json, value);
    decimal.negative = raw.data[0] == '-';
    raw = tscope_span_of(raw.data + decimal.negative, raw.len - decimal.negative);
    if (raw.len == 0 || raw.data[0] < '0' || raw.data[0] > '9')
        return false; /* NaN */
    end = find_byte(raw, 'e', 'E');
    mantissa = tscope_span_of(raw.data, end);
    point = find_byte(mantissa, '.', '.');
    if (end < raw.len)
        decimal.exponent = read_exponent(tscope_span_of(raw.data + end + 1, raw.len - end - 1));

    for (first = 0; first < mantissa.len && (mantissa.data[first] == '0' || first == point);)
        first++;
    for (last = mantissa.len; last > first && (mantissa.data[last - 1] == '0' || last - 1 == point);)
        last--;
    decimal.digits = tscope_span_of(mantissa.data + first, last - first);
    decimal.digits_len = decimal.digits.len - (point >= first && point < last);
    decimal.exponent += (int64_t)point - (int64_t)last + (last > point);
    *ret_decimal = decimal;
    return true;
}

/* Up to eighteen digits and nothing else, as nearly all are; false: it is to be taken apart. */
static bool
read_digits(const struct tscope_json *json, const struct tscope_value *value, int64_t *ret_integer)
{
    struct tscope_span raw = tscope_json_raw(json, value);
    int64_t integer = 0;

    if (raw.len > 18)
        return false;
    for (size_t i = 0; i < raw.len; i++) {
        const unsigned digit = raw.data[i] - (unsigned)'0';

        if (digit > 9)
            return false;
        integer = integer * 10 + digit;
    }
    *ret_integer = integer;
    return raw.len > 0;
}

bool
tscope_json_integer(const struct tscope_json *json, const struct tscope_value *value, int64_t *ret_integer)
{
    struct decimal decimal;
    uint64_t magnitude = 0;

    if (value && value->type == TSCOPE_JSON_NUMBER && !(value->flags & TSCOPE_VALUE_OPEN) && read_digits(json, value, ret_integer))
        return true;
    if (!take_apart(json, value, &decimal))
        return false;
    if (decimal.digits_len == 0) {
        *ret_integer = 0;
        return true;
    }
    /* without zeros at its end a number with a negative exponent is no whole one */
    if (decimal.exponent < 0 || decimal.exponent > 18 || decimal.digits_len > 19)
        return false;
    for (size_t i = 0; i < decimal.digits.len; i++) {
        if (decimal.digits.data[i] != '.')
            magnitude = magnitude * 10 + (uint64_t)(decimal.digits.data[i] - '0');
    }
    while (decimal.exponent-- > 0) {
        if (__builtin_mul_overflow(magnitude, 10, &magnitude))
            return false;
    }
    if (magnitude > (uint64_t)INT64_MAX + decimal.negative)
        return false;
    *ret_integer = (int64_t)(decimal.negative ? 0 - magnitude : magnitude);
    return true;
}

/* Of so few digits every integer is a double, and no power of ten is asked for: dates are such. */
static bool
small_integer(const struct decimal *decimal, double *ret_number)
{
    int64_t integer = 0;

    if (decimal->exponent < 0 || decimal->digits_len == 0 || (int64_t)decimal->digits_len > SMALL_DIGITS - decimal->exponent)
        return false;
    for (size_t i = 0; i < decimal->digits.len; i++) {
        if (decimal->digits.data[i] != '.')
            integer = integer * 10 + (decimal->digits.data[i] - '0');
    }
    for (int64_t i = 0; i < decimal->exponent; i++)
        integer *= 10;
    *ret_number = (double)(decimal->negative ? -integer : integer);
    return true;
}

/* Digits that decide how a double rounds are fewer; one more says whether others followed. */
#define DIGITS_MAX 800

bool
tscope_json_number(const struct tscope_json *json, const struct tscope_value *value, double *ret_number)
{
    char text[DIGITS_MAX + 40];
    struct decimal decimal;
    int64_t exponent;
    size_t len = 0;

    if (!take_apart(json, value, &decimal))
        return false;
    if (small_integer(&decimal, ret_number))
        return true;
    exponent = decimal.exponent;
    for (size_t i = 0; i < decimal.digits.len && len < DIGITS_MAX; i++) {
        if (decimal.digits.data[i] != '.')
            text[len++] = (char)decimal.digits.data[i];
    }
    if (len < decimal.digits_len) {
        exponent += (int64_t)(decimal.digits_len - len) - 1;
        text[len++] = '1';
    }
    /* no point in what strtod reads: that is what a locale changes */
    snprintf(text + len, sizeof(text) - len, "%se%lld", len ? "" : "0", (long long)(len ? exponent : 0));
    *ret_number = strtod(text, NULL);
    if (decimal.negative)
        *ret_number = -*ret_number;
    return true;
}
