/* SPDX-License-Identifier: Apache-2.0 */
#include "escape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Bytes of the UTF-8 sequence that begins here, with its code point; 0 when there is none (RFC 3629 section 4). */
static size_t
take_code_point(const unsigned char *text, size_t text_len, uint32_t *ret_code_point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;
    uint32_t code_point = len == 1 ? text[0] : text[0] & (0x7fu >> len);

    if (len == 0 || len > text_len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code_point = code_point << 6 | (text[i] & 0x3f);
    }
    if (code_point < smallest[len] || code_point > 0x10ffff || (code_point >= 0xd800 && code_point < 0xe000))
        return 0;
    *ret_code_point = code_point;
    return len;
}

static int
is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c < 0xe1000);
}

void
escape_write(FILE *file, const char *text, size_t text_len)
{
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < text_len;) {
        uint32_t code_point = 0;
        size_t len = take_code_point(bytes + i, text_len - i, &code_point);

        if (len == 0 || (is_unsafe(code_point) && code_point < 0x80)) {
            fprintf(file, "\\x%02x", bytes[i]);
            i++;
            continue;
        }
        if (is_unsafe(code_point))
            fprintf(file, code_point > 0xffff ? "\\U%08x" : "\\u%04x", code_point);
        else
            fwrite(bytes + i, 1, len, file);
        i += len;
    }
}

char *
escape_text(const char *text)
{
    char *escaped = NULL;
    size_t escaped_len = 0;
    FILE *file = open_memstream(&escaped, &escaped_len);

    if (!file)
        return memory_copy("?");
    escape_write(file, text, strlen(text));
    if (fclose(file) != 0) {
        free(escaped);
        return memory_copy("?");
    }
    return escaped;
}

size_t
escape_columns(const char *text)
{
    size_t columns = 0;

    for (; *text; text++)
        columns += (*text & 0xc0) != 0x80;
    return columns;
}
