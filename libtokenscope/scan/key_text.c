/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_text.h"

#include "core/alloc.h"
#include "core/json_escape.h"

#define JOIN_MAX 128 /* characters between two strings: indentation, mostly */

static void
note_use(struct tscope_key_text *text)
{
    if (text->len > text->used)
        text->used = text->len;
}

void
tscope_key_text_load(struct tscope_key_text *text, const struct tscope_window *window, size_t from, size_t to, size_t stride)
{
    size_t end = to < window->len ? to : window->len, at = from;

    text->len = 0;
    for (; at < end && text->len < TSCOPE_KEY_TEXT_MAX; at += stride) {
        /* a zero between two letters, whichever of them it belongs to */
        if (stride == 2 && (window->bytes[at] == 0 || (at > from && window->bytes[at - 1] != 0)))
            break;
        text->text[text->len] = window->bytes[at];
        text->places[text->len++] = (uint32_t)at;
    }
    text->end_place = (uint32_t)at;
    text->is_cut = at + (stride - 1) >= window->len && !window->is_last && to >= window->len;
    text->is_cut_front = false;
    text->passed += text->len;
    note_use(text);
}

size_t
tscope_key_text_begin(const struct tscope_window *window, size_t at, size_t max, size_t stride)
{
    const uint8_t *bytes = window->bytes;
    size_t begin = at;

    while (begin >= stride && at - begin + stride <= max && bytes[begin - stride] >= '\t' && (stride == 1 || bytes[begin - 1] == 0))
        begin -= stride;
    return begin;
}

void
tscope_key_text_copy(struct tscope_key_text *text, const struct tscope_key_text *from, size_t begin, size_t end)
{
    text->len = end - begin;
    memcpy(text->text, from->text + begin, text->len);
    memcpy(text->places, from->places + begin, text->len * sizeof(text->places[0]));
    text->end_place = end < from->len ? from->places[end] : from->end_place;
    text->is_cut = from->is_cut && end == from->len;
    text->is_cut_front = from->is_cut_front && begin == 0;
    text->passed += text->len;
    note_use(text);
}

void
tscope_key_text_forget(struct tscope_key_text *text)
{
    tscope_wipe(text->text, text->used);
    text->len = text->used = 0;
}

void
tscope_key_text_unescape_json(struct tscope_key_text *text)
{
    struct tscope_span inside = tscope_span_of(text->text, text->len);
    size_t at = 0, to = 0;

    while (at < inside.len) {
        uint32_t place = text->places[at];
        uint8_t out[4];
        size_t len = tscope_json_unescape_next(inside, &at, out);

        for (size_t i = 0; i < len; i++, to++) { /* an escape is never shorter than what it says */
            text->text[to] = out[i];
            text->places[to] = place;
        }
    }
    text->len = to;
}

static int
digit_of(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    character |= 0x20;
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* Hexadecimal digits of a text; -1 when one is none, or nothing is there. */
static int
hex_at(const struct tscope_key_text *text, size_t at, size_t digits)
{
    int value = 0;

    if (at > text->len || text->len - at < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int digit = digit_of(text->text[at + i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* "&#43;", "&#x2b;", "&quot;": one character of ASCII and the length of its name; 0 when it is none. */
static size_t
entity_at(const struct tscope_key_text *text, size_t at, uint8_t *ret_character)
{
    static const struct {
        const char *name;
        uint8_t character;
    } names[] = {{"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&apos;", '\''}};
    bool is_hex = tscope_key_text_is(text, at, "&#x") || tscope_key_text_is(text, at, "&#X");
    size_t begin = at + (is_hex ? 3 : 2), end = begin;
    unsigned value = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        *ret_character = names[i].character;
        if (tscope_key_text_is(text, at, names[i].name))
            return strlen(names[i].name);
    }
    if (!is_hex && !tscope_key_text_is(text, at, "&#"))
        return 0;
    for (; end < text->len && end - begin < 6; end++) {
        int digit = digit_of(text->text[end]);

        if (digit < 0 || (!is_hex && digit > 9))
            break;
        value = value * (is_hex ? 16 : 10) + (unsigned)digit;
    }
    if (end == begin || end == text->len || text->text[end] != ';' || value == 0 || value > 0x7f)
        return 0;
    *ret_character = (uint8_t)value;
    return end + 1 - at;
}

static size_t
percent_at(const struct tscope_key_text *text, size_t at, uint8_t *ret_character)
{
    int value = text->text[at] == '%' ? hex_at(text, at + 1, 2) : -1;

    *ret_character = (uint8_t)value;
    return value > 0 ? 3 : 0;
}

/* A plus of a URL is "%2B", and as it is a form's space. */
static size_t
form_at(const struct tscope_key_text *text, size_t at, uint8_t *ret_character)
{
    *ret_character = ' ';
    return text->text[at] == '+' ? 1 : percent_at(text, at, ret_character);
}

static void
unescape(struct tscope_key_text *text, size_t (*read)(const struct tscope_key_text *text, size_t at, uint8_t *ret_character))
{
    size_t to = 0;

    for (size_t at = 0; at < text->len;) {
        uint8_t character;
        uint32_t place = text->places[at];
        size_t len = read(text, at, &character);

        if (!len)
            character = text->text[at];
        at += len ? len : 1;
        text->text[to] = character;
        text->places[to++] = place;
    }
    text->len = to;
}

void
tscope_key_text_unescape_percent(struct tscope_key_text *text)
{
    unescape(text, form_at);
}

void
tscope_key_text_unescape_html(struct tscope_key_text *text)
{
    unescape(text, entity_at);
}

void
tscope_key_text_requote(struct tscope_key_text *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->text[i] == '\'')
            text->text[i] = '"';
    }
}

bool
tscope_key_text_is(const struct tscope_key_text *text, size_t at, const char *word)
{
    size_t len = strlen(word);

    return at <= text->len && text->len - at >= len && memcmp(text->text + at, word, len) == 0;
}

size_t
tscope_key_text_find(const struct tscope_key_text *text, size_t from, size_t to, const char *word)
{
    size_t end = to < text->len ? to : text->len;
    const uint8_t *found = from < end ? memmem(text->text + from, end - from, word, strlen(word)) : NULL;

    return found ? (size_t)(found - text->text) : SIZE_MAX;
}

static int
value_of(uint8_t character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26;
    if (character >= '0' && character <= '9')
        return character - '0' + 52;
    if (character == '+' || character == '-')
        return 62;
    return character == '/' || character == '_' ? 63 : -1;
}

/* Backslashes, however many, and what they make of the character behind: source code in JSON in JSON doubles them each time. */
static size_t
backslashes_at(const struct tscope_key_text *text, size_t at, uint8_t *ret_character)
{
    size_t end = at;
    int value;

    while (end < text->len && text->text[end] == '\\')
        end++;
    if (end == at || end == text->len)
        return 0;
    *ret_character = text->text[end];
    switch (text->text[end]) {
    case 'n':
    case 'r':
    case 't':
    case '\r':
    case '\n':
        *ret_character = ' ';
        return end + 1 - at;
    case '/':
        return end + 1 - at;
    case 'u':
        value = hex_at(text, end + 1, 4);
        if (value <= 0 || value > 0x7f)
            return 0;
        *ret_character = (uint8_t)value;
        return end + 5 - at;
    default:
        return 0;
    }
}

/* The next character, through one escape; its length, 0 at the end of the text. */
static size_t
character_at(struct tscope_key_base64 *walk, uint8_t *ret_character)
{
    const struct tscope_key_text *text = walk->text;
    size_t len;

    if (walk->at >= text->len) {
        walk->ran_out = true;
        return 0;
    }
    *ret_character = text->text[walk->at];
    if (*ret_character == '+' && walk->plus_is_space)
        *ret_character = ' ';
    if (*ret_character != '\\' && *ret_character != '%' && *ret_character != '&')
        return 1;
    len = backslashes_at(text, walk->at, ret_character);
    walk->is_escaped |= len > 0;
    if (!len) {
        len = percent_at(text, walk->at, ret_character);
        walk->is_percent |= len > 0;
    }
    if (!len)
        len = entity_at(text, walk->at, ret_character);
    walk->is_folded |= len > 0;
    if (!len) {
        *ret_character = text->text[walk->at];
        walk->ran_out |= text->len - walk->at < 8; /* half an escape */
        return 1;
    }
    return len;
}

static bool
is_space(uint8_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r');
}

/* Between two strings that a program puts together: a quote, white space and an operator, a quote; 0 when that is not there. */
static size_t
join_at(struct tscope_key_base64 *walk, uint8_t quote)
{
    const struct tscope_key_text *text = walk->text;
    size_t at = walk->at + 1;

    while (at < text->len && at - walk->at < JOIN_MAX && (is_space(text->text[at]) || memchr("+.,\\", text->text[at], 4)))
        at++;
    walk->ran_out |= at == text->len;
    return at < text->len && text->text[at] == quote ? at + 1 - walk->at : 0;
}

/* What may stand between two letters, of which the first character was read; 0 when it is something else. */
static size_t
fold_at(struct tscope_key_base64 *walk, uint8_t character, size_t len)
{
    if (is_space(character) || (walk->is_joined && character == '>'))
        return len;
    return walk->is_joined && len == 1 && (character == '"' || character == '\'') ? join_at(walk, character) : 0;
}

void
tscope_key_base64_skip(struct tscope_key_base64 *walk)
{
    uint8_t character;
    size_t len;

    while ((len = character_at(walk, &character)) && (len = fold_at(walk, character, len))) {
        walk->is_folded = true;
        walk->at += len;
    }
}

/* At most so many, which may be escaped as well. */
static void
skip_padding(struct tscope_key_base64 *walk, size_t most)
{
    for (size_t i = 0; i < most; i++) {
        uint8_t character = 0;
        size_t len = character_at(walk, &character);

        if (!len || character != '=')
            break;
        walk->at += len;
        walk->end = walk->at;
    }
}

size_t
tscope_key_base64_read(struct tscope_key_base64 *walk, uint8_t *bytes, uint32_t *places, size_t max)
{
    uint32_t group = 0, place = 0;
    size_t len = 0, in_group = 0;

    while (len < max) {
        uint8_t character = 0;
        size_t character_len = character_at(walk, &character), fold;
        int value = value_of(character);

        if (!character_len)
            break;
        fold = value < 0 ? fold_at(walk, character, character_len) : 0;
        if (fold) {
            walk->is_folded = true;
            walk->at += fold;
            continue;
        }
        if (value < 0 || (walk->is_standard && (character == '-' || character == '_')))
            break;
        if (in_group == 0)
            place = walk->text->places[walk->at];
        walk->at += character_len;
        group = group << 6 | (uint32_t)value;
        if (in_group++ == 0)
            continue;
        walk->end = walk->at;
        if (places)
            places[len] = place;
        bytes[len++] = (uint8_t)(group >> (2 * (4 - in_group)));
        in_group %= 4;
    }
    if (in_group >= 2)
        skip_padding(walk, 4 - in_group);
    walk->ran_out |= walk->at >= walk->text->len;
    return len;
}
