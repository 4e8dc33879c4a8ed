/* SPDX-License-Identifier: Apache-2.0 */
#include "core/der.h"

#include "core/time.h"

/* Definite and minimal, at most four length bytes (X.690 sections 8.1.3 and 10.1). */
static bool
read_length(struct tscope_span rest, size_t *ret_header, size_t *ret_len)
{
    size_t count, len = 0;

    if (rest.len < 2)
        return false;
    if (rest.data[1] < 0x80) {
        *ret_header = 2;
        *ret_len = rest.data[1];
        return true;
    }
    count = rest.data[1] & 0x7f;
    if (count == 0 || count > 4 || rest.len < 2 + count || rest.data[2] == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        len = len << 8 | rest.data[2 + i];
    *ret_header = 2 + count;
    *ret_len = len;
    return len >= 0x80;
}

bool
tscope_der_next(struct tscope_der *reader, struct tscope_der_item *ret_item)
{
    struct tscope_span rest = reader->rest;
    size_t header, len;

    if (!read_length(rest, &header, &len) || (rest.data[0] & 0x1f) == 0x1f || len > rest.len - header)
        return false;
    ret_item->tag = rest.data[0];
    ret_item->content = tscope_span_of(rest.data + header, len);
    ret_item->whole = tscope_span_of(rest.data, header + len);
    reader->rest = tscope_span_of(rest.data + header + len, rest.len - header - len);
    return true;
}

bool
tscope_der_take(struct tscope_der *reader, uint8_t tag, struct tscope_der_item *ret_item)
{
    struct tscope_der ahead = *reader;

    if (reader->rest.len == 0 || reader->rest.data[0] != tag || !tscope_der_next(&ahead, ret_item))
        return false;
    *reader = ahead;
    return true;
}

bool
tscope_der_enter(struct tscope_der *reader, uint8_t tag, struct tscope_der *ret_inner)
{
    struct tscope_der_item item;

    if (!tscope_der_take(reader, tag, &item))
        return false;
    ret_inner->rest = item.content;
    return true;
}

bool
tscope_der_unsigned(struct tscope_der *reader, struct tscope_span *ret_magnitude)
{
    struct tscope_der ahead = *reader;
    struct tscope_der_item item;
    const uint8_t *data;

    if (!tscope_der_take(&ahead, TSCOPE_DER_INTEGER, &item) || item.content.len == 0)
        return false;
    data = item.content.data;
    if (data[0] & 0x80)
        return false; /* negative */
    if (data[0] == 0 && item.content.len > 1) {
        if (!(data[1] & 0x80))
            return false; /* not minimal (X.690 section 8.3.2) */
        *ret_magnitude = tscope_span_of(data + 1, item.content.len - 1);
    } else {
        *ret_magnitude = item.content;
    }
    *reader = ahead;
    return true;
}

bool
tscope_der_bits(struct tscope_der *reader, struct tscope_span *ret_bytes)
{
    struct tscope_der ahead = *reader;
    struct tscope_der_item item;

    if (!tscope_der_take(&ahead, TSCOPE_DER_BIT_STRING, &item) || item.content.len == 0 || item.content.data[0] != 0)
        return false;
    *ret_bytes = tscope_span_of(item.content.data + 1, item.content.len - 1);
    *reader = ahead;
    return true;
}

static bool
read_digits(const uint8_t *digits, size_t count, int *ret_number)
{
    int number = 0;

    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        number = number * 10 + (digits[i] - '0');
    }
    *ret_number = number;
    return true;
}

/* YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ; two-digit years are 1950 to 2049. */
static bool
read_time(struct tscope_span text, size_t year_digits, int64_t *ret_time)
{
    int fields[6];
    int64_t days;
    size_t at = year_digits;

    if (text.len != year_digits + 11 || text.data[text.len - 1] != 'Z' || !read_digits(text.data, year_digits, &fields[0]))
        return false;
    for (size_t i = 1; i < 6; i++, at += 2) {
        if (!read_digits(text.data + at, 2, &fields[i]))
            return false;
    }
    if (year_digits == 2)
        fields[0] += fields[0] < 50 ? 2000 : 1900;
    if (fields[3] > 23 || fields[4] > 59 || fields[5] > 59 || !tscope_time_from_civil(fields[0], fields[1], fields[2], &days))
        return false;
    *ret_time = days * 86400 + fields[3] * 3600 + fields[4] * 60 + fields[5];
    return true;
}

bool
tscope_der_time(struct tscope_der *reader, int64_t *ret_time)
{
    struct tscope_der ahead = *reader;
    struct tscope_der_item item;
    size_t year_digits;

    if (tscope_der_take(&ahead, TSCOPE_DER_UTC_TIME, &item))
        year_digits = 2;
    else if (tscope_der_take(&ahead, TSCOPE_DER_GENERALIZED_TIME, &item))
        year_digits = 4;
    else
        return false;
    if (!read_time(item.content, year_digits, ret_time))
        return false;
    *reader = ahead;
    return true;
}

bool
tscope_der_at_end(const struct tscope_der *reader)
{
    return reader->rest.len == 0;
}
