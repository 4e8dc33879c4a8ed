/* SPDX-License-Identifier: Apache-2.0 */
#include "token/place.h"

#include "token/damage.h"
#include "token/shape.h"

/* Where the run of text that stands for a byte of form ends. */
static size_t
end_of_byte(const struct tscope_token *token, size_t at)
{
    size_t place = token->form_places[at], len = tscope_damage_escape_len(token->text, place);

    /* what looks like an escape in an unencoded payload (RFC 7797) is none: its own bytes follow */
    if (len == 0 || (at + 1 < token->form.len && token->form_places[at + 1] < place + len))
        return place + 1;
    return place + len;
}

static bool
is_inside(struct tscope_span whole, struct tscope_span run)
{
    uintptr_t start = (uintptr_t)whole.data, at = (uintptr_t)run.data;

    return run.data && whole.data && at >= start && at - start <= whole.len && run.len <= whole.len - (at - start);
}

void
tscope_token_place(const struct tscope_token *token, struct tscope_span form_run, size_t *ret_offset, size_t *ret_len)
{
    size_t at;

    *ret_offset = *ret_len = 0;
    if (!is_inside(token->form, form_run))
        return;
    at = (size_t)(form_run.data - token->form.data);
    if (!token->form_places) {
        *ret_offset = at;
        *ret_len = form_run.len;
        return;
    }
    *ret_offset = at < token->form.len ? token->form_places[at] : token->text.len;
    if (form_run.len > 0)
        *ret_len = end_of_byte(token, at + form_run.len - 1) - *ret_offset;
}

/* Bytes of the escape at a place inside a JSON string, and how many bytes of text it gives. */
static size_t
json_escape_len(struct tscope_span inside, size_t at, size_t *ret_gives)
{
    struct tscope_buffer text = {0};
    size_t len = 1;

    *ret_gives = 1;
    if (inside.data[at] != '\\' || inside.len - at < 2)
        return len;
    len = inside.data[at + 1] == 'u' && inside.len - at >= 6 ? 6 : 2;
    if (len == 6 && inside.len - at >= 12 && inside.data[at + 6] == '\\') {
        tscope_json_unescape(tscope_span_of(inside.data + at, 12), &text);
        if (text.len == 4) /* a pair of surrogates */
            len = 12;
        tscope_buffer_reset(&text);
    }
    tscope_json_unescape(tscope_span_of(inside.data + at, len), &text);
    *ret_gives = text.len;
    tscope_buffer_clear(&text);
    return len;
}

/* In a string member that had to be unescaped, the walk goes along the escapes. */
static void
place_in_escaped(const struct tscope_token *token, const struct tscope_part *part, size_t at, size_t len, size_t *ret_offset,
                 size_t *ret_len)
{
    struct tscope_span inside = tscope_span_of(token->text.data + part->offset, part->len);
    size_t seen = 0, place = 0, gives, escape;

    while (place < inside.len) {
        escape = json_escape_len(inside, place, &gives);
        if (seen + gives > at) /* one escape may give several bytes, and all of them stand there */
            break;
        seen += gives;
        place += escape;
    }
    *ret_offset = part->offset + place;
    while (place < inside.len && seen < at + len) {
        escape = json_escape_len(inside, place, &gives);
        seen += gives;
        place += escape;
    }
    *ret_len = part->offset + place - *ret_offset;
}

void
tscope_place_characters(const struct tscope_token *token, const struct tscope_part *part, size_t at, size_t len, size_t *ret_offset,
                        size_t *ret_len)
{
    *ret_offset = part->offset;
    *ret_len = 0;
    if (!part->form.data)
        return;
    if (at > part->form.len)
        at = part->form.len;
    if (len > part->form.len - at)
        len = part->form.len - at;
    if (!is_inside(token->form, part->form))
        place_in_escaped(token, part, at, len, ret_offset, ret_len);
    else
        tscope_token_place(token, tscope_span_of(part->form.data + at, len), ret_offset, ret_len);
}

static bool
encodes(uint8_t byte)
{
    return tscope_shape_is_character(byte) || byte == '+' || byte == '/';
}

/* Where the n-th character that encodes something stands in a part that holds others too. */
static size_t
find_character(const struct tscope_part *part, size_t n)
{
    size_t at;

    for (at = 0; at < part->form.len; at++) {
        if (encodes(part->form.data[at]) && n-- == 0)
            break;
    }
    return at;
}

void
tscope_part_place(const struct tscope_token *token, const struct tscope_part *part, size_t offset, size_t len, size_t *ret_offset,
                  size_t *ret_len)
{
    size_t first, end;

    if (offset > part->decoded.len)
        offset = part->decoded.len;
    if (len > part->decoded.len - offset)
        len = part->decoded.len - offset;
    if (part->decoded.data == part->form.data) { /* not encoded (RFC 7797) */
        tscope_place_characters(token, part, offset, len, ret_offset, ret_len);
        return;
    }
    /* three bytes stand in four characters */
    first = offset / 3 * 4 + offset % 3;
    end = len ? (offset + len - 1) / 3 * 4 + (offset + len - 1) % 3 + 2 : first;
    if (!part->clean) {
        first = find_character(part, first);
        end = len ? find_character(part, end - 1) + 1 : first;
    }
    tscope_place_characters(token, part, first, end - first, ret_offset, ret_len);
}
