/* SPDX-License-Identifier: Apache-2.0 */
#include "token/damage.h"

#include "core/error.h"
#include "core/text.h"

#define ENCODED_TIMES_MAX 4 /* "%252E" is encoded twice */

static bool
is_white_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static int
hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if ((byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F'))
        return (byte | 0x20) - 'a' + 10;
    return -1;
}

/* Length of the escape at a place, 0 when none begins there; *ret_byte what it stands for. */
static size_t
escape_len(struct tscope_span text, size_t at, uint8_t *ret_byte)
{
    size_t len = 0, next = at + 1;

    if (text.data[at] != '%')
        return 0;
    for (int times = 0; times < ENCODED_TIMES_MAX && text.len - next >= 2; times++) {
        int high = hex_digit(text.data[next]), low = hex_digit(text.data[next + 1]);

        if (high < 0 || low < 0)
            break;
        next += 2;
        len = next - at;
        *ret_byte = (uint8_t)(high << 4 | low);
        if (*ret_byte != '%')
            break;
    }
    return len;
}

size_t
tscope_damage_escape_len(struct tscope_span text, size_t at)
{
    uint8_t unused;

    return at < text.len ? escape_len(text, at, &unused) : 0;
}

/* Soft hyphen, zero-width characters, word joiner, byte order mark: where programs for chats and documents let a long word break. */
static size_t
invisible_len(struct tscope_span text, size_t at)
{
    static const char *const invisible[] = {"\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x81\xa0", "\xef\xbb\xbf"};
    struct tscope_span rest = tscope_span_of(text.data + at, text.len - at);

    if (rest.data[0] < 0x80)
        return 0;
    for (size_t i = 0; i < TSCOPE_COUNT(invisible); i++) {
        if (tscope_text_starts_with(rest, tscope_span_text(invisible[i])))
            return strlen(invisible[i]);
    }
    return 0;
}

bool
tscope_damage_is_suspected(struct tscope_span text)
{
    static const uint8_t suspects[] = {'=', '%', ' ', '\n', '\r', '\t', 0xc2, 0xe2, 0xef};

    for (size_t i = 0; i < sizeof(suspects); i++) {
        if (memchr(text.data, suspects[i], text.len))
            return true;
    }
    return false;
}

enum tscope_status
tscope_damage_note(struct tscope_token *token, struct tscope_damage damage, struct tscope_error *err)
{
    uint32_t at = token->damage_len;

    if (!token->damage)
        token->damage = tscope_arena_zeroed(token->arena, TSCOPE_DAMAGE_MAX, sizeof(*token->damage));
    if (!token->damage)
        return tscope_error_no_memory(err);
    token->damage_total++;
    while (at > 0 && token->damage[at - 1].offset > damage.offset)
        at--;
    if (at == TSCOPE_DAMAGE_MAX)
        return TSCOPE_OK;
    if (token->damage_len < TSCOPE_DAMAGE_MAX)
        token->damage_len++;
    memmove(&token->damage[at + 1], &token->damage[at], (token->damage_len - 1 - at) * sizeof(damage));
    token->damage[at] = damage;
    return TSCOPE_OK;
}

void
tscope_damage_assign(struct tscope_token *token, enum tscope_part_id part, size_t offset, size_t len)
{
    for (uint32_t i = 0; i < token->damage_len; i++) {
        struct tscope_damage *damage = &token->damage[i];

        if (damage->part == TSCOPE_PART_TOKEN && damage->offset >= offset && damage->offset + damage->len <= offset + len)
            damage->part = (uint32_t)part;
    }
}

void
tscope_damage_forget(struct tscope_token *token)
{
    token->form = token->text;
    token->form_places = NULL;
    token->damage_len = token->damage_total = 0;
}

struct repair {
    struct tscope_token *token;
    struct tscope_damage_limits limits;
    uint8_t *form;
    uint32_t *places;
    size_t at, len; /* in text, in form */
};

static void
put(struct repair *repair, uint8_t byte, size_t place)
{
    repair->places[repair->len] = (uint32_t)place;
    repair->form[repair->len++] = byte;
}

/* A shell goes on in the next line behind a backslash. */
static bool
is_continuation(struct tscope_span text, size_t at)
{
    size_t next = at + 1;

    if (text.data[at] != '\\')
        return false;
    next += next < text.len && text.data[next] == '\r';
    return next < text.len && text.data[next] == '\n';
}

/* A run of white space; with a line end in it, it is folding, and mail quotes a line with '>'. */
static enum tscope_damage_kind
pass_white_space(struct repair *repair)
{
    struct tscope_span text = repair->token->text;
    enum tscope_damage_kind kind = TSCOPE_DAMAGE_WHITESPACE;

    for (; repair->at < text.len; repair->at++) {
        uint8_t byte = text.data[repair->at];

        if (byte == '\r' || byte == '\n')
            kind = TSCOPE_DAMAGE_FOLDING;
        else if (!is_white_space(byte) && !(byte == '>' && kind == TSCOPE_DAMAGE_FOLDING) && !is_continuation(text, repair->at))
            break;
    }
    return kind;
}

/* A run of escapes; the '=' and white space among them go the way of those that were not encoded. */
static void
pass_escapes(struct repair *repair)
{
    struct tscope_span text = repair->token->text;
    uint8_t byte = 0;
    size_t len;

    while (repair->at < text.len && (len = escape_len(text, repair->at, &byte)) > 0) {
        if (byte != '=' && !is_white_space(byte))
            put(repair, byte, repair->at);
        repair->at += len;
    }
}

/* Past the damage at the cursor; false when it stands on an ordinary byte. */
static bool
pass_damage(struct repair *repair, enum tscope_damage_kind *ret_kind)
{
    struct tscope_span text = repair->token->text;
    size_t start = repair->at;
    uint8_t byte = text.data[start];

    if (is_white_space(byte) || (!repair->limits.white_space_only && is_continuation(text, start))) {
        *ret_kind = pass_white_space(repair);
    } else if (!repair->limits.white_space_only && invisible_len(text, start) > 0) {
        *ret_kind = TSCOPE_DAMAGE_INVISIBLE;
        for (size_t len; repair->at < text.len && (len = invisible_len(text, repair->at)) > 0;)
            repair->at += len;
    } else if (byte == '=' && !repair->limits.white_space_only) {
        *ret_kind = TSCOPE_DAMAGE_PADDING;
        while (repair->at < text.len && text.data[repair->at] == '=')
            repair->at++;
    } else if (byte == '%' && !repair->limits.white_space_only) {
        *ret_kind = TSCOPE_DAMAGE_PERCENT;
        pass_escapes(repair);
    }
    return repair->at > start;
}

static enum tscope_status
walk(struct repair *repair, struct tscope_error *err)
{
    struct tscope_token *token = repair->token;
    enum tscope_damage_kind kind = TSCOPE_DAMAGE_WHITESPACE;

    while (repair->at < token->text.len) {
        bool content = repair->at >= repair->limits.start && repair->at < repair->limits.end;
        struct tscope_damage damage = {.part = TSCOPE_PART_TOKEN, .offset = repair->at, .form_offset = repair->len};
        enum tscope_status status;

        if (content || !pass_damage(repair, &kind)) {
            put(repair, token->text.data[repair->at], repair->at);
            repair->at++;
            continue;
        }
        damage.kind = kind;
        damage.len = repair->at - damage.offset;
        damage.form_len = repair->len - damage.form_offset;
        status = tscope_damage_note(token, damage, err);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_damage_repair(struct tscope_token *token, struct tscope_damage_limits limits, struct tscope_error *err)
{
    struct repair repair = {.token = token, .limits = limits};
    enum tscope_status status;

    repair.form = tscope_arena_alloc(token->arena, token->text.len);
    repair.places = tscope_arena_alloc(token->arena, token->text.len * sizeof(*repair.places));
    if (!repair.form || !repair.places)
        return tscope_error_no_memory(err);
    status = walk(&repair, err);
    if (status != TSCOPE_OK || token->damage_total == 0)
        return status;
    token->form = tscope_span_of(repair.form, repair.len);
    token->form_places = repair.places;
    return TSCOPE_OK;
}
