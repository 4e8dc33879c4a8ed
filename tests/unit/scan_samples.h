/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCAN_SAMPLES_H
#define SCAN_SAMPLES_H

#include <tokenscope/scan.h>

#include "core/base64url.h"
#include "core/buffer.h"
#include "core/span.h"

/** @file A token written in every way that the scanner reads. */

struct scan_sample {
    const char *name;
    enum tscope_find_encoding encoding;
    void (*write)(struct tscope_buffer *out, struct tscope_span token);
};

static inline void
write_plain(struct tscope_buffer *out, struct tscope_span token)
{
    tscope_buffer_append(out, token.data, token.len);
}

static inline void
write_utf16le(struct tscope_buffer *out, struct tscope_span token)
{
    for (size_t i = 0; i < token.len; i++) {
        tscope_buffer_append_byte(out, token.data[i]);
        tscope_buffer_append_byte(out, 0);
    }
}

static inline void
write_utf16be(struct tscope_buffer *out, struct tscope_span token)
{
    for (size_t i = 0; i < token.len; i++) {
        tscope_buffer_append_byte(out, 0);
        tscope_buffer_append_byte(out, token.data[i]);
    }
}

/* Each byte, or the dots alone, as the hexadecimal or decimal digits of an escape. */
struct escape {
    const char *before, *behind;
    int base; /* 16: upper case; -16: lower case; 10 */
    bool all;
};

static inline void
write_escaped(struct tscope_buffer *out, struct tscope_span token, struct escape escape)
{
    for (size_t i = 0; i < token.len; i++) {
        if (!escape.all && token.data[i] != '.') {
            tscope_buffer_append_byte(out, token.data[i]);
            continue;
        }
        tscope_buffer_append_text(out, escape.before);
        if (escape.base == 16)
            tscope_buffer_append_format(out, "%02X", token.data[i]);
        else if (escape.base == -16)
            tscope_buffer_append_format(out, "%02x", token.data[i]);
        else if (escape.base == 10)
            tscope_buffer_append_format(out, "%d", token.data[i]);
        tscope_buffer_append_text(out, escape.behind);
    }
}

#define WRITE_ESCAPED(name, ...)                                             \
    static inline void name(struct tscope_buffer *out, struct tscope_span t) \
    {                                                                        \
        write_escaped(out, t, (struct escape){__VA_ARGS__});                 \
    }

WRITE_ESCAPED(write_percent, "%", "", 16, false)
WRITE_ESCAPED(write_percent_lower, "%", "", -16, false)
WRITE_ESCAPED(write_percent_all, "%", "", 16, true)
WRITE_ESCAPED(write_percent_twice, "%25", "", 16, false)
WRITE_ESCAPED(write_percent_twice_all, "%25", "", -16, true)
WRITE_ESCAPED(write_json, "\\u00", "", -16, false)
WRITE_ESCAPED(write_json_twice, "\\\\u00", "", 16, false)
WRITE_ESCAPED(write_html, "&#", ";", 10, false)
WRITE_ESCAPED(write_html_hex, "&#x", ";", -16, false)
WRITE_ESCAPED(write_html_twice, "&amp;#x", ";", 16, false)
WRITE_ESCAPED(write_html_name, "&period;", "", 0, false)

static inline void
write_json_utf16le(struct tscope_buffer *out, struct tscope_span token)
{
    struct tscope_buffer inner = {.data = NULL};

    write_json(&inner, token);
    write_utf16le(out, tscope_span_of(inner.data, inner.len));
    tscope_buffer_clear(&inner);
}

/* Lines of so many characters, and what stands between two of them. */
static inline void
write_lines(struct tscope_buffer *out, struct tscope_span token, size_t width, const char *between)
{
    for (size_t at = 0; at < token.len; at += width) {
        if (at > 0)
            tscope_buffer_append_text(out, between);
        tscope_buffer_append(out, token.data + at, token.len - at < width ? token.len - at : width);
    }
}

static inline void
write_folded(struct tscope_buffer *out, struct tscope_span token)
{
    write_lines(out, token, 30, "\r\n ");
}

static inline void
write_wrapped_lines(struct tscope_buffer *out, struct tscope_span token)
{
    write_lines(out, token, 17, "\n");
}

static inline void
write_quoted_printable(struct tscope_buffer *out, struct tscope_span token)
{
    write_lines(out, token, 23, "=\r\n");
}

static inline void
write_shell(struct tscope_buffer *out, struct tscope_span token)
{
    write_lines(out, token, 40, "\\\n");
}

static const struct scan_sample scan_samples[] = {
    {"plain", TSCOPE_FIND_ENCODING_ASCII, write_plain},
    {"UTF-16LE", TSCOPE_FIND_ENCODING_UTF16LE, write_utf16le},
    {"UTF-16BE", TSCOPE_FIND_ENCODING_UTF16BE, write_utf16be},
    {"%2E", TSCOPE_FIND_ENCODING_PERCENT, write_percent},
    {"%2e", TSCOPE_FIND_ENCODING_PERCENT, write_percent_lower},
    {"%65%79", TSCOPE_FIND_ENCODING_PERCENT, write_percent_all},
    {"%252E", TSCOPE_FIND_ENCODING_PERCENT, write_percent_twice},
    {"%2565%2579", TSCOPE_FIND_ENCODING_PERCENT, write_percent_twice_all},
    {"\\u002e", TSCOPE_FIND_ENCODING_JSON, write_json},
    {"\\\\u002E", TSCOPE_FIND_ENCODING_JSON, write_json_twice},
    {"&#46;", TSCOPE_FIND_ENCODING_HTML, write_html},
    {"&#x2e;", TSCOPE_FIND_ENCODING_HTML, write_html_hex},
    {"&amp;#x2E;", TSCOPE_FIND_ENCODING_HTML, write_html_twice},
    {"&period;", TSCOPE_FIND_ENCODING_HTML, write_html_name},
    {"JSON in UTF-16LE", TSCOPE_FIND_ENCODING_UTF16LE, write_json_utf16le},
    {"folded", TSCOPE_FIND_ENCODING_FOLDED, write_folded},
    {"wrapped", TSCOPE_FIND_ENCODING_FOLDED, write_wrapped_lines},
    {"quoted-printable", TSCOPE_FIND_ENCODING_FOLDED, write_quoted_printable},
    {"shell", TSCOPE_FIND_ENCODING_FOLDED, write_shell},
};

#endif
