/* SPDX-License-Identifier: Apache-2.0 */
#include "token/capture.h"

#include "core/base64url.h"
#include "core/text.h"
#include "token/kind.h"
#include "token/shape.h"
#include "token/signature_presence.h"

#define HEADER_CHARACTERS_MAX 2048 /* of a header that are looked through for its algorithm */
#define OPAQUE_LEN_MIN 48
#define WRAPPED_LEN_MAX 100 /* characters of a line at which mail programs and editors wrap */
#define WRAPPED_REST_MIN 8  /* of the last line of a wrapped token */
#define NAME_LEN_MAX 64

static bool
is_hex(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

static bool
is_word(uint8_t byte)
{
    return tscope_shape_is_character(byte) || byte == '.' || byte == '~';
}

/* What stands before a token is no part of one; "%22" and "\n" are one character each, whatever their last letter. */
static bool
is_boundary(struct tscope_span text, size_t at)
{
    if (at == 0 || !is_word(text.data[at - 1]))
        return true;
    if (at >= 3 && text.data[at - 3] == '%' && is_hex(text.data[at - 2]) && is_hex(text.data[at - 1]))
        return true;
    return at >= 2 && text.data[at - 2] == '\\' && strchr("nrt", text.data[at - 1]);
}

/* The first characters of base64 whose first byte is a brace, white space or of a byte order mark; then those of opaque tokens. */
static bool
may_begin(uint8_t byte)
{
    return byte != '\0' && strchr("eICD7AEM01", byte);
}

/* Past the last character of a token, damaged ones included: padding, the standard alphabet, percent-encoding of either. */
static size_t
word_end(struct tscope_span text, size_t at)
{
    while (at < text.len) {
        uint8_t byte = text.data[at];

        if (is_word(byte) || byte == '+' || byte == '/' || byte == '=')
            at++;
        else if (byte == '%' && text.len - at >= 3 &&
                 (tscope_text_starts_with_fold(tscope_span_of(text.data + at, 3), TSCOPE_SPAN("%3d")) ||
                  tscope_text_starts_with_fold(tscope_span_of(text.data + at, 3), TSCOPE_SPAN("%2b")) ||
                  tscope_text_starts_with_fold(tscope_span_of(text.data + at, 3), TSCOPE_SPAN("%2f")) ||
                  tscope_text_starts_with_fold(tscope_span_of(text.data + at, 3), TSCOPE_SPAN("%2e"))))
            at += 3;
        else
            break;
    }
    return at;
}

static bool
names_algorithm(struct tscope_span header)
{
    uint8_t decoded[HEADER_CHARACTERS_MAX];
    size_t len, flaws;

    if (header.len > HEADER_CHARACTERS_MAX)
        header.len = HEADER_CHARACTERS_MAX;
    len = tscope_base64url_decode_tolerant(header.data, header.len, decoded, NULL, 0, &flaws);
    return tscope_text_find(tscope_span_of(decoded, len), TSCOPE_SPAN("\"alg\"")) != SIZE_MAX;
}

/* Two parts of a token that was broken after a dot look like a token of their own: only a header that names its algorithm tells. */
static bool
goes_on_from_before(struct tscope_span text, size_t at)
{
    size_t before = at;

    while (before > 0 && (text.data[before - 1] == ' ' || text.data[before - 1] == '\t' || text.data[before - 1] == '\r' ||
                          text.data[before - 1] == '\n'))
        before--;
    return before > 0 && before < at && text.data[before - 1] == '.';
}

/* Cheap, and asked before a word is walked to its end. */
static bool
promises_token(struct tscope_span text)
{
    static const char *const opaque[] = {"EwA", "EwB", "M.C", "M.R", "0.A", "1.A"};

    for (size_t i = 0; i < TSCOPE_COUNT(opaque); i++) {
        if (tscope_text_starts_with(text, tscope_span_text(opaque[i])))
            return true;
    }
    return tscope_shape_begins_header(text);
}

static bool
is_token(struct tscope_span text, struct tscope_span word)
{
    size_t dots = 0, dot = tscope_text_find(word, TSCOPE_SPAN("."));

    if (word.len >= OPAQUE_LEN_MIN && tscope_token_kind_of_opaque(word) != TSCOPE_KIND_OPAQUE)
        return true;
    if (dot == SIZE_MAX || !tscope_shape_begins_header(word))
        return false;
    if (names_algorithm(tscope_span_of(word.data, dot)))
        return true;
    for (size_t i = dot; i < word.len; i++)
        dots += word.data[i] == '.';
    return dots == 2 && !goes_on_from_before(text, (size_t)(word.data - text.data));
}

/* True when a word begins at a place that may be a token. */
static bool
begins_word(struct tscope_span text, size_t at, struct tscope_span *ret_word)
{
    if (!may_begin(text.data[at]) || !is_boundary(text, at) || !promises_token(tscope_span_of(text.data + at, text.len - at)))
        return false;
    *ret_word = tscope_span_of(text.data + at, word_end(text, at) - at);
    return true;
}

static size_t
line_end(struct tscope_span text, size_t at)
{
    const uint8_t *end = at < text.len ? memchr(text.data + at, '\n', text.len - at) : NULL;

    return end ? (size_t)(end - text.data) : text.len;
}

/* What of a line is left without the white space around it. */
static struct tscope_span
line_words(struct tscope_span text, size_t begin, size_t end)
{
    return tscope_text_trim(tscope_span_of(text.data + begin, end - begin));
}

/* Goes on over lines that hold nothing but characters of a token, as long as all but the last are of the first one's width. */
static size_t
wrapped_end(struct tscope_span text, size_t line, size_t end)
{
    size_t width = end - line, least = WRAPPED_REST_MIN;

    if (width > WRAPPED_LEN_MAX || line_words(text, end, line_end(text, end)).len > 0)
        return end;
    for (;;) {
        size_t next = line_end(text, end) + 1, next_end;
        struct tscope_span words, word;

        if (next >= text.len)
            return end;
        next_end = line_end(text, next);
        words = line_words(text, next, next_end);
        if (words.len < least || words.len > width || word_end(words, 0) != words.len)
            return end;
        if (begins_word(text, (size_t)(words.data - text.data), &word) && is_token(text, word))
            return end;
        end = (size_t)(words.data - text.data) + words.len;
        if (words.len < width && next_end - next < width)
            return end;
        least = 1;
    }
}

static size_t
back_over_space(struct tscope_span text, size_t at)
{
    while (at > 0 && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t'))
        at--;
    return at;
}

/* In a log line that is JSON itself the quotes are escaped. */
static size_t
back_over_quote(struct tscope_span text, size_t at)
{
    if (at == 0 || !(text.data[at - 1] == '"' || text.data[at - 1] == '\'' || text.data[at - 1] == '`'))
        return at;
    at--;
    return at > 0 && text.data[at - 1] == '\\' ? at - 1 : at;
}

static size_t
back_over_name(struct tscope_span text, size_t at)
{
    size_t begin = at;

    while (begin > 0 && at - begin < NAME_LEN_MAX && (tscope_shape_is_character(text.data[begin - 1]) || text.data[begin - 1] == '.'))
        begin--;
    return begin;
}

/* "Bearer " and its like. */
static size_t
back_over_scheme(struct tscope_span text, size_t at)
{
    static const char *const schemes[] = {"bearer", "dpop", "pop", "jwt", "token"};
    size_t end = back_over_space(text, at), begin = back_over_name(text, end);

    for (size_t i = 0; i < TSCOPE_COUNT(schemes) && end < at; i++) {
        if (tscope_text_equal_fold(tscope_span_of(text.data + begin, end - begin), tscope_span_text(schemes[i])))
            return begin;
    }
    return at;
}

/* name=, name:, "name": */
static size_t
back_over_label(struct tscope_span text, size_t at)
{
    size_t end = back_over_space(text, at), name_end, name;

    if (end == 0 || (text.data[end - 1] != '=' && text.data[end - 1] != ':'))
        return at;
    end = back_over_space(text, end - 1);
    name_end = back_over_quote(text, end);
    name = back_over_name(text, name_end);
    if (name == name_end)
        return at;
    return name_end < end ? back_over_quote(text, name) : name;
}

/* Where what belongs to the token begins. */
static size_t
label_begin(struct tscope_span text, size_t at, size_t least)
{
    size_t begin = back_over_quote(text, at);

    begin = back_over_quote(text, back_over_scheme(text, begin));
    begin = back_over_label(text, begin);
    return begin < least ? at : begin;
}

/* The text of a header's member "alg", as long as that is written plainly; data NULL: not found. */
static struct tscope_span
algorithm_in(struct tscope_span header)
{
    const struct tscope_span name = TSCOPE_SPAN("\"alg\"");
    size_t at = tscope_text_find(header, name), end;
    struct tscope_span rest;

    if (at == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    rest = tscope_text_trim(tscope_span_of(header.data + at + name.len, header.len - at - name.len));
    if (rest.len == 0 || rest.data[0] != ':')
        return (struct tscope_span){NULL, 0};
    rest = tscope_text_trim(tscope_span_of(rest.data + 1, rest.len - 1));
    if (rest.len == 0 || rest.data[0] != '"')
        return (struct tscope_span){NULL, 0};
    rest = tscope_span_of(rest.data + 1, rest.len - 1);
    end = tscope_text_find(rest, TSCOPE_SPAN("\""));
    return end == SIZE_MAX ? (struct tscope_span){NULL, 0} : tscope_span_of(rest.data, end);
}

/* Bytes of an authentication tag (RFC 7518 section 5.1). */
static bool
may_be_tag(size_t len)
{
    return len == 16 || len == 24 || len == 32;
}

/* Three parts, of which the last is as long as its algorithm makes it, or five that end in a whole tag. */
static bool
is_whole(struct tscope_span word)
{
    size_t first, dots = 1, len;
    uint8_t header[HEADER_CHARACTERS_MAX];
    struct tscope_span rest;
    size_t header_len;

    if (memchr(word.data, '~', word.len)) /* more disclosures may follow */
        return false;
    first = tscope_text_find(word, TSCOPE_SPAN("."));
    if (first == SIZE_MAX || first > HEADER_CHARACTERS_MAX || !tscope_base64url_decode(word.data, first, header, &header_len))
        return false;
    rest = tscope_span_of(word.data + first + 1, word.len - first - 1);
    for (const uint8_t *dot; (dot = memchr(rest.data, '.', rest.len)) != NULL; dots++)
        rest = tscope_span_of(dot + 1, rest.len - (size_t)(dot + 1 - rest.data));
    while (rest.len > 0 && rest.data[rest.len - 1] == '=')
        rest.len--;
    len = rest.len % 4 == 1 ? 0 : rest.len * 3 / 4;
    if (dots == 4)
        return may_be_tag(len) && tscope_text_find(tscope_span_of(header, header_len), TSCOPE_SPAN("\"enc\"")) != SIZE_MAX;
    return dots == 2 && tscope_signature_may_have_len(algorithm_in(tscope_span_of(header, header_len)), len);
}

struct tscope_span
tscope_capture_whole(struct tscope_span text)
{
    for (size_t at = 0; at < text.len;) {
        struct tscope_span word;

        if (!begins_word(text, at, &word)) {
            at++;
            continue;
        }
        at += word.len;
        if (word.len < text.len && word.data[word.len - 1] == '.') /* the full stop of a sentence */
            word.len--;
        if (is_whole(word))
            return word.len < text.len ? word : (struct tscope_span){NULL, 0};
    }
    return (struct tscope_span){NULL, 0};
}

/* A Cookie or Set-Cookie field (RFC 6265 sections 4.1 and 4.2). */
static bool
is_cookie_field(struct tscope_span line)
{
    return tscope_text_starts_with_fold(line, TSCOPE_SPAN("cookie:")) || tscope_text_starts_with_fold(line, TSCOPE_SPAN("set-cookie:"));
}

static void
walk_to(struct tscope_capture_walk *walk, struct tscope_span text, size_t end)
{
    for (; walk->at < end; walk->at++) {
        if (text.data[walk->at] == '\n')
            *walk = (struct tscope_capture_walk){.at = walk->at, .line_begin = walk->at + 1, .line = walk->line + 1};
        else
            walk->column += (text.data[walk->at] & 0xc0) != 0x80; /* not for what goes on with a code point */
    }
}

static struct tscope_capture
capture_at(struct tscope_span text, const struct tscope_capture_walk *walk, size_t least, size_t end)
{
    size_t begin = label_begin(text, walk->at, least > walk->line_begin ? least : walk->line_begin);

    return (struct tscope_capture){
        .offset = begin,
        .len = end - begin,
        .line = walk->line,
        .column = walk->column - (walk->at - begin), /* a label is ASCII */
        .is_cookie = is_cookie_field(tscope_span_of(text.data + walk->line_begin, walk->at - walk->line_begin)),
    };
}

void
tscope_capture_find_in(struct tscope_capture_list *list, struct tscope_span text, struct tscope_span region)
{
    const size_t region_begin = (size_t)(region.data - text.data), region_end = region_begin + region.len;
    struct tscope_capture_walk *walk = &list->walk;
    size_t least = region_begin;

    walk_to(walk, text, region_begin);
    while (walk->at < region_end && !list->no_memory) {
        struct tscope_span word;
        size_t end = walk->at + 1;

        if (begins_word(text, walk->at, &word)) {
            end = wrapped_end(text, walk->line_begin, walk->at + word.len);
            if (is_token(text, tscope_span_of(word.data, end - walk->at))) {
                tscope_capture_add(list, capture_at(text, walk, least, end));
                least = end;
            }
        }
        walk_to(walk, text, end);
    }
}
