/* SPDX-License-Identifier: Apache-2.0 */
#include "token/mask.h"

#include "core/alloc.h"
#include "core/text.h"

#define WORDS_LEN_MAX 64   /* a mask in words is a short one; in longer text the words may be there by chance */
#define MASKED_TAIL_MIN 16 /* the same character so often at the end is none of a signature's */

static bool
contains(struct tscope_span text, struct tscope_span needle)
{
    return tscope_text_find(text, needle) != SIZE_MAX;
}

/* Length of the run of one character that the text ends with. */
static size_t
tail_len(struct tscope_span text)
{
    size_t len = 1;

    while (len < text.len && text.data[text.len - 1 - len] == text.data[text.len - 1])
        len++;
    return len;
}

/* Six letters at least: of shorter words one signature in ten thousand holds one. */
static bool
contains_mask_word(struct tscope_span text)
{
    static const char *const words[] = {
        "redacted", "removed",  "masked",  "sanitized", "sanitised", "hidden",      "stripped",  "omitted",
        "filtered", "scrubbed", "deleted", "truncated", "censored",  "placeholder", "signature",
    };

    for (size_t i = 0; i < TSCOPE_COUNT(words); i++) {
        struct tscope_span word = tscope_span_text(words[i]);

        for (size_t at = 0; at + word.len <= text.len; at++) {
            if (tscope_text_equal_fold(tscope_span_of(text.data + at, word.len), word))
                return true;
        }
    }
    return false;
}

bool
tscope_mask_is_run(struct tscope_span text)
{
    size_t tail = text.len ? tail_len(text) : 0;

    /* zeros behind something else may be half of an ECDSA signature, which is an attack of its own */
    return tail == text.len ? tail >= 3 : tail >= MASKED_TAIL_MIN && text.data[text.len - 1] != 'A';
}

bool
tscope_mask_has_mark(struct tscope_span text)
{
    const struct tscope_span ellipsis = TSCOPE_SPAN("\xe2\x80\xa6"), bullet = TSCOPE_SPAN("\xe2\x80\xa2");

    if (text.len == 0)
        return false;
    if (memchr(text.data, '*', text.len) || contains(text, TSCOPE_SPAN("...")) || contains(text, ellipsis) || contains(text, bullet))
        return true;
    return text.len <= WORDS_LEN_MAX && contains_mask_word(text);
}

/* No server writes its tokens in brackets (RFC 6750 section 2.1), and who leaves a place for one does. */
static bool
is_in_brackets(struct tscope_span text)
{
    static const char opening[] = "<[{(", closing[] = ">]})";
    const char *bracket = text.len > 1 && text.data[0] ? strchr(opening, text.data[0]) : NULL;

    return bracket && text.data[text.len - 1] == (uint8_t)closing[bracket - opening];
}

bool
tscope_mask_is(struct tscope_span text)
{
    return tscope_mask_is_run(text) || tscope_mask_has_mark(text) || is_in_brackets(text);
}
