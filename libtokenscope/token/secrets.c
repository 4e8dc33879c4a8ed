/* SPDX-License-Identifier: Apache-2.0 */
#include "token/secrets.h"

#include "core/alloc.h"
#include "core/text.h"
#include "token/kind.h"

#define CUT "…"
#define HEAD_LEN 6         /* characters shown of an opaque secret */
#define HEAD_OF_LEN_MIN 24 /* that is at least so long */

static void
append_head(struct tscope_buffer *shown, struct tscope_span text)
{
    if (text.len >= HEAD_OF_LEN_MIN)
        tscope_buffer_append(shown, text.data, HEAD_LEN);
    tscope_buffer_append_text(shown, CUT);
}

static bool
is_of_compact(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '~' || c == '=';
}

/* The alphabet of a compact serialisation or an SD-JWT. Counts its dots and says where the first two are. */
static bool
is_dotted(struct tscope_span text, size_t dots[2], size_t *ret_dots)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.') {
            if (count < 2)
                dots[count] = i;
            count++;
        } else if (!is_of_compact(text.data[i])) {
            return false;
        }
    }
    *ret_dots = count;
    return count >= 2;
}

/* "eyecare.example.com" is a host: what makes a token is that its first part encodes an object. */
static bool
encodes_object(struct tscope_span part, struct tscope_buffer *shown)
{
    uint8_t *decoded = tscope_alloc(tscope_base64url_bound(part.len));
    struct tscope_span text;
    size_t flaws;
    bool is_object;

    if (!decoded) {
        shown->failed = true; /* not known is not shown */
        return true;
    }
    text = tscope_span_of(decoded, tscope_base64url_decode_tolerant(part.data, part.len, decoded, NULL, 0, &flaws));
    text = tscope_text_trim(text);
    is_object = text.len >= 2 && text.data[0] == '{' && text.data[text.len - 1] == '}';
    tscope_free(decoded);
    return is_object;
}

/* of a JWE (five parts) only the header is no secret; of a JWS (and SD-JWT) the payload neither */
static bool
append_cut(struct tscope_span text, struct tscope_buffer *shown)
{
    size_t dots[2], dots_len;

    if (!is_dotted(text, dots, &dots_len) || !encodes_object(tscope_span_of(text.data, dots[0]), shown))
        return false;
    tscope_buffer_append(shown, text.data, dots[dots_len == 4 ? 0 : 1] + 1);
    tscope_buffer_append_text(shown, CUT);
    return true;
}

static size_t
run_of_compact(struct tscope_span text)
{
    size_t len = 0;

    while (len < text.len && (is_of_compact(text.data[len]) || text.data[len] == '.'))
        len++;
    return len;
}

/* "Bearer eyJ…", "https://…?access_token=eyJ…": each token in it is cut. False, and nothing appended, when there is none. */
static bool
append_with_tokens_cut(struct tscope_span text, struct tscope_buffer *shown)
{
    const struct tscope_span beginning = TSCOPE_SPAN("eyJ"); /* of an object whose first member has a name */
    size_t at = 0, written = 0;
    bool any = false;

    while (at < text.len) {
        size_t found = tscope_text_find(tscope_span_of(text.data + at, text.len - at), beginning), len;
        struct tscope_buffer token = {0};

        if (found == SIZE_MAX)
            break;
        at += found;
        len = run_of_compact(tscope_span_of(text.data + at, text.len - at));
        if (append_cut(tscope_span_of(text.data + at, len), &token)) {
            tscope_buffer_append(shown, text.data + written, at - written);
            tscope_buffer_append(shown, token.data, token.len);
            shown->failed |= token.failed;
            written = at + len;
            any = true;
        }
        tscope_buffer_clear(&token);
        at += len;
    }
    if (any)
        tscope_buffer_append(shown, text.data + written, text.len - written);
    return any;
}

/* A private key as text: PEM (RFC 7468), or a JWK that was made a string of. */
static bool
is_private_key(struct tscope_span text)
{
    return text.len > 20 &&
           ((memchr(text.data, '-', text.len) && tscope_text_find(text, TSCOPE_SPAN("PRIVATE KEY-----")) != SIZE_MAX) ||
            (memchr(text.data, '{', text.len) && tscope_text_find(text, TSCOPE_SPAN("\"kty\"")) != SIZE_MAX &&
             (tscope_text_find(text, TSCOPE_SPAN("\"d\"")) != SIZE_MAX || tscope_text_find(text, TSCOPE_SPAN("\"k\"")) != SIZE_MAX)));
}

bool
tscope_secret_veil_token(struct tscope_span text, struct tscope_buffer *shown)
{
    if (text.len == 0)
        return false;
    if (text.data[0] == 'e' && append_cut(text, shown))
        return true;
    if (append_with_tokens_cut(text, shown))
        return true;
    if (!is_private_key(text) && (!memchr("EM01", text.data[0], 4) || tscope_token_kind_of_opaque(text) == TSCOPE_KIND_OPAQUE))
        return false; /* no opaque token begins otherwise, most strings do */
    append_head(shown, text);
    return true;
}

void
tscope_secret_write(struct tscope_json_writer *writer, struct tscope_span text)
{
    struct tscope_buffer shown = {0};

    if (tscope_secret_veil_token(text, &shown))
        tscope_json_write_string(writer, tscope_span_of(shown.data, shown.len));
    else
        tscope_json_write_string(writer, text);
    writer->buffer->failed |= shown.failed;
    tscope_buffer_clear(&shown);
}

static bool
name_ends_secret(struct tscope_span name)
{
    static const char *const ends[] = {"token", "secret", "password", "assertion", "session_key_jwe", "api_key", "apikey", "api-key"};

    if (name.len < 5)
        return false;
    switch (name.data[name.len - 2] << 8 | name.data[name.len - 1]) {
    case 'e' << 8 | 'n':
    case 'e' << 8 | 't':
    case 'r' << 8 | 'd':
    case 'o' << 8 | 'n':
    case 'w' << 8 | 'e':
    case 'e' << 8 | 'y':
        break;
    default:
        return false; /* most names end here: this is asked for each string of a report */
    }
    for (size_t i = 0; i < TSCOPE_COUNT(ends); i++) {
        if (tscope_text_ends_with(name, tscope_span_text(ends[i])))
            return true;
    }
    return false;
}

/* RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1 */
static bool
names_private_part(struct tscope_span name)
{
    static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "k"};

    if (name.len > 2)
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_span_is(name, names[i]))
            return true;
    }
    return false;
}

/* Values stand in the order of the text, so the nearest one before that is less deep is the object around this member. */
static bool
stands_beside(const struct tscope_json *json, const struct tscope_value *member, const char *sibling)
{
    const struct tscope_value *parent = member;

    while (parent > json->values && parent->depth >= member->depth)
        parent--;
    return tscope_json_member(json, parent, sibling) != NULL;
}

/* A private member of a JWK, or the signature of a token in flattened JSON (RFC 7515 section 7.2.2). */
static bool
is_secret_by_place(const struct tscope_json *json, const struct tscope_value *member, struct tscope_span name)
{
    return (names_private_part(name) && stands_beside(json, member, "kty")) ||
           (tscope_span_is(name, "signature") && stands_beside(json, member, "payload"));
}

static bool
is_named_secret(const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_span name = tscope_json_name(json, value);
    struct tscope_buffer text = {0};
    bool secret;

    if (value->flags & TSCOPE_VALUE_NAME_ESCAPED) {
        tscope_json_unescape(name, &text);
        name = tscope_span_of(text.data, text.len);
    }
    secret = text.failed || name_ends_secret(name) || is_secret_by_place(json, value, name);
    tscope_buffer_clear(&text);
    return secret;
}

/* The members of an array have the name of the array. */
static const struct tscope_value *
named_around(const struct tscope_json *json, const struct tscope_value *value)
{
    const struct tscope_value *around = value;

    while (around > json->values && (around->name_len == 0 || around->depth > value->depth))
        around--;
    return around->name_len && (around == value || (around->type == TSCOPE_JSON_ARRAY && around->depth + 1 == value->depth)) ? around
                                                                                                                             : NULL;
}

bool
tscope_secret_is(const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_arena arena = {0};
    struct tscope_buffer shown = {0};
    struct tscope_span text = tscope_json_string(json, value, &arena);
    const struct tscope_value *named = named_around(json, value);
    bool secret = named && is_named_secret(json, named);

    if (!secret && text.data)
        secret = tscope_secret_veil_token(text, &shown);
    tscope_buffer_clear(&shown);
    tscope_arena_clear(&arena);
    return secret;
}

bool
tscope_secret_veil(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_arena arena = {0};
    struct tscope_buffer shown = {0};
    struct tscope_span text = tscope_json_string(json, value, &arena);
    bool veiled = true;

    if (!text.data) {
        writer->buffer->failed = true;
    } else if (!tscope_secret_veil_token(text, &shown)) {
        const struct tscope_value *named = named_around(json, value);

        veiled = named && is_named_secret(json, named);
        if (veiled)
            append_head(&shown, text);
    }
    if (veiled)
        tscope_json_write_string(writer, tscope_span_of(shown.data, shown.len));
    if (shown.failed)
        writer->buffer->failed = true;
    tscope_buffer_clear(&shown);
    tscope_arena_clear(&arena);
    return veiled;
}

/* By a name alone, whatever stands beside the member. */
static bool
may_name_secret(struct tscope_span name)
{
    return name_ends_secret(name) || names_private_part(name) || tscope_span_is(name, "signature");
}

/*
 * What tscope_secret_veil_token() looks for, in strings without escapes: no JWK can be one of them, PRIVATE KEY and "eyJ" were looked for
 * in all of the text at once, and the rest shows by its first letter.
 */
static bool
may_be_token(struct tscope_span text)
{
    if (text.len == 0)
        return false;
    switch (text.data[0]) {
    case 'e':
        return memchr(text.data, '.', text.len) != NULL;
    case 'E':
    case 'M':
    case '0':
    case '1':
        return tscope_token_kind_of_opaque(text) != TSCOPE_KIND_OPAQUE;
    default:
        return false;
    }
}

bool
tscope_secret_may_stand_in(const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_span raw = tscope_json_raw(json, value);
    const struct tscope_value *end = json->values + json->values_len;

    if (tscope_text_find(raw, TSCOPE_SPAN("eyJ")) != SIZE_MAX || tscope_text_find(raw, TSCOPE_SPAN("PRIVATE KEY-----")) != SIZE_MAX)
        return true;
    for (; value < end && value->start < raw.len + (size_t)(raw.data - json->text); value++) {
        if (value->name_len && may_name_secret(tscope_json_name(json, value)))
            return true;
        if (value->type == TSCOPE_JSON_STRING && may_be_token(tscope_span_of(json->text + value->start + 1, value->len - 2)))
            return true;
    }
    return false;
}

const struct tscope_json_veil tscope_secret_veils = {.write = tscope_secret_veil, .may_hide = tscope_secret_may_stand_in};
