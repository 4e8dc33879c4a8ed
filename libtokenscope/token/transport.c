/* SPDX-License-Identifier: Apache-2.0 */
#include "token/transport.h"

#include "core/text.h"
#include "token/shape.h"

#define LAYERS_MAX 8      /* quotes in a parameter in a header field in quotes… */
#define PAIRS_MAX 64      /* name=value pairs looked at for a token */
#define FIELD_NAME_MAX 64 /* characters of a header field's or a member's name */

static struct tscope_span
behind(struct tscope_span text, size_t len)
{
    return tscope_span_of(text.data + len, text.len - len);
}

static bool
is_name_character(uint8_t byte)
{
    return tscope_shape_is_character(byte) || byte == '.' || byte == '[' || byte == ']';
}

static size_t
name_len(struct tscope_span text)
{
    size_t len = 0;

    while (len < text.len && len <= FIELD_NAME_MAX && tscope_shape_is_character(text.data[len]))
        len++;
    return len <= FIELD_NAME_MAX ? len : 0;
}

static size_t
space_len(struct tscope_span text)
{
    size_t len = 0;

    while (len < text.len && (text.data[len] == ' ' || text.data[len] == '\t'))
        len++;
    return len;
}

/* Where one of a few bytes first stands; the length when none does. */
static size_t
find_any(struct tscope_span text, const char *bytes)
{
    size_t at = 0;

    while (at < text.len && (text.data[at] == '\0' || !strchr(bytes, text.data[at])))
        at++;
    return at;
}

/* White space, and the zero that ends a string in memory. */
static bool
trim(struct tscope_span *text, bool *transport)
{
    struct tscope_span trimmed = *text;

    while (trimmed.len > 0 && trimmed.data[trimmed.len - 1] == '\0')
        trimmed.len--;
    trimmed = tscope_text_trim(trimmed);
    if (trimmed.len == text->len)
        return false;
    transport[TSCOPE_TRANSPORT_WHITESPACE] = true;
    *text = trimmed;
    return true;
}

/* What separates items in the list that the token was taken from: it is no character of any token. */
static void
trim_separators(struct tscope_span *text, bool *transport)
{
    while (text->len > 0 && (text->data[text->len - 1] == ',' || text->data[text->len - 1] == ';')) {
        text->len--;
        transport[TSCOPE_TRANSPORT_QUOTES] = true;
        trim(text, transport);
    }
}

/* "name": value, where the name was quoted. */
static bool
peel_member_name(struct tscope_span *text, size_t name_end, bool *transport)
{
    struct tscope_span rest = behind(*text, name_end);

    rest = behind(rest, space_len(rest));
    if (rest.len < 2 || (rest.data[0] != ':' && rest.data[0] != '='))
        return false;
    transport[TSCOPE_TRANSPORT_PARAMETER] = true;
    *text = behind(rest, 1);
    return true;
}

static bool
peel_quotes(struct tscope_span *text, bool *transport)
{
    /* in a log line that is JSON itself the quotes are escaped */
    size_t quote_len = text->len >= 2 && text->data[0] == '\\' ? 2 : 1;
    uint8_t quote = text->data[quote_len - 1];
    struct tscope_span inside = behind(*text, quote_len);
    size_t end;

    if (quote != '"' && quote != '\'' && quote != '`')
        return false;
    end = tscope_text_find(inside, tscope_span_of(text->data, quote_len));
    if (end <= FIELD_NAME_MAX && peel_member_name(text, quote_len + end + quote_len, transport))
        return true;
    transport[TSCOPE_TRANSPORT_QUOTES] = true;
    if (end < inside.len) /* else the field ended before its quote */
        inside.len = end;
    *text = inside;
    return true;
}

/* "Bearer", "DPoP" (RFC 9449), "PoP", "JWT", "Token": a scheme of the Authorization field (RFC 6750 section 2.1). */
static bool
peel_scheme(struct tscope_span *text, bool *transport)
{
    static const char *const schemes[] = {"bearer", "dpop", "pop", "jwt", "token"};

    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        struct tscope_span scheme = tscope_span_text(schemes[i]), rest;
        size_t gap;

        if (text->len <= scheme.len || !tscope_text_starts_with_fold(*text, scheme))
            continue;
        rest = behind(*text, scheme.len);
        gap = tscope_text_starts_with(rest, TSCOPE_SPAN("%20")) ? 3 : rest.data[0] == '+' ? 1 : rest.len - tscope_text_trim(rest).len;
        if (gap == 0)
            continue;
        transport[TSCOPE_TRANSPORT_BEARER] = true;
        *text = behind(rest, gap);
        return true;
    }
    return false;
}

/* The value ends where another field begins; a line that begins with white space goes on with this one (RFC 5322 section 2.2.3). */
static size_t
field_len(struct tscope_span value)
{
    size_t at = 0;

    while (at < value.len) {
        const uint8_t *end = memchr(value.data + at, '\n', value.len - at);
        struct tscope_span next;
        size_t name;

        if (!end)
            return value.len;
        at = (size_t)(end - value.data) + 1;
        next = behind(value, at);
        name = name_len(next);
        if (name > 0 && name < next.len && next.data[name] == ':')
            return at;
    }
    return value.len;
}

/* "Authorization: …", "Cookie: …", "X-MS-TOKEN-AAD-ACCESS-TOKEN: …" */
static bool
peel_field(struct tscope_span *text, bool *transport)
{
    size_t len = name_len(*text);
    struct tscope_span name = tscope_span_of(text->data, len), rest = behind(*text, len);

    rest = behind(rest, space_len(rest));
    if (len == 0 || rest.len < 2 || rest.data[0] != ':' || rest.data[1] == '/')
        return false;
    transport[TSCOPE_TRANSPORT_HEADER] = true;
    if (tscope_text_equal_fold(name, TSCOPE_SPAN("cookie")) || tscope_text_equal_fold(name, TSCOPE_SPAN("set-cookie")))
        transport[TSCOPE_TRANSPORT_COOKIE] = true;
    *text = behind(rest, 1);
    text->len = field_len(*text);
    return true;
}

static struct tscope_span
pair_value(struct tscope_span rest)
{
    const struct tscope_span version = TSCOPE_SPAN(" HTTP/"); /* of a request line */
    size_t end;

    if (rest.len > 0 && (rest.data[0] == '"' || rest.data[0] == '\''))
        rest = behind(rest, 1);
    rest.len = find_any(rest, "&;#\"'<>");
    end = tscope_text_find(rest, version);
    if (end < rest.len)
        rest.len = end;
    return rest;
}

static bool
is_token_name(struct tscope_span name)
{
    const struct tscope_span ends[] = {TSCOPE_SPAN("token"), TSCOPE_SPAN("jwt"), TSCOPE_SPAN("assertion")};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (name.len >= ends[i].len && tscope_text_equal_fold(behind(name, name.len - ends[i].len), ends[i]))
            return true;
    }
    return false;
}

/* Asked first, so that the end of a value is looked for only where one may begin. */
static bool
may_begin_token(struct tscope_span value)
{
    if (value.len > 0 && (value.data[0] == '"' || value.data[0] == '\''))
        value = behind(value, 1);
    return value.len > 0 && (memchr("EM01", value.data[0], 4) || tscope_shape_begins_header(value));
}

/*
 * The value of the first name=value pair that looks like a token, in a cookie, query, fragment or form; else that of the
 * first whose name promises one.
 */
static bool
peel_pair(struct tscope_span *text, bool *transport)
{
    struct tscope_span promised = {NULL, 0}, value;
    size_t at = 0, start = 0;
    bool promising;

    for (int pairs = 0; pairs < PAIRS_MAX && at < text->len; pairs++) {
        const uint8_t *equals = memchr(text->data + at, '=', text->len - at);
        size_t end = equals ? (size_t)(equals - text->data) : text->len;

        if (!equals)
            break;
        for (start = end; start > at && is_name_character(text->data[start - 1]); start--)
            ;
        at = end + 1;
        if (start == end)
            continue;
        promising = !promised.data && is_token_name(tscope_span_of(text->data + start, end - start));
        if (!promising && !may_begin_token(behind(*text, at)))
            continue;
        value = pair_value(behind(*text, at));
        if (tscope_shape_is_token(value))
            goto found;
        if (promising && value.len > 0 && memchr(value.data, '.', value.len))
            promised = value;
    }
    if (!promised.data)
        return false;
    value = promised;
found:
    if (!transport[TSCOPE_TRANSPORT_COOKIE])
        transport[TSCOPE_TRANSPORT_PARAMETER] = true;
    *text = value;
    return true;
}

/* "/download/eyJ….….…/file.pdf": the first segment of a path that is a token. A slash may be a letter of base64, but not in front. */
static bool
peel_path(struct tscope_span *text, bool *transport)
{
    size_t at = 0;

    for (int segments = 0; segments < PAIRS_MAX; segments++) {
        size_t slash = tscope_text_find(behind(*text, at), TSCOPE_SPAN("/eyJ"));
        struct tscope_span value;

        if (slash == SIZE_MAX)
            return false;
        at += slash + 1;
        value = behind(*text, at);
        value.len = find_any(value, "/?#&;\"'<> \t\r\n");
        if (tscope_shape_has_parts(value)) {
            transport[TSCOPE_TRANSPORT_PARAMETER] = true;
            *text = value;
            return true;
        }
    }
    return false;
}

struct tscope_span
tscope_transport_peel(struct tscope_span text, bool transport[TSCOPE_TRANSPORT_COUNT])
{
    for (int layer = 0; layer < LAYERS_MAX; layer++) {
        trim(&text, transport);
        if (text.len == 0 || text.data[0] == '{')
            return text;
        trim_separators(&text, transport);
        if (text.len == 0 || tscope_shape_is_token(text))
            return text;
        if (!peel_quotes(&text, transport) && !peel_scheme(&text, transport) && !peel_field(&text, transport) &&
            !peel_pair(&text, transport) && !peel_path(&text, transport))
            return text;
    }
    return text;
}

/* How much a member of a response is what is looked for: 0 not at all. */
static int
rank_of(struct tscope_span name, struct tscope_span text)
{
    bool named = tscope_span_is(name, "access_token") || tscope_span_is(name, "id_token");

    if (tscope_shape_is_token(text))
        return named ? 3 : 2;
    return named && tscope_shape_is_reference(text) ? 1 : 0;
}

struct tscope_span
tscope_transport_response(const struct tscope_json *json, struct tscope_arena *arena, unsigned member, struct tscope_span *ret_inside,
                          bool *ret_no_memory)
{
    struct tscope_span found = {NULL, 0};
    int rank = 0;

    *ret_no_memory = false;
    for (const struct tscope_value *value = tscope_json_first(json, tscope_json_root(json)); value && rank < 3;
         value = tscope_json_next(json, value)) {
        struct tscope_span text, raw = tscope_json_raw(json, value);
        int text_rank;

        if (value->type != TSCOPE_JSON_STRING)
            continue;
        text = tscope_json_string(json, value, arena);
        if (!text.data) {
            *ret_no_memory = true;
            return text;
        }
        if (member > 0)
            text_rank = tscope_shape_has_parts(text) && --member == 0 ? 3 : 0;
        else
            text_rank = rank_of(tscope_json_name(json, value), text);
        if (text_rank <= rank)
            continue;
        rank = text_rank;
        found = text;
        *ret_inside = tscope_span_of(raw.data + 1, raw.len - (value->flags & TSCOPE_VALUE_OPEN ? 1 : 2));
    }
    return found;
}
